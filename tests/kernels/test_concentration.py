"""Vector V7 of the notes on algorithms, and the properties of the interval."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.kernels.concentration import concentration, merged, top_share

fractions = st.floats(0, 1, allow_nan=False)
intervals = st.tuples(fractions, fractions).map(lambda pair: (min(pair), max(pair)))


def exactly(*shares: float) -> list[tuple[float, float]]:
    return [(share, share) for share in shares]


@pytest.mark.parametrize(
    ("shares", "index"),
    [
        ((0.5, 0.3, 0.2), 3800),
        ((0.8, 0.2), 6800),  # the 50 and the 30 have one ultimate controller
        ((1.0,), 10000),
        ((0.25, 0.25, 0.25, 0.25), 2500),
        ((), 0),
    ],
)
def test_exact_shares_give_one_number(shares: tuple[float, ...], index: float) -> None:
    found = concentration(exactly(*shares))
    assert found.low == pytest.approx(index)
    assert found.high == pytest.approx(index)


def test_an_unnamed_remainder_is_spread_thin_or_in_one_hand() -> None:
    found = concentration(exactly(0.5, 0.3), (0.2, 0.2))
    assert found.low == pytest.approx(3400)
    assert found.high == pytest.approx(3800)


def test_bounded_shares_give_an_interval() -> None:
    found = concentration([(0.4, 0.6), (0.3, 0.3)], (0.1, 0.3))
    assert found.low == pytest.approx(1600 + 900)
    assert found.high == pytest.approx(3600 + 900 + 900)


@pytest.mark.parametrize("bad", [(-0.1, 0.2), (0.5, 0.4)])
def test_what_is_no_interval_is_refused(bad: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="not an interval"):
        concentration([bad])
    with pytest.raises(ValueError, match="not an interval"):
        concentration([], bad)


@given(st.lists(intervals, max_size=6), intervals)
def test_every_choice_within_the_bounds_lies_in_the_interval(
    shares: list[tuple[float, float]], remainder: tuple[float, float]
) -> None:
    found = concentration(shares, remainder)
    for place in (0.0, 0.3, 1.0):
        chosen = [low + place * (high - low) for low, high in shares]
        one = concentration(exactly(*chosen), remainder)
        assert found.low <= one.low + 1e-6
        assert one.high <= found.high + 1e-6


@given(st.lists(intervals, min_size=1, max_size=6), st.data())
def test_a_narrower_share_never_widens_the_interval(shares: list[tuple[float, float]], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(shares) - 1))
    low, high = shares[place]
    middle = (low + high) / 2
    narrowed = [*shares[:place], (middle, middle), *shares[place + 1 :]]
    wide, narrow = concentration(shares), concentration(narrowed)
    assert wide.low <= narrow.low + 1e-6
    assert narrow.high <= wide.high + 1e-6


@given(st.lists(fractions, min_size=2, max_size=6))
def test_joining_two_holders_never_lowers_the_index(shares: list[float]) -> None:
    joined = [shares[0] + shares[1], *shares[2:]]
    assert concentration(exactly(*joined)).low >= concentration(exactly(*shares)).low - 1e-6


def test_holders_under_one_controller_count_as_one() -> None:
    found = merged(exactly(0.5, 0.3, 0.2), ["group", "group", "other"])
    assert list(found) == ["group", "other"]
    assert concentration(list(found.values())).low == pytest.approx(6800)
    assert concentration(list(found.values())).high == pytest.approx(6800)
    assert top_share(list(found.values())) == pytest.approx((0.8, 0.8))


def test_the_ends_of_merged_shares_add() -> None:
    assert merged([(0.1, 0.2), (0.3, 0.3), (0.2, 0.4)], [1, 2, 1]) == {
        1: pytest.approx((0.3, 0.6)),
        2: pytest.approx((0.3, 0.3)),
    }


def test_merging_needs_a_holder_for_each_share() -> None:
    with pytest.raises(ValueError, match="shorter"):
        merged(exactly(0.5, 0.3), ["group"])
    with pytest.raises(ValueError, match="not an interval"):
        merged([(0.5, 0.4)], ["group"])


@pytest.mark.parametrize(
    ("shares", "remainder", "top"),
    [
        (exactly(0.5, 0.3), (0.2, 0.2), (0.5, 0.5)),
        (exactly(0.2, 0.1), (0.7, 0.7), (0.2, 0.7)),
        ([(0.2, 0.6), (0.3, 0.4)], (0.0, 0.5), (0.3, 0.6)),
        ([], (0.0, 0.0), (0, 0)),
        ([], (1.0, 1.0), (0, 1)),
    ],
)
def test_the_top_share_is_the_largest_that_is_sure_and_the_largest_that_may_be(
    shares: list[tuple[float, float]], remainder: tuple[float, float], top: tuple[float, float]
) -> None:
    assert top_share(shares, remainder) == pytest.approx(top)


def test_the_top_share_of_what_is_no_interval_is_refused() -> None:
    with pytest.raises(ValueError, match="not an interval"):
        top_share([(0.5, 0.4)])
