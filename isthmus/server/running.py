"""Serve a picture until somebody stops it."""

from __future__ import annotations

import ipaddress
import logging
import socket
import sys
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from isthmus.access.users import Users
from isthmus.errors import ArgumentError, StoreError
from isthmus.server.app import build_app
from isthmus.service.desk import Desk
from isthmus.service.served import announced
from isthmus.serving.gate import Access
from isthmus.serving.guard import Limits

HOST, PORT = "127.0.0.1", 8765
GRACE = 10
"""Seconds that running requests have to finish when the server is stopped."""
SWITCH = 0.001
"""Seconds after which a thread lets another one go on."""
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Terms:
    """Where and for whom a picture is served.

    Attributes
    ----------
    host, port
        Where it listens; a port of 0 is one that is free.
    team : bool
        Turn away who has no session or key; so it is anyway where the picture has users.
    names : tuple of str
        The names by which it may be called; empty: on loopback the names of this machine, else any.
    """

    host: str = HOST
    port: int = PORT
    team: bool = False
    names: tuple[str, ...] = ()


def serve(picture: Path, terms: Terms, tell: Callable[[str], None], *, open_browser: bool = False) -> None:
    """Serve a picture until the process is told to stop; running requests finish then, and jobs are told.

    Parameters
    ----------
    tell : callable
        Is given the address when the server listens.

    Raises
    ------
    ArgumentError
        Another address than loopback without users, or one that is not of this machine.
    StoreLockedError
        Somebody else holds the picture.
    """
    shared = Users.exist(picture)
    if not shared and (terms.team or not is_loopback(terms.host)):
        raise ArgumentError(
            f"others can reach {terms.host}, and this picture has no users."
            if not terms.team
            else "this picture has no users.",
            where="--team" if terms.team else "--host",
            hint="Make a user first: `isthmus user add NAME --role steward --ceiling TLP:RED`.",
        )
    with _listening(terms) as (listener, port):
        address = f"http://{_in_address(terms.host)}:{port}"
        access = Access.of(picture, Users(picture) if shared else None)
        with announced(picture, address, access.local_key), Desk(picture) as desk:
            app = build_app(desk, Limits(hosts=_names(terms)), access, address=address)
            config = uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                # Only what runs on this machine is believed when it says for whom it asks.
                proxy_headers=shared,
                server_header=False,
                timeout_graceful_shutdown=GRACE,
            )
            server = _Server(config, lambda: app.state.stopping.set())
            server.told = lambda: _begin(address, tell, open_browser)
            logging.getLogger("isthmus").setLevel(logging.INFO)
            # Pages that are made beside the loop give it the processor back sooner: each answer needs it a few times, and briefly.
            sys.setswitchinterval(SWITCH)
            server.run(sockets=[listener])


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Server(uvicorn.Server):
    """A server that says when it listens, and lets streams know at once that it stops."""

    told: Callable[[], None]

    def __init__(self, config: uvicorn.Config, stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.told()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Not kept to be raised again afterwards: to be stopped is how a server ends well.
        self._stopping()
        if self.should_exit:
            self.force_exit = True
        self.should_exit = True


def _begin(address: str, tell: Callable[[str], None], open_browser: bool) -> None:
    tell(address)
    if open_browser:
        webbrowser.open(address)


@contextmanager
def _listening(terms: Terms) -> Iterator[tuple[socket.socket, int]]:
    try:
        found = socket.getaddrinfo(terms.host, terms.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, place = found[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _refused(terms, error) from error
    with listener:
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(place)
            listener.listen(2048)
        except OSError as error:
            raise _refused(terms, error) from error
        yield listener, int(listener.getsockname()[1])


def _refused(terms: Terms, error: OSError) -> StoreError | ArgumentError:
    return ArgumentError(
        f"nothing can listen at {terms.host}, port {terms.port}: {(error.strerror or str(error)).lower()}.",
        where="--host, --port",
        hint="Another program may have the port; give another, or 0 for one that is free.",
    )


def _names(terms: Terms) -> frozenset[str]:
    """Return by which names the server may be called: a page of another site that points its own name here is turned away."""
    given = {name.lower() for name in terms.names}
    if is_loopback(terms.host):
        return frozenset((*given, *_LOOPBACK_NAMES, terms.host))
    return frozenset((*given, *_LOOPBACK_NAMES, terms.host)) if given else frozenset()


def _in_address(host: str) -> str:
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1" if host == "0.0.0.0" else "[::1]"
    return f"[{host}]" if ":" in host else host
