"""Keys that two spellings of one name share: what candidates for a match are found by.

A key is anything that two spellings of one name keep: all its words, a rare word, how a word sounds, halves of a word (a slip touches one
half only), its initials, what a word means. The first letter of a key says of what sort it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from isthmus.entities.matching.alike import coarse
from isthmus.entities.names import Name, NameReading, read_name
from isthmus.entities.names.tables import NAME, PLACE, TRADE, initialisms


def fresh_keys(names: Iterable[str], identifiers: Iterable[tuple[str, str]] = ()) -> set[str]:
    """Return what `keys_of` does without keeping anything, for lists that are read once."""
    return _together((_all_keys(read_name.__wrapped__(text)) for text in names), identifiers)


def keys_of(names: Iterable[str], identifiers: Iterable[tuple[str, str]] = ()) -> set[str]:
    """Return the keys of a thing: its identifiers and the keys of each of its names."""
    return _together(map(name_keys, names), identifiers)


def _together(keys: Iterable[frozenset[str]], identifiers: Iterable[tuple[str, str]]) -> set[str]:
    return {f"={scheme}:{value}" for scheme, value in identifiers}.union(*keys)


@lru_cache(maxsize=16_384)
def name_keys(text: str) -> frozenset[str]:
    """Return the keys of a name."""
    return _all_keys(read_name(text))


def _all_keys(name: Name) -> frozenset[str]:
    return frozenset(key for reading in name.readings for key in _keys(reading))


def _keys(reading: NameReading) -> set[str]:
    words = reading.words
    if not words:
        return set()
    plain = [word.readings[0] for word in words if word.readings]
    keys = {"*" + "|".join(sorted({part for parts in plain for part in parts})), "j" + reading.joined}
    descriptive = not any(word.role == NAME for word in words)
    for word in words:
        if word.role == NAME or (descriptive and word.role in (TRADE, PLACE)) or (word.native and word.role == TRADE):
            for parts in word.readings:
                keys.update("w" + part for part in parts)
            if word.native:
                keys.add("n" + word.native)
        if word.role == NAME and len(word.text) >= 4 and word.text.isalpha():
            keys |= _slips(word.text)
    spoken = sorted({part for parts in plain for part in parts})
    if descriptive or len(spoken) > 2:
        keys.update(f"2{a}|{b}" for a, b in pairwise(spoken))
    if len(words) == 1 and 2 <= len(reading.joined) <= 8:
        keys.add("i" + reading.joined)
        for name in initialisms().get(reading.joined, ()):
            for other in read_name(name).readings:
                keys.add("*" + "|".join(sorted({part for word in other.words for part in word.readings[0]})))
    elif len(words) > 2:
        keys.add("i" + "".join(word.text[:1] for word in words))
        keys.add("i" + reading.letters[:8])
    return keys


def _slips(text: str) -> set[str]:
    keys = {"s" + coarse(text)} if len(coarse(text)) >= 2 else set()
    if len(text) >= 5:
        middle = len(text) // 2
        keys |= {f"<{text[: middle + 1]}", f">{text[-middle - 1 :]}"}
    return keys
