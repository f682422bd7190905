"""The values that the reader hands on: documents, what they say, and the log of what makes no claim."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

KINDS_OF_FIELD = 300


class Document(NamedTuple):
    """A bill of materials in the shape of its JSON, whatever it was written in.

    `place` turns a JSON pointer (RFC 6901) into the words for a place in the file: itself, or an XPath.
    """

    body: dict[str, Any]
    version: str
    place: Callable[[str], str]


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
    """

    line: int
    sort: str
    body: dict[str, Any]
    pointer: str
    ref: str | None
    entity: str
    parent: str | None
    purl: str | None = None


class Fact(NamedTuple):
    """One claim, without its source.

    `ref` and `pointer` say where it stands; `pieces` is how often a part goes into the whole.
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
