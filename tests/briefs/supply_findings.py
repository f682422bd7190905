"""Findings of concentration and dependence to draw, made by hand: invented goods, firms and figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

Body = dict[str, Any]
HOSTILE = (
    "<script>alert('x')</script>",
    'A&amp;B "quoted" ]]> <!-- & -->',
    "شركة هواوي للتقنيات المحدودة وشركاؤها",
    "中国第一稀土集团有限公司中国第一稀土集团有限公司",
    "🏭🏭 Works 🇨🇳👩‍👩‍👧",
    "Donaudampfschifffahrtsgesellschaft" * 4,
    "\u202eevil\x1b[31m\x00name",
    "\ue000\ufffe",
    "Z̸̢͎a̴l̶g̵o" * 5,
    " ",
)


def share(low: float | None, high: float | None = math.nan, **more: Any) -> Body:
    """Return a share; exact where no upper end is given."""
    upper = low if isinstance(high, float) and math.isnan(high) else high
    body = {
        "low": low,
        "high": upper,
        "open_low": False,
        "open_high": False,
        "approx": False,
        "unit": "share",
        "hedge": None,
    }
    return {**body, **more}


def holder(name: str, part: Body | None = None, *, sure: bool = True, **more: Any) -> Body:
    """Return a holder of a market."""
    words = None if part is None else f"{part['low']} to {part['high']}"
    return {"entity": name.lower(), "caption": name, "share": part, "share_words": words, "sure": sure, **more}


def way(
    by: str, top: Sequence[Body], hhi: tuple[float, float] | str = (5000, 5000), rest: Body | None = None, **more: Any
) -> Body:
    """Return a market looked at in one way; `hhi` is an interval, or why there is none."""
    index = None if isinstance(hhi, str) else {**share(hhi[0], hhi[1]), "unit": "HHI"}
    body: Body = {"by": by, "hhi": index, "top": list(top), "unattributed_share": rest, "holders": len(top), **more}
    return body | ({"hhi_refused": hhi} if isinstance(hhi, str) else {})


def market(name: str, ways: Sequence[Body], need: str | None = None, **series: str) -> Body:
    """Return a market of an overview."""
    return {"entity": name, "caption": name, "need": need, "series": {"predicate": "produces", **series}, "ways": list(ways),
            "alarms": [], "claims": [], "sources": [], "hedges": []}  # fmt: skip


def overview(markets: Sequence[Body], **more: Any) -> Body:
    """Return a finding about the whole picture."""
    return {"id": "f-1", "lens": "concentration", "question": {}, "as_of": "2025-12-31", "known_at": "2026-01-02T00:00:00Z",
            "picture": "sha256:0123456789abcdef", "answers": list(markets), "gaps": [], "limits": ["shares are of output"],
            "marks": {"rule": "majority/1"}, **more}  # fmt: skip


def one_need(rows: Sequence[Body], others: Sequence[Body] = (), caption: str = "Bolts") -> Body:
    """Return a finding about one need."""
    return overview(rows) | {
        "question": {"need": "bolts", "caption": caption},
        "series": {"predicate": "produces", "unit": "t/year"},
        "other_series": list(others),
        "gaps": [{"kind": "withheld", "what": f"{caption}: the share is withheld for 1 of 4 holders"}],
    }


def ores() -> Body:
    """Return three markets by country with all that may stand in a cell."""
    nothing = "only countries are named, no supplier"
    return overview(
        [
            market("Ore", [
                way("supplier", [], nothing),
                way("site_country", [holder("Arden", share(0.731, 0.742, hedge="estimated")), holder("Bel", share(0.1)),
                                     holder("Cor", None, withheld=True), holder("Others (ore)", share(0.02), aggregate="remainder")],
                    (5554, 5729), share(0.02)),
            ], unit="t/year", stage="mined"),
            market("Ingots", [
                way("supplier", [holder("Firm", share(0.6))], (3600, 5200), share(0.4)),
                way("site_country", [holder("Bel", share(0.5, None, open_low=True)), holder("Dor")],
                    "the share of a holder has no upper bound", share(0.0, 0.5)),
            ]),
            market("Wire", [
                way("supplier", [holder("Firm"), holder("Other")], "no shares are stated: 2 of 2 holders stand without one"),
                way("site_country", [holder("Arden", share(0.0, 0.4), sure=False), holder("Bel", share(0.6))], (3600, 5200), share(0.0)),
            ], need="a conductor"),
        ]
    )  # fmt: skip


def many(markets: int = 70, holders: int = 30) -> Body:
    """Return many markets of many countries, each with its own largest one."""
    made = []
    for at in range(markets):
        first = 0.9 - 0.8 * at / markets
        parts = [
            holder(f"Country {(at + n) % holders}", share(first if not n else (1 - first) / (holders - 1)))
            for n in range(holders)
        ]
        more = {"more": {"holders": 5, "without_share": 2, "share": share(0.01)}} if at % 9 == 0 else {}
        made.append(
            market(
                f"Good {at}",
                [way("site_country", parts, (10_000 * first**2, 10_000 * first**2 + 9), share(0.0), **more)],
            )
        )
    return overview(made)


def hostile_markets() -> Body:
    """Return markets and holders whose names are out for trouble."""
    made = [
        market(
            name,
            [way("site_country", [holder(one, share(0.1)) for one in HOSTILE], name, share(0.0, None))],
            need=name,
            stage=name,
        )
        for name in HOSTILE
    ]
    return overview(made, limits=list(HOSTILE))


def need(of: str, *others: str, tier: int = 1, takes: int = 1, called: str | None = None, **more: Any) -> Body:
    """Return a need of a thing; an alternative that begins with a question mark is not certain."""
    made = [
        {"entity": one.lstrip("?"), "caption": one.lstrip("?"), "certain": not one.startswith("?")} for one in others
    ]
    return {"entity": of, "caption": of, "tier": tier, "need": called, "strength": "required", "takes": takes,
            "alternatives": made, "claims": [], **more}  # fmt: skip


def depends(
    of: str, needs: Sequence[Body], alone: Sequence[str] = (), *, depth: int = 3, rows: Mapping[str, Body] | None = None
) -> Body:
    """Return a finding about what a thing depends on; tiers are worked out, and rows may say more of a thing."""
    below: dict[str, list[str]] = {}
    for one in needs:
        below.setdefault(one["entity"], []).extend(other["entity"] for other in one["alternatives"])
    tiers, seen = [[of]], {of}
    while tiers[-1] and len(tiers) <= depth:
        found = dict.fromkeys(other for name in tiers[-1] for other in below.get(name, ()) if other not in seen)
        seen |= set(found)
        tiers.append(list(found))
    answers = [
        {"entity": name, "caption": name, "kinds": [], "tier": tier, "needs": len(below.get(name, ())), "list": "unsaid",
         "alone": name in alone, "hedges": [], **(rows or {}).get(name, {})}
        for tier, names in enumerate(tiers) for name in names if tier
    ]  # fmt: skip
    counts = [
        {"tier": tier, "things": len(names), "complete": 0, "incomplete": 0, "unknown": 0, "unsaid": len(names)}
        for tier, names in enumerate(tiers)
        if names
    ]
    return {"id": "f-2", "lens": "dependence", "question": {"of": of, "caption": of, "depth": depth, "strength": "required", "alone": True},
            "as_of": None, "known_at": "2026-01-02T00:00:00Z", "picture": "sha256:0123456789abcdef", "answers": answers,
            "needs": list(needs), "tiers": counts, "gaps": [], "limits": ["1 claim holds under a condition"]}  # fmt: skip


def works() -> Body:
    """Return a works with alternatives, a shared thing, a circle, doubt and a list that is complete."""
    return depends(
        "works",
        [
            need("works", "line"),
            need("works", "turbine 1", "turbine 2", called="power"),
            need("works", "crane 1", "crane 2", "crane 3", takes=2, called="lifting"),
            need("works", "?permit", strength="recommended"),
            need("line", "valve", tier=2),
            need("turbine 1", "valve", tier=2),
            need("turbine 2", "pump", tier=2),
            need("valve", "line", tier=3),
        ],
        ["line", "valve"],
        rows={
            "line": {"list": "complete"},
            "pump": {"hedges": ["reportedly"], "needs": 3},
            "crane 1": {"kinds": ["company"]},
        },
    )


def wide(things: int = 300) -> Body:
    """Return a thing with many needs, one of them with many alternatives."""
    names = [f"part {at}" for at in range(things)]
    needs = [need("works", name) for name in names] + [
        need("works", *(f"other {at}" for at in range(40)), called="one of many")
    ]
    return depends("works", needs, ["part 250", "part 7"])


def deep(length: int = 2000) -> Body:
    """Return a long chain of needs."""
    names = ["works", *(f"part {at}" for at in range(length))]
    needs = [need(one, other, tier=at + 1) for at, (one, other) in enumerate(pairwise(names))]
    return depends("works", needs, names[1:], depth=length + 1)


def bushy() -> Body:
    """Return a thing whose parts all have parts, many of them shared."""
    needs = [need("works", f"unit {at}") for at in range(8)]
    needs += [need(f"unit {at}", f"part {at * 5 + n}", tier=2) for at in range(8) for n in range(5)]
    needs += [
        need(f"unit {at}", f"part {n}", f"part {n + 1}", tier=2, called=f"choice {n}")
        for at in range(1, 8)
        for n in range(3)
    ]
    return depends("works", needs, ["unit 3"])


def hostile_needs() -> Body:
    """Return things and needs whose names are out for trouble."""
    names = [name or "x" for name in HOSTILE]
    needs = [need("works", *names, called=names[0]), *(need("works", name, called=name) for name in names)]
    needs += [need(name, *names[:3], tier=2, called=name) for name in names[3:]]
    return depends("works", needs, names[:4], rows={name: {"hedges": [name]} for name in names})


def nothing_needed() -> Body:
    """Return the answer about a thing of whose needs nothing is held."""
    gap = {
        "kind": "unknown",
        "what": "nothing is held about what works needs (required); that is not to say that it needs nothing",
    }
    return depends("works", []) | {"gaps": [gap], "tiers": []}
