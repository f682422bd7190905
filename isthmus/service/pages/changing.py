"""Two dates side by side: conclusions, relations and claims that changed, and what was read when."""

from __future__ import annotations

from typing import Any

from isthmus.lenses.finding import cited_sources, claim_json
from isthmus.model import MARKINGS
from isthmus.picture import Picture

SHOWN = 60
WAYS = ("added", "removed", "changed")


def history(picture: Picture) -> list[dict[str, Any]]:
    """Return what was done to the picture, newest first; the names of files only to who may see everything."""
    whole = picture.visibility.ceiling == len(MARKINGS) - 1
    return [
        {
            "number": batch.key,
            "at": batch.recorded_at.isoformat(timespec="seconds") + "Z",
            "moment": batch.recorded_at.isoformat() + "Z",
            "action": batch.action,
            "file": batch.file if whole else None,
            "claims_new": batch.claims_new if whole else None,
            "rejected": batch.rejected if whole else None,
        }
        for batch in reversed(picture.batches)
        if batch.key <= picture.visibility.batch
    ]


def usual_dates(picture: Picture) -> tuple[str, str] | None:
    """Return two years with which to begin: the last for which claims speak of a beginning, and the one before."""
    row = picture.store.row(
        f"SELECT year(max(d.earliest)) FROM ({picture.visibility.sql('c.valid_from')}) c JOIN dates d ON d.key = c.valid_from "
        f"WHERE d.latest <= DATE '{picture.known_at[:10]}'"
    )
    return (str(int(row[0]) - 1), str(int(row[0]))) if row and row[0] is not None else None


def cited(picture: Picture, difference: dict[str, Any]) -> dict[str, Any]:
    """Return the claims and sources that a difference names, for the marks of a page."""
    wanted = {
        name
        for part in ("conclusions", "relations", "claims")
        for way in WAYS
        for row in difference[part][way][:SHOWN]
        for name in row.get("claims", ())[:5]
    }
    claims = picture.reader.by_id(wanted)
    picture.load_entities(end for claim in claims for end in (claim.subject, claim.object) if end)
    return {
        "claims": {claim.id: claim_json(picture, claim) for claim in claims},
        "sources": cited_sources(picture, claims),
    }
