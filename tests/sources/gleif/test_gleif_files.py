"""The files of GLEIF: the same records in every shape, files that are not what they should be, and the code tables."""

from __future__ import annotations

import csv
import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.errors import FormatError, IsthmusError
from isthmus.model import Source
from isthmus.sources.adapter import Head, Reading
from isthmus.sources.adapters.gleif import ADAPTER
from isthmus.sources.gleif.codes import load_codes
from isthmus.vocabulary import load_vocabulary
from tests.sources.readings import Row, ordered, read

DATA = Path(__file__).resolve().parents[2] / "data" / "gleif"
CABLE = "0000HARBOURCABLE0009"
QUAY = "0000QUAYHOLDINGS0085"

Found = tuple[Reading, list[Row]]


@pytest.fixture(scope="module")
def relations(tmp_path_factory: pytest.TempPathFactory) -> Found:
    return read(ADAPTER, DATA / "relations.csv", tmp_path_factory.mktemp("relations"))


def test_source_given_by_hand_wins(tmp_path: Path) -> None:
    reading, rows = read(ADAPTER, DATA / "relations.csv", tmp_path, Source(id="my-gleif"))
    assert {row["source"] for row in rows} == {"my-gleif"}
    assert reading.sources == ()


def as_json(row: dict[str, str], wrap: Callable[[str], Any]) -> dict[str, Any]:
    """Return a row of `relations.csv` as a record in JSON."""

    def cells(names: dict[str, str]) -> dict[str, Any]:
        return {key: wrap(row[column]) for key, column in names.items() if row.get(column)}

    periods = [
        cells({"StartDate": f"{stem}startDate", "EndDate": f"{stem}endDate", "PeriodType": f"{stem}periodType"})
        for stem in ("Relationship.Period.1.", "Relationship.Period.2.")
    ]
    relation: dict[str, Any] = cells({key: f"Relationship.{key}" for key in ("RelationshipType", "RelationshipStatus")})
    for node in ("StartNode", "EndNode"):
        relation[node] = cells({key: f"Relationship.{node}.{key}" for key in ("NodeID", "NodeIDType")})
    relation["RelationshipPeriods"] = {"RelationshipPeriod": [period for period in periods if period]}
    lists = {
        "Qualifiers": ("QualifierDimension", "QualifierCategory"),
        "Quantifiers": ("MeasurementMethod", "QuantifierAmount", "QuantifierUnits"),
    }
    for stem, names in lists.items():
        if found := cells({name: f"Relationship.{stem}.1.{name}" for name in names}):
            relation[f"Relationship{stem}"] = {f"Relationship{stem[:-1]}": found}
    keys = ("LastUpdateDate", "RegistrationStatus", "ValidationSources")
    return {"Relationship": relation, "Registration": cells({key: f"Registration.{key}" for key in keys})}


def as_xml(value: Any, name: str) -> str:
    if isinstance(value, list):
        return "".join(as_xml(item, name) for item in value)
    inner = "".join(as_xml(item, key) for key, item in value.items()) if isinstance(value, dict) else escape(value)
    return f"<rr:{name}>{inner}</rr:{name}>"


def written(shape: str, rows: list[dict[str, str]]) -> str:
    plain = [as_json(row, str) for row in rows]
    if shape == "document":
        wrapped = [as_json(row, lambda text: {"$": text}) for row in rows]
        return json.dumps({"relations": wrapped})
    if shape == "list":
        return json.dumps(plain, indent=1)
    if shape == "lines":
        return "".join(json.dumps(record) + "\n" for record in plain)
    if shape == "wrapped lines":
        return "".join(json.dumps({"RelationshipRecord": record}) + "\n" for record in plain)
    body = "".join(as_xml(record, "RelationshipRecord") + "\n" for record in plain)
    space = 'xmlns:rr="http://www.gleif.org/data/schema/rr/2016"'
    return f"<rr:RelationshipData {space}><rr:RelationshipRecords>{body}</rr:RelationshipRecords></rr:RelationshipData>"


