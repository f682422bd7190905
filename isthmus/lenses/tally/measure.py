"""Which claims a tally counts: the measure, and the series that may be added to one another."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from isthmus.errors import ArgumentError
from isthmus.model import Claim
from isthmus.picture import Entity, Picture
from isthmus.picture.shares.figures import SHARED, TOTALS, WHOLE, has_ended


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
