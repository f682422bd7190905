"""The evidence store: append-only claims in one DuckDB file.

Nothing is ever changed in place: claims are added in batches and retracted by rows of their own, judgements are undone by rows of their
own, and every batch has a record time that only rises. So any earlier state can be read back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from isthmus.claims.connect import translated
from isthmus.claims.index import build_index
from isthmus.claims.judging import POLICIES, By, Judged, NewJudgement, Reason, append_staged, stage
from isthmus.claims.load import Loaded, load
from isthmus.claims.reader import ReadStore
from isthmus.errors import ArgumentError, StoreReadOnlyError
from isthmus.model import Rejection, Source
from isthmus.vocabulary import Vocabulary, load_vocabulary


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


class Store(ReadStore):
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
        super().__init__(path, read_only=read_only)

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
            # Where every row is rejected, nothing is added, and neither are the sources that they would rest on.
            refused = done.rejected and not (done.new or done.held)
            nothing = not done.new and (not described or refused)
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

    def judge(
        self,
        a: str,
        b: str,
        verdict: str,
        why: str,
        *,
        who: str | By = "user",
        score: float | None = None,
        reasons: Sequence[Reason | Mapping[str, Any]] = (),
        valid_from: str | None = None,
        valid_to: str | None = None,
    ) -> int:
        """Store a judgement about two entities and return its number.

        Parameters
        ----------
        who : str or By
            A person's name, ``rule NAME/VERSION`` or ``identifier SCHEME:VALUE``.
        score, reasons, valid_from, valid_to
            As in `NewJudgement`.

        Raises
        ------
        ArgumentError, ValueFormatError, UnknownEntityError
            A part cannot be, or an entity is not held.
        """
        by = who if isinstance(who, By) else By.read(who)
        judgement = NewJudgement(a, b, verdict, why, by, score, reasons, valid_from, valid_to)
        with self.transaction("judge") as batch:
            stage(self.connection, [judgement])
            append_staged(self.connection, batch, all_new=True)
            number = int(self.value("SELECT max(key) FROM judgements"))
        return number

    def judge_many(self, judgements: Iterable[NewJudgement]) -> Judged:
        """Store many judgements as one batch: all of them or none.

        Returns
        -------
        Judged
            How many were new, and how many stood already (see `append_staged`); where none is new, no batch is made.

        Raises
        ------
        ArgumentError, ValueFormatError, UnknownEntityError
            One of them cannot be, or an entity is not held; nothing was written.
        """
        done = Judged(0, 0)
        with self.transaction("judge") as batch:
            count = stage(self.connection, judgements)
            new = append_staged(self.connection, batch)
            done = Judged(new, count - new)
            if not new:
                raise _RollBack(None)
        return done

    def unjudge(self, a: str, b: str, *, who: str = "user", why: str | None = None, every: bool = False) -> int:
        """Undo the newest standing judgement about two entities, which gives back exactly what stood before it.

        Parameters
        ----------
        every : bool
            Undo all that stand about the pair.

        Returns
        -------
        int
            How many were undone.
        """
        pair = sorted((self.entity_key(a), self.entity_key(b)))
        standing = self.rows(
            "SELECT key FROM judgements j ANTI JOIN undone_judgements u ON u.judgement = j.key WHERE j.a = ? AND j.b = ? "
            "ORDER BY key",
            pair,
        )
        if not standing:
            raise ArgumentError(f"there is no standing judgement about “{a}” and “{b}”.")
        undone = [int(row[0]) for row in standing][None if every else -1 :]
        self._undo(undone, who, why)
        return len(undone)

    def unjudge_by(self, by: str | By, *, who: str = "user", why: str | None = None) -> int:
        """Undo every standing judgement of one author, for example of a rule that was wrong; return how many there were."""
        standing = self.rows(
            "SELECT key FROM judgements j ANTI JOIN undone_judgements u ON u.judgement = j.key WHERE j.who = ? ORDER BY key",
            [str(by)],
        )
        if standing:
            self._undo([int(row[0]) for row in standing], who, why)
        return len(standing)

    def _undo(self, keys: Sequence[int], who: str, why: str | None) -> None:
        with self.transaction("unjudge") as batch:
            self.connection.execute(
                "INSERT INTO undone_judgements SELECT unnest(from_json(?, '[\"INTEGER\"]')), ?, ?, ?",
                [json.dumps(keys), who, why, batch],
            )

    def set_policy(self, name: str, value: str, *, who: str = "user") -> bool:
        """Set a policy of this picture; tell whether that changed anything.

        Raises
        ------
        ArgumentError
            There is no such policy, or it has no such value.
        """
        if value not in POLICIES.get(name, ()):
            known = "; ".join(f"{policy}: {' or '.join(values)}" for policy, values in POLICIES.items())
            raise ArgumentError(f"“{name} {value}” is no policy.", hint=f"Policies: {known}.")
        if (self.get_policy(name) or POLICIES[name][0]) == value:
            return False
        with self.transaction("policy") as batch:
            self.connection.execute("INSERT INTO policies VALUES (?, ?, ?, ?)", [name, value, who, batch])
        return True

    def get_policy(self, name: str) -> str | None:
        """Return what a policy is set to; None where it never was."""
        return self.policy(name)

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
                if action != "add":  # the derived tables are of claims alone
                    self.connection.execute(
                        "UPDATE meta SET value = ? WHERE name = 'indexed' AND value = ?", [str(batch), str(batch - 1)]
                    )
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

    def known_file(self, sha256: str, form: str, mapping: str | None) -> tuple[int, int] | None:
        """Return (rows, claims) of a file that was added before without a rejection under this vocabulary, else None."""
        if self.value("SELECT value FROM meta WHERE name = 'vocabulary'") != load_vocabulary().version:
            return None
        found = self.row(
            "SELECT rows_read, claims_new + claims_held FROM batches WHERE action = 'add' AND sha256 = ? AND format = ? "
            "AND mapping IS NOT DISTINCT FROM ? AND rejected = 0 "
            "ORDER BY key DESC LIMIT 1",
            [sha256, form, mapping],
        )
        return (int(found[0]), int(found[1])) if found else None


class _RollBack(Exception):  # noqa: N818 - it is no error
    """Raised inside a transaction to end it without writing and without an error."""
