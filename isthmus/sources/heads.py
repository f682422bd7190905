"""The beginnings of tables: which columns a file has, in each way in which it can be read."""

from __future__ import annotations

import csv
import io
import json
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pyarrow import ArrowException, parquet

from isthmus.errors import FormatError
from isthmus.sources.mapping import Header
from isthmus.sources.xlsx import peek_sheets

START = 256 * 1024
HEADER_ROWS = 12
"""A header stands on one of the first rows, below a title at most."""

DELIMITERS = (",", "\t", ";", "|")
_KEY = re.compile(r'"((?:[^"\\]|\\.)*)"\s*:')


def read_start(path: Path) -> bytes:
    """Return the first bytes of a file, unpacked where it is gzip."""
    with path.open("rb") as file:
        return unpacked_start(file.read(START))


def unpacked_start(start: bytes) -> bytes:
    """Return the beginning of what a gzip file holds, or `start` itself where it is not gzip."""
    if not start.startswith(b"\x1f\x8b"):
        return start
    try:
        return zlib.decompressobj(wbits=31).decompress(start, START)
    except zlib.error:
        return b""


def peek(path: Path, start: bytes, encoding: str | None = None) -> tuple[Header, ...]:
    """Return the ways in which a file can be read as a table; none where it is no table.

    Parameters
    ----------
    start : bytes
        Its first bytes (`read_start`).
    encoding : str or None
        Of a text file; UTF-8 otherwise, or UTF-16 where a byte order mark says so.
    """
    if start.startswith(b"PAR1"):
        return tuple(_parquet(path))
    if start.startswith(b"PK\x03\x04"):
        return tuple(_sheets(path))
    text = _decode(start, encoding)
    if text.lstrip().startswith(("{", "[")):
        return tuple(_json(text))
    return tuple(_delimited(text))


def _decode(start: bytes, encoding: str | None) -> str:
    if encoding is None:
        encoding = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return start.decode(encoding, "replace").removeprefix("\ufeff")


def _parquet(path: Path) -> Iterator[Header]:
    try:
        yield Header("parquet", frozenset(parquet.read_schema(path).names))
    except (ArrowException, OSError):
        return


def _sheets(path: Path) -> Iterator[Header]:
    try:
        sheets = peek_sheets(path, HEADER_ROWS)
    except FormatError:
        return
    for sheet in sheets:
        for number, row in enumerate(sheet.rows, start=1):
            names = frozenset(cell.strip() for cell in row if cell.strip())
            if names:
                yield Header("xlsx", names, row=number, sheet=sheet.name)


def _json(text: str) -> Iterator[Header]:
    """Yield the keys of the first object as columns, and those of a whole document that is cut off here."""
    try:
        first = json.loads(text.lstrip().split("\n", 1)[0])
        if isinstance(first, dict):
            yield Header("jsonl", frozenset(first))
    except (json.JSONDecodeError, RecursionError):
        pass
    yield Header("json", frozenset(_KEY.findall(text)))


def _delimited(text: str) -> Iterator[Header]:
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        line = 1
        try:
            for names in islice(reader, HEADER_ROWS):
                columns = frozenset(name.strip() for name in names if name.strip())
                if columns:
                    yield Header("csv", columns, delimiter=delimiter, row=line)
                line = reader.line_num + 1
        except csv.Error:
            continue
