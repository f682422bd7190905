"""What stands around a thing: a drawing that grows by clicks, and a table of the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from isthmus.service.pages.network import MOST, NEAREST, network
from isthmus.serving.asking import Asked
from isthmus.web.rendering import page

ROUTER = APIRouter()
NAMED = Annotated[list[Annotated[str, Query(max_length=2000)]], Query(max_length=100)]


@ROUTER.get("/network")
async def show(
    http: Request,
    of: Annotated[str, Query(max_length=2000)] = "",
    beside: NAMED = [],  # noqa: B006
    predicate: NAMED = [],  # noqa: B006
    most: Annotated[int, Query(ge=1, le=MOST)] = NEAREST,
    certain: bool = False,
) -> Response:
    """Show a thing among its neighbours; without one, ask for one."""

    def gather(who: Asked) -> Mapping[str, Any]:
        if not of:
            return {"found": None, "most": most, "certain": certain, "chosen": predicate, "of": ""}
        found = who.desk.read(
            who.request,
            network,
            of,
            beside=tuple(beside),
            most=most,
            predicates=tuple(filter(None, predicate)),
            certain=certain,
        )
        cited = {"claims": found.pop("claims"), "sources": found.pop("sources")}
        return {"found": found, "most": most, "certain": certain, "chosen": predicate, "of": of, **cited}

    return await page(http, "network.html", gather)
