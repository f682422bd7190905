"""The question: in which things another is, or by which it is needed, and by which way."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from isthmus.dependence.failing import Failure
from isthmus.dependence.maker_rows import makes_note
from isthmus.dependence.rows import READ
from isthmus.dependence.tiers import Ways, ways_from
from isthmus.dependence.web import Web, web_of
from isthmus.lenses.finding import build_finding, hanging_on
from isthmus.model import Claim, Finding, Gap
from isthmus.picture import Picture

LENS = "where-used"
NAMED = 2000
"""So many things are named with their ways, nearest first; the rest are counted."""
PER_STEP = 5
"""So many claims are told of each step of a way, unless it is asked why; `n_claims` counts all."""
ALL = 1_000_000
CITED = 300
"""So many claims are given in full, unless it is asked why."""


def ask(picture: Picture, of: str, *, strength: str = "all", why: bool = False) -> Finding:
    """Answer which things hold or need another, directly or not.

    Parameters
    ----------
    of : str
        An entity by id, identifier or name.
    strength : str
        Which needs count; here all do unless said otherwise, as an optional part is in a product too.
    why : bool
        Add the claims that carry each answer.

    Returns
    -------
    Finding
        One answer a thing, ``{"entity", "caption", "tier", "by", "way", "fails", "claims", "n_claims"}``: a shortest `way` from the
        component to it, as ids; `by` which predicates (*contains*, *uses*, *supplies*) it goes; whether the thing `fails` when the
        component does, alternatives understood and by required needs alone. `tiers` counts them by length of the way.

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError, ArgumentError
    """
    web = web_of(picture, strength)
    entity = picture.resolve(of)
    question = {"of": entity.id, "caption": entity.caption, "kinds": list(entity.kinds), "strength": strength}
    node = web.node(entity.id)
    ways = None if node is None else ways_from(web, node)
    users = ways.users() if ways else []
    if ways is None or not users:
        what = f"nothing here is said to hold or need {entity.caption}; that is not to say that nothing does"
        extra = {"tiers": [], "totals": {"things": 0, "fail": 0}}
        notes = makes_note(picture, entity.id)
        return build_finding(picture, LENS, question, gaps=[Gap("unknown", what)], limits=notes, extra=extra)
    routes = {user: ways.nodes(user) for user in users}
    failing = _failing(picture, entity.id)
    web.ids(users)
    ordered = sorted(users, key=lambda user: (len(routes[user]), web.picture.caption(web.id(user)), web.id(user)))
    rows = _rows(web, ways, routes, ordered[:NAMED], failing, ALL if why else PER_STEP)
    claims = {claim.id: claim for _, each in rows for claim in each}
    if why:
        for row, each in rows:
            row["support"] = {
                "minimal": [[claim.id for claim in each]],
                "pivotal": [],
                "works": sorted({work for claim in each for work in picture.support(claim)}),
            }
    lengths = Counter(len(route) - 1 for route in routes.values())
    keys = [int(key) for key in web.given.keys[users]]
    return build_finding(
        picture,
        LENS,
        question,
        answers=[row for row, _ in rows],
        claims=claims.values(),
        sensitivity=hanging_on(picture, {row["caption"]: each for row, each in rows if len(each) == 1})
        if why
        else None,
        limits=[
            *([f"the first {NAMED:,} of {len(users):,} things are named"] if len(users) > NAMED else []),
            "one shortest way is told of each thing; there may be others",
            *web.notes(),
        ],
        cited=2 * NAMED if why else CITED,
        extra={
            "tiers": [{"tier": tier, "things": lengths[tier]} for tier in sorted(lengths)],
            "totals": {"things": len(users), "fail": len(failing.intersection(keys))},
        },
    )


def _failing(picture: Picture, name: str) -> set[int]:
    """Return the keys of all things that fail when one does, by required needs."""
    web = web_of(picture)
    node = web.node(name)
    if node is None:
        return set()
    failed = np.flatnonzero(Failure(web, (node,)).failed[: web.things])
    return set(web.given.keys[failed].tolist())


def _rows(
    web: Web, ways: Ways, routes: dict[int, list[int]], users: list[int], failing: set[int], most: int
) -> list[tuple[dict[str, Any], list[Claim]]]:
    places = {user: ways.places(user) for user in users}
    # One look into the store for all of them.
    told = web.few_claims_at([places[user] for user in users], most)
    web.ids({node for user in users for node in routes[user]})
    found = []
    for user, (claims, total) in zip(users, told, strict=True):
        first = [int(web.rows_at(place)[0]) for place in places[user]]
        way = [web.id(node) for node in routes[user]]
        entity = web.picture.entity(way[-1])
        row: dict[str, Any] = {
            "entity": entity.id,
            "caption": entity.caption,
            "kinds": list(entity.kinds),
            "tier": len(way) - 1,
            "by": [READ[code] for code in sorted({int(web.rows.predicate[row]) for row in first})],
            "way": way,
            "way_captions": [web.picture.caption(name) for name in way],
            "fails": int(web.given.keys[user]) in failing,
            "claims": [claim.id for claim in claims],
            "n_claims": total,
            "sources": sorted({claim.source for claim in claims}),
            "hedges": sorted({claim.hedge for claim in claims if claim.hedge}),
        }
        found.append((row, claims))
    return found
