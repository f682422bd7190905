"""The graph that claims make under a rule: which stake counts, what is complete, what is a fact, what is left out."""

from __future__ import annotations

from random import Random

import pytest

from isthmus.control.graph import Graph, Ties, build_graph
from isthmus.control.profiles import Profile, find_profile

from .conftest import CASES, MAJORITY, UNIT, Told, belongs, complete, owns, random_told, rows_of, says, together

ANY = find_profile("any_10")
Stake = tuple[int, int, float, float]


def graph_of(*told: Told, profile: Profile = MAJORITY) -> Graph:
    return build_graph(rows_of(told), profile)


def stakes(graph: Graph) -> set[Stake]:
    columns = (graph.holder.tolist(), graph.target.tolist(), graph.low.tolist(), graph.high.tolist())
    keys = graph.keys.tolist()
    return {(keys[a], keys[b], low / UNIT, high / UNIT) for a, b, low, high in zip(*columns, strict=True)}


def pairs(graph: Graph, ties: Ties) -> dict[tuple[int, int], bool]:
    keys = graph.keys.tolist()
    found: dict[tuple[int, int], bool] = {}
    for source, target, certain in zip(ties.source.tolist(), ties.target.tolist(), ties.certain.tolist(), strict=True):
        pair = (keys[source], keys[target])
        found[pair] = found.get(pair, False) or certain
    return found


def votes(holder: int, target: int, low: float, high: float | None = None) -> Told:
    return owns(holder, target, low, high, interest="votingRights")


def equity(holder: int, target: int, low: float, high: float | None = None) -> Told:
    return owns(holder, target, low, high, interest="shareholding")


def test_nothing_makes_an_empty_graph() -> None:
    graph = graph_of()
    assert len(graph.keys) == len(graph.holder) == len(graph.facts) == len(graph.set_aside) == 0
    assert graph.place == {}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param([votes(1, 2, 30), equity(1, 2, 70)], {(1, 2, 30, 30)}, id="votes go before equity"),
        pytest.param([equity(1, 2, 70)], {(1, 2, 70, 70)}, id="without votes a share is one vote"),
        pytest.param([owns(1, 2, 70)], {(1, 2, 70, 70)}, id="an unnamed stake is equity"),
        pytest.param([votes(1, 2, 30), equity(3, 2, 70)], {(1, 2, 30, 30), (3, 2, 0, 100)}, id="the votes of the other are not said"),
        pytest.param([Told(1, 2, kind=votes(1, 2, 0).kind), equity(1, 2, 70)], {(1, 2, 70, 70)}, id="votes without a number hide nothing"),
        pytest.param([owns(1, 2, 70, interest="rightsToProfitOrIncome")], set(), id="income is no vote"),
        pytest.param([owns(1, 2, 70, direct="indirect")], set(), id="an indirect stake is not added"),
        pytest.param([owns(1, 2, 10, predicate="acquired")], {(1, 2, 10, 10)}, id="a bought part is a stake"),
        pytest.param([says(1, 2, "acquired")], set(), id="a purchase without a number is no stake"),
        pytest.param([says(1, 2, "finances", instrument="equity")], {(1, 2, 0, 100)}, id="equity finance is a stake of any size"),
        pytest.param([says(1, 2, "finances", instrument="loan")], set(), id="a loan is none"),
    ],
)  # fmt: skip
def test_which_stake_counts_under_majority(told: list[Told], expected: set[Stake]) -> None:
    assert stakes(graph_of(*told)) == expected


def test_under_the_larger_of_both_each_holder_has_the_larger_and_nothing_is_left_out() -> None:
    told = [votes(1, 3, 60), equity(1, 3, 10), votes(2, 3, 40), equity(2, 3, 90), equity(4, 3, 0, 5)]
    graph = graph_of(*told, profile=ANY)
    assert stakes(graph) == {(1, 3, 60, 60), (2, 3, 90, 90), (4, 3, 0, 5)}
    assert not graph.infeasible.any()


