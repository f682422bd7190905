"""Uploads and the jobs that read them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from isthmus.access.users import Users
from isthmus.serving.guard import Limits
from tests.server.conftest import BASE, sign_in, token_of

NEW = b"subject,predicate,object,value,source,locator\nnova,name,,Nova,note,1\nnova,kind,,company,note,1\n"
BAD = NEW + b"nova,nonsense,,x,note,2\n"


def send(client: TestClient, name: str, data: bytes, **form: str) -> Any:
    return client.post("/api/v1/evidence", files={"files": (name, data)}, data=form)


def ended(client: TestClient, answer: Any, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the job of an upload when it has ended, by its stream of events."""
    assert answer.status_code == 202, answer.text
    stream = client.get(answer.headers["location"] + "/events", headers=headers)
    assert stream.headers["content-type"].startswith("text/event-stream")
    told = [json.loads(line[6:]) for line in stream.text.splitlines() if line.startswith("data: ")]
    assert told[-1]["state"] not in ("queued", "running")
    return dict(told[-1])


def test_an_upload_is_tried_then_added(laptop: TestClient, picture: Path) -> None:
    job = ended(laptop, send(laptop, "new.csv", BAD, dry_run="true"))
    assert job["state"] == "done"
    (file,) = job["result"]["files"]
    assert (file["claims_new"], file["rejected"]) == (2, [{"line": 4, "reason": "there is no predicate “nonsense”"}])
    assert laptop.get("/api/v1/entities/nova").status_code == 404
    job = ended(laptop, send(laptop, "new.csv", BAD))
    assert (job["result"]["files"][0]["claims_new"], job["result"]["picture"]) == (2, str(picture))
    assert laptop.get("/api/v1/entities/nova").json()["data"]["entity"]["caption"] == "Nova"
    again = ended(laptop, send(laptop, "new.csv", BAD))
    assert again["result"]["files"][0]["claims_held"] == 2
    # Nothing that was sent is left lying about.
    left = {path.name for path in picture.parent.rglob("*") if "new.csv" in path.name or "draft" in path.name}
    assert not left


def test_a_source_and_a_mapping_may_come_along(laptop: TestClient) -> None:
    mapping = "mapping: firms/1\ntitle: Firms\nentities:\n  - id: 'firm:{No}'\n    kind: company\n    name: '{Firm}'\n"
    told = "id: firms\ntitle: The list of firms\nreliability: A\n"
    job = ended(laptop, send(laptop, "firms.csv", b"No,Firm\n1,Umbra\n", mapping=mapping, source=told))
    assert job["state"] == "done", job["error"]
    assert laptop.get("/api/v1/find?q=Umbra").json()["data"]["entities"][0]["matched"] == "Umbra"
    assert laptop.get("/api/v1/sources/firms").json()["data"]["source"]["title"] == "The list of firms"


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("x.csv", b"", "format"),
        ("x.xlsx", b"PK\x03\x04 no spreadsheet", "format"),
        ("x.svg", b"<svg onload='alert(1)'/>", "format"),
        ("x.csv", b"subject,predicate,value,source,locator\na,nonsense,x,s,1\n", "format"),
    ],
)
def test_what_is_no_evidence_gives_the_readers_own_error(laptop: TestClient, name: str, data: bytes, kind: str) -> None:
    job = ended(laptop, send(laptop, name, data))
    assert (job["state"], job["error"]["kind"]) == ("failed", kind), job
    assert job["error"]["message"] and "Traceback" not in str(job)
    assert laptop.get(f"/jobs/{job['id']}").status_code == 200


def test_a_name_is_no_path(laptop: TestClient, picture: Path) -> None:
    before = {path for path in picture.parent.parent.rglob("*") if path.is_file()}
    job = ended(laptop, send(laptop, "../../../etc/<script>alert(1)<\u202e/script>.csv", NEW))
    assert job["state"] == "done", job
    assert [file["file"] for file in job["result"]["files"]] == ["script.csv"]
    new = {path for path in picture.parent.parent.rglob("*") if path.is_file()} - before
    assert all(path.name.startswith((picture.name, f".{picture.name}")) for path in new), new
    assert "<script>alert" not in laptop.get(f"/jobs/{job['id']}").text


