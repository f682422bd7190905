"""The values that the reader hands on: statements, what they say, and the log of what they do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


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
