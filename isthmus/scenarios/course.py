"""From month to month: what is left of everything at the worst and at the best, at each month in which something happens."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from isthmus.kernels.compiled import Flags, Floats, Longs
from isthmus.kernels.dependence.shares import degrade
from isthmus.scenarios.staged import Staged, Watch

NOTHING = 1e-9
"""What is left is nothing below this, and the same within it."""
EVENTS = 600
"""After so many months in which something happens, no later one is looked at."""


@dataclass(frozen=True, eq=False)
class Run:
    """One end of the course.

    Attributes
    ----------
    months : float64 (t,)
        Months in which something happens, rising.
    left : float64 (t, nodes)
        What is left of each node from each of these months on.
    met : float64 (t, needs)
        How much of each need is met.
    before : float64 (nodes,)
        What there is before the first change: the baseline.
    stopped : bool
        Whether more happened than was looked at, or a loop was still falling.
    """

    months: Floats
    left: Floats
    met: Floats
    before: Floats
    stopped: bool

    def at(self, month: float) -> Floats:
        """Return what is left of each node in a month."""
        place = int(np.searchsorted(self.months, month, side="right")) - 1
        found: Floats = self.left[place] if place >= 0 else self.before
        return found


@dataclass(frozen=True, eq=False)
class Course:
    """What happens at the worst and at the best."""

    worst: Run
    best: Run

    @property
    def months(self) -> list[float]:
        """Return all months in which something happens in either, rising."""
        return sorted({*self.worst.months.tolist(), *self.best.months.tolist()})

    def lowest(self) -> tuple[Floats, Floats]:
        """Return the lowest level that each node reaches: at the worst, and at the best."""
        return tuple(  # type: ignore[return-value]
            np.minimum(run.before, run.left.min(axis=0)) if run.months.size else run.before
            for run in (self.worst, self.best)
        )


def course_of(staged: Staged, horizon: float | None = None) -> Course:
    """Return what happens until a month, or until nothing more does."""
    return Course(_Simulation(staged, worst=True).run(horizon), _Simulation(staged, worst=False).run(horizon))


class _Simulation:
    """One end: at worst what may fail does, stocks are short and switching takes long; at best the other way round."""

    def __init__(self, staged: Staged, *, worst: bool) -> None:
        self.staged = staged
        self.worst = worst
        self.stocks = [(watch, watch.low if worst else watch.high) for watch in staged.stocks]
        self.stocks = [(watch, months) for watch, months in self.stocks if months > 0]
        self.dry = [watch.leaf for watch in staged.stocks if (watch.low if worst else watch.high) <= 0]
        # At best the alternative that is lost was not in use, so that nobody has to change over.
        self.switches: list[Watch] = list(staged.switches) if worst else []
        self.since: dict[int, float] = {}
        self.past: dict[int, list[tuple[float, float]]] = {}
        self.queue: list[float] = []

    def run(self, horizon: float | None) -> Run:
        """Go from event to event."""
        before, _, _ = self._degrade(-np.inf, dict.fromkeys((watch.leaf for watch, _ in self.stocks), 0.0))
        self.before = before
        for watch, _ in self.stocks:
            self.past.setdefault(watch.watched, [(-np.inf, float(before[watch.watched]))])
        staged = self.staged
        self._push(end for pin in staged.pins for end in (pin.start, pin.stop))
        self._push(extra.start for extra in staged.extras)
        months: list[float] = []
        left: list[Floats] = []
        met: list[Floats] = []
        settled = True
        stopped = False
        while self.queue:
            month = heapq.heappop(self.queue)
            if months and month <= months[-1]:
                continue
            if horizon is not None and month > horizon:
                break
            if len(months) == EVENTS:
                stopped = True
                break
            levels, needs, fine = self._month(month)
            settled = settled and fine
            months.append(month)
            left.append(levels)
            met.append(needs)
        shape = (len(months), staged.needs.nodes)
        return Run(
            np.array(months),
            np.array(left).reshape(shape),
            np.array(met).reshape(len(months), staged.needs.size),
            before,
            stopped or not settled,
        )

    def _push(self, months: Iterable[float]) -> None:
        for month in months:
            if np.isfinite(month):
                heapq.heappush(self.queue, month)

    def _month(self, month: float) -> tuple[Floats, Floats, bool]:
        held = {watch.leaf: self._in_stock(watch.watched, month, months) for watch, months in self.stocks}
        while True:
            broken = {watch.leaf: 0.0 for watch in self.switches if self._switching(watch, month)}
            levels, needs, fine = self._degrade(month, held | broken)
            fresh = [
                watch
                for watch in self.switches
                if watch.leaf not in self.since and levels[watch.watched] < self.before[watch.watched] - NOTHING
            ]
            for watch in fresh:
                self.since[watch.leaf] = month
                self._push([month + watch.high])
            if not fresh:
                break
        for watch in self.switches:
            if levels[watch.watched] >= self.before[watch.watched] - NOTHING:
                self.since.pop(watch.leaf, None)
        for watch, months in self.stocks:
            past = self.past[watch.watched]
            if past[-1][0] < month and abs(past[-1][1] - levels[watch.watched]) > NOTHING:
                past.append((month, float(levels[watch.watched])))
            if past[-1][0] == month:
                self._push([month + months])
        return levels, needs, fine

    def _switching(self, watch: Watch, month: float) -> bool:
        since = self.since.get(watch.leaf)
        return since is not None and month < since + watch.high

    def _in_stock(self, watched: int, month: float, months: float) -> float:
        """Return the most that a node gave since a stock was last filled."""
        past = self.past[watched]
        found = 0.0
        for at in range(len(past) - 1, -1, -1):
            found = max(found, past[at][1])
            if past[at][0] <= month - months:
                break
        return found

    def _degrade(self, month: float, leaves: dict[int, float]) -> tuple[Floats, Floats, bool]:
        staged = self.staged
        own = np.ones(staged.needs.nodes)
        own[self.dry] = 0.0
        for pin in staged.pins:
            if pin.start <= month < pin.stop:
                own[pin.node] = min(own[pin.node], pin.low if self.worst else pin.high)
        for leaf, level in leaves.items():
            own[leaf] = level
        extra = np.zeros(staged.needs.alternatives.size)
        for more in staged.extras:
            if more.start <= month:
                extra[more.place] = min(1.0, extra[more.place] + (more.low if self.worst else more.high))
        found = degrade(
            staged.needs,
            staged.least,
            staged.most,
            own=own,
            twin=staged.twin,
            extra=extra if staged.extras else None,
            doubt=staged.doubt,
        )
        levels, met = (found.low, found.need_low) if self.worst else (found.high, found.need_high)
        return np.where(levels < NOTHING, 0.0, levels), met, found.settled


def _losses(staged: Staged) -> tuple[Longs, Flags | None]:
    """Return after how many losses each need without shares gives way at worst, and which of the alternatives do not count then.

    What is not sure is no help, so its loss is none; where too little is sure, the first loss of any counts. Where all is sure all count:
    None. The alternatives are in the order of `Needs.users`.
    """
    needs = staged.needs
    enough = (np.diff(needs.cuts) - needs.at_least + 1).astype(np.int64)
    if staged.doubt is None or not needs.size:
        return enough, None
    unsure, beside = staged.doubt.unsure, staged.doubt.beside
    doubtful = np.add.reduceat(unsure.astype(np.int64), needs.cuts[:-1])
    loose = np.add.reduceat((~unsure & ~beside).astype(np.int64), needs.cuts[:-1]) < needs.at_least
    ignored = unsure & ~np.repeat(loose, np.diff(needs.cuts))
    order = np.argsort(needs.alternatives, kind="stable")
    return np.where(doubtful > 0, np.where(loose, 1, enough - doubtful), enough), ignored[order]


def rounds(staged: Staged, run: Run, place: int) -> Longs:
    """Return in which step of a month each node falls: int64 (nodes,), -1 for those that do not fall in it.

    Step 0 is what is struck itself. A node falls in the step after the one in which its first need gave way: a need with shares with the
    first that falls, another when too few are left; what is not sure is no help, and where too little is sure the first that falls counts.
    """
    was = run.left[place - 1] if place else run.before
    now = run.left[place]
    fallen = now < was - NOTHING
    lost = now < run.before - NOTHING
    needs = staged.needs
    named = np.logical_or.reduceat(~np.isnan(staged.least), needs.cuts[:-1]) if needs.size else np.zeros(0, np.bool_)
    starts, users = needs.users
    losses, ignored = _losses(staged)
    step = np.full(needs.nodes, -1, np.int64)
    gone: dict[int, int] = {}
    waiting: list[tuple[int, int]] = []
    month = float(run.months[place])
    struck = {pin.node for pin in staged.pins if pin.start <= month < pin.stop}
    struck |= {watch.leaf for watch in (*staged.stocks, *staged.switches)}
    for node in sorted(struck):
        if fallen[node]:
            heapq.heappush(waiting, (0, node))
    # What was lost before, or is not there yet, counts as gone, and nothing falls in this month because of it alone.
    already = np.flatnonzero((lost | (now < NOTHING)) & ~fallen)
    queue = [(-1, int(node)) for node in already.tolist()]
    for entry in queue:
        heapq.heappush(waiting, entry)
    seen = np.zeros(needs.nodes, np.bool_)
    while waiting:
        when, node = heapq.heappop(waiting)
        if seen[node]:
            continue
        seen[node] = True
        if fallen[node]:
            step[node] = max(when, 0)
        for at in range(int(starts[node]), int(starts[node + 1])):
            need = int(users[at])
            subject = int(needs.subjects[need])
            enough = 1 if named[need] else int(losses[need])
            if ignored is None or named[need] or not ignored[at]:
                gone[need] = gone.get(need, 0) + 1
            if when >= 0 and fallen[subject] and not seen[subject] and gone.get(need, 0) >= enough:
                more = 0 if staged.hidden[subject] else 1
                heapq.heappush(waiting, (max(when, 0) + more, subject))
    step[fallen & (step < 0)] = 0
    return step