@pytest.mark.parametrize("shape", ["document", "list", "lines", "wrapped lines", "xml"])
def test_every_shape_says_the_same(relations: Found, tmp_path: Path, shape: str) -> None:
    with (DATA / "relations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    path = tmp_path / "given.dat"
    path.write_text(written(shape, rows), "utf-8")
    assert ADAPTER.recognises(Head(path, path.stat().st_size, path.read_bytes()))
    reading, found = read(ADAPTER, path, tmp_path / "work")

    def plain(rows: list[Row]) -> list[Row]:
        return ordered([{key: cell for key, cell in row.items() if key != "line"} for row in rows])

    assert plain(found) == plain(relations[1])
    assert reading.rows == relations[0].rows
    assert sorted(fault.reason for fault in reading.rejected) == sorted(fault.reason for fault in relations[0].rejected)
    assert reading.left_out == relations[0].left_out


def test_file_is_read_out_of_its_zip_archive(relations: Found, tmp_path: Path) -> None:
    path = tmp_path / "golden-copy.csv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(DATA / "relations.csv", "../golden-copy.csv")
    assert ADAPTER.recognises(Head(path, path.stat().st_size, path.read_bytes()))
    assert read(ADAPTER, path, tmp_path / "work")[1] == relations[1]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "the line is not JSON: Expecting property name enclosed in double quotes at character 2"),
        ('{"LEI": "x"}', "this is no record of GLEIF: it has neither Entity nor Relationship nor ExceptionCategory"),
        ('{"LEI": "a", "LEI": "b", "Entity": {}}', "the key “LEI” stands twice in the object"),
        ('{"Entity": {}}', "the record has no LEI"),
        (f'{{"LEI": "{QUAY}", "Entity": {{}}}}', "the record has no legal name"),
        (f'{{"Relationship": {{"StartNode": {{"NodeID": "{QUAY}"}}}}}}', "the relationship has no end node"),
        (f'{{"LEI": "{QUAY}", "ExceptionCategory": "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT"}}', "the exception has no reason"),
        (f'{{"LEI": "{QUAY}", "Entity": {{"LegalName": "\\ud800"}}}}', "a text of the object holds half a character (a lone surrogate)"),
    ],
)  # fmt: skip
def test_bad_line_is_refused_and_the_rest_is_read(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "given.jsonl"
    good = json.dumps({"LEI": CABLE, "Entity": {"LegalName": "Kept"}})
    path.write_text(f"{good}\n{line}\n\n{good}\n", "utf-8")
    reading, rows = read(ADAPTER, path, tmp_path / "work")
    assert reading.rows == 3
    assert [(fault.line, fault.reason) for fault in reading.rejected if fault.line == 2][:1] == [(2, reason)]
    assert {row["line"] for row in rows if row["predicate"] == "name"} == {1, 4}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<!DOCTYPE x [<!ENTITY a "aaaa">]><x xmlns="http://www.gleif.org/data/schema/rr/2016">&a;</x>', "document type"),
        ('<x xmlns="http://www.gleif.org/data/schema/rr/2016"><y></x>', "the XML is not well formed: mismatched tag"),
        ('<x xmlns="http://www.gleif.org/data/schema/rr/2016"></x>', "the file holds no record of GLEIF"),
        ('{"relations": [{"Relationship": {}}, {"Relationship": ', "the JSON of record 2 cannot be read: Expecting value"),
        ('{"relations": [{"Relationship": {}}', "the JSON of record 2 cannot be read: the document ends within its list"),
        ('{"records": []}', "the file holds no record of GLEIF"),
        ('{"a": 1}\n', "the file holds no record of GLEIF: this is no record of GLEIF"),
        ("LEI,Name\nx,y\n", "these are not the columns of GLEIF's golden copy"),
        ("", "the first line is empty|the file is empty"),
    ],
)  # fmt: skip
def test_other_file_is_refused_whole(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "other.dat"
    path.write_text(text, "utf-8")
    with pytest.raises(FormatError, match=words):
        read(ADAPTER, path, tmp_path / "work")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ((DATA / "records.json").read_bytes(), True),
        ((DATA / "relations.csv").read_bytes(), True),
        ((DATA / "exceptions.xml").read_bytes(), True),
        (b'\xef\xbb\xbf"LEI","Exception.Category","Exception.Reason.1"\n', True),
        (b'"LEI","Entity.LegalName","Entity.LegalName.xmllang"\n', True),
        (b"LEI,Name\n", False),
        (b'{"id": "a", "schema": "Company", "properties": {}}\n', False),
        (b'{"company_number": "01234567", "data": {}}\n', False),
        (b'<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5"/>', False),
        (b"", False),
    ],
)
def test_format_is_recognised_by_its_beginning(start: bytes, expected: bool) -> None:
    assert ADAPTER.recognises(Head(Path("x"), len(start), start)) is expected


def test_tables_name_only_terms_of_the_vocabulary() -> None:
    vocabulary, codes = load_vocabulary(), load_codes()
    assert {kind for kind in codes.kinds.values() if kind} <= set(vocabulary.kinds)
    assert set(codes.names.values()) <= set(vocabulary.qualifiers["type"].values)
    assert set(codes.successions.values()) <= set(vocabulary.qualifiers["how"].values)
    assert set(codes.categories.values()) <= set(vocabulary.qualifiers["direct"].values)
    for predicate, words in (("status", codes.stages), ("owners_unstated", codes.exceptions)):
        listed = vocabulary.predicate(predicate).value
        assert listed is not None and set(words.values()) <= set(listed)
    for relation in codes.relations.values():
        assert relation["predicate"] in vocabulary.predicates and relation["subject"] in ("start", "end")


_WORDS = st.sampled_from(
    ["LEI", "Entity", "Relationship", "StartNode", "EndNode", "NodeID", "$", "LegalName", CABLE, QUAY, "ExceptionCategory",
     "ExceptionReason", "NO_LEI", "RelationshipPeriods", "RelationshipPeriod", "2020-01-01", "", "@type", "é\u0001", ";"]
)  # fmt: skip
_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=4) | _WORDS
_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=4), max_leaves=8
)
_RECORD = st.fixed_dictionaries({"LEI": _WORDS | _JSON, "Entity": st.dictionaries(_WORDS, _JSON, max_size=4) | _JSON})
_RELATION = st.fixed_dictionaries({"Relationship": st.dictionaries(_WORDS, _JSON, max_size=5) | _JSON})


@settings(max_examples=10, deadline=None)
@given(st.lists((_RECORD | _RELATION | _JSON).map(json.dumps), min_size=1, max_size=15))
def test_any_lines_give_a_reading_or_an_error_of_ours(texts: list[str]) -> None:
    kept = json.dumps({"LEI": CABLE, "Entity": {"LegalName": "K"}})
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "any.jsonl"
        path.write_text("\n".join([kept, *texts]) + "\n", "utf-8")
        try:
            reading, rows = read(ADAPTER, path, Path(name) / "work")
        except IsthmusError:
            return
        assert reading.rows == len(texts) + 1
        seen = {row["line"] for row in rows} | {fault.line for fault in reading.rejected}
        assert seen == set(range(1, reading.rows + 1)) or reading.left_out
        assert any(row.get("value") == "K" and row["line"] == 1 for row in rows)
