"""Readers of a served picture: many connections of one light process, each asking for the next page when it has the last."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

ASKED = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html,application/xhtml+xml,*/*;q=0.8\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en\r\nUser-Agent: isthmus-benchmark\r\n\r\n"
)


class Visit(NamedTuple):
    """A page to be asked for: of what kind, where, and after how many seconds of thought."""

    kind: str
    path: str
    pause: float = 0.0


class Seen(NamedTuple):
    """A page that was had: when it was asked for, after how many seconds it was whole, its status and its bytes on the wire."""

    kind: str
    begun: float
    seconds: float
    status: int
    size: int


@dataclass(slots=True)
class Book:
    """What all readers saw."""

    seen: list[Seen] = field(default_factory=list)

    def within(self, kinds: tuple[str, ...], since: float = 0.0, until: float = float("inf")) -> list[Seen]:
        """Return the pages of some kinds that were asked for in a stretch of time."""
        return [item for item in self.seen if item.kind in kinds and since <= item.begun < until]


def figures(seen: list[Seen]) -> dict[str, Any]:
    """Return how long pages took, in milliseconds, and how many of them were none."""
    times = sorted(item.seconds * 1000 for item in seen)
    bad = Counter(item.status for item in seen if item.status != 200)
    if not times:
        return {"pages": 0}
    found = {f"p{part}_ms": round(times[min(len(times) - 1, int(part / 100 * len(times)))], 1) for part in (50, 95, 99)}
    return {"pages": len(times), **found, "max_ms": round(times[-1], 1), "refused": sum(bad.values())}


class Visitor(asyncio.Protocol):
    """One reader: one connection that is kept, one page at a time.

    Parameters
    ----------
    plan : iterator
        What it asks for, and when.
    """

    def __init__(self, host: str, plan: Iterator[Visit], book: Book, ended: asyncio.Future[None]) -> None:
        self._host, self._plan, self._book, self._ended = host, plan, book, ended
        self._visit = Visit("", "")
        self._begun = 0.0
        self._head = b""
        self._status, self._left, self._size, self._chunked = 0, -1, 0, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def _next(self) -> None:
        try:
            self._visit = next(self._plan)
        except StopIteration:
            self._finish(None)
            return
        if self._visit.pause:
            asyncio.get_running_loop().call_later(self._visit.pause, self._ask)
        else:
            self._ask()

    def _ask(self) -> None:
        self._head, self._left, self._size, self._chunked = b"", -1, 0, False
        self._begun = time.perf_counter()
        self._transport.write(ASKED.format(path=self._visit.path, host=self._host).encode())

    def data_received(self, data: bytes) -> None:
        self._size += len(data)
        if self._left < 0 and not self._chunked:
            self._head += data
            head, end, data = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            self._status = int(head[9:12])
            told = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
            self._chunked = told.get(b"transfer-encoding") == b"chunked"
            self._left = int(told.get(b"content-length", b"0"))
        self._left -= len(data)
        if data.endswith(b"0\r\n\r\n") if self._chunked else self._left <= 0:
            now = time.perf_counter()
            self._book.seen.append(Seen(self._visit.kind, self._begun, now - self._begun, self._status, self._size))
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._finish(exc or ConnectionError("the server closed the connection"))

    def _finish(self, error: Exception | None) -> None:
        if not self._ended.done():
            self._ended.set_exception(error) if error else self._ended.set_result(None)
        self._transport.close()


async def visiting(address: str, plans: list[Iterator[Visit]], book: Book) -> None:
    """Let one reader for each plan ask until the plans end."""
    host = address.removeprefix("http://")
    name, _, port = host.partition(":")
    loop = asyncio.get_running_loop()
    ended: list[asyncio.Future[None]] = []

    def reader(plan: Iterator[Visit]) -> Callable[[], Visitor]:
        future: asyncio.Future[None] = loop.create_future()
        ended.append(future)
        return lambda: Visitor(host, plan, book, future)

    for plan in plans:
        await loop.create_connection(reader(plan), name, int(port))
    await asyncio.gather(*ended)


def visit(address: str, plans: list[Iterator[Visit]], book: Book | None = None) -> Book:
    """Let readers ask until their plans end, and return what they saw."""
    book = book or Book()
    asyncio.run(visiting(address, plans, book))
    return book
