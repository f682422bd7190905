"""What is left where alternatives and needs are not sure: every completion of small webs, in plain Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.errors import ArgumentError
from isthmus.kernels.dependence.graph import Needs
from isthmus.kernels.dependence.shares import Degraded, Doubt, degrade

NEARLY = 1e-7
Share = tuple[float, float] | None


@dataclass(frozen=True)
class End:
    node: int
    share: Share = None
    unsure: bool = False


@dataclass(frozen=True)
class Need:
    """A need; one with no sure alternative is not sure itself, nor is one that only a doubtful claim makes a need."""

    subject: int
    takes: int
    ends: tuple[End, ...]
    unsure: bool = False

    @property
    def doubtful(self) -> bool:
        return self.unsure or all(end.unsure for end in self.ends)


Web = tuple[int, tuple[Need, ...]]
SHARES = st.sampled_from([(0.25, 0.25), (0.5, 0.5), (0.0, 0.25), (0.25, 0.5), (0.7, 0.7), None])


@st.composite
def webs(draw: st.DrawFn, whole: bool = False) -> Web:
    """Return a web with at most six doubtful alternatives; `whole`: only needs are doubtful, each with all that it has."""
    nodes, left = draw(st.integers(2, 5)), 6
    needs = []
    for _ in range(draw(st.integers(1, 5))):
        nodes_of = draw(st.lists(st.integers(0, nodes - 1), min_size=1, max_size=1 if whole else 3, unique=True))
        shared = draw(st.booleans())
        ends = []
        for node in nodes_of:
            unsure = left > 0 and draw(st.booleans())
            left -= unsure
            ends.append(End(node, draw(SHARES) if shared else None, unsure))
        takes = 1 if shared else draw(st.integers(1, len(ends)))
        needs.append(Need(draw(st.integers(0, nodes - 1)), takes, tuple(ends), not whole and draw(st.booleans())))
    return nodes, tuple(needs)


def bounds(web: Web, own: Sequence[float], twin: Sequence[int] | None = None) -> Degraded:
    nodes, needs = web
    rows = [(need.subject, at, end.node, need.takes, end) for at, need in enumerate(needs) for end in need.ends]
    built = Needs.build(nodes, *np.array([row[:4] for row in rows], np.int64).T)
    least, most = np.full((2, len(rows)), np.nan)
    unsure = np.zeros(len(rows), np.bool_)
    for place, (*_, end) in zip(built.places, rows, strict=True):
        unsure[place] = end.unsure
        if end.share:
            least[place], most[place] = end.share
    fewest = np.array([0 if needs[int(at)].doubtful else needs[int(at)].takes for at in built.numbers], np.int64)
    return degrade(built, least, most, own=own, twin=twin, doubt=Doubt(unsure, np.zeros(len(rows), np.bool_), fewest))


def completions(web: Web) -> Iterator[Web]:
    """Return every web with each doubtful alternative and need there or not; who takes more than there is, takes all."""
    nodes, needs = web
    choices = []
    for need in needs:
        kept = [
            tuple(end for end, here in zip(need.ends, flags, strict=True) if here)
            for flags in product(*((True, False) if end.unsure else (True,) for end in need.ends))
        ]
        listed: list[Need | None] = [Need(need.subject, min(need.takes, len(ends)), ends) for ends in kept if ends]
        choices.append([*listed, None] if need.doubtful else listed)
    for chosen in product(*choices):
        yield nodes, tuple(need for need in chosen if need is not None)


def met(need: Need, able: Sequence[float], worst: bool) -> float:
    levels = [able[end.node] for end in need.ends]
    if all(end.share is None for end in need.ends) or (worst and sum(level > 1e-9 for level in levels) < need.takes):
        return sorted(levels, reverse=True)[need.takes - 1]
    ends = sorted((level, *(end.share or (0.0, 1.0))) for level, end in zip(levels, need.ends, strict=True))
    room = 1 - sum(low for _, low, _ in ends)
    left = 1 - sum(low * (1 - level) for level, low, _ in ends)
    for level, low, high in ends if worst else ():
        part = max(min(room, high - low), 0)
        room -= part
        left -= part * (1 - level)
    return min(1.0, max(0.0, left))


def left_of(web: Web, own: Sequence[float], worst: bool) -> list[float]:
    """Lower all nodes again and again until nothing changes."""
    now = list(own)
    for _ in range(20_000):
        then = list(own)
        for need in web[1]:
            then[need.subject] = min(then[need.subject], met(need, now, worst))
        if max(abs(one - other) for one, other in zip(now, then, strict=True)) < 1e-12:
            break
        now = then
    return now


LEVELS = st.sampled_from([0.0, 0.0, 1.0, 1.0, 0.5])


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_what_is_left_lies_within_whatever_holds(data: st.DataObject) -> None:
    web = data.draw(webs())
    own = data.draw(st.lists(LEVELS, min_size=web[0], max_size=web[0]))
    found = bounds(web, own)
    for whole in completions(web):
        for low, high, least, most in zip(
            found.low, found.high, left_of(whole, own, True), left_of(whole, own, False), strict=True
        ):
            assert low <= least + NEARLY, whole
            assert most <= high + NEARLY, whole


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_where_only_needs_are_in_doubt_both_ends_are_reached(data: st.DataObject) -> None:
    web = data.draw(webs(whole=True))
    own = data.draw(st.lists(LEVELS, min_size=web[0], max_size=web[0]))
    found = bounds(web, own)
    every = [(left_of(whole, own, True), left_of(whole, own, False)) for whole in completions(web)]
    assert found.low.tolist() == pytest.approx(np.min([low for low, _ in every], axis=0).tolist(), abs=NEARLY)
    assert found.high.tolist() == pytest.approx(np.max([high for _, high in every], axis=0).tolist(), abs=NEARLY)


@given(webs(), st.data())
@settings(max_examples=60, deadline=None)
def test_without_doubt_nothing_differs(web: Web, data: st.DataObject) -> None:
    nodes, needs = web
    sure = (
        nodes,
        tuple(Need(one.subject, one.takes, tuple(End(end.node, end.share) for end in one.ends)) for one in needs),
    )
    own = data.draw(st.lists(LEVELS, min_size=nodes, max_size=nodes))
    rows = [(need.subject, at, end.node, need.takes, end) for at, need in enumerate(sure[1]) for end in need.ends]
    built = Needs.build(nodes, *np.array([row[:4] for row in rows], np.int64).T)
    least, most = np.full((2, len(rows)), np.nan)
    for place, (*_, end) in zip(built.places, rows, strict=True):
        if end.share:
            least[place], most[place] = end.share
    plain, other = degrade(built, least, most, own=own), bounds(sure, own)
    for name in ("low", "high", "need_low", "need_high", "over"):
        assert np.array_equal(getattr(plain, name), getattr(other, name)), name


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_twins_in_doubt_lose_no_more_than_is_told(data: st.DataObject) -> None:
    """0 is made by some of 1 to 3 and, shared out once more, in some of 4 to 6; at worst the losses of the two add up."""
    ends = [
        tuple(End(node, data.draw(SHARES), data.draw(st.booleans())) for node in data.draw(st.sampled_from(sides)))
        for sides in (((1,), (1, 2), (1, 2, 3)), ((4,), (4, 5), (4, 5, 6)))
    ]
    # One with a share at least: else a need is no market.
    ends = [(End(side[0].node, (0.5, 0.5), side[0].unsure), *side[1:]) for side in ends]
    web = (7, tuple(Need(0, 1, side) for side in ends))
    own = [1.0, *data.draw(st.lists(LEVELS, min_size=6, max_size=6))]
    found = bounds(web, own, twin=[1, 0])
    for _, needs in completions(web):
        worst, best = ([met(need, own, side) for need in needs] for side in (True, False))
        both = max(0.0, sum(worst) - 1) if len(worst) == 2 else 1.0
        assert found.low[0] <= min([*worst, both, 1.0]) + NEARLY
        assert found.high[0] >= min([*best, 1.0]) - NEARLY


def test_an_alternative_in_doubt_helps_at_best_and_not_at_worst() -> None:
    """0 needs one of 1 and, perhaps, 2; 1 fails."""
    found = bounds((3, (Need(0, 1, (End(1), End(2, unsure=True))),)), [1, 0, 1])
    assert (found.low[0], found.high[0]) == (0, 1)


def test_a_need_in_doubt_counts_at_worst_and_not_at_best() -> None:
    found = bounds((2, (Need(0, 1, (End(1, unsure=True),)),)), [1, 0])
    assert (found.low[0], found.high[0]) == (0, 1)


def test_a_maker_in_doubt_may_have_its_share_or_nothing() -> None:
    """1 makes 60 %; 2 perhaps 40 %, and fails. If 1 fails instead, it may be that there was nobody else."""
    web = (3, (Need(0, 1, (End(1, (0.6, 0.6)), End(2, (0.4, 0.4), unsure=True))),))
    lost, other = bounds(web, [1, 1, 0]), bounds(web, [1, 0, 1])
    assert (lost.low[0], lost.high[0]) == pytest.approx((0.6, 1))
    assert (other.low[0], other.high[0]) == pytest.approx((0, 0.4))


def test_what_is_added_to_a_need_helps_where_the_need_is_and_makes_none() -> None:
    needs = Needs.build(3, [0, 0], [0, 0], [1, 2])
    nothing = np.full(2, np.nan)
    doubt = Doubt(np.array([True, False]), np.array([False, True]), np.array([0]))
    for own, wanted in (([1, 1, 0], (1, 1)), ([1, 0, 1], (1, 1)), ([1, 0, 0], (0, 1))):
        found = degrade(needs, nothing, nothing, own=own, doubt=doubt)
        assert (found.low[0], found.high[0]) == wanted


def test_doubt_about_other_needs_is_refused() -> None:
    needs = Needs.build(2, [0], [0], [1])
    with pytest.raises(ArgumentError, match="not of these needs"):
        degrade(
            needs, [np.nan], [np.nan], doubt=Doubt(np.zeros(2, np.bool_), np.zeros(2, np.bool_), np.zeros(1, np.int64))
        )
