"""What a search finds, by kind, each with the reason that it matched."""

from __future__ import annotations

from typing import Any

from isthmus.claims.words import search_words
from isthmus.errors import AmbiguousEntityError, ArgumentError, UnknownEntityError
from isthmus.model import MARKINGS, Source
from isthmus.picture import Entity, Picture
from isthmus.service.holding import sources as seen_sources

MOST_WORDS, LONGEST = 24, 400
_SEEN = "sources that some visible claim rests on"
HEADINGS: dict[str, str] = {
    "organization": "Companies and organisations",
    "state": "States",
    "person": "People in public roles",
    "group": "Groups, not all named",
    "site": "Sites",
    "project": "Projects",
    "system": "Systems, networks, software",
    "product": "Products",
    "material": "Materials",
    "norm": "Laws, standards, agreements, plans",
    "event": "Events",
    "document": "Documents",
    "concept": "Fields and terms",
    "place": "Places",
}
"""How results are grouped, in this order; what is none of these is “Other things”."""
OTHER = "Other things"
_HOW = {
    "exact": "spelled exactly so",
    "start": "begins so",
    "word": "each word begins one of its words",
    "inside": "the letters stand inside a word of it",
    "identifier": "its identifier",
}


def search_page(picture: Picture, text: str, limit: int = 60) -> dict[str, Any]:
    """Return things and sources whose names hold every word of a text, in any script, grouped by kind.

    Returns
    -------
    dict
        ``{"query", "groups": [{"heading", "rows"}], "titles" (of sources), "total", "full"}``; a row is ``{"id", "caption", "kinds",
        "matched", "reason"}``; `full`: there may be more than were looked for.

    Raises
    ------
    ArgumentError
        The text is too long to be searched.
    """
    wanted = text.strip()
    words = set(search_words(wanted[: LONGEST + 1]))
    if len(wanted) > LONGEST or len(words) > MOST_WORDS:
        raise ArgumentError(
            f"a search takes {MOST_WORDS} words and {LONGEST} characters at most.",
            where="q",
            hint="Search with the words that are rarest.",
        )
    hits = [(hit.entity, hit.matched, hit.how) for hit in picture.find(wanted, limit)] if words else []
    if ":" in wanted and (named := _identified(picture, wanted)) is not None:
        hits = [(named, wanted, "identifier"), *(hit for hit in hits if hit[0].id != named.id)]
    grouped: dict[str, list[dict[str, Any]]] = {}
    for entity, matched, how in hits:
        grouped.setdefault(_heading(picture, entity), []).append(_row(entity, matched, how))
    order = [*HEADINGS.values(), OTHER]
    found_sources = (
        [source for source in picture.find_sources(wanted) if _may_be_seen(picture, source)] if words else []
    )
    return {
        "query": wanted,
        "groups": [
            {"heading": heading, "rows": rows}
            for heading, rows in sorted(grouped.items(), key=lambda item: order.index(item[0]))
        ],
        "best": _row(*hits[0]) if hits else None,
        "titles": [_source(source) for source in found_sources[:limit]],
        "total": len(hits),
        "full": len(hits) >= limit,
    }


def _identified(picture: Picture, text: str) -> Entity | None:
    scheme = text.partition(":")[0].strip().lower()
    if scheme not in picture.vocabulary.qualifiers["scheme"].values:
        return None
    try:
        return picture.resolve(text)
    except (UnknownEntityError, AmbiguousEntityError):
        return None


def _heading(picture: Picture, entity: Entity) -> str:
    return next((words for kind, words in HEADINGS.items() if picture.is_kind(entity.id, kind)), OTHER)


def _row(entity: Entity, matched: str, how: str) -> dict[str, Any]:
    same = matched == entity.caption
    return {
        "id": entity.id,
        "caption": entity.caption[:200],
        "kinds": list(entity.kinds),
        "matched": None if same else matched[:200],
        "reason": _HOW[how],
    }


def _may_be_seen(picture: Picture, source: Source) -> bool:
    """Tell whether a reader may know of a source: one on which no claim rests that they see is as unknown as its claims."""
    if picture.visibility.ceiling == len(MARKINGS) - 1:
        return True
    held = picture.memo.get(_SEEN)
    if held is None:
        held = picture.memo[_SEEN] = frozenset(entry["id"] for entry in seen_sources(picture))
    assert isinstance(held, frozenset)
    return source.id in held and MARKINGS.index(source.marking) <= picture.visibility.ceiling


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": (source.title or source.id)[:200],
        "original": (source.title_original or "")[:200] if source.title_original != source.title else "",
        "publisher": source.publisher,
        "date": source.date,
        "kind": source.kind,
    }
