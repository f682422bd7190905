"""Control where shares are intervals: what is certain, and what is possible.

Each holding lies between its ends, the float of each target too, and the shares of a target add up to exactly `WHOLE`. A set S of holders
then has between

    min(S, y) = max(sum of S's lows,  WHOLE - float_high - sum of the others' highs)
    max(S, y) = min(sum of S's highs, WHOLE - float_low - sum of the others' lows)

of y. Certain control is the least fixpoint of min reaching the need, possible control of max. Targets are completed independently, so both
are exact: x certainly controls y when it does under every completion, and possibly when it does under one. `possible` is per controller:
two that exclude each other may both possibly control one target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from isthmus.kernels.compiled import Flags, Ints, Longs, compiled
from isthmus.kernels.ownership.holdings import FACT, WHOLE, Holdings, grouped
from isthmus.kernels.ownership.reach import Pairs, all_reached, source_nodes


@dataclass(frozen=True, eq=False, slots=True)
class Bounds:
    """Pairs of certain and of possible control; the certain ones are among the possible."""

    certain: Pairs
    possible: Pairs


def bounded_control(holdings: Holdings) -> Bounds:
    """Return all pairs of certain and of possible control, exact over all completions."""
    if (_second_needs(holdings, possible=False) > holdings.sums[1]).all():
        # Floats are so open that no target is ever reached by what others cannot hold: the lows decide alone.
        certain = Pairs(*all_reached(*holdings.telling, holdings.needs, holdings.nodes))
    else:
        certain = Pairs(*_all(*_problem(holdings, possible=False), False))
    return Bounds(certain, Pairs(*_all(*_problem(holdings, possible=True), True)))


def bounded_control_by(holdings: Holdings, source: int | Sequence[int]) -> tuple[Ints, Ints]:
    """Return what a node, or several that act as one, certainly and possibly control: int32 arrays in order of discovery.

    Raises
    ------
    ArgumentError
        A source is not a node.
    """
    sources = source_nodes(holdings, source)
    found = []
    for possible in (False, True):
        starts, ends, weights, needs = _problem(holdings, possible=possible)
        queue = np.empty(holdings.nodes, np.int32)
        queue[: sources.size] = sources
        count = _reach_both(starts, ends, weights, needs, needs.copy(), queue, sources.size, possible)
        found.append(queue[sources.size : count].copy())
    return found[0], found[1]


def held_by(holdings: Holdings, members: Sequence[int], target: int) -> tuple[int, int]:
    """Return the least and the most units of the target that the members hold together: min and max of the module's formulas.

    Facts are no shares and are not counted. Of a target that cannot be completed: the sums of the ends as told, up to `WHOLE`. Of one that
    nobody is said to hold: nothing.
    """
    rows = holdings.by_target
    row = slice(rows.starts[target], rows.starts[target + 1])
    edges = rows.edges[row]
    low, high = holdings.low[edges].astype(np.int64), holdings.high[edges].astype(np.int64)
    ours: Flags = np.isin(rows.ends[row], np.asarray(members))
    least, most = int(low[ours].sum()), int(high[ours].sum())
    if holdings.left_out[target] or not edges.size:
        return min(least, WHOLE), min(most, WHOLE)
    float_low = 0 if holdings.float_low is None else int(holdings.float_low[target])
    float_high = WHOLE if holdings.float_high is None else int(holdings.float_high[target])
    others_least, others_most = int(low[~ours].sum()), int(high[~ours].sum())
    return max(least, WHOLE - float_high - others_most), min(most, WHOLE - float_low - others_least)


def _problem(holdings: Holdings, *, possible: bool) -> tuple[Longs, Ints, Ints, Ints | Longs]:
    """Return starts, ends, two weights of each edge (k, 2) and two needs of each node (n, 2), int32 where all sums fit it.

    Certain: the lows must reach the need, or the highs must reach it once the slack of the target is covered. Possible: the highs must
    reach the need, and the lows must leave so little to the others and the float that it can be reached.
    """
    held = holdings.by_target
    high = holdings.counted(holdings.high)[held.edges]
    needs = np.empty((holdings.nodes, 2), np.int64)
    needs[:, 0] = holdings.needs
    needs[:, 1] = _second_needs(holdings, possible=possible)
    # Into a target left out, and where nobody is said to hold anything, only a fact counts; it weighs as much as the largest need.
    needs[holdings.left_out | (np.diff(held.starts) == 0)] = FACT
    fits = max(int(needs.max(initial=0)), int(holdings.sums[1].max(initial=0))) < 2**31 - FACT
    shortest: Ints | Longs = needs.astype(np.int32) if fits else needs
    ends = (high, holdings.low_by_target) if possible else (holdings.low_by_target, high)
    holders, targets, weights = _telling_both(held.starts, held.ends, *ends, shortest, possible)
    facts = [holdings.certain, holdings.possible] if possible else [holdings.certain]
    holders = np.concatenate((holders, *(masters for masters, _ in facts)))
    targets = np.concatenate((targets, *(servants for _, servants in facts)))
    weights = np.concatenate((weights, np.full((targets.size - len(weights), 2), FACT, np.int32)))
    starts, ends_by_holder, edges = grouped(holders, targets, np.arange(targets.size, dtype=np.int32), holdings.nodes)
    return starts, ends_by_holder, weights[edges], shortest


def _second_needs(holdings: Holdings, *, possible: bool) -> Longs:
    """Return what the highs must reach for certain control, or the lows for possible control: int64 (n,)."""
    least, most = holdings.sums
    needs = holdings.needs.astype(np.int64) - WHOLE
    if possible:
        return needs + least + (0 if holdings.float_low is None else holdings.float_low)
    return needs + most + (WHOLE if holdings.float_high is None else holdings.float_high)


@compiled
def _is_held(first: int, second: int, both: bool) -> bool:
    """Tell whether what is left of the two needs makes a member."""
    return (first <= 0 and second <= 0) if both else (first <= 0 or second <= 0)


@compiled
def _telling_both(
    starts: Longs, holders: Ints, firsts: Ints, seconds: Ints, needs: Ints | Longs, both: bool
) -> tuple[Ints, Ints, Ints]:
    """Keep the edges that decide, as `Holdings.telling` does: by target, with two weights each."""
    kept_holders = np.empty(holders.size, np.int32)
    kept_targets = np.empty(holders.size, np.int32)
    weights = np.empty((holders.size, 2), np.int32)
    kept = 0
    for target in range(starts.size - 1):
        first, second = int(needs[target, 0]), int(needs[target, 1])
        for edge in range(starts[target], starts[target + 1]):
            first -= firsts[edge]
            second -= seconds[edge]
        if not _is_held(first, second, both):
            continue
        alone = -1
        for edge in range(starts[target], starts[target + 1]):
            mine = _is_held(needs[target, 0] - firsts[edge], needs[target, 1] - seconds[edge], both)
            if mine and not _is_held(first + firsts[edge], second + seconds[edge], both):
                alone = edge
        for edge in range(starts[target], starts[target + 1]):
            if holders[edge] != target and (alone < 0 or edge == alone):
                kept_holders[kept] = holders[edge]
                kept_targets[kept] = target
                weights[kept, 0] = firsts[edge]
                weights[kept, 1] = seconds[edge]
                kept += 1
    return kept_holders[:kept].copy(), kept_targets[:kept].copy(), weights[:kept].copy()


@compiled
def _reach_both(
    starts: Longs,
    ends: Ints,
    weights: Ints,
    needs: Ints | Longs,
    left: Ints | Longs,
    queue: Ints,
    count: int,
    both: bool,
) -> int:
    """Complete the first `count` nodes of the queue to all that they control together; leave `left` as it was found."""
    for index in range(count):
        left[queue[index], 0] = 0
        left[queue[index], 1] = 0
    head = 0
    while head < count:
        member = queue[head]
        head += 1
        for edge in range(starts[member], starts[member + 1]):
            end = ends[edge]
            first, second = left[end, 0], left[end, 1]
            if not _is_held(first, second, both):
                first -= weights[edge, 0]
                second -= weights[edge, 1]
                left[end, 0] = first
                left[end, 1] = second
                if _is_held(first, second, both):
                    queue[count] = end
                    count += 1
    for index in range(count):
        member = queue[index]
        left[member, 0] = needs[member, 0]
        left[member, 1] = needs[member, 1]
        for edge in range(starts[member], starts[member + 1]):
            left[ends[edge], 0] = needs[ends[edge], 0]
            left[ends[edge], 1] = needs[ends[edge], 1]
    return count


@compiled
def _begins_both(start: int, stop: int, ends: Ints, weights: Ints, needs: Ints | Longs, both: bool) -> bool:
    """Tell whether the parcels of one row are enough alone in any target."""
    first = np.int64(0)
    second = np.int64(0)
    last = -1
    for edge in range(start, stop):
        end = ends[edge]
        if end != last:
            first = needs[end, 0]
            second = needs[end, 1]
            last = end
        first -= weights[edge, 0]
        second -= weights[edge, 1]
        if _is_held(first, second, both):
            return True
    return False


@compiled
def _all(starts: Longs, ends: Ints, weights: Ints, needs: Ints | Longs, both: bool) -> tuple[Longs, Ints]:
    nodes = starts.size - 1
    left = needs.copy()
    queue = np.empty(nodes + 1, np.int32)
    found_starts = np.zeros(nodes + 1, np.int64)
    found = np.empty(max(nodes, 16), np.int32)
    used = 0
    for source in range(nodes):
        if _begins_both(starts[source], starts[source + 1], ends, weights, needs, both):
            queue[0] = source
            count = _reach_both(starts, ends, weights, needs, left, queue, 1, both)
            if used + count > found.size:
                more = np.empty(2 * (used + count), np.int32)
                more[:used] = found[:used]
                found = more
            found[used : used + count - 1] = queue[1:count]
            used += count - 1
        found_starts[source + 1] = used
    return found_starts, found[:used].copy()
