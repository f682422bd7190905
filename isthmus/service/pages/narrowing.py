"""Where what one thing depends on narrows: what alone, or with one other, fails it, its tiers, and the tree drawn."""

from __future__ import annotations

from typing import Any

from isthmus.briefs.tree import dependence_svg
from isthmus.lenses import chokepoints, dependence
from isthmus.picture import Picture

LIMIT = 15
DEPTH = 3


def narrowing(picture: Picture, of: str) -> dict[str, Any]:
    """Return what fails a thing, alone and in pairs, and what it depends on tier by tier.

    Returns
    -------
    dict
        ``{"id", "caption", "single", "pairs", "totals", "tiers", "tree", "gaps", "limits", "claims", "sources"}``; `tree` is an
        SVG document, None where nothing is held of what it needs.

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError
    """
    failing = chokepoints.ask(picture, of, pairs=True, limit=LIMIT).to_json()
    below = dependence.ask(picture, of, depth=DEPTH, alone=True).to_json()
    question = failing["question"]
    return {
        "id": question["of"],
        "caption": question["caption"],
        "single": [row for row in failing["answers"] if row["alone"] and not row["itself"]],
        "pairs": [row for row in failing["answers"] if not row["alone"]],
        "totals": failing["totals"],
        "tiers": below["tiers"],
        "tree": dependence_svg(below) if below["needs"] else None,
        "gaps": list({gap["what"]: gap for gap in (*failing["gaps"], *below["gaps"])}.values()),
        "limits": list(dict.fromkeys((*failing["limits"], *below["limits"]))),
        "claims": failing["claims"],
        "sources": failing["sources"],
    }
