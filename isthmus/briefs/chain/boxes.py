"""The boxes and labels of a drawing, measured: what stands in them, line by line, and how much room it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from isthmus.briefs.chain.fold import Block
from isthmus.briefs.chain.graph import Graph, Party, Tie
from isthmus.briefs.svg.labels import Label, Lettered, label_of
from isthmus.briefs.svg.lettering import wrap_text

WIDTH = 196.0
PAD = 11.0
GLYPH = 20.0
CAPTION, NOTE = 13.0, 11.0
CAPTION_LEADING, NOTE_LEADING = 17.0, 14.5
_RING_PAD, _RING_GAP = 16.0, 76.0
_UPPER, _LOWER = 0.3, 0.72


@dataclass(frozen=True, slots=True)
class Box:
    """A party's box with its texts, relative to its upper left corner."""

    party: Party
    texts: tuple[Lettered, ...]
    height: float
    width: float = WIDTH


class Inner(NamedTuple):
    """A holding inside a block: its path's ends and the place of its label, relative to the block."""

    tie: Tie
    start: tuple[float, float]
    end: tuple[float, float]
    label: Label
    at: tuple[float, float]
    upright: bool

    def moved(self, x: float, y: float) -> Inner:
        """Return the holding moved."""
        start, end, at = ((place[0] + x, place[1] + y) for place in (self.start, self.end, self.at))
        return self._replace(start=start, end=end, at=at)


@dataclass(frozen=True, slots=True)
class Measured:
    """A block with its boxes at their places, relative to its upper left corner."""

    block: Block
    boxes: tuple[tuple[float, float, Box], ...]
    width: float
    height: float
    inner: tuple[Inner, ...] = ()
    texts: tuple[Lettered, ...] = ()


def box_of(party: Party) -> Box:
    """Return a party's box, as high as its words need."""
    glyph = GLYPH if party.kinds and not party.hollow else 0.0
    room = WIDTH - 2 * PAD - glyph
    texts = []
    y = PAD + 11.0
    for text in wrap_text(party.caption, CAPTION, room, bold=True):
        texts.append(Lettered(text, PAD + glyph, y, CAPTION, True, party.hollow))
        y += CAPTION_LEADING
    for note in party.notes:
        for text in wrap_text(note.text, NOTE, room, bold=note.strong):
            texts.append(Lettered(text, PAD + glyph, y, NOTE, note.strong, not note.strong, note.hedged))
            y += NOTE_LEADING
    last = NOTE_LEADING if party.notes else CAPTION_LEADING
    return Box(party, tuple(texts), y - last + PAD)


def measure(graph: Graph, block: Block) -> Measured:
    """Return a block with its boxes placed: one box, or the boxes of a ring in two columns that the holdings run around."""
    made = {name: box_of(graph.parties[name]) for name in block.members}
    if len(made) == 1:
        box = made[block.members[0]]
        return Measured(block, ((0.0, 0.0, box),), box.width, box.height)
    return _ring(graph, block, made)