@pytest.mark.parametrize(
    ("told", "left_out"),
    [
        ([owns(1, 3, 60), owns(2, 3, 40)], False),
        ([owns(1, 3, 60), owns(2, 3, 40.000001)], True),
        ([owns(1, 3, 60, 100), owns(2, 3, 40, 100)], False),
        ([owns(1, 3, 60), owns(2, 3, 30)], False),
        ([owns(1, 3, 60), owns(2, 3, 30), complete(3)], True),
        ([owns(1, 3, 60), owns(2, 3, 30, 40), complete(3)], False),
        ([owns(1, 3, 60), owns(2, 3, 60, sure=False)], False),
        ([owns(1, 3, 60), owns(2, 3, 60, denied=True)], False),
    ],
)
def test_what_cannot_be_completed_is_left_out(told: list[Told], left_out: bool) -> None:
    graph = graph_of(*told)
    assert bool(graph.infeasible[graph.place[3]]) is left_out


@pytest.mark.parametrize(
    ("claim", "closed"),
    [
        (complete(2), True),
        (complete(2, sure=False), False),
        (complete(2, denied=True), False),
        (complete(5), False),
    ],
)
def test_the_holders_are_all_known_only_where_it_surely_says_so(claim: Told, closed: bool) -> None:
    graph = graph_of(owns(1, 2, 60), owns(1, 4, 60), claim)
    assert bool(graph.closed[graph.place[2]]) is closed
    assert (graph.place[2] in graph.closing) is closed
    assert not graph.closed[graph.place[4]]


def test_a_list_of_members_called_complete_says_nothing_of_owners() -> None:
    graph = graph_of(belongs(1, 9), complete(9), owns(5, 9, 60))
    assert not graph.closed.any()


@pytest.mark.parametrize(
    ("claim", "facts"),
    [
        (says(1, 2), {(1, 2): True}),
        (says(1, 2, sure=False), {(1, 2): False}),
        (says(1, 2, denied=True), {}),
        (says(1, 2, conditional=True), {(1, 2): False}),
        (says(1, 2, "acquired"), {(1, 2): True}),
        (owns(1, 2, 10, predicate="acquired"), {}),
        (says(1, 2, "acquired", deal="announced"), {}),
        (says(1, 2, "acquired", deal="agreed"), {}),
        (says(1, 2, "acquired", deal="blocked"), {}),
        (says(1, 2, "acquired", deal="withdrawn"), {}),
        (says(1, 2, "acquired", deal="completed"), {(1, 2): True}),
        (says(1, 2, "subordinate_to", basis="organ_of"), {(1, 2): True}),
        (says(1, 2, "subordinate_to", basis="member_unit"), {}),
        (says(1, 2, "has_interest_in", interest="appointmentOfBoard"), {(1, 2): True}),
        (says(1, 2, "has_interest_in", interest="unknownInterest"), {(1, 2): False}),
        (says(1, 2, "has_interest_in", interest="boardMember"), {}),
        (says(1, 2, "has_interest_in", right="veto"), {}),
        (says(1, 2, "has_interest_in", right="casting_vote"), {(1, 2): True}),
        (owns(1, 2, 60, direct="indirect"), {(1, 2): True}),
        (owns(1, 2, 40, 60, direct="indirect"), {(1, 2): False}),
        (owns(1, 2, 40, direct="indirect"), {}),
        (owns(1, 2, 60, direct="indirect", denied=True), {}),
        (owns(1, 2, 60, direct="indirect", sure=False), {(1, 2): False}),
        (says(1, 2, "consolidates"), {}),
    ],
)
def test_what_is_a_fact_of_control(claim: Told, facts: dict[tuple[int, int], bool]) -> None:
    graph = graph_of(claim, owns(8, 9, 1))
    assert pairs(graph, graph.facts) == facts


def test_a_fact_that_another_denies_in_the_same_words_is_possible_only() -> None:
    said = says(1, 2, "has_interest_in", interest="appointmentOfBoard")
    graph = graph_of(said, says(1, 2, "has_interest_in", interest="appointmentOfBoard", denied=True))
    assert pairs(graph, graph.facts) == {(1, 2): False}
    for other in (
        says(1, 2, "has_interest_in", interest="boardMember", denied=True),
        says(1, 3, "has_interest_in", interest="appointmentOfBoard", denied=True),
        says(3, 2, "has_interest_in", interest="appointmentOfBoard", denied=True),
        says(1, 2, "controls", denied=True),
    ):
        graph = graph_of(said, other)
        assert pairs(graph, graph.facts)[1, 2]


