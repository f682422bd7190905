"""GLEIF: who is who (LEI records) and who owns whom (relationship records, reporting exceptions).

The golden copy's CSV, its JSON documents, JSON Lines of records, and the XML of the common data file formats, of versions
1 to 3; as they are, in gzip or alone in a zip archive. A file may hold one kind of record or several.

- An entity is ``lei:`` and its LEI. An LEI whose check digits fail names nobody: its record, or its end of a relation, is
  refused.
- Natural persons (sole proprietors) are left out and counted.
- Records that GLEIF has withdrawn or that were issued in error say nothing, and are counted.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
from duckdb.func import FunctionNullHandling, PythonUDFType

from isthmus.errors import FormatError
from isthmus.model import Rejection, Source
from isthmus.sources.adapter import Head, Job, Reading
from isthmus.sources.claim_files import (
    MACROS,
    broken_line,
    claims_sql,
    count_left_out,
    list_faults,
    table_sql,
    write_table,
)
from isthmus.sources.gleif.bodies import content_date, document_bodies, is_document, write_bodies, xml_bodies
from isthmus.sources.gleif.codes import load_codes
from isthmus.sources.gleif.csv_shape import csv_kind, csv_shape
from isthmus.sources.gleif.entities import entity_claims, judged_records
from isthmus.sources.gleif.json_shape import MACROS as JSON_MACROS
from isthmus.sources.gleif.json_shape import json_kind, json_shape
from isthmus.sources.gleif.lei import lei_faults
from isthmus.sources.gleif.links import exception_claims, judged_relations, relation_claims
from isthmus.sources.gleif.shapes import EXCEPTIONS, RECORDS, RELATIONS
from isthmus.sources.json_rows import faults_sql, numbered_sql, sound_sql, write_lines
from isthmus.sources.scan import scan_text
from isthmus.sources.staging import quote, read_header, reading_engine, stage_csv
from isthmus.sources.zipped import MAGIC, plain_file, zipped_start

START = 64 * 1024
SOURCE = Source(
    id="gleif",
    title="Global LEI Index",
    publisher="Global Legal Entity Identifier Foundation",
    kind="register",
    licence="CC0-1.0",
    url="https://www.gleif.org/en/lei-data/gleif-golden-copy",
)
_JSON_MARKS = ('"Relationship"', '"ExceptionCategory"', '"Entity"')
_NAMESPACE = "www.gleif.org/data/schema/"
_UNWRAPPED = "coalesce(json_extract(body, '$.LEIRecord'), json_extract(body, '$.RelationshipRecord'), body)"


@dataclass(frozen=True, slots=True)
class GleifAdapter:
    """Reads the files of GLEIF."""

    name: str = "gleif"
    title: str = "GLEIF: LEI records, relationships and reporting exceptions, as CSV, JSON, JSON Lines or XML"

    def recognises(self, head: Head) -> bool:
        """Tell by the columns of the golden copy, the names of its records, or the name space of the XML."""
        packed = zipped_start(head.path) if head.start.startswith(MAGIC) else None
        start = (packed or head.start).decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
        if start.startswith(("{", "[")):
            return any(mark in start for mark in _JSON_MARKS) and ('"LEI"' in start or '"StartNode"' in start)
        if start.startswith("<"):
            return _NAMESPACE in start[:START]
        try:
            return csv_kind(next(csv.reader(start.split("\n", 1)[:1]), [])) is not None
        except csv.Error:  # one field of more than 128 KiB: no header
            return False

    def read(self, job: Job) -> Reading:
        """Read one file, of records of any kind."""
        text = plain_file(job.path, job.workdir)
        with reading_engine(job.path, job.workdir) as engine:
            engine.create_function(
                "lei_fault",
                lei_faults,
                ["VARCHAR"],
                "VARCHAR",
                type=PythonUDFType.ARROW,
                null_handling=FunctionNullHandling.SPECIAL,
            )
            for statement in (*MACROS, *JSON_MACROS):
                engine.execute(statement)
            return _Run(engine, job, text).reading()


ADAPTER = GleifAdapter()


class _Run:
    """The reading of one file: its records in one table for each kind, then their claims, each in a working file."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, job: Job, text: Path) -> None:
        self.engine = engine
        self.job = job
        self.text = text
        self.codes = load_codes()
        self.rows = 0
        self.rejected: list[Rejection] = []
        self.files: list[Path] = []
        self.newest: list[str] = []

    def reading(self) -> Reading:
        """Read the file by its shape."""
        with self.text.open("rb") as file:
            start = file.read(START).decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
        if start.startswith("<"):
            self._bodies(lambda target: write_bodies(xml_bodies(self.text), target))
        elif start.startswith(("{", "[")) and is_document(start):
            self._bodies(lambda target: write_bodies(document_bodies(self.text), target))
        elif start.startswith("{"):
            scan_text(self.text, quoting=False, progress=self.job.progress)
            self._bodies(lambda target: write_lines(self.text, target))
        else:
            self._table()
        if not self.files:
            reason = f": {self.rejected[0].reason}" if self.rejected else ""
            raise FormatError(
                f"the file holds no record of GLEIF{reason}.",
                where=str(self.job.path),
                hint="LEI records have LEI and Entity, relationships Relationship, exceptions ExceptionCategory.",
            )
        claims = table_sql(self.files)
        faults, more = list_faults(self.engine, claims)
        given = self.job.source
        drawn_up = content_date(start)
        dates = [drawn_up] if drawn_up else self.newest
        source = replace(SOURCE, date=max(dates)) if dates else SOURCE
        return Reading(
            "gleif",
            self.rows,
            claims_sql(claims),
            sources=() if given else (source,),
            rejected=tuple(sorted((*self.rejected, *faults), key=lambda item: item.line)),
            left_out=count_left_out(self.engine, claims, {"further faulty records, not listed": more}),
            notes=(
                "of registrations only the status, the validation of relations and the last update are read; geocodes are not",
                "of a JSON document, a line is the place in its list",
            ),
        )

    def _table(self) -> None:
        """Read the golden copy's CSV."""
        columns = read_header(self.text, ",")
        kind = csv_kind(columns)
        if kind is None:
            raise FormatError(
                "these are not the columns of GLEIF's golden copy.",
                where=f"{self.job.path}, line 1",
                hint="They begin with LEI and Entity.LegalName, with Relationship.StartNode.NodeID, or with LEI and "
                "Exception.Category.",
            )
        staged = stage_csv(self.text, self.job.workdir, progress=self.job.progress)
        self.rejected += staged.rejected
        self.rows = staged.rows + len(staged.rejected)
        self._claims(kind, csv_shape(kind, staged.columns, staged.select_lines()))

    def _bodies(self, write: Callable[[Path], None]) -> None:
        """Read records as JSON, each by what it is."""
        target = self.job.workdir / "gleif.bodies.parquet"
        write(target)
        numbered = numbered_sql(target)
        faulty = self.engine.execute(faults_sql(numbered)).fetchall()
        self.rejected += [broken_line(int(line), body) for line, body in faulty]
        bare = f"SELECT line, {_UNWRAPPED} AS body FROM {sound_sql(numbered)}"
        known = f"SELECT line, body, {json_kind('body')} AS kind FROM ({bare})"
        self._write("known", known)
        counts = dict(self.engine.execute("SELECT kind, count(*) FROM known GROUP BY kind").fetchall())
        self.rows = sum(counts.values()) + len(faulty)
        strange = self.engine.execute("SELECT line FROM known WHERE kind IS NULL ORDER BY line").fetchall()
        self.rejected += [Rejection(int(line), _STRANGE) for (line,) in strange]
        for kind in (RECORDS, RELATIONS, EXCEPTIONS):
            if counts.get(kind):
                self._claims(kind, json_shape(kind, f"SELECT line, body FROM known WHERE kind = '{kind}'"))

    def _claims(self, kind: str, shape: str) -> None:
        """Write one kind of record, and then its claims."""
        source = quote(self.job.source.id if self.job.source else SOURCE.id)
        self._write(kind, shape)
        if kind == RECORDS:
            self._write("judged", judged_records(self.codes))
            claims = entity_claims(self.codes, source)
        elif kind == RELATIONS:
            self._write("judged", judged_relations(self.codes))
            claims = relation_claims(self.codes, source)
        else:
            claims = exception_claims(self.codes, source)
        self._write(f"{kind}_claims", claims)
        self.files.append(self._file(f"{kind}_claims"))
        dated = "observed" if kind == EXCEPTIONS else "updated"
        found = self.engine.execute(f"SELECT max(register_day({dated})) FROM {kind}").fetchone()
        self.newest += [found[0]] if found and found[0] else []

    def _write(self, name: str, select: str) -> None:
        write_table(self.engine, name, select, self._file(name))

    def _file(self, name: str) -> Path:
        return self.job.workdir / f"gleif.{name}.parquet"


_STRANGE = "this is no record of GLEIF: it has neither Entity nor Relationship nor ExceptionCategory"
