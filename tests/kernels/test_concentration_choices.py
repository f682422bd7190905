"""The index where it is in doubt whose a share is, against every choice and every way to share out what is loose."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.kernels import concentration as kernel
from isthmus.kernels.concentration import concentration, concentration_of_choices

HOLDERS = "abcd"
fractions = st.floats(0, 1, allow_nan=False)
intervals = st.tuples(fractions, fractions).map(lambda pair: (min(pair), max(pair)))
choices = st.lists(st.sampled_from(HOLDERS), min_size=1, max_size=3, unique=True)
entries = st.lists(st.tuples(intervals, choices), max_size=5)


def index(shares: list[float], holders: tuple[str, ...]) -> float:
    sums: dict[str, float] = {}
    for share, holder in zip(shares, holders, strict=True):
        sums[holder] = sums.get(holder, 0.0) + share
    return sum((100 * share) ** 2 for share in sums.values())


def test_two_shares_that_may_be_one_holders() -> None:
    found = concentration_of_choices([(0.5, 0.5), (0.3, 0.3), (0.2, 0.2)], ["a", "ab", "c"])
    assert found.low == pytest.approx(3800)
    assert found.high == pytest.approx(6800)


def test_what_is_anywhere_may_be_the_largest_holders() -> None:
    found = concentration_of_choices([(0.5, 0.5), (0.3, 0.3)], ["a", "b"], anywhere=0.2)
    assert found.low == pytest.approx(3400)
    assert found.high == pytest.approx(4900 + 900)


def test_a_rest_of_others_is_none_of_those_named() -> None:
    found = concentration_of_choices([(0.5, 0.5), (0.3, 0.3)], ["a", "b"], (0.2, 0.2))
    assert found.low == pytest.approx(3400)
    assert found.high == pytest.approx(3800)


@given(entries)
def test_the_ends_are_those_of_the_best_and_worst_choice(told: list[tuple[tuple[float, float], list[str]]]) -> None:
    shares, options = [share for share, _ in told], [choice for _, choice in told]
    found = concentration_of_choices(shares, options)
    every = list(product(*options))
    assert found.low == pytest.approx(min(index([low for low, _ in shares], choice) for choice in every))
    assert found.high == pytest.approx(max(index([high for _, high in shares], choice) for choice in every))


@given(entries)
def test_beyond_the_choices_tried_the_interval_is_wider_never_narrower(
    told: list[tuple[tuple[float, float], list[str]]],
) -> None:
    shares, options = [share for share, _ in told], [choice for _, choice in told]
    exact = concentration_of_choices(shares, options, (0.0, 0.1), 0.1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "TRIED", 0)
        bound = concentration_of_choices(shares, options, (0.0, 0.1), 0.1)
    assert bound.low <= exact.low + 1e-6
    assert bound.high >= exact.high - 1e-6


@given(st.lists(intervals, max_size=6), fractions)
def test_without_doubt_it_is_the_plain_index(shares: list[tuple[float, float]], rest: float) -> None:
    found = concentration_of_choices(shares, [(place,) for place in range(len(shares))], (0.0, rest))
    plain = concentration(shares, (0.0, rest))
    assert found.low == pytest.approx(plain.low)
    assert found.high == pytest.approx(plain.high)


@pytest.mark.parametrize(("shares", "options"), [([(0.5, 0.4)], ["a"]), ([(0.5, 0.5)], [""]), ([(0.5, 0.5)], [])])
def test_what_is_no_share_or_nobodys_is_refused(shares: list[tuple[float, float]], options: list[str]) -> None:
    with pytest.raises(ValueError, match=r"interval|holder"):
        concentration_of_choices(shares, options)
