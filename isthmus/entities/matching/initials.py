"""Initialisms: a name that is the first letters of another."""

from __future__ import annotations

from functools import lru_cache

from isthmus.entities.names.name import NameReading
from isthmus.entities.names.read import read_name
from isthmus.entities.names.tables import initialisms

_SHORTEST, _LONGEST = 3, 8


def initialism(a: NameReading, b: NameReading) -> tuple[bool, int] | None:
    """Return (whether a table knows it, how many letters it has) where one reading is the initialism of the other, else None."""
    for short, long in ((a, b), (b, a)):
        if len(short.words) != 1 or len(long.words) < 2:
            continue
        text = short.words[0].text
        if not (2 <= len(text) <= _LONGEST and text.isalpha()):
            continue
        if _known(text, long):
            return True, len(text)
        if len(text) >= _SHORTEST and _spells(text, long):
            return False, len(text)
    return None


def _known(text: str, long: NameReading) -> bool:
    wanted = _bag(long)
    return any(_bag_of(name) == wanted for name in initialisms().get(text, ()))


@lru_cache(maxsize=4_096)
def _bag_of(name: str) -> frozenset[str]:
    readings = read_name(name).readings
    return _bag(readings[0]) if readings else frozenset()


def _bag(reading: NameReading) -> frozenset[str]:
    return frozenset(part for word in reading.words for part in (word.readings[0] if word.readings else (word.text,)))


def _spells(text: str, long: NameReading) -> bool:
    """Tell whether `text` is the first letters of the words in their order, with those of legal forms and links where it has more."""
    first = "".join(word.text[:1] for word in long.words)
    return text == first or (len(text) > len(first) and _within(first, text) and _within(text, long.letters))


def _within(short: str, long: str) -> bool:
    """Tell whether the letters of `short` stand in `long` in their order."""
    rest = iter(long)
    return all(letter in rest for letter in short)
