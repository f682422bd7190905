"""What happened to a thing, in order of time, with the precision that the sources give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.dates import PartialDate
from isthmus.lenses.finding import build_finding, hanging_on
from isthmus.model import Claim, Finding
from isthmus.picture import Picture
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.gaps import searched_gaps
from isthmus.picture.words import say

_EDGES = (("valid_from", "begins"), ("valid_to", "ends"), ("observed", "seen"))


def ask(
    picture: Picture, of: str, *, predicates: Sequence[str] = (), modes: Sequence[str] = (), why: bool = False
) -> Finding:
    """Answer with the dated claims about an entity and towards it, oldest first; the undated ones are counted."""
    for name in predicates:
        picture.vocabulary.predicate(name)
    entity = picture.resolve(of)
    claims = {claim.id: claim for claim in picture.claims_about(entity, predicates=predicates)}
    claims |= {claim.id: claim for claim in picture.claims_towards(entity, predicates=predicates)}
    told = [
        claim
        for claim in claims.values()
        if claim.predicate not in ("kind", "name", "identifier") and (not modes or claim.mode in modes)
    ]
    entries = sorted((entry for claim in told for entry in _entries(claim)), key=lambda entry: entry[0])
    dated = {claim.id for _, _, _, claim in entries}
    undated = len(told) - len(dated)
    limits = [f"{undated} further claims have no date; they hold as of their sources' dates"] if undated else []
    answers = [_answer(picture, date, edge, claim, why=why) for _, date, edge, claim in entries]
    cited = [claim for claim in told if claim.id in dated]
    return build_finding(
        picture,
        "timeline",
        {"of": entity.id, "caption": entity.caption, "predicates": list(predicates), "modes": list(modes)},
        answers=answers,
        claims=cited,
        gaps=searched_gaps(picture, told),
        conflicts=find_conflicts(picture, list(claims.values())),
        sensitivity=hanging_on(picture, {claim.id: [claim] for claim in cited}),
        limits=limits,
    )


def _entries(claim: Claim) -> list[tuple[tuple[str, str, str, str], str, str, Claim]]:
    entries = []
    for column, edge in _EDGES:
        text = getattr(claim, column)
        if text and not (column == "observed" and claim.valid_from):
            date = PartialDate.parse(text)
            order = (date.start.isoformat(), date.end.isoformat(), edge, claim.id)
            entries.append((order, text, edge, claim))
    return entries


def _answer(picture: Picture, date: str, edge: str, claim: Claim, *, why: bool) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "entity": picture.resolution.of(claim.subject),
        "caption": picture.caption(claim.subject),
        "date": date,
        "edge": edge,
        "sentence": say(picture, claim),
        "predicate": claim.predicate,
        "verdict": claim.stance if claim.mode == "actual" else claim.mode,
        "claims": [claim.id],
        "sources": [claim.source],
        "origins": list(claim.origin),
        "locators": [claim.locator],
        "hedges": [claim.hedge] if claim.hedge else [],
    }
    if why:
        answer["support"] = {"minimal": [[claim.id]], "pivotal": [claim.id], "works": [sorted(picture.support(claim))]}
    return answer
