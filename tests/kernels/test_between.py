"""Paths and the edges between two nodes, held against a search of every simple path."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from isthmus.kernels.between import edges_between, neighbours_of, shortest_path

NODES = "abcdefg"
Edges = list[tuple[str, str]]
edges_of = st.lists(
    st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)).filter(lambda edge: edge[0] < edge[1]), max_size=14
)


def simple_paths(edges: Edges, start: str, goal: str) -> Iterator[list[str]]:
    """Yield every path that passes no node twice, by trying all."""
    near = neighbours_of(edges)
    stack = [[start]] if start in near else []
    while stack:
        path = stack.pop()
        if path[-1] == goal:
            yield path
            continue
        stack += [[*path, end] for end in near[path[-1]] if end not in path]


def tried(edges: Edges, pairs: Edges) -> set[tuple[str, str]]:
    return {
        (min(step), max(step))
        for a, b in pairs
        if a != b
        for path in simple_paths(edges, a, b)
        for step in pairwise(path)
    }


def test_what_hangs_on_the_way_is_not_between() -> None:
    edges = [("a", "b"), ("b", "c"), ("b", "x"), ("c", "y"), ("x", "z")]
    assert edges_between(edges, [("c", "a")]) == {("a", "b"), ("b", "c")}


def test_every_edge_of_a_ring_on_the_way_is_between() -> None:
    edges = [("a", "b"), ("b", "c"), ("b", "d"), ("c", "d"), ("d", "e")]
    assert edges_between(edges, [("a", "d")]) == {("a", "b"), ("b", "c"), ("b", "d"), ("c", "d")}
    assert edges_between(edges, [("a", "e")]) == set(edges)


def test_nothing_is_between_parts_that_do_not_meet() -> None:
    assert edges_between([("a", "b"), ("c", "d")], [("a", "c"), ("a", "z"), ("y", "z"), ("a", "a")]) == set()


def test_a_long_chain_needs_no_deep_stack() -> None:
    chain = [(f"{number:05}", f"{number + 1:05}") for number in range(20_000)]
    assert edges_between(chain, [("00001", "19999")]) == set(chain[1:-1])


@given(edges_of, edges_of)
def test_edges_between_are_those_of_the_simple_paths(edges: Edges, pairs: Edges) -> None:
    assert edges_between(edges, pairs) == tried(edges, pairs)
    assert edges_between(edges, [(b, a) for a, b in reversed(pairs)]) == tried(edges, pairs)


def test_the_shortest_path_goes_by_the_smallest_names() -> None:
    near = neighbours_of([("a", "d"), ("a", "b"), ("b", "c"), ("c", "d"), ("b", "d")])
    assert shortest_path(near, ["a"], ["c"]) == ("a", "b", "c")
    assert shortest_path(near, ["a"], ["a"]) == ("a",)
    assert shortest_path(near, ["a"], ["z"]) == ()
    assert shortest_path(near, ["z"], ["a"]) == ()


@given(edges_of, st.sampled_from(NODES), st.sampled_from(NODES))
def test_a_shortest_path_is_a_simple_path_and_none_is_shorter(edges: Edges, start: str, goal: str) -> None:
    found = shortest_path(neighbours_of(edges), [start], [goal])
    paths = [tuple(path) for path in simple_paths(edges, start, goal)]
    if start == goal:
        assert found == (start,)
    elif paths:
        assert len(found) == min(map(len, paths))
        assert found in paths
    else:
        assert found == ()
