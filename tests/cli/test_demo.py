"""The demo, from the command line."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from isthmus.cli.commands import COMMANDS
from tests.served import copied, demo_answer

from .conftest import Run


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """Return the folder of a demo and what it printed with ``--json``."""
    found = demo_answer(tmp_path_factory)
    return Path(found["picture"]).parent, found


def test_the_demo_builds_a_picture_and_a_summary(built: tuple[Path, Any]) -> None:
    out, found = built
    assert set(found) == set(COMMANDS["demo"].fields)
    assert found["picture"] == str(out / "picture.duckdb")
    assert Path(found["summary"]).read_text("utf-8").lstrip().startswith("<!")
    assert re.fullmatch("sha256:[0-9a-f]{64}", found["hash"])


def test_the_tour_is_printed_with_source_and_command(
    built: tuple[Path, Any], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, found = built
    assert len(found["tour"]) >= 12
    monkeypatch.setattr("isthmus.cli.verbs.demo.build_demo", lambda *_, **__: found)
    shown = run("demo", "--out", "there")
    assert shown.code == 0
    flat = " ".join(shown.out.split())
    for number, stop in enumerate(found["tour"], 1):
        assert f"{number}. {stop['question']}" in flat
        assert f"$ {stop['command']}" in flat
        assert " ".join(stop["answer"].split()) in flat
    assert shown.out.count("source: ") == len(found["tour"])
    assert found["hash"] in shown.out
    assert f"export ISTHMUS_PICTURE={found['picture']}" in flat
    assert max(map(len, shown.out.splitlines())) <= 80


def test_the_commands_of_the_tour_give_their_answers(built: tuple[Path, Any], run: Run) -> None:
    out, found = built
    asked = next(stop for stop in found["tour"] if "--in 3GPP" in stop["command"])
    words = asked["command"].split()[1:]
    rows = run("-p", out / "picture.duckdb", "--json", *words).json["answers"]
    assert {row["group"]["country"]: row["value"]["low"] for row in rows} == {"China": 15, "United States": 9}


def test_one_firm_is_met_in_four_sources(built: tuple[Path, Any], run: Run) -> None:
    out, found = built
    met = next(stop for stop in found["tour"] if stop["command"] == "isthmus show Huawei")
    assert met["answer"].startswith("4 sources name it")
    for source in ("nbr97", "epoch-gpu-clusters", "ieee-ma-l", "bigbang-organizations"):
        assert any(f"({source}): " in line for line in met["lines"])
    joined = [line for line in met["lines"] if " = " in line]
    assert len(joined) >= 3
    assert all("rule names/1, score 0.9" in line for line in joined)
    shown = run("-p", out / "picture.duckdb", "--json", "show", "Huawei").json
    assert {item["who"] for item in shown["judgements"] if item["verdict"] == "same"} == {"rule names/1"}
    assert all(item["reasons"] for item in shown["judgements"] if item["verdict"] == "same")


def test_what_the_report_leaves_open_stays_open(built: tuple[Path, Any], run: Run) -> None:
    out, _ = built
    shown = run("-p", out / "picture.duckdb", "--json", "show", "china-eastcom").json
    assert shown["entity"]["members"] == ["china-eastcom"]
    assert [item["verdict"] for item in shown["judgements"]] == ["unsure"]


def test_the_same_data_give_the_same_hash(built: tuple[Path, Any], run: Run, tmp_path: Path) -> None:
    _, found = built
    assert run("--json", "demo", "--out", tmp_path / "again").json["hash"] == found["hash"]


SERVED = """
import json, sys
from isthmus.cli import main
from isthmus.cli.verbs import demo
demo.build_demo = lambda *_, **__: json.loads(sys.argv[1])
sys.exit(main(["demo", "--out", sys.argv[2], "--serve", "--port", "0"]))
"""
"""The demo as a process of its own, but for building a picture that another test has built."""


def test_the_demo_is_served_until_it_is_stopped(built: tuple[Path, Any], tmp_path: Path) -> None:
    _, found = built
    found = {**found, "picture": str(copied(Path(found["picture"]), tmp_path))}
    command = [sys.executable, "-c", SERVED, json.dumps(found), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        address = next(told[0] for line in process.stdout if (told := re.search(r"http://127\.0\.0\.1:\d+", line)))
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert "What does it rest on" in answer.read().decode()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
