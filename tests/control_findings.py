"""Findings of the lens of control, written by hand on invented parties: what its view and its drawing are tried with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

Body = dict[str, Any]


def share(low: float | None, high: float | None = None, *, over: bool = False, under: bool = False) -> Body:
    """Return a bounded share; one number is exact, `over` and `under` exclude an end."""
    return {
        "low": low,
        "high": low if high is None and not over else high,
        "open_low": over,
        "open_high": under,
        "approx": False,
        "unit": "share",
        "hedge": None,
    }


def step(holder: str, held: str, part: Body | None = None, **more: Any) -> Body:
    """Return a step of a chain; ids are the captions in small letters."""
    body = {
        "from": holder.lower(),
        "from_caption": holder,
        "to": held.lower(),
        "to_caption": held,
        "predicate": "owns",
        "words": "owns",
        "share": part,
        "certain": True,
        "claims": [f"c-{holder}-{held}".lower().replace(" ", "-")],
        "when": [],
        "hedges": [],
        "sentences": [f"{holder} owns a part of {held}"],
    }
    return {**body, **more}


def answer(entity: str, of: str, verdict: str, steps: Sequence[Body] = (), **more: Any) -> Body:
    """Return an answer by the rule of majority."""
    body = {
        "entity": entity.lower(),
        "caption": entity,
        "kinds": ["company"],
        "of": of.lower(),
        "of_caption": of,
        "verdict": verdict,
        "rule": "majority/1",
        "share": None,
        "economic": None,
        "direct": len(steps) == 1,
        "ultimate": False,
        "state": False,
        "steps": list(steps),
        "path": [[item["from"], item["predicate"], item["to"], item["claims"]] for item in steps],
        "jointly": [],
        "met": None,
        "claims": [claim for item in steps for claim in item["claims"]],
        "sources": ["register"],
        "hedges": [],
    }
    return {**body, **more}


def holder(entity: str, part: Body | None, of: str, **more: Any) -> Body:
    """Return a direct holder."""
    body = {
        "entity": entity.lower(),
        "caption": entity,
        "kinds": ["company"],
        "interest": "shareholding",
        "share": part,
        "direct": True,
        "claims": [f"c-{entity}-{of}".lower().replace(" ", "-")],
        "when": [],
        "hedges": [],
        "state": False,
    }
    return {**body, **more}


def finding(of: str | None, answers: Sequence[Body], by: str | None = None, **more: Any) -> Body:
    """Return a finding with its claims and one source."""
    named = of or by or ""
    question: Body = {"caption": named, "ultimate": False, "state": False, "profiles": ["majority/1"]}
    question |= {"of": of.lower()} if of else {}
    question |= {"by": by.lower()} if by else {}
    steps = [item for row in answers for item in row["steps"]]
    claims = {name: (item["sentences"] or [""])[0] for item in steps for name in item["claims"]}
    for row in more.get("holders", ()):
        claims |= {name: f"{row['caption']} holds a part" for name in row["claims"] if name not in claims}
    body: Body = {
        "id": f"f-{named.lower().replace(' ', '-')}",
        "lens": "control",
        "question": question,
        "as_of": "2024-06-30",
        "known_at": "2026-11-25T12:00:00Z",
        "picture": "sha256:9c41d7a3f0be55120c7d4c2f8e1b6a93",
        "answers": list(answers),
        "holders": [],
        "unaccounted": None,
        "rings": [],
        "left_out": [],
        "rules": [{"id": "majority/1", "title": "more than half of the shares", "whose": "company law", "note": ""}],
        "gaps": [],
        "conflicts": [],
        "sensitivity": {},
        "limits": [],
        "claims": {
            name: {"source": "register", "locator": f"row {at}", "sentence": text}
            for at, (name, text) in enumerate(claims.items(), 1)
        },
        "sources": {"register": {"title": "Register of Arden"}},
    }
    return {**body, **more}


def port() -> Body:
    """Return a port company under a state through two firms, with every other kind of doubt in it."""
    of = "Silk Road Information Port Company of Northern Arden"
    north = step("Northgate Networks", of, share(0.3, 0.35), when=["from 2019-05"])
    tele = step("Kelda Telecom", of, share(0.21), when=["from 2017"], hedges=["reportedly"])
    state = [
        step("State Assets Commission of Arden", "Northgate Networks", share(0.6), when=["from 2015-03"]),
        step("State Assets Commission of Arden", "Kelda Telecom", share(0.5, 1.0, over=True)),
    ]
    may = step("Brightwell Holding", of, share(0.04, 0.49), certain=False, when=["seen 2021"])
    veto = step(
        "Ministry of Links", of, None, predicate="has_interest_in", words="holds a golden share", when=["from 2020"]
    )
    bank = step("Hillbank", of, None, predicate="finances", words="lends to", when=["until 2023"])
    return finding(
        of,
        [
            answer(
                "State Assets Commission of Arden", of, "controls", [*state, north, tele],
                kinds=["public_body"], share=share(0.51, 0.56), economic=share(0.28, 0.56), ultimate=True, state=True,
                jointly=["northgate networks", "kelda telecom"],
            ),
            answer("Brightwell Holding", of, "may control", [may], share=share(0.04, 0.49),
                   note="its share may be as much as 49 %, and two holders may be its own"),
            answer("Ministry of Links", of, "can block", [veto], kinds=["public_body"], state=True),
            answer("Hillbank", of, "influences", [bank], hedges=["is said to"]),
        ],
        holders=[
            holder("Northgate Networks", share(0.3, 0.35), of, when=["from 2019-05"]),
            holder("Kelda Telecom", share(0.21), of, when=["from 2017"], hedges=["reportedly"]),
            holder("Brightwell Holding", share(0.04, 0.49), of),
            holder("Ida Holm", None, of, kinds=["person"], interest="votingRights"),
        ],
        unaccounted=share(0, 0.45),
        nominal={
            "declared": [{"text": "an alliance of firms", "claims": [f"c-hillbank-{of}".lower().replace(" ", "-")]}],
            "traced": [{"entity": "state assets commission of arden", "caption": "State Assets Commission of Arden",
                        "verdict": "controls", "kinds": ["public_body"], "claims": []}],
            "differs": True,
        },
        left_out=[{"entity": "x", "caption": "Tarn Cable", "reason": "its holders have 112 % at least", "claims": []}],
        gaps=[{"kind": "unnamed", "what": "six of eight owners are not named", "n": 6, "of": 8, "claims": []}],
        conflicts=[{"about": "the share of Kelda Telecom", "rule": "one value", "claims": [], "values": ["21 %", "24 %"],
                    "subject": None, "predicate": "owns"}],
        limits=["shares of votes are not stated and are read as those of capital"],
    )  # fmt: skip


def ring(size: int = 3) -> Body:
    """Return a thing that a ring of firms controls which nobody outside controls."""
    names = [f"Ring Firm {number}" for number in range(1, size + 1)]
    ids = [name.lower() for name in names]
    inside = [step(one, other, share(0.6)) for one, other in zip(names, [*names[1:], names[0]], strict=True)]
    last = step(names[0], "Delta Works", share(0.7))
    row = answer(
        names[0],
        "Delta Works",
        "controls",
        [*inside, last],
        ring=ids,
        ultimate=True,
        share=share(0.7),
        economic=share(0),
    )
    held = [holder(names[0], share(0.7), "Delta Works")]
    return finding("Delta Works", [row], rings=[ids], holders=held, unaccounted=share(0.3))


def long_chain(levels: int = 30) -> Body:
    """Return a thing under a chain of so many holders."""
    names = [f"Level {number} Holding" for number in range(levels, 0, -1)] + ["Bottom Works"]
    steps = [step(one, other, share(0.51 + at / 100)) for at, (one, other) in enumerate(pairwise(names))]
    rows = [answer(names[0], "Bottom Works", "controls", steps, ultimate=True, share=share(steps[-1]["share"]["low"]))]
    return finding("Bottom Works", rows)


def wide(holders: int = 40) -> Body:
    """Return a thing with many small holders and one answer that may be."""
    of = "Broad Water Company"
    held = [
        holder(f"Holder Number {number}", share(round(0.02 + number / 10_000, 4)), of)
        for number in range(1, holders + 1)
    ]
    first = step("Holder Number 7", of, held[6]["share"], certain=False)
    rows = [answer("Holder Number 7", of, "may control", [first], share=share(0.02, 0.2))]
    return finding(of, rows, holders=held, unaccounted=share(0.118, 0.12))


def nothing() -> Body:
    """Return a thing of which nothing is known."""
    gap: Body = {"kind": "unknown", "what": "no source names an owner", "n": None, "of": None, "claims": []}
    return finding("Unsaid Works", [], gaps=[gap])


def downward(things: int = 5) -> Body:
    """Return what a firm controls, two steps down."""
    steps = [step("Top Group", f"Daughter {number}", share(0.55)) for number in range(1, things + 1)]
    rows = [
        answer("Top Group", f"Daughter {at}", "controls", [item], share=share(0.55)) for at, item in enumerate(steps, 1)
    ]
    deep = [
        steps[0],
        step("Daughter 1", "Grandchild", share(0.4)),
        steps[1],
        step("Daughter 2", "Grandchild", share(0.2)),
    ]
    rows.append(
        answer("Top Group", "Grandchild", "controls", deep, share=share(0.6), jointly=["daughter 1", "daughter 2"])
    )
    return finding(None, rows, by="Top Group")


def as_asked_by(found: Body) -> Body:
    """Return a finding of what one party controls in the shape of the lens: its answers are about the things."""
    question = found["question"]
    question["by_caption"] = question.pop("caption")
    for row in found["answers"]:
        row |= {"by": row["entity"], "by_caption": row["caption"], "entity": row["of"], "caption": row["of_caption"]}
    return found


def overview() -> Body:
    """Return who controls most in a picture, about nobody asked for."""
    rows = [
        {"entity": name.lower(), "caption": name, "kinds": [kind], "verdict": "controls", "rule": "majority/1",
         "controls": number, "may_control": 2 * number, "ultimate": True, "state": kind == "state",
         "claims": [], "sources": [], "hedges": []}
        for name, kind, number in (("Arden", "state", 1200), ("Northgate Networks", "company", 3))
    ]  # fmt: skip
    found = finding(None, [])
    found["question"] = {"by": None, "by_caption": "", "profiles": ["majority/1"]}
    totals = {"parties": 5000, "holdings": 6000, "controls": 1203, "may_control": 2406, "left_out": 0}
    return {**found, "answers": rows, "totals": totals}


def beside() -> Body:
    """Return one holding under two rules."""
    steps = [step("Alpha", "Beta", share(0.6)), step("Beta", "Gamma", share(0.15))]
    by_rule: Mapping[str, Body] = {
        "multiply/1": {"share": share(0.09), "met": False, "verdict": "cannot"},
        "control_is_100/1": {"share": share(0.15), "met": True, "verdict": "controls"},
    }
    found = finding("Gamma", [answer("Alpha", "Gamma", "cannot", steps, rule="multiply/1", share=share(0.09), met=False),
                              answer("Alpha", "Gamma", "controls", steps, rule="control_is_100/1", share=share(0.15), met=True)],
                    beside=[{"entity": "alpha", "caption": "Alpha", "by_rule": by_rule}])  # fmt: skip
    found["question"]["profiles"] = list(by_rule)
    found["rules"] = [
        {"id": name, "title": name.partition("/")[0], "whose": "a made-up authority", "note": ""} for name in by_rule
    ]
    return found


def points() -> Body:
    """Return the channels by which a platform can be directed."""
    held = {"entity": "arden state firm", "caption": "Arden State Firm", "words": "holds 1 % and a seat on the board",
            "claims": ["c-1"], "when": ["from 2021-04"], "hedges": ["reportedly"], "state": "state body",
            "via": ["council of arden"]}  # fmt: skip
    labels = {"equity": "held", "votes": "unknown", "board": "held", "golden_share": "may be held", "party_body": "searched",
              "law": "unknown", "finance": "denied", "technology": "unknown", "staff": "unknown", "operation": "unknown"}  # fmt: skip
    rows = [
        {"channel": name, "label": name.replace("_", " "), "verdict": verdict, "claims": [], "sources": [],
         "holders": [held] if verdict in ("held", "may be held") else []}
        for name, verdict in labels.items()
    ]  # fmt: skip
    body = finding("Lark Platform", [])
    gap: Body = {"kind": "unknown", "what": "no source speaks of votes", "n": None, "of": None, "claims": []}
    claims = {"c-1": {"source": "press", "locator": "p. 3", "sentence": "Arden State Firm holds a seat"}}
    return {**body, "lens": "points-of-control", "answers": rows, "claims": claims, "gaps": [gap]}
