"""Lines of words for a drawing, and the label that stands beside a line, measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from isthmus.briefs.svg.lettering import text_width, wrap_text

LABEL_WIDTH = 128.0
FIRST, SECOND = 12.0, 10.5
BARE = 5.5


class Line(NamedTuple):
    """A line of words; strong ones are bold, hedged ones have a dotted line below them."""

    text: str
    strong: bool = False
    hedged: bool = False


class Lettered(NamedTuple):
    """A line of text at its place: x, baseline y, type size, and how it is set."""

    text: str
    x: float
    y: float
    size: float
    strong: bool = False
    quiet: bool = False
    hedged: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """What stands beside a line: its texts relative to the line's start, and how far it reaches above and below."""

    texts: tuple[Lettered, ...]
    width: float
    above: float
    below: float


def ink_width(part: float | None) -> float:
    """Return how wide a line is for a share, in the drawing's unit; narrow where nothing is said of it."""
    return 1.5 if part is None else 1.5 + 7.0 * part


def label_of(lines: Sequence[Line], part: float | None = None) -> Label:
    """Return the label of a line for a share of `part` at most: the first words above it, the others below."""
    half = ink_width(part) / 2
    if not lines:
        return Label((), 0.0, BARE + half, BARE + half)
    first = wrap_text(lines[0].text, FIRST, LABEL_WIDTH, bold=lines[0].strong)
    texts = [
        Lettered(text, 0.0, -5.5 - half - 14.0 * (len(first) - 1 - at), FIRST, lines[0].strong, False, lines[0].hedged)
        for at, text in enumerate(first)
    ]
    y = 13.0 + half
    for line in lines[1:]:
        for text in wrap_text(line.text, SECOND, LABEL_WIDTH):
            texts.append(Lettered(text, 0.0, y, SECOND, False, True, line.hedged))
            y += 13.0
    wide = max(text_width(text.text, text.size, bold=text.strong) for text in texts)
    below = y - 13.0 + 5.0 if len(lines) > 1 else BARE + half
    return Label(tuple(texts), wide, 5.5 + half + 14.0 * len(first), below)
