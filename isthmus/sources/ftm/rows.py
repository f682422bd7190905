"""The rows that the reader writes: a claim, a fault and a reason for leaving something out may stand side by side.

Columns: `line`, the claim columns, then `fault` (listed as a rejection), `left_why` (counted), and `named`, `word`,
`named_kind`: a thing that the row mentions without an entity of its own (an authority, a class), with the source's word
for it and its kind.
"""

from __future__ import annotations

from collections.abc import Mapping

from isthmus.model import CLAIM_COLUMNS

EXTRA = ("fault", "left_why", "named", "word", "named_kind")


def row(line: str, **columns: str) -> str:
    """Return the column list of a SELECT that yields one of our rows; columns not named are NULL.

    `object_` and `from_` style trailing underscores are dropped, so that every column can be a keyword.
    """
    given: Mapping[str, str] = {name.rstrip("_"): sql for name, sql in columns.items()}
    cells = [f'CAST({given.get(name, "NULL")} AS VARCHAR) AS "{name}"' for name in (*CLAIM_COLUMNS, *EXTRA)]
    return f"{line} AS line, " + ", ".join(cells)


def said_only(select: str) -> str:
    """Return SQL for the same rows, in which a row that makes no claim holds nothing of what it would have said."""
    cells = [f'CASE WHEN predicate IS NOT NULL THEN "{name}" END AS "{name}"' for name in CLAIM_COLUMNS]
    return f"SELECT line, {', '.join(cells)}, {', '.join(EXTRA)} FROM ({select})"


def locator(entity: str, key: str) -> str:
    """Return SQL for the place of a claim: the entity and its property."""
    return f"{entity} || '#' || {key}"
