"""The log of what makes no claim."""

from __future__ import annotations

from isthmus.sources.log import Log


def test_a_remark_counts_and_shows_the_first_places() -> None:
    log = Log()
    for place in ("a", "b"):
        log.note("things", place)
    assert log.remarks() == ("2 things: a, b",)
    many = Log()
    for number in range(12):
        many.note("things", str(number))
    assert many.remarks()[0].endswith("8, 9 …")


def test_reasons_beyond_the_bound_are_counted_together() -> None:
    log = Log(kinds=2)
    for reason in ("one", "two", "three", "four", "one"):
        log.leave(reason)
    assert dict(log.left_out) == {"one": 2, "two": 1, "further fields, not named": 2}
