"""Who controls a thing, drawn and as a table, and by which channels: from the lenses, as the page shows it."""

from __future__ import annotations

from typing import Any

from isthmus.briefs.chain import chain_svg
from isthmus.lenses import control, points
from isthmus.picture import Entity, Picture
from isthmus.service.pages.entity.intro import asks_control
from isthmus.service.pages.entity.naming import found
from isthmus.service.pages.entity.rows import shorten

SHOWN = 24
"""So many who control are listed; the lens has all."""
_FLIPS = 8


def control_part(picture: Picture, name: str) -> dict[str, Any]:
    """Return who controls a thing: the drawing as SVG, the answers, what nobody named holds, and what hangs on one source."""
    entity = found(picture, name)
    if not asks_control(picture, entity):
        return {**_head(entity), "asked_for": False, "claims": {}, "sources": {}}
    finding = control.ask(picture, entity.id).to_json()
    answers = finding["answers"]
    flips = finding["sensitivity"].get("flips", {})
    return {
        **_head(entity),
        "asked_for": True,
        "drawing": chain_svg(finding, marks=True) if answers or finding["holders"] else None,
        "answers": answers[:SHOWN],
        "more": max(0, len(answers) - SHOWN),
        "unaccounted": finding["unaccounted"],
        "nominal": finding.get("nominal"),
        "gaps": finding["gaps"],
        "conflicts": finding["conflicts"],
        "flips": [{"source": source, "conclusions": told} for source, told in sorted(flips.items())][:_FLIPS],
        "rules": finding["rules"],
        "limits": finding["limits"],
        "claims": finding["claims"],
        "sources": finding["sources"],
    }


def points_part(picture: Picture, name: str) -> dict[str, Any]:
    """Return by which channels someone can direct a thing: a row for each, also for those of which nothing is known."""
    entity = found(picture, name)
    if not asks_control(picture, entity):
        return {**_head(entity), "asked_for": False, "claims": {}, "sources": {}}
    finding = points.ask(picture, entity.id).to_json()
    return {
        **_head(entity),
        "asked_for": True,
        "channels": finding["answers"],
        "table": finding["table"],
        "gaps": finding["gaps"],
        "limits": finding["limits"],
        "claims": finding["claims"],
        "sources": finding["sources"],
    }


def _head(entity: Entity) -> dict[str, Any]:
    return {"id": entity.id, "caption": shorten(entity.caption, 160), "kinds": list(entity.kinds)}
