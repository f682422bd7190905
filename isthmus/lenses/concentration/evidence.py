"""Who supplies a thing, and which alternatives a need of it has: the claims, in series that may be added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from isthmus.lenses.concentration.marks import Marks
from isthmus.model import Claim
from isthmus.picture import Entity, Picture
from isthmus.picture.extent import day_known
from isthmus.picture.shares.figures import WHOLE, Held, Series, has_ended, in_series, newest
from isthmus.quantities import Quantity

SHARES = ("share", "proportion")
_ITEMS = "things named as items"
_NEEDS = ("uses", "contains")
_SAME = ("stage", "segment", "of", "basis", "place")


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to meet a need: the thing or party, and those who supply it (none: nobody is known to)."""

    entity: str
    suppliers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Market:
    """Who supplies one thing, or meets one need of it, by one measure.

    Attributes
    ----------
    need : str or None
        The need, where the holders are alternatives for it.
    series : Series
        What the figures have in common.
    held : tuple of Held
        One figure a holder; of a need `object` is the alternative that the holder supplies.
    whole : Quantity or None
        What all have together, as a source says.
    alternatives : tuple of Alternative
    at_least : int
        So many alternatives must hold.
    also : tuple of Claim
        Claims that give the whole.
    ended : int
        Claims left out as they had ended.
    """

    entity: Entity
    need: str | None
    series: Series
    held: tuple[Held, ...]
    whole: Quantity | None = None
    alternatives: tuple[Alternative, ...] = ()
    at_least: int = 1
    also: tuple[Claim, ...] = ()
    ended: int = 0

    @property
    def unit(self) -> str:
        """The unit of the figures; shares where none is given."""
        return next((value for key, value in self.series if key == "unit" and value), "share")


def markets_of(picture: Picture, entity: Entity, marks: Marks) -> list[Market]:
    """Return the markets of a thing: of itself, shares first and then the widest, and then those of its needs."""
    return [*_supply(picture, entity, marks), *_needs(picture, entity, marks)]


def suppliers_towards(picture: Picture, entity: Entity, marks: Marks) -> list[Claim]:
    """Return the claims that say who supplies a thing, by the first set of predicates that somebody has towards it."""
    for predicates in marks.suppliers:
        direct = [name for name in predicates if name != "supplies"]
        claims = picture.claims_towards(entity, predicates=direct) if direct else []
        if "supplies" in predicates:
            items = {f"@{member}" for member in entity.members}
            mentions = picture.claims_mentioning(entity) if items & _items(picture) else []
            claims += [
                claim for claim in mentions if claim.predicate == "supplies" and claim.qualifier("item") in items
            ]
        claims = [claim for claim in claims if claim.mode == "actual" and claim.stance == "asserts"]
        if claims:
            return claims
    return []


def _items(picture: Picture) -> frozenset[str]:
    """Return every thing that some claim names as an item, as it names it; one query, as each later one reads all qualifiers."""
    held = picture.memo.get(_ITEMS)
    if held is None:
        rows = picture.store.rows("SELECT pairs['item'] FROM qualifier_sets WHERE starts_with(pairs['item'], '@')")
        held = picture.memo[_ITEMS] = frozenset(row[0] for row in rows)
    assert isinstance(held, frozenset)
    return held


def _supply(picture: Picture, entity: Entity, marks: Marks) -> list[Market]:
    told = suppliers_towards(picture, entity, marks)
    claims = [claim for claim in told if not has_ended(picture, claim)]
    totals = [claim for claim in claims if claim.qualifier("scope") == WHOLE]
    parts: dict[str | None, list[Claim]] = {}
    for claim in claims:
        if claim.qualifier("scope") != WHOLE:
            # What a supplier provides to one party is a part of what that party gets, and of nothing else.
            given = claim.predicate == "supplies" and claim.quantity is not None
            parts.setdefault(claim.object if given else None, []).append(claim)
    found = []
    for recipient, part in sorted(parts.items(), key=lambda item: item[0] or ""):
        for series, members in in_series(picture, part):
            held = newest(picture, members)
            whole, also = _whole(series, members, totals)
            named = (*series, ("to", picture.caption(recipient))) if recipient else series
            found.append(Market(entity, None, named, tuple(held), whole, also=also, ended=len(told) - len(claims)))
    found = [_with_alternatives(picture, market) for market in found]
    return sorted(found, key=lambda market: (market.unit not in SHARES, -len(market.held), market.series))


