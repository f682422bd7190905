"""Partial dates: what may be written, which days it means, and three-valued answers about periods."""

from __future__ import annotations

import datetime
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.dates import Mark, PartialDate, Period, Precision, Truth, as_of_day, compatible, overlap
from isthmus.errors import ValueFormatError

D = PartialDate.parse
# A narrow band of years lets random dates meet often.
days = st.dates(date(2018, 1, 1), date(2021, 12, 31))


@st.composite
def partial_dates(draw: st.DrawFn, when: st.SearchStrategy[date] = days) -> PartialDate:
    day = draw(when)
    text = draw(
        st.sampled_from(
            [f"{day.year:04}", f"{day.year:04}-Q{(day.month + 2) // 3}", f"{day.year:04}-{day.month:02}", str(day)]
        )
    )
    return D(draw(st.sampled_from(["", "~", "<", "<=", ">", ">="])) + text)


maybe_dates = st.none() | partial_dates()


@pytest.mark.parametrize(
    ("text", "start", "end", "code"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31), 0),
        ("2020-Q1", date(2020, 1, 1), date(2020, 3, 31), 1),
        ("2020-Q3", date(2020, 7, 1), date(2020, 9, 30), 1),
        ("2020-Q4", date(2020, 10, 1), date(2020, 12, 31), 1),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), 2),
        ("2100-02", date(2100, 2, 1), date(2100, 2, 28), 2),
        ("2020-07-31", date(2020, 7, 31), date(2020, 7, 31), 3),
        ("~2020", date(2020, 1, 1), date(2020, 12, 31), 4),
        ("<2002", date(2002, 1, 1), date(2002, 12, 31), 8),
        ("<=2020-08", date(2020, 8, 1), date(2020, 8, 31), 14),
        (">2015", date(2015, 1, 1), date(2015, 12, 31), 16),
        (">=2012-12-31", date(2012, 12, 31), date(2012, 12, 31), 23),
        ("0001", date.min, date(1, 12, 31), 0),
        ("9999", date(9999, 1, 1), date.max, 0),
    ],
)
def test_parse_vectors(text: str, start: date, end: date, code: int) -> None:
    parsed = D(f"  {text}\t")
    assert (parsed.start, parsed.end, parsed.code) == (start, end, code)
    assert str(parsed) == text
    assert PartialDate.from_code(start, end, code) == parsed


@pytest.mark.parametrize(
    "text",
    [
        *[
            "",
            " ",
            "2021-02-30",
            "2021-02-29",
            "2020-13",
            "2020-00",
            "2020-Q5",
            "2020-Q0",
            "2020-q3",
            "0000",
            "0000-01-01",
        ],
        *["12020", "20200", "202", "2020-7", "2020-07-1", "2020/07", "20200731", "2020-07-31T00:00", "-2020", "+2020"],
        *[
            "<<2020",
            "~<2020",
            "=2020",
            "=>2020",
            "< 2020",
            "2020~",
            "2020?",
            "٢٠٢٠",
            "２０２０",
            "2020-Q3-01",
            "2020\n2021",
        ],
        *["2020-366", "NaT", "today", "2020\x00"],
    ],
)
def test_parse_refuses(text: str) -> None:
    with pytest.raises(ValueFormatError) as caught:
        D(text)
    assert f"'{text}'" in caught.value.message
    assert caught.value.hint is not None
    assert "2020-Q3" in caught.value.hint


@pytest.mark.parametrize("text", [">9999", ">9999-Q4", ">9999-12", ">9999-12-31", "<0001", "<0001-01-01"])
def test_a_mark_that_leaves_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueFormatError, match="leaves no day"):
        D(text)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2020-Q3", date(2020, 7, 1), date(2020, 9, 30)),
        ("~2020-Q3", date(2020, 7, 1), date(2020, 9, 30)),
        ("<2020-Q3", None, date(2020, 6, 30)),
        ("<=2020-Q3", None, date(2020, 9, 30)),
        (">2020-Q3", date(2020, 10, 1), None),
        (">=2020-Q3", date(2020, 7, 1), None),
        (">=9999-12-31", date.max, None),
        ("<=0001-01-01", None, date.min),
        (">9999-11", date(9999, 12, 1), None),
    ],
)
def test_bounds_of_the_day_that_is_meant(text: str, earliest: date | None, latest: date | None) -> None:
    assert (D(text).earliest, D(text).latest) == (earliest, latest)


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (date(2020, 1, 1), date(2020, 12, 30), 0),
        (date(2020, 2, 1), date(2020, 4, 30), 1),
        (date(2020, 1, 2), date(2020, 1, 31), 2),
        (date(2020, 1, 1), date(2020, 1, 2), 3),
        (date(2020, 1, 1), date(2020, 12, 31), 24),
        (date(2020, 1, 1), date(2020, 12, 31), -1),
        (date(9999, 1, 1), date(9999, 12, 31), 16),
    ],
)
def test_from_code_refuses_days_that_do_not_fit(start: date, end: date, code: int) -> None:
    with pytest.raises(ValueFormatError):
        PartialDate.from_code(start, end, code)


