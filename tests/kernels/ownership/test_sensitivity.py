from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.errors import ArgumentError
from isthmus.kernels.ownership.holdings import WHOLE
from isthmus.kernels.ownership.reach import controlled
from isthmus.kernels.ownership.sensitivity import Evidence, Flip, without_each_source
from isthmus.kernels.ownership.ultimate import ultimate
from tests.kernels.ownership.networks import CASES, Network, networks, points

Pairs = set[tuple[int, int]]


def evidence(sources: list[list[int]]) -> Evidence:
    starts = np.cumsum([0, *map(len, sources)], dtype=np.int64)
    return Evidence(starts, np.array([source for one in sources for source in one], np.int32))


def pairs(both: tuple[np.ndarray, np.ndarray]) -> Pairs:
    return set(zip(both[0].tolist(), both[1].tolist(), strict=True))


def by_source(found: list[Flip]) -> dict[int, tuple[Pairs, Pairs, list[int]]]:
    return {flip.source: (pairs(flip.lost), pairs(flip.gained), flip.roots.tolist()) for flip in found}


def test_v1_control_falls_with_any_source_of_its_support() -> None:
    edges = [(0, 1, 6000), (0, 2, 5500), (1, 3, 3000), (2, 3, 2500), (4, 3, 4500), (3, 5, 5100)]
    found = by_source(without_each_source(points(6, edges), evidence([[0], [1], [2], [3], [4], [5]])))
    assert found[0] == ({(0, 1), (0, 3), (0, 5)}, set(), [1, 3, 5])
    assert found[2] == ({(0, 3), (0, 5)}, set(), [3, 5])
    assert found[4] == (set(), set(), [])
    assert found[5] == ({(0, 5), (3, 5)}, set(), [5])


def test_what_two_sources_tell_rests_on_neither() -> None:
    found = without_each_source(points(2, [(0, 1, 6000)]), evidence([[7, 3]]))
    assert found == []
    assert by_source(without_each_source(points(2, [(0, 1, 6000)]), evidence([[3, 3]])))[3][0] == {(0, 1)}
    assert without_each_source(points(2, [(0, 1, 6000)]), evidence([[]])) == []


def test_a_ring_without_a_member_is_told() -> None:
    edges = [(0, 1, 6000), (1, 2, 6000), (2, 0, 6000)]
    found = by_source(without_each_source(points(3, edges), evidence([[0], [1], [2]])))
    assert found[0] == ({(0, 1), (0, 2), (2, 1)}, set(), [0, 1, 2])


def test_a_source_that_says_too_much_hides_control() -> None:
    found = by_source(without_each_source(points(3, [(0, 2, 6000), (1, 2, 7000)]), evidence([[0], [1]])))
    assert found == {0: (set(), {(1, 2)}, [2]), 1: (set(), {(0, 2)}, [2])}


def test_evidence_is_of_these_edges() -> None:
    with pytest.raises(ArgumentError, match="not that of 1 edges"):
        without_each_source(points(2, [(0, 1, 6000)]), evidence([[0], [1]]))


@given(networks(), st.data())
@settings(max_examples=CASES)
def test_what_changes_is_what_a_network_without_the_source_says(network: Network, data: st.DataObject) -> None:
    network = replace(network, floats=None)
    count = len(network.edges) + len(network.certain)
    told = data.draw(st.lists(st.lists(st.integers(0, 4), max_size=2), min_size=count, max_size=count))
    holdings = network.holdings()
    found = by_source(without_each_source(holdings, evidence(told)))
    before, tops = controlled(holdings).as_set(), ultimate(holdings)
    assert set(found) == {one[0] for one in told if len(set(one)) == 1}
    split = len(network.edges)
    for source, (lost, gained, roots) in found.items():
        kept = [not one or set(one) != {source} for one in told]
        rest = replace(
            network,
            edges=tuple(edge for edge, stays in zip(network.edges, kept[:split], strict=True) if stays),
            certain=tuple(fact for fact, stays in zip(network.certain, kept[split:], strict=True) if stays),
        ).holdings()
        after, now = controlled(rest).as_set(), ultimate(rest)
        assert (lost, gained) == (before - after, after - before)
        assert roots == [
            node
            for node in range(network.nodes)
            if tops.ring[node] != now.ring[node] or tops.of(node).tolist() != now.of(node).tolist()
        ]


def test_the_network_is_whole_again_after_each_source() -> None:
    edges = [(0, 1, 6000), (1, 2, 6000)]
    found = by_source(without_each_source(points(3, edges), evidence([[0], [1]])))
    assert found[1] == ({(0, 2), (1, 2)}, set(), [2])
    assert WHOLE == 100_000_000
