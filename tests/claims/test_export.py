"""Exports: what leaves, what stays, and that it reads back as the same claims."""

from __future__ import annotations

import csv
import json
import uuid
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.claims.export import WRITERS, export
from isthmus.claims.exports.policy import judge_licence
from isthmus.errors import ArgumentError, StoreReadOnlyError
from isthmus.model import CLAIM_COLUMNS
from isthmus.sources.adapter import Job
from isthmus.sources.adapters.claims import ADAPTER as CLAIMS
from isthmus.sources.adapters.ftm import ADAPTER as FTM
from isthmus.sources.spreadsheet import guard_sql, unguard_sql

Row = dict[str, str]
NS = "{http://graphml.graphdrawing.org/xmlns}"


def claim(subject: str, predicate: str, object_: str = "", **more: str) -> Row:
    given = {"subject": subject, "predicate": predicate, "object": object_, **more}
    return {"source": "ftm:reg", "locator": f"{subject}#x", "mode": "actual", "stance": "asserts", **given}


ROWS = [
    claim("fund", "kind", value="organization"),
    claim("fund", "name", value="Sea Fund"),
    claim("cable", "kind", value="company"),
    claim("cable", "name", value="NCL", qualifiers="type=alias"),
    claim("cable", "name", value="=North & <Cable>", value_lang="eng"),
    claim("cable", "identifier", value="5493001KJTIIGC8Y1R12", qualifiers="scheme=lei"),
    claim("cable", "located_in", "iso:GB", qualifiers="basis=jurisdiction"),
    claim("cable", "status", value="active", valid_from="2001-04"),
    claim("cable", "classified_as", "ftm-topic:sanction"),
    claim("fund", "owns", "cable", low="0.51", high="0.51", unit="share", valid_from="2015", hedge="reportedly"),
    claim("fund", "owns", "cable", low=">0.25", high="0.5", unit="share", valid_from="~2010"),
    claim("fund", "owns", "cable", mode="planned", low="1", high="1", unit="share"),
    claim("fund", "controls", "cable", stance="denies"),
    claim("cable", "has_role_in", "fund", qualifiers="role=head; title=Chief, acting"),
    claim("office", "name", value="Sanctions Office"),
    claim("office", "designates", "cable", qualifiers="as=CABLE-1", valid_from="2022-03-01"),
    claim("fund", "finances", "cable", low="80000.5", high="80000.5", unit="EUR", valid_from="2011-12-22"),
    claim("fund", "linked_to", "cable", qualifiers="reason=Acting for"),
    claim("hub", "capacity", low="-5", high="12", unit="MW", qualifiers="of=power"),
]


def connect(rows: list[Row]) -> duckdb.DuckDBPyConnection:
    """Return a connection with a table `kept` of export rows; empty cells are NULL."""
    engine = duckdb.connect()
    names = (*CLAIM_COLUMNS, "id", "recorded_at")
    columns = ", ".join(f'"{name}" VARCHAR' for name in names)
    engine.execute(f"CREATE TABLE kept ({columns})")
    for number, row in enumerate(rows):
        cells = [row.get(name) or None for name in CLAIM_COLUMNS]
        marks = ", ".join("?" for _ in names)
        engine.execute(
            f"INSERT INTO kept VALUES ({marks})", [*cells, str(uuid.UUID(int=number + 1)), "2026-01-01T00:00:00Z"]
        )
    return engine


@pytest.fixture
def store() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(ROWS) as engine:
        yield engine


def texts(row: Row) -> tuple[str, ...]:
    return tuple(row.get(name) or "" for name in CLAIM_COLUMNS)


