"""Reach, and how far it overstates failure."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from isthmus.errors import ArgumentError
from isthmus.kernels.dependence.failures import impact
from isthmus.kernels.dependence.graph import Needs
from isthmus.kernels.dependence.reach import dependants, dependencies
from tests.kernels.dependence.graphs import CASES, V6, A, B, D, Small, T, smalls


def test_tiers_of_v6() -> None:
    assert dependencies(V6.build(), [T]).tolist() == [0, 1, 1, 1, 2, 2]
    assert dependencies(V6.build(), [A, B]).tolist() == [-1, 0, 0, -1, 1, -1]
    assert dependants(V6.build(), [D]).tolist() == [2, 1, 1, -1, 0, -1]


def test_reach_says_six_where_three_fail_v6() -> None:
    assert (dependencies(V6.build(), [T]) >= 0).sum() == 6


def test_next_to_nothing() -> None:
    assert dependencies(Needs.build(0, [], [], []), []).tolist() == []
    assert dependants(Needs.build(1, [0], [0], [0]), [0]).tolist() == [0]
    with pytest.raises(ArgumentError, match="1 is not between 0 and 0"):
        dependants(Needs.build(1, [], [], []), [1])


@settings(max_examples=CASES)
@given(smalls())
def test_reach_bounds_impact_where_nothing_fails_anyway(small: Small) -> None:
    needs = small.build()
    if needs.never.any():
        return
    for node, found in enumerate(impact(needs).tolist()):
        assert found <= (dependants(needs, [node]) >= 0).sum()
