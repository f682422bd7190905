"""How needs are made of rows, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from isthmus.errors import ArgumentError
from isthmus.kernels.dependence.graph import Needs
from tests.kernels.dependence.graphs import V6, A, B, C, D, T


def test_rows_of_one_subject_and_number_are_alternatives_of_one_need() -> None:
    needs = Needs.build(5, [3, 0, 0, 0], [7, 9, 7, 9], [4, 2, 3, 1])
    assert needs.subjects.tolist() == [0, 0, 3]
    assert needs.numbers.tolist() == [7, 9, 7]
    assert needs.cuts.tolist() == [0, 1, 3, 4]
    assert needs.alternatives.tolist() == [3, 1, 2, 4]
    assert needs.places.tolist() == [3, 2, 0, 1]
    assert needs.starts.tolist() == [0, 2, 2, 2, 3, 3]
    assert needs.users[0].tolist() == [0, 0, 1, 2, 3, 4]
    assert needs.users[1].tolist() == [1, 1, 0, 2]


def test_rows_that_say_the_same_are_one_alternative() -> None:
    needs = Needs.build(3, [0, 0, 0], [1, 1, 1], [2, 1, 2], [2, 2, 2])
    assert needs.alternatives.tolist() == [1, 2]
    assert needs.places.tolist() == [1, 0, 1]
    assert needs.at_least.tolist() == [2]
    assert not needs.never.any()


def test_a_need_that_takes_more_than_it_has_can_never_hold() -> None:
    needs = Needs.build(3, [0, 0, 1], [1, 1, 1], [1, 2, 2], [3, 3, 1])
    assert needs.never.tolist() == [True, False]
    assert needs.gates.seeds.tolist() == [0]


def test_the_order_of_rows_changes_nothing() -> None:
    rows = np.array([[0, 1, 1, 1], [0, 2, 1, 2], [0, 2, 2, 2], [1, 1, 2, 1], [2, 5, 0, 1]]).T
    straight = Needs.build(3, *rows)
    turned = Needs.build(3, *rows[:, ::-1])
    for name in ("subjects", "numbers", "at_least", "cuts", "alternatives"):
        assert np.array_equal(getattr(straight, name), getattr(turned, name))
    assert straight.places.tolist() == turned.places.tolist()[::-1]


def test_what_is_below_a_target_is_cut_out_whole() -> None:
    part, nodes = V6.build().below(B)
    assert nodes.tolist() == [B, D]
    assert part.nodes == 2
    assert part.subjects.tolist() == [0]
    assert part.alternatives.tolist() == [1]
    assert part.places.tolist() == [-1, -1, -1, -1, 0, -1]


def test_alternatives_that_are_not_kept_have_no_place() -> None:
    needs = V6.build()
    kept = needs.kept(needs.subjects == T, needs.alternatives != C)
    assert kept.cuts.tolist() == [0, 1, 2]
    assert kept.alternatives.tolist() == [A, B]
    assert kept.places.tolist() == [0, 1, -1, -1, -1, -1]


@pytest.mark.parametrize(
    ("nodes", "rows", "message"),
    [
        (-1, ([], [], []), "no number of nodes"),
        (2, ([0], [1], [2]), "2 is not between 0 and 1"),
        (2, ([-1], [1], [1]), "-1 is not between 0 and 1"),
        (2, ([0], [1], [1], 0), "0 is not between 1"),
        (2, ([0], [1], [0.5]), "not whole numbers"),
        (2, ([0, 1], [1], [1, 1]), "do not go together"),
        (2, ([0, 0], [1, 1], [0, 1], [1, 2]), "need 1 of node 0 takes at least 1 and at least 2"),
        (0, ([0], [1], [0]), "not between 0 and -1"),
    ],
)
def test_what_makes_no_needs_is_refused(nodes: int, rows: tuple[list[int], ...], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        Needs.build(nodes, *rows)


def test_no_nodes_and_no_needs_are_fine() -> None:
    assert Needs.build(0, [], [], []).size == 0
    assert Needs.build(4, [], [], []).starts.tolist() == [0] * 5
