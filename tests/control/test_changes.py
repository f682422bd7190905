"""What turns between two dates, and the fewest claims behind it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from isthmus.control import changes
from isthmus.control.changes import ControlChanges
from isthmus.control.profiles import find_profile
from isthmus.lenses.control.changed import control_changes
from isthmus.picture import Picture, Request

from .conftest import Build, Row, fact, share

SOLD = [
    share("a", "x", "0.6", valid_from="2015-01-01", valid_to="2019-06-30"),
    share("b", "x", "0.55", valid_from="2019-07-01"),
    share("p", "a", "0.9", valid_from="2010"),
    share("x", "y", "1", valid_from="2012"),
]


def between(build: Build, rows: Sequence[Row], *days: str) -> tuple[Picture, Picture]:
    first = build(rows, request=Request(as_of=days[0]))
    return first, Picture(first.store, Request(as_of=days[1]))


def told(before: Picture, after: Picture) -> dict[tuple[str, str], tuple[str | None, str | None, frozenset[str]]]:
    found: dict[tuple[str, str], tuple[str | None, str | None, frozenset[str]]] = {}
    entries, _, _ = control_changes(before, after, limit=50)
    claims = {claim.id: claim for claim in after.reader.where("true")}
    claims |= {claim.id: claim for claim in before.reader.where("true")}
    for entry in (entry for sort in entries.values() for entry in sort):
        because = frozenset(f"{claims[name].subject}-{claims[name].object}" for name in entry["claims"])
        earlier = entry["before"]["verdict"] if entry["before"] else None
        found[entry["subject"], entry["object"]] = (earlier, entry["verdict"], because)
    return found


def test_a_sale_turns_control_all_the_way_down(build: Build) -> None:
    found = told(*between(build, SOLD, "2018-01-01", "2020-01-01"))
    # With both stakes the shares of x could not be completed: for b to control it, that of a must end as well.
    gone, come = frozenset({"a-x"}), frozenset({"a-x", "b-x"})
    assert found == {
        ("a", "x"): ("controls", None, gone),
        ("p", "x"): ("controls", None, gone),
        ("a", "y"): ("controls", None, gone),
        ("p", "y"): ("controls", None, gone),
        ("b", "x"): (None, "controls", come),
        ("b", "y"): (None, "controls", come),
    }


def test_only_what_is_needed_is_named(build: Build) -> None:
    rows = [
        share("p", "a", "0.6", valid_from="2010"),
        share("a", "x", "0.3", valid_from="2020-01-01"),
        share("p", "x", "0.25", valid_from="2020-01-01"),
        share("q", "x", "0.1", valid_from="2020-01-01"),
    ]
    found = told(*between(build, rows, "2019-06-01", "2021-06-01"))
    assert found == {("p", "x"): (None, "controls", frozenset({"a-x", "p-x"}))}


def test_a_right_that_ends_leaves_the_stake(build: Build) -> None:
    rows = [
        fact("p", "controls", "x", valid_from="2010", valid_to="2019-12-31"),
        share("p", "x", "0.5", valid_from="2010"),
    ]
    found = told(*between(build, rows, "2019-06-01", "2021-06-01"))
    assert found == {("p", "x"): ("controls", "can block", frozenset({"p-x"}))}


def test_what_is_learned_turns_what_was_known(build: Build) -> None:
    later = build([share("a", "x", "0.6")], [share("a", "x", "0.2", observed="2026-01-01")])
    first, last = (row[0] for row in later.store.rows("SELECT recorded_at FROM batches ORDER BY key"))
    before = Picture(later.store, Request(known_at=first.isoformat() + "Z"))
    after = Picture(later.store, Request(known_at=last.isoformat() + "Z"))
    assert told(before, after) == {("a", "x"): ("controls", None, frozenset({"a-x"}))}


def test_nothing_turns_where_nothing_changed(build: Build) -> None:
    assert told(*between(build, SOLD, "2016-01-01", "2017-01-01")) == {}


def test_what_was_not_compared_is_counted(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "TARGETS", 1)
    monkeypatch.setattr("isthmus.lenses.control.changed.TARGETS", 1)
    before, after = between(build, SOLD, "2018-01-01", "2020-01-01")
    assert len(ControlChanges(before, after, find_profile("majority")).touched) == 2
    _, totals, limits = control_changes(before, after, limit=50)
    assert sum(totals.values()) == 3
    assert limits == ["control of 1 further things that a change can touch was not compared"]
