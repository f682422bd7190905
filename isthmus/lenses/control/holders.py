"""Who holds a thing directly, as its sources say, and how much of it nobody named holds."""

from __future__ import annotations

from typing import Any

from isthmus.control.evidence import Evidence
from isthmus.control.inquiry import Inquiry
from isthmus.control.rows import WHOLE
from isthmus.lenses.control.links import bounded
from isthmus.lenses.control.states import state_of
from isthmus.picture.words import when_said


def holders_of(inquiry: Inquiry) -> list[dict[str, Any]]:
    """Return every stake in the thing that a claim gives, one row for each holder and kind of stake."""
    if inquiry.node is None:
        return []
    picture, rows, graph = inquiry.picture, inquiry.rows, inquiry.graph
    counted = {*graph.holding_rows.tolist(), *graph.facts.row.tolist(), *graph.set_aside.tolist()}
    groups: dict[tuple[int, str, str], list[int]] = {}
    for number in rows.towards([int(graph.keys[inquiry.node])]).tolist():
        evidence: Evidence = rows.evidence[rows.kind[number]]
        if evidence.stake is not None:
            groups.setdefault((int(rows.holder[number]), evidence.stake, evidence.direct), []).append(number)
    inquiry.load(number for numbers in groups.values() for number in numbers)
    picture.load_entities(inquiry.id(graph.place[holder]) for holder, _, _ in groups)
    found = []
    for (holder, stake, direct), numbers in groups.items():
        claims = [claim for claim in inquiry.claims(numbers) if claim.predicate != "member_of"]
        newest = max(numbers, key=lambda number: (rows.stated[number], rows.rank[number], rows.since[number]))
        chosen = [claim for claim in inquiry.claims([newest]) if claim.predicate != "member_of"]
        node = graph.place[holder]
        entity = picture.entity(inquiry.id(node))
        stated = bool(rows.stated[newest])
        found.append(
            {
                "entity": entity.id,
                "caption": entity.caption,
                "kinds": list(entity.kinds),
                "interest": stake,
                "direct": direct or None,
                "share": bounded(int(rows.low[newest]), int(rows.high[newest]), chosen) if stated else None,
                "denied": bool(rows.denied[numbers].all()),
                "claims": [claim.id for claim in claims],
                "counts": any(number in counted for number in numbers),
                "when": sorted({when_said(claim) for claim in chosen} - {""}),
                "hedges": sorted({claim.hedge for claim in claims if claim.hedge}),
                **state_of(inquiry, node),
            }
        )
    return sorted(found, key=lambda row: (row["interest"], -((row["share"] or {}).get("low") or 0), row["entity"]))


def unaccounted(inquiry: Inquiry) -> dict[str, Any] | None:
    """Return what part of the thing nobody named holds; None where no share of it is known or its shares cannot be completed."""
    node = inquiry.node
    if node is None or inquiry.graph.infeasible[node]:
        return None
    held = inquiry.evaluation.holders.get(node, ())
    if not any(low or high < WHOLE for _, low, high, _ in held):
        return None
    if inquiry.graph.closed[node]:
        return bounded(0, 0)
    low, high = (sum(edge[place] for edge in held) for place in (1, 2))
    return bounded(max(0, WHOLE - high), max(0, WHOLE - low))
