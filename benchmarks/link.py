"""Time the search of matches and the same model through Splink, on the same two invented registers, and compare their pairs.

    python -m benchmarks.link
    python -m benchmarks.link --rows 2000 --engines find duckdb spark

`find` is `find_matches`; the others are engines of `link`. Each runs in a process of its own; processor seconds
include those of its workers, but not of Spark.
"""

from __future__ import annotations

import argparse
import json
import resource
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.measure import Clock, alone, machine, report, table
from benchmarks.register import write
from isthmus.entities.matching import Subject
from isthmus.entities.matching.linking import link
from isthmus.entities.matching.search import find_matches

ENGINES = ("find", "duckdb", "every", "spark")
OVERLAP = 0.3
WITHIN = 0.01


def subjects(rows: list[dict[str, Any]]) -> list[Subject]:
    return [
        Subject(
            (row["name"],),
            "organisation",
            frozenset({row["country"].lower()} if row["country"] else ()),
            frozenset({("lei", row["lei"])} if row["lei"] else ()),
        )
        for row in rows
    ]


def run(engine: str, paths: list[Path], out: Path) -> None:
    """Match the two lists once, keep the pairs in `out`, and print the figures."""
    first, second = (pq.read_table(path).to_pylist() for path in paths)
    a, b = subjects(first), subjects(second)
    clock = Clock()
    pairs: list[tuple[int, int, float]]
    if engine == "find":
        found = find_matches(a, b, limit=1_000)
        pairs = [(one, two, held.score) for one, matches in enumerate(found) for two, held in matches]
    else:
        rows = link(a, b, engine="duckdb" if engine == "every" else engine, every=engine == "every").to_pylist()
        pairs = [(row["a"], row["b"], row["score"]) for row in rows]
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds, processor = clock.wall, round(clock.processor + workers.ru_utime + workers.ru_stime, 3)
    out.write_text(json.dumps(pairs), encoding="utf-8")
    right = sum(first[one]["truth"] == second[two]["truth"] for one, two, _ in pairs)
    shared = len({row["truth"] for row in first} & {row["truth"] for row in second})
    figures = {"precision": round(right / max(len(pairs), 1), 4), "recall": round(right / max(shared, 1), 4)}
    report(engine=engine, seconds=seconds, processor=processor, pairs=len(pairs), **figures)


def read(path: Path) -> dict[tuple[int, int], float]:
    return {(one, two): score for one, two, score in json.loads(path.read_text(encoding="utf-8"))}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000, help="names in each list")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=["find", "duckdb"])
    parser.add_argument("--data", type=Path, default=Path("benchmarks/data"))
    parser.add_argument("--one", nargs=4, metavar=("ENGINE", "A", "B", "OUT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        engine, *paths = given.one
        run(engine, [Path(path) for path in paths[:2]], Path(paths[2]))
        return
    lists = [str(path.resolve()) for path in write(given.data, given.rows, given.rows, OVERLAP)]
    rows, pairs = [], {}
    for engine in given.engines:
        out = given.data / f"link-{engine}.json"
        rows.append(alone("benchmarks.link", "--one", engine, *lists, str(out.resolve())))
        pairs[engine] = read(out)
        out.unlink()
    ours = pairs[given.engines[0]]
    for row in rows:
        theirs = pairs[row["engine"]]
        both = ours.keys() & theirs.keys()
        row["missing"], row["more"] = len(ours) - len(both), len(theirs) - len(both)
        row["score_apart"] = round(max((abs(ours[pair] - theirs[pair]) for pair in both), default=0.0), 4)
        assert row["score_apart"] <= WITHIN, f"{row['engine']} scores a pair otherwise"
    print(json.dumps({"machine": machine(), "rows": given.rows, "runs": rows}))
    table(rows)


if __name__ == "__main__":
    main()
