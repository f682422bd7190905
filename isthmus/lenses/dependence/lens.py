"""The question: what a thing depends on, how deep, with which alternatives, and how much of that is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from isthmus.dependence import failing
from isthmus.dependence.listing import COMPLETE, INCOMPLETE, UNKNOWN, UNSAID, counted, list_states
from isthmus.dependence.maker_rows import makers_note
from isthmus.dependence.tiers import tiers_below
from isthmus.dependence.web import Web, web_of
from isthmus.errors import ArgumentError
from isthmus.lenses.finding import build_finding, hanging_on
from isthmus.model import Claim, Finding, Gap
from isthmus.picture import Entity, Picture
from isthmus.picture.conflicts import find_conflicts

LENS = "dependence"
NAMED = 2000
"""So many things are named, nearest first; the rest are counted."""
COMPARED = 400
"""Up to so many claims are looked at for conflicts among them."""


def ask(
    picture: Picture, of: str, *, depth: int = 3, strength: str = "required", alone: bool = False, why: bool = False
) -> Finding:
    """Answer what a thing depends on.

    Parameters
    ----------
    of : str
        An entity by id, identifier or name.
    depth : int
        How many tiers.
    strength : str
        Which needs count: ``required``, with ``recommended`` or ``optional`` (and all stronger) ones, ``build``, or ``all``.
    alone : bool
        Say of each thing whether its failure alone fails what is asked about, while all else works.
    why : bool
        Add the claims that carry each answer.

    Returns
    -------
    Finding
        One answer a thing, ``{"entity", "caption", "tier", "needed_by", "needs", "list", "claims"}``: its first tier, who of the
        tier above needs it, how many needs it has itself, and what is said of their list (*complete*, *incomplete*, *unknown*,
        *unsaid*); with ``alone`` whether it fails the thing alone. `needs` has each need with its alternatives, which are `certain` where
        some claim surely holds on the day and under no condition; `tiers` counts the things of each tier by what is said of their lists.

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError, ArgumentError
    """
    if depth < 1:
        raise ArgumentError(f"{depth} is no number of tiers.", where="depth", hint="Give 1 or more.")
    web = web_of(picture, strength)
    entity = picture.resolve(of)
    question = {
        "of": entity.id,
        "caption": entity.caption,
        "kinds": list(entity.kinds),
        "depth": depth,
        "strength": strength,
    }
    if alone:
        question["alone"] = True
    node = web.node(entity.id)
    if node is None or not web.needs.starts[node] < web.needs.starts[node + 1]:
        return build_finding(
            picture, LENS, question, gaps=[_nothing(picture, entity, strength)], extra={"needs": [], "tiers": []}
        )
    tiers, deeper = tiers_below(web, node, depth)
    told = [(tier, one) for tier, nodes in enumerate(tiers) for one in nodes][: NAMED + 1]
    web.ids(one for _, one in told)
    needs = _needs(web, [(tier, one) for tier, one in told if tier < depth])
    fatal = frozenset(failing.alone(web, node, "operating")) if alone else None
    answers, carried = _answers(web, told[1:], needs, fatal)
    claims = {claim.id: claim for each in carried for claim in each}
    if why:
        for row, each in zip(answers, carried, strict=True):
            names = [claim.id for claim in each]
            row["support"] = {
                "minimal": [[name] for name in names],
                "pivotal": names if len(names) == 1 else [],
                "works": sorted({work for claim in each for work in picture.support(claim)}),
            }
    more = sum(map(len, tiers)) - len(told)
    notes = [f"{deeper:,} more things lie deeper than {depth} tiers"] if deeper else []
    notes += [f"{more:,} more things of these tiers are counted and not named"] if more else []
    keys = [int(web.given.keys[one]) for nodes in tiers for one in nodes]
    notes += makers_note(picture, np.array(keys, dtype=np.int64))
    near = list(claims.values())
    return build_finding(
        picture,
        LENS,
        question,
        answers=answers,
        claims=near,
        gaps=_gaps(web, entity, tiers),
        conflicts=find_conflicts(picture, near) if len(near) <= COMPARED else (),
        sensitivity=hanging_on(picture, dict(zip((row["caption"] for row in answers), carried, strict=True)))
        if why
        else None,
        limits=[*notes, *web.notes()],
        extra={"needs": needs, "tiers": _tiers(web, tiers)},
    )


def _nothing(picture: Picture, entity: Entity, strength: str) -> Gap:
    state = list_states(picture).get(next(iter(picture.reader.keys([entity.id])), -1), UNSAID)
    if state == COMPLETE:
        return Gap("searched", f"{entity.caption} needs nothing ({strength}): its list is said to be complete")
    return Gap(
        "unknown",
        f"nothing is held about what {entity.caption} needs ({strength}); that is not to say that it needs nothing",
    )


def _needs(web: Web, told: Iterable[tuple[int, int]]) -> list[dict[str, Any]]:
    """Return the needs of some things with their alternatives, by tier."""
    listed = [
        (tier + 1, node, need)
        for tier, node in told
        for need in range(int(web.needs.starts[node]), int(web.needs.starts[node + 1]))
    ]
    # One look into the store for all of them.
    carried = web.claim_ids_at([_places(web, need) for *_, need in listed])
    web.ids(int(web.needs.alternatives[place]) for *_, need in listed for place in _places(web, need))
    found = []
    for (tier, node, need), claims in zip(listed, carried, strict=True):
        name = web.id(node)
        body: dict[str, Any] = {
            "entity": name,
            "caption": web.picture.caption(name),
            "tier": tier,
            "need": web.need_name(need),
            "strength": web.strength(need),
            "takes": int(web.needs.at_least[need]),
            "alternatives": sorted(
                (_alternative(web, place) for place in _places(web, need)),
                key=lambda one: (one["caption"], one["entity"]),
            ),
            "claims": claims,
        }
        if web.is_supply(need):
            body["supply_of"] = web.supplied(need)
            body["supply_caption"] = web.picture.caption(body["supply_of"])
        found.append(body)
    # By what they are called, so that the order does not hang on that in which claims were added.
    return sorted(found, key=lambda body: (body["tier"], body["caption"], body["entity"], *_order(body)))


def _order(need: dict[str, Any]) -> tuple[bool, list[tuple[str, str]], str]:
    others = [(other["caption"], other["entity"]) for other in need["alternatives"]]
    return ("supply_of" in need, others, need["need"] or "")


def _places(web: Web, need: int) -> range:
    return range(int(web.needs.cuts[need]), int(web.needs.cuts[need + 1]))


def _alternative(web: Web, place: int) -> dict[str, Any]:
    node = int(web.needs.alternatives[place])
    name = web.id(node)
    body: dict[str, Any] = {
        "entity": name,
        "caption": web.picture.caption(name),
        "certain": bool(web.certain[place]),
    }
    if node >= web.things:
        starts = web.needs.starts
        suppliers = [
            web.id(int(web.needs.alternatives[end]))
            for need in range(int(starts[node]), int(starts[node + 1]))
            if web.is_supply(need)
            for end in _places(web, need)
        ]
        web.picture.load_entities(suppliers)
        body["supplied_by"] = suppliers
        body["supplied_by_captions"] = [web.picture.caption(one) for one in suppliers]
    return body


def _answers(
    web: Web, told: Sequence[tuple[int, int]], needs: Sequence[dict[str, Any]], fatal: frozenset[int] | None
) -> tuple[list[dict[str, Any]], list[list[Claim]]]:
    """Return a row for each thing, and the claims by which it is needed from the tier above."""
    states, starts, user_starts, users = list_states(web.picture), web.needs.starts, *web.needs.users
    tier_of = {node: tier for tier, node in told}
    above = {web.node(name) for name in {need["entity"] for need in needs}}
    found, carried = [], []
    reached = []
    for tier, node in told:
        places = []
        for need in users[user_starts[node] : user_starts[node + 1]]:
            subject = int(web.needs.subjects[need])
            near = subject in above and tier_of.get(subject, 0) == tier - 1
            if near or subject >= web.things:
                places += [place for place in _places(web, int(need)) if web.needs.alternatives[place] == node]
        reached.append(places)
    # One look into the store for all of them.
    web.claims_at(place for places in reached for place in places)
    for (tier, node), places in zip(told, reached, strict=True):
        claims = web.claims_at(places)
        by = {
            web.picture.resolution.of((claim.object if claim.predicate == "supplies" else None) or claim.subject)
            for claim in claims
        }
        name = web.id(node)
        entity = web.picture.entity(name)
        found.append(
            {
                "entity": name,
                "caption": entity.caption,
                "kinds": list(entity.kinds),
                "tier": tier,
                "needed_by": sorted(by),
                "needs": int(starts[node + 1] - starts[node]),
                "list": states.get(int(web.given.keys[node]), UNSAID),
                **({} if fatal is None else {"alone": node in fatal}),
                "claims": [claim.id for claim in claims],
                "sources": sorted({claim.source for claim in claims}),
                "hedges": sorted({claim.hedge for claim in claims if claim.hedge}),
            }
        )
        carried.append(claims)
    return found, carried


def _tiers(web: Web, tiers: Sequence[Sequence[int]]) -> list[dict[str, Any]]:
    return [
        {"tier": number, "things": len(nodes), **counted(web.picture, web.given.keys[list(nodes)].tolist())}
        for number, nodes in enumerate(tiers)
    ]


def _gaps(web: Web, entity: Entity, tiers: Sequence[Sequence[int]]) -> list[Gap]:
    """Return for each tier how many of its things have no list that is said to be complete: what they need besides is not known."""
    gaps = []
    for row in _tiers(web, tiers):
        open_ = row[INCOMPLETE] + row[UNKNOWN] + row[UNSAID]
        if not open_:
            continue
        parts = ", ".join(f"{row[state]:,} {word}" for state, word in _WORDS if row[state])
        where = f"{entity.caption} itself" if not row["tier"] else f"tier {row['tier']}, {row['things']:,} in all"
        gaps.append(Gap("unknown", f"{where}: what else is needed ({parts})", n=open_, of=row["things"]))
    return gaps


_WORDS = (
    (INCOMPLETE, "with a list said to be incomplete"),
    (UNKNOWN, "said not to be known"),
    (UNSAID, "of which nothing is said"),
)