def _ring(graph: Graph, block: Block, made: Mapping[str, Box], extra: float = 0.0) -> Measured:
    """Return the boxes of a ring in two columns: the holdings run down the right one and up the left."""
    members = block.members
    ties = {(tie.source, tie.target): tie for tie in graph.ties}
    pairs = list(zip(members, [*members[1:], members[0]], strict=True))
    along = [(one, other, ties[one, other]) for one, other in pairs if (one, other) in ties]
    labels = {(one, other): label_of(tie.lines, tie.high) for one, other, tie in along}
    half = (len(members) + 1) // 2
    right, left = members[:half], members[half:][::-1]
    across = [pair for pair in pairs if (pair[0] in left) != (pair[1] in left)]
    gap = _RING_GAP + max((labels[pair].width for pair in across if pair in labels), default=0.0)
    if len(members) == 2:
        made = {name: replace(box, height=box.height + extra / (_LOWER - _UPPER)) for name, box in made.items()}
    places = _column(left, made, labels, 0.0) | _column(right, made, labels, WIDTH + gap, extra)
    tall = max(y + made[name].height for name, (_, y) in places.items())
    for side in (left, right):
        # The shorter column stands in the middle of the longer.
        low = max(places[name][1] + made[name].height for name in side)
        places |= {name: (places[name][0], places[name][1] + (tall - low) / 2) for name in side}
    inner = [_inner(tie, labels[one, other], made, places, one, other) for one, other, tie in along]
    level = sorted((entry for entry in inner if not entry.upright), key=lambda entry: entry.at[1])
    missing = max(
        (one.at[1] + one.label.below - other.at[1] + other.label.above for one, other in pairwise(level)), default=0.0
    )
    if missing > 0.0 and not extra:
        return _ring(graph, block, made, missing + 2.0)
    chords = len([tie for tie in graph.ties if tie.source in made and tie.target in made]) - len(along)
    return _framed(block, [(*places[name], made[name]) for name in members], inner, chords)


def _framed(block: Block, boxes: Sequence[tuple[float, float, Box]], inner: Sequence[Inner], chords: int) -> Measured:
    """Put a frame around the boxes of a ring, with its label above and what is not drawn below."""
    top = min(0.0, *(entry.at[1] - entry.label.above for entry in inner)) if inner else 0.0
    bottom = max([y + box.height for _, y, box in boxes] + [entry.at[1] + entry.label.below for entry in inner])
    x, y = _RING_PAD, _RING_PAD + 18.0 - top
    texts = [Lettered(block.label, _RING_PAD, _RING_PAD + 4.0, NOTE, True)]
    bottom += y
    if chords:
        words = f"and {chords:,} more {'holding' if chords == 1 else 'holdings'} inside"
        texts.append(Lettered(words, _RING_PAD, bottom + 18.0, NOTE, False, True))
        bottom += 18.0
    width = max(left + box.width for left, _, box in boxes) + 2 * _RING_PAD
    moved = tuple(entry.moved(x, y) for entry in inner)
    placed = tuple((x + left, y + upper, box) for left, upper, box in boxes)
    return Measured(block, placed, width, bottom + _RING_PAD, moved, tuple(texts))


def _column(
    names: Sequence[str],
    made: Mapping[str, Box],
    labels: Mapping[tuple[str, str], Label],
    x: float,
    extra: float = 0.0,
) -> dict[str, tuple[float, float]]:
    places = {}
    y = 0.0
    for at, name in enumerate(names):
        places[name] = (x, y)
        below = names[at + 1] if at + 1 < len(names) else name
        label = labels.get((name, below)) or labels.get((below, name))
        y += made[name].height + (34.0 if label is None else max(34.0, label.above + label.below + 12.0))
        y += extra if at == 0 else 0.0
    return places


def _inner(
    tie: Tie,
    label: Label,
    made: Mapping[str, Box],
    places: Mapping[str, tuple[float, float]],
    one: str,
    other: str,
) -> Inner:
    (x1, y1), (x2, y2) = places[one], places[other]
    if x1 == x2:
        # Along a column: the label stands right of the line.
        down = y2 > y1
        start = (x1 + 40.0, y1 + made[one].height if down else y1)
        end = (x2 + 40.0, y2 if down else y2 + made[other].height)
        middle = (start[1] + end[1]) / 2 + (label.above - label.below) / 2
        return Inner(tie, start, end, label, (start[0] + 12.0, middle), True)
    to_right = x2 > x1
    # Into the right column the upper way, out of it the lower: no line lies on another.
    part = _UPPER if to_right else _LOWER
    start = (x1 + WIDTH if to_right else x1, y1 + part * made[one].height)
    end = (x2 if to_right else x2 + WIDTH, y2 + part * made[other].height)
    by_right = end if to_right else start
    return Inner(tie, start, end, label, (by_right[0] - label.width - 24.0, by_right[1]), False)
