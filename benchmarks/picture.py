"""Assemble pictures of a large store, and search and show in it, cold and warm.

The request is the same throughout: as of a day, without three sources, under TLP:GREEN. *First* is a new process without a cache,
*repeated* another day in the same process, *cached* a new process that finds the first picture's record beside the store. What counts as
assembling: binding the request, the content hash over every visible claim, and the counts of what is covered.

    python -m benchmarks.picture --claims 10000000
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.generate import PLACES, SOURCES, count, write
from benchmarks.measure import ROOT, Clock, alone, machine, report, table
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.coverage import coverage
from isthmus.service.adding import add_files
from isthmus.service.front import OpenPicture, open_picture

TARGETS_MS = {
    "first": 8000,
    "repeated": 5000,
    "cached": 1000,
    "show": 20,
    "find by word start": 10,
    "find inside words": 50,
    "cold find": 600,
}
DAY, OTHER_DAY = "2015-06-30", "2011-01-31"
RUNS = 40
STARTS = ("merid", "quantum", "nova hafen", "волга", "сибирь связь", "华信", "电信科技", "الخليج", "silic optic", "żiž")
INSIDE = ("eridia", "uantu", "atellit", "etwork", "ибир", "ilico", "ogistic", "apper", "rbit", "adio")


def opened(path: Path, day: str) -> OpenPicture:
    without = [f"register-{number:03d}" for number in (3, 77, SOURCES - 1)]
    return open_picture(path, as_of=day, without=without, ceiling="TLP:GREEN")


def assemble(path: Path, day: str) -> dict[str, Any]:
    clock = Clock()
    with opened(path, day) as picture:
        found = {"hash": picture.hash, "hash_s": clock.wall, "claims": coverage(picture)["claims"]}
    return {**found, "seconds": clock.wall}


def first(path: Path) -> None:
    one = assemble(path, DAY)
    other = assemble(path, OTHER_DAY)
    assert one["hash"] != other["hash"]
    report(first=one, repeated=other)


def cached(path: Path) -> None:
    report(cached=assemble(path, DAY))


def conflicts(path: Path) -> None:
    clock = Clock()
    with opened(path, DAY) as picture:
        found = len(find_conflicts(picture))
    report(seconds=clock.wall, conflicts=found)


def warm(path: Path) -> None:
    """Time single questions in one process; each kind is asked once before it is timed."""
    chance = random.Random(7)
    with open_picture(path) as picture:
        entities = int(picture.store.value("SELECT count(*) FROM entities"))
        keys = [chance.randint(1, entities) for _ in range(RUNS)]
        marks = ", ".join(map(str, keys))
        names = [row[0] for row in picture.store.rows(f"SELECT id FROM entities WHERE key IN ({marks})")]
        names = [name for name in names if name not in PLACES][:RUNS]
        found = {
            "show": _times(picture.show, names),
            "find by word start": _times(picture.find, STARTS),
            "find inside words": _times(picture.find, INSIDE),
        }
        hits = {text: len(picture.find(text)) for text in (*STARTS, *INSIDE)}
    report(**found, hits=hits)


def _times(ask: Callable[[str], Any], questions: tuple[str, ...] | list[str]) -> dict[str, float]:
    ask(questions[0])
    times = []
    for question in questions:
        begun = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - begun) * 1000)
    return {"median_ms": round(statistics.median(times), 1), "most_ms": round(max(times), 1)}


def cold(path: Path, *arguments: str) -> dict[str, float]:
    """Time whole processes of the command line."""
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        command = [sys.executable, "-m", "isthmus", "-p", str(path), "--json", *arguments]
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        times.append((time.perf_counter() - begun) * 1000)
    return {"median_ms": round(statistics.median(times), 1), "most_ms": round(max(times), 1)}


WORKERS = {"first": first, "cached": cached, "conflicts": conflicts, "warm": warm}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=int, default=10_000_000)
    parser.add_argument("--data", type=Path, default=Path("benchmarks/data"))
    parser.add_argument("--worker", nargs=2, metavar=("NAME", "PICTURE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        WORKERS[given.worker[0]](Path(given.worker[1]))
        return
    data = given.data.resolve()
    evidence = write(given.claims, data, ("parquet",))["parquet"]
    path = data / f"picture-{given.claims}.duckdb"
    if not path.exists():
        done = add_files(path, [evidence])["files"][0]
        assert done["claims_new"] == count(evidence)
    shutil.rmtree(path.with_name(path.name + ".cache"), ignore_errors=True)
    parts = {name: alone("benchmarks.picture", "--worker", name, str(path)) for name in WORKERS}
    one, other, kept = parts["first"]["first"], parts["first"]["repeated"], parts["cached"]["cached"]
    assert one["hash"] == kept["hash"]
    assert one["claims"] == kept["claims"]
    figures = {
        "first": {"median_ms": one["seconds"] * 1000, "peak_mb": parts["first"]["peak_mb"]},
        "repeated": {"median_ms": other["seconds"] * 1000},
        "cached": {"median_ms": kept["seconds"] * 1000, "peak_mb": parts["cached"]["peak_mb"]},
        "conflicts": {"median_ms": parts["conflicts"]["seconds"] * 1000, "peak_mb": parts["conflicts"]["peak_mb"]},
        **{name: parts["warm"][name] for name in ("show", "find by word start", "find inside words")},
        "cold find": cold(path, "find", "meridian"),
        "cold show": cold(path, "show", "reg-000000012"),
    }
    rows = [{"what": name, **values, "target_ms": TARGETS_MS.get(name)} for name, values in figures.items()]
    result = {"benchmark": "picture", **machine(), "claims": count(evidence), "shown": one["claims"]}
    print(
        json.dumps(
            {**result, "hash_s": one["hash_s"], "hits": parts["warm"]["hits"], "results": rows}, ensure_ascii=False
        )
    )
    table(rows)


if __name__ == "__main__":
    main()
