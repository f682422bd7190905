"""How the pages print numbers, dates and kinds: one way each, for every page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of the text around them, or that no page may hold."""
GLYPHS = ("company", "state", "body", "site", "product", "role", "place")
_BODIES = ("standards_body", "committee", "international_organization", "consortium", "association", "meeting", "body")
_STATES = ("state", "public_body", "political_organ", "law", "policy", "agreement", "party")
_SITES = ("site", "data_center", "project", "network", "cable", "landing_point", "facility", "system")
_PLACES = ("place", "country", "region", "city")
_ROLES = ("role", "person", "group")
_COMPANIES = ("company", "organization", "research_body", "fund")


def glyph(kinds: list[str] | tuple[str, ...]) -> str:
    """Return which of `GLYPHS` stands for something of these kinds: one colour and one shape each."""
    for name, listed in (
        ("company", _COMPANIES),
        ("state", _STATES),
        ("body", _BODIES),
        ("site", _SITES),
        ("place", _PLACES),
        ("role", _ROLES),
    ):
        if any(kind in listed for kind in kinds):
            return name
    return "product"


def told(value: Any) -> Any:
    """Return what a page prints for a value: text that would turn the text around it shows the codes by which it would."""
    if type(value) is str and _UNSEEN.search(value):
        return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", value)
    return value


def cut(text: Any, most: int) -> str:
    """Return a text of bounded length; what is cut off is marked by an ellipsis."""
    whole = str(text)
    return whole if len(whole) <= most else whole[: most - 1] + "…"


def words_of(kind: str) -> str:
    """Return a term of the vocabulary as words."""
    return kind.replace("_", " ")


def number(value: int | float) -> str:
    """Return a number with thin groups of thousands."""
    return f"{value:,}"


def bounded(value: Mapping[str, Any] | None) -> str:
    """Return a bounded number in words, both ends, and its source's own words beside where it has some."""
    if not value or (value.get("low") is None and value.get("high") is None):
        return f"not stated (“{value['hedge']}”)" if value and value.get("hedge") else "not stated"
    low, high, unit = value.get("low"), value.get("high"), value.get("unit")
    part = unit in ("share", "proportion")

    def shown(end: Any) -> str:
        return f"{100 * end:.4g}" if part else f"{end:,.6g}"

    about = "about " if value.get("approx") else ""
    end = " %" if part else f" {words_of(unit)}" if unit else ""
    if low is not None and high is not None:
        text = shown(low) if low == high else f"{shown(low)}–{shown(high)}"
        if low != high and value.get("open_low"):
            text = f"more than {shown(low)}, up to {shown(high)}"
    elif low is not None:
        text = f"more than {shown(low)}" if value.get("open_low") else f"{shown(low)} or more"
    else:
        text = f"less than {shown(high)}" if value.get("open_high") else f"up to {shown(high)}"
    said = f" (“{value['hedge']}”)" if value.get("hedge") else ""
    return about + text + end + said


FILTERS: dict[str, Callable[..., Any]] = {
    "glyph": glyph,
    "words": words_of,
    "number": number,
    "bounded": bounded,
    "cut": cut,
}
