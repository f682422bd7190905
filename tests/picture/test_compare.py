from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from isthmus.errors import ArgumentError
from isthmus.picture.compare import compare

FIRST, LAST = "2016-01-01", "2021-12-31"
SORTS = ("added", "removed", "changed")


def tie(**more: str) -> dict[str, str]:
    return {"subject": "a", "predicate": "supplies", "object": "x", **more}


def between(evidence: Any, first: str = FIRST, last: str = LAST, **options: Any) -> dict[str, Any]:
    found = compare(evidence.picture(as_of=first), evidence.picture(as_of=last), **options).to_json()
    assert json.loads(json.dumps(found)) == found, "JSON values only"
    for part in found.values():
        for sort in SORTS:
            assert part["totals"][sort] >= len(part[sort])
    return found


def hows(found: dict[str, Any]) -> dict[str, list[tuple[str, bool]]]:
    """Return how each relation came or went, by list, without the lists that are empty."""
    relations = found["relations"]
    return {sort: [(entry["how"], entry["certain"]) for entry in relations[sort]] for sort in SORTS if relations[sort]}


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([tie(valid_from="2017")], {"added": [("began", True)]}),
        ([tie(valid_from="2016")], {"added": [("began", True)]}),  # January 1st is in the window
        ([tie(valid_from="2021")], {"added": [("began", True)]}),
        ([tie(valid_from=">=2017")], {"added": [("began", False)]}),
        ([tie(valid_from="2012", valid_to="2018-04")], {"removed": [("ended", True)]}),
        ([tie(valid_to="2021")], {"removed": [("ended", True)]}),
        ([tie(valid_to="<2019")], {"removed": [("ended", False)]}),
        ([tie(valid_from="2017", valid_to="2019")], {"added": [("began", True)], "removed": [("ended", True)]}),
        ([tie(valid_from="2018", valid_to="2018")], {"added": [("happened", True)]}),
        ([tie(observed="2019-03")], {"added": [("seen", True)]}),
        ([tie()], {}),
        ([tie(valid_from="2010")], {}),
        ([tie(valid_from="<=2018")], {}),  # may have begun long before
        ([tie(valid_from="2023")], {}),
        ([tie(valid_from="2009", valid_to="2015")], {}),
        ([tie(valid_to="2024")], {}),
        ([tie(observed="2012")], {}),
        # a second source that gives no date changes nothing
        ([tie(valid_from="2017"), tie(source="t")], {"added": [("began", True)]}),
        ([tie(valid_from="2012", valid_to="2018"), tie(source="t")], {"removed": [("ended", True)]}),
        # an older or later sign of the same relation
        ([tie(valid_from="2017"), tie(source="t", observed="2013")], {"changed": [("changed", True)]}),
        ([tie(valid_from="2012", valid_to="2018"), tie(source="t", valid_from="2019")], {"changed": [("changed", True)]}),
        ([tie(valid_from="2012", valid_to="2018"), tie(source="t", valid_from="2012")], {"removed": [("ended", True)]}),
        # the same again, seen later: nothing new is said
        ([tie(observed="2012"), tie(observed="2019", source="t")], {}),
        # other qualifiers or another mode make another relation
        ([tie(valid_from="2010"), tie(valid_from="2017", qualifiers="tier=2")], {"added": [("began", True)]}),
        ([tie(valid_from="2010"), tie(valid_from="2017", mode="planned")], {"added": [("began", True)]}),
    ],
)  # fmt: skip
def test_what_happened_to_a_relation_between_two_days(
    evidence: Any, claims: list[dict[str, str]], expected: dict[str, list[tuple[str, bool]]]
) -> None:
    assert hows(between(evidence.add(*claims))) == expected


