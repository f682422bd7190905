"""The Beneficial Ownership Data Standard 0.4: a JSON array of statements, entities and persons before relationships.

A relationship stands for one claim, so that each keeps its dates and its source; the record of an entity has one statement
for each source that says something of it. Only what a source asserts as actual is written: a plan or a denial would read
as a fact. Of natural persons, only those who hold an interest are written, and only their names.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

import duckdb

from isthmus.claims.exports.bods_records import HELD, PERSON, Law, form_of, party_draft, relationship_draft
from isthmus.claims.exports.bods_statements import Draft, Row, write_statement
from isthmus.claims.exports.writing import BATCH, Written, count_reasons
from isthmus.sources.bods.values import record_id
from isthmus.sources.staging import quote

_COLUMNS = (
    "id", "subject", "predicate", "object", "value", "low", "high", "qualifiers", "valid_from", "valid_to", "observed",
    "source", "origin", "locator", "hedge", "licence", "recorded_at",
)  # fmt: skip
_PAIRS = _COLUMNS.index("qualifiers")
_RELATIONS = (*HELD, "owners_unstated")
_ACTUAL = "coalesce(nullif(mode, ''), 'actual') = 'actual'"
_ASSERTED = "coalesce(nullif(stance, ''), 'asserts') = 'asserts'"


def write_bods(connection: duckdb.DuckDBPyConnection, select: str, target: Path) -> Written:
    """Write statements that our reader gives back as the same claims, as far as BODS can say them."""
    run = _Run(connection, f"SELECT * FROM ({select}) WHERE {_ACTUAL} AND {_ASSERTED}")
    why = f"""SELECT CASE WHEN NOT {_ACTUAL} THEN 'mode ' || mode ELSE 'stance ' || stance END || ': BODS would read it as a fact'
      FROM ({select}) WHERE NOT ({_ACTUAL} AND {_ASSERTED})"""
    run.left_out.update(count_reasons(connection, why))
    with target.open("wb") as file, tempfile.TemporaryFile() as relations:
        run.write_relations(relations)
        out = _Array(file)
        run.write_parties(out)
        relations.seek(0)
        out.append_lines(relations)
        out.close()
    return Written(run.said, len(run.written), dict(sorted(run.left_out.items())), dict(sorted(run.remarks.items())))


@dataclass(slots=True)
class _Array:
    """Writes a JSON array, an item on each line."""

    file: BinaryIO
    items: int = 0

    def append(self, text: str) -> None:
        self.file.write((",\n" if self.items else "[\n").encode() + text.encode())
        self.items += 1

    def append_lines(self, lines: BinaryIO) -> None:
        """Append a file that holds items with commas between."""
        if first := lines.read(1):
            self.file.write((",\n" if self.items else "[\n").encode() + first)
            shutil.copyfileobj(lines, self.file)
            self.items += 1

    def close(self) -> None:
        self.file.write(b"\n]\n" if self.items else b"[]\n")


@dataclass(slots=True)
class _Run:
    """One export: the forms of the parties, who of them stands in a relationship, and the counts."""

    connection: duckdb.DuckDBPyConnection
    select: str
    forms: dict[str, str | None] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    left_out: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    said: int = 0

    def __post_init__(self) -> None:
        kinds = f"""SELECT subject, list(DISTINCT value) FILTER (predicate = 'kind'),
            list(DISTINCT value) FILTER (predicate = 'described_as')
          FROM ({self.select}) WHERE predicate IN ('kind', 'described_as') GROUP BY subject"""
        self.forms = {
            entity: form_of(listed or (), described or ()) for entity, listed, described in self._pages(kinds)
        }

    def _pages(self, sql: str) -> Iterator[tuple[Any, ...]]:
        # One result is open at a time: the next query would close it.
        reader = self.connection.execute(sql).to_arrow_reader(BATCH)
        for batch in reader:
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

    def _rows(self, where: str, order: str) -> Iterator[Row]:
        cells = ", ".join(f'nullif("{name}"::VARCHAR, \'\') AS "{name}"' for name in _COLUMNS)
        for page in self._pages(f"SELECT {cells} FROM ({self.select}) WHERE {where} ORDER BY {order}"):
            values = list(page)
            values[_PAIRS] = _pairs(str(values[_PAIRS] or ""))
            values[-1] = str(values[-1] or "1970-01-01")[:10]
            yield Row(*values)

    def write_relations(self, file: BinaryIO) -> None:
        """Write the relationships, and learn who stands in them."""
        first = True
        for row in self._rows(f"predicate IN ({_quoted(_RELATIONS)})", "subject, object, id"):
            draft = self._relationship(row)
            if draft is None:
                continue
            text = self._finish(draft, (row,))
            file.write((b"" if first else b",\n") + text.encode())
            first = False

    def _relationship(self, row: Row) -> Draft | None:
        ends = [end for end in (row.subject, row.object) if end]
        for end in ends:
            if self.forms.get(end, "") is None:
                self.left_out[f"{row.predicate}: BODS knows entities and natural persons only"] += 1
                return None
        owned = row.subject if row.predicate in ("owners_unstated", "subordinate_to") else row.object
        if owned and self.forms.get(owned) == PERSON:
            self.left_out[f"{row.predicate}: nobody has an interest in a natural person"] += 1
            return None
        draft = relationship_draft(row, self.left_out)
        if draft is not None:
            for end in ends:
                self.about.setdefault(end, draft.about)
        return draft

    def write_parties(self, out: _Array) -> None:
        """Write the entities and persons: what each source says of them, then those of whom only relationships are known."""
        laws = self._laws()
        own = f"predicate IN ('kind', 'name') AND subject IN ({self._law_ids()})"
        others = f"predicate NOT IN ({_quoted((*_RELATIONS, 'authorizes'))}) AND NOT ({own})"
        for (entity, _), group in groupby(self._rows(others, 'subject, "source", id'), key=_whose):
            self._write_party(out, entity, list(group), laws)
        for entity in sorted(laws.keys() | (self.about.keys() - self.written)):
            self._write_party(out, entity, [], laws)

    def _law_ids(self) -> str:
        """Return SQL for the statutes that belong to an entity, as our reader names them."""
        return f"""SELECT subject FROM ({self.select})
          WHERE predicate = 'authorizes' AND starts_with(subject, "object" || '/statute-')"""

    def _laws(self) -> dict[str, list[Law]]:
        """Return the statutes by the entity that they set up, and count those that have no place in a record."""
        parts: dict[tuple[str, str], Row] = {}
        for row in self._rows(f"predicate IN ('kind', 'name') AND subject IN ({self._law_ids()})", "subject, id"):
            if parts.setdefault((row.subject, row.predicate), row) is not row:
                self.left_out[f"{row.predicate}: no place for this one"] += 1
        found: dict[str, list[Law]] = {}
        for row in self._rows("predicate = 'authorizes'", "subject, id"):
            if row.object and (row.subject, "name") in parts:
                kind = parts.pop((row.subject, "kind"), None)
                found.setdefault(row.object, []).append(Law(row, parts.pop((row.subject, "name")), kind))
            else:
                self.left_out["authorizes: BODS has no place for it"] += 1
        for _, predicate in parts:
            self.left_out[f"{predicate}: no place for this one"] += 1
        return found

    def _write_party(self, out: _Array, entity: str, rows: list[Row], laws: dict[str, list[Law]]) -> None:
        form = self.forms.get(entity, form_of(()))
        statutes = laws.pop(entity, []) if entity not in self.written else []
        lost = [*rows, *(row for law in statutes for _, row in law.parts())]
        if form is None:
            for row in lost:
                self.left_out[f"{row.predicate}: of a thing that is neither an entity nor a natural person"] += 1
            return
        if form == PERSON and entity not in self.about:
            self.left_out["natural persons who hold no interest that is written"] += len(lost)
            return
        self.written.add(entity)
        about = self.about.get(entity, record_id(entity))
        draft = party_draft(entity, form, rows, statutes, about, self.left_out)
        out.append(self._finish(draft, tuple(row for _, row in draft.placed) or tuple(rows)))

    def _finish(self, draft: Draft, rows: tuple[Row, ...]) -> str:
        checked = write_statement(draft, rows)
        self.said += len(checked.said)
        self.remarks.update(checked.remarks)
        return checked.text


def _whose(row: Row) -> tuple[str, str]:
    return row.subject, row.source


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    parts = (part.partition("=") for part in text.split(";"))
    return tuple((name.strip(), value.strip()) for name, _, value in parts if name.strip())


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(quote(name) for name in names)
