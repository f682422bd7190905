"""A real server: what it prints, how it ends, what a kill leaves, and the command line that writes through it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from isthmus.access.audit import Audit
from isthmus.service.keeping import check
from isthmus.service.served import Served, announced, find_server

ROWS = 60_000


@contextmanager
def served(picture: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], Served]]:
    """Serve a picture in a process of its own until the block ends."""
    words = [sys.executable, "-m", "isthmus", "-p", str(picture), "serve", "--port", "0", *options]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = find_server(picture)
        assert found is not None and found.address in said, said
        yield process, found
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def isthmus(picture: Path, *words: str) -> tuple[int, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "isthmus", "-p", str(picture), "--json", *words],
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, json.loads(done.stdout)


def upload(found: Served, path: Path, name: str) -> dict[str, Any]:
    """Send a file, and return the job that reads it."""
    place = found.address.removeprefix("http://")
    connection = http.client.HTTPConnection(place, timeout=60)
    head = f'--b\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    body = head.encode() + path.read_bytes() + b"\r\n--b--\r\n"
    connection.request("POST", "/api/v1/evidence", body, {"Content-Type": "multipart/form-data; boundary=b"})
    return dict(json.loads(connection.getresponse().read())["data"])


def job(found: Served, name: str) -> dict[str, Any]:
    connection = http.client.HTTPConnection(found.address.removeprefix("http://"), timeout=60)
    connection.request("GET", f"/api/v1/jobs/{name}")
    return dict(json.loads(connection.getresponse().read())["data"])


def until(found: Served, name: str, state: str) -> dict[str, Any]:
    for _ in range(600):
        if (body := job(found, name))["state"] == state:
            return body
        time.sleep(0.05)
    raise AssertionError(f"the job is {body['state']}: {body}")


@pytest.fixture
def long_file(tmp_path: Path) -> Path:
    path = tmp_path / "long.csv"
    rows = (f"firm-{n},name,Firm {n},s,row {n}\nfirm-{n},kind,company,s,row {n}\n" for n in range(ROWS))
    path.write_text("subject,predicate,value,source,locator\n" + "".join(rows), "utf-8")
    return path


def test_the_command_line_writes_through_the_server(picture: Path, tmp_path: Path) -> None:
    evidence = tmp_path / "new.csv"
    evidence.write_text("subject,predicate,value,source,locator\nnova,name,Nova,n,1\nnova,oddity,x,n,2\n", "utf-8")
    with served(picture) as (process, _):
        assert stat.S_IMODE(Path(f"{picture}.serving.json").stat().st_mode) == 0o600
        code, added = isthmus(picture, "add", str(evidence))
        assert (code, added["picture"]) == (0, str(picture))
        (file,) = added["files"]
        assert (file["file"], file["claims_new"], file["rejected_count"]) == (str(evidence), 1, 1)
        assert file["rejects_file"] == str(picture.with_name("picture.new.csv.rejects.csv"))
        assert Path(file["rejects_file"]).is_file()
        code, judged = isthmus(picture, "judge", "acme", "acme-ltd", "same", "--why", "one", "--who", "ana")
        assert (code, judged["state"], judged["who"]) == (0, "in force", "ana")
        code, undone = isthmus(picture, "unjudge", "acme", "acme-ltd", "--who", "ana")
        assert (code, undone["undone"]) == (0, 1)
        code, shown = isthmus(picture, "show", "acme")
        owns = next(item for item in shown["relations"] if item["predicate"] == "owns")
        code, taken = isthmus(picture, "retract", owns["id"], "--why", "misread", "--who", "ana")
        assert (code, taken) == (0, {"retracted": 1, "why": "misread", "who": "ana"})
        code, refused = isthmus(picture, "judge", "acme", "Acme Cab", "same", "--why", "x")
        assert (code, len(refused["error"].get("candidates", ()))) == (2, 2), refused
        code, resolved = isthmus(picture, "resolve", "--apply")
        assert code == 0 and set(resolved) == {"proposals", "applied", "left", "joined", "held_back"}
        # Errors are those of the verb itself.
        code, refused = isthmus(picture, "judge", "acme", "nobody", "same", "--why", "x")
        assert (code, refused["error"]["kind"]) == (2, "unknown_entity")
        code, refused = isthmus(picture, "add", "absent.csv")
        assert (code, refused["error"]["where"]) == (2, "absent.csv")
        assert "Traceback" not in json.dumps(refused)
        # And another server finds the picture taken.
        code, refused = isthmus(picture, "serve", "--port", "0")
        assert (code, refused["error"]["kind"]) == (1, "locked") and str(process.pid) in refused["error"]["message"]
    assert process.returncode == 0
    assert find_server(picture) is None and not Path(f"{picture}.serving.json").exists()
    assert check(picture)["ok"]
    actions = [line["action"] for line in Audit(picture).lines()]
    assert "command line: add" in actions and Audit(picture).check().broken is None
    # Nobody serves it now: the same words work on the file.
    assert isthmus(picture, "judge", "acme", "acme-ltd", "same", "--why", "one")[0] == 0


def kill_and_look(picture: Path, path: Path, name: str) -> None:
    before = picture.read_bytes()
    with served(picture) as (process, found):
        number = upload(found, path, name)["id"]
        until(found, number, "running")
        while not (body := job(found, number))["step"]:
            assert body["state"] == "running"
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    assert picture.read_bytes() == before
    assert find_server(picture) is None
    with served(picture) as (process, found):
        body = job(found, number)
        assert (body["state"], body["error"]["kind"]) == ("failed", "job")
        assert "server ended" in body["error"]["message"]
        left = [
            item.name for item in picture.parent.iterdir() if "draft" in item.name or item.name.endswith(".uploads")
        ]
        assert left == []
        again = upload(found, path, name)["id"]
        assert until(found, again, "done")["result"]["files"][0]["claims_new"] > 0
    report = check(picture)
    assert report["ok"] and report["problems"] == []


def test_a_kill_during_an_upload_leaves_the_picture_whole(picture: Path, long_file: Path) -> None:
    kill_and_look(picture, long_file, "long.csv")


def test_a_kill_during_an_upload_of_a_real_file(picture: Path, shared: Path) -> None:
    path = shared / "data/open/ieee-oui/oui.csv"
    kill_and_look(picture, path, path.name)


def test_a_command_line_that_is_stopped_stops_the_work(picture: Path, long_file: Path) -> None:
    before = picture.read_bytes()
    with served(picture):
        words = [sys.executable, "-m", "isthmus", "-p", str(picture), "add", str(long_file)]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

        def drafts() -> list[str]:
            return [path.name for path in picture.parent.iterdir() if path.name.endswith(".draft")]

        wait_for(drafts)
        process.send_signal(signal.SIGINT)
        assert "stopped by you" in process.communicate(timeout=60)[1]
        wait_for(lambda: not drafts())
        assert picture.read_bytes() == before
        assert isthmus(picture, "judge", "acme", "acme-ltd", "same", "--why", "one")[0] == 0


def wait_for(thing: Callable[[], object]) -> None:
    for _ in range(1200):
        if thing():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to pass")


def test_a_stop_tells_the_jobs_and_lets_requests_finish(picture: Path, long_file: Path) -> None:
    with served(picture) as (process, found):
        number = upload(found, long_file, "long.csv")["id"]
        until(found, number, "running")
        place = http.client.HTTPConnection(found.address.removeprefix("http://"), timeout=60)
        place.request("GET", f"/api/v1/jobs/{number}/events")
        stream = place.getresponse()
        assert stream.readline().startswith(b"id:")
        process.send_signal(signal.SIGTERM)
        told = stream.read().decode()
        assert "event: bye" in told or '"state": "failed"' in told
        assert process.wait(60) == 0
    with served(picture) as (process, found):
        body = job(found, number)
        assert body["state"] == "failed" and "server was stopped" in body["error"]["message"]
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert check(picture)["ok"]


@pytest.mark.parametrize(
    ("words", "where", "hint"),
    [
        (("--host", "0.0.0.0"), "--host", "isthmus user add"),
        (("--team",), "--team", "isthmus user add"),
    ],
)
def test_it_refuses_to_stand_open(picture: Path, words: tuple[str, ...], where: str, hint: str) -> None:
    code, body = isthmus(picture, "serve", *words)
    assert code == 2 and where in body["error"]["where"] and hint in body["error"]["hint"]
    assert not Path(f"{picture}.users.sqlite").exists()


def test_users_are_made_on_the_command_line_and_let_in(picture: Path) -> None:
    code, made = isthmus(picture, "user", "add", "feed", "--role", "reader", "--ceiling", "TLP:CLEAR", "--no-password")
    assert code == 0 and made["users"][0]["role"] == "reader"
    code, made = isthmus(picture, "user", "key", "feed")
    code, listed = isthmus(picture, "user", "list")
    assert made["key"].startswith("isthmus_" + listed["users"][0]["keys"][0]["prefix"])
    assert made["key"] not in json.dumps(listed)
    with served(picture, "--host", "127.0.0.1") as (_, found):
        place = found.address.removeprefix("http://")
        for headers, status in (({}, 401), ({"Authorization": f"Bearer {made['key']}"}, 200)):
            connection = http.client.HTTPConnection(place, timeout=60)
            connection.request("GET", "/api/v1/me", headers=headers)
            assert connection.getresponse().status == status
        connection = http.client.HTTPConnection(place, timeout=60)
        connection.request("GET", "/api/v1/me", headers={"Host": "rebound.example"})
        assert connection.getresponse().status == 403


def test_a_file_that_a_dead_server_left_is_passed_over(picture: Path) -> None:
    place = Path(f"{picture}.serving.json")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for text in (
        "",
        "{}",
        "[1]",
        json.dumps({"pid": gone.pid, "begun": "1", "address": "http://127.0.0.1:1", "key": "k"}),
    ):
        place.write_text(text, "utf-8")
        assert find_server(picture) is None
    # The number of a process may be given again: another process of that number is not the server.
    other = {"pid": os.getpid(), "begun": "1", "address": "http://127.0.0.1:1", "key": "k"}
    place.write_text(json.dumps(other), "utf-8")
    assert find_server(picture) is None
    with announced(picture, "http://127.0.0.1:2", "key") as here:
        assert find_server(picture) == here
    assert not place.exists()
