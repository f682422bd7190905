"""Pages that are at hand: who gets them, in which bytes, and what becomes of them when the picture changes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from isthmus.access.users import Users
from isthmus.service import add_files
from isthmus.web import rendering
from isthmus.web.kept import Made, PageCache
from tests.server.conftest import sign_in

NEWS = "subject,predicate,value,source,locator\nacme,name,Acme Renamed Works,register,row 9\n"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the paths of pages as they are made."""
    paths: list[str] = []
    before = rendering.render

    def render(http: Any, *given: Any) -> str:
        paths.append(http.url.path)
        return before(http, *given)

    monkeypatch.setattr(rendering, "render", render)
    return paths


def app_of(client: TestClient) -> FastAPI:
    app = client.app
    assert isinstance(app, FastAPI)
    return app


def add(client: TestClient, text: str) -> None:
    answer = client.post("/api/v1/evidence", files={"files": ("news.csv", text.encode())})
    name = answer.json()["data"]["id"]
    for _ in range(1200):
        state = client.get(f"/api/v1/jobs/{name}").json()["data"]["state"]
        if state not in ("queued", "running"):
            break
        time.sleep(0.05)
    assert state == "done"


def test_pages_that_are_read_are_made_before_the_picture_changes(laptop: TestClient, made: list[str]) -> None:
    first = laptop.get("/entity/acme")
    assert "Acme Renamed Works" not in first.text
    assert laptop.get("/entity/acme").text == first.text and made == ["/entity/acme"]
    add(laptop, NEWS)
    assert made == ["/entity/acme"] * 2
    second = laptop.get("/entity/acme")
    assert "Acme Renamed Works" in second.text and second.headers["etag"] != first.headers["etag"]
    assert made == ["/entity/acme"] * 2
    # What it says of the picture is what a page says that is made afterwards.
    whole = laptop.get("/api/v1/entities/acme").json()["meta"]["picture"]
    assert whole in second.text and whole not in first.text


def test_pages_of_a_change_that_does_not_come_are_not_shown(laptop: TestClient, picture: Path, tmp_path: Path) -> None:
    text = laptop.get("/entity/acme").text
    draft, evidence = tmp_path / "draft.duckdb", tmp_path / "news.csv"
    shutil.copyfile(picture, draft)
    evidence.write_text(NEWS, "utf-8")
    add_files(draft, [evidence])
    pages, desk = app_of(laptop).state.pages, app_of(laptop).state.desk
    use = pages.foresee(draft, desk)
    assert laptop.get("/entity/acme").text == text
    # It came too late: another change was made meanwhile, and its pages stay.
    add(laptop, NEWS.replace("Renamed", "Other"))
    newer = laptop.get("/entity/acme").text
    assert "Acme Other Works" in newer
    desk.generation += 1
    laptop.get("/entity/acme")
    use()
    assert "Acme Renamed Works" not in laptop.get("/entity/acme").text


def test_a_page_of_an_earlier_state_does_not_take_the_place_of_a_later_one() -> None:
    cache, old, new = PageCache(), Made(b"old", "", 200), Made(b"new", "", 200)
    cache.keep(("page",), 2, new)
    cache.keep(("page",), 1, old)
    assert cache.get(("page",), 2) == new


def test_a_failure_while_pages_are_made_does_not_lose_the_work(
    laptop: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop.get("/entity/acme")

    def broken(*_: object) -> Callable[[], None]:
        raise RuntimeError("broken")

    monkeypatch.setattr(PageCache, "foresee", broken)
    add(laptop, NEWS)
    assert "Acme Renamed Works" in laptop.get("/entity/acme").text


def test_a_kept_page_is_its_readers_alone(team: TestClient, users: Users, made: list[str]) -> None:
    assert sign_in(team, "ana") == 303
    assert team.get("/entity/acme").status_code == 200 and "(steward, up to TLP:RED)" in team.get("/entity/acme").text
    assert len(made) == 1
    team.cookies.clear()
    assert team.get("/entity/acme", headers={"accept": "text/html"}).status_code == 303
    assert sign_in(team, "ben") == 303
    page = team.get("/entity/acme").text
    assert "(reader, up to TLP:CLEAR)" in page and "ana" not in page.partition("<footer")[2]


def test_each_session_gets_its_own_word(team: TestClient, users: Users) -> None:
    words = set()
    for _ in range(2):
        assert sign_in(team, "ana") == 303
        for packing in ("gzip", "identity"):
            text = team.get("/entity/acme", headers={"accept-encoding": packing}).text
            words.add(text.partition('name="form-token" content="')[2].partition('"')[0])
    assert len(words) == 2 and not any(word.startswith("form-") for word in words)


@pytest.mark.parametrize(
    "path", ["/", "/entity/acme", "/add", "/static/css/frame.css", "/static/js/page.js", "/api/v1/sites"]
)
def test_texts_go_out_packed_to_who_unpacks(laptop: TestClient, path: str) -> None:
    for _ in range(2):  # made, and at hand
        packed = laptop.get(path, headers={"accept-encoding": "gzip"})
        plain = laptop.get(path, headers={"accept-encoding": "identity"})
        assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
        assert int(packed.headers["content-length"]) < len(plain.content)
        assert (
            "accept-encoding" in packed.headers["vary"].lower() and "accept-encoding" in plain.headers["vary"].lower()
        )
        assert packed.text == plain.text
        assert packed.headers.get("cache-control") == plain.headers.get("cache-control")
        assert packed.headers["content-type"] == plain.headers["content-type"]
        assert "content-security-policy" in packed.headers


def test_who_has_the_page_is_told_so_in_either_form(laptop: TestClient) -> None:
    for packing in ("gzip", "identity"):
        tag = laptop.get("/", headers={"accept-encoding": packing}).headers["etag"]
        again = laptop.get("/", headers={"accept-encoding": packing, "if-none-match": tag})
        assert again.status_code == 304 and not again.content and again.headers["etag"] == tag


def test_events_of_a_job_are_never_packed(laptop: TestClient) -> None:
    answer = laptop.post("/api/v1/evidence", files={"files": ("news.csv", NEWS.encode())})
    path = f"/api/v1/jobs/{answer.json()['data']['id']}/events"
    with laptop.stream("GET", path, headers={"accept-encoding": "gzip"}) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in stream.headers
        assert "event" in stream.read().decode()


def test_a_name_sends_on_each_time_and_is_looked_up_once(laptop: TestClient, made: list[str]) -> None:
    for _ in range(2):
        answer = laptop.get("/entity/Bolt Networks")
        assert (answer.status_code, answer.headers["location"]) == (307, "/entity/bolt")
    assert made == []
