"""Working tables: results of queries that later queries on the same connection join.

They are temporary: they live in memory for the life of the connection, are never written to the file, and so may be made in a store opened
for reading.
"""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.claims.reader import ReadStore

SEPARATOR = chr(31)


def keep_query(store: ReadStore, name: str, sql: str, parameters: Sequence[object] = ()) -> None:
    """Make (or replace) the working table `name` from a query."""
    store.rows(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}", parameters)


def keep_texts(store: ReadStore, name: str, columns: dict[str, Sequence[str]]) -> None:
    """Make (or replace) the working table `name` from columns of text; no text may hold U+001F."""
    # One parameter a column: the driver spends a tenth of a millisecond on each.
    parts = ", ".join(f"unnest(string_split(?, chr(31))) AS {column}" for column in columns)
    keep_query(store, name, f"SELECT {parts}", [SEPARATOR.join(texts) for texts in columns.values()])


def drop_kept(store: ReadStore, *names: str) -> None:
    """Forget working tables, whether or not they were made."""
    for name in names:
        store.rows(f"DROP TABLE IF EXISTS temp.{name}")


def has_kept(store: ReadStore, name: str) -> bool:
    """Tell whether a working table was made on this connection."""
    return bool(store.value("SELECT count(*) FROM duckdb_tables() WHERE temporary AND table_name = ?", [name]))
