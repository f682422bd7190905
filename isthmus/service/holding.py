"""What an open picture holds: single claims, its sources, its conflicts; only what the request may see."""

from __future__ import annotations

from typing import Any

from isthmus.errors import UnknownEntityError
from isthmus.lenses.finding import cited_sources, claim_json
from isthmus.model import MARKINGS, Claim
from isthmus.picture import Picture
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.words import when_said

_CONFLICTS, _SOURCES = "conflicts as told", "sources as told"


def seen_claim(picture: Picture, name: str) -> Claim:
    """Return a claim by id, also a retracted one; one that the request may not see is as unknown as one that is not held.

    Raises
    ------
    UnknownEntityError
        There is no such claim in this picture.
    """
    for held in picture.reader.by_id([name]):
        known = held.batch is not None and held.batch <= picture.visibility.batch
        if known and MARKINGS.index(held.marking) <= picture.visibility.ceiling:
            return held
    raise UnknownEntityError(f"there is no claim “{name[:80]}” in this picture.", hint="Claims are named by their ids.")


def claim(picture: Picture, name: str) -> dict[str, Any]:
    """Return a claim with its sentence, its sources, and what else is said of the same.

    Returns
    -------
    dict
        ``{"claim", "also", "otherwise", "sources"}``; a retracted claim says when and why it was. `also` are other claims of the same
        subject, predicate and object; `otherwise` the conflicts it stands in.
    """
    held = seen_claim(picture, name)
    subject = picture.entity(held.subject)
    near = picture.claims_about(subject, predicates=[held.predicate])
    ends = {picture.resolution.of(held.object)} if held.object else {None}
    also = [
        other
        for other in near
        if other.id != held.id and {picture.resolution.of(other.object) if other.object else None} == ends
    ]
    clashes = [item for item in find_conflicts(picture, [held, *near]) if held.id in item.claims]
    against = picture.reader.by_id({name for item in clashes for name in item.claims} - {held.id})
    everything = [held, *also, *against]
    picture.load_entities(end for each in everything for end in (each.subject, each.object) if end)
    return {
        "claim": {**claim_json(picture, held), "when": when_said(held)},
        "works": sorted(picture.support(held)),
        "also": [claim_json(picture, other) for other in also],
        "otherwise": [
            {**item.to_json(), "sides": [claim_json(picture, other) for other in against if other.id in item.claims]}
            for item in clashes
        ],
        "sources": cited_sources(picture, everything),
    }


def sources(picture: Picture) -> list[dict[str, Any]]:
    """Return every source that a visible claim was read in or rests on, with how many; where all may be seen, the others too."""
    if _SOURCES not in picture.memo:
        counts = _counted(picture)
        whole = picture.visibility.ceiling == len(MARKINGS) - 1
        found = []
        for source in picture.sources.values():
            read, cited = counts.get(source.id, (0, 0))
            if read or cited or whole:
                found.append({**source.to_json(), "claims": read, "origin_of": cited})
        picture.memo[_SOURCES] = found
    held = picture.memo[_SOURCES]
    assert isinstance(held, list)
    return [*held]


def _counted(picture: Picture) -> dict[str, tuple[int, int]]:
    visible = picture.visibility.sql()
    read = dict(
        picture.store.rows(
            f'SELECT s.id, count(*) FROM ({visible}) c JOIN sources s ON s.key = c."source" GROUP BY s.id'
        )
    )
    cited = dict(
        picture.store.rows(
            f"SELECT s.id, count(*) FROM (SELECT unnest(o.members) AS key FROM ({visible}) c JOIN origin_sets o ON o.key = c.origin) x "
            "JOIN sources s ON s.key = x.key GROUP BY s.id"
        )
    )
    return {name: (read.get(name, 0), cited.get(name, 0)) for name in read.keys() | cited.keys()}


def source(picture: Picture, name: str, *, page: int = 1, size: int = 100) -> dict[str, Any]:
    """Return a source, and a page of the claims that were read in it or rest on it.

    Raises
    ------
    UnknownEntityError
        No visible claim was read in it or rests on it, and it is not described for all.
    """
    held = next((entry for entry in sources(picture) if entry["id"] == name), None)
    if held is None:
        raise UnknownEntityError(
            f"there is no source “{name[:80]}” in this picture.", hint="`isthmus sources` lists them."
        )
    (key,) = picture.store.row("SELECT key FROM sources WHERE id = ?", [name]) or (-1,)
    where = f'c."source" = {key} OR c.origin IN (SELECT key FROM origin_sets WHERE list_contains(members, {key}))'
    total = int(picture.store.value(picture.visibility.sql("count(*)", where)))
    ids = [
        str(row[0])
        for row in picture.store.rows(
            picture.visibility.sql("c.id", where) + f" ORDER BY c.locator, c.id LIMIT {size} OFFSET {(page - 1) * size}"
        )
    ]
    claims = {each.id: each for each in picture.reader.by_id(ids)}
    picture.load_entities(end for each in claims.values() for end in (each.subject, each.object) if end)
    return {
        "source": held,
        "page": {"number": page, "size": size, "pages": max(1, -(-total // size)), "total": total},
        "claims": [claim_json(picture, claims[name]) for name in ids],
        "sources": cited_sources(picture, claims.values()),
    }


def conflicts(picture: Picture) -> list[dict[str, Any]]:
    """Return every conflict with the claims on its sides; worked out once for a picture."""
    held = picture.memo.get(_CONFLICTS)
    if held is None:
        found = find_conflicts(picture)
        claims = {each.id: each for each in picture.reader.by_id({name for item in found for name in item.claims})}
        picture.load_entities(end for each in claims.values() for end in (each.subject, each.object) if end)
        held = [
            {**item.to_json(), "sides": [claim_json(picture, claims[name]) for name in item.claims]} for item in found
        ]
        picture.memo[_CONFLICTS] = held
    assert isinstance(held, list)
    return held
