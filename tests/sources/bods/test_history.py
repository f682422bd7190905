"""Which statement of a record holds on which day."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.dates import PartialDate, Period, Truth
from isthmus.sources.bods.history import settle
from isthmus.sources.bods.record import Claim, Fact, Statement
from isthmus.sources.log import Log

SHARES = ("0.1", "0.2", "0.3")
POINTER = "/recordDetails/interests/0"


def fact(share: str, start: str | None = None, end: str | None = None, interest: str = "shareholding") -> Fact:
    return Fact(POINTER, "h", "owns", "c", low=share, high=share, pairs=(("interest", interest),), start=start, end=end)


def said(day: str, *facts: Fact, closed: bool = False, correcting: bool = False, published: str = "") -> Statement:
    return Statement(
        line=int(day.replace("-", "")), place=f"{day}{published}", key=day, record="r", type="relationship", publisher="p",
        moment=day, published=published or day, day=day, closed=closed, correcting=correcting, facts=facts,
    )  # fmt: skip


def holds(claim: Claim, day: str) -> Truth:
    dates = (claim.valid_from, claim.valid_to, claim.observed)
    return Period(*(PartialDate.parse(date) if date else None for date in dates)).holds_on(
        datetime.date.fromisoformat(day)
    )


def days(claims: list[Claim]) -> list[tuple[str | None, str | None, str | None, str | None]]:
    return [(claim.fact.low, claim.valid_from, claim.valid_to, claim.observed) for claim in claims]


_DAYS = st.lists(st.integers(0, 60), min_size=1, max_size=6, unique=True).map(
    lambda numbers: [(datetime.date(2021, 1, 1) + datetime.timedelta(days=9 * n)).isoformat() for n in sorted(numbers)]
)


@given(_DAYS, st.data(), st.sampled_from([None, "2015-01-01"]))
def test_on_the_day_of_a_statement_just_what_it_says_surely_holds(
    dates: list[str], data: st.DataObject, start: str | None
) -> None:
    """The register is asked as of each of its own days, whatever came later."""
    # An interest with a start is taken to have run since then, so there it must be in every statement.
    least = 1 if start else 0
    told = {day: data.draw(st.lists(st.sampled_from(SHARES), min_size=least, max_size=1)) for day in dates}
    statements = [said(day, *(fact(share, start) for share in shares)) for day, shares in told.items()]
    claims = list(settle(data.draw(st.permutations(statements)), Log()))
    for day, shares in told.items():
        assert [claim.fact.low for claim in claims if holds(claim, day) is Truth.YES] == shares
        assert not [claim for claim in claims if holds(claim, day) is Truth.MAYBE]


@given(_DAYS, st.data())
def test_dated_changes_leave_no_day_in_doubt(dates: list[str], data: st.DataObject) -> None:
    """Where each new share has its own start, one share surely holds on every day from the first on."""
    shares = [data.draw(st.sampled_from(SHARES)) for _ in dates]
    starts = {day: (datetime.date.fromisoformat(day) - datetime.timedelta(days=3)).isoformat() for day in dates}
    claims = list(
        settle([said(day, fact(share, starts[day])) for day, share in zip(dates, shares, strict=True)], Log())
    )
    first = datetime.date.fromisoformat(starts[dates[0]])
    for number in range(0, 600, 7):
        day = (first + datetime.timedelta(days=number)).isoformat()
        expected = [share for date, share in zip(dates, shares, strict=True) if starts[date] <= day][-1]
        assert [claim.fact.low for claim in claims if holds(claim, day) is Truth.YES] == [expected]
        assert not [claim for claim in claims if holds(claim, day) is Truth.MAYBE]


@given(_DAYS, st.booleans(), st.booleans())
def test_nothing_holds_after_a_record_is_closed(dates: list[str], repeated: bool, dated: bool) -> None:
    start = "2015-01-01" if dated else None
    *open_days, last = [*dates, "2024-06-30"]
    closing = said(last, *([fact("0.1", start)] if repeated else []), closed=True)
    claims = list(settle([*(said(day, fact("0.1", start)) for day in open_days), closing], Log()))
    assert len(claims) == 1
    assert holds(claims[0], open_days[0]) is Truth.YES
    assert holds(claims[0], last) is Truth.YES
    assert holds(claims[0], "2024-07-01") is Truth.NO


def test_repeated_statement_is_the_first_claim_and_counted() -> None:
    log = Log()
    claims = list(settle([said("2021-01-01", fact("0.1")), said("2022-01-01", fact("0.1"))], log))
    assert days(claims) == [("0.1", None, None, "2021-01-01")]
    assert claims[0].statement.key == "2021-01-01"
    assert log.left_out == {"statements that say again what an earlier one of their record says": 1}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (fact("0.1"), fact("0.2"), [("0.1", None, "<2022-01-01", "2021-01-01"), ("0.2", ">2021-01-01", None, "2022-01-01")]),
        (
            fact("0.1", "2019-01-01"),
            fact("0.2", "2021-07-01"),
            [("0.1", "2019-01-01", "2021-06-30", None), ("0.2", "2021-07-01", None, None)],
        ),
        (
            fact("0.1", "2019"),
            fact("0.2", "2020"),
            [("0.1", "2019", "<2020", None), ("0.2", "2020", None, None)],
        ),
        (
            fact("0.1", "2019-01-01"),
            fact("0.2", "2019-01-01"),
            [("0.1", "2019-01-01", "<2022-01-01", "2021-01-01"), ("0.2", ">2021-01-01", None, "2022-01-01")],
        ),
        (fact("0.1", "2019-01-01"), fact("0.1", "2019-01-01", "2021-09-09"), [("0.1", "2019-01-01", "2021-09-09", None)]),
        (
            fact("0.1", "2019-01-01", "2020-01-01"),
            fact("0.2", "2021-07-01"),
            [("0.1", "2019-01-01", "2020-01-01", None), ("0.2", "2021-07-01", None, None)],
        ),
        (
            fact("0.1"),
            fact("0.1", interest="votingRights"),
            [("0.1", None, "<2022-01-01", "2021-01-01"), ("0.1", ">2021-01-01", None, "2022-01-01")],
        ),
        (fact("0.1", "2023-01-01"), fact("0.2"), [("0.2", ">2021-01-01", None, "2022-01-01")]),
    ],
)  # fmt: skip
def test_newer_statement_ends_the_older(
    old: Fact, new: Fact, expected: list[tuple[str | None, str | None, str | None, str | None]]
) -> None:
    claims = list(settle([said("2021-01-01", old), said("2022-01-01", new)], Log()))
    assert sorted(days(claims), key=str) == sorted(expected, key=str)


def test_correction_leaves_nothing_in_force_but_what_was_said_before_stays() -> None:
    log = Log()
    statements = [
        said("2020-01-01", fact("0.1")),
        said("2021-01-01", fact("0.9")),
        said("2021-01-01", fact("0.2"), correcting=True, published="2023-01-01"),
    ]
    assert days(list(settle(statements, log))) == [
        ("0.1", None, "<2021-01-01", "2020-01-01"),
        ("0.2", ">2020-01-01", None, "2021-01-01"),
    ]
    assert log.left_out == {"statements corrected by a later one: what they say is not held": 1}


def test_statement_that_could_not_be_read_ends_nothing() -> None:
    unread = Statement(line=2, place="/1", key="b", record="r", type="relationship", publisher="p", moment="2022-01-01",
                       day="2022-01-01", faulty=True)  # fmt: skip
    assert days(list(settle([said("2021-01-01", fact("0.1")), unread], Log()))) == [("0.1", None, None, "2021-01-01")]


def test_two_interests_of_one_kind_stay_two() -> None:
    claims = list(settle([said("2021-01-01", fact("0.1"), fact("0.1"))], Log()))
    assert len(claims) == 2
    again = [said("2021-01-01", fact("0.1"), fact("0.1")), said("2022-01-01", fact("0.1"), fact("0.3"))]
    assert days(list(settle(again, Log()))) == [
        ("0.1", None, "<2022-01-01", "2021-01-01"),
        ("0.1", None, None, "2021-01-01"),
        ("0.3", ">2021-01-01", None, "2022-01-01"),
    ]
