"""What a writer gives back, and how lines reach a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import duckdb

BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Written:
    """What a writer put into its file.

    Attributes
    ----------
    claims, entities : int
        Claims that the file says, and entities that they are about.
    left_out : dict of reason to count
        Claims that the format has no place for.
    remarks : dict of remark to count
        Claims that the file says less exactly than the store.
    """

    claims: int
    entities: int
    left_out: dict[str, int] = field(default_factory=dict)
    remarks: dict[str, int] = field(default_factory=dict)


Writer = Callable[[duckdb.DuckDBPyConnection, str, Path], Written]
"""Takes a connection, the SQL of the rows that may leave, and the file to write."""


def write_lines(connection: duckdb.DuckDBPyConnection, select: str, file: BinaryIO) -> int:
    """Write the one text column of `select`, a line each; return how many."""
    reader = connection.execute(select).to_arrow_reader(BATCH)
    written = 0
    for batch in reader:
        texts = batch.column(0).to_pylist()
        if texts:
            file.write(("\n".join(texts) + "\n").encode())
            written += len(texts)
    return written


def count_rows(connection: duckdb.DuckDBPyConnection, select: str) -> tuple[int, int]:
    """Return how many claims `select` yields, and how many entities stand in them as subject or object."""
    row = connection.execute(
        f"""WITH kept AS ({select}) SELECT (SELECT count(*) FROM kept), (SELECT count(*) FROM (
          SELECT subject FROM kept UNION SELECT "object" FROM kept WHERE "object" <> ''))"""
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def count_reasons(connection: duckdb.DuckDBPyConnection, select: str) -> dict[str, int]:
    """Return how often each text of the one column of `select` stands there; NULL counts for nothing."""
    found = connection.execute(
        f"SELECT reason, count(*) FROM ({select}) AS t(reason) WHERE reason IS NOT NULL GROUP BY reason ORDER BY reason"
    ).fetchall()
    return {str(reason): int(count) for reason, count in found}
