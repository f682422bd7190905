"""Vector V6 of the notes on algorithms, worked by hand, and trying everything on small graphs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.errors import ArgumentError
from isthmus.kernels.dependence.failures import (
    Semantics,
    distinct,
    failed_by,
    failing_order,
    impact,
    starting_order,
    weakened,
)
from isthmus.kernels.dependence.graph import Needs
from tests.kernels.dependence.graphs import BOTH, CASES, V6, B, D, E, Small, T, needs_of, smalls

MANY = 100_000


@pytest.mark.parametrize("semantics", BOTH)
def test_impacts_of_v6(semantics: Semantics) -> None:
    found = impact(V6.build(), semantics)
    assert {name: found[node] for name, node in zip("TABCDE", range(6), strict=True)} == {
        "T": 1,
        "A": 2,
        "B": 1,
        "C": 1,
        "D": 4,
        "E": 2,
    }


def test_failure_of_v6_goes_in_rounds() -> None:
    assert failing_order(V6.build(), [D]).tolist() == [2, 1, 1, -1, 0, -1]
    assert failing_order(V6.build(), [B, E]).tolist() == [2, -1, 0, 1, -1, 0]


def test_v6_starts_in_rounds() -> None:
    assert starting_order(V6.build()).tolist() == [2, 1, 1, 1, 0, 0]
    assert starting_order(V6.build(), [E]).tolist() == [2, 1, 1, -1, 0, -1]


def test_needs_of_v6_that_hold_with_less() -> None:
    needs = V6.build()
    found = weakened(needs, failed_by(needs, [E]))
    assert needs.subjects[found.needs].tolist() == [T]
    assert (found.had.tolist(), found.left.tolist(), found.spare.tolist()) == ([2], [1], [0])


def test_a_loop_keeps_itself_going_and_never_starts() -> None:
    loop = needs_of(3, [(0, 1, [1]), (1, 1, [2]), (2, 1, [0])]).build()
    assert impact(loop).tolist() == [3, 3, 3]
    assert not failed_by(loop, []).any()
    assert failed_by(loop, [], "bootstrap").all()
    assert impact(loop, "bootstrap").tolist() == [0, 0, 0]


def test_a_loop_that_one_outside_starts_stops_with_it_only_at_the_start() -> None:
    # 0 and 1 need one another; 2 can take the place of 1.
    loop = needs_of(3, [(0, 1, [1, 2]), (1, 1, [0])]).build()
    assert impact(loop).tolist() == [2, 1, 1]
    assert impact(loop, "bootstrap").tolist() == [2, 1, 3]


def test_a_node_meets_its_own_need_while_it_works() -> None:
    own = needs_of(3, [(0, 1, [0, 1]), (2, 2, [0, 1, 2])]).build()
    assert impact(own).tolist() == [1, 1, 1]
    assert failed_by(own, [0, 1]).tolist() == [True, True, True]
    assert failed_by(own, [1], "bootstrap").tolist() == [True, True, True]


def test_what_can_never_hold_fails_with_nothing_failed() -> None:
    broken = needs_of(4, [(0, 2, [1]), (2, 1, [0]), (3, 1, [1])]).build()
    for semantics in BOTH:
        assert failed_by(broken, [], semantics).tolist() == [True, False, True, False]
        assert impact(broken, semantics).tolist() == [0, 2, 0, 1]


def test_a_threshold_fails_when_too_few_are_left() -> None:
    gate = needs_of(4, [(0, 2, [1, 2, 3])]).build()
    assert impact(gate).tolist() == [1, 1, 1, 1]
    assert failed_by(gate, [1, 2]).tolist() == [True, True, True, False]
    assert weakened(gate, failed_by(gate, [3])).spare.tolist() == [0]


def test_a_chain_under_a_circle_of_gates_is_not_counted_twice() -> None:
    # 1 alone fails 0, and 0 takes both alternatives of 2, which alone fails 1: a circle that edges do not show.
    circle = needs_of(5, [(0, 1, [1]), (3, 1, [0]), (4, 1, [0]), (2, 1, [3, 4]), (1, 1, [2])])
    assert impact(circle.build()).tolist() == [5, 5, 5, 1, 1] == circle.impact("operating")


def test_what_failed_before_was_not_there_to_be_lost() -> None:
    needs = needs_of(5, [(0, 1, [1, 2, 3]), (1, 2, [4])]).build()
    before = failed_by(needs, [])
    found = weakened(needs, failed_by(needs, [2]), before)
    assert (found.had.tolist(), found.left.tolist()) == ([2], [1])
    assert weakened(needs, before, before).needs.size == 0


def test_alternatives_of_one_holder_are_one() -> None:
    needs = needs_of(5, [(0, 1, [1, 2, 3]), (1, 1, [4])]).build()
    assert distinct(needs, [0, 7, 7, 7, 4]).tolist() == [1, 1]
    assert distinct(needs, [0, 7, 7, 8, 4]).tolist() == [2, 1]


@settings(max_examples=CASES)
@given(smalls(), st.sampled_from(BOTH))
def test_impact_is_what_trying_each_gives(small: Small, semantics: Semantics) -> None:
    assert impact(small.build(), semantics).tolist() == small.impact(semantics)


@settings(max_examples=CASES)
@given(smalls(), st.sampled_from(BOTH), st.data())
def test_a_set_fails_what_trying_gives(small: Small, semantics: Semantics, data: st.DataObject) -> None:
    nodes = data.draw(st.frozensets(st.integers(0, small.nodes - 1)))
    found = failed_by(small.build(), sorted(nodes), semantics)
    assert set(np.flatnonzero(found).tolist()) == small.failed(nodes, semantics)


@settings(max_examples=CASES)
@given(smalls(), st.data())
def test_each_round_follows_from_those_before(small: Small, data: st.DataObject) -> None:
    nodes = data.draw(st.frozensets(st.integers(0, small.nodes - 1)))
    when = failing_order(small.build(), sorted(nodes)).tolist()
    never = {subject for subject, least, others in small.needs if len(others) < least}
    due, failed = set(nodes) | never, set[int]()
    for number in range(small.nodes + 1):
        assert {node for node, at in enumerate(when) if at == number} == due
        failed |= due
        due = {s for s, least, others in small.needs if s not in failed and len(others - failed) < least}


@settings(max_examples=CASES)
@given(smalls())
def test_what_fails_in_operation_fails_at_the_start(small: Small) -> None:
    needs = small.build()
    for node in range(small.nodes):
        assert (failed_by(needs, [node]) <= failed_by(needs, [node], "bootstrap")).all()


@pytest.mark.parametrize("semantics", BOTH)
def test_large_shapes(semantics: Semantics) -> None:
    node, none, hub = np.arange(MANY), np.zeros(MANY, np.int64), np.zeros(MANY - 1, np.int64)
    chain = Needs.build(MANY, node[:-1], none[1:], node[1:])
    assert np.array_equal(impact(chain, semantics), node + 1)
    spokes = Needs.build(MANY, hub, node[1:], node[1:])  # the hub needs all of them
    assert np.array_equal(impact(spokes, semantics), np.where(node == 0, 1, 2))
    choice = Needs.build(MANY, hub, hub, node[1:])  # the hub needs one of them
    assert (impact(choice, semantics) == 1).all()
    base = Needs.build(MANY, node[1:], hub, hub)  # all of them need the hub
    assert np.array_equal(impact(base, semantics), np.where(node == 0, MANY, 1))
    ring = Needs.build(MANY, node, none, (node + 1) % MANY)
    assert (impact(ring, semantics) == (MANY if semantics == "operating" else 0)).all()


@pytest.mark.parametrize("semantics", BOTH)
def test_next_to_nothing(semantics: Semantics) -> None:
    assert impact(Needs.build(0, [], [], []), semantics).tolist() == []
    assert failed_by(Needs.build(0, [], [], []), [], semantics).tolist() == []
    assert impact(Needs.build(1, [], [], []), semantics).tolist() == [1]
    assert impact(Needs.build(1, [0], [0], [0]), semantics).tolist() == [1 if semantics == "operating" else 0]


@pytest.mark.parametrize("semantics", BOTH)
def test_what_is_no_node_is_refused(semantics: Semantics) -> None:
    with pytest.raises(ArgumentError, match="6 is not between 0 and 5"):
        failed_by(V6.build(), [6], semantics)


@pytest.mark.parametrize("semantics", BOTH)
def test_the_numbering_of_nodes_changes_no_impact(semantics: Semantics) -> None:
    random = np.random.default_rng(5)
    size, rows = 400, 900
    subject, number, other = random.integers(0, size, rows), random.integers(0, 2, rows), random.integers(0, size, rows)
    found = impact(Needs.build(size, subject, number, other), semantics)
    assert found.max() > 3
    order = random.permutation(size)
    again = impact(Needs.build(size, order[subject], number, order[other]), semantics)
    assert np.array_equal(again[order], found)
