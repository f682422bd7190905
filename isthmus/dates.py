"""Partial dates, marked dates and periods, answered with three truth values.

A source says "2020", "by March 2021" or "after 2015"; it seldom says a day. A `PartialDate` keeps exactly what was
said, and every comparison treats it as the set of days that could be meant.

The literal is a subset of the Extended Date/Time Format (ISO 8601-2:2019): year, year and month, day; with ``-Q1`` to
``-Q4`` for quarters (ISO 8601-2 writes these 33 to 36) and one mark before the date for its side.
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from enum import IntEnum
from typing import NoReturn

from isthmus.errors import ValueFormatError

_ONE_DAY = datetime.timedelta(days=1)
_LITERAL = re.compile(
    r"(?P<mark><=|>=|<|>|~)?(?P<year>[0-9]{4})(?:-Q(?P<quarter>[0-9])|-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?"
)
_EXPECTED = "Write 2020, 2020-Q3, 2020-07 or 2020-07-31, with at most one of < <= > >= ~ directly before it."


class Precision(IntEnum):
    """How much of the date the source gave."""

    YEAR = 0
    QUARTER = 1
    MONTH = 2
    DAY = 3


class Mark(IntEnum):
    """On which side of the literal the day that is meant lies."""

    NONE = 0
    NEAR = 1
    BEFORE = 2
    AT_MOST = 3
    AFTER = 4
    AT_LEAST = 5

    @property
    def text(self) -> str:
        """Return the mark as it is written before a date."""
        return _MARK_TEXTS[self]


_MARK_TEXTS = ("", "~", "<", "<=", ">", ">=")
_MARKS = {text: Mark(number) for number, text in enumerate(_MARK_TEXTS)}


class Truth(IntEnum):
    """Three answers, ordered: ``min`` of several is their conjunction, ``max`` their disjunction (Kleene, 1938)."""

    NO = 0
    MAYBE = 1
    YES = 2

    def __bool__(self) -> NoReturn:
        """Refuse: a MAYBE has no side, and ``if`` would pick one in silence."""
        raise TypeError("a Truth has three values: compare it with Truth.YES, Truth.MAYBE or Truth.NO")


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date as far as the source gave it.

    Sorting is by first day, last day, precision and mark: a stable order for lists, not a statement about which day
    came first (for that see `compatible` and `Period.holds_on`).

    Parameters
    ----------
    start, end : datetime.date
        First and last day that the literal names (2020 names 2020-01-01 to 2020-12-31).
    precision : Precision
        Year, quarter, month or day.
    mark : Mark
        The side of the literal; `Mark.NONE` where the day lies within it.

    Raises
    ------
    ValueFormatError
        If `start` and `end` are not the days of one year, quarter, month or day, or if no day is left
        (``<0001``, ``>9999``).
    """

    start: datetime.date
    end: datetime.date
    precision: Precision
    mark: Mark = Mark.NONE

    def __post_init__(self) -> None:
        first, last = _span(self.start, self.precision)
        if (self.start, self.end) != (first, last):
            unit = self.precision.name.lower()
            raise ValueFormatError(f"{self.start} to {self.end} is not one {unit}, so it is no partial date.")
        if (self.mark is Mark.AFTER and last == datetime.date.max) or (
            self.mark is Mark.BEFORE and first == datetime.date.min
        ):
            raise ValueFormatError(f"'{self}' leaves no day: the calendar runs from 0001-01-01 to 9999-12-31.")

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read a literal; blanks around it are ignored.

        Raises
        ------
        ValueFormatError
            If `text` is not a literal, or names a day that does not exist.
        """
        found = _LITERAL.fullmatch(text.strip())
        if found is None:
            raise ValueFormatError(f"'{text}' is not a date that can be read.", hint=_EXPECTED)
        year, quarter, month, day = (found[name] for name in ("year", "quarter", "month", "day"))
        if day is not None:
            precision = Precision.DAY
        elif month is not None:
            precision = Precision.MONTH
        else:
            precision = Precision.QUARTER if quarter is not None else Precision.YEAR
        # A quarter past the fourth gives a month past the twelfth, which the calendar refuses.
        first_month = int(quarter) * 3 - 2 if quarter is not None else int(month or 1)
        try:
            first = datetime.date(int(year), first_month, int(day or 1))
        except ValueError as error:
            raise ValueFormatError(f"'{text}' is a date that does not exist.", hint=_EXPECTED) from error
        return cls(*_span(first, precision), precision, _MARKS[found["mark"] or ""])

    @classmethod
    def from_day(cls, day: datetime.date) -> PartialDate:
        """Return `day` as a date known to the day."""
        plain = datetime.date(day.year, day.month, day.day)
        return cls(plain, plain, Precision.DAY)

    @classmethod
    def from_code(cls, start: datetime.date, end: datetime.date, code: int) -> PartialDate:
        """Rebuild a date from its two days and its `code`.

        Raises
        ------
        ValueFormatError
            If `code` is not 0 to 23, or the days do not fit it.
        """
        if not 0 <= code <= 23:
            raise ValueFormatError(f"{code} is no code of a partial date.", hint="Codes run from 0 to 23.")
        return cls(start, end, Precision(code % 4), Mark(code // 4))

    @property
    def code(self) -> int:
        """Mark and precision in one number, ``mark * 4 + precision``: 0 to 23."""
        return int(self.mark) * 4 + int(self.precision)

    @property
    def earliest(self) -> datetime.date | None:
        """First day that can be meant; None where the mark leaves it open."""
        if self.mark in (Mark.BEFORE, Mark.AT_MOST):
            return None
        return self.end + _ONE_DAY if self.mark is Mark.AFTER else self.start

    @property
    def latest(self) -> datetime.date | None:
        """Last day that can be meant; None where the mark leaves it open."""
        if self.mark in (Mark.AFTER, Mark.AT_LEAST):
            return None
        return self.start - _ONE_DAY if self.mark is Mark.BEFORE else self.end

    def __str__(self) -> str:
        """Return the canonical literal; `parse` gives the same date back."""
        year, month = f"{self.start.year:04}", f"{self.start.month:02}"
        literals = (
            year,
            f"{year}-Q{(self.start.month + 2) // 3}",
            f"{year}-{month}",
            f"{year}-{month}-{self.start.day:02}",
        )
        return self.mark.text + literals[self.precision]


@dataclass(frozen=True, slots=True)
class Period:
    """When a claim holds, as far as its source says.

    Parameters
    ----------
    valid_from : PartialDate or None
        The first day on which it holds, somewhere within the days that the date can mean.
    valid_to : PartialDate or None
        The last day on which it holds (that day included), likewise.
    observed : PartialDate or None
        A day on which it was seen to hold.
    """

    valid_from: PartialDate | None = None
    valid_to: PartialDate | None = None
    observed: PartialDate | None = None

    @property
    def is_possible(self) -> bool:
        """Whether some pair of first and last day fits: False where it would end before it began."""
        first = self.valid_from.earliest if self.valid_from else None
        last = self.valid_to.latest if self.valid_to else None
        return first is None or last is None or first <= last

    def holds_on(self, day: PartialDate | datetime.date) -> Truth:
        """Say whether the claim holds on a day.

        The answer is YES if it holds for every first and last day that the dates allow, NO if for none, else MAYBE:

        - ``valid_from`` 2020: NO up to 2019-12-31, MAYBE from 2020-01-01, YES from 2020-12-31, and carried forward
          while no ``valid_to`` ends it.
        - ``valid_to`` 2020: YES up to 2020-01-01, MAYBE up to 2020-12-31, NO from 2021-01-01. With a ``valid_to``
          alone, it held on every day before.
        - ``observed`` alone: MAYBE before, YES from the last day that it can mean, carried forward. Beside the
          others it is one more day on which the claim is known to hold: it settles doubt and never adds any, so the
          date of the source may be passed as `observed` to settle a start such as ``>2015``.
        - No date at all: YES. A lens shows the source's date beside it.

        Parameters
        ----------
        day : PartialDate or datetime.date
            A partial date is asked at the last day it names: as of 2020 is as of 2020-12-31 (see `as_of_day`).

        Returns
        -------
        Truth
        """
        on = as_of_day(day)
        seen = (self.observed.earliest, self.observed.latest) if self.observed else (None, None)
        first = (self.valid_from.earliest, self.valid_from.latest) if self.valid_from else (None, None)
        last = (self.valid_to.earliest, self.valid_to.latest) if self.valid_to else (None, None)
        if (first[0] is not None and on < first[0]) or (last[1] is not None and on > last[1]):
            return Truth.NO
        # It began at the latest on each of these days, and ended at the earliest on each of those.
        start_unknown = self.valid_from is not None or (self.observed is not None and self.valid_to is None)
        begun = not start_unknown or any(limit is not None and on >= limit for limit in (first[1], last[1], seen[1]))
        lasting = self.valid_to is None or any(
            limit is not None and on <= limit for limit in (last[0], first[0], seen[0])
        )
        return Truth.YES if begun and lasting else Truth.MAYBE


def overlap(a: PartialDate, b: PartialDate) -> Truth:
    """Say whether two dates name the same day: YES only if both mean one and the same day.

    ``~D`` is read as ``D``: no width is invented for it.
    """
    if not compatible(a, b):
        return Truth.NO
    settled = a.earliest is not None and a.earliest == a.latest == b.earliest == b.latest
    return Truth.YES if settled else Truth.MAYBE


def compatible(a: PartialDate, b: PartialDate) -> bool:
    """Say whether some day can be meant by both dates."""
    return not (_ends_before(a, b) or _ends_before(b, a))


def as_of_day(text: str | datetime.date | PartialDate) -> datetime.date:
    """Return the day at which a question "as of `text`" is asked.

    A date without a day is asked at its end: 2020 is 2020-12-31 and 2020-Q3 is 2020-09-30, so that what happened in
    a year is part of the picture as of that year. ``~`` is ignored; the other marks name no day and are refused.

    Raises
    ------
    ValueFormatError
        If `text` is no date, or has a mark that names no single day.
    """
    if isinstance(text, datetime.date):
        return datetime.date(text.year, text.month, text.day)
    date = PartialDate.parse(text) if isinstance(text, str) else text
    if date.mark not in (Mark.NONE, Mark.NEAR):
        raise ValueFormatError(
            f"'{date}' names no single day, so nothing can be asked as of it.",
            hint=f"Write the date without its mark: {str(date)[len(date.mark.text) :]}.",
        )
    return date.end


def _ends_before(a: PartialDate, b: PartialDate) -> bool:
    return a.latest is not None and b.earliest is not None and a.latest < b.earliest


def _span(day: datetime.date, precision: Precision) -> tuple[datetime.date, datetime.date]:
    """Return the first and last day of the year, quarter, month or day that `day` lies in."""
    if precision is Precision.DAY:
        return day, day
    months = (12, 3, 1)[precision]
    first_month = (day.month - 1) // months * months + 1
    last_month = first_month + months - 1
    length = calendar.monthrange(day.year, last_month)[1]
    return day.replace(month=first_month, day=1), day.replace(month=last_month, day=length)
