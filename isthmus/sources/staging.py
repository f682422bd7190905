"""Bring text files into columns: exact line numbers, no sniffing, nothing dropped.

DuckDB reads CSV fast, but its sniffer and its ``ignore_errors`` lose rows in silence. So the layout is always given,
a first pass over the bytes finds what would mislead it (NUL bytes, bad UTF-8, lines beyond all measure, a quote that
never closes), and every row is written to a Parquet working file whose row numbers are the order of the file.
"""

from __future__ import annotations

import csv
import gzip
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as arrow
from pyarrow import parquet

from isthmus.errors import FormatError, StoreFullError
from isthmus.model import Rejection
from isthmus.sources.scan import CHUNK, MAX_LINE, TextScan, scan_text

__all__ = [
    "CHUNK",
    "MAX_LINE",
    "Staged",
    "TextScan",
    "plain_text",
    "quote",
    "quote_name",
    "read_header",
    "readable_file",
    "scan_text",
    "stage_csv",
]
REJECT_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Staged:
    """A table of text in a Parquet working file, in the order of the file.

    The columns of the working file are called c0, c1 …, so that no name in the evidence can clash with ours. `lines`
    gives the line of the file on which each row begins; it is None where each row is one line and row *n* (from 0)
    stands on line *n + 1 + first*. Where `numbered`, the working file itself has the line in its column ``line``.
    """

    parquet: Path
    columns: tuple[str, ...]
    rows: int
    rejected: tuple[Rejection, ...]
    first: int
    lines: Path | None
    numbered: bool = False

    def select_lines(self, number: str = "line") -> str:
        """Return SQL that yields every column and, under the name `number`, the line of the file (1 = first)."""
        fields = ", ".join(f"r.c{index} AS {quote_name(name)}" for index, name in enumerate(self.columns))
        rows = f"read_parquet({quote(self.parquet)}, file_row_number=true) r"
        if self.numbered:
            fields = f"{fields}, " if fields else ""
            return f"SELECT {fields}r.line AS {quote_name(number)} FROM read_parquet({quote(self.parquet)}) r"
        if self.lines is None:
            return f"SELECT {fields}, r.file_row_number + {self.first + 1} AS {quote_name(number)} FROM {rows}"
        numbers = f"read_parquet({quote(self.lines)}, file_row_number=true) n"
        return (
            f"SELECT {fields}, n.line AS {quote_name(number)} FROM {rows} "
            f"JOIN {numbers} ON r.file_row_number = n.file_row_number"
        )


