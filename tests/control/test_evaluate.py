"""Who commands what, against enumeration of every completion and against the plain definition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random

import pytest

from isthmus.control.evaluate import Evaluation
from isthmus.control.evidence import COMPLETE
from isthmus.control.rows import WHOLE

from .conftest import CASES, UNIT, Told, belongs, commanded, complete, evaluation_of, owns, random_told, says

Held = dict[int, dict[int, int]]


def plain_command(
    nodes: set[int], held: Held, facts: set[tuple[int, int]], start: set[int], quota: float = 50
) -> set[int]:
    """Return what some nodes command where every share is one number: the definition, no shortcut."""
    inside = set(start)
    while True:
        more = {
            node
            for node in nodes - inside
            if sum(share for holder, share in held.get(node, {}).items() if holder in inside) > quota
            or any((holder, node) in facts for holder in inside)
        }
        if not more:
            return inside - start
        inside |= more


def completions(told: Sequence[Told], target: int, step: int) -> Iterator[dict[int, int]]:
    """Return every way to fill the shares of a thing to 100 %, in steps; what is left is held by one nobody each."""
    stakes = [item for item in told if item.target == target and item.kind.predicate == "owns"]
    closed = any(item.target == target and item.kind.predicate == COMPLETE for item in told)
    for shares in product(*(range(int(item.low), int(item.high) + 1, step) for item in stakes)):
        if sum(shares) == 100 or (sum(shares) < 100 and not closed):
            yield {item.holder: share for item, share in zip(stakes, shares, strict=True)}


def enumerated(
    told: Sequence[Told], step: int, budget: int
) -> tuple[set[tuple[int, int]], set[tuple[int, int]]] | None:
    """Return the pairs that command under every completion, and under one; None where there are too many completions."""
    nodes = {item.holder for item in told} | {item.target for item in told}
    targets = sorted({item.target for item in told if item.kind.predicate == "owns"})
    # A thing that no completion fills is left out: its shares count nowhere.
    filled = {target: ways for target in targets if (ways := list(completions(told, target, step)))}
    size = 1
    for ways in filled.values():
        size *= len(ways)
    if size > budget:
        return None
    sure = {(item.holder, item.target) for item in told if item.kind.predicate == "controls" and item.sure}
    perhaps = {(item.holder, item.target) for item in told if item.kind.predicate == "controls"}
    always: set[tuple[int, int]] | None = None
    ever: set[tuple[int, int]] = set()
    for chosen in product(*filled.values()):
        held = dict(zip(filled, chosen, strict=True))
        one = {(node, end) for node in nodes for end in plain_command(nodes, held, sure, {node})}
        two = {(node, end) for node in nodes for end in plain_command(nodes, held, perhaps, {node})}
        always = one if always is None else always & one
        ever |= two
    return always or set(), ever


def test_certain_and_possible_equal_every_completion_of_the_shares() -> None:
    random, compared, differing = Random(4), 0, 0
    while compared < CASES:
        told = random_told(random, size=8 if compared % 2 else 4, step=20)
        found = enumerated(told, 20, 400)
        if found is None or not told:
            continue
        evaluation = evaluation_of(told)
        certain, possible = (commanded(evaluation, possible=possible) for possible in (False, True))
        assert (certain, possible) == found, told
        compared += 1
        differing += certain != possible
    assert differing > compared // 20


def test_exact_shares_equal_the_plain_definition() -> None:
    random, pairs = Random(1), 0
    for _ in range(CASES):
        told = [item for item in random_told(random, exact=True, step=1) if item.kind.predicate != COMPLETE]
        evaluation = evaluation_of(told)
        nodes = {item.holder for item in told} | {item.target for item in told}
        held: Held = {}
        for item in told:
            if item.kind.predicate == "owns":
                held.setdefault(item.target, {})[item.holder] = int(item.low)
        held = {target: shares for target, shares in held.items() if sum(shares.values()) <= 100}
        facts = {(item.holder, item.target) for item in told if item.kind.predicate == "controls" and item.sure}
        expected = {(node, end) for node in nodes for end in plain_command(nodes, held, facts, {node})}
        assert commanded(evaluation, possible=False) == expected
        pairs += len(expected)
    assert pairs > CASES


def test_groups_act_as_their_members_together() -> None:
    random = Random(2)
    for _ in range(CASES // 2):
        told = [item for item in random_told(random, exact=True) if item.kind.predicate != COMPLETE]
        nodes = sorted({item.holder for item in told} | {item.target for item in told})
        if len(nodes) < 3:
            continue
        members = random.sample(nodes, 2)
        evaluation = evaluation_of([*told, *(belongs(member, 99) for member in members)])
        place, keys = evaluation.graph.place, evaluation.graph.keys
        both = evaluation.reach(frozenset(place[member] for member in members), possible=False)
        group = evaluation.reach(place[99], possible=False)
        assert {int(keys[node]) for node in group.steps} == {int(keys[node]) for node in both.steps}


@pytest.mark.parametrize("possible", [False, True])
def test_commanders_are_exactly_those_who_reach(possible: bool) -> None:
    random, joint = Random(3), 0
    for _ in range(CASES):
        told = random_told(random)
        nodes = sorted({item.holder for item in told} | {item.target for item in told})
        if len(nodes) > 3 and random.random() < 0.4:
            told += [belongs(member, 99) for member in random.sample(nodes, 2)]
        evaluation = evaluation_of(told)
        reached = {node: evaluation.reach(node, possible=possible).steps for node in range(len(evaluation.graph.keys))}
        for target in reached:
            found = evaluation.commanders(target, possible=possible)
            expected = {node for node, steps in reached.items() if target in steps}
            # A group is named only where its members need one another.
            named = {
                node
                for node in expected
                if node not in evaluation.groups or expected.isdisjoint(evaluation.groups[node]) or node in found
            } - {node for node in evaluation.groups if target in evaluation.groups[node] and node not in found}
            assert found == named, (told, target)
            joint += len(found & evaluation.groups.keys())
    assert joint


@pytest.mark.parametrize("possible", [False, True])
def test_circles_and_the_highest_follow_from_the_command_relation(possible: bool) -> None:
    random, rings = Random(5), 0
    for _ in range(CASES):
        evaluation = evaluation_of(random_told(random, size=6))
        size = len(evaluation.graph.keys)
        reach = {node: evaluation.reach(node, possible=possible).steps.keys() for node in range(size)}
        for target in range(size):
            nodes = evaluation.commanders(target, possible=possible) | {target}
            circle = {
                node: {other for other in nodes if other in reach[node] and node in reach[other]} | {node}
                for node in nodes
            }
            top = {node for node in nodes if all(other in circle[node] for other in nodes if node in reach[other])}
            found, tops = evaluation.highest(nodes, possible=possible)
            assert found == top
            expected = {tuple(sorted(circle[node])) for node in top if len(circle[node]) > 1}
            assert {tuple(ring) for ring in tops} == expected
            every = {tuple(sorted(members)) for members in circle.values() if len(members) > 1}
            assert {tuple(ring) for ring in evaluation.circles(nodes, possible=possible)} == every
            rings += len(every)
    assert rings


def test_until_stops_at_the_first_of_the_wanted_and_says_whether_there_is_one() -> None:
    random = Random(6)
    for _ in range(CASES // 2):
        evaluation = evaluation_of(random_told(random))
        size = len(evaluation.graph.keys)
        for node, target in product(range(size), range(size)):
            whole = evaluation.reach(node, possible=True).steps
            short = evaluation.reach(node, possible=True, until={target}).steps
            assert (target in short) == (target in whole)
            assert short.keys() <= whole.keys()


def test_the_interval_vector_is_certain_though_no_low_end_is_a_majority() -> None:
    told = [owns(0, 9, 48, 62), owns(3, 9, 20, 45), complete(9)]
    evaluation = evaluation_of(told)
    node, target = evaluation.graph.place[0], evaluation.graph.place[9]
    assert evaluation.bounds([node], target) == (55 * UNIT, 62 * UNIT)
    assert commanded(evaluation, possible=False) == {(0, 9)}
    assert commanded(evaluation_of(told[:2]), possible=False) == set()


def test_two_may_control_one_thing_and_neither_must() -> None:
    told = [owns(0, 1, 40, 60), owns(3, 1, 30, 40), owns(0, 2, 10), owns(1, 2, 45)]
    evaluation = evaluation_of(told)
    assert commanded(evaluation, possible=False) == set()
    assert commanded(evaluation, possible=True) == {(0, 1), (0, 2)}


@pytest.mark.parametrize(("share", "pairs"), [(50, {(2, 3)}), (50.000001, {(1, 2), (1, 3), (2, 3)})])
def test_half_is_no_majority_and_the_least_more_is(share: float, pairs: set[tuple[int, int]]) -> None:
    assert commanded(evaluation_of([owns(1, 2, share), owns(2, 3, 100)]), possible=False) == pairs


def test_treasury_shares_command_nothing_and_leave_less_for_others() -> None:
    told = [owns(1, 1, 20), owns(2, 1, 45), Told(3, 1)]
    evaluation = evaluation_of(told)
    place = evaluation.graph.place
    assert commanded(evaluation, possible=True) == set()
    assert evaluation.bounds([place[3]], place[1]) == (0, 35 * UNIT)


def test_a_thing_whose_shares_cannot_be_completed_is_commanded_by_facts_alone() -> None:
    told = [owns(1, 3, 60), owns(2, 3, 60), says(4, 3), complete(3)]
    evaluation = evaluation_of(told)
    place = evaluation.graph.place
    assert commanded(evaluation, possible=True) == {(4, 3)}
    least, most = evaluation.bounds([place[1], place[2]], place[3])
    assert least <= most


def test_nothing_depends_on_the_order_of_rows_or_on_names() -> None:
    random = Random(7)
    for _ in range(CASES // 2):
        told = random_told(random)
        keys = sorted({item.holder for item in told} | {item.target for item in told})
        other = dict(zip(keys, random.sample(range(1000), len(keys)), strict=True))
        renamed = [Told(**{**vars(item), "holder": other[item.holder], "target": other[item.target]}) for item in told]
        random.shuffle(renamed)
        for possible in (False, True):
            before = commanded(evaluation_of(told), possible=possible)
            after = commanded(evaluation_of(renamed), possible=possible)
            assert after == {(other[one], other[two]) for one, two in before}


def test_members_are_the_start_and_the_steps() -> None:
    evaluation: Evaluation = evaluation_of([owns(1, 2, 60), owns(2, 3, 60)])
    found = evaluation.reach(evaluation.graph.place[1], possible=False)
    assert found.members == {0, 1, 2}
    assert list(found.steps) == [1, 2]
    assert evaluation.least_total[1] == 60 * UNIT < WHOLE
