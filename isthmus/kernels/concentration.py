"""Concentration of shares: the Herfindahl-Hirschman index over exact and bounded shares.

HHI = sum of squared percentages (Herfindahl 1950; Hirschman 1964), 0 to 10,000. With bounded shares and a part of the whole that nobody
names, only an interval is known: the low end spreads the unnamed part so thin that it adds nothing, the high end gives it to one
holder that is not among the named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Concentration:
    """The index as an interval on the 0-10,000 scale."""

    low: float
    high: float


def concentration(shares: Sequence[tuple[float, float]], remainder: tuple[float, float] = (0.0, 0.0)) -> Concentration:
    """Return the index of holders with bounded shares and an unnamed remainder.

    Parameters
    ----------
    shares : sequence of (low, high)
        Fractions of 1 for each named holder, ``0 <= low <= high``. They are squared as given: a source's rounding is not repaired.
    remainder : (low, high)
        Fraction of 1 that belongs to holders not named.

    Returns
    -------
    Concentration
        Low: every share at its low end, the remainder spread thin. High: every share at its high end, the remainder in one hand.

    Raises
    ------
    ValueError
        A share is negative or its ends are in the wrong order.

    Notes
    -----
    The ends are those of each share taken alone. Where bounds of several shares are wide, not all completions that sum to the whole
    reach them, so the interval may be wider than need be, never narrower.
    """
    for low, high in (*shares, remainder):
        if low < 0 or high < low:
            raise ValueError(f"a share from {low} to {high} is not an interval of non-negative numbers")
    floor = sum((100 * low) ** 2 for low, _ in shares)
    ceiling = sum((100 * high) ** 2 for _, high in shares) + (100 * remainder[1]) ** 2
    return Concentration(floor, ceiling)
