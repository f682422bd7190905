"""Move whole columns between the store and Arrow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as arrow

from isthmus.claims.connect import translated
from isthmus.claims.reader import ReadStore

_GIVEN = "given_columns"


def read_columns(store: ReadStore, sql: str) -> arrow.Table:
    """Return the result of a query as an Arrow table; ids come as 16 bytes (`arrow.uuid`)."""
    with translated(store.path), _lossless(store):
        return store.connection.execute(sql).to_arrow_table()


def keep_columns(store: ReadStore, name: str, table: arrow.Table) -> None:
    """Make (or replace) the working table `name` from an Arrow table."""
    with translated(store.path):
        store.connection.register(_GIVEN, table)
        try:
            store.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {_GIVEN}")
        finally:
            store.connection.unregister(_GIVEN)


@contextmanager
def _lossless(store: ReadStore) -> Iterator[None]:
    """Let ids reach Arrow as 16 bytes instead of as text of 36 characters."""
    store.connection.execute("SET arrow_lossless_conversion = true")
    try:
        yield
    finally:
        store.connection.execute("RESET arrow_lossless_conversion")
