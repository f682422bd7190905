"""Plots of bounded quantities as SVG: bars with brackets, and counts by date.

One grammar for both: solid to what is certain, hatched to what may be, hollow for what is not known. A stated end has a
bracket (square: the end is included; round: it is not; dotted: it is only near); an end that nobody stated has none.
Lengths are percentages of the drawing, so that a plot fits any width without a script.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from isthmus.errors import ArgumentError
from isthmus.quantities import Quantity

_FRACTIONS = ("share", "proportion")
_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar: what, how much, and in whose words.

    Parameters
    ----------
    label : str
        What the quantity is of.
    quantity : Quantity
        Not negative. `Quantity.unknown` is drawn as a hollow bar.
    words : str or None
        The quantity as the source words it ("more than a third"); the quantity's own words if absent.
    note : str or None
        A short remark under the label.
    claims : tuple of str
        Ids of the claims that the figure rests on.
    """

    label: str
    quantity: Quantity
    words: str | None = None
    note: str | None = None
    claims: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """The quantity in words."""
        return self.words or (self.quantity.words() if self.quantity.known else "not stated")


@dataclass(frozen=True, slots=True)
class BarPlot:
    """Bounded bars, one a row, against one scale.

    Parameters
    ----------
    title : str
        What is counted, of what.
    rows : tuple of BarRow
        In the order in which they are shown.
    total : BarRow or None
        What the rows are parts of; it sets the scale.
    remainder : BarRow or None
        What the rows leave over and nobody has attributed; drawn hollow.
    concentration : str or None
        The concentration index in words with its bracket, or why there is none.
    note : str or None
        How to read it, what was not added up.
    source : str or None
        Source and place in it.
    command : str or None
        The command that gives the same figures.
    """

    title: str
    rows: tuple[BarRow, ...]
    total: BarRow | None = None
    remainder: BarRow | None = None
    concentration: str | None = None
    note: str | None = None
    source: str | None = None
    command: str | None = None

    def __post_init__(self) -> None:
        rows = [*self.rows, *(row for row in (self.total, self.remainder) if row is not None)]
        _check(self.title, [row.quantity for row in rows])

    @property
    def scale(self) -> Scale:
        """The scale that all rows share."""
        parts = [row.quantity for row in (*self.rows, self.remainder) if row is not None]
        return scale_for(parts, self.total.quantity if self.total is not None else None)


@dataclass(frozen=True, slots=True)
class DatedCount:
    """A quantity of one period.

    Parameters
    ----------
    period : str
        The period as it is printed: 2016, 2016-Q3, 2016-07.
    quantity : Quantity
        Not negative.
    claims : tuple of str
        Ids of the claims that the figure rests on.
    """

    period: str
    quantity: Quantity
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatedPlot:
    """Counts by period as bounded columns, and a hollow one for what has no date.

    Parameters
    ----------
    title : str
        What is counted.
    counts : tuple of DatedCount
        One a period, in order; periods without a count are given as such by the caller.
    undated : DatedCount or None
        What has no date; its `period` is the word under the column.
    note, source, command : str or None
        As in `BarPlot`.
    """

    title: str
    counts: tuple[DatedCount, ...]
    undated: DatedCount | None = None
    note: str | None = None
    source: str | None = None
    command: str | None = None

    def __post_init__(self) -> None:
        _check(self.title, [count.quantity for count in self.columns])

    @property
    def columns(self) -> tuple[DatedCount, ...]:
        """All counts, the undated last."""
        return (*self.counts, *((self.undated,) if self.undated is not None else ()))

    @property
    def scale(self) -> Scale:
        """The scale that all columns share."""
        return scale_for([count.quantity for count in self.columns], None)

    @property
    def step(self) -> int:
        """Of how many columns one has its period printed: at most seven are."""
        return max(1, math.ceil(len(self.counts) / 7))


