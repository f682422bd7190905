"""The finding of control: its shape, its filters, and what each sort of evidence comes to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .conftest import Add, Body, Told, answer, ends, kinds, number, owns, said, verdicts

SHAPE = {
    *("entity", "caption", "kinds", "of", "of_caption", "verdict", "rule", "share", "economic", "direct", "ultimate"),
    *("state", "steps", "path", "jointly", "claims", "sources", "hedges"),
}
STEP = {
    *("from", "from_caption", "to", "to_caption", "predicate", "words", "share", "certain", "claims", "when", "hedges"),
    "sentences",
}
HOLDER = {"entity", "caption", "kinds", "interest", "share", "direct", "claims", "when", "hedges", "state"}
BOUNDED = {"low", "high", "open_low", "open_high", "approx", "unit", "hedge"}
VERDICTS = {"controls", "may control", "cannot", "can block", "influences"}

WORLD = [
    *kinds(land="state", office="public_body", top="company", mid="company", low="company", ann="person"),
    said("land", "controls", "office"),
    said("office", "controls", "top"),
    owns("top", "mid", 0.6, hedge="as reported", valid_from="2020"),
    owns("ann", "mid", 0.3),
    owns("mid", "low", 0.7),
]


def shares_of(found: Body) -> list[Body]:
    """Return every share in the answers and about the holders."""
    rows = [*found["answers"], *found["holders"]]
    rows += [step for row in found["answers"] for step in row["steps"]]
    held = [row.get(name) for row in rows for name in ("share", "economic", "corrected")]
    return [share for share in [*held, found["unaccounted"]] if share is not None]


def test_a_finding_has_every_field_of_its_contract(add: Add, control: Told) -> None:
    found = control(add(WORLD), "low", verb="why")
    asked = found["question"]
    assert (asked["of"], asked["caption"], asked["profiles"]) == ("low", "low", ["majority/1"])
    assert {
        "holders",
        "unaccounted",
        "rings",
        "left_out",
        "rules",
        "gaps",
        "conflicts",
        "sensitivity",
        "limits",
    } <= set(found)
    assert verdicts(found) == {"land": "controls", "office": "controls", "top": "controls", "mid": "controls"}
    for row in found["answers"]:
        assert set(row) >= SHAPE
        assert row["verdict"] in VERDICTS
        assert row["kinds"]
        for step in row["steps"]:
            assert set(step) >= STEP
            assert step["claims"]
        assert row["path"] == [[step["from"], step["predicate"], step["to"], step["claims"]] for step in row["steps"]]
        assert set(row["claims"]) == {name for step in row["steps"] for name in step["claims"]}
        assert set(row["claims"]) <= set(found["claims"])
        assert {found["claims"][name]["source"] for name in row["claims"]} == set(row["sources"])
        assert row["steps"][0]["from"] == row["entity"]
        assert row["steps"][-1]["to"] == "low"
        assert {"minimal", "pivotal", "flips_without", "smallest_change"} <= set(row["support"])
    assert found["holders"]
    assert all(set(row) >= HOLDER for row in found["holders"])
    assert all(set(share) >= BOUNDED and share["unit"] == "share" for share in shares_of(found))
    assert all({"id", "title", "whose", "note"} <= set(rule) for rule in found["rules"])


def test_a_chain_in_order_with_its_words_and_hedges(add: Add, control: Told) -> None:
    row = answer(control(add(WORLD), "low"), "land")
    assert [link[:3] for link in row["path"]] == [
        ["land", "controls", "office"],
        ["office", "controls", "top"],
        ["top", "owns", "mid"],
        ["mid", "owns", "low"],
    ]
    assert [step["words"] for step in row["steps"]] == ["controls", "controls", "owns 60 %", "owns 70 %"]
    assert row["hedges"] == ["as reported"]
    assert row["steps"][2]["when"] == ["from 2020"]
    assert (row["direct"], row["ultimate"], row["state"]) == (False, True, True)


def test_only_the_top_only_states_only_one_party(add: Add, control: Told) -> None:
    picture = add(WORLD)
    assert set(verdicts(control(picture, "low", "--ultimate"))) == {"land"}
    states = control(picture, "low", "--state")
    assert set(verdicts(states)) == {"land", "office", "top", "mid"}
    assert [row["entity"] for row in answer(states, "mid")["state_by"]] == ["land", "office"]
    assert verdicts(control(picture, "low", "--by", "top")) == {"top": "controls"}
    assert verdicts(control(picture, "mid", "--by", "ann")) == {"ann": "cannot"}


def test_what_a_party_controls(add: Add, control: Told) -> None:
    found = control(add(WORLD), None, "--by", "top")
    assert {(row["entity"], row["by"], row["of"], row["verdict"]) for row in found["answers"]} == {
        ("mid", "top", "mid", "controls"),
        ("low", "top", "low", "controls"),
    }
    assert number(answer(found, "low")["share"]) == 0.7


def test_a_party_that_is_nowhere_near_is_said_to_have_nothing(add: Add, control: Told) -> None:
    found = control(add([*WORLD, owns("ann", "other", 0.9)]), "low", "--by", "other")
    assert verdicts(found) in ({}, {"other": "cannot"})
    assert all(row["verdict"] != "controls" for row in found["answers"])


def test_without_a_question_the_whole_picture_is_looked_over(add: Add, control: Told) -> None:
    found = control(add(WORLD), None)
    (row,) = found["answers"]
    assert (row["entity"], row["controls"], row["state"]) == ("land", 4, True)
    assert found["totals"]["left_out"] == 0


# -- dates, record time, sources --------------------------------------------------------------------------------------


def test_a_share_that_changes(add: Add, control: Told) -> None:
    rows = [
        owns("a", "x", 0.6, valid_from="2015", valid_to="2019"),
        owns("a", "x", 0.2, valid_from="2020"),
        owns("b", "x", 0.7, valid_from="2020"),
    ]
    picture = add(rows)
    assert verdicts(control(picture, "x", "--as-of", "2018")) == {"a": "controls"}
    assert verdicts(control(picture, "x", "--as-of", "2021")) == {"b": "controls", "a": "cannot"}
    assert verdicts(control(picture, "x")) == {"b": "controls", "a": "cannot"}
    assert verdicts(control(picture, "x", "--as-of", "2014")) == {}


def test_what_was_known_then_and_what_was_taken_back(add: Add, control: Told, told: Told, tmp_path: Path) -> None:
    picture = add([owns("a", "x", 0.6)])
    first = control(picture, "x")
    later = tmp_path / "later.csv"
    later.write_text("subject,predicate,object,low,high,unit,source,locator\nb,owns,a,0.9,0.9,share,t,p. 1\n", "utf-8")
    told(picture, "add", later)
    assert verdicts(control(picture, "x")) == {"b": "controls", "a": "controls"}
    assert verdicts(control(picture, "x", "--known-at", first["known_at"])) == {"a": "controls"}
    (claim,) = answer(first, "a")["claims"]
    told(picture, "retract", claim, "--why", "it was a slip")
    assert verdicts(control(picture, "x")) == {}
    assert verdicts(control(picture, "x", "--known-at", first["known_at"])) == {"a": "controls"}


def test_a_source_may_be_left_out(add: Add, control: Told) -> None:
    picture = add(
        [owns("a", "x", 0.6, source="one"), owns("b", "a", 0.6, source="two"), owns("c", "x", 0.3, source="two")]
    )
    assert verdicts(control(picture, "x")) == {"b": "controls", "a": "controls", "c": "cannot"}
    assert verdicts(control(picture, "x", "--without", "two")) == {"a": "controls"}
    assert verdicts(control(picture, "x", "--without", "one")) == {"c": "cannot"}


def test_two_sources_that_differ_leave_the_whole_span(add: Add, control: Told) -> None:
    found = control(add([owns("a", "x", 0.6, source="one"), owns("a", "x", 0.4, source="two")]), "x")
    row = answer(found, "a")
    assert (row["verdict"], ends(row["share"])) == ("may control", (0.4, 0.6))
    assert any("that cannot both be" in limit for limit in found["limits"])
    assert set(row["sources"]) == {"one", "two"}


def test_a_holding_that_is_denied_is_not_counted(add: Add, control: Told) -> None:
    found = control(add([owns("a", "x", stance="denies"), owns("b", "x", 0.6)]), "x")
    assert verdicts(found) in ({"b": "controls"}, {"b": "controls", "a": "cannot"})
    assert {row["entity"]: row["denied"] for row in found["holders"]} == {"a": True, "b": False}


def test_a_fact_that_one_source_denies_is_in_doubt(add: Add, control: Told) -> None:
    rows = [said("a", "controls", "x", source="one"), said("a", "controls", "x", source="two", stance="denies")]
    picture = add(rows)
    assert verdicts(control(picture, "x")) == {"a": "may control"}
    assert verdicts(control(picture, "x", "--without", "two")) == {"a": "controls"}


@pytest.mark.parametrize("mode", ["planned", "agreed", "proposed", "attempted", "possible"])
def test_what_is_not_actual_gives_no_control(add: Add, control: Told, mode: str) -> None:
    assert "controls" not in verdicts(control(add([owns("a", "x", 0.6, mode=mode), owns("b", "x", 0.2)]), "x")).values()


# -- shares -----------------------------------------------------------------------------------------------------------


def test_shares_that_cannot_be_are_left_out_and_named(add: Add, control: Told) -> None:
    found = control(add([owns("a", "x", 0.6), owns("b", "x", 0.6), owns("x", "y", 0.9)]), "y")
    assert verdicts(found) == {"x": "controls"}, "what is above x is not passed on"
    (item,) = found["left_out"]
    assert item["entity"] == "x"
    assert "120 %" in item["reason"]
    assert len(item["claims"]) == 2
    of_x = control(add([owns("a", "x", 0.6), owns("b", "x", 0.6)]), "x")
    assert "controls" not in verdicts(of_x).values()
    assert [item["entity"] for item in of_x["left_out"]] == ["x"]
    assert set(of_x["left_out"][0]["claims"]) <= set(of_x["claims"]), "a reader can open the claims that do not fit"


def test_a_share_that_is_not_said_may_be_all_or_nothing(add: Add, control: Told) -> None:
    row = answer(control(add([owns("a", "x")]), "x"), "a")
    assert row["verdict"] == "may control"
    assert row["note"] == "the share of a in x is not said"
    assert row["steps"][0]["certain"] is False


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (">0.5", "1", "controls"),
        (">0.5", "<=0.75", "controls"),
        ("0.5", "0.75", "may control"),
        (">0.25", "0.5", "cannot"),
        (">0.25", "<0.5", "cannot"),
        ("0.25", "0.51", "may control"),
        ("0.5", "0.5", "can block"),
        ("0.50000001", "0.50000001", "controls"),
    ],
)
def test_bands_and_open_ends(add: Add, control: Told, low: str, high: str, word: str) -> None:
    found = control(add([owns("a", "x", low, high.replace("<=", ""))]), "x")
    assert verdicts(found) == {"a": word}


def test_what_nobody_named_holds_is_said_in_words(add: Add, control: Told) -> None:
    found = control(add([owns("a", "x", 0.51), owns("b", "x", 0, 0.18)]), "x")
    assert ends(found["unaccounted"]) == (0.31, 0.49)
    assert any(
        re.fullmatch(r"(between )?31(-| and )49 % of the shares of x are unaccounted for", gap["what"])
        for gap in found["gaps"]
    )


def test_the_others_may_leave_only_control(add: Add, control: Told) -> None:
    closed = {"subject": "x", "predicate": "completeness", "value": "complete", "qualifiers": "scope=shareholders"}
    rows = [owns("a", "x", 0.4, 0.7), owns("b", "x", 0.1, 0.45)]
    assert verdicts(control(add(rows), "x"))["a"] == "may control"
    assert verdicts(control(add([*rows, closed]), "x"))["a"] == "controls"


def test_votes_are_kept_apart_from_shares(add: Add, control: Told) -> None:
    rows = [
        owns("a", "x", 0.1, qualifiers="interest=shareholding"),
        owns("a", "x", 0.6, qualifiers="interest=votingRights"),
        owns("b", "x", 0.9, qualifiers="interest=shareholding"),
        owns("b", "x", 0.4, qualifiers="interest=votingRights"),
    ]
    picture = add(rows)
    found = control(picture, "x")
    assert verdicts(found)["a"] == "controls"
    assert verdicts(found)["b"] != "controls"
    assert {(row["entity"], row["interest"], number(row["share"])) for row in found["holders"]} == {
        ("a", "shareholding", 0.1), ("a", "votingRights", 0.6), ("b", "shareholding", 0.9), ("b", "votingRights", 0.4)
    }  # fmt: skip
    assert not any("no source states votes" in limit for limit in found["limits"])
    row = answer(control(picture, "x", "--profile", "multiply"), "b")
    assert (number(row["share"]), row["met"]) == (0.9, True), "of the profit, the most is another's"


def test_an_indirect_share_is_not_added_to_direct_ones(add: Add, control: Told) -> None:
    rows = [
        owns("a", "x", 0.3),
        owns("a", "m", 0.6),
        owns("m", "x", 0.1),
        owns("a", "x", 0.3, qualifiers="direct=indirect"),
    ]
    row = answer(control(add(rows), "x"), "a")
    assert (row["verdict"], number(row["share"])) == ("cannot", 0.4)


@pytest.mark.parametrize(
    ("quota", "word"), [(0.5, "controls"), (0.6667, "can block"), (0.6, "can block"), (0.5999, "controls")]
)
def test_another_quota(add: Add, control: Told, quota: float, word: str) -> None:
    found = control(add([owns("a", "x", 0.6)]), "x", "--quota", quota)
    row = answer(found, "a")
    assert row["verdict"] == word
    assert row["rule"].startswith("majority/1")
    assert found["rules"][0]["quota"] == quota
