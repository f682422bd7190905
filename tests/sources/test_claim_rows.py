"""Claims handed on one by one: their qualifiers, and the working file that they become."""

from __future__ import annotations

import gc
from pathlib import Path

import duckdb

from isthmus.sources.adapter import READING_COLUMNS
from isthmus.sources.claim_rows import Said, pairs, uncollected, write_said


def test_qualifiers_hold_no_more_than_they_may() -> None:
    assert (
        pairs(item="purl:x", need="a; b\n(>= 1)", strength=None, reading="@c")
        == "item=@purl:x; need=a, b (>= 1); reading=c"
    )
    assert pairs(need="", strength=None) is None


def test_claims_become_rows_of_a_reading(tmp_path: Path) -> None:
    number = 70_000  # more than one batch
    claims = (Said(line, f"e{line}", "name", "here", value="it's") for line in range(1, number + 1))
    select = write_said(claims, tmp_path / "x.parquet", "the source's")
    with duckdb.connect() as engine:
        cursor = engine.execute(f"SELECT * FROM ({select}) ORDER BY line DESC LIMIT 1")
        assert tuple(column[0] for column in cursor.description or ()) == READING_COLUMNS
        row = dict(zip(READING_COLUMNS, cursor.fetchall()[0], strict=True))
    assert {name: cell for name, cell in row.items() if cell is not None} == {
        "line": number, "subject": f"e{number}", "predicate": "name", "value": "it's", "source": "the source's",
        "locator": "here",
    }  # fmt: skip


def test_nothing_is_a_reading_too(tmp_path: Path) -> None:
    with duckdb.connect() as engine:
        assert engine.execute(write_said((), tmp_path / "x.parquet", "s")).fetchall() == []


def test_the_collector_is_held_off_and_let_go() -> None:
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