Plot = BarPlot | DatedPlot


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale from zero: its end, the places of its ticks, and whether it shows fractions as percentages."""

    end: float
    ticks: tuple[float, ...]
    percent: bool = False

    def part(self, value: float) -> float:
        """Return the place of a value as a percentage of the scale, never past its end."""
        return 100 * min(1.0, value / self.end)

    def say(self, tick: float) -> str:
        """Return the text of a tick."""
        return f"{100 * tick:g} %" if self.percent else f"{tick:,.15g}"


def _check(title: str, quantities: Sequence[Quantity]) -> None:
    if not quantities:
        raise ArgumentError(f"The plot '{title}' has nothing to show.", hint="Leave it out and name the gap.")
    for quantity in quantities:
        if min(end for end in (quantity.low, quantity.high, 0.0) if end is not None) < 0:
            raise ArgumentError(f"The plot '{title}' has the value {quantity.words()}, but its scale starts at zero.")
    if len({quantity.unit for quantity in quantities if quantity.known}) > 1:
        units = ", ".join(sorted({quantity.unit or "no unit" for quantity in quantities}))
        raise ArgumentError(f"The plot '{title}' has values of several units ({units}), which share no scale.")


def scale_for(quantities: Sequence[Quantity], total: Quantity | None) -> Scale:
    """Return a scale: all of it for fractions, the total where there is one, else a round end past the largest."""
    if any(quantity.unit in _FRACTIONS for quantity in quantities):
        return Scale(max(1.0, _largest(quantities)), (0.0, 0.25, 0.5, 0.75, 1.0), percent=True)
    largest = _largest([*quantities, *([total] if total is not None else [])]) or 1.0
    power = 10 ** math.floor(math.log10(largest / 4))
    step = next(power * nice for nice in _NICE if largest / (power * nice) <= 4)
    if total is not None:
        ticks = tuple(step * i for i in range(math.floor(largest / step) + 1))
        # The total itself is a tick; one that stands close before it would run into it.
        return Scale(largest, (*(tick for tick in ticks if tick <= 0.85 * largest), largest))
    return Scale(step * math.ceil(largest / step), tuple(step * i for i in range(math.ceil(largest / step) + 1)))


def _largest(quantities: Sequence[Quantity]) -> float:
    # An end that nobody stated needs some room to run out in.
    ends = [(quantity.high, quantity.low) for quantity in quantities]
    return max((high if high is not None else 1.3 * (low or 0.0) for high, low in ends), default=0.0)


def draw_bar(quantity: Quantity, scale: Scale, words: str, *, hollow: bool = False) -> Markup:
    """Return the SVG of one bar.

    Parameters
    ----------
    quantity : Quantity
        What to draw.
    scale : Scale
        Its scale.
    words : str
        What a reader who does not see the drawing is told.
    hollow : bool
        Draw an outline: nobody has attributed this part.
    """
    low = scale.part(quantity.low or 0.0)
    high = 100.0 if quantity.high is None else scale.part(quantity.high)
    parts = [Markup('<line class="bb-track" x1="0" x2="100%" y1="50%" y2="50%"/>')]
    if not quantity.known:
        parts.append(_span("bb-gap", 0, 100))
    elif hollow:
        parts += [_span("bb-gap", 0, low), _span("bb-gap bb-may", low, high - low)]
    else:
        parts += [_span("bb-lo", 0, low), _span("bb-band", low, high - low)]
        parts += _brackets(quantity, low, high)
    return Markup('<svg class="bb" role="img" aria-label="{}">{}</svg>').format(words, Markup("").join(parts))


def _span(name: str, start: float, length: float) -> Markup:
    if length <= 0:
        return Markup("")
    return Markup('<rect class="{}" x="{:.4g}%" y="18%" width="{:.4g}%" height="64%"/>').format(name, start, length)


def _brackets(quantity: Quantity, low: float, high: float) -> list[Markup]:
    if quantity.exact:
        return []
    brackets = []
    if quantity.low is not None:
        brackets.append(_bracket(low, quantity.open_low, quantity.near_low, 1))
    if quantity.high is not None and (high > low or quantity.high != quantity.low):
        brackets.append(_bracket(high, quantity.open_high, quantity.near_high, -1))
    return brackets


def _bracket(place: float, is_open: bool, near: bool, side: int) -> Markup:
    # Nested so that the bracket keeps its shape while its place is a percentage.
    if near:
        shape = Markup('<path class="bb-end bb-near" d="M0-1V15"/>')
    elif is_open:
        shape = Markup('<path class="bb-end" d="M{0}-1Q{1} 7 {0} 15"/>').format(2 * side, -2 * side)
    else:
        shape = Markup('<path class="bb-end" d="M{0}-1H0V15H{0}"/>').format(3 * side)
    return Markup('<svg x="{:.4g}%" width="1" height="14" overflow="visible">{}</svg>').format(place, shape)


def draw_axis(scale: Scale) -> Markup:
    """Return the SVG of a scale's ticks, to stand over the bars."""
    parts = []
    for tick in scale.ticks:
        place = scale.part(tick)
        anchor = "start" if place < 2 else "end" if place > 98 else "middle"
        # The ticks between the middle and the ends go first where there is little room.
        name = "ax-minor" if scale.percent and round(place) in (25, 75) else "ax"
        parts.append(
            Markup('<g class="{}"><line x1="{:.4g}%" x2="{:.4g}%" y1="11" y2="14"/>'
                   '<text x="{:.4g}%" y="8" text-anchor="{}">{}</text></g>').format(
                name, place, place, place, anchor, scale.say(tick)
            )
        )
    return Markup('<svg class="axis" aria-hidden="true">{}</svg>').format(Markup("").join(parts))


