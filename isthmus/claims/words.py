"""Fold names and cut them into the words that search compares.

Words are folded: lower case, no accents, full-width letters made plain. Scripts without word breaks (Han, kana, Hangul) give each pair of
neighbouring characters, so that a part of a name is found.
"""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Return `text` as search compares it: NFKC, lower case, without accents."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", "".join(char for char in plain if not unicodedata.combining(char)))


def is_east(char: str) -> bool:
    """Tell whether a character is of a script that writes without word breaks."""
    return (
        "\u3040" <= char <= "\u30ff"
        or "\u3400" <= char <= "\u9fff"
        or "\uac00" <= char <= "\ud7af"
        or "\uf900" <= char <= "\ufaff"
    )


def search_words(text: str) -> list[str]:
    """Return the folded words of `text`: runs of letters and digits, and pairs of characters where words have no breaks."""
    words: list[str] = []
    run = ""
    for char in fold(text) + " ":
        inside = char.isalnum() or (
            bool(run) and unicodedata.category(char) in ("Mn", "Mc")
        )  # vowel signs of Indic scripts
        if inside and (not run or is_east(char) == is_east(run[-1])):
            run += char
            continue
        if run:
            words.extend(_parts(run))
        run = char if inside else ""
    return words


def _parts(run: str) -> list[str]:
    if not is_east(run[0]):
        return [run]
    return [run] if len(run) < 2 else [run[index : index + 2] for index in range(len(run) - 1)]
