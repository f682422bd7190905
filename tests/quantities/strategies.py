"""Strategies that draw bounded quantities and values that they can mean."""

from __future__ import annotations

from hypothesis import assume
from hypothesis import strategies as st

from isthmus.quantities import Quantity

Q = Quantity.parse
numbers = st.one_of(st.integers(-1000, 1000).map(float), st.floats(-1e12, 1e12))
wild = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def quantities(draw: st.DrawFn, values: st.SearchStrategy[float] = numbers, unit: str = "posts") -> Quantity:
    low, high = sorted((draw(values), draw(values)))
    shape = draw(st.integers(0, 5))
    if shape == 0:
        high = low
    bottom = None if shape in (1, 3) else low
    top = None if shape in (2, 3) else high
    bits = draw(st.integers(0, 15)) & (0 if bottom is None else 5) | draw(st.integers(0, 15)) & (
        0 if top is None else 10
    )
    assume(not (bottom is not None and bottom == top and bits & 3 and not bits & 12))
    return Quantity.from_parts(
        bottom, top, bits, unit, draw(st.sampled_from([None, "reportedly", "about; said to be"]))
    )


def holds(quantity: Quantity, value: float) -> bool:
    """Whether `value` lies within the ends, an excluded end being excluded unless it is near."""
    if quantity.low is not None and (value < quantity.low or (value == quantity.low and quantity.low_text[0] == ">")):
        return False
    return quantity.high is None or value < quantity.high or (value == quantity.high and quantity.high_text[0] != "<")


def member(data: st.DataObject, quantity: Quantity) -> float:
    """Draw a value that the quantity can mean."""
    low = -1e13 if quantity.low is None else quantity.low
    high = 1e13 if quantity.high is None else quantity.high
    low, high = min(low, high - 1), max(high, low + 1)
    value = data.draw(st.sampled_from([low, high, 0.0]) | st.floats(low, high))
    assume(holds(quantity, value))
    return value
