"""Concentration on the shared data: chips by ETO, minerals by USGS, and lists of designated firms beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from isthmus.claims.store import Store
from isthmus.lenses import concentration
from isthmus.model import Finding
from isthmus.picture import Picture
from isthmus.service import add_files, resolve

from .conftest import write_claims

CHIPS = "data/restricted/eto-chips"
MINERALS = "data/open/usgs-mcs-2026/world_production.csv"
LIST = "data/restricted/opensanctions-curated/us__dod_chinese_milcorps__sanctions.csv"

pytestmark = pytest.mark.shared


def held(shared: Path, *names: str) -> list[Path]:
    found = []
    for name in names:
        path = shared / name
        if not path.exists():
            pytest.skip(f"the shared data lack {name}")
        found += sorted(path.glob("*.csv")) if path.is_dir() else [path]
    return found


@pytest.fixture(scope="module")
def chips(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Picture]:
    """Return the picture of the chip supply chain alone."""
    path = tmp_path_factory.mktemp("chips") / "chips.duckdb"
    add_files(path, held(shared, CHIPS))
    with Store(path, read_only=True) as store:
        yield Picture(store)


@pytest.fixture(scope="module")
def minerals(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Picture]:
    """Return the picture of mineral production alone."""
    path = tmp_path_factory.mktemp("minerals") / "minerals.duckdb"
    add_files(path, held(shared, MINERALS))
    with Store(path, read_only=True) as store:
        yield Picture(store)


def by(finding: Finding, way: str) -> Mapping[str, Any]:
    return next(row for row in finding.answers if row["by"] == way)


def span(row: Mapping[str, Any]) -> tuple[float, float]:
    return row["hhi"]["low"], row["hhi"]["high"]


@pytest.mark.parametrize(
    ("good", "index", "raw"),
    [
        ("N20", (10000, 10000), 1),
        ("N22", (9861, 9861), 1),
        ("N84", (9228, 9228), 1.02),
        ("S2", (1642, 1691), 1.01),
        ("S3", (1819, 2219), 0.99),
    ],
)
def test_chips_by_country(chips: Picture, good: str, index: tuple[float, float], raw: float) -> None:
    row = by(concentration.ask(chips, f"eto:{good}"), "site_country")
    assert span(row) == index
    assert row["raw_sum"]["low"] == pytest.approx(raw)
    assert set(row["basis"]) == {"stated"}


def test_a_sum_over_the_whole_is_reported(chips: Picture) -> None:
    assert any("add up to 102.0 %" in limit for limit in concentration.ask(chips, "eto:N84").limits)


@pytest.mark.parametrize("good", ["N31", "N61"])
def test_missing_shares_are_refused_and_never_nought(chips: Picture, good: str) -> None:
    finding = concentration.ask(chips, f"eto:{good}")
    assert all(row["hhi"] is None and row["hhi_refused"] for row in finding.answers)
    assert "no shares are stated" in by(finding, "site_country")["hhi_refused"]


@pytest.mark.parametrize("stage", ["S1", "S2", "S3"])
def test_europe_is_added_to_no_country(chips: Picture, stage: str) -> None:
    finding = concentration.ask(chips, f"eto:{stage}")
    top = {one["caption"]: one for one in by(finding, "site_country")["top"]}
    (region,) = [one for one in top.values() if one.get("aggregate") == "region"]
    assert region["entity"] == "eto:P312"
    assert not {"Germany", "Netherlands"} & top.keys()
    assert any("a region, kept as one holder and added to no country" in limit for limit in finding.limits)


def test_how_many_chip_inputs_have_a_holder_of_half(chips: Picture) -> None:
    """113 inputs and stages; 81 inputs have a row of half or more, of which 2 are of “Various countries”, and 1 stage has."""
    finding = concentration.ask(chips)
    assert finding.extra["totals"]["markets"] == len({row["entity"] for row in finding.answers}) == 113
    half = {
        row["entity"]
        for row in finding.answers
        if any(alarm["kind"] == "half" and alarm["by"] == "site_country" and alarm["sure"] for alarm in row["alarms"])
    }
    sites = {row["entity"]: row["ways"][2] for row in finding.answers}
    various = {
        name for name, way in sites.items() if way.get("unattributed") and (way["unattributed"]["low"] or 0) >= 0.5
    }
    stages = {name for name in half if name.startswith("eto:S")}
    assert (len(half - stages), len(various), stages) == (79, 2, {"eto:S1"})
    assert len((half - stages) | various) == 81


def test_suppliers_of_chips_and_the_country_of_each(chips: Picture) -> None:
    finding = concentration.ask(chips, "eto:N36")
    suppliers = by(finding, "supplier")
    assert suppliers["top"][0]["caption"] == "Applied Materials"
    assert span(suppliers) == (2259, 2285)
    # Nobody is known to control any of them; what is not named may be of one who controls a named one.
    assert span(by(finding, "controller")) == (2259, 2705)
    assert by(finding, "controller_country")["top"][0]["caption"] == "United States"
    assert any("is wider than by supplier" in limit for limit in finding.limits)


LISTED = "us-1260h:advanced-micro-fabrication-equipment-inc-china"
GROUP = "us-1260h:china-electronics-technology-group-corporation"


@pytest.fixture(scope="module")
def owned(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Picture]:
    """Return chips joined with the list of section 1260H, and owners of which neither knows: an invented one, and a state, supposed."""
    folder = tmp_path_factory.mktemp("owned")
    part = {"predicate": "owns", "subject": "holding", "low": "0.6", "high": "0.6", "unit": "share"}
    said = {"predicate": "controls", "subject": "iso:CN", "hedge": "supposed", "locator": "a supposition of the reader"}
    rows = [
        {"subject": "holding", "predicate": "kind", "value": "company"},
        {"subject": "holding", "predicate": "name", "value": "Invented Holding"},
        {**part, "object": LISTED},
        {**part, "object": "eto:P111"},
        {**said, "object": GROUP},
        {**said, "object": "eto:P115"},
    ]
    path = folder / "joined.duckdb"
    add_files(path, [*held(shared, CHIPS, LIST), write_claims(folder / "owners.csv", rows)])
    resolve(path, apply=True, limit=10**6)
    with Store(path, read_only=True) as store:
        yield Picture(store)


def test_with_designations_joined_the_index_by_controller_differs_and_says_why(owned: Picture) -> None:
    """A maker of ETO is met in the list of section 1260H. Neither knows who owns it: one who owns it and another is invented."""
    finding = concentration.ask(owned, "eto:N51")
    maker, other = owned.entity(LISTED), owned.entity("eto:P111")
    assert any(member.startswith("eto:") for member in maker.members)
    assert span(by(finding, "controller"))[0] > span(by(finding, "supplier"))[1]
    (merged,) = by(finding, "controller")["merged"]
    assert {one["entity"] for one in merged["suppliers"]} == {maker.id, other.id}
    assert any("Invented Holding controls" in limit for limit in finding.limits)


def test_a_state_above_a_designated_supplier_and_another_merges_them(owned: Picture) -> None:
    """Were a designated group and another maker the state's, the index by controller would be another; the hedge stands on it."""
    finding = concentration.ask(owned, "eto:N138")
    group = owned.entity(GROUP)
    assert "eto:P85" in group.members
    (merged,) = by(finding, "controller")["merged"]
    assert merged["entity"] == "iso:CN"
    assert {one["entity"] for one in merged["suppliers"]} == {group.id, "eto:P115"}
    assert merged["hedges"] == ["supposed"]
    assert span(by(finding, "controller"))[0] > span(by(finding, "supplier"))[0]
    assert any("China controls" in limit for limit in finding.limits)


