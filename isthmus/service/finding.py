"""Search a picture: the lightest of the use cases, as people type while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from isthmus.claims.reader import ReadStore
from isthmus.picture import Picture, Request


@contextmanager
def opened(path: Path, request: Request | None = None) -> Iterator[Picture]:
    """Open a picture for reading."""
    with ReadStore(path) as store:
        yield Picture(store, request)


def find(path: Path, text: str, *, limit: int = 20) -> dict[str, Any]:
    """Return entities and sources that hold every word of `text`, in any script, best first."""
    with opened(path) as picture:
        return search(picture, text, limit=limit)


def search(picture: Picture, text: str, *, limit: int = 20) -> dict[str, Any]:
    """Return entities and sources of an open picture that hold every word of `text`, best first."""
    found = [{**hit.entity.to_json(), "matched": hit.matched, "how": hit.how} for hit in picture.find(text, limit)]
    sources = [source.to_json() for source in picture.find_sources(text)[:limit]]
    for source in sources:
        source.pop("derived_from", None)
    return {"query": text, "entities": found, "sources": sources}
