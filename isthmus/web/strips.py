"""Where many depend on few: the heat map, what narrows below one thing, and the what-if bench."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams, UploadFile
from starlette.responses import RedirectResponse, Response

from isthmus.errors import ArgumentError, FormatError, InputError, IsthmusError
from isthmus.service.bench import (
    BESIDE,
    NAME,
    Bench,
    bench_of,
    benches_of,
    examples,
    suppose_text,
    told_changes,
)
from isthmus.service.bench_forms import FORMS, change_line
from isthmus.service.pages.markets import failures, heat_csv, heat_svg, market
from isthmus.service.pages.narrowing import narrowing
from isthmus.service.pages.strips import heat
from isthmus.service.pages.supposing import answer
from isthmus.serving.asking import Asked, asked
from isthmus.serving.forms import fields
from isthmus.web.rendering import Moved, fault_page, link, page

ROUTER = APIRouter()
PARTS = ("heat", "failures", "of", "need", "answer")
"""The parts that are pages of their own, and are read after the page."""
SEE_OTHER = 303
LONGEST = 12_000
"""A scenario of more letters than this is not kept in an address."""
LARGEST = 1_000_000
_PLACE = ("by", "of", "need")
"""Parts of the address that stay while the bench changes."""
_FIELD = "c_"
"""Before the names of the fields of a change, as parts of the page's own address are called the same."""
_HEAD = ("title", "whose", "note", "horizon")


@ROUTER.get("/strips")
async def show(http: Request) -> Response:
    """Show the strips, or a part of the page."""
    query = http.query_params
    part = query.get("part") or None
    if part is None:
        return await page(http, "strips.html", lambda who: _whole(who, query))
    if part not in PARTS:
        return await run_in_threadpool(
            fault_page, http, ArgumentError(f"there is no part “{part[:40]}”.", where="part")
        )
    return await page(http, "strips_part.html", lambda who: _part(who, query, part))


@ROUTER.get("/strips/heat.csv")
async def shares(http: Request) -> Response:
    """Send every share of every market as CSV."""
    try:
        who = asked(http)
        text = await run_in_threadpool(who.desk.read, who.request, lambda picture: "".join(heat_csv(picture)))
    except IsthmusError as error:
        return await run_in_threadpool(fault_page, http, error)
    return _file(text, "strips.csv", "text/csv; charset=utf-8")


@ROUTER.get("/strips/heat.svg")
async def drawn(http: Request) -> Response:
    """Send the heat map as a drawing."""
    try:
        who = asked(http)
        by = http.query_params.get("by") or None
        text = await run_in_threadpool(who.desk.read, who.request, heat_svg, by)
    except IsthmusError as error:
        return await run_in_threadpool(fault_page, http, error)
    return _file(text, "strips.svg", "image/svg+xml")


@ROUTER.get("/strips/scenario.yaml")
async def save(http: Request) -> Response:
    """Send the scenario on the bench as the file that the command line runs to the same answer."""
    try:
        bench = _bench(asked(http), http.query_params)
        await run_in_threadpool(bench.scenario)
    except IsthmusError as error:
        return await run_in_threadpool(fault_page, http, error)
    head = "# isthmus -p PICTURE suppose scenario.yaml\n"
    return _file(head + bench.text(), "scenario.yaml", "application/yaml; charset=utf-8")


@ROUTER.get("/strips/add")
async def add(http: Request) -> Response:
    """Put the change that a form brings on the bench, and show the strips with it; nothing is stored."""
    query = http.query_params

    def gather(who: Asked) -> Mapping[str, Any]:
        bench = _bench(who, query)
        fields = {key.removeprefix(_FIELD): value for key, value in query.items() if key.startswith(_FIELD)}
        line = change_line(query.get("kind", ""), fields)
        raise Moved(_address(who, replace(bench, changes=(*bench.changes, line)), query) + "#bench")

    return await page(http, "strips.html", gather, keep=False)


@ROUTER.post("/strips/suppose")
async def load(http: Request) -> Response:
    """Take in a scenario file, or its text, and show what it comes to; nothing is stored."""
    try:
        who = asked(http)
        form = await fields(http)
        sent = form.get("file")
        data, name = b"", "scenario"
        if isinstance(sent, UploadFile) and sent.filename:
            data, name = await sent.read(LARGEST + 1), sent.filename[:80]
        data = data or str(form.get("text") or "").encode()
        await form.close()
        address = await run_in_threadpool(_loaded, who, data, name)
    except IsthmusError as error:
        return await run_in_threadpool(fault_page, http, error)
    return RedirectResponse(address, SEE_OTHER)


