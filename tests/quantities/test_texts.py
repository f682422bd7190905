"""Bounded quantities: texts, marks, words and JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.errors import ValueFormatError
from isthmus.quantities import Quantity
from tests.quantities.strategies import Q, quantities, wild


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("34", "34", (34.0, 34.0, 0)),
        ("12", "", (12.0, None, 0)),
        (">0.3333", None, (0.3333, None, 1)),
        ("", "<20", (None, 20.0, 2)),
        ("~0.15", "~0.15", (0.15, 0.15, 12)),
        ("~156e9", "<156e9", (156e9, 156e9, 6)),
        (">4000", "~4000", (4000.0, 4000.0, 9)),
        ("50", "60", (50.0, 60.0, 0)),
        (" -5 ", "\t+2.5E-3", (-5.0, 0.0025, 0)),
        (".5", "1", (0.5, 1.0, 0)),
        (">0", "<1", (0.0, 1.0, 3)),
        ("0", "0e5", (0.0, 0.0, 0)),
    ],
)
def test_parse_vectors(low: str, high: str | None, expected: tuple[float | None, float | None, int]) -> None:
    found = Q(low, high, "posts", "reportedly")
    assert (found.low, found.high, found.bits) == expected
    assert found == Quantity.from_parts(*expected, "posts", "reportedly")


@pytest.mark.parametrize(
    ("low", "high", "why"),
    [
        ("", "", "Neither"),
        (None, "  ", "Neither"),
        ("NaN", "", "not a number"),
        ("inf", "", "not a number"),
        ("", "-Infinity", "not a number"),
        ("1e400", "", "beyond the range"),
        ("1e-400", "", "beyond the range"),
        ("5", "4", "greater than"),
        ("~5", "~4", "greater than"),
        (">5", "<5", "No number lies"),
        (">5", "5", "No number lies"),
        ("5", "<5", "No number lies"),
        ("<5", "", "closes the other side"),
        ("", ">5", "closes the other side"),
        ("1,234", "", "no thousands separator"),
        ("1 234", "", "no thousands separator"),
        ("1.234.567", "", "no thousands separator"),
        ("1_000", "", "no thousands separator"),
        (">=5", "", "without a mark"),
        ("", "<=5", "without a mark"),
        ("15%", "", "15 % is 0.15"),
        ("~", "", "not a number"),
        (">~5", "", "not a number"),
        ("~~5", "", "not a number"),
        ("> 5", "", "not a number"),
        ("5~", "", "not a number"),
        ("5.", "", "not a number"),
        ("0x10", "", "not a number"),
        ("٣٤", "", "not a number"),
        ("dozens", "", "not a number"),
        ("5\x00", "", "not a number"),
    ],
)
def test_parse_refuses(low: str | None, high: str | None, why: str) -> None:
    with pytest.raises(ValueFormatError) as caught:
        Q(low, high)
    assert why in str(caught.value)


@given(quantities(wild))
@settings(max_examples=200)
def test_round_trips(quantity: Quantity) -> None:
    unit, hedge = quantity.unit, quantity.hedge
    assert Quantity.from_parts(quantity.low, quantity.high, quantity.bits, unit, hedge) == quantity
    # In text an end has one mark, and near outweighs open.
    both = quantity.bits & 3 & quantity.bits >> 2
    if quantity.known:
        again = Q(quantity.low_text, quantity.high_text, unit, hedge)
        assert again == Quantity.from_parts(quantity.low, quantity.high, quantity.bits & ~both, unit, hedge)
        assert (again.low_text, again.high_text) == (quantity.low_text, quantity.high_text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (34, "34"),
        (156e9, "156000000000"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e15, "1000000000000000"),
        (1e16, "1e+16"),
        (-2.5, "-2.5"),
        (-0.0, "0"),
        (5e-324, "5e-324"),
    ],
)
def test_texts_are_the_shortest(value: float, text: str) -> None:
    assert Quantity.exactly(value).low_text == text
    assert Quantity.exactly(value).high_text == text


def test_constructors_and_their_texts() -> None:
    made = {
        ("34", "34"): Quantity.exactly(34),
        ("12", ""): Quantity.at_least(12),
        ("", "12"): Quantity.at_most(12),
        (">12", ""): Quantity.more_than(12),
        ("", "<12"): Quantity.less_than(12),
        ("50", "60"): Quantity.between(50, 60),
        ("~15", "~15"): Quantity.about(15),
        ("", ""): Quantity.unknown("posts"),
    }
    for texts, quantity in made.items():
        assert (quantity.low_text, quantity.high_text) == texts
    assert [texts for texts, quantity in made.items() if quantity.exact] == [("34", "34")]
    assert [texts for texts, quantity in made.items() if quantity.approx] == [("~15", "~15")]
    assert [texts for texts, quantity in made.items() if not quantity.known] == [("", "")]
    assert not Q("~156e9", "<156e9").exact


@pytest.mark.parametrize(
    "make",
    [
        lambda: Quantity(math.nan, None),
        lambda: Quantity(None, math.inf),
        lambda: Quantity(None, 1.0, open_low=True),
        lambda: Quantity(1.0, None, near_high=True),
        lambda: Quantity(2.0, 1.0),
        lambda: Quantity.from_parts(1.0, 1.0, 16),
        lambda: Quantity.from_parts(1.0, 1.0, -1),
        lambda: Quantity.from_parts(1.0, 1.0, 3),
        lambda: Quantity.exactly(math.inf),
    ],
)
def test_what_is_no_quantity_is_refused(make: Callable[[], Quantity]) -> None:
    with pytest.raises(ValueFormatError):
        make()


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (Q("34", "34", "posts"), "34 posts"),
        (Q("1", "1", "posts"), "1 post"),
        (Q("1", "1", "countries"), "1 country"),
        (Q("1", "1", "people"), "1 person"),
        (Q(">0.3333", "", "share"), "more than 33.3 %"),
        (Q("", "<20", "posts"), "under 20 posts"),
        (Q("~0.15", "~0.15", "share"), "about 15 %"),
        (Q("12", ""), "at least 12"),
        (Q("", "12", "nodes"), "at most 12 nodes"),
        (Q("0.5", "0.6", "proportion"), "between 50 and 60 %"),
        (Q("~156e9", "<156e9", "USD"), "nearly 156 bn USD"),
        (Q(">4000", "~4000", "items"), "just over 4,000 items"),
        (Q("~5", "5", "items"), "about 5 items and no more"),
        (Q("5", "~5", "items"), "about 5 items and no less"),
        (Q("~5", "", "items"), "about 5 items or more"),
        (Q("", "~5", "items"), "about 5 items or less"),
        (Q(">0", "<1", "share"), "more than 0 and under 100 %"),
        (Q("50", "<60"), "at least 50 and under 60"),
        (Q(">50", "60"), "more than 50 and at most 60"),
        (Q("~50", "<60"), "at least about 50 and under 60"),
        (Q("50", "~60"), "between 50 and about 60"),
        (Quantity.from_parts(50, None, 5), "more than about 50"),
        (Quantity.from_parts(None, 50, 10), "under about 50"),
        (Quantity.unknown("posts"), "not known"),
        # control turns on what is above a half, and 99.99 % is not all
        (Q("0.5001", "0.5001", "share"), "50.01 %"),
        (Q("0.9999", "0.9999", "share"), "99.99 %"),
        (Q(">0.5", "", "share"), "more than 50 %"),
        (Quantity.exactly(34 / 225, "share"), "15.1 %"),
        (Quantity.exactly(0.1 + 0.2, "share"), "30 %"),
        (Quantity.at_most(0.1 + 0.2, "share"), "at most 30 %"),
        (Quantity.at_least(2 / 3, "share"), "at least 66.6 %"),
        (Quantity.at_most(2 / 3, "share"), "at most 66.7 %"),
        (Quantity.exactly(12.34, "share"), "1,234 %"),
        (Quantity.exactly(0, "share"), "0 %"),
        # money
        (Q(">670e9", "", "USD"), "more than 670 bn USD"),
        (Q("31.5e9", "31.5e9", "USD/year"), "31.5 bn USD/year"),
        (Q("~1e12", "~1e12", "CNY"), "about 1,000 bn CNY"),
        (Q("62500000", "", "USD"), "at least 62.5 million USD"),
        (Q("35000", "35000", "USD"), "35 thousand USD"),
        (Q("5000", "5000", "USD"), "5,000 USD"),
        (Q("1234567", "1234567", "USD"), "1,234,567 USD"),
        (Quantity.at_least(31513512345.67, "USD"), "at least 31.51 bn USD"),
        (Quantity.at_most(31513512345.67, "USD"), "at most 31.52 bn USD"),
        (Q("1.5e9", "2e9", "USD"), "between 1.5 and 2 bn USD"),
        (Q("8e8", "2e9", "USD"), "between 800 million USD and 2 bn USD"),
        (Q("-2e9", "-2e9", "EUR"), "-2 bn EUR"),
        # other units
        (Q("436000000", "", "units"), "at least 436,000,000 units"),
        (Q("4.1", "4.1", "multiple"), "4.1 times"),
        (Q("1", "1", "rank"), "rank 1"),
        (Q("2", "", "rank"), "at least rank 2"),
        (Quantity.exactly(10 / 3, "years"), "3.333 years"),
        (Quantity.exactly(98765.4321, "people"), "98,765 people"),
        (Q("2.75", "2.75", "PB/year"), "2.75 PB/year"),
        (Quantity.exactly(1e300), "1e300"),
        (Quantity.exactly(1.5e-9), "1.5e-9"),
    ],
)
def test_words(quantity: Quantity, words: str) -> None:
    assert quantity.words() == words


@given(st.floats(1e-6, 1e6), st.sampled_from(["share", "USD", "posts"]))
@settings(max_examples=200)
def test_words_of_bounds_stay_true(value: float, unit: str) -> None:
    """A shortened low bound is not above the true one, a shortened high bound not below it (to twelve digits)."""
    for quantity, sign in ((Quantity.at_least(value, unit), -1), (Quantity.at_most(value, unit), 1)):
        _, _, number, *rest = quantity.words().replace(",", "").split()
        scale = {"%": 0.01, "million": 1e6, "thousand": 1e3}.get(rest[0], 1.0)
        assert (float(number) * scale - value) * sign >= -1e-11 * value


@given(quantities(wild), st.sampled_from(["share", "USD", "posts", "rank", "multiple", ""]))
@settings(max_examples=200)
def test_every_quantity_has_words(quantity: Quantity, unit: str) -> None:
    parts = quantity.low, quantity.high, quantity.bits, unit
    words = Quantity.from_parts(*parts).words()
    assert words == words.strip()
    assert (words == "not known") == (not quantity.known)
    assert len(words) < 100


def test_json_is_the_documented_form() -> None:
    document = Q("~156e9", "<156e9", "USD", "reportedly").to_json()
    assert document == {
        "low": 156000000000,
        "high": 156000000000,
        "open_low": False,
        "open_high": True,
        "approx": True,
        "unit": "USD",
        "hedge": "reportedly",
    }
    assert list(document) == ["low", "high", "open_low", "open_high", "approx", "unit", "hedge"]
    assert json.dumps(Q("34", "0.5e3").to_json()["low"]) == "34"
    assert json.dumps(Q("0.25", "").to_json()["low"]) == "0.25"
    assert Q("", "<20").to_json()["low"] is None
    assert json.dumps(Quantity.exactly(1e300).to_json()["low"]) == "1e+300"


@given(quantities(wild))
@settings(max_examples=200)
def test_json_round_trip(quantity: Quantity) -> None:
    document = json.loads(json.dumps(quantity.to_json()))
    again = Quantity.from_json(document)
    assert again.to_json() == document
    assert (again.low, again.high, again.bits & 3) == (quantity.low, quantity.high, quantity.bits & 3)
    assert again.approx == quantity.approx


@pytest.mark.parametrize(
    ("low", "high"), [("34", "34"), (">1", ""), ("", "<20"), ("~1", "~1"), ("~9", "<9"), (">4", "~4"), ("~1", "")]
)
def test_json_keeps_what_people_write(low: str, high: str) -> None:
    assert Quantity.from_json(Q(low, high, "posts").to_json()) == Q(low, high, "posts")


@pytest.mark.parametrize(
    "change",
    [
        {"low": "34"},
        {"low": True},
        {"low": math.nan},
        {"high": 10**400},
        {"low": None, "open_low": True},
        {"low": None, "high": None, "approx": True},
        {"open_high": 1},
        {"approx": None},
        {"unit": None},
        {"hedge": 3},
        {"low": 3, "high": 2},
        {"note": ""},
    ],
)
def test_from_json_refuses(change: dict[str, object]) -> None:
    with pytest.raises(ValueFormatError):
        Quantity.from_json(Q("1", "2").to_json() | change)
    with pytest.raises(ValueFormatError, match="found: none"):
        Quantity.from_json({})
