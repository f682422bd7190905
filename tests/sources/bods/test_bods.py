"""The reader of BODS 0.4 statements: what each becomes, what is left out, and what is refused."""

from __future__ import annotations

import csv
import gzip
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.claims.rules import Shape, date_fault, entity_fault, parse_qualifiers, shape_fault, value_fault
from isthmus.errors import FormatError, IsthmusError
from isthmus.model import Source
from isthmus.sources.adapter import Head
from isthmus.sources.adapters.bods import ADAPTER
from isthmus.sources.bods.codes import load_codes
from isthmus.vocabulary import load_vocabulary
from tests.sources.bods.readings import (
    CONTROL,
    DATA,
    Row,
    company,
    read,
    read_statements,
    relation,
    statement,
    summary,
    told,
    unaccounted,
)

CASES = sorted(path.stem for path in DATA.glob("*.json") if ".expected" not in path.name)
VECTORS = ("V1", "V2", "V3", "V4", "V5", "V5b")


@pytest.mark.parametrize("case", CASES)
def test_case_becomes_what_is_expected(case: str, tmp_path: Path) -> None:
    expected = json.loads((DATA / f"{case}.expected.json").read_text("utf-8"))
    reading, rows = read(DATA / f"{case}.json", tmp_path)
    assert summary(reading, rows) == expected
    assert unaccounted(reading, rows) == 0


@pytest.mark.parametrize("case", CASES)
def test_every_row_keeps_to_the_vocabulary(case: str, tmp_path: Path) -> None:
    vocabulary = load_vocabulary()
    for row in read(DATA / f"{case}.json", tmp_path)[1]:
        name = row["predicate"]
        number = "low" in row or "high" in row
        shape = Shape(
            name, row.get("unit"), None, None, None, "object" in row, "value" in row, number, "qualifiers" in row
        )
        assert shape_fault(vocabulary, shape) is None, row
        assert "value" not in row or value_fault(vocabulary, name, row["value"]) is None
        assert not isinstance(parse_qualifiers(vocabulary, name, row.get("qualifiers", "")), str), row
        assert all(date_fault(row[key]) is None for key in ("valid_from", "valid_to", "observed") if key in row)
        assert all(entity_fault(row[key]) is None for key in ("subject", "object") if key in row)
        assert row["source"] == "bods:harbour-register" or row["line"] == 21
        assert row["locator"]


@pytest.mark.parametrize("vector", VECTORS)
def test_vectors_of_control_say_the_same_as_claims_and_as_statements(vector: str, tmp_path: Path) -> None:
    with (CONTROL / f"{vector}.csv").open(encoding="utf-8", newline="") as file:
        claims = {tuple(row[key] for key in ("subject", "predicate", "object", "value", "low", "high", "qualifiers"))
                  for row in csv.DictReader(file)}  # fmt: skip
    _, rows = read(CONTROL / f"{vector}.bods.json", tmp_path)
    said = {
        (
            row["subject"].removeprefix("bods:"), row["predicate"], row.get("object", "").removeprefix("bods:"),
            row.get("value", ""), row.get("low", ""), row.get("high", ""), row.get("qualifiers", ""),
        )
        for row in rows
    }  # fmt: skip
    only_claims = {("T", "completeness", "", "complete", "", "", "scope=shareholders")} if vector == "V5b" else set()
    assert claims - said == only_claims
    assert said <= claims


@pytest.mark.shared
def test_every_public_example_is_accounted_for(shared: Path, tmp_path: Path) -> None:
    lines = [f"{'file':48} statements claims rejected left-out"]
    for path in sorted((shared / "data" / "open" / "bods-examples").glob("*.json")):
        reading, rows = read(path, tmp_path)
        left = sum(count for reason, count in reading.left_out.items() if reason.startswith("statements "))
        lines.append(f"{path.name:48} {reading.rows:10} {len(rows):6} {len(reading.rejected):8} {left:8}")
        assert unaccounted(reading, rows) == 0, path.name
        assert not reading.rejected, path.name
        assert reading.rows == len(json.loads(path.read_text("utf-8")))
    sys.stdout.write("\n".join([*lines, ""]))  # shown with -rP
    assert len(lines) == 20


