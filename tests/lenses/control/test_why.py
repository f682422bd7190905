"""What carries a verdict, what it would not stand without, and the new fact that would turn it: each tried by asking again."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..conftest import Row, write_claims
from .conftest import Add, Body, Told, answer, cited, kinds, owns, said, verdicts

CHAIN = [
    owns("p", "a", 0.6, source="one"),
    owns("p", "b", 0.55, source="two"),
    owns("a", "c", 0.3, source="one"),
    owns("b", "c", 0.25, source="two"),
    owns("q", "c", 0.45, source="three"),
]


def support(found: Body, entity: str) -> Body:
    held = answer(found, entity)["support"]
    assert isinstance(held, dict)
    return held


def pairs(found: Body, names: list[str]) -> set[str]:
    return {f"{holder}{held}" for holder, _, held in cited(found, names)}


def test_what_is_pivotal_falls_when_it_is_taken_back(add: Add, control: Told, told: Told) -> None:
    rows = [*CHAIN, owns("p", "c", 0.21, source="one")]
    rows[4] = owns("q", "c", 0.24, source="three")
    found = control(add(rows), "c", verb="why")
    held = support(found, "p")
    assert held["exact"] is True
    assert pairs(found, held["pivotal"]) == {"pa", "ac"}
    for row in rows:
        left = [other for other in rows if other is not row]
        word = verdicts(control(add(left), "c")).get("p")
        assert (word == "controls") == (row["subject"] + row["object"] not in {"pa", "ac"})


def test_the_smallest_support_carries_the_verdict_alone(add: Add, control: Told) -> None:
    picture = add(CHAIN)
    found = control(picture, "c", verb="why")
    (minimal,) = support(found, "p")["minimal"]
    chosen = pairs(found, minimal)
    alone = [row for row in CHAIN if row["subject"] + row["object"] in chosen]
    assert len(alone) == 4
    assert verdicts(control(add(alone), "c"))["p"] == "controls"
    for row in alone:
        assert verdicts(control(add([other for other in alone if other is not row]), "c")).get("p") != "controls"


def test_a_source_without_which_the_verdict_falls(add: Add, control: Told) -> None:
    picture = add(CHAIN)
    found = control(picture, "c", verb="why")
    assert sorted(support(found, "p")["flips_without"]) == ["one", "two"]
    for source in ("one", "two", "three"):
        flips = verdicts(control(picture, "c", "--without", source)).get("p") != "controls"
        assert flips == (source in support(found, "p")["flips_without"])
    assert found["sensitivity"]["single_source"] == []


def test_two_sources_for_one_share_carry_it_each_alone(add: Add, control: Told) -> None:
    found = control(add([owns("a", "x", 0.6, source="one"), owns("a", "x", 0.6, source="two")]), "x", verb="why")
    assert support(found, "a")["flips_without"] == []
    assert support(found, "a")["pivotal"] == []


def sourced(folder: Path, told: Told, claims: list[Row], sources: dict[str, str]) -> Path:
    """Return a picture of claims beside a description of their sources: each with what it is derived from."""
    folder.mkdir()
    file = write_claims(folder / "claims.csv", claims)
    listed = [f"  - {{id: {name}, title: {name}, derived_from: [{parents}]}}" for name, parents in sources.items()]
    (folder / "claims.source.yaml").write_text("\n".join(["sources:", *listed, ""]), "utf-8")
    told(folder / "picture.duckdb", "add", file)
    return folder / "picture.duckdb"


def test_a_work_derived_from_another_counts_with_it(control: Told, told: Told, tmp_path: Path) -> None:
    """What a reading takes from a register falls with the register."""
    rows = [owns("a", "x", 0.6, source=name) for name in ("register", "reading")]
    apart = sourced(tmp_path / "apart", told, rows, {"register": "", "reading": ""})
    assert support(control(apart, "x", verb="why"), "a")["flips_without"] == []
    derived = sourced(tmp_path / "derived", told, rows, {"register": "", "reading": "register"})
    assert "register" in support(control(derived, "x", verb="why"), "a")["flips_without"]


def test_a_reading_of_two_works_does_not_make_them_one(control: Told, told: Told, tmp_path: Path) -> None:
    rows = [owns("a", "x", 0.6, source=name) for name in ("one", "two")] + [owns("b", "x", 0.1, source="reading")]
    picture = sourced(tmp_path / "both", told, rows, {"one": "", "two": "", "reading": "one, two"})
    found = control(picture, "x", verb="why")
    assert support(found, "a")["flips_without"] == []
    assert found["sensitivity"]["flips_without"] == [], "each of the two carries it alone"


# -- the smallest new fact --------------------------------------------------------------------------------------------


def with_fact(rows: list[Row], change: Body) -> list[Row]:
    """Return rows with a share said anew, as the change words it."""
    share = change["share"]
    ends = {
        "low": (">" if share["open_low"] else "") + f"{share['low']:.10g}",
        "high": "" if share["high"] is None else ("<" if share["open_high"] else "") + f"{share['high']:.10g}",
    }
    kept = [row for row in rows if (row["subject"], row["object"]) != (change["from"], change["to"])]
    return [*kept, owns(change["from"], change["to"], ends["low"], ends["high"])]


@pytest.mark.parametrize(
    ("rows", "of", "party", "after"),
    [
        ([owns("a", "x", 0.6)], "x", "a", {"may control", "can block", "cannot"}),
        (CHAIN, "c", "p", {"may control", "can block", "cannot"}),
        ([owns("a", "x")], "x", "a", {"controls"}),
        ([owns("a", "x", 0.4, 0.6)], "x", "a", {"controls"}),
        ([owns("a", "m"), owns("m", "x", 0.8)], "x", "a", {"controls"}),
        ([owns("a", "x", 0.3), owns("b", "x", 0.2)], "x", "a", {"controls"}),
        ([owns("a", "m", 0.6), owns("m", "x", 0.2), owns("b", "x", 0.3)], "x", "a", {"controls"}),
    ],
)
def test_the_smallest_change_turns_the_verdict(
    add: Add, control: Told, rows: list[Row], of: str, party: str, after: set[str]
) -> None:
    found = control(add(rows), of, "--by", party, verb="why")
    before = answer(found, party)["verdict"]
    change = support(found, party)["smallest_change"]
    assert change["words"]
    turned = answer(control(add(with_fact(rows, change)), of, "--by", party), party)["verdict"]
    assert turned != before
    assert turned in after


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([owns("a", "x", 0.6)], "that the share of a in x is no more than 50 %"),
        ([owns("a", "x", 0.3)], "that the share of a in x is more than 50 %"),
        ([owns("a", "x")], "that the share of a in x is more than 50 %"),
    ],
)
def test_the_smallest_change_in_words(add: Add, control: Told, rows: list[Row], words: str) -> None:
    assert support(control(add(rows), "x", verb="why"), "a")["smallest_change"]["words"] == words


def test_a_fact_is_turned_by_its_end(add: Add, control: Told) -> None:
    change = support(control(add([said("a", "controls", "x")]), "x", verb="why"), "a")["smallest_change"]
    assert "ended, or is withdrawn" in change["words"]
    assert (change["from"], change["to"]) == ("a", "x")


def test_no_change_is_offered_that_the_other_holders_forbid(add: Add, control: Told) -> None:
    """a has 30 % and b 60 %: that a had more than half would contradict what is held about b."""
    rows = [owns("a", "x", 0.3), owns("b", "x", 0.6)]
    change = support(control(add(rows), "x", verb="why"), "a")["smallest_change"]
    assert "none that fits what is held" in change["words"]
    assert "share" not in change


def test_the_membership_that_makes_a_group_is_cited(add: Add, control: Told) -> None:
    rows = [
        owns("p2", "x", 0.35),
        owns("p3", "x", 0.25),
        said("p2", "member_of", "kin"),
        said("p3", "member_of", "kin"),
    ]
    found = control(add([*kinds(kin="group"), *rows]), "x", verb="why")
    assert pairs(found, support(found, "kin")["pivotal"]) >= {"p2x", "p3x"}


def test_the_agreement_that_makes_a_concert_is_pivotal(add: Add, control: Told) -> None:
    rows = [owns("a", "x", 0.3), owns("b", "x", 0.25), said("a", "acts_with", "b")]
    found = control(add(rows), "x", verb="why")
    assert pairs(found, support(found, "a")["pivotal"]) >= {"ax", "bx"}
