"""Pages that were made, kept while the picture is the same; those that are at hand go out before anything else is asked."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from isthmus.errors import IsthmusError
from isthmus.service.desk import Desk
from isthmus.serving.asking import Asked, asked
from isthmus.serving.forms import PLACE, own_tag
from isthmus.serving.packing import pack, packed, takes_packed, unpack
from isthmus.serving.reply import tagged

KEPT = 64_000_000
"""So many bytes of rendered pages are kept."""
LANES = 3
"""So many pages are made at once: more would only take the processor from each other."""
AHEAD, AHEAD_SECONDS = 300, 5.0
"""So many pages are made of a new state of the picture before it takes its place, in so many seconds at most."""
HASHES = 200
OK, MOVED = 200, 307
_PLACE = PLACE.encode()
Key = tuple[Any, ...]


class Made(NamedTuple):
    """A page as it was made.

    Attributes
    ----------
    body : bytes
        What is sent; of a page that is kept packed, nothing.
    tag : str
    status : int
    pieces : tuple of bytes
        The page packed, as `isthmus.serving.packing.pack` gives it.
    sent : dict
        The packed answer to the session that asked last, by its word.
    """

    body: bytes
    tag: str
    status: int
    pieces: tuple[bytes, ...] = ()
    sent: dict[bytes, bytes] = {}  # noqa: RUF012 - of a page without pieces, and never filled

    @property
    def size(self) -> int:
        """Return how many bytes it takes."""
        return len(self.body) + 2 * sum(map(len, self.pieces))


Again = Callable[[Desk, "PageCache"], Made]
"""Makes a page once more, at another desk."""


class PageCache:
    """Rendered pages, each with the state of the picture that it was made of; the last used are kept longest."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._held = 0
        self._lock = threading.Lock()
        self._pages: OrderedDict[Key, tuple[int, Made, Again | None]] = OrderedDict()
        self._making: dict[Key, tuple[asyncio.Lock, int]] = {}
        self._hashes: dict[tuple[int, object], str] = {}
        self.lanes = asyncio.Semaphore(LANES)

    def get(self, key: Key, generation: int) -> Made | None:
        """Return a page that is kept.

        One of an older state is given only while somebody makes the new one: who writes sees what was written, and the others
        do not all wait for the same page at once.
        """
        with self._lock:
            state, found, _ = self._pages.get(key, (-1, None, None))
            if found is not None:
                self._pages.move_to_end(key)
            return found if state == generation or key in self._making else None

    def newest(self, key: Key) -> tuple[int, Made | None]:
        """Return the page that is kept, with the state that it was made of."""
        with self._lock:
            return self._pages.get(key, (-1, None, None))[:2]

    def fresh(self, key: Key, generation: int) -> Made | None:
        """Return a page that is kept, where it is of this state or of a later one."""
        state, found = self.newest(key)
        return found if state >= generation else None

    def keep(self, key: Key, generation: int, page: Made, again: Again | None = None) -> None:
        """Keep a page, and let the oldest go where there are too many; one of a later state stays."""
        with self._lock:
            old = self._pages.get(key)
            if old is not None and old[0] > generation:
                return
            self._held += page.size - (old[1].size if old else 0)
            self._pages[key] = (generation, page, again)
            self._pages.move_to_end(key)
            while self._held > self._most:
                self._held -= self._pages.popitem(last=False)[1][1].size

    def foresee(self, draft: Path, desk: Desk) -> Callable[[], None]:
        """Make the pages that were used last of the state that the picture is about to have; return what puts them in use.

        To be called by who writes, before the draft takes the place of the picture; what is returned, after it. A page that is not
        made by then is made when it is asked for.
        """
        ends = time.monotonic() + AHEAD_SECONDS
        with self._lock:
            known = [(key, again) for key, (*_, again) in reversed(self._pages.items()) if again is not None][:AHEAD]
        made: list[tuple[Key, Made, Again]] = []
        hashes, generation = PageCache(), desk.generation + 1
        if known:
            with Desk(draft) as ahead:
                for key, again in known:
                    if time.monotonic() > ends:
                        break
                    page = again(ahead, hashes)
                    if page.status in (OK, MOVED):
                        made.append((key, page, again))

        def use() -> None:
            self._hashes = {(generation, request): found for (_, request), found in hashes._hashes.items()}
            for key, page, again in reversed(made):
                self.keep(key, generation, page, again)

        return use

    def hash_of(self, who: Asked, generation: int) -> str:
        """Return the hash of the picture that somebody asks for; it is worked out once for each state."""
        key = (generation, who.request)
        found = self._hashes.get(key)
        if found is None:
            found = who.desk.read(who.request, lambda picture: picture.hash)
            if len(self._hashes) >= HASHES or any(state < generation for state, _ in self._hashes):
                self._hashes = {}
            self._hashes[key] = found
        return found

    @asynccontextmanager
    async def alone(self, key: Key) -> AsyncIterator[None]:
        """Let one at a time make a page: who comes meanwhile finds it made. To be used on the loop of the server only."""
        lock, waiting = self._making.get(key, (asyncio.Lock(), 0))
        self._making[key] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._making.pop(key)
            if waiting > 1:
                self._making[key] = (lock, waiting - 1)


