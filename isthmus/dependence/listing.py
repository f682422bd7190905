"""Which things have a list of what they need that is said to be complete: measured, not assumed."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from isthmus.claims.columns import read_columns
from isthmus.control.times import truths
from isthmus.picture import Picture
from isthmus.picture.heads import resolved

COMPLETE, INCOMPLETE, UNKNOWN, UNSAID = "complete", "incomplete", "unknown", "unsaid"
STATES = (INCOMPLETE, UNKNOWN, COMPLETE)
"""What a claim may say of a list; of several the first here counts, so that one open list is enough to doubt."""
_MEMO = "dependence lists"


def list_states(picture: Picture) -> dict[int, str]:
    """Return what is said of the list of what each thing needs or holds, by its key in the store."""
    if _MEMO not in picture.memo:
        picture.memo[_MEMO] = _read(picture)
    found = picture.memo[_MEMO]
    assert isinstance(found, dict)
    return found


def _read(picture: Picture) -> dict[int, str]:
    where = (
        "c.predicate IN (SELECT key FROM predicates WHERE id = 'completeness') AND c.mode = 0 AND c.stance = 0 "
        "AND (c.qualifiers IS NULL OR c.qualifiers IN (SELECT key FROM qualifier_sets "
        "WHERE coalesce(pairs['scope'], 'components') IN ('dependencies', 'components')))"
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
