"""Rows of evidence as a reading gives them, without a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from isthmus.claims.store import FileFacts, Store
from isthmus.model import CLAIM_COLUMNS
from tests.claims.few import names

Rows = Iterable[Mapping[str, str | None]]
Select = Callable[[Rows], str]


def literal(text: str | None) -> str:
    return "NULL::VARCHAR" if text is None else "'" + text.replace("'", "''") + "'"


def select_of(rows: Rows) -> str:
    """Return SQL that yields `READING_COLUMNS`; lines count from 2, as a header stands on line 1."""
    columns = ", ".join(f'"{name}"' for name in CLAIM_COLUMNS)
    body = ", ".join(
        f"({line}::BIGINT, {', '.join(literal(row.get(name)) for name in CLAIM_COLUMNS)})"
        for line, row in enumerate(rows, start=2)
    )
    return f"SELECT * FROM (VALUES {body}) rows(line, {columns})"


@pytest.fixture(scope="session")
def select() -> Select:
    """Return the function that makes a reading's SQL of rows."""
    return select_of


@pytest.fixture(scope="session")
def facts() -> FileFacts:
    """Return what is known of a file that the tests pretend to have read."""
    return FileFacts(file="evidence.csv", sha256="00" * 32, format="claims")


@pytest.fixture
def store(store_path: Path, select: Select, facts: FileFacts) -> Iterator[Store]:
    """Return a store with five named entities, e0 to e4."""
    with Store(store_path) as opened:
        opened.add(select(names(5)), facts)
        yield opened
