"""Judgements that contradict one another, each with the chain that leads from one end to the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from isthmus.cli.screen import Screen, said

STEPS = 8
"""How many steps of a chain are printed; longer ones are cut in the middle, and ``--json`` has them whole."""


def contradictions(screen: Screen, found: Sequence[Mapping[str, Any]], mark: str = "contradiction:") -> None:
    """Print each contradiction: what parts the two, and by whose word each step of the chain joins them."""
    for item in found:
        screen.note(f"{item['a']} and {item['b']} {_parted(item)}, yet {_joined(item)}; these merges wait", mark)
        steps = list(item["steps"])
        cut = len(steps) - STEPS
        for number, step in enumerate(steps):
            if cut > 0 and number == STEPS // 2:
                screen.note(said(f"… and {cut:,} more steps", "dim"), " ")
            if cut <= 0 or number < STEPS // 2 or number >= STEPS // 2 + cut:
                one, other = _in_order(step, item["path"], number)
                screen.note(f"{one} = {other}: {step['why']} ({step['who']})", " ")


def _parted(item: Mapping[str, Any]) -> str:
    if item["judged"]:
        return f"are judged different ({item['judged']['who']}: {item['judged']['why']})"
    return f"have two {item['scheme']} ({' and '.join(item['values'])})"


def _joined(item: Mapping[str, Any]) -> str:
    if len(item["path"]) == 2:
        return "are judged the same"
    path = list(item["path"])
    if len(path) > STEPS + 1:
        path = [*path[: STEPS // 2], "…", *path[-STEPS // 2 :]]
    return f"the same by way of {' = '.join(path)}"


def _in_order(step: Mapping[str, Any], path: Sequence[str], number: int) -> tuple[str, str]:
    return (path[number], path[number + 1]) if len(path) > number + 1 else (step["a"], step["b"])
