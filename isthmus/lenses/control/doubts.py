"""What is not known, does not fit together or limits an answer about control."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from isthmus.control.inquiry import Inquiry
from isthmus.control.rows import WHOLE
from isthmus.lenses.control.answers import Answered
from isthmus.lenses.control.holders import unaccounted
from isthmus.lenses.control.links import percent
from isthmus.model import Claim, Conflict, Gap
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.gaps import member_gap, members_of, searched_gaps

COMPARED = 400
"""Up to so many claims are looked at for conflicts among them."""
MOST = 0.999999
_UNSTATED = {
    "no_beneficial_owners": ("unknown", "it is said that nobody is a beneficial owner"),
    "unable_to_confirm": ("unknown", "the owner could not be confirmed or identified"),
    "not_provided": ("withheld", "the owner has not given the information"),
    "subject_exempt": ("withheld", "it is exempt from naming its owners"),
    "holder_exempt": ("withheld", "the owner is exempt from being named"),
    "unknown": ("unknown", "the owner is not known"),
    "unknown_to_publisher": ("unknown", "the owner is not known to the publisher"),
    "natural_persons": ("withheld", "natural persons own it, who are not named"),
    "non_consolidating": ("unknown", "nobody consolidates it in its accounts"),
    "no_identifier": ("unknown", "the parent has no legal entity identifier"),
    "not_public": ("withheld", "the parent is not public"),
    "consent_not_given": ("withheld", "consent to name the parent was not given"),
    "steps_not_completed": ("unknown", "the steps to find the owner are not completed"),
}


def gaps_of(inquiry: Inquiry) -> tuple[list[Gap], list[Claim]]:
    """Return what is not known of the holders of the thing, and the claims that say so."""
    picture, entity = inquiry.picture, inquiry.entity
    gaps: list[Gap] = []
    rest = unaccounted(inquiry)
    if rest and rest["high"]:
        held = [claim.id for claim in _holder_claims(inquiry)]
        amount = f"{percent(rest)} of the shares of {entity.caption} are unaccounted for"
        if not rest["low"] and rest["high"] > MOST:
            amount = f"how much of {entity.caption} is unaccounted for is not known"
        gaps.append(Gap("unknown", amount, tuple(sorted(held))))
    used = picture.reader.used
    unstated = picture.claims_about(entity, predicates=("owners_unstated",)) if "owners_unstated" in used else []
    for claim in unstated:
        kind, words = _UNSTATED[claim.value or "unknown"]
        reason = claim.qualifier("reason")
        gaps.append(Gap(kind, f"{entity.caption}: {words}{f' ({reason})' if reason else ''}", (claim.id,)))
    for name in _groups(inquiry):
        group = picture.entity(name)
        gap = member_gap(members_of(picture, group), f"members of {group.caption}")
        if gap:
            gaps.append(gap)
    towards = picture.claims_towards(entity, predicates=("owns", "controls")) if picture.reader.has_searches else []
    sought = [claim for claim in towards if claim.stance == "not_found"]
    if inquiry.node is not None and inquiry.graph.infeasible[inquiry.node]:
        gaps.append(
            Gap("unknown", f"the shares of {entity.caption} cannot be completed, so that they carry no verdict")
        )
    elif inquiry.node is None or not inquiry.ruling.verdicts:
        gaps.append(
            Gap(
                "unknown",
                f"nothing is held about who owns or controls {entity.caption}; that is not to say that nobody does",
            )
        )
    return [*gaps, *searched_gaps(picture, sought)], [*unstated, *sought]


def _holder_claims(inquiry: Inquiry) -> list[Claim]:
    """Return what is said of who holds the thing, whether or not its shares can be completed."""
    if inquiry.node is None:
        return []
    rows = inquiry.rows
    return inquiry.claims(
        row
        for row in rows.towards([int(inquiry.graph.keys[inquiry.node])]).tolist()
        if rows.evidence[rows.kind[row]].stake
    )


def _groups(inquiry: Inquiry) -> list[str]:
    """Return the groups among those who hold the thing or control it."""
    if inquiry.node is None:
        return []
    near = {verdict.node for verdict in inquiry.ruling.verdicts}
    near |= {
        inquiry.graph.place[int(key)]
        for key in inquiry.rows.holder[inquiry.rows.towards([int(inquiry.graph.keys[inquiry.node])])]
    }
    names = sorted(inquiry.id(node) for node in near)
    inquiry.picture.load_entities(names)
    return [name for name in names if "group" in inquiry.picture.entity(name).kinds]


def conflicts_of(inquiry: Inquiry, cited: Iterable[Claim]) -> list[Conflict]:
    """Return the conflicts among the claims that the answers cite and those about who holds the thing."""
    found = _disputed(inquiry)
    told = {conflict.claims for conflict in found}
    near = {claim.id: claim for claim in (*cited, *_holder_claims(inquiry))}
    every = find_conflicts(inquiry.picture, list(near.values())) if 1 < len(near) <= COMPARED else []
    return [*found, *(conflict for conflict in every if conflict.claims not in told)]


def _disputed(inquiry: Inquiry) -> list[Conflict]:
    """Return the holdings of which sources give shares of one moment that cannot both be."""
    graph, caption = inquiry.graph, inquiry.picture.caption
    found = []
    for number in np.flatnonzero(graph.disputed).tolist():
        claims = [claim for claim in inquiry.claims(graph.rows_of(number)) if claim.quantity]
        holder, target = (inquiry.id(int(column[number])) for column in (graph.holder, graph.target))
        found.append(
            Conflict(
                about=f"the share of {caption(holder)} in {caption(target)}",
                rule="one share",
                claims=tuple(claim.id for claim in claims),
                values=tuple(claim.quantity.words() for claim in claims if claim.quantity),
                subject=holder,
                predicate="owns",
            )
        )
    return found


def left_out(inquiry: Inquiry) -> list[dict[str, Any]]:
    """Return the things whose shares cannot be completed: they take no part and are never repaired."""
    graph, picture = inquiry.graph, inquiry.picture
    found = []
    for node in np.flatnonzero(graph.infeasible).tolist():
        edges = np.flatnonzero(graph.target == node).tolist()
        least, most = (int(column[edges].sum()) for column in (graph.low, graph.high))
        claims = inquiry.claims({row for edge in edges for row in graph.rows_of(edge)})
        reason = (
            f"its holders have {100 * least / WHOLE:g} % at the least, which is more than all"
            if least > WHOLE
            else f"its holders have {100 * most / WHOLE:g} % at the most, though the list of them is called complete"
        )
        entity = picture.entity(inquiry.id(node))
        found.append(
            {"entity": entity.id, "caption": entity.caption, "reason": reason, "claims": [claim.id for claim in claims]}
        )
    return found


def limits_of(inquiries: Sequence[Inquiry], answered: Answered) -> list[str]:
    """Return what the answers leave out, in sentences."""
    notes = list(answered.notes)
    first = inquiries[0]
    graph = first.graph
    if len(graph.target) and graph.profile.arithmetic == "control" and not _votes_said(first):
        notes.append("no source states votes: each share is taken for one vote")
    if _is_person_and_body(first):
        notes.append(
            f"{first.entity.caption} is said to be a natural person and a body: two things may stand under one id"
        )
    if bool(graph.disputed.any()):
        number = int(graph.disputed.sum())
        told = "1 holding" if number == 1 else f"{number:,} holdings"
        notes.append(f"sources give shares of {told} that cannot both be: the whole span counts")
    if bool(first.rows.near.any()):
        notes.append(
            f"approximate shares are taken to lie within {100 * graph.profile.nearness / WHOLE:g} points of the number given"
        )
    if len(graph.set_aside):
        number = len(graph.set_aside)
        told = "1 indirect stake is" if number == 1 else f"{number:,} indirect stakes are"
        notes.append(f"{told} what chains of direct ones come to, and not added to them")
    for inquiry in inquiries:
        for ring in inquiry.ruling.rings:
            named = ", ".join(inquiry.picture.caption(inquiry.id(node)) for node in ring[:6])
            notes.append(
                f"{named}{' and others' if len(ring) > 6 else ''} control one another in a circle, and nobody outside controls them"
            )
        for ring in inquiry.economic.closed:
            named = ", ".join(inquiry.picture.caption(inquiry.id(node)) for node in ring[:6])
            notes.append(f"{named} are owned wholly by one another: nobody has an economic share in them")
    return list(dict.fromkeys(notes))


def _is_person_and_body(inquiry: Inquiry) -> bool:
    """Tell whether the entity is called a natural person as well as something that no person is."""
    vocabulary = inquiry.picture.vocabulary
    kinds = set(inquiry.entity.kinds) - {"party", "person"}
    return "person" in inquiry.entity.kinds and any(vocabulary.is_a(kind, "party") for kind in kinds)


def _votes_said(inquiry: Inquiry) -> bool:
    return any(item.stake == "votingRights" for item in inquiry.rows.evidence)
