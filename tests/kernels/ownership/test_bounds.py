"""Vector V5b of the notes on algorithms, and every completion of small networks."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from isthmus.kernels.ownership.bounds import bounded_control, bounded_control_by, held_by
from isthmus.kernels.ownership.holdings import WHOLE, Holdings
from isthmus.kernels.ownership.reach import controlled
from tests.kernels.ownership.networks import CASES, UNIT, Network, networks


def bands(nodes: int, edges: list[tuple[int, int, int, int]], low: int, high: int) -> Holdings:
    """Return holdings of intervals in basis points, all targets with one float."""
    columns = np.array(edges, np.int32).T
    floats = np.full(nodes, low * 10_000, np.int32), np.full(nodes, high * 10_000, np.int32)
    return Holdings(nodes, columns[0], columns[1], columns[2] * 10_000, columns[3] * 10_000, *floats)


def test_v5b_what_others_cannot_hold_is_certain() -> None:
    holdings = bands(4, [(0, 1, 4800, 6200), (3, 1, 2000, 4500)], 0, 0)
    found = bounded_control(holdings)
    assert found.certain.as_set() == {(0, 1)}
    assert found.possible.as_set() == {(0, 1)}
    assert held_by(holdings, [0], 1) == (55_000_000, 62_000_000)
    assert held_by(holdings, [3], 1) == (38_000_000, 45_000_000)
    assert held_by(holdings, [0, 3], 1) == (WHOLE, WHOLE)


def test_v5b_an_open_float_leaves_nothing_certain() -> None:
    edges = [(0, 1, 4000, 6000), (3, 1, 3000, 4000), (0, 2, 1000, 1000), (1, 2, 4500, 4500)]
    holdings = bands(4, edges, 0, 10_000)
    certain, possible = bounded_control_by(holdings, 0)
    assert certain.tolist() == []
    assert sorted(possible.tolist()) == [1, 2]
    assert bounded_control(holdings).certain.as_set() == set()
    assert bounded_control(holdings).possible.as_set() == {(0, 1), (0, 2)}


def test_two_may_control_what_only_one_can() -> None:
    found = bounded_control(bands(3, [(0, 2, 2500, 7500), (1, 2, 2500, 7500)], 0, 0))
    assert found.certain.as_set() == set()
    assert found.possible.as_set() == {(0, 2), (1, 2)}


def test_many_wide_holdings_run_nothing_over() -> None:
    edges = [(node, 100, 0, 10_000) for node in range(100)]
    found = bounded_control(bands(101, edges, 0, 0))
    assert len(found.certain) == 0
    assert found.possible.as_set() == {(node, 100) for node in range(100)}


def test_what_cannot_be_completed_is_told_as_it_is() -> None:
    holdings = bands(3, [(0, 2, 7000, 9000), (1, 2, 6000, 6000)], 0, 0)
    assert held_by(holdings, [0], 2) == (70_000_000, 90_000_000)
    assert held_by(holdings, [0, 1], 2) == (WHOLE, WHOLE)


@given(networks())
@settings(max_examples=CASES)
def test_exact_shares_leave_nothing_open(network: Network) -> None:
    holdings = network.holdings()
    found = bounded_control(holdings)
    exact = controlled(holdings).as_set()
    assert found.certain.as_set() == exact
    if network.floats is None:
        assert found.possible.as_set() == exact


@given(networks(6, 7, exact=False))
@settings(max_examples=CASES)
def test_certain_and_possible_are_those_of_every_completion(network: Network) -> None:
    assume(network.size() <= 400)
    holdings = network.holdings()
    found = bounded_control(holdings)
    certain: set[tuple[int, int]] | None = None
    possible: set[tuple[int, int]] = set()
    for world in network.worlds():
        sure = network.pairs(world, network.certain)
        certain = sure if certain is None else certain & sure
        possible |= network.pairs(world, network.certain + network.possible)
    assert found.certain.as_set() == certain
    assert found.possible.as_set() == possible
    for source in range(network.nodes):
        one_certain, one_possible = bounded_control_by(holdings, source)
        assert {(source, node) for node in one_certain.tolist()} == {
            pair for pair in certain or () if pair[0] == source
        }
        assert {(source, node) for node in one_possible.tolist()} == {pair for pair in possible if pair[0] == source}


@given(networks(5, 6, exact=False), st.data())
@settings(max_examples=CASES)
def test_what_members_hold_is_between_the_least_and_most_of_every_completion(
    network: Network, data: st.DataObject
) -> None:
    target = data.draw(st.integers(0, network.nodes - 1))
    members = data.draw(st.sets(st.integers(0, network.nodes - 1)))
    ways = network.completions(target)
    assume(ways)
    holders = network.holders(target)
    held = [sum(share for who, share in zip(holders, way, strict=True) if who in members) for way in ways]
    expected = (min(held) * UNIT, max(held) * UNIT) if holders else (0, 0)
    assert held_by(network.holdings(), sorted(members), target) == expected
