"""What is tied to a thing, and when."""

from __future__ import annotations

import pytest

from isthmus.errors import AmbiguousEntityError, ArgumentError, UnknownEntityError, VocabularyError
from isthmus.lenses import relations, timeline
from isthmus.picture import Picture, Request

from .conftest import Build, Row

CHAIN: list[Row] = [
    *({"subject": name, "predicate": "kind", "value": "company"} for name in ("a", "b", "c")),
    *({"subject": name, "predicate": "name", "value": f"Firm {name.upper()}"} for name in ("a", "b", "c")),
    {
        "subject": "a",
        "predicate": "owns",
        "object": "b",
        "low": ">0.5",
        "unit": "share",
        "valid_from": "2016",
        "valid_to": "2019",
    },
    {"subject": "b", "predicate": "owns", "object": "c", "valid_from": "2018-03", "hedge": "reportedly"},
    {"subject": "b", "predicate": "owns", "object": "c", "valid_from": "2018-03", "source": "t"},
    {"subject": "c", "predicate": "cooperates_with", "object": "a", "mode": "planned"},
    {"subject": "b", "predicate": "controls", "object": "a", "stance": "denies"},
]


def test_relations_run_both_ways_with_their_doubts(build: Build) -> None:
    finding = relations.ask(build(CHAIN), "Firm B")
    verdicts = {(row["from"], row["predicate"], row["to"]): row["verdict"] for row in finding.answers}
    assert verdicts == {("a", "owns", "b"): "ended", ("b", "owns", "c"): "holds", ("b", "controls", "a"): "denied"}
    (held,) = [row for row in finding.answers if row["to"] == "c"]
    assert held["independent"] == 2
    assert held["hedges"] == ["reportedly"]


def test_depth_reaches_further_and_keeps_the_path(build: Build) -> None:
    finding = relations.ask(build(CHAIN), "a", depth=2)
    (far,) = [row for row in finding.answers if (row["from"], row["to"]) == ("b", "c")]
    assert far["depth"] == 2
    assert [edge[1] for edge in far["path"]][-1] == "owns"
    assert all(edge[3] for edge in far["path"])


def test_as_of_leaves_out_what_does_not_hold(build: Build) -> None:
    picture = build(CHAIN)
    early = Picture(picture.store, Request(as_of="2017"))
    assert [row["predicate"] for row in relations.ask(early, "b", predicates=["owns"]).answers] == ["owns"]
    late = Picture(picture.store, Request(as_of="2021"))
    assert [row["to"] for row in relations.ask(late, "b", predicates=["owns"]).answers] == ["c"]


def test_without_a_source_its_claims_go(build: Build) -> None:
    picture = build(CHAIN)
    finding = relations.ask(Picture(picture.store, Request(without=("s",))), "b")
    assert [row["sources"] for row in finding.answers] == [["t"]]


def test_why_names_supports_and_what_flips(build: Build) -> None:
    finding = relations.ask(build(CHAIN), "b", predicates=["owns"], why=True)
    supports = {row["to"]: row["support"] for row in finding.answers}
    assert len(supports["c"]["minimal"]) == 2
    assert supports["c"]["pivotal"] == []
    assert len(supports["b"]["pivotal"]) == 1
    assert finding.sensitivity["flips_without"] == ["s"]


def test_timeline_is_in_order_and_counts_the_undated(build: Build) -> None:
    finding = timeline.ask(build(CHAIN), "b")
    assert [(row["date"], row["edge"]) for row in finding.answers] == [
        ("2016", "begins"),
        ("2018-03", "begins"),
        ("2018-03", "begins"),
        ("2019", "ends"),
    ]
    assert any("1 further claims have no date" in limit for limit in finding.limits)


def test_names_that_mean_nothing_or_several_are_refused(build: Build) -> None:
    picture = build([*CHAIN, {"subject": "d", "predicate": "name", "value": "Firm A"}])
    with pytest.raises(AmbiguousEntityError) as several:
        relations.ask(picture, "Firm A")
    assert {name for name, _ in several.value.candidates} == {"a", "d"}
    with pytest.raises(UnknownEntityError):
        relations.ask(picture, "Nobody")
    with pytest.raises(ArgumentError):
        relations.ask(picture, "b", depth=9)
    with pytest.raises(VocabularyError):
        relations.ask(picture, "b", predicates=["loves"])


def test_geidco_within_two_steps(report: Picture) -> None:
    finding = relations.ask(report, "GEIDCO", depth=2)
    near = {row["caption"] for row in finding.answers if row["depth"] == 1}
    assert {"State Grid", "China Electric Power Research Institute", "New York City"} <= near
    for row in finding.answers:
        assert row["claims"]
        assert row["locators"]
