"""The page of one claim, and what rests on it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from isthmus.service.pages.claim import claim_page, rests_on
from isthmus.web.rendering import page

ROUTER = APIRouter()


@ROUTER.get("/claim/{name}")
async def show(http: Request, name: str) -> Response:
    """Show one claim; with ``?part=rests``, what rests on it."""
    if http.query_params.get("part") == "rests":
        return await page(http, "claim_rests.html", lambda who: who.desk.read(who.request, rests_on, name))
    return await page(http, "claim.html", lambda who: who.desk.read(who.request, claim_page, name))
