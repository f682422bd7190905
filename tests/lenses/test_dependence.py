"""What a thing depends on: tiers, alternatives, suppliers, and how much is known of each tier."""

from __future__ import annotations

from typing import Any

import pytest

from isthmus.errors import ArgumentError
from isthmus.lenses import dependence
from isthmus.model import Finding
from tests.dependence.worlds import V6, contains, supplies, uses

from .conftest import Build, Row


def tiers(finding: Finding) -> dict[str, int]:
    return {row["entity"]: row["tier"] for row in finding.answers}


def needs(finding: Finding) -> list[tuple[str, int, int, list[str]]]:
    return [
        (need["entity"], need["tier"], need["takes"], [other["entity"] for other in need["alternatives"]])
        for need in finding.extra["needs"]
    ]


def listed(subject: str, value: str) -> Row:
    return {"subject": subject, "predicate": "completeness", "value": value, "qualifiers": "scope=dependencies"}


def test_tiers_and_alternatives(build: Build) -> None:
    finding = dependence.ask(build(V6), "T")
    assert tiers(finding) == {"A": 1, "B": 1, "C": 1, "D": 2, "E": 2}
    assert needs(finding) == [
        ("T", 1, 1, ["A"]),
        ("T", 1, 1, ["B", "C"]),
        ("A", 2, 1, ["D"]),
        ("B", 2, 1, ["D"]),
        ("C", 2, 1, ["E"]),
    ]
    (d,) = [row for row in finding.answers if row["entity"] == "D"]
    assert (d["needed_by"], d["needs"]) == (["A", "B"], 0)
    assert {claim["subject"] for claim in finding.claims.values() if claim["object"] == "D"} == {"A", "B"}


def test_the_depth_is_kept_to_and_the_rest_counted(build: Build) -> None:
    finding = dependence.ask(build(V6), "T", depth=1)
    assert set(tiers(finding)) == {"A", "B", "C"}
    assert finding.limits == ("2 more things lie deeper than 1 tiers",)


def test_what_is_not_known_is_measured(build: Build) -> None:
    rows = [*V6, listed("T", "complete"), listed("A", "incomplete"), listed("B", "unknown")]
    finding = dependence.ask(build(rows), "T")
    assert finding.extra["tiers"] == [
        {"tier": 0, "things": 1, "complete": 1, "incomplete": 0, "unknown": 0, "unsaid": 0},
        {"tier": 1, "things": 3, "complete": 0, "incomplete": 1, "unknown": 1, "unsaid": 1},
        {"tier": 2, "things": 2, "complete": 0, "incomplete": 0, "unknown": 0, "unsaid": 2},
    ]
    assert [(gap.n, gap.of) for gap in finding.gaps] == [(3, 3), (2, 2)]


def test_a_complete_list_without_needs_is_not_a_gap_like_others(build: Build) -> None:
    (gap,) = dependence.ask(build([*V6, listed("E", "complete")]), "E").gaps
    assert gap.kind == "searched"
    (gap,) = dependence.ask(build(V6), "E").gaps
    assert gap.kind == "unknown"


def test_suppliers_stand_with_what_they_supply(build: Build) -> None:
    rows = [uses("a", "chip", need="n"), uses("a", "tube", need="n"), supplies("s", "a", "chip"), uses("a", "gas")]
    finding = dependence.ask(build([*rows, supplies("g", "a", "gas")]), "a")
    (choice,) = [need for need in finding.extra["needs"] if need["need"] == "n"]
    assert [other.get("supplied_by") for other in choice["alternatives"]] == [["s"], None]
    (supply,) = [need for need in finding.extra["needs"] if need.get("supply_of")]
    assert (supply["supply_of"], needs(finding)[-1][3]) == ("gas", ["g"])
    assert tiers(finding) == {"chip": 1, "tube": 1, "s": 1, "gas": 1, "g": 1}


def test_strengths_are_said(build: Build) -> None:
    finding = dependence.ask(build([uses("a", "b", strength="optional"), uses("a", "c")]), "a", strength="all")
    assert {need["alternatives"][0]["entity"]: need["strength"] for need in finding.extra["needs"]} == {
        "b": "optional",
        "c": "required",
    }


def test_circles_end(build: Build) -> None:
    finding = dependence.ask(build([contains("a", "b"), contains("b", "a"), uses("b", "c")]), "a", depth=50)
    assert tiers(finding) == {"b": 1, "c": 2}


def test_why(build: Build) -> None:
    finding = dependence.ask(build([uses("a", "b"), uses("a", "b", source="t"), uses("a", "c")]), "a", why=True)
    support: dict[str, Any] = {row["entity"]: row["support"] for row in finding.answers}
    assert (len(support["b"]["minimal"]), support["b"]["pivotal"], support["b"]["works"]) == (2, [], ["s", "t"])
    assert len(support["c"]["pivotal"]) == 1
    assert finding.sensitivity["flips"] == {"s": ["c"]}


def test_no_tier_is_no_question(build: Build) -> None:
    with pytest.raises(ArgumentError, match="no number of tiers"):
        dependence.ask(build(V6), "T", depth=0)
