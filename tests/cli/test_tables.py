"""Answers for people: doubt is visible, nothing is cut, everything fits the terminal."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from rich.cells import cell_len

from .conftest import DATA, Run

TALLY = ("ask", "tally", "--measure", "posts", "--in", "Tarn Forum", "--by", "country")
GOLDEN = {"tally": TALLY, "show": ("show", "northgate"), "why": ("why", "relations", "Kelda Station")}
ANSWERS = [
    TALLY,
    ("why", *TALLY[1:]),
    ("ask", "tally", "--measure", "company", "--by", "country"),
    ("ask", "relations", "northgate", "--depth", "2"),
    ("why", "relations", "northgate"),
    ("ask", "timeline", "northgate"),
    ("show", "northgate", "--claims"),
    ("show", "Kelda Station"),
    ("find", "n"),
    ("formats",),
    ("sources",),
    ("stats",),
    ("check",),
    ("diff", "--from", "2011", "--to", "2022"),
    ("vocabulary",),
    ("vocabulary", "has_role_in"),
    ("vocabulary", "company"),
    ("vocabulary", "role"),
    ("vocabulary", "posts"),
    ("export", "--as", "graphml", "--out", "out.graphml"),
]


def settled(text: str) -> str:
    """Return what was printed without what differs from run to run: times, and hashes that the vocabulary has a part in."""
    text = re.sub(r"known at [-0-9]{10} [:0-9]{8} UTC", "known at (time)", text)
    return re.sub(r"picture [0-9a-f]{12}", "picture (hash)", text)


@pytest.mark.parametrize("name", GOLDEN)
def test_tables_are_as_they_were(ask: Run, name: str) -> None:
    """Set ISTHMUS_WRITE_GOLDEN=1 to write the files anew; then look at what changed."""
    found = ask(*GOLDEN[name])
    assert (found.code, found.err) == (0, "")
    path = DATA / f"{name}.txt"
    if os.environ.get("ISTHMUS_WRITE_GOLDEN"):
        path.write_text(settled(found.out), "utf-8")
    assert settled(found.out) == path.read_text("utf-8")


@pytest.mark.parametrize("columns", [50, 80, 120])
@pytest.mark.parametrize("words", ANSWERS, ids=" ".join)
def test_lines_fit_the_terminal(ask: Run, words: tuple[str, ...], columns: int) -> None:
    found = ask(*words, columns=columns)
    assert (found.code, found.err) == (0, "")
    assert max(map(cell_len, found.out.splitlines())) <= columns
    assert not re.search(r" +$", found.out, re.MULTILINE), "no line ends in spaces"


@pytest.mark.parametrize("columns", [80, 140])
def test_bounds_are_in_words_and_whole(ask: Run, columns: int) -> None:
    flat = " ".join(ask(*TALLY, columns=columns).out.split())
    for figure in ("34.1 %", "under 9", "more than 1"):
        assert figure in flat
    assert "Arden 15 34.1 % " in flat


def test_a_tally_shows_the_remainder_the_whole_and_why_it_has_no_index(ask: Run) -> None:
    found = ask(*TALLY).out
    assert re.search(r"^in all +44 +100 %", found, re.MULTILINE)
    assert "nobody" in found
    assert "No concentration index (HHI): the share of a holder has no upper bound." in found
    assert "“by its own count”" in ask(*TALLY, columns=140).out


def test_bars_are_solid_for_what_is_certain_and_shaded_for_what_may_be(ask: Run) -> None:
    lines = {line.split()[0]: line for line in ask(*TALLY).out.splitlines() if line.strip()}
    assert "█" in lines["Arden"]
    assert "░" not in lines["Arden"]
    assert "█" not in lines["Brask"]
    assert "░" in lines["Brask"]


def test_show_has_a_section_for_each_thing_known_and_not_known(ask: Run) -> None:
    found = ask("show", "Kelda Station").out
    for part in ("Relations (4)", "  operates (3)", "Timeline (4)", "Not known (2)", "Sources (3)"):
        assert f"\n{part}\n" in found or part in found
    assert "▢▢▢▢▢▢ members of Owners of Kelda Station: 6 of 8 parties are not named" in found
    assert "⊘ Brightwell Cable: operates Kelda Station was looked for and not found" in " ".join(found.split())
    assert "[looked for, not found]" in found


def test_conflicts_stand_side_by_side_with_their_places(ask: Run) -> None:
    found = ask("show", "Northern Link").out
    assert "      Northern Link is active, from 2018-01-26 (press, title)\n" in found
    assert "    ≠ Northern Link is active, from 2018-03 (atlas, p. 10)\n" in found


def test_plans_denials_and_hedges_are_said(ask: Run) -> None:
    found = " ".join(ask("ask", "relations", "northgate").out.split())
    assert "[planned]" in found
    assert "(“reportedly”)" in found
    assert re.search(r"denied Arden owns a part of Northgate Networks.*\[denied\]", found)


def test_ended_relations_have_their_end(ask: Run) -> None:
    assert re.search(r"^ended +Northgate Networks runs Kelda", ask("ask", "relations", "northgate").out, re.MULTILINE)


def test_each_answer_has_its_source_and_place(ask: Run) -> None:
    found = " ".join(ask("ask", "relations", "kelda-station", columns=140).out.split())
    assert "atlas, p. 11, citing harbour-gazette, port-register" in found


def test_the_footer_says_of_which_picture_and_how_many_voices(ask: Run) -> None:
    found = ask(*TALLY, "--as-of", "2021").out
    assert re.search(r"^as of 2021 · known at .* UTC · picture [0-9a-f]{12}$", found, re.MULTILINE)
    assert "3 claims · 2 independent voices · what carries it: isthmus why tally" in found


def test_why_lists_claims_with_their_ids_and_what_the_answer_hangs_on(ask: Run) -> None:
    found = ask("why", *TALLY[1:]).out
    assert re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12} pivotal", found)
    assert "Works without which the answer changes" in found
    assert "try --without atlas" in " ".join(found.split())


def test_show_prints_claim_ids_where_asked(ask: Run) -> None:
    plain, ids = (ask("show", "northgate", *more).out for more in ((), ("--claims",)))
    claims = ask("--json", "show", "northgate").json["relations"]
    assert all(row["id"] in ids for row in claims)
    assert not any(row["id"] in plain for row in claims)


def test_long_lists_stop_and_say_so(run: Run, tmp_path: Path) -> None:
    rows = ["subject,predicate,object,value,source,locator", "hub,name,,Hub,s,1"]
    rows += [f"hub,linked_to,spoke-{number},,s,{number}" for number in range(70)]
    (tmp_path / "many.csv").write_text("\n".join(rows) + "\n", "utf-8")
    assert run("add", "many.csv").code == 0
    short, whole = run("ask", "relations", "hub").out, run("ask", "relations", "hub", "--all").out
    assert short.count("is linked to") == 50
    assert "… and 20 more; --all prints them" in short
    assert whole.count("is linked to") == 70


def test_data_is_never_markup_and_never_steers(run: Run, tmp_path: Path) -> None:
    rows = [
        "subject,predicate,value,source,locator",
        "x,name,[red]A[/red] \u202eB :smile:,s,[bold]1[/bold]",
        "x,kind,company,s,1",
    ]
    (tmp_path / "rows.csv").write_text("\n".join(rows) + "\n", "utf-8")
    assert run("add", "rows.csv").code == 0
    found = run("show", "x").out
    assert "[red]A[/red] ⟨U+202E⟩B :smile:" in found
    assert "\u202e" not in found


def test_without_a_terminal_there_are_no_colours(ask: Run) -> None:
    assert "\x1b" not in ask("show", "northgate").out


def test_add_lists_rejections_with_line_and_reason(run: Run, evidence: Path, tmp_path: Path) -> None:
    bad = "arden,owns,,,,,,,,,,,actual,atlas,,p. 1,,asserts\n"
    (tmp_path / "claims.csv").write_text(evidence.read_text("utf-8") + bad * 12, "utf-8")
    found = run("add", "claims.csv")
    assert found.code == 0
    assert re.search(r"^claims.csv +claims +58 +46 +0 +12 +0$", found.out, re.MULTILINE)
    assert "12 rejected rows:" in found.out
    assert re.search(r"^ +48  \S", found.out, re.MULTILINE)
    assert "… and 2 more" in found.out
    assert "claims.csv.rejects.csv" in found.out
    assert "46 claims added to picture.duckdb." in found.out


def test_a_dry_run_says_that_nothing_was_written(run: Run, evidence: Path) -> None:
    assert "Nothing was written: 46 claims would be new." in run("add", "--dry-run", evidence).out


def test_check_says_ok(ask: Run, picture: Path) -> None:
    found = " ".join(ask("check").out.split())
    assert found.startswith("ok: ")
    assert "46 claims about 12 entities from 3 sources" in found


def test_check_ends_with_1_where_the_file_is_not_whole(
    ask: Run, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ask("--json", "check").json
    broken = {**answer, "ok": False, "problems": [{"severity": "error", "what": "2 claims stand twice"}]}
    monkeypatch.setattr("isthmus.service.check", lambda path: broken)
    assert ask("--json", "check").code == 1
    found = ask("check")
    assert found.code == 1
    assert "error: 2 claims stand twice" in found.out


def test_find_says_what_matched(ask: Run) -> None:
    assert re.search(
        r"^Northgate Networks +company +诺斯盖特网络 \(begins so\) +northgate$", ask("find", "诺斯").out, re.MULTILINE
    )
    assert "קישור שלא הוכרז" in ask("find", "nobody announced").out
    assert "Nothing in this picture is called “zzz”." in ask("find", "zzz").out


def test_diff_says_what_began_ended_and_changed(ask: Run) -> None:
    found = ask("diff", "--from", "2015", "--to", "2020").out
    assert found.startswith("What changed in what held in the world between 2015 and 2020\n")
    assert re.search(r"^ +2019-05 +began +Brightwell Cable runs", found, re.MULTILINE)
    assert re.search(r"^ +2019 +ended +Northgate Networks runs", found, re.MULTILINE)
    assert "Nothing that this picture holds changed." in ask("diff", "--from", "1990", "--to", "1991").out


def test_a_judgement_is_said_and_shown(run: Run, picture: Path, tmp_path: Path) -> None:
    shutil.copy(picture, tmp_path / "picture.duckdb")
    told = run("judge", "hillbank", "hillbank-arden", "unsure", "--why", "no seat given", "--who", "me").out
    assert "hillbank and hillbank-arden may or may not be the same, says me: no seat given" in " ".join(told.split())
    assert "? hillbank may be the same as hillbank-arden: no seat given (me)" in run("show", "hillbank").out
    assert "1 judgement about hillbank and hillbank-arden undone." in run("unjudge", "hillbank", "hillbank-arden").out


def test_a_term_is_explained_with_an_example(ask: Run) -> None:
    found = ask("vocabulary", "owns").out
    assert "For example: “Northgate owns more than a third of Kelda Station”" in found
    listed = ask("vocabulary").out
    for head in ("Kinds of things", "Predicates: ", "Qualifiers", "Units", "Modes and stances"):
        assert f"\n{head}" in listed