def _loaded(who: Asked, data: bytes, name: str) -> str:
    if len(data) > LARGEST:
        raise FormatError(f"the scenario is larger than {LARGEST:,} bytes.", where=name)
    if not data.strip():
        raise ArgumentError("no scenario was given.", where="file", hint="Choose a file, or write into the field.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError("the scenario is not UTF-8.", where=name, hint="Save it as UTF-8.") from error
    first, *others = benches_of(text, name)
    if len(others) >= BESIDE:
        raise ArgumentError(
            f"{len(others) + 1:,} scenarios are more than the {BESIDE} that are compared at once here.", where=name
        )
    address = _address(who, first, {}, beside=[one.line() for one in others], **first.frame()) + "#bench"
    if len(address) > LONGEST:
        raise ArgumentError(
            "this scenario is too long to be kept in an address.",
            where=name,
            hint="Run it with `isthmus suppose FILE`, or send it to /api/v1/suppose.",
        )
    return address


def _bench(who: Asked, query: QueryParams) -> Bench:
    return bench_of(
        query.getlist("change"),
        name=query.get("name"),
        ask=query.getlist("ask"),
        head={key: query.get(key) for key in _HEAD},
        request=who.request,
        strength=query.get("strength") or None,
    )


def _address(who: Asked, bench: Bench, query: Mapping[str, str], **more: Any) -> str:
    """Return the address of the strips with a bench; what else is looked at stays."""
    kept: dict[str, Any] = {key: query.get(key) or None for key in _PLACE}
    beside = query.getlist("beside") if isinstance(query, QueryParams) else []
    return link(who, "/strips", **{**kept, "beside": beside, **bench.query(), **more})


def _whole(who: Asked, query: QueryParams) -> Mapping[str, Any]:
    bench = _bench(who, query)
    beside = _beside(query)
    named = {key: _named(who, query.get(key)) for key in ("of", "need")}
    changes = who.desk.read(who.request, told_changes, bench)
    for number, change in enumerate(changes):
        left = (*bench.changes[:number], *bench.changes[number + 1 :])
        change["removed"] = _address(who, replace(bench, changes=left), query) + "#bench"
    kept = {key: query.get(key) or None for key in ("by", "page", *_PLACE)}
    return {
        **named,
        "bench": bench,
        "changes": changes,
        "beside": [
            {"name": one.name, "title": dict(one.head).get("title"), "number": len(one.changes)} for one in beside
        ],
        "kept": {key: value for key, value in kept.items() if value},
        "carried": {**bench.query(), "beside": query.getlist("beside")},
        "forms": FORMS,
        "kept_beside": _kept_beside(who, bench, query),
        "alone": _address(who, bench, query, beside=[]) + "#bench",
        "cleared": link(who, "/strips", **{key: query.get(key) or None for key in _PLACE}) + "#bench",
        "examples": [{**one, "address": _loaded(who, one["text"].encode(), one["name"])} for one in _examples(bench)],
    }


def _examples(bench: Bench) -> list[dict[str, Any]]:
    return [] if bench.changes else examples()


def _kept_beside(who: Asked, bench: Bench, query: QueryParams) -> str | None:
    """Return the address at which the scenario stands beside a copy of itself that can be changed."""
    held = _beside(query)
    if not bench.changes or len(held) + 2 > BESIDE:
        return None
    taken = {bench.name, *(one.name for one in held)}
    name = next(f"{NAME}-{number}" for number in range(2, 99) if f"{NAME}-{number}" not in taken)
    return _address(who, replace(bench, name=name, head=()), query, beside=[*query.getlist("beside"), bench.line()])


def _beside(query: QueryParams) -> list[Bench]:
    return [bench for text in query.getlist("beside") for bench in benches_of(text, "beside")]


def _named(who: Asked, text: str | None) -> dict[str, Any] | None:
    """Return the thing that a part of the address names; one that is not there is an error of the page."""
    if not text:
        return None
    entity = who.desk.read(who.request, lambda picture: picture.resolve(text))
    return {"id": entity.id, "caption": entity.caption, "kinds": list(entity.kinds)}


def _part(who: Asked, query: QueryParams, part: str) -> Mapping[str, Any]:
    bench = _bench(who, query)
    found: dict[str, Any]
    if part == "heat":
        found = who.desk.read(who.request, heat, query.get("by") or None, _number(query.get("page")))
    elif part == "failures":
        found = who.desk.read(who.request, failures)
    elif part == "of":
        found = who.desk.read(who.request, narrowing, query.get("of") or "")
        # Ours: every text in it was escaped as it was put in.
        found["tree"] = Markup(found["tree"]) if found["tree"] else None
    elif part == "need":
        found = _market(who, query.get("need") or query.get("of") or "")
    else:
        found = _answered(who, bench, query)
    kept = {key: query.get(key) or None for key in _PLACE}
    carried = {**bench.query(), "beside": query.getlist("beside")}

    def with_change(kind: str, value: Any) -> str:
        line = change_line(kind, {"what": value} if isinstance(value, str) else value)
        return _address(who, replace(bench, changes=(*bench.changes, line)), query) + "#bench"

    cited = {"claims": found.pop("claims", {}), "sources": found.pop("sources", {})}
    return {"found": found, "part": part, "kept": kept, "carried": carried, "with_change": with_change, **cited}


def _market(who: Asked, name: str) -> dict[str, Any]:
    try:
        return who.desk.read(who.request, market, name)
    except ArgumentError as error:
        # Nobody says who supplies it: that is an answer, and no fault of who asks.
        return {"nothing": error.message, "caption": name}


def _answered(who: Asked, bench: Bench, query: QueryParams) -> dict[str, Any]:
    texts = [("the bench", bench.text()), *(("beside", text) for text in query.getlist("beside"))]
    try:
        return answer(suppose_text(who.desk, who.request, texts))
    except InputError as error:
        return {"fault": {"message": error.message, "where": error.where, "hint": error.hint}}


def _number(text: str | None) -> int:
    if text is None or text == "":
        return 1
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ArgumentError(f"“{text[:40]}” is no number of a page.", where="page")
    return int(text)


def _file(text: str, name: str, kind: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-cache"}
    return Response(text.encode(), media_type=kind, headers=headers)
