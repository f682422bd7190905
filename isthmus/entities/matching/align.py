"""Lay two readings of names beside each other: which word answers which, and what is left on either side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from isthmus.entities.matching.alike import heard_alike, prefixed, shortened, spelled_alike
from isthmus.entities.names.name import NameReading, Word
from isthmus.entities.names.tables import BODY, NAME, NUMBER, PLACE, QUALITY, TRADE

WEIGHTS = {NAME: 1.0, TRADE: 0.45, PLACE: 0.5, QUALITY: 0.35, NUMBER: 0.5, BODY: 0.2}
"""How much of a name a word of each role is."""

EXACT, TRANSLATED, JOINED, SLIP, HEARD, CUT = "exact", "translated", "joined", "slip", "heard", "cut"
_SLIP_BAR, _HEARD_BAR = 0.6, 0.72
_MOST = 40


Take = Callable[[range, range, str, float], None]


@dataclass(slots=True)
class Pair:
    """Words that answer each other: how (`EXACT` …), how alike (0 to 1) and how much of the names they are."""

    a: tuple[Word, ...]
    b: tuple[Word, ...]
    how: str
    alike: float
    weight: float


@dataclass(slots=True)
class Alignment:
    """Two readings side by side."""

    pairs: list[Pair] = field(default_factory=list)
    left_a: list[Word] = field(default_factory=list)
    left_b: list[Word] = field(default_factory=list)
    total_a: float = 0.0
    total_b: float = 0.0
    in_order: bool = True


def weight_of(word: Word) -> float:
    """Return how much of a name a word is: brands most, one- and two-letter words less."""
    weight = WEIGHTS[word.role]
    if word.role == NAME:
        size = len(word.native) * 2 if word.native and word.native[0] >= "\u2e80" else len(word.text)
        if size <= 2:
            return 0.35 if size == 1 else 0.65
    return weight


def align(a: NameReading, b: NameReading) -> Alignment:
    """Return the best alignment found: equal words first, then joined and translated ones, then slips and likeness of sound."""
    one, two = list(a.words[:_MOST]), list(b.words[:_MOST])
    found = Alignment(total_a=sum(map(weight_of, one)), total_b=sum(map(weight_of, two)))
    free_a, free_b = [True] * len(one), [True] * len(two)
    crossed = a.native != b.native
    order: list[tuple[int, int]] = []

    def take(ats: range, bts: range, how: str, alike: float) -> None:
        for at in ats:
            free_a[at] = False
        for bt in bts:
            free_b[bt] = False
        left, right = tuple(one[at] for at in ats), tuple(two[bt] for bt in bts)
        weight = (sum(map(weight_of, left)) + sum(map(weight_of, right))) / 2
        found.pairs.append(Pair(left, right, how, alike, weight))
        order.append((ats.start, bts.start))

    if crossed:
        _spans(one, two, free_a, free_b, take, False, translations=True)
        _spans(two, one, free_b, free_a, take, True, translations=True)
    _equal(one, two, free_a, free_b, take)
    if any(free_a) and any(free_b):
        _spans(one, two, free_a, free_b, take, False)
        _spans(two, one, free_b, free_a, take, True)
        _likely(one, two, free_a, free_b, take, crossed)
    found.left_a = [word for word, free in zip(one, free_a, strict=True) if free]
    found.left_b = [word for word, free in zip(two, free_b, strict=True) if free]
    order.sort()
    found.in_order = all(x[1] < y[1] for x, y in pairwise(order))
    return found


def _same(a: Word, b: Word) -> str | None:
    if a.native and b.native and _eastern(a) and _eastern(b):
        # Two words of one script are equal when they are written the same: Han words that only sound alike are different words.
        if a.native == b.native:
            return EXACT
        return (
            TRANSLATED
            if a.role != NAME and b.role != NAME and any(reading in b.readings[:1] for reading in a.readings[:1])
            else None
        )
    if a.native and a.native == b.native:
        return EXACT
    for reading in a.readings:
        if reading in b.readings:
            return EXACT if a.native == b.native else TRANSLATED
    if bool(a.native) != bool(b.native) and _is_group(a) and _is_group(b):
        return TRANSLATED  # 集团 is Group to one firm and Holding to another
    return None


_GROUPS = frozenset({("group",), ("holding",), ("enterprise",)})


def _is_group(word: Word) -> bool:
    return word.role == BODY and word.readings[:1] != () and word.readings[0] in _GROUPS


def _eastern(word: Word) -> bool:
    return word.native[0] >= "\u2e80"


def _equal(one: list[Word], two: list[Word], free_a: list[bool], free_b: list[bool], take: Take) -> None:
    for at, word in enumerate(one):
        for bt, other in enumerate(two):
            if free_b[bt] and (how := _same(word, other)):
                take(range(at, at + 1), range(bt, bt + 1), how, 1.0)
                break


def _spans(
    one: list[Word],
    two: list[Word],
    free_a: list[bool],
    free_b: list[bool],
    take: Take,
    swapped: bool,
    *,
    translations: bool = False,
) -> None:
    """Find words of `one` that several words in a row of `two` answer: written apart, or a translation of several words."""
    for at, word in enumerate(one):
        if not free_a[at]:
            continue
        hit = _span_of(word, two, free_b, translations)
        if hit is not None:
            start, stop, how = hit
            here, there = range(at, at + 1), range(start, stop)
            take(*((there, here) if swapped else (here, there)), how, 0.98 if how == JOINED else 1.0)


def _span_of(word: Word, two: list[Word], free: list[bool], translations: bool) -> tuple[int, int, str] | None:
    for start in range(len(two)):
        if not free[start]:
            continue
        for reading in word.readings:
            stop = start + len(reading)
            if len(reading) > 1 and stop <= len(two) and all(free[start:stop]) and _answers(reading, two[start:stop]):
                return start, stop, TRANSLATED
        if translations:
            continue
        if start + 1 < len(two) and free[start + 1] and _clipped(word.text, two[start].text, two[start + 1].text):
            return start, start + 2, JOINED
        text = ""
        for stop in range(start + 1, min(start + 6, len(two) + 1)):
            if not free[stop - 1]:
                break
            text += two[stop - 1].text
            if len(text) > len(word.text) + 1:
                break
            if (
                stop - start > 1
                and text
                and (text == word.text or any(reading == (text,) for reading in word.readings))
            ):
                return start, stop, JOINED
    return None


def _clipped(text: str, first: str, second: str) -> bool:
    """Tell whether a word is a second one behind the beginning of a first: Infoport for Information Port."""
    head = text.removesuffix(second)
    return len(second) >= 3 and head != text and len(head) >= 3 and first.startswith(head)


def _answers(reading: tuple[str, ...], words: list[Word]) -> bool:
    return all(any(other == (part,) for other in word.readings) for part, word in zip(reading, words, strict=True))


def _likely(
    one: list[Word], two: list[Word], free_a: list[bool], free_b: list[bool], take: Take, crossed: bool
) -> None:
    """Pair what is left by likeness, best first."""
    tries = []
    for at, word in enumerate(one):
        if not free_a[at]:
            continue
        for bt, other in enumerate(two):
            if free_b[bt] and (hit := _likeness(word, other, crossed)):
                tries.append((-hit[1], at, bt, hit[0]))
    for alike, at, bt, how in sorted(tries):
        if free_a[at] and free_b[bt]:
            take(range(at, at + 1), range(bt, bt + 1), how, -alike)
    if crossed:
        _heard_spans(one, two, free_a, free_b, take)


def _heard_spans(one: list[Word], two: list[Word], free_a: list[bool], free_b: list[bool], take: Take) -> None:
    """Pair a word heard in another script with two or three words in a row that it sounds like together."""
    for swapped, (x, y, free_x, free_y) in enumerate(((one, two, free_a, free_b), (two, one, free_b, free_a))):
        for at, word in enumerate(x):
            if not free_x[at] or len(word.text) < 4:
                continue
            for start in range(len(y)):
                for stop in range(start + 2, min(start + 4, len(y) + 1)):
                    if not all(free_y[start:stop]):
                        break
                    alike = heard_alike(word.text, "".join(other.text for other in y[start:stop]))
                    if alike >= 0.85 and free_x[at]:
                        here, there = range(at, at + 1), range(start, stop)
                        take(*((there, here) if swapped else (here, there)), HEARD, alike)


def _likeness(a: Word, b: Word, crossed: bool) -> tuple[str, float] | None:
    if NUMBER in (a.role, b.role) or (a.role == PLACE and b.role == PLACE):
        return None
    if a.native and b.native and _eastern(a) and _eastern(b):
        return None
    if crossed and (a.native or b.native):
        known = (a.native and a.role != NAME) or (b.native and b.role != NAME)
        alike = max((heard_alike(x, y) for x in _sounds(a) for y in _sounds(b)), default=0.0)
        return (HEARD, alike) if alike >= (0.88 if known else _HEARD_BAR) else None
    alike = spelled_alike(a.text, b.text)
    if alike >= _SLIP_BAR:
        both_known = a.role != NAME and b.role != NAME
        return (SLIP, alike) if not both_known or (alike > 0.7 and min(len(a.text), len(b.text)) > 5) else None
    if prefixed(a.text, b.text):
        return (CUT, 0.8)
    if shortened(a.text, b.text) and not (a.role == NAME == b.role):
        return (CUT, 0.85)
    return None


def _sounds(word: Word) -> list[str]:
    return (
        list(dict.fromkeys([word.text, *("".join(reading) for reading in word.readings)]))
        if word.native
        else [word.text]
    )
