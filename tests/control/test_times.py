"""Times of many rows at once equal the times of one claim."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from isthmus.control.times import EPOCH, day_of, ranks, truths
from isthmus.dates import PartialDate, Period, Truth
from isthmus.picture import Picture

from .conftest import CASES

LITERALS = [
    *("2019", "2020", "2020-Q1", "2020-Q3", "2020-02", "2020-07", "2020-06-30", "2020-07-01", "2021-01-01", "~2020"),
    *("<2020", "<=2020", ">2020", ">=2020", "<2020-07-01", ">=2020-06-30", "1969-12-31", ">1969"),
]
DATES = [PartialDate.parse(text) for text in LITERALS]


class _Store:
    """Dates and sources as the claim store numbers them."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        if "FROM dates" not in sql:
            return [(0, "undated"), (1, "dated"), (2, "open")]
        days = [(item.earliest, item.latest) for item in DATES]
        return [(key, *(None if day is None else (day - EPOCH).days for day in ends)) for key, ends in enumerate(days)]


SOURCES = {
    "undated": SimpleNamespace(date=None),
    "dated": SimpleNamespace(date="2020-07"),
    "open": SimpleNamespace(date=">2020"),
}


def picture(as_of: str | None, known_at: str = "2020-07-15T00:00:00Z") -> Picture:
    return cast(Picture, SimpleNamespace(store=_Store(), as_of=as_of, known_at=known_at, sources=SOURCES))


def keys(random: Random, size: int) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    return [np.array([random.randint(-1, len(DATES) - 1) for _ in range(size)]) for _ in range(3)]


def period(*chosen: int) -> Period:
    return Period(*(None if key < 0 else DATES[key] for key in chosen))


@pytest.mark.parametrize("seed", range(6))
def test_truths_equal_those_of_each_period(seed: int) -> None:
    random = Random(seed)
    seen = set()
    for _ in range(CASES // 10):
        day = date(2020, 1, 1) + timedelta(days=random.randint(-500, 500))
        columns = keys(random, 50)
        found = truths(picture(day.isoformat()), *columns)
        expected = [
            int(period(*row).holds_on(day)) for row in zip(*(column.tolist() for column in columns), strict=True)
        ]
        assert found.tolist() == expected
        seen |= set(expected)
    assert seen == {0, 1, 2}


@pytest.mark.parametrize("as_of", ["2020", "2020-Q2", "2020-06"])
def test_a_partial_day_is_asked_at_its_end(as_of: str) -> None:
    columns = keys(Random(7), 300)
    expected = [
        int(period(*row).holds_on(PartialDate.parse(as_of))) for row in zip(*(c.tolist() for c in columns), strict=True)
    ]
    assert truths(picture(as_of), *columns).tolist() == expected


def test_without_a_day_only_an_end_takes_a_claim_away() -> None:
    random = Random(8)
    columns = keys(random, 500)
    found = truths(picture(None), *columns)
    for row, truth in zip(zip(*(column.tolist() for column in columns), strict=True), found.tolist(), strict=True):
        start, end, _ = row
        assert (truth == Truth.YES.value) or end >= 0
        if end >= 0 and (DATES[end].latest or date.max) < date(2020, 7, 15):
            assert truth == Truth.NO.value
        if end < 0 and start >= 0:
            assert truth == Truth.YES.value


def test_the_day_is_the_one_asked_else_that_of_the_record() -> None:
    assert day_of(picture("2020")) == (date(2020, 12, 31) - EPOCH).days
    assert day_of(picture(None)) == (date(2020, 7, 15) - EPOCH).days


@pytest.mark.parametrize(
    ("source", "start", "seen", "spoken"),
    [
        (0, None, None, None),
        (0, "2019", None, "2019-01-01"),
        (1, "2019", None, "2020-07-15"),  # the date of the source, but no day after that of the picture
        (1, None, "2020-02", "2020-02-29"),
        (1, "2020-06-30", "2020-02", "2020-06-30"),
        (2, "2019", None, "2019-01-01"),
        (0, None, "2021-01-01", "2020-07-15"),
        (0, None, ">=2020", None),
    ],
)
def test_how_far_a_claim_speaks(source: int, start: str | None, seen: str | None, spoken: str | None) -> None:
    def key(text: str | None) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([-1 if text is None else LITERALS.index(text)])

    rank, since = ranks(picture(None), np.array([source]), key(start), key(None), key(seen))
    expected = -(2**40) if spoken is None else (date.fromisoformat(spoken) - EPOCH).days
    assert rank.tolist() == [expected]
    assert since.tolist() == [
        -(2**40) if start is None else (PartialDate.parse(start).earliest or EPOCH).toordinal() - EPOCH.toordinal()
    ]


def test_no_claims_have_no_times() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert truths(picture("2020"), none, none, none).tolist() == []
    assert ranks(picture("2020"), none, none, none, none)[0].tolist() == []
