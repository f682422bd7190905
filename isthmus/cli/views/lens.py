"""A finding, by the view of its lens."""

from __future__ import annotations

from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.screen import Screen
from isthmus.cli.views import (
    chokepoints,
    concentration,
    control,
    dependence,
    exposure,
    points_of_control,
    relations,
    tally,
    timeline,
    where_used,
)

_VIEWS = {
    "relations": relations.show,
    "timeline": timeline.show,
    "tally": tally.show,
    "control": control.show,
    "points-of-control": points_of_control.show,
    "concentration": concentration.show,
    "chokepoints": chokepoints.show,
    "dependence": dependence.show,
    "where-used": where_used.show,
    "exposure": exposure.show,
}


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the answer of a lens."""
    _VIEWS[found["lens"]](screen, found, call)
