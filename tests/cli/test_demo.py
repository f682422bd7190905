"""The demo, from the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from isthmus.cli import main
from isthmus.cli.commands import COMMANDS

from .conftest import Run


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Any]]:
    """Yield the folder of a demo and what it printed with ``--json``."""
    out, printed = tmp_path_factory.mktemp("demo"), StringIO()
    with redirect_stdout(printed):
        assert main(["--json", "demo", "--out", str(out)]) == 0
    yield out, json.loads(printed.getvalue())


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
