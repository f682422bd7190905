"""What belongs to whom in the end, against the inverse matrix and against small cases by hand."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from isthmus.control import economic
from isthmus.control.economic import Economic, closed_circles, owners_of
from isthmus.control.evaluate import Evaluation
from isthmus.control.profiles import find_profile

from .conftest import CASES, Told, evaluation_of, owns

MULTIPLY = find_profile("multiply")
HUNDRED = find_profile("control_is_100")


def by_key(evaluation: Evaluation, shares: dict[int, float]) -> dict[int, float]:
    return {int(evaluation.graph.keys[node]): share for node, share in shares.items()}


def asked(told: list[Told], target: int, *, commanded: bool = False) -> tuple[dict[int, float], dict[int, float]]:
    evaluation = evaluation_of(told, HUNDRED if commanded else MULTIPLY)
    found = owners_of(evaluation, evaluation.graph.place[target], commanded=commanded)
    return by_key(evaluation, found.low), by_key(evaluation, found.high)


def random_net(random: Random, size: int) -> list[Told]:
    """Return companies with circles, each owned to 90 % at most from inside."""
    told = []
    for target in range(size):
        holders = random.sample(range(size), random.randint(0, min(4, size)))
        cuts = sorted(random.randint(0, 90) for _ in holders)
        shares = [cut - before for cut, before in zip(cuts, [0, *cuts], strict=False)]
        told += [owns(holder, target, share) for holder, share in zip(holders, shares, strict=True) if share]
    return told


@pytest.mark.parametrize("dense", [1500, 0])
def test_shares_equal_the_inverse_matrix(monkeypatch: pytest.MonkeyPatch, dense: int) -> None:
    monkeypatch.setattr(economic, "DENSE", dense)
    random = Random(10)
    for _ in range(CASES // 4):
        size = random.randint(2, 9)
        told = random_net(random, size)
        weights = np.zeros((size, size))
        for item in told:
            weights[item.holder, item.target] = item.low / 100
        expected = np.linalg.inv(np.eye(size) - weights) @ weights
        for target in {item.target for item in told}:
            low, high = asked(told, target)
            assert low == pytest.approx(
                {node: share for node, share in enumerate(expected[:, target]) if share > 1e-12}, abs=1e-9
            )
            assert all(high[node] >= share - 1e-9 for node, share in low.items())


def test_the_vector_of_two_companies_in_a_circle() -> None:
    told = [owns(0, 1, 50), owns(1, 0, 20), owns(1, 2, 40)]
    assert asked(told, 2)[0] == pytest.approx({0: 2 / 9, 1: 4 / 9})
    assert asked(told, 1)[0] == pytest.approx({0: 5 / 9, 1: 1 / 9})


def test_a_circle_owned_wholly_inside_belongs_to_nobody() -> None:
    told = [owns(1, 2, 100), owns(2, 1, 60), owns(3, 1, 40), owns(1, 3, 100), owns(9, 8, 10)]
    evaluation = evaluation_of(told, MULTIPLY)
    place = evaluation.graph.place
    assert closed_circles(evaluation) == ((place[1], place[2], place[3]),)
    found = owners_of(evaluation, place[2])
    assert found == Economic({}, {}, closed_circles(evaluation))
    # What the circle holds outside is nobody's either.
    assert asked([*told, owns(1, 8, 50)], 8)[0] == {9: pytest.approx(0.1)}


def test_a_share_of_nothing_opens_no_circle() -> None:
    told = [owns(1, 2, 100), owns(2, 1, 100), owns(1, 3, 10), owns(3, 1, 0)]
    evaluation = evaluation_of(told, MULTIPLY)
    place = evaluation.graph.place
    assert closed_circles(evaluation) == ((place[1], place[2]),)


def test_one_per_cent_outside_is_all_there_is() -> None:
    told = [owns(1, 2, 100), owns(2, 1, 99), owns(3, 1, 1)]
    assert asked(told, 2)[0][3] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([owns(1, 3, 60)], {1: 1.0}),
        ([owns(1, 3, 50)], {1: 0.5}),
        ([owns(1, 2, 60), owns(2, 3, 15)], {1: 0.15, 2: 0.15}),
        ([owns(1, 2, 15), owns(2, 3, 60)], {1: 0.15, 2: 1.0}),
        ([owns(1, 2, 60), owns(2, 3, 60)], {1: 1.0, 2: 1.0}),
        ([owns(1, 2, 60), owns(1, 4, 60), owns(2, 3, 20), owns(4, 3, 20)], {1: 0.4, 2: 0.2, 4: 0.2}),
        ([owns(1, 2, 60), owns(1, 4, 60), owns(2, 3, 30), owns(4, 3, 30)], {1: 1.0, 2: 0.3, 4: 0.3}),
        ([owns(1, 2, 60), owns(2, 5, 40), owns(5, 3, 40)], {1: 0.16, 2: 0.16, 5: 0.4}),
        ([owns(1, 2, 60), owns(2, 1, 60), owns(2, 3, 20)], {1: 0.2, 2: 0.2}),
    ],
)
def test_a_controlling_link_counts_as_all(told: list[Told], expected: dict[int, float]) -> None:
    low, high = asked(told, 3, commanded=True)
    assert low == pytest.approx(expected)
    assert high.keys() >= low.keys()


def test_a_controlled_party_counts_once_though_it_is_reached_twice() -> None:
    told = [owns(1, 2, 60), owns(2, 4, 60), owns(1, 3, 10), owns(2, 3, 10), owns(4, 3, 10)]
    assert asked(told, 3, commanded=True)[0][1] == pytest.approx(0.3)


def test_the_most_holds_every_completion() -> None:
    random, compared = Random(11), 0
    for _ in range(CASES // 4):
        bands = [
            owns(item.holder, item.target, max(0, item.low - 5), min(100, item.low + 5))
            for item in random_net(random, random.randint(2, 7))
        ]
        within = [
            replace(item, low=share, high=share) for item in bands if (share := random.uniform(item.low, item.high))
        ]
        totals = {item.target: sum(other.low for other in within if other.target == item.target) for item in within}
        if any(total > 95 for total in totals.values()):
            continue
        for target in totals:
            (low, high), (exact, _) = asked(bands, target), asked(within, target)
            compared += len(exact)
            for node, share in exact.items():
                assert low.get(node, 0) - 1e-6 <= share <= high.get(node, 0) + 1e-6
    assert compared


def test_votes_and_equity_that_add_to_more_than_all_have_owners_under_the_larger_of_both() -> None:
    told = [
        owns(1, 3, 60, interest="votingRights"),
        owns(1, 3, 10, interest="shareholding"),
        owns(2, 3, 40, interest="votingRights"),
        owns(2, 3, 45, interest="shareholding"),
        owns(4, 3, 9, interest="shareholding"),
        owns(4, 3, 0, interest="votingRights"),
    ]
    evaluation = evaluation_of(told, find_profile("any_10"))
    found = owners_of(evaluation, evaluation.graph.place[3], commanded=True)
    assert by_key(evaluation, found.low) == pytest.approx({1: 1.0, 2: 0.45, 4: 0.09})


def test_a_long_ring_with_outsiders_is_solved() -> None:
    size = 2000
    told = [owns(node, (node + 1) % size, 60) for node in range(size)] + [owns(size, 0, 40)]
    low, _ = asked(told, 2)
    # 0 holds 60 % of 1, which holds 60 % of 2; the outsider has 40 % of 0.
    assert low[1] == pytest.approx(0.6)
    assert low[0] == pytest.approx(0.36)
    assert low[size] == pytest.approx(0.144)


def test_in_a_long_ring_almost_owned_inside_the_outsider_has_all() -> None:
    size = 1600
    told = [owns(node, (node + 1) % size, 99.9999) for node in range(size)]
    told += [owns(size, node, 0.0001) for node in range(size)]
    assert asked(told, 0)[0][size] == pytest.approx(1.0, abs=1e-6)
