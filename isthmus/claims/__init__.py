"""The append-only evidence store (DuckDB). Only this room touches the database file.

`isthmus.claims.reader.ReadStore` is what questions need, and light to import; `isthmus.claims.store.Store` adds writing.
"""
