"""The work lists: conflicts and gaps, and which names are one thing."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from isthmus.service.pages.identity import identity_list
from isthmus.service.pages.work import work_list
from isthmus.web.rendering import page

ROUTER = APIRouter()
Number = Annotated[int, Query(ge=1, le=1_000_000, alias="page")]


@ROUTER.get("/work")
async def work(http: Request, show: Literal["conflicts", "gaps"] = "conflicts", number: Number = 1) -> Response:
    """Show conflicts, or gaps."""
    return await page(http, "work.html", lambda who: who.desk.read(who.request, work_list, show=show, page=number))


@ROUTER.get("/identity")
async def identity(http: Request, number: Number = 1, again: bool = False) -> Response:
    """Show pairs that may be one thing."""
    return await page(
        http,
        "identity.html",
        lambda who: identity_list(who.desk, who.request, who=who.reader.name, page=number, again=again),
        keep=not again,
    )
