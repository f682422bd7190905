"""A judgement that was stored."""

from __future__ import annotations

from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.screen import Screen
from isthmus.cli.views.contradiction import contradictions

_TOLD = {"same": "are the same", "different": "are different things", "unsure": "may or may not be the same"}


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the judgement, whether it takes effect, and what it contradicts."""
    told = f"{found['a']} and {found['b']} {_TOLD[found['verdict']]}"
    since = f" from {found['valid_from']}" if found["valid_from"] else ""
    until = f" to {found['valid_to']}" if found["valid_to"] else ""
    screen.line(f"Stored as judgement {found['judgement']}: {told}{since}{until}, says {found['who']}: {found['why']}")
    if found["state"] != "in force":
        screen.note(found["state"], "!")
    contradictions(screen, found["contradictions"])
    screen.note(f"isthmus unjudge {found['a']} {found['b']} takes it back")
