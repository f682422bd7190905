from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from isthmus.kernels.ownership.holdings import Holdings
from isthmus.kernels.strong import strong_components

NODES = 12
edges_of = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=30)


def components(edges: list[tuple[int, int]], nodes: int, roots: list[int]) -> list[list[int]]:
    rows = Holdings.exact(nodes, [a for a, _ in edges], [b for _, b in edges], np.zeros(len(edges), np.int32)).by_holder
    found, cuts = strong_components(rows.starts, rows.ends, np.array(roots, np.int32))
    return [found[cuts[number] : cuts[number + 1]].tolist() for number in range(cuts.size - 1)]


@given(edges_of)
def test_components_are_those_of_scipy(edges: list[tuple[int, int]]) -> None:
    found = components(edges, NODES, list(range(NODES)))
    matrix = coo_matrix((np.ones(len(edges)), ([a for a, _ in edges], [b for _, b in edges])), shape=(NODES, NODES))
    _, labels = connected_components(matrix, directed=True, connection="strong")
    assert sorted(map(sorted, found)) == sorted(
        np.flatnonzero(labels == label).tolist() for label in range(labels.max() + 1)
    )


@given(edges_of)
def test_each_component_comes_before_those_that_lead_to_it(edges: list[tuple[int, int]]) -> None:
    found = components(edges, NODES, list(range(NODES)))
    number = {node: place for place, members in enumerate(found) for node in members}
    assert all(number[end] <= number[start] for start, end in edges)


@given(edges_of, st.sets(st.integers(0, NODES - 1)))
def test_only_what_the_roots_reach_is_visited(edges: list[tuple[int, int]], roots: set[int]) -> None:
    reached = set(roots)
    while new := {end for start, end in edges if start in reached} - reached:
        reached |= new
    found = components(edges, NODES, sorted(roots))
    assert sorted(node for members in found for node in members) == sorted(reached)


def test_a_long_path_needs_no_deep_stack() -> None:
    size = 50_000
    chain = [(node, node + 1) for node in range(size - 1)]
    assert components(chain, size, [0]) == [[node] for node in reversed(range(size))]
    assert [len(members) for members in components([*chain, (size - 1, 0)], size, [7])] == [size]
