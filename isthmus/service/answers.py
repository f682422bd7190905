"""Ask a picture: search, one entity, lenses, differences, and what is held."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from isthmus.claims.reader import ReadStore
from isthmus.entities import state_of
from isthmus.errors import ArgumentError
from isthmus.identifiers import check, scheme_names
from isthmus.lenses.finding import cited_sources, claim_json
from isthmus.model import Claim, Finding
from isthmus.picture import Entity, Picture, Request
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.gaps import entity_gaps
from isthmus.picture.words import say, when_said
from isthmus.service.finding import opened

LENSES = {
    "relations": "relations",
    "timeline": "timeline",
    "tally": "tally",
    "control": "control",
    "points-of-control": "points",
    "concentration": "concentration",
    "chokepoints": "chokepoints",
    "dependence": "dependence",
    "where-used": "where_used",
    "exposure": "exposure",
}
"""The lenses by name, with their modules."""


def find_lens(name: str) -> Callable[..., Finding]:
    """Return what answers for a lens; it is imported when it is first asked, as some need more than others.

    Raises
    ------
    ArgumentError
        There is no such lens.
    """
    if name not in LENSES:
        raise ArgumentError(f"there is no lens “{name}”.", hint=f"Lenses: {', '.join(LENSES)}.")
    found: Callable[..., Finding] = import_module(f"isthmus.lenses.{LENSES[name]}").ask
    return found


def show(path: Path, name: str, request: Request | None = None) -> dict[str, Any]:
    """Return one entity: names, kinds, identifiers, facts, relations, gaps, conflicts, sources."""
    with opened(path, request) as picture:
        return show_entity(picture, picture.resolve(name))


def show_entity(picture: Picture, entity: Entity) -> dict[str, Any]:
    """Return what a picture holds of an entity, JSON-ready."""
    about = picture.claims_about(entity)
    seen = {claim.id for claim in about}
    towards = [claim for claim in picture.claims_towards(entity) if claim.id not in seen]
    seen |= {claim.id for claim in towards}
    mentions = [claim for claim in picture.claims_mentioning(entity) if claim.id not in seen]
    everything = [*about, *towards, *mentions]
    picture.load_entities(end for claim in everything for end in (claim.subject, claim.object) if end)
    related = [claim for claim in everything if claim.object]
    facts = [claim for claim in about if not claim.object and claim.predicate not in ("name", "kind", "identifier")]
    return {
        "entity": entity.to_json(),
        "names": [_named(claim) for claim in about if claim.predicate == "name"],
        "kinds": sorted({claim.value for claim in about if claim.predicate == "kind" and claim.value}),
        "identifiers": [_identified(claim) for claim in about if claim.predicate == "identifier"],
        "facts": [_told(picture, claim) for claim in sorted(facts, key=_order)],
        "relations": [_told(picture, claim) for claim in sorted(related, key=_order)],
        "gaps": [gap.to_json() for gap in entity_gaps(picture, entity, [*about, *towards])],
        "conflicts": [_conflict(picture, item) for item in find_conflicts(picture, [*about, *towards])],
        "judgements": _judgements(picture, entity),
        "sources": cited_sources(picture, everything),
        "as_of": picture.as_of,
        "known_at": picture.known_at,
    }


def _named(claim: Claim) -> dict[str, Any]:
    return {
        "name": claim.value,
        "lang": claim.value_lang,
        "type": claim.qualifier("type"),
        "claims": [claim.id],
        "source": claim.source,
        "locator": claim.locator,
    }


def _identified(claim: Claim) -> dict[str, Any]:
    return {
        "scheme": claim.qualifier("scheme"),
        "value": claim.value,
        "valid": _valid(claim.qualifier("scheme"), claim.value or ""),
        "claims": [claim.id],
        "source": claim.source,
        "locator": claim.locator,
    }


def _valid(scheme: str | None, value: str) -> bool | None:
    """Tell whether an identifier passes the check of its scheme; None where we have none for it."""
    return check(scheme, value) is None if scheme in scheme_names() and scheme is not None else None


def _order(claim: Claim) -> tuple[str, str, str]:
    return (claim.predicate, claim.valid_from or claim.observed or "", claim.id)


def _told(picture: Picture, claim: Claim) -> dict[str, Any]:
    body = claim_json(picture, claim)
    body["when"] = when_said(claim)
    body["claims"] = [claim.id]
    if claim.quantity:
        body["words"] = claim.quantity.words()
    return body


def _conflict(picture: Picture, item: Any) -> dict[str, Any]:
    body: dict[str, Any] = item.to_json()
    claims = picture.reader.by_id(item.claims)
    body["sides"] = [
        {
            "sentence": say(picture, claim),
            "date": claim.valid_from or claim.observed,
            "source": claim.source,
            "locator": claim.locator,
        }
        for claim in claims
    ]
    return body


def _judgements(picture: Picture, entity: Entity) -> list[dict[str, Any]]:
    """Return the judgements about an entity that were not undone, each with its state (see `isthmus.entities.state_of`)."""
    members = set(entity.members)
    return [
        {**item.to_json(), "state": state_of(item, picture.standing, picture.resolution)}
        for item in picture.judgements
        if not item.undone and (item.a in members or item.b in members)
    ]


def ask(path: Path, lens: str, question: Mapping[str, Any], request: Request | None = None) -> dict[str, Any]:
    """Ask a lens and return its finding, JSON-ready.

    Parameters
    ----------
    lens : str
        One of `LENSES`.
    question : mapping
        The lens's own arguments.
    """
    answer = find_lens(lens)
    with opened(path, request) as picture:
        return answer(picture, **question).to_json()


def list_sources(path: Path) -> list[dict[str, Any]]:
    """Return every source with its description and how many claims it carries."""
    with ReadStore(path) as store:
        counts = dict(
            store.rows('SELECT s.id, count(*) FROM claims c JOIN sources s ON s.key = c."source" GROUP BY s.id')
        )
        cited = dict(
            store.rows(
                "SELECT s.id, count(*) FROM (SELECT unnest(o.members) AS key FROM claims c JOIN origin_sets o ON o.key = c.origin) x "
                "JOIN sources s ON s.key = x.key GROUP BY s.id"
            )
        )
        listed = [source.to_json() for source in store.sources()]
    for entry in listed:
        entry["claims"] = counts.get(entry["id"], 0)
        entry["origin_of"] = cited.get(entry["id"], 0)
    return listed
