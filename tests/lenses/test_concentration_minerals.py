"""Minerals by USGS: every index, and what the United States use of each origin, against a calculation in plain Python from the tables."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from math import inf
from pathlib import Path
from typing import Any

import pytest

from isthmus.claims.store import Store
from isthmus.lenses import concentration
from isthmus.model import Finding
from isthmus.picture import Picture
from isthmus.service import add_files

FOLDER = "data/open/usgs-mcs-2026"
MADE = "world_production.csv"
IMPORTED = "us_import_sources_2021_24.csv"
RELIED = "us_net_import_reliance_2025e.csv"
SHEETS = {
    "gallium metal": "gallium",
    "germanium combined": "germanium",
    "tungsten ores, concentrates, other": "tungsten",
    "cobalt metal, oxide, salts": "cobalt",
}
"""Categories of imports that stand for a whole sheet whose reliance has another name; written down by hand."""
ONE_OF_SEVERAL = {
    "germanium metal",
    "germanium dioxide",
    "ferrosilicon",
    "silicon metal",
    "tantalum ores and concentrates",
    "tantalum metal and powder",
}
"""Categories beside others of one sheet."""

pytestmark = pytest.mark.shared


def table(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def minerals(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Picture]:
    """Return the picture of all three tables."""
    path = tmp_path_factory.mktemp("minerals") / "minerals.duckdb"
    add_files(path, [shared / FOLDER / name for name in (MADE, IMPORTED, RELIED)])
    with Store(path, read_only=True) as store:
        yield Picture(store)


def site(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    return next(row for row in rows if row["by"] == "site_country")


def flow(finding: Finding, category: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the flow of a category, and the rows of its market."""
    bodies = [{"rows": list(finding.answers), **finding.extra}, *finding.extra["other_series"]]
    body = next(one for one in bodies if "flow" in one and one["flow"]["item"]["caption"] == category)
    return body["flow"], body["rows"]


# -- production -------------------------------------------------------------------------------------------------------


def commodities(shared: Path) -> list[str]:
    return list(dict.fromkeys(row["commodity"] for row in table(shared, MADE)))


def index_by_hand(rows: list[dict[str, str]]) -> tuple[int, int]:
    """Return the index of one mineral in 2025 from its rows: others are thin or one hand, and so is what a withheld figure may be."""
    printed = {row["country"]: row["production_2025e"] for row in rows}
    total = float(printed.pop("World total (rounded)"))
    others = printed.pop("Other countries", None)
    made = [float(text) for text in printed.values() if text not in ("W", "NA", "")]
    named = sum(made)
    recorded = named + float(others or 0)
    least, most = min(total, max(total, recorded)), max(total, recorded)
    if others is None:
        rest = max(total - named, 0.0)
    elif "W" in printed.values():
        rest = max(float(others), total - named)
    else:
        rest = float(others)
    low = sum((100 * part / most) ** 2 for part in made)
    high = sum((100 * min(part / least, 1)) ** 2 for part in made) + (100 * rest / least) ** 2
    return round(low), round(min(high, 10_000))


def test_every_mineral_has_the_index_of_its_table(minerals: Picture, shared: Path) -> None:
    names = commodities(shared)
    assert len(names) == 11
    rows = table(shared, MADE)
    by_hand = {name: index_by_hand([row for row in rows if row["commodity"] == name]) for name in names}
    asked = {name: site(concentration.ask(minerals, name).answers)["hhi"] for name in names}
    assert {name: (body["low"], body["high"]) for name, body in asked.items()} == by_hand
    assert by_hand["gallium"] == (9804, 10000)
    assert sum(low < high for low, high in by_hand.values()) >= 8


def test_the_largest_producer_of_every_mineral(minerals: Picture, shared: Path) -> None:
    lands = {"Congo (Kinshasa)": "Democratic Republic of the Congo"}
    rows = table(shared, MADE)
    for name in commodities(shared):
        made = {
            row["country"]: float(row["production_2025e"])
            for row in rows
            if row["commodity"] == name and row["production_2025e"] not in ("W", "NA", "")
        }
        total = made.pop("World total (rounded)")
        recorded = sum(made.values())
        made.pop("Other countries", None)
        largest = max(made, key=lambda country: made[country])
        first = site(concentration.ask(minerals, name).answers)["top"][0]
        assert first["caption"] == lands.get(largest, largest)
        assert first["share"]["low"] == pytest.approx(made[largest] / max(total, recorded))
        assert first["share"]["high"] == pytest.approx(min(made[largest] / total, 1))
        assert first["claims"]


def test_what_is_withheld_is_no_nought(minerals: Picture) -> None:
    finding = concentration.ask(minerals, "ferrosilicon")
    row = site(finding.answers)
    assert (row["unattributed"]["low"], row["unattributed"]["high"]) == (40_000, 172_000)
    assert any(gap.kind == "withheld" for gap in finding.gaps)


# -- imports ----------------------------------------------------------------------------------------------------------


