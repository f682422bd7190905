"""The read side of the evidence store: what a question needs, and no more to import."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from isthmus.claims.connect import connect, translated
from isthmus.claims.judging import VERDICTS, StoredJudgement
from isthmus.errors import IsthmusError, UnknownEntityError
from isthmus.model import Source

__all__ = ["VERDICTS", "Batch", "ReadStore", "StoredJudgement", "source_from_json"]


@dataclass(frozen=True, slots=True)
class Batch:
    """One append: its number, its record time and what was done."""

    key: int
    recorded_at: datetime
    action: str
    file: str | None
    rows_read: int | None
    claims_new: int | None
    claims_held: int | None
    rejected: int | None


class ReadStore:
    """Claims in one file, opened for reading. Use as a context manager, or call `close`.

    Parameters
    ----------
    path : path-like
        The file.
    read_only : bool
        Open without the right to write; several processes may read at once.
    through : Path or None
        Another name of the same file, by which it is opened (see `isthmus.claims.connect.connect`).

    Raises
    ------
    StoreLockedError, StoreCorruptError
        The file cannot be used; the message says why and what to do.
    """

    def __init__(self, path: str | Path, *, read_only: bool = True, through: Path | None = None) -> None:
        self.path = Path(path)
        self.read_only = read_only
        self.connection = connect(self.path, read_only=read_only, through=through)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was acknowledged is already safe in it."""
        self.connection.close()

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a query and return its rows; errors come as ours."""
        with translated(self.path):
            return self.connection.execute(sql, list(parameters)).fetchall()

    def row(self, sql: str, parameters: Sequence[object] = ()) -> tuple[Any, ...] | None:
        """Run a query and return its first row, or None."""
        with translated(self.path):
            found: tuple[Any, ...] | None = self.connection.execute(sql, list(parameters)).fetchone()
            return found

    def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """Run a query and return the first field of its first row, or None."""
        row = self.row(sql, parameters)
        return row[0] if row else None

    def id_chunks(self, sql: str) -> Iterator[bytes]:
        """Yield the ids that a query of one UUID column gives, as bytes in rising order (16 bytes each, in chunks)."""
        with translated(self.path):
            # Lossless: an id reaches Arrow as its 16 bytes, not as text that would have to be turned back (five times the work).
            self.connection.execute("SET arrow_lossless_conversion = true")
            try:
                for chunk in self.connection.execute(f"SELECT id FROM ({sql}) ORDER BY id").to_arrow_reader(1_000_000):
                    ids = chunk.column(0).storage
                    if len(ids):
                        yield ids.buffers()[1][ids.offset * 16 : (ids.offset + len(ids)) * 16].to_pybytes()
            finally:
                self.connection.execute("RESET arrow_lossless_conversion")

    @property
    def identity(self) -> str:
        """The store's own random id, made with the file."""
        return str(self.value("SELECT value FROM meta WHERE name = 'store'"))

    @property
    def indexed(self) -> int:
        """The newest batch that the derived tables cover."""
        return int(self.value("SELECT value::INTEGER FROM meta WHERE name = 'indexed'"))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever added; a store that can no longer be read counts as not empty."""
        try:
            return self.last_batch == 0
        except IsthmusError:
            return False

    @property
    def last_batch(self) -> int:
        """The number of the newest batch, 0 in an empty store."""
        return int(self.value("SELECT coalesce(max(key), 0) FROM batches"))

    def entity_key(self, entity: str) -> int:
        """Return the key of an entity id; raise UnknownEntityError where it is not held."""
        key = self.value("SELECT key FROM entities WHERE id = ?", [entity])
        if key is None:
            raise UnknownEntityError(f"no entity has the id “{entity}”.", hint="Search with `isthmus find`.")
        return int(key)

    def sources(self) -> tuple[Source, ...]:
        """Return every source with its newest description; undescribed ones have only an id."""
        found = self.rows(
            "SELECT s.id, arg_max(d.document, d.batch) FROM sources s LEFT JOIN source_documents d ON d.source = s.key "
            "GROUP BY s.id ORDER BY s.id"
        )
        return tuple(source_from_json(name, json.loads(document) if document else {}) for name, document in found)

    def batches(self) -> tuple[Batch, ...]:
        """Return every batch, oldest first."""
        found = self.rows(
            "SELECT key, recorded_at, action, file, rows_read, claims_new, claims_held, rejected FROM batches ORDER BY key"
        )
        return tuple(Batch(*row) for row in found)

    def judgements(self, *, known_batch: int | None = None) -> tuple[StoredJudgement, ...]:
        """Return the judgements that stood at a batch (default: the newest), oldest first; undone ones are marked."""
        limit = self.last_batch if known_batch is None else known_batch
        found = self.rows(
            # One look at the entities for both ends: of millions, it is most of what this costs.
            "WITH ids AS MATERIALIZED ("
            "SELECT key, id FROM entities WHERE key IN (SELECT a FROM judgements UNION SELECT b FROM judgements)) "
            "SELECT j.key, x.id, y.id, j.verdict, j.who, j.why, b.recorded_at, j.batch, u.judgement IS NOT NULL, "
            "j.score, j.reasons, j.valid_from, j.valid_to "
            "FROM judgements j JOIN ids x ON x.key = j.a JOIN ids y ON y.key = j.b JOIN batches b ON b.key = j.batch "
            "LEFT JOIN (SELECT DISTINCT judgement FROM undone_judgements WHERE batch <= ?) u ON u.judgement = j.key "
            "WHERE j.batch <= ? ORDER BY j.key",
            [limit, limit],
        )
        return tuple(map(StoredJudgement._make, found))

    def policy(self, name: str, *, known_batch: int | None = None) -> str | None:
        """Return what a policy of the picture was set to, as of a batch (default: the newest); None where it never was."""
        limit = self.last_batch if known_batch is None else known_batch
        value = self.value(
            "SELECT value FROM policies WHERE name = ? AND batch <= ? ORDER BY batch DESC LIMIT 1", [name, limit]
        )
        return None if value is None else str(value)


def source_from_json(name: str, body: dict[str, Any]) -> Source:
    """Return a source from its stored document."""
    fields = {key: value for key, value in body.items() if key != "id"}
    if "derived_from" in fields:
        fields["derived_from"] = tuple(fields["derived_from"])
    return Source(id=name, **fields)
