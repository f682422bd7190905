"""Who asks: the door that every request passes. It finds the reader, and turns away who may not come in or comes too often."""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from isthmus.access.audit import Audit
from isthmus.access.reader import LOCAL, Reader
from isthmus.access.sessions import Sessions
from isthmus.access.throttle import Rate, Throttle
from isthmus.access.users import Users
from isthmus.errors import AccessError, InputError
from isthmus.serving.faults import fault_body, status_of
from isthmus.serving.reply import Json

OPEN = ("/login", "/static/")
"""Where one may come without being known."""
SAFE = ("GET", "HEAD", "OPTIONS")
TOKEN_HEADER = "x-isthmus-token"
_READER, _ADDRESS = Rate(300, 60), Rate(900, 180)
_GUESS, _GUESS_ADDRESS, _GUESS_NAME = Rate(6, 1 / 30), Rate(30, 1 / 6), Rate(60, 1 / 6)


class NotSignedInError(AccessError):
    """Nobody knows who asks."""

    kind = "sign_in"
    status = 401


class TooOftenError(InputError):
    """Somebody asks more often than is answered.

    Parameters
    ----------
    wait : float
        Seconds after which it is worth to ask again.
    """

    kind = "too_often"
    status = 429

    def __init__(self, wait: float, what: str = "more is asked than is answered in this time") -> None:
        self.wait = max(1, math.ceil(wait))
        super().__init__(f"{what}.", hint=f"Ask again in {self.wait} seconds.")


@dataclass(frozen=True, slots=True)
class Rates:
    """How often one may ask: somebody who is known, an address, and who tries a password or a key that fits nobody."""

    reader: Rate = _READER
    address: Rate = _ADDRESS
    guess: Rate = _GUESS
    guess_address: Rate = _GUESS_ADDRESS
    guess_name: Rate = _GUESS_NAME


@dataclass(slots=True)
class Access:
    """Who may use the picture that is served.

    Attributes
    ----------
    users : Users or None
        None: a laptop, where who asks is who sits at it.
    audit : Audit
    local_key : str
        Opens the door for the command line of who may read the small file beside the picture.
    token : str
        What a form brings on a laptop; where people sign in, each session has its own.
    """

    audit: Audit
    users: Users | None = None
    rates: Rates = field(default_factory=Rates)
    local_key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    cookie: str = "isthmus"
    sessions: Sessions | None = None
    readers: Throttle = field(init=False)
    addresses: Throttle = field(init=False)
    guesses: tuple[Throttle, Throttle, Throttle] = field(init=False)

    def __post_init__(self) -> None:
        if self.users is not None and self.sessions is None:
            self.sessions = Sessions(self.users)
        self.readers, self.addresses = Throttle(self.rates.reader), Throttle(self.rates.address)
        rates = (self.rates.guess, self.rates.guess_address, self.rates.guess_name)
        self.guesses = (Throttle(rates[0]), Throttle(rates[1]), Throttle(rates[2]))

    @classmethod
    def of(cls, picture: Path, users: Users | None = None, rates: Rates | None = None) -> Access:
        """Return the access to a picture; its cookie has a name of its own, as ports of one machine share cookies."""
        name = "isthmus_" + hashlib.sha256(str(picture.absolute()).encode()).hexdigest()[:8]
        return cls(Audit(picture), users, rates or Rates(), cookie=name)

    def guess(self, name: str, address: str) -> None:
        """Count an attempt to come in.

        Raises
        ------
        TooOftenError
            There were too many from this address, for this name, or for both.
        """
        names = (f"{name}\x1f{address}", address, name)
        wait = max(bucket.take(who) for bucket, who in zip(self.guesses, names, strict=True))
        if wait:
            raise TooOftenError(wait, "too many attempts to sign in were made")

    def welcome(self, name: str, address: str) -> None:
        """Forget the attempts of somebody who came in."""
        self.guesses[0].forget(f"{name}\x1f{address}")
        self.guesses[2].forget(name)


