from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from numpy.testing import assert_array_equal

from isthmus.kernels.ownership.arranged import arranged
from isthmus.kernels.ownership.bounds import bounded_control
from isthmus.kernels.ownership.holdings import infeasible
from isthmus.kernels.ownership.reach import controlled
from isthmus.kernels.ownership.ultimate import ultimate
from tests.kernels.ownership.networks import CASES, Network, networks, points


def test_groups_lie_together() -> None:
    found = arranged(points(7, [(6, 0, 9000), (3, 1, 9000), (6, 2, 6000), (3, 2, 4000), (0, 4, 5100), (1, 5, 3000)]))
    assert found.names.tolist() == [3, 1, 5, 6, 2, 0, 4]
    assert found.places[found.names].tolist() == list(range(7))


def test_a_ring_is_opened_and_kept_together() -> None:
    found = arranged(points(5, [(4, 0, 6000), (0, 2, 6000), (2, 4, 6000)]))
    assert found.names.tolist() == [1, 3, 0, 2, 4]


def test_what_holds_nothing_and_is_held_by_nobody_is_kept() -> None:
    assert arranged(points(3, [(1, 1, 9000)])).names.tolist() == [0, 1, 2]
    assert arranged(points(0, [])).names.size == 0


@given(networks())
@settings(max_examples=CASES)
def test_exact_answers_are_the_same(network: Network) -> None:
    holdings = network.holdings()
    found = arranged(holdings)
    assert found.pairs(controlled(found.holdings)).as_set() == controlled(holdings).as_set()
    expected, tops = ultimate(holdings), found.ultimate(ultimate(found.holdings))
    assert_array_equal(tops.starts, expected.starts)
    assert_array_equal(tops.roots, expected.roots)
    assert_array_equal(tops.ring, expected.ring)


@given(networks(exact=False))
@settings(max_examples=CASES)
def test_bounds_are_the_same(network: Network) -> None:
    holdings = network.holdings()
    found = arranged(holdings)
    assert_array_equal(infeasible(found.holdings)[found.places], infeasible(holdings))
    expected, bounds = bounded_control(holdings), bounded_control(found.holdings)
    assert found.pairs(bounds.certain).as_set() == expected.certain.as_set()
    assert found.pairs(bounds.possible).as_set() == expected.possible.as_set()
    assert np.array_equal(found.holdings.low, holdings.low)
