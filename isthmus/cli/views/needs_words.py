"""Needs in words: what they take, what there was, what is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isthmus.cli.views.control_words import names

Body = Mapping[str, Any]


def need_words(step: Body) -> str:
    """Return how a need of something is broken: “needs base64; lost it”, “needs 2 of 3 (power): 1 left without A and B”."""
    lost = names(step["lost_captions"])
    if step.get("supply_of"):
        what = f"a supplier of {step['supply_caption']}"
        return f"needs {what}: none left without {lost}" if not step["left"] else _left(step, what, lost)
    if step["had"] == 1:
        return f"needs {lost}"
    what = f"{step['takes']:,} of {step['had']:,}" if step["takes"] > 1 else f"one of {step['had']:,}"
    if step["need"]:
        what += f" ({step['need']})"
    return _left(step, what, lost)


def _left(step: Body, what: str, lost: str) -> str:
    left = f"{step['left']:,}" if step["left"] else "none"
    return f"needs {what}: {left} left without {lost}"
