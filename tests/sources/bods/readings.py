"""What the tests of the BODS reader share: readings of files and of statements, and a claim in one line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from isthmus.model import CLAIM_COLUMNS, Source
from isthmus.sources.adapter import READING_COLUMNS, Job, Reading
from isthmus.sources.adapters.bods import ADAPTER

Row = dict[str, Any]
DATA = Path(__file__).resolve().parents[2] / "data" / "bods"
CONTROL = Path(__file__).resolve().parents[2] / "data" / "control"


def read(path: Path, folder: Path, source: Source | None = None) -> tuple[Reading, list[Row]]:
    """Return the reading of a file and its rows, without the columns that are empty."""
    folder.mkdir(exist_ok=True)
    reading = ADAPTER.read(Job(path, folder, source=source))
    with duckdb.connect() as engine:
        cursor = engine.execute(f"SELECT * FROM ({reading.select}) ORDER BY line, locator, predicate, subject")
        assert tuple(column[0] for column in cursor.description) == READING_COLUMNS
        rows = [
            {name: cell for name, cell in zip(READING_COLUMNS, row, strict=True) if cell is not None}
            for row in cursor.fetchall()
        ]
    return reading, rows


def read_statements(folder: Path, *statements: object) -> tuple[Reading, list[Row]]:
    """Return the reading of statements."""
    path = folder / "given.json"
    path.write_text(json.dumps(statements, ensure_ascii=False), "utf-8")
    return read(path, folder / "work")


def statement(record: str, type_: str, details: Row, date: str | None = "2021-01-01", **more: object) -> Row:
    """Return a statement whose id is its record and date."""
    body: Row = {
        "statementId": f"{record}@{date}".ljust(32, "."),
        "recordId": record,
        "recordType": type_,
        "recordStatus": "new",
        "declarationSubject": record,
        "publicationDetails": {"publicationDate": "2021-01-02", "bodsVersion": "0.4", "publisher": {"name": "Reg"}},
        "recordDetails": {"isComponent": False, **details},
    }
    return {**body, **({"statementDate": date} if date else {}), **more}


def company(record: str, **details: object) -> Row:
    return statement(record, "entity", {"entityType": {"type": "registeredEntity"}, **details})


def relation(record: str, owned: object, holder: object, *interests: object, **more: Any) -> Row:
    return statement(
        record, "relationship", {"subject": owned, "interestedParty": holder, "interests": list(interests)}, **more
    )


def told(row: Row) -> str:
    """Return a claim in one line, without its source and place."""
    parts = [row["subject"].removeprefix("bods:"), row["predicate"], row.get("object", "").removeprefix("bods:")]
    parts.append(row.get("value", ""))
    if "low" in row or "high" in row:
        parts.append(f"[{row.get('low', '')}, {row.get('high', '')}]")
    parts.append(f"({row['qualifiers']})" if "qualifiers" in row else "")
    dates = (("valid_from", "from"), ("valid_to", "until"), ("observed", "seen"))
    parts += [f"{word} {row[name]}" for name, word in dates if name in row]
    return " ".join(filter(None, parts))


def summary(reading: Reading, rows: Iterable[Row]) -> Row:
    """Return what a reading made of each statement, as the expectations of the cases have it."""
    claims: dict[str, list[str]] = {}
    for row in rows:
        claims.setdefault(str(row["line"]), []).append(told(row))
    return {
        "claims": claims,
        "rejected": [[fault.line, fault.reason] for fault in reading.rejected],
        "left_out": reading.left_out,
        "notes": list(reading.notes),
    }


def unaccounted(reading: Reading, rows: Iterable[Row]) -> int:
    """Return how many statements make no claim, are not rejected and are not counted as left out."""
    seen = {row["line"] for row in rows} | {fault.line for fault in reading.rejected}
    counted = sum(count for reason, count in reading.left_out.items() if reason.startswith("statements "))
    return reading.rows - len(seen) - counted


def columns(row: Row) -> tuple[str, ...]:
    """Return the columns that say what a claim says, its qualifiers in order."""
    skipped = ("source", "origin", "locator", "licence", "marking")
    texts = {name: row.get(name) or "" for name in CLAIM_COLUMNS if name not in skipped}
    texts["qualifiers"] = "; ".join(sorted(texts["qualifiers"].split("; ")))
    return tuple(texts.values())
