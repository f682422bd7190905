"""In which step of a month a thing falls, where substitutes come later and changes strike at different months."""

from __future__ import annotations

from tests.dependence.worlds import uses

from .asking import Build, ask, row_of


def steps(finding: object, *names: str) -> list[tuple[int, int]]:
    rows = [row_of(finding, name) for name in names]  # type: ignore[arg-type]
    return [(row["from_month"], row["step"]) for row in rows]


def test_who_waits_for_a_substitute_falls_after_what_it_needs(build: Build) -> None:
    picture = build([uses("x", "m"), uses("y", "x"), uses("z", "other")])
    found = ask(picture, "  - fail: m\n  - substitute: {for: m, with: other, after: 4}")
    assert steps(found, "m", "x", "y") == [(0, 0), (0, 1), (0, 2)]
    assert row_of(found, "y")["until_month"] == 4


def test_a_change_of_a_later_month_strikes_nothing_before(build: Build) -> None:
    picture = build([uses("x", "m")])
    found = ask(picture, "  - fail: m\n  - fail: x\n    at: 1")
    assert steps(found, "m", "x") == [(0, 0), (0, 1)]


def test_what_fell_in_an_earlier_month_is_no_cause_of_this_one(build: Build) -> None:
    # s needs one of (a, b): a falls in month 0, b's c falls in month 2, so that s falls two steps after c.
    picture = build([uses("s", "a", "n"), uses("s", "b", "n"), uses("b", "c")])
    found = ask(picture, "  - fail: a\n  - fail: c\n    at: 2")
    assert steps(found, "a", "c", "b", "s") == [(0, 0), (2, 0), (2, 1), (2, 2)]


def test_a_part_lost_before_does_not_hasten_the_fall(build: Build) -> None:
    # half of m is lost in month 0; in month 2 the rest goes by way of k and its c.
    share = {"predicate": "produces", "object": "m", "low": "0.5", "high": "0.5", "unit": "share"}
    picture = build([{"subject": "f", **share}, {"subject": "k", **share}, uses("k", "b"), uses("b", "c")])
    found = ask(picture, "  - fail: f\n  - fail: c\n    at: 2\n\nask: [m, c, b, k]")
    assert [(part["month"], part["left"]["low"]) for part in row_of(found, "m")["course"]] == [(0, 0.5), (2, 0.0)]
    assert steps(found, "c", "b", "k") == [(2, 0), (2, 1), (2, 2)]
