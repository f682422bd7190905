"""The sources: how good each is, what was read in it, and which conclusions fall without it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from isthmus.errors import UnknownEntityError
from isthmus.lenses.control.changed import control_changes
from isthmus.lenses.finding import cited_sources, claim_json
from isthmus.picture import Picture
from isthmus.picture.compare import compare
from isthmus.picture.words import say
from isthmus.service.holding import source, sources

SORTS = ("claims", "origin_of", "title", "reliability", "date")
FLIPS = 100


def source_list(
    picture: Picture, *, sort: str = "claims", kind: str = "", page: int = 1, size: int = 50
) -> dict[str, Any]:
    """Return a page of the sources, with what kinds there are and how many of each.

    Parameters
    ----------
    sort : str
        One of `SORTS`; numbers fall, words rise.
    kind : str
        Only sources of this kind; empty: all.
    """
    listed = sources(picture)
    kinds: dict[str, int] = {}
    for entry in listed:
        kinds[entry.get("kind") or "not said"] = kinds.get(entry.get("kind") or "not said", 0) + 1
    if kind:
        listed = [entry for entry in listed if (entry.get("kind") or "not said") == kind]
    if sort in ("claims", "origin_of"):
        listed.sort(key=lambda entry: (-entry[sort], entry["id"]))
    else:
        listed.sort(key=lambda entry: (str(entry.get(sort) or "~").casefold(), entry["id"]))
    total = len(listed)
    return {
        "listed": listed[(page - 1) * size : page * size],
        "kinds": dict(sorted(kinds.items(), key=lambda item: (-item[1], item[0]))),
        "paging_of": {"number": page, "size": size, "pages": max(1, -(-total // size)), "total": total},
        "sort": sort,
        "kind": kind,
    }


def source_page(picture: Picture, name: str, *, page: int = 1) -> dict[str, Any]:
    """Return a source with a page of its claims, and the works it rests on or that rest on it.

    Raises
    ------
    UnknownEntityError
        There is no such source for who asks.
    """
    found = source(picture, name, page=page, size=50)
    held = picture.sources.get(name)
    seen = {entry["id"]: entry for entry in sources(picture)}
    above = [seen[other] for other in (held.derived_from if held else ()) if other in seen]
    below = [seen[each.id] for each in picture.sources.values() if name in each.derived_from and each.id in seen]
    return {
        "source": found["source"],
        "rows": found["claims"],
        "paging_of": found["page"],
        "rests_on": above,
        "rested_on_by": below,
        "claims": {row["id"]: row for row in found["claims"]},
        "sources": found["sources"],
    }


def without_source(picture: Picture, name: str) -> dict[str, Any]:
    """Return which conclusions and relations fall, change or come when a source is left out.

    Raises
    ------
    UnknownEntityError
        There is no such source for who asks.
    """
    entry = next((entry for entry in sources(picture) if entry["id"] == name), None)
    if entry is None:
        raise UnknownEntityError(f"there is no source “{name[:80]}” in this picture.")
    request = replace(picture.request, without=(*picture.request.without, name))
    whole, rest = Picture(picture.store, picture.request), Picture(picture.store, request)
    found = compare(whole, rest, limit=FLIPS).to_json()
    turned, totals, limits = control_changes(whole, rest, limit=FLIPS)
    conclusions = found["conclusions"]
    rows = [{"way": sort, **item} for sort, entries in turned.items() for item in entries]
    rows += [{"way": sort, **item} for sort in turned for item in conclusions[sort]]
    wanted = {claim for row in rows for claim in row.get("claims", ())}
    claims = {claim.id: claim for claim in picture.reader.by_id(wanted)}
    picture.load_entities(end for claim in claims.values() for end in (claim.subject, claim.object) if end)
    for row in rows:
        if row.get("because"):
            # Said with the names of the whole picture: without the source some things have none left.
            row["because"] = [say(picture, claims[name]) for name in row["claims"] if name in claims]
    return {
        "source": entry,
        "conclusions": rows[:FLIPS],
        "conclusions_total": sum(totals.values()) + sum(conclusions["totals"].values()),
        "relations": found["relations"]["removed"][:FLIPS],
        "relations_total": found["relations"]["totals"]["removed"],
        "changed_total": found["relations"]["totals"]["changed"],
        "claims_total": found["claims"]["totals"]["removed"],
        "limits": limits,
        "claims": {claim.id: claim_json(picture, claim) for claim in claims.values()},
        "sources": cited_sources(picture, claims.values()),
    }
