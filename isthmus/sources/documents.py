"""Read a YAML file into nodes that know their line: every value stays text, and nothing may be said twice.

YAML guesses types (`NO` becomes false, `1e3` a number) and lets a later key overwrite an earlier one. Files that people write for us are
about texts, so scalars stay as they are written, doubled keys are refused, and aliases cannot blow the file up.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import yaml

from isthmus.errors import InputError

MAX_BYTES = 1024 * 1024
MAX_NODES = 50_000
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file.

    Attributes
    ----------
    what : str
        What it is called in messages: ``mapping file``.
    fault, unreadable : type of InputError
        What is raised for what it says, and where it cannot be opened.
    kind : type of Node
        What its values become.
    depth : int
        So deep it may nest.
    by_key : bool
        Whether what is wrong with a value is told at the line of its key.
    missing, large, empty : str or None
        What to do where it cannot be opened, is too large, or says nothing.
    """

    what: str
    fault: type[InputError]
    unreadable: type[InputError]
    kind: type[Node]
    depth: int = 24
    by_key: bool = False
    missing: str | None = None
    large: str | None = None
    empty: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file: a text, a list or a set of keys, with the place where it stands.

    Exactly one of `text`, `items` and `pairs` is not None.
    """

    where: str
    form: Form
    text: str | None = None
    items: tuple[Node, ...] | None = None
    pairs: tuple[tuple[str, Node], ...] | None = None

    def fail(self, message: str, hint: str | None = None) -> NoReturn:
        """Raise the error of the kind of file that names this place."""
        raise self.form.fault(message, where=self.where, hint=hint)

    def keys(self, allowed: Iterable[str], what: str) -> dict[str, Node]:
        """Return the keys of this node; refuse a list, a text, and keys that are not in `allowed`."""
        names = tuple(allowed)
        if self.pairs is None:
            self.fail(f"{what} must have keys ({', '.join(names)}).", "Write one `key: value` a line, indented alike.")
        for name, value in self.pairs:
            if name not in names:
                value.fail(f"{what} has no key “{name}”.", suggest(name, names))
        return dict(self.pairs)

    def named(self, what: str) -> tuple[tuple[str, Node], ...]:
        """Return the pairs of this node, whose names the author chooses."""
        if self.pairs is None:
            self.fail(f"{what} must be a set of `name: value` lines.")
        return self.pairs

    def listed(self, what: str) -> tuple[Node, ...]:
        """Return the items of a list; a lone value counts as a list of one."""
        if self.items is None:
            if self.text == "":
                self.fail(f"{what} is empty.", "Write it, or leave the key out.")
            return (self,)
        return self.items

    def words(self, what: str) -> str:
        """Return the text of this node; refuse lists, keys and the empty text."""
        if self.text is None:
            self.fail(f"{what} must be a text, not a {'list' if self.items is not None else 'set of keys'}.")
        if not self.text.strip():
            self.fail(f"{what} is empty.", "Write it, or leave the key out.")
        return self.text

    def one_of(self, allowed: Iterable[str], what: str) -> str:
        """Return the text of this node where it is one of `allowed`."""
        names, text = tuple(allowed), self.words(what)
        if text not in names:
            self.fail(f"{what} “{text}” is unknown.", suggest(text, names))
        return text

    def flag(self, what: str) -> bool:
        """Return a yes or no."""
        return self.one_of(("yes", "no", "true", "false"), what) in ("yes", "true")

    def whole(self, what: str) -> int:
        """Return a whole number from 1."""
        text = self.words(what)
        if not text.isascii() or not text.isdigit() or int(text) < 1:
            self.fail(f"{what} must be a whole number from 1, not “{text}”.")
        return int(text)


def suggest(word: str, names: Iterable[str]) -> str:
    """Return a hint with the nearest name, or with all names where none is near."""
    known = tuple(names)
    near = difflib.get_close_matches(word, known, 1, 0.6) or [name for name in known if name.lower() == word.lower()]
    listed = ", ".join(known) if len(known) <= 40 else f"{', '.join(known[:40])} …"
    return (f"Did you mean “{near[0]}”? " if near else "") + f"There are: {listed}."


def read_nodes(path: Path, form: Form) -> list[Node]:
    """Return the documents of a file, of which ``---`` stands between two; there is at least one.

    Raises
    ------
    InputError
        Of the form's kinds: the file cannot be read, is too large, is not UTF-8 or YAML, repeats a key or nests beyond measure.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"the {form.what} cannot be read: {error.strerror}."
        raise form.unreadable(message, where=str(path), hint=form.missing) from error
    if len(data) > MAX_BYTES:
        raise form.fault(f"the {form.what} is larger than {MAX_BYTES // 1024} KiB.", where=str(path), hint=form.large)
    try:
        return parse_nodes(data.decode("utf-8-sig"), str(path), form)
    except UnicodeDecodeError as error:
        raise form.fault(f"the {form.what} is not UTF-8.", where=str(path), hint="Save it as UTF-8.") from error


