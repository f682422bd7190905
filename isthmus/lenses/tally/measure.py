"""Which claims a tally counts: the measure, and the series that may be added to one another."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from isthmus.dates import PartialDate
from isthmus.errors import ArgumentError
from isthmus.model import Claim
from isthmus.picture import Entity, Picture
from isthmus.picture.extent import day_known
from isthmus.quantities import Quantity

REMARKS = ("reading", "reason", "date_words", "out_of", "converted_from", "title", "condition")
TOTALS = ("count", "amount", "capacity")
PERIODS = (*TOTALS, "share", "growth", "rank", "contributes")
"""Predicates whose dates bound what was measured, not how long a relation lasts."""

SHARED = frozenset({"produces", "owns", "builds"})
WHOLE = "world total"
"""The scope that marks a claim as the total of what other claims share out."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted: numbers in some units, or things of a kind, or relations of a predicate."""

    name: str
    form: str
    units: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """The unit of the answer."""
        return self.units[0] if self.form == "unit" else self.name


def find_measure(picture: Picture, name: str) -> Measure:
    """Return the measure called `name`: a unit, a family of units, a kind or a predicate of the vocabulary.

    Raises
    ------
    ArgumentError
        There is no such term; near ones are named.
    """
    vocabulary = picture.vocabulary
    if vocabulary.family(name):
        return Measure(name, "unit", (name,))
    if name in vocabulary.units:
        return Measure(name, "unit", vocabulary.units[name])
    if name in vocabulary.predicates and vocabulary.predicates[name].takes_object:
        return Measure(name, "predicate")
    if name in vocabulary.kinds:
        return Measure(name, "kind")
    known = [
        *(unit for units in vocabulary.units.values() for unit in units),
        *vocabulary.units,
        *vocabulary.kinds,
        *vocabulary.predicates,
    ]
    near = difflib.get_close_matches(name, known, 3)
    raise ArgumentError(
        f"there is no measure “{name}”: it is no unit, kind or predicate of the vocabulary.",
        where="--measure",
        hint=f"Did you mean {' or '.join(near)}?"
        if near
        else "`isthmus vocabulary` lists units, kinds and predicates.",
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """The claims of a tally: those that are counted, those without a number, and those that say how many there are in all."""

    counted: tuple[Claim, ...]
    missing: tuple[Claim, ...]
    totals: tuple[Claim, ...]
    ended: int = 0


def gather(
    picture: Picture, measure: Measure, within: Entity | None, of: Entity | None, modes: Sequence[str]
) -> Evidence:
    """Read the claims that a measure is made of, in or of an entity where one is named."""
    marks = ", ".join("?" for _ in measure.units)
    condition = f"c.unit IN ({marks})"
    if within is not None:
        near = picture.claims_towards(within) + picture.claims_about(within)
        claims = [claim for claim in near if claim.quantity and claim.quantity.unit in measure.units]
    elif of is not None:
        near = picture.claims_about(of)
        claims = [claim for claim in near if claim.quantity and claim.quantity.unit in measure.units]
    else:
        near = []
        claims = picture.reader.where(condition, measure.units)
    claims = [claim for claim in claims if claim.mode in modes and claim.stance == "asserts"]
    standing = [claim for claim in claims if not has_ended(picture, claim)]
    ended, claims = len(claims) - len(standing), standing
    totals = [claim for claim in claims if _is_total(picture, claim, within, of)]
    chosen = {claim.id for claim in totals}
    counted = [claim for claim in claims if claim.id not in chosen and not _is_other(claim, within)]
    predicates = {claim.predicate for claim in counted} or SHARED
    missing = [
        claim
        for claim in near
        if claim.quantity is None
        and claim.predicate in predicates & SHARED
        and ("share" in measure.units or claim.qualifier("reason") == "withheld")
        and claim.mode in modes
        and claim.stance == "asserts"
        and (within is None or claim.object in within.members)
    ]
    return Evidence(tuple(counted), tuple(missing), tuple(totals), ended)


def has_ended(picture: Picture, claim: Claim) -> bool:
    """Tell whether a relation had ended by the picture's record time; asked only where no as-of date says what to show."""
    if picture.as_of is not None or not claim.valid_to or claim.predicate in PERIODS:
        return False
    last = PartialDate.parse(claim.valid_to).latest
    return last is not None and last.isoformat() < picture.known_at[:10]


def _is_total(picture: Picture, claim: Claim, within: Entity | None, of: Entity | None) -> bool:
    """Tell whether a claim gives the whole: a body's own count, or what an entity has in all (not: among a group)."""
    if within is not None and claim.qualifier("scope") == WHOLE:
        return claim.object is not None and claim.object in within.members
    if claim.predicate not in TOTALS:
        return False
    if within is not None:
        return claim.subject in within.members and claim.object is None
    spread = claim.object is not None and picture.is_kind(claim.object, "group")
    return of is not None and claim.subject in of.members and not spread


def _is_other(claim: Claim, within: Entity | None) -> bool:
    """Tell whether a claim near the body of the question is about something else than holders in it."""
    return within is not None and (claim.object is None or claim.object not in within.members)


def series_of(picture: Picture, claim: Claim) -> tuple[tuple[str, str], ...]:
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
