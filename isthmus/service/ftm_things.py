"""Things of an open picture as FollowTheMoney has them: schema, properties, data sets; merged names are one thing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from isthmus.claims.exports.ftm import entity_lines
from isthmus.claims.texts import texts_sql
from isthmus.picture import Picture


def ftm_things(picture: Picture, heads: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return things in the shape of yente's entities, by canonical id.

    Returns
    -------
    dict
        ``{"id", "caption", "schema", "properties", "datasets", "referents", "target", "first_seen", "last_seen", "last_change"}`` each.
        `referents` are the other ids of the thing; the times are record times.
    """
    entities = {head: picture.entity(head) for head in dict.fromkeys(heads)}
    of = {member: head for head, entity in entities.items() for member in entity.members}
    keys = picture.reader.keys(of)
    if not keys:
        return {}
    claims = picture.visibility.sql("*", f"c.subject IN ({', '.join(map(str, keys))})")
    select = texts_sql(claims, picture.vocabulary.modes, picture.vocabulary.stances)
    found: dict[str, dict[str, Any]] = {}
    seen = _recorded(picture, claims)
    for (line,) in picture.store.rows(entity_lines(select)):
        body = json.loads(line)
        head = of.get(body["id"])
        if head is not None:
            _merge(found, head, body)
    for head, entity in entities.items():
        body = found.setdefault(head, {"schema": "Thing", "properties": {}, "datasets": []})
        times = [seen[key] for key in picture.reader.keys(entity.members) if key in seen]
        first, last = min((one for one, _ in times), default=None), max((one for _, one in times), default=None)
        found[head] = {
            "id": head,
            "caption": entity.caption,
            "schema": body["schema"],
            "properties": body["properties"],
            "datasets": body["datasets"],
            "referents": sorted(set(entity.members) - {head}),
            "target": bool(body["properties"].get("topics")),
            "first_seen": first,
            "last_seen": last,
            "last_change": last,
        }
    return found


def _merge(found: dict[str, dict[str, Any]], head: str, body: dict[str, Any]) -> None:
    held = found.setdefault(head, {"schema": body["schema"], "properties": {}, "datasets": []})
    if held["schema"] == "LegalEntity":
        held["schema"] = body["schema"]
    for name, values in body["properties"].items():
        held["properties"][name] = sorted({*held["properties"].get(name, ()), *values})
    held["datasets"] = sorted({*held["datasets"], *body["datasets"]})


def _recorded(picture: Picture, claims: str) -> dict[int, tuple[str, str]]:
    rows = picture.store.rows(
        "SELECT c.subject, min(b.recorded_at)::VARCHAR, max(b.recorded_at)::VARCHAR "
        f"FROM ({claims}) c JOIN batches b ON b.key = c.batch GROUP BY c.subject"
    )
    return {key: (_moment(first), _moment(last)) for key, first, last in rows}


def _moment(text: str) -> str:
    return text.replace(" ", "T")[:19]
