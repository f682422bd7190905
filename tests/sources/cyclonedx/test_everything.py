"""Every field of CycloneDX 1.7 makes a claim or is counted: none is dropped in silence; and what compositions say is kept."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from isthmus.sources.cyclonedx.bill import claims_of, describe
from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.index import index
from isthmus.sources.cyclonedx.record import Document
from isthmus.sources.log import Log
from tests.sources.cyclonedx.readings import bill, library, read_bill, told

EVERYTHING = Path(__file__).resolve().parents[2] / "data" / "cyclonedx-everything" / "everything.json"
Place = tuple[str | int, ...]

# Fields of the schema of 1.7, by the object in which they stand.
TOP = """$schema bomFormat specVersion serialNumber version metadata components services externalReferences dependencies compositions
    vulnerabilities annotations formulation declarations definitions citations properties signature"""
METADATA = """timestamp lifecycles tools manufacturer authors component manufacture supplier licenses distributionConstraints
    properties"""
COMPONENT = """type mime-type bom-ref supplier manufacturer authors author publisher group name version versionRange isExternal
    description scope hashes licenses copyright patentAssertions cpe purl omniborId swhid swid modified pedigree externalReferences
    components evidence releaseNotes modelCard data cryptoProperties properties tags signature"""
SERVICE = """bom-ref provider group name version description endpoints authenticated x-trust-boundary trustZone data licenses
    patentAssertions externalReferences services releaseNotes properties tags signature"""

# What says how the document is to be read, and the names of things by which it says the rest.
OF_THE_FILE = {("$schema",), ("bomFormat",), ("specVersion",), ("serialNumber",), ("version",)}
# What is counted as a whole, with all that is in it: its own absence shows.
WHOLE = {
    "lifecycles", "tools", "contact", "authors", "properties", "hashes", "text", "licensing", "patentAssertions", "commits",
    "patches", "externalReferences", "occurrences", "callstack", "copyright", "releaseNotes", "signature", "modelCard",
    "fingerprint", "certificateState", "certificateExtensions", "ikev2TransformTypes", "governance", "vulnerabilities",
    "annotations", "formulation", "declarations", "definitions", "citations",
}  # fmt: skip
COUNTED_PLACES: tuple[Place, ...] = (
    ("metadata", "licenses", 1), ("components", 0, "evidence", "licenses"), ("components", 2, "data"),
)  # fmt: skip


def account(body: dict[str, Any]) -> Any:
    """Return all that a reading says of a document: claims, counts, faults, remarks and the source."""
    log = Log(kinds=1000)
    bom = index(Document(copy.deepcopy(body), "1.7", str), "cdx:k", log)
    about = describe(bom)
    facts = sorted(tuple("" if cell is None else str(cell) for cell in fact[3:]) for fact in claims_of(bom))
    notes = {remark: len(places) for remark, places in log.notes.items()}
    return facts, dict(log.left_out), [fault.reason for fault in log.rejected], notes, about, sorted(bom.dangling)


def places(body: Any, place: Place = ()) -> Iterator[Place]:
    for key in list(body) if isinstance(body, dict) else range(len(body)):
        yield (*place, key)
        if isinstance(body[key], (dict, list)):
            yield from places(body[key], (*place, key))


def without(body: dict[str, Any], place: Place) -> dict[str, Any]:
    changed = copy.deepcopy(body)
    held: Any = changed
    for key in place[:-1]:
        held = held[key]
    del held[place[-1]]
    return changed


def test_document_has_every_field_of_the_schema() -> None:
    body = json.loads(EVERYTHING.read_text("utf-8"))
    assert set(body) == set(TOP.split())
    assert set(body["metadata"]) == set(METADATA.split())
    components = [*body["components"], *body["components"][0]["components"]]
    assert {key for component in components for key in component} == set(COMPONENT.split())
    assert set(body["services"][0]) == set(SERVICE.split())


def test_no_field_is_dropped_in_silence() -> None:
    body = json.loads(EVERYTHING.read_text("utf-8"))
    whole = account(body)
    assert whole[2] == []
    silent = []
    for place in places(body):
        counted = any(key in WHOLE for key in place[:-1]) or any(
            place[: len(one)] == one and len(place) > len(one) for one in COUNTED_PLACES
        )
        if (
            place not in OF_THE_FILE
            and place[-1] != "bom-ref"
            and not counted
            and account(without(body, place)) == whole
        ):
            silent.append("/".join(map(str, place)))
    assert silent == []


def test_field_of_no_schema_is_counted_wherever_it_stands() -> None:
    body = json.loads(EVERYTHING.read_text("utf-8"))
    whole = account(body)
    objects = [(), *(place for place in places(body) if not any(key in WHOLE for key in place))]
    silent = []
    for place in objects:
        changed = copy.deepcopy(body)
        held: Any = changed
        for key in place:
            held = held[key]
        inside = any(place[: len(one)] == one for one in COUNTED_PLACES)
        if isinstance(held, dict) and not inside:
            held["somethingNew"] = "x"
            if account(changed) == whole:
                silent.append("/".join(map(str, place)))
    assert silent == []


AGGREGATES = (
    "complete", "incomplete", "incomplete_first_party_only", "incomplete_first_party_proprietary_only",
    "incomplete_first_party_opensource_only", "incomplete_third_party_only", "incomplete_third_party_proprietary_only",
    "incomplete_third_party_opensource_only", "unknown", "not_specified",
)  # fmt: skip


def test_tables_have_every_aggregate() -> None:
    assert set(load_codes().aggregates) == set(AGGREGATES)


@pytest.mark.parametrize("aggregate", AGGREGATES)
@pytest.mark.parametrize("written", ["json", "xml"])
def test_compositions_say_how_complete_each_list_is(tmp_path: Path, aggregate: str, written: str) -> None:
    if written == "json":
        one = {"aggregate": aggregate, "assemblies": ["app", "a"], "dependencies": ["a"], "vulnerabilities": ["v"]}
        text = json.dumps(bill(library("a"), compositions=[one], vulnerabilities=[{"bom-ref": "v", "id": "CVE-1"}]))
    else:
        text = (
            '<bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="urn:uuid:6a1b8c1e-0000-4000-8000-00000000000f">'
            '<metadata><component type="application" bom-ref="app"><name>app</name></component></metadata>'
            '<components><component type="library" bom-ref="a"><name>a</name></component></components>'
            f"<compositions><composition><aggregate>{aggregate}</aggregate>"
            '<assemblies><assembly ref="app"/><assembly ref="a"/></assemblies><dependencies><dependency ref="a"/></dependencies>'
            '<vulnerabilities><vulnerability ref="v"/></vulnerabilities></composition></compositions>'
            '<vulnerabilities><vulnerability bom-ref="v"><id>CVE-1</id></vulnerability></vulnerabilities></bom>'
        )
    reading, rows = read_bill(tmp_path, text, f"given.{written}")
    kind = aggregate.partition("_")[0] if aggregate != "not_specified" else "unknown"
    assert sorted(told(row) for row in rows if row["predicate"] == "completeness") == [
        f"#a completeness {kind} (reading={aggregate}; scope=components)",
        f"#a completeness {kind} (reading={aggregate}; scope=dependencies)",
        f"#app completeness {kind} (reading={aggregate}; scope=components)",
    ]
    assert reading.left_out == {
        "compositions of vulnerabilities: no claim": 1,
        "vulnerabilities: no vocabulary of vulnerabilities": 1,
    }
    assert reading.rejected == ()


def test_parts_of_xml_that_no_predicate_fits_are_counted_as_those_of_json(tmp_path: Path) -> None:
    text = (
        '<bom xmlns="http://cyclonedx.org/schema/bom/1.7"><components><component type="library"><name>a</name><licenses><license>'
        '<id>MIT</id><text content-type="text/plain">words</text></license></licenses><copyright>(c)</copyright>'
        "<evidence><identity><field>name</field><confidence>0.5</confidence><concludedValue>a</concludedValue></identity>"
        "<occurrences><occurrence><location>/a</location></occurrence><occurrence><location>/b</location></occurrence></occurrences>"
        "</evidence></component></components><annotations><annotation><text>x</text></annotation></annotations>"
        "<formulation><formula><workflows/></formula></formulation></bom>"
    )
    reading, rows = read_bill(tmp_path, text, "given.xml")
    assert reading.left_out == {
        "component field copyright: no predicate": 1,
        "evidence occurrences: no predicate": 2,
        "evidence of identity, field concludedValue: no predicate": 1,
        "field annotations: no predicate": 1,
        "field formulation: no predicate": 1,
        "licence field text: no predicate": 1,
    }
    assert [row["hedge"] for row in rows if row["predicate"] == "name"] == ["identity confidence 0.5"]
