"""How much is left where alternatives carry shares: worked by hand, and completions of small networks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.errors import ArgumentError
from isthmus.kernels.dependence.failures import failed_by
from isthmus.kernels.dependence.graph import Needs
from isthmus.kernels.dependence.shares import degrade
from tests.kernels.dependence.graphs import CASES, Small, needs_of, smalls

NAN = math.nan


def market(*shares: tuple[float, float]) -> tuple[Needs, list[float], list[float]]:
    """Node 0 needs a thing of which the others supply these shares."""
    needs = needs_of(len(shares) + 1, [(0, 1, range(1, len(shares) + 1))]).build()
    return needs, [low for low, _ in shares], [high for _, high in shares]


def test_a_need_loses_the_share_of_who_failed() -> None:
    found = degrade(*market((0.5, 0.5), (0.3, 0.3), (0.2, 0.2)), failed=[1])
    assert found.need_low.tolist() == pytest.approx([0.5])
    assert found.low.tolist() == pytest.approx([0.5, 0, 1, 1]) == found.high.tolist()


def test_without_failures_everything_runs() -> None:
    found = degrade(*market((0.4, 0.4), (0.1, 0.3)))
    assert found.low.tolist() == found.high.tolist() == [1, 1, 1]
    assert found.settled
    assert not found.over.any()


def test_bounded_shares_leave_an_interval() -> None:
    found = degrade(*market((0.4, 0.6), (0.3, 0.5)), failed=[1])
    assert (found.low[0], found.high[0]) == pytest.approx((0.4, 0.6))
    # Both at their high ends would be more than the whole.
    found = degrade(*market((0.4, 0.6), (0.3, 0.5), (0.1, 0.3)), failed=[1, 2])
    assert (found.low[0], found.high[0]) == pytest.approx((0.1, 0.3))


def test_when_all_named_are_lost_the_rest_is_doubtful() -> None:
    found = degrade(*market((0.5, 0.5), (0.3, 0.3)), failed=[1, 2])
    assert (found.low[0], found.high[0]) == pytest.approx((0, 0.2))
    assert (found.need_low[0], found.need_high[0]) == pytest.approx((0, 0.2))


def test_without_shares_the_best_alternatives_count() -> None:
    needs = needs_of(7, [(0, 1, [1, 2]), (3, 2, [1, 2, 4]), (5, 2, [1, 2]), (6, 1, [1])]).build()
    nothing = [NAN] * needs.alternatives.size
    found = degrade(needs, nothing, nothing, own=[1, 0.5, 0.8, 1, 0.2, 1, 1])
    assert found.low.tolist() == found.high.tolist() == [0.8, 0.5, 0.8, 0.5, 0.2, 0.5, 0.5]


def test_a_share_that_is_not_known_is_any_that_the_others_leave() -> None:
    needs, *_ = market((0, 0), (0, 0))
    found = degrade(needs, [0.6, NAN], [0.6, NAN], failed=[2])
    assert (found.low[0], found.high[0]) == pytest.approx((0.6, 1))


def test_losses_pass_on_through_the_least_need() -> None:
    # 0 needs 1 and 2; 1 gets 0.7 from 3, 2 gets 0.4 from 3; 4 gets half from 0.
    needs = needs_of(5, [(0, 1, [1]), (0, 1, [2]), (1, 1, [3]), (2, 1, [3]), (4, 1, [0])]).build()
    shares = [NAN, NAN, 0.7, 0.4, 0.5]
    found = degrade(needs, shares, shares, own=[1, 1, 1, 0.5, 1])
    assert found.low.tolist() == pytest.approx([0.65, 0.65, 0.8, 0.5, 0.825])
    assert found.high.tolist() == pytest.approx(found.low.tolist())


def test_a_loop_settles_where_it_agrees() -> None:
    # 0 gets half from 1 and a quarter from 2; 1 gets half from 0: with d = 1 - c, d0 = d1 / 2 + 1/4 and d1 = d0 / 2.
    needs = needs_of(3, [(0, 1, [1, 2]), (1, 1, [0])]).build()
    found = degrade(needs, [0.5, 0.25, 0.5], [0.5, 0.25, 0.5], failed=[2])
    assert found.low[:2].tolist() == pytest.approx([2 / 3, 5 / 6], abs=1e-9)
    assert found.settled


def test_shares_over_the_whole_are_told() -> None:
    found = degrade(*market((0.92, 0.92), (0.1, 0.1)), failed=[1])
    assert found.over.tolist() == [True]
    assert found.high[0] == pytest.approx(0.08)


def test_what_can_never_hold_gives_nothing() -> None:
    needs = needs_of(3, [(0, 2, [1]), (2, 1, [0])]).build()
    found = degrade(needs, [NAN, NAN], [NAN, NAN])
    assert found.low.tolist() == found.high.tolist() == [0, 1, 0]


def test_a_supplier_with_nothing_left_is_none() -> None:
    # 1 works, for 3 does, but all that it needs came from 2; 0 has no other supplier of that half.
    needs = needs_of(4, [(0, 1, [1]), (1, 1, [2, 3])]).build()
    found = degrade(needs, [0.5, 1, 0], [0.5, 1, 0], failed=[2])
    assert not failed_by(needs, [2])[0]
    assert (found.low[0], found.high[0], found.need_low[0]) == pytest.approx((0, 0.5, 0))


def test_a_loop_that_hardly_falls_is_given_up_and_told() -> None:
    needs = needs_of(3, [(0, 1, [1, 2]), (1, 1, [0])]).build()
    slow = 1 - 1e-7
    found = degrade(needs, [slow, 1e-7, 1], [slow, 1e-7, 1], failed=[2])
    assert not found.settled


def test_a_market_of_many_is_counted_once() -> None:
    many = 100_000
    needs = Needs.build(many + 1, np.zeros(many, np.int64), np.zeros(many, np.int64), np.arange(1, many + 1))
    share = np.full(many, 1 / many)
    found = degrade(needs, share, share, failed=np.arange(1, many // 2 + 1))
    assert found.low[0] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("low", "high", "own", "message"),
    [
        ([0.5, 0.5], [0.4, 0.5], None, "wrong order"),
        ([NAN, 0.5], [0.4, 0.5], None, "wrong order"),
        ([-0.1, 0.5], [0.4, 0.5], None, "not between 0 and 1"),
        ([0.1, 0.5], [1.4, 0.5], None, "not between 0 and 1"),
        ([0.1], [0.4], None, "is not"),
        ([0.1, 0.1], [0.4, 0.4], [1, 2, 1], "not between 0 and 1"),
        ([0.1, 0.1], [0.4, 0.4], [1, NAN, 1], "not a number"),
    ],
)
def test_what_is_no_share_is_refused(
    low: list[float], high: list[float], own: list[float] | None, message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        degrade(market((0, 0), (0, 0))[0], low, high, own=own)


@settings(max_examples=CASES)
@given(smalls(6), st.data())
def test_without_shares_only_what_fails_is_lost(small: Small, data: st.DataObject) -> None:
    nodes = sorted(data.draw(st.frozensets(st.integers(0, small.nodes - 1))))
    needs = small.build()
    nothing = np.full(needs.alternatives.size, NAN)
    found = degrade(needs, nothing, nothing, nodes)
    assert np.array_equal(found.low == 0, failed_by(needs, nodes))
    assert np.array_equal(found.low, found.high)
    assert set(found.low.tolist()) <= {0.0, 1.0}


@settings(max_examples=CASES)
@given(smalls(6), st.data())
def test_every_completion_lies_within(small: Small, data: st.DataObject) -> None:
    needs = small.build()
    low, high, chosen = [], [], []
    for size in np.diff(needs.cuts):
        # Sixteenths: a loop that keeps nearly all of its loss would take thousands of rounds.
        room = 16
        for _ in range(size):
            share = data.draw(st.integers(0, room))
            room -= share
            low.append(data.draw(st.integers(0, share)) / 16)
            high.append(data.draw(st.integers(share, 16)) / 16)
            chosen.append(share / 16)
    nodes = sorted(data.draw(st.frozensets(st.integers(0, small.nodes - 1))))
    found = degrade(needs, low, high, nodes)
    exact = degrade(needs, chosen, chosen, nodes)
    assert (found.low <= exact.low + 1e-6).all()
    assert (exact.low <= exact.high + 1e-6).all()
    assert (exact.high <= found.high + 1e-6).all()
    assert np.allclose(exact.high, _naive(needs, chosen, nodes), atol=1e-6)


def _naive(needs: Needs, shares: list[float], failed: list[int]) -> list[float]:
    capacity = [0.0 if node in failed else 1.0 for node in range(needs.nodes)]
    for _ in range(2000):
        before = list(capacity)
        for need, subject in enumerate(needs.subjects.tolist()):
            row = range(needs.cuts[need], needs.cuts[need + 1])
            loss = sum(shares[place] * (1 - capacity[needs.alternatives[place]]) for place in row)
            capacity[subject] = min(capacity[subject], max(0.0, 1 - loss))
        if before == capacity:
            break
    return capacity


# -- twins and additions -----------------------------------------------------------------------------------------------


def twins() -> tuple[Needs, list[float], list[int]]:
    """Node 0 is made by 1 (0.6) and 2 (0.4) and, told the other way, in 3 (0.7) and 4 (0.3); 5 needs 0."""
    needs = needs_of(6, [(0, 1, [1, 2]), (0, 1, [3, 4]), (5, 1, [0])]).build()
    return needs, [0.6, 0.4, 0.7, 0.3, NAN], [1, 0, -1]


def test_losses_of_twins_add_up_at_worst_and_at_best_the_larger_counts() -> None:
    needs, shares, twin = twins()
    found = degrade(needs, shares, shares, [2, 4], twin=twin)
    assert (found.low[0], found.high[0]) == pytest.approx((0.3, 0.6))
    assert (found.low[5], found.high[5]) == pytest.approx((0.3, 0.6))
    assert found.need_low.tolist() == pytest.approx([0.6, 0.7, 0.3])
    assert degrade(needs, shares, shares, [1, 3], twin=twin).low[0] == 0
    assert degrade(needs, shares, shares, [2], twin=twin).low[0] == pytest.approx(0.6)


def test_what_is_added_makes_up_for_what_is_lost_and_for_no_more() -> None:
    needs = needs_of(4, [(0, 1, [1, 2, 3])]).build()
    shares, extra = [0.5, 0.5, 0], [0, 0, 0.3]
    found = degrade(needs, shares, shares, [1], extra=extra)
    assert (found.low[0], found.high[0]) == pytest.approx((0.8, 0.8))
    found = degrade(needs, shares, shares, [1], own=[1, 1, 1, 0.5], extra=extra)
    assert (found.low[0], found.high[0]) == pytest.approx((0.65, 0.65))
    assert degrade(needs, shares, shares, [], extra=[0, 0, 0.9]).high[0] == 1
    assert degrade(needs, shares, shares, [1, 2, 3], extra=extra).high[0] == 0
    assert degrade(needs, shares, shares, [1, 2], extra=extra).low[0] == pytest.approx(0.3)


def test_who_only_adds_says_nothing_about_the_rest() -> None:
    needs = needs_of(3, [(0, 1, [1, 2])]).build()
    found = degrade(needs, [0.7, 0], [0.7, 0], [1], extra=[0, 0.2])
    assert (found.low[0], found.high[0]) == pytest.approx((0.2, 0.5))
    # One with a share of the whole, however small, keeps the list open.
    assert degrade(needs, [0.7, 0], [0.7, 0.1], [1], extra=[0, 0.2]).low[0] == pytest.approx(0.5)


def test_an_addition_in_both_twins_counts_once() -> None:
    needs = needs_of(5, [(0, 1, [1, 2, 4]), (0, 1, [3, 4])]).build()
    shares, extra = [0.5, 0.5, 0, 1, 0], [0, 0, 0.2, 0, 0.2]
    found = degrade(needs, shares, shares, [1], own=[1, 1, 1, 0.9, 1], twin=[1, 0], extra=extra)
    assert (found.low[0], found.high[0]) == pytest.approx((0.6, 0.7))


@pytest.mark.parametrize(
    ("twin", "extra", "message"),
    [
        ([1, 0], None, "are not 3 needs"),
        ([1.0, 0.0, -1.0], None, "are not 3 needs"),
        ([3, 0, -1], None, "is no need"),
        ([-2, 0, -1], None, "is no need"),
        ([0, -1, -1], None, "each the twin"),
        ([1, -1, -1], None, "each the twin"),
        ([2, -1, 0], None, "each the twin"),
        (None, [0.5], "is not"),
        (None, [0, 0, 0, 0, 1.5], "not between 0 and 1"),
        (None, [0, 0, 0, 0, NAN], "not a number"),
    ],
)
def test_what_is_no_twin_and_no_addition_is_refused(
    twin: list[float] | None, extra: list[float] | None, message: str
) -> None:
    needs, shares, _ = twins()
    with pytest.raises(ArgumentError, match=message):
        degrade(needs, shares, shares, twin=twin, extra=extra)


@settings(max_examples=CASES)
@given(smalls(6), st.data())
def test_with_twins_and_additions_it_is_what_plain_python_finds(small: Small, data: st.DataObject) -> None:
    needs = small.build()
    tenths = st.integers(0, 16).map(lambda number: number / 16)
    low, high, extra = [], [], []
    for _ in range(needs.alternatives.size):
        ends = sorted((data.draw(tenths), data.draw(tenths)))
        known = data.draw(st.booleans())
        low.append(ends[0] if known else NAN)
        high.append(ends[1] if known else NAN)
        extra.append(data.draw(tenths) if data.draw(st.booleans()) else 0.0)
    twin = [-1] * needs.size
    for need in range(needs.size - 1):
        pair = needs.subjects[need] == needs.subjects[need + 1] and twin[need] < 0
        if pair and data.draw(st.booleans()):
            twin[need], twin[need + 1] = need + 1, need
    nodes = sorted(data.draw(st.frozensets(st.integers(0, small.nodes - 1))))
    found = degrade(needs, low, high, nodes, twin=twin, extra=extra)
    assert (found.low <= found.high + 1e-6).all()
    for worst, told in ((True, found.low), (False, found.high)):
        assert np.allclose(told, _slow(needs, low, high, nodes, twin, extra, worst=worst), atol=1e-6)
    plain = degrade(needs, low, high, nodes)
    silent = degrade(needs, low, high, nodes, twin=[-1] * needs.size, extra=[0.0] * len(low))
    assert np.array_equal(plain.low, silent.low)
    assert np.array_equal(plain.high, silent.high)
    assert (found.high >= plain.high - 1e-9).all()


def _slow(
    needs: Needs,
    low: list[float],
    high: list[float],
    failed: list[int],
    twin: list[int],
    extra: list[float],
    *,
    worst: bool,
) -> list[float]:
    capacity = [0.0 if node in failed else 1.0 for node in range(needs.nodes)]

    def met(need: int) -> tuple[float, float]:
        """Return how much of a need is met without what is added, and what is added."""
        row = range(int(needs.cuts[need]), int(needs.cuts[need + 1]))
        ends = [capacity[needs.alternatives[place]] for place in row]
        added = sum(extra[place] * end for place, end in zip(row, ends, strict=True))
        ends = [0.0 if extra[place] > 0 and high[place] == 0 else end for place, end in zip(row, ends, strict=True)]
        least = int(needs.at_least[need])
        best = sorted(ends, reverse=True)[least - 1] if len(ends) >= least else 0.0
        if all(math.isnan(low[place]) for place in row) or (worst and sum(end > 1e-9 for end in ends) < least):
            return best, added
        bounds = [(0.0, 1.0) if math.isnan(low[place]) else (low[place], high[place]) for place in row]
        loss = sum(share * (1 - end) for (share, _), end in zip(bounds, ends, strict=True))
        room = 1 - sum(share for share, _ in bounds)
        for end, (share, most) in sorted(zip(ends, bounds, strict=True)) if worst and room > 0 else ():
            part = min(room, most - share)
            loss, room = loss + part * (1 - end), room - part
        return min(1.0, max(0.0, 1 - loss)), added

    for _ in range(3000):
        before = list(capacity)
        for need, subject in enumerate(needs.subjects.tolist()):
            row = range(int(needs.cuts[need]), int(needs.cuts[need + 1]))
            touched = any(capacity[needs.alternatives[place]] < 1 for place in row)
            if not (touched or len(row) < needs.at_least[need]):
                continue
            own, added = met(need)
            level = min(1.0, own + added)
            if worst and twin[need] >= 0:
                other = twin[need]
                theirs = range(int(needs.cuts[other]), int(needs.cuts[other + 1]))
                whole = all(capacity[needs.alternatives[place]] == 1 for place in theirs)
                whole = whole and len(theirs) >= needs.at_least[other]
                there, also = (1.0, sum(extra[place] for place in theirs)) if whole else met(other)
                level = min(level, max(0.0, own + there - 1) + max(added, also))
            capacity[subject] = min(capacity[subject], level)
        if before == capacity:
            break
    return capacity