def test_an_entry_says_who_what_when_and_by_whose_word(evidence: Any) -> None:
    evidence.add(
        tie(valid_from="2017-05", valid_to="2019", qualifiers="item=lasers", locator="p. 7"),
        tie(valid_from="2017", qualifiers="item=lasers", source="t", origin="wire"),
        {"subject": "a", "predicate": "name", "value": "Alpha", "valid_from": "2017"},
        {"subject": "x", "predicate": "name", "value": "Xi"},
    )
    found = between(evidence)
    (entry,) = found["relations"]["added"]
    assert (entry["subject"], entry["subject_caption"]) == ("a", "Alpha")
    assert (entry["object"], entry["object_caption"]) == ("x", "Xi")
    assert (entry["predicate"], entry["qualifiers"], entry["mode"]) == ("supplies", {"item": "lasers"}, "actual")
    assert (entry["began"], entry["ended"]) == ("2017", "2019")
    assert set(entry["claims"]) == {evidence.claim(predicate="supplies", source=source).id for source in "st"}
    assert (entry["n_claims"], entry["sources"], entry["origins"]) == (2, ["t", "s"], ["wire"])
    assert (entry["locators"][0] != "p. 7", "p. 7" in entry["locators"]) == (
        True,
        True,
    )  # the place of the sentence first
    assert "Alpha" in entry["sentence"]
    assert found["claims"]["apart"] == {"added": {"name": 1}, "removed": {}}
    (added,) = found["claims"]["added"]
    assert (added["source"], added["date"], added["origin"]) == ("t", "2017", ["wire"])


def test_relations_with_a_date_come_first_and_by_date(evidence: Any) -> None:
    evidence.add(
        tie(subject="c", observed="2016-02"),
        tie(subject="b", valid_from="2019"),
        tie(subject="a", valid_from="2017-02"),
    )
    assert [entry["subject"] for entry in between(evidence)["relations"]["added"]] == ["a", "b", "c"]


def test_the_limit_cuts_the_lists_and_not_the_totals(evidence: Any) -> None:
    evidence.add(*(tie(subject=f"e{number}", valid_from="2017") for number in range(7)), tie(observed="2018"))
    found = between(evidence, limit=3)
    assert len(found["relations"]["added"]) == len(found["claims"]["added"]) == 3
    assert found["relations"]["totals"] == {"added": 8, "removed": 0, "changed": 0}
    assert found["relations"]["by"]["added"] == {"began": 7, "seen": 1}
    assert found["claims"]["totals"]["added"] == 8
    nothing = between(evidence, limit=0)
    assert nothing["relations"]["added"] == []
    assert nothing["relations"]["totals"]["added"] == 8


def test_a_number_that_changed_is_shown_before_and_after(evidence: Any) -> None:
    posts = {"predicate": "has_role_in", "qualifiers": "role=chair", "unit": "posts"}
    evidence.add(
        tie(**posts, low="30", high="30", observed="2015"),
        tie(**posts, low="34", high="34", observed="2021-06", source="t"),
    )
    (entry,) = between(evidence)["relations"]["changed"]
    assert [side["quantity"]["low"] for side in entry["before"]] == [30]
    assert [side["quantity"]["low"] for side in entry["after"]] == [34]
    assert [side["source"] for side in entry["after"]] == ["t"]


def test_an_attribute_changes_when_its_newest_value_does(evidence: Any) -> None:
    def status(value: str, start: str, **more: str) -> dict[str, str]:
        return {"subject": "a", "predicate": "status", "value": value, "valid_from": start, **more}

    evidence.add(
        status("active", "2010"),
        status("ended", "2018"),
        status("active", "2011", subject="b"),
        {"subject": "a", "predicate": "described_as", "value": "a firm", "observed": "2012"},
        {"subject": "a", "predicate": "described_as", "value": "a large firm", "observed": "2019"},
    )
    found = between(evidence)
    (entry,) = found["claims"]["changed"]
    assert (entry["subject"], entry["predicate"]) == ("a", "status")
    assert [side["value"] for side in entry["before"]] == ["active"]
    assert [side["value"] for side in entry["after"]] == ["ended"]
    assert found["relations"]["totals"] == {"added": 0, "removed": 0, "changed": 0}
    assert [claim["value"] for claim in found["claims"]["added"]] == ["ended", "a large firm"]


# -- two record times -----------------------------------------------------------------------------------------------


def since(evidence: Any, before: Any) -> dict[str, Any]:
    found = compare(before, evidence.picture()).to_json()
    assert json.loads(json.dumps(found)) == found
    return found


