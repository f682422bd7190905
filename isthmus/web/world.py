"""The map, and its list for a map that was moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from isthmus.errors import IsthmusError
from isthmus.service.pages.map import Wanted, map_list, map_page, site_csv
from isthmus.serving.asking import Asked, asked
from isthmus.web.rendering import fault_page, link, page

ROUTER = APIRouter()
Number = Annotated[int, Query(ge=1, le=1_000_000, alias="page")]
_SORTS = (("name", "name"), ("kind", "kind"), ("status", "status"), ("country", "country"), ("since", "newest first"))


@ROUTER.get("/map")
async def whole(http: Request, number: Number = 1) -> Response:
    """Show sites on the map, and beside it."""
    return await page(http, "map.html", lambda who: _page(who, http, number))


@ROUTER.get("/map/list")
async def listed(http: Request, number: Number = 1) -> Response:
    """Show the list alone."""
    return await page(http, "map_part.html", lambda who: {**_list(who, http, number), "sorts": _SORTS})


@ROUTER.get("/map.csv")
async def table(http: Request) -> Response:
    """Send the sites of a choice as CSV."""
    try:
        who = asked(http)
        wanted = Wanted.read(http.query_params)
        lines = await run_in_threadpool(site_csv, who.desk, who.request, wanted)
    except IsthmusError as error:
        return await run_in_threadpool(fault_page, http, error)
    headers = {"content-disposition": 'attachment; filename="sites.csv"', "cache-control": "private, no-cache"}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


def _page(who: Asked, http: Request, number: int) -> Mapping[str, Any]:
    wanted = Wanted.read(http.query_params)
    found = map_page(who.desk, who.request, wanted, number)
    chosen = {key: value for key, value in found["chosen"].items() if key not in ("view", "sort")}
    timeless = {key: value for key, value in who.frame.items() if key != "as_of"}
    found["land"] = {
        **found["land"],
        "land": Markup(found["land"]["land"]),
        "borders": Markup(found["land"]["borders"]),
    }
    return {
        **found,
        "sorts": _SORTS,
        "frame": who.frame,
        "narrowed": bool(chosen.keys() - {"of"}),
        # Where the choice rests on ties or stages, what meets it is another on another day: the drawing asks again for each.
        "asks_again": wanted.has_dated_parts(),
        "data": link(who, "/api/v1/sites", **chosen),
        "timeless": "/api/v1/sites?" + urlencode({**timeless, **chosen}, doseq=True),
    }


def _list(who: Asked, http: Request, number: int) -> Mapping[str, Any]:
    return map_list(who.desk, who.request, Wanted.read(http.query_params), number)