class KeptPages:
    """Sends a page that is at hand at once; all else goes on to the routes.

    Stands behind the door: who asks is known, and only pages that were made for the same reader are theirs.
    """

    def __init__(self, app: ASGIApp, pages: PageCache) -> None:
        self.app = app
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        found = self._find(HttpRequest(scope)) if scope["type"] == "http" and scope["method"] == "GET" else None
        await (found or self.app)(scope, receive, send)

    def _find(self, http: HttpRequest) -> Response | None:
        if http.state.reader is None:
            return None
        try:
            who = asked(http)
        except IsthmusError:
            return None  # told by the page itself
        held = self.pages.get(key_of(http, who), who.desk.generation)
        if held is None:
            return None
        found = answer(http, held)
        # Of an answer that comes from a route, who packs all else says this.
        found.headers["Vary"] = "Accept-Encoding"
        return found


def key_of(http: HttpRequest, who: Asked) -> Key:
    """Return under what a page is kept: its reader, how much they see, and its address."""
    return (who.reader, who.request, http.scope["path"], http.scope.get("query_string", b""))


def made(text: str, tag: str) -> Made:
    """Return a page, packed."""
    return Made(b"", tag, OK, pack(text.encode(), _PLACE), {})


def answer(http: HttpRequest, page: Made, *, keep: bool = True) -> Response:
    """Return the answer that a page is to who asks.

    Parameters
    ----------
    keep : bool
        Whether a browser may keep it, and ask next time whether it is still the same.
    """
    if page.status == MOVED:
        return RedirectResponse(page.body.decode(), MOVED)
    token: str = http.state.token
    word = token.encode()
    if not page.pieces:
        return HTMLResponse(page.body.replace(_PLACE, word), page.status)
    tag = own_tag(page.tag, token) if len(page.pieces) > 1 else page.tag
    packs = takes_packed(http)
    headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"} if packs else {}
    body = _sent(page, word) if packs else unpack(page.pieces, word)
    if not keep:
        return HTMLResponse(body, headers={**headers, "Cache-Control": "no-store"})
    found = tagged(http, HTMLResponse(body, headers=headers), tag)
    if packs:
        # The same page in other bytes.
        found.headers["ETag"] = f"W/{tag}"
    return found


def _sent(page: Made, word: bytes) -> bytes:
    """Return a page packed with the word of a session; that of the session that asked last is at hand."""
    found = page.sent.get(word)
    if found is None:
        found = packed(page.pieces, word, unpack(page.pieces, word))
        page.sent.clear()
        page.sent[word] = found
    return found
