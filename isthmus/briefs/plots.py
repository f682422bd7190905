"""Plots of bounded quantities: what they show and their scales. `drawing` makes SVG of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

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
        """The quantity in words, a figure and its percent sign on one line."""
        said = self.words or (self.quantity.words() if self.quantity.known else "not stated")
        return said.replace(" %", "\N{NO-BREAK SPACE}%")


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
    whole = all(end.is_integer() for quantity in quantities for end in (quantity.low, quantity.high) if end is not None)
    steps = (power * nice for nice in _NICE)
    # Things that are counted have no halves.
    step = next(step for step in steps if largest / step <= 4 and (not whole or step.is_integer()))
    if total is not None:
        ticks = tuple(step * i for i in range(math.floor(largest / step) + 1))
        # The total itself is a tick; one that stands close before it would run into it.
        return Scale(largest, (*(tick for tick in ticks if tick <= 0.85 * largest), largest))
    return Scale(step * math.ceil(largest / step), tuple(step * i for i in range(math.ceil(largest / step) + 1)))


def _largest(quantities: Sequence[Quantity]) -> float:
    # An end that nobody stated needs some room to run out in.
    ends = [(quantity.high, quantity.low) for quantity in quantities]
    return max((high if high is not None else 1.3 * (low or 0.0) for high, low in ends), default=0.0)
