"""What ``--json`` prints: one document a verb, with the fields that the reference names."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from isthmus import __version__
from isthmus.cli.commands import COMMANDS

from .conftest import Run

TALLY = ("ask", "tally", "--measure", "posts", "--in", "Tarn Forum", "--by", "country")
MAYBE = {"hhi_refused", "term", "meanings"}
"""Fields that are there only sometimes."""


@pytest.mark.parametrize(
    "words",
    [
        ("formats",),
        ("sources",),
        ("stats",),
        ("check",),
        ("find", "northgate"),
        ("show", "northgate"),
        ("ask", "relations", "northgate"),
        ("ask", "timeline", "northgate"),
        TALLY,
        ("why", "relations", "northgate"),
        ("diff", "--from", "2015", "--to", "2020"),
        ("vocabulary",),
        ("export", "--as", "csv", "--out", "out.csv"),
        ("add", "--dry-run", "EVIDENCE"),
    ],
    ids=" ".join,
)
def test_each_verb_prints_the_fields_that_are_documented(ask: Run, evidence: Path, words: tuple[str, ...]) -> None:
    found = ask("--json", *(evidence if word == "EVIDENCE" else word for word in words))
    assert (found.code, found.err) == (0, "")
    assert found.out.count("\n") == 1, "one line where standard output is no terminal"
    command = COMMANDS[words[0]]
    command = next((item for item in command.below if item.name in words), command)
    assert set(found.json) - MAYBE == set(command.fields) - MAYBE
    assert set(found.json) <= set(command.fields)


def test_json_may_be_asked_before_or_after_the_verb(ask: Run) -> None:
    before, after = ask("--json", "show", "arden"), ask("show", "arden", "--json")
    assert before == after
    assert before.json["entity"]["caption"] == "Arden"


def test_scripts_are_printed_as_they_are(ask: Run) -> None:
    found = ask("--json", "show", "northgate")
    assert "诺斯盖特网络" in found.out
    assert {item["name"] for item in found.json["names"]} >= {"诺斯盖特网络", "שער הצפון"}


def test_a_tally_keeps_its_bounds_and_hedges(ask: Run) -> None:
    found = ask("--json", *TALLY).json
    rows = {row["group"]["country"]: row for row in found["answers"]}
    exact, under, more = (rows[name]["value"] for name in ("Arden", "Brask", "Corvia"))
    assert (exact["low"], exact["high"], exact["unit"]) == (15, 15, "posts")
    assert (under["low"], under["high"], under["open_high"]) == (None, 9, True)
    assert (more["low"], more["open_low"], more["high"]) == (1, True, None)
    assert rows["Brask"]["hedges"] == ["by its own count"]
    assert found["total"]["low"] == found["total"]["high"] == 44
    assert found["hhi"] is None
    assert found["hhi_refused"]
    claim = found["claims"][rows["Corvia"]["claims"][0]]
    assert (claim["source"], claim["locator"], claim["origin"]) == ("atlas", "p. 5", ["forum-minutes"])


def test_show_has_the_unnamed_as_a_gap_and_the_sought_as_another(ask: Run) -> None:
    gaps = {gap["kind"]: gap for gap in ask("--json", "show", "Kelda Station").json["gaps"]}
    assert (gaps["unnamed"]["n"], gaps["unnamed"]["of"]) == (6, 8)
    assert (gaps["searched"]["where"], gaps["searched"]["when"]) == ("atlas", "2021-11")


def test_show_has_both_sides_of_a_conflict(ask: Run) -> None:
    (conflict,) = ask("--json", "show", "Northern Link").json["conflicts"]
    assert {side["date"] for side in conflict["sides"]} == {"2018-03", "2018-01-26"}
    assert {side["locator"] for side in conflict["sides"]} == {"p. 10", "title"}


def test_why_adds_what_carries_each_answer(ask: Run) -> None:
    plain, asked, flagged = (
        ask("--json", *words, "northgate").json["answers"]
        for words in (("ask", "relations"), ("why", "relations"), ("ask", "relations", "--why"))
    )
    assert asked == flagged
    assert not any("support" in row for row in plain)
    supplied = next(row for row in asked if row["predicate"] == "supplies")
    assert supplied["support"]["pivotal"] == supplied["claims"]
    assert supplied["support"]["works"] == [["atlas"]]


def test_a_picture_as_of_a_day_leaves_out_what_did_not_hold_then(ask: Run) -> None:
    def operators(*words: str) -> set[str]:
        rows = ask("--json", "ask", "relations", "kelda-station", "--predicate", "operates", *words).json["answers"]
        return {row["from"] for row in rows if row["verdict"] in ("holds", "disputed")}

    assert operators("--as-of", "2015") == {"northgate"}
    assert "northgate" not in operators("--as-of", "2020")


def test_without_a_source_its_claims_are_gone(ask: Run) -> None:
    assert ask("--json", "show", "Northern Link", "--without", "press").json["conflicts"] == []


def test_a_ceiling_is_kept_to(ask: Run) -> None:
    full, clear = (ask("--json", "stats", "--ceiling", mark).json["claims"] for mark in ("TLP:RED", "TLP:CLEAR"))
    assert full == clear == 46


def test_modes_and_predicates_choose(ask: Run) -> None:
    rows = ask("--json", "ask", "relations", "northgate", "--mode", "planned").json["answers"]
    assert [(row["predicate"], row["verdict"]) for row in rows] == [("builds", "planned")]


def test_add_counts_new_held_and_rejected(run: Run, evidence: Path, tmp_path: Path) -> None:
    shutil.copy(evidence, tmp_path / "claims.csv")
    path = tmp_path / "claims.csv"
    path.write_text(path.read_text("utf-8") + "arden,owns,,,,,,,,,,,actual,atlas,,p. 1,,asserts\n", "utf-8")
    (report,) = run("--json", "add", path).json["files"]
    assert (report["rows"], report["claims_new"], report["claims_held"]) == (47, 46, 0)
    assert [item["line"] for item in report["rejected"]] == [48]
    assert Path(report["rejects_file"]).exists()
    (again,) = run("--json", "add", path).json["files"]
    assert (again["claims_new"], again["claims_held"]) == (0, 46)
    assert run("--json", "add", path, "--dry-run").code == 0


def test_a_dry_run_writes_nothing(run: Run, evidence: Path, tmp_path: Path) -> None:
    assert run("--json", "add", "--dry-run", evidence).json["files"][0]["claims_new"] == 46
    assert list(tmp_path.iterdir()) == []


def test_what_is_exported_and_read_again_adds_nothing(ask: Run, picture: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    shutil.copy(picture, copy)
    out = ask("--json", "export", "--as", "csv", "--out", "out.csv").json
    assert out["claims"] == 46
    (report,) = ask("--json", "-p", copy, "add", out["file"]).json["files"]
    assert (report["claims_new"], report["claims_held"], report["rejected"]) == (0, 46, [])


def test_judging_is_reversible(ask: Run, picture: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    shutil.copy(picture, copy)

    def members() -> list[str]:
        return list(ask("--json", "-p", copy, "show", "hillbank").json["entity"]["members"])

    judged = ask(
        "--json", "-p", copy, "judge", "hillbank", "hillbank-arden", "same", "--why", "one seat", "--who", "me"
    ).json
    assert (judged["verdict"], judged["who"], judged["contradictions"]) == ("same", "me", [])
    assert members() == ["hillbank", "hillbank-arden"]
    undone = ask("--json", "-p", copy, "unjudge", "hillbank", "hillbank-arden", "--why", "two seats").json
    assert (set(undone), undone["undone"]) == (set(COMMANDS["unjudge"].fields), 1)
    assert members() == ["hillbank"]


def test_a_retracted_claim_is_gone_and_still_known_of_then(ask: Run, picture: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    shutil.copy(picture, copy)
    before = ask("--json", "-p", copy, "stats").json
    owned = ask("--json", "-p", copy, "ask", "relations", "northgate", "--predicate", "owns").json["answers"]
    claim = next(name for row in owned if row["from"] == "northgate-holding" for name in row["claims"])
    taken = ask("--json", "-p", copy, "retract", claim, "--why", "misread").json
    assert (set(taken), taken["retracted"]) == (set(COMMANDS["retract"].fields), 1)
    assert ask("--json", "-p", copy, "stats").json["claims"] == 45
    assert ask("--json", "-p", copy, "stats", "--known-at", before["known_at"]).json["claims"] == 46
    now = ask("--json", "-p", copy, "stats").json["known_at"]
    changed = ask("--json", "-p", copy, "diff", "--known-from", before["known_at"], "--known-to", now).json
    assert [row["id"] for row in changed["claims"]["removed"]] == [claim]


def test_diff_tells_what_began_and_ended(ask: Run) -> None:
    found = ask("--json", "diff", "--from", "2015", "--to", "2020").json
    assert (found["from"], found["to"], found["by"]) == ("2015", "2020", "valid")
    assert {"added", "removed", "changed"} <= set(found["relations"])
    began = [(row["subject"], row["predicate"]) for row in found["relations"]["added"]]
    ended = [(row["subject"], row["predicate"]) for row in found["relations"]["removed"]]
    assert ("brightwell", "operates") in began
    assert ended == [("northgate", "operates")]


def test_the_picture_is_taken_from_the_environment(run: Run, picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISTHMUS_PICTURE", str(picture))
    assert run("--json", "stats").json["claims"] == 46
    assert run("--json", "-p", "elsewhere.duckdb", "stats").code == 2


def test_the_default_picture_is_in_the_folder(run: Run, picture: Path, tmp_path: Path) -> None:
    shutil.copy(picture, tmp_path / "picture.duckdb")
    assert run("--json", "stats").json["claims"] == 46


def test_the_version(run: Run) -> None:
    assert run("--version").out == f"isthmus {__version__}\n"
    assert run("--json", "--version").json == {"version": __version__}


def test_a_term_has_all_its_meanings(run: Run) -> None:
    found = run("--json", "vocabulary", "owns").json
    assert [meaning["is"] for meaning in found["meanings"]] == ["predicate"]
    assert set(found) <= set(COMMANDS["vocabulary"].fields)


def test_nothing_that_steers_a_terminal_is_in_json(run: Run, tmp_path: Path) -> None:
    name = "A\u202eB\u009b31m"
    rows = ["subject,predicate,value,source,locator", f"x,name,{name},s,1", "x,kind,company,s,1"]
    (tmp_path / "rows.csv").write_text("\n".join(rows) + "\n", "utf-8")
    added = run("--json", "add", "rows.csv")
    found = run("--json", "show", "x") if added.code == 0 else added
    assert not {"\u202e", "\u009b"} & set(found.out)
    json.loads(found.out)
