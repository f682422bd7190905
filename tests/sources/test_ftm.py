"""The reader of FollowTheMoney: what each schema becomes, what is left out, and what is refused."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.claims.rules import parse_qualifiers
from isthmus.errors import FormatError, IsthmusError
from isthmus.model import CLAIM_COLUMNS, Source
from isthmus.sources.adapter import READING_COLUMNS, Head, Job, Reading
from isthmus.sources.adapters.ftm import ADAPTER
from isthmus.sources.ftm.tables import load_tables
from isthmus.vocabulary import load_vocabulary

DATA = Path(__file__).resolve().parents[1] / "data" / "ftm"
ENTITIES = DATA / "harbour.ftm.jsonl"
STATEMENTS = DATA / "harbour.statements.csv"

Row = dict[str, Any]


def read(path: Path, folder: Path, source: Source | None = None) -> tuple[Reading, list[Row]]:
    """Return the reading of a file and its rows, without the columns that are empty."""
    folder.mkdir(exist_ok=True)
    reading = ADAPTER.read(Job(path, folder, source=source))
    with duckdb.connect() as engine:
        cursor = engine.execute(f"SELECT * FROM ({reading.select}) ORDER BY ALL")
        assert tuple(column[0] for column in cursor.description) == READING_COLUMNS
        rows = [
            {name: cell for name, cell in zip(READING_COLUMNS, row, strict=True) if cell is not None}
            for row in cursor.fetchall()
        ]
    return reading, rows


def lines(folder: Path, *entities: object) -> Path:
    """Write entities (or raw text) one a line."""
    path = folder / "given.json"
    texts = (item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in entities)
    path.write_text("\n".join(texts) + "\n", "utf-8")
    return path


def entity(id_: str, schema: str, **properties: object) -> dict[str, object]:
    return {"id": id_, "schema": schema, "properties": properties}


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> tuple[Reading, list[Row]]:
    return read(ENTITIES, tmp_path_factory.mktemp("harbour"))


def said(rows: list[Row], locator: str) -> list[Row]:
    """Return the rows with a locator, without line, locator and source."""
    found = [row for row in rows if row["locator"] == locator]
    return [{k: v for k, v in row.items() if k not in ("line", "locator", "source")} for row in found]


def claim(subject: str, predicate: str, object_: str | None = None, **more: str) -> Row:
    return {"subject": subject, "predicate": predicate, **({"object": object_} if object_ else {}), **more}


EXPECTED: dict[str, list[Row]] = json.loads((DATA / "harbour.expected.json").read_text("utf-8"))


@pytest.mark.parametrize("locator", sorted(EXPECTED))
def test_entity_becomes_claims(harbour: tuple[Reading, list[Row]], locator: str) -> None:
    assert sorted(said(harbour[1], locator), key=sorted_pairs) == sorted(EXPECTED[locator], key=sorted_pairs)


def sorted_pairs(row: Row) -> list[tuple[str, Any]]:
    return sorted(row.items())


def test_relation_stands_on_its_own_line(harbour: tuple[Reading, list[Row]]) -> None:
    assert {row["line"] for row in harbour[1] if row["locator"] == "own-1#owner"} == {8}


def test_authority_and_class_get_a_name_and_a_kind(harbour: tuple[Reading, list[Row]]) -> None:
    office = "authority:harbour:sanctions-office-us"
    assert said(harbour[1], "san-1#authority") == [
        claim(
            office, "designates", "north-cable", qualifiers="as=CABLE-1", valid_from="2022-03-01", valid_to="2023",
            origin="ftm:list_a ftm:list_b",
        ),
        claim(office, "kind", value="party"),
        claim(office, "name", value="Sanctions Office"),
    ]  # fmt: skip
    sector = "ftm-sector:submarine-cables"
    assert {
        (row["subject"], row["predicate"], row.get("object"), row.get("value"))
        for row in said(harbour[1], "north-cable#sector")
    } == {
        ("north-cable", "classified_as", sector, None),
        (sector, "kind", None, "sector"),
        (sector, "name", None, "Submarine cables"),
    }


def test_faults_are_listed_with_their_lines(harbour: tuple[Reading, list[Row]]) -> None:
    assert [(fault.line, fault.reason.split(":")[0]) for fault in harbour[0].rejected] == [
        (10, "the share “banana” is no percentage"),
        (11, "startDate “someday” is no date"),
        (13, "Ownership without owner"),
        (30, "the amount “many” is no sum in a currency of the vocabulary"),
    ]


def test_what_is_left_out_is_counted_by_name(harbour: tuple[Reading, list[Row]]) -> None:
    left = harbour[0].left_out
    assert harbour[0].rows == 40
    for reason in (
        "property website: no predicate",
        "property sharesCount: no predicate",
        "property birthDate: personal data",
        "property passportNumber: personal data",
        "schema Family: personal data: organisations, not people",
        "schema CryptoWallet: no place in the vocabulary",
        "natural persons who hold no role or interest in the file",
        "addressEntity: the address is not in the file",
        "Ownership: between natural persons",
    ):
        assert left[reason] == 1, reason


@pytest.mark.parametrize("path", [ENTITIES, STATEMENTS])
def test_nothing_personal_is_in_claims_or_working_files(path: Path, tmp_path: Path) -> None:
    _, rows = read(path, tmp_path)
    texts = " ".join(str(value) for row in rows for value in row.values())
    for secret in ("1970-01-01", "123456789", "SECRET-1", "SECRET-2", "Bob", "sister", "Dee", "bob"):
        assert secret not in texts
    for file in tmp_path.glob("ftm.*"):
        assert not [
            secret for secret in (b"1970-01-01", b"123456789", b"SECRET-1", b"SECRET-2") if secret in file.read_bytes()
        ]


def test_every_row_keeps_to_the_vocabulary(harbour: tuple[Reading, list[Row]], tmp_path: Path) -> None:
    vocabulary = load_vocabulary()
    for row in [*harbour[1], *read(STATEMENTS, tmp_path)[1]]:
        predicate = vocabulary.predicate(row["predicate"])
        assert row["source"] and row["locator"]
        assert "object" not in row or predicate.takes_object
        assert "value" not in row or predicate.value is not None
        assert "unit" not in row or row["unit"] in vocabulary.allowed_units(predicate)
        if predicate.value == "kinds":
            assert row["value"] in vocabulary.kinds
        parsed = parse_qualifiers(vocabulary, predicate.name, row.get("qualifiers", ""))
        assert not isinstance(parsed, str), (row, parsed)


def test_statements_keep_entity_data_set_and_language(tmp_path: Path) -> None:
    reading, rows = read(STATEMENTS, tmp_path)
    assert reading.rows == 15
    assert {
        (row["source"], row["value"], row.get("value_lang"), row["line"])
        for row in rows
        if row["locator"] == "reg-1#name"
    } == {
        ("ftm:reg", "Quay, Wire & Co", "eng", 3),
        ("ftm:list_a", "Кабель", "rus", 4),
    }
    assert said(rows, "own-9#owner") == [
        claim("reg-2", "owns", "reg-1", low="0.333", high="0.333", unit="share", observed="2023-04-20")
    ]
    same = claim("reg-1", "same_as", "NK-1", observed="2023-04-20")
    assert said(rows, "reg-1#canonical_id") == [same, same]
    assert [(fault.line, fault.reason) for fault in reading.rejected] == [
        (9, "startDate “2017-02-30” is no date"),
        (16, "“Starship” is no schema of FollowTheMoney"),
    ]
    assert reading.left_out["external statements: candidates only"] == 1
    assert [(source.id, source.date) for source in reading.sources] == [
        ("ftm:list_a", "2024-06-01"),
        ("ftm:reg", "2024-06-01"),
    ]


def test_source_given_by_hand_wins_and_data_sets_become_origins(tmp_path: Path) -> None:
    reading, rows = read(ENTITIES, tmp_path, Source(id="my-register"))
    assert {row["source"] for row in rows} == {"my-register"}
    assert {row.get("origin") for row in rows if row["locator"].startswith("north-cable#name")} == {"ftm:reg"}
    assert {source.id for source in reading.sources} == {"ftm:reg", "ftm:list_a", "ftm:list_b"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "the line is not JSON: Expecting property name enclosed in double quotes at character 2"),
        ('["a"]', "the line is not a JSON object"),
        ('{"schema":"Company","properties":{}}', "the entity has no id"),
        ('{"id":"a","properties":{}}', "the entity has no schema"),
        ('{"id":"a b","schema":"Company"}', "the id holds a blank or begins with @, ; or ="),
        ('{"id":"a","schema":"Starship"}', "“Starship” is no schema of FollowTheMoney"),
        ('{"id":"a","schema":"Company","properties":[]}', "“properties” is not an object"),
        ('{"id":"a","id":"b","schema":"Company"}', "the key “id” stands twice in one object"),
        ('{"id":"a","schema":"Company","properties":{"name":["x"],"name":["y"]}}', "the key “name” stands twice in one object"),
        ('{"id":"a","schema":"Company","properties":{"name":"x"}}', "the property “name” holds no list of texts"),
        (
            '{"id":"a","schema":"Company","properties":{"name":[{"id":"b"}]}}',
            "name holds a nested value, and a text is needed",
        ),
        (
            '{"id":"a","schema":"Ownership","properties":{"owner":[{"id":"b"}],"asset":["c"]}}',
            "“{\"id\":\"b\"}” is no id of an entity",
        ),
        ('{"id":"a","schema":"Company","properties":{"country":["Utopia"]}}', "country “Utopia” is no country code"),
        ('{"id":"a","schema":"Company","properties":{"incorporationDate":["2021-13"]}}', "incorporationDate “2021-13” is no date"),
    ],
)  # fmt: skip
def test_bad_line_is_refused_and_the_rest_is_read(tmp_path: Path, line: str, reason: str) -> None:
    path = lines(tmp_path, entity("ok", "Company", name=["Kept"]), line, "", entity("ok-2", "Company", name=["Too"]))
    reading, rows = read(path, tmp_path / "work")
    assert reading.rows == 4
    assert [(fault.line, fault.reason) for fault in reading.rejected] == [(2, reason)]
    assert {row["value"] for row in rows if row["predicate"] == "name"} == {"Kept", "Too"}
    assert reading.left_out["blank lines"] == 1


def test_tables_name_only_terms_of_the_vocabulary() -> None:
    vocabulary, tables = load_vocabulary(), load_tables()
    for _, kind, _ in tables.schemata.values():
        assert kind is None or kind in vocabulary.kinds
    for rule in tables.properties:
        predicate = vocabulary.predicate(rule.predicate)
        if rule.qualifier and "=" in rule.qualifier:
            parsed = parse_qualifiers(vocabulary, predicate.name, rule.qualifier)
            assert not isinstance(parsed, str), parsed
    for relation in tables.relations:
        assert relation.predicate in vocabulary.predicates
        assert relation.dated_at_start == (vocabulary.predicate(relation.predicate).date == "start")
    roles = vocabulary.qualifiers["role"].values
    assert {role for _, role in tables.roles} <= set(roles)
    statuses = vocabulary.predicate("status").value
    assert statuses is not None and set(tables.states.values()) <= set(statuses)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b'{"id": "a", "schema": "Company", "properties": {}}\n', True),
        (b'\xef\xbb\xbf{"id":"a","caption":"b","schema":"Company","properties":{}}', True),
        (b"canonical_id,entity_id,prop,prop_type,schema,value,dataset,origin,lang\n", True),
        (b'{"subject":"a","predicate":"owns"}\n', False),
        (b'{"$schema":"http://cyclonedx.org/schema","bomFormat":"CycloneDX"}\n', False),
        (b"subject,predicate,object\n", False),
        (b"", False),
    ],
)
def test_format_is_recognised_by_its_first_line(start: bytes, expected: bool) -> None:
    assert ADAPTER.recognises(Head(Path("x.json"), len(start), start)) is expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[\n{}\n]\n", "no line of the file is an entity"),
        ("\n\n", "no line of the file is an entity"),
        ("canonical_id,entity_id,prop\na,b,c\n", "the column “dataset” is missing"),
        ("", "the file is empty"),
    ],
)
def test_other_file_is_refused_whole(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(FormatError, match=words):
        read(path, tmp_path / "work")


_WORDS = st.sampled_from(
    ["id", "schema", "properties", "name", "owner", "asset", "percentage", "country", "a", "b c", "Company", "Ownership",
     "Person", "Sanction", "Payment", "Occupancy", "Position", "51%", "2020", "", "@x", ";", "{}", "é\u0000\u001f", "zz"]
)  # fmt: skip
_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=5) | _WORDS
_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=4), max_leaves=8
)
_PROPERTIES = st.dictionaries(_WORDS, st.lists(_WORDS, max_size=3) | _JSON, max_size=5)
_ENTITY = st.fixed_dictionaries({"id": _WORDS | _JSON, "schema": _WORDS | _JSON, "properties": _PROPERTIES | _JSON})
_LINE = st.one_of(
    _ENTITY.map(lambda value: json.dumps(value, ensure_ascii=False)),
    _JSON.map(json.dumps),
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\n\x00"), max_size=30),
)


@settings(max_examples=12)
@given(st.lists(_LINE, min_size=1, max_size=25))
def test_any_lines_give_a_reading_or_an_error_of_ours(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "any.json"
        path.write_bytes(
            ("\n".join(['{"id":"k","schema":"Company","properties":{"name":["K"]}}', *texts]) + "\n").encode()
        )
        try:
            reading, rows = read(path, Path(name) / "work")
        except IsthmusError:
            return
        assert reading.rows == len(texts) + 1
        assert all(1 <= row["line"] <= reading.rows for row in rows)
        assert all(1 <= fault.line <= reading.rows for fault in reading.rejected)
        assert any(row.get("value") == "K" and row["line"] == 1 for row in rows)
        seen = {row["line"] for row in rows} | {fault.line for fault in reading.rejected}
        if len(seen) < reading.rows:
            # A line without a claim and without a fault must be counted as left out.
            assert sum(reading.left_out.values()) >= 1


_CELL = st.one_of(
    _WORDS.map(lambda word: word.replace("\0", "")), st.sampled_from(["reg-1", "t", "entity", "startDate", '"', ","])
)


@settings(max_examples=8)
@given(st.lists(st.lists(_CELL, min_size=13, max_size=15), min_size=1, max_size=15))
def test_any_statements_give_a_reading_or_an_error_of_ours(table: list[list[str]]) -> None:
    header, first = STATEMENTS.read_text("utf-8").splitlines()[:2]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "any.csv"
        path.write_text("\n".join([header, first, *(",".join(cells) for cells in table)]) + "\n", "utf-8")
        try:
            reading, rows = read(path, Path(name) / "work")
        except IsthmusError:
            return
        assert all(2 <= row["line"] <= len(table) + 2 for row in rows)
        assert all(2 <= fault.line <= len(table) + 2 for fault in reading.rejected)


def test_lines_longer_than_a_piece_and_without_a_last_newline(tmp_path: Path) -> None:
    long = entity("long", "Company", name=["x" * 3_000_000])
    path = lines(tmp_path, *(entity(f"e{n}", "Company", name=[f"n{n}"]) for n in range(20_000)), long)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().rstrip(b"\n"))
    reading, rows = read(path, tmp_path / "work")
    assert reading.rows == 20_001
    assert {(row["line"], row["value"][:6]) for row in rows if row["predicate"] == "name"} == {
        *((n + 1, f"n{n}") for n in range(20_000)),
        (20_001, "xxxxxx"),
    }


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "rows", "counts"),
    [
        ("zala", 91, {"owns": 14, "has_role_in": 3, "designates": 46}),
        ("donations", 474, {"finances": 242, "kind": 73}),
        ("parteispenden", 475, {"kind": 74}),
        ("t1", 7, {"kind": 3, "identifier": 1}),
    ],
)
def test_published_fixtures_are_read_whole(
    shared: Path, tmp_path: Path, name: str, rows: int, counts: dict[str, int]
) -> None:
    reading, found = read(shared / "data" / "open" / "ftm-fixtures" / f"{name}.ftm.jsonl", tmp_path)
    assert reading.rows == rows
    assert reading.rejected == ()
    for predicate, count in counts.items():
        assert sum(row["predicate"] == predicate for row in found) == count, predicate
    assert set(found[0]) <= {"line", *CLAIM_COLUMNS}
