"""The values that the reader hands on: statements, what they say, and the log of what they do not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from isthmus.model import Rejection

LISTED_FAULTS = 100_000
KINDS_OF_FIELD = 200


class Fact(NamedTuple):
    """One thing that a statement says, without the days on which the statement lets it hold.

    Attributes
    ----------
    pointer : str
        Where in the statement it stands (RFC 6901).
    low, high : str or None
        A share as fractions of 1, with a mark for an end that is not reached.
    pairs : tuple of (qualifier, value)
        In the order in which they are written.
    start, end : str or None
        The days that the statement itself gives.
    seen : str or None
        Where `exact`: the day on which it was seen to hold.
    exact : bool
        The three dates are as they must be, whatever the date of the statement.
    """

    pointer: str
    subject: str
    predicate: str
    object: str | None = None
    value: str | None = None
    low: str | None = None
    high: str | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    start: str | None = None
    end: str | None = None
    seen: str | None = None
    exact: bool = False

    @property
    def qualifiers(self) -> str | None:
        """The qualifiers as one text, None where there are none."""
        return "; ".join(f"{name}={value}" for name, value in self.pairs) or None


class Claim(NamedTuple):
    """A fact of a statement with the days between which it holds."""

    statement: Statement
    fact: Fact
    valid_from: str | None = None
    valid_to: str | None = None
    observed: str | None = None


@dataclass(slots=True)
class Log:
    """What is read past, what is refused, and what is worth a remark."""

    left_out: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejection] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    more: int = 0

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


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as far as its record and its order go, with the facts that it states.

    Attributes
    ----------
    line, place : int, str
        For people: the line (or number in the array), and a pointer to it.
    key : str
        What the locators of its claims begin with: its statementId, or its place where it has none.
    moment, published : str
        statementDate and publicationDate as written, to order statements; empty where missing.
    day : str or None
        The day of the statement.
    left : str or None
        Why the statement makes no claim on purpose.
    joins : tuple of (str or None, str or None)
        For relationships: the records of the subject and of the interested party.
    components : tuple of str
        For indirect relationships: the records of the chain.
    print : int
        Equal for statements that are the same text.
    names : tuple of str
        For persons and entities: their names, by which sources are recognised.
    reason : str or None
        For persons and entities that are not named: why.
    """

    line: int
    place: str
    key: str
    record: str
    type: str
    publisher: str
    licence: str | None = None
    moment: str = ""
    published: str = ""
    day: str | None = None
    closed: bool = False
    correcting: bool = False
    replaces: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    faulty: bool = False
    left: str | None = None
    names: tuple[str, ...] = ()
    reason: str | None = None
    joins: tuple[str | None, str | None] = (None, None)
    components: tuple[str, ...] = ()
    print: int = 0
    asserted: tuple[str, ...] = ()
    hosts: tuple[tuple[str, str], ...] = ()