def quote(text: str | Path) -> str:
    """Return `text` as an SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def quote_name(name: str) -> str:
    """Return `name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def readable_file(path: Path) -> Path:
    """Return `path` where it is a file that can be read; raise FormatError where it is not."""
    if path.is_dir():
        raise FormatError("this is a folder, and a file is needed.", where=str(path), hint="Name the files in it.")
    if not path.exists():
        raise FormatError("there is no such file.", where=str(path), hint="Check the path.")
    try:
        with path.open("rb"):
            return path
    except OSError as error:
        raise FormatError(f"the file cannot be read: {error.strerror}.", where=str(path)) from error


def plain_text(path: Path, workdir: Path, encoding: str = "utf-8") -> Path:
    """Return a UTF-8 file without compression: `path` itself, or a copy in `workdir`."""
    current = readable_file(path)
    if current.name.lower().endswith(".gz"):
        target = workdir / current.name[:-3]
        try:
            with gzip.open(current, "rb") as packed, target.open("wb") as plain:
                _copy_bounded(packed.read, plain.write, path)
        except (EOFError, gzip.BadGzipFile, OSError) as error:
            raise FormatError(f"the gzip file is damaged or cut off: {error}.", where=str(path)) from error
        current = target
    if encoding.lower().replace("_", "-") not in ("utf-8", "utf8"):
        target = workdir / f"{current.stem}.utf8{current.suffix}"
        try:
            with (
                current.open(encoding=encoding, newline="") as old,
                target.open("w", encoding="utf-8", newline="") as new,
            ):
                shutil.copyfileobj(old, new, CHUNK)
        except (UnicodeError, LookupError) as error:
            raise FormatError(f"the file is not {encoding}: {error}.", where=str(path)) from error
        current = target
    return current


MAX_UNPACKED = 20 * 1024**3
MAX_RATIO = 400


def _copy_bounded(read: Callable[[int], bytes], write: Callable[[bytes], int], path: Path) -> None:
    """Unpack, but stop at a size that no honest file has (a bomb): 400 times its packed size, or 20 GiB."""
    bound = min(MAX_UNPACKED, max(path.stat().st_size, 64 * 1024) * MAX_RATIO)
    done = 0
    while piece := read(CHUNK):
        done += len(piece)
        if done > bound:
            raise FormatError(
                f"the archive unpacks to more than {bound // 1024**2} MiB: it looks like an archive bomb.",
                where=str(path),
                hint="Unpack it by hand if you trust it.",
            )
        write(piece)


def read_header(path: Path, delimiter: str) -> tuple[str, ...]:
    """Return the column names of a CSV file; refuse empty and doubled ones.

    Raises
    ------
    FormatError
        The header is missing, a name is empty twice or two columns share a name.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            names = next(csv.reader(file, delimiter=delimiter), [])
        except csv.Error as error:
            raise FormatError(f"the header cannot be read: {error}.", where=f"{path}, line 1") from error
    names = [name.strip() or f"column_{index + 1}" for index, name in enumerate(names)]
    if not names:
        raise FormatError("the first line is empty; column names are needed there.", where=f"{path}, line 1")
    folded = [name.lower() for name in names]
    doubled = sorted(name for name in names if folded.count(name.lower()) > 1)
    if doubled:
        raise FormatError(
            f"the column “{doubled[0]}” stands twice in the header: one of them would be lost.",
            where=f"{path}, line 1",
            hint="Rename one of them; capital and small letters count as the same.",
        )
    return tuple(names)


def stage_csv(
    path: Path,
    workdir: Path,
    *,
    delimiter: str = ",",
    progress: Callable[[int, int], None],
    cell: Callable[[str, str], str] | None = None,
) -> Staged:
    """Stage a UTF-8 CSV file (RFC 4180, one header line) as a Parquet file of text columns.

    Parameters
    ----------
    cell : callable or None
        Given a column's name and its SQL expression, returns the SQL of what to keep; None: as it stands.

    Returns
    -------
    Staged
        With one rejection for each row whose number of fields is not the header's.
    """
    scan = scan_text(path, quoting=True, progress=progress)
    if scan.mixed_newlines:
        path = _one_newline(path, workdir)
    columns = read_header(path, delimiter)
    target = workdir / f"{path.stem}.rows.parquet"
    spec = ", ".join(f"c{index}: 'VARCHAR'" for index in range(len(columns)))
    cells = [cell(name, f"c{index}") if cell else f"c{index}" for index, name in enumerate(columns)]
    kept = ", ".join(f"{text} AS c{index}" for index, text in enumerate(cells))
    with duckdb.connect() as engine:
        engine.execute("SET preserve_insertion_order = true; SET memory_limit = '2GB'")
        read = (
            f"read_csv({quote(path)}, delim={quote(delimiter)}, quote='\"', escape='\"', header=true, "
            f"auto_detect=false, columns={{{spec}}}, all_varchar=true, null_padding=false, strict_mode=true, "
            f"store_rejects=true, rejects_limit={REJECT_LIMIT}, max_line_size={MAX_LINE})"
        )
        try:
            engine.execute(f"COPY (SELECT {kept} FROM {read}) TO {quote(target)} (FORMAT parquet, COMPRESSION snappy)")
        except duckdb.IOException as error:
            raise StoreFullError(f"the working files could not be written: {_first_line(error)}") from error
        except duckdb.Error as error:
            raise FormatError(f"the table cannot be read: {_first_line(error)}", where=str(path)) from error
        faults = engine.execute(
            "SELECT line, any_value(error_type), any_value(csv_line) FROM reject_errors GROUP BY line ORDER BY line"
        ).fetchall()
        counted = engine.execute(f"SELECT count(*) FROM read_parquet({quote(target)})").fetchone()
    rows = int(counted[0]) if counted else 0
    rejected = tuple(Rejection(_line_of(scan, int(row)), _csv_reason(fault, len(columns))) for row, fault, _ in faults)
    blanks = len(columns) > 1  # in a table of one column a blank line is a row with an empty value
    lines = _row_lines(scan, rows, [item.line for item in rejected], path, workdir, delimiter, blanks=blanks)
    return Staged(target, columns, rows, rejected, first=1, lines=lines)


def _one_newline(path: Path, workdir: Path) -> Path:
    """Return a copy whose rows all end in LF (quoted breaks stay): DuckDB's strict reader wants one line end."""
    target = workdir / f"{path.stem}.lf{path.suffix}"
    parity, held = 0, b""
    with path.open("rb") as old, target.open("wb") as new:
        while piece := old.read(CHUNK):
            piece = held + piece
            held = b"\r" if piece.endswith(b"\r") else b""
            data = np.frombuffer(piece, dtype=np.uint8)[: len(piece) - len(held)]
            quotes = np.flatnonzero(data == 34)
            returns = np.flatnonzero((data[:-1] == 13) & (data[1:] == 10))
            outside = ((np.searchsorted(quotes, returns) + parity) & 1) == 0
            new.write(np.delete(data, returns[outside]).tobytes())
            parity = (parity + len(quotes)) & 1
        new.write(held)
    return target


def _line_of(scan: TextScan, row: int) -> int:
    """Return the line on which a row begins; DuckDB names rows (the header is 1), not lines."""
    known = scan.starts is not None and row - 1 < len(scan.starts)
    return int(scan.starts[row - 1]) if scan.starts is not None and known else row


def _csv_reason(fault: str, columns: int) -> str:
    reasons = {
        "MISSING COLUMNS": f"the row has fewer fields than the header ({columns})",
        "TOO MANY COLUMNS": f"the row has more fields than the header ({columns})",
        "UNQUOTED VALUE": "a quoted value is followed by something other than a comma",
        "LINE SIZE OVER MAXIMUM": "the row is too long",
        "INVALID ENCODING": "the row is not UTF-8",
    }
    return reasons.get(fault, f"the row cannot be read ({fault.lower()})")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _row_lines(
    scan: TextScan, rows: int, rejected: list[int], path: Path, workdir: Path, delimiter: str, *, blanks: bool
) -> Path | None:
    """Write the line of each row, where rows and lines do not run in step (quoted newlines, blank lines, rejects)."""
    if scan.starts is None or (not scan.quoted_newlines and not rejected and rows == scan.lines - 1):
        return None
    starts = scan.starts[1:]
    keep = np.ones(len(starts), dtype=bool)
    if len(starts) != rows:
        keep &= ~np.isin(starts, np.array(rejected, dtype=np.int64))
        if blanks:
            keep &= ~_blank_rows(path, starts)
    if int(np.count_nonzero(keep)) != rows:
        line = _stray_quote(path, scan.starts, delimiter)
        raise FormatError(
            f"the rows of the file cannot be told apart: {int(np.count_nonzero(keep))} begin, but {rows} were read.",
            where=f"{path}, line {line}" if line else str(path),
            hint="Check the quotes: a quote inside a value must be doubled and the value quoted.",
        )
    target = workdir / f"{path.stem}.lines.parquet"
    parquet.write_table(arrow.table({"line": starts[keep]}), target)
    return target


def _stray_quote(path: Path, starts: np.ndarray, delimiter: str) -> int | None:
    """Return the first line whose row has a quote where RFC 4180 allows none."""
    mark = re.escape(delimiter.encode())
    field = rb'(?:"(?:[^"]|"")*"|[^"' + mark + rb"]*)"
    whole = re.compile(field + rb"(?:" + mark + field + rb")*\r?\n?")
    begins = set(starts.tolist())
    begun, row = 1, b""
    for number, text in _numbered(path):
        if number in begins and row:
            if not whole.fullmatch(row):
                return begun
            begun, row = number, b""
        row += text
    return None if whole.fullmatch(row) else begun


def _blank_rows(path: Path, starts: np.ndarray) -> np.ndarray:
    wanted = set(starts.tolist())
    blank = {number for number, text in _numbered(path) if number in wanted and not text.strip(b"\r\n")}
    return np.isin(starts, np.fromiter(blank, dtype=np.int64, count=len(blank)))


def _numbered(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        yield from enumerate(file, start=1)


@contextmanager
def reading_engine(path: Path, workdir: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a database engine for the reading of one file; its faults come as ours.

    Raises
    ------
    FormatError, StoreFullError
        The file cannot be read, or the working files cannot be written.
    """
    engine = duckdb.connect()
    try:
        engine.execute("SET preserve_insertion_order = false; SET memory_limit = '2GB'; SET TimeZone = 'UTC'")
        engine.execute(f"SET temp_directory = {quote(workdir / 'spill')}")
        yield engine
    except duckdb.IOException as error:
        raise StoreFullError(f"the working files could not be written: {str(error).splitlines()[0]}") from error
    except duckdb.Error as error:
        raise FormatError(f"the file cannot be read: {str(error).splitlines()[0]}", where=str(path)) from error
    finally:
        engine.close()
