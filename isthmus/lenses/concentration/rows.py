"""The rows of an answer: one for each way to look at a market, JSON-ready."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from isthmus.lenses.concentration.evidence import Market
from isthmus.lenses.concentration.marks import Marks
from isthmus.lenses.concentration.owners import Owner
from isthmus.lenses.concentration.ways import CONTROLLER, Holder, Way
from isthmus.model import Claim
from isthmus.picture import Picture
from isthmus.picture.gaps import members_of
from isthmus.quantities import Quantity


def claims_of(way: Way) -> list[Claim]:
    """Return the claims under a way, each once."""
    held = {claim.id: claim for holder in way.holders for claim in holder.claims}
    return [held[name] for name in sorted(held)]


def row_of(picture: Picture, market: Market, way: Way, owners: Mapping[str, Owner], marks: Marks) -> dict[str, Any]:
    """Return the row of one way to look at a market."""
    table = way.table
    claims = claims_of(way)
    row: dict[str, Any] = {
        "by": way.by,
        "hhi": table.hhi.to_json() if table and table.hhi else None,
        "top": [_holder(picture, holder) for holder in way.holders if holder.group.aggregate != "unknown"],
        "raw_sum": table.raw_sum.to_json() if table else None,
        "unattributed": table.unattributed.to_json() if table and table.unattributed else None,
        "unattributed_share": table.rest_share.to_json() if table and table.rest_share else None,
        "holders": sum(holder.group.aggregate is None for holder in way.holders),
        "claims": [claim.id for claim in claims],
        "sources": sorted({claim.source for claim in claims}),
        "hedges": sorted({claim.hedge for claim in claims if claim.hedge}),
    }
    if market.need:
        row["need"] = market.need
    if way.refused:
        row["hhi_refused"] = way.refused
    if table and table.hhi:
        row["lines"] = [
            {"hhi": line.hhi, "label": line.label, "above": _above(table.hhi, line.hhi)} for line in marks.lines
        ]
    if table and table.hhi_split:
        row["hhi_regions_spread"] = table.hhi_split.to_json()
    unknown = sum(len(holder.members) for holder in way.holders if holder.group.aggregate == "unknown")
    if unknown:
        row["unknown"] = unknown
    if way.basis:
        row["basis"] = dict(sorted(way.basis.items()))
    if way.by == CONTROLLER and table:
        row["merged"] = merged(picture, way, owners)
        row["without_evidence"] = sum(not owner.above.evidence for owner in owners.values())
    return row


def _holder(picture: Picture, holder: Holder) -> dict[str, Any]:
    body: dict[str, Any] = {
        "entity": holder.group.entity,
        "caption": holder.group.label,
        "share": holder.share.to_json() if holder.share else None,
        "share_words": holder.share.words() if holder.share else None,
        "value": holder.value.to_json(),
        "words": holder.value.words(),
        "sure": holder.sure,
        "suppliers": _named(picture, (name for name in holder.members if name != holder.group.entity)),
        "claims": [claim.id for claim in holder.claims],
        "hedges": sorted({claim.hedge for claim in holder.claims if claim.hedge}),
    }
    if not holder.value.known and any(claim.qualifier("reason") == "withheld" for claim in holder.claims):
        body["withheld"] = True
    if holder.group.aggregate:
        body["aggregate"] = holder.group.aggregate
    if holder.group.aggregate == "remainder" and holder.group.entity:
        named = members_of(picture, picture.entity(holder.group.entity)).named
        body["members"] = [{"entity": one.id, "caption": one.caption} for one in named]
    return body


def merged(picture: Picture, way: Way, owners: Mapping[str, Owner]) -> list[dict[str, Any]]:
    """Return the parties that hold the shares of several suppliers, or may: why the index by controller is another one."""
    found = []
    for holder in way.holders:
        name = holder.group.entity
        if name is None or len(holder.members) < 2:
            continue
        sure = [one for one in holder.members if one in owners and owners[one].options == (name,)]
        claims = [claim for one in holder.members if one in owners for claim in _carrying(owners[one])]
        found.append(
            {
                "entity": name,
                "caption": holder.group.label,
                "suppliers": _named(picture, holder.members),
                "sure": len(sure) == len(holder.members),
                "claims": sorted({claim.id for claim in claims}),
                "hedges": sorted({claim.hedge for claim in claims if claim.hedge}),
            }
        )
    return found


def _carrying(owner: Owner) -> Sequence[Claim]:
    return (*owner.above.claims, *(owner.above.doubtful if len(owner.options) > 1 else ()))


def _named(picture: Picture, names: Iterable[str]) -> list[dict[str, str]]:
    return [{"entity": name, "caption": picture.caption(name)} for name in names]


def _above(index: Quantity, line: float) -> bool | None:
    if index.low is not None and index.low > line:
        return True
    return None if index.high is not None and index.high > line else False


def support_of(picture: Picture, way: Way) -> dict[str, Any]:
    """Return what carries a way: the claims of its largest holder, all of which are needed."""
    first = next((holder for holder in way.holders if holder.group.aggregate is None), None)
    claims = first.claims if first else ()
    return {
        "minimal": [[claim.id for claim in claims]] if claims else [],
        "pivotal": [claim.id for claim in claims],
        "works": [sorted(picture.support(claim)) for claim in claims],
    }
