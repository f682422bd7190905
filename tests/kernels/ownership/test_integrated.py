"""Vector V5 of the notes on algorithms, dense matrices, and rings that own themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from isthmus.errors import ArgumentError
from isthmus.kernels.ownership.holdings import WHOLE, Holdings
from isthmus.kernels.ownership.integrated import closed_rings, owned_by, owners_of, portfolio
from tests.kernels.ownership.networks import CASES, TENTHS, Network, networks, points

Matrix = NDArray[np.float64]
V5 = [(0, 1, 5000), (1, 0, 2000), (1, 2, 4000)]
Y5 = np.array([[1 / 9, 5 / 9, 2 / 9], [2 / 9, 1 / 9, 4 / 9], [0, 0, 0]])


def matrix(network: Network) -> Matrix:
    found = np.zeros((network.nodes, network.nodes))
    for start, end, low, _ in network.edges:
        if end not in network.left_out():
            found[start, end] += low / TENTHS
    return found


def closed(shares: Matrix) -> list[list[int]]:
    _, labels = connected_components(shares > 0, directed=True, connection="strong")
    groups = [np.flatnonzero(labels == label) for label in range(labels.max() + 1)]
    return sorted(
        group.tolist() for group in groups if np.allclose(shares[np.ix_(group, group)].sum(axis=0), 1, atol=1e-12)
    )


def first_passage(shares: Matrix, source: int) -> Matrix:
    """Return the corrected row: the source passes nothing on to itself. Only what it reaches is in the equations."""
    reached = {source}
    while new := {int(end) for node in reached for end in np.flatnonzero(shares[node])} - reached:
        reached |= new
    nodes = sorted(reached)
    onward = shares.copy()
    onward[source] = 0
    found = np.zeros(len(shares))
    inner = np.eye(len(nodes)) - onward[np.ix_(nodes, nodes)]
    found[nodes] = np.linalg.solve(inner.T, shares[source, nodes])
    return found


def test_v5_rows_columns_and_values() -> None:
    holdings = points(3, V5)
    for node in range(3):
        assert_allclose(owned_by(holdings, node).values, Y5[node], atol=1e-12)
        assert_allclose(owners_of(holdings, node).values, Y5[:, node], atol=1e-12)
    values = np.array([1.0, 10.0, 100.0])
    assert_allclose(portfolio(holdings, values).values, Y5 @ values, atol=1e-12)


def test_v5_corrected_rows() -> None:
    holdings = points(3, V5)
    expected = np.array([[0.1, 0.5, 0.2], [0.2, 0.1, 0.4], [0, 0, 0]])
    for node in range(3):
        assert_allclose(owned_by(holdings, node, corrected=True).values, expected[node], atol=1e-12)
        assert_allclose(owners_of(holdings, node, corrected=True).values, expected[:, node], atol=1e-12)
    values = np.array([1.0, 10.0, 100.0])
    assert_allclose(portfolio(holdings, values, corrected=True).values, expected @ values, atol=1e-12)


def test_v3_what_is_controlled_is_not_all_owned() -> None:
    assert_allclose(owned_by(points(3, [(0, 1, 5001), (1, 2, 5001)]), 0).values, [0, 0.5001, 0.25010001])


def test_a_ring_wholly_inside_itself_has_no_economic_owner() -> None:
    """Nodes 0 and 1 own each other wholly and 60 % of node 2, of which node 3 owns the rest."""
    holdings = points(4, [(0, 1, 10000), (1, 0, 10000), (0, 2, 6000), (3, 2, 4000)])
    assert [ring.tolist() for ring in closed_rings(holdings)] == [[0, 1]]
    found = owners_of(holdings, 2)
    assert [ring.tolist() for ring in found.closed] == [[0, 1]]
    assert_allclose(found.values, [np.nan, np.nan, 0, 0.4])
    assert_allclose(owners_of(holdings, 2, corrected=True).values, [0.6, 0.6, 0, 0.4])
    assert_allclose(owned_by(holdings, 0).values, [np.nan, np.nan, np.nan, 0])
    assert [ring.tolist() for ring in owned_by(holdings, 0).closed] == [[0, 1]]
    assert_allclose(owned_by(holdings, 0, corrected=True).values, [1, 1, 0.6, 0])
    assert_allclose(portfolio(holdings, np.ones(4)).values, [np.nan, np.nan, 0, 0.4])
    assert_allclose(portfolio(holdings, np.ones(4), corrected=True).values, [2.6, 2.6, 0, 0.4])


def test_a_node_may_own_itself_wholly() -> None:
    holdings = points(2, [(0, 0, 10000), (0, 1, 5000)])
    assert [ring.tolist() for ring in closed_rings(holdings)] == [[0]]
    assert_allclose(owners_of(holdings, 1).values, [np.nan, 0])
    assert_allclose(owners_of(holdings, 1, corrected=True).values, [0.5, 0])


@pytest.mark.parametrize("share", [10_000, 9_999])
def test_a_ring_of_ten_thousand(share: int) -> None:
    size = 10_000
    holdings = points(size, [(node, (node + 1) % size, share) for node in range(size)])
    part = share / 10_000
    corrected = owned_by(holdings, 0, corrected=True).values
    assert_allclose(corrected, np.roll(part ** np.arange(1, size + 1), 1), rtol=1e-9)
    whole = owners_of(holdings, 0).values
    if share == 10_000:
        assert [ring.tolist() for ring in closed_rings(holdings)] == [list(range(size))]
        assert np.isnan(whole).all()
    else:
        assert closed_rings(holdings) == []
        assert_allclose(whole[0], part**size / (1 - part**size), rtol=1e-9)


def test_parts_of_a_large_ring_are_corrected() -> None:
    size = 400
    holdings = points(size, [(node, (node + 1) % size, 9_990) for node in range(size)])
    found = owners_of(holdings, 0, corrected=True).values
    assert_allclose(found, 0.999 ** np.arange(size, 0, -1), rtol=1e-9)


def test_holdings_of_nothing_and_in_targets_left_out_are_no_ownership() -> None:
    holdings = points(4, [(0, 1, 0), (1, 1, 10000), (0, 2, 9000), (3, 2, 9000)])
    assert_allclose(owned_by(holdings, 0).values, 0)
    assert_allclose(portfolio(holdings, np.ones(4)).values, [0, np.nan, 0, 0])


@pytest.mark.parametrize("values", [[1.0], [1.0, np.nan]])
def test_values_are_a_number_for_each_node(values: list[float]) -> None:
    with pytest.raises(ArgumentError, match="2 finite numbers"):
        portfolio(points(2, []), np.array(values))


def test_intervals_are_refused() -> None:
    edge: list[Any] = [np.array([number], np.int32) for number in (0, 1, 1, WHOLE)]
    with pytest.raises(ArgumentError, match="is between 1 and"):
        portfolio(Holdings(2, *edge), np.ones(2))


@given(networks(facts=False), st.data())
@settings(max_examples=CASES, deadline=None)
def test_numbers_are_those_of_dense_matrices(network: Network, data: st.DataObject) -> None:
    holdings, shares = network.holdings(), matrix(network)
    rings = closed(shares)
    assert sorted(ring.tolist() for ring in closed_rings(holdings)) == rings
    in_ring = {node for ring in rings for node in ring}
    corrected = np.array([first_passage(shares, node) for node in range(network.nodes)])
    whole = np.empty_like(corrected)
    for node in range(network.nodes):
        row = corrected[node]
        whole[node] = np.where(row > 0, np.nan, 0) if node in in_ring else row / (1 - row[node])
    outside = [node for node in range(network.nodes) if node not in in_ring]
    inner = shares[np.ix_(outside, outside)]
    assert_allclose(whole[np.ix_(outside, outside)], np.linalg.inv(np.eye(len(outside)) - inner) @ inner, atol=1e-9)
    for node in range(network.nodes):
        assert_allclose(owned_by(holdings, node).values, whole[node], atol=1e-9)
        assert_allclose(owned_by(holdings, node, corrected=True).values, corrected[node], atol=1e-9)
        assert_allclose(owners_of(holdings, node).values, whole[:, node], atol=1e-9)
        assert_allclose(owners_of(holdings, node, corrected=True).values, corrected[:, node], atol=1e-9)
    values = np.array(data.draw(st.lists(st.integers(0, 9), min_size=network.nodes, max_size=network.nodes)), float)
    assert_allclose(portfolio(holdings, values, corrected=True).values, corrected @ values, atol=1e-8)
    expected = [np.nan if node in in_ring else whole[node] @ values for node in range(network.nodes)]
    assert_allclose(portfolio(holdings, values).values, expected, atol=1e-8)
