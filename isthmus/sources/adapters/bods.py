"""The Beneficial Ownership Data Standard, version 0.4: a JSON array of statements, or JSON Lines.

- An entity is ``bods:`` and the recordId of its record; its identifiers let judgements join it with others.
- The source of a claim is the publisher; what its statement rests on (a page in the web, an organisation of the file that
  asserts it) is its origin.
- The locator is the statementId and a JSON pointer into the statement: it stays the same when the publisher adds
  statements to the file.
- The statements of one record replace one another; see `isthmus.sources.bods.history` for what of the older ones is held.
- Natural persons appear only as holders of an interest, by name; what else is said of them is counted and left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pyarrow as arrow
from pyarrow import parquet

from isthmus.errors import FormatError
from isthmus.model import Source
from isthmus.sources.adapter import READING_COLUMNS, Head, Job, Reading
from isthmus.sources.bods.parse import read_items
from isthmus.sources.bods.record import Claim, Statement
from isthmus.sources.bods.series import claims_of
from isthmus.sources.bods.statement import read_statement
from isthmus.sources.bods.values import PREFIX, slug
from isthmus.sources.claim_rows import uncollected
from isthmus.sources.log import Log
from isthmus.sources.staging import plain_text, quote

BATCH = 50_000
_MARKS = (b'"recordType"', b'"recordDetails"')
_OLDER = (b'"statementType"', b'"statementID"')
_SCHEMA = arrow.schema([(name, arrow.int64() if name == "line" else arrow.string()) for name in READING_COLUMNS])


@dataclass(frozen=True, slots=True)
class BodsAdapter:
    """Reads statements of beneficial ownership."""

    name: str = "bods"
    title: str = "Beneficial Ownership Data Standard 0.4: statements as a JSON array or JSON Lines (also gzipped)"

    def recognises(self, head: Head) -> bool:
        """Tell by the keys of a statement; older shapes are known too, so that they are refused with the reason."""
        start = head.start.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not start.startswith((b"[", b"{")) or b'"predicate"' in start:
            return False
        return any(all(mark in start for mark in marks) for marks in (_MARKS, _OLDER))

    def read(self, job: Job) -> Reading:
        """Read one file of statements.

        Raises
        ------
        FormatError
            The file is no JSON, or none of its items is a statement.
        """
        text = plain_text(job.path, job.workdir)
        with uncollected():
            return _read(job, text)


ADAPTER = BodsAdapter()


def _read(job: Job, text: Path) -> Reading:
    log, rows, file = Log(), 0, _stem(job.path)
    statements = []
    for item in read_items(text, job.progress):
        rows += 1
        statement = read_statement(item, file, log)
        if statement is not None:
            statements.append(statement)
    if not statements:
        reason = log.rejected[0].reason if log.rejected else "it holds none"
        raise FormatError(
            f"no item of the file is a statement: {reason}.",
            where=str(job.path),
            hint="BODS 0.4 is a JSON array of objects with statementId, recordId, recordType and recordDetails.",
        )
    origins = _Origins.of(statements, job.source.id if job.source else None)
    target = job.workdir / "bods.parquet"
    _write(claims_of(statements, log), target, origins)
    for reason, count in origins.left_out.items():
        log.leave(reason, count)
    columns = ", ".join(f'"{name}"' for name in READING_COLUMNS)
    return Reading(
        "bods",
        rows,
        f"SELECT {columns} FROM read_parquet({quote(target)})",
        sources=origins.sources(),
        rejected=tuple(sorted(log.rejected, key=lambda item: (item.line, item.reason))),
        left_out=dict(sorted(log.left_out.items())),
        notes=log.remarks(),
    )


def _stem(path: Path) -> str:
    return path.name.removesuffix(".gz").split(".", 1)[0] or path.name


@dataclass(slots=True)
class _Origins:
    """Which source each statement has, and on which others it rests."""

    given: str | None
    organisations: frozenset[str]
    published: dict[str, tuple[str, str, str | None]] = field(default_factory=dict)
    rests_on: dict[str, tuple[str, str]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    known: dict[object, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, statements: Iterable[Statement], given: str | None) -> _Origins:
        """Learn the names of the organisations; a name that is none of them may be that of a natural person (law 6)."""
        names = (name for item in statements if item.type == "entity" for name in item.names)
        found = cls(given, frozenset(name.casefold() for name in names))
        for item in statements:
            source = found.source(item)
            date = (item.published or item.moment)[:10]
            _, latest, licence = found.published.get(source, ("", "", item.licence))
            found.published[source] = (item.publisher, max(latest, date), licence if licence == item.licence else None)
            for name in item.asserted:
                if name.casefold() not in found.organisations:
                    found.left_out["assertedBy: a name of no entity in the file, perhaps of a natural person"] += 1
        return found

    def source(self, item: Statement) -> str:
        """Return the id of the source of a statement."""
        return self.given or _source_id(item.publisher)

    def origin(self, item: Statement) -> str | None:
        """Return the ids of what a statement rests on, parted by blanks."""
        key = (item.publisher, item.hosts, item.asserted)
        if key not in self.known:
            self.known[key] = self._find_origin(item)
        return self.known[key]

    def _find_origin(self, item: Statement) -> str | None:
        ids = []
        for host, kind in item.hosts:
            self.rests_on[host] = (host, kind)
            ids.append(host)
        for name in item.asserted:
            if name.casefold() in self.organisations:
                self.rests_on[PREFIX + slug(name)] = (name, "self_declaration")
                ids.append(PREFIX + slug(name))
        own = self.source(item)
        return " ".join(sorted({name for name in ids if name != own})) or None

    def sources(self) -> tuple[Source, ...]:
        """Return what is known of the sources and of the origins."""
        own = [
            Source(id=name, title=title, publisher=title, kind="dataset", date=date or None, licence=licence)
            for name, (title, date, licence) in self.published.items()
            if name != self.given
        ]
        others = [Source(id=name, title=title, kind=kind) for name, (title, kind) in self.rests_on.items()]
        return (*sorted(own, key=_id), *sorted((item for item in others if item.id not in self.published), key=_id))


@lru_cache(maxsize=65536)
def _source_id(publisher: str) -> str:
    return PREFIX + slug(publisher.removeprefix(PREFIX))


def _id(source: Source) -> str:
    return source.id


def _write(claims: Iterable[Claim], target: Path, origins: _Origins) -> None:
    """Write the claims as rows of a reading, in batches."""
    rows: list[tuple[object, ...]] = []
    with parquet.ParquetWriter(target, _SCHEMA, compression="snappy") as writer:
        for claim in claims:
            rows.append(_row(claim, origins))
            if len(rows) == BATCH:
                writer.write_table(_table(rows))
                rows.clear()
        writer.write_table(_table(rows))


def _table(rows: list[tuple[object, ...]]) -> arrow.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(READING_COLUMNS)
    arrays = [arrow.array(column, kind) for column, kind in zip(columns, _SCHEMA.types, strict=True)]
    return arrow.table(arrays, schema=_SCHEMA)


def _row(claim: Claim, origins: _Origins) -> tuple[object, ...]:
    """Return a claim in the order of `READING_COLUMNS`."""
    item, fact = claim.statement, claim.fact
    unit = "share" if fact.low or fact.high else None
    return (
        item.line, fact.subject, fact.predicate, fact.object, fact.value, None, fact.low, fact.high, unit, fact.qualifiers,
        claim.valid_from, claim.valid_to, claim.observed, None, origins.source(item), origins.origin(item),
        f"{item.key}#{fact.pointer}", None, None, None, item.licence,
    )  # fmt: skip
