"""What a picture holds, and how well it is covered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from isthmus.picture import Picture, Request
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.coverage import coverage
from isthmus.service.finding import opened


def stats(path: Path, request: Request | None = None) -> dict[str, Any]:
    """Return what a picture holds, and how well it is covered."""
    with opened(path, request) as picture:
        return count_all(picture)


def count_all(picture: Picture) -> dict[str, Any]:
    """Return what an open picture holds, and how well it is covered."""
    found = coverage(picture)
    found["conflicts"] = len(find_conflicts(picture))
    found["picture"] = picture.hash
    found["as_of"] = picture.as_of
    found["known_at"] = picture.known_at
    found["batches"] = picture.store.last_batch
    return found