@given(partial_dates(st.dates(date(2, 1, 1), date(9998, 12, 31))))
@settings(max_examples=200)
def test_round_trips(when: PartialDate) -> None:
    assert D(str(when)) == when
    assert PartialDate.from_code(when.start, when.end, when.code) == when
    assert Precision(when.code % 4) is when.precision
    assert Mark(when.code // 4) is when.mark


@given(st.lists(partial_dates(), max_size=8))
@settings(max_examples=50)
def test_order_is_total_and_by_first_day(whens: list[PartialDate]) -> None:
    ordered = sorted(whens)
    assert [when.start for when in ordered] == sorted(when.start for when in whens)
    backwards = whens[::-1]
    assert sorted(backwards) == ordered


def test_truth_has_no_boolean() -> None:
    assert min(Truth.YES, Truth.MAYBE) is Truth.MAYBE
    assert max(Truth.NO, Truth.MAYBE) is Truth.MAYBE
    with pytest.raises(TypeError, match="three values"):
        bool(Truth.MAYBE)


Y, M, N = Truth.YES, Truth.MAYBE, Truth.NO


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "observed", "answers"),
    [
        ("2020", "", "", {"2019-12-31": N, "2020-01-01": M, "2020-12-30": M, "2020-12-31": Y, "2030-01-01": Y}),
        ("2020-05-01", "", "", {"2020-04-30": N, "2020-05-01": Y, "2020": Y, "2019": N, "2020-04": N}),
        ("<=2014", "", "", {"1990-01-01": M, "2014-12-30": M, "2014-12-31": Y}),
        (">2015", "", "", {"2015-12-31": N, "2016-01-01": M, "2040-01-01": M}),
        (">2015", "", "2018-03-01", {"2015-12-31": N, "2018-02-28": M, "2018-03-01": Y, "2040-01-01": Y}),
        ("", "2020", "", {"1900-01-01": Y, "2020-01-01": Y, "2020-01-02": M, "2020-12-31": M, "2021-01-01": N}),
        ("", "2020-06-30", "", {"2020-06-30": Y, "2020-07-01": N, "2020-Q2": Y, "2020-Q3": N}),
        ("", ">=2018", "", {"2018-01-01": Y, "2018-01-02": M, "2050-01-01": M}),
        (
            "2016",
            "2018",
            "",
            {"2015-12-31": N, "2016": Y, "2017-05-05": Y, "2018-01-01": Y, "2018-06-30": M, "2019": N},
        ),
        ("2020", "2020", "", {"2019": N, "2020-06-30": M, "2020-12-31": M, "2021": N}),
        ("2020-05-01", "<=2022", "", {"2020-05-01": Y, "2020-05-02": M, "2023": N}),
        ("", "", "2021-06", {"2021-05-31": M, "2021-06-15": M, "2021-06-30": Y, "2049": Y}),
        ("", "", ">2018", {"2018": M, "2030": M}),
        ("", "2022", "2021-06-01", {"2010": Y, "2021-06-01": Y, "2022-06-01": M, "2023": N}),
        ("", "", "", {"0001-01-01": Y, "9999": Y}),
        ("2020", "2019", "", {"2018": N, "2019-06-01": N, "2020-06-01": N, "2021": N}),
    ],
)
def test_holds_on_vectors(valid_from: str, valid_to: str, observed: str, answers: dict[str, Truth]) -> None:
    period = Period(*(D(text) if text else None for text in (valid_from, valid_to, observed)))
    assert {day: period.holds_on(D(day)) for day in answers} == answers


def _within(limits: PartialDate | None, day: date) -> bool:
    if limits is None:
        return True
    return (limits.earliest is None or limits.earliest <= day) and (limits.latest is None or day <= limits.latest)


