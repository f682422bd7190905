"""Lists of names to be looked up: CSV, XLSX and Parquet with a column of names, or plain text with a name on each line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyarrow import ArrowException, parquet

from isthmus.errors import ArgumentError, FormatError
from isthmus.model import Rejection
from isthmus.sources.adapter import no_progress
from isthmus.sources.heads import read_start
from isthmus.sources.staging import Staged, plain_text, readable_file, scan_text, stage_csv
from isthmus.sources.xlsx import stage_xlsx

NAME = "name"
_DELIMITERS = (",", "\t", ";", "|")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class NameRow:
    """A row of a list: its line in the file, and its cells by the column's name in lower case."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class NameList:
    """A list of names as its file has it.

    Attributes
    ----------
    columns : tuple of str
        The columns as they are printed.
    column : str
        The column of names, in lower case.
    rejected : tuple of Rejection
        Rows that the format rules out.
    """

    columns: tuple[str, ...]
    column: str
    rows: tuple[NameRow, ...]
    rejected: tuple[Rejection, ...] = ()


def read_name_list(
    path: Path, workdir: Path, *, column: str | None = None, progress: Callable[[int, int], None] = no_progress
) -> NameList:
    """Read a list of names.

    Parameters
    ----------
    column : str or None
        The column of names; None: the one called ``name``. Plain text (``.txt``) has no columns: each line is a name.

    Raises
    ------
    FormatError
        The file cannot be read as a table.
    ArgumentError
        It has no such column.
    """
    start = read_start(readable_file(path))
    if start.startswith(_OLD_EXCEL):
        raise FormatError("this is a workbook of the old XLS format.", where=str(path), hint="Save it as XLSX or CSV.")
    plain = path.name.lower().removesuffix(".gz")
    if start.startswith(b"PAR1"):
        return _named(path, column, *_parquet(path))
    if start.startswith(b"PK\x03\x04"):
        return _staged(path, column, stage_xlsx(path, workdir, sheet=None, header_row=1))
    text = plain_text(path, workdir, "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8")
    if plain.endswith(".txt"):
        return _lines(text, progress)
    if start.lstrip().startswith((b"{", b"[")):
        raise FormatError(
            "this is JSON.", where=str(path), hint="Give names as CSV, XLSX, Parquet or a line each (.txt)."
        )
    return _staged(path, column, stage_csv(text, workdir, delimiter=_delimiter(start), progress=progress))


def _delimiter(start: bytes) -> str:
    """Return what parts the columns: the mark that the first line has most of."""
    header = start.split(b"\n", 1)[0].decode("utf-8", "replace")
    return max(_DELIMITERS, key=header.count)


def _lines(text: Path, progress: Callable[[int, int], None]) -> NameList:
    scan_text(text, quoting=False, progress=progress)
    lines = text.read_text("utf-8-sig").removesuffix("\n").split("\n")
    rows = tuple(NameRow(number, {NAME: line.removesuffix("\r")}) for number, line in enumerate(lines, 1))
    return NameList((NAME,), NAME, rows)


def _parquet(path: Path) -> tuple[tuple[str, ...], Iterator[tuple[int, list[str]]], tuple[Rejection, ...]]:
    try:
        table = parquet.read_table(path)
    except (ArrowException, OSError) as error:
        told = str(error).splitlines()[0]
        raise FormatError(f"the Parquet file is damaged or cut off: {told}", where=str(path)) from error
    columns = [table.column(index).to_pylist() for index in range(table.num_columns)]
    rows = ((number, [_text(cell) for cell in cells]) for number, cells in enumerate(zip(*columns, strict=True), 1))
    return tuple(map(str, table.column_names)), rows, ()


def _staged(path: Path, column: str | None, staged: Staged) -> NameList:
    table = parquet.read_table(staged.parquet)
    cells = [table.column(f"c{index}").to_pylist() for index in range(len(staged.columns))]
    if staged.numbered:
        lines = table.column("line").to_pylist()
    elif staged.lines is not None:
        lines = parquet.read_table(staged.lines).column("line").to_pylist()
    else:
        lines = list(range(staged.first + 1, staged.first + 1 + table.num_rows))
    rows = ((int(line), [_text(cell) for cell in row]) for line, *row in zip(lines, *cells, strict=True))
    return _named(path, column, staged.columns, rows, staged.rejected)


def _named(
    path: Path,
    column: str | None,
    columns: tuple[str, ...],
    rows: Iterator[tuple[int, list[str]]],
    rejected: tuple[Rejection, ...],
) -> NameList:
    keys = [name.strip().casefold() for name in columns]
    wanted = (column or NAME).strip().casefold()
    if wanted not in keys:
        raise ArgumentError(
            f"there is no column “{column or NAME}” in the list.",
            where=str(path),
            hint=f"Its columns: {', '.join(columns)}. Name the one with the names with --column.",
        )
    found = tuple(NameRow(line, dict(zip(keys, cells, strict=True))) for line, cells in rows)
    return NameList(columns, wanted, found, rejected)


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)
