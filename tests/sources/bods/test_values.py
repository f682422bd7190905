"""Single values of BODS: shares, days, ids, identifiers, words for rights; and the cutting of a file."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.claims.rules import entity_fault
from isthmus.errors import ValueFormatError
from isthmus.quantities import Quantity
from isthmus.sources.adapter import no_progress
from isthmus.sources.bods import parse
from isthmus.sources.bods.parse import read_items
from isthmus.sources.bods.values import (
    day_before,
    entity_id,
    read_day,
    read_identifier,
    read_share,
    record_id,
    right_in,
    slug,
)

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
_PERCENT = st.integers(0, 10_000).map(lambda number: Decimal(number).scaleb(-2))


@given(_TEXT)
def test_record_has_an_id_of_its_own_that_leads_back(record: str) -> None:
    assert entity_fault(entity_id(record)) is None
    assert ";" not in entity_id(record)
    assert record_id(entity_id(record)) == record


@given(_PERCENT, _PERCENT, st.booleans(), st.booleans(), st.booleans())
def test_bounds_are_read_alike_as_numbers_and_as_flags(
    one: Decimal, other: Decimal, open_low: bool, open_high: bool, older: bool
) -> None:
    low, high = sorted((one, other))
    if older:
        share = {"minimum": low, "maximum": high, "exclusiveMinimum": open_low, "exclusiveMaximum": open_high}
    else:
        share = {
            "exclusiveMinimum" if open_low else "minimum": low,
            "exclusiveMaximum" if open_high else "maximum": high,
        }
    if low == high and (open_low or open_high):
        with pytest.raises(ValueFormatError, match="no share lies between"):
            read_share(share)
        return
    quantity = Quantity.parse(*read_share(share), "share")
    assert (Decimal(str(quantity.low)), Decimal(str(quantity.high))) == (low.scaleb(-2), high.scaleb(-2))
    assert quantity.low_text.startswith(">") == open_low
    assert quantity.high_text.startswith("<") == open_high


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021-02-28", "2021-02-28"),
        ("2021-02-28T23:59:59+01:00", "2021-02-28"),
        ("2021-02", "2021-02"),
        ("2021", "2021"),
        ("2021-02-29", None),
        ("2021-13", None),
        ("0000", None),
        ("21-02-28", None),
        ("2021-02-28x", None),
        ("", None),
    ],
)
def test_day(text: str, day: str | None) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("day", "before"), [("2020-03-01", "2020-02-29"), ("2020-01-01", "2019-12-31"), ("2020", "<2020")]
)
def test_day_before(day: str, before: str) -> None:
    assert day_before(day) == before


@pytest.mark.parametrize(
    ("value", "scheme", "name", "expected"),
    [
        ("PY6ZZQWO2IZFZC3IOL08", "XI-LEI", "", ("lei", "PY6ZZQWO2IZFZC3IOL08")),
        ("py6zzqwo2izfzc3iol08", "xi-lei", "", ("lei", "PY6ZZQWO2IZFZC3IOL08")),
        ("02723534", "GB-COH", "", ("ra", "RA000585:02723534")),
        ("sc1234", "GB-COH", "", ("ra", "RA000587:SC001234")),
        ("NI654321", "GB-COH", "", ("ra", "RA000586:NI654321")),
        ("RC000123", "GB-COH", "", ("registration", "GB-COH:RC000123")),
        ("2063384560", "GB-COH", "", ("registration", "GB-COH:2063384560")),
        ("XE9999", "GB-COH", "Companies House", ("registration", "GB-COH:XE9999")),
        ("7707083893", "RU-INN", "", ("inn", "7707083893")),
        ("CPL211105123", "MX-RFC", "", ("tax", "MX-RFC:CPL211105123")),
        ("12", "", "Harbour list", ("registration", "Harbour list:12")),
        ("12", "", "", ("registration", "12")),
        ("12", "", "registration", ("registration", "12")),
        ("GB0009895292", "", "isin", ("isin", "GB0009895292")),
    ],
)
def test_identifier(value: str, scheme: str, name: str, expected: tuple[str, str]) -> None:
    assert read_identifier(value, scheme, name) == expected


@pytest.mark.parametrize(
    ("details", "right"),
    [
        ("One Golden Share", "golden_share"),
        ("Vetoes mergers", "veto"),
        ("has the casting vote", "casting_vote"),
        ("a special management share of 1 %", "special_management_share"),
        ("no right of veto", None),
        ("no board seat, but a veto", "veto"),
        ("ordinary shares", None),
    ],
)
def test_right_in_words(details: str, right: str | None) -> None:
    assert right_in(details) == right


def test_texts_fit_where_they_go() -> None:
    assert slug("Société d'État (Ltd.)") == "société-d-état-ltd."
    assert slug(slug("Company Register, Delaware")) == slug("Company Register, Delaware")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(_TEXT, _JSON, max_size=3), max_size=6), st.sampled_from([None, 1]), st.integers(1, 7))
def test_array_is_cut_alike_at_every_size_of_piece(
    tmp_path_factory: pytest.TempPathFactory, statements: list[dict[str, object]], indent: int | None, size: int
) -> None:
    path = tmp_path_factory.mktemp("cut") / "array.json"
    path.write_text(json.dumps(statements, indent=indent, ensure_ascii=False), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse, "PIECE", size)
        items = list(read_items(path, no_progress))
    assert [item.place for item in items] == [f"/{number}" for number in range(len(statements))]
    assert [json.loads(json.dumps(item.body, default=int)) for item in items] == statements


def test_faulty_item_of_an_array_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "array.json"
    path.write_text('[{"a": 1}, {"a": 1, "b": {"c": 1, "c": 2}}, {"a": NaN}, {"a": 2}]')
    items = list(read_items(path, no_progress))
    assert [item.fault for item in items] == [
        None,
        "the key “c” stands twice in one object",
        "NaN is no number of JSON",
        None,
    ]
    assert [item.line for item in items] == [1, 2, 3, 4]


def test_one_statement_over_several_lines_is_read(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text('{\n "a": 1.50\n}\n')
    assert [(item.place, item.body) for item in read_items(path, no_progress)] == [("/", {"a": Decimal("1.50")})]
