"""Any table through a mapping file: CSV, TSV, XLSX, Parquet, JSON Lines, or an array in a JSON document.

The table is brought into columns of text with the line of every row; the mapping is compiled to SQL; one pass over the rows
works out fields, rows left out and rows rejected; the claims are a selection over that. Every row is accounted for: it
makes claims, is left out for a reason that is counted, or is rejected with its line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from isthmus.errors import FormatError, MappingError, StoreFullError
from isthmus.model import Rejection, Source
from isthmus.sources import json_rows
from isthmus.sources.adapter import Head, Job, Reading
from isthmus.sources.heads import peek, read_start, unpacked_start
from isthmus.sources.mapping import (
    Header,
    Mapping,
    Program,
    beside,
    best_header,
    check_mapping,
    choose,
    compile_mapping,
    library,
    load_mapping,
    nearest,
    write_countries,
)
from isthmus.sources.staging import plain_text, quote, readable_file, scan_text, stage_csv
from isthmus.sources.tables import Table, below, parquet_table, staged_table
from isthmus.sources.xlsx import check_workbook, stage_xlsx
from isthmus.vocabulary import Vocabulary, load_vocabulary

NO_RULE = "no rule applied"
MAX_REJECTED = 200_000
_OLD_EXCEL, _ARCHIVE = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class TableAdapter:
    """Reads tables as a mapping file says."""

    name: str = "table"
    title: str = "any table through a mapping file: CSV, TSV, XLSX, Parquet, JSON Lines"

    def recognises(self, head: Head) -> bool:
        """Tell whether a mapping lies beside the file, or one that ships with the package knows its columns."""
        if beside(head.path) is not None:
            return True
        headers = peek(head.path, unpacked_start(head.start))
        try:
            return choose(head.path, headers, library.shipped_mappings()) is not None
        except MappingError:
            return True

    def read(self, job: Job) -> Reading:
        """Read one table.

        Raises
        ------
        FormatError
            The file is no table, or no mapping knows it.
        MappingError
            The mapping is wrong, or does not fit the table.
        """
        path = readable_file(job.path)
        vocabulary = load_vocabulary()
        mapping, header = _mapping(job, path, vocabulary)
        source = job.source or mapping.source
        if source is None:
            raise MappingError(
                "the mapping names no source, and none was given.",
                where=mapping.path,
                hint="Write `source:` with an id and a title in the mapping, or add --source FILE.yaml.",
            )
        with duckdb.connect() as engine:
            engine.execute(f"SET memory_limit = '2GB'; SET temp_directory = {quote(job.workdir)}")
            try:
                table = _stage(job, mapping, header, engine)
                return _run(job, mapping, source, table, vocabulary, engine)
            except duckdb.IOException as error:
                raise StoreFullError(f"the working files could not be written: {_first_line(error)}") from error
            except duckdb.Error as error:
                raise FormatError(
                    f"the mapping {mapping.name} cannot be run over the table: {_first_line(error)}", where=str(path)
                ) from error


ADAPTER = TableAdapter()


def shipped_mappings() -> list[dict[str, object]]:
    """Return name, title and columns of the mappings that ship with the package."""
    return [
        {"name": item.name, "title": item.title, "columns": list(item.recognise.columns)}
        for item in library.shipped_mappings()
    ]


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _mapping(job: Job, path: Path, vocabulary: Vocabulary) -> tuple[Mapping, Header]:
    """Return the mapping for a file, and the way to read the file that fits it."""
    start = read_start(path)
    if start.startswith(_OLD_EXCEL):
        raise FormatError("this is a workbook of the old XLS format.", where=str(path), hint="Save it as XLSX or CSV.")
    if start.startswith(_ARCHIVE):
        check_workbook(path)
    given = job.mapping or beside(path)
    if given:
        mapping = load_mapping(given, vocabulary)
        header = best_header(mapping, peek(path, start, mapping.input.encoding))
        if header is None:
            wanted = mapping.input.format or "a table"
            raise FormatError(
                f"the file cannot be read as {wanted}.", where=str(path), hint=f"{mapping.path} asks for it."
            )
        return mapping, header
    headers = peek(path, start)
    chosen = choose(path, headers, library.shipped_mappings())
    if chosen is None:
        near = nearest(headers, library.shipped_mappings())
        raise FormatError(
            "no mapping knows this table.",
            where=str(path),
            hint=(f"{near} " if near else "")
            + "Write a mapping file and add --mapping FILE.yaml (docs/how-to/add-a-dataset.md).",
        )
    check_mapping(chosen, vocabulary)
    header = best_header(chosen, headers)
    assert header is not None
    return chosen, header


def _stage(job: Job, mapping: Mapping, header: Header, engine: duckdb.DuckDBPyConnection) -> Table:
    given = mapping.input
    if header.format == "parquet":
        return parquet_table(job.path)
    if header.format == "xlsx":
        sheet = given.sheet or header.sheet
        return staged_table(stage_xlsx(job.path, job.workdir, sheet=sheet, header_row=given.header_row), 0)
    text = plain_text(job.path, job.workdir, given.encoding)
    if header.format in ("jsonl", "json"):
        return _json(text, job, given.rows if header.format == "json" else None, engine)
    if given.header_row > 1:
        text = below(text, job.workdir, given.header_row)
    staged = stage_csv(text, job.workdir, delimiter=given.delimiter or header.delimiter or ",", progress=job.progress)
    return staged_table(staged, given.header_row - 1)


def _json(text: Path, job: Job, rows: str | None, engine: duckdb.DuckDBPyConnection) -> Table:
    scan_text(text, quoting=False, progress=job.progress)
    if rows is not None and text.stat().st_size > json_rows.MAX_DOCUMENT:
        raise FormatError(
            f"the JSON document is larger than {json_rows.MAX_DOCUMENT // 1024**2} MiB.",
            where=str(job.path),
            hint="Write its rows as JSON Lines, one object a line.",
        )
    bodies, target = job.workdir / f"{text.stem}.json.parquet", job.workdir / f"{text.stem}.rows.parquet"
    if rows is None:
        json_rows.write_lines(text, bodies)
    else:
        _write(engine, json_rows.items_sql(text, rows), bodies)
    numbered = json_rows.numbered_sql(bodies)
    faults = engine.execute(json_rows.faults_sql(numbered)).fetchall()
    rejected = tuple(Rejection(int(line), json_rows.fault_reason(str(body))) for line, body in faults)
    sound = json_rows.sound_sql(numbered)
    keys = tuple(str(row[0]) for row in engine.execute(json_rows.keys_sql(sound)).fetchall())
    if not keys:
        reason = f" ({rejected[0].reason})" if rejected else ""
        raise FormatError(f"the file holds no JSON objects{reason}.", where=str(job.path))
    _write(engine, json_rows.columns_sql(sound, keys), target)
    halves = engine.execute(
        f"SELECT line FROM read_parquet({quote(target)}) WHERE NOT readable ORDER BY line"
    ).fetchall()
    rejected += tuple(Rejection(int(row[0]), json_rows.UNREADABLE) for row in halves)
    sql = f'(SELECT *, line AS "row" FROM read_parquet({quote(target)}) WHERE readable)'
    count = _one(engine, f"SELECT count(*) FROM {sql}")
    return Table(sql, {name: f"c{index}" for index, name in enumerate(keys)}, count, rejected)


def _write(engine: duckdb.DuckDBPyConnection, select: str, target: Path) -> None:
    engine.execute("SET preserve_insertion_order = true")
    engine.execute(f"COPY ({select}) TO {quote(target)} (FORMAT parquet, COMPRESSION snappy)")


def _one(engine: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = engine.execute(sql).fetchone()
    assert row is not None
    return int(row[0])


def _run(
    job: Job,
    mapping: Mapping,
    source: Source,
    table: Table,
    vocabulary: Vocabulary,
    engine: duckdb.DuckDBPyConnection,
) -> Reading:
    """Run the first pass, count what leaves before the rules, and hand the claims back as a selection."""
    work = job.workdir / "mapped.parquet"
    program = compile_mapping(
        mapping,
        vocabulary,
        table.columns,
        table=table.sql,
        work=work,
        source=source.id,
        file=job.path.name,
        countries=write_countries(job.workdir / "countries.parquet"),
    )
    engine.execute("SET preserve_insertion_order = false")
    for target, select in ((work, program.rows), *program.items):
        engine.execute(f"COPY ({select}) TO {quote(target)} (FORMAT parquet, COMPRESSION snappy)")
    rejected = _rejected(job, mapping, table, work, engine)
    return Reading(
        format="table",
        mapping=mapping.name,
        rows=table.rows + len(table.rejected),
        select=program.claims,
        sources=(source, *(item for item in mapping.origins if item.id != source.id)),
        rejected=rejected,
        left_out=_left_out(program, work, engine),
        notes=_notes(mapping, program),
    )


def _rejected(
    job: Job, mapping: Mapping, table: Table, work: Path, engine: duckdb.DuckDBPyConnection
) -> tuple[Rejection, ...]:
    gone = f"FROM read_parquet({quote(work)}) WHERE left_out IS NULL AND fault IS NOT NULL"
    count = _one(engine, f"SELECT count(*) {gone}")
    found = engine.execute(f"SELECT line, fault {gone} ORDER BY line LIMIT {MAX_REJECTED}").fetchall()
    if count > MAX_REJECTED:
        line, reason = found[0]
        raise MappingError(
            f"the mapping rejects {count} of {table.rows} rows; the first is line {line}: {reason}.",
            where=mapping.path,
            hint=f"Mend the mapping, or leave such rows out with `skip` ({job.path.name} was not added).",
        )
    mapped = (Rejection(int(line), str(reason)) for line, reason in found)
    return tuple(sorted([*table.rejected, *mapped], key=lambda item: item.line))


def _left_out(program: Program, work: Path, engine: duckdb.DuckDBPyConnection) -> dict[str, int]:
    reasons = (
        f"SELECT left_out, count(*) FROM read_parquet({quote(work)}) WHERE left_out IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    counted = {str(reason): int(count) for reason, count in engine.execute(reasons).fetchall()}
    silent = _one(engine, program.silent)
    return counted | ({NO_RULE: silent} if silent else {})


def _notes(mapping: Mapping, program: Program) -> tuple[str, ...]:
    notes = [f"read through the mapping {mapping.name}: {mapping.title}"]
    if program.unused:
        notes.append(f"columns that the mapping does not read: {', '.join(program.unused)}")
    return tuple(notes)
