"""Every completion of small networks, solved one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from numpy.testing import assert_allclose

from isthmus.kernels.ownership.holdings import Holdings
from isthmus.kernels.ownership.integrated import owned_by
from isthmus.kernels.ownership.integrated_bounds import owned_between
from tests.kernels.ownership.networks import CASES, UNIT, Network, networks, points


def bands(nodes: int, edges: list[tuple[int, int, int, int]], low: int, high: int) -> Holdings:
    """Return holdings of intervals in per cent, all targets with one float."""
    columns = np.array(edges, np.int32).T
    floats = np.full(nodes, low * 1_000_000, np.int32), np.full(nodes, high * 1_000_000, np.int32)
    return Holdings(nodes, columns[0], columns[1], columns[2] * 1_000_000, columns[3] * 1_000_000, *floats)


def test_a_chain_multiplies_its_ends() -> None:
    low, high = owned_between(bands(3, [(0, 1, 50, 75), (1, 2, 20, 40)], 0, 100), 0)
    assert_allclose(low, [0, 0.5, 0.1])
    assert_allclose(high, [0, 0.75, 0.3])


def test_what_others_cannot_hold_is_owned() -> None:
    """Nobody else may hold over 45 %, and there is no float: the low is more than the source says."""
    low, high = owned_between(bands(3, [(0, 1, 40, 60), (2, 1, 30, 45)], 0, 0), 0)
    assert_allclose(low, [0, 0.55, 0])
    assert_allclose(high, [0, 0.6, 0])


def test_highs_that_exclude_each_other_are_not_added() -> None:
    """Nodes 1 and 2 belong to node 0 wholly and half; together they cannot hold more than all of node 3."""
    edges = [(0, 1, 100, 100), (0, 2, 50, 50), (4, 2, 50, 50), (1, 3, 0, 80), (2, 3, 0, 80)]
    low, high = owned_between(bands(5, edges, 0, 0), 0)
    assert low[3] == pytest.approx(0.8 * 0.5 + 0.2 * 1.0)
    assert high[3] == pytest.approx(0.8 * 1.0 + 0.2 * 0.5)


def test_a_ring_that_may_close_may_leave_nothing() -> None:
    low, high = owned_between(bands(3, [(0, 1, 0, 20), (2, 1, 80, 100), (1, 2, 100, 100)], 0, 0), 0)
    assert_allclose(low, [0, 0, 0])
    assert_allclose(high, [0, 1, 1])


def test_exact_shares_give_the_corrected_row() -> None:
    holdings = points(3, [(0, 1, 5000), (1, 0, 2000), (1, 2, 4000)])
    for node in range(3):
        low, high = owned_between(holdings, node)
        expected = owned_by(holdings, node, corrected=True).values
        assert_allclose(low, expected, atol=1e-12)
        assert_allclose(high, expected, atol=1e-12)


def test_what_does_not_settle_is_bounded_still() -> None:
    """All but a hundred-millionth comes round; sweeps would go on for ages."""
    shares = np.array([1, 99_999_999, 100_000_000], np.int32)
    holdings = Holdings.exact(3, [0, 2, 1], [1, 1, 2], shares)
    low, high = owned_between(holdings, 0)
    assert 0 < low[1] <= 1
    assert high[1] == 1


@given(networks(5, 6, exact=False, facts=False))
@settings(max_examples=CASES)
def test_ends_are_those_of_every_completion(network: Network) -> None:
    assume(network.size() <= 200)
    rows = []
    for world in network.worlds():
        edges = [
            (holder, target, share)
            for target, way in world.items()
            for holder, share in zip(network.holders(target), way, strict=True)
        ]
        shares = np.array([share * UNIT for *_, share in edges], np.int32)
        exact = Holdings.exact(network.nodes, [a for a, *_ in edges], [b for _, b, _ in edges], shares)
        rows.append([owned_by(exact, node, corrected=True).values for node in range(network.nodes)])
    for node in range(network.nodes):
        low, high = owned_between(network.holdings(), node)
        assert_allclose(low, np.min([row[node] for row in rows], axis=0), atol=1e-9)
        assert_allclose(high, np.max([row[node] for row in rows], axis=0), atol=1e-9)
