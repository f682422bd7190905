"""What the page of one thing shows at once; what takes longer are parts of their own, read after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from isthmus.identifiers import check, scheme_names
from isthmus.lenses.finding import cited_sources, claim_json
from isthmus.model import Claim
from isthmus.picture import Entity, Picture
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.gaps import entity_gaps
from isthmus.picture.words import say
from isthmus.service.pages.entity.claims import first_claims
from isthmus.service.pages.entity.evidence import ABOUT, TOWARDS, Evidence, newest_first, read_evidence
from isthmus.service.pages.entity.intro import HELD, asks_control, introduce, narrow_kinds, places
from isthmus.service.pages.entity.naming import found
from isthmus.service.pages.entity.rows import groups, named, shorten
from isthmus.service.pages.entity.timeline import timeline

ROWS = 25
_NAMES, _IDENTIFIERS, _GAPS, _CONFLICTS, _GROUPS = 14, 3, 12, 10, 300
_DOES = (
    "supplies",
    "builds",
    "operates",
    "develops",
    "produces",
    "finances",
    "licenses",
    "handles_data",
    "integrated_with",
)
_HOLDS = ("owns", "controls", "oversees", "acquired", "established", "operates_in", "affects")
_DONE = (
    "operates",
    "builds",
    "develops",
    "finances",
    "produces",
    "handles_data",
    "established",
    "operates_in",
    "located_in",
)
_SITS = (
    "has_role_in",
    "member_of",
    "part_of",
    "subordinate_to",
    "proposes",
    "contributes",
    "takes_position",
    "party_to",
)
_SEATS = (
    "has_role_in",
    "member_of",
    "part_of",
    "contributes",
    "considered_by",
    "proposes",
    "takes_position",
    "party_to",
)
_MAKES = ("issues", "restricts", "designates", "binds", "authorizes", "recognizes", "concerns", "responds_to")
_REACHED = ("restricts", "designates", "binds", "authorizes", "recognizes", "excepts", "concerns", "responds_to")
SECTIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "does": ((*_DOES, *_HOLDS), (*_DONE, "attributed_to")),
    "depends": (("uses", "contains"), ("supplies", "licenses", "essential_to", "substitutes")),
    "sits": ((*_SITS, "cooperates_with", "stated"), (*_SEATS, "cooperates_with")),
    "rules": (_MAKES, _REACHED),
}
"""Which predicates stand in which section of the page: with the thing as subject, and as object."""
CONTROLLING = (
    "owns",
    "controls",
    "consolidates",
    "has_interest_in",
    "acquired",
    "oversees",
    "has_role_in",
    "established",
    "finances",
)


def entity_page(picture: Picture, name: str) -> dict[str, Any]:
    """Return what the page of a thing shows at once, JSON-ready.

    Returns
    -------
    dict
        ``id``, ``asked`` (as the address has it), ``caption``, ``kinds``, ``names``, ``identifiers``, ``places``, ``sentences``,
        ``sections`` (lines by section), ``timeline``, ``conflicts``, ``gaps``, ``table`` (the first claims), ``parts`` (which of the
        slower ones are worth asking for), and ``claims`` and ``sources`` for the marks.

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError
    """
    entity = found(picture, name)
    evidence = read_evidence(picture, entity)
    sections = {key: groups(picture, evidence, *_without_persons(picture, entity, key)) for key in SECTIONS}
    body: dict[str, Any] = {
        "id": entity.id,
        "caption": shorten(entity.caption, 300),
        "kinds": narrow_kinds(picture, entity),
        "person": picture.is_kind(entity.id, "person"),
        "members": _members(picture, entity),
        "names": _names(evidence),
        "identifiers": _identifiers(evidence),
        "places": [] if picture.is_kind(entity.id, "person") else _places(picture, evidence),
        "sentences": introduce(picture, evidence),
        "sections": sections,
        "timeline": timeline(picture, evidence, only=HELD if picture.is_kind(entity.id, "person") else ()),
        "conflicts": _conflicts(picture, evidence),
        "gaps": _gaps(picture, evidence),
        "table": first_claims(picture, evidence, ROWS),
        "total": evidence.total,
        "whole": evidence.whole,
        "parts": _parts(picture, evidence),
        "on_map": _on_map(evidence),
    }
    used = _used(body, {claim.id: claim for claim in (*evidence.near, *evidence.mentions)}, picture)
    table = body["table"]
    body["claims"] = {claim.id: claim_json(picture, claim) for claim in used}
    body["sources"] = {**table.pop("sources"), **cited_sources(picture, used)}
    return body


def _members(picture: Picture, entity: Entity) -> list[str]:
    """Return the ids that are judged to be this thing, of those that a visible claim speaks of."""
    keys = ", ".join(map(str, picture.reader.keys(entity.members)))
    if len(entity.members) < 2 or not keys:
        return list(entity.members)
    subjects = picture.visibility.sql("c.subject", f"c.subject IN ({keys})")
    rows = picture.store.rows(f"SELECT id FROM entities WHERE key IN ({keys}) AND key IN ({subjects}) ORDER BY id")
    return [str(row[0]) for row in rows]


def _without_persons(picture: Picture, entity: Entity, section: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the predicates of a section; of a natural person only the role and the declared interest (law 6)."""
    if not picture.is_kind(entity.id, "person"):
        return SECTIONS[section]
    kept = {"does": ("owns", "controls"), "sits": ("has_role_in", "oversees")}.get(section, ())
    return kept, ()