def origins(shared: Path) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for row in table(shared, IMPORTED):
        found.setdefault(row["category"], {})[row["country"]] = float(row["share_pct"])
    return found


def relied(shared: Path) -> dict[str, tuple[float, float, bool]]:
    """Return the ends of each reliance in per cent, and whether the low one is excluded."""
    found = {}
    for row in table(shared, RELIED):
        text = row["net_import_reliance_pct_2025e_raw"]
        number = float(text.removeprefix(">"))
        found[row["commodity"]] = (number, 100.0, True) if text.startswith(">") else (number, number, False)
    return found


def test_imports_of_every_category(minerals: Picture, shared: Path) -> None:
    """A market by origin; 22 % of indium that nobody is said to send belong to nobody named, as do those of “other”."""
    told = origins(shared)
    assert len(told) == 15
    refused = []
    for category, shares in told.items():
        thing = SHEETS[category] if category == "germanium combined" else category
        _, rows = flow(concentration.ask(minerals, thing), thing)
        named = [part for country, part in shares.items() if country != "other"]
        rest = 100 - sum(named)
        row = site(rows)
        assert row["unattributed"]["high"] == pytest.approx(rest / 100)
        assert [one.get("aggregate") for one in row["top"]].count("remainder") == 1
        if sum(named) < 50:
            refused.append(category)
            assert row["hhi"] is None
            continue
        low = sum(part**2 for part in named)
        assert (row["hhi"]["low"], row["hhi"]["high"]) == (round(low), round(low + rest**2))
    assert refused == ["indium"]


def test_what_is_used_by_origin(minerals: Picture, shared: Path) -> None:
    reliance = relied(shared)
    refused = set()
    for category, shares in origins(shared).items():
        thing = SHEETS[category] if category == "germanium combined" else category
        body, _ = flow(concentration.ask(minerals, thing), thing)
        assert body["into"]["caption"] == "United States"
        if "exposure_refused" in body:
            refused.add(category)
            continue
        low, high, excluded = reliance[SHEETS.get(category, category)]
        assert body["stands_for"] == (category in SHEETS and category != "germanium combined")
        parts = sorted(one["share"]["low"] for one in body["exposure"])
        assert parts == pytest.approx(sorted(low * part / 1e4 for part in shares.values()))
        assert sorted(one["share"]["high"] or inf for one in body["exposure"]) == pytest.approx(
            sorted(high * part / 1e4 for part in shares.values())
        )
        assert {one["share"]["open_low"] for one in body["exposure"]} == {excluded}
        rest = 100 - sum(part for country, part in shares.items() if country != "other")
        assert body["exposure_unattributed"]["low"] == pytest.approx(low * rest / 1e4)
        for one in body["exposure"]:
            assert one["sources"] == ["usgs-mcs-2026-import-sources", "usgs-mcs-2026-net-import-reliance"]
    assert refused == ONE_OF_SEVERAL


def test_imports_stand_beside_production_and_are_not_added(minerals: Picture) -> None:
    finding = concentration.ask(minerals, "gallium")
    (other,) = finding.extra["other_series"]
    assert other["series"]["of"] == "imports"
    assert other["flow"]["reliance"]["share_words"] == "100 %"
    first = other["flow"]["exposure"][0]
    assert (first["caption"], first["share_words"]) == ("Canada", "28 %")
    assert {finding.claims[name]["predicate"] for name in first["claims"]} == {"share", "variant_of"}
    assert any("gallium metal stand for those of gallium" in limit for limit in finding.limits)
    assert site(finding.answers)["top"][0]["caption"] == "China"


def test_a_bound_stays_a_bound(minerals: Picture) -> None:
    body, _ = flow(concentration.ask(minerals, "germanium"), "germanium")
    assert body["reliance"]["share_words"] == "more than 50 and at most 100 %"
    assert {one["caption"]: one["share_words"] for one in body["exposure"]}[
        "China"
    ] == "more than 11.5 and at most 23 %"


def test_a_category_among_several_says_why_not(minerals: Picture) -> None:
    finding = concentration.ask(minerals, "tantalum")
    body, _ = flow(finding, "tantalum ores and concentrates")
    assert body["exposure"] == []
    assert "also those of tantalum metal and powder; nobody says how much each is" in body["exposure_refused"]
    assert any(body["exposure_refused"] in gap.what for gap in finding.gaps)


def test_the_overview_lists_each_flow_once(minerals: Picture) -> None:
    finding = concentration.ask(minerals)
    flows = [row["caption"] for row in finding.answers if "flow" in row]
    assert len(flows) == len(set(flows)) == 15
    assert "of 6 flows into a place" in " ".join(finding.limits)


def test_all_tables_are_one_voice(minerals: Picture) -> None:
    finding = concentration.ask(minerals, "gallium")
    assert len({claim["source"] for claim in finding.claims.values()}) == 3
    assert {tuple(claim["origin"]) for claim in finding.claims.values()} == {("usgs-mcs-2026",)}