def draw_columns(plot: DatedPlot) -> Markup:
    """Return the SVG of a dated plot's columns and periods; the ticks of its scale are `draw_ticks`."""
    scale, columns = plot.scale, plot.columns
    # The undated stand apart from the time line by one column's room.
    slots = len(plot.counts) + (2 if plot.undated is not None and plot.counts else 1 if plot.undated else 0)
    parts = [
        Markup('<line class="grid" x1="0" x2="100%" y1="{0:.4g}%" y2="{0:.4g}%"/>').format(100 - scale.part(tick))
        for tick in scale.ticks
    ]
    labels = []
    for place, count in enumerate(columns):
        dated = place < len(plot.counts)
        slot = place if dated else slots - 1
        parts.append(_column(count, scale, 100 * slot / slots, 100 / slots, hollow=not dated))
        if not dated or place % plot.step == 0:
            anchor = "middle" if dated else "end"
            at = 100 * (slot + 0.5) / slots if dated else 100.0
            labels.append(
                Markup('<text x="{:.4g}%" y="12" text-anchor="{}">{}</text>').format(at, anchor, count.period)
            )
    said = f"{plot.title}: {len(plot.counts)} periods; the table below holds the same"
    return Markup(
        '<svg class="cols" role="img" aria-label="{}">{}</svg><svg class="periods" aria-hidden="true">{}</svg>'
    ).format(said, Markup("").join(parts), Markup("").join(labels))


def _column(count: DatedCount, scale: Scale, start: float, width: float, *, hollow: bool) -> Markup:
    quantity = count.quantity
    low = scale.part(quantity.low or 0.0)
    high = 100.0 if quantity.high is None else scale.part(quantity.high)
    left, wide = start + 0.12 * width, 0.76 * width
    rect = Markup('<rect class="{}" x="{:.4g}%" y="{:.4g}%" width="{:.4g}%" height="{:.4g}%"/>')
    parts = []
    if low > 0:
        parts.append(rect.format("bb-gap" if hollow or not quantity.known else "bb-lo", left, 100 - low, wide, low))
    if high > low:
        name = "bb-gap bb-may" if hollow or not quantity.known else "bb-band"
        parts.append(rect.format(name, left, 100 - high, wide, high - low))
        if quantity.high is not None:
            end = Markup('<line class="bb-end" x1="{0:.4g}%" x2="{1:.4g}%" y1="{2:.4g}%" y2="{2:.4g}%"/>')
            parts.append(end.format(left, left + wide, 100 - high))
    figure = "" if quantity.high == 0 else f"{quantity.low:,.15g}" if quantity.exact and quantity.low is not None else ""
    number = Markup('<text class="col-n" x="{:.4g}%" y="{:.4g}%" dy="-4">{}</text>').format(
        start + width / 2, 100 - high, figure
    )
    return Markup("<g><title>{}: {}</title>{}{}</g>").format(
        count.period, quantity.words(), Markup("").join(parts), number
    )


def draw_ticks(scale: Scale) -> Markup:
    """Return the SVG of a dated plot's scale, to stand left of its columns."""
    texts = [
        Markup('<text x="100%" y="{:.4g}%" dy="4" text-anchor="end">{}</text>').format(
            100 - scale.part(tick), scale.say(tick)
        )
        for tick in scale.ticks
    ]
    return Markup('<svg class="ticks" aria-hidden="true">{}</svg>').format(Markup("").join(texts))
