"""The page of one thing, its slower parts, and its claims as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from isthmus.errors import ArgumentError, IsthmusError
from isthmus.service.pages.entity import (
    claim_csv,
    claim_list,
    control_part,
    depends_part,
    entity_page,
    points_part,
    same_part,
)
from isthmus.serving.asking import Asked, asked
from isthmus.serving.people import name_of
from isthmus.web.rendering import Moved, fault_page, link, page

ROUTER = APIRouter()
PARTS: dict[str, Callable[..., dict[str, Any]]] = {
    "control": control_part,
    "points": points_part,
    "depends": depends_part,
    "same": same_part,
    "claims": claim_list,
}
"""The parts that are pages of their own, and are read after the page of the thing."""


@ROUTER.get("/entity/{name:path}/claims.csv")
async def claims(http: Request, name: str) -> Response:
    """Send the claims about a thing as CSV."""
    try:
        who = asked(http)
        lines = await run_in_threadpool(_lines, who, name, http.query_params.get("predicate") or None)
    except IsthmusError as error:
        return await run_in_threadpool(fault_page, http, error)
    headers = {"content-disposition": 'attachment; filename="claims.csv"', "cache-control": "private, no-cache"}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@ROUTER.get("/entity/{name:path}")
async def show(http: Request, name: str) -> Response:
    """Show one thing, or a part of its page."""
    part = http.query_params.get("part") or None
    if part is None:
        return await page(http, "entity.html", lambda who: _whole(who, name))
    if part not in PARTS:
        return await run_in_threadpool(
            fault_page, http, ArgumentError(f"there is no part “{part[:40]}”.", where="part")
        )
    query = http.query_params
    return await page(http, "entity_part.html", lambda who: _part(who, name, part, query))


def _whole(who: Asked, name: str) -> Mapping[str, Any]:
    found = who.desk.read(who.request, entity_page, name)
    _send_on(who, found["id"], name)
    return found


def _part(who: Asked, name: str, part: str, query: Mapping[str, str]) -> Mapping[str, Any]:
    more: dict[str, Any] = {}
    if part == "same":
        more["who"] = name_of(who.reader)
    elif part == "claims":
        more = {"predicate": query.get("predicate") or None, "page": _number(query.get("page"))}
    found = who.desk.read(who.request, PARTS[part], name, **more)
    _send_on(who, found["id"], name, part=part, **{key: value for key, value in more.items() if part == "claims"})
    if found.get("drawing"):
        # Ours: every text in it was escaped as it was put in.
        found["drawing"] = Markup(found["drawing"])
    sources = found["table"].pop("sources") if part == "claims" else found["sources"]
    found["titles"] = {
        flip["source"]: sources.get(flip["source"], {}).get("title") or flip["source"]
        for flip in found.get("flips", ())
    }
    return {"found": found, "part": part, "claims": found.get("claims", {}), "sources": sources}


def _send_on(who: Asked, held: str, name: str, **more: Any) -> None:
    """Send on who came by a name, or by an id that is judged to be part of another thing."""
    if held != name:
        raise Moved(link(who, "/entity", held, **more))


def _number(text: str | None) -> int:
    if text is None or text == "":
        return 1
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ArgumentError(f"“{text[:40]}” is no number of a page.", where="page")
    return int(text)


def _lines(who: Asked, name: str, predicate: str | None) -> Iterator[str]:
    """Return the lines of the CSV; what is wrong with the question is told before the first of them."""
    who.desk.read(who.request, claim_csv, name, predicate=predicate)

    def sending() -> Iterator[str]:
        with who.desk.picture(who.request) as picture:
            yield from claim_csv(picture, name, predicate=predicate)

    return sending()