def test_gallium_has_one_producer(minerals: Picture) -> None:
    row = by(concentration.ask(minerals, "gallium"), "site_country")
    first = row["top"][0]
    assert (first["caption"], first["hedges"]) == ("China", ["estimated"])
    # 900 of a rounded total of 900, beside 9 of others.
    assert (first["share"]["low"], first["share"]["high"]) == (pytest.approx(900 / 909, abs=0.001), 1.0)
    assert span(row) == (9804, 10000)


def test_minerals_have_intervals_with_other_countries_unattributed(minerals: Picture) -> None:
    finding = concentration.ask(minerals)
    assert finding.answers[0]["caption"] == "gallium"
    ways = [row["ways"][2] for row in finding.answers]
    assert all(way["hhi"] or way["hhi_refused"] for way in ways)
    assert any(way["hhi"]["low"] < way["hhi"]["high"] for way in ways if way["hhi"])
    others = [one for way in ways for one in way["top"] if one["caption"].startswith("Other countries")]
    assert others
    assert {one["aggregate"] for one in others} == {"remainder"}
    assert not any(alarm["caption"].startswith("Other") for row in finding.answers for alarm in row["alarms"])


LISTS = [
    f"data/restricted/opensanctions-curated/us__{name}.csv"
    for name in (
        "dod_chinese_milcorps__sanctions",
        "special_leg__section_889",
        "special_leg__section_154",
        "special_leg__section_5949",
        "fcc_covered_list__table",
        "bis_mieu__mieu",
    )
]


