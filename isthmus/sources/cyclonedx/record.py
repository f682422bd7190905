"""The values that the reader hands on: documents, what they say, and the log of what makes no claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

KINDS_OF_FIELD = 300
DRAFT = "2."
"""What the version of a draft begins with."""
NOTHING: Mapping[str, list[str]] = MappingProxyType({})


class Document(NamedTuple):
    """A bill of materials in the shape of its JSON, whatever it was written in.

    `place` turns a JSON pointer (RFC 6901) into the words for a place in the file: itself, or an XPath.
    """

    body: dict[str, Any]
    version: str
    place: Callable[[str], str]

    @property
    def draft(self) -> bool:
        """Whether it is of the draft of version 2.0."""
        return self.version.startswith(DRAFT)


class Item(NamedTuple):
    """A component or a service, with what it is to us.

    Attributes
    ----------
    line : int
        Its number among the records of the document, in their order (1 = first).
    sort : str
        ``root``, ``component``, ``service`` or ``pedigree`` (a component that is an ancestor, a descendant or a variant).
    pointer, ref : str, str or None
        Where it stands, and its bom-ref.
    entity, parent : str, str or None
        Its id, and that of the thing of which it is a part.
    purl : str or None
        Its package URL in canonical form.
    own : dict of name to values
        What our own export says of it in properties.
    need : str or None
        The need of its parent that it meets together with alternatives (2.0).
    """

    line: int
    sort: str
    body: dict[str, Any]
    pointer: str
    ref: str | None
    entity: str
    parent: str | None
    purl: str | None = None
    own: Mapping[str, list[str]] = NOTHING
    need: str | None = None


class Mention(NamedTuple):
    """A thing that is described elsewhere and named here as a part of another (2.0)."""

    line: int
    ref: str
    pointer: str
    parent: str
    need: str | None


class Party(NamedTuple):
    """A party of the draft of 2.0: what it is said to be, in which roles, and the id of the organisation, if it is one."""

    body: dict[str, Any]
    pointer: str
    entity: str | None


class Fact(NamedTuple):
    """One claim, without its source.

    `ref` and `pointer` say where it stands; `pieces` is how often a part goes into the whole, or a
    number of the `unit` that is given.
    """

    line: int
    ref: str | None
    pointer: str
    subject: str
    predicate: str
    object: str | None = None
    value: str | None = None
    pieces: str | None = None
    qualifiers: str | None = None
    hedge: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    unit: str | None = None
