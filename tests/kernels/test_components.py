from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from isthmus.kernels.components import circles, components

NODES = 12
edges_of = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=30)


def labelled(edges: list[tuple[int, int]], *, connection: str) -> list[list[int]]:
    """Group the nodes of the edges as SciPy does."""
    heads, tails = [a for a, _ in edges], [b for _, b in edges]
    matrix = coo_matrix((np.ones(len(edges)), (heads, tails)), shape=(NODES, NODES))
    _, labels = connected_components(matrix, directed=connection == "strong", connection=connection)
    groups: dict[int, list[int]] = {}
    for node in sorted({*heads, *tails}):
        groups.setdefault(labels[node], []).append(node)
    return sorted(groups.values())


def test_no_edges_make_no_component() -> None:
    assert components([]) == []
    assert circles([]) == []


def test_components_are_listed_by_their_smallest_node() -> None:
    assert components([("c", "d"), ("z", "a"), ("d", "e")]) == [["a", "z"], ["c", "d", "e"]]


def test_a_node_tied_to_itself_is_a_component_and_a_circle() -> None:
    assert components([(4, 4)]) == [[4]]
    assert circles([(4, 4)]) == [[4]]


def test_a_path_holds_no_circle() -> None:
    assert circles([(1, 2), (2, 3), (1, 3)]) == []


def test_two_circles_joined_one_way_stay_two() -> None:
    assert circles([(1, 2), (2, 1), (2, 3), (3, 4), (4, 3)]) == [[1, 2], [3, 4]]


def test_a_long_path_needs_no_deep_stack() -> None:
    length = 50_000
    chain = [(number, number + 1) for number in range(length)]
    assert circles(chain) == []
    assert circles([*chain, (length, 0)]) == [list(range(length + 1))]
    assert components(chain) == [list(range(length + 1))]


@given(edges_of)
def test_components_are_those_of_scipy(edges: list[tuple[int, int]]) -> None:
    assert components(edges) == (labelled(edges, connection="weak") if edges else [])


@given(edges_of)
def test_circles_are_the_strong_components_of_scipy_that_hold_an_edge(edges: list[tuple[int, int]]) -> None:
    looped = {a for a, b in edges if a == b}
    strong = labelled(edges, connection="strong") if edges else []
    assert circles(edges) == [group for group in strong if len(group) > 1 or group[0] in looped]


@given(edges_of, st.data())
def test_the_order_of_the_edges_does_not_matter(edges: list[tuple[int, int]], data: st.DataObject) -> None:
    turned = data.draw(st.permutations(edges))
    assert components(turned) == components(edges)
    assert circles(turned) == circles(edges)
