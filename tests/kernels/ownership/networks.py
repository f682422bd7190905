"""Networks small enough to be solved by trying everything, and that trying."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from hypothesis import strategies as st

from isthmus.kernels.ownership.holdings import WHOLE, Facts, Holdings

# The full number of cases (3,000) takes minutes: ISTHMUS_CASES=3000 asks for them.
CASES = int(os.environ.get("ISTHMUS_CASES", "150"))
TENTHS = 10
UNIT = WHOLE // TENTHS

Edge = tuple[int, int, int]
Interval = tuple[int, int, int, int]


def facts_of(pairs: Sequence[tuple[int, int]]) -> Facts:
    return np.array([a for a, _ in pairs], np.int32), np.array([b for _, b in pairs], np.int32)


def points(nodes: int, edges: Iterable[Edge]) -> Holdings:
    """Return exact holdings of shares in basis points."""
    listed = list(edges)
    shares = np.array([share * 10_000 for *_, share in listed], np.int32)
    return Holdings.exact(nodes, [a for a, *_ in listed], [b for _, b, _ in listed], shares)


@dataclass(frozen=True)
class Network:
    """Holdings in tenths: each from, to, at least, at most; the floats; the quota of each node; the facts."""

    nodes: int
    edges: tuple[Interval, ...]
    floats: tuple[tuple[int, int], ...] | None
    quotas: tuple[int, ...]
    inclusive: bool
    certain: tuple[tuple[int, int], ...]
    possible: tuple[tuple[int, int], ...]

    def holdings(self) -> Holdings:
        columns = np.array(self.edges, np.int32).reshape(-1, 4).T
        floats = None if self.floats is None else np.array(self.floats, np.int32).T * UNIT
        # One quota for all is another path through the kernels than one for each.
        one = len(set(self.quotas)) == 1
        return Holdings(
            self.nodes,
            columns[0],
            columns[1],
            columns[2] * UNIT,
            columns[3] * UNIT,
            None if floats is None else floats[0],
            None if floats is None else floats[1],
            quota=self.quotas[0] * UNIT if one else np.array(self.quotas, np.int32) * UNIT,
            inclusive=self.inclusive,
            certain=facts_of(self.certain),
            possible=facts_of(self.possible),
        )

    def completions(self, target: int) -> list[tuple[int, ...]]:
        """Return every way to share out the target: a number of tenths for each of its edges, the float taking the rest."""
        ways: list[tuple[int, ...]] = [()]
        for _, end, low, high in self.edges:
            if end == target:
                ways = [(*way, share) for way in ways for share in range(low, min(high, TENTHS - sum(way)) + 1)]
        low, high = (0, TENTHS) if self.floats is None else self.floats[target]
        return [way for way in ways if low <= TENTHS - sum(way) <= high]

    def left_out(self) -> set[int]:
        """Return the targets that cannot be shared out."""
        return {end for end in {end for _, end, _, _ in self.edges} if not self.completions(end)}

    def holders(self, target: int) -> list[int]:
        return [start for start, end, _, _ in self.edges if end == target]

    def worlds(self) -> Iterator[dict[int, tuple[int, ...]]]:
        """Yield every completion of all targets together."""
        targets = sorted({end for _, end, _, _ in self.edges} - self.left_out())
        for ways in product(*map(self.completions, targets)):
            yield dict(zip(targets, ways, strict=True))

    def size(self) -> int:
        count = 1
        for target in {end for _, end, _, _ in self.edges}:
            count *= max(1, len(self.completions(target)))
        return count

    def reach(
        self, world: dict[int, tuple[int, ...]], start: Iterable[int], facts: Iterable[tuple[int, int]]
    ) -> set[int]:
        """Return the least set that holds the start and all that its members control together, by trying until nothing is added."""
        found = set(start)
        while True:
            added = {servant for master, servant in facts if master in found and servant not in found}
            for target, ways in world.items():
                held = sum(share for who, share in zip(self.holders(target), ways, strict=True) if who in found)
                enough = held >= self.quotas[target] if self.inclusive else held > self.quotas[target]
                if enough and target not in found:
                    added.add(target)
            if not added:
                return found
            found |= added

    def pairs(self, world: dict[int, tuple[int, ...]], facts: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
        return {(x, y) for x in range(self.nodes) for y in self.reach(world, [x], facts) if y != x}


@st.composite
def networks(
    draw: st.DrawFn, nodes: int = 8, edges: int = 16, *, exact: bool = True, facts: bool = True, majority: bool = False
) -> Network:
    """Draw a network; with ties at the quota, rings, parcels, own shares, and now and then a target with too many shares."""
    count = draw(st.integers(1, nodes))
    node = st.integers(0, count - 1)
    left = dict.fromkeys(range(count), TENTHS)
    drawn: list[Interval] = []
    for start, end, share, wide in draw(
        st.lists(st.tuples(node, node, st.integers(0, TENTHS), st.integers(0, 4)), max_size=edges)
    ):
        # A share that does not fit is cut to what is left, but for one in eleven.
        low = share if share == 7 else min(share, left[end])
        left[end] -= min(low, left[end])
        drawn.append((start, end, low, low if exact else min(TENTHS, low + wide)))
    floats = None
    if not exact and draw(st.booleans()):
        ends = st.tuples(st.integers(0, TENTHS), st.integers(0, TENTHS)).map(lambda pair: (min(pair), max(pair)))
        floats = tuple(draw(st.lists(ends, min_size=count, max_size=count)))
    inclusive = False if majority else draw(st.booleans())
    quota = st.just(5) if majority else st.integers(1, TENTHS)
    one = draw(st.booleans())
    quotas = [draw(quota)] * count if one else draw(st.lists(quota, min_size=count, max_size=count))
    pair = st.lists(st.tuples(node, node), max_size=3 if facts else 0)
    return Network(
        count,
        tuple(drawn),
        floats,
        tuple(quotas),
        inclusive,
        tuple(draw(pair)),
        () if exact else tuple(draw(pair)),
    )


def exact_world(network: Network) -> dict[int, tuple[int, ...]]:
    """Return the one completion of exact shares."""
    targets = {end for _, end, _, _ in network.edges} - network.left_out()
    return {target: tuple(low for _, end, low, _ in network.edges if end == target) for target in targets}
