"""Every claim that speaks of a thing, page by page and as CSV that `isthmus add` reads back."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from isthmus.errors import ArgumentError
from isthmus.lenses.finding import cited_sources
from isthmus.model import CLAIM_COLUMNS, Claim
from isthmus.picture import Entity, Picture
from isthmus.picture.words import say, when_said
from isthmus.service.pages.entity.evidence import Evidence, read_at
from isthmus.service.pages.entity.naming import found
from isthmus.service.pages.entity.rows import MODES, shorten
from isthmus.sources.spreadsheet import guard

PAGE = 100
MOST = 100_000
"""So many rows are written to a CSV at most; the page says so where there are more."""
_CHUNK = 20_000
_LONG = 400


def claim_table(
    picture: Picture, entity: Entity, *, predicate: str | None = None, page: int = 1, size: int = PAGE
) -> dict[str, Any]:
    """Return one page of the claims that have an entity at an end or in a qualifier, by predicate.

    Returns
    -------
    dict
        ``{"rows", "predicates", "predicate", "page", "pages", "total"}``; `predicates` are all with their counts.

    Raises
    ------
    ArgumentError
        There is no such predicate or page.
    """
    if predicate is not None and predicate not in picture.vocabulary.predicates:
        raise ArgumentError(f"there is no predicate “{predicate[:80]}”.", where="predicate")
    where = _where(picture, entity)
    counts = picture.store.rows(
        f"SELECT p.id, n FROM (SELECT predicate, count(*) AS n FROM ({picture.visibility.sql('c.predicate', where)}) GROUP BY 1) c "
        "JOIN predicates p ON p.key = c.predicate ORDER BY n DESC, p.id"
    )
    total = sum(number for name, number in counts if predicate in (None, name))
    pages = max(1, -(-total // size))
    if not 1 <= page <= pages:
        raise ArgumentError(f"there is no page {page}: the claims fill {pages}.", where="page")
    claims = _read(picture, _only(where, predicate), size, (page - 1) * size)
    return {
        "rows": [_row(picture, claim) for claim in claims],
        "predicates": [{"predicate": name, "n": number} for name, number in counts],
        "predicate": predicate,
        "page": page,
        "pages": pages,
        "total": total,
        "most": MOST,
        "sources": cited_sources(picture, claims),
    }


def first_claims(picture: Picture, evidence: Evidence, size: int) -> dict[str, Any]:
    """Return the first page of the table of an entity whose claims are at hand, as `claim_table` does."""
    if not evidence.whole:
        return claim_table(picture, evidence.entity, size=size)
    claims = sorted((*evidence.near, *evidence.mentions), key=lambda claim: (claim.predicate, claim.id))
    counts = sorted(Counter(claim.predicate for claim in claims).items(), key=lambda item: (-item[1], item[0]))
    return {
        "rows": [_row(picture, claim) for claim in claims[:size]],
        "predicates": [{"predicate": name, "n": number} for name, number in counts],
        "predicate": None,
        "page": 1,
        "pages": max(1, -(-len(claims) // size)),
        "total": len(claims),
        "most": MOST,
        "sources": cited_sources(picture, claims[:size]),
    }


def claim_list(picture: Picture, name: str, *, predicate: str | None = None, page: int = 1) -> dict[str, Any]:
    """Return a page of the claims about the thing that a name means, with what the head of the page needs."""
    entity = found(picture, name)
    table = claim_table(picture, entity, predicate=predicate, page=page)
    return {
        "id": entity.id,
        "caption": shorten(entity.caption, 160),
        "kinds": list(entity.kinds),
        "table": table,
    }


def claim_csv(picture: Picture, name: str, *, predicate: str | None = None) -> Iterator[str]:
    """Return the lines of a CSV of the claims about the thing that a name means (RFC 4180, safe to open in a spreadsheet).

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError, ArgumentError
        At once, before the first line.
    """
    entity = found(picture, name)
    if predicate is not None and predicate not in picture.vocabulary.predicates:
        raise ArgumentError(f"there is no predicate “{predicate[:80]}”.", where="predicate")
    return _csv(picture, _only(_where(picture, entity), predicate))


def _csv(picture: Picture, where: str) -> Iterator[str]:
    yield _line([*CLAIM_COLUMNS, "_id", "_sentence", "_recorded_at"])
    for start in range(0, MOST, _CHUNK):
        claims = _read(picture, where, _CHUNK, start)
        yield "".join(_line(_cells(picture, claim)) for claim in claims)
        if len(claims) < _CHUNK:
            return


def _cells(picture: Picture, claim: Claim) -> list[str]:
    number = claim.quantity
    told: dict[str, Any] = {
        **{name: getattr(claim, name, None) for name in CLAIM_COLUMNS},
        "low": number.low_text if number else None,
        "high": number.high_text if number else None,
        "unit": number.unit if number else None,
        "qualifiers": "; ".join(f"{key}={value}" for key, value in claim.qualifiers),
        "origin": " ".join(claim.origin),
    }
    return [
        *(
            guard(str(told[name] or "")) if name not in ("low", "high") else str(told[name] or "")
            for name in CLAIM_COLUMNS
        ),
        claim.id,
        guard(say(picture, claim)),
        claim.recorded_at,
    ]


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _where(picture: Picture, entity: Entity) -> str:
    keys = ", ".join(map(str, picture.reader.keys(entity.members)))
    sets: list[int] = []
    for name in entity.members:
        rows = picture.store.rows(
            "SELECT key FROM qualifier_sets WHERE contains(canonical, ?) AND list_contains(map_values(pairs), ?)",
            [f"@{name}", f"@{name}"],
        )
        sets += [int(row[0]) for row in rows]
    mentions = f" OR c.qualifiers IN ({', '.join(map(str, sorted(sets)))})" if sets else ""
    return f'c.subject IN ({keys}) OR c."object" IN ({keys}){mentions}'


def _only(where: str, predicate: str | None) -> str:
    if predicate is None:
        return where
    return f"({where}) AND c.predicate = (SELECT key FROM predicates WHERE id = '{predicate}')"


def _read(picture: Picture, where: str, limit: int, offset: int) -> list[Claim]:
    sql = picture.visibility.sql("c.rowid AS place, c.subject, c.predicate, c.id", where)
    rows = picture.store.rows(
        f"SELECT r.place, r.subject, r.id::VARCHAR FROM ({sql}) r JOIN predicates p ON p.key = r.predicate "
        f"ORDER BY p.id, r.id LIMIT {limit} OFFSET {offset}"
    )
    order = {claim.id: claim for claim in read_at(picture, rows)}
    read = [order[str(row[2])] for row in rows]
    picture.load_entities(end for claim in read for end in (claim.subject, claim.object) if end)
    return read


def _row(picture: Picture, claim: Claim) -> dict[str, Any]:
    doubts = [MODES.get(claim.mode), {"denies": "denied", "not_found": "looked for, not found"}.get(claim.stance)]
    return {
        "id": claim.id,
        "predicate": claim.predicate,
        "sentence": shorten(say(picture, claim), _LONG),
        "when": when_said(claim),
        "source": claim.source,
        "origin": list(claim.origin),
        "locator": claim.locator,
        "hedge": claim.hedge,
        "doubts": [doubt for doubt in doubts if doubt],
        "marking": claim.marking,
    }
