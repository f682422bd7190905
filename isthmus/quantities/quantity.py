"""The bounded quantity and its arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from isthmus.errors import ValueFormatError
from isthmus.quantities.documents import read_document, write_document
from isthmus.quantities.ends import (
    NO_HIGH,
    NO_LOW,
    End,
    greatest,
    least,
    product,
    quotient,
    read_end,
    summed,
    tightest,
    write_end,
)
from isthmus.quantities.units import join_hedges, product_unit, quotient_unit, require_same
from isthmus.quantities.words import phrase


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as far as its source gave it: the set of values that can be meant.

    "More than a third" is low 0.3333, open; "under 20" is high 20, open; "about 15 %" is 0.15 at both ends, near;
    "nearly 156" is near at the low end and open at the high end. Nearness has no width, because the source gave none:
    a near end stands at its nominal value, and comparisons that rest on one are never certain.

    Arithmetic is that of intervals (IEEE 1788-2015) in double precision, rounded to nearest: as that rounding is
    monotone, the result of the same operation on any two members lies within the result. A side without bound stays
    without bound, an excluded end stays excluded, a near end stays near. Results beyond the range of a double become
    unbounded on that side.

    Parameters
    ----------
    low, high : float or None
        The ends, in `unit`; None where that side is unbounded.
    open_low, open_high : bool
        Whether the end itself is excluded.
    near_low, near_high : bool
        Whether the end is only near the true one. An end of a result may be both near and excluded.
    unit : str
        The unit; ``share`` (of the object) and ``proportion`` (of the subject group) are fractions of 1.
    hedge : str or None
        The source's own doubt, in its words.

    Raises
    ------
    ValueFormatError
        If an end is not finite, is marked but absent, or if no value lies between the ends.
    """

    low: float | None
    high: float | None
    open_low: bool = False
    open_high: bool = False
    near_low: bool = False
    near_high: bool = False
    unit: str = ""
    hedge: str | None = None

    def __post_init__(self) -> None:
        for side, value, marked in (
            ("low", self.low, self.open_low or self.near_low),
            ("high", self.high, self.open_high or self.near_high),
        ):
            if value is None and marked:
                raise ValueFormatError(f"The {side} bound has a mark but no number.")
            if value is not None and not math.isfinite(value):
                raise ValueFormatError(f"The {side} bound {value} is not a finite number.")
        if self.low is None or self.high is None:
            return
        if self.low > self.high:
            raise ValueFormatError(
                f"The low bound {self.low_text} is greater than the high bound {self.high_text}.",
                hint="Swap them, or leave one empty.",
            )
        if self.low == self.high and (self.open_low or self.open_high) and not self.approx:
            raise ValueFormatError(f"No number lies between {self.low_text} and {self.high_text}.")

    @classmethod
    def parse(cls, low: str | None, high: str | None, unit: str = "", hedge: str | None = None) -> Quantity:
        """Read the two texts of a claim; blank or None is unbounded.

        Raises
        ------
        ValueFormatError
            If a text is no number with a fitting mark, if both are empty, or if no value lies between them.
        """
        ends = read_end(low, "low"), read_end(high, "high")
        if ends == (NO_LOW, NO_HIGH):
            raise ValueFormatError("Neither a low nor a high bound is given, so there is no number.")
        return cls._of(*ends, unit, hedge or None)

    @classmethod
    def _of(cls, low: End, high: End, unit: str, hedge: str | None) -> Quantity:
        has_low, has_high = math.isfinite(low.value), math.isfinite(high.value)
        return cls(
            low.value if has_low else None,
            high.value if has_high else None,
            low.is_open and has_low,
            high.is_open and has_high,
            low.near and has_low,
            high.near and has_high,
            unit,
            hedge,
        )

    @classmethod
    def _result(cls, low: End, high: End, unit: str, hedge: str | None) -> Quantity:
        if low.value == high.value and (low.is_open or high.is_open) and not (low.near or high.near):
            # The members were distinct before rounding; one double is left, and it stands near them.
            low = high = End(low.value, near=True)
        return cls._of(low, high, unit, hedge)

    @classmethod
    def exactly(cls, value: float, unit: str = "") -> Quantity:
        """Return the quantity that has one value."""
        return cls(float(value), float(value), unit=unit)

    @classmethod
    def at_least(cls, value: float, unit: str = "") -> Quantity:
        """Return `value` or more."""
        return cls(float(value), None, unit=unit)

    @classmethod
    def at_most(cls, value: float, unit: str = "") -> Quantity:
        """Return `value` or less."""
        return cls(None, float(value), unit=unit)

    @classmethod
    def more_than(cls, value: float, unit: str = "") -> Quantity:
        """Return more than `value`."""
        return cls(float(value), None, open_low=True, unit=unit)

    @classmethod
    def less_than(cls, value: float, unit: str = "") -> Quantity:
        """Return less than `value`."""
        return cls(None, float(value), open_high=True, unit=unit)

    @classmethod
    def between(cls, low: float, high: float, unit: str = "") -> Quantity:
        """Return `low` to `high`, both included."""
        return cls(float(low), float(high), unit=unit)

    @classmethod
    def about(cls, value: float, unit: str = "") -> Quantity:
        """Return near `value`, on either side."""
        return cls(float(value), float(value), near_low=True, near_high=True, unit=unit)

    @classmethod
    def unknown(cls, unit: str = "") -> Quantity:
        """Return the quantity of which nothing is known; not the same as zero."""
        return cls(None, None, unit=unit)

    @classmethod
    def from_parts(
        cls, low: float | None, high: float | None, bits: int, unit: str = "", hedge: str | None = None
    ) -> Quantity:
        """Rebuild a quantity from its ends and its `bits`."""
        if not 0 <= bits <= 15:
            raise ValueFormatError(f"{bits} is no set of marks of a quantity.", hint="They run from 0 to 15.")
        bottom, top = (None if end is None else float(end) for end in (low, high))
        marks = bool(bits & 1), bool(bits & 2), bool(bits & 4), bool(bits & 8)
        return cls(bottom, top, *marks, unit=unit, hedge=hedge or None)

    @property
    def bits(self) -> int:
        """The marks in one number: 1 low open, 2 high open, 4 low near, 8 high near."""
        return self.open_low + 2 * self.open_high + 4 * self.near_low + 8 * self.near_high

    @property
    def approx(self) -> bool:
        """Whether an end is near the true one only."""
        return self.near_low or self.near_high

    @property
    def exact(self) -> bool:
        """Whether one value is meant and known."""
        return self.low is not None and self.low == self.high and not self.bits

    @property
    def known(self) -> bool:
        """Whether there is a bound on either side."""
        return self.low is not None or self.high is not None

    @property
    def low_text(self) -> str:
        """The low bound as `parse` reads it; empty where there is none."""
        return write_end(self._low, ">")

    @property
    def high_text(self) -> str:
        """The high bound as `parse` reads it; empty where there is none."""
        return write_end(self._high, "<")

    @property
    def _low(self) -> End:
        return NO_LOW if self.low is None else End(self.low, self.open_low, self.near_low)

    @property
    def _high(self) -> End:
        return NO_HIGH if self.high is None else End(self.high, self.open_high, self.near_high)

    def words(self) -> str:
        """Return a short phrase for people, without the hedge: "under 20 posts", "between 50 and 60 %"."""
        return phrase(self._low, self._high, self.unit)

    def to_json(self) -> dict[str, Any]:
        """Return the bounded number of the design, section 5. Integral ends are integers."""
        return write_document(self._low, self._high, self.unit, self.hedge)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Quantity:
        """Read the form that `to_json` writes.

        That form has one `approx` for both ends; it is read as nearness of each end that is not excluded, or of each
        end where all are. So everything that `parse` can read comes back unchanged, except a quantity of which one
        end is near and the other is included: both are then near.

        Raises
        ------
        ValueFormatError
            If keys are missing, unknown or of the wrong type, or the ends do not fit.
        """
        return cls._of(*read_document(document))

    def add(self, other: Quantity) -> Quantity:
        """Return the sum; the units must be the same."""
        return total((self, other))

    def sub(self, other: Quantity) -> Quantity:
        """Return the difference; the units must be the same."""
        require_same(self.unit, other.unit, "subtracted from")
        low = summed((self._low, other._high.negated()), -math.inf)
        high = summed((self._high, other._low.negated()), math.inf)
        return Quantity._result(low, high, self.unit, join_hedges((self.hedge, other.hedge)))

    def mul(self, other: Quantity | float, unit: str | None = None) -> Quantity:
        """Return the product with a number or a quantity.

        Parameters
        ----------
        other : Quantity or float
            The other factor.
        unit : str, optional
            The unit of the result. Without it one factor must be a pure number, ratio, share or proportion, and the
            result has the unit of the other; two of the same fraction keep it.

        Raises
        ------
        ValueFormatError
            If no unit is given and none follows, or a number is not finite.
        """
        factor = other if isinstance(other, Quantity) else Quantity.exactly(other)
        corners = [product(a, b) for a in (self._low, self._high) for b in (factor._low, factor._high)]
        unit = product_unit(self.unit, factor.unit) if unit is None else unit
        return Quantity._result(least(corners), greatest(corners), unit, join_hedges((self.hedge, factor.hedge)))

    def div(self, other: Quantity | float, unit: str | None = None) -> Quantity:
        """Return the quotient by a number or a quantity.

        A divisor that touches zero leaves the result unbounded on the side where it grows without end; one that may
        have either sign, or is near zero, or is zero, leaves it unknown.

        Parameters
        ----------
        other : Quantity or float
            The divisor.
        unit : str, optional
            The unit of the result. Without it, equal units give a ratio, and division by a pure number, ratio,
            multiple, share or proportion keeps the unit.
        """
        divisor = other if isinstance(other, Quantity) else Quantity.exactly(other)
        unit = quotient_unit(self.unit, divisor.unit) if unit is None else unit
        low, high = divisor._low, divisor._high
        zero_is_near = any(end.value == 0 and end.near for end in (low, high))
        if zero_is_near or low.value < 0 < high.value or low.value == high.value == 0:
            return Quantity(None, None, unit=unit, hedge=join_hedges((self.hedge, divisor.hedge)))
        sign = 1 if high.value > 0 else -1
        corners = [quotient(a, b, sign) for a in (self._low, self._high) for b in (low, high)]
        return Quantity._result(least(corners), greatest(corners), unit, join_hedges((self.hedge, divisor.hedge)))

    def hull(self, other: Quantity) -> Quantity:
        """Return the smallest quantity that holds all that either can mean."""
        require_same(self.unit, other.unit, "put together with")
        low, high = least((self._low, other._low)), greatest((self._high, other._high))
        return Quantity._result(low, high, self.unit, join_hedges((self.hedge, other.hedge)))

    def intersect(self, other: Quantity) -> Quantity | None:
        """Return what both can mean, or None where nothing is left.

        Near ends stand at their nominal values. To ask whether two statements contradict one another use
        `compatible`, which gives near ends the benefit of the doubt.
        """
        require_same(self.unit, other.unit, "compared with")
        low, high = tightest(self._low, other._low, max), tightest(self._high, other._high, min)
        touching = low.value == high.value and (low.is_open or high.is_open) and not (low.near or high.near)
        if low.value > high.value or touching:
            return None
        return Quantity._of(low, high, self.unit, join_hedges((self.hedge, other.hedge)))

    def certainly_less(self, other: Quantity) -> bool:
        """Return whether every value of this is less than every value of the other.

        Never so where the ends that face one another are near: "about 15" has no width to be certain by.
        """
        require_same(self.unit, other.unit, "compared with")
        top, bottom = self._high, other._low
        if top.near or bottom.near:
            return False
        return top.value < bottom.value or (
            top.value == bottom.value and math.isfinite(top.value) and (top.is_open or bottom.is_open)
        )

    def possibly_less(self, other: Quantity) -> bool:
        """Return whether some value of this is less than some value of the other, or could be if an end is near."""
        require_same(self.unit, other.unit, "compared with")
        return self._low.near or other._high.near or self._low.value < other._high.value

    def compatible(self, other: Quantity) -> bool:
        """Return whether both statements can be true of one number."""
        return not (self.certainly_less(other) or other.certainly_less(self))


def total(items: Iterable[Quantity], unit: str | None = None) -> Quantity:
    """Return the sum of many quantities of one unit, with one rounding for each end (`math.fsum`).

    Parameters
    ----------
    items : iterable of Quantity
        The terms. A group's quantity and its members' are not to be added: this function cannot know.
    unit : str, optional
        The unit that all must have. It has to be given where there may be no terms at all; their sum is zero.

    Raises
    ------
    ValueFormatError
        If the units differ, or there are no terms and no unit.
    """
    terms = tuple(items)
    if not terms and unit is None:
        raise ValueFormatError("A sum of no quantities has no unit.", hint="Name the unit of the sum.")
    unit = terms[0].unit if unit is None else unit
    for term in terms:
        require_same(unit, term.unit, "added to")
    low = summed((term._low for term in terms), -math.inf)
    high = summed((term._high for term in terms), math.inf)
    return Quantity._result(low, high, unit, join_hedges(term.hedge for term in terms))
