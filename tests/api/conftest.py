"""Clients of the API over the demo's picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from isthmus.server.app import build_app
from isthmus.service.desk import Desk
from tests.served import demo_picture


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demo's picture; nobody writes in it."""
    return demo_picture(tmp_path_factory)


@pytest.fixture(scope="session")
def api(demo: Path) -> Iterator[TestClient]:
    """Return a client of an application over the demo's picture, for questions only."""
    with TestClient(build_app(Desk(demo)), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client
