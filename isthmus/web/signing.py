"""Sign in and out."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from isthmus.access.reader import Reader
from isthmus.errors import AccessError, InputError
from isthmus.serving.faults import status_of
from isthmus.serving.forms import fields
from isthmus.serving.gate import Access, TooOftenError, address_of, note
from isthmus.web.rendering import environment, page

ROUTER = APIRouter()
_LONGEST = 2000


@ROUTER.get("/login")
async def ask(http: Request) -> Response:
    """Ask who it is."""
    access: Access = http.app.state.access
    if access.users is None or http.state.reader is not None:
        return RedirectResponse(_inside(http.query_params.get("next")), 303)
    return _form(_inside(http.query_params.get("next")))


@ROUTER.post("/login")
async def sign_in(http: Request) -> Response:
    """Begin a session for who has the password."""
    access: Access = http.app.state.access
    if access.users is None or access.sessions is None:
        return RedirectResponse("/", 303)
    async with http.form(max_files=0) as form:
        name, password = (str(form.get(key) or "")[:_LONGEST] for key in ("name", "password"))
        onward = _inside(str(form.get("next") or ""))
    address = address_of(http.scope)
    try:
        access.guess(name.casefold(), address)
    except TooOftenError as error:
        return _form(onward, error, {"retry-after": str(error.wait)})
    reader = await run_in_threadpool(access.users.check, name, password)
    if reader is None:
        unknown = Reader(name[:64] or "nobody", "reader", "TLP:RED")
        await run_in_threadpool(lambda: note(http, "sign in refused", who=unknown))
        return _form(onward, AccessError("no user has this name and this password."))
    access.welcome(name.casefold(), address)
    await run_in_threadpool(lambda: note(http, "sign in", who=reader))
    cookie = await run_in_threadpool(access.sessions.begin, reader)
    answer = RedirectResponse(onward, 303, headers={"cache-control": "no-store"})
    answer.set_cookie(
        access.cookie,
        cookie,
        max_age=access.sessions.lasts,
        httponly=True,
        samesite="lax",
        secure=http.url.scheme == "https",
        path="/",
    )
    return answer


@ROUTER.get("/logout")
async def leave(http: Request) -> Response:
    """Ask whether to sign out: what a link does must change nothing."""
    return await page(http, "logout.html", lambda _: {}, keep=False)


@ROUTER.post("/logout")
async def sign_out(http: Request) -> Response:
    """End the session, here and on the server."""
    access: Access = http.app.state.access
    try:
        await (await fields(http)).close()
    except InputError as error:
        return HTMLResponse(_refused(error), status_of(error))
    answer = RedirectResponse("/login", 303)
    cookie = http.cookies.get(access.cookie)
    if cookie and access.sessions is not None:
        await run_in_threadpool(access.sessions.end, cookie)
        await run_in_threadpool(lambda: note(http, "sign out"))
    answer.delete_cookie(access.cookie, path="/", httponly=True, samesite="lax")
    return answer


def _form(onward: str, error: InputError | None = None, headers: dict[str, str] | None = None) -> Response:
    told = environment().get_template("login.html").render(onward=onward, fault=error.to_json() if error else None)
    status = 200 if error is None else status_of(error)
    return HTMLResponse(told, status, headers={"cache-control": "no-store", **(headers or {})})


def _refused(error: InputError) -> str:
    return (
        environment()
        .get_template("fault.html")
        .render(status=status_of(error), fault=error.to_json(), candidates=[], here="/logout")
    )


def _inside(wanted: str | None) -> str:
    """Return where to go on, within this server: an address that a link brings may not lead elsewhere."""
    plain = (wanted or "/")[:_LONGEST]
    if not plain.startswith("/") or plain[1:2] in ("/", "\\") or any(char < " " or char == "\\" for char in plain):
        return "/"
    return plain
