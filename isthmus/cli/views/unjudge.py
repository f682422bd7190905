"""Judgements that were undone."""

from __future__ import annotations

from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.frame import counted
from isthmus.cli.screen import Screen


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print how many."""
    screen.line(f"{counted(found['undone'], 'judgement')} about {found['a']} and {found['b']} undone.")
