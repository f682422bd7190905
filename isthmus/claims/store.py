"""The evidence store: append-only claims in one DuckDB file.

Nothing is ever changed in place: claims are added in batches and retracted by rows of their own, judgements are undone by rows of their
own, and every batch has a record time that only rises. So any earlier state can be read back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from isthmus.claims.connect import connect, translated
from isthmus.claims.index import build_index
from isthmus.claims.load import Loaded, load
from isthmus.errors import ArgumentError, IsthmusError, StoreReadOnlyError, UnknownEntityError
from isthmus.model import Rejection, Source
from isthmus.vocabulary import Vocabulary, load_vocabulary

VERDICTS = ("same", "different", "unsure")


def no_step(what: str) -> None:
    """Take note of the step that begins; this one forgets it."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Where a batch came from, for the record of batches."""

    file: str
    sha256: str
    format: str
    mapping: str | None = None
    rejected: tuple[Rejection, ...] = ()


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


@dataclass(frozen=True, slots=True)
class StoredJudgement:
    """A decision that two entities are the same, different, or not sure."""

    key: int
    a: str
    b: str
    verdict: str
    who: str
    why: str
    recorded_at: datetime
    batch: int
    undone: bool = False


class Store:
    """Claims in one file. Use as a context manager, or call `close`.

    Parameters
    ----------
    path : path-like
        The file; made where it is missing, unless `read_only`.
    read_only : bool
        Open without the right to write; several processes may read at once.

    Raises
    ------
    StoreLockedError, StoreReadOnlyError, StoreCorruptError
        The file cannot be used; the message says why and what to do.
    """

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        self.path = Path(path)
        self.read_only = read_only
        self.connection = connect(self.path, read_only=read_only)

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

    # -- writing ------------------------------------------------------------------------------------------------

    def add(
        self,
        select: str,
        facts: FileFacts,
        *,
        sources: Sequence[Source] = (),
        vocabulary: Vocabulary | None = None,
        dry_run: bool = False,
        strict: bool = False,
        step: Callable[[str], None] = no_step,
    ) -> Loaded:
        """Append the rows of a reading as one batch: all of it or nothing.

        Parameters
        ----------
        select : str
            SQL that yields `READING_COLUMNS`.
        sources : sequence of Source
            Descriptions to append; the first is the source of rows that name none.
        dry_run : bool
            Check and count, then write nothing.
        strict : bool
            Refuse the whole file where any row is rejected.

        Returns
        -------
        Loaded
            Counts and rejections; the batch is safe on disk when this returns.
        """
        vocabulary = vocabulary or load_vocabulary()
        with self.transaction("add", facts=facts) as batch:
            default = sources[0].id if len(sources) == 1 else None
            done = load(self.connection, select, vocabulary, batch, step, default_source=default)
            done = replace(
                done,
                rows=done.rows + len(facts.rejected),
                rejected=done.rejected + len(facts.rejected),
                rejections=tuple(sorted((*facts.rejected, *done.rejections), key=lambda item: item.line)),
            )
            described = self._describe(sources, batch)
            self.connection.execute(
                "UPDATE batches SET rows_read = ?, claims_new = ?, claims_held = ?, rejected = ? WHERE key = ?",
                [done.rows, done.new, done.held, done.rejected, batch],
            )
            nothing = not done.new and not described
            if dry_run or nothing or (strict and done.rejected):
                raise _RollBack(done)
        return done

    def reindex(self, step: Callable[[str], None] = no_step) -> None:
        """Bring the derived tables (search words, incoming relations) up to the newest batch, and settle the file."""
        step("indexing names")
        with translated(self.path):
            build_index(self.connection)
            self.connection.execute("CHECKPOINT")

    def describe(self, sources: Sequence[Source]) -> int:
        """Append descriptions of sources; return how many said something new."""
        with self.transaction("source") as batch:
            described = self._describe(sources, batch)
            if not described:
                raise _RollBack(None)
        return described

    def retract(self, claims: Sequence[str], why: str, *, who: str = "user", superseded_by: str | None = None) -> int:
        """Retract claims, with the reason; return how many were not retracted before.

        Raises
        ------
        ArgumentError
            A claim is not held, or no reason is given.
        """
        if not why.strip():
            raise ArgumentError("a retraction needs a reason.", where="--why", hint="Say why in a few words.")
        asked = [claim for claim in [*claims, superseded_by] if claim is not None]
        held = {
            str(row[0])
            for row in self.rows(
                "SELECT id FROM claims WHERE id IN (SELECT TRY_CAST(unnest(?::VARCHAR[]) AS UUID))", [asked]
            )
        }
        unknown = [claim for claim in asked if claim not in held]
        if unknown:
            raise ArgumentError(f"no claim has the id “{unknown[0]}”.", hint="`isthmus show ENTITY` lists claim ids.")
        gone = {str(row[0]) for row in self.rows("SELECT claim FROM retractions")}
        new = [claim for claim in dict.fromkeys(claims) if claim not in gone]
        if not new:
            return 0
        with self.transaction("retract") as batch:
            rows = [[claim, batch, why, who, superseded_by] for claim in new]
            self.connection.executemany("INSERT INTO retractions VALUES (?, ?, ?, ?, ?)", rows)
        return len(new)

    def judge(self, a: str, b: str, verdict: str, why: str, *, who: str = "user") -> int:
        """Store a judgement about two entities and return its number."""
        if verdict not in VERDICTS:
            raise ArgumentError(f"“{verdict}” is no verdict.", hint=f"Use one of {', '.join(VERDICTS)}.")
        if not why.strip():
            raise ArgumentError("a judgement needs a reason.", where="--why", hint="Say why in a few words.")
        first, second = self.entity_key(a), self.entity_key(b)
        if first == second:
            raise ArgumentError(f"“{a}” is one entity already: there is nothing to judge.")
        with self.transaction("judge") as batch:
            number = int(self.value("SELECT coalesce(max(key), 0) + 1 FROM judgements"))
            row = [number, min(first, second), max(first, second), verdict, who, why, batch]
            self.connection.execute("INSERT INTO judgements VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return number

    def unjudge(self, a: str, b: str, *, who: str = "user", why: str | None = None) -> int:
        """Undo every standing judgement about two entities; return how many there were."""
        first, second = sorted((self.entity_key(a), self.entity_key(b)))
        standing = self.rows(
            "SELECT key FROM judgements j WHERE a = ? AND b = ? AND NOT EXISTS "
            "(SELECT 1 FROM undone_judgements u WHERE u.judgement = j.key)",
            [first, second],
        )
        if not standing:
            raise ArgumentError(f"there is no standing judgement about “{a}” and “{b}”.")
        with self.transaction("unjudge") as batch:
            rows = [[key, who, why, batch] for (key,) in standing]
            self.connection.executemany("INSERT INTO undone_judgements VALUES (?, ?, ?, ?)", rows)
        return len(standing)

    def _describe(self, sources: Sequence[Source], batch: int) -> int:
        described = 0
        for source in sources:
            key = self.value("SELECT key FROM sources WHERE id = ?", [source.id])
            if key is None:
                key = int(self.value("SELECT coalesce(max(key), 0) + 1 FROM sources"))
                self.connection.execute("INSERT INTO sources VALUES (?, ?)", [key, source.id])
            document = json.dumps(source.to_json(), ensure_ascii=False, sort_keys=True)
            held = self.value(
                "SELECT document FROM source_documents WHERE source = ? ORDER BY batch DESC LIMIT 1", [key]
            )
            if held != document:
                self.connection.execute("INSERT INTO source_documents VALUES (?, ?, ?)", [key, document, batch])
                described += 1
        return described

    @contextmanager
    def transaction(self, action: str, *, facts: FileFacts | None = None) -> Iterator[int]:
        """Run the body as one batch of its own; any error leaves nothing of it."""
        if self.read_only:
            raise StoreReadOnlyError("this picture was opened for reading only.", where=str(self.path))
        with translated(self.path, reading=facts.file if facts else None):
            self.connection.execute("BEGIN")
            try:
                batch = self.last_batch + 1
                given = [facts.file, facts.sha256, facts.format, facts.mapping] if facts else [None] * 4
                self.connection.execute(
                    "INSERT INTO batches(key, recorded_at, action, file, sha256, format, mapping) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [batch, self._now(), action, *given],
                )
                yield batch
                self.connection.execute("COMMIT")
            except _RollBack:
                self.connection.execute("ROLLBACK")
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        try:
            self.connection.execute("ROLLBACK")
        except duckdb.Error:
            return

    def _now(self) -> datetime:
        """Return the record time: now, but always after the last batch's."""
        last = self.value("SELECT max(recorded_at) FROM batches")
        now = datetime.now(UTC).replace(tzinfo=None)
        return now if last is None or now > last else last + timedelta(microseconds=1)

    # -- reading ------------------------------------------------------------------------------------------------

    def entity_key(self, entity: str) -> int:
        """Return the key of an entity id; raise UnknownEntityError where it is not held."""
        key = self.value("SELECT key FROM entities WHERE id = ?", [entity])
        if key is None:
            raise UnknownEntityError(f"no entity has the id “{entity}”.", hint="Search with `isthmus find`.")
        return int(key)

    def known_file(self, sha256: str, form: str) -> tuple[int, int] | None:
        """Return (rows, claims) of a file that was added before without a rejection under this vocabulary, else None."""
        if self.value("SELECT value FROM meta WHERE name = 'vocabulary'") != load_vocabulary().version:
            return None
        found = self.row(
            "SELECT rows_read, claims_new + claims_held FROM batches WHERE action = 'add' AND sha256 = ? AND format = ? AND rejected = 0 "
            "ORDER BY key DESC LIMIT 1",
            [sha256, form],
        )
        return (int(found[0]), int(found[1])) if found else None

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
            "SELECT j.key, x.id, y.id, j.verdict, j.who, j.why, b.recorded_at, j.batch, "
            "EXISTS (SELECT 1 FROM undone_judgements u WHERE u.judgement = j.key AND u.batch <= ?) "
            "FROM judgements j JOIN entities x ON x.key = j.a JOIN entities y ON y.key = j.b "
            "JOIN batches b ON b.key = j.batch WHERE j.batch <= ? ORDER BY j.key",
            [limit, limit],
        )
        return tuple(StoredJudgement(*row) for row in found)


class _RollBack(Exception):  # noqa: N818 - it is no error
    """Raised inside a transaction to end it without writing and without an error."""


def source_from_json(name: str, body: dict[str, Any]) -> Source:
    """Return a source from its stored document."""
    fields = {key: value for key, value in body.items() if key != "id"}
    if "derived_from" in fields:
        fields["derived_from"] = tuple(fields["derived_from"])
    return Source(id=name, **fields)
