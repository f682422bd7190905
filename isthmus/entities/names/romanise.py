"""Write names of other scripts in Latin letters.

Hangul by the Revised Romanisation of Korea (2000), jamo by jamo; kana by Hepburn; Han by Mandarin readings word by word (pypinyin);
other scripts by a table of letters (anyascii). The last two come with the extra ``names``; without it those scripts have no reading, and
`available` says so.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

_INITIAL = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
_VOWEL = (
    "a",
    "ae",
    "ya",
    "yae",
    "eo",
    "e",
    "yeo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "eu",
    "ui",
    "i",
)
_FINAL = (
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "p",
    "t", "t", "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t",
)  # fmt: skip
_HANGUL = 0xAC00

_KANA_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ", "h": "ハヒフヘホ", "m": "マミムメモ",
    "r": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダヂヅデド", "b": "バビブベボ", "p": "パピプペポ",
}  # fmt: skip
_KANA = {char: row + vowel for row, chars in _KANA_ROWS.items() for char, vowel in zip(chars, "aiueo", strict=True)}
_KANA |= {
    "シ": "shi",
    "チ": "chi",
    "ツ": "tsu",
    "フ": "fu",
    "ジ": "ji",
    "ヂ": "ji",
    "ヅ": "zu",
    "ヤ": "ya",
    "ユ": "yu",
    "ヨ": "yo",
}
_KANA |= {"ワ": "wa", "ヲ": "o", "ン": "n", "ヴ": "vu", "ヰ": "i", "ヱ": "e"}
_SMALL = {"ャ": "ya", "ュ": "yu", "ョ": "yo", "ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o", "ヮ": "wa"}


def available() -> bool:
    """Tell whether the readings of the extra ``names`` are installed."""
    return find_spec("pypinyin") is not None and find_spec("anyascii") is not None and find_spec("opencc") is not None


def _optional(module: str, name: str) -> Any:
    """Return what a module of the extra ``names`` offers, or None where it is not installed."""
    return getattr(import_module(module), name) if find_spec(module) else None


@lru_cache(maxsize=1)
def _pinyin() -> Any:
    return _optional("pypinyin", "lazy_pinyin")


@lru_cache(maxsize=1)
def _table() -> Any:
    return _optional("anyascii", "anyascii")


@lru_cache(maxsize=2)
def _converter(config: str) -> Any:
    maker = _optional("opencc", "OpenCC")
    return maker(config) if maker else None


@lru_cache(maxsize=65_536)
def simplify(text: str) -> str:
    """Return Han text in simplified characters; as it is without the extra ``names``."""
    converter = _converter("t2s")
    return converter.convert(text) if converter else text


@lru_cache(maxsize=65_536)
def complicate(text: str) -> str:
    """Return Han text in traditional characters; as it is without the extra ``names``."""
    converter = _converter("s2t")
    return converter.convert(text) if converter else text


@lru_cache(maxsize=65_536)
def read_han(text: str) -> tuple[str, ...]:
    """Return the Mandarin syllables of Han text without tones; empty without the extra ``names``."""
    pinyin = _pinyin()
    if pinyin is None:
        return ()
    return tuple(
        re.sub("[^a-z]", "", syllable.replace("ü", "u").replace("v", "u")) for syllable in pinyin(text, errors="ignore")
    )


def read_hangul(text: str) -> str:
    """Return Hangul in the Revised Romanisation, without the changes of sound between syllables except the linking of finals."""
    syllables = [divmod(ord(char) - _HANGUL, 28) if 0 <= ord(char) - _HANGUL < 11_172 else None for char in text]
    written = []
    for place, found in enumerate(syllables):
        if found is None:
            written.append(text[place])
            continue
        body, final = found
        initial, vowel = divmod(body, 21)
        after = syllables[place + 1] if place + 1 < len(syllables) else None
        links = after is not None and after[0] // 21 == 11 and final in (1, 4, 7, 8, 16, 17, 19, 22)
        end = {1: "g", 4: "n", 7: "d", 8: "r", 16: "m", 17: "b", 19: "s", 22: "j"}[final] if links else _FINAL[final]
        written.append(_INITIAL[initial] + _VOWEL[vowel] + end)
    return "".join(written)


def read_kana(text: str) -> str:
    """Return kana in Hepburn letters, long vowels written once."""
    chars = [chr(ord(char) + 0x60) if "ぁ" <= char <= "ゖ" else char for char in text]
    written: list[str] = []
    for place, char in enumerate(chars):
        if char in _SMALL and written:
            written[-1] = _glide(written[-1], _SMALL[char])
        elif char == "ッ":
            after = _KANA.get(chars[place + 1], "") if place + 1 < len(chars) else ""
            written.append({"ch": "t"}.get(after[:2], after[:1]))
        elif char != "ー":
            written.append(_KANA.get(char, ""))
    return "".join(written)


def _glide(before: str, small: str) -> str:
    if small.startswith("y"):
        return before[:-1] + (small[1:] if before[:-1] in ("sh", "ch", "j") else small)
    if before[-1:] in ("u", "i", "o", "e") and before[:-1] in (
        "f",
        "v",
        "w",
        "ts",
        "sh",
        "j",
        "ch",
        "d",
        "t",
        "k",
        "g",
    ):
        return before[:-1] + ("w" if before[:-1] in ("k", "g") else "") + small
    return ("w" if before == "u" else before[:-1]) + small


@lru_cache(maxsize=65_536)
def read_other(text: str) -> str:
    """Return text of any further script in Latin letters by a table of letters; empty without the extra ``names``."""
    table = _table()
    return re.sub("[^a-z0-9]", "", table(text).lower()) if table else ""
