"""FollowTheMoney: entities as JSON lines, and statements as CSV.

Our own reader, by the tables of `isthmus.sources.ftm`; it needs no other program. Lines become facts and facts become
claims, all in columns.

- An entity is its own `id` (statements: `entity_id`). The ids that the file takes for the same thing (`referents`,
  `canonical_id`) become ``same_as`` claims: evidence for a judgement, never a merge.
- The source of a claim is its data set (``ftm:NAME``). Where an entity was put together from several, the file does not
  say which of them said what: the source is then the file, and the data sets are its origins.
- Natural persons appear only as holders of a role or an interest, by name; what else is known of them is counted and
  left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as arrow

from isthmus.errors import FormatError
from isthmus.model import CLAIM_COLUMNS, Rejection, Source
from isthmus.sources.adapter import Head, Job, Reading
from isthmus.sources.ftm.facts import SHOWN, Naming, entity_facts, statement_facts
from isthmus.sources.ftm.nodes import naming_claims, node_claims, same_claims
from isthmus.sources.ftm.relations import ends_sql, parts_sql, relation_claims
from isthmus.sources.ftm.tables import load_tables
from isthmus.sources.ftm.texts import macros
from isthmus.sources.staging import (
    CHUNK,
    MAX_LINE,
    plain_text,
    quote,
    read_header,
    reading_engine,
    scan_text,
    stage_csv,
)
from isthmus.vocabulary import load_vocabulary

LISTED_FAULTS = 100_000
_STATEMENT_MARKS = {"canonical_id", "entity_id", "prop", "schema", "value", "dataset"}
_REASONS = {
    "object": "the line is not a JSON object",
    "properties": "“properties” is not an object",
    "id": "the entity has no id",
    "bad id": "the id holds a blank or begins with @, ; or =",
    "schema": "the entity has no schema",
    "property": "the statement has no property",
}


@dataclass(frozen=True, slots=True)
class FtmAdapter:
    """Reads FollowTheMoney."""

    name: str = "ftm"
    title: str = "FollowTheMoney: entities as JSON lines (also gzipped), or statements as CSV"

    def recognises(self, head: Head) -> bool:
        """Tell by the first line: an object with id, schema and properties, or the columns of statements."""
        first = head.start.lstrip(b"\xef\xbb\xbf \r\n\t").split(b"\n", 1)[0].decode("utf-8", "replace")
        if first.startswith("{"):
            return '"schema"' in first and '"properties"' in first and '"predicate"' not in first
        return {name.strip().strip('"') for name in first.split(",")} >= _STATEMENT_MARKS

    def read(self, job: Job) -> Reading:
        """Read one file of entities or statements."""
        text = plain_text(job.path, job.workdir)
        with text.open("rb") as file:
            first = file.readline(MAX_LINE).lstrip(b"\xef\xbb\xbf").strip()
        statements = not first.startswith((b"{", b"[")) and b"," in first
        with reading_engine(job.path, job.workdir) as engine:
            return _Run(engine, job, text).statements() if statements else _Run(engine, job, text).entities()


ADAPTER = FtmAdapter()


class _Run:
    """The reading of one file: its facts, then its claims, each in a working file."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, job: Job, text: Path) -> None:
        self.engine = engine
        self.job = job
        self.text = text
        self.tables = load_tables()
        self.naming = Naming(job.source.id if job.source else None, _slug(job.path))
        for statement in macros(self.tables):
            engine.execute(statement)

    def entities(self) -> Reading:
        """Read JSON lines."""
        lines = scan_text(self.text, quoting=False, progress=self.job.progress).lines
        schema = arrow.schema([("line", arrow.int64()), ("body", arrow.string())])
        self.engine.register("lines", arrow.RecordBatchReader.from_batches(schema, _batches(self.text, schema)))
        self._hold("facts", entity_facts(self.tables, self.naming))
        self.engine.unregister("lines")
        return self._reading(lines, (), statements=False)

    def statements(self) -> Reading:
        """Read statements as CSV."""
        columns = read_header(self.text, ",")
        missing = sorted(_STATEMENT_MARKS - set(columns))
        if missing:
            raise FormatError(
                f"the column “{missing[0]}” is missing: these are not statements of FollowTheMoney.",
                where=f"{self.job.path}, line 1",
                hint="Statements have canonical_id, entity_id, prop, schema, value and dataset.",
            )
        staged = stage_csv(self.text, self.job.workdir, progress=self.job.progress)
        self._hold("facts", statement_facts(self.tables, self.naming, staged.select_lines(), columns))
        return self._reading(staged.rows + len(staged.rejected), staged.rejected, statements=True)

    def _reading(self, rows: int, rejected: tuple[Rejection, ...], *, statements: bool) -> Reading:
        claims = self._claims(statements)
        faults, more = self._faults(claims)
        left_out = self._left_out(claims)
        if more:
            left_out["further faulty lines, not listed"] = more
        found = self.engine.execute("SELECT count(*) FROM facts WHERE class <> 'fault'").fetchone()
        if rows and not (found and found[0]):
            reason = faults[0].reason if faults else "it holds blank lines only"
            raise FormatError(
                f"no line of the file is an entity: {reason}.",
                where=str(self.job.path),
                hint="FollowTheMoney entities are JSON, one on each line, with id, schema and properties.",
            )
        columns = ", ".join(f'"{name}"' for name in CLAIM_COLUMNS)
        return Reading(
            "ftm",
            rows,
            f"SELECT line, {columns} FROM {claims} WHERE predicate IS NOT NULL",
            sources=self._sources(),
            rejected=tuple(sorted((*rejected, *faults), key=lambda item: item.line)),
            left_out=left_out,
        )

    def _claims(self, statements: bool) -> str:
        """Write all claims to working files; return SQL for the table of them."""
        self._hold("parts", parts_sql())
        self._hold("persons", "SELECT DISTINCT id FROM facts WHERE class = 'person'")
        self._hold("ends", ends_sql(self.tables))
        self._hold(
            "holders",
            "SELECT DISTINCT from_id AS id FROM ends WHERE holder AND missing IS NULL AND left_why IS NULL "
            "AND from_id IN (SELECT id FROM persons) AND to_id NOT IN (SELECT id FROM persons)",
        )
        self._write("things", f"{node_claims(self.tables)} UNION ALL {same_claims(statements)}")
        self._write("relations", relation_claims(load_vocabulary()))
        mentioned = "SELECT * FROM things UNION ALL SELECT * FROM relations"
        self._write("named", naming_claims(mentioned))
        files = ", ".join(quote(self._file(name)) for name in ("things", "relations", "named"))
        return f"read_parquet([{files}])"

    def _file(self, name: str) -> Path:
        return self.job.workdir / f"ftm.{name}.parquet"

    def _hold(self, name: str, select: str) -> None:
        """Keep a table for this run only; what does not fit in memory spills into the working folder."""
        self.engine.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {select}")

    def _write(self, name: str, select: str) -> None:
        """Keep a table for the reading, in a working file."""
        target = quote(self._file(name))
        self.engine.execute(f"COPY ({select}) TO {target} (FORMAT parquet, COMPRESSION snappy)")
        self.engine.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM read_parquet({target})")

    def _faults(self, claims: str) -> tuple[list[Rejection], int]:
        read = "class NOT IN ('fault', 'external', 'out') AND key IS NOT NULL"
        listed = f"""SELECT line, key, vals[1] AS word, NULL AS fault FROM facts
          WHERE class = 'fault' AND key <> 'blank'
          UNION ALL SELECT DISTINCT line, NULL, NULL, fault FROM {claims} WHERE fault IS NOT NULL
          UNION ALL SELECT line, 'no list', key, NULL FROM facts WHERE {read} AND n IS NULL"""
        counted = self.engine.execute(f"SELECT count(*) FROM ({listed})").fetchone()
        found = self.engine.execute(f"SELECT * FROM ({listed}) ORDER BY line, fault LIMIT {LISTED_FAULTS}").fetchall()
        faults = [Rejection(int(line), fault or _reason(key, word or "")) for line, key, word, fault in found]
        return faults, (int(counted[0]) if counted else 0) - len(faults)

    def _left_out(self, claims: str) -> dict[str, int]:
        """Count what was read past, by reason."""
        named = ", ".join(quote(name) for name in self.tables.person)
        # Of a person who holds a role, all but the name is personal, under whatever schema a line says it.
        unread = f"p.id IS NULL AND f.vals IS NULL OR p.holds AND f.key NOT IN ({named})"
        found = self.engine.execute(
            f"""WITH person AS (
              SELECT p.id, h.id IS NOT NULL AS holds FROM persons p LEFT JOIN holders h ON h.id = p.id)
            SELECT why, sum(n) FROM (
              SELECT left_why AS why, 1 AS n FROM {claims} WHERE left_why IS NOT NULL
              UNION ALL SELECT 'blank lines', 1 FROM facts WHERE class = 'fault' AND key = 'blank'
              UNION ALL SELECT 'external statements: candidates only', 1 FROM facts WHERE class = 'external'
              UNION ALL SELECT 'natural persons who hold no role or interest in the file', 1 FROM person WHERE NOT holds
              UNION ALL SELECT s.reason, 1 FROM facts f JOIN ({self.tables.schema_rows()}) s ON s.schema = f.schema
                WHERE f.class = 'out' AND f.key IS NULL
              UNION ALL SELECT concat('property ', f.key, CASE WHEN p.holds THEN ': personal data' ELSE ': no predicate' END),
                f.n FROM facts f LEFT JOIN person p ON p.id = f.id
                WHERE f.class NOT IN ('fault', 'external', 'out') AND f.n > 0 AND ({unread}))
            GROUP BY why ORDER BY why"""
        ).fetchall()
        return {str(why): int(count) for why, count in found}

    def _sources(self) -> tuple[Source, ...]:
        """Return the data sets that the file names, dated by the last day on which they were seen."""
        given = self.naming.given or ""
        several = "SELECT DISTINCT origin FROM facts WHERE origin IS NOT NULL"
        found = self.engine.execute(
            f"""SELECT id, max(seen) FROM (
              SELECT source AS id, ftm_day(seen) AS seen FROM facts WHERE class NOT IN ('fault', 'external')
              UNION ALL SELECT unnest(string_split(origin, ' ')), NULL FROM ({several}))
            WHERE id IS NOT NULL AND id <> ? GROUP BY id ORDER BY id""",
            [given],
        ).fetchall()
        return tuple(
            Source(id=name, title=name.removeprefix("ftm:"), kind="dataset", date=seen) for name, seen in found
        )