def parse_nodes(text: str, name: str, form: Form) -> list[Node]:
    """Turn the text of a file into nodes; `name` stands before the line in messages."""
    try:
        _check_shape(text, name, form)
        roots = [root for root in yaml.compose_all(text, Loader=_Loader) if root is not None]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise form.fault(
            f"the file is not YAML: {error.problem or error.context}.",
            where=f"{name}, line {line}",
            hint="Check the indentation there, and quote texts that hold “: ”, “#” or begin with “{”, “[”, “*”, “&”, “%”, “@”.",
        ) from error
    except yaml.YAMLError as error:
        raise form.fault(f"the file is not YAML: {error}", where=name) from error
    if not roots:
        raise form.fault(f"the {form.what} is empty.", where=name, hint=form.empty)
    reader = _Reader(name, form)
    return [reader.node(root) for root in roots]


def _check_shape(text: str, name: str, form: Form) -> None:
    """Walk the events before anything is built: depth and aliases are bounded there without recursion."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > form.depth:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise form.fault(f"the file nests deeper than {form.depth} levels.", where=f"{name}, line {line}")
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1 if node.start_mark else 1


class _Reader:
    """Turns YAML nodes into ours and counts them as aliases spread them out."""

    def __init__(self, name: str, form: Form) -> None:
        self.name = name
        self.form = form
        self.count = 0
        self.open: list[int] = []

    def node(self, raw: yaml.Node) -> Node:
        where = f"{self.name}, line {_line(raw)}"
        self.count += 1
        if self.count > MAX_NODES:
            raise self.form.fault(
                f"the file holds more than {MAX_NODES} values once its aliases are spread out.",
                where=where,
                hint="Write the values out, without `&` and `*`.",
            )
        if isinstance(raw, yaml.ScalarNode):
            plain_null = not raw.style and raw.value in ("", "~", "null")
            return self.form.kind(where, self.form, text="" if plain_null else str(raw.value))
        if id(raw) in self.open:
            raise self.form.fault("the alias refers to a value that it is part of.", where=where)
        self.open.append(id(raw))
        built = self._branch(raw, where)
        self.open.pop()
        return built

    def _branch(self, raw: yaml.Node, where: str) -> Node:
        if isinstance(raw, yaml.SequenceNode):
            return self.form.kind(where, self.form, items=tuple(self.node(item) for item in raw.value))
        return self.form.kind(where, self.form, pairs=tuple(self._pairs(raw)))

    def _pairs(self, raw: yaml.Node) -> Iterator[tuple[str, Node]]:
        seen: set[str] = set()
        for key, value in raw.value:
            where = f"{self.name}, line {_line(key)}"
            if not isinstance(key, yaml.ScalarNode):
                hint = "A text that begins with `{` must be quoted."
                raise self.form.fault("a key must be a text.", where=where, hint=hint)
            name = str(key.value)
            if name in seen:
                raise self.form.fault(
                    f"the key “{name}” stands twice: one of them would be lost.",
                    where=where,
                    hint="Join them or rename one.",
                )
            seen.add(name)
            held = self.node(value)
            # Of a few lines' file, whatever is wrong with a value is told where its key stands.
            yield name, replace(held, where=where) if self.form.by_key else held
