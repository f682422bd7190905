"""What changed between two dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from isthmus.service.changes import differ
from isthmus.service.pages.changing import SHOWN, cited, history, usual_dates
from isthmus.serving.asking import Asked
from isthmus.web.rendering import page

ROUTER = APIRouter()
When = Annotated[str, Query(max_length=40)]


@ROUTER.get("/changes")
async def changes(
    http: Request,
    first: Annotated[str, Query(alias="from", max_length=40)] = "",
    to: When = "",
    known_from: When = "",
    known_to: When = "",
) -> Response:
    """Show two dates side by side."""

    def gather(who: Asked) -> Mapping[str, Any]:
        known = (known_from, known_to) if known_from or known_to else None
        usual = who.desk.read(who.request, usual_dates)
        valid = None if known else (first or (usual or ("", ""))[0], to or (usual or ("", ""))[1])
        past = who.desk.read(who.request, history)
        asked = {"from": valid[0] if valid else "", "to": valid[1] if valid else ""}
        if not known and not any(valid or ()):
            return {"difference": None, "history": past, "dates": asked}
        found = differ(who.desk, who.request, valid, known, limit=SHOWN)
        return {
            "difference": found,
            "history": past,
            "dates": asked,
            **who.desk.read(who.request, cited, found),
        }

    return await page(http, "changes.html", gather)