def test_what_was_recorded_and_retracted(evidence: Any) -> None:
    evidence.add(tie(locator="p. 1"), tie(subject="b"))
    before = evidence.picture()
    evidence.add(tie(subject="c"), tie(source="t"))
    wrong, right = evidence.claim(subject="b").id, evidence.claim(subject="c").id
    evidence.store.retract([wrong], "it was C, not B", who="Ada", superseded_by=right)
    found = since(evidence, before)
    assert hows(found) == {"added": [("recorded", True)], "removed": [("retracted", True)]}
    (removed,) = found["claims"]["removed"]
    assert (removed["id"], removed["retracted_why"], removed["retracted_by"]) == (wrong, "it was C, not B", "Ada")
    assert removed["superseded_by"] == right
    assert removed["retracted_at"] > before.known_at
    (gone,) = found["relations"]["removed"]
    assert gone["retractions"] == [
        {key: removed[key] for key in ("claim", "retracted_why", "retracted_by", "retracted_at", "superseded_by")}
    ]
    assert {claim["source"] for claim in found["claims"]["added"]} == {"s", "t"}
    assert found["relations"]["added"][0]["subject"] == "c"


def test_a_mended_number_is_a_change(evidence: Any) -> None:
    count = {"subject": "a", "predicate": "count", "qualifiers": "of=members", "unit": "posts"}
    evidence.add({**count, "low": "15", "high": "15"})
    before = evidence.picture()
    evidence.add({**count, "low": "16", "high": "16"})
    evidence.store.retract([evidence.claim(batch=1).id], "misread")
    (entry,) = since(evidence, before)["claims"]["changed"]
    assert [side["quantity"]["low"] for side in (*entry["before"], *entry["after"])] == [15, 16]


def test_two_pictures_that_are_the_same_do_not_differ(evidence: Any) -> None:
    evidence.add(tie(valid_from="2017"))
    found = between(evidence, LAST, LAST)
    assert all(part["totals"] == {"added": 0, "removed": 0, "changed": 0} for part in found.values())


def test_a_source_left_out_shows_what_rests_on_it(evidence: Any) -> None:
    evidence.add(tie(), tie(subject="b", source="t"))
    found = compare(evidence.picture(), evidence.picture(without=("t",))).to_json()
    assert hows(found) == {"removed": [("hidden", True)]}
    assert [claim["subject"] for claim in found["claims"]["removed"]] == ["b"]


@pytest.mark.parametrize("seed", range(3))
def test_the_claims_that_differ_are_those_that_one_picture_shows(evidence: Any, seed: int) -> None:
    chance = random.Random(seed)
    spans = [
        ("", ""), ("", "2014"), ("", "<2019"), ("2014", ""), ("2016", "2016"), ("2016", ">2020"), ("2018-05", "2021"), ("<=2019", "2023"),
        (">2020", ""), ("2023", ""),
    ]  # fmt: skip
    seen = ["", "", "2014", "2018-05", "2021", ">2020"]
    for batch in range(2):
        rows = []
        for line in range(25):
            start, end = chance.choice(spans)
            dates = {"valid_from": start, "valid_to": end, "observed": chance.choice(seen)}
            rows.append(
                tie(subject=chance.choice("abc"), source=chance.choice("st"), locator=f"{batch} {line}", **dates)
            )
        evidence.add(*rows)
    ids = sorted(str(row[0]) for row in evidence.store.rows("SELECT id FROM claims"))
    first = evidence.store.batches()[0].recorded_at.isoformat()
    evidence.store.retract(chance.sample(ids, 6), "wrong")
    requests: list[dict[str, Any]] = [
        {"as_of": FIRST}, {"as_of": LAST}, {"known_at": first}, {}, {"without": ("t",)}, {"as_of": LAST, "known_at": first}
    ]  # fmt: skip
    for one, other in [(requests[0], requests[1]), *(chance.sample(requests, 2) for _ in range(6))]:
        before, after = evidence.picture(**one), evidence.picture(**other)
        was, now = ({claim.id for claim in picture.reader.where("true")} for picture in (before, after))
        found = compare(before, after).to_json()["claims"]
        assert {claim["id"] for claim in found["added"]} == now - was
        assert {claim["id"] for claim in found["removed"]} == was - now


# -- conclusions ----------------------------------------------------------------------------------------------------


