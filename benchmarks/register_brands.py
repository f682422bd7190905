"""Invent brands: coined of syllables, like surnames, of real words that many firms share, of letters."""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt

from benchmarks.register_words import ACCENTS, BRANDS, ENDINGS, FIRST_LETTERS, SECONDS, SURNAME_ENDINGS, SYLLABLES

COINED, SURNAME, SURNAMES, WORD, WORDS, LETTERS = range(6)
SHARES = (0.42, 0.22, 0.08, 0.10, 0.13, 0.05)
ACCENTED = 0.3

Words = npt.NDArray[np.object_]

_SYLLABLES = np.array(SYLLABLES, dtype=object)
_ENDINGS = np.array(ENDINGS, dtype=object)


def coined(chance: random.Random) -> str:
    """Return one coined word."""
    return (chance.choice(SYLLABLES) + chance.choice(SYLLABLES) + chance.choice(ENDINGS)).capitalize()


def brands(language: Words, chance: np.random.Generator) -> Words:
    """Return a brand for each firm, named as in its language."""
    count = len(language)
    kind = chance.choice(6, count, p=SHARES)
    brand = np.full(count, "", dtype=object)
    rows = np.flatnonzero(kind == COINED)
    brand[rows] = _accented(_coined(len(rows), chance), language[rows], chance)
    rows = np.flatnonzero(kind == SURNAME)
    brand[rows] = _surnames(language[rows], chance)
    rows = np.flatnonzero(kind == SURNAMES)
    brand[rows] = _surnames(language[rows], chance) + " & " + _surnames(language[rows], chance)
    rows = np.flatnonzero(kind == WORD)
    brand[rows] = _pick(BRANDS, len(rows), chance)
    rows = np.flatnonzero(kind == WORDS)
    brand[rows] = _pick(BRANDS, len(rows), chance) + " " + _pick(SECONDS, len(rows), chance)
    rows = np.flatnonzero(kind == LETTERS)
    letters = np.array(list(FIRST_LETTERS), dtype=object)[chance.integers(0, len(FIRST_LETTERS), (3, len(rows)))]
    brand[rows] = letters[0] + letters[1] + letters[2]
    return brand


def _coined(count: int, chance: np.random.Generator) -> Words:
    first, second = _SYLLABLES[chance.integers(0, len(_SYLLABLES), (2, count))]
    ending = _ENDINGS[chance.integers(0, len(_ENDINGS), count)]
    return _capitalised(first + second + ending)


def _surnames(language: Words, chance: np.random.Generator) -> Words:
    """Return a syllable or two with an ending that surnames of the language have."""
    count = len(language)
    first, second = _SYLLABLES[chance.integers(0, len(_SYLLABLES), (2, count))]
    second[chance.random(count) < 0.4] = ""
    ending = np.full(count, "", dtype=object)
    for name, listed in SURNAME_ENDINGS.items():
        rows = np.flatnonzero(language == name)
        ending[rows] = np.array(listed.split(), dtype=object)[chance.integers(0, len(listed.split()), len(rows))]
    return _accented(_capitalised(first + second + ending), language, chance)


def _pick(words: tuple[str, ...], count: int, chance: np.random.Generator) -> Words:
    """Return words, the first of the list the most often."""
    shares = 1 / (np.arange(len(words)) + 2.0)
    return np.array(words, dtype=object)[chance.choice(len(words), count, p=shares / shares.sum())]


def _capitalised(words: Words) -> Words:
    return np.array([word.capitalize() for word in words.tolist()], dtype=object)


def _accented(words: Words, language: Words, chance: np.random.Generator) -> Words:
    """Give one letter of some words the accent that its language has."""
    drawn = chance.random(len(words))
    for row in np.flatnonzero(drawn < ACCENTED).tolist():
        pairs = ACCENTS.get(language[row], "").split()
        if pairs:
            plain, accent = pairs[int(drawn[row] / ACCENTED * len(pairs))].split(":")
            words[row] = words[row].replace(plain, accent, 1)
    return words
