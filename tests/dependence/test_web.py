"""From claims to needs: alternatives, thresholds, strengths, supply, days, merges, and what is set aside."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from isthmus.claims.store import Store
from isthmus.dependence.failing import Failure, Step, alone, impacts, together
from isthmus.dependence.web import Web, web_of
from isthmus.errors import ArgumentError
from isthmus.picture import Picture, Request
from isthmus.service.adding import add_files
from isthmus.service.keeping import judge
from tests.dependence.worlds import V6, Build, Row, contains, fails, named, supplies, uses, write_claims


def needs(web: Web) -> set[tuple[str, str | None, int, tuple[str, ...]]]:
    """Return each need: whose, its name, how many it takes, and of what."""
    found = set()
    for need in range(web.needs.size):
        ends = web.needs.alternatives[web.needs.cuts[need] : web.needs.cuts[need + 1]]
        names = tuple(sorted(web.id(int(end)) for end in ends))
        subject = web.id(int(web.needs.subjects[need]))
        found.add((subject, web.need_name(need), int(web.needs.at_least[need]), names))
    return found


def node(web: Web, name: str) -> int:
    found = web.node(name)
    assert found is not None
    return found


def weights(web: Web) -> dict[str, int]:
    """Return how many things fail with each."""
    return {web.id(one): int(size) for one, size in enumerate(impacts(web, "operating"))}


def test_needs_are_and_and_one_text_is_or(build: Build) -> None:
    web = web_of(build(V6))
    assert needs(web) == {
        ("T", None, 1, ("A",)),
        ("T", "link", 1, ("B", "C")),
        ("A", None, 1, ("D",)),
        ("B", None, 1, ("D",)),
        ("C", None, 1, ("E",)),
    }
    assert weights(web) == {"T": 1, "A": 2, "B": 1, "C": 1, "D": 4, "E": 2}
    assert named(web, alone(web, node(web, "T"), "operating")) == {"T", "A", "D"}
    pairs, complete = together(web, node(web, "T"), "operating", 100)
    assert complete
    assert {frozenset(named(web, pair)) for pair in pairs} == {frozenset("BC"), frozenset("BE")}


def test_a_part_and_a_use_of_one_thing_are_one_need(build: Build) -> None:
    web = web_of(build([uses("a", "b"), contains("a", "b"), contains("a", "c", need="n"), uses("a", "d", need="n")]))
    assert needs(web) == {("a", None, 1, ("b",)), ("a", "n", 1, ("c", "d"))}


def test_k_of_n_and_thresholds_that_differ(build: Build) -> None:
    rows = [uses("a", end, need="power", at_least=2 if end == "x" else 0) for end in "xyz"]
    web = web_of(build(rows))
    assert needs(web) == {("a", "power", 2, ("x", "y", "z"))}
    web = web_of(build([*rows, uses("a", "w", need="power", at_least=1)]))
    assert needs(web) == {("a", "power", 2, ("w", "x", "y", "z"))}
    assert any("another threshold" in note for note in web.notes())


def test_a_need_that_takes_more_than_is_known_needs_each_that_is(build: Build) -> None:
    web = web_of(build([uses("a", "x", need="power", at_least=3), uses("a", "y", need="power", at_least=3)]))
    assert needs(web) == {("a", "power", 2, ("x", "y"))}
    assert [(item.takes, item.known) for item in web.given.short] == [(3, 2)]
    assert any("more alternatives than are known" in note for note in web.notes())
    assert weights(web)["x"] == 2


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("required", {"p", "m1", "m2"}),
        ("recommended", {"p", "q", "m1", "m2"}),
        ("optional", {"p", "q", "r", "m1", "m2"}),
        ("build", {"p", "b", "m1", "m2"}),
        ("all", {"p", "q", "r", "b", "t", "m1", "m2"}),
    ],
)
def test_levels_of_strength(build: Build, level: str, expected: set[str]) -> None:
    rows = [
        uses("a", "p"),
        uses("a", "q", strength="recommended"),
        uses("a", "r", strength="optional"),
        uses("a", "b", strength="build"),
        uses("a", "t", strength="test"),
        # One of its claims makes it required, and then the other alternative is one too.
        uses("a", "m1", need="m", strength="required"),
        uses("a", "m2", need="m", strength="optional"),
    ]
    web = web_of(build(rows), level)
    assert {end for _, _, _, ends in needs(web) for end in ends} == expected


def test_a_strength_that_is_none(build: Build) -> None:
    with pytest.raises(ArgumentError, match="no strength of a need"):
        web_of(build(V6), "strong")


def test_suppliers_are_alternatives_of_one_another(build: Build) -> None:
    rows = [uses("a", "chip"), supplies("s1", "a", "chip"), supplies("s2", "a", "chip"), supplies("s3", "b", "chip")]
    web = web_of(build(rows))
    assert needs(web) == {("a", None, 1, ("chip",)), ("a", None, 1, ("s1", "s2"))}
    (supply,) = [need for need in range(web.needs.size) if web.is_supply(need)]
    assert web.supplied(supply) == "chip"
    assert [note for note in web.notes() if "not said to need" in note] == [
        "1 claim in all the picture speaks of supply with what the supplied is not said to need"
    ]
    assert weights(web) == {"a": 1, "chip": 2, "s1": 1, "s2": 1}


def test_suppliers_of_one_alternative_fail_it_alone(build: Build) -> None:
    rows = [
        uses("a", "chip", need="brain"),
        uses("a", "tube", need="brain"),
        supplies("s1", "a", "chip"),
        supplies("s2", "a", "chip"),
    ]
    web = web_of(build(rows))
    assert weights(web) == {"a": 1, "chip": 1, "tube": 1, "s1": 1, "s2": 1}
    assert named(web, failed_with(web, ["s1", "s2"])) == {"s1", "s2"}
    assert named(web, failed_with(web, ["s1", "s2", "tube"])) == {"s1", "s2", "tube", "a"}
    pairs, _ = together(web, node(web, "a"), "operating", 100)
    assert {frozenset(named(web, pair)) for pair in pairs} == {frozenset({"chip", "tube"})}


def failed_with(web: Web, causes: list[str]) -> list[int]:
    failed = Failure(web, tuple(node(web, name) for name in causes)).failed
    return [one for one in range(web.things) if failed[one]]


def test_random_worlds_fail_as_the_definition_says(build: Build) -> None:
    random = Random(6)
    for _ in range(12):
        rows = random_rows(random)
        web = web_of(build(rows))
        names = [web.id(one) for one in range(web.things)]
        assert weights(web) == {name: len(fails(rows, [name])) for name in names}
        pair = random.sample(names, 2)
        assert named(web, failed_with(web, pair)) == fails(rows, pair)
        target = random.choice(names)
        expected = {name for name in names if target in fails(rows, [name])}
        assert named(web, alone(web, node(web, target), "operating")) == expected
        for name in expected:
            steps = Failure(web, (node(web, name),)).steps_to(node(web, target))
            assert_carries(web, name, target, steps)


def assert_carries(web: Web, cause: str, target: str, steps: list[Step]) -> None:
    """Check that each step follows from what failed before it, and the last is the target."""
    down = {node(web, cause)}
    for step in steps:
        lost = {int(web.needs.alternatives[place]) for place in step.lost}
        assert lost <= down
        assert step.had - len(lost) < step.takes
        down.add(step.node)
    assert node(web, target) in down


def random_rows(random: Random) -> list[Row]:
    things = [f"t{number}" for number in range(random.randint(4, 9))]
    rows: list[Row] = []
    for subject in things:
        for number in range(random.randint(0, 2)):
            ends = random.sample([thing for thing in things if thing != subject], random.randint(1, 3))
            need = f"n{number}" if len(ends) > 1 else ""
            least = random.randint(0, len(ends)) if need else 0
            rows += [uses(subject, end, need=need, at_least=least) for end in ends]
    for row in random.sample(rows, min(3, len(rows))):
        for number in range(random.randint(0, 2)):
            rows.append(supplies(f"s{number}", row["subject"], row["object"], at_least=random.randint(0, 2)))
    return rows or V6


def test_a_loop_keeps_going_and_does_not_start(build: Build) -> None:
    rows = [uses("a", "b"), uses("b", "a"), uses("b", "c", need="n"), uses("b", "d", need="n"), uses("x", "y")]
    web = web_of(build(rows))
    assert impacts(web, "bootstrap").tolist() == [
        {"a": 0, "b": 0, "x": 1, "y": 2}.get(web.id(one), 1) for one in range(web.things)
    ]
    started = web_of(build([uses("a", "b"), uses("b", "a", need="n"), uses("b", "c", need="n")]))
    (a, b, c) = (node(started, name) for name in "abc")
    assert impacts(started, "operating")[[a, b, c]].tolist() == [1, 2, 1]
    assert impacts(started, "bootstrap")[[a, b, c]].tolist() == [1, 2, 3]
    steps = Failure(started, (c,), "bootstrap").steps_to(a)
    assert [step.node for step in steps] == [b, a]
    assert Failure(started, (c,)).failed.sum() == 1


def test_days(build: Build) -> None:
    rows = [
        uses("a", "old", valid_from="2001", valid_to="2010"),
        uses("a", "new", valid_from="2011"),
        uses("a", "always"),
        uses("a", "planned", mode="planned"),
        uses("a", "perhaps", valid_to=">=2015"),
    ]
    in_2005 = web_of(build(rows, Request(as_of="2005-06-01")))
    in_2020 = web_of(build(rows, Request(as_of="2020-06-01")))
    now = web_of(build(rows))
    assert {end for *_, ends in needs(in_2005) for end in ends} == {"old", "always", "perhaps"}
    assert {end for *_, ends in needs(in_2020) for end in ends} == {"new", "always", "perhaps"}
    assert {end for *_, ends in needs(now) for end in ends} == {"new", "always", "perhaps"}
    assert any("surely does not hold" in note for note in now.notes())
    assert any("not sure that it holds" in note for note in in_2020.notes())


def test_merged_things_are_one(tmp_path: Path) -> None:
    path = tmp_path / "p.duckdb"
    rows = [uses("a", "b1"), uses("b2", "c"), supplies("s", "a", "b2"), uses("b1", "b2")]
    add_files(path, [write_claims(tmp_path / "r.csv", rows)])
    judge(path, "b1", "b2", "same", who="tester", why="one thing")
    with Store(path, read_only=True) as store:
        picture = Picture(store)
        web = web_of(picture)
        head = picture.resolution.of("b1")
        assert needs(web) == {("a", None, 1, (head,)), (head, None, 1, ("c",)), ("a", None, 1, ("s",))}
        assert any("needs itself" in note for note in web.notes())
        assert weights(web)["c"] == 3


def test_a_denial_takes_nothing_away_and_is_counted(build: Build) -> None:
    web = web_of(build([uses("a", "b"), uses("a", "b", stance="denies", source="t")]))
    assert needs(web) == {("a", None, 1, ("b",))}
    assert any("1 claim in all the picture denies a need" in note for note in web.notes())


def test_supply_without_a_thing_as_item_is_counted(build: Build) -> None:
    web = web_of(build([uses("a", "b"), supplies("s", "a", "")]))
    assert needs(web) == {("a", None, 1, ("b",))}
    assert any("names no thing as the item" in note for note in web.notes())


def test_a_picture_without_needs(build: Build) -> None:
    web = web_of(build([{"subject": "a", "predicate": "name", "value": "A"}]))
    assert (web.things, web.needs.size, web.notes(), web.node("a")) == (0, 0, [], None)


def test_the_claims_behind_an_alternative(build: Build) -> None:
    web = web_of(build([uses("a", "b"), uses("a", "b", source="t"), contains("a", "b"), uses("a", "c")]))
    place = next(at for at, end in enumerate(web.needs.alternatives) if web.id(int(end)) == "b")
    assert sorted((claim.predicate, claim.source) for claim in web.claims_at([place])) == [
        ("contains", "s"),
        ("uses", "s"),
        ("uses", "t"),
    ]


def test_the_answer_does_not_hang_on_the_order_of_rows(build: Build) -> None:
    one, two = (web_of(build(rows)) for rows in (V6, V6[::-1]))
    assert needs(one) == needs(two)
    assert weights(one) == weights(two)
