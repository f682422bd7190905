"""What was written, and what was not and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.frame import counted
from isthmus.cli.screen import Screen


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the counts of an export."""
    entities = f" and {counted(found['entities'], 'entity')}" if found.get("entities") else ""
    screen.line(f"{counted(found['claims'], 'claim')}{entities} written to {found['file']} ({found['format']}).")
    if found.get("sources_file"):
        screen.note(f"their sources are described in {found['sources_file']}", "·")
    _counts(screen, "withheld", found["withheld"])
    _counts(screen, "left out", found["left_out"])
    remarks = found["remarks"]
    for text in remarks.items() if isinstance(remarks, Mapping) else remarks:
        screen.note(text if isinstance(text, str) else f"{text[0]}: {text[1]:,}", "·")


def _counts(screen: Screen, what: str, counts: Any) -> None:
    if isinstance(counts, Mapping):
        for why, number in counts.items():
            if number:
                screen.note(f"{what}, {number:,}: {why.replace('_', ' ')}", "·")
    elif counts:
        screen.note(f"{what}: {counts:,}", "·")
