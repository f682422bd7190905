"""What flows into a place, by where it comes from; and how much of what the place uses that makes up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from isthmus.lenses.concentration.evidence import Market
from isthmus.lenses.concentration.marks import FlowKind, Marks
from isthmus.lenses.concentration.ways import SITE, SUPPLIER, Way
from isthmus.model import Claim
from isthmus.picture import Entity, Picture
from isthmus.picture.shares.figures import in_series, newest
from isthmus.quantities import Quantity

_FORM = "variant_of"
_WHOLE = Quantity.between(0, 1, "share")


@dataclass(frozen=True, slots=True)
class Reliance:
    """How much of what a place uses comes in by a flow.

    Attributes
    ----------
    share : Quantity or None
        A part of 1, within [0, 1]; None where it is refused.
    of : str or None
        The thing that it is said of: the thing that flows, or one that this is a form of.
    claims : tuple of Claim
        What says it, and what ties the one to the other.
    refused : str or None
        Why there is none, in words.
    stands_for : bool
        Whether the flow of one form is taken for the flow of the whole thing.
    """

    share: Quantity | None
    of: str | None = None
    claims: tuple[Claim, ...] = ()
    refused: str | None = None
    stands_for: bool = False


def flows_of(picture: Picture, entity: Entity, marks: Marks, *, forms: bool = True) -> list[Market]:
    """Return a market for each flow of a thing into a place, and with `forms` of the things that are said to be forms of it."""
    names = [entity.id, *(_forms(picture, entity) if forms else ())]
    picture.load_entities(names)
    return [
        Market(thing, None, series, tuple(newest(picture, claims)), flow=kind, into=_place(picture, claims[0]))
        for thing in map(picture.entity, names)
        for kind in marks.flows
        for series, claims in in_series(picture, _shares(picture, thing, kind.of))
    ]


def _forms(picture: Picture, entity: Entity) -> list[str]:
    claims = _told(picture.claims_towards(entity, predicates=(_FORM,)))
    return sorted({picture.resolution.of(claim.subject) for claim in claims} - {entity.id})


def _told(claims: Iterable[Claim]) -> list[Claim]:
    return [claim for claim in claims if claim.mode == "actual" and claim.stance == "asserts"]


def _shares(picture: Picture, thing: Entity, measure: str) -> list[Claim]:
    claims = _told(picture.claims_towards(thing, predicates=("share",)))
    return [claim for claim in claims if claim.qualifier("of") == measure]


def _place(picture: Picture, claim: Claim) -> str | None:
    place = claim.qualifier("place")
    return picture.resolution.of(place[1:]) if place and place.startswith("@") else None


def reliance_of(picture: Picture, market: Market) -> Reliance:
    """Return how much of what the place uses comes in by the flow of a market: as said of the thing, or of the one it is a form of.

    The flow of one form stands for that of the whole thing only where no other flow of it is told; how a whole is shared out
    among its forms is never guessed.
    """
    kind, into, thing = market.flow, market.into, market.entity
    assert kind is not None
    if into is None:
        return Reliance(None, refused="no claim says into which place it flows")
    own = _stated(picture, thing, kind, into)
    if own is not None:
        return own
    ties = _told(picture.claims_about(thing, predicates=(_FORM,)))
    wholes = sorted({picture.resolution.of(claim.object) for claim in ties if claim.object} - {thing.id})
    found = [
        (name, told) for name in wholes if (told := _stated(picture, picture.entity(name), kind, into)) is not None
    ]
    where = picture.caption(into)
    if not found:
        tied = f", nor of {_listed(picture, wholes)}, of which it is a form" if wholes else ""
        return Reliance(None, refused=f"no claim says how much of what {where} uses comes in{tied}")
    if len(found) > 1:
        return Reliance(
            None, refused=f"it is said of {_listed(picture, [name for name, _ in found])}, and this is a form of each"
        )
    name, told = found[0]
    whole = picture.entity(name)
    if _flows_into(picture, name, kind, into):
        return Reliance(
            None, name, told.claims, f"it is said of {whole.caption}, whose {kind.words} are told as a whole"
        )
    rivals = [one for one in _forms(picture, whole) if one != thing.id and _flows_into(picture, one, kind, into)]
    if rivals:
        others = _listed(picture, rivals)
        words = f"it is said of {whole.caption}, whose {kind.words} are also those of {others}; nobody says how much each is"
        return Reliance(None, name, told.claims, words)
    carrying = [claim for claim in ties if claim.object and picture.resolution.of(claim.object) == name]
    return replace(told, claims=(*told.claims, *carrying), stands_for=True)


def _stated(picture: Picture, thing: Entity, kind: FlowKind, into: str) -> Reliance | None:
    claims = [claim for claim in _shares(picture, thing, kind.part) if _place(picture, claim) == into]
    if not claims:
        return None
    series = in_series(picture, claims)
    if len(series) > 1:
        return Reliance(None, thing.id, tuple(claims), f"{len(series)} claims say it, each of another measure or part")
    held = newest(picture, claims)
    joined: Quantity | None = None
    for item in held:
        if item.quantity is not None:
            both = joined.intersect(item.quantity) if joined is not None else item.quantity
            joined = both if both is not None or joined is None else joined.hull(item.quantity)
    used = tuple(claim for item in held for claim in item.claims)
    # A bound stays one, but no part is more than the whole.
    share = joined.intersect(_WHOLE) if joined is not None else None
    if share is None or joined is None:
        told = f": {joined.words()}" if joined is not None else ""
        return Reliance(None, thing.id, used, f"what is stated is no part of a whole{told}")
    hedged = replace(share, hedge=joined.hedge) if share.hedge != joined.hedge else share
    return Reliance(hedged, thing.id, used)


def _flows_into(picture: Picture, name: str, kind: FlowKind, into: str) -> bool:
    return any(_place(picture, claim) == into for claim in _shares(picture, picture.entity(name), kind.of))


def _listed(picture: Picture, names: Sequence[str]) -> str:
    return ", ".join(map(picture.caption, names))


def flow_json(picture: Picture, market: Market, ways: Sequence[Way], reliance: Reliance) -> dict[str, Any]:
    """Return what a finding says of a flow: into which place, the reliance, and of what the place uses the part from each origin."""
    kind, into = market.flow, market.into
    assert kind is not None
    way = origin_way(ways)
    body: dict[str, Any] = {
        "of": kind.of,
        "words": kind.words,
        "uses": kind.uses,
        "item": {"entity": market.entity.id, "caption": market.entity.caption},
        "into": {"entity": into, "caption": picture.caption(into)} if into else None,
        "by": way.by,
        "reliance": {"of": kind.part, **_figure(reliance.share, reliance.claims)} if reliance.share else None,
    }
    if reliance.of:
        body["reliance_of"] = {"entity": reliance.of, "caption": picture.caption(reliance.of)}
    if reliance.refused or reliance.share is None:
        return {**body, "exposure": [], "exposure_refused": reliance.refused, "stands_for": False}
    rest = way.table.unattributed if way.table else None
    return {
        **body,
        "stands_for": reliance.stands_for,
        "exposure": [
            {
                "entity": holder.group.entity,
                "caption": holder.group.label,
                **({"aggregate": holder.group.aggregate} if holder.group.aggregate else {}),
                **_figure(_part(reliance.share, holder.share), (*holder.claims, *reliance.claims)),
            }
            for holder in way.holders
            if holder.share is not None
        ],
        "exposure_unattributed": _part(reliance.share, rest).to_json() if rest is not None else None,
    }


def origin_way(ways: Sequence[Way]) -> Way:
    """Return the way in which a flow is told: by country where the countries are named, else by supplier."""
    found = {way.by: way for way in ways}
    site = found[SITE]
    return site if "stated" in site.basis else found[SUPPLIER]


def _part(reliance: Quantity, share: Quantity) -> Quantity:
    return reliance.mul(share, "share")


def _figure(share: Quantity, claims: Iterable[Claim]) -> dict[str, Any]:
    held = {claim.id: claim for claim in claims}
    return {
        "share": share.to_json(),
        "share_words": share.words(),
        "claims": sorted(held),
        "sources": sorted({claim.source for claim in held.values()}),
        "hedges": sorted({claim.hedge for claim in held.values() if claim.hedge}),
    }


def limits_of(picture: Picture, market: Market, reliance: Reliance) -> list[str]:
    """Say what the exposure of a flow takes for granted."""
    kind = market.flow
    if kind is None or reliance.share is None or market.into is None or reliance.of is None:
        return []
    shares = sorted({_when(claim) for item in market.held for claim in item.claims})
    parts = sorted({_when(claim) for claim in reliance.claims if claim.predicate != _FORM})
    place = picture.caption(market.into)
    found = [
        f"the part of what {place} uses is the part that comes in times the share of {kind.words}: as if what is used came from the same "
        f"origins as all {kind.words}"
        + (f", and {', '.join(shares)} were {', '.join(parts)}" if shares != parts else "")
    ]
    if reliance.stands_for:
        thing, whole = market.entity.caption, picture.caption(reliance.of)
        found.append(f"the {kind.words} of {thing} stand for those of {whole}, of which it is said to be a form")
    return found


def _when(claim: Claim) -> str:
    told = claim.qualifier("date_words") or claim.observed
    return told or " to ".join(day for day in (claim.valid_from, claim.valid_to) if day) or "a time not said"
