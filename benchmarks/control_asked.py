"""`ask control --of X` on the picture of an invented register: from a cold process, and in one that is warm.

python -m benchmarks.control_asked --companies 1000000
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as arrow
import pyarrow.parquet as parquet

import isthmus
from benchmarks.measure import machine, table
from benchmarks.ownership_register import SOURCES, Register, register
from isthmus.service import AddOptions, add_files

ASKED = 41
COLD = 5


def write_claims(told: Register, target: Path, called: np.ndarray | None = None) -> None:
    """Write the register as claims: each holding, and a name and a kind for each node; `called` gives the names."""
    nodes, edges = np.arange(told.nodes), len(told.holders)
    called = np.char.add("Party ", nodes.astype(str)) if called is None else called
    names = np.char.add("n", nodes.astype(str))
    shares = np.char.mod("%.4f", told.points / 10_000)
    held = _claims(names[told.holders], "owns", names[told.targets], None, shares, edges)
    named = _claims(names, "name", None, called, None, told.nodes)
    # Which of them are companies: those that somebody holds.
    kinds = np.where(np.isin(nodes, told.targets), "company", "party")
    parquet.write_table(
        arrow.concat_tables([held, named, _claims(names, "kind", None, kinds, None, told.nodes)]), target
    )


def _claims(
    subjects: np.ndarray, predicate: str, objects: object, values: object, shares: object, count: int
) -> arrow.Table:
    def column(given: object) -> arrow.Array:
        return arrow.nulls(count, arrow.string()) if given is None else arrow.array(given)

    return arrow.table(
        {
            "subject": column(subjects),
            "predicate": column(np.full(count, predicate)),
            "object": column(objects),
            "value": column(values),
            "low": column(shares),
            "high": column(shares),
            "unit": column(None if shares is None else np.full(count, "share")),
            "source": column(np.char.add("register-", (np.arange(count) % SOURCES).astype(str))),
            "locator": column(np.char.add("row ", np.arange(count).astype(str))),
        }
    )


def main() -> None:
    """Make the picture where it is not there yet, ask, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path, default=Path("benchmarks/data"))
    options = parser.parse_args()
    picture = options.data / f"control-{options.companies}.duckdb"
    told = register(options.companies)
    if not picture.exists():
        claims = options.data / f"control-{options.companies}.parquet"
        write_claims(told, claims)
        add_files(picture, [claims], AddOptions())
    companies = np.unique(told.targets)
    chosen = np.random.default_rng(7).choice(companies, ASKED, replace=False)
    names = [f"n{number}" for number in chosen.tolist()]
    cold = [_cold(picture, name) for name in names[:COLD]]
    warm = []
    with isthmus.open(picture) as held:
        for name in names:
            start = time.perf_counter()
            held.ask("control", of=name)
            warm.append(time.perf_counter() - start)
    found = [
        {"what": "cold process, median", "seconds": median(cold)},
        {"what": "cold process, slowest", "seconds": max(cold)},
        {"what": "first question of a process", "seconds": warm[0]},
        {"what": "second question (reads all rows)", "seconds": warm[1]},
        {"what": "warm, median", "seconds": median(warm[2:])},
        {"what": "warm, slowest", "seconds": max(warm[2:])},
    ]
    print(json.dumps({"benchmark": "control_asked", **machine(), "companies": options.companies, "results": found}))
    table(found)


def _cold(picture: Path, name: str) -> float:
    start = time.perf_counter()
    command = [sys.executable, "-m", "isthmus", "-p", str(picture), "--json", "ask", "control", "--of", name]
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
