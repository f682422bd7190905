"""`match`, `screen` and `resolve` as they are typed: JSON, bad input, tables and keys."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from pathlib import Path

import pytest

from isthmus.claims.store import Store
from isthmus.cli import main
from isthmus.picture import Picture

from .conftest import ISTHMUS, Run, environment

CLAIMS = """subject,predicate,object,value,qualifiers,valid_from,valid_to,source,locator
coast-office,name,,Coast Office,,,,watch-list,p. 1
coast-office,kind,,public_body,,,,watch-list,p. 1
northgate,name,,Northgate Networks Ltd,,,,atlas,p. 1
northgate,kind,,company,,,,atlas,p. 1
listed-northgate,name,,Northgate Networks Limited,,,,watch-list,p. 2
listed-northgate,kind,,company,,,,watch-list,p. 2
listed-tarnfell,name,,Tarnfell Dynamics Inc,,,,watch-list,p. 3
listed-tarnfell,kind,,company,,,,watch-list,p. 3
coast-office,designates,listed-northgate,,as=Watched firm,2020-05-01,,watch-list,p. 2
coast-office,designates,listed-tarnfell,,as=Watched firm,2019-01-01,<2022-01-01,watch-list,p. 3
zetrix,name,,Zetrix,,,,atlas,p. 4
zetrix,kind,,network,,,,atlas,p. 4
zitrix,name,,Zitrix,,,,atlas,p. 5
zitrix,kind,,network,,,,atlas,p. 5
"""


@pytest.fixture
def coast(tmp_path: Path) -> Path:
    """Return a picture that a test may write to."""
    folder = tmp_path / "coast"
    folder.mkdir()
    (folder / "claims.csv").write_text(CLAIMS, encoding="utf-8")
    path = folder / "coast.duckdb"
    assert main(["-p", str(path), "--json", "add", str(folder / "claims.csv")]) == 0
    return path


@pytest.fixture
def names(tmp_path: Path) -> Path:
    path = tmp_path / "names.csv"
    path.write_text("name\nNorthgate Networks\nTarnfell Dynamics\nGmbH\nQ\n", encoding="utf-8")
    return path


def test_match_prints_exactly_its_four_fields(run: Run) -> None:
    found = run("--json", "match", "Northgate Networks Ltd", "Northgate Networks Limited", "--kind", "company")
    assert (found.code, found.err) == (0, "")
    assert set(found.json) == {"score", "verdict", "reasons", "names"}
    assert 0 <= found.json["score"] <= 1
    assert found.json["verdict"] == "same"
    assert all(set(reason) == {"feature", "weight", "note"} for reason in found.json["reasons"])


def test_match_says_verdict_score_and_reasons_in_words(run: Run) -> None:
    found = run("match", "Northgate Networks Ltd", "Tarnfell Dynamics")
    assert found.code == 0
    assert found.out.startswith("different  score 0.")
    assert "reason" in found.out
    assert "veto" not in found.out


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["match", "", "Northgate"], "text is empty"),
        (["match", "Northgate"], "NAME2 is missing"),
        (["match", "?!", "Northgate"], "no letter and no digit"),
        (["match", "x" * 10_000, "Northgate"], "10,000 characters"),
        (["match", "a", "b", "--kind", "cheese"], "no kind “cheese”"),
        (["screen", "names.csv"], "no list is given"),
        (["screen", "missing.csv", "--against", "names.csv"], "no such file"),
        (["screen", "names.csv", "--against", "nothing"], "no picture here"),
        (["screen", "names.csv", "--against", "names.csv", "--bar", "7"], "no score from 0 to 1"),
        (["screen", "names.csv", "--against", "names.csv", "--as-of", "yesterday"], "not a date"),
        (["screen", "names.csv", "--against", "names.csv", "--out", "o.pdf"], "CSV or JSON"),
        (["resolve"], "no picture here"),
        (["resolve", "--bar", "nan"], "no score from 0 to 1"),
    ],
    ids=lambda item: " ".join(item)[:40] if isinstance(item, list) else "",
)
def test_bad_input_is_one_error_and_ends_with_2(run: Run, names: Path, words: list[str], part: str) -> None:
    found = run("--json", *words)
    assert found.code == 2
    error = found.json["error"]
    assert part in error["message"]
    plain = run(*words)
    assert (plain.code, plain.out) == (2, "")
    assert part in plain.err


def test_resolve_refuses_two_policies(run: Run, coast: Path) -> None:
    found = run("-p", coast, "--json", "resolve", "--require-second", "--no-require-second")
    assert found.code == 2
    assert "cannot stand together" in found.json["error"]["message"]


def test_screen_against_a_source_and_a_file(run: Run, coast: Path, names: Path, tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("Tarnfell Dynamics Incorporated\n", encoding="utf-8")
    out = tmp_path / "o.csv"
    found = run("-p", coast, "--json", "screen", names, "--against", "watch-list", "own.txt", "--out", out)
    assert found.code == 0
    body = found.json
    assert [item["list"] for item in body["lists"]] == ["watch-list", "own.txt"]
    assert [row["candidates"][0]["lists"] for row in body["rows"][:2]] == [["watch-list"], ["own.txt"]]
    assert body["rows"][1]["delisted"] == ["Tarnfell Dynamics Inc"]
    assert body["left_out"]["delisted"] == 1
    assert [item["line"] for item in body["rejected"]] == [4]
    assert [item["line"] for item in body["remarks"]] == [5]
    assert out.read_text("utf-8").count("\n") == 5


def test_screen_tells_a_person_all_that_was_left_out(run: Run, coast: Path, names: Path) -> None:
    found = run("-p", coast, "screen", names, "--against", "watch-list")
    assert found.code == 0
    assert "Watched firm: from 2020-05-01" in found.out
    assert "delisted: Tarnfell Dynamics Inc" in found.out
    assert "--include-delisted" in found.out
    assert "nothing but a legal form" in found.out
    assert max(map(len, found.out.splitlines())) <= 80
    marked = run("-p", coast, "screen", names, "--against", "watch-list", "--include-delisted")
    assert "[delisted]" in marked.out
    assert "not from 2022-01-01 on" in marked.out


def test_resolve_without_a_terminal_lists(run: Run, coast: Path) -> None:
    body = run("-p", coast, "--json", "resolve").json
    assert {(item["a"], item["b"]) for item in body["proposals"]} == {
        ("listed-northgate", "northgate"),
        ("zetrix", "zitrix"),
    }
    assert (body["applied"], body["left"]) == (0, 2)
    assert set(body["proposals"][0]) == {"a", "b", "score", "verdict", "reasons", "names"}
    listed = run("-p", coast, "resolve")
    assert "Pairs that may be one (2)" in listed.out
    assert "one letter" in listed.out
    assert max(map(len, listed.out.splitlines())) <= 80


def test_resolve_apply(run: Run, coast: Path) -> None:
    done = run("-p", coast, "resolve", "--apply")
    assert done.code == 0
    assert "1 pair judged the same by rule names/1" in done.out
    assert "For a person to judge (1)" in done.out
    body = run("-p", coast, "--json", "resolve", "--apply").json
    assert (body["applied"], body["left"]) == (0, 1)
    assert run("-p", coast, "--json", "show", "northgate").json["entity"]["members"] == [
        "listed-northgate",
        "northgate",
    ]


def pressed(words: list[str], keys: list[bytes], folder: Path) -> str:
    """Return what a process shows on a terminal on which keys are pressed, each after its prompt."""
    leader, follower = pty.openpty()
    env = environment(COLUMNS="100", TERM="xterm-256color", NO_COLOR="1")
    process = subprocess.Popen(words, stdin=follower, stdout=follower, stderr=follower, cwd=folder, env=env)
    os.close(follower)
    shown, waiting, begun = b"", list(keys), time.monotonic()
    while time.monotonic() - begun < 40:
        if select.select([leader], [], [], 0.1)[0]:
            try:
                chunk = os.read(leader, 65536)
            except OSError:  # the other end is closed
                break
            if not chunk:
                break
            shown += chunk
            if waiting and shown.endswith(b"  > "):
                os.write(leader, waiting.pop(0))
        elif process.poll() is not None:
            break
    os.close(leader)
    assert process.wait(60) == 0
    return shown.decode("utf-8")


def verdicts(path: Path) -> list[tuple[str, str, str, bool]]:
    with Store(path, read_only=True) as store:
        return [(item.a, item.verdict, item.who, item.undone) for item in Picture(store).judgements]


def test_keys_decide_and_each_decision_is_stored_at_once(coast: Path, tmp_path: Path) -> None:
    words = [*ISTHMUS, "-p", str(coast), "resolve", "--who", "ana"]
    shown = pressed(words, [b"s", b"b", b"x", b"\x1b[D", b"D", b"q"], tmp_path)
    assert "Northgate Networks Ltd" in shown
    assert "Pair 2 of 2" in shown
    assert "taken back" in shown
    assert "1 judgement stored by ana: 1 different; 1 pair left." in shown
    assert verdicts(coast) == [
        ("listed-northgate", "same", "ana", True),
        ("listed-northgate", "different", "ana", False),
    ]
    again = pressed(words, [b"u"], tmp_path)
    assert "Pair 1 of 1" in again
    assert "Zitrix" in again
    assert "1 judgement stored by ana: 1 unsure; 0 pairs left." in again


def test_skip_and_the_end_of_the_input_store_nothing(coast: Path, tmp_path: Path) -> None:
    shown = pressed([*ISTHMUS, "-p", str(coast), "resolve"], [b"k", b"\x04"], tmp_path)
    assert "0 judgements stored" in shown
    assert verdicts(coast) == []
