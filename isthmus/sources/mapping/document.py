"""A mapping file as nodes that know their line."""

from __future__ import annotations

from pathlib import Path

from isthmus.errors import MappingError
from isthmus.sources.documents import Form, Node, parse_nodes, read_nodes

_FORM = Form(
    "mapping file",
    MappingError,
    MappingError,
    Node,
    large="A mapping says how rows become claims; the rows themselves stand in the data file.",
    empty="Begin with `mapping: my-data/1`.",
)


def read_document(path: Path) -> Node:
    """Read a mapping file.

    Raises
    ------
    MappingError
        The file cannot be read, is too large, is not UTF-8 or YAML, repeats a key or nests beyond measure.
    """
    return _one(read_nodes(path, _FORM))


def parse_document(text: str, name: str) -> Node:
    """Turn the text of a mapping file into nodes; `name` stands before the line in messages."""
    return _one(parse_nodes(text, name, _FORM))


def _one(found: list[Node]) -> Node:
    if len(found) > 1:
        found[1].fail("a mapping file holds one document, and here a second begins.", "Put it into a file of its own.")
    return found[0]
