from __future__ import annotations

import json
from typing import Any

import pytest

from isthmus.model import Source
from isthmus.picture.coverage import coverage


def covered(evidence: Any, **request: Any) -> dict[str, Any]:
    found = coverage(evidence.picture(**request))
    assert json.loads(json.dumps(found)) == found, "JSON values only"
    return found


def kind(subject: str, value: str, **more: str) -> dict[str, str]:
    return {"subject": subject, "predicate": "kind", "value": value, **more}


def named(subject: str, value: str = "A name", **more: str) -> dict[str, str]:
    return {"subject": subject, "predicate": "name", "value": value, **more}


def tie(subject: str = "a", object_: str = "x", **more: str) -> dict[str, str]:
    return {"subject": subject, "predicate": "supplies", "object": object_, **more}


def test_claims_are_counted_by_what_they_are_like(evidence: Any) -> None:
    evidence.add(
        tie(),
        tie(observed="2015", hedge="reportedly"),
        tie(valid_from="2016", observed="2017", mode="planned"),
        tie(valid_to="2018", stance="denies", source="t"),
        tie(stance="not_found"),
        {"subject": "a", "predicate": "owns", "object": "x", "low": "0.5", "high": "0.5", "unit": "share"},
        {"subject": "a", "predicate": "owns", "object": "y", "low": ">0.5", "unit": "share"},
        {"subject": "a", "predicate": "owns", "object": "z", "low": "~0.5", "high": "~0.5", "unit": "share"},
    )
    found = covered(evidence)
    expected = {
        "claims": 8, "sources": 2, "entities": 4, "dated": 2, "observed": 1, "undated": 5, "numbered": 3, "bounded": 2, "hedged": 1,
        "not_actual": 1, "denied": 1, "not_found": 1,
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected
    assert found["predicates"] == {"supplies": 5, "owns": 3}
    assert found["shares"]["dated"] == 0.25
    assert found["dated"] + found["observed"] + found["undated"] == found["claims"]


def test_only_what_the_picture_shows_is_counted(evidence: Any) -> None:
    evidence.add(tie(valid_from="2018"), tie("b", source="t"), named("c"))
    assert covered(evidence, as_of="2015")["claims"] == 2
    assert covered(evidence, without=("t",))["predicates"] == {"name": 1, "supplies": 1}
    evidence.store.retract([evidence.claim(subject="b").id], "wrong")
    found = covered(evidence)
    assert (found["claims"], found["entities"], found["sources"]) == (2, 3, 1)


def test_entities_without_a_name_or_a_kind(evidence: Any) -> None:
    evidence.add(
        tie("a", "x", qualifiers="item=@i"),
        named("a"),
        named("x", stance="denies"),
        kind("x", "company"),
        kind("a", "company", stance="denies"),
        named("alone"),
    )
    found = covered(evidence)
    assert (found["entities"], found["without_name"], found["without_kind"]) == (4, 2, 3)
    evidence.store.judge("a", "x", "same", "one firm")
    found = covered(evidence)
    assert (found["entities"], found["without_name"], found["without_kind"]) == (3, 1, 2)


def test_kinds_are_counted_by_entity(evidence: Any) -> None:
    evidence.add(kind("a", "company"), kind("a", "company", source="t"), kind("a", "platform"), kind("b", "company"))
    assert covered(evidence)["kinds"] == {"company": 2, "platform": 1}


def test_an_end_of_a_kind_that_is_not_allowed_is_a_misfit(evidence: Any) -> None:
    evidence.add(
        kind("city", "place"),
        kind("firm", "company"),
        kind("both", "place"),
        kind("both", "company"),
        {"subject": "city", "predicate": "owns", "object": "firm", "locator": "wrong subject"},
        {"subject": "firm", "predicate": "owns", "object": "city", "locator": "wrong object"},
        {"subject": "firm", "predicate": "owns", "object": "city", "stance": "denies"},
        {"subject": "firm", "predicate": "owns", "object": "firm"},
        {"subject": "both", "predicate": "owns", "object": "both"},
        {"subject": "unknown", "predicate": "owns", "object": "unknown"},
    )
    assert covered(evidence)["misfits"] == {
        "n": 2,
        "by": [
            {"predicate": "owns", "end": end, "n": 1, "claims": [evidence.claim(locator=f"wrong {end}").id]}
            for end in ("object", "subject")
        ],
    }


@pytest.mark.parametrize(
    ("claims", "single"),
    [
        ([tie()], 1),
        ([tie(), tie(locator="again")], 1),
        ([tie(), tie(source="t")], 0),
        ([tie(source="t", origin="s"), tie()], 1),  # the report that names the source, and the source itself
        ([tie(source="t", origin="s w"), tie(source="u", origin="w v")], 1),  # they share a work
        ([tie(source="t", origin="s w"), tie(source="u", origin="v")], 0),
        ([tie(source="copy"), tie(source="s")], 1),
        ([tie(source="copy"), tie(source="s"), tie(source="s", locator="again")], 1),
        ([tie(source="copy"), tie(source="s"), tie(source="t")], 0),
        ([tie(source="s", origin="a b"), tie(source="s", origin="b c"), tie(source="s", origin="c d")], 1),
        ([tie(), tie(source="t", qualifiers="tier=1")], 2),
    ],
)
def test_relations_of_one_independent_voice(evidence: Any, claims: list[dict[str, str]], single: int) -> None:
    evidence.add(*claims, sources=[Source("copy", derived_from=("s",)), Source("s", title="The source")])
    found = covered(evidence)
    assert found["single_source_relations"] == single
    if found["relations"] == 1:
        picture = evidence.picture()
        assert (picture.independent(picture.reader.where('c."object" IS NOT NULL')) == 1) == bool(single)


def test_sources_without_a_description(evidence: Any) -> None:
    evidence.add(tie(source="t"), tie(source="s"), sources=[Source("s", title="The source")])
    assert covered(evidence)["undescribed_sources"] == {"n": 1, "examples": ["t"]}


def test_identifiers_that_fail_their_check_digits(evidence: Any) -> None:
    def identified(subject: str, scheme: str, value: str, **more: str) -> dict[str, str]:
        return {"subject": subject, "predicate": "identifier", "value": value, "qualifiers": f"scheme={scheme}", **more}

    good, bad = "506700GE1G29325QX363", "506700GE1G29325QX364"
    evidence.add(
        identified("a", "lei", good),
        identified("b", "lei", bad),
        identified("b", "lei", bad, source="t"),
        identified("c", "unheard-of", "1"),
    )
    found = covered(evidence)["failing_identifiers"]
    assert (found["n"], found["of"], found["of_unknown_scheme"]) == (1, 3, 1)
    (example,) = found["examples"]
    assert (example["scheme"], example["value"], example["entity"]) == ("lei", bad, "b")
    assert example["reason"]


def test_groups_whose_members_are_not_all_named(evidence: Any) -> None:
    def counted(group: str, low: str, **more: str) -> dict[str, str]:
        return {
            "subject": group,
            "predicate": "count",
            "low": low,
            "high": low,
            "unit": "parties",
            "qualifiers": "of=members",
            **more,
        }

    def member(group: str, name: str, **more: str) -> dict[str, str]:
        return {"subject": name, "predicate": "member_of", "object": group, **more}

    evidence.add(
        *(kind(name, "group") for name in ("full", "short", "older", "bare")),
        counted("full", "1"), member("full", "m"),
        counted("short", "2"), member("short", "m"), member("short", "m", source="t"), member("short", "full"),
        member("short", "planned", mode="planned"),
        counted("older", "5", observed="2010"), counted("older", "1", observed="2020"), member("older", "m"),
    )  # fmt: skip
    found = covered(evidence)["groups"]
    assert found == {"n": 4, "without_named_members": 1, "not_all_named": 1, "examples": ["short"]}


def test_an_empty_store_is_covered(evidence: Any) -> None:
    found = covered(evidence)
    assert (found["claims"], found["entities"], found["shares"], found["predicates"]) == (0, 0, {}, {})
