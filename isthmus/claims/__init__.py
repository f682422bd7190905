"""The append-only evidence store (DuckDB). Only this room touches the database file."""

from isthmus.claims.store import Batch, FileFacts, Store, StoredJudgement

__all__ = ["Batch", "FileFacts", "Store", "StoredJudgement"]
