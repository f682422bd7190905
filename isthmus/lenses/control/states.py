"""Whether a party is a state, a body of one, or stands under one."""

from __future__ import annotations

from typing import Any

from isthmus.control.inquiry import Inquiry


def state_of(inquiry: Inquiry, node: int) -> dict[str, Any]:
    """Return whether a state stands behind a party: ``state`` is True, None (perhaps) or False; ``state_by`` names whom, but for itself."""
    if inquiry.is_state(node):
        return {"state": True}
    sure, may = inquiry.states_above(node)
    if not sure and not may:
        return {"state": False}
    caption = inquiry.picture.caption
    named = [{"entity": inquiry.id(other), "caption": caption(inquiry.id(other))} for other in sure or may]
    return {"state": True if sure else None, "state_by": named}
