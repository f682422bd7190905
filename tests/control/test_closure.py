"""What stands above or below one thing is enough: the ruling from that part is the ruling from all."""

from __future__ import annotations

from random import Random

import pytest

from isthmus.control.closure import above, below
from isthmus.control.evaluate import Evaluation
from isthmus.control.graph import build_graph
from isthmus.control.profiles import find_profile
from isthmus.control.rows import Rows
from isthmus.control.verdicts import Verdict, controlled_by, rule_on

from .conftest import CASES, MAJORITY, Told, belongs, owns, random_told, rows_of, says, together

Answer = tuple[object, ...]


def told_with_all(random: Random) -> list[Told]:
    """Return a random register with groups, concert, rights and influence besides."""
    told = random_told(random, size=9)
    nodes = sorted({item.holder for item in told} | {item.target for item in told} | {0, 1, 2})
    for _ in range(random.randint(0, 4)):
        one, other = random.sample(nodes, 2)
        told.append(
            random.choice(
                [
                    together(one, other),
                    belongs(one, 90 + random.randint(0, 1)),
                    belongs(other, 90 + random.randint(0, 1)),
                    owns(90, other, 20),
                    says(one, other, "has_interest_in", right="veto"),
                    says(one, other, "has_interest_in", interest="boardMember"),
                    says(one, other, "has_interest_in", interest="unknownInterest"),
                ]
            )
        )
    # One stake of one holder in one thing: what several say of it is combined elsewhere.
    return list({(item.holder, item.target, item.kind.predicate): item for item in told}.values())


def answers(rows: Rows, key: int) -> tuple[set[Answer], set[tuple[int, ...]]]:
    graph = build_graph(rows, MAJORITY)
    if key not in graph.place:
        return set(), set()
    ruling = rule_on(Evaluation(graph), graph.place[key])
    keys = graph.keys.tolist()
    return (
        {_told(verdict, keys) for verdict in ruling.verdicts},
        {tuple(sorted(keys[node] for node in ring)) for ring in ruling.rings},
    )


def _told(verdict: Verdict, keys: list[int]) -> Answer:
    parties = tuple(sorted(keys[node] for node in verdict.together))
    ends = (keys[verdict.node], keys[verdict.target])
    return (*ends, verdict.word, verdict.low, verdict.high, parties, verdict.also, verdict.ultimate)


def test_the_ruling_from_what_stands_above_is_the_ruling_from_all() -> None:
    random, said = Random(40), 0
    for _ in range(CASES):
        told = told_with_all(random)
        rows = rows_of(told)
        for key in {item.target for item in told}:
            part = above(rows, key)
            assert answers(part, key) == answers(rows, key), told
            said += len(answers(part, key)[0])
    assert said > CASES


def test_what_somebody_controls_from_what_he_may_command_is_what_he_controls_from_all() -> None:
    random, said = Random(41), 0
    for _ in range(CASES):
        told = told_with_all(random)
        rows = rows_of(told)
        whole = build_graph(rows, MAJORITY)
        for key in {item.holder for item in told}:
            graph = build_graph(below(rows, key, MAJORITY), MAJORITY)
            expected = {_told(item, whole.keys.tolist()) for item in controlled_by(Evaluation(whole), whole.place[key])}
            found = {_told(item, graph.keys.tolist()) for item in controlled_by(Evaluation(graph), graph.place[key])}
            assert found == expected, (told, key)
            said += len(found)
    assert said > CASES


@pytest.mark.parametrize(
    "pairs", [[(1, 2), (1, 4)], [(2, 1), (4, 1)], [(1, 7), (7, 8), (2, 8)], [(7, 1), (8, 7), (8, 2)]]
)
def test_concert_counts_however_its_pairs_are_written(pairs: list[tuple[int, int]]) -> None:
    rows = rows_of([owns(1, 3, 30), owns(2, 3, 30), *(together(*pair) for pair in pairs)])
    found, _ = answers(above(rows, 3), 3)
    assert found == answers(rows, 3)[0]
    words = {(item[0], item[2]) for item in found}
    assert {(1, "controls"), (2, "controls")} <= words


def test_what_has_nothing_to_do_with_it_is_left_away() -> None:
    rows = rows_of([owns(1, 2, 60), owns(2, 3, 60), owns(1, 4, 60), owns(5, 4, 40), belongs(1, 9), belongs(5, 9)])
    assert above(rows, 3).claims() == [0, 1]
    assert below(rows, 2, MAJORITY).claims() == [0, 1]
    assert above(rows, 77).claims() == []


def test_below_sees_the_other_holders_of_what_is_held() -> None:
    told = [owns(1, 2, 48, 62), owns(3, 2, 20, 45), says(2, 2, "completeness"), owns(3, 4, 60)]
    assert below(rows_of(told), 1, MAJORITY).claims() == [0, 1, 2]


def test_below_follows_the_rule_that_is_asked() -> None:
    rows = rows_of([says(1, 2, "consolidates"), says(2, 3, "consolidates"), owns(2, 4, 60)])
    words = {}
    for profile in (find_profile("gleif_consolidation"), MAJORITY):
        graph = build_graph(below(rows, 1, profile), profile)
        found = controlled_by(Evaluation(graph), graph.place[1])
        words[profile.id] = {int(graph.keys[item.target]): item.word for item in found}
    assert words == {"gleif_consolidation/1": {2: "controls", 3: "controls"}, "majority/1": {}}


def test_long_chains_and_rings_are_no_burden() -> None:
    size = 300
    chain = rows_of([owns(node + 1, node, 60) for node in range(size)])
    assert len(above(chain, 0)) == size
    assert len(below(chain, size, MAJORITY)) == size
    ring = rows_of([owns(node, (node + 1) % size, 60) for node in range(size)])
    assert len(above(ring, 5)) == size
