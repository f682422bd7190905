"""Our own format in its four shapes: CSV, TSV, JSON Lines and Parquet."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as arrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from isthmus.errors import FormatError, IsthmusError
from isthmus.model import CLAIM_COLUMNS, Source
from isthmus.sources.adapter import READING_COLUMNS, Head, Job, Reading
from isthmus.sources.adapters.claims import ADAPTER

GOOD = {"subject": "acme", "predicate": "name", "value": "Acme", "source": "register", "locator": "row 1"}


def read(folder: Path, body: bytes, name: str = "claims.csv", **options: object) -> Reading:
    path = folder / name
    path.write_bytes(body)
    return ADAPTER.read(Job(path, folder, **options))  # type: ignore[arg-type]


def rows_of(reading: Reading) -> list[dict[str, str | int]]:
    """Return the rows with the columns that hold something."""
    with duckdb.connect() as engine:
        found = engine.execute(f"SELECT * FROM ({reading.select}) ORDER BY line").fetchall()
        assert tuple(column[0] for column in engine.description or ()) == READING_COLUMNS
    named = [dict(zip(READING_COLUMNS, row, strict=True)) for row in found]
    return [{name: value for name, value in row.items() if value is not None} for row in named]


def lines(*documents: object) -> bytes:
    return "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents).encode()


def table(**columns: Sequence[object]) -> bytes:
    sink = arrow.BufferOutputStream()
    parquet.write_table(arrow.table(columns), sink)
    return bytes(sink.getvalue())


COLUMNS = {name: [text] for name, text in GOOD.items()}
SHAPES = {
    "claims.csv": b"subject,predicate,value,source,locator\nacme,name,Acme,register,row 1\n",
    "claims.tsv": b"subject\tpredicate\tvalue\tsource\tlocator\nacme\tname\tAcme\tregister\trow 1\n",
    "claims.jsonl": lines(GOOD),
    "claims.parquet": table(**COLUMNS),
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_four_shapes_say_the_same(name: str, tmp_path: Path) -> None:
    reading = read(tmp_path, SHAPES[name], name)
    line = 2 if name.endswith("sv") else 1
    assert rows_of(reading) == [{"line": line, **GOOD}]
    assert (reading.format, reading.rows, reading.rejected, reading.notes) == ("claims", 1, (), ())


@pytest.mark.parametrize("name", [name for name in SHAPES if name != "claims.parquet"])
def test_compressed_files_are_read(name: str, tmp_path: Path) -> None:
    assert rows_of(read(tmp_path, gzip.compress(SHAPES[name]), name + ".gz"))[0]["value"] == "Acme"


@pytest.mark.parametrize("name", SHAPES)
def test_the_format_is_recognised(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(SHAPES[name])
    assert ADAPTER.recognises(Head(path, path.stat().st_size, SHAPES[name][:4096]))


@pytest.mark.parametrize(
    "body", [b"", b"a,b\n1,2\n", b'{"id": "x", "schema": "Company"}\n', b"PAR1", b"\x89PNG", b"subject\nx\n"]
)
def test_other_files_are_not_taken_for_claims(body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(body)
    assert not ADAPTER.recognises(Head(path, len(body), body[:4096]))


# -- columns ----------------------------------------------------------------------------------------------------


def test_columns_go_by_name_in_any_order(tmp_path: Path) -> None:
    names = sorted(CLAIM_COLUMNS, reverse=True)
    body = ",".join(names) + "\n" + ",".join(f"v-{name}" for name in names) + "\n"
    assert rows_of(read(tmp_path, body.encode())) == [{"line": 2, **{name: f"v-{name}" for name in CLAIM_COLUMNS}}]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("c.csv", b"subject,predicate,vallue,source,locator\na,name,b,s,1\n"),
        ("c.jsonl", lines(GOOD, GOOD | {"vallue": "x"})),
        ("c.parquet", table(**COLUMNS, vallue=["x"])),
    ],
)
def test_an_unknown_column_is_refused_with_the_nearest_name(name: str, body: bytes, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="the column “vallue” is not one of a claim, and would be lost") as caught:
        read(tmp_path, body, name)
    assert (caught.value.hint or "").startswith("Did you mean “value”?")


@pytest.mark.parametrize("missing", ["subject", "predicate", "source", "locator"])
def test_a_missing_column_is_refused(missing: str, tmp_path: Path) -> None:
    row = {name: text for name, text in GOOD.items() if name != missing}
    csv_body = ",".join(row).encode() + b"\n" + ",".join(row.values()).encode() + b"\n"
    for name, body in (
        ("c.csv", csv_body),
        ("c.jsonl", lines(row)),
        ("c.parquet", table(**{key: [text] for key, text in row.items()})),
    ):
        with pytest.raises(FormatError, match=f"the column “{missing}” is missing"):
            read(tmp_path, body, name)


def test_a_given_source_stands_in_for_the_column(tmp_path: Path) -> None:
    body = b"subject,predicate,value,locator\na,name,b,1\n"
    assert rows_of(read(tmp_path, body, source=Source(id="o'given")))[0]["source"] == "o'given"
    both = b"subject,predicate,value,locator,source\na,name,b,1,\na,name,c,1,own\n"
    found = rows_of(read(tmp_path, both, source=Source(id="given")))
    assert [row["source"] for row in found] == ["given", "own"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("c.csv", b"subject,predicate,value,source,locator,_line,_note\nacme,name,Acme,register,row 1,9,x\n"),
        ("c.jsonl", lines(GOOD | {"_line": 9, "_note": {"any": ["thing"]}})),
        ("c.parquet", table(**COLUMNS, _line=[9], _note=["x"])),
    ],
)
def test_remarks_are_read_past_and_said(name: str, body: bytes, tmp_path: Path) -> None:
    reading = read(tmp_path, body, name)
    assert reading.notes == ("columns read past, as their names begin with “_”: _line, _note",)
    assert rows_of(reading) == [{"line": 1 if "csv" not in name else 2, **GOOD}]


# -- JSON Lines -------------------------------------------------------------------------------------------------


def test_faulty_lines_are_told_and_the_others_are_read(tmp_path: Path) -> None:
    good = json.dumps(GOOD)
    body = "\n".join(
        [
            good,
            '{"subject": ',
            "",
            "[1, 2]",
            '"text"',
            "null",
            good[:-1] + ', "value": "again"}',
            json.dumps(GOOD | {"value": {"en": "Acme"}}),
            json.dumps(GOOD | {"value": ["Acme"]}),
            good + " more",
            good.replace("Acme", "\\ud83d"),
            good[:-1] + ', "": 1}',
            "   \t",
            json.dumps(GOOD | {"value": "[Acme]"}),
            "{" * 50_000,
            good.replace("row 1", "row 16"),
        ]
    )
    reading = read(tmp_path, body.encode(), "c.jsonl")
    assert [row["line"] for row in rows_of(reading)] == [1, 14, 16]
    assert [(item.line, item.reason) for item in reading.rejected] == [
        (2, "the line is not JSON: Expecting value at character 13"),
        (4, "the line is not a JSON object"),
        (5, "the line is not a JSON object"),
        (6, "the line is not a JSON object"),
        (7, "the key “value” stands twice in the object"),
        (8, "the key “value” holds an object, where a plain value is needed"),
        (9, "the key “value” holds a list, where a plain value is needed"),
        (10, "the line is not JSON: Extra data at character 101"),
        (11, "the text of “value” holds half a character (a lone surrogate \\uD800-\\uDFFF)"),
        (12, "a key of the object is empty"),
        (15, "the line is not JSON: Expecting property name enclosed in double quotes at character 2"),
    ]
    assert reading.rows == 14


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_count_whatever_ends_them(end: str, tmp_path: Path) -> None:
    body = end.join([json.dumps(GOOD), "", json.dumps(GOOD | {"hedge": "a\r\nb\u2028\x85c"}, ensure_ascii=False), ""])
    found = rows_of(read(tmp_path, b"\xef\xbb\xbf" + body.encode(), "c.jsonl"))
    assert [row["line"] for row in found] == [1, 3]
    assert found[1]["hedge"] == "a\r\nb\u2028\x85c"


def test_mixed_line_ends_and_lone_carriage_returns(tmp_path: Path) -> None:
    good = json.dumps(GOOD).encode()
    body = good + b"\r\n" + b"\n" + good.replace(b", ", b",\r ") + b"\n" + good + b"\r\n"
    assert [row["line"] for row in rows_of(read(tmp_path, body, "c.jsonl"))] == [1, 3, 4]


def test_numbers_booleans_and_null(tmp_path: Path) -> None:
    body = lines(
        {"subject": "a", "predicate": "owns", "object": "b", "low": 0.51, "high": 1, "source": "s", "locator": 7},
        {"subject": "a", "predicate": "name", "value": True, "hedge": None, "source": "s", "locator": "7"},
        {"subject": "a", "predicate": "name", "value": 12345678901234567890123, "source": "s", "locator": ""},
    )
    first, second, third = rows_of(read(tmp_path, body, "c.jsonl"))
    assert (first["low"], first["high"], first["locator"]) == ("0.51", "1", "7")
    assert second["value"] == "true"
    assert "hedge" not in second
    assert third["value"] == "12345678901234567890123"


def test_keys_may_differ_from_line_to_line(tmp_path: Path) -> None:
    found = rows_of(read(tmp_path, lines(GOOD, GOOD | {"hedge": "?"}, {"value": "x", **GOOD}), "c.jsonl"))
    assert [row.get("hedge") for row in found] == [None, "?", None]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[\n" + lines(GOOD) + b"]\n", "no line"),
        (b"{broken\n", "no line of the file is a claim: the line is not JSON"),
        (b'{"subject": "a"}\n', "the column “predicate” is missing"),
        (lines(GOOD)[:-1] + b"\xff\n", "line 1 is not UTF-8"),
        (lines(GOOD) + b'{"a": "' + "é".encode()[:1], "truncated"),
        (lines(GOOD) + b"\0", "line 2 holds a NUL byte"),
        (lines(GOOD) + b'{"subject": "' + b"x" * (10 * 1024 * 1024) + b'"}\n', "line 2 is longer than 8 MiB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_that_are_no_json_lines(body: bytes, said: str, tmp_path: Path) -> None:
    if body.startswith(b"[\n{"):  # a list of objects, one a line: the objects are read and the brackets told
        assert [item.line for item in read(tmp_path, body, "c.jsonl").rejected] == [1, 3]
        return
    with pytest.raises(FormatError) as caught:
        read(tmp_path, body, "c.jsonl")
    assert said in caught.value.message


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    documents=st.lists(
        st.one_of(
            st.dictionaries(
                st.sampled_from(["subject", "value", "low", "_x"]),
                st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.lists(st.integers(), max_size=1),
            ),
            st.lists(st.integers(), max_size=2),
            st.text(st.sampled_from('{}[]":,\\u0d8a \r\t\x01'), max_size=8),
        ),
        max_size=12,
    )
)
def test_json_lines_are_read_as_json_reads_them(
    documents: list[object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    needed = dict.fromkeys(("subject", "predicate", "source", "locator"), "x")
    written = [text if isinstance(text, str) else json.dumps(text) for text in documents]
    body = "\n".join([json.dumps(needed), *written])
    reading = read(tmp_path_factory.mktemp("json"), body.encode(), "c.jsonl")
    wanted: list[int] = [1]
    refused: list[int] = []
    for number, text in enumerate(written, start=2):
        if not text.strip():
            continue
        try:
            value = json.loads(text)
            plain = isinstance(value, dict) and not any(
                isinstance(item, (list, dict)) for name, item in value.items() if not name.startswith("_")
            )
        except ValueError:
            plain = False
        (wanted if plain else refused).append(number)
    found = rows_of(reading)
    assert [row["line"] for row in found] == wanted
    assert [item.line for item in reading.rejected] == refused
    assert reading.rows == len(wanted) + len(refused)
    for row in found[1:]:
        given_value = json.loads(written[int(row["line"]) - 2])
        for name in ("subject", "value"):
            if isinstance(given_value.get(name), str):
                assert row[name] == given_value[name]


# -- Parquet ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keep", [4, 10, 0.5, 0.99])
def test_a_cut_off_parquet_file(keep: float, tmp_path: Path) -> None:
    body = SHAPES["claims.parquet"]
    with pytest.raises(FormatError, match="damaged or cut off"):
        read(tmp_path, body[: int(keep if keep > 1 else len(body) * keep)], "c.parquet")


def test_parquet_columns_of_other_types_become_text(tmp_path: Path) -> None:
    body = table(
        subject=["a", "b"], predicate=["owns"] * 2, object=["x", None], low=[0.5, None], unit=["share", ""], source=["s"] * 2,
        locator=[7, 8], observed=arrow.array([18262, None], arrow.date32()),
    )  # fmt: skip
    first, second = rows_of(read(tmp_path, body, "c.parquet"))
    assert (first["low"], first["locator"], first["observed"], first["line"]) == ("0.5", "7", "2020-01-01", 1)
    assert (second["unit"], second["line"]) == ("", 2)
    assert "low" not in second


@pytest.mark.parametrize("name", ["Value", "line", "file_row_number"])
def test_parquet_columns_that_are_not_ours(name: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=f"the column “{name}” is not one of a claim"):
        read(tmp_path, table(**COLUMNS, **{name: ["x"]}), "c.parquet")


# -- any file ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHAPES)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_files_are_read_or_refused(
    name: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever byte is hit, the adapter answers with a reading or with one of our errors."""
    body = bytearray(SHAPES[name])
    for _ in range(data.draw(st.integers(1, 3))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        reading = read(tmp_path_factory.mktemp("damaged"), bytes(body), name)
    except IsthmusError as error:
        assert error.exit_code == 2
        return
    assert reading.rows >= 0


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="this is a folder"):
        ADAPTER.read(Job(tmp_path, tmp_path))
