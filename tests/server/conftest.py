"""A small picture, and the application over it for people who sign in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from isthmus.access.users import Users
from isthmus.server.app import build_app
from isthmus.service import add_files
from isthmus.service.desk import Desk
from isthmus.serving.gate import Access, Rates
from isthmus.serving.guard import Limits

CLAIMS = """subject,predicate,object,value,low,high,unit,source,locator,marking
acme,name,,Acme Cables,,,,register,row 1,
acme,kind,,company,,,,register,row 1,
acme-ltd,name,,Acme Cables Ltd,,,,register,row 2,
acme-ltd,kind,,company,,,,register,row 2,
bolt,name,,Bolt Networks,,,,register,row 3,
bolt,kind,,company,,,,register,row 3,
acme,owns,bolt,,0.6,0.6,share,register,row 4,
"""
BASE = "http://127.0.0.1:8765"
PASSWORD = "a long password"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a picture of three companies; nobody writes in it."""
    folder = tmp_path_factory.mktemp("built")
    evidence = folder / "claims.csv"
    evidence.write_text(CLAIMS, "utf-8")
    add_files(folder / "picture.duckdb", [evidence])
    return folder / "picture.duckdb"


@pytest.fixture
def picture(built: Path, tmp_path: Path) -> Path:
    """Return a copy of the picture of three companies."""
    return Path(shutil.copy(built, tmp_path / "picture.duckdb"))


@pytest.fixture
def users(picture: Path) -> Users:
    """Return the users: ana, a steward, cem, an analyst, and ben, a reader who may see the least."""
    users = Users(picture, hasher=QUICK)
    users.add("ana", PASSWORD, "steward", "TLP:RED", told=True)
    users.add("cem", PASSWORD, "analyst", "TLP:AMBER")
    users.add("ben", PASSWORD, "reader", "TLP:CLEAR")
    return users


@pytest.fixture
def opened(picture: Path) -> Iterator[Callable[..., TestClient]]:
    """Return what opens a client before the application; they are closed after the test."""
    with ExitStack() as stack:

        def opening(users: Users | None = None, rates: Rates | None = None, limits: Limits | None = None) -> TestClient:
            app = build_app(Desk(picture), limits, Access.of(picture, users, rates))
            return stack.enter_context(TestClient(app, base_url=BASE, follow_redirects=False))

        yield opening


@pytest.fixture
def laptop(opened: Callable[..., TestClient]) -> TestClient:
    """Return a client of a picture without users."""
    return opened()


@pytest.fixture
def team(opened: Callable[..., TestClient], users: Users) -> TestClient:
    """Return a client of a picture with users; nobody is signed in."""
    return opened(users)


def sign_in(client: TestClient, name: str, password: str = PASSWORD) -> int:
    """Sign in as a browser does, and return the status."""
    client.cookies.clear()
    form = {"name": name, "password": password}
    return int(client.post("/login", data=form, headers={"Origin": BASE}).status_code)


def token_of(client: TestClient, page: str) -> str:
    """Return the word that the forms of a page bring."""
    text: str = client.get(page).text
    return text.partition('name="token" value="')[2].partition('"')[0]