def test_a_name_that_is_none_is_refused(laptop: TestClient) -> None:
    answer = send(laptop, "...", NEW)
    assert answer.status_code == 400 and answer.json()["error"]["where"] == "files"


def test_no_file_and_two_of_one_name_are_refused(laptop: TestClient) -> None:
    assert laptop.post("/api/v1/evidence", data={"dry_run": "1"}).status_code == 400
    assert laptop.post("/api/v1/evidence", content=b"x").status_code == 400
    twice = [("files", ("a/x.csv", NEW)), ("files", ("b/x.csv", NEW))]
    assert laptop.post("/api/v1/evidence", files=twice).json()["error"]["kind"] == "argument"


def test_more_than_is_taken_is_refused(opened: Callable[..., TestClient]) -> None:
    client = opened(None, None, Limits(upload=10_000))
    answer = send(client, "big.csv", b"x" * 20_000)
    assert (answer.status_code, answer.json()["error"]["kind"]) == (413, "too_large")


def test_a_job_is_cancelled_and_nothing_of_it_is_written(laptop: TestClient) -> None:
    # A writer holds the picture, so that the job surely waits or runs while it is cancelled.
    desk = laptop.app.state.desk  # type: ignore[attr-defined]
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        with desk.writing():
            held.set()
            go.wait(20)

    writer = threading.Thread(target=hold)
    writer.start()
    held.wait(20)
    answer = send(laptop, "new.csv", NEW)
    name = answer.json()["data"]["id"]
    other = send(laptop, "other.csv", NEW).json()["data"]["id"]
    # Who reads is not kept waiting by who writes.
    began = time.monotonic()
    assert laptop.get("/api/v1/entities/acme").status_code == 200
    assert time.monotonic() - began < 5
    threading.Timer(0.3, go.set).start()
    assert laptop.post(f"/api/v1/jobs/{other}/cancel").json()["data"]["state"] == "cancelled"
    laptop.post(f"/api/v1/jobs/{name}/cancel")
    writer.join(20)
    job = ended(laptop, answer)
    assert job["state"] == "cancelled"
    assert laptop.get("/api/v1/entities/nova").status_code == 404
    assert laptop.post(f"/api/v1/jobs/{name}/cancel").json()["data"]["state"] == "cancelled"


def test_jobs_are_seen_by_their_owner_and_by_stewards_who_see_as_much(team: TestClient, users: Users) -> None:
    users.add("dan", "a long password", "steward", "TLP:GREEN")
    key = {name: {"Authorization": f"Bearer {users.make_key(name)}"} for name in ("ana", "cem", "dan", "ben")}
    answer = team.post("/api/v1/evidence", files={"files": ("new.csv", NEW)}, headers=key["cem"])
    job = ended(team, answer, key["cem"])
    for name, status in (("ana", 200), ("cem", 200), ("dan", 404), ("ben", 404)):
        for path in (f"/api/v1/jobs/{job['id']}", f"/api/v1/jobs/{job['id']}/events", f"/jobs/{job['id']}"):
            assert team.get(path, headers=key[name]).status_code == status, (name, path)
        assert bool(team.get("/api/v1/jobs", headers=key[name]).json()["data"]) == (status == 200)
    assert team.post(f"/api/v1/jobs/{job['id']}/cancel", headers=key["ben"]).status_code == 404
    assert team.post("/api/v1/evidence", files={"files": ("n.csv", NEW)}, headers=key["ben"]).status_code == 403
    lines = team.get("/api/v1/audit", headers=key["ana"]).json()["data"]
    assert [line["action"] for line in lines] == ["job done", "add"]


def test_evidence_is_added_on_its_page(team: TestClient) -> None:
    sign_in(team, "cem")
    form = {"token": token_of(team, "/add"), "dry_run": "1"}
    answer = team.post("/add", data=form, files={"files": ("new.csv", BAD)}, headers={"Origin": BASE})
    assert answer.status_code == 303
    place = answer.headers["location"]
    team.get(f"/api/v1{place}/events")
    page = team.get(place).text
    assert "nothing was written" in page and "there is no predicate “nonsense”" in page
    assert place in team.get("/jobs").text
    assert team.post("/add", data={"token": "x"}, files={"files": ("n.csv", NEW)}).status_code == 403
