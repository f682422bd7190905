"""Who controls whom in an invented register: ours against networkx, DuckDB and SciPy, with equal answers asserted.

Ours is timed as the best of several runs, after one that compiles; the others run once. What each needs to read the register into its own
form is timed apart. *Arranged* is the register numbered by group (`isthmus.kernels.ownership.arranged`); *as given* its shuffled numbers.
Ours uses one thread. `ratio` compares seconds on the wall, `cpu_ratio` processor seconds; DuckDB uses all processors.

    python -m benchmarks.control --companies 1000000
    python -m benchmarks.control --companies 5000000 --ours
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import scipy
from numpy.typing import NDArray

from benchmarks.control_peers import by_duckdb, by_networkx, by_scipy, database_of, graph_of
from benchmarks.measure import machine, peak_memory, table
from benchmarks.ownership_register import Register, evidence, register, widened
from isthmus.kernels.ownership.arranged import Arranged, arranged
from isthmus.kernels.ownership.bounds import bounded_control
from isthmus.kernels.ownership.holdings import Holdings
from isthmus.kernels.ownership.integrated import portfolio
from isthmus.kernels.ownership.reach import Pairs, controlled
from isthmus.kernels.ownership.sensitivity import Flip, without_each_source
from isthmus.kernels.ownership.ultimate import ultimate, ultimate_of

SMALL = 3000
RUNS = 5


@dataclass(frozen=True, slots=True)
class Times:
    """The shortest time of several on the wall and on the processors."""

    seconds: float
    cpu: float


def best(work: Callable[[], Any], runs: int = RUNS) -> tuple[Times, Any]:
    """Return the shortest of several times, and the last answer."""
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        found = work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return Times(min(walls), min(cpus)), found


class Results:
    """The rows of the table."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self._times: dict[str, Times] = {}

    def add(self, what: str, times: Times, found: int | None = None, *, against: str = "", floor: bool = False) -> None:
        """Note a time: beside another by name, and in multiples of the floor of the machine."""
        self._times[what] = times
        row: dict[str, Any] = {"what": what, "seconds": times.seconds, "cpu": times.cpu}
        if found is not None:
            row["found"] = found
        if floor:
            row["floors"] = times.cpu / self._times["gather floor"].cpu
        if against:
            other = self._times[against]
            row |= {"ratio": times.seconds / other.seconds, "cpu_ratio": times.cpu / other.cpu, "of": against}
        self.rows.append(row)


def indexed(holdings: Holdings) -> Holdings:
    """Work out what the kernels share: rows by both ends, sums, weights."""
    again = Holdings(holdings.nodes, holdings.holders, holdings.targets, holdings.low, holdings.high)
    _ = again.by_holder, again.by_target, again.left_out, again.telling, again.low_by_holder, again.low_by_target
    return again


def keys(pairs: Pairs) -> NDArray[np.int64]:
    """Return each pair as one number, rising."""
    nodes = pairs.starts.size - 1
    found: NDArray[np.int64] = np.sort(pairs.heads().astype(np.int64) * nodes + pairs.ends)
    return found


def gather_floor(nodes: int, edges: int) -> Times:
    """Return the time of one random read for each edge, which no kernel on shuffled numbers can be below."""
    chance = np.random.default_rng(1)
    source, places = np.arange(nodes, dtype=np.int32), chance.integers(0, nodes, edges, dtype=np.int32)
    out = np.empty(edges, np.int32)
    times, _ = best(lambda: np.take(source, places, out=out, mode="clip"), 15)
    return times


def ours(made: Register, given: Holdings, grouped: Arranged, results: Results) -> Pairs:
    """Time our kernels, as given and arranged, and assert that both say the same."""
    near = indexed(grouped.holdings)
    results.add("gather floor", gather_floor(made.nodes, made.holders.size))
    times, pairs = best(lambda: controlled(given))
    results.add("all pairs, as given", times, len(pairs), floor=True)
    times, found = best(lambda: controlled(near))
    results.add("all pairs, arranged", times, len(found), floor=True)
    times, back = best(lambda: grouped.pairs(found))
    results.add("all pairs, back as given", times, len(back))
    assert (keys(back) == keys(pairs)).all()
    times, tops = best(lambda: ultimate(given))
    results.add("ultimate, as given", times, len(tops.rings()), floor=True)
    expected = ultimate_of(pairs)
    assert (tops.roots == expected.roots).all()
    assert (tops.ring == expected.ring).all()
    times, tops = best(lambda: ultimate(near))
    results.add("ultimate, arranged", times, len(tops.rings()), floor=True)
    assert (grouped.ultimate(tops).roots == expected.roots).all()
    same = bounded_control(near)
    assert (keys(same.certain) == keys(found)).all()
    assert (keys(same.possible) == keys(found)).all()
    wide = indexed(widened(near))
    times, bounds = best(lambda: bounded_control(wide))
    results.add("intervals, arranged", times, len(bounds.possible), against="all pairs, arranged")
    assert np.isin(keys(bounds.certain), keys(bounds.possible)).all()
    told = evidence(made.holders.size)
    times, flips = best(lambda: without_each_source(near, told), 1)
    results.add(f"without each of {len(flips)} sources", times, sum(flip.lost[0].size for flip in flips))
    for flip in flips[:2]:
        check(flip, near, told.starts, told.sources, found)
    return pairs


