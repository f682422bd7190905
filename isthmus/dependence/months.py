"""For how many months a stock lasts, and how many it takes to change to another: what claims about needs say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from isthmus.claims.columns import read_columns
from isthmus.dependence.rows import Ints
from isthmus.picture import Picture

Floats = NDArray[np.float64]
STOCK, SWITCHING = "stock", "switching_time"


def months_of(picture: Picture, claim: Ints) -> tuple[dict[str, Floats], dict[str, int]]:
    """Return what some claims say of each of `STOCK` and `SWITCHING`, in months.

    Parameters
    ----------
    claim : int64 (rows,)
        Rows of claims in the store.

    Returns
    -------
    dict of float64 (rows,)
        nan where a claim says nothing, or what is no number of months.
    dict of int
        How many of the claims say what is no number of months.
    """
    table = read_columns(
        picture.store,
        f"""
        SELECT c.rowid AS claim, map_contains(q.pairs, '{STOCK}')::BIGINT AS has_{STOCK},
          map_contains(q.pairs, '{SWITCHING}')::BIGINT AS has_{SWITCHING}, try_cast(q.pairs['{STOCK}'] AS DOUBLE) AS {STOCK},
          try_cast(q.pairs['{SWITCHING}'] AS DOUBLE) AS {SWITCHING}
        FROM claims c JOIN qualifier_sets q ON q.key = c.qualifiers
        WHERE map_contains(q.pairs, '{STOCK}') OR map_contains(q.pairs, '{SWITCHING}') ORDER BY c.rowid""",
    )
    rows = np.asarray(table.column("claim").to_numpy(), dtype=np.int64)
    found: dict[str, Floats] = {}
    unread: dict[str, int] = {}
    for name in (STOCK, SWITCHING):
        said = np.asarray(table.column(name).to_numpy(zero_copy_only=False), dtype=np.float64)
        # The last place stands for every claim that says nothing.
        by_row = np.append(np.where(said >= 0, said, np.nan), np.nan)
        at = np.minimum(np.searchsorted(rows, claim), max(len(rows) - 1, 0))
        held = rows[at] == claim if len(rows) else np.zeros(len(claim), dtype=np.bool_)
        found[name] = by_row[np.where(held, at, len(rows))]
        told = np.asarray(table.column(f"has_{name}").to_numpy(), dtype=np.int64) == 1
        unread[name] = int((told & np.isnan(by_row[:-1]) & np.isin(rows, claim)).sum())
    return found, unread