def _with_alternatives(picture: Picture, market: Market) -> Market:
    names = list(dict.fromkeys(item.subject for item in market.held))
    picture.load_entities(names)
    firms = [name for name in names if not picture.is_kind(name, "place", "state", "group")]
    alternatives = tuple(Alternative(name, (name,)) for name in firms)
    return Market(
        market.entity, None, market.series, market.held, market.whole, alternatives, 1, market.also, market.ended
    )


def _whole(
    series: Series, claims: Iterable[Claim], totals: Sequence[Claim]
) -> tuple[Quantity | None, tuple[Claim, ...]]:
    """Return the whole as a source says it beside the figures, or in a claim of its own on the same matter."""
    unit = dict(series).get("unit", "")
    stated = {claim.qualifier("out_of") for claim in claims} - {None}
    if len(stated) == 1 and unit not in SHARES:
        said = stated.pop()
        return Quantity.parse(said, said, unit), ()
    plain = {key: value for key, value in series if key in _SAME}
    fitting = [
        claim
        for claim in totals
        if claim.quantity
        and claim.quantity.unit == unit
        and {key: value for key, value in claim.qualifiers if key in _SAME} == plain
    ]
    last = max((day_known(claim) or "" for claim in fitting), default="")
    latest = tuple(claim for claim in fitting if (day_known(claim) or "") == last)
    figures = {(claim.quantity.low, claim.quantity.high) for claim in latest if claim.quantity}
    return (latest[0].quantity, latest) if len(figures) == 1 else (None, latest)


def _needs(picture: Picture, entity: Entity, marks: Marks) -> list[Market]:
    """Return a market for each need of a thing that its evidence names."""
    claims = [claim for claim in picture.claims_about(entity, predicates=_NEEDS) if claim.qualifier("need")]
    claims += [claim for claim in picture.claims_towards(entity, predicates=("supplies",)) if claim.qualifier("need")]
    groups: dict[str, list[Claim]] = {}
    ended: dict[str, int] = {}
    for claim in claims:
        if claim.mode != "actual" or claim.stance != "asserts":
            continue
        need = claim.qualifier("need") or ""
        if has_ended(picture, claim):
            ended[need] = ended.get(need, 0) + 1
        else:
            groups.setdefault(need, []).append(claim)
    return [_need(picture, entity, need, group, ended.get(need, 0), marks) for need, group in sorted(groups.items())]


def _need(picture: Picture, entity: Entity, need: str, claims: Sequence[Claim], ended: int, marks: Marks) -> Market:
    alternatives: list[Alternative] = []
    held: list[Held] = []
    for item in newest(picture, claims):
        thing = item.subject if item.claims[0].predicate == "supplies" else item.object or item.subject
        suppliers, carrying = _suppliers(picture, thing, marks)
        alternatives.append(Alternative(thing, tuple(suppliers)))
        used = (*item.claims, *carrying)
        if len(suppliers) == 1:
            held.append(Held(suppliers[0], thing, item.quantity, used, item.older, item.disputed))
        else:
            # Of what several supply nobody says how much is whose.
            held += [Held(name, thing, None, used, ()) for name in suppliers]
    least = [int(number) for claim in claims if (number := claim.qualifier("at_least") or "").isdigit()]
    series: Series = (("predicate", claims[0].predicate), ("unit", "share"), ("need", need))
    return Market(
        entity, need, series, tuple(held), None, tuple(alternatives), max(least, default=marks.alternatives), (), ended
    )


def _suppliers(picture: Picture, thing: str, marks: Marks) -> tuple[list[str], list[Claim]]:
    """Return who supplies an alternative, and the claims that say so; a party is its own supplier."""
    if picture.is_kind(thing, "party", "group"):
        return [picture.resolution.of(thing)], []
    claims = [
        claim for claim in suppliers_towards(picture, picture.entity(thing), marks) if not has_ended(picture, claim)
    ]
    picture.load_entities(claim.subject for claim in claims)
    claims = [claim for claim in claims if not picture.is_kind(claim.subject, "place", "state")]
    return sorted({picture.resolution.of(claim.subject) for claim in claims}), claims
