"""Footnotes of claims, their marks in the text, and the words of doubt in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from isthmus.quantities import Quantity

_MARKS_SHOWN = 4
_WORD_KEPT = 28


@dataclass(frozen=True, slots=True)
class Note:
    """The footnote of a claim.

    Parameters
    ----------
    claim : str
        The claim's id; marks refer to it.
    words : str
        The claim in words.
    source, locator : str
        Title of the source and the place in it.
    hedge : str or None
        The source's own doubt.
    stance : str
        asserts, denies or not_found.
    valid : str or None
        Since when, until when, or on which date it holds.
    origin : str or None
        The works that the source itself rests on.
    recorded : str or None
        When we learned it.
    """

    claim: str
    words: str
    source: str
    locator: str
    hedge: str | None = None
    stance: str = "asserts"
    valid: str | None = None
    origin: str | None = None
    recorded: str | None = None


@dataclass(slots=True)
class Footnotes:
    """Numbers claims in the order in which the page first mentions them."""

    notes: dict[str, Note]
    cited: list[Note] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def mark(self, claims: Iterable[str], most: int = _MARKS_SHOWN) -> Markup:
        """Return the marks of claims; beyond `most`, and where a claim has no note, their number."""
        ids = list(dict.fromkeys(claims))
        shown = [claim for claim in ids if claim in self.notes][:most]
        marks = Markup("").join(self._one(claim) for claim in shown)
        rest = len(ids) - len(shown)
        if rest:
            marks += Markup('<span class="more" title="claims without a note on this page">+{:,}</span>').format(rest)
        return Markup('<span class="marks">{}</span>').format(marks) if marks else marks

    def _one(self, claim: str) -> Markup:
        note, first = self.notes[claim], claim not in self._numbers
        if first:
            self._numbers[claim] = len(self.cited) + 1
            self.cited.append(note)
        number = self._numbers[claim]
        anchor = Markup(' id="m{}"').format(number) if first else ""
        return Markup('<a class="mark"{} href="#n{}" aria-label="claim {}: {}">{}</a>').format(
            anchor, number, number, note.source, number
        )

    def number(self, claims: Sequence[str]) -> int | None:
        """Return the number of the first claim that is marked."""
        return next((self._numbers[claim] for claim in claims if claim in self._numbers), None)


def underline_hedges(text: str, hedges: Sequence[str], *, tail: bool = True) -> Markup:
    """Return text with the sources' words of doubt underlined with dots; those not in it follow if `tail` is true."""
    found = [hedge for hedge in hedges if hedge and hedge.lower() in text.lower()]
    marked = escape(text)
    if found:
        pattern = re.compile("|".join(re.escape(hedge) for hedge in sorted(found, key=len, reverse=True)), re.I)
        marked, end = Markup(""), 0
        for match in pattern.finditer(text):
            marked += escape(text[end : match.start()]) + Markup('<span class="hedge">{}</span>').format(match[0])
            end = match.end()
        marked += escape(text[end:])
    others = [hedge for hedge in hedges if hedge and hedge not in found]
    return marked + (Markup(" ") + quote_hedges(others) if others and tail else "")


def quote_hedges(hedges: Sequence[str]) -> Markup:
    """Return the sources' words of doubt in quotation marks, underlined with dots."""
    return Markup(", ").join(Markup('<span class="hedge">“{}”</span>').format(hedge) for hedge in hedges if hedge)


def split_command(command: str) -> Markup:
    """Return a command that breaks at its spaces only, where its words are short enough for that."""
    words = (
        Markup('<span class="word">{}</span>').format(word) if len(word) <= _WORD_KEPT else escape(word)
        for word in command.split(" ")
    )
    return Markup(" ").join(words)


def count_words(number: Quantity | int | None) -> str:
    """Return a count as short as it can be said: "6", "172–191", "under 20"; empty where there is none."""
    if number is None:
        return ""
    if isinstance(number, int):
        return f"{number:,}"
    plain = Quantity(number.low, number.high, number.open_low, number.open_high, number.near_low, number.near_high)
    if plain.low is not None and plain.high is not None and plain.low < plain.high and not plain.bits:
        return f"{plain.low:,.15g}–{plain.high:,.15g}"
    return plain.words()
