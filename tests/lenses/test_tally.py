"""The tally: bounded sums, shares, what is unknown, concentration."""

from __future__ import annotations

from typing import Any

import pytest

from isthmus.errors import ArgumentError
from isthmus.lenses import tally
from isthmus.model import Finding
from isthmus.picture import Picture, Request

from .conftest import Build, Row


def state(name: str, code: str) -> list[Row]:
    return [
        {"subject": code, "predicate": "kind", "value": "state"},
        {"subject": code, "predicate": "name", "value": name, "value_lang": "en"},
    ]


def thing(name: str, kind: str, seat: str | None = None) -> list[Row]:
    rows = [
        {"subject": name, "predicate": "kind", "value": kind},
        {"subject": name, "predicate": "name", "value": name.title(), "value_lang": "en"},
    ]
    return rows + ([{"subject": name, "predicate": "located_in", "object": seat}] if seat else [])


def share(holder: str, part: str, **more: str) -> Row:
    return {
        "subject": holder,
        "predicate": "produces",
        "object": "tool",
        "low": part,
        "high": part,
        "unit": "share",
        **more,
    }


WORLD = [*state("Atlantis", "a"), *state("Borealis", "b"), *state("Cimmeria", "c"), *thing("tool", "product")]


def values(finding: Finding, by: str = "country") -> dict[str, Any]:
    return {row["group"][by]: (row["value"]["low"], row["value"]["high"]) for row in finding.answers}


def test_shares_by_country_give_the_index(build: Build) -> None:
    picture = build([*WORLD, share("a", "0.5"), share("b", "0.3"), share("c", "0.2")])
    finding = tally.ask(picture, "share", within="Tool", by="country")
    assert values(finding) == {"Atlantis": (0.5, 0.5), "Borealis": (0.3, 0.3), "Cimmeria": (0.2, 0.2)}
    assert (finding.extra["hhi"]["low"], finding.extra["hhi"]["high"]) == (3800, 3800)
    assert finding.extra["raw_sum"]["low"] == pytest.approx(1)


def test_an_unnamed_remainder_makes_the_index_an_interval(build: Build) -> None:
    rows = [*WORLD, *thing("others", "group"), share("a", "0.5"), share("b", "0.3"), share("others", "0.2")]
    finding = tally.ask(build(rows), "share", within="Tool", by="country")
    assert (finding.extra["hhi"]["low"], finding.extra["hhi"]["high"]) == (3400, 3800)
    assert finding.extra["unattributed"]["low"] == pytest.approx(0.2)
    assert [row["aggregate"] for row in finding.answers if "aggregate" in row] == ["remainder"]


def test_a_region_is_never_counted_as_a_country(build: Build) -> None:
    rows = [*WORLD, *thing("continent", "place"), share("a", "0.6"), share("continent", "0.4")]
    finding = tally.ask(build(rows), "share", within="Tool", by="country")
    (region,) = [row for row in finding.answers if row["group"]["country"] == "Continent"]
    assert region["aggregate"] == "region"
    assert finding.extra["hhi_regions_spread"]["low"] == 3600


def test_missing_shares_refuse_the_index_instead_of_printing_nought(build: Build) -> None:
    bare = [{"subject": name, "predicate": "produces", "object": "tool"} for name in ("a", "b")]
    finding = tally.ask(build([*WORLD, *bare]), "share", within="Tool", by="country")
    assert finding.extra["hhi"] is None
    assert "no shares are stated: 2 of 2" in finding.extra["hhi_refused"]
    assert [gap.n for gap in finding.gaps if gap.kind == "unknown"] == [2]


def test_sums_over_the_whole_are_reported_raw(build: Build) -> None:
    finding = tally.ask(build([*WORLD, share("a", "0.97"), share("b", "0.05")]), "share", within="Tool", by="country")
    assert finding.extra["raw_sum"]["low"] == pytest.approx(1.02)
    assert any("102.0 %" in limit for limit in finding.limits)


