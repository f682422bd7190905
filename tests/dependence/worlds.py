"""Small worlds of needs, as rows of a claims file, and the plain definition of failing to compare answers with."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from isthmus.dependence.web import Web
from isthmus.model import CLAIM_COLUMNS
from isthmus.picture import Picture

Row = dict[str, str]
Build = Callable[..., Picture]


def uses(subject: str, thing: str, need: str = "", at_least: int = 0, strength: str = "", **more: str) -> Row:
    """Return a claim about a need."""
    return _said(subject, more.pop("predicate", "uses"), thing, need, at_least, strength, **more)


def contains(subject: str, thing: str, need: str = "", at_least: int = 0, strength: str = "", **more: str) -> Row:
    """Return a claim about a part."""
    return _said(subject, "contains", thing, need, at_least, strength, **more)


def supplies(supplier: str, subject: str, item: str, at_least: int = 0, **more: str) -> Row:
    """Return a claim about a supplier of an item."""
    told = [f"item=@{item}" if item else "", f"at_least={at_least}" if at_least else ""]
    return {
        "subject": supplier,
        "predicate": "supplies",
        "object": subject,
        "qualifiers": "; ".join(filter(None, told)),
        **more,
    }


def _said(subject: str, predicate: str, thing: str, need: str, at_least: int, strength: str, **more: str) -> Row:
    told = [
        f"need={need}" if need else "",
        f"at_least={at_least}" if at_least else "",
        f"strength={strength}" if strength else "",
    ]
    qualifiers = "; ".join(filter(None, told))
    return {"subject": subject, "predicate": predicate, "object": thing, "qualifiers": qualifiers, **more}


V6 = [
    uses("T", "A"),
    uses("T", "B", need="link"),
    uses("T", "C", need="link"),
    uses("A", "D"),
    uses("B", "D"),
    uses("C", "E"),
]
"""T needs A and (B or C); A needs D; B needs D; C needs E."""


def write_claims(path: Path, rows: Sequence[Row]) -> Path:
    """Write claims to a CSV file; source and locator are filled in where absent."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, CLAIM_COLUMNS)
        writer.writeheader()
        for number, row in enumerate(rows, 1):
            writer.writerow({"source": "s", "locator": f"p. {number}", **row})
    return path


def named(web: Web, nodes: Iterable[int]) -> set[str]:
    """Return the ids of nodes."""
    return set(web.ids(list(nodes)))


def fails(rows: Sequence[Row], causes: Iterable[str]) -> set[str]:
    """Return what fails with some things, by the words of the definition: asked again until nothing more fails."""
    needs: dict[tuple[str, str], tuple[int, set[str]]] = {}
    suppliers: dict[tuple[str, str], tuple[int, set[str]]] = {}
    for row in rows:
        told = dict(pair.split("=") for pair in row["qualifiers"].split("; ") if pair)
        least = int(told.get("at_least", "0"))
        if row["predicate"] == "supplies":
            table, key, end = suppliers, (row["object"], told["item"][1:]), row["subject"]
        else:
            table, key, end = needs, (row["subject"], told.get("need", f"@{row['object']}")), row["object"]
        most, ends = table.get(key, (1, set()))
        table[key] = (max(most, least), ends | {end})
    failed = set(causes)

    def there(subject: str, thing: str) -> bool:
        least, ends = suppliers.get((subject, thing), (0, set()))
        return thing not in failed and len(ends - failed) >= min(least, len(ends))

    while True:
        more = {
            subject
            for (subject, _), (least, ends) in needs.items()
            if subject not in failed and sum(there(subject, end) for end in ends) < min(least, len(ends))
        }
        if not more:
            return failed
        failed |= more