def read_back(path: Path, folder: Path, form: str = "claims") -> list[tuple[str, ...]]:
    """Return the claims of a file as the adapter reads them."""
    folder.mkdir()
    reading = (CLAIMS if form == "claims" else FTM).read(Job(path, folder))
    with duckdb.connect() as engine:
        columns = ", ".join(f"coalesce(\"{name}\", '')" for name in CLAIM_COLUMNS)
        return sorted(engine.execute(f"SELECT {columns} FROM ({reading.select})").fetchall())


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_claims_read_back_unchanged(store: duckdb.DuckDBPyConnection, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"out.{form}"
    result = export(store, "SELECT * FROM kept", target, form)
    assert (result.claims, result.withheld, result.left_out) == (len(ROWS), {}, {})
    assert result.entities == len({row["subject"] for row in ROWS} | {row["object"] for row in ROWS if row["object"]})
    assert read_back(target, tmp_path / "work") == sorted(texts(row) for row in ROWS)


_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
_RISKY = st.tuples(st.sampled_from(["=", "+", "-", "@", "\t", "\r", "'", "''", "'=", "\r\n", ""]), _TEXT).map("".join)


@given(st.lists(_RISKY, min_size=1, max_size=20))
def test_guarded_text_is_no_formula_and_comes_back(values: list[str]) -> None:
    with duckdb.connect() as engine:
        for value in values:
            row = engine.execute(
                f"SELECT g, {unguard_sql('g')} FROM (SELECT {guard_sql('t')} AS g FROM (SELECT ?::VARCHAR AS t))",
                [value],
            ).fetchone()
            assert row is not None
            assert row[1] == value
            assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_csv_holds_no_formula_and_every_text(tmp_path: Path) -> None:
    nasty = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'quoted'", "'=x", 'a "b", c', "line\nbreak", "plain", "'"]
    rows = [claim("hub", "described_as", value=text, locator=f"p. {text}", hedge=text) for text in nasty]
    rows.append(claim("hub", "capacity", low="-5", high="-1", unit="MW"))
    target = tmp_path / "out.csv"
    with connect(rows) as engine:
        result = export(engine, "SELECT * FROM kept", target, "csv")
    assert result.claims == len(rows)
    with target.open(encoding="utf-8", newline="") as file:
        records = list(csv.DictReader(file))
    assert tuple(records[0]) == (*CLAIM_COLUMNS, "_id", "_recorded_at")
    for record in records:
        for name, cell in record.items():
            assert name in ("low", "high") or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (name, cell)
    assert {record["low"] for record in records} == {"", "-5"}
    with duckdb.connect() as engine:
        back = {
            engine.execute(f"SELECT {unguard_sql('t')} FROM (SELECT ?::VARCHAR AS t)", [record["hedge"]]).fetchall()[0][
                0
            ]
            for record in records
        }
    assert back == {*nasty, ""}


def test_marking_above_the_ceiling_is_withheld_and_counted(tmp_path: Path) -> None:
    rows = [
        claim("a", "name", value=mark or "none", marking=mark)
        for mark in ("", "TLP:CLEAR", "TLP:GREEN", "TLP:RED", "SECRET")
    ]
    with connect(rows) as engine:
        result = export(engine, "SELECT * FROM kept", tmp_path / "a.jsonl", "jsonl")
        wider = export(engine, "SELECT * FROM kept", tmp_path / "b.jsonl", "jsonl", ceiling="TLP:AMBER")
    assert (result.claims, wider.claims) == (2, 3)
    assert result.withheld == {
        "the marking TLP:GREEN is above TLP:CLEAR": 1,
        "the marking TLP:RED is above TLP:CLEAR": 1,
        "the marking SECRET is no marking that we know": 1,
    }
    values = {json.loads(line)["value"] for line in (tmp_path / "b.jsonl").read_text("utf-8").splitlines()}
    assert values == {"none", "TLP:CLEAR", "TLP:GREEN"}


def test_licence_that_forbids_is_withheld_unless_named_or_asked_for(tmp_path: Path) -> None:
    rows = [
        claim("a", "name", value=text or "none", licence=text)
        for text in ("CC BY 4.0", "CC BY-NC 4.0", "CC-BY-NC-SA-4.0", "", "House rules")
    ]
    with connect(rows) as engine:
        plain = export(engine, "SELECT * FROM kept", tmp_path / "a.jsonl", "jsonl")
        named = export(engine, "SELECT * FROM kept", tmp_path / "b.jsonl", "jsonl", licences=["cc by-nc 4.0"])
        every = export(engine, "SELECT * FROM kept", tmp_path / "c.jsonl", "jsonl", include_restricted=True)
    assert (plain.claims, named.claims, every.claims) == (3, 4, 5)
    assert plain.withheld == {
        "the licence “CC BY-NC 4.0”: for non-commercial use only": 1,
        "the licence “CC-BY-NC-SA-4.0”: for non-commercial use only": 1,
    }
    assert plain.remarks == {"licence not stated": 1, "licence “House rules” not known to the rules": 1}
    assert every.withheld == {}


@pytest.mark.parametrize(
    ("text", "pass_on"),
    [
        ("CC BY-NC 4.0", False),
        ("CC-BY-NC-SA-4.0", False),
        ("Creative Commons Attribution-NonCommercial", False),
        ("proprietary; not for redistribution", False),
        ("CC BY-ND 4.0", False),
        ("CC BY 4.0", True),
        ("CC-BY-SA-4.0", True),
        ("CC0 1.0", True),
        ("ODC-BY-1.0", True),
        ("public domain", True),
        ("MIT", True),
        ("own words; facts cited", True),
        ("terms of the register", None),
        ("Since 2001", None),
    ],
)
def test_licence_text_is_judged_by_the_rules(text: str, pass_on: bool | None) -> None:
    rule = judge_licence(text)
    assert (rule.pass_on if rule else None) is pass_on


def test_graphml_is_well_formed_and_says_every_relation(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.execute("UPDATE kept SET hedge = 'so' || chr(11) || chr(1) || ' <they> & \"we\"' WHERE hedge = 'reportedly'")
    target = tmp_path / "out.graphml"
    result = export(store, "SELECT * FROM kept", target, "graphml")
    root = ElementTree.parse(target).getroot()
    assert root.tag == f"{NS}graphml"
    declared = {key.attrib["id"] for key in root.iter(f"{NS}key")}
    nodes = {node.attrib["id"]: {data.attrib["key"]: data.text for data in node} for node in root.iter(f"{NS}node")}
    by_entity = {data["n_entity"]: node for node, data in nodes.items()}
    assert result.entities == len(nodes) == 6
    cable = nodes[by_entity["cable"]]
    assert (cable["n_name"], cable["n_kind"]) == ("=North & <Cable>", "company")
    edges = list(root.iter(f"{NS}edge"))
    assert len(edges) == len({edge.attrib["id"] for edge in edges}) == sum(1 for row in ROWS if row["object"])
    for edge in edges:
        assert {edge.attrib["source"], edge.attrib["target"]} <= set(nodes)
        assert {data.attrib["key"] for data in edge} <= declared
        linked = any(data.text == "linked_to" for data in edge)
        assert edge.attrib.get("directed") == ("false" if linked else None)
    owned = [
        {data.attrib["key"]: data.text for data in edge} for edge in edges if edge.attrib["source"] == by_entity["fund"]
    ]
    share = next(data for data in owned if data.get("e_low") == "0.51")
    assert share["e_hedge"] == 'so <they> & "we"'
    assert (share["e_predicate"], share["e_valid_from"], share["e_source"]) == ("owns", "2015", "ftm:reg")
    assert result.left_out == {
        f"{name}: a graph holds names, kinds and relations": 1 for name in ("capacity", "identifier", "status")
    }
    assert result.claims + sum(result.left_out.values()) == len(ROWS)


def test_ftm_says_what_it_can_and_counts_the_rest(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    target = tmp_path / "out.ftm.json"
    result = export(store, "SELECT * FROM kept", target, "ftm")
    things = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    by_id = {thing["id"]: thing for thing in things}
    assert len(by_id) == len(things)
    assert by_id["cable"] == {
        "id": "cable",
        "schema": "Company",
        "properties": {
            "alias": ["NCL"],
            "incorporationDate": ["2001-04"],
            "jurisdiction": ["gb"],
            "leiCode": ["5493001KJTIIGC8Y1R12"],
            "name": ["=North & <Cable>"],
            "topics": ["sanction"],
        },
        "datasets": ["reg"],
    }
    owned = [thing["properties"] for thing in things if thing["schema"] == "Ownership"]
    assert {"owner": ["fund"], "asset": ["cable"], "startDate": ["2015"], "percentage": ["51"], "description": ["reportedly"],
            "recordId": ["fund#x"]} in owned  # fmt: skip
    assert {"owner": ["fund"], "asset": ["cable"], "percentage": [">25", "<=50"], "description": ["from ~2010"],
            "recordId": ["fund#x"]} in owned  # fmt: skip
    assert len(owned) == 2
    sanction = next(thing for thing in things if thing["schema"] == "Sanction")
    assert sanction["properties"]["authority"] == ["Sanctions Office"]
    assert result.left_out == {
        "capacity: FollowTheMoney has no place for it": 1,
        "mode planned: FollowTheMoney would read it as a fact": 1,
        "stance denies: FollowTheMoney would read it as a fact": 1,
    }
    assert result.remarks == {
        "has_role_in: the title is written, the role code is not": 1,
        "licence not stated": len(ROWS),
    }
    assert result.claims + sum(result.left_out.values()) == len(ROWS)
    assert all(isinstance(value, list) and value for thing in things for value in thing["properties"].values())


def test_ftm_reads_back_with_our_own_reader(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    target = tmp_path / "out.ftm.json"
    export(store, "SELECT * FROM kept", target, "ftm")
    at = {name: index for index, name in enumerate(CLAIM_COLUMNS)}
    parts = ("subject", "predicate", "object", "value", "low", "high", "unit", "qualifiers", "valid_from")
    found = {tuple(row[at[part]] for part in parts) for row in read_back(target, tmp_path / "work", "ftm")}
    for row in ROWS:
        if row["mode"] != "actual" or row["stance"] != "asserts" or row["predicate"] in ("capacity", "designates"):
            continue
        if row.get("low") == ">0.25" or row["predicate"] == "has_role_in" or row["subject"] == "office":
            continue
        assert tuple(row.get(part, "") for part in parts) in found, row
    assert ("fund", "owns", "cable", "", ">0.25", "", "share", "", "") in found
    assert ("fund", "owns", "cable", "", "", "0.5", "share", "", "") in found
    # FollowTheMoney has words for a role and no code: the reader knows no code for these words.
    assert ("cable", "has_role_in", "fund", "", "", "", "", "role=official; title=Chief, acting", "") in found
    office = "authority:reg:sanctions-office"
    assert (office, "designates", "cable", "", "", "", "", "as=CABLE-1", "2022-03-01") in found


@pytest.mark.parametrize("form", sorted(WRITERS))
def test_nothing_to_say_is_still_a_whole_file(tmp_path: Path, form: str) -> None:
    with connect([]) as engine:
        result = export(engine, "SELECT * FROM kept", tmp_path / "empty", form)
    assert (result.claims, result.entities, result.path.is_file()) == (0, 0, True)
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_same_claims_give_the_same_file(tmp_path: Path) -> None:
    for form in WRITERS:
        files = []
        for number, rows in enumerate((ROWS, ROWS)):
            with connect(rows) as engine:
                order = "" if number else "ORDER BY id DESC"
                export(engine, f"SELECT * FROM kept {order}", tmp_path / f"{form}{number}", form)
            files.append((tmp_path / f"{form}{number}").read_bytes())
        assert form == "parquet" or files[0] == files[1], form


def test_failed_export_leaves_the_older_file(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("older")
    broken = "SELECT * REPLACE (CASE WHEN predicate = 'owns' THEN error('stop') ELSE value END AS value) FROM kept"
    with pytest.raises(duckdb.Error):
        export(store, broken, target, "csv")
    assert target.read_text() == "older"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_bad_targets_and_names_are_refused(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="no export format"):
        export(store, "SELECT * FROM kept", tmp_path / "x", "docx")
    with pytest.raises(ArgumentError, match="is no marking"):
        export(store, "SELECT * FROM kept", tmp_path / "x", "csv", ceiling="AMBER")
    with pytest.raises(ArgumentError, match="folder"):
        export(store, "SELECT * FROM kept", tmp_path, "csv")
    with pytest.raises(ArgumentError, match="does not exist"):
        export(store, "SELECT * FROM kept", tmp_path / "no" / "x", "csv")


@pytest.mark.parametrize("form", sorted(WRITERS))
def test_folder_that_may_not_be_written_is_said(
    store: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StoreReadOnlyError, match="cannot be written"):
        export(store, "SELECT * FROM kept", tmp_path / "out", form)
    assert list(tmp_path.iterdir()) == []