def conclusions(found: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    return {
        sort: [(entry["conclusion"], entry.get("about") or entry["what"]) for entry in found["conclusions"][sort]]
        for sort in SORTS
        if found["conclusions"][sort]
    }


def test_a_conflict_that_comes_and_goes(evidence: Any) -> None:
    def employees(number: str, **more: str) -> dict[str, str]:
        return {
            "subject": "a",
            "predicate": "count",
            "low": number,
            "high": number,
            "unit": "people",
            "qualifiers": "of=members",
            **more,
        }

    evidence.add(employees("100"), employees("300", subject="b"), employees("400", subject="b", source="t"))
    first = evidence.picture()
    evidence.add(employees("250", source="t"))
    second = evidence.picture()
    ((sort, [(kind, about)]),) = conclusions(since(evidence, first)).items()
    assert (sort, kind) == ("added", "conflict")
    assert about.startswith("a: count")
    evidence.add(employees("500", source="u"))
    assert {sort: len(entries) for sort, entries in conclusions(since(evidence, second)).items()} == {"changed": 1}
    third = evidence.picture()
    for source in "tu":
        evidence.store.retract([evidence.claim(subject="a", source=source).id], "misread")
    assert [kind for kind, _ in conclusions(since(evidence, third))["removed"]] == ["conflict"]


def test_a_gap_that_opens_narrows_and_closes(evidence: Any) -> None:
    evidence.add(
        {"subject": "g", "predicate": "kind", "value": "group"},
        {"subject": "g", "predicate": "name", "value": "The owners"},
        {"subject": "m1", "predicate": "member_of", "object": "g"},
    )
    first = evidence.picture()
    evidence.add(
        {"subject": "g", "predicate": "count", "low": "2", "high": "2", "unit": "parties", "qualifiers": "of=members"}
    )
    second = evidence.picture()
    ((sort, [(kind, what)]),) = conclusions(since(evidence, first)).items()
    assert (sort, kind) == ("added", "gap")
    assert "The owners" in what
    evidence.add({"subject": "m2", "predicate": "member_of", "object": "g"})
    assert conclusions(since(evidence, second)) == {"removed": [("gap", what)]}


def test_what_was_looked_for_in_vain_is_a_gap_that_opened(evidence: Any) -> None:
    evidence.add(tie())
    first = evidence.picture()
    evidence.add(tie(object="y", stance="not_found"))
    assert [kind for kind, _ in conclusions(since(evidence, first))["added"]] == ["gap"]


def test_a_merge_is_one_conclusion_and_not_a_change_of_every_relation(evidence: Any) -> None:
    evidence.add(tie(), tie(subject="b"), tie(subject="x", object="b"))
    first = evidence.picture()
    evidence.store.judge("a", "b", "same", "one register number")
    merged = evidence.picture()
    found = since(evidence, first)
    assert hows(found) == {}
    assert found["conclusions"]["added"] == [
        {"conclusion": "identity", "about": "a: a, b are one thing", "members": ["a", "b"]}
    ]
    evidence.store.unjudge("a", "b")
    assert conclusions(since(evidence, merged)) == {"removed": [("identity", "a: a, b are one thing")]}


def test_a_merge_that_makes_a_conflict_says_so(evidence: Any) -> None:
    count = {"predicate": "count", "unit": "people", "qualifiers": "of=members"}
    evidence.add({"subject": "a", "low": "1", "high": "1", **count}, {"subject": "b", "low": "5", "high": "5", **count})
    first = evidence.picture()
    evidence.store.judge("a", "b", "same", "one register number")
    assert sorted(kind for kind, _ in conclusions(since(evidence, first))["added"]) == ["conflict", "identity"]


# -- what is refused ------------------------------------------------------------------------------------------------


def test_pictures_of_two_stores_are_not_compared(make: Callable[[], Any]) -> None:
    one, other = make().add(tie()), make().add(tie())
    with pytest.raises(ArgumentError, match="one store"):
        compare(one.picture(), other.picture())


def test_a_negative_limit_is_refused(evidence: Any) -> None:
    evidence.add(tie())
    with pytest.raises(ArgumentError, match="limit"):
        compare(evidence.picture(), evidence.picture(), limit=-1)


def test_days_in_the_wrong_order_show_what_would_come_back(evidence: Any) -> None:
    evidence.add(tie(valid_from="2017"))
    assert hows(between(evidence, LAST, FIRST)) == {"removed": [("hidden", True)]}


def test_the_working_tables_are_gone_afterwards(evidence: Any) -> None:
    between(evidence.add(tie(valid_from="2017")))
    left = {row[0] for row in evidence.store.rows("SELECT table_name FROM duckdb_tables() WHERE temporary")}
    assert left.isdisjoint({"changed_claims", "affected", "compared", "touched"})
