"""Tables through a mapping file: every format, every row accounted for, and one clear error for what is no table."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as arrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from isthmus.errors import FormatError, IsthmusError, MappingError
from isthmus.model import Source
from isthmus.sources.adapter import READING_COLUMNS, Head, Job, Reading
from isthmus.sources.adapters.table import ADAPTER, shipped_mappings

TABLES = Path(__file__).resolve().parents[1] / "data" / "tables"
MAPPING = TABLES / "harbours.mapping.yaml"
SMALL = """\
mapping: small/1
title: Small
source: {id: s, title: S}
claims:
  - {subject: "x:{id}", predicate: address, value: "{where}"}
"""


def read(path: Path, folder: Path, mapping: Path | None = None, source: Source | None = None) -> Reading:
    work = folder / "work"
    work.mkdir(exist_ok=True)
    return ADAPTER.read(Job(path, work, mapping=mapping, source=source))


def claims(reading: Reading) -> list[dict[str, str | int]]:
    """Return the claims in the order of the file, with the columns that hold something."""
    with duckdb.connect() as engine:
        found = engine.execute(f"SELECT * FROM ({reading.select}) ORDER BY ALL").fetchall()
        assert tuple(column[0] for column in engine.description or ()) == READING_COLUMNS
    named = [dict(zip(READING_COLUMNS, row, strict=True)) for row in found]
    return [{name: value for name, value in row.items() if value is not None} for row in named]


def small(folder: Path, body: bytes, name: str = "t.csv", mapping: str = SMALL) -> Reading:
    path, file = folder / name, folder / "small.yaml"
    path.write_bytes(body)
    file.write_text(mapping, encoding="utf-8")
    return read(path, folder, file)


def found(reading: Reading) -> list[tuple[str | int, ...]]:
    return [(row["line"], row["subject"], row["value"], row["locator"]) for row in claims(reading)]


# -- one table, whole -------------------------------------------------------------------------------------------------


@pytest.fixture
def harbours(tmp_path: Path) -> Reading:
    """Read the made-up harbours through the mapping that lies beside them."""
    return read(TABLES / "harbours.csv", tmp_path)


def test_every_row_is_accounted_for(harbours: Reading) -> None:
    assert harbours.rows == 7
    assert harbours.mapping == "harbours/1"
    assert [(item.line, item.reason) for item in harbours.rejected] == [
        (5, "the field “iso”: “Atlantis” is not a country in ISO 3166-1"),
        (6, "the field “share”: “abc” is not a number"),
    ]
    assert harbours.left_out == {"the harbour is closed": 1, "no rule applied": 1}
    assert {row["line"] for row in claims(harbours)} == {2, 3, 4}


def test_the_claims_are_what_the_mapping_says(harbours: Reading) -> None:
    owns = [row for row in claims(harbours) if row["predicate"] == "owns"]
    common = {"predicate": "owns", "source": "harbour-list", "licence": "CC0-1.0"}
    assert owns == [
        {
            "line": 2,
            "subject": "org:alder-harbour-as",
            "object": "port:port-alder",
            "low": "0.515",
            "high": "0.515",
            "unit": "share",
            "valid_from": "2004",
            "locator": "row 1",
            **common,
        },
        {
            "line": 3,
            "subject": "org:linden-ltd",
            "object": "port:cape-linden",
            "valid_from": "2011-03-12",
            "locator": "row 2",
            **common,
        },
        {
            "line": 4,
            "subject": owns[2]["subject"],
            "object": owns[2]["object"],
            "low": "1",
            "high": "1",
            "unit": "share",
            "valid_from": "2019-07",
            "mode": "planned",
            "locator": "row 3",
            **common,
        },
    ]
    assert str(owns[2]["subject"]).startswith("org:")
    assert owns[2]["subject"] != "org:"


def test_a_qualifier_keeps_no_semicolon_of_its_own(harbours: Reading) -> None:
    first = next(row for row in claims(harbours) if row["predicate"] == "count")
    assert first["qualifiers"] == "of=cables; reading=depth 39 ft, as printed"


def test_a_list_gives_one_claim_an_item(harbours: Reading) -> None:
    names = [row["value"] for row in claims(harbours) if row.get("qualifiers") == "type=alias"]
    assert names == ["Alder", "Altport", "Lantern Harbour"]


def test_countries_are_named_by_iso_and_as_printed(harbours: Reading) -> None:
    burma = [row for row in claims(harbours) if row["subject"] == "iso:MM"]
    assert [(row["predicate"], row["value"], row["source"], row["locator"]) for row in burma] == [
        ("identifier", "MM", "iso-3166-1", "entry MM"),
        ("kind", "state", "iso-3166-1", "entry MM"),
        ("name", "Burma", "harbour-list", "row 2"),
        ("name", "Myanmar", "iso-3166-1", "entry MM"),
    ]
    assert [source.id for source in harbours.sources] == ["harbour-list", "iso-3166-1"]


def test_columns_that_are_not_read_are_said(tmp_path: Path) -> None:
    reading = small(tmp_path, b"id,where,colour\n1,here,red\n")
    assert "columns that the mapping does not read: colour" in reading.notes


def test_a_source_given_by_hand_wins(tmp_path: Path) -> None:
    reading = read(TABLES / "harbours.csv", tmp_path, source=Source("mine", title="Mine"))
    assert {row["source"] for row in claims(reading)} == {"mine", "iso-3166-1"}
    assert reading.sources[0].id == "mine"


def test_the_same_claim_of_an_entity_is_made_once_with_its_first_row(tmp_path: Path) -> None:
    text = SMALL + 'entities:\n  - {id: "x:{id}", kind: site}\n'
    rows = claims(small(tmp_path, b"id,where\na,1\na,2\nb,3\na,4\n", mapping=text))
    assert [(row["line"], row["subject"]) for row in rows if row["predicate"] == "kind"] == [(2, "x:a"), (4, "x:b")]


# -- formats ----------------------------------------------------------------------------------------------------------

ROWS = [("1", "here"), ("2", "there"), ("3", 'say "x", now')]


def table(tmp_path: Path, name: str) -> Path:
    path = tmp_path / name
    if name.endswith(".parquet"):
        parquet.write_table(arrow.table({"id": [1, 2, 3], "where": [row[1] for row in ROWS]}), path)
    elif name.endswith(".jsonl"):
        lines = [json.dumps({"id": int(key), "where": value}) for key, value in ROWS]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    elif name.endswith(".xlsx"):
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in [("id", "where"), *ROWS]:
            sheet.append(list(row))
        book.save(path)
    else:
        mark = {".csv": ",", ".tsv": "\t", ".txt": ";"}[Path(name.removesuffix(".gz")).suffix]
        lines = [
            mark.join(["id", "where"]),
            *(f'{key}{mark}"{value.replace(chr(34), chr(34) * 2)}"' for key, value in ROWS),
        ]
        body = ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")
        path.write_bytes(gzip.compress(body) if name.endswith(".gz") else body)
    return path


@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.txt", "t.csv.gz", "t.parquet", "t.jsonl", "t.xlsx"])
def test_every_format_gives_the_same_claims(tmp_path: Path, name: str) -> None:
    mapping = tmp_path / "small.yaml"
    mapping.write_text(SMALL, encoding="utf-8")
    path = table(tmp_path, name)
    shift = 1 if name.endswith((".parquet", ".jsonl")) else 0
    expected = [(n + 2 - shift, f"x:{key}", value, f"row {n + 1}") for n, (key, value) in enumerate(ROWS)]
    assert found(read(path, tmp_path, mapping)) == expected


def test_lines_are_exact_below_a_title_and_beside_quoted_newlines_and_short_rows(tmp_path: Path) -> None:
    text = SMALL.replace("claims:", "input: {header_row: 3}\nclaims:")
    body = b'Title\n\nid,where\n1,"a\nb"\n2\n3,c\n'
    reading = small(tmp_path, body, mapping=text)
    assert found(reading) == [(4, "x:1", "a\nb", "row 1"), (7, "x:3", "c", "row 3")]
    assert [(item.line, "fewer fields" in item.reason) for item in reading.rejected] == [(6, True)]
    assert reading.rows == 3


def test_an_encoding_that_the_mapping_names_is_read(tmp_path: Path) -> None:
    text = SMALL.replace("claims:", "input: {encoding: utf-16}\nclaims:")
    assert found(small(tmp_path, "id,where\n1,Gävle\n".encode("utf-16"), mapping=text))[0][2] == "Gävle"


def test_missing_words_count_as_empty_in_every_column(tmp_path: Path) -> None:
    text = SMALL.replace("claims:", 'input: {missing: [NA, "-"]}\nclaims:')
    reading = small(tmp_path, b"id,where\n1,NA\n2,-\n3,NAB\n", mapping=text)
    assert found(reading) == [(4, "x:3", "NAB", "row 3")]
    assert reading.left_out == {"no rule applied": 2}


def test_a_sheet_and_a_header_row_are_found_by_name_and_number(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Data")
    for row in (["A title"], [], ["id", "where"], [1.0, "x"], [], [2, None, "extra"], [3, True]):
        book["Data"].append(row)
    book.save(tmp_path / "t.xlsx")
    mapping = tmp_path / "m.yaml"
    mapping.write_text(SMALL.replace("claims:", "input: {sheet: Data, header_row: 3}\nclaims:"), encoding="utf-8")
    reading = read(tmp_path / "t.xlsx", tmp_path, mapping)
    assert found(reading) == [(4, "x:1", "x", "row 1"), (7, "x:3", "TRUE", "row 3")]
    assert [(item.line, item.reason) for item in reading.rejected] == [
        (6, "the row has more cells than the header (2)")
    ]


def test_arrays_in_json_are_taken_apart(tmp_path: Path) -> None:
    text = SMALL.replace(
        "claims:\n",
        'fields:\n  points: ["{points}", items]\n  point: ["{points}", {get: at.name}]\nclaims:\n'
        '  - {subject: "x:{id}", predicate: linked_to, object: "p:{point}", each: points}\n',
    )
    body = b'{"id": 1, "where": "w", "points": [{"at": {"name": "a"}}, {"at": {"name": "b"}}, {}]}\n'
    rows = claims(small(tmp_path, body, "t.jsonl", text))
    assert [row["object"] for row in rows if row["predicate"] == "linked_to"] == ["p:a", "p:b"]


def test_the_rows_of_a_json_document_are_an_array_in_it(tmp_path: Path) -> None:
    text = SMALL.replace("claims:", "input: {format: json, rows: data.items}\nclaims:")
    body = b'{"data": {"items": [{"id": "a", "where": "1"},\n {"id": "b", "where": "2"}, 3]}}'
    reading = small(tmp_path, body, "t.json", text)
    assert found(reading) == [(1, "x:a", "1", "row 1"), (2, "x:b", "2", "row 2")]
    assert [(item.line, item.reason) for item in reading.rejected] == [(3, "the line is not a JSON object")]


def test_a_line_of_json_that_is_no_object_is_rejected_with_its_line(tmp_path: Path) -> None:
    body = b'{"id": 1, "where": "a"}\n{"id": 2\n\n[1]\n{"id": 3, "id": 4}\n{"id": 5, "where": "\\ud800"}\n{"id": 6, "where": "b"}\n'
    reading = small(tmp_path, body, "t.jsonl")
    assert [row[0] for row in found(reading)] == [1, 7]
    assert [item.line for item in reading.rejected] == [2, 4, 5, 6]
    assert reading.rows == 6


# -- recognition ------------------------------------------------------------------------------------------------------


def head(path: Path) -> Head:
    return Head(path, path.stat().st_size, path.read_bytes()[:65536])


def test_a_mapping_beside_the_file_is_recognised_and_used(tmp_path: Path) -> None:
    for name in ("harbours.csv", "harbours.mapping.yaml"):
        shutil.copy(TABLES / name, tmp_path / name)
    assert ADAPTER.recognises(head(tmp_path / "harbours.csv"))
    assert read(tmp_path / "harbours.csv", tmp_path).mapping == "harbours/1"


@pytest.mark.parametrize(
    "body", [b"", b"a,b\n1,2\n", b"\x00\x01", b"PK\x03\x04rubbish", b"PAR1rubbish", b"\x1f\x8brubbish", b"{", b"["]
)
def test_what_no_mapping_knows_is_not_recognised(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(body)
    assert not ADAPTER.recognises(head(path))


def test_an_unknown_table_is_told_the_nearest_mapping(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"Registry,Assignment,Organization Name,Address\nMA-L,000000,X,Y\n")
    with pytest.raises(FormatError, match="no mapping knows this table") as caught:
        read(path, tmp_path)
    assert "ieee-oui/1 is nearest, and misses “Organization Address”" in str(caught.value.hint)
    assert "--mapping" in str(caught.value.hint)


def test_the_shipped_mappings_are_listed() -> None:
    assert {"ieee-oui/1", "usgs-world-production/2", "eto-chips-provision/1"} <= {
        item["name"] for item in shipped_mappings()
    }


# -- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        (SMALL.replace("{where}", "{Where}"), "no column or field “Where”", "Did you mean “where”?"),
        (SMALL.replace("source: {id: s, title: S}\n", ""), "names no source", "--source"),
        (SMALL.replace('value: "{where}"', 'value: "{where}", each: where'), "`each` names “where”", "Split"),
        (
            SMALL.replace("claims:", 'fields:\n  parts: ["{where}", {split: ";"}]\nclaims:').replace(
                '{where}"}\n', '{parts}"}\n'
            ),
            "stands for the items of a list",
            "each: parts",
        ),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(tmp_path: Path, text: str, says: str, hint: str) -> None:
    with pytest.raises(MappingError, match=says) as caught:
        small(tmp_path, b"id,where\n1,a\n", mapping=text)
    assert hint in str(caught.value.hint)


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("t.csv", b"", "cannot be read as a table"),
        ("t.csv", b"id,where\n1,a\x00b\n", "NUL byte"),
        ("t.csv", b"id,where\n1,\xff\xfe\n", "line 2 is not UTF-8"),
        ("t.csv", b'id,where\n1,"open\n', "never closed"),
        ("t.csv", b"id,id\n1,2\n", "stands twice"),
        ("t.csv.gz", gzip.compress(b"id,where\n1,a\n", mtime=0)[:-6], "damaged or cut off"),
        ("t.parquet", b"PAR1 and nothing more", "cannot be read"),
        ("t.xlsx", b"PK\x03\x04 and nothing more", "not a readable XLSX workbook"),
        ("t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old XLS format"),
        ("t.jsonl", b'{"id": 1, "where": "\xff"}\n', "not UTF-8"),
    ],
)
def test_a_broken_table_gives_one_clear_error(tmp_path: Path, name: str, body: bytes, says: str) -> None:
    with pytest.raises(FormatError, match=says) as caught:
        small(tmp_path, body, name)
    assert name in str(caught.value.where)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="this is a folder"):
        read(tmp_path, tmp_path, MAPPING)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.text(alphabet="ab,\"\n\r;\té华{}'\\", max_size=6), min_size=2, max_size=2), max_size=6))
def test_cells_come_back_as_they_went_in(tmp_path: Path, cells: Sequence[Sequence[str]]) -> None:
    quoted = ['"' + cell.replace('"', '""') + '"' for row in cells for cell in row]
    body = "id,where\n" + "".join(f"{quoted[2 * n]},{quoted[2 * n + 1]}\n" for n in range(len(cells)))
    text = SMALL.replace("x:{id}", "x:1").replace('value: "{where}"', 'value: "<{id}|{where}>"')
    try:
        rows = claims(small(tmp_path, body.encode(), mapping=text))
    except IsthmusError as error:
        pytest.fail(f"{error} for {body!r}")
    blanks = " \t\n\r\u00a0\ufeff"
    expected = [
        f"<{row[0].strip(blanks)}|{row[1].strip(blanks)}>" for row in cells if all(cell.strip(blanks) for cell in row)
    ]
    assert [row["value"] for row in rows] == expected


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80), st.sampled_from(["t.csv", "t.jsonl", "t.csv.gz", "t.xlsx", "t.parquet"]))
def test_any_bytes_are_claims_or_one_error_of_ours(tmp_path: Path, body: bytes, name: str) -> None:
    start = {"t.csv": b"id,where\n", "t.jsonl": b'{"id": 1, "where": "a"}\n', "t.csv.gz": b"\x1f\x8b"}.get(name, b"")
    try:
        reading = small(tmp_path, start + body, name)
    except IsthmusError as error:
        assert error.message
    else:
        made = {row["line"] for row in claims(reading)}
        assert reading.rows == len(made) + len(reading.rejected) + sum(reading.left_out.values())
