"""Which units may meet in arithmetic, and what becomes of the hedges."""

from __future__ import annotations

from collections.abc import Iterable

from isthmus.errors import ValueFormatError

FRACTIONS = ("ratio", "multiple", "share", "proportion")
"""Units that are pure numbers. A share is of the object, a proportion of the subject group: they never meet."""


def require_same(unit: str, other: str, verb: str) -> None:
    """Refuse two units that differ."""
    if unit != other:
        raise ValueFormatError(
            f"A quantity in '{other}' cannot be {verb} one in '{unit}'.",
            hint="Bring both to one unit first; a share and a proportion never are one unit.",
        )


def product_unit(unit: str, other: str) -> str:
    """Return the unit of a product in which one factor is a pure number, or both are the same fraction."""
    for factor, rest in ((unit, other), (other, unit)):
        if not factor or (factor in FRACTIONS and (rest not in FRACTIONS or rest == factor)):
            return rest
    raise _unnamed("product", unit, other)


def quotient_unit(unit: str, divisor: str) -> str:
    """Return the unit of a quotient: that of the dividend if the divisor is a pure number, ratio if both are equal."""
    if not divisor or (divisor in FRACTIONS and unit not in FRACTIONS):
        return unit
    if unit == divisor:
        return "ratio"
    raise _unnamed("quotient", unit, divisor)


def _unnamed(operation: str, unit: str, other: str) -> ValueFormatError:
    return ValueFormatError(
        f"The {operation} of '{unit}' and '{other}' has no unit of its own.", hint="Name the unit of the result."
    )


def join_hedges(hedges: Iterable[str | None]) -> str | None:
    """Return each hedge once, in order, separated by semicolons; None if there are none."""
    parts = [part for hedge in hedges if hedge for part in hedge.split("; ")]
    return "; ".join(dict.fromkeys(parts)) or None
