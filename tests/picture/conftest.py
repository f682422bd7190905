"""Stores made of a few rows, without a file of evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from isthmus.claims.store import FileFacts, Store
from isthmus.model import CLAIM_COLUMNS, Claim, Source
from isthmus.picture import Picture, Request

Row = Mapping[str, str]


def select_of(rows: Sequence[Row]) -> str:
    """Return SQL of a reading of `rows`; source and locator are filled in where they are absent."""
    columns = ", ".join(f'"{name}"' for name in CLAIM_COLUMNS)
    lines = []
    for line, row in enumerate(rows, start=2):
        full = {"source": "s", "locator": f"row {line}", **row}
        fields = ("'" + full.get(name, "").replace("'", "''") + "'" for name in CLAIM_COLUMNS)
        lines.append(f"({line}::BIGINT, {', '.join(fields)})")
    return f"SELECT * FROM (VALUES {', '.join(lines)}) rows(line, {columns})"


class Evidence:
    """A store to which rows are added, and pictures of it."""

    def __init__(self, path: Path) -> None:
        self.store = Store(path)

    def add(self, *rows: Row, sources: Sequence[Source] = ()) -> Evidence:
        done = self.store.add(select_of(rows), FileFacts("rows", "00" * 32, "claims"), sources=sources)
        assert done.rejections == ()
        self.store.reindex()
        return self

    def picture(self, **request: Any) -> Picture:
        return Picture(self.store, Request(**request))

    def claim(self, **parts: str) -> Claim:
        """Return the one claim, visible or not, with these parts."""
        found = [
            claim
            for claim in self.picture().reader.by_id(str(row[0]) for row in self.store.rows("SELECT id FROM claims"))
            if all(getattr(claim, name) == value for name, value in parts.items())
        ]
        assert len(found) == 1, f"{len(found)} claims with {parts}"
        return found[0]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[[], Evidence]]:
    """Return a function that makes an empty store, another one each time."""
    made: list[Evidence] = []

    def new() -> Evidence:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Evidence(folder / "picture.duckdb"))
        return made[-1]

    yield new
    for evidence in made:
        evidence.store.close()


@pytest.fixture
def evidence(make: Callable[[], Evidence]) -> Evidence:
    """Return an empty store."""
    return make()
