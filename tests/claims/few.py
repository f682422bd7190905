"""A few rows of evidence, and what a store holds of them."""

from __future__ import annotations

from isthmus.claims.reader import ReadStore


def names(count: int, prefix: str = "e") -> list[dict[str, str | None]]:
    """Return rows that name entities."""
    return [
        {"subject": f"{prefix}{n}", "predicate": "name", "value": f"Name {n}", "source": "s", "locator": f"row {n}"}
        for n in range(count)
    ]


def claim_ids(store: ReadStore) -> list[str]:
    """Return the ids of the claims of a store, sorted."""
    return [str(row[0]) for row in store.rows("SELECT id FROM claims ORDER BY id")]
