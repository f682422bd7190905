"""Asking scenarios in tests: rows that say who makes what and where it lies, and answers by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from isthmus.model import Finding
from isthmus.picture import Picture
from isthmus.scenarios.reading import parse_scenarios
from isthmus.scenarios.run import suppose
from tests.dependence.worlds import Row

Build = Callable[..., Picture]


def kind(thing: str, value: str) -> Row:
    return {"subject": thing, "predicate": "kind", "value": value}


def located(thing: str, place: str) -> Row:
    return {"subject": thing, "predicate": "located_in", "object": place}


def produces(maker: str, thing: str, low: float | None = None, high: float | None = None, **more: str) -> Row:
    row = {"subject": maker, "predicate": "produces", "object": thing, **more}
    if low is not None:
        row |= {"low": str(low), "high": str(low if high is None else high), "unit": "share"}
    return row


def ask(picture: Picture, changes: str, **more: Any) -> Finding:
    """Ask a scenario with the changes given as lines of YAML."""
    (scenario,) = parse_scenarios(
        f"scenario: test\nchanges:\n{changes}\n" if changes else "scenario: test\nchanges: []\n"
    )
    return suppose(picture, scenario, **more)


def fates(finding: Finding) -> dict[str, tuple[str, Any, Any]]:
    """Return what becomes of each thing, and what is left of it; who sees it stands behind its name."""
    return {
        row["entity"] + (f" {row['seen']}" if row.get("seen") else ""): (
            row["verdict"],
            row["left"]["low"],
            row["left"]["high"],
        )
        for row in finding.answers
    }


def row_of(finding: Finding, name: str) -> dict[str, Any]:
    return next(dict(row) for row in finding.answers if row["entity"] == name and not row.get("seen"))
