"""Find the legal forms of a name and take them off its words: folded into a form and a class, never lost."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from isthmus.entities.names.tables import Form, eastern_forms, legal_forms, long_forms, words

Spelled = tuple[str, bool]
"""A word and whether it stands in brackets."""

_LONGEST = 8
_LEADING_SHORT = frozenset({"pt", "ao", "ab", "as", "cv", "ou", "ad", "sa", "ип", "ао", "ад", "ат", "уп", "чп", "оо"})
_NOT_LEADING = frozenset(
    {
        "company",
        "trust",
        "fund",
        "association",
        "foundation",
        "cooperative",
        "public_body",
        "corporation",
        "branch",
        "sole_trader",
    }
)
_INSIDE = frozenset({"company", "corporation", "private_limited", "joint_stock"})
_TELLING = (
    "branch", "composite_partnership", "limited_liability_partnership", "limited_partnership", "partnership", "cooperative", "foundation",
    "state_enterprise", "public_body", "trust", "fund", "association", "sole_trader", "joint_stock", "private_limited", "corporation",
    "company",
)  # fmt: skip
_BODIES = frozenset(
    {"trust", "fund", "association", "foundation", "public_body", "cooperative", "sole_trader", "state_enterprise"}
)
"""Classes whose single words are left in the name: "association" is a word, "e.V." with its long form is taken off."""
_LINKS = frozenset({"and"})
_STARTS = frozenset({"joint", "open", "closed", "public", "private", "limited"})
"""First words of legal forms of several words, in which a slip of the pen is looked for."""
_FORMS_ALONE = frozenset({"ltd", "inc", "llc", "plc", "llp", "ооо", "оао", "зао", "пао"})
"""Short forms that are no name where they stand alone; "MIT" and "BT" are."""
_GENERIC = frozenset({"company", "corporation"})
_SLIP = 88.0


def take_forms(texts: Sequence[Spelled]) -> tuple[list[Spelled], list[Form], list[int]]:
    """Return (the words that are left, the legal forms, the places of the words that were taken).

    A name that is nothing but a legal form has no words left.
    """
    known = legal_forms()
    left = [text for text, _ in texts]
    start, end = 0, len(texts)
    forms: list[Form] = []
    while n := _at_end(known, left, start, end):
        found = known[_key(left[end - n : end])]
        alone = end - n == start and n == 1 and found.kind not in _GENERIC
        if alone and (forms or (len(left[start]) < 4 and left[start] not in _FORMS_ALONE)):
            break  # "SAS AB": a form does not take the last word of a name that states another
        forms.append(found)
        end -= n
    if not forms and end - start > 1:
        for n in range(min(4, end - start - 1), 0, -1):
            if (n == 1 or left[end - n] in _STARTS) and (slip := _slip("".join(left[end - n : end]))):
                forms.append(known[slip])
                end -= n
                break
    while end - start > 1 and (n := _at_start(known, left, start, end)):
        forms.append(known[_key(left[start : start + n])])
        start += n
    kept: list[int] = []
    at = start
    while at < end:
        n = _inside(known, left, at, end) if at > start else 0
        if n:
            forms.append(known[_key(left[at : at + n])])
            at += n
        else:
            kept.append(at)
            at += 1
    held = set(kept)
    return [texts[at] for at in kept], rank_forms(forms), [at for at in range(len(texts)) if at not in held]


def _key(texts: Sequence[str]) -> str:
    return "".join(text for text in texts if text not in _LINKS)


def rank_forms(forms: Sequence[Form]) -> list[Form]:
    """Return forms without repeats, the most telling first."""
    return sorted(dict.fromkeys(forms), key=lambda form: (_TELLING.index(form.kind), form.form))


def _at_end(known: dict[str, Form], texts: Sequence[str], start: int, end: int) -> int:
    """Return how many words at the end are the longest legal form there, 0 for none."""
    best, key = 0, ""
    for n in range(1, min(_LONGEST, end - start) + 1):
        text = texts[end - n]
        if text in _LINKS:
            continue
        key = text + key
        found = known.get(key)
        if found is not None and not (n == 1 and len(text) >= 4 and found.kind in _BODIES):
            best = n
    return best


def _at_start(known: dict[str, Form], texts: Sequence[str], start: int, end: int) -> int:
    """Return how many words at the start are the longest legal form there that may lead a name, 0 for none."""
    best, key = 0, ""
    for n in range(1, min(_LONGEST, end - start - 1) + 1):
        text = texts[start + n - 1]
        if text in _LINKS:
            continue
        key += text
        found = known.get(key)
        if found is None or found.kind in _NOT_LEADING or (len(key) <= 2 and key not in _LEADING_SHORT):
            continue
        if not (n == 1 and key in words()):
            best = n
    return best


def _inside(known: dict[str, Form], texts: Sequence[str], at: int, end: int) -> int:
    """Return how many words from `at` on are a legal form that is told from words even inside a name, 0 for none."""
    best, key = 0, ""
    for n in range(1, min(4, end - at) + 1):
        text = texts[at + n - 1]
        if text in _LINKS:
            continue
        key += text
        found = known.get(key)
        if found is not None and len(key) > 2 and found.kind in _INSIDE:
            best = n
    return best


@lru_cache(maxsize=65_536)
def _slip(text: str) -> str | None:
    """Return the form that a last word means in spite of a slip of the pen."""
    if len(text) < 8 or text in words() or not text.isascii():
        return None
    found = process.extractOne(text, long_forms().get(text[:2], ()), scorer=fuzz.ratio, score_cutoff=_SLIP)
    return found[0] if found else None


def take_eastern_forms(text: str) -> tuple[str, list[Form]]:
    """Return (what is left, the legal forms) of text in a script without word breaks."""
    forms: list[Form] = []
    found = True
    while found and text:
        found = False
        for spelling, form in eastern_forms():
            if len(spelling) == 1:
                # One character is a form only where it stands alone, as in （株）: 株洲 is a city.
                found = text == spelling
                text = "" if found else text
            elif text.endswith(spelling):
                text, found = text[: -len(spelling)], True
            elif text.startswith(spelling) and form.kind not in _NOT_LEADING:
                text, found = text[len(spelling) :], True
            if found:
                forms.append(form)
                break
    return text, forms
