"""Read a scenario file into nodes that know their line: every value stays text, and nothing may be said twice."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import yaml

from isthmus.errors import ArgumentError, FormatError

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 12
MAX_NODES = 50_000
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file: a text, a list or a set of keys, with the place where it stands.

    Exactly one of `text`, `items` and `pairs` is not None.
    """

    where: str
    text: str | None = None
    items: tuple[Node, ...] | None = None
    pairs: tuple[tuple[str, Node], ...] | None = None

    def fail(self, message: str, hint: str | None = None) -> NoReturn:
        """Raise a FormatError that names this place."""
        raise FormatError(message, where=self.where, hint=hint)

    def keys(self, allowed: Iterable[str], what: str) -> dict[str, Node]:
        """Return the keys of this node; refuse a list, a text, and keys that are not in `allowed`."""
        names = tuple(allowed)
        if self.pairs is None:
            self.fail(f"{what} must have keys ({', '.join(names)}).", "Write one `key: value` a line, indented alike.")
        for name, value in self.pairs:
            if name not in names:
                value.fail(f"{what} has no key “{name}”.", suggest(name, names))
        return dict(self.pairs)

    def listed(self, what: str) -> tuple[Node, ...]:
        """Return the items of a list; a lone text counts as a list of one."""
        if self.pairs is not None:
            self.fail(f"{what} must be a list.", "Write each after `- `, or several as [A, B].")
        if self.items is None:
            if not (self.text or "").strip():
                self.fail(f"{what} is empty.", "Write it, or leave the key out.")
            return (self,)
        return self.items

    def words(self, what: str) -> str:
        """Return the text of this node; refuse lists, keys and the empty text."""
        if self.text is None:
            self.fail(f"{what} must be a text, not a {'list' if self.items is not None else 'set of keys'}.")
        if not self.text.strip():
            self.fail(f"{what} is empty.", "Write it, or leave the key out.")
        return self.text.strip()


def suggest(word: str, names: Iterable[str]) -> str:
    """Return a hint with the nearest name, and all names."""
    known = tuple(names)
    near = difflib.get_close_matches(word, known, 1, 0.6)
    return (f"Did you mean “{near[0]}”? " if near else "") + f"There are: {', '.join(known)}."


def read_documents(path: Path) -> list[Node]:
    """Return the documents of a file, of which `---` stands between two.

    Raises
    ------
    ArgumentError
        The file cannot be read.
    FormatError
        It is too large, not UTF-8 or YAML, says a key twice or nests beyond measure.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ArgumentError(
            f"the scenario cannot be read: {error.strerror}.",
            where=str(path),
            hint="`isthmus suppose --list` names the examples that come with Isthmus.",
        ) from error
    if len(data) > MAX_BYTES:
        raise FormatError(f"the scenario is larger than {MAX_BYTES // 1024} KiB.", where=str(path))
    try:
        return parse_documents(data.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise FormatError("the scenario is not UTF-8.", where=str(path), hint="Save it as UTF-8.") from error


def parse_documents(text: str, name: str) -> list[Node]:
    """Turn the text of a scenario file into nodes; `name` stands before the line in messages."""
    try:
        _check_depth(text, name)
        roots = [root for root in yaml.compose_all(text, Loader=_Loader) if root is not None]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FormatError(
            f"the file is not YAML: {error.problem or error.context}.",
            where=f"{name}, line {line}",
            hint="Check the indentation there, and quote texts that hold “: ” or “#”.",
        ) from error
    except yaml.YAMLError as error:
        raise FormatError(f"the file is not YAML: {error}", where=name) from error
    reader = _Reader(name)
    found = [reader.node(root) for root in roots]
    if not found:
        raise FormatError("the scenario file is empty.", where=name, hint="`isthmus suppose --list` names examples.")
    return found


def _check_depth(text: str, name: str) -> None:
    """Walk the events before anything is built: depth is bounded there without recursion."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise FormatError(f"the file nests deeper than {MAX_DEPTH} levels.", where=f"{name}, line {line}")
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1 if node.start_mark else 1


class _Reader:
    """Turns YAML nodes into ours and counts them as aliases spread them out."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.count = 0
        self.open: list[int] = []

    def node(self, raw: yaml.Node) -> Node:
        where = f"{self.name}, line {_line(raw)}"
        self.count += 1
        if self.count > MAX_NODES:
            raise FormatError(
                f"the file holds more than {MAX_NODES} values once its aliases are spread out.", where=where
            )
        if isinstance(raw, yaml.ScalarNode):
            plain_null = not raw.style and raw.value in ("", "~", "null")
            return Node(where, text="" if plain_null else str(raw.value))
        if id(raw) in self.open:
            raise FormatError("the alias refers to a value that it is part of.", where=where)
        self.open.append(id(raw))
        if isinstance(raw, yaml.SequenceNode):
            built = Node(where, items=tuple(self.node(item) for item in raw.value))
        else:
            built = Node(where, pairs=tuple(self._pairs(raw)))
        self.open.pop()
        return built

    def _pairs(self, raw: yaml.Node) -> Iterator[tuple[str, Node]]:
        seen: set[str] = set()
        for key, value in raw.value:
            where = f"{self.name}, line {_line(key)}"
            if not isinstance(key, yaml.ScalarNode):
                raise FormatError("a key must be a text.", where=where)
            name = str(key.value)
            if name in seen:
                raise FormatError(f"the key “{name}” stands twice: one of them would be lost.", where=where)
            seen.add(name)
            # Whatever is wrong with a value is told where its key stands.
            yield name, replace(self.node(value), where=where)
