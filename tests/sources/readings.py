"""Reading a file with an adapter, for the tests of adapters: rows as dictionaries, held against the vocabulary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from isthmus.claims.rules import parse_qualifiers, value_fault
from isthmus.dates import PartialDate
from isthmus.model import Source
from isthmus.quantities import Quantity
from isthmus.sources.adapter import READING_COLUMNS, Adapter, Job, Reading
from isthmus.vocabulary import load_vocabulary

Row = dict[str, Any]


def read(adapter: Adapter, path: Path, folder: Path, source: Source | None = None) -> tuple[Reading, list[Row]]:
    """Return the reading of a file and its rows, without the columns that are empty."""
    folder.mkdir(exist_ok=True)
    reading = adapter.read(Job(path, folder, source=source))
    with duckdb.connect() as engine:
        cursor = engine.execute(f"SELECT * FROM ({reading.select}) ORDER BY ALL")
        assert tuple(column[0] for column in cursor.description) == READING_COLUMNS
        rows = [
            {name: cell for name, cell in zip(READING_COLUMNS, row, strict=True) if cell is not None}
            for row in cursor.fetchall()
        ]
    return reading, rows


def said(rows: list[Row], locator: str) -> list[Row]:
    """Return the rows with a locator, without line, locator and source, in a stable order."""
    found = [row for row in rows if row["locator"] == locator]
    plain = [{k: v for k, v in row.items() if k not in ("line", "locator", "source")} for row in found]
    return ordered(plain)


def ordered(rows: list[Row]) -> list[Row]:
    """Return rows in an order that their cells alone decide."""
    return sorted(rows, key=lambda row: sorted(row.items()))


def claim(subject: str, predicate: str, object_: str | None = None, **more: str) -> Row:
    """Return the row that is expected."""
    return {"subject": subject, "predicate": predicate, **({"object": object_} if object_ else {}), **more}


def assert_in_vocabulary(rows: list[Row]) -> None:
    """Hold every row against the vocabulary, as the store does."""
    vocabulary = load_vocabulary()
    assert rows
    for row in rows:
        predicate = vocabulary.predicate(row["predicate"])
        assert row["source"] and row["locator"] and row["subject"], row
        assert "object" not in row or predicate.takes_object, row
        assert "value" not in row or predicate.value is not None, row
        assert "object" in row or "value" in row, row
        assert "unit" not in row or row["unit"] in vocabulary.allowed_units(predicate), row
        if predicate.value not in (None, "text"):
            assert value_fault(vocabulary, predicate.name, row["value"]) is None, row
        parsed = parse_qualifiers(vocabulary, predicate.name, row.get("qualifiers", ""))
        assert not isinstance(parsed, str), (row, parsed)
        for name in ("valid_from", "valid_to", "observed"):
            if name in row:
                PartialDate.parse(row[name])
        if "low" in row:
            Quantity.parse(row["low"], row["high"], row["unit"])
