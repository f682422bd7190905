"""Load generated claims from Parquet, CSV and JSON Lines, against DuckDB's own CREATE TABLE AS of the same file.

Each figure comes from a process of its own, floor and load one after the other in the same run. The same file is added again, once as
a user does (the store knows the file by its SHA-256) and once past that short cut, so that every claim is looked up.

    python -m benchmarks.load --claims 10000000
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.generate import FORMATS, count, write
from benchmarks.measure import Clock, alone, machine, report, scratch, table
from isthmus.claims.connect import MEMORY
from isthmus.claims.store import FileFacts, Store
from isthmus.service.adding import add_files
from isthmus.sources.adapter import Job
from isthmus.sources.adapters.claims import ADAPTER

TARGETS = {
    "parquet": {"ratio": 2.3, "rate": 225_000},
    "csv": {"ratio": 3.8, "rate": 120_000},
    "jsonl": {"rate": 100_000},
}
FINGERPRINT = "SELECT count(*), sum(hash(id))::VARCHAR FROM claims"


def floor(evidence: Path, folder: Path) -> None:
    """Time CREATE TABLE AS into a new file, with the checkpoint that makes it last."""
    reads = {
        "parquet": f"read_parquet('{evidence}')",
        "csv": f"read_csv('{evidence}', all_varchar=true, header=true, delim=',', quote='\"')",
        "jsonl": f"read_json('{evidence}', format='newline_delimited')",
    }
    clock = Clock()
    with duckdb.connect(str(folder / "floor.duckdb")) as engine:
        engine.execute(f"SET memory_limit = '{MEMORY}'; SET preserve_insertion_order = false")
        engine.execute(f"CREATE TABLE claims AS FROM {reads[evidence.suffix[1:]]}")
        engine.execute("CHECKPOINT")
        row = engine.execute("SELECT count(*) FROM claims").fetchone()
    assert row is not None
    report(seconds=clock.wall, processor=clock.processor, rows=row[0])


def add(evidence: Path, folder: Path) -> None:
    """Time `add_files`, the way of the command line, into a new picture; the steps tell loading from indexing."""
    picture = folder / "picture.duckdb"
    clock = Clock()
    indexing: list[float] = []

    def step(what: str) -> None:
        if what.startswith("index"):
            indexing.append(clock.wall)

    done = add_files(picture, [evidence], step=step)["files"][0]
    figures = {"seconds": clock.wall, "processor": clock.processor}
    assert done["rejected_count"] == 0, done["rejected"][:3]
    with Store(picture, read_only=True) as store:
        held, fingerprint = store.rows(FINGERPRINT)[0]
    report(
        **figures,
        loading=round(indexing[0], 3) if indexing else figures["seconds"],
        new=done["claims_new"],
        held=held,
        fingerprint=fingerprint,
        file_mb=round(picture.stat().st_size / 1e6, 1),
    )


def again(evidence: Path, folder: Path) -> None:
    """Time the second `add_files` of the same file."""
    clock = Clock()
    done = add_files(folder / "picture.duckdb", [evidence])["files"][0]
    report(seconds=clock.wall, processor=clock.processor, new=done["claims_new"])


def look_up(evidence: Path, folder: Path) -> None:
    """Time a second load that looks every claim up."""
    clock = Clock()
    with tempfile.TemporaryDirectory(dir=folder) as work, Store(folder / "picture.duckdb") as store:
        reading = ADAPTER.read(Job(evidence, Path(work)))
        done = store.add(reading.select, FileFacts(evidence.name, "", "claims"))
    report(seconds=clock.wall, processor=clock.processor, new=done.new, held=done.held)


WORKERS = {"floor": floor, "add": add, "again": again, "look_up": look_up}


def measure(evidence: Path, claims: int, folder: Path) -> dict[str, Any]:
    """Return the figures of one format; stop where counts do not agree."""
    with scratch(folder) as place:
        found = {name: alone("benchmarks.load", "--worker", name, str(evidence), str(place)) for name in WORKERS}
    assert found["floor"]["rows"] == found["add"]["new"] == found["add"]["held"] == claims, found
    assert found["again"]["new"] == 0, found
    assert (found["look_up"]["new"], found["look_up"]["held"]) == (0, claims), found
    base, load = found["floor"], found["add"]
    rate = claims / load["loading"]
    return {
        "format": evidence.suffix[1:],
        "claims": claims,
        "floor_s": base["seconds"],
        "load_s": load["loading"],
        "ratio": round(load["loading"] / base["seconds"], 2),
        "processor_ratio": round(load["processor"] * load["loading"] / load["seconds"] / base["processor"], 2),
        "claims_per_s": round(rate),
        "with_index_s": load["seconds"],
        "again_s": found["again"]["seconds"],
        "look_up_s": found["look_up"]["seconds"],
        "peak_mb": load["peak_mb"],
        "file_mb": load["file_mb"],
        "fingerprint": load["fingerprint"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=int, default=10_000_000)
    parser.add_argument("--data", type=Path, default=Path("benchmarks/data"))
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--worker", nargs=3, metavar=("NAME", "EVIDENCE", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        name, evidence, folder = given.worker
        WORKERS[name](Path(evidence), Path(folder))
        return
    paths = write(given.claims, given.data.resolve(), ("parquet", *given.formats))
    claims = count(paths["parquet"])
    rows = [measure(paths[name], claims, given.data.resolve()) for name in given.formats]
    assert len({row.pop("fingerprint") for row in rows}) == 1, "the formats gave different claims"
    print(json.dumps({"benchmark": "load", **machine(), "targets": TARGETS, "results": rows}))
    table(rows)


if __name__ == "__main__":
    main()
