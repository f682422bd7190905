"""For how many months a stock lasts, and how many it takes to change to another: what claims about needs say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from isthmus.claims.columns import read_columns
from isthmus.dependence.rows import Ints
from isthmus.picture import Picture

Floats = NDArray[np.float64]
STOCK, SWITCHING = "stock", "switching_time"


def months_of(picture: Picture, claim: Ints) -> dict[str, Floats]:
    """Return what some claims say of each of `STOCK` and `SWITCHING`, in months; nan where they say nothing, or less than none.

    Parameters
    ----------
    claim : int64 (rows,)
        Rows of claims in the store.
    """
    table = read_columns(
        picture.store,
        f"""
        SELECT c.rowid AS claim, try_cast(q.pairs['{STOCK}'] AS DOUBLE) AS {STOCK},
          try_cast(q.pairs['{SWITCHING}'] AS DOUBLE) AS {SWITCHING}
        FROM claims c JOIN qualifier_sets q ON q.key = c.qualifiers
        WHERE map_contains(q.pairs, '{STOCK}') OR map_contains(q.pairs, '{SWITCHING}') ORDER BY c.rowid""",
    )
    rows = np.asarray(table.column("claim").to_numpy(), dtype=np.int64)
    found = {}
    for name in (STOCK, SWITCHING):
        said = np.asarray(table.column(name).to_numpy(zero_copy_only=False), dtype=np.float64)
        # The last place stands for every claim that says nothing.
        by_row = np.append(np.where(said >= 0, said, np.nan), np.nan)
        at = np.minimum(np.searchsorted(rows, claim), max(len(rows) - 1, 0))
        held = rows[at] == claim if len(rows) else np.zeros(len(claim), dtype=np.bool_)
        found[name] = by_row[np.where(held, at, len(rows))]
    return found
