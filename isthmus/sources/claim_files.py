"""Claims of a register as working files: written once in columns, then counted, checked and read from there.

The rows are those of `isthmus.sources.ftm.rows`: a claim, a fault and a reason for leaving something out may stand side
by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as arrow

from isthmus.model import CLAIM_COLUMNS, Rejection
from isthmus.sources.json_rows import UNREADABLE, fault_reason
from isthmus.sources.staging import quote

LISTED_FAULTS = 100_000
_LINES = arrow.schema([("body", arrow.string()), ("line", arrow.int64())])
_BOM = b"\xef\xbb\xbf"
_PIECE = 1024 * 1024

MACROS = (
    # The day that a date or a date and time names, as it is printed; NULL where there is no such day.
    r"""CREATE OR REPLACE TEMP MACRO register_day(t) AS CASE WHEN regexp_full_match(t, '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?')
      AND left(t, 4) <> '0000' AND TRY_CAST(left(t, 10) AS DATE) IS NOT NULL THEN left(t, 10) END""",
    # A text as the value of a qualifier: `;` parts qualifiers, and a leading @ would make an entity of a text.
    r"""CREATE OR REPLACE TEMP MACRO register_words(t) AS
      nullif(ltrim(trim(regexp_replace(replace(t, ';', ','), '[\s\x00-\x1f]+', ' ', 'g')), '@ '), '')""",
)
"""Statements that define what both registers need of texts."""


class Engine(Protocol):
    """The part of a database connection that is needed here."""

    def execute(self, query: str, parameters: object = ..., /) -> Any:
        """Run one statement."""


def write_table(engine: Engine, name: str, select: str, target: Path) -> None:
    """Write rows to a Parquet file and show them under `name`."""
    engine.execute(f"COPY ({select}) TO {quote(target)} (FORMAT parquet, COMPRESSION snappy)")
    engine.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM read_parquet({quote(target)})")


def table_sql(files: Sequence[Path]) -> str:
    """Return SQL, to stand in a FROM, for the rows in several files."""
    return f"read_parquet([{', '.join(quote(file) for file in files)}])"


def line_batches(path: Path) -> arrow.RecordBatchReader:
    """Return the lines of a text file as `body` and `line` (1 = first), read as they are asked for."""
    return arrow.RecordBatchReader.from_batches(_LINES, _batches(path))


def _batches(path: Path) -> Iterator[arrow.RecordBatch]:
    number, rest = 0, b""
    with path.open("rb") as file:
        rest = file.read(len(_BOM)).removeprefix(_BOM)
        while True:
            piece = file.read(_PIECE)
            data = rest + piece
            if not piece and data and not data.endswith(b"\n"):
                data += b"\n"
            cut = data.rfind(b"\n") + 1
            data, rest = data[:cut], data[cut:]
            breaks = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 10)
            if len(breaks):
                offsets = np.concatenate(([0], breaks + 1)).astype(np.int32)
                bodies = arrow.StringArray.from_buffers(len(breaks), arrow.py_buffer(offsets), arrow.py_buffer(data))
                lines = np.arange(number + 1, number + 1 + len(breaks), dtype=np.int64)
                yield arrow.record_batch([bodies, arrow.array(lines)], schema=_LINES)
                number += len(breaks)
            if not piece:
                return


def broken_line(line: int, body: str) -> Rejection:
    """Return why a line is no readable JSON object, in words."""
    reason = fault_reason(body)
    # To Python half a character is a text like any other; the database refuses it.
    return Rejection(line, UNREADABLE if reason == _PLAIN else reason)


_PLAIN = "the line is not a plain JSON object"


def claims_sql(table: str) -> str:
    """Return the SELECT of a reading over `table`."""
    columns = ", ".join(f'"{name}"' for name in CLAIM_COLUMNS)
    return f"SELECT line, {columns} FROM {table} WHERE predicate IS NOT NULL"


def list_faults(engine: Engine, table: str) -> tuple[list[Rejection], int]:
    """Return the faults in `table` by line, at most `LISTED_FAULTS`, and how many more there are."""
    listed = f"SELECT DISTINCT line, fault FROM {table} WHERE fault IS NOT NULL"
    counted = engine.execute(f"SELECT count(*) FROM ({listed})").fetchone()
    found = engine.execute(f"SELECT * FROM ({listed}) ORDER BY line, fault LIMIT {LISTED_FAULTS}").fetchall()
    return [Rejection(int(line), str(fault)) for line, fault in found], int(counted[0]) - len(found)


def count_left_out(engine: Engine, table: str, more: Mapping[str, int] | None = None) -> dict[str, int]:
    """Count what was read past in `table`, by reason; `more` are counts known otherwise."""
    found = engine.execute(
        f"SELECT left_why, count(*) FROM {table} WHERE left_why IS NOT NULL GROUP BY left_why"
    ).fetchall()
    counts = {str(why): int(count) for why, count in found}
    for why, count in (more or {}).items():
        if count:
            counts[why] = counts.get(why, 0) + count
    return dict(sorted(counts.items()))
