"""The program as a process: pipes, interruptions, full disks, terminals."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import time
from pathlib import Path

import pytest

from .conftest import ISTHMUS, Run, environment


def test_python_m_and_json(picture: Path) -> None:
    done = subprocess.run(
        [*ISTHMUS, "-p", str(picture), "--json", "stats"], capture_output=True, check=True, env=environment()
    )
    assert json.loads(done.stdout)["claims"] == 46
    assert done.stderr == b""


def test_json_is_utf_8_whatever_the_locale(picture: Path) -> None:
    plain = environment(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    plain.pop("PYTHONIOENCODING", None)
    words = [*ISTHMUS, "-p", str(picture), "show", "northgate"]
    done = subprocess.run([*words, "--json"], capture_output=True, check=True, env=plain)
    assert "诺斯盖特网络" in done.stdout.decode("utf-8")
    told = subprocess.run(words, capture_output=True, check=True, env=plain)
    assert b"\\u8bfa" in told.stdout


def test_a_reader_that_leaves_is_no_fault(picture: Path) -> None:
    process = subprocess.Popen(
        [*ISTHMUS, "vocabulary"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None
    process.stdout.close()
    _, said = process.communicate(timeout=60)
    assert said == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_said_in_one_message(picture: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*ISTHMUS, "-p", str(picture), "stats"], stdout=full, stderr=subprocess.PIPE, check=False, env=environment()
        )
    assert done.returncode == 1
    assert done.stderr.decode().startswith("error: the system refused: no space left")
    assert b"Traceback" not in done.stderr


def test_ctrl_c_ends_in_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    rows = ["subject,predicate,value,source,locator"]
    rows += [f"e{number},name,Thing {number},s,{number}" for number in range(300_000)]
    (tmp_path / "many.csv").write_text("\n".join(rows) + "\n", "utf-8")
    process = subprocess.Popen(
        [*ISTHMUS, "add", "many.csv"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    for _ in range(600):
        if (tmp_path / "picture.duckdb").exists() or process.poll() is not None:
            break
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (1, "")
    assert re.fullmatch(r"error: stopped by you.*\n", err)
    if (tmp_path / "picture.duckdb").exists():
        after = subprocess.run(
            [*ISTHMUS, "--json", "stats"], cwd=tmp_path, capture_output=True, check=True, env=environment()
        )
        assert json.loads(after.stdout)["claims"] == 0


def test_an_unforeseen_error_is_one_line_that_says_what_to_report(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("isthmus.service.stats", broken)
    found = ask("stats", "--as-of", "2020")
    assert (found.code, found.out) == (1, "")
    assert found.err.count("\n") == 1
    assert "RuntimeError: two lines" in found.err
    assert "ISTHMUS_TRACEBACK=1 isthmus stats" in found.err
    error = ask("--json", "stats").json["error"]
    assert (error["kind"], error["where"]) == ("internal", None)
    monkeypatch.setenv("ISTHMUS_TRACEBACK", "1")
    assert "Traceback (most recent call last)" in ask("stats").err


def test_what_the_system_refuses_names_the_file(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "secret.csv")

    monkeypatch.setattr("isthmus.service.stats", refused)
    found = ask("--json", "stats")
    assert (found.code, found.json["error"]["kind"], found.json["error"]["where"]) == (1, "system", "secret.csv")


def on_a_terminal(words: list[str], columns: int, folder: Path) -> str:
    """Return what a process shows on a terminal that both its streams go to."""
    leader, follower = pty.openpty()
    env = environment(COLUMNS=str(columns), TERM="xterm-256color")
    process = subprocess.Popen(words, stdin=follower, stdout=follower, stderr=follower, cwd=folder, env=env)
    os.close(follower)
    shown = b""
    while True:
        ready, _, _ = select.select([leader], [], [], 0.2)
        if ready:
            try:
                chunk = os.read(leader, 65536)
            except OSError:  # the other end is closed
                break
            if not chunk:
                break
            shown += chunk
        elif process.poll() is not None:
            break
    os.close(leader)
    assert process.wait(60) == 0
    return shown.decode("utf-8")


def test_a_person_at_a_terminal_is_told_how_far_it_is(evidence: Path, tmp_path: Path) -> None:
    shown = on_a_terminal([*ISTHMUS, "add", str(evidence)], 80, tmp_path)
    assert "\x1b[" in shown
    assert re.search(r"reading claims\.csv|checking what the rows say|writing claims|starting", shown)
    assert "46 claims added to picture.duckdb." in shown


def test_with_json_a_terminal_gets_the_document_alone(evidence: Path, tmp_path: Path) -> None:
    shown = on_a_terminal([*ISTHMUS, "--json", "add", str(evidence)], 80, tmp_path)
    assert json.loads(shown)["files"][0]["claims_new"] == 46


def test_colour_marks_on_a_terminal_and_can_be_turned_off(picture: Path, tmp_path: Path) -> None:
    words = [*ISTHMUS, "-p", str(picture), "show", "northgate"]
    assert "\x1b[1m" in on_a_terminal(words, 80, tmp_path)
