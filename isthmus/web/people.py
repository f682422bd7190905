"""The pages of stewards: who may use the picture, and what was done."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from isthmus.access.reader import ROLES
from isthmus.access.users import Users, user_json
from isthmus.errors import ArgumentError, IsthmusError
from isthmus.model import MARKINGS
from isthmus.serving.asking import Asked, asked, require
from isthmus.serving.forms import fields
from isthmus.serving.gate import Access, note
from isthmus.serving.people import require_over
from isthmus.web.rendering import fault_page, page

ROUTER = APIRouter()


@ROUTER.get("/users")
async def users(http: Request) -> Response:
    """Show who may use the picture."""
    return await page(http, "users.html", lambda who: _gathered(http, who), keep=False)


@ROUTER.post("/users")
async def change(http: Request) -> Response:
    """Do what one of the forms of the page asks."""
    try:
        form = await fields(http)
        made = await run_in_threadpool(_do, http, form)
    except IsthmusError as error:
        return await run_in_threadpool(fault_page, http, error)
    if made is None:
        return RedirectResponse("/users", 303)
    return await page(http, "users.html", lambda who: {**_gathered(http, who), "made": made}, keep=False)


@ROUTER.get("/record")
async def record(http: Request) -> Response:
    """Show what was done, newest first."""

    def gather(who: Asked) -> dict[str, Any]:
        require(who.reader, "audit")
        access: Access = http.app.state.access
        lines = [{**line, "told": _told(line)} for line in access.audit.lines(who.reader)]
        return {"lines": lines, "chain": asdict(access.audit.check())}

    return await page(http, "record.html", gather, keep=False)


def _gathered(http: Request, who: Asked) -> dict[str, Any]:
    held = _users(http, who)
    listed = [user_json(held, user) for user in held.listed()] if held else []
    for user in listed:
        for key in user["keys"]:
            key["since"] = f"{datetime.fromtimestamp(key['made'], UTC):%Y-%m-%d}"
    own = MARKINGS[: MARKINGS.index(who.reader.ceiling) + 1]
    return {"users": listed, "shared": held is not None, "roles": ROLES, "markings": own, "made": None}


def _users(http: Request, who: Asked) -> Users | None:
    require(who.reader, "users")
    access: Access = http.app.state.access
    return access.users


def _do(http: Request, form: FormData) -> str | None:
    """Do what a form asks; return a key that was made."""
    who = asked(http)
    held = _users(http, who)
    if held is None:
        raise ArgumentError(
            "this picture is served to one person.", hint="`isthmus user add NAME` makes the first user."
        )
    given = {key: str(value).strip() for key, value in form.items() if isinstance(value, str)}
    act, name = given.get("act", ""), given.get("name", "")
    if act == "add":
        require_over(who.reader, given.get("ceiling"))
        note(http, "user add", {"name": name, "role": given.get("role"), "ceiling": given.get("ceiling")})
        password = str(form.get("password") or "") or None
        held.add(name, password, given.get("role", ""), given.get("ceiling", ""), told="told" in given)
        return None
    if act == "revoke":
        note(http, "key revoke", {"prefix": given.get("prefix", "")[:40]})
        held.revoke_key(given.get("prefix", ""))
        return None
    require_over(who.reader, held.get(name).ceiling, given.get("ceiling"))
    if act == "key":
        note(http, "key make", {"user": name})
        return held.make_key(name, given.get("note", ""))
    if act == "change":
        note(http, "user change", {"name": name, "role": given.get("role"), "ceiling": given.get("ceiling")})
        held.change(name, role=given.get("role"), ceiling=given.get("ceiling"), told="told" in given)
    elif act == "remove":
        note(http, "user remove", {"name": name})
        held.remove(name)
    else:
        raise ArgumentError("the form asks for nothing that is known.", where="act")
    return None


def _told(line: dict[str, Any]) -> str:
    what = line.get("what") or {}
    plain = {key: ", ".join(map(str, value)) if isinstance(value, list) else value for key, value in what.items()}
    return "; ".join(
        f"{key.replace('_', ' ')}: {value}" for key, value in plain.items() if value not in (None, "", False)
    )