def test_firms_and_countries_are_two_breakdowns_of_one_whole(build: Build) -> None:
    firm = thing("maker", "company", "b")
    rows = [*WORLD, *firm, share("a", "0.7"), share("b", "0.3"), share("maker", "0.3")]
    picture = build(rows)
    by_country = tally.ask(picture, "share", within="Tool", by="country")
    assert values(by_country) == {"Atlantis": (0.7, 0.7), "Borealis": (0.3, 0.3)}
    by_firm = tally.ask(picture, "share", within="Tool", by="supplier")
    assert values(by_firm, "supplier") == {"Maker": (0.3, 0.3)}


def test_firms_roll_up_to_their_country_where_no_country_is_stated(build: Build) -> None:
    rows = [*WORLD, *thing("one", "company", "b"), *thing("two", "company", "b"), *thing("three", "company")]
    rows += [share("one", "0.4"), share("two", "0.3"), share("three", "0.1")]
    finding = tally.ask(build(rows), "share", within="Tool", by="country")
    assert values(finding)["Borealis"] == (pytest.approx(0.7), pytest.approx(0.7))
    assert [gap.n for gap in finding.gaps if gap.kind == "unknown"] == [1]


def test_a_newer_figure_replaces_an_older_one(build: Build) -> None:
    rows = [
        *WORLD,
        share("a", "0.4", observed="2019"),
        share("a", "0.6", observed="2021"),
        share("b", "0.4", observed="2021"),
    ]
    finding = tally.ask(build(rows), "share", within="Tool", by="country")
    assert values(finding)["Atlantis"] == (0.6, 0.6)
    assert any("1 older figure is replaced" in limit for limit in finding.limits)


def test_sources_that_disagree_leave_a_span_and_a_conflict(build: Build) -> None:
    seat = {"predicate": "has_role_in", "object": "body", "unit": "posts", "qualifiers": "role=chair"}
    rows = [*WORLD, *thing("body", "standards_body")]
    rows += [
        {**seat, "subject": "a", "low": "3", "high": "3"},
        {**seat, "subject": "a", "low": "5", "high": "5", "source": "t"},
    ]
    finding = tally.ask(build(rows), "posts", within="Body", by="country")
    assert values(finding)["Atlantis"] == (3, 5)
    assert finding.answers[0]["disputed"]
    assert len(finding.conflicts) == 1


def test_plans_are_counted_only_when_asked(build: Build) -> None:
    rows = [*WORLD, share("a", "0.6"), share("b", "0.4", mode="planned")]
    picture = build(rows)
    assert list(values(tally.ask(picture, "share", within="Tool", by="country"))) == ["Atlantis"]
    both = tally.ask(picture, "share", within="Tool", by="country", modes=("actual", "planned"))
    assert list(values(both)) == ["Atlantis", "Borealis"]