def check(flip: Flip, holdings: Holdings, starts: NDArray[Any], sources: NDArray[Any], before: Pairs) -> None:
    """Assert that what changes without a source is what a register without it says."""
    edges = np.repeat(np.arange(starts.size - 1), np.diff(starts))
    stays = np.zeros(starts.size - 1, np.bool_)
    stays[edges[sources != flip.source]] = True
    rest = Holdings.exact(holdings.nodes, holdings.holders[stays], holdings.targets[stays], holdings.low[stays])
    lost = np.sort(flip.lost[0].astype(np.int64) * holdings.nodes + flip.lost[1])
    assert flip.gained[0].size == 0
    assert (np.setdiff1d(keys(before), keys(controlled(rest)), assume_unique=True) == lost).all()


def peers(made: Register, pairs: Pairs, results: Results) -> None:
    """Time the others and assert that they say what ours says."""
    expected = keys(pairs)
    times, database = best(lambda: database_of(made), 1)
    results.add("DuckDB, load", times)
    times, found = best(lambda: by_duckdb(database), 1)
    database.close()
    assert (np.sort(found[:, 0] * made.nodes + found[:, 1]) == expected).all()
    for against in ("all pairs, as given", "all pairs, arranged"):
        results.add("DuckDB, all pairs", times, len(found), against=against)
    times, graph = best(lambda: graph_of(made), 1)
    results.add("networkx, load", times)
    times, listed = best(lambda: by_networkx(graph), 1)
    found = np.array(listed, np.int64)
    assert (np.sort(found[:, 0] * made.nodes + found[:, 1]) == expected).all()
    for against in ("all pairs, as given", "all pairs, arranged"):
        results.add("networkx, all pairs", times, len(found), against=against)


def economic(made: Register, grouped: Arranged, results: Results, *, others: bool) -> None:
    """Time the integrated value of all nodes, and SciPy's."""
    values = np.random.default_rng(2).random(made.nodes)
    near = indexed(grouped.holdings)
    times, found = best(lambda: portfolio(near, values[grouped.names]))
    results.add("integrated, arranged", times, len(found.closed), floor=True)
    if others:
        assert not found.closed, "SciPy cannot solve a register with a ring that owns itself wholly"
        times, expected = best(lambda: by_scipy(made, values), 1)
        assert np.allclose(found.values[grouped.places], expected, rtol=1e-9, atol=1e-12)
        results.add("SciPy spsolve", times, against="integrated, arranged")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--companies", type=int, default=1_000_000)
    parser.add_argument("--ours", action="store_true", help="leave the others out")
    given = parser.parse_args()
    # All kernels are compiled, or read from their cache, before anything is timed.
    small, warm = register(SMALL), Results()
    peers(small, ours(small, indexed(small.holdings()), arranged(small.holdings()), warm), warm)
    economic(small, arranged(small.holdings()), warm, others=True)
    made, results = register(given.companies), Results()
    times, holdings = best(lambda: indexed(made.holdings()))
    results.add("index", times, made.holders.size)
    times, grouped = best(lambda: arranged(holdings))
    results.add("arrange", times)
    pairs = ours(made, holdings, grouped, results)
    economic(made, grouped, results, others=not given.ours)
    if not given.ours:
        peers(made, pairs, results)
    result = {"benchmark": "control", **machine(), "numba": numba.__version__, "scipy": scipy.__version__}
    sizes = {"companies": made.companies, "nodes": made.nodes, "holdings": made.holders.size, "pairs": len(pairs)}
    print(json.dumps({**result, **sizes, "peak_mb": peak_memory(), "results": results.rows}))
    table([{name: _short(value) for name, value in row.items()} for row in results.rows])


def _short(value: Any) -> Any:
    """Return a time to the thousandth, and other things as they are."""
    return f"{value:,.3f}" if isinstance(value, float) and value < 10 else value


if __name__ == "__main__":
    main()
