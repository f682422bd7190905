"""Without a need: everything in the picture that somebody supplies with a share, or that has alternatives, most concentrated first."""

from __future__ import annotations

from typing import Any

from isthmus.lenses.concentration.alarms import alarms_of
from isthmus.lenses.concentration.evidence import markets_of
from isthmus.lenses.concentration.marks import Marks
from isthmus.lenses.concentration.owners import Owners
from isthmus.lenses.concentration.places import Places
from isthmus.lenses.concentration.rows import row_of
from isthmus.lenses.concentration.ways import Ways
from isthmus.lenses.finding import build_finding
from isthmus.model import Claim, Finding
from isthmus.picture import Picture

ASKED = 1000
"""Up to so many things are looked at; how many more there are is said."""
_TOP = 30


def overview(picture: Picture, lens: str, marks: Marks, owners: Owners, places: Places) -> Finding:
    """Return one answer a market: its index in each of the four ways, its holders and its alarms."""
    names = _candidates(picture)
    picture.load_entities(names[:ASKED])
    answers: list[dict[str, Any]] = []
    held: dict[str, Claim] = {}
    for name in names[:ASKED]:
        for market in markets_of(picture, picture.entity(name), marks):
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
                }
            )
    answers.sort(key=_rank)
    refused = sum(all(way["hhi"] is None for way in answer["ways"]) for answer in answers)
    limits = [
        f"marks and lines are those of {marks.version}; who controls a supplier is worked out under {owners.rule.id}"
    ]
    if refused:
        limits.append(
            f"{refused:,} of {len(answers):,} have no index in any way, as shares are missing; they stand last"
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


def _candidates(picture: Picture) -> list[str]:
    """Return what somebody produces or builds, or supplies as an item, and what has a need with alternatives; by id."""
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
    found = {claim.object for claim in produced if claim.object}
    found |= {(claim.qualifier("item") or "")[1:] for claim in supplied}
    found |= {claim.subject for claim in needing}
    keys = picture.reader.keys(sorted(found))
    ids = picture.reader.ids(keys)
    return sorted({picture.resolution.of(ids[key]) for key in keys})


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without the claims of each holder, which the market's own question gives."""
    kept = ("by", "hhi", "hhi_refused", "raw_sum", "unattributed", "holders", "basis")
    top = [
        {key: one[key] for key in ("entity", "caption", "share", "share_words", "sure", "aggregate") if key in one}
        for one in row["top"][:_TOP]
    ]
    return {**{key: row[key] for key in kept if key in row}, "top": top}


def _rank(answer: dict[str, Any]) -> tuple[float, float, str, str]:
    """Put first what is surely most concentrated in the way that shows it most."""
    indices = [way["hhi"] for way in answer["ways"] if way["hhi"]]
    low = max((index["low"] or 0 for index in indices), default=-1)
    high = max((index["high"] or 0 for index in indices), default=-1)
    return (-low, -high, answer["caption"], answer["need"] or "")
