"""Reconciliation of a table with an open picture, in the words of the Reconciliation Service API 0.2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from isthmus.entities.matching import Subject
from isthmus.errors import InputError
from isthmus.model import Claim
from isthmus.picture import Picture
from isthmus.picture.subjects import can_be_compared, country_code, valid_identifier
from isthmus.service.likeness import find_like
from isthmus.vocabulary import Vocabulary, load_vocabulary

AUTO = 0.9
"""From this score on, and with nobody else near, a candidate is said to match."""
APART = 0.1
_COUNTRY = ("country", "located_in", "jurisdiction")


def candidates(
    picture: Picture, text: str, *, kinds: Sequence[str], properties: Sequence[Mapping[str, Any]], limit: int
) -> list[dict[str, Any]]:
    """Return the candidates of one query, best first; scores go from 0 to 100.

    Parameters
    ----------
    kinds : sequence of str
        Kinds of the vocabulary of which a candidate must be one; empty: any.
    properties : sequence of mapping
        ``{"pid", "v"}``: country and identifiers are compared, others are not.
    """
    vocabulary = picture.vocabulary
    countries: set[str] = set()
    identifiers: set[tuple[str, str]] = set()
    for each in properties:
        for value in _texts(each.get("v")):
            if each["pid"] in _COUNTRY and (code := country_code(value)):
                countries.add(code)
            elif found := valid_identifier(each["pid"], value):
                identifiers.add(found)
    named = _by_identifier(picture, text)
    names = (text,) if can_be_compared(text) else ()
    wanted = Subject(names, None, frozenset(countries), frozenset(identifiers))
    near = find_like(picture, wanted, limit=limit * 4 if kinds else limit)
    scores = {one.entity: one.match for one in near}
    rows: list[dict[str, Any]] = []
    for head in dict.fromkeys([*named, *scores]):
        entity = picture.entity(head)
        if kinds and not any(vocabulary.is_a(held, kind) for held in entity.kinds for kind in kinds):
            continue
        match = scores.get(head)
        score = 1.0 if head in named else match.score if match else 0.0
        features = (
            [{"id": reason.feature, "value": round(reason.weight, 3)} for reason in match.reasons] if match else []
        )
        rows.append(
            {
                "id": head,
                "name": entity.caption,
                "description": ", ".join(kind.replace("_", " ") for kind in entity.kinds),
                "type": [{"id": kind, "name": kind.replace("_", " ")} for kind in entity.kinds],
                "score": round(100 * score, 1),
                "features": features,
                "match": False,
            }
        )
    rows.sort(key=lambda row: (-row["score"], row["id"]))
    if (
        rows
        and rows[0]["score"] >= 100 * AUTO
        and (len(rows) < 2 or rows[0]["score"] - rows[1]["score"] >= 100 * APART)
    ):
        rows[0]["match"] = True
    return rows[:limit]


def _by_identifier(picture: Picture, text: str) -> list[str]:
    if ":" not in text:
        return []
    try:
        return [picture.resolve(text).id]
    except InputError:
        return []


def _texts(value: Any) -> list[str]:
    """Return a property's values as texts: plain ones, numbers, and things named by id or name."""
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    if isinstance(value, Mapping):
        return [str(value.get("name") or value.get("id") or "")]
    return [str(value)] if value is not None else []


def suggest_entities(picture: Picture, prefix: str, limit: int) -> list[dict[str, Any]]:
    """Return the things whose names hold what was typed."""
    return [
        {
            "id": hit.entity.id,
            "name": hit.entity.caption,
            "description": ", ".join(hit.entity.kinds),
            "notable": [{"id": kind, "name": kind.replace("_", " ")} for kind in hit.entity.kinds],
        }
        for hit in picture.find(prefix, limit)
    ]


def suggest_types(prefix: str, limit: int) -> list[dict[str, Any]]:
    """Return the kinds whose names or meanings hold what was typed."""
    kinds = load_vocabulary().kinds
    found = [(name, body.means) for name, body in kinds.items() if _holds(prefix, name, body.means)]
    return [
        {"id": name, "name": name.replace("_", " "), "description": means}
        for name, means in _first(found, prefix, limit)
    ]


def suggest_properties(prefix: str, limit: int) -> list[dict[str, Any]]:
    """Return the predicates, and the schemes of identifiers, whose names or meanings hold what was typed."""
    found = [(name, means) for name, means in properties_of(load_vocabulary()).items() if _holds(prefix, name, means)]
    return [
        {"id": name, "name": name.replace("_", " "), "description": means}
        for name, means in _first(found, prefix, limit)
    ]


def properties_of(vocabulary: Vocabulary) -> dict[str, str]:
    """Return every property that a table may be extended with, with its meaning."""
    schemes = {name: f"identifier of the scheme {name}" for name in vocabulary.qualifiers["scheme"].values}
    return {**{name: body.means for name, body in vocabulary.predicates.items() if name != "identifier"}, **schemes}


def _holds(prefix: str, name: str, means: str) -> bool:
    text = prefix.casefold().replace("_", " ").strip()
    return text in name.replace("_", " ") or text in means.casefold()


def _first(found: Iterable[tuple[str, str]], prefix: str, limit: int) -> list[tuple[str, str]]:
    start = prefix.casefold().replace(" ", "_")
    return sorted(found, key=lambda pair: (not pair[0].startswith(start), pair[0]))[:limit]


def extend(picture: Picture, ids: Sequence[str], properties: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return values of properties for things, in the shape of the data extension service.

    Returns
    -------
    dict
        ``{"meta": [{"id", "name"}], "rows": {id: {property: [{"str"} or {"id", "name"} …]}}}``; a thing that is not held has no values.
    """
    wanted = [str(each["id"]) for each in properties]
    limits = {str(each["id"]): _limit(each) for each in properties}
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for name in ids:
        claims = _claims(picture, name)
        rows[name] = {
            key: [_value(picture, claim) for claim in claims if _is(claim, key)][: limits[key]] for key in wanted
        }
    return {"meta": [{"id": key, "name": key.replace("_", " ")} for key in wanted], "rows": rows}


def _limit(each: Mapping[str, Any]) -> int | None:
    settings = each.get("settings")
    limit = settings.get("limit") if isinstance(settings, Mapping) else None
    return int(limit) if isinstance(limit, int | str) and str(limit).isdigit() and int(limit) > 0 else None


def _claims(picture: Picture, name: str) -> list[Claim]:
    if not picture.reader.keys([name]):
        return []
    entity = picture.entity(picture.resolution.of(name))
    claims = [claim for claim in picture.claims_about(entity) if claim.stance == "asserts"]
    picture.load_entities(claim.object for claim in claims if claim.object)
    return claims


def _is(claim: Claim, key: str) -> bool:
    return claim.predicate == key or (claim.predicate == "identifier" and claim.qualifier("scheme") == key)


def _value(picture: Picture, claim: Claim) -> dict[str, Any]:
    if claim.object:
        head = picture.resolution.of(claim.object)
        return {"id": head, "name": picture.caption(head)}
    if claim.quantity and claim.quantity.exact:
        return {"float": claim.quantity.low}
    return {"str": claim.value or (claim.quantity.words() if claim.quantity else "")}
