"""The verdict on each party: words, shares, who stands at the top, who blocks, who acts together."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from isthmus.control.evaluate import Evaluation
from isthmus.control.profiles import Profile, find_profile
from isthmus.control.verdicts import CONTROLS, MAY_CONTROL, ORDER, Verdict, controlled_by, rule_on, share_of, share_word

from .conftest import (
    CASES,
    MAJORITY,
    UNIT,
    Told,
    belongs,
    complete,
    evaluation_of,
    owns,
    random_told,
    rows_of,
    says,
    together,
)

VETO: dict[str, Any] = {"predicate": "has_interest_in", "right": "veto"}


def ruled(told: list[Told], target: int, profile: Profile = MAJORITY) -> dict[int, Verdict]:
    evaluation = evaluation_of(told, profile)
    keys = evaluation.graph.keys.tolist()
    return {keys[item.node]: item for item in rule_on(evaluation, evaluation.graph.place[target]).verdicts}


def words(told: list[Told], target: int, profile: Profile = MAJORITY) -> dict[int, str]:
    return {key: verdict.word for key, verdict in ruled(told, target, profile).items()}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([owns(1, 2, 60)], {1: "controls"}),
        ([owns(1, 2, 50)], {1: "can block"}),
        ([owns(1, 2, 49)], {1: "cannot"}),
        ([owns(1, 2, 40, 60)], {1: "may control"}),
        ([owns(1, 2, 50, 60)], {1: "may control"}),
        ([Told(1, 2)], {1: "may control"}),
        ([owns(1, 2, 60, sure=False)], {1: "may control"}),
        ([owns(1, 2, 60, denied=True)], {}),
        ([says(1, 2, **VETO)], {1: "can block"}),
        ([says(1, 2, **VETO, sure=False)], {}),
        ([says(1, 2, "has_interest_in", interest="boardMember")], {1: "influences"}),
        ([says(1, 2, "established")], {1: "influences"}),
        ([says(1, 2, **VETO), owns(9, 1, 60)], {1: "can block", 9: "can block"}),
        ([says(1, 2, **VETO), owns(2, 3, 60)], {1: "can block"}),
        ([owns(1, 2, 30), owns(3, 2, 30), together(1, 3)], {1: "controls", 3: "controls"}),
        ([owns(1, 2, 30), owns(3, 2, 10, 30), together(1, 3)], {1: "may control", 3: "may control"}),
        ([owns(1, 2, 60), owns(3, 2, 30), together(1, 3)], {1: "controls", 3: "cannot"}),
        ([owns(1, 2, 30), owns(3, 2, 30), belongs(1, 9), belongs(3, 9)], {1: "cannot", 3: "cannot", 9: "controls"}),
        ([owns(1, 2, 60), owns(3, 2, 30), belongs(1, 9), belongs(3, 9)], {1: "controls", 3: "cannot"}),
    ],
)
def test_the_word_on_each_party(told: list[Told], expected: dict[int, str]) -> None:
    found = words(told, 2)
    assert {key: found[key] for key in found if key != 9 or key in expected} == expected


def test_what_a_group_has_by_itself_is_its_own() -> None:
    found = ruled([owns(9, 2, 60), belongs(1, 9), belongs(3, 9), owns(1, 2, 5)], 2)
    assert found[9].word == "controls"
    assert (found[9].low, found[9].high) == (60 * UNIT, 60 * UNIT)
    assert found[1].word == "cannot"


def test_influence_reaches_over_one_link_of_control() -> None:
    told = [says(1, 2, "has_role_in", role="board_member"), owns(2, 3, 60), owns(3, 4, 60), owns(5, 1, 60)]
    assert words(told, 4)[1] == words(told, 4)[5] == "influences"
    assert 1 not in words([*told[:1], owns(2, 3, 40)], 3)


def test_what_else_holds_is_kept_beside_the_word() -> None:
    found = ruled([owns(1, 2, 60), says(1, 2, **VETO), says(1, 2, "established")], 2)
    assert (found[1].word, found[1].also) == ("controls", ("can block", "influences"))


def test_the_share_is_of_the_party_with_all_it_commands() -> None:
    told = [owns(1, 2, 60), owns(1, 4, 20, 60), owns(2, 3, 10), owns(4, 3, 20), owns(1, 3, 5)]
    found = ruled(told, 3)
    assert (found[1].low, found[1].high) == (15 * UNIT, 35 * UNIT)
    assert (found[2].low, found[2].high) == (10 * UNIT, 10 * UNIT)


def test_who_commands_no_holder_has_no_share() -> None:
    evaluation = evaluation_of([says(1, 2), owns(5, 2, 10), owns(1, 4, 5)])
    place = evaluation.graph.place
    assert share_of(evaluation, place[1], place[2]) == (None, None)
    assert share_of(evaluation, place[5], place[4]) == (None, None)
    assert share_of(evaluation, place[5], place[1]) == (None, None)


def test_strongest_first_then_the_top_then_the_larger_share() -> None:
    told = [owns(1, 2, 60), owns(2, 3, 60), owns(4, 3, 10), owns(5, 3, 20), says(6, 3, **VETO)]
    evaluation = evaluation_of(told)
    keys = evaluation.graph.keys.tolist()
    order = [keys[item.node] for item in rule_on(evaluation, evaluation.graph.place[3]).verdicts]
    assert order == [1, 2, 6, 5, 4]


def test_a_ring_with_nobody_above_stands_at_the_top_and_is_named() -> None:
    told = [owns(0, 1, 60), owns(1, 2, 60), owns(2, 1, 30), owns(2, 0, 55), owns(2, 9, 51)]
    evaluation = evaluation_of(told)
    ruling = rule_on(evaluation, evaluation.graph.place[9])
    assert ruling.rings == ((0, 1, 2),)
    assert [item.ultimate for item in ruling.verdicts] == [True, True, True]
    above = evaluation_of([*told, says(7, 1)])
    found = rule_on(above, above.graph.place[9])
    assert found.rings == ()
    assert [above.graph.keys[item.node] for item in found.verdicts if item.ultimate] == [7]


def test_only_one_chain_is_at_the_top_for_certain() -> None:
    random, seen = Random(50), 0
    for _ in range(CASES // 2):
        evaluation = evaluation_of(random_told(random, facts=False))
        for target in range(len(evaluation.graph.keys)):
            ruling = rule_on(evaluation, target)
            top = {item.node for item in ruling.verdicts if item.word == CONTROLS and item.ultimate}
            assert len(top) <= 1 or any(top <= set(ring) for ring in ruling.rings)
            seen += len(top)
    assert seen


def test_every_verdict_agrees_with_the_plain_relations() -> None:
    random = Random(51)
    for _ in range(CASES // 2):
        told = random_told(random)
        nodes = sorted({item.holder for item in told} | {item.target for item in told})
        if len(nodes) > 1:
            one, other = random.sample(nodes, 2)
            told.append(says(one, other, **VETO))
        evaluation = evaluation_of(told)
        for target in range(len(evaluation.graph.keys)):
            for item in rule_on(evaluation, target).verdicts:
                check(evaluation, item)


def check(evaluation: Evaluation, item: Verdict) -> None:
    sure = evaluation.reach(item.node, possible=False)
    perhaps = evaluation.reach(item.node, possible=True)
    assert (item.word == CONTROLS) == (item.target in sure.steps)
    assert (item.word in (CONTROLS, MAY_CONTROL)) == (item.target in perhaps.steps)
    assert (item.low, item.high) == share_of(evaluation, item.node, item.target)
    if item.low is not None and item.high is not None:
        assert 0 <= item.low <= item.high
        blocks = item.low >= evaluation.graph.profile.block
        assert not blocks or item.word in ORDER[:3]
    assert item.node != item.target


def test_downwards_and_upwards_say_the_same() -> None:
    random, said = Random(52), 0
    for _ in range(CASES // 2):
        told = random_told(random)
        nodes = sorted({item.holder for item in told} | {item.target for item in told})
        if len(nodes) > 1:
            (one, two), (three, four) = random.sample(nodes, 2), random.sample(nodes, 2)
            told += [says(one, two, **VETO), says(three, four, "established")]
        evaluation = evaluation_of(told)
        size = range(len(evaluation.graph.keys))
        up = {(item.node, item.target): item for target in size for item in rule_on(evaluation, target).verdicts}
        down = {(item.node, item.target): item for node in size for item in controlled_by(evaluation, node)}
        for (node, target), item in down.items():
            other = up.get((node, target))
            assert other or item.word == "cannot", told
            if other:
                assert (other.word, other.low, other.high) == (item.word, item.low, item.high), told
                said += 1
        assert {pair for pair, item in up.items() if item.word in ORDER[:4]} <= down.keys()
    assert said > CASES


@pytest.mark.parametrize(
    ("profile", "low", "high", "expected"),
    [
        ("multiply", 0.51, 0.51, ("controls", True)),
        ("multiply", 0.5, 0.5, ("cannot", False)),
        ("multiply", 0.4, 0.6, ("may control", None)),
        ("multiply", 0.1, 0.2, ("cannot", False)),
        ("any_10", 0.1, 0.1, ("influences", True)),
        ("any_10", 0.099, 0.2, ("cannot", None)),
        ("any_10", 0.6, 0.6, ("controls", True)),
        ("any_10", 0.2, 0.6, ("may control", True)),
    ],
)
def test_the_word_that_a_rule_of_shares_gives(
    profile: str, low: float, high: float, expected: tuple[str, bool | None]
) -> None:
    assert share_word(find_profile(profile), low, high) == expected


@pytest.mark.parametrize(("quota", "word"), [(None, "controls"), (2 / 3, "can block"), (0.75, "can block")])
def test_another_quota_asks_for_more_and_lets_less_block(quota: float | None, word: str) -> None:
    profile = find_profile("majority", quota=quota)
    assert words([owns(1, 2, 60)], 2, profile) == {1: word}
    assert words([owns(1, 2, 30), owns(3, 2, 70)], 2, find_profile("majority", quota=0.75))[1] == "can block"


def test_a_thing_left_out_has_no_controllers_by_shares() -> None:
    assert words([owns(1, 2, 60), owns(3, 2, 60), complete(2)], 2) == {}
    assert words([owns(1, 2, 60), owns(3, 2, 60), says(4, 2)], 2) == {4: "controls"}


def test_everything_is_the_same_for_rows_in_any_order() -> None:
    random = Random(53)
    for _ in range(CASES // 4):
        told = random_told(random)
        told += [together(0, 1), says(0, 1, **VETO), belongs(0, 90), belongs(1, 90)]
        before = {target: words(told, target) for target in {item.target for item in told}}
        random.shuffle(told)
        assert {target: words(told, target) for target in before} == before
        assert len(rows_of(told)) == len(told)
