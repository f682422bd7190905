"""Concentration of shares: the Herfindahl-Hirschman index and the top share over exact and bounded shares.

HHI = sum of squared percentages (Herfindahl 1950; Hirschman 1964), 0 to 10,000. With bounded shares and a part of the whole that nobody
names, only an interval is known: the low end spreads the unnamed part so thin that it adds nothing, the high end gives it to one
holder that is not among the named.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TypeVar

from isthmus.kernels.components import components

Holder = TypeVar("Holder", bound=Hashable)
TRIED = 4096
"""Up to so many ways to choose holders are tried, each; of more only bounds are given."""


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
    _check(shares, remainder)
    floor = sum((100 * low) ** 2 for low, _ in shares)
    ceiling = sum((100 * high) ** 2 for _, high in shares) + (100 * remainder[1]) ** 2
    return Concentration(floor, ceiling)


def top_share(
    shares: Sequence[tuple[float, float]], remainder: tuple[float, float] = (0.0, 0.0)
) -> tuple[float, float]:
    """Return the largest share of one holder as an interval, in fractions of 1; parameters, errors and width as `concentration`.

    Low: the largest low end, with the remainder spread thin. High: the largest high end, that of the remainder among them, which may be in
    one hand.
    """
    _check(shares, remainder)
    return max((low for low, _ in shares), default=0.0), max(high for _, high in (*shares, remainder))


def merged(shares: Sequence[tuple[float, float]], holders: Sequence[Holder]) -> dict[Holder, tuple[float, float]]:
    """Return the share of each holder, where several of the named may belong to one: the sums of their ends.

    Parameters
    ----------
    shares : sequence of (low, high)
    holders : sequence
        Who holds each share in the end: its ultimate controller, say, or a country. In the answer, by first appearance.

    Raises
    ------
    ValueError
        There are not as many holders as shares, or a share is no interval.

    Notes
    -----
    The high end of a sum may be over 1: it is not repaired, as a source's rounding is not.
    """
    _check(shares)
    found: dict[Holder, tuple[float, float]] = {}
    for (low, high), holder in zip(shares, holders, strict=True):
        before = found.get(holder, (0.0, 0.0))
        found[holder] = (before[0] + low, before[1] + high)
    return found


def concentration_of_choices(
    shares: Sequence[tuple[float, float]],
    options: Sequence[Sequence[Hashable]],
    remainder: tuple[float, float] = (0.0, 0.0),
    anywhere: float = 0.0,
) -> Concentration:
    """Return the index where it is not known of each share whose it is: the least and the most over all choices.

    Parameters
    ----------
    shares : sequence of (low, high)
    options : sequence of sequences
        The holders that each share may belong to, one at the least; exactly one of them has it.
    remainder : (low, high)
        Fraction of 1 that belongs to holders not named.
    anywhere : float
        Fraction of 1, at the most, that belongs to nobody known: it may be that of a named holder as well.

    Returns
    -------
    Concentration
        Low: every share at its low end, chosen so that the sum is least, what is unnamed or anywhere spread thin. High: every share at its
        high end, the remainder in one hand, what is anywhere added to the largest.

    Raises
    ------
    ValueError
        A share is negative or no interval, or not every share has a holder.

    Notes
    -----
    Beyond `TRIED` choices the ends are bounds: nothing doubtful is joined for the low one, all that may be one is joined for the high one.
    """
    _check(shares, remainder)
    if len(options) != len(shares) or not all(options):
        raise ValueError("every share needs a holder that it may belong to")
    doubtful = [choice for choice in options if len(choice) > 1]
    lows, highs = ([100 * share[end] for share in shares] for end in (0, 1))
    rest, loose = 100 * remainder[1], 100 * anywhere
    if prod(map(len, doubtful)) <= TRIED:
        choices = list(product(*options))
        return Concentration(
            min(_squares(_added(lows, choice).values()) for choice in choices),
            max(_joined(_added(highs, choice).values(), rest, loose) for choice in choices),
        )
    number = {name: place for place, name in enumerate(dict.fromkeys(name for choice in options for name in choice))}
    joint = components((number[choice[0]], number[name]) for choice in options for name in choice)
    one = {member: members[0] for members in joint for member in members}
    alone = [number[choice[0]] if len(choice) == 1 else ~place for place, choice in enumerate(options)]
    every = [one[number[choice[0]]] for choice in options]
    return Concentration(_squares(_added(lows, alone).values()), _joined(_added(highs, every).values(), rest, loose))


def _added(shares: Sequence[float], holders: Sequence[Hashable]) -> dict[Hashable, float]:
    found: dict[Hashable, float] = {}
    for share, holder in zip(shares, holders, strict=True):
        found[holder] = found.get(holder, 0.0) + share
    return found


def _squares(shares: Iterable[float]) -> float:
    return sum(share**2 for share in shares)


def _joined(shares: Iterable[float], remainder: float, loose: float) -> float:
    """Return the sum of squares with what is loose added to the largest: a sum of squares is most where it is most uneven."""
    every = sorted((*shares, remainder))
    every[-1] += loose
    return _squares(every)


def _check(shares: Sequence[tuple[float, float]], remainder: tuple[float, float] = (0.0, 0.0)) -> None:
    for low, high in (*shares, remainder):
        if low < 0 or high < low:
            raise ValueError(f"a share from {low} to {high} is not an interval of non-negative numbers")
