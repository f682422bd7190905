"""Concentration: from the question to the finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.errors import ArgumentError
from isthmus.lenses.concentration.alarms import alarms_of
from isthmus.lenses.concentration.doubts import Seen, all_limits, called, gaps_of
from isthmus.lenses.concentration.evidence import Market, markets_of
from isthmus.lenses.concentration.flows import flow_json, flows_of, reliance_of
from isthmus.lenses.concentration.marks import Marks, load_marks
from isthmus.lenses.concentration.overview import overview
from isthmus.lenses.concentration.owners import Owners
from isthmus.lenses.concentration.places import Places
from isthmus.lenses.concentration.rows import claims_of, row_of, support_of
from isthmus.lenses.concentration.ways import Ways
from isthmus.lenses.finding import build_finding
from isthmus.model import Claim, Finding
from isthmus.picture import Picture
from isthmus.picture.conflicts import find_conflicts

LENS = "concentration"
_CHECKED = 5000


def ask(picture: Picture, need: str | None = None, *, why: bool = False) -> Finding:
    """Answer who supplies a thing with which share: by supplier, by who controls it in the end, and by the countries of both.

    Certain controllers merge the suppliers that they control; possible ones widen the interval of the index. A supplier that nobody is
    known to control counts as its own controller, and how many there are of these is said. Marks and lines are data
    (``concentration.yaml``), which the finding names.

    Parameters
    ----------
    need : str or None
        A good, a stage, or a thing whose needs have alternatives, by id, identifier or name. None: all of the picture, ranked.
    why : bool
        Add the claims that carry each row.

    Returns
    -------
    Finding
        Rows ``{by, hhi, hhi_refused, top, raw_sum, unattributed, …}``, one for each of supplier, controller, site_country and
        controller_country; `extra` has the alarms, other series, the needs with their alternatives, and the marks.

    Raises
    ------
    ArgumentError, UnknownEntityError, AmbiguousEntityError
    """
    marks = load_marks()
    owners, places = Owners(picture, marks.rule), Places(picture, marks.sites)
    if need is None:
        return overview(picture, LENS, marks, owners, places)
    entity = picture.resolve(need)
    markets = [*markets_of(picture, entity, marks), *flows_of(picture, entity, marks)]
    if not markets:
        asked = picture.request
        told = [f"as of {asked.as_of}"] if asked.as_of else []
        told += [f"without {', '.join(asked.without)}"] if asked.without else []
        narrowed = f", {', '.join(told)}," if told else ""
        raise ArgumentError(
            f"no claim of this picture{narrowed} says who supplies {entity.caption}, where it comes from, "
            "or which alternatives a need of it has.",
            where="--need",
            hint="`isthmus ask concentration` without a need lists those that it can answer.",
        )
    seen = [_look(picture, market, owners, places, marks) for market in markets]
    first, others = seen[0], seen[1:]
    answers = [
        {**row, "support": support_of(picture, way)} if why else row
        for row, way in zip(first.rows, first.ways, strict=True)
    ]
    claims = _claims(seen)
    return build_finding(
        picture,
        LENS,
        {"need": entity.id, "caption": entity.caption, "kinds": list(entity.kinds)},
        answers=answers,
        claims=claims,
        gaps=[gap for one in seen for gap in gaps_of(picture, one)],
        conflicts=find_conflicts(picture, claims) if len(claims) <= _CHECKED else [],
        sensitivity=_sensitivity(picture, first),
        limits=all_limits(picture, marks, owners, seen),
        extra={
            "series": dict(first.market.series),
            "total": first.market.whole.to_json() if first.market.whole else None,
            **_alternatives(picture, first.market),
            **_flow(picture, first),
            "alarms": [alarm for one in seen for alarm in one.alarms],
            "other_series": [
                {
                    "series": dict(one.market.series),
                    "rows": list(one.rows),
                    **_alternatives(picture, one.market),
                    **_flow(picture, one),
                }
                for one in others
            ],
            "marks": {**marks.to_json(), "rule": owners.rule.id},
        },
    )


def _look(picture: Picture, market: Market, owners: Owners, places: Places, marks: Marks) -> Seen:
    looked = Ways(picture, market, owners, places)
    ways = tuple(looked.all())
    rows = tuple(row_of(picture, market, way, looked.owners, marks) for way in ways)
    alarms = tuple(alarms_of(picture, market, ways, looked.owners, marks))
    reliance = reliance_of(picture, market) if market.flow else None
    return Seen(market, ways, looked.owners, looked.set_aside, rows, alarms, reliance)


def _claims(seen: Sequence[Seen]) -> list[Claim]:
    held = {claim.id: claim for one in seen for way in one.ways for claim in claims_of(way)}
    held |= {claim.id: claim for one in seen for claim in one.market.also}
    held |= {claim.id: claim for one in seen if one.reliance for claim in one.reliance.claims}
    for one in seen:
        for owner in one.owners.values():
            held |= {claim.id: claim for claim in (*owner.above.claims, *owner.above.doubtful)}
    return [held[name] for name in sorted(held)]


def _flow(picture: Picture, one: Seen) -> dict[str, Any]:
    return {"flow": flow_json(picture, one.market, one.ways, one.reliance)} if one.reliance else {}


def _alternatives(picture: Picture, market: Market) -> dict[str, Any]:
    if not market.need:
        return {}
    return {
        "need": market.need,
        "at_least": market.at_least,
        "alternatives": [
            {
                "entity": item.entity,
                "caption": picture.caption(item.entity),
                "suppliers": [{"entity": name, "caption": picture.caption(name)} for name in item.suppliers],
            }
            for item in market.alternatives
        ],
    }


def _sensitivity(picture: Picture, first: Seen) -> dict[str, Any]:
    """Say which works the largest holder of each way hangs on."""
    largest = {
        f"{called(way.by, first.market)}: {way.holders[0].group.label}": way.holders[0].claims
        for way in first.ways
        if way.holders and way.holders[0].group.aggregate is None
    }
    single: set[str] = set()
    flips: dict[str, list[str]] = {}
    for name, claims in largest.items():
        supports = [picture.support(claim) for claim in claims]
        works = {work for support in supports for work in support}
        # Every claim is needed: the holder has less, or is another, without any one of them.
        for work in works:
            if {work} in supports:
                flips.setdefault(work, []).append(name)
        single |= works if len(works) == 1 else set()
    return {
        "single_source": sorted(single),
        "flips_without": sorted(flips),
        "flips": {work: sorted(names) for work, names in sorted(flips.items())},
    }
