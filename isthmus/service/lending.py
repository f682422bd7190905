"""Export a picture in public formats, within licence and marking."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from isthmus.claims import Store
from isthmus.picture import Request


def export(
    path: Path, form: str, out: Path, request: Request | None = None, *, include_restricted: bool = False
) -> dict[str, Any]:
    """Write the visible claims of a picture to a file in a public format."""
    raise NotImplementedError
