"""Claims one a row: CSV, JSON Lines and Parquet, which the `claims` adapter reads back as the same claims.

The id and the record time stand in columns that begin with an underscore: remarks for people, which readers of claims skip.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from isthmus.claims.exports.writing import Written, count_rows, write_lines
from isthmus.model import CLAIM_COLUMNS
from isthmus.sources.spreadsheet import GUARDED, guard_sql
from isthmus.sources.staging import quote

REMARKS = {"id": "_id", "recorded_at": "_recorded_at"}


def write_csv(connection: duckdb.DuckDBPyConnection, select: str, target: Path) -> Written:
    """Write CSV (RFC 4180, UTF-8), safe to open in a spreadsheet."""
    cells = {name: guard_sql(f'"{name}"') if name in GUARDED else name for name in CLAIM_COLUMNS}
    _copy(connection, select, target, cells, "FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"'")
    return Written(*count_rows(connection, select))


def write_parquet(connection: duckdb.DuckDBPyConnection, select: str, target: Path) -> Written:
    """Write Parquet, every column text."""
    cells = {name: f'"{name}"' for name in CLAIM_COLUMNS}
    _copy(connection, select, target, cells, "FORMAT parquet, COMPRESSION zstd")
    return Written(*count_rows(connection, select))


def write_json_lines(connection: duckdb.DuckDBPyConnection, select: str, target: Path) -> Written:
    """Write JSON Lines: an object for each claim, without the columns that are empty."""
    fields = ", ".join(f'"{name}" := nullif("{name}", \'\')' for name in CLAIM_COLUMNS)
    remarks = ", ".join(f'"{shown}" := "{name}"' for name, shown in REMARKS.items())
    # A merge patch drops what is null (RFC 7396).
    line = f"json_merge_patch('{{}}', to_json(struct_pack({fields}, {remarks})))::VARCHAR"
    with target.open("wb") as file:
        write_lines(connection, f"SELECT {line} FROM ({select}) ORDER BY subject, predicate, id", file)
    return Written(*count_rows(connection, select))


def _copy(
    connection: duckdb.DuckDBPyConnection, select: str, target: Path, cells: dict[str, str], options: str
) -> None:
    columns = ", ".join(f'{sql} AS "{name}"' for name, sql in cells.items())
    remarks = ", ".join(f'"{name}" AS "{shown}"' for name, shown in REMARKS.items())
    body = f"SELECT {columns}, {remarks} FROM ({select}) AS claim ORDER BY claim.subject, claim.predicate, claim.id"
    connection.execute(f"COPY ({body}) TO {quote(target)} ({options})")
