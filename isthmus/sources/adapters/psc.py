"""People with significant control: the daily snapshot of Companies House, one JSON object a line.

The register of companies and partnerships, and that of overseas entities.

- A company is ``gb-coh:`` and its number; so is a corporate holder with a number of that register. Other holders are
  ``gb-psc:`` and the last part of the link to their entry.
- Natural persons are read by name and by what they hold; nothing else of them is kept.
- Bands of shares stay bands: “25 to 50 percent” is more than a quarter and at most a half.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from isthmus.errors import FormatError
from isthmus.model import Rejection, Source
from isthmus.sources.adapter import Head, Job, Reading
from isthmus.sources.claim_files import (
    MACROS,
    broken_line,
    claims_sql,
    count_left_out,
    line_batches,
    list_faults,
    table_sql,
    write_table,
)
from isthmus.sources.mapping.countries import write_countries
from isthmus.sources.psc import claims as psc_claims
from isthmus.sources.psc.codes import load_codes
from isthmus.sources.psc.judged import holders_sql, interests_sql, judged_sql
from isthmus.sources.psc.lines import lines_sql, macros
from isthmus.sources.scan import scan_text
from isthmus.sources.staging import quote, reading_engine
from isthmus.sources.zipped import MAGIC, plain_file, zipped_start

SOURCE = Source(
    id="gb-psc",
    title="People with significant control",
    publisher="Companies House",
    kind="register",
    url="https://download.companieshouse.gov.uk/en_pscdata.html",
)
_MARKS = ("significant-control", "beneficial-owner", '"exemptions"', "persons-of-significant-control")
_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


@dataclass(frozen=True, slots=True)
class PscAdapter:
    """Reads the snapshot of people with significant control."""

    name: str = "psc"
    title: str = "UK people with significant control: the snapshot of Companies House as JSON lines"

    def recognises(self, head: Head) -> bool:
        """Tell by the first line: a company number, and data of a kind of the register."""
        packed = zipped_start(head.path) if head.start.startswith(MAGIC) else None
        first = (packed or head.start).lstrip(b"\xef\xbb\xbf \r\n\t").split(b"\n", 1)[0].decode("utf-8", "replace")
        marked = '"data"' in first and '"kind"' in first and any(mark in first for mark in _MARKS)
        return first.startswith("{") and marked and '"predicate"' not in first

    def read(self, job: Job) -> Reading:
        """Read one part of the snapshot, or all of it."""
        text = plain_file(job.path, job.workdir)
        lines = scan_text(text, quoting=False, progress=job.progress).lines
        with reading_engine(job.path, job.workdir) as engine:
            return _Run(engine, job, text).reading(lines)


ADAPTER = PscAdapter()


class _Run:
    """The reading of one file: its lines in columns, then their claims, each in a working file."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, job: Job, text: Path) -> None:
        self.engine = engine
        self.job = job
        self.text = text
        self.codes = load_codes()
        for statement in (*MACROS, *macros(self.codes)):
            engine.execute(statement)

    def reading(self, lines: int) -> Reading:
        """Read the file."""
        self.engine.register("lines", line_batches(self.text))
        self.engine.execute(f"CREATE TEMP TABLE parsed AS {lines_sql(self.codes)}")
        self.engine.unregister("lines")
        broken = self._broken()
        found = self.engine.execute("SELECT count(*) FROM parsed WHERE class IS NOT NULL").fetchone()
        if not (found and found[0]):
            reason = broken[0].reason if broken else "no line has a kind of the register"
            raise FormatError(
                f"no line of the file is an entry of the register: {reason}.",
                where=str(self.job.path),
                hint='Each line is {"company_number": …, "data": {"kind": …}}.',
            )
        countries = write_countries(self.job.workdir / "psc.countries.parquet")
        self.engine.execute(
            "CREATE TEMP TABLE countries AS SELECT lower(key) AS key, any_value(alpha_2) AS alpha_2 "
            f"FROM read_parquet({quote(countries)}) GROUP BY lower(key) HAVING count(DISTINCT alpha_2) = 1"
        )
        day, notes = self._totals()
        self._write("judged", judged_sql(day))
        self._write("interests", interests_sql({code: self.codes.nature(code) for code in self._natures()}))
        self._write("holders", holders_sql())
        source = quote(self.job.source.id if self.job.source else SOURCE.id)
        self._write("claims", psc_claims.claims_sql(self.codes, source))
        table = table_sql([self._file("claims")])
        faults, more = list_faults(self.engine, table)
        held = self.engine.execute("SELECT count(*) FROM parsed").fetchone()
        blank = lines - (int(held[0]) if held else 0)
        counts = {"blank lines": blank, "further faulty lines, not listed": more}
        return Reading(
            "psc",
            lines,
            claims_sql(table),
            sources=() if self.job.source else (replace(SOURCE, date=day),),
            rejected=tuple(sorted((*broken, *faults), key=lambda item: item.line)),
            left_out=count_left_out(self.engine, table, counts),
            notes=notes,
        )

    def _broken(self) -> list[Rejection]:
        found = self.engine.execute("SELECT line, broken FROM parsed WHERE broken IS NOT NULL ORDER BY line").fetchall()
        return [broken_line(int(line), body) for line, body in found]

    def _natures(self) -> list[str]:
        listed = """from_json(natures, '["VARCHAR"]')"""
        found = self.engine.execute(
            f"SELECT DISTINCT unnest({listed}) AS nature FROM judged WHERE json_type(natures) = 'ARRAY'"
        ).fetchall()
        return sorted(str(nature) for (nature,) in found if nature is not None)

    def _totals(self) -> tuple[str | None, tuple[str, ...]]:
        """Return the day of the snapshot, and what its totals say against what the file holds."""
        row = self.engine.execute(
            "SELECT register_day(generated), counts FROM parsed WHERE class = 'totals' ORDER BY line LIMIT 1"
        ).fetchone()
        given = self.job.source
        named = _DAY.search(self.job.path.name)
        day = (row[0] if row else None) or (given.date if given else None) or (named[0] if named else None)
        if row is None:
            return day, ()
        held = dict(self.engine.execute("SELECT class, count(*) FROM parsed GROUP BY class").fetchall())
        here = (held.get("holder", 0) + held.get("secret", 0), held.get("statement", 0), held.get("exemptions", 0))
        said = tuple(count or "?" for count in row[1])
        words = "the snapshot counts {} holders, {} statements and {} exemptions; this file has {}, {} and {}"
        return day, (words.format(*said, *here),)

    def _write(self, name: str, select: str) -> None:
        write_table(self.engine, name, select, self._file(name))

    def _file(self, name: str) -> Path:
        return self.job.workdir / f"psc.{name}.parquet"