def _batches(path: Path, schema: arrow.Schema) -> Iterator[arrow.RecordBatch]:
    """Yield the lines of a file in batches, numbered from 1, without a Python object for each."""
    number, tail = 0, b""
    with path.open("rb") as file:
        start = file.read(3)
        tail = b"" if start == b"\xef\xbb\xbf" else start
        while True:
            piece = file.read(CHUNK // 16)
            data = tail + piece
            if not piece and data and not data.endswith(b"\n"):
                data += b"\n"
            cut = data.rfind(b"\n") + 1
            data, tail = data[:cut], data[cut:]
            breaks = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 10)
            if len(breaks):
                offsets = np.concatenate(([0], breaks + 1)).astype(np.int32)
                bodies = arrow.StringArray.from_buffers(len(breaks), arrow.py_buffer(offsets), arrow.py_buffer(data))
                lines = np.arange(number + 1, number + 1 + len(breaks), dtype=np.int64)
                yield arrow.record_batch([arrow.array(lines), bodies], schema=schema)
                number += len(breaks)
            if not piece:
                return


def _slug(path: Path) -> str:
    name = path.name.removesuffix(".gz")
    stem = name.split(".", 1)[0] or name
    return "".join(char if char.isalnum() or char in "-_." else "_" for char in stem)


def _reason(key: str | None, word: str) -> str:
    """Say in words why a line cannot be read."""
    if key == "unknown schema":
        return f"“{word[:80]}” is no schema of FollowTheMoney"
    if key == "no list":
        return f"the property “{word[:80]}” holds no list of texts"
    if key not in ("json", "doubled"):
        return _REASONS[key or ""]
    doubled: list[str] = []

    def note(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        doubled.extend(sorted({name for name in names if names.count(name) > 1}))
        return dict(pairs)

    try:
        json.loads(word.rstrip("\r\n"), object_pairs_hook=note)
    except json.JSONDecodeError as error:
        cut = len(word) == SHOWN
        if key == "json":
            return "the line is not JSON" if cut else f"the line is not JSON: {error.msg} at character {error.pos + 1}"
    except (RecursionError, ValueError):
        return "the line is not JSON: it nests too deeply or holds a number beyond measure"
    if key == "json":
        return "the line is not JSON"
    return f"the key “{doubled[0]}” stands twice in one object" if doubled else "a key stands twice in one object"
