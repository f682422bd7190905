"""Our own format: one claim a row, as CSV, TSV, JSON Lines or Parquet (design, section 4).

People write it by hand and `export` writes it back unchanged. Columns go by name, in any order; only `subject`, `predicate`,
`source`, `locator` and one of `object`, `value`, `low`, `high` are required. A column whose name begins with an underscore is a remark
for people: it is read past, and said.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
from pyarrow import ArrowException, parquet

from isthmus.errors import FormatError
from isthmus.model import CLAIM_COLUMNS, Rejection
from isthmus.sources.adapter import Head, Job, Reading
from isthmus.sources.staging import (
    MAX_LINE,
    Staged,
    plain_text,
    quote,
    quote_name,
    readable_file,
    scan_text,
    stage_csv,
)

NEEDED = ("subject", "predicate")
STARTS = ("{", "[")


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
        with text.open("rb") as file:
            first = file.readline(MAX_LINE).decode("utf-8-sig", "replace").strip()
        if first.startswith(STARTS):
            return _read_lines(job, text)
        staged = stage_csv(text, job.workdir, delimiter="\t" if "\t" in first else ",", progress=job.progress)
        select, notes = _columns_select(staged.columns, staged.select_lines(), job)
        return Reading("claims", staged.rows + len(staged.rejected), select, rejected=staged.rejected, notes=notes)


ADAPTER = ClaimsAdapter()


def _parquet_columns(path: Path) -> set[str]:
    try:
        return set(parquet.read_schema(path).names)
    except (ArrowException, OSError):
        return set()


def _columns_select(columns: tuple[str, ...], table: str, job: Job) -> tuple[str, tuple[str, ...]]:
    """Return SQL that puts the columns of the file in our order, and remarks about those that are read past."""
    remarks = [name for name in columns if name.startswith("_")]
    unknown = [name for name in columns if name not in CLAIM_COLUMNS and name not in remarks]
    if unknown:
        near = difflib.get_close_matches(unknown[0], CLAIM_COLUMNS, 1)
        raise FormatError(
            f"the column “{unknown[0]}” is not one of a claim, and would be lost.",
            where=f"{job.path}, line 1",
            hint=(f"Did you mean “{near[0]}”? " if near else "") + f"Columns: {', '.join(CLAIM_COLUMNS)}; _name for remarks.",
        )
    needed = [*NEEDED, "locator", *(() if job.source else ("source",))]
    missing = [name for name in needed if name not in columns]
    if missing:
        raise FormatError(
            f"the column “{missing[0]}” is missing, and no claim stands without it.",
            where=f"{job.path}, line 1",
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
    except (ArrowException, OSError) as error:
        raise FormatError(
            f"the Parquet file is damaged or cut off: {str(error).splitlines()[0]}", where=str(job.path)
        ) from error
    body = f"SELECT * EXCLUDE file_row_number, file_row_number + 1 AS line FROM read_parquet({quote(job.path)}, file_row_number=true)"
    select, notes = _columns_select(columns, body, job)
    return Reading("claims", rows, select, notes=notes)


def _read_lines(job: Job, text: Path) -> Reading:
    """Read JSON Lines: each line one object, its keys the columns of a claim."""
    scan_text(text, quoting=False, progress=job.progress)
    staged, columns = _stage_json(text, job)
    if text.stat().st_size and not staged.rows:
        reason = staged.rejected[0].reason if staged.rejected else "it holds no objects"
        raise FormatError(f"no line of the file is a claim: {reason}.", where=str(job.path))
    select, notes = _columns_select(columns, staged.select_lines(), job)
    return Reading("claims", staged.rows + len(staged.rejected), select, rejected=staged.rejected, notes=notes)


def _stage_json(text: Path, job: Job) -> tuple[Staged, tuple[str, ...]]:
    raw = (
        f"read_csv({quote(text)}, delim='\\x01', quote='', escape='', header=false, auto_detect=false, "
        f"columns={{'body': 'VARCHAR'}}, max_line_size={MAX_LINE}, strict_mode=false)"
    )
    lines, target = job.workdir / f"{text.stem}.json.parquet", job.workdir / f"{text.stem}.rows.parquet"
    with duckdb.connect() as engine:
        engine.execute("SET preserve_insertion_order = true; SET memory_limit = '2GB'")
        try:
            engine.execute(f"COPY (SELECT body FROM {raw}) TO {quote(lines)} (FORMAT parquet, COMPRESSION snappy)")
        except duckdb.Error as error:
            raise FormatError(f"the lines cannot be read: {str(error).splitlines()[0]}", where=str(job.path)) from error
        numbered = f"(SELECT body, file_row_number + 1 AS line FROM read_parquet({quote(lines)}, file_row_number=true))"
        faults = engine.execute(
            f"SELECT line, body FROM {numbered} WHERE trim(body) <> '' AND (NOT json_valid(body) "
            "OR json_type(body) <> 'OBJECT' OR len(json_keys(body)) <> len(list_distinct(json_keys(body)))) ORDER BY line"
        ).fetchall()
        rejected = tuple(Rejection(int(line), _json_reason(body)) for line, body in faults)
        good = f"{numbered} WHERE trim(body) <> ''"
        if rejected:
            good += f" AND line NOT IN ({', '.join(str(item.line) for item in rejected)})"
        keys = engine.execute(f"SELECT DISTINCT unnest(json_keys(body)) FROM {good}").fetchall()
        columns = tuple(sorted(str(row[0]) for row in keys))
        paths = ", ".join(quote("$." + json.dumps(name)) for name in columns)
        fields = ", ".join(f"f[{index + 1}] AS {quote_name(name)}" for index, name in enumerate(columns))
        if columns:
            engine.execute(
                f"COPY (SELECT {fields}, line AS _line FROM (SELECT line, json_extract_string(body, [{paths}]) AS f "
                f"FROM {good})) TO {quote(target)} (FORMAT parquet, COMPRESSION snappy)"
            )
        counted = engine.execute(f"SELECT count(*) FROM {good}").fetchone()
    rows = int(counted[0]) if counted else 0
    return _JsonStaged(target, columns, rows, rejected, 0, None), columns


class _JsonStaged(Staged):
    """Staged JSON Lines: the line of each row stands beside it."""

    def select_lines(self) -> str:
        return f"SELECT * EXCLUDE _line, _line AS line FROM read_parquet({quote(self.parquet)})"


def _json_reason(body: str) -> str:
    try:
        seen: list[str] = []
        value = json.loads(body, object_pairs_hook=lambda pairs: seen.extend(_doubled(pairs)) or dict(pairs))
    except json.JSONDecodeError as error:
        return f"the line is not JSON: {error.msg} at character {error.pos + 1}"
    except RecursionError:
        return "the line nests too deeply"
    if not isinstance(value, dict):
        return "the line is not a JSON object"
    return f"the key “{seen[0]}” stands twice in the object" if seen else "the line is not a claim"


def _doubled(pairs: list[tuple[str, object]]) -> list[str]:
    names = [name for name, _ in pairs]
    return sorted({name for name in names if names.count(name) > 1})
