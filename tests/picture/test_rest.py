"""What belongs to nobody named: as stated, as lacking, and as somebody's whose figure is not given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.picture.shares.figures import Held
from isthmus.picture.shares.grouping import Group
from isthmus.picture.shares.table import Table, make_table
from isthmus.quantities import Quantity

OTHERS = Group("others", "others", "remainder")


def table(
    parts: dict[str, float | None], others: float | None, whole: float | None = None, unit: str = "share"
) -> Table:
    """Return the table of named parts and of what others have."""
    named = [(Group(name, name), part) for name, part in parts.items()]
    rows = [*named, *([(OTHERS, others)] if others is not None else [])]
    held = [
        Held(group.label, None, None if part is None else Quantity.exactly(part, unit), (), ()) for group, part in rows
    ]
    total = None if whole is None else Quantity.exactly(whole, unit)
    return make_table(held, [group for group, _ in rows], total, unit, share_recorded=False)


def ends(value: Quantity | None) -> tuple[float | None, float | None] | None:
    return None if value is None else (value.low, value.high)


@pytest.mark.parametrize(
    ("parts", "others", "rest", "index"),
    [
        # 22 % are lacking: more than four whole per cents are rounded by.
        ({"a": 0.25, "b": 0.27}, 0.3, (0.48, 0.48), (1354, 3658)),
        # 1 % is lacking: rounding.
        ({"a": 0.5, "b": 0.29}, 0.2, (0.2, 0.2), (3341, 3741)),
        # One stands without a share: what is lacking may be its own.
        ({"a": 0.5, "b": None}, 0.2, (0.2, 0.5), (2500, 5000)),
        ({"a": 0.5, "b": 0.5, "c": None}, 0.0, (0.0, 0.0), (5000, 5000)),
        # Nothing is stated of others.
        ({"a": 0.6}, None, (0.4, 0.4), (3600, 5200)),
        # More than the whole.
        ({"a": 0.6, "b": 0.5}, 0.1, (0.1, 0.1), (6100, 6200)),
    ],
)
def test_of_shares(
    parts: dict[str, float | None], others: float | None, rest: tuple[float, float], index: tuple[float, float]
) -> None:
    found = table(parts, others)
    assert ends(found.unattributed) == pytest.approx(rest)
    assert ends(found.hhi) == index


@pytest.mark.parametrize(
    ("whole", "others", "rest"),
    [(1000, 100, (400, 400)), (710, 100, (100, 100)), (1000, 400, (400, 400)), (690, 100, (100, 100))],
)
def test_of_amounts(whole: float, others: float, rest: tuple[float, float]) -> None:
    assert ends(table({"a": 500, "b": 100}, others, whole, "t/year").unattributed) == rest


@given(st.lists(st.integers(1, 40), min_size=2, max_size=6), st.integers(0, 40))
def test_the_index_holds_what_a_lacking_part_may_make_of_it(parts: list[int], others: int) -> None:
    """Whatever is lacking beyond 5 % may be in one hand or thin, and both lie within the index."""
    named = sum(parts)
    if not 50 <= named <= 100 - others:
        return
    found = table({str(number): part / 100 for number, part in enumerate(parts)}, others / 100)
    assert found.hhi is not None and found.hhi.low is not None and found.hhi.high is not None
    squares = sum(part**2 for part in parts)
    lacking = 100 - named - others
    assert found.hhi.low <= squares
    assert found.hhi.high >= squares + others**2
    if lacking > 5:
        assert found.hhi.high == squares + (others + lacking) ** 2


@given(st.lists(st.integers(1, 30), min_size=2, max_size=5), st.integers(0, 20))
def test_a_holder_without_a_share_never_narrows_the_index(parts: list[int], others: int) -> None:
    if not 50 <= sum(parts) <= 100 - others:
        return
    given_ = {str(number): part / 100 for number, part in enumerate(parts)}
    with_one, without = table({**given_, "silent": None}, others / 100), table(dict(given_), others / 100)
    assert with_one.hhi is not None and without.hhi is not None
    assert (with_one.hhi.low or 0) <= (without.hhi.low or 0)
    assert (with_one.hhi.high or 0) >= (without.hhi.high or 0)
