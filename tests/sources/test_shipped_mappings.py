"""The mappings that ship with the package: sound by themselves, and right on the public files where those are at hand."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pytest

from isthmus.claims.rules import Shape, date_fault, entity_fault, parse_qualifiers, shape_fault, value_fault
from isthmus.model import CLAIM_COLUMNS
from isthmus.sources.adapter import READING_COLUMNS, Head, Job, Reading
from isthmus.sources.adapters.table import ADAPTER
from isthmus.sources.mapping.check import check_mapping
from isthmus.sources.mapping.compile import compile_mapping
from isthmus.sources.mapping.countries import write_countries
from isthmus.sources.mapping.library import shipped_mappings
from isthmus.sources.mapping.parts import ORIGINAL, Mapping
from isthmus.vocabulary import load_vocabulary

Row = dict[str, str | int]


def name_of(mapping: Mapping) -> str:
    return mapping.name


@pytest.mark.parametrize("mapping", shipped_mappings(), ids=name_of)
def test_a_shipped_mapping_says_only_what_the_vocabulary_knows(mapping: Mapping) -> None:
    check_mapping(mapping, load_vocabulary())
    assert mapping.recognise.columns
    assert mapping.source is not None
    assert mapping.source.licence
    assert mapping.source.publisher
    assert mapping.name.split("/")[0] == Path(mapping.path).stem


@pytest.mark.parametrize("mapping", shipped_mappings(), ids=name_of)
def test_a_shipped_mapping_compiles_over_an_empty_table(mapping: Mapping, tmp_path: Path) -> None:
    own = {field.name for field in mapping.fields}
    names = {name for field in mapping.fields for name in field.names if name not in own or name == field.name}
    names |= {name for rule in mapping.rules for name in rule.names()} | set(mapping.recognise.columns)
    for gate in (*mapping.skip, *mapping.reject):
        names |= {*gate.when.names(), *gate.reason.names}
    columns = {name: f"k{index}" for index, name in enumerate(sorted(names - set(ORIGINAL)))}
    texts = "".join(f", NULL::VARCHAR AS {column}" for column in columns.values())
    work = tmp_path / "work.parquet"
    program = compile_mapping(
        mapping,
        load_vocabulary(),
        columns,
        table=f'(SELECT 2::BIGINT AS line, 1::BIGINT AS "row"{texts})',
        work=work,
        source="s",
        file="t.csv",
        countries=write_countries(tmp_path / "countries.parquet"),
    )
    with duckdb.connect() as engine:
        for target, select in ((work, program.rows), *program.items):
            engine.execute(f"COPY ({select}) TO '{target}' (FORMAT parquet)")
        engine.execute(program.claims)
        assert tuple(column[0] for column in engine.description or ()) == READING_COLUMNS
        assert engine.execute(program.silent).fetchone() in ((0,), (1,))


def test_no_two_shipped_mappings_know_the_same_columns() -> None:
    counted = Counter((frozenset(mapping.recognise.columns), mapping.recognise.file) for mapping in shipped_mappings())
    assert [columns for columns, count in counted.items() if count > 1] == []


# -- on the public files ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A file with what is known of it: its rows, and how many of them are rejected and left out."""

    file: str
    mapping: str
    rows: int
    rejected: int = 0
    left_out: int = 0


CASES = (
    Case("open/usgs-mcs-2026/world_production.csv", "usgs-world-production/2", 158, left_out=1),
    Case("open/usgs-mcs-2026/us_import_sources_2021_24.csv", "usgs-us-import-sources/2", 71),
    Case("open/usgs-mcs-2026/us_net_import_reliance_2025e.csv", "usgs-us-net-import-reliance/2", 11),
    Case("open/aiddata-gcdf-v3/gcdf_v3_geolocated_projects.csv", "aiddata-gcdf-geolocated/1", 9404),
    Case("open/aiddata-gcdf-v3/gcdf_v3_filtered_961_with_descriptions.csv", "aiddata-gcdf-descriptions/1", 961),
    Case("open/epoch-gpu-clusters/gpu_clusters.csv", "epoch-gpu-clusters/1", 786),
    Case("open/wri-power-plants/wri_country_power_plants.csv.gz", "wri-power-plants/1", 24553),
    Case("open/ieee-oui/oui.csv", "ieee-oui/1", 32530, left_out=86),
    Case("open/mozilla-ca-roots/mozilla_ca_roots.csv", "mozilla-ca-roots/1", 148),
    Case("open/bigbang-standards-orgs/organization_categories.csv", "bigbang-organizations/1", 1032, rejected=1),
    Case("restricted/eto-chips/inputs.csv", "eto-chips-inputs/1", 126),
    Case("restricted/eto-chips/providers.csv", "eto-chips-providers/1", 403),
    Case("restricted/eto-chips/provision.csv", "eto-chips-provision/1", 1300),
    Case("restricted/eto-chips/sequence.csv", "eto-chips-sequence/1", 139),
    Case("restricted/eto-chips/stages.csv", "eto-chips-stages/1", 3),
    Case("restricted/submarine-cables-2021/cables.jsonl", "submarine-cables/1", 484),
    Case("restricted/submarine-cables-2021/landing-point-geo.json", "submarine-landing-points/1", 1439),
    Case("restricted/opensanctions-curated/us__dod_chinese_milcorps__sanctions.csv", "us-dod-1260h/1", 397),
    Case("restricted/opensanctions-curated/us__fcc_covered_list__table.csv", "us-fcc-covered-list/1", 16),
    Case("restricted/opensanctions-curated/us__special_leg__section_889.csv", "us-ndaa-lists/1", 5),
    Case("restricted/opensanctions-curated/us__special_leg__section_1286.csv", "us-ndaa-lists/1", 443),
    Case("restricted/opensanctions-curated/us__special_leg__section_154.csv", "us-ndaa-lists/1", 6),
    Case("restricted/opensanctions-curated/us__special_leg__section_5949.csv", "us-ndaa-lists/1", 3),
    Case("restricted/opensanctions-curated/us__bis_mieu__mieu.csv", "us-bis-military-intelligence/1", 13),
    Case("restricted/opensanctions-curated/eu__journal_sanctions__32014R0833.csv", "eu-833-2014/1", 1746, left_out=4),
    Case("restricted/opensanctions-curated/eu__sanctions_map__programs.csv", "eu-sanctions-programs/1", 55),
    Case("restricted/opensanctions-curated/_global__gleif__elf-codes-1.4.1.csv", "gleif-elf/1", 3659, left_out=2),
)


