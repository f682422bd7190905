"""Judgements that were undone."""

from __future__ import annotations

from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.frame import counted
from isthmus.cli.screen import Screen

_TOLD = {"same": "are the same", "different": "are different things", "unsure": "may or may not be the same"}


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print how many, and what stands about the two now."""
    screen.line(f"{counted(found['undone'], 'judgement')} about {found['a']} and {found['b']} undone.")
    stands = found["stands"]
    if stands:
        screen.note(f"now stands: they {_TOLD[stands['verdict']]}, says {stands['who']}: {stands['why']}")
