"""The reader of CycloneDX bills of materials: what each part becomes, and what is left out."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from isthmus.model import Source
from isthmus.service.adding import add_files
from isthmus.sources.adapters.cyclonedx import ADAPTER
from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.xml import xpath
from isthmus.vocabulary import load_vocabulary
from tests.sources.cyclonedx.readings import DATA, KEY, bill, counts, library, lines, read_bill, read_file, summary
from tests.sources.readings import assert_in_vocabulary, read

CASES = sorted(path.stem for path in DATA.glob("*.json") if ".expected" not in path.name)


@pytest.mark.parametrize("case", CASES)
def test_case_becomes_what_is_expected(case: str, tmp_path: Path) -> None:
    expected = json.loads((DATA / f"{case}.expected.json").read_text("utf-8"))
    reading, rows = read_file(DATA / f"{case}.json", tmp_path)
    assert summary(reading, rows) == expected
    assert_in_vocabulary(rows)


def test_xml_becomes_the_same_claims_and_counts_as_json(tmp_path: Path) -> None:
    first, in_json = read_file(DATA / "harbour.json", tmp_path / "json")
    second, in_xml = read_file(DATA / "harbour.xml", tmp_path / "xml")
    assert lines(in_json) == lines(in_xml)
    assert (first.rows, first.left_out, first.notes) == (second.rows, second.left_out, second.notes)
    assert second.rejected == ()
    where = {row["locator"] for row in in_xml if row.get("value") == "Tables of tides"}
    assert where == {"tide-ref#/bom/components/component[1]/description"}


@pytest.mark.parametrize(
    ("pointer", "path"),
    [
        ("", "/bom"),
        ("/metadata/component/type", "/bom/metadata/component/@type"),
        ("/components/0/components/11/bom-ref", "/bom/components/component[1]/components/component[12]/@bom-ref"),
        ("/services/1/services/0/endpoints/2", "/bom/services/service[2]/services/service[1]/endpoints/endpoint[3]"),
        ("/components/0/licenses/1", "/bom/components/component[1]/licenses/*[2]"),
        ("/components/0/supplier/url/0", "/bom/components/component[1]/supplier/url[1]"),
        ("/dependencies/4/dependsOn/0", "/bom/dependencies/dependency[5]/dependency[1]"),
        ("/dependencies/4/provides/1", "/bom/dependencies/dependency[5]/provides[2]"),
        ("/compositions/0/assemblies/0", "/bom/compositions/composition[1]/assemblies/assembly[1]"),
        ("/components/0/cryptoProperties/protocolProperties/cryptoRefArray/0",
         "/bom/components/component[1]/cryptoProperties/protocolProperties/cryptoRef[1]"),
    ],
)  # fmt: skip
def test_pointers_become_paths(pointer: str, path: str) -> None:
    assert xpath(pointer) == path


def test_source_marking_licence_and_day_are_those_of_the_document(tmp_path: Path) -> None:
    metadata = {
        "timestamp": "2025-03-04T05:06:07+01:00",
        "component": {"type": "application", "name": "Quay", "version": "3"},
        "supplier": {"name": "Harbour Ltd"},
        "licenses": [{"license": {"id": "CC0-1.0"}}],
        "distributionConstraints": {"tlp": "AMBER_AND_STRICT"},
    }
    reading, rows = read_bill(tmp_path, bill(specVersion="1.7", metadata=metadata))
    shared = {(row["source"], row["observed"], row["marking"], row["licence"]) for row in rows}
    assert shared == {(KEY, "2025-03-04", "TLP:AMBER+STRICT", "CC0-1.0")}
    assert reading.sources == (
        Source(
            KEY, title="Bill of materials of Quay 3", publisher="Harbour Ltd", kind="self_declaration", date="2025-03-04",
            licence="CC0-1.0", marking="TLP:AMBER+STRICT",
        ),
    )  # fmt: skip


def test_source_that_is_described_beside_the_file_wins(tmp_path: Path) -> None:
    reading, rows = read(ADAPTER, DATA / "harbour.json", tmp_path, Source("ours"))
    assert {row["source"] for row in rows} == {"ours"}
    assert reading.sources == ()


def test_component_with_a_purl_is_one_thing_in_all_bills(tmp_path: Path) -> None:
    ids = []
    for name, purl in (("one", "pkg:PyPI/Tide_Tables@1.0"), ("two", "pkg:pypi/tide-tables@1.0")):
        _, rows = read_bill(tmp_path, bill(library(name, purl=purl)), f"{name}.json")
        ids.append({row["object"] for row in rows if row["predicate"] == "contains"})
    assert ids == [{"purl:pkg:pypi/tide-tables@1.0"}] * 2


def test_two_files_of_one_name_without_a_serial_number_are_two_documents(tmp_path: Path) -> None:
    subjects = []
    for name in ("first", "second"):
        body = {key: value for key, value in bill(library(name)).items() if key != "serialNumber"}
        subjects.append({row["subject"].partition("#")[0] for row in read_bill(tmp_path, body, "bom.json")[1]})
    assert all(len(keys) == 1 and next(iter(keys)).startswith("cdx:bom-") for keys in subjects)
    assert subjects[0] != subjects[1]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (None, [f"contains {KEY}#part ref=part", f"uses {KEY}#part None"]),
        ("required", [f"contains {KEY}#part ref=part; strength=required", f"uses {KEY}#part strength=required"]),
        ("optional", [f"contains {KEY}#part ref=part; strength=optional", f"uses {KEY}#part strength=optional"]),
        ("excluded", []),
    ],
)
def test_scope_says_how_strong_a_dependence_is(tmp_path: Path, scope: str | None, expected: list[str]) -> None:
    part = library("part", **({"scope": scope} if scope else {}))
    reading, rows = read_bill(tmp_path, bill(part, dependencies=[{"ref": "app", "dependsOn": ["part"]}]))
    found = [f"{row['predicate']} {row['object']} {row.get('qualifiers')}" for row in rows if "object" in row]
    assert sorted(found) == expected
    assert bool(reading.left_out) == (scope == "excluded")


def test_what_the_surroundings_provide_is_no_part(tmp_path: Path) -> None:
    part = library("part", isExternal=True, versionRange="vers:npm/>=2")
    _, rows = read_bill(tmp_path, bill(part, specVersion="1.7"))
    told = [line for line in lines(rows) if "#part" in line]
    assert "#app uses #part (ref=part; strength=provided)" in told
    assert "#part described_as vers:npm/>=2 (aspect=technical; scope=versionRange)" in told
    assert not counts(rows)["contains"]


def test_link_into_the_same_document_is_that_thing(tmp_path: Path) -> None:
    link = KEY.replace("cdx:", "urn:cdx:") + "/1#part"
    reading, rows = read_bill(tmp_path, bill(library("part"), dependencies=[{"ref": "app", "dependsOn": [link]}]))
    assert "#app uses #part" in lines(rows)
    assert reading.notes == ()


def test_circle_of_dependencies_is_kept(tmp_path: Path) -> None:
    ring = [{"ref": name, "dependsOn": [other]} for name, other in (("a", "b"), ("b", "c"), ("c", "a"))]
    _, rows = read_bill(tmp_path, bill(library("a"), library("b"), library("c"), dependencies=ring))
    assert [line for line in lines(rows) if "uses" in line] == ["#a uses #b", "#b uses #c", "#c uses #a"]


def test_bill_that_is_of_nothing_ties_its_components_to_nothing(tmp_path: Path) -> None:
    part = library("part", supplier={"name": "Tide Inc"}, components=[library("inner")])
    service = {"bom-ref": "s", "name": "s", "provider": {"name": "Sky plc"}}
    _, rows = read_bill(tmp_path, bill(part, metadata={}, services=[service]))
    relations = [
        line for line in lines(rows) if any(word in line for word in ("contains", "operates", "supplies", "uses"))
    ]
    assert relations == [
        "#part contains #inner (ref=inner)",
        "cdx:org/sky-plc operates #s (role=operator)",
        "cdx:org/tide-inc operates #part (role=distributor)",
    ]


@pytest.mark.parametrize(
    ("publisher", "read_"),
    [("The Apache Software Foundation", True), ("Pivotal Software, Inc.", True), ("Red Hat", True), ("Tide Inc", True),
     ("JBoss by Red Hat", True), ("Jonathan Hedley", False), ("Joe Walnes, Henri Tremblay", False), ("Foundationer", False)],
)  # fmt: skip
def test_publisher_is_read_where_it_is_surely_an_organisation(tmp_path: Path, publisher: str, read_: bool) -> None:
    reading, rows = read_bill(tmp_path, bill(library("part", publisher=publisher)))
    assert any(row.get("value") == publisher for row in rows) == read_
    assert reading.left_out == ({} if read_ else {"publisher: perhaps a natural person": 1})


def test_publisher_that_the_document_names_as_a_supplier_is_an_organisation(tmp_path: Path) -> None:
    parts = (library("a", supplier={"name": "Molo"}), library("b", publisher="Molo"))
    reading, rows = read_bill(tmp_path, bill(*parts))
    assert "cdx:org/molo operates #b (role=distributor)" in lines(rows)
    assert reading.left_out == {}


def test_nothing_of_a_natural_person_is_in_claims_or_working_files(tmp_path: Path) -> None:
    person = {"name": "Ada SECRETNAME", "email": "SECRET@mail.example", "phone": "SECRETPHONE"}
    part = library(
        "part", author="SECRETAUTHOR", authors=[person], publisher="SECRETPUBLISHER", copyright="(c) SECRETHOLDER",
        supplier={"name": "Tide Inc", "contact": [person]}, manufacturer={"name": "Tide Inc", "contact": [person]},
        pedigree={"commits": [{"author": person}]}, evidence={"copyright": [{"text": "SECRETTEXT"}]},
    )  # fmt: skip
    metadata = {"authors": [person], "supplier": {"name": "Quay", "contact": [person]}, "component": library("app")}
    body = bill(part, metadata=metadata, annotations=[{"annotator": {"individual": person}, "text": "SECRET"}])
    reading, rows = read_bill(tmp_path, body)
    assert "SECRET" not in json.dumps(rows)
    assert not [file for file in (tmp_path / "work").iterdir() if b"SECRET" in file.read_bytes()]
    personal = {reason: count for reason, count in reading.left_out.items() if "person" in reason}
    assert personal == {
        "author: personal data": 1,
        "authors: personal data": 2,
        "contact: personal data": 3,
        "publisher: perhaps a natural person": 1,
    }


def test_tables_name_only_terms_of_the_vocabulary() -> None:
    codes, vocabulary = load_codes(), load_vocabulary()
    kinds = {*codes.types.values(), *codes.kinds, *codes.root_types.values(), *codes.assets.values()}
    assert kinds <= set(vocabulary.kinds)
    strengths = {*codes.scopes.values(), *codes.strengths}
    assert strengths <= set(vocabulary.qualifiers["strength"].values)
    completeness = vocabulary.predicate("completeness").value
    assert completeness is not None and set(codes.aggregates.values()) <= set(completeness)
    assert set(codes.flows.values()) <= set(vocabulary.qualifiers["activity"].values)
    assert {relation for relation in codes.pedigree.values() if relation} <= set(
        vocabulary.qualifiers["relation"].values
    )
    assert set(codes.kinds.values()) <= set(codes.types)


def test_gzipped_bill_goes_into_a_picture_and_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "harbour.json.gz"
    path.write_bytes(gzip.compress((DATA / "harbour.json").read_bytes()))
    reports = [add_files(tmp_path / "p.duckdb", [path])["files"][0] for _ in range(2)]
    _, rows = read_file(DATA / "harbour.json", tmp_path / "work")
    assert [(report["format"], report["claims_new"], report["rejected"]) for report in reports] == [
        ("cyclonedx", len(rows), []),
        ("cyclonedx", 0, []),
    ]


def _own(body: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """Yield the components or services of a document as it nests them."""
    for part in body.get(name) or []:
        yield part
        yield from _own(part, name)


@pytest.mark.shared
def test_every_public_example_is_read_with_its_own_counts(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "open" / "sbom-cyclonedx-examples"
    table = [f"{'file':60} version components services dependencies complete vulnerabilities claims rejected"]
    for number, path in enumerate(sorted(folder.rglob("*.json"))):
        body = json.loads(path.read_text("utf-8"))
        reading, rows = read_file(path, tmp_path / str(number))
        components, services = len(list(_own(body, "components"))), len(list(_own(body, "services")))
        described = [row for row in rows if row["predicate"] == "kind" and row["subject"].startswith(("cdx:", "purl:"))]
        of_components = [row for row in described if "#/components/" in row["locator"] and "/type" in row["locator"]]
        of_services = [row for row in described if "#/services/" in row["locator"] and row["value"] == "platform"]
        edges = sum(len(one.get("dependsOn") or []) for one in body.get("dependencies") or [])
        stated = [row for row in rows if row["predicate"] == "uses" and "/dependsOn/" in row["locator"]]
        complete = [row for row in rows if row["predicate"] == "completeness"]
        own_complete = sum(
            len(one.get(key) or []) for one in body.get("compositions") or [] for key in ("assemblies", "dependencies")
        )
        flaws = sum(count for reason, count in reading.left_out.items() if reason.startswith("vulnerabilities"))
        name = str(path.relative_to(folder))
        table.append(
            f"{name:60} {body['specVersion']:7} {len(of_components):10} {len(of_services):8} {len(stated):12} "
            f"{len(complete):8} {flaws:15} {len(rows):6} {len(reading.rejected):8}"
        )
        assert reading.rejected == (), name
        assert len(of_components) == components, name
        assert len(of_services) == services, name
        assert len(stated) == edges, name
        assert len(complete) == own_complete, name
        assert flaws == len(body.get("vulnerabilities") or []), name
        if rows:
            assert_in_vocabulary(rows)
    sys.stdout.write("\n".join([*table, ""]))  # shown with -rP
    assert len(table) == 56


@pytest.mark.shared
def test_known_bills_have_known_contents(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "open" / "sbom-cyclonedx-examples"
    _, rows = read_file(folder / "SBOM" / "keycloak-10.0.2" / "bom.json", tmp_path / "keycloak")
    assert (counts(rows)["contains"], counts(rows)["uses"]) == (903, 994)
    _, rows = read_file(folder / "HBOM" / "PCIe-SATA-adapter-board" / "bom.json", tmp_path / "board")
    assert {row["low"] for row in rows if row["predicate"] == "contains"} == {"1", "2", "8"}
    assert {row["value"] for row in rows if row["predicate"] == "name" and row["subject"].startswith("cdx:org/")} >= {
        "Samtec", "Molex", "3M",
    }  # fmt: skip
    _, rows = read_file(folder / "SaaSBOM" / "apigateway-microservices-datastores" / "bom.json", tmp_path / "saas")
    assert counts(rows)["handles_data"] == 8
