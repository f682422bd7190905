"""Claims that were taken back."""

from __future__ import annotations

from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.frame import counted
from isthmus.cli.screen import Screen


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print how many."""
    screen.line(f"{counted(found['retracted'], 'claim')} retracted by {found['who']}: {found['why']}")
    before = len(set(call.values["claims"])) - found["retracted"]
    if before:
        screen.note(f"{counted(before, 'claim')} had been retracted before")
