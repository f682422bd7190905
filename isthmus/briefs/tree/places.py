"""Where everything of a dependence tree stands: columns for tiers, and no two branches at one height."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from isthmus.briefs.svg.ink import KINDS
from isthmus.briefs.svg.labels import Label, Lettered, label_of
from isthmus.briefs.svg.lettering import cut_text, text_width
from isthmus.briefs.svg.page import MARGIN, NOTE
from isthmus.briefs.tree.branches import Item, Joint

WIDTH, PAD, GLYPH = 184.0, 10.0, 20.0
CAPTION = 12.5
BRACE, ARROW, SPINE = 20.0, 16.0, 12.0
_CAPTION_LEADING, _NOTE_LEADING = 16.0, 14.0
_BETWEEN_ENDS, _BETWEEN_NEEDS = 9.0, 14.0
_WITH_SHAPE = frozenset(name for names, _ in KINDS for name in names)


@dataclass(eq=False)
class Placed:
    """A box at its place, with what it needs.

    Attributes
    ----------
    texts : tuple of Lettered
        Relative to the upper left corner.
    x, y : float
        The upper left corner.
    joints : list of Knot
    """

    item: Item
    texts: tuple[Lettered, ...]
    height: float
    glyph: bool
    x: float = 0.0
    y: float = 0.0
    joints: list[Knot] = field(default_factory=list)

    @property
    def middle(self) -> float:
        """Return the height at which its lines start and end."""
        return self.y + self.height / 2

    def all(self) -> Iterator[Placed]:
        """Yield the box and all that hang on it."""
        yield self
        for knot in self.joints:
            for end in knot.ends:
                yield from end.all()

    def move(self, by: float) -> None:
        """Move the box and all that hang on it down."""
        for placed in self.all():
            placed.y += by


@dataclass(eq=False)
class Knot:
    """A need at its place, between a thing and what meets it."""

    joint: Joint
    label: Label
    ends: list[Placed]

    @property
    def middle(self) -> float:
        """Return the height of its line."""
        return (self.ends[0].middle + self.ends[-1].middle) / 2


@dataclass(frozen=True, slots=True)
class Gap:
    """The room right of a column: the words at the things, the spine that joins their needs, the words of these, braces."""

    spine: float
    words: float
    brace: float
    width: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A tree at its place."""

    root: Placed
    columns: tuple[float, ...]
    gaps: tuple[Gap, ...]
    width: float
    bottom: float


def all_words(item: Item) -> str:
    """Return what stands where the needs of a thing part: that all of them must hold."""
    return f"all {item.needs:,}" if item.needs > 1 else ""


def lay_out(root: Item, top: float) -> Sheet:
    """Set the place of everything on the sheet, below `top`."""
    placed = _measured(root)
    bottom = _stack(placed, top)
    everything = list(placed.all())
    last = max(one.item.column for one in everything)
    gaps = tuple(_gap([one for one in everything if one.item.column == column]) for column in range(last))
    columns = [MARGIN]
    for gap in gaps:
        columns.append(columns[-1] + WIDTH + gap.width)
    for one in everything:
        one.x = columns[one.item.column]
    return Sheet(placed, tuple(columns), gaps, columns[-1] + WIDTH + MARGIN, bottom)


def _measured(item: Item) -> Placed:
    glyph = item.kind == "thing" and bool(_WITH_SHAPE & set(item.kinds))
    indent = PAD + (GLYPH if glyph else 0.0) + (4.0 if item.alone else 0.0)
    room = WIDTH - indent - PAD
    plain = item.kind == "thing"
    texts = []
    y = PAD + 10.0
    size = CAPTION if plain else NOTE
    for text in cut_text(item.caption, size, room, 3 if plain else 2, bold=plain):
        texts.append(Lettered(text, indent, y, size, plain, not plain))
        y += _CAPTION_LEADING if plain else _NOTE_LEADING
    for note in item.notes:
        for text in cut_text(note.text, NOTE - 0.5, room, 2, bold=note.strong):
            texts.append(Lettered(text, indent, y, NOTE - 0.5, note.strong, not note.strong, note.hedged))
            y += _NOTE_LEADING
    last = _NOTE_LEADING if item.notes or not plain else _CAPTION_LEADING
    knots = [Knot(joint, label_of(joint.words), [_measured(end) for end in joint.ends]) for joint in item.joints]
    return Placed(item, tuple(texts), y - last + PAD, glyph, joints=knots)


def _stack(placed: Placed, top: float) -> float:
    """Set the heights of a box and all that hang on it, from `top`; return where they end."""
    y = top
    for at, knot in enumerate(placed.joints):
        start = y + (_BETWEEN_NEEDS if at else 0.0)
        y = start
        for number, end in enumerate(knot.ends):
            y = _stack(end, y + (_BETWEEN_ENDS if number else 0.0))
        missing = knot.label.above - (knot.middle - start)
        if missing > 0.0:
            for end in knot.ends:
                end.move(missing)
            y += missing
        y = max(y, knot.middle + knot.label.below)
    if not placed.joints:
        placed.y = top
        return top + placed.height
    middle = (placed.joints[0].middle + placed.joints[-1].middle) / 2
    placed.y = middle - placed.height / 2
    if placed.y < top:
        missing = top - placed.y
        placed.move(missing)
        y += missing
    return max(y, placed.y + placed.height)


def _gap(column: Sequence[Placed]) -> Gap:
    knots = [knot for placed in column for knot in placed.joints]
    told = [all_words(placed.item) for placed in column if placed.joints]
    wide = max((text_width(text, NOTE - 0.5, bold=True) for text in told if text), default=0.0)
    spine = wide + 12.0 if wide else 6.0
    words = max((knot.label.width for knot in knots), default=0.0)
    words += 12.0 if words else 0.0
    brace = BRACE if any(knot.joint.braced for knot in knots) else 0.0
    return Gap(spine, words, brace, spine + SPINE + words + brace + ARROW)
