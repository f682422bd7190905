"""Words of Latin-script text: what each is, and the canonical word by which spellings and translations meet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from isthmus.entities.names.name import Reading, Word
from isthmus.entities.names.tables import LINK, NAME, NUMBER, PLACE, Place, place_starts, places, words

_TENS = range(20, 100, 10)
_ROMAN = {
    name: str(number)
    for number, name in enumerate(
        (
            *("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi"),
            *("xvii", "xviii", "xix", "xx", "xxi", "xxii", "xxiii", "xxiv", "xxv"),
        ),
        1,
    )
}
_DOUBTFUL_ROMAN = frozenset({"i", "v", "x"})
_ORDINAL = re.compile(r"0*(\d+)(?:st|nd|rd|th)?")
_LONGEST_PLACE = 4


def place_word(found: Place) -> str:
    """Return the canonical word of a place, which no word of a name can be."""
    return f"@{found.place}"


def read_latin(texts: Sequence[tuple[str, bool]]) -> list[Word]:
    """Return the words of a name in folded Latin letters, links left out.

    Parameters
    ----------
    texts : sequence of (str, bool)
        The words in their order, and whether each stands in brackets.
    """
    merged = _merge_letters(texts)
    found: list[Word] = []
    at = 0
    while at < len(merged):
        taken, word = _place_at(merged, at)
        if word is None:
            taken, word = 1, _word(merged, at)
        if word is not None:
            found.append(word)
        at += taken
    return _join_numbers(found)


@lru_cache(maxsize=65_536)
def canonical(text: str) -> Reading:
    """Return the canonical words of a Latin text, as a lexicon gives it."""
    plain = re.sub(r"[^\w]+", " ", text.replace("'", "").replace("&", " and ")).split()
    return tuple(word.readings[0][0] for word in read_latin([(part, False) for part in plain]))


def _merge_letters(texts: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Write single letters in a row as one: an initialism written apart."""
    merged: list[tuple[str, bool]] = []
    run = False
    for text, aside in texts:
        single = len(text) == 1 and text.isalpha()
        if single and run and merged[-1][1] == aside:
            merged[-1] = (merged[-1][0] + text, aside)
        else:
            merged.append((text, aside))
        run = single
    return merged


def _place_at(texts: Sequence[tuple[str, bool]], at: int) -> tuple[int, Word | None]:
    first, aside = texts[at]
    known = places()
    if first in place_starts():
        for n in range(min(_LONGEST_PLACE, len(texts) - at), 1, -1):
            name = " ".join(text for text, _ in texts[at : at + n])
            if (found := known.get(name)) is not None:
                return n, Word(name.replace(" ", ""), "", PLACE, ((place_word(found),),), found, aside)
    found = known.get(first)
    if found is None or (len(first) == 2 and first in words()):
        return 1, None
    return 1, Word(first, "", PLACE, ((place_word(found),),), found, aside)


def _word(texts: Sequence[tuple[str, bool]], at: int) -> Word | None:
    text, aside = texts[at]
    number = _number(text, at, len(texts))
    if number:
        return Word(text, "", NUMBER, ((f"#{number}",),), None, aside)
    return _plain_word(text, aside)


@lru_cache(maxsize=65_536)
def _plain_word(text: str, aside: bool) -> Word | None:
    role, plain = words().get(text, (NAME, text))
    if role == LINK:
        return None
    if role == NUMBER:
        return Word(text, "", NUMBER, ((f"#{plain}",),), None, aside)
    return Word(text, "", role, ((plain,),), None, aside)


def _number(text: str, at: int, count: int) -> str | None:
    if text[0].isdigit():
        found = _ORDINAL.fullmatch(text)
        return found[1] if found else None
    if at and text in _ROMAN and (text not in _DOUBTFUL_ROMAN or at == count - 1):
        return _ROMAN[text]
    return None


def _join_numbers(found: list[Word]) -> list[Word]:
    """Put "forty" and "four" together."""
    joined: list[Word] = []
    for word in found:
        if word.role == NUMBER and joined and joined[-1].role == NUMBER and not joined[-1].text[0].isdigit():
            before, now = joined[-1].readings[0][0][1:], word.readings[0][0][1:]
            if (
                before.isdigit()
                and now.isdigit()
                and int(before) in _TENS
                and 0 < int(now) < 10
                and not word.text[0].isdigit()
            ):
                joined[-1] = joined[-1]._replace(
                    text=joined[-1].text + word.text, readings=((f"#{int(before) + int(now)}",),)
                )
                continue
        joined.append(word)
    return joined


def is_link(text: str) -> bool:
    """Tell whether a word only ties others together."""
    found = words().get(text)
    return found is not None and found[0] == LINK
