"""What a thing depends on, tier by tier, and how much of that is known."""

from __future__ import annotations

from typing import Any

from isthmus.lenses import dependence
from isthmus.picture import Picture
from isthmus.service.pages.entity.naming import found
from isthmus.service.pages.entity.rows import shorten

SHOWN = 40
"""So many needs are listed; the lens has all."""


def depends_part(picture: Picture, name: str) -> dict[str, Any]:
    """Return the tiers below a thing, its needs with their alternatives, and what is not said."""
    entity = found(picture, name)
    finding = dependence.ask(picture, entity.id).to_json()
    needs = finding["needs"]
    tiers: dict[int, list[dict[str, Any]]] = {}
    for need in needs[:SHOWN]:
        tiers.setdefault(need["tier"], []).append(need)
    return {
        "id": entity.id,
        "caption": shorten(entity.caption, 160),
        "kinds": list(entity.kinds),
        "tiers": finding["tiers"],
        "needs": [{"tier": tier, "needs": listed} for tier, listed in sorted(tiers.items())],
        "more": max(0, len(needs) - SHOWN),
        "gaps": finding["gaps"],
        "limits": finding["limits"],
        "claims": finding["claims"],
        "sources": finding["sources"],
    }
