"""Pictures of small worlds of needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from isthmus.claims.store import Store
from isthmus.picture import Picture, Request
from isthmus.service.adding import add_files
from tests.dependence.worlds import Build, Row, write_claims


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    """Return a function that makes a picture of rows."""
    stores: list[Store] = []

    def make(rows: Sequence[Row], request: Request | None = None) -> Picture:
        path = tmp_path / f"picture-{len(stores)}.duckdb"
        file = write_claims(tmp_path / f"rows-{len(stores)}.csv", rows)
        assert add_files(path, [file])["files"][0]["rejected"] == []
        store = Store(path, read_only=True)
        stores.append(store)
        return Picture(store, request)

    yield make
    for store in stores:
        store.close()
