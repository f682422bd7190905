"""Dominators, against networkx, and where they answer about failures and where they do not."""

from __future__ import annotations

import networkx as nx  # type: ignore[import-untyped]
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.errors import ArgumentError
from isthmus.kernels.dependence.dominators import dominators
from isthmus.kernels.dependence.pairs import single_failures
from tests.kernels.dependence.graphs import CASES, V6, A, B, C, D, E, T, needs_of


def rows(nodes: int, edges: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    listed = sorted(edges)
    starts = np.searchsorted([a for a, _ in listed], np.arange(nodes + 1)) if listed else np.zeros(nodes + 1, np.int64)
    return starts.tolist(), [b for _, b in listed]


def by_networkx(nodes: int, edges: list[tuple[int, int]], root: int) -> list[int]:
    graph = nx.DiGraph(edges)
    graph.add_nodes_from(range(nodes))
    found = nx.immediate_dominators(graph, root)
    # Newer releases give the root no dominator, older ones itself.
    return [root if node == root else found.get(node, -1) for node in range(nodes)]


def test_a_loop_entered_from_two_sides_is_dominated_by_the_root_alone() -> None:
    # Irreducible, as the example of Cooper, Harvey and Kennedy: edges that run back move what was met before them.
    edges = [(5, 4), (5, 3), (4, 0), (3, 1), (3, 2), (2, 1), (1, 0), (1, 2), (0, 1)]
    assert dominators(*rows(6, edges), 5).tolist() == [5] * 6


def test_what_the_root_does_not_reach_has_none() -> None:
    assert dominators(*rows(4, [(0, 1), (2, 1), (2, 3)]), 0).tolist() == [0, 0, -1, -1]
    assert dominators([0, 0], [], 0).tolist() == [0]


def test_dominators_are_wrong_where_and_meets_or() -> None:
    # V6 turned round, from a root over what needs nothing.
    edges = [(A, T), (B, T), (C, T), (D, A), (D, B), (E, C), (6, D), (6, E)]
    assert dominators(*rows(7, edges), 6)[T] == 6
    assert single_failures(V6.build(), T).tolist() == [T, A, D]


def test_a_long_path_and_a_ring() -> None:
    many = 100_000
    path = dominators([*range(many), many - 1], list(range(1, many)), 0)
    assert np.array_equal(path, np.maximum(np.arange(many) - 1, 0))
    ring = dominators(list(range(many + 1)), [*range(1, many), 0], 0)
    assert np.array_equal(ring, path)


@pytest.mark.parametrize(
    ("starts", "ends", "root", "message"),
    [
        ([0, 0], [], 1, "1 is not among the 1 nodes"),
        ([], [], 0, "0 is not among the 0 nodes"),
        ([0, 2], [0], 0, "do not rise from 0 to 1"),
        ([0, 1], [1], 0, "an end is not among"),
    ],
)
def test_what_is_no_graph_is_refused(starts: list[int], ends: list[int], root: int, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        dominators(starts, ends, root)


@settings(max_examples=CASES)
@given(st.integers(1, 10).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.tuples(*[st.integers(0, n - 1)] * 2)))))
def test_the_tree_is_that_of_networkx(drawn: tuple[int, list[tuple[int, int]]]) -> None:
    nodes, edges = drawn
    for root in range(nodes):
        assert dominators(*rows(nodes, edges), root).tolist() == by_networkx(nodes, edges, root)


@settings(max_examples=CASES)
@given(st.data())
def test_under_or_alone_the_single_failures_at_the_start_are_the_dominators(data: st.DataObject) -> None:
    nodes = data.draw(st.integers(1, 8))
    others = [data.draw(st.frozensets(st.integers(0, nodes - 1), max_size=3)) for _ in range(nodes)]
    needs = needs_of(nodes, [(node, 1, found) for node, found in enumerate(others) if found]).build()
    edges = [(other, node) for node, found in enumerate(others) for other in found]
    edges += [(nodes, node) for node, found in enumerate(others) if not found]
    tree = dominators(*rows(nodes + 1, edges), nodes)
    for target in range(nodes):
        chain = []
        node = target
        while tree[node] >= 0 and node != nodes:
            chain.append(node)
            node = int(tree[node])
        assert single_failures(needs, target, "bootstrap").tolist() == sorted(chain)