@cache
def _reading(path: Path, work: Path) -> Reading:
    return ADAPTER.read(Job(path, work))


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder under which every file gets its working files."""
    return tmp_path_factory.mktemp("mapped")


def reading_of(shared: Path, work: Path, file: str) -> Reading:
    folder = work / Path(file).name
    folder.mkdir(exist_ok=True)
    return _reading(shared / "data" / file, folder)


def rows_of(reading: Reading, where: str) -> list[Row]:
    with duckdb.connect() as engine:
        found = engine.execute(f"SELECT * FROM ({reading.select}) WHERE {where} ORDER BY ALL").fetchall()
    named = [dict(zip(READING_COLUMNS, row, strict=True)) for row in found]
    return [{name: value for name, value in row.items() if value is not None} for row in named]


def case_id(case: Case) -> str:
    return Path(case.file).name


@pytest.mark.shared
@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_every_row_of_a_public_file_is_accounted_for(case: Case, shared: Path, work: Path) -> None:
    path = shared / "data" / case.file
    assert ADAPTER.recognises(Head(path, path.stat().st_size, path.read_bytes()[:65536]))
    reading = reading_of(shared, work, case.file)
    assert reading.mapping == case.mapping
    assert reading.rows == case.rows
    assert len(reading.rejected) == case.rejected
    assert sum(reading.left_out.values()) == case.left_out


@pytest.mark.shared
@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_every_claim_of_a_public_file_keeps_the_rules_of_the_store(case: Case, shared: Path, work: Path) -> None:
    vocabulary = load_vocabulary()
    select = reading_of(shared, work, case.file).select
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE c AS SELECT * FROM ({select})")
        shapes = engine.execute(
            'SELECT DISTINCT predicate, unit, mode, stance, marking, "object" IS NOT NULL, value IS NOT NULL, '
            "low IS NOT NULL OR high IS NOT NULL, qualifiers IS NOT NULL FROM c"
        ).fetchall()
        qualifiers = engine.execute(
            "SELECT DISTINCT predicate, qualifiers FROM c WHERE qualifiers IS NOT NULL"
        ).fetchall()
        closed = engine.execute(
            "SELECT DISTINCT predicate, value FROM c WHERE predicate IN ('kind', 'status')"
        ).fetchall()
        dates = engine.execute("SELECT DISTINCT unnest([valid_from, valid_to, observed]) FROM c ").fetchall()
        ids = engine.execute('SELECT DISTINCT unnest([subject, "object"]) FROM c').fetchall()
    faults = [shape_fault(vocabulary, Shape(*row)) for row in shapes]
    faults += [found for row in qualifiers if isinstance(found := parse_qualifiers(vocabulary, *row), str)]
    faults += [value_fault(vocabulary, *row) for row in closed]
    faults += [date_fault(text) for (text,) in dates if text]
    faults += [entity_fault(text) for (text,) in ids if text]
    assert [fault for fault in faults if fault] == []


@pytest.mark.shared
def test_minerals_keep_withheld_figures_totals_and_remainders(shared: Path, work: Path) -> None:
    reading = reading_of(shared, work, "open/usgs-mcs-2026/world_production.csv")
    withheld = rows_of(reading, "qualifiers LIKE '%reason=withheld%'")
    assert withheld
    assert all("low" not in row and row["predicate"] == "produces" for row in withheld)
    totals = rows_of(reading, "subject = 'world' AND predicate = 'produces' AND observed = '2025' AND mode IS NULL")
    assert len(totals) == 11
    assert all("scope=world total" in str(row["qualifiers"]) for row in totals)
    rest = rows_of(
        reading, "subject = 'usgs:other-countries-cobalt-mine' AND predicate = 'produces' AND observed = '2024'"
    )
    assert [(row["low"], row["unit"]) for row in rest] == [("7780", "t/year")]
    china = rows_of(reading, "subject = 'iso:CN' AND object = 'usgs:fluorspar' AND observed = '2024'")
    assert [(row["low"], row["unit"]) for row in china] == [("6000000", "t/year")]
    assert {row["hedge"] for row in rows_of(reading, "observed = '2025' AND unit LIKE '%/year'")} == {
        "estimated",
        "estimated, rounded",
    }


@pytest.mark.shared
def test_chip_provision_counts_what_the_data_set_says(shared: Path, work: Path) -> None:
    reading = reading_of(shared, work, "restricted/eto-chips/provision.csv")
    made = rows_of(reading, "predicate = 'produces'")
    assert len(made) == 1300
    assert sum("low" not in row for row in made) == 246
    assert [row["low"] for row in made if row["subject"] == "iso:NL" and row["object"] == "eto:N20"] == ["1"]
    assert sum(str(row["object"]).startswith("eto:S") for row in made) == 21
    assert rows_of(reading, "subject = 'eto:P312' AND value = 'state'") == []
    kinds = rows_of(reading, "predicate = 'kind' AND subject LIKE 'eto:P%'")
    assert {(row["subject"], row["value"]) for row in kinds} == {
        ("eto:P5", "group"),
        ("eto:P370", "group"),
        ("eto:P312", "place"),
    }


@pytest.mark.shared
def test_projects_in_the_pipeline_are_agreed_and_never_actual(shared: Path, work: Path) -> None:
    reading = reading_of(shared, work, "open/aiddata-gcdf-v3/gcdf_v3_geolocated_projects.csv")
    modes = Counter(row["mode"] for row in rows_of(reading, "predicate = 'finances'"))
    assert modes == {"actual": 7695 + 1120, "agreed": 589}
    assert len(rows_of(reading, "predicate = 'finances' AND low IS NOT NULL")) == 5623
    assert len(rows_of(reading, "value = 'completed'")) == 7695
    assert rows_of(reading, "valid_from LIKE '%-01-01'") == []


@pytest.mark.shared
def test_planned_clusters_are_planned_and_unnamed_suppliers_are_kept(shared: Path, work: Path) -> None:
    reading = reading_of(shared, work, "open/epoch-gpu-clusters/gpu_clusters.csv")
    assert len(rows_of(reading, "value = 'data_center'")) == 786
    assert len(rows_of(reading, "predicate = 'supplies' AND subject = 'epoch:anonymized-supplier'")) == 257
    planned = {row["subject"] for row in rows_of(reading, "value = 'announced'")}
    assert len(planned) == 171
    owned = rows_of(reading, "predicate = 'owns' AND (mode = 'actual')")
    assert not planned & {row["object"] for row in owned}
    summit = rows_of(reading, "subject = 'epoch:oak-ridge-nl-summit' AND value = 'active'")
    assert [(row["valid_from"], row["valid_to"]) for row in summit] == [("2018-06-08", "2024-11-15")]


@pytest.mark.shared
def test_a_company_taken_off_a_list_is_not_listed_on_that_day(shared: Path, work: Path) -> None:
    reading = reading_of(shared, work, "restricted/opensanctions-curated/us__dod_chinese_milcorps__sanctions.csv")
    ended = rows_of(reading, "predicate = 'designates' AND valid_to IS NOT NULL")
    assert len(ended) == 21
    assert all(str(row["valid_to"]).startswith("<") for row in ended)
    assert len(rows_of(reading, "predicate = 'owns'")) == 197


@pytest.mark.shared
def test_no_natural_person_of_a_list_becomes_an_entity(shared: Path, work: Path) -> None:
    reading = reading_of(shared, work, "restricted/opensanctions-curated/eu__journal_sanctions__32014R0833.csv")
    assert reading.left_out == {"natural persons are not held": 4}
    assert rows_of(reading, "value = 'person'") == []


@pytest.mark.shared
def test_cables_join_the_landing_points_of_their_file(shared: Path, work: Path) -> None:
    reading = reading_of(shared, work, "restricted/submarine-cables-2021/cables.jsonl")
    lines = (shared / "data/restricted/submarine-cables-2021/cables.jsonl").read_text("utf-8").splitlines()
    pairs = {(cable["id"], point["id"]) for cable in map(json.loads, lines) for point in cable["landing_points"]}
    prefix = "telegeography:"
    joined = rows_of(reading, "predicate = 'located_in' AND qualifiers = 'basis=node'")
    made = {
        (str(row["subject"]).removeprefix(prefix), str(row["object"]).removeprefix(f"{prefix}landing-"))
        for row in joined
    }
    assert made == pairs
    assert set(CLAIM_COLUMNS) >= set(joined[0]) - {"line"}
