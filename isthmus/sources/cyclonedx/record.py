"""The values that the reader hands on: documents, what they say, and the log of what makes no claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from isthmus.model import Rejection

LISTED_FAULTS = 100_000
KINDS_OF_FIELD = 300
SHOWN_PLACES = 10


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


@dataclass(slots=True)
class Log:
    """What is read past, what is refused, and what is worth a remark."""

    left_out: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejection] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, line: int, place: str, reason: str) -> None:
        """List a fault with its line and place."""
        if len(self.rejected) < LISTED_FAULTS:
            self.rejected.append(Rejection(line, f"{place}: {reason}"))
        else:
            self.left_out["further faults, not listed"] += 1

    def leave(self, reason: str, count: int = 1) -> None:
        """Count what makes no claim on purpose."""
        known = reason in self.left_out or len(self.left_out) < KINDS_OF_FIELD
        self.left_out[reason if known else "further fields, not named"] += count

    def note(self, remark: str, place: str) -> None:
        """Remember a remark and the place that it is about."""
        self.notes.setdefault(remark, []).append(place)

    def remarks(self) -> tuple[str, ...]:
        """Return the remarks, each with how often it holds and the first places."""
        return tuple(
            f"{len(places)} {remark}: {', '.join(places[:SHOWN_PLACES])}{' …' if len(places) > SHOWN_PLACES else ''}"
            for remark, places in self.notes.items()
        )
