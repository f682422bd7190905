"""Scenarios over claims that may not hold: every completion of small pictures lies within the answer, and the answer says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest

from isthmus.lenses.exposure import ask as ask_exposure
from tests.dependence.worlds import Row, uses

from .asking import Build, ask, fates, produces, row_of

CONDITION = "condition=the treaty is signed"


def perhaps(row: Row) -> Row:
    return {**row, "qualifiers": "; ".join(filter(None, [row.get("qualifiers", ""), CONDITION]))}


def completions(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Return the rows with each that holds under a condition there for sure, or not there."""
    choices = [((row,) if CONDITION not in row.get("qualifiers", "") else (None, _sure(row))) for row in rows]
    for chosen in product(*choices):
        yield [row for row in chosen if row is not None]


def _sure(row: Row) -> Row:
    return {**row, "qualifiers": row["qualifiers"].replace(CONDITION, "").strip("; ")}


WORLDS = [
    [uses("works", "a"), perhaps(uses("a", "b")), uses("works", "c", need="n"), perhaps(uses("works", "d", need="n"))],
    [uses("works", "a", need="n"), perhaps(uses("works", "b", need="n")), perhaps(uses("a", "b"))],
    [uses("works", "a"), produces("b", "a", 0.6), perhaps(produces("c", "a", 0.4)), perhaps(uses("works", "c"))],
    [perhaps(uses("works", "b", need="n")), perhaps(uses("works", "c", need="n")), uses("b", "c")],
]


# Who is in no claim of a completion is called so all the same.
NAMED: list[Row] = [{"subject": name, "predicate": "name", "value": name} for name in ("works", "b", "c")]


@pytest.mark.parametrize("rows", WORLDS)
@pytest.mark.parametrize("lost", ["b", "c"])
def test_the_answer_holds_whatever_holds(build: Build, rows: list[Row], lost: str) -> None:
    found = fates(ask(build([*rows, *NAMED]), f"- fail: {lost}"))
    _, low, high = found.get("works", ("survives", 1, 1))
    ends = []
    for whole in completions(rows):
        ends.append(fates(ask(build([*whole, *NAMED]), f"- fail: {lost}")).get("works", ("survives", 1, 1))[1:])
    assert low <= min(end[0] for end in ends) + 1e-9
    assert high >= max(end[1] for end in ends) - 1e-9
    assert (low, high) == pytest.approx((min(end[0] for end in ends), max(end[1] for end in ends)))


def test_a_need_in_doubt_may_fail_and_says_so(build: Build) -> None:
    picture = build([perhaps(uses("works", "part")), uses("shop", "works")])
    found = ask(picture, "- fail: part")
    assert fates(found)["works"] == ("may fail", 0, 1) == fates(found)["shop"]
    (why,) = row_of(found, "works")["because"]
    assert why["doubt"] == ["it is not sure that there is this need"]
    assert "doubt" not in row_of(found, "shop")["because"][0]


def test_an_alternative_in_doubt_is_no_promise_and_carries_nothing(build: Build) -> None:
    rows = [uses("works", "a", need="n"), perhaps(uses("works", "b", need="n")), uses("works", "c", need="n")]
    found = ask(build(rows), "- fail: a\n- fail: c")
    assert fates(found)["works"] == ("may fail", 0, 1)
    assert row_of(found, "works")["because"][0]["doubt"] == ["what is left of it is not sure to help"]
    (left,) = [row for row in ask(build(rows), "- fail: a").extra["survivors"] if row["entity"] == "works"]
    assert [one["entity"] for one in left["carried"][0]["carried_by"]] == ["c"]


def test_a_substitute_helps_where_the_need_is_in_doubt(build: Build) -> None:
    picture = build([perhaps(uses("works", "a")), uses("shop", "b")])
    changes = "- fail: a\n- substitute: {for: a, with: b, after: 6}"
    row = row_of(ask(picture, changes), "works")
    assert row["verdict"] == "may fail"
    assert (row["from_month"], row["until_month"]) == (0, 6)


def test_steps_go_by_what_is_sure(build: Build) -> None:
    """Of a and, perhaps, b the works lives by a, which falls in step 2; b falls in step 1."""
    rows = [
        uses("works", "a", need="n"),
        perhaps(uses("works", "b", need="n")),
        uses("a", "c"),
        uses("c", "x"),
        uses("b", "x"),
    ]
    found = ask(build(rows), "- fail: x")
    assert [row_of(found, name)["step"] for name in ("b", "a", "works")] == [1, 2, 3]
    rows = [perhaps(uses("works", "a", need="n")), *rows[1:]]
    assert row_of(ask(build(rows), "- fail: x"), "works")["step"] == 2


def test_exposure_by_a_need_in_doubt_is_no_certain_one(build: Build) -> None:
    found = ask_exposure(build([perhaps(uses("works", "part")), uses("shop", "works")]), "shop", "part")
    assert found.extra["verdict"] == "may depend"
    assert (found.extra["share"]["low"], found.extra["share"]["high"]) == (0, 1)
    assert [step["certain"] for step in found.extra["paths"][0]["steps"]] == [True, False]
    assert any("binds nobody at the best" in note for note in found.limits)
