from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from isthmus.model import Conflict
from isthmus.picture import Picture
from isthmus.picture.conflicts import count_conflicts, find_conflicts


def status(value: str, start: str, **more: str) -> dict[str, str]:
    return {"subject": "x", "predicate": "status", "value": value, "valid_from": start, **more}


def owns(who: str, low: str, high: str = "", **more: str) -> dict[str, str]:
    return {"subject": who, "predicate": "owns", "object": "x", "low": low, "high": high, "unit": "share", **more}


def employees(low: str, high: str = "", **more: str) -> dict[str, str]:
    return {
        "subject": "x",
        "predicate": "count",
        "low": low,
        "high": high,
        "unit": "people",
        "qualifiers": "of=members",
        **more,
    }


def consolidates(who: str, **more: str) -> dict[str, str]:
    return {"subject": who, "predicate": "consolidates", "object": "x", "qualifiers": "direct=direct", **more}


def part_of(part: str, whole: str, **more: str) -> dict[str, str]:
    return {"subject": part, "predicate": "part_of", "object": whole, **more}


def uses(stance: str, **more: str) -> dict[str, str]:
    return {"subject": "x", "predicate": "uses", "object": "y", "stance": stance, **more}


CLASHING = {
    "one_start": [status("active", "2016"), status("active", "2018", source="t")],
    "one_subject": [consolidates("a"), consolidates("b", source="t")],
    "one": [employees("100", "100"), employees("250", "250", source="t")],
    "sum<=1": [owns("a", "0.6", "0.6"), owns("b", "0.7", "0.7")],
    "cycle": [part_of("a", "b"), part_of("b", "c"), part_of("c", "a")],
    "stance": [uses("asserts"), uses("denies", source="t")],
}
PEACEFUL = {
    "one start told less exactly": [status("active", "2016"), status("active", "2016-05-03", source="t")],
    "another status, another start": [status("active", "2016"), status("ended", "2018")],
    "starts by and in": [status("active", "<=2018"), status("active", "2016", source="t")],
    "numbers of times that do not meet": [
        employees("100", "100", valid_from="2010", valid_to="2012"),
        employees("250", "250", valid_from="2015", valid_to="2016"),
    ],
    "numbers seen on other days": [employees("100", "100", observed="2010"), employees("250", "250", observed="2016")],
    "bounds that overlap": [employees(">90"), employees("100", "120", source="t")],
    "a number and its rounding": [employees("~100", "~100"), employees("101", "101", source="t")],
    "a plan and a fact": [employees("100", "100"), employees("250", "250", mode="planned")],
    "not found is no denial": [uses("asserts"), uses("not_found", source="t")],
    "a denial of another time": [
        uses("asserts", valid_from="2018"),
        uses("denies", valid_to="2015", source="t"),
    ],
    "a denial in another scope": [
        uses("asserts", qualifiers="scope=outside China"),
        uses("denies", qualifiers="scope=in China", source="t"),
    ],
    "shares of two sources are not added": [owns("a", "0.6", "0.6"), owns("b", "0.7", "0.7", source="t")],
    "shares of two days are not added": [
        owns("a", "0.6", "0.6", observed="2010"),
        owns("b", "0.7", "0.7", observed="2015"),
    ],
    "a holder named twice is counted once": [owns("a", "0.6", "0.6"), owns("a", "0.6", "0.6", locator="elsewhere")],
    "rounded shares may come to a little more": [owns(name, "0.335", "0.335") for name in "abc"],
    "a group beside its members": [
        owns("a", "0.6", "0.6"),
        owns("g", "0.6", "0.6"),
        {"subject": "g", "predicate": "kind", "value": "group"},
    ],
    "a tree is no circle": [part_of("a", "b"), part_of("c", "b"), part_of("b", "d")],
    "a circle of plans": [part_of("a", "b"), part_of("b", "a", mode="planned")],
    "a circle that is denied": [part_of("a", "b"), part_of("b", "a", stance="denies")],
}


def near(picture: Picture) -> list[Conflict]:
    return find_conflicts(picture, picture.reader.where("true"))


@pytest.mark.parametrize("rule", CLASHING)
def test_each_rule_finds_its_conflict(evidence: Any, rule: str) -> None:
    picture = evidence.add(*CLASHING[rule]).picture()
    (conflict,) = find_conflicts(picture)
    assert conflict.rule == rule
    assert set(conflict.claims) == {claim.id for claim in picture.reader.where("true")}
    assert len(conflict.values) == len(conflict.claims)
    assert conflict.subject is not None
    assert picture.caption(conflict.subject) in conflict.about
    assert near(picture) == [conflict]
    assert count_conflicts(picture) == {rule: 1}


@pytest.mark.parametrize("case", PEACEFUL)
def test_what_can_all_hold_is_no_conflict(evidence: Any, case: str) -> None:
    picture = evidence.add(*PEACEFUL[case]).picture()
    assert find_conflicts(picture) == []
    assert near(picture) == []
    assert count_conflicts(picture) == {}


def test_a_thing_that_is_part_of_itself_is_a_circle(evidence: Any) -> None:
    picture = evidence.add(part_of("a", "a"), part_of("a", "b")).picture()
    (conflict,) = find_conflicts(picture)
    assert conflict.rule == "cycle"
    assert len(conflict.claims) == 1


