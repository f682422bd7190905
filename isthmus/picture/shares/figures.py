"""The figures of holders: which claims may be added to one another, and the newest of each holder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isthmus.dates import PartialDate
from isthmus.model import Claim
from isthmus.picture.extent import day_known
from isthmus.picture.picture import Picture
from isthmus.quantities import Quantity

REMARKS = ("reading", "reason", "date_words", "out_of", "converted_from", "title", "condition")
TOTALS = ("count", "amount", "capacity")
PERIODS = (*TOTALS, "share", "growth", "rank", "contributes")
"""Predicates whose dates bound what was measured, not how long a relation lasts."""

SHARED = frozenset({"produces", "owns", "builds"})
WHOLE = "world total"
"""The scope that marks a claim as the total of what other claims share out."""

Series = tuple[tuple[str, str], ...]
"""What must be equal for claims to be added, as pairs of a name and a value."""


def has_ended(picture: Picture, claim: Claim) -> bool:
    """Tell whether a relation had ended by the picture's record time; asked only where no as-of date says what to show."""
    if picture.as_of is not None or not claim.valid_to or claim.predicate in PERIODS:
        return False
    last = PartialDate.parse(claim.valid_to).latest
    return last is not None and last.isoformat() < picture.known_at[:10]


def series_of(picture: Picture, claim: Claim) -> Series:
    """Return what must be equal for two claims to be added: predicate, unit and the qualifiers that are no remarks."""
    told = tuple((key, _shown(picture, value)) for key, value in claim.qualifiers if key not in REMARKS)
    unit = claim.quantity.unit if claim.quantity else ""
    return (("predicate", claim.predicate), ("unit", unit), *told)


def _shown(picture: Picture, value: str) -> str:
    return picture.caption(value[1:]) if value.startswith("@") else value


@dataclass(frozen=True, slots=True)
class Held:
    """What one holder has in one series: the newest figure, the claims that give it, and those that it replaces."""

    subject: str
    object: str | None
    quantity: Quantity | None
    claims: tuple[Claim, ...]
    older: tuple[Claim, ...]
    disputed: bool = False


def newest(picture: Picture, claims: Sequence[Claim]) -> list[Held]:
    """Return one figure a holder and object: the newest; equal ones corroborate, and unequal ones of one date are kept as a span."""
    groups: dict[tuple[str, str | None], list[Claim]] = {}
    for claim in claims:
        key = (picture.resolution.of(claim.subject), picture.resolution.of(claim.object) if claim.object else None)
        groups.setdefault(key, []).append(claim)
    return [
        _newest(subject, thing, group)
        for (subject, thing), group in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    ]


def _newest(subject: str, thing: str | None, claims: Sequence[Claim]) -> Held:
    days = {claim.id: day_known(claim) or "" for claim in claims}
    last = max(days.values())
    latest = [claim for claim in claims if days[claim.id] == last]
    older = tuple(claim for claim in claims if days[claim.id] != last)
    figures = [claim.quantity for claim in latest if claim.quantity]
    if not figures:
        return Held(subject, thing, None, tuple(latest), older)
    joined, disputed = figures[0], False
    for figure in figures[1:]:
        both = joined.intersect(figure)
        disputed = disputed or both is None
        joined = both if both is not None else joined.hull(figure)
    return Held(subject, thing, joined, tuple(latest), older, disputed)


def in_series(picture: Picture, claims: Sequence[Claim]) -> list[tuple[Series, list[Claim]]]:
    """Return the series that may be added, the widest first. Claims without a number go with the widest series of their predicate."""
    found: dict[Series, list[Claim]] = {}
    for claim in claims:
        if claim.quantity is not None:
            found.setdefault(series_of(picture, claim), []).append(claim)
    bare = [claim for claim in claims if claim.quantity is None]
    order = sorted(found.items(), key=lambda item: (-len({claim.subject for claim in item[1]}), len(item[0]), item[0]))
    for claim in bare:
        told = set(series_of(picture, claim)) - {("unit", ""), ("reason", "withheld")}
        home = next((members for series, members in order if told <= set(series)), None)
        if home is None:
            home = order[0][1] if order else []
            order = order or [(series_of(picture, claim), home)]
        home.append(claim)
    return order
