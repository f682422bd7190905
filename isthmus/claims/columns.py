"""Move whole columns between the store and Arrow, and keep working tables for the life of a connection.

Working tables are temporary: they live in memory, are never written to the file, and so may be made in a store opened for reading.
"""

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


def stream_columns(store: ReadStore, sql: str, rows: int = 1_000_000) -> Iterator[arrow.RecordBatch]:
    """Yield the result of a query in batches of up to `rows`; run no other query on the store meanwhile."""
    with translated(store.path):
        yield from store.connection.execute(sql).to_arrow_reader(rows)


def keep_columns(store: ReadStore, name: str, table: arrow.Table) -> None:
    """Make (or replace) the working table `name` from an Arrow table."""
    with translated(store.path):
        store.connection.register(_GIVEN, table)
        try:
            store.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {_GIVEN}")
        finally:
            store.connection.unregister(_GIVEN)


def keep_query(store: ReadStore, name: str, sql: str) -> None:
    """Make (or replace) the working table `name` from a query."""
    store.rows(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")


def drop_kept(store: ReadStore, *names: str) -> None:
    """Forget working tables, whether or not they were made."""
    for name in names:
        store.rows(f"DROP TABLE IF EXISTS temp.{name}")


def has_kept(store: ReadStore, name: str) -> bool:
    """Tell whether a working table was made on this connection."""
    found = "SELECT count(*) FROM duckdb_tables() WHERE temporary AND table_name = ?"
    return bool(store.value(found, [name]))


@contextmanager
def _lossless(store: ReadStore) -> Iterator[None]:
    """Let ids reach Arrow as 16 bytes instead of as text of 36 characters."""
    store.connection.execute("SET arrow_lossless_conversion = true")
    try:
        yield
    finally:
        store.connection.execute("RESET arrow_lossless_conversion")
