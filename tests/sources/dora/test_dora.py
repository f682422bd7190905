"""The reader of the DORA register of information: each template, the register that joins them, and what is refused."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.errors import FormatError
from isthmus.model import Source
from isthmus.sources.adapter import Head, Reading
from isthmus.sources.adapters.dora import ADAPTER
from isthmus.sources.dora.templates import find_template
from isthmus.sources.dora.values import country, day, plain, service_code, word
from tests.sources.readings import Row, assert_in_vocabulary, read

DATA = Path(__file__).resolve().parents[2] / "data" / "dora" / "register"
BANK, GROUP = "lei:5299HARBOURBANK00056", "lei:5299HARBOURGROUP0056"
CLOUD, CABLE, HOLDING = "lei:5299CLOUDYARD0000095", "lei:5299CABLEWORKS000017", "lei:5299YARDHOLDING00004"
RADIO = "euid:DEK1101R.HRB116737"
OWN = "dora:5299HARBOURBANK00056/"
IAAS = f"{OWN}service/CA-1/S17/{CLOUD}"
TEMPLATES = sorted(path.stem for path in DATA.glob("*.csv") if path.stem != "b_03.01")


def read_template(name: str, folder: Path) -> tuple[Reading, list[Row]]:
    return read(ADAPTER, DATA / f"{name}.csv", folder / "w")


def said(rows: list[Row], *predicates: str) -> set[tuple[str, ...]]:
    return {
        (row["subject"], row["predicate"], row.get("object") or row["value"], row.get("qualifiers") or "")
        for row in rows
        if row["predicate"] in predicates
    }


def read_rows(folder: Path, name: str, *lines: str) -> tuple[Reading, list[Row]]:
    path = folder / name
    path.write_text("\n".join([*lines, ""]), "utf-8")
    return read(ADAPTER, path, folder / "w")


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_row_keeps_to_the_vocabulary(name: str, tmp_path: Path) -> None:
    reading, rows = read_template(name, tmp_path)
    assert_in_vocabulary(rows)
    assert {row["source"] for row in rows} == {"dora:5299HARBOURBANK00056"}
    assert reading.sources[0].date == "2025-12-31"
    assert reading.mapping == name.upper()
    assert "Ada" not in repr(rows)
    assert "FI010101" not in repr((reading, rows))


def test_entities_and_their_parents(tmp_path: Path) -> None:
    first = read_template("b_01.01", tmp_path)[1]
    assert said(first, "oversees", "located_in") == {
        ("dora:authority-harbour-authority", "oversees", BANK, "role=regulator"),
        (BANK, "located_in", "iso:FI", "basis=main_country"),
    }
    reading, rows = read_template("b_01.02", tmp_path)
    assert said(rows, "controls") == {(GROUP, "controls", BANK, "direct=direct; title=direct parent undertaking")}
    assert (BANK, "described_as", "credit institution", "aspect=other; scope=type of entity") in said(
        rows, "described_as"
    )
    assert reading.left_out["parents: the entity names itself, so it has none"] == 1


def test_contracts(tmp_path: Path) -> None:
    reading, rows = read_template("b_02.01", tmp_path)
    assert said(rows, "part_of") == {(f"{OWN}contract/CA-2", "part_of", f"{OWN}contract/CA-1", "")}
    assert reading.left_out == {"column currency": 2, "column expense": 2}


def test_functions_use_services_of_providers(tmp_path: Path) -> None:
    reading, rows = read_template("b_02.02", tmp_path)
    line = f"{OWN}service/CA-2/S10/{RADIO}"
    assert said(rows, "uses") == {
        (f"{OWN}function/F1", "uses", IAAS, "reading=reliance: full reliance"),
        (f"{OWN}function/F2", "uses", line, "strength=recommended; reading=reliance: low reliance"),
    }
    assert said(rows, "supplies") == {
        (CLOUD, "supplies", BANK, f"item=@{IAAS}; tier=1"),
        (RADIO, "supplies", BANK, f"item=@{line}; tier=1"),
    }
    assert said(rows, "located_in") == {
        (IAAS, "located_in", "iso:IE", "scope=provision"),
        (IAAS, "located_in", "iso:IE", "scope=data at rest"),
        (IAAS, "located_in", "iso:NL", "scope=data at rest"),
        (IAAS, "located_in", "iso:FI", "scope=data processing"),
    }
    (use,) = [row for row in rows if row["predicate"] == "uses" and row["object"] == IAAS]
    assert use["valid_from"] == "2024-01-01"
    assert "valid_to" not in use
    assert [fault.line for fault in reading.rejected] == [5]
    assert reading.left_out["natural persons (column provider)"] == 1


def test_providers(tmp_path: Path) -> None:
    reading, rows = read_template("b_05.01", tmp_path)
    assert said(rows, "controls", "identifier", "located_in") == {
        (HOLDING, "controls", CLOUD, "direct=unknown; title=ultimate parent undertaking"),
        (CLOUD, "identifier", CLOUD[4:], "scheme=lei"),
        (CLOUD, "identifier", "IE6388047V", "scheme=vat"),
        (RADIO, "identifier", RADIO[5:], "scheme=euid"),
        (CLOUD, "located_in", "iso:IE", "basis=headquarters"),
        (RADIO, "located_in", "iso:DE", "basis=headquarters"),
    }
    assert reading.left_out["natural persons (column provider)"] == 1


def test_the_first_layout_of_providers(tmp_path: Path) -> None:
    header = ",".join(f"B_05.01.{number:04}" for number in range(10, 100, 10))
    _, rows = read_rows(
        tmp_path, "any.csv", header, f"{CLOUD[4:]},LEI,Cloud Yard,Legal person,IE,EUR,1,{HOLDING[4:]},LEI"
    )
    assert (CLOUD, "name", "Cloud Yard", "") in said(rows, "name")
    assert {row[0] for row in said(rows, "controls")} == {HOLDING}


def test_services_use_what_is_subcontracted(tmp_path: Path) -> None:
    reading, rows = read_template("b_05.02", tmp_path)
    below = f"{OWN}service/CA-1/S17/{CABLE}"
    assert said(rows, "uses", "supplies", "operates") == {
        (IAAS, "uses", below, "tier=2"),
        (CABLE, "supplies", CLOUD, f"item=@{below}; tier=2"),
        (CLOUD, "operates", IAAS, "role=operator"),
        (CABLE, "operates", below, "role=operator"),
        (HOLDING, "operates", f"{OWN}service/CA-1/S17/{HOLDING}", "role=operator"),
    }
    assert [(fault.line, fault.reason) for fault in reading.rejected] == [
        (5, "recipient: rank 2 names no recipient of the subcontracted service"),
        (6, "rank: the rank “first” is no number from 1 (1 is the direct provider)"),
    ]
    assert any("subcontracts to itself" in note for note in reading.notes)


def test_functions(tmp_path: Path) -> None:
    rows = read_template("b_06.01", tmp_path)[1]
    assert said(rows, "uses") == {
        (BANK, "uses", f"{OWN}function/F1", "reading=critical or important: yes"),
        (BANK, "uses", f"{OWN}function/F2", "strength=recommended; reading=critical or important: no"),
    }


def test_assessments(tmp_path: Path) -> None:
    reading, rows = read_template("b_07.01", tmp_path)
    assert said(rows, "supplies") == {(CLOUD, "supplies", BANK, f"item=@{IAAS}; substitutability=highly_complex")}
    assert (IAAS, "described_as", "no", "aspect=other; scope=exit plan") in said(rows, "described_as")
    assert [fault.line for fault in reading.rejected] == [3]


def test_other_templates_are_counted(tmp_path: Path) -> None:
    reading, rows = read_template("b_03.01", tmp_path)
    assert not rows
    assert reading.left_out == {"rows of B_03.01: the template is not read": 1}


def test_a_file_alone_names_its_register_after_its_source(tmp_path: Path) -> None:
    text = (DATA / "b_06.01.csv").read_text("utf-8")
    path = tmp_path / "b_06.01.csv"
    path.write_text(text, "utf-8")
    reading, rows = read(ADAPTER, path, tmp_path / "w", Source(id="our-register"))
    assert "dora:our-register/function/F1" in {row["subject"] for row in rows}
    assert any("no B_01.01 lies beside" in note for note in reading.notes)
    (tmp_path / "parameters.csv").write_text("name,value\nentityID,rs:5299HARBOURBANK00056.CON\nrefPeriod,2025-12-31\n")
    again = read(ADAPTER, path, tmp_path / "w")[1]
    assert f"{OWN}function/F1" in {row["subject"] for row in again}


@pytest.mark.parametrize(
    ("header", "name", "code"),
    [
        ("c0010,c0020", "b_02.02.csv", "B_02.02"),
        ("B_02.02.0010,B_02.02.0020", "any.csv", "B_02.02"),
        ("RT.02.02.0010", "any.csv", "B_02.02"),
        ("b_03.03.0010,b_03.33.0020", "any.csv", "B_03.03"),
        ("0010,0020,0030,0040,0050,0060,0070", "any.csv", "B_05.02"),
        ("c0010,c0020,c0030", "any.csv", None),
        ("c0010,c0020", "b_88.01.csv", None),
        ("B_02.02.0010,B_05.01.0010", "any.csv", None),
        ("name,value", "b_02.02.csv", None),
        ("", "b_02.02.csv", None),
    ],
)
def test_templates_are_known_by_their_columns(header: str, name: str, code: str | None) -> None:
    found = find_template(header.split(",") if header else [], Path(name))
    assert (found.code if found else None) == code


def test_recognition_needs_more_than_short_codes() -> None:
    start = b"c0010,c0020,c0030,c0040,c0050\n"
    assert ADAPTER.recognises(Head(Path("x/b_02.01.csv"), 1, start))
    assert not ADAPTER.recognises(Head(Path("x/table.csv"), 1, start))
    assert not ADAPTER.recognises(Head(Path("x/b_02.01.csv"), 1, b"a,b\n"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "no template"),
        ("c0010,c0020,c0030,c0040\n", "or of several"),
        ('B_02.01.0010\n"open\n', "quote"),
        ("", "empty"),
    ],
)
def test_other_tables_are_refused(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(FormatError, match=words):
        read(ADAPTER, path, tmp_path / "w")


def test_faults_are_listed_by_line(tmp_path: Path) -> None:
    lines = (
        "B_05.01.0010;B_05.01.0020;B_05.01.0050;B_05.01.0070;B_05.01.0100",
        "5299HARBOURBANK00057;LEI;Wrong digits;;",
        "too;few",
        "",
        "12345;CRN;Registered Oy;;",
        "X-9;;Of no type;;",
    )
    reading, rows = read_rows(tmp_path, "providers.csv", *lines)
    assert [fault.line for fault in reading.rejected] == [2, 3]
    assert reading.rows == 4
    assert {row["subject"] for row in rows} == {"dora:crn-12345", "dora:party-x-9"}


def test_cells(tmp_path: Path) -> None:
    cells: list[tuple[Any, Any]] = [
        (plain("eba_GA:FI"), "FI"), (plain("Not Applicable"), None), (plain(None), None), (plain(" x "), "x"),
        (word("eba_RP:x21"), "not of the group"), (word("eba_BT:x21"), "assessment not performed"), (word("Yes"), "yes"),
        (country("fi"), "iso:FI"), (country("Finland"), None), (country("eba_GA:qx2007"), None),
        (day("9999-12-31"), None), (day("2025-06"), "2025-06"), (day("soon"), None),
        (service_code("eba_TA:S07"), "S07"), (service_code("Cloud, all"), "cloud-all"), (service_code(""), None),
    ]  # fmt: skip
    assert [found for found, _ in cells] == [expected for _, expected in cells]


ODD = st.sampled_from(
    ["", "eba_ZZ:x0", "LEI", CLOUD[4:], "x;y=@z", "9999-12-31", "-1", "é", "eba_TA:S17", "CA/1", "\t"]
)


@pytest.mark.parametrize("name", TEMPLATES)
@settings(max_examples=25)
@given(data=st.data())
def test_any_cell_may_be_anything(name: str, data: st.DataObject) -> None:
    lines = (DATA / f"{name}.csv").read_text("utf-8").splitlines()
    cells = lines[1].split(",")
    for _ in range(3):
        cells[data.draw(st.integers(0, len(cells) - 1))] = data.draw(ODD)
    with tempfile.TemporaryDirectory() as folder:
        _, rows = read_rows(Path(folder), f"{name}.csv", lines[0], ",".join(cells))
    if rows:
        assert_in_vocabulary(rows)
