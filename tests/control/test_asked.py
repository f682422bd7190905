"""From a file of claims to the finding: the same answers as the plain definition, for registers with circles and bands."""

from __future__ import annotations

from random import Random

import pytest

from isthmus.lenses import control
from isthmus.model import Finding

from .conftest import HEAVY, Build, Row, Told, commanded, evaluation_of, fact, owns, random_told, share, value


def claims_of(told: list[Told]) -> list[Row]:
    nodes = sorted({item.holder for item in told} | {item.target for item in told})
    rows = [value(f"n{node}", "kind", "company") for node in nodes]
    for item in told:
        one, other = f"n{item.holder}", f"n{item.target}"
        if item.kind.predicate == "owns":
            rows.append(share(one, other, f"{item.low / 100:.2f}", f"{item.high / 100:.2f}"))
        elif item.kind.predicate == "completeness":
            rows.append(value(other, "completeness", "complete", qualifiers="scope=shareholders"))
        else:
            rows.append(fact(one, item.kind.predicate, other))
    return rows


def said(finding: Finding, word: str) -> set[str]:
    return {row["entity"] for row in finding.answers if row["verdict"] == word}


@pytest.mark.parametrize("seed", range(60 if HEAVY else 6))
def test_the_finding_says_what_the_definition_says(build: Build, seed: int) -> None:
    random = Random(seed)
    told = [Told(**{**vars(item), "sure": True}) for item in random_told(random)]
    if not told:
        return
    evaluation = evaluation_of(told)
    certain, possible = (commanded(evaluation, possible=possible) for possible in (False, True))
    picture = build(claims_of(told))
    for node in {item.target for item in told}:
        finding = control.ask(picture, f"n{node}")
        assert said(finding, "controls") == {f"n{one}" for one, other in certain if other == node}
        assert said(finding, "may control") == {f"n{one}" for one, other in possible - certain if other == node}
    for node in {item.holder for item in told}:
        finding = control.ask(picture, by=f"n{node}")
        assert said(finding, "controls") == {f"n{other}" for one, other in certain if one == node}
        assert said(finding, "may control") == {f"n{other}" for one, other in possible - certain if one == node}


def test_a_ring_of_many_is_answered(build: Build) -> None:
    size = 300
    told = [owns(node, (node + 1) % size, 60) for node in range(size)]
    finding = control.ask(build(claims_of(told)), "n0", ultimate=True)
    assert len(finding.to_json()["rings"][0]) == size
    assert len(finding.answers) == size - 1


def test_a_ring_wholly_inside_itself_is_said_and_has_no_economic_owner(build: Build) -> None:
    told = [owns(0, 1, 100), owns(1, 2, 100), owns(2, 0, 100)]
    finding = control.ask(build(claims_of(told)), "n0", profiles=["multiply"])
    assert {row["economic"] for row in finding.answers} <= {None}
    assert finding.to_json()["rings"] == [["n0", "n1", "n2"]]


def test_an_owner_of_all_of_itself_is_no_crash(build: Build) -> None:
    for profiles in (["majority"], ["multiply"], ["control_is_100"], ["any_10"]):
        finding = control.ask(build(claims_of([owns(0, 0, 100), owns(1, 0, 0)])), "n0", profiles=profiles)
        assert "n0" not in {row["entity"] for row in finding.answers if row["verdict"] != "cannot"}


def test_one_who_is_asked_about_twice_says_the_same_and_in_any_order(build: Build) -> None:
    random = Random(9)
    told = [Told(**{**vars(item), "sure": True}) for item in random_told(random)]
    rows = claims_of(told)
    first, second = build(rows), build(random.sample(rows, len(rows)))
    for node in {item.target for item in told}:
        one, again, other = (control.ask(picture, f"n{node}").to_json() for picture in (first, first, second))
        assert one == again
        for row, same in zip(one["answers"], other["answers"], strict=True):
            assert {name: row[name] for name in ("entity", "verdict", "share", "economic", "ultimate")} == {
                name: same[name] for name in ("entity", "verdict", "share", "economic", "ultimate")
            }
