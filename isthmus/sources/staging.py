"""Bring text files into columns: exact line numbers, no sniffing, nothing dropped.

DuckDB reads CSV fast, but its sniffer and its ``ignore_errors`` lose rows in silence. So the layout is always given,
a first pass over the bytes finds what would mislead it (NUL bytes, bad UTF-8, lines beyond all measure, a quote that never
closes), and every row is written to a Parquet working file whose row numbers are the order of the file.
"""

from __future__ import annotations

import csv
import gzip
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as arrow
from pyarrow import parquet

from isthmus.errors import FormatError, StoreFullError
from isthmus.model import Rejection

MAX_LINE = 8 * 1024 * 1024
CHUNK = 16 * 1024 * 1024
REJECT_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Staged:
    """A table of text in a Parquet working file, in the order of the file.

    `lines` gives the line of the file on which each row begins; it is None where each row is one line and row *n* stands on line *n + 1
    + first* with `first` lines before it.
    """

    parquet: Path
    columns: tuple[str, ...]
    rows: int
    rejected: tuple[Rejection, ...]
    first: int
    lines: Path | None

    def select_lines(self) -> str:
        """Return SQL that yields every column and `line`, the line of the file (1 = first)."""
        body = f"SELECT *, file_row_number FROM read_parquet({quote(self.parquet)}, file_row_number=true)"
        if self.lines is None:
            return f"SELECT * EXCLUDE file_row_number, file_row_number + {self.first + 1} AS line FROM ({body})"
        numbers = f"read_parquet({quote(self.lines)}, file_row_number=true)"
        return (
            f"SELECT r.* EXCLUDE file_row_number, n.line AS line FROM ({body}) r "
            f"JOIN (SELECT line, file_row_number FROM {numbers}) n ON r.file_row_number = n.file_row_number"
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
            with current.open(encoding=encoding, newline="") as old, target.open("w", encoding="utf-8", newline="") as new:
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


@dataclass(frozen=True, slots=True)
class TextScan:
    """What a pass over the bytes of a text file found: its lines, and where quoted rows begin."""

    lines: int
    quoted_newlines: bool
    starts: np.ndarray | None
    mixed_newlines: bool = False


def scan_text(path: Path, *, quoting: bool, progress: Callable[[int, int], None]) -> TextScan:
    """Read the bytes once: refuse NUL bytes, bad UTF-8, endless lines and open quotes; find where rows begin.

    Parameters
    ----------
    quoting : bool
        Whether ``"`` quotes, so that a quoted value may hold a newline (RFC 4180).

    Raises
    ------
    FormatError
        With the line of the first fault.
    """
    size = path.stat().st_size
    if size == 0:
        raise FormatError("the file is empty.", where=str(path), hint="A header line is the least it needs.")
    state = _Scanner(path, quoting)
    done = 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            state.feed(piece)
            done += len(piece)
            progress(done, size)
    return state.finish()


class _Scanner:
    def __init__(self, path: Path, quoting: bool) -> None:
        self.path = path
        self.quoting = quoting
        self.newlines = 0
        self.parity = 0
        self.offset = 0
        self.last_newline = -1
        self.tail = b""
        self.starts: list[np.ndarray] = [np.array([1], dtype=np.int64)]
        self.inside = 0
        self.ends_in_newline = False
        self.open_line = 1
        self.returns = 0
        self.outside = 0

    def feed(self, piece: bytes) -> None:
        if b"\0" in piece:
            line = self.newlines + piece[: piece.index(b"\0")].count(b"\n") + 1
            raise FormatError(
                f"line {line} holds a NUL byte: this is not a text file, or it is damaged.",
                where=f"{self.path}, line {line}",
                hint="Save it again as UTF-8 text.",
            )
        self._decode(piece)
        data = np.frombuffer(piece, dtype=np.uint8)
        breaks = np.flatnonzero(data == 10)
        self._measure(breaks, len(piece))
        if self.quoting:
            quotes = np.flatnonzero(data == 34)
            before = np.searchsorted(quotes, breaks)
            outside = ((before + self.parity) & 1) == 0
            self.inside += int(np.count_nonzero(~outside))
            self.outside += int(np.count_nonzero(outside))
            self.returns += self._count_returns(data, breaks[outside])
            numbers = np.arange(self.newlines + 2, self.newlines + 2 + len(breaks), dtype=np.int64)
            self.starts.append(numbers[outside])
            if (len(quotes) + self.parity) & 1 and not self.parity & 1:
                self.open_line = self.newlines + int(np.searchsorted(breaks, quotes[-1])) + 1
            self.parity = (self.parity + len(quotes)) & 1
        self.newlines += len(breaks)
        self.offset += len(piece)
        self.ends_in_newline = piece.endswith(b"\n")

    def _count_returns(self, data: np.ndarray, ends: np.ndarray) -> int:
        """Count the row ends that are CR LF; one that a chunk splits counts as LF, which only costs a copy."""
        ends = ends[ends > 0]
        return int(np.count_nonzero(data[ends - 1] == 13))

    def _decode(self, piece: bytes) -> None:
        data = self.tail + piece
        try:
            data.decode("utf-8")
            self.tail = b""
        except UnicodeDecodeError as error:
            if error.start >= len(data) - 3 and error.reason == "unexpected end of data":
                self.tail = data[error.start :]
                return
            line = self.newlines + data[: error.start].count(b"\n") + 1
            raise FormatError(
                f"line {line} is not UTF-8 (byte 0x{data[error.start]:02x}).",
                where=f"{self.path}, line {line}",
                hint="Save the file as UTF-8, or say `encoding:` in a mapping.",
            ) from error

    def _measure(self, breaks: np.ndarray, length: int) -> None:
        if len(breaks):
            edges = np.concatenate(([self.last_newline], breaks + self.offset))
            widest = int(np.argmax(np.diff(edges)))
            if int(np.diff(edges)[widest]) > MAX_LINE:
                self._too_long(self.newlines + widest + 1)
            self.last_newline = int(breaks[-1]) + self.offset
        elif self.offset + length - self.last_newline > MAX_LINE:
            self._too_long(self.newlines + 1)

    def _too_long(self, line: int) -> None:
        raise FormatError(
            f"line {line} is longer than {MAX_LINE // 1024**2} MiB: no claim is that long.",
            where=f"{self.path}, line {line}",
            hint="A quote that never closes or a missing line break makes such lines.",
        )

    def finish(self) -> TextScan:
        if self.tail:
            raise FormatError(
                "the last character of the file is cut off: the file is truncated.", where=str(self.path)
            )
        if self.quoting and self.parity & 1:
            raise FormatError(
                f"a quote opened near line {self.open_line} is never closed: the file is cut off, or a quote is stray.",
                where=f"{self.path}, line {self.open_line}",
                hint='Double a quote inside a quoted value ("") and close every quoted value.',
            )
        lines = self.newlines + (0 if self.ends_in_newline else 1)
        if not self.quoting:
            return TextScan(lines=lines, quoted_newlines=False, starts=None)
        starts = np.concatenate(self.starts)
        if self.ends_in_newline:
            starts = starts[:-1]
        mixed = 0 < self.returns < self.outside
        return TextScan(lines=lines, quoted_newlines=self.inside > 0, starts=starts, mixed_newlines=mixed)


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
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise FormatError(
            f"the column “{doubled[0]}” stands twice in the header: one of them would be lost.",
            where=f"{path}, line 1",
            hint="Rename one of them.",
        )
    return tuple(names)


def stage_csv(
    path: Path, workdir: Path, *, delimiter: str = ",", progress: Callable[[int, int], None]
) -> Staged:
    """Stage a UTF-8 CSV file (RFC 4180, one header line) as a Parquet file of text columns.

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
    spec = ", ".join(f"{quote(name)}: 'VARCHAR'" for name in columns)
    with duckdb.connect() as engine:
        engine.execute("SET preserve_insertion_order = true; SET memory_limit = '2GB'")
        read = (
            f"read_csv({quote(path)}, delim={quote(delimiter)}, quote='\"', escape='\"', header=true, auto_detect=false, "
            f"columns={{{spec}}}, all_varchar=true, null_padding=false, strict_mode=true, store_rejects=true, "
            f"rejects_limit={REJECT_LIMIT}, max_line_size={MAX_LINE})"
        )
        try:
            engine.execute(f"COPY (SELECT * FROM {read}) TO {quote(target)} (FORMAT parquet, COMPRESSION snappy)")
        except duckdb.IOException as error:
            raise StoreFullError(f"the working files could not be written: {_first_line(error)}") from error
        except duckdb.Error as error:
            raise FormatError(f"the table cannot be read: {_first_line(error)}", where=str(path)) from error
        faults = engine.execute(
            "SELECT line, any_value(error_type), any_value(csv_line) FROM reject_errors GROUP BY line ORDER BY line"
        ).fetchall()
        counted = engine.execute(f"SELECT count(*) FROM read_parquet({quote(target)})").fetchone()
    rows = int(counted[0]) if counted else 0
    rejected = tuple(
        Rejection(_line_of(scan, int(row)), _csv_reason(fault, len(columns))) for row, fault, _ in faults
    )
    lines = _row_lines(scan, rows, [item.line for item in rejected], path, workdir)
    return Staged(target, columns, rows, rejected, first=1, lines=lines)


def _one_newline(path: Path, workdir: Path) -> Path:
    """Return a copy whose lines all end in LF: DuckDB's strict reader wants one kind of line end."""
    target = workdir / f"{path.stem}.lf{path.suffix}"
    held = b""
    with path.open("rb") as old, target.open("wb") as new:
        while piece := old.read(CHUNK):
            piece = held + piece
            held = b"\r" if piece.endswith(b"\r") else b""
            new.write(piece[: len(piece) - len(held)].replace(b"\r\n", b"\n"))
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


def _row_lines(scan: TextScan, rows: int, rejected: list[int], path: Path, workdir: Path) -> Path | None:
    """Write the line of each row, where rows and lines do not run in step (quoted newlines, blank lines, rejects)."""
    if scan.starts is None or (not scan.quoted_newlines and not rejected and rows == scan.lines - 1):
        return None
    starts = scan.starts[1:]
    keep = np.ones(len(starts), dtype=bool)
    if len(starts) != rows:
        keep &= ~np.isin(starts, np.array(rejected, dtype=np.int64))
        keep &= ~_blank_rows(path, starts)
    if int(np.count_nonzero(keep)) != rows:
        raise FormatError(
            f"the rows of the file cannot be told apart: {int(np.count_nonzero(keep))} begin, but {rows} were read.",
            where=str(path),
            hint="Check the quotes: a quote inside a value must be doubled and the value quoted.",
        )
    target = workdir / f"{path.stem}.lines.parquet"
    parquet.write_table(arrow.table({"line": starts[keep]}), target)
    return target


def _blank_rows(path: Path, starts: np.ndarray) -> np.ndarray:
    wanted = set(starts.tolist())
    blank = {number for number, text in _numbered(path) if number in wanted and not text.strip(b"\r\n")}
    return np.isin(starts, np.fromiter(blank, dtype=np.int64, count=len(blank)))


def _numbered(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        yield from enumerate(file, start=1)