def test_a_right_to_block_that_another_denies_is_no_certain_one() -> None:
    veto = says(1, 2, "has_interest_in", right="veto")
    graph = graph_of(veto)
    assert pairs(graph, graph.blocks) == {(1, 2): True}
    graph = graph_of(veto, says(1, 2, "has_interest_in", right="veto", denied=True))
    assert pairs(graph, graph.blocks) == {(1, 2): False}


def test_a_later_purchase_by_another_overtakes_an_earlier_one() -> None:
    first, second = says(1, 3, "acquired", since=10), says(2, 3, "acquired", since=20)
    graph = graph_of(first, second)
    assert pairs(graph, graph.facts) == {(2, 3): True}
    graph = graph_of(first, says(2, 4, "acquired", since=20))
    assert pairs(graph, graph.facts) == {(1, 3): True, (2, 4): True}


def test_a_purchase_in_doubt_does_not_overtake_a_sure_one() -> None:
    graph = graph_of(says(1, 3, "acquired", since=10), says(2, 3, "acquired", since=20, sure=False))
    assert pairs(graph, graph.facts) == {(1, 3): False, (2, 3): False}


def test_a_stake_of_a_group_holds_its_members_stakes() -> None:
    members = [belongs(1, 9), belongs(2, 9)]
    assert (9, 3, 55, 55) in stakes(graph_of(*members, owns(9, 3, 60), owns(1, 3, 5)))
    assert (9, 3, 0, 0) in stakes(graph_of(*members, owns(9, 3, 60), owns(1, 3, 30), owns(2, 3, 30)))
    assert (9, 3, 0, 60) in stakes(graph_of(*members, owns(9, 3, 60), owns(1, 3, 0, 100)))
    assert (9, 3, 60, 60) in stakes(graph_of(*members, owns(9, 3, 60), owns(1, 3, 5, denied=True)))
    assert (9, 3, 60, 60) in stakes(graph_of(*members, owns(9, 3, 60), owns(1, 4, 5)))
    assert (9, 3, 60, 60) in stakes(graph_of(belongs(1, 9, denied=True), owns(9, 3, 60), owns(1, 3, 5)))


def test_an_indirect_stake_is_set_aside_and_named() -> None:
    graph = graph_of(owns(1, 2, 30), owns(5, 2, 70, direct="indirect"))
    assert graph.set_aside.tolist() == [1]
    assert stakes(graph) == {(1, 2, 30, 30)}


def test_concert_goes_both_ways() -> None:
    graph = graph_of(together(1, 2), together(3, 4, denied=True))
    assert set(pairs(graph, graph.concert)) == {(1, 2), (2, 1)}


def test_every_holding_names_the_rows_that_count_for_it() -> None:
    told = [owns(1, 2, 30, rank=1), owns(1, 2, 40, rank=2), votes(1, 2, 10), owns(3, 2, 20)]
    graph = graph_of(*told)
    behind = {int(graph.keys[graph.holder[place]]): set(graph.rows_of(place)) for place in range(len(graph.holder))}
    assert behind == {1: {1, 2}, 3: {3}}


def test_the_order_of_rows_never_matters() -> None:
    random = Random(30)
    for _ in range(CASES // 2):
        told = [*random_told(random), belongs(0, 1), says(0, 1, "acquired", since=random.randint(0, 1))]
        before = graph_of(*told)
        random.shuffle(told)
        after = graph_of(*told)
        assert stakes(before) == stakes(after)
        for name in ("facts", "blocks", "influences", "members"):
            assert pairs(before, getattr(before, name)) == pairs(after, getattr(after, name))
        for name in ("closed", "infeasible", "keys"):
            assert getattr(before, name).tolist() == getattr(after, name).tolist()
