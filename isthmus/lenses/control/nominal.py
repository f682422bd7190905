"""Nominal form against traced control: what a body calls itself, and who stands behind it (A16 of the report)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.control.inquiry import STATES, Inquiry
from isthmus.control.verdicts import CANNOT, ORDER
from isthmus.picture import Picture
from isthmus.picture.words import say

INDEPENDENT = ("consortium", "research_body", "standards_body", "international_organization", "platform", "committee")
"""Kinds that by their form belong to no state and no firm."""
FIRMS = ("company", "fund")
_TIES = ("linked_to", "proposes", "authorizes", "oversees", "established", "operates", "finances")


def nominal_form(inquiry: Inquiry, answers: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the declared form of the entity beside its traced controllers; None where nothing is declared.

    `differs` tells whether a form that belongs to nobody stands before a state, a body of one, or a firm that controls or directs it.
    """
    picture, entity = inquiry.picture, inquiry.entity
    independent = any(picture.vocabulary.is_a(kind, form) for kind in entity.kinds for form in INDEPENDENT)
    if not independent and picture.reader.used.isdisjoint(("described_as", "classified_as")):
        return None
    about = picture.claims_about(entity, predicates=("described_as", "classified_as", "kind"))
    declared = [
        {"text": claim.value or picture.caption(claim.object or ""), "predicate": claim.predicate, "claims": [claim.id]}
        for claim in about
        if claim.stance == "asserts"
        and claim.mode == "actual"
        and (claim.predicate != "kind" or claim.value in INDEPENDENT)
    ]
    if not declared:
        return None
    traced = [
        {
            "entity": row["entity"],
            "caption": row["caption"],
            "verdict": row["verdict"],
            "kinds": row["kinds"],
            "claims": row["claims"],
            "state": row["state"],
        }
        for row in sorted(answers, key=lambda row: ORDER.index(row["verdict"]))
        if row["verdict"] != CANNOT and "group" not in row["kinds"]
    ]
    behind = [
        row
        for row in traced
        if row["state"] is not False or any(picture.is_kind(row["entity"], kind) for kind in FIRMS)
    ]
    return {
        "declared": declared,
        "traced": traced,
        "ties": _ties(picture, inquiry),
        "differs": independent and bool(behind),
    }


def _ties(picture: Picture, inquiry: Inquiry) -> list[dict[str, Any]]:
    """Return weaker ties to states and firms: they are no control, and a reader will want to know of them."""
    towards = picture.claims_towards(inquiry.entity, predicates=_TIES)
    own = picture.claims_about(inquiry.entity, predicates=("linked_to",))
    ends = {claim.id: claim.subject for claim in towards} | {claim.id: claim.object or "" for claim in own}
    picture.load_entities(end for end in ends.values() if end)
    # A link that the body itself has with a state may be any partnership; one with an organ of a state or a firm is worth a look.
    near = {claim.id: (*STATES, *FIRMS) for claim in towards} | {claim.id: (*STATES[1:], *FIRMS) for claim in own}
    return [
        {
            "entity": picture.resolution.of(ends[claim.id]),
            "caption": picture.caption(ends[claim.id]),
            "sentence": say(picture, claim),
            "claims": [claim.id],
        }
        for claim in (*towards, *own)
        if claim.stance == "asserts" and ends[claim.id] and picture.is_kind(ends[claim.id], *near[claim.id])
    ]
