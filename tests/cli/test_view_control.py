"""Control on the terminal: the sentence, the tree, the tables and everything doubtful, as wide as the terminal."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from isthmus.cli.call import Call
from isthmus.cli.screen import Screen
from isthmus.cli.views import control, points_of_control
from isthmus.cli.views.control_words import sentence, share_words
from tests import control_findings as samples
from tests.control_findings import Body, answer, finding, holder, share, step

MADE: dict[str, Callable[[], Body]] = {
    "port": samples.port,
    "ring": samples.ring,
    "ring of a thousand": lambda: samples.ring(1000),
    "thirty levels": samples.long_chain,
    "forty holders": samples.wide,
    "nothing": samples.nothing,
    "downward": samples.downward,
    "downward as asked": lambda: samples.as_asked_by(samples.downward()),
    "two rules": samples.beside,
    "overview": samples.overview,
    "points": samples.points,
}


def printed(found: Body, width: int = 80, verb: str = "ask", encoding: str = "utf-8", **values: Any) -> str:
    """Return what a person reads of a finding."""
    held = io.BytesIO()
    file = io.TextIOWrapper(held, encoding=encoding, errors="backslashreplace", newline="\n")
    console = Console(file=file, width=width, highlight=False, markup=False, emoji=False, legacy_windows=False)
    call = Call(
        f"isthmus {verb} control",
        ("--of", "x"),
        verb,
        "control",
        Path("p"),
        False,
        {"why": False, "all": False, **values},
    )
    show = points_of_control.show if found["lens"] == "points-of-control" else control.show
    show(Screen(console), found, call)
    file.flush()
    return held.getvalue().decode(encoding)


def flat(text: str) -> str:
    """Return what was printed as one line, without the strokes of the tree."""
    return " ".join(re.sub(r"[│├└─⎧⎪⎨⎩]", " ", text).split())


@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("name", MADE)
def test_lines_fit_the_terminal(name: str, width: int) -> None:
    for values in ({}, {"verb": "why"}, {"all": True}):
        text = printed(MADE[name](), width, **values)
        assert max(map(cell_len, text.splitlines())) <= width
        assert not re.search(r" +$", text, re.MULTILINE), "no line ends in spaces"


def test_the_tree_of_a_joint_holding() -> None:
    tree = printed(samples.port(), 100).partition("The chain, up to its controllers\n")[2].partition("\n\n")[0]
    assert tree == "\n".join(
        [
            "  Silk Road Information Port Company of Northern Arden",
            "  ├─ together 51-56 % for State Assets Commission of Arden",
            "  │  ⎧ Northgate Networks  owns 30-35 %, from 2019-05",
            "  │  ⎪ └─ State Assets Commission of Arden  owns 60 %, from 2015-03  [controls (ultimate, state",
            "  │  ⎨      body)]",
            "  │  ⎪ Kelda Telecom  owns 21 %, from 2017 (“reportedly”)",
            "  │  ⎩ └─ State Assets Commission of Arden  owns more than 50 %  [controls]",
            "  ├─ Brightwell Holding  owns 4-49 %, seen 2021 [may be]  [may control]",
            "  ├─ Ministry of Links  holds a golden share, from 2020  [can block (state body)]",
            "  ├─ Hillbank  lends to, until 2023  [influences]",
            "  ├─ Ida Holm  has voting rights, share not stated",
            "  └─ ▢ at most 45 % of shares unaccounted",
        ]
    )


def test_a_terminal_of_plain_letters_has_a_plain_tree() -> None:
    tree = printed(samples.ring(), encoding="ascii").partition("controllers\n")[2].partition("\n\n")[0]
    assert "|- Ring Firm 1" in tree
    assert "`- Ring Firm 3" in tree
    assert "^ back to the start of a self-controlled" in tree


def test_one_sentence_answers() -> None:
    assert sentence(samples.port()) == (
        "State Assets Commission of Arden, a state body, controls it with 51-56 %, by way of Northgate Networks and Kelda "
        "Telecom; Brightwell Holding may control it; Ministry of Links can block its decisions (rule majority/1)."
    )
    assert sentence(samples.nothing()).startswith("Nobody is known to control it (rule majority/1); that is not to say")
    assert sentence(samples.ring()) == (
        "A self-controlled ring controls it: Ring Firm 1, Ring Firm 2 and Ring Firm 3 (rule majority/1)."
    )
    assert (
        sentence(samples.downward()) == "It controls Daughter 1, Daughter 2, Daughter 3 and 3 more (rule majority/1)."
    )
    assert sentence(samples.beside()) == (
        "Under multiply/1: Nobody is known to control it; that is not to say that nobody does. "
        "Under control_is_100/1: Alpha controls it with 15 %, by way of Beta."
    )
    small = finding("Firm", [answer("A", "Firm", "influences", [step("A", "Firm", share(0.1))])])
    assert sentence(small) == "A only influences it (rule majority/1)."


def test_no_verdict_is_said_that_is_not_there() -> None:
    only = finding("Firm", [answer("A", "Firm", "may control", [step("A", "Firm", share(0.1, 0.6), certain=False)])])
    text = flat(printed(only))
    assert "A may control it" in text
    assert not re.search(r"(?<!may )control(s|led) (it|Firm)", text.replace("who controls Firm", ""))


def test_shares_that_nobody_accounts_for_are_said_with_both_ends() -> None:
    found = finding("Firm", [], holders=[holder("A", share(0.51, 0.69), "Firm")], unaccounted=share(0.31, 0.49))
    assert flat(printed(found)).count("31-49 % of shares unaccounted") == 2
    whole = finding("Firm", [], holders=[holder("A", share(1.0), "Firm")], unaccounted=share(0))
    assert "every share is accounted for" in printed(whole)
    assert "unaccounted" not in printed(whole)


def test_a_share_that_nobody_states_is_not_drawn_as_none() -> None:
    found = finding("Firm", [], holders=[holder("A", None, "Firm"), holder("B", share(0.2), "Firm")])
    rows = {line.split()[0]: line for line in printed(found).splitlines() if line.startswith(("  A ", "  B "))}
    assert "not stated" in rows["A"]
    assert "█" in rows["B"]
    assert "A owns, share not stated" in flat(printed(found))


def test_the_nominal_form_stands_beside_the_traced_control() -> None:
    text = flat(printed(samples.port()))
    assert "declared an alliance of firms register" in text
    assert "≠ traced State Assets Commission of Arden controls it (public body)" in text
    same = samples.port()
    same["nominal"]["differs"] = False
    assert "≠ traced" not in flat(printed(same))


def test_rules_stand_side_by_side_and_each_is_named() -> None:
    text = printed(samples.beside())
    assert re.search(r"^ +who +multiply/1 +control_is_100/1$", text, re.MULTILINE)
    assert re.search(r"^ +Alpha +9 % · not met +15 % · met$", text, re.MULTILINE)
    many = samples.beside()
    many["beside"][0]["by_rule"] = {
        f"rule_{number}/1": {"share": share(number / 100), "met": None, "verdict": "may control"} for number in range(9)
    }
    assert re.search(r"^ +rule_8/1 +8 % · may be met$", printed(many), re.MULTILINE), (
        "each has a line where all do not fit"
    )


def test_what_is_left_out_doubtful_and_bounding_is_said() -> None:
    text = printed(samples.port())
    for part in (
        "Left out: their shares cannot be completed (1)\n  · Tarn Cable: its holders have 112 % at least",
        "Not known (1)\n  ▢▢▢▢▢▢ six of eight owners are not named",
        "Conflicts (1)\n  the share of Kelda Telecom\n      21 %\n    ≠ 24 %",
        "Mind that\n  · shares of votes",
        "  · majority/1 more than half of the shares, company law",
    ):
        assert part in text
    assert "8 claims · 1 independent voice · what carries it: isthmus why control --of x" in flat(text)


def test_a_ring_ends_and_is_named() -> None:
    text = flat(printed(samples.ring()))
    assert "↻ back to the start of a self-controlled ring" in text
    assert "Ring Firm 1 → Ring Firm 2 → Ring Firm 3 → Ring Firm 1: nobody outside controls it" in text
    long = flat(printed(samples.ring(1000)))
    assert "→ … and 994 more: nobody outside controls it" in long


def test_deep_branches_go_on_below() -> None:
    text = printed(samples.long_chain(), 60)
    for number in range(1, 31):
        assert f"Level {number} Holding" in text
    assert text.count("(continued below)") + text.count("below)") >= text.count("(from above)") > 1


def test_a_very_long_ring_is_not_printed_whole_unless_asked_for() -> None:
    found = samples.ring(1000)
    short, whole = printed(found), printed(found, all=True)
    assert "(… goes on; --all prints it)" in flat(short)
    assert len(short.splitlines()) < 150
    assert "Ring Firm 500  owns 60 %" in whole
    assert "goes on" not in whole


def test_many_holders_are_cut_and_counted() -> None:
    found = samples.wide()
    tree = printed(found).partition("controllers\n")[2].partition("\n\n")[0]
    assert "… and 28 more; --all prints them" in tree
    assert tree.count("Holder Number") == 12
    assert printed(found, all=True).partition("controllers\n")[2].partition("\n\n")[0].count("Holder Number") == 40


def test_why_lists_each_set_of_claims_and_what_would_change_it() -> None:
    found = samples.port()
    north, tele = (
        f"c-{name}-{found['question']['of']}".replace(" ", "-") for name in ("northgate networks", "kelda telecom")
    )
    found["answers"][0]["support"] = {
        "minimal": [[north, tele], [tele]],
        "pivotal": [tele],
        "flips_without": ["register"],
        "smallest_change": {"words": "Kelda Telecom holds under 15 %"},
    }
    text = flat(printed(found, verb="why"))
    assert "either these 2 claims together:" in text
    assert "or this claim alone:" in text
    assert f"{tele} pivotal · Kelda Telecom owns a part of" in text
    assert f"{north} pivotal" not in text
    assert "without register the verdict changes" in text
    assert "the smallest new fact that would change it: Kelda Telecom holds under 15 %" in text
    assert "its support is not worked out" in text, "the others were not"
    assert "what carries it:" not in text
    assert flat(printed(found, why=True)) == text.replace("isthmus why", "isthmus ask")


def test_points_of_control_list_every_channel() -> None:
    text = printed(samples.points(), 100)
    assert "Held: equity, board; may be held: golden share; 5 channels of 10 unknown." in flat(text)
    rows = {line.split("  ")[0]: line for line in text.splitlines()}
    assert "held" in rows["equity"]
    assert "▢ unknown" in rows["votes"]
    assert "⊘ searched" in rows["party body"]
    assert "denied" in rows["finance"]
    assert "Arden State Firm [state body]: holds 1 % and a seat on the board, from 2021-04 (“reportedly”)" in flat(
        text
    ).replace(" press, p. 3", "")
    assert "behind it: council of arden" in text
    assert "Not known" not in text, "a channel that is unknown is a row and not said twice"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (None, "nothing"),
        (share(0, 1), "nothing"),
        (share(0.5, 1, over=True), "more than 50 %"),
        (share(0.31, 0.49), "31-49 %"),
        (share(0.15), "15 %"),
        ({"low": None, "high": 0.2, "open_high": True}, "under 20 %"),
        (share(0, 1, under=True), "under 100 %"),
        (share(0, 1, over=True), "a part"),
        (share(0, 1, over=True, under=True), "a part"),
        (share(1e-9, 1), "a part"),
    ],
)
def test_shares_in_words(body: Body | None, said: str) -> None:
    assert share_words(body, "nothing") == said


def test_what_one_party_controls_is_about_the_things() -> None:
    found = samples.as_asked_by(samples.downward())
    found["answers"][0]["state"] = True
    text = printed(found)
    assert text.startswith("what Top Group controls\nIt controls Daughter 1, Daughter 2, Daughter 3 and 3 more")
    assert "  ├─ Daughter 1  owns 55 %  [controls]" in text, "it is not the thing that is a state body"
    assert "Grandchild  owns 40 % (with Daughter 2: 60 % together)" in text
    assert re.search(r"^ +Grandchild +controls +60 %$", text, re.MULTILINE)


def test_without_a_question_about_somebody_those_at_the_top_are_listed() -> None:
    text = printed(samples.overview())
    assert text.startswith(
        "who controls most in this picture\nAmong 5,000 parties with 6,000 holdings there are 1,203 pairs"
    )
    assert re.search(r"^ +Arden \[state body\] +state +1,200 +2,400$", text, re.MULTILINE)


def test_who_is_directed_by_a_state_is_marked_by_name_and_how_surely() -> None:
    found = samples.port()
    by = [{"entity": "arden", "caption": "Arden"}]
    found["answers"][1] |= {"state": None, "state_by": by}
    found["answers"][3] |= {"state": True, "state_by": by}
    text = flat(printed(found, 140))
    assert "[may control (may be directed by Arden)]" in text
    assert "[influences (directed by Arden)]" in text


def test_a_step_that_only_bounds_is_no_part_of_the_sum() -> None:
    steps = [step("A", "Firm", share(0.5, 1, over=True)), step("B", "Firm", share(0, 0.49), bounding=True)]
    text = printed(finding("Firm", [answer("A", "Firm", "controls", steps, share=share(0.51, 1))]))
    assert "together" not in text
    assert "├─ A  owns more than 50 %  [controls]" in text


def test_a_denied_holder_is_said_to_be_and_is_not_in_the_tree() -> None:
    text = printed(
        finding("Firm", [], holders=[holder("A", share(0.6), "Firm", denied=True), holder("B", share(0.1), "Firm")])
    )
    assert "A [denied]" in text
    assert "A  owns" not in text
    assert "B  owns 10 %" in text


def test_lists_duties_and_weaker_ties_are_said() -> None:
    found = samples.port()
    found["answers"][0] |= {
        "designated": [{"by": "us", "by_caption": "Brask", "as": "list 7", "from": "<=2021", "claims": []}],
        "disclose": None,
        "also": ["influences"],
    }
    found["nominal"]["ties"] = [
        {"entity": "a", "caption": "A", "sentence": f"It is linked to A{at}", "claims": []} for at in range(9)
    ]
    text = flat(printed(found))
    assert "listed by Brask as list 7 from by 2021" in text
    assert "may have to be disclosed" in text
    assert "also influences" in text
    assert "tied to It is linked to A0" in text
    assert "… and 3 more ties; --json has them in full" in text


def test_why_says_on_which_works_all_hangs() -> None:
    found = samples.port()
    found["sensitivity"] = {
        "single_source": ["register", "copy"],
        "flips_without": ["register"],
        "flips": {"register": ["A controls B"]},
    }
    text = flat(printed(found, verb="why"))
    assert "rests on nothing but register and copy, which count as one" in text
    assert "· register (Register of Arden): A controls B; try --without register" in text
    assert "without register" not in flat(printed(found)).replace("try --without register", "")


def test_points_say_who_stands_behind_and_what_counts_in_no_channel() -> None:
    found = samples.points()
    found["captions"] = {"council of arden": "Council of Arden"}
    row = found["answers"][0]["holders"][0]
    found["answers"][0]["holders"] = [
        {**row, "standing": "past", "state": "directed by a public body",
         "behind": [{"entity": "council of arden", "caption": "Council of Arden", "sure": False}]}
    ]  # fmt: skip
    found["aside"] = [{"label": "designates", "why": "a list is no channel", "n": 1, "holders": [{"caption": "Brask"}]}]
    text = flat(printed(found, 200))
    assert "Arden State Firm [directed by a public body]: holds 1 %" in text
    assert "[past]" in text
    assert "behind it: Council of Arden (not sure)" in text
    assert "designates (1): Brask (a list is no channel)" in text


def test_data_is_never_markup_and_never_steers() -> None:
    name = "[red]A[/red] \u202eB \x1b[31m"
    found = finding(name, [answer(name, name, "controls", [step(name, "C", share(0.6)), step("C", name, share(0.6))])])
    text = printed(found)
    assert "[red]A[/red]" in text
    assert "\u202e" not in text
    assert "\x1b" not in text
