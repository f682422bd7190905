"""What is tied to a thing: how, when, by whose word; step by step outwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isthmus.dates import Truth
from isthmus.errors import ArgumentError
from isthmus.lenses.finding import build_finding, hanging_on
from isthmus.model import Claim, Finding, Gap
from isthmus.picture import Entity, Picture
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.extent import holds
from isthmus.picture.gaps import entity_gaps
from isthmus.picture.words import say, when_said

MAX_DEPTH = 4
WIDEST = 400
_REMARKS = ("reading", "reason", "date_words")


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation between two things: every claim that says it."""

    start: str
    predicate: str
    end: str
    qualifiers: tuple[tuple[str, str], ...]
    mode: str
    claims: tuple[Claim, ...]


def ask(
    picture: Picture,
    of: str,
    *,
    depth: int = 1,
    predicates: Sequence[str] = (),
    modes: Sequence[str] = (),
    why: bool = False,
) -> Finding:
    """Answer what is tied to an entity, up to `depth` steps away.

    Parameters
    ----------
    of : str
        An entity by id, identifier or name.
    predicates, modes : sequence of str
        Only these, where given.
    why : bool
        Add for each answer its minimal supports and the works that it cannot stand without.

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError, ArgumentError
    """
    if not 1 <= depth <= MAX_DEPTH:
        raise ArgumentError(f"a depth of {depth} cannot be asked.", where="--depth", hint=f"Use 1 to {MAX_DEPTH}.")
    for name in predicates:
        picture.vocabulary.predicate(name)
    entity = picture.resolve(of)
    ties, limits = _walk(picture, entity, depth, predicates, modes)
    answers, carried = [], {}
    for step, tie, other, path in ties:
        answer = _answer(picture, tie, step, other, path, why=why)
        answers.append(answer)
        carried[f"{answer['from_caption']} {tie.predicate} {answer['caption']}"] = tie.claims
    claims = [claim for _, tie, _, _ in ties for claim in tie.claims]
    return build_finding(
        picture,
        "relations",
        {
            "of": entity.id,
            "caption": entity.caption,
            "depth": depth,
            "predicates": list(predicates),
            "modes": list(modes),
        },
        answers=answers,
        claims=claims,
        gaps=_gaps(picture, entity, claims),
        conflicts=find_conflicts(picture, _near(picture, entity)),
        sensitivity=hanging_on(picture, carried),
        limits=limits,
    )


def _walk(
    picture: Picture, start: Entity, depth: int, predicates: Sequence[str], modes: Sequence[str]
) -> tuple[list[tuple[int, Tie, str, list[Any]]], list[str]]:
    paths: dict[str, list[Any]] = {start.id: []}
    frontier = [start]
    found: list[tuple[int, Tie, str, list[Any]]] = []
    done: set[tuple[str, str, str, tuple[tuple[str, str], ...], str]] = set()
    limits: list[str] = []
    for step in range(1, depth + 1):
        following: dict[str, list[Any]] = {}
        for entity in frontier:
            ties = _ties(picture, entity, predicates, modes)
            if step > 1 and len(ties) > WIDEST:
                limits.append(
                    f"{entity.caption} has {len(ties):,} relations; they are not followed from here (ask about it by itself)"
                )
                continue
            for tie in ties:
                mark = (tie.start, tie.predicate, tie.end, tie.qualifiers, tie.mode)
                if mark in done:
                    continue
                done.add(mark)
                edge = [tie.start, tie.predicate, tie.end, [claim.id for claim in tie.claims]]
                path = [*paths[entity.id], edge]
                found.append((step, tie, tie.end if tie.start == entity.id else tie.start, path))
                other = tie.end if tie.start == entity.id else tie.start
                if other not in paths and other not in following:
                    following[other] = path
        paths.update(following)
        picture.load_entities(following)
        frontier = [picture.entity(name) for name in sorted(following)]
    return found, limits


