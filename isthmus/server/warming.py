"""The first page, made before anybody asks for it: who opens it after a start need not wait for what is read once only."""

from __future__ import annotations

import threading
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.types import Message

from isthmus.access.reader import LOCAL

FIRST = ("/", "/?part=alarms", "/?part=unknown")


async def warm(app: FastAPI, address: str) -> None:
    """Ask for the first pages in the name of who sits at the laptop, one after the other, until the server stops.

    Parameters
    ----------
    address : str
        At which the server is asked, as ``http://127.0.0.1:8765``.
    """
    stopping: threading.Event = app.state.stopping
    place = urlsplit(address)
    for path in FIRST:
        if stopping.is_set():
            return
        name, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": place.scheme,
            "server": (place.hostname, place.port),
            "root_path": "",
            "path": name,
            "raw_path": name.encode(),
            "query_string": query.encode(),
            "headers": [(b"host", place.netloc.encode())],
            "state": {"reader": LOCAL, "token": "", "local": True},
            "app": app,
        }
        # Past the door: nobody came in.
        await app.router(scope, _nothing, _unheard)


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _unheard(message: Message) -> None:
    return None
