"""What is an alarm: a holder with too much, or alternatives that look like several and are one controller's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from isthmus.lenses.concentration.evidence import Market
from isthmus.lenses.concentration.marks import Marks
from isthmus.lenses.concentration.owners import Owner
from isthmus.lenses.concentration.ways import CONTROLLER, SITE, SUPPLIER, Holder, Way
from isthmus.model import Claim
from isthmus.picture import Picture

_BY = {
    "supplier": "",
    "controller": " with all that it controls",
    "site_country": " as the country of production",
    "controller_country": " as the country of those who control the suppliers",
}


def alarms_of(
    picture: Picture, market: Market, ways: Sequence[Way], owners: Mapping[str, Owner], marks: Marks
) -> list[dict[str, Any]]:
    """Return the alarms of a market, certain ones first."""
    own = {(holder.group, holder.share) for way in ways if way.by == SUPPLIER for holder in way.holders}
    found = [
        alarm
        for way in ways
        for holder in way.holders
        # Who has as much with all that it controls as without is told once.
        if way.by != CONTROLLER or (holder.group, holder.share) not in own
        for alarm in _large(picture, market, way, holder, marks)
    ]
    found += _one_controller(picture, market, ways, owners)
    return sorted(found, key=lambda alarm: not alarm["sure"])


def _large(picture: Picture, market: Market, way: Way, holder: Holder, marks: Marks) -> list[dict[str, Any]]:
    """Return an alarm for the first mark that a holder surely passes, and one for the highest mark that it may pass."""
    if holder.group.aggregate is not None or holder.share is None:
        return []
    found: list[dict[str, Any]] = []
    for mark in marks.marks:
        passed = mark.passed(holder.share)
        if passed or (passed is None and not found):
            verb = "has" if passed else "may have"
            role = f" as the origin of {market.flow.words}" if market.flow and way.by == SITE else _BY[way.by]
            words = (
                f"{holder.group.label}{role} {verb} {mark.label} of {_what(picture, market)}: {holder.share.words()}"
            )
            found.append(
                {
                    "kind": mark.name,
                    "by": way.by,
                    "entity": holder.group.entity,
                    "caption": holder.group.label,
                    "share": holder.share.to_json(),
                    "share_words": holder.share.words(),
                    **_alarm(market, words, bool(passed), holder.claims),
                }
            )
        if passed:
            break
    return found


def _one_controller(
    picture: Picture, market: Market, ways: Sequence[Way], owners: Mapping[str, Owner]
) -> list[dict[str, Any]]:
    """Return an alarm for each party without which too few alternatives are left, where several are named."""
    # Who supplies nothing known is nobody's: such an alternative falls with no party.
    if len(market.alternatives) < 2:
        return []
    holders = {option for owner in owners.values() for option in owner.options}
    claims = {holder.group.entity: holder.claims for way in ways if way.by == CONTROLLER for holder in way.holders}
    claims |= {name: own for way in ways if way.by == SUPPLIER for holder in way.holders for name, own in
               ((holder.group.entity, holder.claims),) if name not in claims}  # fmt: skip
    found = []
    for party in sorted(holders):
        for sure in (True, False):
            fallen = [
                item
                for item in market.alternatives
                if item.suppliers and all(_held_by(owners.get(name), party, sure=sure) for name in item.suppliers)
            ]
            left = len(market.alternatives) - len(fallen)
            if len(fallen) > 1 and left < market.at_least:
                names = ", ".join(picture.caption(item.entity) for item in fallen)
                verb = "are in the hands of" if sure else "may be in the hands of"
                need = f"; {market.at_least} must hold" if market.at_least > 1 else ""
                words = (
                    f"{len(fallen)} alternatives for {_what(picture, market)} {verb} one controller, "
                    f"{picture.caption(party)}: {names}{need}"
                )
                used = [*claims.get(party, ()), *_carrying(owners, fallen)]
                found.append(
                    {
                        "kind": "one_controller",
                        "by": CONTROLLER,
                        "entity": party,
                        "caption": picture.caption(party),
                        "alternatives": [
                            {"entity": item.entity, "caption": picture.caption(item.entity)} for item in fallen
                        ],
                        "left": left,
                        "at_least": market.at_least,
                        **_alarm(market, words, sure, used),
                    }
                )
                break
    return found


def _held_by(owner: Owner | None, party: str, *, sure: bool) -> bool:
    if owner is None:
        return False
    if not sure:
        return party in owner.options
    return party in owner.above.sure or owner.options == (party,)


def _carrying(owners: Mapping[str, Owner], fallen: Sequence[Any]) -> list[Claim]:
    names = {name for item in fallen for name in item.suppliers}
    return [claim for name in sorted(names) for claim in (*owners[name].above.claims, *owners[name].above.doubtful)]


def _alarm(market: Market, words: str, sure: bool, claims: Sequence[Claim]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "words": words,
        "sure": sure,
        "hedges": sorted({claim.hedge for claim in claims if claim.hedge}),
        "readings": sorted({told for claim in claims if (told := claim.qualifier("reading"))}),
        "claims": sorted({claim.id for claim in claims}),
        "sources": sorted({claim.source for claim in claims}),
    }
    if market.flow:
        body["of"] = market.flow.of
    return {**body, "need": market.need} if market.need else body


def _what(picture: Picture, market: Market) -> str:
    """Say what the shares are shares of."""
    if market.flow:
        into = f" into {picture.caption(market.into)}" if market.into else ""
        return f"the {market.flow.words} of {market.entity.caption}{into}"
    return f"“{market.need}” of {market.entity.caption}" if market.need else market.entity.caption
