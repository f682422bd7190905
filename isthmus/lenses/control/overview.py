"""Without a question about somebody: who controls most in the picture, which circles there are, and what cannot be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from isthmus.control.inquiry import STATES
from isthmus.control.profiles import Profile
from isthmus.errors import ArgumentError
from isthmus.lenses.finding import build_finding
from isthmus.model import Finding
from isthmus.picture import Picture

NAMED = 50


def overview(picture: Picture, lens: str, question: Mapping[str, Any], rules: Sequence[Profile]) -> Finding:
    """Return the parties at the top that control most, under the first rule.

    Raises
    ------
    ArgumentError
        The rule is one of shares, which are asked of one thing.
    """
    rule = rules[0]
    if rule.arithmetic != "control":
        raise ArgumentError(f"{rule.id} asks for the shares of one thing.", where="--profile", hint="Add --of.")
    # The kernels take a moment to load; only this question needs them.
    whole = import_module("isthmus.control.whole").whole_of(picture, rule)
    certain, possible, ultimate = whole.bounds.certain, whole.bounds.possible, whole.ultimate
    nodes = len(whole.graph.keys)
    counts, perhaps = np.diff(certain.starts), np.diff(possible.starts)
    top = np.flatnonzero((counts > 0) & _at_top(ultimate, nodes))
    order = top[np.lexsort((top, -perhaps[top], -counts[top]))][:NAMED]
    ids = picture.reader.ids(whole.graph.keys[order].tolist())
    named = [ids[int(whole.graph.keys[node])] for node in order]
    picture.load_entities(named)
    answers = [
        _row(picture, rule, name, int(counts[node]), int(perhaps[node] - counts[node]))
        for name, node in zip(named, order, strict=True)
    ]
    told = "1 party stands" if len(top) == 1 else f"{len(top):,} parties stand"
    limits = [f"{told} at the top of {int((counts > 0).sum()):,} that control something"]
    if len(top) > NAMED:
        limits.append(f"the first {NAMED} are named")
    refused = np.flatnonzero(whole.graph.infeasible)
    extra = {
        "rings": _rings(picture, whole, ultimate),
        "left_out": _left_out(picture, whole, refused[:NAMED]),
        "rules": [rule.to_json()],
        "totals": {
            "parties": nodes,
            "holdings": len(whole.graph.target),
            "controls": len(certain.ends),
            "may_control": len(possible.ends) - len(certain.ends),
            "left_out": len(refused),
        },
    }
    return build_finding(picture, lens, question, answers=answers, limits=limits, extra=extra)


def _row(picture: Picture, rule: Profile, name: str, sure: int, perhaps: int) -> dict[str, Any]:
    entity = picture.entity(name)
    return {
        "entity": entity.id,
        "caption": entity.caption,
        "kinds": list(entity.kinds),
        "verdict": "controls",
        "rule": rule.id,
        "controls": sure,
        "may_control": perhaps,
        "ultimate": True,
        "state": picture.is_kind(name, *STATES),
        "claims": [],
        "sources": [],
        "hedges": [],
    }


def _at_top(ultimate: Any, nodes: int) -> Any:
    """Return which nodes stand above themselves alone: nobody controls them, or only others of their own circle."""
    own = np.repeat(np.arange(nodes), np.diff(ultimate.starts[: nodes + 1]))
    roots = ultimate.roots[: len(own)]
    return (np.bincount(own[roots == own], minlength=nodes) > 0) | (ultimate.ring >= 0)


def _rings(picture: Picture, whole: Any, ultimate: Any) -> list[list[str]]:
    rings = [whole.graph.keys[ring[:NAMED]].tolist() for ring in ultimate.rings()[:NAMED]]
    ids = picture.reader.ids([key for ring in rings for key in ring])
    return [[ids[key] for key in ring] for ring in rings]


def _left_out(picture: Picture, whole: Any, nodes: Any) -> list[dict[str, Any]]:
    ids = picture.reader.ids(whole.graph.keys[nodes].tolist())
    named = [ids[int(key)] for key in whole.graph.keys[nodes]]
    picture.load_entities(named)
    reason = "the shares of its holders cannot be completed to 100 %: ask about it by itself for the claims"
    return [{"entity": name, "caption": picture.caption(name), "reason": reason, "claims": []} for name in named]