@pytest.fixture(scope="module")
def designated(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Picture]:
    """Return the picture of the chip supply chain with lists of designated firms, joined by rule alone."""
    path = tmp_path_factory.mktemp("designated") / "designated.duckdb"
    add_files(path, held(shared, CHIPS, *LISTS))
    resolve(path, apply=True, limit=10**6)
    with Store(path, read_only=True) as store:
        yield Picture(store)


def test_the_lists_alone_put_no_two_suppliers_of_chips_in_one_hand(designated: Picture) -> None:
    """What the data say: three suppliers are met in the lists, two of them own others, nobody is said to own a supplier of chips.

    An invented owner is therefore needed to show that the join merges (above). Should a list ever name an owner, this fails and says so.
    """
    names = [row[0] for row in designated.store.rows("SELECT id FROM entities WHERE id LIKE 'eto:P%' ORDER BY id")]
    suppliers = [designated.entity(name) for name in names]
    firms = {one.id: one for one in suppliers if not designated.is_kind(one.id, "place", "state", "group")}
    met = {one.caption for one in firms.values() if any(not member.startswith("eto:") for member in one.members)}
    holding = ("owns", "controls", "has_interest_in", "part_of")
    above = {one.caption for one in firms.values() if designated.claims_towards(one, predicates=holding)}
    below = {one.caption for one in firms.values() if designated.claims_about(one, predicates=holding)}
    assert len(firms) > 350
    assert met == {"AMEC", "SMIC", "CETC"}
    assert (above, below) == (set(), {"SMIC", "CETC"})


def test_without_owners_the_index_by_controller_is_wider_and_says_why(designated: Picture) -> None:
    """By rule nobody is merged; but whoever is not named may be in the hands of one who is, and the index says so."""
    finding = concentration.ask(designated, "eto:N51")
    supplier, controller = by(finding, "supplier"), by(finding, "controller")
    assert span(controller)[0] == span(supplier)[0]
    assert span(controller)[1] > span(supplier)[1]
    assert controller["merged"] == []
    assert any("wider than by supplier" in limit for limit in finding.limits)
    assert any(gap.what.startswith("Insulator etching tools: nothing is held of who controls") for gap in finding.gaps)


def test_the_country_of_the_site_and_of_the_controller_are_told_apart(chips: Picture) -> None:
    """Countries are stated for the sites; of the suppliers the seat is known, so that the two indices need not agree."""
    finding = concentration.ask(chips, "eto:N17")
    site, seat = by(finding, "site_country"), by(finding, "controller_country")
    assert site["basis"] == {"stated": 4}
    assert site["top"][0]["share"]["low"] == pytest.approx(0.847)
    assert seat["top"][0]["share"]["low"] == pytest.approx(0.626 + 0.22)
    assert {one["caption"] for one in seat["top"][0]["suppliers"]} == {"Applied Materials", "Axcelis"}
    assert span(site) != span(seat)
