"""What else may be the same thing: looked for by its names and by what sources say, without reading the whole picture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from isthmus.claims.words import fold, search_words
from isthmus.entities.matching import DIFFERENT, POSSIBLE, SAME, Match, Reason, Subject, match
from isthmus.entities.matching.match import vetoed
from isthmus.lenses.finding import cited_sources, claim_json
from isthmus.model import Claim
from isthmus.picture import Entity, Picture
from isthmus.picture.subjects import can_be_compared, country_code, valid_identifier
from isthmus.service.pages.entity.naming import found
from isthmus.service.pages.entity.rows import named, shorten
from isthmus.service.proposing import ties_between

SHOWN = 5
_NAMES, _HITS, _WORDS = 3, 24, 2
_REASONS = 3
_NO_TWINS = frozenset({"group", "place", "state", "norm", "event", "document"})


def same_part(picture: Picture, name: str, *, who: str) -> dict[str, Any]:
    """Return what may be the same as a thing and awaits a judgement, likeliest first.

    Parameters
    ----------
    who : str
        Who asks: what awaits a second reviewer is shown to everybody but the first.

    Returns
    -------
    dict
        ``{"candidates"}``: of each ``{"entity", "names", "words", "reasons", "score", "claims"}``; of natural persons no score is given.
    """
    entity = found(picture, name)
    said = _said(picture, entity)
    others = {other.id: other for other in _alike(picture, entity)} | {one: picture.entity(one) for one in said}
    picture.load_entities(others)
    decided, awaiting = _decided(picture, entity, who)
    person = picture.is_kind(entity.id, "person")
    me = _subject(picture, entity)
    rows = []
    for other in others.values():
        if other.id == entity.id or other.id in decided:
            continue
        if not (other.id in said or other.id in awaiting or _comparable(picture, entity, other)):
            continue
        told = _compared(me, _subject(picture, other), said.get(other.id), awaiting.get(other.id))
        if told is None or (told.verdict == DIFFERENT and other.id not in said and other.id not in awaiting):
            continue
        rows.append((told, other))
    ties = ties_between(picture, [entity.id, *(other.id for _, other in rows)])
    found_rows = []
    for told, other in sorted(rows, key=lambda pair: (-pair[0].score, pair[1].id))[:SHOWN]:
        pair = (entity.id, other.id) if entity.id < other.id else (other.id, entity.id)
        reasons = [_words(reason) for reason in told.reasons[:_REASONS]]
        reasons += [f"a claim says: {tie}"] if (tie := ties.get(pair)) else []
        found_rows.append(
            {
                "entity": named(other),
                "names": [shorten(text, 120) for text in told.names],
                "words": "very likely the same" if told.verdict == SAME and not (person or tie) else "may be the same",
                "reasons": [shorten(reason) for reason in reasons],
                "score": None if person else round(told.score, 3),
                "claims": [claim.id for claim in said.get(other.id, ())],
            }
        )
    used = [claim for one in said.values() for claim in one]
    return {
        "id": entity.id,
        "caption": shorten(entity.caption, 160),
        "kinds": list(entity.kinds),
        "candidates": found_rows,
        "claims": {claim.id: claim_json(picture, claim) for claim in used},
        "sources": cited_sources(picture, used),
    }


def _words(reason: Reason) -> str:
    """Return a reason in words; a pair of texts alone does not say what was compared."""
    feature = reason.feature.replace("_", " ")
    if not reason.note:
        return feature
    return f"{feature}: {reason.note}" if " / " in reason.note else reason.note


def _said(picture: Picture, entity: Entity) -> dict[str, list[Claim]]:
    """Return the things that a source says are the same, with the claims: evidence, and no judgement."""
    found: dict[str, list[Claim]] = {}
    claims = [
        *picture.claims_about(entity, predicates=("same_as",)),
        *picture.claims_towards(entity, predicates=("same_as",)),
    ]
    for claim in claims:
        if claim.stance == "asserts" and claim.object:
            heads = {picture.resolution.of(claim.subject), picture.resolution.of(claim.object)} - {entity.id}
            for head in heads:
                found.setdefault(head, []).append(claim)
    return found


def _alike(picture: Picture, entity: Entity) -> Iterable[Entity]:
    """Yield things whose names hold the telling words of one of its names."""
    labels = picture.reader.labels(picture.reader.keys(entity.members))
    names = list(
        dict.fromkeys(label.value for label in labels if label.predicate == "name" and can_be_compared(label.value))
    )
    for text in names[:_NAMES]:
        words = sorted(set(search_words(text)), key=lambda word: (-len(word), word))[:_WORDS]
        for wanted in dict.fromkeys((text[:200], " ".join(words))):
            for hit in picture.find(wanted, _HITS) if wanted else ():
                yield hit.entity


def _comparable(picture: Picture, one: Entity, other: Entity) -> bool:
    """Tell whether names may speak for two things: both organisations, both people, or things of one kind that are called alike."""
    if not one.kinds or not other.kinds:
        return True
    for kind in ("organization", "person"):
        sides = [
            picture.is_kind(thing.id, kind) or (kind == "organization" and thing.kinds == ("party",))
            for thing in (one, other)
        ]
        if any(sides):
            return all(sides)
    return bool(set(one.kinds) & set(other.kinds) - _NO_TWINS) and fold(one.caption) == fold(other.caption)


def _subject(picture: Picture, entity: Entity) -> Subject:
    """Return what is known of a thing for the comparison, from its own claims alone."""
    claims = picture.claims_about(entity, predicates=("name", "identifier", "located_in"))
    names = tuple(
        dict.fromkeys(
            claim.value for claim in claims if claim.predicate == "name" and can_be_compared(claim.value or "")
        )
    )
    pairs = ((claim.qualifier("scheme"), claim.value) for claim in claims if claim.predicate == "identifier")
    identifiers = frozenset(
        held for scheme, value in pairs if scheme and value and (held := valid_identifier(scheme, value))
    )
    lands = [claim.object for claim in claims if claim.predicate == "located_in" and claim.object]
    codes = {code for land in lands for member in picture.entity(land).members if (code := country_code(member))}
    kind = "person" if "person" in entity.kinds else min(entity.kinds, default=None)
    return Subject(tuple(name for name in names if name), kind, frozenset(codes), identifiers)


def _compared(me: Subject, other: Subject, said: list[Claim] | None, awaits: str | None) -> Match | None:
    if not me.names or not other.names or vetoed(me, other) is not None:
        return None
    if (me.kind == "person") != (other.kind == "person"):
        return None
    told = match(me, other)
    reasons = tuple(
        Reason("said_to_be_one", 0.0, f"{claim.source} says that they are one") for claim in (said or ())[:1]
    )
    reasons += (Reason("second_reviewer", 0.0, awaits),) if awaits else ()
    verdict = POSSIBLE if reasons and told.verdict == DIFFERENT else told.verdict
    return Match(told.score, verdict, (*reasons, *told.reasons), told.names)


def _decided(picture: Picture, entity: Entity, who: str) -> tuple[set[str], dict[str, str]]:
    """Return what is judged already, and what awaits a second reviewer other than `who`."""
    of = picture.resolution.of
    decided = set()
    for a, b in picture.standing.decided:
        if entity.id in (of(a), of(b)):
            decided |= {of(a), of(b)}
    awaiting = {}
    for (a, b), judgement in picture.standing.awaiting.items():
        if entity.id in (of(a), of(b)):
            other = of(b) if of(a) == entity.id else of(a)
            if judgement.who.strip().casefold() == who.strip().casefold():
                decided.add(other)
            else:
                awaiting[other] = f"{judgement.who} judged them the same; a second reviewer is needed"
    return decided - awaiting.keys(), awaiting
