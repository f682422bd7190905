"""Single lines of the snapshot: numbers, places and days, lines that are refused, and files that are none."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.errors import FormatError, IsthmusError
from isthmus.sources.adapter import Head
from isthmus.sources.adapters.psc import ADAPTER
from tests.sources.readings import read

SNAPSHOT = Path(__file__).resolve().parents[2] / "data" / "psc" / "snapshot.txt"
COMPANY = "gb-coh:01234567"


def write(folder: Path, *entries: object, company: str = "01234567", name: str = "given.txt") -> Path:
    """Write lines with these `data` (or raw text), of one company."""
    path = folder / name
    lines = (
        item if isinstance(item, str) else json.dumps({"company_number": company, "data": item}) for item in entries
    )
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def corporate(**identification: str) -> dict[str, Any]:
    return {
        "kind": "corporate-entity-person-with-significant-control",
        "name": "Holder Ltd",
        "identification": identification,
        "natures_of_control": ["significant-influence-or-control"],
        "links": {"self": "/company/01234567/persons-with-significant-control/corporate-entity/h"},
    }


@pytest.mark.parametrize(
    ("identification", "holder"),
    [
        ({"registration_number": "123", "country_registered": "England"}, "gb-coh:00000123"),
        ({"registration_number": "1234 5678", "place_registered": "Companies House, Cardiff"}, "gb-coh:12345678"),
        ({"registration_number": "ni12", "country_registered": "Northern Ireland"}, "gb-coh:NI000012"),
        (
            {"registration_number": "7", "country_registered": "UK (England & Wales)", "place_registered": "Register of Companies"},
            "gb-coh:00000007",
        ),
        ({"registration_number": "12", "country_registered": "Northern Ireland"}, "gb-psc:h"),
        ({"registration_number": "123", "country_registered": "New South Wales"}, "gb-psc:h"),
        ({"registration_number": "123", "country_registered": "United Kingdom", "place_registered": "Jersey"}, "gb-psc:h"),
        ({"registration_number": "123", "country_registered": "Ireland"}, "gb-psc:h"),
        ({"registration_number": "123", "place_registered": "Register of Companies"}, "gb-psc:h"),
        ({"registration_number": "n/a", "country_registered": "England"}, "gb-psc:h"),
        ({"registration_number": "000", "country_registered": "England"}, "gb-psc:h"),
        ({"registration_number": "123"}, "gb-psc:h"),
        ({"country_registered": "England"}, "gb-psc:h"),
    ],
)  # fmt: skip
def test_number_is_of_the_register_only_where_the_place_says_so(
    tmp_path: Path, identification: dict[str, str], holder: str
) -> None:
    _, rows = read(ADAPTER, write(tmp_path, corporate(**identification)), tmp_path / "work")
    assert {row["subject"] for row in rows if row["predicate"] == "has_interest_in"} == {holder}


def test_country_without_a_code_is_counted(tmp_path: Path) -> None:
    reading, rows = read(ADAPTER, write(tmp_path, corporate(country_registered="Utopia")), tmp_path / "work")
    assert "located_in" not in {row["predicate"] for row in rows}
    assert reading.left_out["identification.country_registered: no country by that name"] == 1


def test_holder_without_a_link_is_known_by_company_and_name(tmp_path: Path) -> None:
    data = corporate()
    del data["links"]
    _, rows = read(ADAPTER, write(tmp_path, data), tmp_path / "work")
    held = [row for row in rows if row["predicate"] == "has_interest_in"]
    assert [(row["subject"], row["locator"]) for row in held] == [
        ("gb-psc:01234567:holder-ltd", "/company/01234567#corporate-entity-person-with-significant-control")
    ]


@pytest.mark.parametrize(("name", "ended"), [("given.txt", None), ("psc-snapshot-2023-04-05_1of2.txt", "<=2023-04-05")])
def test_end_without_a_day_needs_the_day_of_the_snapshot(tmp_path: Path, name: str, ended: str | None) -> None:
    gone = {
        "kind": "super-secure-beneficial-owner",
        "description": "super-secure-beneficial-owner",
        "ceased": True,
        "links": {"self": "/a/b"},
    }
    reading, rows = read(ADAPTER, write(tmp_path, gone, corporate(), name=name), tmp_path / "work")
    interests = [row.get("valid_to") for row in rows if "unpublishedInterest" in row.get("qualifiers", "")]
    assert interests == ([ended] if ended else [])
    assert reading.left_out.get("holders who ceased on a day that is not said") == (None if ended else 1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({**corporate(), "natures_of_control": "x"}, "natures_of_control is no list"),
        ({**corporate(), "name": {"a": 1}}, "name holds a nested value, and a text is needed"),
        ({**corporate(), "name": None}, "the holder has no name"),
        (
            {**corporate(), "notified_on": "2020-13-01"},
            "notified_on “2020-13-01” is no date that the register can have",
        ),
        ({**corporate(), "kind": 3}, "there is no kind “3”"),
        (
            corporate(registration_number="01234567", country_registered="England"),
            "the company is named as a holder of itself: 01234567",
        ),
        ({"kind": "persons-with-significant-control-statement"}, "the statement has no code"),
        (
            {"kind": "persons-with-significant-control-statement", "statement": "all-is-well"},
            "there is no statement “all-is-well”",
        ),
        ({"kind": "exemptions", "exemptions": {}}, "the line lists no exemption"),
        (
            {"kind": "exemptions", "exemptions": {"a": {"items": [{"exempt_from": "then"}]}}},
            "exempt_from “then” is no date",
        ),
        ('{"company_number": "01234567"}', "the line has no data.kind"),
        ('{"data": {"kind": "exemptions"}}', "the line has no company_number"),
        ("[]", "the line is not a JSON object"),
        ('{"company_number": "\\ud800"}', "a text of the object holds half a character (a lone surrogate)"),
    ],
)
def test_bad_line_is_refused_and_the_rest_is_read(tmp_path: Path, data: object, reason: str) -> None:
    reading, rows = read(ADAPTER, write(tmp_path, corporate(), data, "", corporate()), tmp_path / "work")
    assert [(fault.line, fault.reason) for fault in reading.rejected] == [(2, reason)]
    assert reading.rows == 4
    assert {1, 4} <= {row["line"] for row in rows if row["predicate"] == "has_interest_in"}


def test_same_company_on_several_lines_keeps_each_interest(tmp_path: Path) -> None:
    other = {**corporate(), "natures_of_control": ["voting-rights-25-to-50-percent", "voting-rights-25-to-50-percent"]}
    _, rows = read(ADAPTER, write(tmp_path, corporate(), other), tmp_path / "work")
    assert [(row["line"], row["predicate"]) for row in rows if row.get("object") == COMPANY] == [
        (1, "has_interest_in"),
        (2, "owns"),
    ]


@pytest.mark.parametrize("text", ["\n\n", '{"a": 1}\n', "not json\n"])
def test_other_file_is_refused_whole(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.txt"
    path.write_text(text)
    with pytest.raises(FormatError, match="no line of the file is an entry of the register"):
        read(ADAPTER, path, tmp_path / "work")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (SNAPSHOT.read_bytes(), True),
        (b'{"data":{"kind":"totals#persons-of-significant-control-snapshot"}}\n', True),
        (b'{"company_number":"01234567","data":{"exemptions":{},"kind":"exemptions"}}\n', True),
        (b'{"subject":"a","predicate":"owns","data":"significant-control","kind":""}\n', False),
        (b'{"LEI":"x","Entity":{}}\n', False),
        (b"company_number,kind\n", False),
        (b"", False),
    ],
)
def test_format_is_recognised_by_its_first_line(start: bytes, expected: bool) -> None:
    assert ADAPTER.recognises(Head(Path("x.txt"), len(start), start)) is expected


_WORDS = st.sampled_from(
    ["kind", "name", "natures_of_control", "links", "self", "identification", "registration_number", "England", "exemptions",
     "items", "notified_on", "2020-01-01", "ceased", "", "\u0001;", "@x", "ownership-of-shares-25-to-50-percent"]
)  # fmt: skip
_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=4) | _WORDS
_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=4), max_leaves=8
)
_KINDS = st.sampled_from(
    ["individual-person-with-significant-control", "corporate-entity-beneficial-owner", "exemptions",
     "persons-with-significant-control-statement", "super-secure-beneficial-owner"]
)  # fmt: skip
_ENTRY = st.builds(
    lambda kind, more: {**more, "kind": kind}, _KINDS | _JSON, st.dictionaries(_WORDS, _JSON, max_size=5)
)


@settings(max_examples=10, deadline=None)
@given(st.lists(_ENTRY | _JSON, min_size=1, max_size=15))
def test_any_lines_give_a_reading_or_an_error_of_ours(entries: list[object]) -> None:
    lines = [json.dumps({"company_number": "01234567", "data": item}) for item in entries]
    with tempfile.TemporaryDirectory() as name:
        path = write(Path(name), corporate(), *lines)
        try:
            reading, rows = read(ADAPTER, path, Path(name) / "work")
        except IsthmusError:
            return
        assert reading.rows == len(entries) + 1
        seen = {row["line"] for row in rows} | {fault.line for fault in reading.rejected}
        assert seen == set(range(1, reading.rows + 1)) or reading.left_out
        assert any(row["line"] == 1 and row["predicate"] == "has_interest_in" for row in rows)
