"""Who supplies a thing, and which alternatives a need of it has: the claims, in series that may be added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isthmus.control.evidence import COMPLETE, CONCERT, MEMBER, READ, REVERSED
from isthmus.lenses.concentration.marks import FlowKind, Marks
from isthmus.model import Claim
from isthmus.picture import Entity, Picture
from isthmus.picture.shares.figures import Held, Series, has_ended, newest
from isthmus.picture.shares.grouping import is_unnamed
from isthmus.picture.shares.suppliers import load_supply_rules, supplies_of, unit_of
from isthmus.quantities import Quantity

_ITEMS = "things named as items"
_NEEDS = ("uses", "contains")
_HOLDING = tuple(name for name in READ if name not in (*REVERSED, CONCERT, MEMBER, COMPLETE))


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
    flow : FlowKind or None
        Where the figures are shares of what flows into a place: what flows.
    into : str or None
        The place, where it is said.
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
    flow: FlowKind | None = None
    into: str | None = None

    @property
    def unit(self) -> str:
        """The unit of the figures; shares where none is given."""
        return unit_of(self.series)


def markets_of(picture: Picture, entity: Entity, marks: Marks) -> list[Market]:
    """Return the markets of a thing and of its needs: of itself, shares first and then the widest, and then those of its needs."""
    return [*_supply(picture, entity), *_needs(picture, entity, marks)]


def suppliers_towards(picture: Picture, entity: Entity) -> list[Claim]:
    """Return the claims that say who supplies a thing, by the first set of predicates that somebody has towards it."""
    for predicates in load_supply_rules().suppliers:
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


def _supply(picture: Picture, entity: Entity) -> list[Market]:
    told = suppliers_towards(picture, entity)
    claims = [claim for claim in told if not has_ended(picture, claim)]
    return [
        Market(
            entity,
            None,
            one.series,
            one.held,
            one.whole,
            _alternatives_of(picture, one.held),
            also=one.also,
            ended=len(told) - len(claims),
        )
        for one in supplies_of(picture, claims)
    ]


def _alternatives_of(picture: Picture, held: Sequence[Held]) -> tuple[Alternative, ...]:
    names = list(dict.fromkeys(item.subject for item in held))
    picture.load_entities(names)
    return tuple(
        Alternative(name, (name,))
        for name in names
        if not picture.is_kind(name, "place", "state") and not is_unnamed(picture, name)
    )


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
        suppliers, carrying = _suppliers(picture, thing)
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


def _suppliers(picture: Picture, thing: str) -> tuple[list[str], list[Claim]]:
    """Return who supplies an alternative, and the claims that say so.

    A party is its own supplier, and so is what nobody is known to supply and somebody holds, as a site or a service.
    """
    if picture.is_kind(thing, "party", "group"):
        return [picture.resolution.of(thing)], []
    claims = [claim for claim in suppliers_towards(picture, picture.entity(thing)) if not has_ended(picture, claim)]
    picture.load_entities(claim.subject for claim in claims)
    claims = [
        claim
        for claim in claims
        if not picture.is_kind(claim.subject, "place", "state") and not is_unnamed(picture, claim.subject)
    ]
    names = sorted({picture.resolution.of(claim.subject) for claim in claims})
    if not names and not picture.is_kind(thing, "place") and _is_held(picture, thing):
        return [picture.resolution.of(thing)], []
    return names, claims


def _is_held(picture: Picture, thing: str) -> bool:
    """Tell whether somebody is said to hold a thing, or to direct it."""
    entity = picture.entity(thing)
    told = (
        *picture.claims_towards(entity, predicates=_HOLDING),
        *picture.claims_about(entity, predicates=sorted(REVERSED)),
    )
    return any(
        claim.object and claim.mode == "actual" and claim.stance == "asserts" and not has_ended(picture, claim)
        for claim in told
    )
