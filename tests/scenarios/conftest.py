"""Pictures of small worlds; equal ones are built once, as no scenario writes to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from isthmus.claims.store import Store
from isthmus.picture import Picture, Request
from isthmus.service.adding import add_files
from tests.dependence.worlds import Row, write_claims
from tests.scenarios.asking import Build


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """Return a function that makes a picture of rows."""
    folder = tmp_path_factory.mktemp("worlds")
    stores: dict[str, Store] = {}

    def make(rows: Sequence[Row], request: Request | None = None) -> Picture:
        key = str([sorted(row.items()) for row in rows])
        if key not in stores:
            path = folder / f"picture-{len(stores)}.duckdb"
            file = write_claims(folder / f"rows-{len(stores)}.csv", rows)
            assert add_files(path, [Path(file)])["files"][0]["rejected"] == []
            stores[key] = Store(path, read_only=True)
        return Picture(stores[key], request)

    yield make
    for store in stores.values():
        store.close()