@given(maybe_dates, maybe_dates, maybe_dates, days)
@settings(max_examples=300)
def test_holds_on_agrees_with_the_possible_first_and_last_days(
    valid_from: PartialDate | None, valid_to: PartialDate | None, observed: PartialDate | None, day: date
) -> None:
    """Enumerate the possible (first, last, seen) days; the bounds and the days about `day` decide every case."""
    known = [when for when in (valid_from, valid_to, observed) if when is not None]
    marks = {date.min, date.max, day, day - timedelta(1), day + timedelta(1)}
    marks |= {bound for when in known for bound in (when.earliest, when.latest) if bound is not None}
    start_unknown = valid_from is not None or (observed is not None and valid_to is None)
    firsts = [d for d in marks if _within(valid_from, d)] if start_unknown else [date.min]
    lasts = [date.max] if valid_to is None else [d for d in marks if _within(valid_to, d)]
    seen = [d for d in marks if _within(observed, d)]
    answers = {
        first <= day <= last
        for first in firsts
        for last in lasts
        if first <= last and (observed is None or any(first <= d <= last for d in seen))
    }
    if not answers:  # the dates contradict one another: no world fits, so only a false YES could mislead
        return
    expected = {(True,): Truth.YES, (False,): Truth.NO, (False, True): Truth.MAYBE}[tuple(sorted(answers))]
    found = Period(valid_from, valid_to, observed).holds_on(day)
    assert found is expected


@given(maybe_dates, maybe_dates, days, days)
@settings(max_examples=200)
def test_a_start_only_rises_and_an_end_only_falls(
    start: PartialDate | None, end: PartialDate | None, day: date, other: date
) -> None:
    early, late = sorted((day, other))
    assert Period(start, None).holds_on(early) <= Period(start, None).holds_on(late)
    assert Period(None, end).holds_on(early) >= Period(None, end).holds_on(late)
    assert Period(None, None, start).holds_on(early) <= Period(None, None, start).holds_on(late)


@given(partial_dates(), days)
@settings(max_examples=100)
def test_as_of_a_partial_date_is_as_of_its_last_day(start: PartialDate, day: date) -> None:
    month = D(f"{day:%Y-%m}")
    assert Period(start).holds_on(month) is Period(start).holds_on(month.end)


def test_impossible_periods_are_named() -> None:
    assert not Period(D("2020"), D("2019")).is_possible
    assert not Period(D(">2020"), D("2020")).is_possible
    assert Period(D("2020"), D("2020-01-01")).is_possible
    assert Period(D("<=2030"), D("2020")).is_possible
    assert Period().is_possible


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [
        ("2020-11", "<=2020-11-27", M),
        ("~2021-01", "<=2020-12-04", N),
        ("2018", ">2018", N),
        ("2018-03", "2018-01-26", N),
        ("2020-07-31", "2020-07-31", Y),
        ("2020-07-31", "~2020-07-31", Y),
        ("2020-07-31", "<=2020-07-31", M),
        ("2020", "2020", M),
        ("<2020", "<1990", M),
        ("<=2020-01-01", ">=2020-01-01", M),
        ("<2020", ">=2020", N),
        ("<0002", "0001-12-31", M),
    ],
)
def test_overlap_vectors(a: str, b: str, answer: Truth) -> None:
    assert overlap(D(a), D(b)) is overlap(D(b), D(a)) is answer
    assert compatible(D(a), D(b)) is (answer is not Truth.NO)


@given(partial_dates(), partial_dates(), days)
@settings(max_examples=200)
def test_dates_that_share_a_day_are_compatible(a: PartialDate, b: PartialDate, day: date) -> None:
    if _within(a, day) and _within(b, day):
        assert compatible(a, b)
    if overlap(a, b) is Truth.YES:
        assert a.earliest == a.latest == b.earliest


def test_as_of_day() -> None:
    assert as_of_day("2020") == date(2020, 12, 31)
    assert as_of_day("2020-Q3") == date(2020, 9, 30)
    assert as_of_day("2024-02") == date(2024, 2, 29)
    assert as_of_day(" ~2020-07-31 ") == date(2020, 7, 31)
    assert as_of_day(date(2020, 7, 31)) == date(2020, 7, 31)
    assert type(as_of_day(datetime.datetime(2020, 7, 31, 12))) is date
    for text in ("<2020", ">=2020-07", ">2020", "<=2020"):
        with pytest.raises(ValueFormatError, match="no single day"):
            as_of_day(text)


def test_from_day_drops_the_time() -> None:
    assert PartialDate.from_day(datetime.datetime(2020, 7, 31, 12)) == D("2020-07-31")
