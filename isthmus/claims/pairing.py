"""Pair the rows of two lists that share keys, in an engine of its own in memory: the joining behind the matching of names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as arrow

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
Keys = tuple[Numbers, Numbers, Numbers]
"""Three arrays of one length: the number of a row, a key of it (64 bits), and its strength: 0 a part, 1 a whole name, 2 an identifier."""

_BATCH = 50_000
STRONG_COMMON = 2_000
"""Rows that may share a strong key."""


def pair_up(
    queries: Keys, against: Keys | None, rows: int, *, common: int, kept: int, share: float, memory: str = "5GB"
) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield the likeliest pairs of rows, as arrays (number in `queries`, number in `against`), by rising number of the query.

    A key that n rows share is worth the logarithm of the number of rows over n; a strong key twice that. Keys that more than `common` rows
    share are left out (strong ones from 2,000 on). Rows that share an identifier are always paired.

    Parameters
    ----------
    against : three arrays or None
        None: pairs among `queries`, each once, the lower number first.
    rows : int
        How many rows `against` has.
    kept : int
        The most pairs of one query, those worth most first.
    share : float
        Pairs worth less than this share of the query's best are left out.
    """
    with duckdb.connect(config={"memory_limit": memory, "threads": 2, "preserve_insertion_order": False}) as engine:
        _fill(engine, "a", queries)
        if against is not None:
            _fill(engine, "b", against)
        pool = "a" if against is None else "b"
        engine.execute(
            f"CREATE TABLE worth AS SELECT key, (1000 * ln({max(rows, 2)} / count(*)) * (1 + least(max(strong), 1)))::BIGINT AS worth "
            f"FROM {pool} "
            f"GROUP BY key HAVING count(*) <= CASE max(strong) WHEN 0 THEN {common} ELSE {STRONG_COMMON} END"
            + (" AND count(*) > 1" if against is None else "")
        )
        engine.execute(
            f"CREATE TABLE pool AS SELECT p.key, p.id, w.worth, p.strong FROM {pool} p JOIN worth w USING (key) ORDER BY p.key"
        )
        engine.execute("DELETE FROM a WHERE key NOT IN (SELECT key FROM worth)")
        last = engine.execute("SELECT coalesce(max(id), -1) FROM a").fetchone()
        assert last is not None
        for start in range(0, last[0] + 1, _BATCH):
            found = engine.execute(
                "SELECT one, two FROM (SELECT a.id AS one, p.id AS two, sum(p.worth) AS worth, max(p.strong) AS strong "
                "FROM a JOIN pool p USING (key) "
                f"WHERE a.id >= {start} AND a.id < {start + _BATCH} {'AND p.id > a.id' if against is None else ''} GROUP BY 1, 2) "
                f"QUALIFY strong = 2 OR (row_number() OVER (PARTITION BY one ORDER BY worth DESC, two) <= {kept} "
                f"AND worth >= {share} * max(worth) OVER (PARTITION BY one)) ORDER BY one, worth DESC, two"
            ).fetchnumpy()
            yield found["one"], found["two"]


def _fill(engine: Any, table: str, keys: Keys) -> None:
    given = arrow.table({"id": keys[0], "key": keys[1], "strong": keys[2]})
    engine.register("given", given)
    engine.execute(f"CREATE TABLE {table} AS SELECT id::INTEGER AS id, key, strong::UTINYINT AS strong FROM given")
    engine.unregister("given")
