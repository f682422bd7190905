"""The course of a scenario: hand-computed months, and a dense simulation month by month."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.kernels.dependence.shares import degrade
from isthmus.scenarios.course import Course, course_of, rounds
from isthmus.scenarios.draft import Draft

from .webs import Bound, End, Months, Need, World, arrays

LAST = 12
FOREVER = 10**6
shares = st.sampled_from([(0.25, 0.25), (0.5, 0.5), (0.0, 0.25), (0.25, 0.5), None])
months = st.one_of(st.none(), st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda two: (min(two), max(two))))


@st.composite
def worlds(draw: st.DrawFn, switching: bool = True) -> World:
    nodes = draw(st.integers(2, 6))
    needs = []
    for _ in range(draw(st.integers(1, 7))):
        subject = draw(st.integers(0, nodes - 1))
        ends = draw(st.lists(st.integers(0, nodes - 1), min_size=1, max_size=3, unique=True))
        shared = draw(st.booleans())
        made = tuple(
            End(end, draw(shares) if shared else None, draw(months), draw(months) if switching else None)
            for end in ends
        )
        needs.append(Need(subject, 1 if shared else draw(st.integers(1, len(ends))), made))
    return World(nodes, tuple(needs))


@st.composite
def bounds(draw: st.DrawFn, nodes: int) -> Bound:
    start = draw(st.integers(0, 4))
    low, high = draw(st.sampled_from([(0.0, 0.0), (0.0, 1.0), (0.4, 0.4), (0.2, 0.6)]))
    return Bound(
        draw(st.integers(0, nodes - 1)), start, draw(st.sampled_from([start + 2, start + 5, FOREVER])), low, high
    )


def run(world: World, told: list[Bound], horizon: float | None = None) -> Course:
    draft = Draft(arrays(world))
    for bound in told:
        stop = np.inf if bound.stop == FOREVER else bound.stop
        draft.pin(bound.node, bound.start, stop, bound.low, bound.high)
    return course_of(draft.staged(), horizon)


def levels(course: Course, month: float, nodes: int) -> tuple[list[float], list[float]]:
    return course.worst.at(month)[:nodes].tolist(), course.best.at(month)[:nodes].tolist()


@given(st.data())
@settings(max_examples=60)
def test_events_give_what_every_month_gives(data: st.DataObject) -> None:
    world = data.draw(worlds())
    told = data.draw(st.lists(bounds(world.nodes), max_size=3))
    course = run(world, told)
    dense = [Months(world, told, worst).through(LAST) for worst in (True, False)]
    for month in range(LAST + 1):
        for found, wanted in zip(levels(course, month, world.nodes), (end[month] for end in dense), strict=True):
            assert found == pytest.approx(wanted, abs=1e-7), month


@given(worlds())
def test_without_a_change_nothing_happens(world: World) -> None:
    course = run(world, [])
    told = arrays(world)
    plain = degrade(told.needs, told.least, told.most)
    for run_, wanted in ((course.worst, plain.low), (course.best, plain.high)):
        assert run_.months.size == 0
        assert run_.before[: world.nodes].tolist() == wanted.tolist()


@given(st.data())
def test_one_failure_more_restores_nothing(data: st.DataObject) -> None:
    """Switching times are left out: who has to change over earlier is done earlier."""
    world = data.draw(worlds(switching=False))
    told = data.draw(st.lists(bounds(world.nodes), max_size=3))
    more = [*told, data.draw(bounds(world.nodes))]
    one, other = run(world, told), run(world, more)
    for month in sorted({*one.months, *other.months}):
        for fewer, all_ in zip(levels(one, month, world.nodes), levels(other, month, world.nodes), strict=True):
            assert all(after <= before + 1e-7 for before, after in zip(fewer, all_, strict=True))


@given(st.data())
def test_the_worst_is_never_above_the_best_and_a_horizon_only_cuts(data: st.DataObject) -> None:
    world = data.draw(worlds())
    told = data.draw(st.lists(bounds(world.nodes), min_size=1, max_size=3))
    course, short = run(world, told), run(world, told, horizon=3)
    for month in course.months:
        low, high = levels(course, month, world.nodes)
        assert all(one <= other + 1e-7 for one, other in zip(low, high, strict=True))
        if month <= 3:
            assert levels(short, month, world.nodes) == (low, high)
    assert max(short.months, default=0) <= 3


def test_a_stock_bridges_a_delay_that_is_short_enough() -> None:
    """A works needs a part with a stock for 3 to 5 months; the part is away for 4."""
    world = World(2, (Need(0, 1, (End(1, None, (3, 5)),)),))
    course = run(world, [Bound(1, 2, 6, 0.0, 0.0)])
    assert course.worst.months.tolist() == [2, 5, 6, 9]
    assert [levels(course, month, 1) for month in (0, 4, 5, 6)] == [([1], [1]), ([1], [1]), ([0], [1]), ([1], [1])]


def test_changing_over_takes_its_time_at_the_worst_only() -> None:
    """Of two alternatives the first is lost in month 1; it takes 2 to 4 months to change to the other."""
    world = World(3, (Need(0, 1, (End(1, None, None, (2, 4)), End(2))),))
    course = run(world, [Bound(1, 1, FOREVER, 0.0, 0.0)])
    assert [levels(course, month, 1)[0] for month in (0, 1, 4, 5)] == [[1], [0], [0], [1]]
    assert all(levels(course, month, 1)[1] == [1] for month in range(6))


def test_shares_say_how_much_is_left_and_what_cannot_be_known() -> None:
    """A thing has 60 % from one and 20 to 40 % from another, who falls to a half."""
    world = World(3, (Need(0, 1, (End(1, (0.6, 0.6)), End(2, (0.2, 0.4)))),))
    course = run(world, [Bound(2, 0, FOREVER, 0.5, 0.5)])
    low, high = levels(course, 0, 1)
    assert low + high == pytest.approx([0.8, 0.9])


def test_steps_of_one_month() -> None:
    """0 needs 1; 1 needs one of 2 and 3; 2 and 4 need 3: when 3 is lost, 2 and 4 fall first, then 1, then 0."""
    world = World(
        5, (Need(0, 1, (End(1),)), Need(1, 1, (End(2), End(3))), Need(2, 1, (End(3),)), Need(4, 1, (End(3),)))
    )
    draft = Draft(arrays(world))
    draft.pin(3, 1, np.inf, 0, 0)
    staged = draft.staged()
    course = course_of(staged)
    assert rounds(staged, course.worst, 0)[:5].tolist() == [3, 2, 1, 0, 1]


def test_a_substitute_counts_from_its_month_on() -> None:
    """1 is all that 0 has; 2 can take its place from month 3 on, and fails in month 5."""
    world = World(3, (Need(0, 1, (End(1),)), Need(2, 1, (End(2),))))
    draft = Draft(arrays(world))
    draft.substitute(0, 2, 3.0, 1)
    for node, month in ((1, 1), (2, 5)):
        draft.pin(node, month, np.inf, 0, 0)
    course = course_of(draft.staged())
    assert [course.worst.at(month)[0] for month in (0, 1, 2, 3, 4, 5)] == [1, 0, 0, 1, 1, 0]


def test_a_substitute_takes_over_a_share() -> None:
    world = World(4, (Need(0, 1, (End(1, (0.7, 0.7)), End(2, (0.3, 0.3)))),))
    draft = Draft(arrays(world))
    draft.substitute(0, 3, 2.0, 1)
    draft.pin(1, 0, np.inf, 0, 0)
    course = course_of(draft.staged())
    assert [course.worst.at(month)[0] for month in (0, 2)] == [pytest.approx(0.3), 1]


def test_added_capacity_gives_back_what_it_says_and_no_more() -> None:
    world = World(4, (Need(0, 1, (End(1, (0.7, 0.7)), End(2, (0.3, 0.3)))),))
    draft = Draft(arrays(world))
    draft.add_maker(0, 3, (0.2, 0.3), 2.0, 1)
    draft.add_maker(0, 2, (0.1, 0.1), 4.0, 2)
    draft.add_maker(0, 2, (0.05, 0.05), 5.0, 3)
    draft.pin(1, 0, np.inf, 0, 0)
    course = course_of(draft.staged())
    assert [course.worst.at(month)[0] for month in (0, 2, 4, 5)] == [
        pytest.approx(one) for one in (0.3, 0.5, 0.6, 0.65)
    ]
    assert [course.best.at(month)[0] for month in (0, 2, 4, 5)] == [pytest.approx(one) for one in (0.3, 0.6, 0.7, 0.75)]


def test_a_stand_in_sees_a_cut_share_and_the_thing_itself_does_not() -> None:
    """0 is made by 1 (70 %) and 2 (30 %); 3 sees it with half of what 1 makes."""
    world = World(4, (Need(0, 1, (End(1, (0.7, 0.7)), End(2, (0.3, 0.3)))), Need(3, 1, (End(0),))))
    draft = Draft(arrays(world))
    cut = draft.new_node(leads=1)
    draft.new_need(cut, [1])
    draft.pin(cut, 0, np.inf, 0.5, 0.5)
    outside = draft.stand_in(0, "outside", {0: cut})
    draft.alternative[2] = outside
    course = course_of(draft.staged())
    assert course.worst.at(0)[[0, outside, 3]].tolist() == [1, pytest.approx(0.65), pytest.approx(0.65)]
