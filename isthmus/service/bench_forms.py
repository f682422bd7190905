"""The forms of the what-if bench: from the fields of one change to the line of YAML that says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from isthmus.errors import ArgumentError
from isthmus.scenarios.reading import parse_scenarios
from isthmus.scenarios.scenario import WORDS

_WIDE = 1_000_000


def one_line(value: Any) -> str:
    """Return a value as YAML on one line."""
    text: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=_WIDE)
    return text.removesuffix("...\n").strip()


FORMS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fail": (("what",), ()),
    "fail_country": (("what",), ()),
    "fail_controlled_by": (("what",), ("rule",)),
    "restrict_export": (("of", "from"), ("to", "left")),
    "substitute": (("for", "with"), ("in", "after")),
    "add_capacity": (("of", "by", "share"), ("after",)),
    "delay": (("what", "months"), ()),
    "remove": (("what",), ()),
}
"""What the form of each change asks for: what it must have, and what it may."""
_LONE = ("fail", "fail_country", "fail_controlled_by", "remove")
_SHARES = ("left", "share")


def change_line(kind: str, fields: Mapping[str, str]) -> str:
    """Return a change that a form brings, as one line of YAML.

    Raises
    ------
    ArgumentError
        There is no such change, or it lacks something.
    FormatError
        A share or a month is none.
    """
    if kind not in FORMS:
        raise ArgumentError(f"“{kind[:40]}” is no change.", where="kind", hint=f"One of {', '.join(WORDS)}.")
    must, may = FORMS[kind]
    given = {key: fields.get(key, "").strip() for key in (*must, *may, "at")}
    missing = [key for key in must if not given[key]]
    if missing:
        raise ArgumentError(f"this change needs “{missing[0]}”.", where=missing[0], hint="Fill it in and add it again.")
    held = {key: _share(text) if key in _SHARES else text for key, text in given.items() if text}
    at = held.pop("at", None)
    body: dict[str, Any] = {kind: held.pop("what")} if kind in _LONE else {kind: held}
    if kind in _LONE:
        body |= held
    if at and at != "0":
        body["at"] = at
    line = one_line(body)
    parse_scenarios(one_line({"scenario": "one", "changes": [body]}), "change")
    return line


def _share(text: str) -> Any:
    """Return a share of a form: one, or both ends parted by “to” or a dash."""
    text = text.replace(" %", "%")
    for mark in (" to ", "–", "-"):
        low, parted, high = text.partition(mark)
        if parted and low.strip() and high.strip():
            high = high.strip()
            low = low.strip()
            return [f"{low}%" if high.endswith("%") and not low.endswith("%") else low, high]
    return text
