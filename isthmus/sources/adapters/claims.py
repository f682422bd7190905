"""Our own format: one claim a row, as CSV, TSV, JSON Lines or Parquet (design, section 4).

People write it by hand and `export` writes it back unchanged. Columns go by name, in any order; only `subject`,
`predicate`, `source`, `locator` and one of `object`, `value`, `low`, `high` are required. A column whose name
begins with an underscore is a remark for people: it is read past, and said.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from pyarrow import ArrowException, parquet

from isthmus.errors import FormatError
from isthmus.model import CLAIM_COLUMNS
from isthmus.sources.adapter import Head, Job, Reading
from isthmus.sources.jsonlines import stage_json_lines
from isthmus.sources.spreadsheet import GUARDED, unguard_sql
from isthmus.sources.staging import MAX_LINE, plain_text, quote, quote_name, readable_file, stage_csv

NEEDED = ("subject", "predicate")
STARTS = ("{", "[")
BLANK_LINES = 1000


@dataclass(frozen=True, slots=True)
class ClaimsAdapter:
    """Reads claims as people write them."""

    name: str = "claims"
    title: str = "claims, one a row: CSV, TSV, JSON Lines or Parquet with the columns of the design"

    def recognises(self, head: Head) -> bool:
        """Tell by the columns: `subject` and `predicate` are there."""
        if head.start.startswith(b"PAR1"):
            return _parquet_columns(head.path) >= set(NEEDED)
        first = head.start.split(b"\n", 1)[0].decode("utf-8-sig", "replace").strip()
        if first.startswith("{"):
            return '"subject"' in first and '"predicate"' in first
        names = {name.strip().strip('"') for name in first.replace("\t", ",").split(",")}
        return names >= set(NEEDED)

    def read(self, job: Job) -> Reading:
        """Read one file of claims."""
        path = readable_file(job.path)
        with path.open("rb") as file:
            start = file.read(4)
        if start.startswith(b"PAR1"):
            return _read_parquet(job)
        text = plain_text(path, job.workdir)
        first = _first_line(text)
        if first.startswith(STARTS):
            return _read_lines(job, text)
        delimiter = "\t" if "\t" in first else ","
        staged = stage_csv(text, job.workdir, delimiter=delimiter, progress=job.progress, cell=_cell)
        select, notes = _columns_select(staged.columns, staged.select_lines(), job, f"{job.path}, line 1")
        return Reading("claims", staged.rows + len(staged.rejected), select, rejected=staged.rejected, notes=notes)


ADAPTER = ClaimsAdapter()


def _cell(name: str, expression: str) -> str:
    """Return a cell as its writer meant it: without the apostrophe that keeps a spreadsheet from running it."""
    return unguard_sql(expression) if name in GUARDED else expression


def _first_line(path: Path) -> str:
    """Return the first line that is not blank, as far as it helps to tell CSV from JSON."""
    with path.open("rb") as file:
        for _ in range(BLANK_LINES):
            line = file.readline(MAX_LINE)
            text = line.decode("utf-8-sig", "replace").strip()
            if text or not line:
                return text
    return ""


def _parquet_columns(path: Path) -> set[str]:
    try:
        return set(parquet.read_schema(path).names)
    except (ArrowException, OSError, ValueError):
        return set()


def _columns_select(columns: tuple[str, ...], table: str, job: Job, where: str) -> tuple[str, tuple[str, ...]]:
    """Return SQL that puts the columns of the file in our order, and remarks about those that are read past."""
    remarks = [name for name in columns if name.startswith("_")]
    unknown = [name for name in columns if name not in CLAIM_COLUMNS and name not in remarks]
    if unknown:
        near = difflib.get_close_matches(unknown[0], CLAIM_COLUMNS, 1)
        raise FormatError(
            f"the column “{unknown[0]}” is not one of a claim, and would be lost.",
            where=where,
            hint=(f"Did you mean “{near[0]}”? " if near else "")
            + f"Columns: {', '.join(CLAIM_COLUMNS)}; _name for remarks.",
        )
    needed = [*NEEDED, "locator", *(() if job.source else ("source",))]
    missing = [name for name in needed if name not in columns]
    if missing:
        raise FormatError(
            f"the column “{missing[0]}” is missing, and no claim stands without it.",
            where=where,
            hint="A claim needs subject, predicate, source, locator, and one of object, value, low, high.",
        )
    given = job.source.id if job.source else None
    parts = []
    for name in CLAIM_COLUMNS:
        text = f"CAST({quote_name(name)} AS VARCHAR)" if name in columns else "NULL::VARCHAR"
        if name == "source" and given:
            text = f"coalesce(nullif({text}, ''), {quote(given)})"
        parts.append(f"{text} AS {quote_name(name)}")
    notes = (f"columns read past, as their names begin with “_”: {', '.join(remarks)}",) if remarks else ()
    return f"SELECT line, {', '.join(parts)} FROM ({table})", notes


def _read_parquet(job: Job) -> Reading:
    try:
        file = parquet.ParquetFile(job.path)
        columns, rows = tuple(file.schema_arrow.names), file.metadata.num_rows
    except (ArrowException, OSError, ValueError) as error:
        raise FormatError(
            f"the Parquet file is damaged or cut off: {str(error).splitlines()[0]}", where=str(job.path)
        ) from error
    read = f"read_parquet({quote(job.path)}, file_row_number=true)"
    body = f"SELECT * EXCLUDE file_row_number, file_row_number + 1 AS line FROM {read}"
    select, notes = _columns_select(columns, body, job, str(job.path))
    return Reading("claims", rows, select, notes=notes)


def _read_lines(job: Job, text: Path) -> Reading:
    """Read JSON Lines: each line one object, its keys the columns of a claim."""
    staged = stage_json_lines(text, job.workdir, wanted=_is_column, progress=job.progress)
    table = staged.table
    if not table.rows:
        reason = table.rejected[0].reason if table.rejected else "it holds no objects"
        raise FormatError(
            f"no line of the file is a claim: {reason}.",
            where=str(job.path),
            hint="JSON Lines is needed: one object a line, without a list around them.",
        )
    select, notes = _columns_select(staged.keys, table.select_lines(), job, str(job.path))
    return Reading("claims", table.rows + len(table.rejected), select, rejected=table.rejected, notes=notes)


def _is_column(name: str) -> bool:
    return not name.startswith("_")
