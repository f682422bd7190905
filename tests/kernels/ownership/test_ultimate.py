from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from isthmus.kernels.ownership.holdings import Holdings
from isthmus.kernels.ownership.reach import controlled
from isthmus.kernels.ownership.ultimate import Ultimate, is_chained, ultimate, ultimate_of
from tests.kernels.ownership.networks import CASES, Network, exact_world, facts_of, networks, points


def check(found: Ultimate, network: Network) -> None:
    """Assert the definition: at the top is who controls everybody who controls it."""
    world = exact_world(network)
    below = [network.reach(world, [node], network.certain) for node in range(network.nodes)]
    above = [{x for x in range(network.nodes) if node in below[x]} for node in range(network.nodes)]
    tops = {node for node in range(network.nodes) if above[node] <= below[node]}
    for node in range(network.nodes):
        circle = above[node] & below[node]
        assert found.ring[node] == (min(circle) if node in tops and len(circle) > 1 else -1)
        roots = {min(above[top] & below[top]) for top in tops if node in below[top]}
        assert found.of(node).tolist() == sorted(roots)


def test_v1_one_at_the_top() -> None:
    found = ultimate(points(6, [(0, 1, 6000), (0, 2, 5500), (1, 3, 3000), (2, 3, 2500), (4, 3, 4500), (3, 5, 5100)]))
    assert [found.of(node).tolist() for node in range(6)] == [[0], [0], [0], [0], [4], [0]]
    assert found.rings() == []


def test_v4_a_ring_has_nobody_above() -> None:
    found = ultimate(points(5, [(0, 1, 6000), (1, 2, 6000), (2, 1, 3000), (2, 0, 5500), (2, 4, 5100)]))
    assert [ring.tolist() for ring in found.rings()] == [[0, 1, 2]]
    assert found.roots.tolist() == [0, 0, 0, 3, 0]


def test_a_ring_with_somebody_above_is_no_ring_at_the_top() -> None:
    edges = [(3, 0, 5100), (0, 1, 6000), (1, 0, 4900), (1, 2, 5100)]
    found = ultimate(points(4, edges))
    assert found.rings() == []
    assert found.roots.tolist() == [3, 3, 3, 3]


def test_what_holds_itself_together_is_no_ring() -> None:
    """Node 1 and node 2 hold node 0 jointly; neither controls it, and it controls both."""
    found = ultimate(points(3, [(0, 1, 10000), (0, 2, 10000), (1, 0, 3000), (2, 0, 3000)]))
    assert found.rings() == []
    assert found.roots.tolist() == [0, 0, 0]


def test_a_member_of_a_ring_may_control_it_through_others_only() -> None:
    """Node 3 controls 1 and 2, which jointly control 0, which controls 3: 1 and 2 are in no ring."""
    edges = [(3, 1, 6000), (3, 2, 6000), (1, 0, 3000), (2, 0, 3000), (0, 3, 6000)]
    found = ultimate(points(4, edges))
    assert [ring.tolist() for ring in found.rings()] == [[0, 3]]
    assert found.roots.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("first", [0, 1234, 9999])
def test_a_ring_of_ten_thousand(first: int) -> None:
    size = 10_000
    nodes = np.roll(np.arange(size), first)
    edges = zip(nodes.tolist(), np.roll(nodes, -1).tolist(), [6000] * size, strict=True)
    found = ultimate(points(size + 1, [*edges, (first, size, 9000)]))
    assert [ring.tolist() for ring in found.rings()] == [list(range(size))]
    assert set(found.roots.tolist()) == {0}


def test_two_masters_by_fact_are_two_tops() -> None:
    none = np.empty(0, np.int32)
    found = ultimate(Holdings(3, none, none, none, none, certain=facts_of([(0, 2), (1, 2)])))
    assert found.of(2).tolist() == [0, 1]


def test_only_enough_shares_and_no_facts_make_chains() -> None:
    majority = points(2, [(0, 1, 6000)])
    assert is_chained(majority)
    assert not is_chained(replace(majority, certain=facts_of([(1, 0)])))
    assert not is_chained(replace(majority, quota=29_999_999))
    assert is_chained(replace(majority, quota=30_000_000))


def test_a_network_without_nodes_has_no_tops() -> None:
    assert ultimate(points(0, [])).roots.size == 0
    assert ultimate_of(controlled(points(0, []))).rings() == []


@given(networks(facts=False, majority=True))
@settings(max_examples=CASES)
def test_tops_of_chains_are_those_of_trying(network: Network) -> None:
    holdings = network.holdings()
    assert is_chained(holdings)
    check(ultimate(holdings), network)


@given(networks())
@settings(max_examples=CASES)
def test_tops_are_those_of_trying(network: Network) -> None:
    holdings = network.holdings()
    check(ultimate(holdings), network)
    check(ultimate_of(controlled(holdings)), network)
