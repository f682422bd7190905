"""Buckets: so many at once, then as fast as they fill."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from isthmus.access.throttle import Rate, Throttle


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_what_is_in_it_and_fills_again() -> None:
    clock = Clock()
    bucket = Throttle(Rate(3, 0.5), clock=clock)
    assert [bucket.take("a") for _ in range(4)] == [0, 0, 0, 2.0]
    assert bucket.take("b") == 0
    clock.now = 2.0
    assert bucket.take("a") == 0
    assert bucket.take("a") == 2.0
    bucket.forget("a")
    assert bucket.take("a") == 0


@given(st.lists(st.floats(0, 5), min_size=1, max_size=60))
def test_nobody_gets_more_than_the_rate(waits: list[float]) -> None:
    clock = Clock()
    bucket = Throttle(Rate(4, 1), clock=clock)
    taken = 0
    for wait in waits:
        clock.now += wait
        taken += bucket.take("a") == 0
        assert taken <= 4 + clock.now + 1e-6


def test_it_forgets_who_was_quiet_longest() -> None:
    bucket = Throttle(Rate(1, 0.001), clock=Clock(), most=2)
    assert [bucket.take(name) > 0 for name in ("a", "b", "c", "c", "b", "a")] == [
        False,
        False,
        False,
        True,
        True,
        False,
    ]
