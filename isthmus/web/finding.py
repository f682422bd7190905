"""Search: a page of its own, and the list that is shown while one types."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from isthmus.service.pages.searching import search_page
from isthmus.web.rendering import page

ROUTER = APIRouter()
LISTED = 8


@ROUTER.get("/find")
async def show(http: Request) -> Response:
    """Show what a search finds."""
    text = http.query_params.get("q", "")
    return await page(http, "find.html", lambda who: who.desk.read(who.request, search_page, text))


@ROUTER.get("/find/list")
async def listed(http: Request) -> Response:
    """Give the first finds as a piece of a page."""
    text = http.query_params.get("q", "")
    return await page(
        http, "find_list.html", lambda who: who.desk.read(who.request, search_page, text, LISTED), quick=True
    )
