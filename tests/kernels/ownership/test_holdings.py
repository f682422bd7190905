from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from isthmus.errors import ArgumentError
from isthmus.kernels.ownership.holdings import WHOLE, Holdings, infeasible
from tests.kernels.ownership.networks import CASES, Network, networks

NONE = np.empty(0, np.int32)


def one(low: int, high: int, **more: object) -> Holdings:
    ends = np.array([0], np.int32), np.array([1], np.int32)
    return Holdings(2, *ends, np.array([low], np.int32), np.array([high], np.int32), **more)  # type: ignore[arg-type]


def test_a_network_may_be_empty() -> None:
    assert infeasible(Holdings.exact(0, [], [], [])).tolist() == []
    assert infeasible(Holdings.exact(3, [], [], [])).tolist() == [False] * 3


def test_more_than_everything_cannot_be_completed() -> None:
    over = Holdings.exact(4, [0, 1, 0], [2, 2, 3], [WHOLE, 1, WHOLE])
    assert infeasible(over).tolist() == [False, False, True, False]


def test_less_than_everything_cannot_be_completed_without_a_float() -> None:
    none, some = np.array([0, 0], np.int32), np.array([0, WHOLE // 2], np.int32)
    assert infeasible(one(0, WHOLE // 2, float_high=none)).tolist() == [False, True]
    assert infeasible(one(0, WHOLE // 2, float_high=some)).tolist() == [False, False]
    assert infeasible(one(WHOLE // 2 + 1, WHOLE, float_low=some)).tolist() == [False, True]


def test_parcels_of_one_holder_add() -> None:
    parcels = Holdings.exact(2, [0, 0], [1, 1], [WHOLE // 2, WHOLE // 2])
    assert infeasible(parcels).tolist() == [False, False]
    assert parcels.sums[0].tolist() == [0, WHOLE]


def test_rows_are_grouped_by_either_end() -> None:
    holdings = Holdings.exact(3, [2, 0, 2, 0], [1, 2, 0, 1], [1, 2, 3, 4])
    assert holdings.by_target.starts.tolist() == [0, 1, 3, 4]
    assert holdings.by_target.ends.tolist() == [2, 2, 0, 0]
    assert holdings.by_holder.starts.tolist() == [0, 2, 2, 4]
    assert holdings.by_holder.ends.tolist() == [1, 2, 0, 1]
    assert holdings.by_holder.edges.tolist() == [3, 1, 2, 0]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"holders": [0, 1]}, "do not go together"),
        ({"holders": [2]}, "2 is not between 0 and 1"),
        ({"targets": [-1]}, "-1 is not between"),
        ({"low": [WHOLE + 1]}, "100000001 is not between"),
        ({"low": [0.5]}, "float64 are not whole numbers"),
        ({"low": [2]}, "holding 0 is at least 2 and at most 1"),
        ({"float_low": [0]}, "do not go together"),
        ({"float_high": [0, WHOLE + 1]}, "is not between"),
        ({"quota": -1}, "-1 is not between"),
        ({"quota": [1, 2, 3]}, "do not go together"),
        ({"quota": 0, "inclusive": True}, "everybody controls"),
        ({"certain": ([0], [0, 1])}, "do not go together"),
        ({"possible": ([0], [5])}, "5 is not between"),
        ({"nodes": -1}, "no number of nodes"),
    ],
)
def test_what_is_no_network_is_refused(wrong: dict[str, object], said: str) -> None:
    right = {"nodes": 2, "holders": [0], "targets": [1], "low": [1], "high": [1]}
    with pytest.raises(ArgumentError, match=said):
        Holdings(**{**right, **wrong})  # type: ignore[arg-type]


@given(networks(edges=7, exact=False))
@settings(max_examples=CASES)
def test_targets_are_left_out_exactly_when_no_completion_exists(network: Network) -> None:
    assert set(np.flatnonzero(infeasible(network.holdings())).tolist()) == network.left_out()