def _ties(picture: Picture, entity: Entity, predicates: Sequence[str], modes: Sequence[str]) -> list[Tie]:
    claims = {claim.id: claim for claim in picture.claims_about(entity, predicates=predicates) if claim.object}
    claims |= {claim.id: claim for claim in picture.claims_towards(entity, predicates=predicates)}
    for claim in picture.claims_mentioning(entity):
        if claim.object and (not predicates or claim.predicate in predicates):
            claims[claim.id] = claim
    groups: dict[tuple[str, str, str, tuple[tuple[str, str], ...], str], list[Claim]] = {}
    for claim in claims.values():
        if claim.object is None or (modes and claim.mode not in modes):
            continue
        start, end = picture.resolution.of(claim.subject), picture.resolution.of(claim.object)
        told = tuple(pair for pair in claim.qualifiers if pair[0] not in _REMARKS)
        groups.setdefault((start, claim.predicate, end, told, claim.mode), []).append(claim)
    picture.load_entities(name for key in groups for name in (key[0], key[2]))
    return [Tie(*key, tuple(sorted(group, key=lambda claim: claim.id))) for key, group in sorted(groups.items())]


def _answer(picture: Picture, tie: Tie, step: int, other: str, path: list[Any], *, why: bool) -> dict[str, Any]:
    predicate = picture.vocabulary.predicates[tie.predicate]
    start, end = picture.entity(tie.start), picture.entity(tie.end)
    answer: dict[str, Any] = {
        "entity": other,
        "caption": picture.caption(other),
        "from": start.id,
        "from_caption": start.caption,
        "to": end.id,
        "to_caption": end.caption,
        "predicate": tie.predicate,
        "label": tie.predicate.replace("_", " "),
        "inverse": predicate.inverse,
        "qualifiers": {key: _shown(picture, value) for key, value in tie.qualifiers},
        "mode": tie.mode,
        "verdict": _verdict(picture, tie),
        "number": [claim.quantity.to_json() for claim in tie.claims if claim.quantity],
        "when": sorted({when_said(claim) for claim in tie.claims} - {""}),
        "sentences": [say(picture, claim) for claim in tie.claims],
        "depth": step,
        "path": path,
        "claims": [claim.id for claim in tie.claims],
        "sources": sorted({claim.source for claim in tie.claims}),
        "origins": sorted({name for claim in tie.claims for name in claim.origin}),
        "locators": sorted({claim.locator for claim in tie.claims}),
        "hedges": sorted({claim.hedge for claim in tie.claims if claim.hedge}),
        "independent": picture.independent(tie.claims),
    }
    if why:
        answer["support"] = _support(picture, tie.claims)
    return answer


def tie_between(picture: Picture, start: str, end: str, claim: Claim) -> dict[str, Any]:
    """Return the answer that one claim between two things gives, as `ask` does for the claims of a thing."""
    tie = Tie(start, claim.predicate, end, tuple(claim.qualifiers), claim.mode, (claim,))
    return _answer(picture, tie, 1, end, [[start, claim.predicate, end, [claim.id]]], why=False)


def _shown(picture: Picture, value: str) -> str:
    return picture.caption(value[1:]) if value.startswith("@") else value


def _verdict(picture: Picture, tie: Tie) -> str:
    stances = {claim.stance for claim in tie.claims}
    if stances == {"denies"}:
        return "denied"
    if stances == {"not_found"}:
        return "looked for, not found"
    if "denies" in stances:
        return "disputed"
    if tie.mode != "actual":
        return tie.mode
    held = [holds(claim, picture.as_of) for claim in tie.claims if claim.stance == "asserts"]
    if all(truth is Truth.NO for truth in held):
        return "ended"
    return "holds" if any(truth is Truth.YES for truth in held) else "may hold"


def _support(picture: Picture, claims: Iterable[Claim]) -> Mapping[str, Any]:
    """Any one claim carries a relation: each is a minimal support; a claim is pivotal where it is the only one."""
    carrying = [claim for claim in claims if claim.stance == "asserts"]
    return {
        "minimal": [[claim.id] for claim in carrying],
        "pivotal": [claim.id for claim in carrying] if len(carrying) == 1 else [],
        "works": [sorted(picture.support(claim)) for claim in carrying],
    }


def _near(picture: Picture, entity: Entity) -> list[Claim]:
    claims = {claim.id: claim for claim in (*picture.claims_about(entity), *picture.claims_towards(entity))}
    return list(claims.values())


def _gaps(picture: Picture, entity: Entity, claims: Sequence[Claim]) -> list[Gap]:
    near = [claim for claim in claims if claim.subject in entity.members or claim.object in entity.members]
    known = {claim.id for claim in near}
    others = [claim for claim in picture.claims_about(entity) if claim.id not in known]
    return entity_gaps(picture, entity, [*near, *others])
