"""A judgement that was stored."""

from __future__ import annotations

from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.screen import Screen

_TOLD = {"same": "are the same", "different": "are different things", "unsure": "may or may not be the same"}


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the judgement, and what it contradicts."""
    told = f"{found['a']} and {found['b']} {_TOLD[found['verdict']]}"
    screen.line(f"Stored as judgement {found['judgement']}: {told}, says {found['who']}: {found['why']}")
    for item in found["contradictions"]:
        screen.note(
            f"{item['a']} and {item['b']} are judged different, yet the same by way of {' = '.join(item['path'])}",
            "contradiction:",
        )
    screen.note(f"isthmus unjudge {found['a']} {found['b']} takes it back")
