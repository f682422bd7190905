"""What the tests of the CycloneDX reader share: readings of files and of documents, and a claim in one line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from isthmus.sources.adapter import Reading
from isthmus.sources.adapters.cyclonedx import ADAPTER
from tests.sources.readings import Row, read

DATA = Path(__file__).resolve().parents[2] / "data" / "cyclonedx"
SERIAL = "6a1b8c1e-0000-4000-8000-00000000000f"
KEY = f"cdx:{SERIAL}"


def bill(*components: object, **more: Any) -> dict[str, Any]:
    """Return a bill of these components, of an application with the bom-ref ``app``."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{SERIAL}",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "app", "name": "app"}},
        "components": list(components),
        **more,
    }


def library(ref: str, **more: Any) -> dict[str, Any]:
    return {"type": "library", "bom-ref": ref, "name": ref, **more}


def read_file(path: Path, folder: Path) -> tuple[Reading, list[Row]]:
    """Return the reading of a file and its rows."""
    return read(ADAPTER, path, folder)


def read_bill(folder: Path, body: object, name: str = "given.json") -> tuple[Reading, list[Row]]:
    """Return the reading of a document."""
    path = folder / name
    path.write_text(body if isinstance(body, str) else json.dumps(body, ensure_ascii=False), "utf-8")
    return read(ADAPTER, path, folder / "work")


def told(row: Row) -> str:
    """Return a claim in one line, without its source and place."""
    parts = [_short(row["subject"]), row["predicate"], _short(row.get("object", "")), row.get("value", "")]
    parts.append(f"[{row['low']}, {row['high']} {row['unit']}]" if "low" in row else "")
    parts.append(f"({_short(row['qualifiers'])})" if "qualifiers" in row else "")
    parts.append(f"“{row['hedge']}”" if "hedge" in row else "")
    parts += [f"{word} {row[name]}" for name, word in (("valid_from", "from"), ("valid_to", "until")) if name in row]
    return " ".join(filter(None, parts))


def _short(text: str) -> str:
    for number in "123f":
        text = text.replace(f"cdx:6a1b8c1e-0000-4000-8000-00000000000{number}", "" if number != "2" else "far")
    return text


def lines(rows: Iterable[Row]) -> list[str]:
    return sorted(told(row) for row in rows)


def summary(reading: Reading, rows: Iterable[Row]) -> dict[str, Any]:
    """Return what a reading made of a document, as the expectations of the cases have it."""
    claims: dict[str, list[str]] = {}
    for row in rows:
        claims.setdefault(row["locator"].partition("#")[2], []).append(told(row))
    return {
        "rows": reading.rows,
        "claims": dict(sorted(claims.items())),
        "rejected": [[fault.line, fault.reason] for fault in reading.rejected],
        "left_out": reading.left_out,
        "notes": list(reading.notes),
    }


def counts(rows: Iterable[Row]) -> Counter[str]:
    return Counter(row["predicate"] for row in rows)
