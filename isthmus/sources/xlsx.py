"""Bring one sheet of an XLSX workbook into columns of text.

A workbook is a ZIP of XML files, so its size on disk says little: what its members unpack to is checked before anything
is opened (a bomb), and a document type declaration, which a workbook never has, is refused (entity expansion).
"""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
import pyarrow as arrow
from openpyxl.utils.exceptions import InvalidFileException
from pyarrow import parquet

from isthmus.errors import FormatError
from isthmus.model import Rejection
from isthmus.sources.staging import Staged

MAX_RATIO = 200
MAX_UNPACKED = 4 * 1024**3
SMALL = 16 * 1024**2
BATCH = 20_000
_FAULTS = (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, OSError, EOFError)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name and its first rows, enough to recognise it."""

    name: str
    rows: tuple[tuple[str, ...], ...]


def check_workbook(path: Path) -> None:
    """Refuse a workbook that is damaged, a bomb, or carries a document type declaration.

    Raises
    ------
    FormatError
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            total = sum(member.file_size for member in members)
            packed = max(1, sum(member.compress_size for member in members))
            if total > MAX_UNPACKED or (total > SMALL and total / packed > MAX_RATIO):
                raise FormatError(
                    f"the workbook unpacks to {total // 1024**2} MiB, {total // packed} times its size: it looks like an archive bomb.",
                    where=str(path),
                    hint="Save the sheet as CSV if you trust it.",
                )
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as file:
                        start = file.read(4096)
                    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                        raise FormatError(
                            f"the part “{member.filename}” declares a document type, which no workbook does.",
                            where=str(path),
                        )
    except _FAULTS as error:
        raise FormatError(
            f"this is not a readable XLSX workbook: {error}.",
            where=str(path),
            hint="Open it and save it again, or as CSV.",
        ) from error


def peek_sheets(path: Path, rows: int) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook with their first `rows` rows."""
    check_workbook(path)
    with _Workbook(path) as book:
        return tuple(Sheet(name, tuple(tuple(row) for row in islice(book.texts(name), rows))) for name in book.names)


def stage_xlsx(path: Path, workdir: Path, *, sheet: str | None, header_row: int) -> Staged:
    """Stage one sheet as a Parquet file of text columns ``c0, c1 …``.

    Parameters
    ----------
    sheet : str or None
        Its name; the first sheet otherwise.
    header_row : int
        The row that names the columns (1 = first).

    Raises
    ------
    FormatError
        There is no such sheet, or its header is empty or names a column twice.
    """
    check_workbook(path)
    with _Workbook(path) as book:
        name = sheet or book.names[0]
        if name not in book.names:
            raise FormatError(
                f"there is no sheet “{name}”.", where=str(path), hint=f"There are: {', '.join(book.names)}."
            )
        rows = book.texts(name)
        header = next(islice(rows, header_row - 1, None), [])
        columns = header_names(header, f"{path}, sheet {name}, row {header_row}")
        return _write(rows, columns, header_row, workdir / f"{path.stem}.rows.parquet")


def header_names(cells: Sequence[str], where: str) -> tuple[str, ...]:
    """Return the names of columns from the cells of a header; refuse an empty header and doubled names."""
    last = max((index for index, cell in enumerate(cells) if cell.strip()), default=-1)
    if last < 0:
        raise FormatError("the header row is empty; column names are needed there.", where=where)
    names = tuple(cell.strip() or f"column_{index + 1}" for index, cell in enumerate(cells[: last + 1]))
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise FormatError(
            f"the column “{doubled[0]}” stands twice in the header: one of them would be lost.",
            where=where,
            hint="Rename one.",
        )
    return names


def _write(rows: Iterator[list[str]], columns: tuple[str, ...], header_row: int, target: Path) -> Staged:
    width = len(columns)
    schema = arrow.schema([(f"c{index}", arrow.string()) for index in range(width)])
    lines: list[int] = []
    rejected: list[Rejection] = []
    numbered = enumerate(rows, start=header_row + 1)
    with parquet.ParquetWriter(target, schema, compression="snappy") as writer:
        while batch := list(islice(numbered, BATCH)):
            kept = []
            for line, cells in batch:
                if any(cells[width:]):
                    rejected.append(Rejection(line, f"the row has more cells than the header ({width})"))
                elif any(cells):
                    lines.append(line)
                    kept.append([*cells, *[""] * (width - len(cells))][:width])
            arrays = [arrow.array([row[index] for row in kept], arrow.string()) for index in range(width)]
            writer.write_table(arrow.table(arrays, schema=schema))
    numbers = target.with_suffix(".lines.parquet")
    parquet.write_table(arrow.table({"line": arrow.array(lines, arrow.int64())}), numbers)
    return Staged(target, columns, len(lines), tuple(rejected), first=header_row, lines=numbers)


class _Workbook:
    """An open workbook whose cells are read as texts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        except _FAULTS as error:
            raise FormatError(f"this is not a readable XLSX workbook: {error}.", where=str(path)) from error
        self.names = [sheet.title for sheet in self._book.worksheets]
        if not self.names:
            raise FormatError("the workbook has no sheet of cells.", where=str(path))

    def __enter__(self) -> _Workbook:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def texts(self, name: str) -> Iterator[list[str]]:
        """Yield the rows of a sheet as texts; the size that the sheet claims to have is not believed."""
        sheet = self._book[name]
        sheet.reset_dimensions()
        try:
            for row in sheet.iter_rows(values_only=True):
                yield [cell_text(cell) for cell in row]
        except _FAULTS as error:
            raise FormatError(f"the sheet “{name}” is damaged: {error}.", where=str(self.path)) from error


def cell_text(cell: Any) -> str:
    """Return a cell as text: whole numbers without ``.0``, days as ISO 8601, truth as TRUE or FALSE."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(sep=" ")
    return str(cell).strip()
