"""Time the search for matches in large lists, beside nomenklatura's index and logic-v2 on the same names in the same run.

python -m benchmarks.names_scale                         10,000 names against 100,000, and the peer
python -m benchmarks.names_scale --no-peer
python -m benchmarks.names_scale --dedupe 1000000        one list of that many among themselves (half of them twice)
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter

import pyarrow as arrow

from benchmarks.register import registers, write_lines
from isthmus.entities.matching.match import Subject
from isthmus.entities.matching.search import Found, find_matches

SEED = 7


def subjects(table: arrow.Table) -> list[Subject]:
    """Return names with their countries; identifiers are left out, so that names alone are measured."""
    return [
        Subject((name,), None, frozenset({country.lower()}) if country else frozenset())
        for name, country in zip(table["name"].to_pylist(), table["country"].to_pylist(), strict=True)
    ]


def quality(found: list[Found], truth: list[object], other: list[object]) -> str:
    """Return precision and recall of the best match of each query."""
    known = set(other)
    hits = [(truth[number], other[matches[0][0]]) for number, matches in enumerate(found) if matches]
    right = sum(a == b for a, b in hits)
    return (
        f"best match: P {right / max(1, len(hits)):.3f}  R {right / max(1, sum(name in known for name in truth)):.3f}"
    )


def memory() -> str:
    """Return the peak memory of this process and of its largest worker."""
    mine, theirs = (resource.getrusage(who).ru_maxrss / 1e6 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return f"peak {mine:.2f} GB, and {theirs:.2f} GB in the largest worker"


def timed_step(start: float) -> object:
    """Return what prints each step with the seconds since the start."""
    return lambda what: print(f"   {perf_counter() - start:7.1f} s  {what}", flush=True)


def against_peer(queries: int, names: int, peer: bool) -> None:
    """Match one list against another, and let the peer do the same."""
    a, b = registers(queries, names, 0.5, SEED)
    one, two = subjects(a), subjects(b)
    find_matches(one[:50], two[:50])  # the tables are read once, as the peer's are
    start = perf_counter()
    found = find_matches(one, two, step=timed_step(start))  # type: ignore[arg-type]
    ours = perf_counter() - start
    print(f"ours: {ours:.1f} s; {quality(found, a['truth'].to_pylist(), b['truth'].to_pylist())}; {memory()}")
    if not peer:
        return
    from benchmarks.peers.nomenklatura_env import environment  # noqa: PLC0415 - only asked for with the peer

    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / "a.jsonl", Path(folder) / "b.jsonl"]
        for table, file in zip((a, b), files, strict=True):
            write_lines(table.drop_columns(["lei"]), file)
        command = [
            str(environment()),
            "benchmarks/peers/nomenklatura_xref.py",
            *map(str, files),
            str(Path(folder) / "matches.jsonl"),
        ]
        start = perf_counter()
        done = subprocess.run([*command, "--best"], capture_output=True, text=True, check=True)
        wall = perf_counter() - start
        lines = (Path(folder) / "matches.jsonl").read_text("utf-8").splitlines()
    figures = json.loads(done.stderr.strip().splitlines()[-1])
    ids_a, ids_b = (
        dict(zip(a["id"].to_pylist(), a["truth"].to_pylist(), strict=True)),
        dict(zip(b["id"].to_pylist(), b["truth"].to_pylist(), strict=True)),
    )
    hits = [json.loads(line) for line in lines]
    right = sum(ids_a[hit["query"]] == ids_b[hit["match"]] for hit in hits)
    known = set(ids_b.values())
    print(
        f"peer: {figures}\n      best match: P {right / max(1, len(hits)):.3f}  R {right / sum(t in known for t in ids_a.values()):.3f}"
    )
    print(f"ratio of wall time, the peer's start not counted: {figures.get('total_s_all', wall) / ours:.1f}")


def dedupe(count: int) -> None:
    """Look for doubles in one list of `count` names, of which half are another spelling of one of the other half."""
    half = count // 2
    a, b = registers(half, half, 1.0, SEED)
    everything = subjects(a) + subjects(b)
    truth = a["truth"].to_pylist() + b["truth"].to_pylist()
    start = perf_counter()
    found = find_matches(everything, None, step=timed_step(start))  # type: ignore[arg-type]
    seconds = perf_counter() - start
    pairs = [(truth[one], truth[two]) for one, matches in enumerate(found) for two, _ in matches[:1]]
    right = sum(x == y for x, y in pairs)
    print(
        f"{count:,} names among themselves: {seconds:.0f} s; P {right / max(1, len(pairs)):.3f}  R {right / half:.3f}; {memory()}"
    )


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--names", type=int, default=100_000)
    parser.add_argument("--dedupe", type=int, help="look for doubles among this many names")
    parser.add_argument("--no-peer", action="store_true", help="ours alone")
    given = parser.parse_args()
    if given.dedupe:
        dedupe(given.dedupe)
    else:
        against_peer(given.queries, given.names, not given.no_peer)


if __name__ == "__main__":
    main()
