"""The people behind requests: under which name they decide, and what a steward may give to others."""

from __future__ import annotations

import getpass

from isthmus.access.reader import LOCAL, Reader
from isthmus.errors import AccessError
from isthmus.model import MARKINGS


def require_over(reader: Reader, *markings: str | None) -> None:
    """Raise AccessError where one of the markings is above that of who asks: they could give themselves what they may not see."""
    above = [name for name in markings if name in MARKINGS and MARKINGS.index(name) > MARKINGS.index(reader.ceiling)]
    if above:
        raise AccessError(
            f"you see claims up to {reader.ceiling}; {above[0]} is above that.",
            where="ceiling",
            hint="Ask a steward who sees as much.",
        )


def name_of(reader: Reader) -> str:
    """Return the name that stands beside a decision: on a laptop, that of who runs the server."""
    if reader.name != LOCAL.name:
        return reader.name
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return LOCAL.name
