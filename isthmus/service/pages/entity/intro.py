"""A thing in two sentences, composed of claims: what and where it is and what it does; who stands over it.

Every part of a sentence carries its claims. Nothing is written that no claim says; where nothing is said, that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from isthmus.model import Claim
from isthmus.picture import Entity, Picture
from isthmus.picture.gaps import members_of
from isthmus.picture.words import when_said
from isthmus.service.pages.entity.evidence import ABOUT, TOWARDS, Evidence, newest_first
from isthmus.service.pages.entity.rows import MODES, say_short, shorten

ACTS = (
    "supplies",
    "builds",
    "operates",
    "develops",
    "produces",
    "finances",
    "issues",
    "proposes",
    "contributes",
    "has_role_in",
)
ACTED = ("operates", "builds", "supplies", "develops", "produces", "issues", "proposes", "established")
OVER = ("controls", "owns", "consolidates", "has_interest_in", "acquired", "oversees", "established")
UNDER = ("subordinate_to", "part_of")
HELD = ("has_role_in", "oversees", "owns", "controls", "has_interest_in")
"""What is said of a natural person: the roles and interests that a source gives."""
ASKED = ("organization", "group", "system", "site", "product", "party")
"""Kinds of which it makes sense to ask who controls them."""
_NOT_THE_SEAT = ("office", "node", "site")
_ACTS, _HOLDERS = 2, 2
_LONGEST = 170
Piece = dict[str, Any]


def introduce(picture: Picture, evidence: Evidence) -> list[list[Piece]]:
    """Return two sentences as lists of pieces ``{"text", "claims", "hedges", "gap"}``; a piece without claims says what is not known."""
    if picture.is_kind(evidence.entity.id, "person"):
        return _person(picture, evidence)
    first = [*_being(picture, evidence), *_doing(picture, evidence), _piece(".")]
    second = _standing(picture, evidence)
    return [first, second] if second else [first]


def asks_control(picture: Picture, entity: Entity) -> bool:
    """Tell whether it makes sense to ask who controls a thing: not of a state, a place, a text; and not of a person (law 6)."""
    if picture.is_kind(entity.id, "person", "state", "place"):
        return False
    return not entity.kinds or picture.is_kind(entity.id, *ASKED)


def narrow_kinds(picture: Picture, entity: Entity) -> list[str]:
    """Return the kinds of a thing without those that another of them implies; what can act comes first."""
    is_a = picture.vocabulary.is_a
    narrow = [kind for kind in entity.kinds if not any(other != kind and is_a(other, kind) for other in entity.kinds)]
    return sorted(narrow, key=lambda kind: not is_a(kind, "party"))


def places(evidence: Evidence) -> list[Claim]:
    """Return the claims that say where a thing lies, without those of mere offices."""
    said = newest_first(evidence.side(ABOUT, ["located_in"]))
    held = [
        claim
        for claim in said
        if claim.object and claim.stance == "asserts" and claim.qualifier("basis") not in _NOT_THE_SEAT
    ]
    return list({claim.object: claim for claim in reversed(held)}.values())[::-1]


def _piece(text: str, claims: Iterable[Claim] = (), *, gap: bool = False) -> Piece:
    held = list(claims)
    return {
        "text": text,
        "claims": [claim.id for claim in held],
        "hedges": list(dict.fromkeys(claim.hedge for claim in held if claim.hedge))[:2],
        "gap": gap,
    }


def _being(picture: Picture, evidence: Evidence) -> list[Piece]:
    entity = evidence.entity
    caption = shorten(entity.caption, 160)
    kinds = narrow_kinds(picture, entity)[:3]
    if not kinds:
        return [_piece(f"No source in this picture says what {caption} is", gap=True)]
    said = [claim for claim in evidence.side(ABOUT, ["kind"]) if claim.value in kinds]
    words = " and ".join(_article(kind.replace("_", " ")) for kind in kinds)
    found = [_piece(f"{caption} is {words}", said[:2])]
    if "group" in entity.kinds:
        found += _members(picture, evidence)
    if where := places(evidence)[:2]:
        names = [shorten(picture.caption(claim.object or ""), 120) for claim in where]
        found.append(_piece(f" in {names[0]}", where[:1]))
        found += [_piece(f" and {name}", [claim]) for name, claim in zip(names[1:], where[1:], strict=True)]
    return found


def _members(picture: Picture, evidence: Evidence) -> list[Piece]:
    members = members_of(picture, evidence.entity, evidence.near)
    if members.counted is None:
        return []
    used = [claim for claim in evidence.near if claim.id in members.claims]
    named = len(members.named)
    told = f"{named:,} of them named" if named else "none of them named"
    return [_piece(f" of {members.counted.words()}, {told}", used[:3])]


def _doing(picture: Picture, evidence: Evidence) -> list[Piece]:
    """Return what it does, or else what is done to it: the predicates with most claims, one relation of each."""
    for side, wanted in ((ABOUT, ACTS), (TOWARDS, ACTED)):
        ranked = sorted(
            (name for name in wanted if evidence.count(side, name)),
            key=lambda name: (-evidence.count(side, name), name),
        )
        chosen = [(name, claim) for name in ranked if (claim := _first(evidence.side(side, [name])))][:_ACTS]
        if not chosen:
            continue
        found = []
        for at, (name, claim) in enumerate(chosen):
            text = _told(picture, evidence.entity, claim, side)
            first = "; " if side == TOWARDS else "; it "
            start = first if at == 0 else ", and "
            more = evidence.count(side, name) - 1
            found.append(_piece(f"{start}{text}", [claim]))
            if more:
                found.append(_piece(f" (one of {more + 1:,} such claims)"))
        return found
    return []


def _standing(picture: Picture, evidence: Evidence) -> list[Piece]:
    """Return who controls, owns or oversees it, as its sources say of the thing itself."""
    entity = evidence.entity
    if not asks_control(picture, entity):
        return []
    over = [claim for name in OVER for claim in newest_first(evidence.side(TOWARDS, [name])) if _counts(claim)]
    over = sorted(over, key=lambda claim: (bool(claim.valid_to), OVER.index(claim.predicate), -_share(claim)))
    told: dict[str, tuple[Claim, str]] = {}
    for claim in over:
        told.setdefault(claim.subject, (claim, TOWARDS))
    if not told:
        for claim in newest_first(evidence.side(ABOUT, UNDER)):
            if _counts(claim) and claim.object:
                told.setdefault(claim.object, (claim, ABOUT))
    if not told:
        return [
            _piece(
                "No source in this picture says who owns or controls it: that is not known, and not the same as nobody.",
                gap=True,
            )
        ]
    pairs = list(told.values())
    found: list[Piece] = []
    for at, (claim, side) in enumerate(pairs[:_HOLDERS]):
        text = _told(picture, entity, claim, side)
        text = f"it {text}" if side == ABOUT else text
        start = "" if at == 0 else ", and "
        found.append(_piece(start + (text[:1].upper() + text[1:] if at == 0 else text), [claim]))
    if len(pairs) > _HOLDERS:
        rest = len(pairs) - _HOLDERS
        found.append(
            _piece(
                f"; {rest:,} more {'stands' if rest == 1 else 'stand'} over it in some way",
                [claim for claim, _ in pairs[_HOLDERS:]][:4],
            )
        )
    return [*found, _piece(".")]


def _person(picture: Picture, evidence: Evidence) -> list[list[Piece]]:
    """Say of a natural person what public role or declared interest a source gives, and nothing else."""
    caption = shorten(evidence.entity.caption, 160)
    held = [claim for name in HELD for claim in newest_first(evidence.side(ABOUT, [name])) if _counts(claim)]
    if not held:
        return [
            [
                _piece(
                    f"This picture names {caption}, and no source in it gives a public role or a declared interest.",
                    gap=True,
                )
            ]
        ]
    sentences = []
    for at, claim in enumerate(held[:2]):
        text = _told(picture, evidence.entity, claim, ABOUT)
        sentences.append([_piece(f"{caption if at == 0 else 'The same person'} {text}", [claim]), _piece(".")])
    return sentences


def _told(picture: Picture, entity: Entity, claim: Claim, side: str) -> str:
    text = say_short(picture, entity, claim, side)
    if side == TOWARDS and picture.is_kind(claim.subject, "group"):
        text = _plural(text, picture.caption(claim.subject))
    text = shorten(text, _LONGEST)
    doubts = [MODES[claim.mode]] if claim.mode in MODES else []
    # What has ended is told with its dates: the sentence stands in the present.
    doubts += [when_said(claim)] if claim.valid_to else []
    return f"{text} ({'; '.join(doubts)})" if doubts else text


def _plural(text: str, caption: str) -> str:
    """Return the words with the verb after a group's name in the plural."""
    rest = text.removeprefix(caption)
    if rest == text:
        return text
    verb, space, after = rest.lstrip().partition(" ")
    known = {"is": "are", "has": "have", "does": "do"}
    if verb not in known and verb.endswith("ies"):
        verb = verb[:-3] + "y"
    elif verb not in known and verb.endswith("s"):
        verb = verb[:-1]
    return f"{caption} {known.get(verb, verb)}{space}{after}"


def _first(claims: Sequence[Claim]) -> Claim | None:
    return next((claim for claim in newest_first(claims) if _counts(claim)), None)


def _counts(claim: Claim) -> bool:
    return claim.stance == "asserts"


def _share(claim: Claim) -> float:
    return (claim.quantity.low or 0.0) if claim.quantity and claim.quantity.unit == "share" else 0.0


def _article(words: str) -> str:
    return f"{'an' if words[:1] in 'aeio' else 'a'} {words}"
