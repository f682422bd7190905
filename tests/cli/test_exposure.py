"""Exposure through the command line: what is printed, what is JSON, and the picture without a source."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from .conftest import Run

ROWS = """subject,predicate,object,value,low,high,unit,qualifiers,source,locator
works,uses,valve,,,,,,plan,sheet 1
works,uses,pump-1,,,,,need=pump,plan,sheet 1
works,uses,pump-2,,,,,need=pump,plan,sheet 1
kelda,produces,valve,,0.6,0.6,share,,trade-report,p. 4
orrin,produces,valve,,0.4,0.4,share,,trade-report,p. 4
rest,produces,pump-1,,,,,,trade-report,p. 5
sill,owns,kelda,,0.7,0.7,share,,register,entry 12
sill,owns,orrin,,0.4,0.6,share,,register,entry 12
sill,owns,rest,,0.5,0.5,share,,register,entry 13
sill,owns,pump-2,,1,1,share,,register,entry 14
"""


@pytest.fixture
def works(run: Run, tmp_path: Path) -> Path:
    """Return a picture of a works, its makers and their owner."""
    (tmp_path / "works.csv").write_text(ROWS, "utf-8")
    path = tmp_path / "works.duckdb"
    assert run("-p", path, "add", tmp_path / "works.csv").code == 0
    return path


def test_what_is_printed(run: Run, works: Path) -> None:
    out = run("-p", works, "ask", "exposure", "--of", "works", "--to", "sill").out
    text = " ".join(out.split())
    assert "60 to 100 % lost if all of that failed: it depends in part" in text
    assert "reaches 2 things in these hands and 1 that may be, of 6 that it needs" in text
    assert "works needs valve" in text
    assert "works needs pump-2 for pump (one of 2)" in text
    assert "valve is made by kelda (one of 2, 60 %)" in text
    assert "What it may control, and the thing reaches (1)" in text
    assert "perhaps: sill owns" in text
    assert "Apart, and not counted (1) · rest (can block)" in text
    assert "why exposure" in text
    for columns in (50, 80, 160):
        found = run("-p", works, "why", "exposure", "--of", "works", "--to", "sill", columns=columns)
        assert (found.code, found.err) == (0, "")
        assert max(map(cell_len, found.out.splitlines())) <= columns
    assert "Works without which the answer changes" in found.out
    assert "trade-report: no dependence found (0 %)" in found.out


def test_one_document_of_json(run: Run, works: Path) -> None:
    found = run("-p", works, "--json", "ask", "exposure", "--of", "works", "--to", "sill").json
    assert (found["share"]["low"], found["share"]["high"], found["share"]["unit"]) == (0.6, 1, "share")
    assert found["verdict"] == "depends in part"
    assert [(row["entity"], row["control"]) for row in found["answers"]] == [
        ("pump-2", "controls"),
        ("kelda", "controls"),
        ("orrin", "may control"),
    ]
    assert [path["to"] for path in found["paths"]] == [row["entity"] for row in found["answers"]]
    cited = {name for row in found["answers"] for name in row["claims"]}
    assert cited <= set(found["claims"])
    assert {claim["source"] for claim in found["claims"].values()} <= set(found["sources"])


def test_without_a_source_it_is_another_answer(run: Run, works: Path) -> None:
    words = ("-p", works, "--json", "ask", "exposure", "--of", "works", "--to", "sill", "--without")
    assert run(*words, "register").json["verdict"] == "no dependence found"
    found = run(*words, "trade-report").json
    assert (found["share"]["low"], found["verdict"]) == (0, "no dependence found")
    assert [row["entity"] for row in found["answers"]] == ["pump-2"]


def test_nothing_held_is_said(run: Run, works: Path) -> None:
    out = run("-p", works, "ask", "exposure", "--of", "kelda", "--to", "sill").out
    assert "no dependence found." in out
    assert "nothing is held about what kelda needs" in " ".join(out.split())
