"""Letters: bring a name to plain letters of its script, and see what in it only looks like a letter.

Nothing is guessed here: what was taken out (invisible characters) or looks like another script's letter is told in `notes`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LATIN, HAN, KANA, HANGUL, OTHER = "latin", "han", "kana", "hangul", "other"
INVISIBLE, LOOK_ALIKE = "invisible characters", "look-alike letters"

_SPECIAL = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "þ": "th",
        "ð": "d",
        "ħ": "h",
        "ŋ": "n",
        "ə": "a",
        "ß": "ss",
    }
)
_DROPPED = frozenset("\u093c\u0653\u0654\u0655") | {chr(mark) for mark in range(0x064B, 0x0653)} | {"\u0670"}
"""Marks that are left out in half of all writing: the Indic nukta, Arabic vowels and hamza."""
_ARABIC = str.maketrans({"ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ۀ": "ه", "ـ": None, "\u200c": None, "\u200d": None})
_HIDDEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
# Letters of Cyrillic and Greek that a reader takes for Latin ones (Unicode Technical Standard 39, the letters that names use).
_LOOKS = str.maketrans(
    "абвгдеѕіјкмнорстухһԁԛԝьАВЕЅІЈКМНОРСТУХҺԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧαινορυ",
    "a6bгдesijkmhopctyxhdqwbABESIJKMHOPCTYXHQWABEZHIKMNOPTYXaivopu",
)
_CONFUSED = frozenset("аеѕіјкморстухһԁԛԝАВЕЅІЈКМНОРСТУХҺԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧαινορυ")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Letters:
    """A name in folded letters, with notes on what was found in it (`INVISIBLE`, `LOOK_ALIKE`)."""

    text: str
    notes: tuple[str, ...] = ()


def read_letters(text: str) -> Letters:
    """Fold a name: compatibility forms made plain, lower case, Latin and Greek without accents, invisible characters out."""
    if text.isascii():
        return Letters(_CONTROL.sub(" ", text).lower())
    notes = []
    # Joiners are part of the spelling in Indic scripts and Persian; anywhere else nobody sees them.
    shown = _HIDDEN.sub("", text)
    if shown != text and not _joins(text):
        notes.append(INVISIBLE)
    shown = unicodedata.normalize("NFKC", shown)
    if _mixed(shown):
        notes.append(LOOK_ALIKE)
        shown = _WORD.sub(lambda found: found[0].translate(_LOOKS) if _is_mixed(found[0]) else found[0], shown)
    return Letters(fold_letters(_CONTROL.sub(" ", shown)), tuple(notes))


def fold_letters(text: str) -> str:
    """Return `text` in lower case; Latin and Greek letters lose their accents, other scripts keep theirs."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFD", text.casefold().translate(_SPECIAL))
    kept = []
    base = ""
    for char in folded:
        if unicodedata.combining(char):
            if char in _DROPPED or (base == "е" and char == "\u0308"):
                continue
            if base and (base < "\u0400" or "\u1e00" <= base < "\u2000"):
                continue
        else:
            base = char
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_ARABIC)


def _joins(text: str) -> bool:
    hidden = set(_HIDDEN.findall(text))
    return hidden <= {"\u200c", "\u200d"} and any("\u0600" <= char < "\u0e00" for char in text)


def _mixed(text: str) -> bool:
    return any(_is_mixed(word) for word in _WORD.findall(text))


def _is_mixed(word: str) -> bool:
    """Tell whether a word of Latin letters holds letters of another alphabet that look like Latin ones."""
    latin = foreign = False
    for char in word:
        if char.isascii():
            latin = latin or char.isalpha()
        elif "\u0370" <= char < "\u0530":
            if char not in _CONFUSED:
                return False
            foreign = True
    return latin and foreign


@lru_cache(maxsize=65_536)
def script_of(char: str) -> str:
    """Return the script of a character, as far as names are read differently by it."""
    if char < "\u0250" or "\u1e00" <= char < "\u1f00":
        return LATIN
    if "\u3040" <= char <= "\u30ff" or "\u31f0" <= char <= "\u31ff" or char == "\u3005":
        return KANA if char != "\u3005" else HAN
    if (
        "\u3400" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or "\U00020000" <= char <= "\U0003ffff"
        or char == "\u3007"
    ):
        return HAN
    if "\uac00" <= char <= "\ud7af" or "\u1100" <= char <= "\u11ff" or "\u3130" <= char <= "\u318f":
        return HANGUL
    return OTHER
