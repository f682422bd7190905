"""One end of a bounded quantity: how it is written, and how ends combine.

An unbounded end is an infinity here, so that the rules of interval arithmetic (IEEE 1788-2015, set-based flavour) need
no special case: an infinity is never attained, and zero times an infinity is zero because members are finite.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from isthmus.errors import ValueFormatError

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
# Integral floats up to here are written as integers; past it the shortest form has an exponent.
_PLAIN_INTEGER = 1e16


class End(NamedTuple):
    """A value, or an infinity for no bound; whether it is excluded; whether it is only near the true bound."""

    value: float
    is_open: bool = False
    near: bool = False

    @property
    def attained(self) -> bool:
        """Whether a member of the quantity may have this value."""
        return math.isfinite(self.value) and not self.is_open

    def negated(self) -> End:
        """Return the end of the mirrored quantity."""
        return End(-self.value, self.is_open, self.near)


NO_LOW = End(-math.inf)
NO_HIGH = End(math.inf)


def read_end(text: str | None, side: str) -> End:
    """Read the text of the `low` or `high` bound.

    Raises
    ------
    ValueFormatError
        If the text is no finite number with at most one mark that suits its side.
    """
    body = (text or "").strip()
    if not body:
        return NO_LOW if side == "low" else NO_HIGH
    sign = ">" if side == "low" else "<"
    mark = body[0] if body[0] in "<>~" else ""
    digits = body[len(mark) :]
    if mark not in ("", "~", sign):
        raise ValueFormatError(
            f"The {side} bound '{text}' has the mark '{mark}', which closes the other side.",
            hint=f"A {side} bound is marked '{sign}' (excluded), '~' (near) or not at all.",
        )
    if _NUMBER.fullmatch(digits) is None:
        raise ValueFormatError(f"The {side} bound '{text}' is not a number that can be read.", hint=_hint(digits, side))
    value = float(digits)
    if math.isinf(value) or (value == 0 and re.search("[1-9]", re.split("[eE]", digits)[0])):
        raise ValueFormatError(
            f"The {side} bound '{text}' is beyond the range of a double-precision number.",
            hint="Use a larger or smaller unit.",
        )
    return End(value, mark == sign, mark == "~")


def _hint(digits: str, side: str) -> str:
    if digits.startswith("="):
        return f"Write the {side} bound without a mark: a bound without a mark is included."
    if "%" in digits:
        return "Write a percentage as a fraction with unit share or proportion: 15 % is 0.15."
    if re.fullmatch("[0-9][0-9,._' \u00a0\u202f’]*", digits):
        return "Write the digits with no thousands separator and a point before decimals: 1234.5."
    return "Write an integer, a decimal or 156e9, with at most one of > < ~ directly before it."


def write_number(value: float) -> str:
    """Return the shortest text that reads back as `value`; integers have no ``.0``."""
    if value.is_integer() and abs(value) < _PLAIN_INTEGER:
        return str(int(value))
    return repr(value)


def write_end(end: End, mark: str) -> str:
    """Return the text of an end, with `mark` where it is excluded; empty where there is no bound.

    An end that is both near and excluded is written near, which claims less.
    """
    if math.isinf(end.value):
        return ""
    return ("~" if end.near else mark if end.is_open else "") + write_number(end.value)


def least(ends: Sequence[End]) -> End:
    """Return the lowest end; on a tie it is excluded only if all are, and near if any is."""
    value = min(end.value for end in ends)
    return _tied(value, ends)


def greatest(ends: Sequence[End]) -> End:
    """Return the highest end; on a tie it is excluded only if all are, and near if any is."""
    value = max(end.value for end in ends)
    return _tied(value, ends)


def _tied(value: float, ends: Sequence[End]) -> End:
    tied = [end for end in ends if end.value == value]
    return End(value, all(end.is_open for end in tied), any(end.near for end in tied))


def tightest(a: End, b: End, choose: Callable[[float, float], float]) -> End:
    """Return the end of an intersection (`max` of lows, `min` of highs); on a tie it is excluded or near if one is."""
    value = choose(a.value, b.value)
    tied = [end for end in (a, b) if end.value == value]
    return End(value, any(end.is_open for end in tied), any(end.near for end in tied))


def summed(ends: Iterable[End], overflow: float) -> End:
    """Return the sum of ends of one side: excluded or near if any is, `overflow` if it has no finite value."""
    terms = list(ends)
    try:
        value = math.fsum(end.value for end in terms)
    except OverflowError:
        value = overflow
    return End(value, any(end.is_open for end in terms), any(end.near for end in terms))


def product(a: End, b: End) -> End:
    """Return the product of two ends, one corner of a product of intervals."""
    near = a.near or b.near
    if a.value == 0 or b.value == 0:
        # A zero that may be attained gives zero whatever the other factor is.
        attained = (a.value == 0 and a.attained) or (b.value == 0 and b.attained)
        return End(0.0, not attained, near)
    return End(a.value * b.value, not (a.attained and b.attained), near)


def quotient(a: End, b: End, sign: int) -> End:
    """Return the quotient of two ends of intervals, where the divisors all have the given `sign` (1 or -1).

    A divisor of zero is approached from the side of that sign, never reached.
    """
    near = a.near or b.near
    if a.value == 0:
        return End(0.0, not a.attained, near)
    if b.value == 0:
        return End(math.copysign(math.inf, a.value) * sign, True, near)
    if math.isinf(b.value):
        return End(0.0, True, near)
    return End(a.value / b.value, not (a.attained and b.attained), near)
