"""Bounded quantities as JSON documents (the design, section 5)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from isthmus.errors import ValueFormatError
from isthmus.quantities.ends import End

_TYPES: dict[str, tuple[type, ...]] = {
    "low": (int, float, type(None)),
    "high": (int, float, type(None)),
    "open_low": (bool,),
    "open_high": (bool,),
    "approx": (bool,),
    "unit": (str,),
    "hedge": (str, type(None)),
}
# Integers beyond this are not all representable as doubles, so JSON shows the double itself.
_SAFE_INTEGER = 2**53


def write_document(low: End, high: End, unit: str, hedge: str | None) -> dict[str, Any]:
    """Return the JSON form; integral ends are integers, unbounded ends null."""
    return {
        "low": _number(low.value),
        "high": _number(high.value),
        "open_low": low.is_open,
        "open_high": high.is_open,
        "approx": low.near or high.near,
        "unit": unit,
        "hedge": hedge,
    }


def _number(value: float) -> int | float | None:
    if math.isinf(value):
        return None
    return int(value) if value.is_integer() and abs(value) <= _SAFE_INTEGER else value


def read_document(document: Mapping[str, Any]) -> tuple[End, End, str, str | None]:
    """Return the ends, the unit and the hedge of a JSON form.

    Raises
    ------
    ValueFormatError
        If keys are missing, unknown or of the wrong type, or a mark has no bound to stand on.
    """
    if set(document) != set(_TYPES):
        found = ", ".join(sorted(map(str, document))) or "none"
        raise ValueFormatError(f"A bounded number has the keys {', '.join(_TYPES)}; found: {found}.")
    for key, types in _TYPES.items():
        value = document[key]
        # In Python a bool is an int; in JSON it is not.
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise ValueFormatError(f"'{key}' of a bounded number may not be {value!r}.")
    low, high = _bound(document, "low", -math.inf), _bound(document, "high", math.inf)
    if document["approx"]:
        bounded = [not math.isinf(end.value) for end in (low, high)]
        if not any(bounded):
            raise ValueFormatError("A bounded number is marked 'approx' but has no bound.")
        all_open = all(end.is_open for end, has in zip((low, high), bounded, strict=True) if has)
        low, high = (
            end._replace(near=has and (all_open or not end.is_open))
            for end, has in zip((low, high), bounded, strict=True)
        )
    return low, high, document["unit"], document["hedge"]


def _bound(document: Mapping[str, Any], side: str, absent: float) -> End:
    number, is_open = document[side], document[f"open_{side}"]
    if number is None:
        if is_open:
            raise ValueFormatError(f"'open_{side}' of a bounded number is set, but '{side}' is null.")
        return End(absent)
    try:
        value = float(number)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise ValueFormatError(f"'{side}' of a bounded number is beyond the range of a double-precision number.")
    return End(value, is_open)
