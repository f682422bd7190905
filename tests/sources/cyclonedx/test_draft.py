"""The draft of CycloneDX 2.0: read only if it is named; origins by stage, parties with roles, inventories, choices between parts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from isthmus.errors import FormatError
from isthmus.service.adding import AddOptions, add_files
from isthmus.sources.adapter import Job, Reading
from isthmus.sources.adapters.cyclonedx import ADAPTER, DRAFT
from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.vocabulary import load_vocabulary
from tests.sources.cyclonedx.readings import told
from tests.sources.readings import Row, assert_in_vocabulary, read

DATA = Path(__file__).resolve().parents[2] / "data" / "cyclonedx-draft"
SERIAL = "6a1b8c1e-0000-4000-8000-00000000000f"


def read_draft(folder: Path, **body: Any) -> tuple[Reading, list[Row]]:
    path = folder / "draft.json"
    start = {"specFormat": "CycloneDX", "specVersion": "2.0", "serialNumber": f"urn:uuid:{SERIAL}"}
    path.write_text(json.dumps({**start, **body}), "utf-8")
    reading, rows = read(DRAFT, path, folder / "work")
    if rows:
        assert_in_vocabulary(rows)
    return reading, rows


def device(**more: Any) -> dict[str, Any]:
    return {"type": "device", "bom-ref": "d", "name": "Pump", **more}


def said(rows: list[Row], *predicates: str) -> list[str]:
    return sorted(told(row) for row in rows if row["predicate"] in predicates)


def test_draft_is_refused_unless_it_is_named() -> None:
    with pytest.raises(FormatError, match=r"specVersion “2\.0” is not read") as caught:
        ADAPTER.read(Job(DATA / "magnet.json", DATA))
    assert "--as cyclonedx-2.0-draft" in str(caught.value.hint)


def test_format_of_the_draft_reads_nothing_else(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"this is no draft of 2\.0") as caught:
        read_draft(tmp_path, specVersion="1.6")
    assert "--as cyclonedx" in str(caught.value.hint)
    with pytest.raises(FormatError, match=r"“2\.1” is not read"):
        read_draft(tmp_path, specVersion="2.1")


@pytest.mark.parametrize(("shares", "flagged"), [((70, 30), None), ((70, 20), "90 %"), ((70, 31.5), "101.5 %"),
                                                 ((33.3, 33.3, 33.3), None), ((100,), None), ((98,), "98 %")])  # fmt: skip
def test_shares_of_an_origin_add_up_or_are_flagged(
    tmp_path: Path, shares: tuple[float, ...], flagged: str | None
) -> None:
    places = [{"isoCode": code, "percentage": share} for code, share in zip(("CA", "US", "MX"), shares, strict=False)]
    reading, rows = read_draft(
        tmp_path, components=[device(origins=[{"stage": "manufactured", "distribution": places}])]
    )
    assert len(said(rows, "produces")) == len(shares)
    reasons = [fault.reason for fault in reading.rejected]
    assert reasons == (
        [f"/components/0/origins/0/distribution: the shares add up to {flagged}, not to 100 %; they are read as they stand"]
        if flagged
        else []
    )  # fmt: skip


def test_origins_are_shares_of_countries_by_stage_and_measure(tmp_path: Path) -> None:
    origins = [
        {"stage": "mined", "basis": "net weight", "distribution": [{"isoCode": "PT", "percentage": 55},
                                                                  {"isoCode": "BO", "percentage": 45}]},
        {"stage": "mined", "basis": "cost", "distribution": [{"isoCode": "PT", "percentage": 100}]},
        {"stage": {"name": "reduced; twice"}, "distribution": [{"isoCode": "US-CA"}]},
    ]  # fmt: skip
    reading, rows = read_draft(tmp_path, components=[device(type="material", origins=origins)])
    assert said(rows, "produces") == [
        "iso:BO produces #d [0.45, 0.45 share] (stage=mined; of=net_weight)",
        "iso:PT produces #d [0.55, 0.55 share] (stage=mined; of=net_weight)",
        "iso:PT produces #d [1, 1 share] (stage=mined; of=cost)",
        "iso:US produces #d (scope=reduced, twice; segment=US-CA)",
    ]
    assert said(rows, "kind") == ["#d kind material (reading=material)"]
    assert reading.rejected == ()
    assert {row["locator"] for row in rows if row.get("low") == "0.45"} == {"d#/components/0/origins/0/distribution/1"}


@pytest.mark.parametrize(
    ("type_", "stage", "expected"),
    [
        ("device", "assembled", "cdx:org/mill builds #d (stage=assembled)"),
        ("library", "developed", "cdx:org/mill develops #d (stage=developed)"),
        ("material", "refined", "cdx:org/mill produces #d [1, 1 share] (stage=refined; place=@iso:FI)"),
        ("material", "manufactured", "cdx:org/mill produces #d [1, 1 share] (stage=manufactured; place=@iso:FI)"),
        ("service", "hosted", "cdx:org/mill operates #d (role=host; place=@iso:FI)"),
        ("service", "maintained", "cdx:org/mill operates #d (role=maintainer; place=@iso:FI)"),
    ],
)
def test_party_that_performs_a_stage_did_it_there(tmp_path: Path, type_: str, stage: str, expected: str) -> None:
    party = {"refId": "mill", "roles": [{"role": "insurer"}], "organization": {"name": "Mill"}}
    origin = {"stage": stage, "distribution": [{"isoCode": "FI", "percentage": 100, "performedBy": "mill"}]}
    reading, rows = read_draft(tmp_path, components=[device(type=type_, parties=[party], origins=[origin])])
    assert expected in [told(row) for row in rows]
    assert ("#d located_in iso:FI (basis=node)" in said(rows, "located_in")) == (stage == "hosted")
    assert reading.left_out == {"party role insurer: no predicate": 1}


@pytest.mark.parametrize(
    ("type_", "role", "expected"),
    [
        ("device", {"role": "manufacturer"}, "cdx:org/mill builds #d (stage=manufactured)"),
        ("library", {"role": "manufacturer"}, "cdx:org/mill develops #d"),
        ("material", {"role": "manufacturer"}, "cdx:org/mill produces #d (stage=manufactured)"),
        ("device", {"role": "supplier", "order": 2}, "cdx:org/mill supplies #app (item=@#d; reading=supplier, order 2)"),
        ("device", {"role": "maintainer"}, "cdx:org/mill operates #d (role=maintainer)"),
        ("device", {"role": "owner"}, "cdx:org/mill owns #d"),
        ("device", {"role": "importer"}, None),
        ("device", {"name": "Chief of pumps"}, None),
    ],
)  # fmt: skip
def test_roles_of_parties(tmp_path: Path, type_: str, role: dict[str, Any], expected: str | None) -> None:
    party = {"roles": [role], "organization": {"name": "Mill"}}
    root = {"component": {"type": "device", "bom-ref": "app", "name": "Boat"}}
    reading, rows = read_draft(tmp_path, metadata=root, components=[device(type=type_, parties=[party])])
    done = [told(row) for row in rows if row["subject"] == "cdx:org/mill" and row["predicate"] not in ("kind", "name")]
    assert done == ([expected] if expected else [])
    name = role.get("role", role.get("name"))
    assert reading.left_out == ({} if expected else {f"party role {name}: no predicate": 1})


def test_persons_systems_and_personas_are_counted_and_left_out(tmp_path: Path) -> None:
    roles = [{"role": "author"}]
    parties = [
        {"roles": roles, "person": {"name": "Mara Tide"}},
        {"roles": roles, "system": {"kind": "bot"}},
        {"roles": roles, "persona": {"archetype": "competitor"}},
        {"roles": roles, "organization": {}},
        {"roles": roles},
        "nobody",
        7,
    ]
    reading, rows = read_draft(tmp_path, components=[device(parties=parties)])
    assert "Mara" not in json.dumps(rows) + json.dumps(reading.left_out)
    assert reading.left_out == {
        "parties, a natural person: personal data": 1,
        "parties, a system: no predicate": 1,
        "parties, an imagined one": 1,
        "parties, an organisation without a name": 1,
    }
    assert [fault.reason for fault in reading.rejected] == [
        "/components/0/parties/4: the party is neither an organisation nor a person, a system or a persona",
        "/components/0/parties/5: the document describes no party “nobody”",
        "/components/0/parties/6: it is neither a party nor the name of one",
    ]


def test_parts_of_several_things_and_choices_between_parts(tmp_path: Path) -> None:
    shared = {"type": "library", "bom-ref": "run", "name": "Runtime"}
    choice = {"type": "component-choice", "name": "Q1", "operator": "XOR",
              "components": [device(**{"bom-ref": "a"}), {"ref": "run"}, device(**{"bom-ref": "b"})]}  # fmt: skip
    group = {"type": "component-choice", "name": "Kit", "operator": "AND",
             "components": [device(**{"bom-ref": "k"}), device(**{"bom-ref": "l"})]}  # fmt: skip
    bad = {"type": "component-choice", "operator": "NAND", "components": [device(), device()]}
    inventories = [
        {"subject": device(**{"bom-ref": "one"}), "components": [choice, group, {**choice, "components": [{"ref": "run"}]}]},
        {"subject": {"ref": "run"}, "components": [{"ref": "run"}, bad]},
        {"components": [device(**{"bom-ref": "lost"})]},
    ]  # fmt: skip
    reading, rows = read_draft(tmp_path, definitions={"components": [shared]}, inventories=inventories)
    assert said(rows, "contains") == [
        "#one contains #a (ref=a; need=Q1)",
        "#one contains #b (ref=b; need=Q1)",
        "#one contains #k (ref=k)",
        "#one contains #l (ref=l)",
        "#one contains #run (need=Q1 (/inventories/0/components/2))",
        "#one contains #run (need=Q1)",
    ]
    assert [fault.reason for fault in reading.rejected] == [
        "/inventories/1/components/1: the choice between 2 parts is not read: its operator is none",
        "/inventories/2: it does not say of what its 1 parts are; they are not read",
    ]
    assert reading.notes[-1].startswith("1 things that are named as a part of themselves")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"kind": "components", "targets": ["d"]}, "#d completeness incomplete (reading={}; scope=components)"),
        ({"kind": "dependencies", "targets": ["d"]}, "#d completeness incomplete (reading={}; scope=dependencies)"),
        ({"assemblies": ["d"]}, "#d completeness incomplete (reading={}; scope=components)"),
        ({"kind": {"name": "my own"}, "targets": ["d"]}, None),
    ],
)
@pytest.mark.parametrize("aggregate", ["incomplete-third-party-only", "incomplete_third_party_only"])
def test_both_shapes_of_compositions_keep_their_words(
    tmp_path: Path, body: dict[str, Any], expected: str | None, aggregate: str
) -> None:
    reading, rows = read_draft(tmp_path, components=[device()], compositions=[{"aggregate": aggregate, **body}])
    assert said(rows, "completeness") == ([expected.format(aggregate)] if expected else [])
    assert (reading.left_out == {}) == (expected is not None)


def test_draft_goes_into_a_picture_and_says_what_it_is(tmp_path: Path) -> None:
    picture, options = tmp_path / "p.duckdb", AddOptions(format=DRAFT.name)
    for name, faults in (("inventories.json", 2), ("magnet.json", 1)):
        report = add_files(picture, [DATA / name], options)["files"][0]
        assert (report["format"], report["rejected_count"]) == (DRAFT.name, faults)
        assert any("draft of CycloneDX 2.0, which may still change" in note for note in report["notes"])
        assert report["claims_new"] > 40


def test_tables_of_the_draft_name_only_terms_of_the_vocabulary() -> None:
    draft, vocabulary = load_codes().draft, load_vocabulary()
    assert set(draft.types.values()) <= set(vocabulary.kinds)
    assert draft.hosted in draft.stages
    assert {*draft.performed, *draft.served} <= draft.stages
    predicates = {*draft.performed.values(), *(predicate for predicate, _ in draft.roles.values())} - {"makes"}
    for predicate in predicates:
        vocabulary.predicate(predicate)
