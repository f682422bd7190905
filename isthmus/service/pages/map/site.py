"""A site as the map knows it: where it is said to lie, at which stage it is said to be, and who is tied to it; each with its dates.

Days are whole numbers, year, month and day (20220331); None where a claim gives none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

LAYERS = ("data_center", "network", "satellite_system", "project", "site")
"""The kinds that the map shows, narrow ones first: a thing of several kinds stands in the first of them."""
BUILT, AGREED, PLANNED, PAST, UNSTATED = STATUSES = ("built", "agreed", "planned", "past", "not stated")
_OF_VALUE = {
    **dict.fromkeys(("active", "in_force", "impaired", "completed", "occurred", "pilot"), BUILT),
    **dict.fromkeys(("signed", "approved", "adopted", "under_construction"), AGREED),
    **dict.fromkeys(("proposed", "negotiating", "announced", "reported"), PLANNED),
    **dict.fromkeys(("ended", "suspended", "lapsed", "annulled"), PAST),
}
_OF_MODE = {"agreed": AGREED, **dict.fromkeys(("possible", "planned", "proposed", "forecast", "attempted"), PLANNED)}


class Span(NamedTuple):
    """From when to when a claim may hold; an open end is one that nobody stated."""

    begin: int | None
    end: int | None

    def holds(self, day: int) -> bool:
        """Tell whether a claim may hold on a day."""
        return (self.begin is None or self.begin <= day) and (self.end is None or self.end >= day)

    def within(self, other: Span) -> Span:
        """Return the time that both have; it is empty where the begin lies after the end."""
        begins = [day for day in (self.begin, other.begin) if day is not None]
        ends = [day for day in (self.end, other.end) if day is not None]
        return Span(max(begins, default=None), min(ends, default=None))

    def joined(self, other: Span) -> Span:
        """Return the shortest time that covers both."""
        begin = None if self.begin is None or other.begin is None else min(self.begin, other.begin)
        end = None if self.end is None or other.end is None else max(self.end, other.end)
        return Span(begin, end)


class Spot(NamedTuple):
    """A place where a site is said to lie: a point, or no more than a country.

    Attributes
    ----------
    lon, lat : float or None
        Degrees; None where only a country, or less, is known.
    x, y : float or None
        The point, or the badge of the country, on the sheet of `isthmus.briefs.projection.EqualEarth`; None where it is not on it.
    country : str or None
        ISO 3166-1 code of two letters.
    through : tuple of str
        Ids of the places in which it lies, the nearest first.
    span : Span
    claim : str
        The claim that says so.
    mode : str
    hedge : str or None
    """

    lon: float | None
    lat: float | None
    x: float | None
    y: float | None
    country: str | None
    through: tuple[str, ...]
    span: Span
    claim: str
    mode: str
    hedge: str | None

    @property
    def exact(self) -> bool:
        """Whether it is a point."""
        return self.lon is not None


class Stage(NamedTuple):
    """A claim of a site's stage: what it comes to, and the value as it was said."""

    status: str
    value: str
    span: Span
    claim: str
    mode: str
    hedge: str | None


class Tie(NamedTuple):
    """A party that supplies, builds, runs, owns or pays for a site, by the predicate that says so."""

    role: str
    party: str
    span: Span
    claim: str
    mode: str
    hedge: str | None


@dataclass(frozen=True, slots=True)
class Site:
    """One thing on the map, with all that is said of its place, stage and parties.

    Attributes
    ----------
    spots, shown : tuple of Spot
        Where it is said to lie, and those of them at which it is drawn: its points, or else the badges of its countries.
    """

    id: str
    caption: str
    kind: str
    status: str
    spots: tuple[Spot, ...]
    shown: tuple[Spot, ...]
    stages: tuple[Stage, ...]
    ties: tuple[Tie, ...]

    @property
    def since(self) -> int | None:
        """The first day of which any claim of its stage or place speaks."""
        spans = [*(stage.span for stage in self.stages), *(spot.span for spot in self.spots)]
        return min((span.begin for span in spans if span.begin is not None), default=None)


def shown(spots: Iterable[Spot]) -> tuple[Spot, ...]:
    """Return the points among places, or else the places with a badge; what the sheet does not show is not among them."""
    held = [spot for spot in spots if spot.x is not None]
    return tuple([spot for spot in held if spot.exact] or held)


def status_of_value(value: str, mode: str) -> str:
    """Return what a claim of a stage comes to: a plan to be active is a plan."""
    return _OF_MODE.get(mode) or _OF_VALUE.get(value, UNSTATED)


def status_on(stages: Sequence[Stage], spots: Sequence[Spot], day: int, *, dated: bool) -> str:
    """Return the stage of a site on a day.

    Parameters
    ----------
    dated : bool
        Whether the picture is of that day; else the newest that is said counts where all of it is still to come.
    """
    if spots and not dated and all(spot.span.end is not None and spot.span.end < day for spot in spots):
        return PAST
    begun = [stage for stage in stages if stage.span.begin is None or stage.span.begin <= day]
    newest = max(begun or stages, key=lambda stage: (stage.span.begin or 0, STATUSES.index(stage.status)), default=None)
    if newest is not None:
        over = newest.span.end is not None and newest.span.end < day
        future = not begun and newest.status == BUILT
        return PAST if over else PLANNED if future else newest.status
    modes = {_OF_MODE.get(spot.mode, UNSTATED) for spot in spots}
    return modes.pop() if len(modes) == 1 else UNSTATED
