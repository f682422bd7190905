"""Small webs with shares, stocks and switching times, and what happens to them by the words of the definition, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from isthmus.kernels.compiled import Flags, Floats, Longs
from isthmus.kernels.dependence.graph import Needs


@dataclass(frozen=True)
class End:
    """An alternative: the node, its share, its stock and its switching time, each at least and at most; None where not said."""

    node: int
    share: tuple[float, float] | None = None
    stock: tuple[int, int] | None = None
    switching: tuple[int, int] | None = None


@dataclass(frozen=True)
class Need:
    subject: int
    takes: int
    ends: tuple[End, ...]


@dataclass(frozen=True)
class Bound:
    """What a node can do from a month on, before another: at worst and at best."""

    node: int
    start: int
    stop: int
    low: float
    high: float


@dataclass(frozen=True)
class World:
    nodes: int
    needs: tuple[Need, ...]


@dataclass(frozen=True, eq=False)
class Arrays:
    """A world as the scenarios take it."""

    needs: Needs
    least: Floats
    most: Floats
    twin: Longs
    stock: tuple[Floats, Floats]
    switching: tuple[Floats, Floats]
    doubtful: Flags
    fewest: Longs


def arrays(world: World) -> Arrays:
    rows = [(need.subject, number, end, need.takes) for number, need in enumerate(world.needs) for end in need.ends]
    needs = Needs.build(
        world.nodes,
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.int64),
        np.array([row[2].node for row in rows], np.int64),
        np.array([row[3] for row in rows], np.int64),
    )

    def column(values: Sequence[float | None]) -> Floats:
        found = np.full(needs.alternatives.size, np.nan)
        found[needs.places] = [np.nan if value is None else value for value in values]
        return found

    def pair(name: str) -> tuple[Floats, Floats]:
        told = [getattr(row[2], name) for row in rows]
        return column([one and one[0] for one in told]), column([one and one[1] for one in told])

    least, most = pair("share")
    twin, doubtful = np.full(needs.size, -1, np.int64), np.zeros(needs.alternatives.size, np.bool_)
    stock, switching = pair("stock"), pair("switching")
    return Arrays(needs, least, most, twin, stock, switching, doubtful, needs.at_least.astype(np.int64))


def _met(need: Need, levels: Sequence[float], worst: bool) -> float:
    able = sorted(levels, reverse=True)
    best = able[need.takes - 1] if len(able) >= need.takes else 0.0
    if all(end.share is None for end in need.ends):
        return best
    if worst and sum(level > 1e-9 for level in levels) < need.takes:
        return best
    ends = sorted(zip(levels, need.ends, strict=True), key=lambda pair: pair[0])
    spans = [(level, *(end.share or (0.0, 1.0))) for level, end in ends]
    room = 1 - sum(low for _, low, _ in spans)
    loss = sum(low * (1 - level) for level, low, _ in spans)
    if worst:
        for level, low, high in spans:
            part = max(min(room, high - low), 0)
            room -= part
            loss += part * (1 - level)
    return min(1.0, max(0.0, 1 - loss))


@dataclass
class Months:
    """What is left of each node in each month, at one end."""

    world: World
    bounds: Sequence[Bound]
    worst: bool
    levels: list[list[float]] = field(default_factory=list)
    since: dict[tuple[int, int], int] = field(default_factory=dict)

    def through(self, last: int) -> list[list[float]]:
        for month in range(last + 1):
            while True:
                now = self._level(month)
                fresh = [
                    key
                    for key in self._switchable()
                    if key not in self.since and self._reaching(key, month, now) < 1 - 1e-9
                ]
                for key in fresh:
                    self.since[key] = month
                if not fresh:
                    break
            for key in list(self.since):
                if self._reaching(key, month, now) >= 1 - 1e-9:
                    del self.since[key]
            self.levels.append(now)
        return self.levels

    def _switchable(self) -> list[tuple[int, int]]:
        return [
            (number, place)
            for number, need in enumerate(self.world.needs)
            if self.worst and len(need.ends) > 1 and all(end.share is None for end in need.ends)
            for place, end in enumerate(need.ends)
            if end.switching and end.switching[1] > 0
        ]

    def _stock(self, end: End) -> int:
        return end.stock[0 if self.worst else 1] if end.stock else 0

    def _reaching(self, key: tuple[int, int], month: int, now: Sequence[float]) -> float:
        """Return what an alternative gives, with its stock."""
        end = self.world.needs[key[0]].ends[key[1]]
        back = self._stock(end)
        earlier = [self.levels[at][end.node] if at >= 0 else 1.0 for at in range(month - back, month)]
        return max([now[end.node], *earlier])

    def _level(self, month: int) -> list[float]:
        own = [1.0] * self.world.nodes
        for bound in self.bounds:
            if bound.start <= month < bound.stop:
                own[bound.node] = min(own[bound.node], bound.low if self.worst else bound.high)
        now = own
        for _ in range(100_000):
            then = list(own)
            for number, need in enumerate(self.world.needs):
                reaching = [self._reaching((number, place), month, now) for place in range(len(need.ends))]
                level = _met(need, reaching, self.worst)
                for place, end in enumerate(need.ends):
                    start = self.since.get((number, place))
                    if start is not None and end.switching and month < start + end.switching[1]:
                        level = min(level, reaching[place])
                then[need.subject] = min(then[need.subject], level)
            if max(abs(a - b) for a, b in zip(now, then, strict=True)) < 1e-13:
                break
            now = then
        return [0.0 if level < 1e-9 else level for level in now]