@pytest.mark.shared
@pytest.mark.parametrize(
    ("codelist", "known"),
    [
        ("interestType", set(load_codes().interests)),
        ("entityType", set(load_codes().types)),
        ("entitySubtype", load_codes().told_subtypes | load_codes().silent_subtypes),
        ("unspecifiedReason", set(load_codes().reasons)),
        ("nameType", set(load_codes().name_types) | load_codes().personal_names),
        ("personType", load_codes().person_types),
    ],
)
def test_tables_hold_every_code_of_the_standard(shared: Path, codelist: str, known: set[str]) -> None:
    path = shared / "data" / "open" / "bods-examples" / "codelists" / f"{codelist}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        assert {row["code"] for row in csv.DictReader(file)} == known


def test_tables_name_only_terms_of_the_vocabulary() -> None:
    vocabulary, codes = load_vocabulary(), load_codes()
    assert {*codes.types.values(), *codes.subtypes.values(), *codes.wider} <= set(vocabulary.kinds)
    assert set(codes.interests.values()) <= set(vocabulary.predicates)
    assert set(codes.interests) == set(vocabulary.qualifiers["interest"].values)
    assert set(codes.roles.values()) <= set(vocabulary.qualifiers["role"].values)
    assert {right for _, right in codes.rights} <= set(vocabulary.qualifiers["right"].values)
    unstated = vocabulary.predicate("owners_unstated").value
    assert unstated is not None and set(codes.reasons.values()) <= set(unstated)


def test_nothing_personal_is_in_claims_or_working_files(tmp_path: Path) -> None:
    secret = statement("p", "person", {
        "personType": "knownPerson", "birthDate": "1970-12-24", "deathDate": "2020-12-24",
        "names": [{"type": "legal", "fullName": "Ada Berg"}, {"type": "birth", "fullName": "Ada SECRETMAIDEN"}],
        "nationalities": [{"name": "SECRETLAND", "code": "XK"}], "taxResidencies": [{"name": "SECRETTAX"}],
        "identifiers": [{"id": "SECRETNUMBER", "scheme": "XXX-PASSPORT"}], "placeOfBirth": {"address": "SECRETPLACE"},
        "addresses": [{"type": "residence", "address": "SECRETSTREET"}],
        "politicalExposure": {"status": "isPep", "details": [{"reason": "SECRETOFFICE"}]},
        "unspecifiedPersonDetails": {"reason": "unknown", "description": "SECRETREASON"},
    })  # fmt: skip
    source = {"type": ["selfDeclaration"], "assertedBy": [{"name": "SECRET DECLARANT"}]}
    idle = statement("q", "person", {"personType": "knownPerson", "names": [{"fullName": "SECRETBYSTANDER"}]})
    reading, rows = read_statements(tmp_path, secret, idle, company("c"), relation("r", "c", "p", {}, source=source))
    for text in ("SECRET", "1970-12-24", "2020-12-24", "XK"):
        assert text not in json.dumps(rows)
        assert not [file for file in (tmp_path / "work").iterdir() if text.encode() in file.read_bytes()]
    assert {row["value"] for row in rows if row["subject"] == "bods:p" and "value" in row} == {"Ada Berg", "person"}
    personal = {reason: count for reason, count in reading.left_out.items() if "personal data" in reason}
    assert set(personal.values()) == {1} and len(personal) == 10
    assert reading.left_out["statements about natural persons who hold no interest in the file"] == 1
    assert reading.left_out["assertedBy: a name of no entity in the file, perhaps of a natural person"] == 1


def test_person_is_left_out_where_the_only_interest_is_corrected_away(tmp_path: Path) -> None:
    person = statement("p", "person", {"personType": "knownPerson", "names": [{"fullName": "Ada Berg"}]})
    correcting = [{"statementPointerTarget": "/", "motivation": "correcting", "description": "Another holder"}]
    first = relation("r", "c", "p", {"type": "shareholding"})
    second = relation("r", "c", "d", {"type": "shareholding"}, statementId="x" * 32, annotations=correcting)
    second["publicationDetails"] = {**second["publicationDetails"], "publicationDate": "2022-01-01"}
    _, rows = read_statements(tmp_path, person, company("c"), company("d"), first, second)
    assert "Ada Berg" not in json.dumps(rows)