def test_different_roles_are_not_added(build: Build) -> None:
    seat = {"predicate": "has_role_in", "object": "body", "unit": "posts"}
    rows = [*WORLD, *thing("body", "standards_body")]
    rows += [
        {**seat, "subject": "a", "low": "3", "high": "3", "qualifiers": "role=chair"},
        {**seat, "subject": "b", "low": "2", "high": "2", "qualifiers": "role=chair"},
        {**seat, "subject": "a", "low": "9", "high": "9", "qualifiers": "role=secretariat"},
    ]
    finding = tally.ask(build(rows), "posts", within="Body", by="country")
    assert values(finding) == {"Atlantis": (3, 3), "Borealis": (2, 2)}
    assert finding.extra["other_series"][0]["rows"][0]["value"]["low"] == 9
    assert finding.extra["hhi_refused"] == "no source gives the whole"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"measure": "bananas"}, "no measure"),
        ({"measure": "posts", "by": "colour"}, "cannot be grouped"),
        ({"measure": "posts", "within": "Tool", "of": "Tool"}, "cannot stand together"),
        ({"measure": "posts", "where": ["role"]}, "no condition"),
        ({"measure": "share", "within": "Atlantis"}, "no claim"),
    ],
)
def test_bad_questions_are_refused_in_words(build: Build, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        tally.ask(build([*WORLD, share("a", "0.5")]), **arguments)


def test_itu_posts_of_the_report(report: Picture) -> None:
    finding = tally.ask(report, "posts", within="ITU-T", by="country")
    china, korea = finding.answers
    assert china["group"] == {"country": "China"}
    assert china["value"]["low"] == china["value"]["high"] == 34
    assert china["share"]["low"] == pytest.approx(34 / 225)
    assert korea["group"] == {"country": "South Korea"}
    assert (korea["value"]["high"], korea["value"]["open_high"]) == (20, True)
    assert finding.extra["total"]["low"] == 225
    assert (finding.extra["unattributed"]["low"], finding.extra["unattributed"]["high"]) == (171, 191)
    assert "15.1 %" in finding.extra["hhi_refused"]


def test_3gpp_posts_of_the_report(report: Picture) -> None:
    finding = tally.ask(report, "posts", within="3GPP", by="country")
    assert values(finding) == {"China": (15, 15), "United States": (9, 9)}
    assert finding.extra["total"]["low"] == 44


def test_standards_agreements_of_the_report(report: Picture) -> None:
    finding = tally.ask(report, "agreements", of="China", by="partner")
    assert finding.extra["total"]["low"] == 98
    assert {row["group"]["partner"] for row in finding.answers} == {"Germany", "Japan", "South Korea", "United Kingdom"}
    unnamed = [gap for gap in finding.gaps if gap.of == 55]
    assert [gap.n for gap in unnamed] == [51]


def test_relations_that_ended_are_left_out_and_said(build: Build) -> None:
    rows = [*WORLD, share("a", "0.6"), share("b", "0.4", valid_from="2010", valid_to="2015")]
    picture = build(rows)
    finding = tally.ask(picture, "share", within="Tool", by="country")
    assert list(values(finding)) == ["Atlantis"]
    assert any("had ended by" in limit for limit in finding.limits)
    then = tally.ask(Picture(picture.store, Request(as_of="2012")), "share", within="Tool", by="country")
    assert list(values(then)) == ["Atlantis", "Borealis"]


def test_a_total_beside_the_figures_is_the_whole_and_rounding_widens_it(build: Build) -> None:
    def made(holder: str, tonnes: str, **more: str) -> Row:
        return {
            "subject": holder,
            "predicate": "produces",
            "object": "tool",
            "low": tonnes,
            "high": tonnes,
            "unit": "t/year",
            **more,
        }

    rows = [
        *WORLD,
        *thing("world", "place"),
        made("a", "900"),
        made("b", "9"),
        made("world", "900", qualifiers="scope=world total"),
    ]
    finding = tally.ask(build(rows), "mass", within="Tool", by="country")
    assert finding.extra["total"]["low"] == 900
    first = finding.answers[0]["share"]
    assert (first["low"], first["high"]) == (pytest.approx(900 / 909), 1.0)
    assert finding.extra["hhi"]["high"] == 10000
    assert any("add up to more than the stated whole" in limit for limit in finding.limits)


def test_withheld_figures_are_a_gap_of_their_own(build: Build) -> None:
    hidden: Row = {"subject": "b", "predicate": "produces", "object": "tool", "qualifiers": "reason=withheld"}
    rows = [
        *WORLD,
        {"subject": "a", "predicate": "produces", "object": "tool", "low": "9", "high": "9", "unit": "t/year"},
        hidden,
    ]
    finding = tally.ask(build(rows), "mass", within="Tool", by="country")
    assert [(gap.kind, gap.n) for gap in finding.gaps if gap.kind == "withheld"] == [("withheld", 1)]


def test_things_are_counted_once_in_the_total(build: Build) -> None:
    rows = [*WORLD, *thing("one", "company", "a"), *thing("two", "company", "b"), *thing("three", "company")]
    finding = tally.ask(build(rows), "company", by="country")
    assert {row["group"]["country"]: row["value"]["low"] for row in finding.answers} == {"Atlantis": 1, "Borealis": 1}
    assert finding.extra["total"]["low"] == 3
    assert [(gap.n, gap.of) for gap in finding.gaps] == [(1, 3)]
