"""A large bill of materials joined with who controls its suppliers, in the picture of a register of a million companies; and where one
part of a thousand bills is used.

    python -m benchmarks.joins --data /tmp/joins
    python -m benchmarks.joins --data /tmp/joins --companies 100000 --parts 2000 --bills 100

Every answer is compared with plain Python on the same data: what the bill needs tier by tier, how many fail with a part, which suppliers
an actor controls, and which bills and parts hold or need a part.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow.parquet as parquet

import isthmus
from benchmarks.control_asked import write_claims
from benchmarks.measure import Clock, alone, machine, report, table
from benchmarks.names_scale import quality, subjects
from benchmarks.ownership_register import Register, register
from benchmarks.register import SEED, write
from benchmarks.shared_parts import Bill, Supplier, bill_of, needs_of, purl, write_bill, write_many
from isthmus.claims.judging import By, NewJudgement
from isthmus.claims.store import Store
from isthmus.entities.matching.search import find_matches
from isthmus.service import AddOptions, add_files
from isthmus.sources.cyclonedx.values import organisation_id

PRODUCT = "purl:pkg:generic/product-1@1.0.0"
SUPPLIERS = 2000
EACH, POOL = 200, 5000
"""The parts of a small bill, and out of how many they are taken."""
ASKED = 101
TARGETS_S = {"join": 2.0, "where-used": 0.1}
Ends = dict[int, set[int]]


def called(told: Register, data: Path, suppliers: int) -> tuple[np.ndarray, list[Supplier]]:
    """Return what each node of a register is called, and some of its companies as suppliers whom another list spells otherwise."""
    ours, theirs = (parquet.read_table(path) for path in write(data, suppliers, told.companies, 1.0, SEED))
    held = np.isin(np.arange(told.nodes), told.targets)
    firms = np.argsort(~held, kind="stable")[: told.companies]
    names = np.char.add("Party ", np.arange(told.nodes).astype(str)).astype(object)
    names[firms] = np.array(theirs["name"].to_pylist(), dtype=object)
    node = dict(zip(theirs["truth"].to_pylist(), firms.tolist(), strict=True))
    listed = zip(ours["name"].to_pylist(), ours["truth"].to_pylist(), strict=True)
    return names, [Supplier(name, f"n{node[truth]}", place % 2 == 0) for place, (name, truth) in enumerate(listed)]


def made(companies: int, parts: int, data: Path) -> tuple[Register, np.ndarray, Bill]:
    told = register(companies)
    names, suppliers = called(told, data, min(SUPPLIERS, parts))
    return told, names, bill_of(parts, suppliers)


def joined(path: Path, companies: int, parts: int, data: Path) -> dict[str, Any]:
    """Make the picture: the register, then the bill, then the judgements that join the suppliers who are only named; time the last two."""
    base, document = data / f"joins-{companies}.duckdb", data / f"joins-{companies}-{parts}.cdx.json"
    told, names, given = made(companies, parts, data)
    if not base.exists():
        claims = data / f"joins-{companies}.parquet"
        write_claims(told, claims, names)
        add_files(base, [claims], AddOptions())
    write_bill(given, document)
    shutil.rmtree(f"{path}.cache", ignore_errors=True)
    shutil.copy(base, path)
    steps: list[tuple[str, float, float]] = []
    clock = Clock()
    add_files(path, [document], step=lambda what: steps.append((what, clock.wall, clock.processor)))
    whole = (clock.wall, clock.processor)
    read = next((wall, cpu) for what, wall, cpu in steps if what.startswith("checking"))
    ids = {one.name: organisation_id(one.name) for one in given.suppliers if not one.given}
    assert len(set(ids.values())) == len(ids)
    clock = Clock()
    with Store(path) as store:
        store.judge_many(
            NewJudgement(ids[one.name], one.entity, "same", "the same firm", By.rule("names", 1))
            for one in given.suppliers
            if not one.given
        )
    return {
        "read_s": read[0], "read_cpu_s": read[1], "added_s": whole[0] - read[0], "added_cpu_s": whole[1] - read[1],
        "judged_s": clock.wall, "suppliers": len(given.suppliers), "judged": len(ids),
    }  # fmt: skip


def ask(path: Path, companies: int, parts: int, data: Path) -> None:
    """Ask the joined picture in this process, each question twice, and compare with plain Python."""
    told, _, given = made(companies, parts, data)
    actor = _actor(told, given)
    part = Counter(end for ends in given.needs for end in ends).most_common(1)[0][0]
    figures: dict[str, Any] = {}
    with isthmus.open(path) as held:

        def timed(lens: str, **question: Any) -> Any:
            found = None
            for turn in ("first", "warm"):
                clock = Clock()
                found = held.ask(lens, **question)
                name = f"{lens} {turn}"
                figures[name] = {"seconds": clock.wall, "cpu_s": clock.processor}
            return found

        below = timed("dependence", of=PRODUCT)
        chokes = timed("chokepoints", of=PRODUCT)
        exposed = timed("exposure", of=PRODUCT, to=f"n{actor}")
        timed("concentration", need=f"purl:{purl(part)}")
    suppliers = {one.entity for one in given.suppliers}
    assert below.extra["tiers"][1]["things"] == parts + len(suppliers)
    failing = _failing(given, part)
    entity = f"purl:{purl(part)}"
    assert chokes.extra["totals"]["alone"] == 1 + parts + len(suppliers)
    assert next(row["impact"] for row in chokes.answers if row["entity"] == entity) == failing
    # The actor's suppliers, and no others, are in the answer.
    controlled = {f"n{node}" for node in _controlled(told, actor)} & suppliers
    assert {row["entity"] for row in exposed.answers if row["control"] == "controls"} == controlled
    report(questions=figures, failing=failing, controlled=len(controlled))


def _failing(given: Bill, part: int) -> int:
    """Return how many things fail with a part: all that need it, and the product."""
    users: Ends = defaultdict(set)
    for number, ends in enumerate(given.needs):
        for end in ends:
            users[end].add(number)
    return len(_reached(users, part)) + 1


def _reached(following: Ends, start: int) -> set[int]:
    seen, open_ = {start}, [start]
    while open_:
        for end in following.get(open_.pop(), ()):
            if end not in seen:
                seen.add(end)
                open_.append(end)
    return seen


def _controlled(told: Register, actor: int) -> set[int]:
    """Return all that an actor controls: more than half of it is in the hands of the actor and of what the actor controls."""
    below: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for holder, target, points in zip(told.holders.tolist(), told.targets.tolist(), told.points.tolist(), strict=True):
        below[holder].append((target, points))
    held: Counter[int] = Counter()
    found, open_ = {actor}, [actor]
    while open_:
        for target, points in below.get(open_.pop(), ()):
            held[target] += points
            if target not in found and held[target] > 5000:
                found.add(target)
                open_.append(target)
    return found


def _actor(told: Register, given: Bill) -> int:
    """Return the one with most suppliers in majority hands, over chains of single holders of more than half."""
    most = told.points > 5000
    above = dict(zip(told.targets[most].tolist(), told.holders[most].tolist(), strict=True))
    counts: Counter[int] = Counter()
    for supplier in given.suppliers:
        node, seen = int(supplier.entity[1:]), set[int]()
        while node in above and node not in seen:
            seen.add(node)
            node = above[node]
            counts[node] += 1
    return max(counts, key=lambda node: (counts[node], -node))


def match(companies: int, parts: int, data: Path) -> None:
    """Look the names of the suppliers up among all companies: how a name of the bill becomes a company of the register."""
    ours, theirs = (parquet.read_table(path) for path in write(data, min(SUPPLIERS, parts), companies, 1.0, SEED))
    one, two = subjects(ours), subjects(theirs)
    find_matches(one[:50], two[:50])
    clock = Clock()
    found = find_matches(one, two)
    report(
        seconds=clock.wall, cpu_s=clock.processor, names=len(two), queries=len(one),
        quality=quality(found, ours["truth"].to_pylist(), theirs["truth"].to_pylist()),
    )  # fmt: skip


def used(path: Path, bills: int, data: Path) -> None:
    """Ask where parts are used, in one process, and compare each answer with plain Python."""
    inside = write_many(data / f"bills-{bills}", bills, EACH, POOL)
    if not path.exists():
        add_files(path, sorted((data / f"bills-{bills}").glob("*.cdx.json")))
    users: Ends = defaultdict(set)
    needs = needs_of(POOL)
    for number, mine in enumerate(inside):
        for part in mine:
            users[part].add(-1 - number)
            for end in needs[part]:
                if end in mine:
                    users[end].add(part)
    chance = np.random.default_rng(SEED)
    held_by = Counter(part for mine in inside for part in mine)
    asked = [held_by.most_common(1)[0][0], *chance.choice(sorted(held_by), ASKED - 1, replace=False).tolist()]
    figures = []
    with isthmus.open(path) as held:
        clock = Clock()
        held.ask("where-used", of=f"purl:{purl(asked[-1])}")
        first = {"seconds": clock.wall, "cpu_s": clock.processor}
        for part in asked:
            clock = Clock()
            found = held.ask("where-used", of=f"purl:{purl(part)}")
            figures.append((clock.wall, clock.processor))
            assert found.extra["totals"]["things"] == len(_reached(users, part)) - 1
        sizes = [len(_reached(users, part)) - 1 for part in asked]
    rest = figures[1:]
    report(
        first=first,
        warm={"seconds": median(wall for wall, _ in rest), "cpu_s": median(cpu for _, cpu in rest)},
        slowest={"seconds": max(rest)[0], "cpu_s": max(cpu for _, cpu in rest), "things": max(sizes[1:])},
        everywhere={"seconds": figures[0][0], "cpu_s": figures[0][1], "things": sizes[0]},
        things=int(median(sizes[1:])),
    )


def cold(path: Path, *question: str) -> dict[str, float]:
    """Time a whole process of the command line."""

    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "isthmus", "-p", str(path), "--json", "ask", *question],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": round(time.perf_counter() - begun, 2),
        "cpu_s": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2),
    }


def main() -> None:
    """Make what is not there yet, ask, and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--companies", type=int, default=1_000_000)
    parser.add_argument("--parts", type=int, default=20_000)
    parser.add_argument("--bills", type=int, default=1000)
    parser.add_argument("--data", type=Path, default=Path("benchmarks/data"))
    parser.add_argument("--worker", choices=("ask", "match", "used"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    data = given.data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    path, many = data / f"joins-{given.companies}-{given.parts}.duckdb", data / f"bills-{given.bills}.duckdb"
    workers: dict[str, Callable[[], None]] = {
        "ask": lambda: ask(path, given.companies, given.parts, data),
        "match": lambda: match(given.companies, given.parts, data),
        "used": lambda: used(many, given.bills, data),
    }
    if given.worker:
        workers[given.worker]()
        return
    added = joined(path, given.companies, given.parts, data)
    sizes = ["--companies", str(given.companies), "--parts", str(given.parts), "--bills", str(given.bills)]
    parts = {name: alone("benchmarks.joins", *sizes, "--data", str(data), "--worker", name) for name in workers}
    told, _, made_bill = made(given.companies, given.parts, data)
    actor = f"n{_actor(told, made_bill)}"
    rows: list[dict[str, Any]] = [
        {"what": "bill: reading", "seconds": added["read_s"], "cpu_s": added["read_cpu_s"]},
        {"what": "bill: into the picture", "seconds": added["added_s"], "cpu_s": added["added_cpu_s"]},
        *({"what": name, **values} for name, values in parts["ask"]["questions"].items()),
        {"what": "exposure, cold process", **cold(path, "exposure", "--of", PRODUCT, "--to", actor)},
        {"what": "chokepoints, cold process", **cold(path, "chokepoints", "--of", PRODUCT)},
        {"what": "suppliers' names among all", **{name: parts["match"][name] for name in ("seconds", "cpu_s")}},
        *({"what": f"where-used {name}", **parts["used"][name]} for name in ("first", "warm", "slowest", "everywhere")),
        {"what": "where-used, cold process", **cold(many, "where-used", f"purl:{purl(POOL // 2)}")},
    ]
    print(
        json.dumps({"benchmark": "joins", **machine(), **vars(given), "data": None, **added, **parts, "results": rows})
    )
    table(rows)


if __name__ == "__main__":
    main()
