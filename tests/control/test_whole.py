"""The whole register by the kernels says what single questions say, and what hangs on each work what asking without it says."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest

from isthmus.control.evaluate import Evaluation
from isthmus.control.graph import build_graph
from isthmus.control.rows import Rows
from isthmus.control.whole import Whole, whole_of
from isthmus.kernels.ownership.reach import Pairs
from isthmus.picture import Picture

from .conftest import (
    CASES,
    MAJORITY,
    Build,
    Told,
    belongs,
    commanded,
    complete,
    fact,
    owns,
    random_told,
    rows_of,
    says,
    share,
    value,
)

SOURCES = ("one", "two", "three")


def whole(told: list[Told]) -> Whole:
    """Return a register whose works, numbered as in `SOURCES`, stand each for itself."""
    store = SimpleNamespace(rows=lambda _: list(enumerate(SOURCES)))
    picture = cast(Picture, SimpleNamespace(store=store, sources={}, memo={}))
    return Whole(picture, build_graph(rows_of(told), MAJORITY))


def keyed(found: Whole, pairs: Pairs) -> set[tuple[int, int]]:
    keys = found.graph.keys.tolist()
    return {(keys[one], keys[other]) for one, other in pairs.as_set()}


def test_all_pairs_equal_those_of_single_questions() -> None:
    random, pairs = Random(70), 0
    for _ in range(CASES):
        told = random_told(random)
        if not told:
            continue
        found, evaluation = whole(told), Evaluation(build_graph(rows_of(told), MAJORITY))
        assert keyed(found, found.bounds.certain) == commanded(evaluation, possible=False)
        assert keyed(found, found.bounds.possible) == commanded(evaluation, possible=True)
        pairs += len(found.bounds.possible)
    assert pairs > CASES


def test_the_top_of_all_is_the_top_of_each() -> None:
    random, rings = Random(71), 0
    for _ in range(CASES):
        told = random_told(random, facts=False)
        if not told:
            continue
        found, evaluation = whole(told), Evaluation(build_graph(rows_of(told), MAJORITY))
        for node in range(len(found.graph.keys)):
            commanders = evaluation.commanders(node, possible=False) | {node}
            top, tops = evaluation.highest(commanders, possible=False)
            assert set(found.ultimate.of(node).tolist()) in ({*top}, {min(top)})
            rings += len(tops)
    assert rings


def flips(found: Whole) -> dict[tuple[str, ...], tuple[set[Any], set[Any]]]:
    keys = found.graph.keys.tolist()
    said = {}
    for family, flip in found.hanging():
        lost, gained = (
            {(keys[one], keys[other]) for one, other in zip(*(part.tolist() for part in pair), strict=True)}
            for pair in (flip.lost, flip.gained)
        )
        if lost or gained:
            said[family.works] = (lost, gained)
    return said


def asked_without(told: list[Told]) -> dict[tuple[str, ...], tuple[set[Any], set[Any]]]:
    """Return what changes without each source, by asking again."""

    def pairs(rows: Rows) -> set[tuple[int, int]]:
        return commanded(Evaluation(build_graph(rows, MAJORITY)), possible=False)

    rows = rows_of(told)
    before = pairs(rows)
    said: dict[tuple[str, ...], tuple[set[Any], set[Any]]] = {}
    for number, name in enumerate(SOURCES):
        after = pairs(rows.without([claim for claim, item in enumerate(told) if item.source == number]))
        if before != after:
            said[(name,)] = (before - after, after - before)
    return said


def with_sources(random: Random, told: list[Told]) -> list[Told]:
    return [Told(**{**vars(item), "source": random.randrange(len(SOURCES))}) for item in told]


@pytest.mark.parametrize("kind", ["exact", "bands", "told twice", "denied", "bought"])
def test_what_hangs_on_each_work_is_what_asking_without_it_says(kind: str) -> None:
    random, changed = Random(72), 0
    for _ in range(CASES // 4):
        told = with_sources(random, random_told(random, exact=kind != "bands"))
        if kind != "told twice":
            told = [item for item in told if item.kind.predicate != "completeness"]
        nodes = sorted({item.holder for item in told} | {item.target for item in told})
        if len(nodes) < 2:
            continue
        if kind == "told twice":
            again = [item for item in told if random.random() < 0.6]
            told += with_sources(random, [Told(**{**vars(item), "rank": random.randint(0, 1)}) for item in again])
        if kind == "denied":
            told += with_sources(
                random, [Told(**{**vars(item), "denied": True}) for item in told if random.random() < 0.4]
            )
        if kind == "bought":
            ends = [random.sample(nodes, 2) for _ in range(3)]
            told += with_sources(
                random, [says(one, other, "acquired", since=place) for place, (one, other) in enumerate(ends)]
            )
        expected = asked_without(told)
        assert flips(whole(told)) == expected, told
        changed += len(expected)
    assert changed


def test_what_reaches_members_through_a_group_falls_with_the_membership() -> None:
    told = [says(5, 9, source=0), belongs(1, 9, source=1), says(5, 1, source=0, also=1), owns(5, 7, 60, source=2)]
    assert flips(whole(told)) == asked_without(told)


def test_two_sources_for_one_share_carry_it_together() -> None:
    told = [owns(1, 2, 60, source=0), owns(1, 2, 60, source=1), owns(2, 3, 60, source=2)]
    assert flips(whole(told)) == {("three",): ({(1, 3), (2, 3)}, set())}


def test_a_thing_left_out_because_two_disagree_is_completed_without_one() -> None:
    told = [owns(1, 3, 60, source=0), owns(2, 3, 60, source=1)]
    assert flips(whole(told)) == {("one",): (set(), {(2, 3)}), ("two",): (set(), {(1, 3)})}


def test_a_picture_is_read_whole(build: Build) -> None:
    picture = build(
        [
            *(value(name, "kind", "company") for name in "abcd"),
            share("a", "b", "0.6"),
            share("b", "c", "0.4", "0.7"),
            fact("c", "controls", "d"),
        ]
    )
    found = whole_of(picture, MAJORITY)
    ids = picture.reader.ids(found.graph.keys.tolist())
    names = [ids[int(key)] for key in found.graph.keys]
    assert {(names[a], names[b]) for a, b in found.bounds.certain.as_set()} == {("a", "b"), ("c", "d")}
    possible = {(names[a], names[b]) for a, b in found.bounds.possible.as_set()}
    assert possible == {("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")}
    assert [family.works for family, _ in found.hanging()] == [("s",)]


def test_complete_lists_bound_the_kernel_as_well() -> None:
    told = [owns(0, 9, 48, 62), owns(3, 9, 20, 45), complete(9)]
    found = whole(told)
    assert keyed(found, found.bounds.certain) == {(0, 9)}
