"""The report as claims: whole, and with the defects of its source kept."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from isthmus.claims.store import Store
from isthmus.picture import Picture
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.gaps import entity_gaps
from isthmus.service.adding import add_files

DATA = Path(str(files("isthmus").joinpath("data/nbr97")))
TRUE_CONFLICTS = {
    ("status", ("2018-01-26", "2018-03")),  # D02: when the Le Monde story was reported
    ("stated", ("2016", "2018-03-22")),  # D03: the Section 301 assessment
    ("status", ("<=2020-12-04", "~2021-01")),  # D04: the AFNOR talks
    ("acquired", ("2012", "2013-05-18")),  # D10: BGI and Complete Genomics
    ("acquired", ("2015", "<=2019-05-24")),  # D11: OmniVision
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Picture]:
    path = tmp_path_factory.mktemp("report") / "picture.duckdb"
    done = add_files(path, [DATA / "claims.csv"])["files"][0]
    assert done["rejected"] == []
    assert done["claims_new"] == done["rows"]
    with Store(path, read_only=True) as store:
        yield Picture(store)


def rows() -> list[dict[str, str]]:
    with (DATA / "claims.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_fact_of_the_ledger_has_a_claim() -> None:
    told = {name for row in rows() for name in row["_ledger"].split()}
    assert {f"c{number:03d}" for number in range(1, 636)} <= told


@pytest.mark.shared
def test_the_ledger_has_no_other_fact(shared: Path) -> None:
    with (shared / "report" / "ledger.jsonl").open(encoding="utf-8") as file:
        ledger = {json.loads(line)["id"] for line in file}
    told = {name for row in rows() for name in row["_ledger"].split() if name.startswith("c")}
    assert told == ledger


def test_every_object_of_the_report_is_an_entity_with_a_name(report: Picture) -> None:
    with (DATA / "objects.csv").open(encoding="utf-8", newline="") as file:
        objects = list(csv.DictReader(file))
    assert {row["object"] for row in objects} == {
        f"P{number:02d}" if number < 100 else f"P{number}" for number in range(1, 111)
    }
    report.load_entities(row["entity"] for row in objects)
    for row in objects:
        entity = report.entity(row["entity"])
        assert entity.kinds, row
        assert entity.caption != entity.id, row


def test_every_claim_has_a_place_and_a_described_source(report: Picture) -> None:
    for row in rows():
        assert row["locator"].strip(), row
        for name in (row["source"], *row["origin"].split()):
            assert report.sources[name].title, name


def test_exactly_the_five_true_conflicts_are_found(report: Picture) -> None:
    found = find_conflicts(report)
    claims = {claim.id: claim for claim in report.reader.by_id(name for item in found for name in item.claims)}
    dated = {(item.predicate, tuple(sorted(claims[name].valid_from or "" for name in item.claims))) for item in found}
    assert dated == TRUE_CONFLICTS
    assert len(found) == 5


def test_unnamed_owners_stay_a_gap(report: Picture) -> None:
    port = report.resolve("Silk Road Information Port Co.")
    claims = [*report.claims_about(port), *report.claims_towards(port)]
    gaps = [(gap.kind, gap.n, gap.of) for gap in entity_gaps(report, port, claims)]
    assert ("unnamed", 6, 8) in gaps
    overseers = [report.caption(claim.subject) for claim in claims if claim.predicate == "oversees"]
    assert overseers == ["Zhang Shizhen"]


def test_a_likely_double_is_a_judgement_unsure_and_no_merge(report: Picture) -> None:
    with (DATA / "judgements.csv").open(encoding="utf-8", newline="") as file:
        judgements = list(csv.DictReader(file))
    assert ("china-eastcom", "china-asean-harbor-co", "unsure") in {
        (row["a"], row["b"], row["verdict"]) for row in judgements
    }
    assert {row["verdict"] for row in judgements} == {"unsure"}
    assert report.entity("china-eastcom").members == ("china-eastcom",)


def test_bounds_stay_bounds(report: Picture) -> None:
    korea = [
        claim.quantity
        for claim in report.claims_about(report.resolve("South Korea"), predicates=("has_role_in",))
        if claim.quantity and claim.quantity.unit == "posts" and claim.object == "itu-t"
    ]
    assert [(item.low, item.high, item.open_high) for item in korea] == [(None, 20, True)]
    quectel = [claim.quantity for claim in report.claims_about(report.resolve("Quectel")) if claim.quantity]
    assert any(item.low is not None and item.open_low and 0.333 < item.low < 0.334 for item in quectel)


def test_a_plan_is_not_a_fact(report: Picture) -> None:
    konza = [
        claim
        for claim in report.claims_about(report.resolve("huawei"), predicates=("builds",))
        if claim.object == "konza-dc"
    ]
    modes = {claim.mode for claim in report.claims_about(report.resolve("huawei"), predicates=("builds", "supplies"))}
    assert "agreed" in modes
    assert all(claim.mode != "actual" for claim in konza)


@pytest.mark.parametrize(
    ("words", "entity"),
    [
        ("Le Monde story on African Union", "au-data-routing"),
        ("华为", "huawei"),
        ("国家电网", "state-grid"),
    ],
)
def test_names_are_found_in_their_scripts(report: Picture, words: str, entity: str) -> None:
    assert entity in {hit.entity.id for hit in report.find(words)}


def test_titles_are_found_by_their_gloss_and_back(report: Picture) -> None:
    by_gloss = {source.id for source in report.find_sources("Data Element Market Injects")}
    by_title = {source.id for source in report.find_sources("数据要素市场")}
    assert "qiushi-2020" in by_gloss & by_title
