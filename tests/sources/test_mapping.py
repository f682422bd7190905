"""The mapping language: what is read, what is refused and how it says so, and what each step makes of a text."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.errors import MappingError
from isthmus.sources.documents import MAX_BYTES
from isthmus.sources.mapping.check import check_mapping
from isthmus.sources.mapping.compile import compile_mapping
from isthmus.sources.mapping.countries import write_countries
from isthmus.sources.mapping.document import parse_document, read_document
from isthmus.sources.mapping.library import Header, choose, nearest
from isthmus.sources.mapping.order import find_lists, order_fields
from isthmus.sources.mapping.parts import Mapping
from isthmus.sources.mapping.read import build_mapping
from isthmus.sources.staging import quote
from isthmus.vocabulary import load_vocabulary

HEAD = "mapping: test/1\ntitle: Test\nsource: {id: s, title: S}\n"
CLAIM = 'claims:\n  - {subject: "x:{id}", predicate: located_in, object: "iso:{c}"}\n'


def mapping(text: str) -> Mapping:
    found = build_mapping(parse_document(text, "test.yaml"), "test.yaml")
    check_mapping(found, load_vocabulary())
    return found


def fault(text: str) -> MappingError:
    with pytest.raises(MappingError) as caught:
        mapping(text)
    return caught.value


def run(fields: str, folder: Path, **columns: str | None) -> dict[str, str | None]:
    """Work out fields over one row, and return them with the reason for which the row would be rejected."""
    names = [line.split(":")[0].strip() for line in fields.splitlines()]
    rules = "\n".join(f'  - {{subject: "x:1", predicate: address, value: "{{{name}}}"}}' for name in names)
    texts = ", ".join(
        f"{'NULL' if text is None else quote(text)}::VARCHAR AS k{index}" for index, text in enumerate(columns.values())
    )
    work = folder / "work.parquet"
    program = compile_mapping(
        mapping(f"{HEAD}fields:\n{fields}\nclaims:\n{rules}\n"),
        load_vocabulary(),
        {name: f"k{index}" for index, name in enumerate(columns)},
        table=f'(SELECT 2::BIGINT AS line, 1::BIGINT AS "row", {texts})',
        work=work,
        source="s",
        file="t.csv",
        countries=write_countries(folder / "countries.parquet"),
    )
    with duckdb.connect() as engine:
        engine.execute(f"COPY ({program.rows}) TO {quote(work)} (FORMAT parquet)")
        row = engine.execute(f"SELECT fault FROM read_parquet({quote(work)})").fetchone()
        found: dict[str, str | None] = {"fault": row[0] if row else None}
        for name, claim in zip(names, program.claims.split("\nUNION ALL "), strict=True):
            value = engine.execute(claim).fetchall()
            found[name] = value[0][4] if value else None
    return found


# -- the document -----------------------------------------------------------------------------------------------------


def test_values_stay_text_as_written() -> None:
    node = parse_document("a: NO\nb: 1e3\nc: 007\nd: ~\ne: 2020-01-02\n", "t")
    assert {name: value.text for name, value in node.named("x")} == {
        "a": "NO",
        "b": "1e3",
        "c": "007",
        "d": "",
        "e": "2020-01-02",
    }


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "the key “a” stands twice", 3),
        ("a: [1, 2\n", "the file is not YAML", 2),
        ("a: {b: 1}\nc: {{x: 1}: 2}\n", "a key must be a text", 2),
        ("", "the mapping file is empty", None),
        ("a: &x [*x]\n", "the alias refers to a value that it is part of", 1),
    ],
)
def test_a_broken_document_is_refused_with_its_line(text: str, says: str, line: int | None) -> None:
    with pytest.raises(MappingError, match=re.escape(says)) as caught:
        parse_document(text, "t.yaml")
    assert line is None or f"line {line}" in str(caught.value.where)


def test_a_yaml_bomb_is_refused() -> None:
    levels = "\n".join(f"l{n + 1}: &l{n + 1} [{', '.join([f'*l{n}'] * 9)}]" for n in range(9))
    with pytest.raises(MappingError, match="more than 50000 values"):
        parse_document(f"l0: &l0 [a, a, a]\n{levels}\n", "bomb.yaml")


def test_deep_nesting_is_refused_before_anything_is_built() -> None:
    with pytest.raises(MappingError, match="nests deeper"):
        parse_document("[" * 100_000, "deep.yaml")


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(MappingError, match="larger than 1024 KiB"):
        read_document(path)


def test_bytes_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("title: Société".encode("latin-1"))
    with pytest.raises(MappingError, match="not UTF-8"):
        read_document(path)


@settings(max_examples=150)
@given(st.text(max_size=60) | st.text(alphabet="{}[]:,&*-?|>'\"# \nab%@!", max_size=60))
def test_any_text_is_a_mapping_or_a_mapping_error(text: str) -> None:
    try:
        mapping(text)
    except MappingError as error:
        assert error.message
        assert error.where


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says", "hint", "line"),
    [
        ("title: x\n" + CLAIM, "no `mapping`", "mapping: my-data/1", 1),
        ("mapping: X\ntitle: x\n" + CLAIM, "no name and version", "lower-case", 1),
        ("mapping: x/1\ntitle: x\n", "neither `claims` nor `entities`", None, 1),
        (HEAD + "claim: []\n" + CLAIM, "no key “claim”", "Did you mean “claims”?", 4),
        (HEAD + 'claims:\n  - {subject: "a", predicate: ownes, object: "b"}\n', "no predicate “ownes”", "“owns”", 5),
        (HEAD + 'claims:\n  - {predicate: owns, object: "b"}\n', "no subject", None, 5),
        (HEAD + "claims:\n  - {subject: a, predicate: owns, subjct: b}\n", "no key “subjct”", "“subject”", 5),
        (HEAD + "claims:\n  - {subject: a, predicate: owns, value: b}\n", "takes no text value", None, 5),
        (
            HEAD + 'claims:\n  - {subject: a, predicate: located_in, object: b, number: "1", unit: t}\n',
            "takes no number",
            None,
            5,
        ),
        (HEAD + 'claims:\n  - {subject: a, predicate: owns, object: b, number: "1"}\n', "no unit", "share", 5),
        (
            HEAD + 'claims:\n  - {subject: a, predicate: owns, object: b, number: "1", unit: kg}\n',
            "“kg” is not a unit",
            None,
            5,
        ),
        (
            HEAD + "claims:\n  - {subject: a, predicate: owns, object: b, unit: share}\n",
            "unit stands without a number",
            None,
            5,
        ),
        (HEAD + "claims:\n  - {subject: a, predicate: located_in}\n", "says nothing", None, 5),
        (
            HEAD + "claims:\n  - {subject: a, predicate: status, value: built}\n",
            "“built” is not a value of “status”",
            None,
            5,
        ),
        (HEAD + "claims:\n  - {subject: a, predicate: kind, value: firm}\n", "“firm” is not a kind", None, 5),
        (
            HEAD + "claims:\n  - {subject: a, predicate: owns, object: b, mode: maybe}\n",
            "“maybe” is not a mode",
            None,
            5,
        ),
        (
            HEAD + "claims:\n  - {subject: a, predicate: owns, object: b, valid_from: 2020-13}\n",
            "does not exist",
            None,
            5,
        ),
        (
            HEAD + "claims:\n  - {subject: a, predicate: owns, object: b, qualifiers: {intrest: x}}\n",
            "no qualifier “intrest”",
            "“interest”",
            5,
        ),
        (
            HEAD + "claims:\n  - {subject: a, predicate: owns, object: b, qualifiers: {direct: maybe}}\n",
            "not a value of the qualifier “direct”",
            "unknown",
            5,
        ),
        (
            HEAD + "claims:\n  - {subject: a, predicate: has_role_in, object: b}\n",
            "needs the qualifier “role”",
            "chair",
            5,
        ),
        (
            HEAD + "claims:\n  - {subject: a, predicate: outranks, object: b, qualifiers: {within: c}}\n",
            "takes an entity",
            "@",
            5,
        ),
        (HEAD + "entities:\n  - {kind: company}\n", "no id", None, 5),
        (HEAD + "entities:\n  - {id: a, kind: [company, firm]}\n", "“firm” is not a kind", None, 5),
        (
            HEAD + 'fields:\n  a: "{b}"\n  b: "{c}"\n  c: "{a}"\n' + CLAIM,
            "in a circle: a → b → c → a",
            "columns only",
            5,
        ),
        (HEAD + 'fields:\n  a: ["{x}", slugg]\n' + CLAIM, "the step “slugg” is unknown", "“slug”", 5),
        (HEAD + 'fields:\n  a: ["{x}", {scale: zero}]\n' + CLAIM, "other than 0", None, 5),
        (HEAD + 'fields:\n  a: ["{x}", {date: "%d.%m"}]\n' + CLAIM, "has no year", "%Y", 5),
        (HEAD + "fields:\n  a: [\"{x}\", {extract: '(?=a)'}]\n" + CLAIM, "not a regular expression", "RE2", 5),
        (HEAD + "fields:\n  a: [\"{x}\", {extract: '(a)(b)'}]\n" + CLAIM, "several groups", "(?:", 5),
        (HEAD + 'fields:\n  a: ["{x}", {map: {a: b}, else: drop}]\n' + CLAIM, "`else` “drop” is unknown", "reject", 5),
        (
            HEAD + 'fields:\n  a: ["{x}", {split: ";"}, number]\n' + CLAIM,
            "an item cannot reject its row",
            "else: empty",
            5,
        ),
        (HEAD + 'fields:\n  a: "{x"\n' + CLAIM, "a brace that opens no name", "{{", 5),
        (HEAD + "input: {format: xls}\n" + CLAIM, "the format “xls” is unknown", "xlsx", 4),
        (HEAD + "input: {encoding: utf-9}\n" + CLAIM, "no encoding “utf-9”", None, 4),
        (HEAD.replace("id: s, ", "id: s, kind: blog, ") + CLAIM, "the kind of source “blog” is unknown", "website", 3),
        (HEAD + "skip:\n  - {when: {a: b}}\n" + CLAIM, "no `reason`", None, 5),
    ],
)
def test_a_mistake_is_named_with_line_and_way_out(text: str, says: str, hint: str | None, line: int) -> None:
    error = fault(text)
    assert says in error.message
    assert error.where == f"test.yaml, line {line}"
    assert hint is None or hint in str(error.hint)


def test_the_outputs_of_a_map_are_checked_like_constants() -> None:
    fields = 'fields:\n  state: ["{s}", {map: {Open: active, Shut: shut}}]\n'
    error = fault(HEAD + fields + 'claims:\n  - {subject: a, predicate: status, value: "{state}"}\n')
    assert "“shut” is not a value of “status”" in error.message
    assert error.where == "test.yaml, line 5"


def test_a_field_may_have_the_name_of_the_column_that_it_is_made_of() -> None:
    built = mapping(HEAD + 'fields:\n  c: ["{c}", lower]\n' + CLAIM)
    assert [field.name for field in order_fields(built.fields)] == ["c"]


def test_fields_of_items_go_with_the_list_that_they_come_from() -> None:
    text = 'fields:\n  parts: ["{p}", {split: ";"}]\n  part: ["{parts}", slug]\n  id: "x:{part}"\n'
    built = mapping(HEAD + text + 'claims:\n  - {subject: "{id}", predicate: owns, object: a, each: parts}\n')
    assert find_lists(order_fields(built.fields)) == {"parts": "parts", "part": "parts", "id": "parts"}


# -- the steps --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "given_text", "expected"),
    [
        ("lower", "ÅBC", "åbc"),
        ("squeeze", " a \n b ", "a b"),
        ("number", "1e3", "1e3"),
        ('{number: "1,234.5"}', "12,345.5", "12345.5"),
        ('{number: "1.234,5"}', "1.234,5", "1234.5"),
        ('{number: "1 234,5"}', "1 234,5", "1234.5"),
        ("number, {scale: 0.01}", "2.4", "0.024"),
        ("number, {scale: 1000}", "6000", "6000000"),
        ("date", "2020-Q3", "2020-Q3"),
        ("date", ">=2020-07", ">=2020-07"),
        ('{date: "%Y"}', "2004.0", "2004"),
        ('{date: "%m/%d/%Y"}', "7/4/1999", "1999-07-04"),
        ('{date: ["%Y %B", "%Y"]}', "1997 June", "1997-06"),
        ('squeeze, {date: "%b %d %H:%M:%S %Y GMT"}', "May  5 09:37:37 2011 GMT", "2011-05-05"),
        ("{map: {a: b}}", "a", "b"),
        ("{map: {a: b}, else: keep}", "c", "c"),
        ('{map: {a: ""}}', "a", None),
        ("{extract: '([0-9]+) km', else: empty}", "12 km", "12"),
        ("{extract: '([0-9]+) km', else: empty}", "far", None),
        (r"{replace: ['^Q([1-4]) ([0-9]{4})$', '\2-Q\1']}", "Q3 2020", "2020-Q3"),
        ("country", "Korea, Republic of", "iso:KR"),
        ("country", "burma", "iso:MM"),
        ("{country: alpha-3}", "DE", "DEU"),
        ("{country: name}", "RUS", "Russia"),
        ("{country: id, else: empty}", "Atlantis", None),
        ("{get: a.0.b}", '{"a": [{"b": 7}]}', "7"),
        ("slug", "Société Générale S.A.", "societe-generale-s-a"),
        ("slug", "Øresund & Łódź", "oresund-lodz"),
    ],
)
def test_a_step_gives(tmp_path: Path, steps: str, given_text: str, expected: str | None) -> None:
    found = run(f'  f: ["{{x}}", {steps}]', tmp_path, x=given_text)
    assert found == {"fault": None, "f": expected}


@pytest.mark.parametrize(
    ("steps", "given_text", "says"),
    [
        ("number", "1,234", "“1,234” is not a number"),
        ('{number: "1,234.5"}', "12,34", "is not a number written like 1,234.5"),
        ("date", "2020-02-30", "is not a date"),
        ('{date: "%Y"}', "31", "is not a date (%Y)"),
        ('{date: "%d/%m/%Y"}', "31/02/2020", "is not a date"),
        ("country", "Atlantis", "is not a country"),
        ("{map: {a: b}}", "c", "is not in the map (a)"),
        ("{extract: '^[0-9]+$'}", "x", "does not fit the pattern"),
    ],
)
def test_a_text_beyond_a_step_rejects_its_row(tmp_path: Path, steps: str, given_text: str, says: str) -> None:
    found = run(f'  f: ["{{x}}", {steps}]', tmp_path, x=given_text)
    assert found["f"] is None
    assert says in str(found["fault"])
    assert "the field “f”" in str(found["fault"])


def test_an_empty_text_stays_empty_through_every_step(tmp_path: Path) -> None:
    steps = "lower, squeeze, slug, number, {scale: 2}, date, {map: {a: b}}, country, {extract: a}, {replace: [a, b]}"
    assert run(f'  f: ["{{x}}", {steps}]', tmp_path, x="") == {"fault": None, "f": None}


def test_a_template_is_empty_where_one_of_its_names_is(tmp_path: Path) -> None:
    fields = '  a: "p:{x}"\n  b: {first: ["q:{y}", "r:{x}", last]}\n  c: {join: ["{x}", "{y}", "{z}"], with: "; "}'
    assert run(fields, tmp_path, x=None, y="1", z="2") == {"fault": None, "a": None, "b": "q:1", "c": "1; 2"}


def test_braces_and_quotes_are_texts_like_others(tmp_path: Path) -> None:
    assert run('  a: "{{{x}}} it\'s \\"so\\""', tmp_path, x="O'Brien")["a"] == "{O'Brien} it's \"so\""


def test_a_factor_may_stand_in_a_field(tmp_path: Path) -> None:
    fields = '  factor: ["{unit}", {map: {t: "1", kt: "1000"}}]\n  n: ["{x}", number, {scale: "{factor}"}]'
    assert run(fields, tmp_path, x="2.5", unit="kt")["n"] == "2500"


# -- which mapping fits -----------------------------------------------------------------------------------------------


def named(name: str, columns: str, file: str | None = None) -> Mapping:
    extra = f", file: '{file}'" if file else ""
    return mapping(HEAD.replace("test/1", name) + f"recognise: {{columns: [{columns}]{extra}}}\n" + CLAIM)


def test_the_mapping_with_most_columns_wins_and_a_tie_is_an_error() -> None:
    header = [Header("csv", frozenset({"id", "c", "d"}), delimiter=",")]
    small, large, other = named("small/1", "id"), named("large/1", "id, c"), named("other/1", "id, d")
    assert choose(Path("t.csv"), header, [small, large]) == large
    assert choose(Path("t.csv"), header, [named("far/1", "id, q")]) is None
    with pytest.raises(MappingError, match="equally well: large/1 and other/1"):
        choose(Path("t.csv"), header, [small, large, other])


def test_the_name_of_the_file_decides_between_equals() -> None:
    header = [Header("csv", frozenset({"id", "c"}), delimiter=",")]
    plain, file = named("plain/1", "id, c"), named("file/1", "id, c", "points*.csv")
    assert choose(Path("points-2.csv"), header, [plain, file]) == file
    assert choose(Path("lines.csv"), header, [plain, file]) == plain


def test_the_nearest_mapping_is_named_with_what_it_misses() -> None:
    text = nearest([Header("csv", frozenset({"id", "c"}))], [named("far/1", "id, c, q")])
    assert text == "far/1 is nearest, and misses “q”."


def test_names_are_compared_as_they_are_printed() -> None:
    composed, decomposed = "Größe", unicodedata.normalize("NFD", "Größe")
    assert choose(Path("t.csv"), [Header("csv", frozenset({decomposed}))], [named("g/1", composed)]) is None
