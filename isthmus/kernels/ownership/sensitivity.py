"""Which conclusions rest on one source: what changes in the relation of control when all that a source alone tells is taken away.

A holding or fact that other sources tell too stays. What a lost holding covered is held by nobody known. A target that was left out
because its sources together give it more than 100 % may be completed once one of them is gone; so control can be gained too.

Only nodes that control a holder of a changed edge can change, and only they are searched again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isthmus.errors import ArgumentError
from isthmus.kernels.compiled import Flags, Ints, Longs, Marks, compiled
from isthmus.kernels.ownership.holdings import WHOLE, Holdings, grouped, summed
from isthmus.kernels.ownership.reach import Pairs, complete, controlled, is_enough, left_of, refuse_intervals
from isthmus.kernels.ownership.ultimate import ultimate_of


@dataclass(frozen=True, eq=False, slots=True)
class Evidence:
    """The sources of each edge: edge e rests on each of ``sources[starts[e]:starts[e + 1]]``, and falls with the last of them.

    Attributes
    ----------
    starts : int64 (m + f + 1,)
        Holdings first, in the order of `Holdings`, then certain facts. An edge without sources never falls.
    sources : int32
    """

    starts: Longs
    sources: Ints


@dataclass(frozen=True, eq=False, slots=True)
class Flip:
    """What changes without one source.

    Attributes
    ----------
    source : int
    lost, gained : (int32 (pairs,), int32 (pairs,))
        Controllers and controlled.
    roots : int32
        Nodes whose ultimate controllers, or whose ring at the top, are others; rising.
    """

    source: int
    lost: tuple[Ints, Ints]
    gained: tuple[Ints, Ints]
    roots: Ints


def without_each_source(holdings: Holdings, evidence: Evidence, pairs: Pairs | None = None) -> list[Flip]:
    """Return what changes without each source: one entry for each source that alone tells any edge, rising.

    Parameters
    ----------
    holdings : Holdings
        Exact shares; possible facts do not count.
    evidence : Evidence
    pairs : Pairs, optional
        `controlled(holdings)`, where it is known already.

    Raises
    ------
    ArgumentError
        A share is an interval, or the evidence is not of these edges.
    """
    refuse_intervals(holdings)
    only = _only_source(holdings, evidence)
    order = np.argsort(only, kind="stable").astype(np.int32)
    order = order[np.searchsorted(only[order], 0) :]
    cuts = np.flatnonzero(np.diff(only[order])) + 1
    base = _Base(holdings, controlled(holdings) if pairs is None else pairs)
    return [base.without(int(only[edges[0]]), edges) for edges in np.split(order, cuts) if edges.size]


def _only_source(holdings: Holdings, evidence: Evidence) -> Ints:
    """Return the one source of each edge, -1 where there are none or several."""
    edges = holdings.low.size + holdings.certain[0].size
    if evidence.starts.shape != (edges + 1,) or evidence.starts[-1] != evidence.sources.size:
        raise ArgumentError(
            f"evidence of {evidence.starts.size - 1} edges and {evidence.sources.size} sources is not that of {edges} edges.",
            where="evidence",
            hint="Give the sources of each holding and then of each certain fact.",
        )
    return _single(evidence.starts, evidence.sources)


class _Base:
    """The network with all its sources, and what is worked out once for all of them."""

    def __init__(self, holdings: Holdings, pairs: Pairs) -> None:
        self.holdings = holdings
        self.rows = holdings.by_holder
        self.weights = holdings.low_by_holder.copy()
        self.pairs = pairs
        self.masters = pairs.turned()
        self.tops = ultimate_of(pairs)
        self.left = left_of(holdings)
        self.place = np.empty(self.rows.edges.size, np.int32)
        self.place[self.rows.edges] = np.arange(self.rows.edges.size, dtype=np.int32)
        self.heads = np.concatenate((holdings.holders, holdings.certain[0]))
        self.float_low = np.zeros(holdings.nodes, np.int32) if holdings.float_low is None else holdings.float_low
        # Marks of the searches; each search leaves them at 0.
        self.marks = np.zeros(holdings.nodes, np.int8)

    def without(self, source: int, fallen: Ints) -> Flip:
        risen = self._risen(fallen)
        at = self.place[np.concatenate((fallen, risen))]
        before = self.weights[at]
        self.weights[at[: fallen.size]] = 0
        self.weights[at[fallen.size :]] = self.holdings.low[risen]
        changed = np.unique(np.concatenate((self.heads[fallen], self.heads[risen])))
        lost, gained = _changes(
            self.rows.starts,
            self.rows.ends,
            self.weights,
            self.holdings.needs,
            self.pairs.starts,
            self.pairs.ends,
            self.masters.starts,
            self.masters.ends,
            changed,
            self.left,
            self.marks,
        )
        self.weights[at] = before
        roots = self._roots(lost, gained) if lost[0].size + gained[0].size else np.empty(0, np.int32)
        return Flip(source, lost, gained, roots)

    def _risen(self, fallen: Ints) -> Ints:
        """Return the holdings that count once the fallen ones are gone: those in targets that held too much before."""
        held = fallen[fallen < self.holdings.low.size]
        targets = np.unique(self.holdings.targets[held])
        targets = targets[self.holdings.left_out[targets]]
        if not targets.size:
            return np.empty(0, np.int32)
        gone = summed(self.holdings.targets[held], self.holdings.low[held], self.holdings.nodes)[targets]
        least = self.holdings.sums[0][targets] + self.float_low[targets]
        targets = targets[(least > WHOLE) & (least - gone <= WHOLE)]
        _, edges = _rows_of(self.holdings.by_target.starts, self.holdings.by_target.edges, targets)
        return np.setdiff1d(edges, held)

    def _roots(self, lost: tuple[Ints, Ints], gained: tuple[Ints, Ints]) -> Ints:
        """Return the nodes whose tops change.

        Only those that a servant of a changed pair controls, before or now, can be among them. With all their masters they make a
        network that nobody outside controls, so tops can be found in it alone.
        """
        nodes = self.holdings.nodes
        servants = np.unique(np.concatenate((lost[1], gained[1])))
        _, below = _rows_of(self.pairs.starts, self.pairs.ends, servants)
        more = gained[1][np.isin(gained[0], servants)]
        touched = np.unique(np.concatenate((servants, below, more)))
        _, above = _rows_of(self.masters.starts, self.masters.ends, touched)
        local = np.unique(np.concatenate((touched, above, gained[0])))
        ends, heads = _rows_of(self.masters.starts, self.masters.ends, local)
        key = heads.astype(np.int64) * nodes + ends
        kept = ~np.isin(key, lost[0].astype(np.int64) * nodes + lost[1])
        heads = np.searchsorted(local, np.concatenate((heads[kept], gained[0]))).astype(np.int32)
        ends = np.searchsorted(local, np.concatenate((ends[kept], gained[1]))).astype(np.int32)
        starts, ends, _ = grouped(heads, ends, ends, local.size)
        now = ultimate_of(Pairs(starts, ends))
        here = np.searchsorted(local, touched).astype(np.int32)
        ring = now.ring[here]
        same = self.tops.ring[touched] == np.where(ring < 0, ring, local[ring])
        same &= _equal_rows(self.tops.starts, self.tops.roots, touched, now.starts, local[now.roots], here)
        changed: Ints = touched[~same]
        return changed


def _rows_of(starts: Longs, ends: Ints, nodes: Ints) -> tuple[Ints, Ints]:
    """Return the node and the end of every edge in the rows of some nodes."""
    counts = starts[nodes + 1] - starts[nodes]
    first = np.repeat(starts[nodes] - (np.cumsum(counts) - counts), counts)
    return np.repeat(nodes, counts), ends[first + np.arange(first.size)]


@compiled
def _single(starts: Longs, sources: Ints) -> Ints:
    found = np.full(starts.size - 1, -1, np.int32)
    for edge in range(found.size):
        for index in range(starts[edge], starts[edge + 1]):
            if index == starts[edge]:
                found[edge] = sources[index]
            elif found[edge] != sources[index]:
                found[edge] = -1
                break
    return found


@compiled
def _equal_rows(starts: Longs, ends: Ints, nodes: Ints, other_starts: Longs, other_ends: Ints, others: Ints) -> Flags:
    same = np.ones(nodes.size, np.bool_)
    for index in range(nodes.size):
        first, other = starts[nodes[index]], other_starts[others[index]]
        size = starts[nodes[index] + 1] - first
        if size != other_starts[others[index] + 1] - other:
            same[index] = False
            continue
        for place in range(size):
            if ends[first + place] != other_ends[other + place]:
                same[index] = False
                break
    return same


@compiled
def _changes(
    starts: Longs,
    ends: Ints,
    weights: Ints,
    needs: Ints,
    below_starts: Longs,
    below: Ints,
    above_starts: Longs,
    above: Ints,
    changed: Ints,
    left: Ints,
    marks: Marks,
) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
    """Search again from the changed holders and all that control them; return the pairs that are gone and those that are new."""
    nodes = left.size
    step = 1 if needs.size == nodes else 0
    sources = np.empty(nodes, np.int32)
    count = 0
    for holder in changed:
        if marks[holder] == 0:
            marks[holder] = 1
            sources[count] = holder
            count += 1
        for index in range(above_starts[holder], above_starts[holder + 1]):
            if marks[above[index]] == 0:
                marks[above[index]] = 1
                sources[count] = above[index]
                count += 1
    for index in range(count):
        marks[sources[index]] = 0
    queue = np.empty(nodes + 1, np.int32)
    size = 16
    pairs = np.empty((size, 3), np.int32)
    used = 0
    for index in range(count):
        source = sources[index]
        queue[0] = source
        reached = 1
        if is_enough(starts[source], starts[source + 1], ends, weights, needs, step):
            reached = complete(starts, ends, weights, needs, left, queue, 1)
        for place in range(1, reached):
            marks[queue[place]] = 1
        row = below_starts[source + 1] - below_starts[source]
        if used + row + reached > size:
            size = 2 * (used + row + reached)
            more = np.empty((size, 3), np.int32)
            more[:used] = pairs[:used]
            pairs = more
        for place in range(below_starts[source], below_starts[source + 1]):
            if marks[below[place]] == 1:
                marks[below[place]] = 2
            else:
                pairs[used, 0] = source
                pairs[used, 1] = below[place]
                pairs[used, 2] = 0
                used += 1
        for place in range(1, reached):
            if marks[queue[place]] == 1:
                pairs[used, 0] = source
                pairs[used, 1] = queue[place]
                pairs[used, 2] = 1
                used += 1
            marks[queue[place]] = 0
    found = pairs[:used]
    gone, new = found[found[:, 2] == 0], found[found[:, 2] == 1]
    return (gone[:, 0].copy(), gone[:, 1].copy()), (new[:, 0].copy(), new[:, 1].copy())
