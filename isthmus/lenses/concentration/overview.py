"""Without a need: everything in the picture that somebody supplies with a share, or that has alternatives, most concentrated first."""

from __future__ import annotations

from typing import Any

from isthmus.lenses.concentration.alarms import alarms_of
from isthmus.lenses.concentration.evidence import Market, markets_of
from isthmus.lenses.concentration.flows import flow_json, flows_of, reliance_of
from isthmus.lenses.concentration.marks import Marks
from isthmus.lenses.concentration.owners import Owners
from isthmus.lenses.concentration.places import Places
from isthmus.lenses.concentration.rows import row_of
from isthmus.lenses.concentration.ways import Way, Ways
from isthmus.lenses.finding import build_finding
from isthmus.model import Claim, Finding
from isthmus.picture import Picture
from isthmus.quantities import Quantity, total

ASKED = 1000
"""Up to so many things are looked at; how many more there are is said."""
_TOP = 30
_OF_ROW = ("by", "hhi", "hhi_refused", "raw_sum", "unattributed", "unattributed_share", "holders", "unknown", "basis")
_OF_HOLDER = ("entity", "caption", "share", "share_words", "sure", "withheld", "aggregate")


def overview(picture: Picture, lens: str, marks: Marks, owners: Owners, places: Places) -> Finding:
    """Return one answer a market: its index in each of the four ways, its holders and its alarms."""
    names = _candidates(picture, marks)
    picture.load_entities(names[:ASKED])
    answers: list[dict[str, Any]] = []
    held: dict[str, Claim] = {}
    for name in names[:ASKED]:
        entity = picture.entity(name)
        for market in (*markets_of(picture, entity, marks), *flows_of(picture, entity, marks, forms=False)):
            looked = Ways(picture, market, owners, places)
            ways = looked.all()
            rows = [row_of(picture, market, way, looked.owners, marks) for way in ways]
            alarms = alarms_of(picture, market, ways, looked.owners, marks)
            if market.need is None and len(market.held) == 1 and market.held[0].quantity is None:
                # One supplier without a share says nothing of how many there are.
                continue
            used = {name for alarm in alarms for name in alarm["claims"]}
            held |= {claim.id: claim for way in ways for one in way.holders for claim in one.claims if claim.id in used}
            answers.append(
                {
                    "entity": market.entity.id,
                    "caption": market.entity.caption,
                    "need": market.need,
                    "series": dict(market.series),
                    "ways": [_brief(row) for row in rows],
                    "alarms": alarms,
                    "claims": sorted({name for row in rows for name in row["claims"]}),
                    "sources": sorted({name for row in rows for name in row["sources"]}),
                    "hedges": sorted({name for row in rows for name in row["hedges"]}),
                    **_flow(picture, market, ways),
                }
            )
    answers.sort(key=_rank)
    refused = sum(all(way["hhi"] is None for way in answer["ways"]) for answer in answers)
    alone = sum("exposure_refused" in answer.get("flow", ()) for answer in answers)
    limits = [
        f"marks and lines are those of {marks.version}; who controls a supplier is worked out under {owners.rule.id}"
    ]
    if refused:
        limits.append(
            f"{refused:,} of {len(answers):,} have no index in any way, as shares are missing; they stand last"
        )
    if alone:
        limits.append(
            f"of {alone:,} {'flow' if alone == 1 else 'flows'} into a place nothing can be said of how much of what it uses comes in so"
        )
    if len(names) > ASKED:
        limits.append(f"the first {ASKED:,} of {len(names):,} things that are supplied were looked at")
    return build_finding(
        picture,
        lens,
        {},
        answers=answers,
        claims=held.values(),
        limits=limits,
        extra={
            "totals": {
                "markets": len(answers),
                "without_index": refused,
                "alarms": sum(len(answer["alarms"]) for answer in answers),
            },
            "marks": {**marks.to_json(), "rule": owners.rule.id},
        },
    )


def _candidates(picture: Picture, marks: Marks) -> list[str]:
    """Return what somebody produces, builds or supplies, what flows into a place, and what has a need with alternatives; by id."""
    produced = picture.reader.where(
        "c.predicate IN (SELECT key FROM predicates WHERE id IN ('produces', 'builds')) AND c.mode = 0 AND c.stance = 0"
    )
    supplied = picture.reader.where(
        "c.predicate IN (SELECT key FROM predicates WHERE id = 'supplies') AND c.mode = 0 AND c.stance = 0 "
        "AND c.qualifiers IN (SELECT key FROM qualifier_sets WHERE starts_with(pairs['item'], '@'))"
    )
    needing = picture.reader.where(
        "c.predicate IN (SELECT key FROM predicates WHERE id IN ('uses', 'contains')) AND c.mode = 0 AND c.stance = 0 "
        "AND c.qualifiers IN (SELECT key FROM qualifier_sets WHERE pairs['need'] IS NOT NULL)"
    )
    flowing = picture.reader.where(
        "c.predicate IN (SELECT key FROM predicates WHERE id = 'share') AND c.mode = 0 AND c.stance = 0 "
        "AND c.qualifiers IN (SELECT key FROM qualifier_sets WHERE pairs['of'] IS NOT NULL)"
    )
    measures = {flow.of for flow in marks.flows}
    found = {claim.object for claim in produced if claim.object}
    found |= {claim.object for claim in flowing if claim.object and claim.qualifier("of") in measures}
    found |= {(claim.qualifier("item") or "")[1:] for claim in supplied}
    found |= {claim.subject for claim in needing}
    keys = picture.reader.keys(sorted(found))
    ids = picture.reader.ids(keys)
    return sorted({picture.resolution.of(ids[key]) for key in keys})


def _flow(picture: Picture, market: Market, ways: list[Way]) -> dict[str, Any]:
    """Return what is said of a flow, without the part from each origin, which the thing's own question gives."""
    if market.flow is None:
        return {}
    body = flow_json(picture, market, ways, reliance_of(picture, market))
    return {"flow": {key: value for key, value in body.items() if key not in ("exposure", "exposure_unattributed")}}


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without the claims of each holder, which the market's own question gives.

    Of the named holders the first `_TOP` stand there; of the others, how many there are and what they have together.
    """
    named = [one for one in row["top"] if one.get("aggregate") != "remainder"]
    others = [one for one in row["top"] if one.get("aggregate") == "remainder"]
    top = [{key: one[key] for key in _OF_HOLDER if key in one} for one in (*named[:_TOP], *others)]
    body = {**{key: row[key] for key in _OF_ROW if key in row}, "top": top}
    cut = named[_TOP:]
    if cut:
        shares = [Quantity.from_json(one["share"]) for one in cut if one["share"]]
        body["more"] = {
            "holders": len(cut),
            "without_share": len(cut) - len(shares),
            "share": total(shares, "share").to_json() if shares else None,
        }
    return body


def _rank(answer: dict[str, Any]) -> tuple[float, float, str, str]:
    """Put first what is surely most concentrated in the way that shows it most."""
    indices = [way["hhi"] for way in answer["ways"] if way["hhi"]]
    low = max((index["low"] or 0 for index in indices), default=-1)
    high = max((index["high"] or 0 for index in indices), default=-1)
    return (-low, -high, answer["caption"], answer["need"] or "")
