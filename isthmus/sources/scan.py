"""Read the bytes of a text file once, and refuse what would mislead a reader of its lines."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from isthmus.errors import FormatError

MAX_LINE = 8 * 1024 * 1024
CHUNK = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TextScan:
    """What a pass over the bytes of a text file found: its lines, and where quoted rows begin."""

    lines: int
    quoted_newlines: bool
    starts: np.ndarray | None
    mixed_newlines: bool = False
    carriage_returns: bool = False


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
        self.any_return = False
        self.held_return = False

    def feed(self, piece: bytes) -> None:
        if b"\0" in piece:
            line = self.newlines + piece[: piece.index(b"\0")].count(b"\n") + 1
            if not self.newlines and piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise FormatError("the file is in UTF-16.", where=str(self.path), hint="Save the file as UTF-8.")
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
            self._refuse_lone_returns(piece, data, quotes, breaks)
            numbers = np.arange(self.newlines + 2, self.newlines + 2 + len(breaks), dtype=np.int64)
            self.starts.append(numbers[outside])
            if (len(quotes) + self.parity) & 1 and not self.parity & 1:
                self.open_line = self.newlines + int(np.searchsorted(breaks, quotes[-1])) + 1
            self.parity = (self.parity + len(quotes)) & 1
        self.any_return = self.any_return or b"\r" in piece
        self.newlines += len(breaks)
        self.offset += len(piece)
        self.ends_in_newline = piece.endswith(b"\n")

    def _count_returns(self, data: np.ndarray, ends: np.ndarray) -> int:
        """Count the row ends that are CR LF."""
        split = bool(len(ends)) and int(ends[0]) == 0 and self.held_return
        ends = ends[ends > 0]
        return int(np.count_nonzero(data[ends - 1] == 13)) + split

    def _refuse_lone_returns(self, piece: bytes, data: np.ndarray, quotes: np.ndarray, breaks: np.ndarray) -> None:
        """Refuse CR without LF outside quotes: some readers end a line there and some do not."""
        if self.held_return and not piece.startswith(b"\n"):
            self._lone_return(self.newlines + 1)
        self.held_return = False
        if b"\r" not in piece:
            return
        returns = np.flatnonzero(data == 13)
        followed = data[np.minimum(returns + 1, len(data) - 1)] == 10
        outside = ((np.searchsorted(quotes, returns) + self.parity) & 1) == 0
        lone = returns[outside & ~followed]
        if len(lone) and int(lone[-1]) == len(data) - 1:
            self.held_return = True
            lone = lone[:-1]
        if len(lone):
            self._lone_return(self.newlines + int(np.searchsorted(breaks, lone[0])) + 1)

    def _lone_return(self, line: int) -> None:
        raise FormatError(
            f"line {line} holds a carriage return (CR) that no line feed follows: where its rows end is unsure.",
            where=f"{self.path}, line {line}",
            hint="Save the file with LF or CR LF line ends, and quote values that hold line breaks.",
        )

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
            raise FormatError("the last character of the file is cut off: the file is truncated.", where=str(self.path))
        if self.quoting and self.parity & 1:
            raise FormatError(
                f"a quote opened near line {self.open_line} is never closed: the file is cut off, or a quote is stray.",
                where=f"{self.path}, line {self.open_line}",
                hint='Double a quote inside a quoted value ("") and close every quoted value.',
            )
        if self.held_return:
            self._lone_return(self.newlines + 1)
        if self.offset - 1 - self.last_newline > MAX_LINE:
            self._too_long(self.newlines + 1)
        lines = self.newlines + (0 if self.ends_in_newline else 1)
        if not self.quoting:
            return TextScan(lines=lines, quoted_newlines=False, starts=None, carriage_returns=self.any_return)
        starts = np.concatenate(self.starts)
        if self.ends_in_newline:
            starts = starts[:-1]
        mixed = 0 < self.returns < self.outside
        return TextScan(lines, self.inside > 0, starts, mixed_newlines=mixed, carriage_returns=self.any_return)
