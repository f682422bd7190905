"""Scenarios through the command line, as a person asks them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from isthmus.cli.commands import COMMANDS

from .conftest import Run

ROWS = """subject,predicate,object,value,low,high,unit,qualifiers,hedge,source,locator
arden,kind,,state,,,,,,plan,p. 1
plant,located_in,arden,,,,,,,plan,p. 1
plant,produces,motor,,0.6,0.6,share,,about,plan,p. 2
rival,produces,motor,,0.4,0.4,share,,,plan,p. 2
works,uses,motor,,,,,,,plan,p. 3
works,uses,coal,,,,,need=power,,plan,p. 3
works,uses,gas,,,,,need=power,,plan,p. 3
"""
LOSS = "scenario: loss\ntitle: Loss of the plant\nchanges:\n  - fail: plant\n"
FIX = LOSS.replace("loss\n", "fix\n", 1) + "  - add_capacity: {of: motor, by: Newcomer, share: 60%, after: 6}\n"
ABSENT = {"scenarios", "examples", "name", "title", "whose", "note", "text", "files"}


@pytest.fixture
def added(run: Run, tmp_path: Path) -> Path:
    """Return a picture, with scenarios beside it."""
    for name, text in (("rows.csv", ROWS), ("loss.yaml", LOSS), ("fix.yaml", FIX)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert run("add", "rows.csv").code == 0
    return tmp_path / "picture.duckdb"


@pytest.mark.usefixtures("added")
def test_json_has_the_fields_that_are_documented(run: Run) -> None:
    fields = set(COMMANDS["suppose"].fields)
    assert set(run("--json", "suppose", "loss.yaml").json) == fields - ABSENT
    both = run("suppose", "loss.yaml", "fix.yaml", "--json").json
    assert set(both) == fields - ABSENT - {"changes", "survivors", "totals"} | {"scenarios"}
    assert set(run("--json", "suppose", "--list").json) == {"examples"}
    assert set(run("--json", "suppose", "--example", "lithography-loss").json) <= fields
    found = run("--json", "suppose", "loss.yaml").json
    motor = next(row for row in found["answers"] if row["entity"] == "motor")
    assert (motor["verdict"], motor["left"]["low"], motor["hedges"]) == ("degrades", pytest.approx(0.4), ["about"])
    assert {name for row in found["answers"] for name in row["claims"]} <= found["claims"].keys()


def test_the_screen_reads_well_at_any_width_and_nothing_is_written(added: Path, run: Run) -> None:
    before = hashlib.sha256(added.read_bytes()).hexdigest()
    for columns in (60, 100):
        for words in (("loss.yaml",), ("loss.yaml", "--why"), ("fix.yaml", "--all"), ("loss.yaml", "fix.yaml")):
            found = run("suppose", *words, columns=columns)
            assert (found.code, found.err) == (0, "")
            assert max(cell_len(line) for line in found.out.splitlines()) <= columns
    assert hashlib.sha256(added.read_bytes()).hexdigest() == before
    out = " ".join(run("suppose", "fix.yaml", columns=100).out.split())
    assert "what if: Loss of the plant" in out
    assert "1 thing fails, 2 degrade" in out
    assert "made by: lost plant (60 %)" in out
    assert "from month 6: all is back" in out
    assert "more from Newcomer (change 2)" in out
    assert "Newcomer is in no evidence: the scenario assumes it" in out
    assert "“about”" in out


@pytest.mark.usefixtures("added")
def test_survivors_are_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "coal.yaml").write_text("scenario: coal\nchanges: [{fail: coal}]\n", encoding="utf-8")
    out = run("suppose", "coal.yaml", columns=100).out
    assert "What survives beside these (1)" in out
    assert "without coal: there is gas" in out


@pytest.mark.usefixtures("added")
def test_the_command_line_goes_before_the_baseline_of_the_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "day.yaml").write_text(
        "scenario: day\nbaseline: {as_of: 2020, without: plan}\nchanges: []\n", encoding="utf-8"
    )
    asked = run("--json", "suppose", "day.yaml").json
    assert (asked["as_of"], asked["question"]["baseline"]["without"]) == ("2020", ["plan"])
    asked = run("--json", "suppose", "day.yaml", "--as-of", "2021-07", "--strength", "all").json
    assert (asked["as_of"], asked["question"]["baseline"]["strength"]) == ("2021-07", "all")


def test_examples_are_printed_as_they_are_and_copied(run: Run, tmp_path: Path) -> None:
    printed = run("suppose", "--example", "rare-earths-2010", columns=40)
    (tmp_path / "mine.yaml").write_text(printed.out, encoding="utf-8")
    copied = run("suppose", "--example", "rare-earths-2010", "--out", ".")
    assert (copied.code, copied.out.strip()) == (0, "copied: rare-earths-2010.yaml")
    assert (tmp_path / "rare-earths-2010.yaml").read_text(encoding="utf-8") == printed.out
    assert run("suppose", "--example", "rare-earths-2010", "--out", ".").code == 0
    (tmp_path / "rare-earths-2010.yaml").write_text("mine", encoding="utf-8")
    refused = run("suppose", "--example", "rare-earths-2010", "--out", ".")
    assert refused.code == 2
    assert (tmp_path / "rare-earths-2010.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "no scenario is given"),
        (("none.yaml",), "cannot be read"),
        (("rows.csv",), "must have keys"),
        (("loss.yaml", "--list"), "one at a time"),
        (("--list", "--example", "x"), "one at a time"),
        (("--example", "x"), "no example “x”"),
        (("--out", "."), "--out says"),
        (("--example", "lithography-loss", "--out", "nowhere"), "no such folder"),
        (("loss.yaml", "loss.yaml"), "two scenarios are called “loss”"),
        (("loss.yaml", "--strength", "much"), "none of"),
        (("loss.yaml", "--as-of", "soon"), "soon"),
        (("typo.yaml",), "typo.yaml, line 3"),
    ],
)
@pytest.mark.usefixtures("added")
def test_bad_input_is_refused_with_exit_code_2(run: Run, tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    (tmp_path / "typo.yaml").write_text("scenario: typo\nchanges:\n  - fail: plnat\n", encoding="utf-8")
    found = run("suppose", *words)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("error: ")
    assert says in " ".join(found.err.split())
    as_json = run("--json", "suppose", *words)
    assert (as_json.code, as_json.err) == (2, "")
    assert set(json.loads(as_json.out)["error"]) >= {"kind", "message", "where", "hint"}
