"""Why a verdict stands: its chain, the smallest set of claims, and those without which it falls."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest

from isthmus.control.closure import above
from isthmus.control.evaluate import Evaluation
from isthmus.control.graph import build_graph
from isthmus.control.profiles import Profile
from isthmus.control.rows import Rows
from isthmus.control.support import Link, Support, chain, find_support
from isthmus.control.verdicts import CANNOT, CONTROLS, MAY_CONTROL, Verdict, rule_on

from .conftest import CASES, MAJORITY, Told, belongs, complete, owns, random_told, rows_of, says, together

P, Q, A, B, C, D = range(6)
V1 = [owns(P, A, 60), owns(P, B, 55), owns(A, C, 30), owns(B, C, 25), owns(Q, C, 45), owns(C, D, 51)]
V2 = [*V1[:4], owns(Q, C, 24), V1[5], owns(P, C, 21)]


def links_of(rows: Rows, holder: int, target: int) -> tuple[Evaluation, Verdict, list[Link]]:
    evaluation = Evaluation(build_graph(rows, MAJORITY))
    place = evaluation.graph.place
    (verdict,) = [item for item in rule_on(evaluation, place[target]).verdicts if item.node == place[holder]]
    return evaluation, verdict, chain(evaluation, verdict)


def verdict_of(rows: Rows, profile: Profile, holder: int, target: int) -> str | None:
    """Return the verdict on a party over a thing that some rows give, None where they give none."""
    graph = build_graph(rows, profile)
    if holder not in graph.place or target not in graph.place:
        return None
    found = rule_on(Evaluation(graph), graph.place[target]).verdicts
    return next((verdict.word for verdict in found if verdict.node == graph.place[holder]), None)


def why(told: list[Told], holder: int, target: int) -> Support:
    rows = above(rows_of(told), target)
    _, verdict, links = links_of(rows, holder, target)
    return find_support(rows, links, lambda few: verdict_of(few, MAJORITY, holder, target) == verdict.word)


def pairs(evaluation: Evaluation, links: list[Link]) -> list[tuple[int, int]]:
    keys = evaluation.graph.keys.tolist()
    return [(keys[link.source], keys[link.target]) for link in links]


def test_the_first_vector_rests_on_five_claims_and_each_is_pivotal() -> None:
    found = why(V1, P, D)
    assert found == Support(minimal=(0, 1, 2, 3, 5), pivotal=(0, 1, 2, 3, 5), exact=True)


def test_the_second_vector_has_two_supports_and_three_pivotal_claims() -> None:
    found = why(V2, P, D)
    assert set(found.minimal) == {0, 2, 6, 5}
    assert set(found.pivotal) == {0, 2, 5}


def test_a_ring_does_not_carry_itself() -> None:
    told = [owns(9, 1, 60), owns(1, 2, 60), owns(2, 1, 30)]
    assert why(told, 9, 2).minimal == (0, 1)


def test_what_bounds_the_others_carries_a_verdict_as_well() -> None:
    told = [owns(0, 9, 48, 62), owns(3, 9, 20, 45), complete(9)]
    assert set(why(told, 0, 9).minimal) == {0, 1, 2}
    evaluation, _, links = links_of(rows_of(told), 0, 9)
    assert [link.bounding for link in links] == [False, True]
    assert pairs(evaluation, links) == [(0, 9), (3, 9)]


def test_two_claims_of_one_share_carry_it_each_alone() -> None:
    told = [owns(1, 2, 60, source=1), owns(1, 2, 60, source=2)]
    found = why(told, 1, 2)
    assert len(found.minimal) == 1
    assert found.pivotal == ()


def test_a_membership_is_part_of_the_support() -> None:
    told = [owns(1, 3, 30), owns(2, 3, 30), belongs(1, 9), belongs(2, 9)]
    assert set(why(told, 9, 3).minimal) == {0, 1, 2, 3}


def test_a_concert_is_part_of_the_support() -> None:
    told = [owns(1, 3, 30), owns(2, 3, 30), together(1, 2)]
    assert set(why(told, 1, 3).minimal) == {0, 1, 2}
    assert why(told, 1, 3).pivotal == (0, 1, 2)


def random_verdicts(seed: int, cases: int) -> list[tuple[list[Told], Verdict, int, int]]:
    random = Random(seed)
    found: list[tuple[list[Told], Verdict, int, int]] = []
    while len(found) < cases:
        told = random_told(random, size=6)
        rows = rows_of(told)
        graph = build_graph(rows, MAJORITY)
        evaluation = Evaluation(graph)
        for target in range(len(graph.keys)):
            for item in rule_on(evaluation, target).verdicts:
                if item.word != CANNOT and item.node != target:
                    found.append((told, item, int(graph.keys[item.node]), int(graph.keys[target])))
    return found[:cases]


def test_the_support_alone_gives_the_verdict_and_nothing_in_it_can_be_left_out() -> None:
    for told, verdict, holder, target in random_verdicts(60, CASES // 2):
        found = why(told, holder, target)
        rows = above(rows_of(told), target)
        alone = rows.without(set(rows.claims()) - set(found.minimal))
        assert verdict_of(alone, MAJORITY, holder, target) == verdict.word
        for claim in found.minimal:
            assert verdict_of(alone.without([claim]), MAJORITY, holder, target) != verdict.word


def test_pivotal_claims_are_those_in_every_set_that_gives_the_verdict() -> None:
    seen = 0
    for told, verdict, holder, target in random_verdicts(61, CASES // 4):
        if len(told) > 9:
            continue
        rows = rows_of(told)
        found = why(told, holder, target)
        fall = {
            claim
            for claim in range(len(told))
            if verdict_of(rows.without([claim]), MAJORITY, holder, target) != verdict.word
        }
        assert set(found.pivotal) == fall
        # Whatever set of claims that only adds carries it holds the pivotal ones, where what is left out cannot take away.
        if verdict.word == CONTROLS and not any(item.kind.predicate == "completeness" for item in told):
            for size in range(1, len(told)):
                for kept in combinations(range(len(told)), size):
                    gone = set(range(len(told))) - set(kept)
                    if verdict_of(rows.without(gone), MAJORITY, holder, target) == verdict.word and rows_feasible(told):
                        assert fall <= set(kept)
            seen += 1
    assert seen


def rows_feasible(told: list[Told]) -> bool:
    return not build_graph(rows_of(told), MAJORITY).infeasible.any()


def test_the_chain_leads_from_the_party_to_the_thing_and_its_links_carry_it() -> None:
    for told, verdict, holder, target in random_verdicts(62, CASES):
        if verdict.word not in (CONTROLS, MAY_CONTROL):
            continue
        evaluation, item, links = links_of(rows_of(told), holder, target)
        assert links, told
        carried = [link for link in links if not link.bounding]
        reached = {item.node} | evaluation.start(item.node, possible=item.word == MAY_CONTROL)
        for link in carried:
            assert link.source in reached or any(other.target == link.source for other in carried)
        assert carried[-1].target == item.target
        possible = item.word == MAY_CONTROL
        waiting = True
        while waiting:
            waiting = False
            for node in {link.target for link in carried} - reached:
                into = [link for link in carried if link.target == node and link.source in reached]
                enough = MAJORITY.passes(evaluation.bounds([link.source for link in into], node)[possible])
                if enough or any(link.low is None for link in into):
                    reached.add(node)
                    waiting = True
        assert item.target in reached


def test_the_chain_of_a_veto_and_of_influence_shows_how_the_party_came_by_it() -> None:
    told = [owns(1, 2, 60), says(2, 3, "has_interest_in", right="veto")]
    evaluation, verdict, links = links_of(rows_of(told), 1, 3)
    assert verdict.word == "can block"
    assert pairs(evaluation, links) == [(1, 2), (2, 3)]
    told = [says(1, 2, "established"), owns(2, 3, 60)]
    evaluation, verdict, links = links_of(rows_of(told), 1, 3)
    assert verdict.word == "influences"
    assert pairs(evaluation, links) == [(1, 2), (2, 3)]


def test_joint_holdings_take_no_more_than_are_needed() -> None:
    told = [*(owns(0, node, 60) for node in (1, 2, 3)), owns(1, 9, 40), owns(2, 9, 20), owns(3, 9, 5)]
    evaluation, _, links = links_of(rows_of(told), 0, 9)
    assert pairs(evaluation, links) == [(0, 1), (0, 2), (1, 9), (2, 9)]


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_the_support_is_the_same_for_rows_in_any_order_up_to_their_numbers(shift: int) -> None:
    order = [*range(shift, len(V1)), *range(shift)]
    found = why([V1[place] for place in order], P, D)
    assert {order[claim] for claim in found.minimal} == {0, 1, 2, 3, 5}


def test_a_verdict_on_somebody_who_is_not_there_is_none() -> None:
    assert verdict_of(rows_of(V1), MAJORITY, 77, D) is None
    assert verdict_of(rows_of(V1), MAJORITY, D, P) is None
