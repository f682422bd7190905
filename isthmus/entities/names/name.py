"""A name taken apart: its words with what each is (brand, trade, body, place, number), its legal form, and its other readings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from isthmus.entities.names.tables import Form, Place

Reading = tuple[str, ...]
"""The canonical words of one way to say a word in Latin letters."""


class Word(NamedTuple):
    """One word of a name.

    Attributes
    ----------
    text : str
        How it sounds or stands in Latin letters, written as one; empty where no reading is known.
    native : str
        The word in its own script where that is not Latin (Han simplified), else empty.
    role : str
        One of `isthmus.entities.names.tables.ROLES`.
    readings : tuple of tuples of str
        Canonical words by which it may be met in another name, the likeliest first.
    place : Place or None
        The place that it names.
    aside : bool
        Whether it stands in brackets.
    """

    text: str
    native: str
    role: str
    readings: tuple[Reading, ...]
    place: Place | None = None
    aside: bool = False


@dataclass(frozen=True, slots=True)
class NameReading:
    """One way to read a name.

    Attributes
    ----------
    words : tuple of Word
        The words without links ("and", "of") and legal forms, in their order.
    forms : tuple of Form
        The legal forms that it states, the most telling first.
    letters : str
        The first letters of all words, forms among them, in their order: what an initialism is made of.
    """

    words: tuple[Word, ...]
    forms: tuple[Form, ...]
    letters: str
    joined: str = ""
    """All words written as one, in Latin letters, links among them but for "and" and "the"."""
    whole: str = ""
    """The same with the legal forms."""
    links: frozenset[str] = frozenset()
    """Links that tell names apart ("con" is not "pro"): all but the commonest."""
    other: bool = False
    """Whether it is a further name that stands in brackets or behind "formerly" or "trading as"."""
    native: bool = False
    """Whether it is read from a script other than Latin."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it can be compared.

    Attributes
    ----------
    text : str
        The name as it was given.
    folded : str
        The name in folded letters.
    readings : tuple of NameReading
        The ways to read it: Han text may be Chinese or Japanese; a name in brackets is another name. Never empty unless `only_form`.
    notes : tuple of str
        What was found in the letters: invisible characters, look-alikes, scripts that cannot be read here.
    """

    text: str
    folded: str
    readings: tuple[NameReading, ...]
    notes: tuple[str, ...] = ()
    former: tuple[str, ...] = field(default=())
    """Names that it says it had before ("formerly …")."""

    @property
    def only_form(self) -> bool:
        """Whether nothing is left of the name without its legal form."""
        return not any(reading.words for reading in self.readings)
