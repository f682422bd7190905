"""Read FollowTheMoney JSON lines into a picture, against `followthemoney` with its SQL statement store, on the same file.

The other side is installed by this script into an environment of its own (uv is needed; nothing of it goes into ours): `followthemoney`
reads each line into an entity as its documentation shows, and `nomenklatura`'s SQLStore, its statement store, writes the statements to
SQLite in one transaction. PyICU would be compiled for minutes there; ready-made wheels stand in for it.

    python -m benchmarks.ftm --entities 50000
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.generate import ENDS, WORDS
from benchmarks.measure import ROOT, Clock, alone, machine, report, scratch, table
from isthmus.claims.store import Store
from isthmus.service.adding import AddOptions, add_files

TARGET = 10
PACKAGES = ("followthemoney==4.11.2", "nomenklatura==4.17.4", "pyicu-wheels==2.15.2")
THEIRS = """
import json, sys, time
import orjson
from followthemoney import Dataset, StatementEntity
from nomenklatura.db import get_engine
from nomenklatura.resolver import Linker
from nomenklatura.store import SQLStore
from sqlalchemy import func, select
evidence, target = sys.argv[1:]
begun, used = time.perf_counter(), time.process_time()
dataset = Dataset.make({"name": "benchmark", "title": "Benchmark"})
engine = get_engine("sqlite:///" + target)
store = SQLStore(dataset, Linker({}), engine)
with store.writer() as writer, open(evidence, "rb") as file:
    while line := file.readline():
        writer.add_entity(StatementEntity.from_data(dataset, orjson.loads(line), cleaned=True))
seconds, processor = time.perf_counter() - begun, time.process_time() - used
with engine.connect() as connection:
    column = store.table.c.canonical_id
    entities = connection.execute(select(func.count(column.distinct()))).scalar()
    statements = connection.execute(select(func.count()).select_from(store.table)).scalar()
peak = next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(json.dumps({"seconds": round(seconds, 3), "processor": round(processor, 3), "entities": entities, "statements": statements,
                  "peak_mb": peak}))
"""


def write(entities: int, folder: Path) -> Path:
    """Write companies, and ownerships between them, as JSON lines; nothing in them is true."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"entities-{entities}.ftm.json"
    if path.exists():
        return path
    chance = random.Random(20261123)
    words = {script: text.split() for script, text in WORDS.items()}
    companies = entities * 2 // 3
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:
        for number in range(entities):
            if number < companies:
                script = chance.choices(tuple(words), (72, 10, 13, 5))[0]
                name = " ".join([*chance.sample(words[script], 3), chance.choice(ENDS[script].split("|"))])
                properties = {
                    "name": [name],
                    "country": [chance.choice(("de", "fr", "cn", "us", "ru", "ae", "gb", "jp"))],
                    "incorporationDate": [
                        f"{chance.randint(1950, 2023)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
                    ],
                    "registrationNumber": [f"HRB {number}"],
                    "address": [f"{chance.randint(1, 400)} {chance.choice(words['latin'])} Street"],
                }
                if number % 4 == 0:
                    properties["alias"] = [f"{name} Group"]
                document = {"id": f"co-{number}", "schema": "Company", "properties": properties}
            else:
                properties = {
                    "owner": [f"co-{chance.randrange(companies)}"],
                    "asset": [f"co-{chance.randrange(companies)}"],
                    "percentage": [str(chance.randint(1, 100))],
                    "startDate": [str(chance.randint(1990, 2023))],
                }
                document = {"id": f"own-{number}", "schema": "Ownership", "properties": properties}
            file.write(json.dumps(document, ensure_ascii=False) + "\n")
    partial.rename(path)
    return path


def environment(folder: Path) -> Path:
    """Return the Python of the other side's environment; make it where it is missing."""
    python = folder / "bin" / "python"
    stamp = folder / "installed.txt"
    wanted = "\n".join(PACKAGES)
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    uv = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
    if not Path(uv).exists():
        raise SystemExit("uv is needed to install the other side: run scripts/setup first")
    subprocess.run([uv, "venv", "--quiet", "--clear", str(folder)], check=True)
    override = folder / "override.txt"
    override.write_text("pyicu ; python_version < '0'\n")
    command = [uv, "pip", "install", "--quiet", "--python", str(python), "--override", str(override), *PACKAGES]
    subprocess.run(command, check=True)
    stamp.write_text(wanted)
    return python


def ours(evidence: Path, folder: Path) -> None:
    """Time `add_files` with the adapter `ftm`; every entity's id begins the locator of its claims."""
    picture = folder / "picture.duckdb"
    clock = Clock()
    done = add_files(picture, [evidence], AddOptions(format="ftm"))["files"][0]
    figures = {"seconds": clock.wall, "processor": clock.processor}
    assert done["rejected_count"] == 0, done["rejected"][:3]
    with Store(picture, read_only=True) as store:
        entities = store.value("SELECT count(DISTINCT split_part(locator, '#', 1)) FROM claims")
    report(**figures, entities=entities, claims=done["claims_new"])


def theirs(evidence: Path, folder: Path, python: Path) -> dict[str, Any]:
    command = [str(python), "-c", THEIRS, str(evidence), str(folder / "statements.sqlite")]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--entities", type=int, default=300_000)
    parser.add_argument("--data", type=Path, default=Path("benchmarks/data"))
    parser.add_argument("--worker", nargs=2, metavar=("EVIDENCE", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        ours(Path(given.worker[0]), Path(given.worker[1]))
        return
    data = given.data.resolve()
    evidence = write(given.entities, data)
    python = environment(data / "ftm-environment")
    with scratch(data) as place:
        here = alone("benchmarks.ftm", "--worker", str(evidence), str(place))
        there = theirs(evidence, place, python)
    assert here["entities"] == there["entities"] == given.entities, (here, there)
    rows = [
        {"what": "isthmus", **here, "per_s": round(given.entities / here["seconds"])},
        {"what": "followthemoney + nomenklatura", **there, "per_s": round(given.entities / there["seconds"])},
    ]
    times = round(there["seconds"] / here["seconds"], 1)
    processor = round(there["processor"] / here["processor"], 1)
    result = {"benchmark": "ftm", **machine(), "target": TARGET, "times": times, "processor_times": processor}
    print(json.dumps({**result, "results": rows}))
    table(rows)
    print(f"{times} times the rate ({processor} times by processor time)")


if __name__ == "__main__":
    main()