class Gate:
    """Finds who asks, for every request."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["reader"], state["token"], state["local"] = None, "", False
        try:
            await self._admit(scope)
        except NotSignedInError as error:
            await self._turn_away(scope, error)(scope, receive, send)
            return
        except TooOftenError as error:
            headers = {"retry-after": str(error.wait)}
            await Json(fault_body(error), 429, headers=headers)(scope, receive, send)
            return
        except InputError as error:
            await Json(fault_body(error), status_of(error))(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _admit(self, scope: Scope) -> None:
        headers, state, access = Headers(scope=scope), scope["state"], self.access
        scheme, _, given = headers.get("authorization", "").partition(" ")
        given = given.strip() if scheme.lower() == "bearer" else ""
        if given and hmac.compare_digest(given.encode(), access.local_key.encode()):
            state["reader"], state["local"] = LOCAL, True
            return
        if access.users is None:
            state["reader"], state["token"] = LOCAL, access.token
            return
        address = address_of(scope)
        if wait := access.addresses.take(address):
            raise TooOftenError(wait)
        if given:
            state["reader"] = await self._by_key(access.users, given, address)
            who = f"key {given[:16]}"
        else:
            who = await self._by_session(scope, headers)
        if who and (wait := access.readers.take(who)):
            raise TooOftenError(wait)

    async def _by_key(self, users: Users, given: str, address: str) -> Reader:
        reader = await run_in_threadpool(users.by_key, given)
        if reader is None:
            self.access.guess("key", address)
            raise NotSignedInError("this key opens nothing here.", hint="Ask a steward for one.")
        return reader

    async def _by_session(self, scope: Scope, headers: Headers) -> str:
        access, state = self.access, scope["state"]
        assert access.sessions is not None
        cookie = HttpRequest(scope).cookies.get(access.cookie)
        session = await run_in_threadpool(access.sessions.find, cookie) if cookie else None
        if session is None:
            if scope["path"].startswith(OPEN):
                return ""
            raise NotSignedInError(
                "this picture is for those who sign in.",
                hint="Sign in at /login, or send a key: Authorization: Bearer KEY.",
            )
        state["reader"], state["token"] = session.reader, session.token
        if scope["method"] not in SAFE and scope["path"].startswith("/api/"):
            _same_origin(headers, session.token)
        return f"user {session.reader.name}"

    def _turn_away(self, scope: Scope, error: NotSignedInError) -> Response:
        reads = scope["method"] in SAFE and "text/html" in Headers(scope=scope).get("accept", "")
        if scope["path"].startswith("/api/") or not reads:
            return Json(fault_body(error), 401, headers={"www-authenticate": 'Bearer realm="isthmus"'})
        query = scope.get("query_string", b"").decode("latin-1")
        wanted = scope["path"] + (f"?{query}" if query else "")
        return RedirectResponse("/login" + (f"?next={quote(wanted, safe='')}" if wanted != "/" else ""), 303)


def _same_origin(headers: Headers, token: str) -> None:
    """Take a write that comes with a cookie only where the browser says that a page of this server sent it, or it has the token.

    The guard turned away what says that it is from elsewhere; here, silence is no answer.
    """
    if headers.get("origin") is not None or headers.get("sec-fetch-site") == "same-origin":
        return
    if not hmac.compare_digest(headers.get(TOKEN_HEADER, "").encode(), token.encode()):
        raise AccessError(
            "nothing shows that a page of this server asked for this; nothing was changed.",
            where=TOKEN_HEADER,
            hint="Programs use a key and no cookie.",
        )


def address_of(scope: Scope) -> str:
    """Return from where somebody asks; of an IPv6 address the network, as one person has many of them."""
    client = scope.get("client")
    host = client[0] if client else "unknown"
    return ":".join(host.split(":")[:4]) if host.count(":") > 3 else host


def note(http: HttpRequest, action: str, what: dict[str, object] | None = None, *, who: Reader | None = None) -> None:
    """Add a line to the record of what was done, in the name of who asks."""
    access: Access = http.app.state.access
    reader = who or http.state.reader or replace(LOCAL, name="unknown", role="reader", ceiling="TLP:CLEAR")
    access.audit.write(reader, action, what, address=address_of(http.scope))