def test_two_circles_are_two_conflicts(evidence: Any) -> None:
    rows = [part_of("a", "b"), part_of("b", "a"), part_of("b", "c"), part_of("c", "d"), part_of("d", "c")]
    assert [len(item.claims) for item in find_conflicts(evidence.add(*rows).picture())] == [2, 2]


def test_a_retracted_or_hidden_claim_is_in_no_conflict(evidence: Any) -> None:
    evidence.add(*CLASHING["one"])
    assert find_conflicts(evidence.picture(without=("t",))) == []
    evidence.store.retract([evidence.claim(source="t").id], "a slip of the pen")
    assert find_conflicts(evidence.picture()) == []


def test_a_merge_brings_claims_of_two_ids_into_one_conflict(evidence: Any) -> None:
    evidence.add(employees("100", "100"), employees("250", "250", subject="y", source="t"))
    assert find_conflicts(evidence.picture()) == []
    evidence.store.judge("x", "y", "same", "one register number")
    for found in (find_conflicts(evidence.picture()), near(evidence.picture())):
        (conflict,) = found
        assert conflict.subject == "x"
        assert len(conflict.claims) == 2
    evidence.store.unjudge("x", "y")
    assert find_conflicts(evidence.picture()) == []


def test_a_merge_takes_one_holder_for_two(evidence: Any) -> None:
    evidence.add(consolidates("a"), consolidates("b", source="t"))
    evidence.store.judge("a", "b", "same", "one register number")
    assert find_conflicts(evidence.picture()) == []
    assert near(evidence.picture()) == []


def test_a_merge_closes_a_circle(evidence: Any) -> None:
    evidence.add(part_of("a", "b"), part_of("c", "a"))
    assert find_conflicts(evidence.picture()) == []
    evidence.store.judge("b", "c", "same", "one thing")
    (conflict,) = find_conflicts(evidence.picture())
    assert conflict.rule == "cycle"


def test_a_merge_reaches_the_qualifiers_that_make_claims_comparable(evidence: Any) -> None:
    here, there = "place=@p; scope=all", "place=@q; scope=all"
    evidence.add(
        status("active", "2016", qualifiers=here),
        status("active", "2018", qualifiers=there, source="t"),
        {"subject": "p", "predicate": "name", "value": "Portus"},
        {"subject": "q", "predicate": "name", "value": "Port"},
    )
    assert find_conflicts(evidence.picture()) == []
    evidence.store.judge("p", "q", "same", "one port")
    assert [item.rule for item in find_conflicts(evidence.picture())] == ["one_start"]
    assert [item.rule for item in near(evidence.picture())] == ["one_start"]


def random_rows(chance: random.Random) -> list[dict[str, str]]:
    makers: list[Callable[[], dict[str, str]]] = [
        lambda: status(
            chance.choice(["active", "ended"]), chance.choice(["2015", "2016-03", "<=2016", ">2017", "~2016"])
        ),
        lambda: owns(chance.choice("abc"), chance.choice(["0.3", ">0.5", "0.6"]), observed=chance.choice(["", "2016"])),
        lambda: employees(chance.choice(["10", "~12", ">30"]), observed=chance.choice(["", "2014", "2015-06"])),
        lambda: consolidates(chance.choice("ab"), valid_from=chance.choice(["", "2015", "2017"])),
        lambda: part_of(chance.choice("abcx"), chance.choice("abcx")),
        lambda: uses(chance.choice(["asserts", "denies", "not_found"]), valid_from=chance.choice(["", "2015"])),
    ]
    rows = []
    for number in range(30):
        row = chance.choice(makers)()
        subject = chance.choice(["x", "x", "y"]) if row["subject"] == "x" else row["subject"]
        rows.append({**row, "subject": subject, "source": chance.choice("st"), "locator": f"row {number}"})
    return rows


@pytest.mark.parametrize("seed", range(6))
def test_the_store_and_the_claims_at_hand_find_the_same(evidence: Any, seed: int) -> None:
    evidence.add(*random_rows(random.Random(seed)))
    for merged in (False, True):
        if merged:
            evidence.store.judge("x", "y", "same", "one thing")
        picture = evidence.picture()
        found = find_conflicts(picture)
        assert found, "the rows were to hold conflicts"
        assert near(picture) == found
        assert count_conflicts(picture) == dict(sorted(Counter(item.rule for item in found).items()))


def test_only_what_lies_beside_the_rows_given_is_looked_at(evidence: Any) -> None:
    evidence.add(*CLASHING["one"], *CLASHING["cycle"], *(row | {"subject": "z"} for row in CLASHING["one"]))
    picture = evidence.picture()
    assert len(find_conflicts(picture)) == 3
    key = picture.reader.keys(["z"])[0]
    number = evidence.store.value("SELECT key FROM predicates WHERE id = 'count'")
    evidence.store.rows(
        f'CREATE TEMP TABLE few AS SELECT {number} AS predicate, {key} AS subject, NULL::INTEGER AS "object"'
    )
    (conflict,) = find_conflicts(picture, beside="temp.few")
    assert conflict.subject == "z"
