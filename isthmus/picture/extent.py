"""When a claim speaks of: its extent in time, compared as an interval."""

from __future__ import annotations

from datetime import date

from isthmus.dates import PartialDate, Period, Truth, as_of_day
from isthmus.model import Claim

BEGINNING, END = date.min, date.max


def extent(claim: Claim) -> tuple[date, date]:
    """Return the first and last day that a claim may hold on.

    A start opens and an end closes the extent. An observation alone is its own day or span: nothing says since when or
    until when. No date at all is open on both sides.
    """
    if claim.valid_from or claim.valid_to:
        low = PartialDate.parse(claim.valid_from).earliest if claim.valid_from else None
        high = PartialDate.parse(claim.valid_to).latest if claim.valid_to else None
        return low or BEGINNING, high or END
    if claim.observed:
        seen = PartialDate.parse(claim.observed)
        return seen.earliest or BEGINNING, seen.latest or END
    return BEGINNING, END


def holds(claim: Claim, day: str | None) -> Truth:
    """Say whether a claim holds on a day; without a day, whether no end of it is told."""
    if day is None:
        return Truth.NO if claim.valid_to and not claim.valid_to.startswith(">") else Truth.YES
    dates = [PartialDate.parse(text) if text else None for text in (claim.valid_from, claim.valid_to, claim.observed)]
    return Period(*dates).holds_on(as_of_day(day))


def meet(a: Claim, b: Claim) -> bool:
    """Tell whether two claims can speak of one day."""
    first, second = extent(a), extent(b)
    return first[0] <= second[1] and second[0] <= first[1]


def starts_differ(a: Claim, b: Claim) -> bool:
    """Tell whether two claims give starts that cannot be one day."""
    if not a.valid_from or not b.valid_from:
        return False
    one, two = PartialDate.parse(a.valid_from), PartialDate.parse(b.valid_from)
    low = max(one.earliest or BEGINNING, two.earliest or BEGINNING)
    high = min(one.latest or END, two.latest or END)
    return low > high


def day_known(claim: Claim) -> str | None:
    """Return the date by which claims of one measure are put in order: the latest of observation, end and start."""
    dates = [PartialDate.parse(text) for text in (claim.observed, claim.valid_to, claim.valid_from) if text]
    days = [(item.latest or item.earliest or END, item.earliest or BEGINNING) for item in dates]
    return max(days)[0].isoformat() if days else None
