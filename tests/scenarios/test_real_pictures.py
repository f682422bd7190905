"""The scenarios that come with the package: on the report and world production, and on the supply chain of chips."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from isthmus.claims.store import Store
from isthmus.picture import Picture
from isthmus.service import add_files, example, judge, list_examples, suppose

from .asking import ask, fates, row_of

CHIPS = "data/restricted/eto-chips"
DATA = Path(str(files("isthmus").joinpath("data")))


@pytest.fixture(scope="module")
def minerals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a picture of the report and of world production, in which rare earths are one thing."""
    path = tmp_path_factory.mktemp("minerals") / "picture.duckdb"
    add_files(path, [DATA / "nbr97" / "claims.csv", DATA / "demo" / "usgs_mcs_2026_world_production.csv"])
    for one, other in (("rare-earths", "usgs:rare-earths"), ("china", "iso:CN"), ("japan", "iso:JP")):
        judge(path, one, other, "same", "one thing", who="test")
    return path


def test_the_restriction_of_2010_returns_what_the_evidence_holds(minerals: Path, tmp_path: Path) -> None:
    example("rare-earths-2010", tmp_path)
    found = suppose(minerals, [tmp_path / "rare-earths-2010.yaml"])
    (change,) = found["changes"]
    assert change["restricted"]["caption"] == "Japan"
    restricts = [found["claims"][name] for name in change["restricted"]["claims"]]
    assert {(claim["predicate"], claim["valid_from"], claim["source"]) for claim in restricts} == {
        ("restricts", "2010", "nbr97")
    }
    assert {"nbr97", "nyt-2010-09"} <= set(found["sources"])
    # Nothing in the report says who needs rare earths: nothing is invented, and it is said.
    (row,) = found["answers"]
    assert (row["entity"], row["seen"], row["verdict"]) == ("rare-earths", "in Japan", "degrades")
    assert any("who needs Rare earths in Japan" in gap["what"] for gap in found["gaps"])
    (why,) = row["because"]
    assert why["made_by"] == "countries"
    made = [found["claims"][name] for name in why["claims"]]
    assert {"usgs-mcs-2026-world-production"} == {claim["source"] for claim in made if claim.get("quantity")}
    assert {"2025"} == {claim["observed"] for claim in made if claim.get("quantity")}
    with (DATA / "demo" / "usgs_mcs_2026_world_production.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["commodity"] == "rare earths" and row["stage"] == "mine"]
    year = {row["country"]: float(row["production_2025e"]) for row in rows}
    whole = year["World total (rounded)"]
    assert row["left"]["low"] == pytest.approx(1 - year["China"] / whole)


def test_the_loss_of_a_lithography_supplier_on_a_few_public_facts(tmp_path: Path) -> None:
    for name in ("lithography-loss", "lithography-second-supplier"):
        example(name, tmp_path)
    path = tmp_path / "picture.duckdb"
    report = add_files(path, [tmp_path / "lithography.csv"])["files"][0]
    assert (report["rejected"], report["rows"]) == ([], 21)
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    found = suppose(path, [tmp_path / "lithography-loss.yaml", tmp_path / "lithography-second-supplier.yaml"])
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    rows = {row["caption"]: row["by"] for row in found["answers"]}
    assert {name: [one["verdict"] for one in by] for name, by in rows.items()} == {
        name: ["fails", "fails"] for name in ("ASML", "EUV lithography tools", "Leading-edge chips")
    }
    later = [(one["month"], one["left"]["low"], one["left"]["high"]) for one in rows["Leading-edge chips"][1]["course"]]
    assert later == [(0, 0, 0), (36, pytest.approx(0.3), pytest.approx(0.6))]
    assert all(source["url"] for source in found["sources"].values())


def test_every_example_is_listed_and_read() -> None:
    assert [item["name"] for item in list_examples()] == [
        "lithography-loss",
        "lithography-second-supplier",
        "rare-earths-2010",
    ]
    assert all(item["title"] and item["note"] and item["whose"] for item in list_examples())


@pytest.fixture(scope="module")
def chips(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Picture]:
    """Return the picture of the chip supply chain alone."""
    folder = shared / CHIPS
    if not folder.is_dir():
        pytest.skip(f"the shared data lack {CHIPS}")
    path = tmp_path_factory.mktemp("chips") / "chips.duckdb"
    add_files(path, sorted(folder.glob("*.csv")))
    with Store(path, read_only=True) as store:
        yield Picture(store)


def table(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / CHIPS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def descendants(shared: Path, inputs: set[str]) -> set[str]:
    """Return all that some inputs go into, themselves included, by the table of the data set alone."""
    found = set(inputs)
    while True:
        more = {
            row["goes_into_id"]
            for row in table(shared, "sequence.csv")
            if row["input_id"] in found and row["goes_into_id"]
        }
        if more <= found:
            return found
        found |= more


@pytest.mark.shared
@pytest.mark.parametrize("firm", ["ASML", "Applied Materials", "Tokyo Electron", "Besi"])
def test_a_loss_takes_exactly_what_the_inputs_of_the_firm_go_into(chips: Picture, shared: Path, firm: str) -> None:
    told = [row for row in table(shared, "provision.csv") if row["provider_name"] == firm]
    # Whoever is said to provide nothing of an input (0 %) takes nothing of it away.
    provided = {row["provided_id"] for row in told if not row["share_provided"] or float(row["share_provided"]) > 0}
    finding = ask(chips, f"  - fail: {firm}")
    found = {name.removeprefix("eto:") for name in fates(finding)} - {told[0]["provider_id"]}
    assert found == descendants(shared, provided)
    assert all(row["verdict"] != "survives" for row in finding.answers)


@pytest.mark.shared
def test_the_shares_of_a_lost_firm_are_what_is_lost(chips: Picture, shared: Path) -> None:
    found = fates(ask(chips, "  - fail: ASML"))
    assert found["eto:N20"] == ("fails", 0, 0)
    for name, left in (("N105", 0.34), ("N22", 0.007), ("N19", 0.185), ("N60", 0.941)):
        assert found[f"eto:{name}"] == ("degrades", pytest.approx(left), pytest.approx(left))
    # The chain from lithography tools to the finished chip has 18.5 % left all along, as nothing else is lost there.
    assert found["eto:N78"] == ("degrades", pytest.approx(0.185), pytest.approx(0.185))


@pytest.mark.shared
def test_a_second_supplier_of_chip_tools_restores_what_the_working_says(chips: Picture, shared: Path) -> None:
    lost = ask(chips, "  - fail: ASML")
    taken = {row["entity"]: row["because"][0]["lost"][0]["share"]["low"] for row in lost.answers if row["step"] == 1}
    assert len(taken) == 9
    added = "\n".join(
        f"  - add_capacity: {{of: '{name}', by: Newcomer, share: {share}}}" for name, share in taken.items()
    )
    assert set(fates(ask(chips, f"  - fail: ASML\n{added}"))) == {"eto:P88"}
    half = added.replace("share: 0.815", "share: 0.4")
    found = fates(ask(chips, f"  - fail: ASML\n{half}"))
    assert found["eto:N19"] == found["eto:N78"] == ("degrades", pytest.approx(0.585), pytest.approx(0.585))
    (row,) = [row_of(ask(chips, f"  - fail: ASML\n{added}"), "eto:P88")]
    assert row["verdict"] == "fails"


@pytest.mark.shared
def test_the_loss_of_a_country_is_not_counted_twice(chips: Picture, shared: Path) -> None:
    found = fates(ask(chips, "  - fail_country: Netherlands"))
    assert found["eto:N20"] == ("fails", 0, 0)
    assert found["eto:N19"] == ("degrades", pytest.approx(0.185, abs=0.006), pytest.approx(0.185))
    assert {"eto:P88", "eto:P156", "eto:P112", "eto:P350", "iso:NL"} <= found.keys()
