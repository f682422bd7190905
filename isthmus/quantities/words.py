"""Bounded quantities in words, for people.

A bound that has to be shortened is rounded away from the members (low down, high up), so that the phrase stays true.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from typing import NamedTuple

from isthmus.quantities.ends import End

_MONEY = re.compile("[A-Z]{3}(?:/[a-z]+)?")
_SCALES = ((Decimal(10**9), "bn"), (Decimal(10**6), "million"), (Decimal(10**3), "thousand"))
_SCALED_FROM = Decimal(10**4)
_SHORT = 4
_PERCENT_DIGITS = range(3, 7)
_UNSHORTENED = 6
# Beyond these a row of zeros says less than an exponent.
_LARGE, _SMALL = Decimal(10**15), Decimal("1e-6")


class _Figure(NamedTuple):
    """A number as shown, and what follows it ("bn USD", "%", "posts")."""

    text: str
    suffix: str

    def __str__(self) -> str:
        return f"{self.text} {self.suffix}".rstrip()


def phrase(low: End, high: End, unit: str) -> str:
    """Return a quantity in a few words: "34 posts", "more than 33.3 %", "nearly 156 bn USD", "not known"."""
    if math.isinf(low.value) and math.isinf(high.value):
        return "not known"
    if low.value == high.value:
        return _single(low, high, unit)
    lower = None if math.isinf(low.value) else _figure(low.value, unit, ROUND_HALF_EVEN if low.near else ROUND_FLOOR)
    upper = (
        None if math.isinf(high.value) else _figure(high.value, unit, ROUND_HALF_EVEN if high.near else ROUND_CEILING)
    )
    if lower is None or (low.value == 0 and not low.is_open and not low.near and upper is not None):
        return f"about {upper} or less" if high.near and not high.is_open else f"{_high_word(high)} {upper}"
    if upper is None:
        lower = lower._replace(suffix=_singular(lower.suffix)) if lower.text == "1" else lower
        return f"about {lower} or more" if low.near and not low.is_open else f"{_low_word(low)} {lower}"
    first = lower.text if lower.suffix == upper.suffix else str(lower)
    if low.is_open or high.is_open:
        return f"{_low_word(low)} {first} and {_high_word(high)} {upper}"
    return f"between {_about(low)}{first} and {_about(high)}{upper}"


def _single(low: End, high: End, unit: str) -> str:
    figure = _figure(low.value, unit, ROUND_HALF_EVEN, exact=not (low.near or high.near))
    if not (low.near or high.near):
        return str(figure._replace(suffix=_singular(figure.suffix)) if low.value == 1 else figure)
    if low.near and high.near:
        return f"about {figure}"
    if low.near:
        return f"nearly {figure}" if high.is_open else f"about {figure} and no more"
    return f"just over {figure}" if low.is_open else f"about {figure} and no less"


def _about(end: End) -> str:
    return "about " if end.near else ""


def _low_word(end: End) -> str:
    return f"{'more than' if end.is_open else 'at least'}{' about' if end.near else ''}"


def _high_word(end: End) -> str:
    return f"{'under' if end.is_open else 'at most'}{' about' if end.near else ''}"


def _singular(unit: str) -> str:
    if unit == "people":
        return "person"
    if unit.endswith("ies"):
        return unit[:-3] + "y"
    return unit[:-1] if unit.endswith("s") and not unit.endswith("ss") else unit


def _figure(value: float, unit: str, rounding: str, *, exact: bool = False) -> _Figure:
    # Twelve digits hide the noise of binary fractions (0.1 + 0.2) before anything is rounded away from the members.
    number = Decimal(int(value)) if value.is_integer() and abs(value) < _LARGE else Decimal(f"{value:.12g}")
    if unit in ("share", "proportion"):
        return _Figure(_plain(_percent(number * 100, rounding)), "%")
    if unit == "rank":
        return _Figure(f"rank {_plain(number)}", "")
    if _MONEY.fullmatch(unit) and unit != "HHI":
        return _money(number, unit, rounding, exact=exact)
    return _Figure(_plain(_shortened(number, rounding)), "times" if unit == "multiple" else unit)


def _percent(number: Decimal, rounding: str) -> Decimal:
    """Shorten to three digits, or to more where three would show a whole percentage that the number is not.

    50.01 % is control and 50 % is not, so a threshold is never rounded onto.
    """
    shorter = number
    for digits in _PERCENT_DIGITS:
        shorter = Context(prec=digits, rounding=rounding).plus(number)
        if shorter == number or not _is_whole(shorter):
            break
    return shorter


def _shortened(number: Decimal, rounding: str) -> Decimal:
    if not _is_plain(number):
        return Context(prec=_SHORT, rounding=rounding).plus(number)
    if _is_whole(number) or _significant(number) <= _UNSHORTENED:
        return number
    return Context(prec=max(_SHORT, number.adjusted() + 1), rounding=rounding).plus(number)


def _money(number: Decimal, unit: str, rounding: str, *, exact: bool) -> _Figure:
    if abs(number) < _SCALED_FROM:
        return _Figure(_plain(_shortened(number, rounding)), unit)
    scale, word = next((scale, word) for scale, word in _SCALES if abs(number) >= scale)
    scaled = number / scale
    if _significant(scaled) > _SHORT:
        if exact and _is_whole(number) and _is_plain(number):
            return _Figure(_plain(number), unit)
        scaled = Context(prec=_SHORT, rounding=rounding).plus(scaled)
    return _Figure(_plain(scaled), f"{word} {unit}")


def _significant(number: Decimal) -> int:
    return len(number.normalize().as_tuple().digits)


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _is_plain(number: Decimal) -> bool:
    return not number or _SMALL <= abs(number) < _LARGE


def _plain(number: Decimal) -> str:
    if not _is_plain(number):
        return str(number.normalize()).replace("E+", "e").replace("E", "e")
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
