"""What fails with what among the packages of Debian: all single failures, dominators, and what fails one target.

The graph is an index of packages: each package needs its dependencies, of which `|` gives alternatives; a virtual package is all that
provide it. Times are of the processor, taken in turn with those they are compared with. All single failures are the mean of several
runs, between which plain Python goes over all sources, or over a sample, extrapolated; the others are the best of several. Answers are
asserted equal. igraph and rustworkx are measured where they are installed.

    python -m benchmarks.dependence --index packages.csv.gz
    apt-cache dumpavail > packages.txt && python -m benchmarks.dependence --index packages.txt
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib
import importlib.util
import json
import math
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import ROOT, machine, table
from isthmus.kernels.dependence.dominators import dominators
from isthmus.kernels.dependence.failures import impact, starting_order
from isthmus.kernels.dependence.graph import Needs
from isthmus.kernels.dependence.pairs import pairs_of, single_failures
from isthmus.kernels.dependence.reach import dependants

INDEX = ROOT.parent / "shared/data/open/debian-dependency-graph/packages.csv.gz"
TARGETS = {"pure Python": 50.0, "igraph": 5.0, "rustworkx": 8.0, "pairs ms": 1000.0}
SHOWN = ("gcc-12-base", "libc6", "libzstd1", "libbz2-1.0")
NAME = re.compile(r"[^\s(:\[]+")

Packages = dict[str, list[str]]


def from_csv(path: Path) -> tuple[Packages, dict[str, set[str]]]:
    """Return the clauses of each package; this form of the index does not say who provides a virtual package."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return {row["package"]: f"{row['depends']} {row['pre_depends']}".split() for row in csv.DictReader(file)}, {}


def from_text(path: Path) -> tuple[Packages, dict[str, set[str]]]:
    """Return the clauses of each package and the providers of each virtual one, from a Packages index."""
    packages: Packages = {}
    provided: dict[str, set[str]] = defaultdict(set)
    for paragraph in path.read_text(encoding="utf-8").split("\n\n"):
        lines = (line.split(": ", 1) for line in paragraph.splitlines() if line[:1] not in (" ", "\t"))
        fields = {line[0]: line[1] for line in lines if len(line) == 2}
        if "Package" not in fields:
            continue
        clauses = [fields[name].split(",") for name in ("Depends", "Pre-Depends") if name in fields]
        packages[fields["Package"]] = [clause.strip() for listed in clauses for clause in listed]
        for name in fields.get("Provides", "").split(","):
            if found := NAME.match(name.strip()):
                provided[found[0]].add(fields["Package"])
    return packages, provided


def needs_of(packages: Packages, provided: dict[str, set[str]]) -> tuple[list[str], Needs, int]:
    """Return the packages' names, their needs, and how many clauses name nothing that is in the index."""
    names = list(packages)
    number = {name: place for place, name in enumerate(names)}
    rows: list[tuple[int, int, int]] = []
    unresolved = 0
    for name, clauses in packages.items():
        for place, clause in enumerate(clauses):
            found: set[int] = set()
            for alternative in clause.split("|"):
                if match := NAME.match(alternative.strip()):
                    named = {match[0], *provided.get(match[0], ())}
                    found |= {number[other] for other in named if other in number}
            unresolved += not found
            rows += [(number[name], place, other) for other in sorted(found)]
    return names, Needs.build(len(names), *np.array(rows, np.int64).reshape(-1, 3).T), unresolved


class Worklist:
    """The same question in plain Python: dictionaries, and counters of what each need has left."""

    def __init__(self, needs: Needs) -> None:
        self.subjects = needs.subjects.tolist()
        self.spare = (np.diff(needs.cuts) - needs.at_least).tolist()
        self.users: dict[int, list[int]] = defaultdict(list)
        alternatives, cuts = needs.alternatives.tolist(), needs.cuts.tolist()
        for need in range(needs.size):
            for other in alternatives[cuts[need] : cuts[need + 1]]:
                self.users[other].append(need)

    def fails(self, source: int) -> int:
        failed = {source}
        waiting = [source]
        lost: dict[int, int] = defaultdict(int)
        users, subjects, spare = self.users, self.subjects, self.spare
        while waiting:
            for need in users.get(waiting.pop(), ()):
                subject = subjects[need]
                if subject not in failed:
                    if spare[need]:
                        lost[need] += 1
                        if lost[need] <= spare[need]:
                            continue
                    failed.add(subject)
                    waiting.append(subject)
        return len(failed)


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    """Return an answer and the milliseconds of processor time that it took; all of these run in one thread."""
    begun = time.process_time()
    found = run()
    return found, (time.process_time() - begun) * 1000


def cold(needs: Needs) -> Needs:
    """Return needs that remember nothing of what was worked out from them."""
    parts = (needs.subjects, needs.numbers, needs.at_least, needs.cuts, needs.alternatives, needs.places)
    return Needs(needs.nodes, *parts)


def failures(needs: Needs, sample: int | None, runs: int) -> tuple[list[dict[str, Any]], np.ndarray]:
    """Time all single failures, in turn with parts of the sources in plain Python."""
    found = impact(needs)
    impact(needs, "bootstrap")
    chosen = random.Random(7).sample(range(needs.nodes), min(sample or needs.nodes, needs.nodes))
    worklist = Worklist(needs)
    ours, starting, python = 0.0, 0.0, 0.0
    for run in range(runs):
        again, taken = timed(lambda: impact(cold(needs)))
        ours += taken / runs
        assert np.array_equal(again, found)
        starting += timed(lambda: impact(cold(needs), "bootstrap"))[1] / runs
        part = chosen[run::runs]
        counts, taken = timed(lambda part=part: [worklist.fails(node) for node in part])  # type: ignore[misc]
        python += taken
        assert counts == found[part].tolist()
    python *= needs.nodes / len(chosen)
    rows = [
        {"what": "all single failures", "by": "isthmus", "ms": ours, "ratio": 1.0},
        {
            "what": "all single failures",
            "by": "pure Python",
            "ms": python,
            "ratio": python / ours,
            "note": f"extrapolated from {len(chosen):,} random sources" if sample else "all sources",
        },
        {"what": "the same at the start", "by": "isthmus", "ms": starting, "ratio": starting / ours},
    ]
    return rows, found


