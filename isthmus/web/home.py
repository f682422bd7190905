"""The first page, and its slower parts."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from isthmus.service.pages.home import alarms, home, unknown
from isthmus.web.rendering import page

ROUTER = APIRouter()
PARTS = {"alarms": alarms, "unknown": unknown}


@ROUTER.get("/")
async def show(http: Request) -> Response:
    """Show the first page, or a part of it."""
    part = http.query_params.get("part", "")
    if part in PARTS:
        return await page(http, "home_part.html", lambda who: {"part": part, **who.desk.read(who.request, PARTS[part])})
    return await page(http, "home.html", lambda who: who.desk.read(who.request, home))
