"""Chokepoints: what fails a thing alone or with one other, how that gets there, and what it hangs on."""

from __future__ import annotations

from typing import Any

import pytest

from isthmus.errors import ArgumentError, UnknownEntityError
from isthmus.lenses import chokepoints
from isthmus.model import Finding
from tests.dependence.worlds import V6, contains, supplies, uses

from .conftest import Build


def alone(finding: Finding) -> dict[str, int]:
    return {row["entity"]: row["impact"] for row in finding.answers if row["alone"]}


def row(finding: Finding, *names: str) -> dict[str, Any]:
    (found,) = [row for row in finding.answers if {row["entity"], *row["with"]} == set(names)]
    return dict(found)


def path(found: dict[str, Any]) -> list[tuple[str, list[str], int, int]]:
    return [(step["entity"], step["lost"], step["had"], step["left"]) for step in found["path"]]


def test_v6(build: Build) -> None:
    finding = chokepoints.ask(build(V6), "T", pairs=True, why=True)
    assert alone(finding) == {"D": 4, "A": 2, "T": 1}
    assert {(row["entity"], *row["with"]): row["impact"] for row in finding.answers if not row["alone"]} == {
        ("B", "E"): 4,
        ("B", "C"): 3,
    }
    assert finding.extra["totals"] == {"things": 6, "alone": 3, "impact": 1, "pairs": 2}
    assert path(row(finding, "D")) == [("A", ["D"], 1, 0), ("T", ["A"], 1, 0)]
    assert path(row(finding, "B", "E")) == [("C", ["E"], 1, 0), ("T", ["B", "C"], 2, 0)]
    assert row(finding, "T")["itself"]
    assert row(finding, "T")["path"] == []
    said = {claim["id"]: (claim["subject"], claim["object"]) for claim in finding.claims.values()}
    assert {said[name] for name in row(finding, "D")["support"]["pivotal"]} == {("T", "A"), ("A", "D")}
    # Without one of the alternatives the other is needed, and the two fail T all the same.
    assert {said[name] for name in row(finding, "B", "E")["support"]["pivotal"]} == {("C", "E")}
    assert finding.sensitivity["flips_without"] == ["s"]


def test_over_the_whole_picture(build: Build) -> None:
    finding = chokepoints.ask(build(V6))
    assert alone(finding) == {"D": 4, "A": 2, "E": 2}
    assert (row(finding, "D")["direct"], [step["entity"] for step in row(finding, "D")["examples"]]) == (2, ["A", "B"])
    assert finding.extra["totals"] == {"things": 6, "needs": 5, "alone": 3, "never": 0}
    assert [answer["entity"] for answer in chokepoints.ask(build(V6), limit=2).answers] == ["D", "A"]


def test_two_works_for_one_need_hang_on_neither(build: Build) -> None:
    finding = chokepoints.ask(build([uses("a", "b"), uses("a", "b", source="t")]), "a", why=True)
    assert row(finding, "b")["support"]["pivotal"] == []
    assert finding.sensitivity["flips_without"] == []
    finding = chokepoints.ask(build([uses("a", "b"), uses("b", "c", source="t")]), "a", why=True)
    assert finding.sensitivity["flips"] == {"s": ["b", "c"], "t": ["c"]}


def test_a_loop_of_parts(build: Build) -> None:
    rows = [contains("a", "b"), contains("b", "c"), contains("c", "a"), contains("b", "b")]
    finding = chokepoints.ask(build(rows), "a")
    assert alone(finding) == {"a": 3, "b": 3, "c": 3}
    assert any("needs itself" in limit for limit in finding.limits)
    finding = chokepoints.ask(build(rows), "a", semantics="bootstrap")
    assert finding.answers == ()
    assert "never starts" in finding.gaps[0].what
    assert chokepoints.ask(build(rows), semantics="bootstrap").extra["totals"]["never"] == 3


def test_suppliers_and_the_last_of_two(build: Build) -> None:
    rows = [uses("a", "chip"), supplies("s1", "a", "chip"), supplies("s2", "a", "chip")]
    finding = chokepoints.ask(build(rows), "a", pairs=True)
    assert alone(finding) == {"chip": 2, "a": 1}
    (step,) = row(finding, "s1", "s2")["path"]
    assert (step["supply_of"], step["lost"], step["left"]) == ("chip", ["s1", "s2"], 0)


def test_strength(build: Build) -> None:
    rows = [uses("a", "b"), uses("a", "c", strength="optional")]
    assert set(alone(chokepoints.ask(build(rows), "a"))) == {"a", "b"}
    assert set(alone(chokepoints.ask(build(rows), "a", strength="optional"))) == {"a", "b", "c"}


def test_what_is_not_there(build: Build) -> None:
    picture = build([*V6, {"subject": "lone", "predicate": "name", "value": "Lone"}])
    finding = chokepoints.ask(picture, "Lone")
    assert finding.answers == ()
    assert "nothing is held about what Lone needs" in finding.gaps[0].what
    with pytest.raises(UnknownEntityError):
        chokepoints.ask(picture, "nobody")
    empty = chokepoints.ask(build([{"subject": "lone", "predicate": "name", "value": "Lone"}]))
    assert (empty.answers, len(empty.gaps)) == ((), 1)


@pytest.mark.parametrize(
    "asked", [{"pairs": True}, {"semantics": "sideways"}, {"strength": "strong"}, {"limit": 0}], ids=str
)
def test_questions_that_are_none(build: Build, asked: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError):
        chokepoints.ask(build(V6), **asked)


def test_what_falls_only_with_the_thing_itself_was_left_when_its_need_broke(build: Build) -> None:
    # y needs two of three; b2 and b3 rest on d, and b1 on y itself: one was left when the need broke.
    alternatives = [uses("y", name, need="n", at_least=2) for name in ("b1", "b2", "b3")]
    finding = chokepoints.ask(build([*alternatives, uses("b2", "d"), uses("b3", "d"), uses("b1", "y")]), "y")
    assert alone(finding) == {"d": 5, "y": 2}
    assert path(row(finding, "d")) == [("b2", ["d"], 1, 0), ("b3", ["d"], 1, 0), ("y", ["b2", "b3"], 3, 1)]
