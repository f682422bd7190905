"""One interval from many claims about one stake: what counts, what widens, what is overtaken."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from isthmus.control.combine import Stakes, combine
from isthmus.control.evidence import Evidence

from .conftest import CASES, MAJORITY, UNIT, Told, owns, rows_of

Interval = tuple[float, float]


def combined(*told: Told) -> Stakes:
    rows = rows_of(told)
    return combine(rows, np.arange(len(rows)), np.zeros(len(rows), dtype=np.int64), MAJORITY.nearness)


def interval(*told: Told) -> Interval | None:
    """Return the one interval that claims about one stake come to, in per cent; None where nothing is left."""
    found = combined(*told)
    assert len(found.low) <= 1
    return (found.low[0] / UNIT, found.high[0] / UNIT) if len(found.low) else None


def test_no_claims_give_no_stakes() -> None:
    assert len(combined().low) == 0
    assert combined().starts.tolist() == [0]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param([owns(1, 2, 40)], (40, 40), id="one number"),
        pytest.param([owns(1, 2, 40, 60)], (40, 60), id="one band"),
        pytest.param([Told(1, 2)], (0, 100), id="no number"),
        pytest.param([owns(1, 2, 40), Told(1, 2)], (40, 40), id="a number goes before none"),
        pytest.param([owns(1, 2, 40), Told(1, 2, rank=9)], (40, 40), id="even where none is newer"),
        pytest.param([owns(1, 2, 40, rank=1), owns(1, 2, 0.000001, 100, rank=9)], (40, 40), id="more than nothing says nothing"),
        pytest.param([owns(1, 2, 40, rank=1), owns(1, 2, 60, rank=2)], (60, 60), id="the later day counts"),
        pytest.param([owns(1, 2, 40, since=1), owns(1, 2, 60, since=2)], (60, 60), id="of one source the later start"),
        pytest.param([owns(1, 2, 40, 60), owns(1, 2, 50, 70, source=1)], (50, 60), id="the common part"),
        pytest.param([owns(1, 2, 40), owns(1, 2, 60, source=1)], (40, 60), id="disagreement spans"),
        pytest.param([owns(1, 2, 40, 45), owns(1, 2, 50, 55), owns(1, 2, 48, 52)], (40, 55), id="three sides, all spanned"),
        pytest.param([owns(1, 2, 51, near=True)], (50, 52), id="near is one per cent either way"),
        pytest.param([owns(1, 2, 99.5, near=True)], (98.5, 100), id="near the whole"),
        pytest.param([owns(1, 2, 0.5, near=True)], (0, 1.5), id="near nothing"),
        pytest.param([owns(1, 2, 51, near=True), owns(1, 2, 51.5)], (51.5, 51.5), id="near agrees with exact"),
        pytest.param([owns(1, 2, 60, sure=False)], (0, 60), id="perhaps keeps the possibility"),
        pytest.param([owns(1, 2, 20, 80), owns(1, 2, 60, sure=False)], (20, 80), id="perhaps does not narrow"),
        pytest.param([owns(1, 2, 40), owns(1, 2, 60, sure=False)], (40, 60), id="perhaps widens"),
        pytest.param([owns(1, 2, 60, denied=True)], None, id="a denial alone is no stake"),
        pytest.param([owns(1, 2, 60), owns(1, 2, 60, denied=True)], (0, 60), id="said and denied of one day"),
        pytest.param([owns(1, 2, 60, rank=1), owns(1, 2, 60, rank=2, denied=True)], None, id="a later denial ends it"),
        pytest.param([owns(1, 2, 60, rank=2), owns(1, 2, 60, rank=1, denied=True)], (60, 60), id="an older denial is past"),
        pytest.param([owns(1, 2, 30, rank=1), owns(1, 2, 0, denied=True, rank=2), Told(1, 2, rank=3)], None, id="denied since the number"),
    ],
)  # fmt: skip
def test_what_claims_about_one_stake_come_to(told: list[Told], expected: Interval | None) -> None:
    assert interval(*told) == (pytest.approx(expected) if expected else None)
    assert interval(*reversed(told)) == (pytest.approx(expected) if expected else None)


def test_history_that_a_source_has_closed_counts_for_no_order_of_rows() -> None:
    told = [owns(1, 2, 30, since=1, source=1), owns(1, 2, 60, since=5, source=1), owns(1, 2, 60, since=5, source=2)]
    for order in ((0, 1, 2), (0, 2, 1), (2, 1, 0), (1, 2, 0)):
        assert interval(*(told[place] for place in order)) == (60, 60)


def test_a_start_in_doubt_leaves_what_was_before() -> None:
    # 60 % since 2015; 20 % since some day of this year: today it is the one or the other.
    before, after = owns(1, 2, 60, rank=10, since=1), owns(1, 2, 20, rank=10, since=9, sure=False)
    assert interval(before, after) == (20, 60)
    later = owns(1, 2, 20, rank=12, since=9, source=1, sure=False)
    assert interval(before, later) == (20, 60)
    more = owns(1, 2, 80, rank=10, since=9, sure=False)
    assert interval(before, more) == (60, 80)


def test_what_is_disputed_is_marked_and_every_claim_that_counts_is_kept_behind_it() -> None:
    found = combined(owns(1, 2, 40), owns(1, 2, 60, source=1), owns(1, 3, 10, rank=1), owns(1, 3, 20, rank=2))
    assert found.disputed.tolist() == [True, False]
    behind = [set(found.rows[start:end].tolist()) for start, end in zip(found.starts, found.starts[1:], strict=False)]
    assert behind == [{0, 1}, {3}]


def test_kinds_of_stake_are_kept_apart() -> None:
    votes = owns(1, 2, 60, interest="votingRights")
    rows = rows_of([owns(1, 2, 10), votes])
    found = combine(rows, np.arange(2), np.array([0, 1]), 0)
    assert list(zip(found.stake.tolist(), (found.low / UNIT).tolist(), strict=True)) == [(0, 10), (1, 60)]


def test_stakes_of_other_holders_and_things_do_not_mix() -> None:
    found = combined(owns(1, 2, 10), owns(2, 1, 20), owns(3, 2, 30), owns(1, 3, 40))
    pairs = zip(found.holder.tolist(), found.target.tolist(), (found.low / UNIT).tolist(), strict=True)
    assert set(pairs) == {(1, 2, 10), (2, 1, 20), (3, 2, 30), (1, 3, 40)}


def random_claims(random: Random) -> list[Told]:
    claims = []
    for _ in range(random.randint(1, 12)):
        low = random.randrange(0, 101, 10)
        claims.append(
            Told(
                random.randint(1, 2),
                3,
                low,
                random.choice([low, random.randrange(low, 101, 10)]),
                stated=random.random() < 0.8,
                kind=Evidence("owns"),
                near=random.random() < 0.2,
                sure=random.random() < 0.7,
                denied=random.random() < 0.2,
                rank=random.randint(0, 2),
                since=random.randint(0, 2),
                source=random.randint(0, 2),
            )
        )
    return [item if item.stated else Told(**{**vars(item), "low": 0, "high": 100}) for item in claims]


def test_the_order_of_rows_never_matters() -> None:
    random = Random(20)
    for _ in range(CASES):
        claims = random_claims(random)
        before = combined(*claims)
        random.shuffle(claims)
        after = combined(*claims)
        for name in ("holder", "target", "low", "high", "stated", "disputed"):
            assert getattr(before, name).tolist() == getattr(after, name).tolist()


def test_intervals_lie_within_what_somebody_says_and_a_repetition_changes_nothing() -> None:
    random = Random(21)
    for _ in range(CASES):
        claims = random_claims(random)
        found = combined(*claims)
        assert (found.low <= found.high).all()
        assert (found.low >= 0).all()
        for holder, high in zip(found.holder.tolist(), found.high.tolist(), strict=True):
            said = [item for item in claims if item.holder == holder and not item.denied]
            assert high <= min(100, max(item.high + item.near for item in said)) * UNIT
        again = combined(*claims, *(Told(**{**vars(item), "source": item.source + 3}) for item in claims))
        assert (again.low.tolist(), again.high.tolist()) == (found.low.tolist(), found.high.tolist())


def test_certainty_needs_a_claim_that_surely_holds() -> None:
    random = Random(22)
    for _ in range(CASES):
        claims = [Told(**{**vars(item), "sure": False}) for item in random_claims(random)]
        assert combined(*claims).low.sum() == 0
