"""A small invented world for the lenses, and the report's picture."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import pytest

from isthmus.claims.store import Store
from isthmus.model import CLAIM_COLUMNS
from isthmus.picture import Picture
from isthmus.service.adding import add_files

Row = dict[str, str]
Build = Callable[[Sequence[Row]], Picture]


def write_claims(path: Path, rows: Sequence[Row]) -> Path:
    """Write claims to a CSV file; source and locator are filled in where absent."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, CLAIM_COLUMNS)
        writer.writeheader()
        for number, row in enumerate(rows, 1):
            writer.writerow({"source": "s", "locator": f"p. {number}", **row})
    return path


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    """Return a function that makes a picture of rows."""
    stores: list[Store] = []

    def make(rows: Sequence[Row]) -> Picture:
        path = tmp_path / f"picture-{len(stores)}.duckdb"
        report = add_files(path, [write_claims(tmp_path / f"rows-{len(stores)}.csv", rows)])
        assert report["files"][0]["rejected"] == []
        store = Store(path, read_only=True)
        stores.append(store)
        return Picture(store)

    yield make
    for store in stores:
        store.close()


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Picture]:
    """Return the picture of the report's facts alone."""
    path = tmp_path_factory.mktemp("report") / "picture.duckdb"
    add_files(path, [Path(str(files("isthmus").joinpath("data/nbr97/claims.csv")))])
    with Store(path, read_only=True) as store:
        yield Picture(store)
