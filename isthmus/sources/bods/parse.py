"""Cut a file into statements: a JSON array, JSON Lines, or one object; each with its place, or with what is wrong with it.

Numbers with a point are kept as decimals, because a share of 33.3 % is not a binary fraction. An array is read piece by
piece, so that memory holds the statements one at a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from isthmus.errors import FormatError
from isthmus.sources.scan import CHUNK, scan_text

PIECE = CHUNK // 8
_SHAPE = "BODS is a JSON array of statements, or JSON Lines with one statement on each line."
_BLANK = " \t\r\n"
_SURROGATE = re.compile("[\ud800-\udfff]")


class Item(NamedTuple):
    """One statement as it stands in the file.

    `line` is the line of JSON Lines, or the number of the statement in an array (1 = first); `place` names it for people:
    a JSON pointer (RFC 6901) into the array, or the line. `print` is equal for equal texts.
    """

    line: int
    place: str
    body: dict[str, Any]
    print: int
    fault: str | None = None


class _DoubledKeyError(ValueError):
    """A key stands twice in one object: a parser would keep one value and drop the other in silence."""


class _NoNumberError(ValueError):
    """NaN or an infinity, which JSON does not have."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) < len(pairs):
        names = [name for name, _ in pairs]
        raise _DoubledKeyError(next(name for name in names if names.count(name) > 1))
    return body


def _constant(text: str) -> None:
    raise _NoNumberError(text)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=Decimal, parse_int=Decimal, parse_constant=_constant)
_LENIENT = json.JSONDecoder(parse_float=str, parse_int=str)


def read_items(path: Path, progress: Callable[[int, int], None]) -> Iterator[Item]:
    """Yield the statements of a UTF-8 file in their order; blank lines are read past.

    Raises
    ------
    FormatError
        The array breaks off or holds what is not JSON, so that the statements after that place cannot be told apart.
    """
    if path.stat().st_size == 0:
        raise FormatError("the file is empty.", where=str(path), hint=_SHAPE)
    try:
        with path.open(encoding="utf-8-sig") as file:
            start = _first_sign(file.read(64 * 1024))
        if start == "[":
            yield from _array(path, progress)
        elif start == "{":
            scan_text(path, quoting=False, progress=progress)
            yield from _lines(path)
        else:
            raise FormatError(
                "these are no statements of BODS: the file begins neither with [ nor with {.",
                where=str(path),
                hint=_SHAPE,
            )
    except UnicodeDecodeError as error:
        raise FormatError(
            f"the file is not UTF-8 (byte 0x{error.object[error.start]:02x}).",
            where=str(path),
            hint="Save the file as UTF-8.",
        ) from error


def _first_sign(text: str) -> str:
    return text.lstrip(_BLANK)[:1]


def _lines(path: Path) -> Iterator[Item]:
    found, line = False, 0
    with path.open("rb") as file:
        for line, raw in enumerate(file, start=1):
            text = raw.decode("utf-8-sig").strip(_BLANK)
            if not text:
                continue
            if not found and line == 1 and text == "{":
                break
            found = True
            yield read_item(text, line, f"line {line}")
    if not found:  # one object, written over several lines
        yield read_item(path.read_text("utf-8-sig").strip(_BLANK), 1, "/")


def read_item(text: str, line: int, place: str) -> Item:
    """Return the statement that a JSON text is, or what is wrong with it."""
    try:
        body = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        return Item(line, place, {}, 0, f"it is not JSON: {error.msg} at character {error.pos + 1}")
    except (ValueError, RecursionError) as error:
        return Item(line, place, {}, 0, _reason(error))
    return _checked(body, text, line, place)


def _reason(error: Exception) -> str:
    if isinstance(error, _DoubledKeyError):
        return f"the key “{error}” stands twice in one object"
    if isinstance(error, _NoNumberError):
        return f"{error} is no number of JSON"
    return "it nests too deeply or holds a number beyond measure"


def _checked(body: Any, text: str, line: int, place: str) -> Item:
    if not isinstance(body, dict):
        return Item(line, place, {}, 0, "it is not a JSON object")
    if "\\u" in text and _SURROGATE.search(json.dumps(body, ensure_ascii=False, default=str)):
        return Item(line, place, {}, 0, "a text holds half a character (a lone surrogate \\uD800-\\uDFFF)")
    return Item(line, place, body, hash(text))


def _array(path: Path, progress: Callable[[int, int], None]) -> Iterator[Item]:
    size, number = path.stat().st_size, 0
    with path.open(encoding="utf-8-sig") as file:
        text = _Window(file, lambda done: progress(min(done, size), size))
        text.skip()
        text.at += 1  # the bracket that opens the array
        while True:
            text.skip()
            if text.sign() == "]":
                break
            if number:
                if text.sign() != ",":
                    raise _broken(path, number, "a comma or the end of the array is missing")
                text.at += 1
                text.skip()
            try:
                yield text.next_item(number)
            except json.JSONDecodeError as error:
                raise _broken(path, number, error.msg) from error
            except RecursionError as error:
                raise _broken(path, number, _reason(error)) from error
            number += 1
        text.at += 1
        text.skip()
        if text.sign():
            raise _broken(path, number, "something stands after the end of the array")


def _decode(text: str, at: int) -> tuple[Any, int, str | None]:
    """Return the value that begins at a place, where it ends, and what is wrong with it though it can be passed over."""
    try:
        return *_DECODER.raw_decode(text, at), None
    except (_DoubledKeyError, _NoNumberError) as error:
        return *_LENIENT.raw_decode(text, at), _reason(error)


class _Window:
    """The part of a text file that is looked at; it grows while a value goes on and forgets what is behind."""

    def __init__(self, file: TextIO, grown: Callable[[int], None]) -> None:
        self.file = file
        self.grown = grown
        self.held = ""
        self.at = 0
        self.ended = False
        self.done = 0
        self.size = PIECE

    def sign(self) -> str:
        return self.held[self.at : self.at + 1]

    def skip(self) -> None:
        """Go to the next sign that is not blank."""
        while True:
            while self.at < len(self.held) and self.held[self.at] in _BLANK:
                self.at += 1
            if self.at < len(self.held) or self.ended:
                return
            self._grow()

    def next_item(self, number: int) -> Item:
        line, place = number + 1, f"/{number}"
        while True:
            try:
                body, after, fault = _decode(self.held, self.at)
            except json.JSONDecodeError:
                if self.ended:
                    raise
                self._grow()
                continue
            if after == len(self.held) and not self.ended:
                self._grow()  # a number or a word may go on
                continue
            text, self.at, self.size = self.held[self.at : after], after, PIECE
            return Item(line, place, {}, 0, fault) if fault else _checked(body, text, line, place)

    def _grow(self) -> None:
        piece = self.file.read(self.size)
        self.size *= 2  # a value that goes on is read from its beginning again: so it is read twice at most
        self.held, self.at, self.ended = self.held[self.at :] + piece, 0, not piece
        self.done += len(piece)
        self.grown(self.done)


def _broken(path: Path, number: int, reason: str) -> FormatError:
    return FormatError(
        f"the array cannot be read on from its item {number + 1} (/{number}): {reason}.",
        where=str(path),
        hint="Mend the JSON, or write the statements as JSON Lines: there a bad line is refused alone.",
    )
