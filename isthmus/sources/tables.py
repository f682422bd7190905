"""Tables in columns of text: the same shape for every format, with the line and the number of each row."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as arrow
from pyarrow import ArrowException, parquet

from isthmus.errors import FormatError
from isthmus.model import Rejection
from isthmus.sources.staging import Staged, quote, quote_name


@dataclass(frozen=True, slots=True)
class Table:
    """A table in columns.

    Attributes
    ----------
    sql : str
        SQL, to stand in a FROM, that yields `line`, `row` and the columns.
    columns : dict of printed name to column in `sql`
    rows : int
        Rows that `sql` yields.
    rejected : tuple of Rejection
        Rows that the format rules out.
    """

    sql: str
    columns: dict[str, str]
    rows: int
    rejected: tuple[Rejection, ...] = ()


def below(text: Path, workdir: Path, header_row: int) -> Path:
    """Return a copy of a text file without the lines above its header."""
    target = workdir / f"{text.stem}.below{text.suffix}"
    with text.open("rb") as old, target.open("wb") as new:
        for _ in range(header_row - 1):
            old.readline()
        while piece := old.read(1024 * 1024):
            new.write(piece)
    return target


def staged_table(staged: Staged, above: int) -> Table:
    """Give every row its line and its number among the data rows, those that were rejected included.

    Parameters
    ----------
    above : int
        Lines that were cut off above the header.
    """
    fields = "".join(f", r.c{index}" for index in range(len(staged.columns)))
    rows = f"read_parquet({quote(staged.parquet)}, file_row_number=true) r"
    line = f"r.file_row_number + {staged.first + 1 + above}"
    if staged.lines is not None:
        rows += f" JOIN read_parquet({quote(staged.lines)}, file_row_number=true) n ON r.file_row_number = n.file_row_number"
        line = f"n.line + {above}"
    sql = f'SELECT {line} AS line, r.file_row_number + 1 AS "row"{fields} FROM {rows}'
    rejected = tuple(Rejection(item.line + above, item.reason) for item in staged.rejected)
    if rejected:
        before = ", ".join(f"({item.line}, {number})" for number, item in enumerate(rejected, start=1))
        sql = (
            f'SELECT s.* REPLACE (s."row" + coalesce(b.n, 0) AS "row") FROM ({sql}) s '
            f"ASOF LEFT JOIN (VALUES {before}) b(line, n) ON s.line >= b.line"
        )
    columns = {name: f"c{index}" for index, name in enumerate(staged.columns)}
    return Table(f"({sql})", columns, staged.rows, rejected)


def parquet_table(path: Path) -> Table:
    """Return the rows of a Parquet file as texts; lists and records as JSON.

    Raises
    ------
    FormatError
        The file is damaged, or names a column twice.
    """
    try:
        file = parquet.ParquetFile(path)
        schema, rows = file.schema_arrow, int(file.metadata.num_rows)
    except (ArrowException, OSError) as error:
        raise FormatError(
            f"the Parquet file is damaged or cut off: {str(error).splitlines()[0]}", where=str(path)
        ) from error
    names = [str(name) for name in schema.names]
    folded = [name.lower() for name in names]
    doubled = [name for name in names if folded.count(name.lower()) > 1]
    if doubled:
        raise FormatError(f"the column “{doubled[0]}” stands twice: one of them would be lost.", where=str(path))
    fields = []
    for index, field in enumerate(schema):
        nested = arrow.types.is_nested(field.type)
        text = f"to_json({quote_name(field.name)})::VARCHAR" if nested else f"{quote_name(field.name)}::VARCHAR"
        fields.append(f", {text} AS c{index}")
    number = "file_row_number + 1"
    sql = f'(SELECT {number} AS line, {number} AS "row"{"".join(fields)} FROM read_parquet({quote(path)}, file_row_number=true))'
    return Table(sql, {name: f"c{index}" for index, name in enumerate(names)}, rows)