def test_lines_and_array_and_gzip_say_the_same(tmp_path: Path) -> None:
    array = DATA / "joint.json"
    statements = json.loads(array.read_text("utf-8"))
    lines, packed = tmp_path / "joint.jsonl", tmp_path / "joint.json.gz"
    lines.write_text("\n\n".join(json.dumps(item) for item in statements) + "\n", "utf-8")
    packed.write_bytes(gzip.compress(array.read_bytes()))
    expected = sorted(map(told, read(array, tmp_path / "a")[1]))
    assert sorted(map(told, read(lines, tmp_path / "b")[1])) == expected
    assert sorted(map(told, read(packed, tmp_path / "c")[1])) == expected
    assert {row["line"] for row in read(lines, tmp_path / "d")[1]} == {
        2 * row["line"] - 1 for row in read(array, tmp_path / "e")[1]
    }


def test_source_given_by_hand_wins(tmp_path: Path) -> None:
    reading, rows = read(DATA / "rings.json", tmp_path, Source(id="my-register"))
    assert {row["source"] for row in rows} == {"my-register"}
    assert reading.sources == ()


def test_publisher_page_and_organisation_that_asserts_become_sources(tmp_path: Path) -> None:
    reading, rows = read(DATA / "flaws.json", tmp_path)
    assert {row.get("origin") for row in rows if row["subject"] == "bods:a%20b%3Bc" and "object" in row} == {
        "bods:quay-ltd register.example"
    }
    assert [(source.id, source.kind, source.date) for source in reading.sources] == [
        ("bods:flaws", "dataset", None),
        ("bods:harbour-register", "dataset", "2022-01-01"),
        ("bods:quay-ltd", "self_declaration", None),
        ("register.example", "register", None),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("[]", "no item of the file is a statement: it holds none"),
        ("hello", "these are no statements of BODS"),
        ('[{"a": 1}]', "no item of the file is a statement: /0: the recordId is missing"),
        ('[{"a": 1} {"a": 2}]', "cannot be read on from its item 2 (/1): a comma or the end of the array is missing"),
        ('[{"a": 1}, {"a": ', "cannot be read on from its item 2 (/1)"),
        ('[{"a": 1}] x', "something stands after the end of the array"),
        ("[" * 100_000, "cannot be read on from its item 1 (/0): it nests too deeply"),
    ],
)
def test_other_file_is_refused_whole(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(FormatError) as error:
        read(path, tmp_path / "work")
    assert words in str(error.value)


def test_array_on_one_long_line_is_read(tmp_path: Path) -> None:
    long = company("a", name="Long", addresses=[{"address": "x" * 9_000_000}])
    reading, rows = read_statements(tmp_path, company("b"), long, company("c"))
    assert (reading.rows, reading.rejected) == (3, ())
    assert {row["subject"] for row in rows} == {"bods:a", "bods:b", "bods:c"}


@pytest.mark.parametrize("text", [b'[{"a": "\xff"}]', b'{"a": "\xff"}\n', b"\xff"])
def test_file_that_is_not_utf_8_is_refused(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "other.json"
    path.write_bytes(text)
    with pytest.raises(FormatError, match=r"not UTF-8 \(byte 0xff\)"):
        read(path, tmp_path / "work")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "it is not JSON: Expecting property name enclosed in double quotes at character 2"),
        ("[1]", "it is not a JSON object"),
        ('{"recordId": "a", "recordId": "b"}', "the key “recordId” stands twice in one object"),
        ('{"recordId": NaN}', "NaN is no number of JSON"),
        ('{"recordId": "\\ud800"}', "a text holds half a character (a lone surrogate \\uD800-\\uDFFF)"),
        ('{"recordId": "a", "recordType": "entity"}', "the recordDetails are not an object"),
    ],
)
def test_bad_line_is_refused_and_the_rest_is_read(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "given.jsonl"
    path.write_text(
        f"{json.dumps(company('a', name='Kept'))}\n{line}\n{json.dumps(company('b', name='Too'))}\n", "utf-8"
    )
    reading, rows = read(path, tmp_path / "work")
    assert reading.rows == 3
    assert [(fault.line, fault.reason) for fault in reading.rejected] == [(2, f"line 2: {reason}")]
    assert {row["value"] for row in rows if row["predicate"] == "name"} == {"Kept", "Too"}


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b'[{"statementId": "x", "recordType": "entity", "recordDetails": {}}]', True),
        (b'\xef\xbb\xbf {"recordType": "entity", "recordDetails": {}}', True),
        (b'[{"statementID": "x", "statementType": "entityStatement"}]', True),
        (b'{"id": "a", "schema": "Company", "properties": {}}', False),
        (b'{"subject": "a", "predicate": "owns", "value": "\\"recordType\\" \\"recordDetails\\""}', False),
        (b"subject,predicate,object\n", False),
        (b"", False),
    ],
)
def test_format_is_recognised_by_the_keys_of_a_statement(start: bytes, expected: bool) -> None:
    assert ADAPTER.recognises(Head(Path("x.json"), len(start), start)) is expected


