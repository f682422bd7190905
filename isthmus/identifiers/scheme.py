"""What a scheme of identifiers is, and the folding of text that the schemes share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

# Blanks, hyphens, dashes and the minus sign: what people put into long codes to make them readable.
_SEPARATORS = re.compile(r"[\s\u00ad\u2010-\u2015\u2212-]+")


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme of identifiers.

    Parameters
    ----------
    name : str
        The prefix by which identifiers of the scheme are written.
    identifies : str
        What the scheme identifies, and by which standard.
    example : str
        A valid value in its canonical form.
    normalise : callable
        Brings a text to the canonical form. It never fails: what it cannot read it leaves for `check` to refuse.
    check : callable
        Takes a normalised text and gives the reason why it is not valid, or None.
    """

    name: str
    identifies: str
    example: str
    normalise: Callable[[str], str]
    check: Callable[[str], str | None]


def folded(text: str) -> str:
    """Return a code in capitals, with full-width forms narrowed and blanks and dashes taken out."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def without_prefix(text: str, pattern: re.Pattern[str]) -> str:
    """Return `text` without blanks around it and without the prefixes that `pattern` matches, however often."""
    text = text.strip()
    while (found := pattern.match(text)) and found.end():
        text = text[found.end() :].lstrip()
    return text


def misfit(value: str, pattern: re.Pattern[str], expected: str) -> str | None:
    """Return a reason that says what was `expected` if `value` is not wholly of the `pattern`."""
    return None if pattern.fullmatch(value) else f"{expected} is expected"


def wrong_digits(found: str, expected: str) -> str | None:
    """Return a reason if check digits are not the `expected` ones."""
    return None if found == expected else f"its check digits are {found} but the rest calls for {expected}"
