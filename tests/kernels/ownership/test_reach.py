"""Vectors V1 to V4 of the notes on algorithms, worked by hand, and trying everything on small networks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.errors import ArgumentError
from isthmus.kernels.ownership.holdings import WHOLE, Holdings
from isthmus.kernels.ownership.reach import Pairs, controlled, controlled_by
from tests.kernels.ownership.networks import CASES, Network, exact_world, facts_of, networks, points

P, A, B, C, Q, D = range(6)
V1 = [(P, A, 6000), (P, B, 5500), (A, C, 3000), (B, C, 2500), (Q, C, 4500), (C, D, 5100)]
V2 = [(P, A, 6000), (P, B, 5500), (A, C, 3000), (B, C, 2500), (Q, C, 2400), (P, C, 2100), (C, D, 5100)]


def test_v1_joint_control_passes_on() -> None:
    found = controlled(points(6, V1))
    assert found.as_set() == {(P, A), (P, B), (P, C), (P, D), (C, D)}


@pytest.mark.parametrize("number", range(len(V1)))
def test_v1_every_edge_of_the_only_support_is_pivotal(number: int) -> None:
    found = controlled(points(6, [edge for index, edge in enumerate(V1) if index != number]))
    assert ((P, D) in found.as_set()) == (V1[number] == (Q, C, 4500))


@pytest.mark.parametrize("number", range(len(V2)))
def test_v2_an_alternative_makes_edges_dispensable(number: int) -> None:
    found = controlled(points(6, [edge for index, edge in enumerate(V2) if index != number]))
    assert ((P, D) in found.as_set()) == (V2[number][:2] not in {(P, A), (A, C), (C, D)})


def test_v3_half_is_no_majority() -> None:
    assert controlled(points(3, [(0, 1, 5000), (1, 2, 10000)])).as_set() == {(1, 2)}
    assert controlled(points(3, [(0, 1, 5001), (1, 2, 5001)])).as_set() == {(0, 1), (0, 2), (1, 2)}


def test_v4_a_ring_controls_all_of_itself() -> None:
    found = controlled(points(3, [(0, 1, 6000), (1, 2, 6000), (2, 1, 3000), (2, 0, 5500)]))
    assert found.as_set() == {(a, b) for a in range(3) for b in range(3) if a != b}


def test_v4_a_family_controls_together_what_none_of_it_controls() -> None:
    members = [(1, 3, 3500), (2, 3, 2500)]
    assert controlled(points(4, members)).as_set() == set()
    assert controlled_by(points(4, members), [1, 2]).tolist() == [3]
    # The same, with a node for the family.
    family = controlled(points(4, [(0, 1, 10000), (0, 2, 10000), *members]))
    assert family.as_set() == {(0, 1), (0, 2), (0, 3)}


def test_parcels_are_enough_together() -> None:
    assert controlled(points(2, [(0, 1, 3000), (0, 1, 2001)])).as_set() == {(0, 1)}


def test_own_shares_count_for_nobody() -> None:
    assert controlled(points(2, [(1, 1, 6000), (0, 1, 4000)])).as_set() == set()


def test_a_target_left_out_is_controlled_by_facts_only_and_still_controls() -> None:
    over = [(0, 1, 9000), (2, 1, 9000), (1, 3, 6000)]
    assert controlled(points(4, over)).as_set() == {(1, 3)}
    told = replace(points(4, over), certain=facts_of([(0, 1)]))
    assert controlled(told).as_set() == {(0, 1), (0, 3), (1, 3)}


def test_a_quota_of_everything_leaves_only_facts() -> None:
    whole = points(2, [(0, 1, 10000)])
    assert len(controlled(replace(whole, quota=WHOLE))) == 0
    assert len(controlled(replace(whole, quota=WHOLE, inclusive=True))) == 1
    assert len(controlled(replace(whole, quota=WHOLE, certain=facts_of([(0, 1)])))) == 1


def test_many_facts_on_one_servant_run_nothing_over() -> None:
    facts = [(0, 1)] * 60 + [(2, 1)] * 60
    none = np.empty(0, np.int32)
    assert controlled(Holdings(3, none, none, none, none, certain=facts_of(facts))).as_set() == {(0, 1), (2, 1)}


def test_a_ring_of_ten_thousand() -> None:
    size = 10_000
    ring = points(size, ((node, (node + 1) % size, 6000) for node in range(size)))
    found = controlled_by(ring, 17)
    assert found.tolist() == [*range(18, size), *range(17)]


def test_intervals_are_refused() -> None:
    edge: list[Any] = [np.array([number], np.int32) for number in (0, 1, 1, 2)]
    with pytest.raises(ArgumentError, match="holding 0 is between 1 and 2"):
        controlled(Holdings(2, *edge))
    with pytest.raises(ArgumentError, match=r"ownership\.bounds"):
        controlled_by(Holdings(2, *edge), 0)


@pytest.mark.parametrize("source", [-1, 2])
def test_a_source_is_a_node(source: int) -> None:
    with pytest.raises(ArgumentError, match="not among the 2 nodes"):
        controlled_by(points(2, []), source)


def test_pairs_turn_round() -> None:
    found = controlled(points(6, V1))
    turned = found.turned()
    assert turned.as_set() == {(b, a) for a, b in found.as_set()}
    assert turned.of(D).tolist() == [P, C]
    assert len(turned) == len(found)
    assert len(Pairs(np.zeros(1, np.int64), np.empty(0, np.int32))) == 0


@given(networks())
@settings(max_examples=CASES)
def test_all_pairs_are_those_of_trying(network: Network) -> None:
    holdings = network.holdings()
    found = controlled(holdings)
    expected = network.pairs(exact_world(network), network.certain)
    assert found.as_set() == expected
    assert len(found) == len(expected)


@given(networks(), st.data())
@settings(max_examples=CASES)
def test_some_nodes_together_control_what_trying_says(network: Network, data: st.DataObject) -> None:
    sources = data.draw(st.sets(st.integers(0, network.nodes - 1), min_size=1))
    found = controlled_by(network.holdings(), sorted(sources)).tolist()
    assert len(found) == len(set(found))
    assert set(found) == network.reach(exact_world(network), sources, network.certain) - sources
