"""A finding, by the view of its lens."""

from __future__ import annotations

from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.screen import Screen
from isthmus.cli.views import control, points_of_control, relations, tally, timeline

_VIEWS = {
    "relations": relations.show,
    "timeline": timeline.show,
    "tally": tally.show,
    "control": control.show,
    "points-of-control": points_of_control.show,
}


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the answer of a lens."""
    _VIEWS[found["lens"]](screen, found, call)
