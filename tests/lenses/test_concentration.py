"""Concentration: four ways to look at a market, what is in doubt in each, and alarms."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

from isthmus.errors import ArgumentError, VocabularyError
from isthmus.lenses import concentration
from isthmus.lenses.concentration.marks import load_marks, read_marks
from isthmus.model import Finding
from isthmus.picture import Picture, Request
from isthmus.quantities import Quantity
from isthmus.vocabulary import load_vocabulary

from .conftest import Build, Row


def thing(name: str, kind: str, seat: str | None = None, **more: str) -> list[Row]:
    rows = [
        {"subject": name, "predicate": "kind", "value": kind},
        {"subject": name, "predicate": "name", "value": name.title(), "value_lang": "en"},
    ]
    return rows + ([{"subject": name, "predicate": "located_in", "object": seat, **more}] if seat else [])


def made(holder: str, part: str | None = None, **more: str) -> Row:
    row = {"subject": holder, "predicate": "produces", "object": "tool", **more}
    return {**row, "low": part, "high": part, "unit": "share"} if part else row


def owns(holder: str, target: str, low: str, high: str = "") -> Row:
    return {"subject": holder, "predicate": "owns", "object": target, "low": low, "high": high or low, "unit": "share"}


LANDS = [*thing("arden", "state"), *thing("brask", "state"), *thing("tool", "product")]
THREE = [
    *LANDS,
    *thing("ada", "company", "arden"),
    *thing("bee", "company", "brask"),
    *thing("cid", "company", "brask"),
    made("ada", "0.5"),
    made("bee", "0.3"),
    made("cid", "0.2"),
]
HOLDING = thing("top", "company", "brask")


def ways(finding: Finding) -> dict[str, Any]:
    return {row["by"]: row for row in finding.answers}


def index(finding: Finding, by: str) -> tuple[float, float] | None:
    found = ways(finding)[by]["hhi"]
    return (found["low"], found["high"]) if found else None


def test_four_ways_stand_side_by_side(build: Build) -> None:
    finding = concentration.ask(build([*THREE, *HOLDING, owns("top", "ada", "0.6"), owns("top", "bee", "1")]), "tool")
    assert list(ways(finding)) == ["supplier", "controller", "site_country", "controller_country"]
    assert index(finding, "supplier") == (3800, 3800)
    assert index(finding, "controller") == (6800, 6800)
    assert index(finding, "site_country") == (5000, 5000)
    assert index(finding, "controller_country") == (10000, 10000)
    (merged,) = ways(finding)["controller"]["merged"]
    assert merged["entity"] == "top"
    assert [one["entity"] for one in merged["suppliers"]] == ["ada", "bee"]
    owning = {name for name, claim in finding.claims.items() if claim["predicate"] == "owns"}
    assert set(merged["claims"]) == owning
    assert any("another than by supplier, as Top controls Ada, Bee" in limit for limit in finding.limits)


def test_who_may_control_widens_and_never_merges(build: Build) -> None:
    finding = concentration.ask(
        build([*THREE, *HOLDING, owns("top", "ada", "0.4", "0.6"), owns("top", "bee", "1")]), "tool"
    )
    assert index(finding, "controller") == (3800, 6800)
    assert index(finding, "controller_country") == (5000, 10000)
    top = {one["entity"]: one for one in ways(finding)["controller"]["top"]}
    assert (top["top"]["share"]["low"], top["top"]["share"]["high"]) == (pytest.approx(0.3), pytest.approx(0.8))
    assert (top["ada"]["share"]["low"], top["ada"]["share"]["high"]) == (0, 0.5)
    assert not top["ada"]["sure"]
    half = [alarm for alarm in finding.extra["alarms"] if alarm["kind"] == "half" and alarm["by"] == "controller"]
    assert {alarm["entity"]: alarm["sure"] for alarm in half} == {"top": False, "ada": False}


def test_a_supplier_of_another_supplier_is_its_controller(build: Build) -> None:
    finding = concentration.ask(build([*THREE, owns("ada", "bee", "0.7")]), "tool")
    assert index(finding, "controller") == (6800, 6800)


def test_a_circle_at_the_top_is_one_controller(build: Build) -> None:
    ring = [*thing("one", "company"), *thing("two", "company"), owns("one", "two", "1"), owns("two", "one", "1")]
    finding = concentration.ask(build([*THREE, *ring, owns("one", "ada", "0.9"), owns("two", "bee", "0.9")]), "tool")
    assert index(finding, "controller") == (6800, 6800)


def test_a_supplier_of_no_known_country_may_be_of_any(build: Build) -> None:
    rows = [*LANDS, *thing("ada", "company", "arden"), *thing("bee", "company"), made("ada", "0.6"), made("bee", "0.4")]
    finding = concentration.ask(build(rows), "tool")
    assert index(finding, "site_country") == (3600, 10000)
    assert ways(finding)["site_country"]["unknown"] == 1


def test_a_site_goes_before_the_seat(build: Build) -> None:
    site: Row = {"subject": "bee", "predicate": "located_in", "object": "arden", "qualifiers": "basis=site"}
    finding = concentration.ask(build([*THREE, site]), "tool")
    top = {one["caption"]: one["share"]["low"] for one in ways(finding)["site_country"]["top"]}
    assert top == {"Arden": pytest.approx(0.8), "Brask": pytest.approx(0.2)}
    assert ways(finding)["site_country"]["basis"] == {"seat": 2, "site": 1}
    assert index(finding, "controller_country") == (5000, 5000)


def test_the_place_that_a_claim_names_is_the_market_and_no_site(build: Build) -> None:
    there = {**made("cid", "0.9"), "qualifiers": "place=@arden"}
    finding = concentration.ask(build([*THREE, there]), "tool")
    assert index(finding, "supplier") == (3800, 3800)
    (other,) = finding.extra["other_series"]
    assert other["series"]["place"] == "Arden"
    assert [one["caption"] for one in other["rows"][2]["top"]] == ["Brask"]


def test_an_alternative_that_is_a_site_lies_where_it_lies(build: Build) -> None:
    rows = [
        *LANDS,
        *thing("bank", "company"),
        *thing("hall", "data_center", "arden"),
        *thing("ada", "company", "brask"),
    ]
    rows.append({"subject": "ada", "predicate": "operates", "object": "hall"})
    rows.append(
        {
            "subject": "bank",
            "predicate": "uses",
            "object": "hall",
            "low": "1",
            "high": "1",
            "unit": "share",
            "qualifiers": "need=hosting",
        }
    )
    finding = concentration.ask(build(rows), "bank")
    assert [one["caption"] for one in ways(finding)["site_country"]["top"]] == ["Arden"]
    assert [one["caption"] for one in ways(finding)["controller_country"]["top"]] == ["Brask"]


def test_countries_and_suppliers_are_never_added(build: Build) -> None:
    finding = concentration.ask(build([*THREE, made("arden", "0.7"), made("brask", "0.32")]), "tool")
    assert index(finding, "supplier") == (3800, 3800)
    assert index(finding, "site_country") == (5924, 5924)
    assert ways(finding)["site_country"]["raw_sum"]["low"] == pytest.approx(1.02)
    assert ways(finding)["site_country"]["basis"] == {"stated": 2}
    assert any("102.0 %" in limit for limit in finding.limits)


def test_a_group_without_members_goes_where_its_share_completes_the_whole(build: Build) -> None:
    rows = [*LANDS, *thing("ada", "company"), *thing("others", "group"), *thing("elsewhere", "group")]
    rows += [
        made("ada", "0.8"),
        made("others", "0.2"),
        made("arden", "0.9"),
        made("brask", "0.05"),
        made("elsewhere", "0.05"),
    ]
    finding = concentration.ask(build(rows), "tool")
    assert ways(finding)["supplier"]["raw_sum"]["low"] == pytest.approx(1)
    assert ways(finding)["site_country"]["raw_sum"]["low"] == pytest.approx(1)
    assert ways(finding)["site_country"]["unattributed"]["low"] == pytest.approx(0.05)


def test_a_region_is_no_country(build: Build) -> None:
    finding = concentration.ask(
        build([*LANDS, *thing("east", "place"), made("arden", "0.6"), made("east", "0.4")]), "tool"
    )
    row = ways(finding)["site_country"]
    assert [one.get("aggregate") for one in row["top"]] == [None, "region"]
    assert row["hhi_regions_spread"]["low"] == 3600
    assert [alarm["entity"] for alarm in finding.extra["alarms"]] == ["arden"]


def test_only_countries_leave_the_suppliers_unknown_in_words(build: Build) -> None:
    finding = concentration.ask(build([*LANDS, made("arden", "0.6"), made("brask", "0.4")]), "tool")
    assert ways(finding)["supplier"]["hhi_refused"] == "only countries are named, no supplier"
    assert index(finding, "site_country") == (5200, 5200)


def test_shares_that_are_missing_refuse_the_index(build: Build) -> None:
    finding = concentration.ask(
        build([*LANDS, *thing("ada", "company"), *thing("bee", "company"), made("ada"), made("bee")]), "tool"
    )
    assert index(finding, "supplier") is None
    assert "no shares are stated: 2 of 2" in ways(finding)["supplier"]["hhi_refused"]
    assert any(gap.n == 2 and gap.of == 2 for gap in finding.gaps)


def test_suppliers_that_look_like_three_and_are_one_controllers(build: Build) -> None:
    rows = [*LANDS, *(row for name in ("ada", "bee", "cid") for row in thing(name, "company")), *HOLDING]
    rows += [made("ada"), made("bee"), made("cid"), owns("top", "ada", "1"), owns("ada", "bee", "1")]
    sure = concentration.ask(build([*rows, owns("top", "cid", "0.8")]), "tool")
    (alarm,) = sure.extra["alarms"]
    assert (alarm["kind"], alarm["entity"], alarm["sure"], alarm["left"]) == ("one_controller", "top", True, 0)
    assert len(alarm["claims"]) == 6
    (perhaps,) = concentration.ask(build([*rows, owns("top", "cid", "0.3", "0.8")]), "tool").extra["alarms"]
    assert (perhaps["entity"], perhaps["sure"]) == ("top", False)
    assert concentration.ask(build([*rows, owns("top", "cid", "0.3")]), "tool").extra["alarms"] == []


def needing(least: int) -> list[Row]:
    rows = [*thing("bank", "company"), *HOLDING]
    for alternative, supplier in (("cloud-one", "ada"), ("cloud-two", "bee"), ("cloud-three", "cid")):
        rows += [*thing(alternative, "platform"), *thing(supplier, "company")]
        rows.append({"subject": supplier, "predicate": "operates", "object": alternative})
        rows.append(
            {
                "subject": "bank",
                "predicate": "uses",
                "object": alternative,
                "qualifiers": f"need=cloud; at_least={least}",
            }
        )
    return [*rows, owns("top", "ada", "1"), owns("top", "bee", "1")]


def test_alternatives_of_a_need_are_counted_by_who_controls_their_suppliers(build: Build) -> None:
    one = concentration.ask(build(needing(1)), "bank")
    assert one.extra["need"] == "cloud"
    assert [item["suppliers"][0]["entity"] for item in one.extra["alternatives"]] == ["ada", "cid", "bee"]
    assert one.extra["alarms"] == []
    (alarm,) = concentration.ask(build(needing(2)), "bank").extra["alarms"]
    assert (alarm["entity"], alarm["left"], alarm["at_least"], alarm["need"]) == ("top", 1, 2, "cloud")


def test_an_alternative_that_nobody_is_known_to_supply_is_said(build: Build) -> None:
    rows = [row for row in needing(1) if row["subject"] != "cid"]
    finding = concentration.ask(build(rows), "bank")
    assert any("nobody is known to supply Cloud-Three" in gap.what for gap in finding.gaps)
    assert finding.extra["alarms"] == []


def test_what_is_supplied_as_an_item_has_suppliers(build: Build) -> None:
    rows = [
        *LANDS,
        *thing("ada", "company"),
        *thing("bee", "company"),
        *thing("bank", "company"),
        *thing("mill", "company"),
    ]
    given = {"predicate": "supplies", "unit": "share", "qualifiers": "item=@tool"}
    rows += [{**given, "subject": "ada", "object": "bank", "low": "0.7", "high": "0.7"}]
    rows += [{**given, "subject": "bee", "object": "bank", "low": "0.3", "high": "0.3"}]
    rows += [{**given, "subject": "ada", "object": "mill", "low": "1", "high": "1"}]
    finding = concentration.ask(build(rows), "tool")
    assert finding.extra["series"]["to"] == "Bank"
    assert index(finding, "supplier") == (5800, 5800)
    assert [other["series"]["to"] for other in finding.extra["other_series"]] == ["Mill"]


def test_the_overview_ranks_and_counts_what_has_no_index(build: Build) -> None:
    wafer: Row = {
        "subject": "ada",
        "predicate": "produces",
        "object": "wafer",
        "low": "1",
        "high": "1",
        "unit": "share",
    }
    bare = [{"subject": name, "predicate": "produces", "object": "resist"} for name in ("ada", "bee")]
    finding = concentration.ask(
        build([*THREE, *thing("wafer", "material"), *thing("resist", "material"), wafer, *bare])
    )
    assert [row["entity"] for row in finding.answers] == ["wafer", "tool", "resist"]
    assert finding.extra["totals"]["without_index"] == 1
    assert finding.answers[0]["ways"][0]["hhi"]["low"] == 10000
    assert finding.answers[0]["alarms"][0]["claims"][0] in finding.claims


def test_a_thing_that_nobody_supplies_is_refused_in_words(build: Build) -> None:
    with pytest.raises(ArgumentError, match="who supplies Arden"):
        concentration.ask(build(LANDS), "arden")


def test_why_gives_the_claims_of_the_largest_holder(build: Build) -> None:
    finding = concentration.ask(
        build([*THREE, *HOLDING, owns("top", "ada", "0.6"), owns("top", "bee", "1")]), "tool", why=True
    )
    (carrying,) = ways(finding)["controller"]["support"]["minimal"]
    assert {finding.claims[name]["predicate"] for name in carrying} == {"produces", "owns"}
    assert len(carrying) == 4


@pytest.mark.parametrize(
    ("share", "half", "third"),
    [
        (Quantity.exactly(0.5), True, True),
        (Quantity.about(0.5), None, True),
        (Quantity.exactly(0.3333), False, False),
        (Quantity.more_than(0.3333), False, True),
        (Quantity.between(0.2, 0.6), None, None),
        (Quantity.at_least(0.2), False, False),
        (Quantity.more_than(0.5), True, True),
        (Quantity.less_than(0.5), False, None),
    ],
)
def test_marks(share: Quantity, half: bool | None, third: bool | None) -> None:
    marks = {mark.name: mark for mark in load_marks().marks}
    assert (marks["half"].passed(share), marks["third"].passed(share)) == (half, third)


@pytest.mark.parametrize("change", [("share: 0.5", "share: 5"), ("[site]", "[roof]"), ("marks:", "mark:")])
def test_a_table_of_marks_that_is_wrong_is_refused(change: tuple[str, str]) -> None:
    text = files("isthmus").joinpath("data/concentration.yaml").read_text("utf-8")
    assert change[0] in text
    with pytest.raises(VocabularyError):
        read_marks(text.replace(*change), load_vocabulary())


def test_the_module_maker_of_the_report_is_an_alarm_with_its_hedge(report: Picture) -> None:
    finding = concentration.ask(report, "iot-modules")
    alarm = next(alarm for alarm in finding.extra["alarms"] if alarm["by"] == "supplier")
    assert (alarm["kind"], alarm["entity"], alarm["sure"]) == ("third", "quectel", True)
    assert (alarm["share"]["low"], alarm["share"]["open_low"], alarm["share"]["high"]) == (0.3333, True, None)
    assert alarm["readings"] == ["share of the world market, quarter from the title of the note"]
    assert [finding.claims[name]["origin"] for name in alarm["claims"]] == [["counterpoint-2020"]]
    assert not any(alarm["kind"] == "half" for alarm in finding.extra["alarms"])
    assert ways(finding)["supplier"]["hhi_refused"]


def test_hedges_of_the_report_stand_on_the_alarm(report: Picture) -> None:
    (alarm,) = concentration.ask(report, "electronics").extra["alarms"]
    assert alarm["hedges"] == ["vast majority"]
    assert alarm["kind"] == "half"


def test_the_alarm_says_more_than_a_third_in_the_words_of_the_source(report: Picture) -> None:
    finding = concentration.ask(report, "iot-modules")
    alarm = next(alarm for alarm in finding.extra["alarms"] if alarm["by"] == "supplier")
    assert alarm["words"].startswith("Quectel has more than a third of Cellular IoT modules")
    assert alarm["hedges"] == ["more than a third"]
    assert alarm["sources"] == ["nbr97"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (Request(as_of="2019-12-31"), "as of 2019-12-31"),
        (Request(without=("counterpoint-2020",)), "without counterpoint-2020"),
    ],
)
def test_before_its_day_or_without_its_source_the_alarm_is_gone(report: Picture, asked: Request, told: str) -> None:
    with pytest.raises(ArgumentError, match=told):
        concentration.ask(Picture(report.store, asked), "iot-modules")


def test_after_its_day_the_alarm_stands(report: Picture) -> None:
    finding = concentration.ask(Picture(report.store, Request(as_of="2021-06-01")), "iot-modules")
    assert any(alarm["entity"] == "quectel" for alarm in finding.extra["alarms"])


@pytest.mark.parametrize("kind", ["site", "product"])
def test_alternatives_that_nobody_supplies_and_one_party_holds_are_an_alarm(build: Build, kind: str) -> None:
    plants = [row for name in ("north", "south", "west") for row in thing(name, kind)]
    needed = [
        {"subject": "works", "predicate": "uses", "object": name, "qualifiers": "need=power"}
        for name in ("north", "south", "west")
    ]
    held = [owns("top", "north", "1"), owns("top", "south", "0.6"), owns("top", "west", "0.4", "0.6")]
    finding = concentration.ask(build([*plants, *needed, *HOLDING, *held]), "works")
    (alarm,) = (one for one in finding.extra["alarms"] if one["kind"] == "one_controller")
    assert not alarm["sure"]
    assert alarm["entity"] == "top"
    assert [one["entity"] for one in alarm["alternatives"]] == ["north", "south", "west"]
    free = concentration.ask(build([*plants, *needed, *HOLDING, *held[:2]]), "works")
    assert not free.extra["alarms"]
    assert any("nobody is known to supply West" in gap.what for gap in free.gaps)
