"""Shares and indices as they stand in a cell: short, with both ends, rounded away from one another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

Body = Mapping[str, Any]
_SLACK = 1e-9
"""Binary fractions of a sum are not rounded up for this much."""
_TRACE = 1e-5


def figure(share: Body) -> str:
    """Return a share in a few letters: "69.2 %", "73.1-74.2 %", ">33.3 %", "up to 21 %", "about 100 %"."""
    low, high = share["low"], share["high"]
    about = "about " if share.get("approx") else ""
    if not low and high is None:
        return "a part" if share.get("open_low") else "not known"
    if high is None or (high >= 1 and low and share.get("open_low")):
        return f"{'>' if share.get('open_low') else '≥'}{_percent(low or 0.0, down=True)} %"
    if low is None or (low == 0 and high > 0):
        words = _percent(high, down=False) if high >= _TRACE else "0.001"
        return f"<{words} %" if share.get("open_high") else f"up to {words} %"
    if low == high:
        nearest = _nearest(low)
        # What is less than the whole is not rounded up to it.
        return (
            f"{about}{nearest} %"
            if nearest != "100" or abs(low - 1) < _SLACK
            else f"{about}{'>99.9' if low < 1 else 100} %"
        )
    one, other = _percent(low, down=True), _percent(high, down=False)
    return f"{about}{one} %" if one == other else f"{about}{one}-{other} %"


def ends(share: Body) -> tuple[float, float]:
    """Return the ends of a share within the whole; the whole where it has no upper end."""
    low, high = share["low"] or 0.0, 1.0 if share["high"] is None else share["high"]
    return min(max(low, 0.0), 1.0), min(max(high, 0.0), 1.0)


def index_words(index: Body) -> str:
    """Return an index with both its ends."""
    low, high = math.floor(index["low"] or 0), index["high"]
    if high is None:
        return f"at least {low:,}"
    return f"{low:,}" if low == math.ceil(high) else f"{low:,}-{math.ceil(high):,}"


def _step(value: float) -> float:
    """Return the last digit that is shown of a percentage: three of them, two of less than one percent, one of less than a tenth."""
    if value <= 0:
        return 1.0
    return float(10.0 ** (math.floor(math.log10(value)) - (2 if value >= 1 else 1 if value >= 0.1 else 0)))


def _percent(share: float, *, down: bool) -> str:
    value = 100.0 * share
    step = _step(value)
    many = math.floor(value / step + _SLACK) if down else math.ceil(value / step - _SLACK)
    return _text(many * step)


def _nearest(share: float) -> str:
    value = 100.0 * share
    step = _step(value)
    return _text(round(value / step) * step)


def _text(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return text if text not in ("0", "-0") or value == 0 else f"{value:.1g}"