_WORDS = st.sampled_from(
    ["a", "b c", "@x", ";", "", "entity", "person", "relationship", "new", "closed", "shareholding", "boardMember", "nominee",
     "registeredEntity", "arrangement", "trust", "2021-01-01", "2020", "someday", "0.4", "unknown", "golden share", "é\u0000", "GB"]
)  # fmt: skip
_KEYS = st.sampled_from(
    ["type", "subtype", "reason", "code", "name", "names", "fullName", "share", "exact", "minimum", "maximum", "details",
     "startDate", "endDate", "id", "scheme", "address", "country", "directOrIndirect", "beneficialOwnershipOrControl"]
)  # fmt: skip
_LEAVES = st.none() | st.booleans() | st.integers(-10, 200) | st.floats(allow_nan=False, allow_infinity=False) | _WORDS
_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4), max_leaves=6
)
_DETAILS = st.dictionaries(
    st.sampled_from(
        ["isComponent", "entityType", "name", "alternateNames", "jurisdiction", "identifiers", "foundingDate", "addresses",
         "publicListing", "formedByStatute", "personType", "names", "unspecifiedEntityDetails", "unspecifiedPersonDetails",
         "subject", "interestedParty", "interests", "componentRecords", "birthDate", "odd"]
    ),
    _JSON | st.lists(st.dictionaries(_KEYS, _LEAVES, max_size=5), max_size=2),
    max_size=6,
)  # fmt: skip
_STATEMENT = st.fixed_dictionaries(
    {"recordId": st.sampled_from(["a", "b", "c"]) | _JSON, "recordType": st.sampled_from(["entity", "person", "relationship"]) | _JSON,
     "recordDetails": _DETAILS | _JSON},
    optional={"statementId": _WORDS | _JSON, "statementDate": st.sampled_from(["2021-01-01", "2022-01-01"]) | _JSON,
              "recordStatus": st.sampled_from(["new", "updated", "closed"]), "publicationDetails": _JSON, "source": _JSON,
              "annotations": _JSON, "replacesStatements": _JSON},
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(_STATEMENT | _JSON, min_size=1, max_size=12))
def test_any_statements_are_accounted_for_or_refused(statements: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "any.json"
        path.write_text(json.dumps([company("kept", name="Kept"), *statements]), "utf-8")
        try:
            reading, rows = read(path, Path(name) / "work")
        except IsthmusError:
            return
        assert reading.rows == len(statements) + 1
        assert any(row.get("value") == "Kept" and row["line"] == 1 for row in rows)
        assert all(1 <= fault.line <= reading.rows for fault in reading.rejected)
        assert unaccounted(reading, rows) <= 0, summary(reading, rows)


def test_rings_of_many_companies_are_read(tmp_path: Path) -> None:
    count = 2000
    companies: list[Row] = [company(f"c{number}") for number in range(count)]
    ring = [
        relation(f"r{n}", f"c{n}", f"c{(n + 1) % count}", {"share": {"exact": 60}, "type": "shareholding"})
        for n in range(count)
    ]
    reading, rows = read_statements(tmp_path, *companies, *ring)
    assert (reading.rows, len(rows), reading.rejected) == (2 * count, 2 * count, ())
