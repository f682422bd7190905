"""Scenarios side by side: what one of them does not tell is not taken for what survives in it."""

from __future__ import annotations

from typing import Any

from isthmus.model import Finding
from isthmus.picture import Picture
from isthmus.scenarios.compare import compare
from isthmus.scenarios.reading import parse_scenarios
from isthmus.scenarios.run import suppose
from tests.dependence.worlds import uses

from .asking import Build, kind, located, produces

ROWS = [uses("a", "m"), uses("b", "m"), uses("m", "k")]


def beside(picture: Picture, *texts: str, limit: int = 500) -> Finding:
    findings = []
    for at, text in enumerate(texts):
        (scenario,) = parse_scenarios(f"scenario: s{at}\n{text}\n")
        findings.append(suppose(picture, scenario, limit=limit))
    return compare(findings)


def verdicts(finding: Finding) -> dict[str, list[Any]]:
    return {row["entity"] + row.get("seen", ""): [one["verdict"] for one in row["by"]] for row in finding.answers}


def test_what_one_scenario_does_not_ask_is_not_told_in_it(build: Build) -> None:
    found = beside(build(ROWS), "ask: [a]\nchanges:\n  - fail: m", "changes:\n  - fail: k")
    assert verdicts(found) == {
        "a": ["fails", "fails"],
        "b": [None, "fails"],
        "k": [None, "fails"],
        "m": [None, "fails"],
    }
    untold = next(row for row in found.answers if row["entity"] == "b")["by"][0]
    assert untold == {"scenario": "s0", "verdict": None, "left": None, "not_told": True}


def test_what_was_cut_off_does_not_survive(build: Build) -> None:
    found = beside(build(ROWS), "changes:\n  - fail: k", "changes:\n  - fail: a", limit=2)
    assert verdicts(found) == {"a": [None, "fails"], "k": ["fails", "survives"], "m": ["fails", "survives"]}


def test_what_is_asked_survives_where_nothing_changes(build: Build) -> None:
    found = beside(build(ROWS), "ask: [a]\nchanges: []", "ask: [a]\nchanges:\n  - fail: k")
    assert verdicts(found) == {"a": ["survives", "fails"]}


def test_a_good_as_some_see_it_is_told_where_the_good_is_asked(build: Build) -> None:
    rows = [kind("cn", "state"), kind("jp", "state"), produces("cn", "m", 0.9), located("a", "jp"), uses("a", "m")]
    found = beside(build(rows), "ask: [m]\nchanges: []", "ask: [m]\nchanges:\n  - restrict_export: {of: m, from: cn}")
    assert verdicts(found) == {"m": ["survives", "survives"], "moutside cn": ["survives", "may fail"]}
