"""What is printed when a server has ended."""

from __future__ import annotations

from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.screen import Screen, said


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Say that the picture is no longer served."""
    screen.line(said(f"{found['served']} is no longer served.", "dim"))
