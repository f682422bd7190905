"""What holds for every request, whoever asks: who may call from where, how much may be sent, and what a browser may do with a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from isthmus.errors import AccessError, InputError
from isthmus.serving.faults import fault_body, status_of, unforeseen
from isthmus.serving.reply import Json

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a request may bring.

    Attributes
    ----------
    hosts : frozenset of str
        The names by which this server may be called, without port; empty: any. A page of another site that points its own name here is
        turned away.
    body : int
        Bytes of a request that is no upload.
    upload : int
        Bytes of an upload.
    address : int
        Characters of path and query.
    """

    hosts: frozenset[str] = field(default_factory=frozenset)
    body: int = 1_000_000
    upload: int = 512_000_000
    address: int = 16_000


class TooLargeError(InputError):
    """More was sent than is taken."""

    kind = "too_large"


class Guard:
    """Turns away what no request should be, adds the headers of every answer, and keeps tracebacks in the log."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            self._check(scope)
            await self.app(scope, self._bounded(scope, receive), sending)
        except InputError as error:
            if started:
                raise
            status = 413 if isinstance(error, TooLargeError) else status_of(error)
            await Json(fault_body(error), status)(scope, receive, sending)
        except Exception as error:
            _, body = unforeseen(error)
            if started:
                raise
            await Json(body, 500)(scope, receive, sending)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        host = urlsplit("//" + headers.get("host", "")).hostname or ""
        if self.limits.hosts and host not in self.limits.hosts:
            raise AccessError(
                f"this server is not called “{host[:100]}”.",
                where="Host",
                hint="Use the address that `isthmus serve` printed.",
            )
        if len(scope.get("raw_path", b"")) + len(scope.get("query_string", b"")) > self.limits.address:
            raise TooLargeError(
                f"the address is longer than {self.limits.address:,} characters.",
                hint="Ask for less at once, or send it in the body.",
            )
        if scope["method"] not in SAFE:
            self._same_site(headers, host)

    def _same_site(self, headers: Headers, host: str) -> None:
        """Turn away what a page of another site sends in the name of who reads here."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        foreign = site not in (None, "same-origin", "none")
        if origin is not None:
            foreign = foreign or urlsplit(origin).netloc != headers.get("host", host)
        if foreign:
            raise AccessError("a page of another site asked for this; nothing was changed.", where="Origin")

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        uploads = Headers(scope=scope).get("content-type", "").startswith("multipart/form-data")
        most = self.limits.upload if uploads else self.limits.body
        stated = Headers(scope=scope).get("content-length", "0")
        if stated.isdigit() and int(stated) > most:
            raise TooLargeError(f"{int(stated):,} bytes were sent; {most:,} are taken.", hint="Send less at once.")
        read = 0

        async def receiving() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise TooLargeError(f"more than {most:,} bytes were sent.", hint="Send less at once.")
            return message

        return receiving