def _names(evidence: Evidence) -> dict[str, Any]:
    caption = evidence.entity.caption
    told: dict[str, dict[str, Any]] = {}
    for claim in evidence.side(ABOUT, ["name"]):
        if claim.value and claim.stance == "asserts":
            row = told.setdefault(
                claim.value,
                {
                    "name": shorten(claim.value, 160),
                    "lang": claim.value_lang,
                    "type": claim.qualifier("type"),
                    "claims": [],
                },
            )
            row["claims"].append(claim.id)
    mine = told.pop(caption, None)
    rows = sorted(told.values(), key=lambda row: (row["type"] == "former", row["lang"] or "", row["name"]))
    return {"of_caption": mine["claims"] if mine else [], "lang": mine["lang"] if mine else None, "rows": rows[:_NAMES],
            "more": max(0, len(rows) - _NAMES)}  # fmt: skip


def _identifiers(evidence: Evidence) -> list[dict[str, Any]]:
    """Return the identifiers by scheme, the first few of each, with whether they pass the check of their scheme (None: we have none)."""
    schemes: dict[str, dict[str, dict[str, Any]]] = {}
    for claim in evidence.side(ABOUT, ["identifier"]):
        scheme = claim.qualifier("scheme") or "identifier"
        rows = schemes.setdefault(scheme, {})
        row = rows.setdefault(
            claim.value or "",
            {
                "value": shorten(claim.value or "", 120),
                "valid": _valid(scheme, claim.value or ""),
                "past": bool(claim.valid_to),
                "claims": [],
            },
        )
        row["claims"].append(claim.id)
    return [
        {
            "scheme": scheme,
            "rows": list(rows.values())[:_IDENTIFIERS],
            "n": len(rows),
            "more": max(0, len(rows) - _IDENTIFIERS),
        }
        for scheme, rows in sorted(schemes.items(), key=lambda item: (len(item[1]), item[0]))
    ]


def _valid(scheme: str, value: str) -> bool | None:
    return check(scheme, value) is None if scheme in scheme_names() else None


def _places(picture: Picture, evidence: Evidence) -> list[dict[str, Any]]:
    return [{**named(picture.entity(claim.object or "")), "claims": [claim.id]} for claim in places(evidence)[:3]]


def _on_map(evidence: Evidence) -> bool:
    return bool(
        evidence.count(ABOUT, "coordinates")
        or evidence.count(ABOUT, "located_in")
        or evidence.count(TOWARDS, "located_in")
    )


def _conflicts(picture: Picture, evidence: Evidence) -> list[dict[str, Any]]:
    rows = []
    for conflict in find_conflicts(picture, evidence.near)[:_CONFLICTS]:
        held = {claim.id: claim for claim in evidence.near}
        sides = [held[name] for name in conflict.claims if name in held]
        rows.append(
            {
                "about": shorten(conflict.about),
                "sides": [
                    {
                        "text": shorten(text.rpartition(" (")[0] or text, 160),
                        "sentence": shorten(say(picture, claim)),
                        "claims": [claim.id],
                    }
                    for text, claim in zip(conflict.values, sides, strict=False)
                ],
                "claims": list(conflict.claims),
            }
        )
    return rows


def _gaps(picture: Picture, evidence: Evidence) -> list[dict[str, Any]]:
    near = evidence.near
    if len(near) > _GROUPS and evidence.entity.kinds and not picture.is_kind(evidence.entity.id, "group"):
        # Each group beside a thing is counted by itself: of a thing with thousands of neighbours the first few are.
        near = newest_first(near)[:_GROUPS]
    return [{**gap.to_json(), "what": shorten(gap.what)} for gap in entity_gaps(picture, evidence.entity, near)[:_GAPS]]


def _parts(picture: Picture, evidence: Evidence) -> dict[str, bool]:
    """Return which parts have anything to say: control where any claim bears on it, and tiers where it needs or is supplied."""
    asked = asks_control(picture, evidence.entity)
    held = any(evidence.count(TOWARDS, name) for name in CONTROLLING)
    held = held or any(evidence.count(ABOUT, name) for name in ("subordinate_to", "member_of", "owners_unstated"))
    needs = any(evidence.count(ABOUT, name) for name in ("uses", "contains")) or bool(
        evidence.count(TOWARDS, "supplies")
    )
    return {"asked": asked, "control": asked and held, "depends": needs, "same": evidence.entity.kinds != ("place",)}


def _used(body: Mapping[str, Any], held: Mapping[str, Claim], picture: Picture) -> list[Claim]:
    """Return the claims that some part of the body names, for its marks."""
    ids = list(dict.fromkeys(_ids(body)))
    missing = [name for name in ids if name not in held]
    read = {claim.id: claim for claim in picture.reader.by_id(missing)} if missing else {}
    claims = [held.get(name) or read[name] for name in ids if name in held or name in read]
    picture.load_entities(end for claim in claims for end in (claim.subject, claim.object) if end)
    return claims


def _ids(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key in ("claims", "of_caption") and isinstance(part, Sequence):
                yield from part[:4]
            else:
                yield from _ids(part)
    elif isinstance(value, list):
        for part in value:
            yield from _ids(part)
