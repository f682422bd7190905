"""The same questions answered by others: networkx, DuckDB and SciPy. They are the benchmark's measure and the tests' second opinion."""

from __future__ import annotations

from collections import defaultdict

import duckdb
import networkx  # type: ignore[import-untyped]
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, identity
from scipy.sparse.linalg import spsolve

from benchmarks.ownership_register import Register

HALF = 5000
Keys = NDArray[np.int64]


def graph_of(register: Register) -> networkx.DiGraph:
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(register.nodes))
    columns = (register.holders.tolist(), register.targets.tolist(), register.points.tolist())
    graph.add_weighted_edges_from(zip(*columns, strict=True))
    return graph


def by_networkx(graph: networkx.DiGraph) -> list[tuple[int, int]]:
    """Return all control pairs by a worklist for each node that holds a majority of anything."""
    pairs = []
    for source, ends in graph.adjacency():
        if not any(data["weight"] > HALF for data in ends.values()):
            continue
        held: dict[int, int] = defaultdict(int)
        reached = {source}
        waiting = [source]
        while waiting:
            for target, data in graph[waiting.pop()].items():
                if target not in reached:
                    held[target] += data["weight"]
                    if held[target] > HALF:
                        reached.add(target)
                        waiting.append(target)
        pairs += [(source, target) for target in reached if target != source]
    return pairs


def database_of(register: Register) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect()
    columns = {"holder": register.holders, "target": register.targets, "points": register.points}
    table = pa.table(columns)
    database.register("register", table)
    database.execute("CREATE TABLE holdings AS FROM register WHERE holder <> target")
    return database


def by_duckdb(database: duckdb.DuckDBPyConnection) -> Keys:
    """Return all control pairs, (n, 2), by a fixpoint in SQL that looks only at controllers that gained something last time."""
    database.execute(
        f"CREATE OR REPLACE TABLE control AS SELECT holder AS x, target AS y FROM holdings WHERE points > {HALF}"
    )
    database.execute("CREATE OR REPLACE TABLE fresh AS FROM control")
    while True:
        database.execute(
            f"""
            CREATE OR REPLACE TABLE fresh AS
            WITH grown AS (SELECT DISTINCT x FROM fresh),
                 member AS (SELECT x, y FROM control SEMI JOIN grown USING (x) UNION ALL SELECT x, x FROM grown)
            SELECT m.x, h.target AS y
            FROM member m JOIN holdings h ON h.holder = m.y
            WHERE h.target <> m.x
            GROUP BY m.x, h.target
            HAVING sum(h.points) > {HALF}
            """
        )
        database.execute("CREATE OR REPLACE TABLE fresh AS SELECT x, y FROM fresh ANTI JOIN control USING (x, y)")
        row = database.execute("SELECT count(*) FROM fresh").fetchone()
        assert row is not None
        if row[0] == 0:
            break
        database.execute("INSERT INTO control FROM fresh")
    found = database.execute("SELECT x, y FROM control").fetchnumpy()
    return np.stack((found["x"], found["y"]), axis=1).astype(np.int64)


def by_scipy(register: Register, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return x = W (v + x) from one factorisation of I - W."""
    size = register.nodes
    parts = register.points / 10_000
    shares = csc_matrix((parts, (register.holders, register.targets)), shape=(size, size))
    found: NDArray[np.float64] = spsolve(identity(size, format="csc") - shares, shares @ values)
    return found
