"""The sources: all of them, one of them, and the picture without it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from isthmus.service.pages.sources import SORTS, source_list, source_page, without_source
from isthmus.web.rendering import page

ROUTER = APIRouter()
Number = Annotated[int, Query(ge=1, le=1_000_000, alias="page")]


@ROUTER.get("/sources")
async def listed(
    http: Request, number: Number = 1, sort: str = "claims", kind: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """Show the sources."""
    order = sort if sort in SORTS else "claims"
    return await page(
        http,
        "sources.html",
        lambda who: who.desk.read(who.request, source_list, sort=order, kind=kind, page=number),
    )


@ROUTER.get("/without/{name:path}")
async def without(http: Request, name: str) -> Response:
    """Show which conclusions fall without a source."""
    return await page(http, "source_without.html", lambda who: who.desk.read(who.request, without_source, name))


@ROUTER.get("/source/{name:path}")
async def one(http: Request, name: str, number: Number = 1) -> Response:
    """Show a source and its claims."""
    return await page(http, "source.html", lambda who: who.desk.read(who.request, source_page, name, page=number))
