"""An invented register of holdings: companies and persons, a power law of holders, rings and joint control, ids shuffled.

Three of five nodes are companies, two are persons. A company has two holders on average, out of persons and of companies older than
itself, where old ones are taken far more often. Shares are whole basis points and never add up to more than 100 %; what is missing is
not told. One company in 120 stands in a ring of two to six in which each holds most of the next; one in 40 in a group where two daughters
together control a third company that neither controls. The numbers of all nodes are shuffled, as in a real register, where
neighbours in a group are none in the file.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from isthmus.kernels.ownership.holdings import WHOLE, Holdings
from isthmus.kernels.ownership.sensitivity import Evidence

POINT = WHOLE // 10_000
SOURCES = 100
SEED = 20261125

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Register:
    """Edges in basis points, without two between the same nodes."""

    companies: int
    nodes: int
    holders: Ints
    targets: Ints
    points: Ints

    def holdings(self) -> Holdings:
        return Holdings.exact(self.nodes, self.holders, self.targets, self.points * np.int32(POINT))


def register(companies: int, seed: int = SEED) -> Register:
    """Return a register of so many companies and two thirds as many persons."""
    chance = np.random.default_rng(seed)
    nodes = companies + 2 * companies // 3
    planted = companies // 30
    holders, targets, points = _plain(chance, companies, nodes)
    free = targets >= planted
    parts = [(holders[free], targets[free], points[free]), _planted(chance, planted, companies, nodes)]
    holders, targets, points = (np.concatenate(column) for column in zip(*parts, strict=True))
    keep = holders != targets
    key = targets[keep].astype(np.int64) * nodes + holders[keep]
    _, first = np.unique(key, return_index=True)
    names = chance.permutation(nodes).astype(np.int32)
    order = chance.permutation(first.size)
    kept = np.flatnonzero(keep)[first][order]
    return Register(companies, nodes, names[holders[kept]], names[targets[kept]], points[kept].astype(np.int32))


def evidence(count: int, seed: int = SEED) -> Evidence:
    """Return sources for so many edges: one of a hundred for four of five, two for the fifth."""
    chance = np.random.default_rng(seed + 1)
    each = 1 + (chance.random(count) < 0.2)
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(each, out=starts[1:])
    return Evidence(starts, chance.integers(0, SOURCES, int(starts[-1]), dtype=np.int32))


def widened(holdings: Holdings, seed: int = SEED) -> Holdings:
    """Return the holdings with three of ten shares told within five percent points, and with what that leaves to others."""
    chance = np.random.default_rng(seed + 2)
    wide = (chance.random(holdings.low.size) < 0.3) * np.int32(WHOLE // 20)
    low = np.maximum(holdings.low - wide, 0)
    high = np.minimum(holdings.high + wide, WHOLE)
    return Holdings(holdings.nodes, holdings.holders, holdings.targets, low, high)


def _plain(chance: np.random.Generator, companies: int, nodes: int) -> tuple[Ints, Ints, Ints]:
    """Give each company its holders: none, one, or more along a power law."""
    count = np.minimum(chance.zipf(2.2, companies), 60) * (chance.random(companies) < 0.93)
    targets = np.repeat(np.arange(companies), count)
    starts = np.cumsum(count) - count
    first = np.zeros(targets.size, np.bool_)
    first[starts[count > 0]] = True
    of_company = chance.random(targets.size) < 0.42
    older = (targets * chance.random(targets.size) ** 1.6).astype(np.int64)
    persons = companies + ((nodes - companies) * chance.random(targets.size) ** 1.5).astype(np.int64)
    holders = np.where(of_company & (targets > 0), older, persons)
    # The largest holder has all, most, half or less; the others share what is left in falling parts, and not always all of it.
    kind = chance.random(targets.size)
    majority = chance.integers(5001, 10_000, targets.size)
    minority = chance.integers(500, 5000, targets.size)
    largest = np.select([kind < 0.4, kind < 0.75, kind < 0.85], [10_000, majority, 5000], minority)
    top = np.repeat(largest[starts[count > 0]], count[count > 0])
    lone = np.repeat(count == 1, count)
    top = np.where(lone, top, np.minimum(top, 9900))
    rank = np.arange(targets.size) - np.repeat(starts, count)
    rest = (9_940 - np.minimum(top, 9900)) * chance.random(targets.size) * 0.5 ** np.minimum(rank, 12)
    points = np.where(first, top, np.maximum(rest.astype(np.int64), 1))
    return holders.astype(np.int32), targets.astype(np.int32), points.astype(np.int32)


def _planted(chance: np.random.Generator, planted: int, companies: int, nodes: int) -> tuple[Ints, Ints, Ints]:
    """Make rings and joint control among the companies numbered below `planted`."""
    holders: list[int] = []
    targets: list[int] = []
    points: list[int] = []

    def hold(holder: int, target: int, share: int) -> None:
        holders.append(holder)
        targets.append(target)
        points.append(share)

    at = 0
    while at + 6 <= planted:
        if chance.random() < 0.25:
            size = int(chance.integers(2, 7))
            for place in range(size):
                share = int(chance.integers(5001, 10_001))
                hold(at + place, at + (place + 1) % size, share)
            at += size
        else:
            parent, a, b, c = at, at + 1, at + 2, at + 3
            hold(int(chance.integers(companies, nodes)), parent, 10_000)
            hold(parent, a, 6000)
            hold(parent, b, 5500)
            hold(a, c, 3000)
            hold(b, c, 2500)
            hold(int(chance.integers(companies, nodes)), c, 4500)
            at += 4
    return np.array(holders, np.int32), np.array(targets, np.int32), np.array(points, np.int32)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--companies", type=int, default=10_000)
    made = register(parser.parse_args().companies)
    print(f"{made.companies:,} companies, {made.nodes:,} nodes, {made.holders.size:,} holdings")


if __name__ == "__main__":
    main()
