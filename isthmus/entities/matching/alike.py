"""How alike two single words are: by letters, by sound, and how much of a slip of the pen is between them."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

_SOUNDS = (
    ("sch", "s"), ("tsch", "c"), ("shch", "s"), ("tch", "c"), ("sh", "s"), ("ch", "c"), ("kh", "k"), ("gh", "g"), ("zh", "z"), ("dj", "j"),
    ("dz", "z"), ("ph", "f"), ("th", "t"), ("ts", "c"), ("tz", "c"), ("ck", "k"), ("qu", "k"), ("ks", "x"), ("eu", "u"), ("eo", "o"),
    ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ie", "i"), ("ei", "i"), ("ai", "a"), ("ay", "a"),
    ("yu", "u"), ("ya", "a"), ("yo", "o"), ("iu", "u"), ("ia", "a"),
)  # fmt: skip
_LETTERS = str.maketrans("cqvwyjz", "kkffiis")
_COARSE = str.maketrans("dbglm", "tpkrn")
_DOUBLE = re.compile(r"(.)\1+")
_VOWELS = str.maketrans("", "", "aeiouyhw")
_SHORT = 3
_PREFIXED = 6
_PREFIXES = frozenset({"inter", "tele", "micro", "bio", "geo", "electro"})


@lru_cache(maxsize=262_144)
def sound(text: str) -> str:
    """Return how a word in Latin letters sounds, roughly and the same for most romanisations: `Rostelekom` as `Rostelecom`."""
    for spelled, heard in _SOUNDS:
        if spelled in text:
            text = text.replace(spelled, heard)
    return _DOUBLE.sub(r"\1", text.translate(_LETTERS))


@lru_cache(maxsize=262_144)
def skeleton(text: str) -> str:
    """Return the consonants of `sound`: what unvocalised scripts write, and what loan words keep."""
    return _DOUBLE.sub(r"\1", sound(text).translate(_VOWELS))


@lru_cache(maxsize=262_144)
def coarse(text: str) -> str:
    """Return the skeleton with the consonants that scripts do not tell apart made one: b and p, d and t, g and k, l and r, m and n."""
    return _DOUBLE.sub(r"\1", skeleton(text).translate(_COARSE))


@lru_cache(maxsize=524_288)
def spelled_alike(a: str, b: str) -> float:
    """Return how likely one of two words is a slip or another spelling of the other, 0 to 1.

    One edit (insertion, deletion, substitution, neighbours swapped) in a word of three to five letters, two from six (five where the first
    three letters agree), three from twelve;
    words that sound the same count as alike. Shorter words, and words with digits, are alike only when equal.
    """
    if a == b:
        return 1.0
    short = min(len(a), len(b))
    if short < _SHORT or not (a.isalpha() and b.isalpha()):
        return 0.0
    if short > _SHORT and sound(a) == sound(b):
        return 0.95
    first = a[0] != b[0]
    begins = a[:3] == b[:3]
    allowed = 1 if short < (5 if begins else 6) or (first and short < 8) else 2 if short < 12 else 3
    edits = OSA.distance(a, b, score_cutoff=allowed)
    if edits > allowed:
        return 0.0
    return max(0.0, 0.97 - 0.9 * edits / short - (0.06 if first else 0.0))


@lru_cache(maxsize=524_288)
def heard_alike(a: str, b: str) -> float:
    """Return how likely a word written in Latin letters from another script is the other word, 0 to 1."""
    if a == b:
        return 1.0
    if not a or not b:
        return 0.0
    one, two = sound(a), sound(b)
    if one == two:
        return 0.97
    bones, frame = skeleton(a), skeleton(b)
    near = JaroWinkler.similarity(one, two)
    best = near - 0.06 if near >= 0.88 else 0.0
    if bones == frame and len(bones) >= 2:
        best = max(best, 0.9 if len(bones) >= 3 else 0.75)
    elif len(bones) >= 3 and near >= 0.72 and coarse(a) == coarse(b):
        best = max(best, 0.84)
    elif (
        len(bones) >= 4
        and len(frame) >= 4
        and (likeness := JaroWinkler.similarity(bones, frame)) >= 0.9
        and near >= 0.75
    ):
        best = max(best, likeness - 0.15)
    return best


def shortened(a: str, b: str) -> bool:
    """Tell whether one word is the beginning of the other, cut as abbreviations are (three letters at least)."""
    short, long = (a, b) if len(a) < len(b) else (b, a)
    return len(short) >= _SHORT and len(long) - len(short) >= 2 and long.startswith(short)


def prefixed(a: str, b: str) -> bool:
    """Tell whether one word is the other behind a prefix that writers drop: connection for interconnection."""
    short, long = (a, b) if len(a) < len(b) else (b, a)
    return len(short) >= _PREFIXED and long.endswith(short) and long.removesuffix(short) in _PREFIXES
