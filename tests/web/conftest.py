"""A browser before the pages of the demo's picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from isthmus.claims.store import Store
from isthmus.server.app import build_app
from isthmus.service.desk import Desk
from tests.served import copied, demo_picture, serving


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demo's picture; nobody writes in it."""
    return demo_picture(tmp_path_factory)


@pytest.fixture(scope="session")
def site(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a copy of the demo's picture, and give the address."""
    desk = Desk(copied(demo, tmp_path_factory.mktemp("site")))
    with serving(build_app(desk)) as address:
        yield address


@pytest.fixture(scope="session")
def client(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Return a client of an application over a copy of the demo's picture, one for all tests; a judgement is all that they write."""
    path = copied(demo, tmp_path_factory.mktemp("client"))
    with TestClient(build_app(Desk(path)), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium: Path) -> dict[str, Any]:
    """Start the machine's own Chromium, without what it fetches in the background."""
    quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic")
    return {"executable_path": str(chromium), "args": ["--no-sandbox", "--disable-gpu", "--no-first-run", *quiet]}


@pytest.fixture(scope="session")
def empty_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Return a client of an application over a picture into which nothing was read."""
    path = tmp_path_factory.mktemp("empty") / "picture.duckdb"
    Store(path).close()
    with TestClient(build_app(Desk(path)), base_url="http://127.0.0.1") as client:
        yield client
