"""A scenario file as nodes that know their line."""

from __future__ import annotations

from pathlib import Path

from isthmus.errors import ArgumentError, FormatError
from isthmus.sources.documents import Form, Node, parse_nodes, read_nodes


class Value(Node):
    """A value of a scenario: texts come without blanks at their ends, and a list is a list of texts or of changes."""

    __slots__ = ()

    def listed(self, what: str) -> tuple[Node, ...]:
        """Return the items of a list; a lone text counts as a list of one."""
        if self.pairs is not None:
            self.fail(f"{what} must be a list.", "Write each after `- `, or several as [A, B].")
        if self.items is None and not (self.text or "").strip():
            self.fail(f"{what} is empty.", "Write it, or leave the key out.")
        return (self,) if self.items is None else self.items

    def words(self, what: str) -> str:
        """Return the text of this node; refuse lists, keys and the empty text."""
        return Node.words(self, what).strip()


_FORM = Form(
    "scenario file",
    FormatError,
    ArgumentError,
    Value,
    depth=12,
    by_key=True,
    missing="`isthmus suppose --list` names the examples that come with Isthmus.",
    empty="`isthmus suppose --list` names examples.",
)


def read_documents(path: Path) -> list[Node]:
    """Return the documents of a file, of which ``---`` stands between two.

    Raises
    ------
    ArgumentError
        The file cannot be read.
    FormatError
        It is too large, not UTF-8 or YAML, says a key twice or nests beyond measure.
    """
    return read_nodes(path, _FORM)


def parse_documents(text: str, name: str) -> list[Node]:
    """Turn the text of a scenario file into nodes; `name` stands before the line in messages."""
    return parse_nodes(text, name, _FORM)
