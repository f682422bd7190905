"""Pairs of things whose names are the same, or differ in one letter: people and goods, whose names have no parts to weigh."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from isthmus.claims.words import fold

SHORTEST = 5
WORD = 4
CROWD = 40
"""So many names that differ in one letter at one place are a series (B-1 to B-40), not slips."""


def one_letter_apart(names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str, str]]:
    """Yield (entity, entity, name, name) where two entities' names differ in one letter at most, or two letters change places.

    Case, accents and spaces do not count. A digit that differs is no slip, nor is a letter of a short word or
    beside a digit (DF-31, DF-31A).

    Parameters
    ----------
    names : iterable of (entity, name)
    """
    held: dict[str, list[tuple[str, str, int, str]]] = {}
    for entity, name in sorted(names):
        folded = "".join(fold(name).split())
        if len(folded) < SHORTEST or not folded.isascii():
            continue
        held.setdefault(folded, []).append((entity, name, -1, ""))
        for at, char in _letters(fold(name)):
            held.setdefault(folded[:at] + folded[at + 1 :], []).append((entity, name, at, char))
    seen = set()
    for crowd in held.values():
        if not 2 <= len(crowd) <= CROWD:
            continue
        for one, two in combinations(crowd, 2):
            pair = (one[0], two[0])
            if pair[0] != pair[1] and pair not in seen and _a_slip(one, two):
                seen |= {pair, pair[::-1]}
                yield (*pair, one[1], two[1])


def _a_slip(one: tuple[str, str, int, str], two: tuple[str, str, int, str]) -> bool:
    """Tell whether what was left out of two names to make them equal is one letter of one, or of both at one place."""
    if one[2] < 0 or two[2] < 0:
        return True
    return one[2] == two[2] or (abs(one[2] - two[2]) == 1 and one[3] == two[3])


def _letters(text: str) -> Iterator[tuple[int, str]]:
    """Yield the letters in which a slip may be, with their places in the text without spaces."""
    at = 0
    for word in text.split():
        if len(word) >= WORD and word.isalpha():
            yield from enumerate(word, at)
        at += len(word)