def dominance(needs: Needs, runs: int) -> list[dict[str, Any]]:
    """Time the dominator tree from a root over all packages that need nothing, along edges to those who use them."""
    root = needs.nodes
    first = np.flatnonzero(np.diff(needs.starts) == 0)
    heads = np.concatenate((needs.alternatives, np.full(first.size, root)))
    ends = np.concatenate((np.repeat(needs.subjects, np.diff(needs.cuts)), first)).astype(np.int32)
    edges = np.unique(np.stack((heads, ends)), axis=1)
    starts = np.searchsorted(edges[0], np.arange(root + 2))
    pairs = list(zip(*edges.tolist(), strict=True))
    peers: dict[str, Callable[[], list[int]]] = {}
    if importlib.util.find_spec("igraph"):
        graph = importlib.import_module("igraph").Graph(root + 1, pairs, directed=True)
        peers["igraph"] = lambda: graph.dominator(root, mode="out")
    if importlib.util.find_spec("rustworkx"):
        rustworkx = importlib.import_module("rustworkx")
        other = rustworkx.PyDiGraph()
        other.add_nodes_from(range(root + 1))
        other.extend_from_edge_list(pairs)
        peers["rustworkx"] = lambda: rustworkx.immediate_dominators(other, root)
    if importlib.util.find_spec("networkx"):
        networkx = importlib.import_module("networkx")
        third = networkx.DiGraph(pairs)
        peers["networkx"] = lambda: networkx.immediate_dominators(third, root)
    ours = dominators(starts, edges[1], root)
    best = dict.fromkeys(("isthmus", *peers), math.inf)
    for run in range(runs):
        best["isthmus"] = min(best["isthmus"], timed(lambda: dominators(starts, edges[1], root))[1])
        for name, peer in peers.items():
            if name == "networkx" and run:
                continue
            found, taken = timed(peer)
            best[name] = min(best[name], taken)
            assert plain(found, root) == ours.tolist()
    return [
        {"what": "dominators", "by": name, "ms": taken, "ratio": taken / best["isthmus"]}
        for name, taken in best.items()
    ]


def plain(found: Any, root: int) -> list[int]:
    """Return immediate dominators as ours are: the root its own, -1 where it does not reach."""
    listed = [found.get(node, -1) for node in range(root + 1)] if isinstance(found, dict) else list(found)
    listed[root] = root
    return [-1 if value is None or math.isnan(value) or value < 0 else int(value) for value in listed]


def targets(needs: Needs, names: list[str], runs: int) -> list[dict[str, Any]]:
    """Time single failures and pairs of one target, for random ones and for those that reach most."""
    chosen = random.Random(11).sample(range(needs.nodes), min(300, needs.nodes))
    for name in ("gnome", "task-gnome-desktop", "kde-full", "libreoffice"):
        chosen += [names.index(name)] if name in names else []
    pairs_of(needs, chosen[0])
    single_failures(needs, chosen[0])
    measured = []
    for target in chosen:
        single = min(timed(lambda target=target: single_failures(needs, target))[1] for _ in range(runs))  # type: ignore[misc]
        both = [timed(lambda target=target: pairs_of(needs, target)) for _ in range(runs)]  # type: ignore[misc]
        measured.append((min(taken for _, taken in both), single, target, both[0][0].first.size))
    pairs_ms, _, slowest, _ = max(measured)
    most = max(measured, key=lambda row: row[3])
    return [
        {
            "what": "single failures of a target",
            "by": "isthmus",
            "ms": max(row[1] for row in measured),
            "note": f"slowest of {len(measured)}",
        },
        {
            "what": "pairs of a target",
            "by": "isthmus",
            "ms": pairs_ms,
            "note": f"slowest of {len(measured)}: {names[slowest]}; most pairs {most[3]:,}: {names[most[2]]}",
        },
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--index", type=Path, default=INDEX)
    parser.add_argument("--sample", type=int, help="so many sources for plain Python, extrapolated; else all")
    parser.add_argument("--runs", type=int, default=7)
    given = parser.parse_args()
    packages, provided = (from_csv if given.index.name.endswith(".csv.gz") else from_text)(given.index)
    names, needs, unresolved = needs_of(packages, provided)
    rows, impacts = failures(needs, given.sample, given.runs)
    rows += dominance(needs, given.runs)
    rows += targets(needs, names, 3)
    shown = [
        {"package": name, "impact": int(impacts[node]), "reach": int((dependants(needs, [node]) >= 0).sum())}
        for name in SHOWN
        if name in packages
        for node in [names.index(name)]
    ]
    counts = {
        "packages": needs.nodes,
        "needs": needs.size,
        "alternatives": needs.alternatives.size,
        "needs_with_alternatives": int((np.diff(needs.cuts) > 1).sum()),
        "clauses_unresolved": unresolved,
        "failures": int(impacts.sum()),
        "never_start": int((starting_order(needs) < 0).sum()),
    }
    result = {"benchmark": "dependence", **machine(), **counts, "targets": TARGETS, "impacts": shown, "results": rows}
    print(json.dumps(result))
    table([{**row, "ms": round(row["ms"], 2)} for row in rows])
    table(shown)


if __name__ == "__main__":
    main()
