"""What stands in a cell of the heat map: a share in a few letters, or what stands in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from isthmus.briefs.heat.figures import figure as _figure
from isthmus.briefs.heat.figures import index_words as _index_words
from isthmus.quantities import Quantity, total

HEAT = ((0.66, "h4"), (1 / 3, "h3"), (0.1, "h2"), (0.01, "h1"))
"""From which least share on a cell has which step of the one hue."""
Body = Mapping[str, Any]


def figure(share: Body) -> str:
    """Return a share in a few letters, which stay on one line as far as they can."""
    return _figure(share).replace("-", "–").replace(" %", "\u00a0%")


def index_words(index: Body) -> str:
    """Return an index with both its ends."""
    return _index_words(index).replace("-", "–")


def measured(body: Body) -> str:
    """Return what the figures of a market measure, beyond what it is called."""
    told = [f"need: {body['need']}"] if body.get("need") else []
    flow = body.get("flow")
    if flow:
        into = f" into {flow['into']['caption']}" if flow.get("into") else ""
        return " · ".join([*told, flow["words"] + into])
    series = {key: value for key, value in (body.get("series") or {}).items() if value}
    told += [str(value).replace("_", " ") for key, value in series.items() if key not in ("predicate", "unit", "need")]
    told += [str(series["unit"])] if series.get("unit") not in (None, "share", "proportion") else []
    return " · ".join(text for text in told if text != body.get("caption"))


def state(holder: Body) -> str:
    """Return in a word what is known of the share of a holder."""
    if not holder:
        return "nobody named"
    if holder["share"] is None:
        return "withheld" if holder.get("withheld") else "not stated"
    return "share" if holder["sure"] else "may be"


def heat_of(share: Body) -> str:
    """Return the step of the hue of a cell, by the least that the share can be."""
    low = share["low"] or 0.0
    return next((name for least, name in HEAT if low >= least), "")


def cell(holder: Body, claims: Sequence[str] = (), hedges: Sequence[str] = ()) -> dict[str, Any]:
    """Return the cell of a holder, with the claims that its share rests on."""
    body: dict[str, Any] = {key: holder.get(key) for key in ("entity", "caption", "sure", "aggregate")}
    body |= {"claims": list(claims), "hedge": next(iter(hedges), None)}
    share = holder["share"]
    if share is None:
        return {**body, "state": "withheld" if holder.get("withheld") else "unsaid", "share": None}
    words = figure(share) if holder["sure"] else f"may: {figure(share)}"
    return {**body, "state": "share", "share": share, "words": words, "heat": heat_of(share)}


def others_cell(held: Sequence[Body], more: Body, claims: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return the cell of the named holders without a column: what they have together, as far as it is stated."""
    number = len(held) + more.get("holders", 0)
    if not number:
        return {"state": "absent"}
    shares = [Quantity.from_json(one["share"]) for one in held if one["share"]]
    shares += [Quantity.from_json(more["share"])] if more.get("share") else []
    missing = sum(one["share"] is None for one in held) + more.get("without_share", 0)
    beside = f"{number:,} named" + (f", {missing:,} without a share" if missing else "")
    cited = list(dict.fromkeys(name for each in claims for name in each))
    body: dict[str, Any] = {"beside": beside, "claims": cited, "sure": all(one["sure"] for one in held), "hedge": None}
    if not shares:
        return {**body, "state": "unsaid", "share": None}
    added: dict[str, Any] = dict(total(shares, "share").to_json())
    if missing:
        added["high"] = None
    return {**body, "state": "share", "share": added, "words": figure(added), "heat": heat_of(added)}


def rest_cell(way: Body) -> dict[str, Any]:
    """Return the cell of what belongs to nobody named."""
    share = way.get("unattributed_share")
    unknown = way.get("unknown")
    beside = f"{unknown:,} without a known country" if unknown else ""
    if share is None:
        return {"state": "unknown", "share": None, "beside": beside}
    if share["high"] == 0:
        return {"state": "none", "share": share, "beside": beside}
    return {"state": "rest", "share": share, "words": figure(share), "beside": beside}
