"""A small picture written by hand: claims as rows, added as a file of claims is."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from isthmus.model import CLAIM_COLUMNS
from isthmus.service import add_files

Row = Mapping[str, str]


def row(subject: str, predicate: str, thing: str = "", **more: str) -> Row:
    """Return a claim as a row; `thing` is its object, or its value where the predicate takes no object."""
    plain = predicate in ("name", "kind", "identifier", "described_as", "status", "coordinates", "address")
    ends = {"value": thing} if plain else {"object": thing}
    return {"subject": subject, "predicate": predicate, "source": "src", "locator": "line 1", **ends, **more}


def make_picture(folder: Path, *batches: Iterable[Row]) -> Path:
    """Write a picture of some batches of claims and return its file."""
    picture = folder / "small.duckdb"
    for number, rows in enumerate(batches):
        file = folder / f"claims-{number}.csv"
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, CLAIM_COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        done = add_files(picture, [file])
        assert not done["files"][0]["rejected"], done["files"][0]["rejected"]
    return picture
