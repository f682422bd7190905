"""Bring the files of GLEIF that are no tables into one form: a record as JSON text, and where it stands.

JSON Lines are cut by their lines. A JSON document is one list of records, or an object with such a list under `records`,
`relations` or `exceptions`; it is read in pieces, so that its size does not matter. XML is read by events, without document
type declarations: entities could hold a bomb or another file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TextIO
from xml.parsers import expat

import pyarrow as arrow
from pyarrow import parquet

from isthmus.errors import FormatError

LISTS = ("records", "relations", "exceptions")
PIECE = 4 * 1024 * 1024
MAX_RECORD = 64 * 1024 * 1024
"""Characters of one record that are read before the document is given up."""
BATCH = 20_000

_START = re.compile(r'\s*(?:\[|\{(?:[^\[]*?[{,\s])?"(' + "|".join(LISTS) + r')"\s*:\s*\[)')
_CONTENT_DATE = re.compile(r'ContentDate(?:>|"\s*:\s*(?:\{\s*"\$"\s*:\s*)?")\s*(\d{4}-\d\d-\d\d)')
_BETWEEN = re.compile(r"[\s,]*")
_BLANK = " \t\r\n\ufeff"
_RECORDS = {"LEIRecord", "RelationshipRecord", "Exception"}
_SCHEMA = arrow.schema([("body", arrow.string()), ("line", arrow.int64())])

Body = tuple[str, int]


def is_document(start: str) -> bool:
    """Tell from the beginning of a JSON file whether it is one document (a list of records), not JSON Lines."""
    return _START.match(start.lstrip(_BLANK)) is not None


def content_date(start: str) -> str | None:
    """Return the day on which the content was drawn up, from the header at the beginning of a file."""
    found = _CONTENT_DATE.search(start)
    return found[1] if found else None


def write_bodies(bodies: Iterator[Body], target: Path) -> None:
    """Write bodies to a Parquet file with `body` and `line`."""
    with parquet.ParquetWriter(target, _SCHEMA, compression="snappy") as writer:
        while batch := list(islice(bodies, BATCH)):
            texts, lines = zip(*batch, strict=True)
            writer.write_table(arrow.table([arrow.array(texts, arrow.string()), arrow.array(lines)], schema=_SCHEMA))


def document_bodies(path: Path) -> Iterator[Body]:
    """Yield the records of a JSON document with their place in the list (1 = first).

    Raises
    ------
    FormatError
        The text is no JSON from some record on; what follows cannot be told apart.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            yield from _items(file, path)
    except UnicodeDecodeError as error:
        raise FormatError(f"the document is not UTF-8: {error.reason}.", where=str(path)) from error


def _items(file: TextIO, path: Path) -> Iterator[Body]:
    decoder = json.JSONDecoder()
    text = file.read(PIECE)
    found = _START.match(text)
    if found is None:
        raise FormatError("the document holds no list of records.", where=str(path), hint=_HINT)
    at, number = found.end(), 1
    while True:
        at = _after(_BETWEEN, text, at)
        why = "the document ends within its list"
        if text.startswith("]", at):
            return
        if at < len(text):
            try:
                _, end = decoder.raw_decode(text, at)
            except json.JSONDecodeError as error:
                # Cut off by the end of the piece, or wrong: the next piece tells.
                why = error.msg
            except RecursionError as error:
                raise _broken(path, number, "it nests too deeply") from error
            else:
                yield text[at:end], number
                at, number = end, number + 1
                continue
        more = file.read(PIECE) if len(text) - at < MAX_RECORD else ""
        if not more:
            raise _broken(path, number, why)
        text, at = text[at:] + more, 0


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


_HINT = 'GLEIF writes {"records": [...]}, {"relations": [...]} or {"exceptions": [...]}.'


def _broken(path: Path, number: int, why: str) -> FormatError:
    return FormatError(f"the JSON of record {number} cannot be read: {why}.", where=str(path), hint="Fetch it again.")


def xml_bodies(path: Path) -> Iterator[Body]:
    """Yield the records of a file in XML as JSON of the shape that GLEIF gives them, with the line on which each begins.

    Raises
    ------
    FormatError
        The file is no well-formed XML, or has a document type declaration.
    """
    reader = _XmlReader(path)
    with path.open("rb") as file:
        while piece := file.read(PIECE // 16):
            yield from reader.feed(piece, final=False)
        yield from reader.feed(b"", final=True)


class _XmlReader:
    """Builds one record at a time from the events of the parser."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.done: list[Body] = []
        self.stack: list[tuple[str, dict[str, Any], list[str]]] = []
        self.line = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def feed(self, piece: bytes, *, final: bool) -> list[Body]:
        try:
            self.parser.Parse(piece, final)
        except expat.ExpatError as error:
            raise FormatError(
                f"the XML is not well formed: {expat.errors.messages[error.code]}.",
                where=f"{self.path}, line {error.lineno}",
                hint="Fetch the file again.",
            ) from error
        done, self.done = self.done, []
        return done

    def _refuse(self, *_: object) -> None:
        raise FormatError(
            "the file has a document type declaration, which could name entities; it is not opened.",
            where=f"{self.path}, line {self.parser.CurrentLineNumber}",
            hint="GLEIF's files have none: fetch the file from GLEIF.",
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if not self.stack and local not in _RECORDS:
            return
        if not self.stack:
            self.line = self.parser.CurrentLineNumber
        kept = {f"@{_attribute(key)}": value for key, value in attributes.items()} if self.stack else {}
        self.stack.append((local, kept, []))

    def _end(self, name: str) -> None:
        if not self.stack:
            return
        local, body, texts = self.stack.pop()
        text = "".join(texts).strip()
        if text:
            body["$"] = text
        if not self.stack:
            self.done.append((json.dumps(body, ensure_ascii=False), self.line))
            return
        parent = self.stack[-1][1]
        if local not in parent:
            parent[local] = body
        elif isinstance(parent[local], list):
            parent[local].append(body)
        else:
            parent[local] = [parent[local], body]

    def _text(self, data: str) -> None:
        if self.stack:
            self.stack[-1][2].append(data)


def _attribute(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return f"xml:{local}" if space.endswith("/XML/1998/namespace") else local
