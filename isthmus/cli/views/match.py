"""How likely two names are one thing, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.screen import Column, Content, Screen, joined, said

Body = Mapping[str, Any]
TOLD = {"same": "the same", "possible": "possibly the same: for a person to judge", "different": "different"}
STYLES = {"same": "green", "possible": "yellow", "different": "red"}
_FEATURES = {
    "identifier": "identifier",
    "identifiers_differ": "identifiers differ",
    "only_form": "only a legal form",
    "one_letter": "one letter apart",
}


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print verdict and score, and the reasons, the weightiest first."""
    screen.line(joined([verdict(found), said(f"score {found['score']:.2f}", "bold")], "  "))
    names = [name for name in found["names"] if name]
    if names:
        screen.note(joined([said(name) for name in names], "  /  "))
    screen.blank()
    reasons(screen, found["reasons"])


def verdict(found: Body) -> Content:
    """Return the verdict in words."""
    return said(TOLD[found["verdict"]], f"bold {STYLES[found['verdict']]}")


def reasons(screen: Screen, found: Sequence[Body], *, indent: int = 2) -> None:
    """Print what speaks for (+) and against (−), with its weight in log-odds."""
    rows: list[list[Content]] = [[*_signed(item["weight"]), feature(item), item["note"]] for item in found]
    screen.table(
        [Column("", keep=True), Column("weight", figures=True), Column("reason"), Column("")], rows, indent=indent
    )


def feature(reason: Body) -> str:
    """Return what a reason is about, in words."""
    name = str(reason["feature"])
    return _FEATURES.get(name, name.replace("_", " "))


def in_short(found: Sequence[Body], most: int = 3) -> str:
    """Return the weightiest reasons in one line."""
    told = [
        f"{_mark(item['weight'])}{feature(item)}{': ' if item['note'] else ''}{item['note']}" for item in found[:most]
    ]
    return "; ".join(told)


def _signed(weight: float) -> tuple[Content, Content]:
    if weight <= -90:
        return said("−", "red"), "veto"
    return said(_mark(weight).strip(), "green" if weight > 0 else "red"), f"{abs(weight):.1f}" if weight else ""


def _mark(weight: float) -> str:
    return "+ " if weight > 0 else "− " if weight < 0 else ""
