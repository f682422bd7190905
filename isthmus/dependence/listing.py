"""Which things have a list of what they need that is said to be complete: measured, not assumed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from isthmus.claims.columns import read_columns
from isthmus.control.times import truths
from isthmus.picture import Picture
from isthmus.picture.heads import resolved

COMPLETE, INCOMPLETE, UNKNOWN, UNSAID = "complete", "incomplete", "unknown", "unsaid"
STATES = (INCOMPLETE, UNKNOWN, COMPLETE)
"""What a claim may say of a list; of several the first here counts, so that one open list is enough to doubt."""
NEEDED = ("dependencies", "components")
"""The scopes of the list of what a thing needs or holds; a claim that names no scope speaks of it."""
_MEMO = "dependence lists"


def list_states(picture: Picture, scopes: Sequence[str] = NEEDED) -> dict[int, str]:
    """Return what is said of a list of each thing (with `NEEDED`, of what it needs or holds), by its key in the store."""
    memo = f"{_MEMO} {' '.join(scopes)}"
    if memo not in picture.memo:
        picture.memo[memo] = _read(picture, scopes)
    found = picture.memo[memo]
    assert isinstance(found, dict)
    return found


def _read(picture: Picture, scopes: Sequence[str]) -> dict[int, str]:
    # Scopes are words of this program, never of a source.
    listed = ", ".join(f"'{scope}'" for scope in scopes)
    plain = "c.qualifiers IS NULL OR " if NEEDED[-1] in scopes else ""
    where = (
        "c.predicate IN (SELECT key FROM predicates WHERE id = 'completeness') AND c.mode = 0 AND c.stance = 0 "
        f"AND ({plain}c.qualifiers IN (SELECT key FROM qualifier_sets "
        f"WHERE coalesce(pairs['scope'], '{NEEDED[-1]}') IN ({listed})))"
    )
    table = read_columns(
        picture.store,
        "SELECT r.subject, r.value, coalesce(r.valid_from, -1) AS valid_from, coalesce(r.valid_to, -1) AS valid_to, "
        f"coalesce(r.observed, -1) AS observed FROM {resolved(picture, where)} r ORDER BY r.subject, r.value",
    )
    times = (
        np.asarray(table.column(name).to_numpy(), dtype=np.int64) for name in ("valid_from", "valid_to", "observed")
    )
    truth = truths(picture, *times)
    found: dict[int, str] = {}
    for key, value, holds in zip(
        table.column("subject").to_pylist(), table.column("value").to_pylist(), truth.tolist(), strict=True
    ):
        if holds and value in STATES:
            found[key] = min(found.get(key, COMPLETE), value, key=STATES.index)
    return found


def counted(picture: Picture, keys: Iterable[int]) -> dict[str, int]:
    """Return how many of some things have a complete, an incomplete or an unknown list, and of how many nothing is said."""
    states = list_states(picture)
    found = dict.fromkeys((COMPLETE, INCOMPLETE, UNKNOWN, UNSAID), 0)
    for key in keys:
        found[states.get(key, UNSAID)] += 1
    return found
