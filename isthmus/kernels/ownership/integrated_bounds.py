"""Integrated ownership where shares are intervals: the least and the most that can belong to an owner in the end.

Walk from a node to one of its holders, each with the probability of its share, and stop at the owner or at the float, which is nobody's.
The part that belongs to the owner (the corrected one of `integrated`) is the probability to arrive. Shares that lie in intervals make an
interval Markov chain: since targets are completed independently, least and most are reached by one completion each, and the best
completion of a single target fills its intervals in the order of what its holders have (Givan, Leach and Dean 2000; Nilim and El Ghaoui
2005). So both ends are exact, and they are narrower than those from all lows and all highs.
"""

from __future__ import annotations

import numpy as np

from isthmus.kernels.compiled import Flags, Floats, Ints, Longs, compiled
from isthmus.kernels.ownership.holdings import WHOLE, Holdings
from isthmus.kernels.ownership.reach import source_nodes
from isthmus.kernels.strong import strong_components

_STEADY = 1e-14
_SWEEPS = 100_000


def owned_between(holdings: Holdings, source: int) -> tuple[Floats, Floats]:
    """Return the least and the most of each node that is the source's in the end, over all completions; what comes round counts once.

    Parameters
    ----------
    holdings : Holdings
        Facts do not count; they are no ownership. Nothing of a target left out is anybody's.
    source : int

    Returns
    -------
    low, high : float64 (n,)
        Fractions of 1. Inside rings they are approached by sweeps to within rounding; where a ring is so nearly closed that they do not
        settle, low is still no more than the least, and high is 1.

    Raises
    ------
    ArgumentError
        The source is not a node.
    """
    roots = source_nodes(holdings, source)
    down, up = holdings.by_holder, holdings.by_target
    # Facts are walked along too: that visits more nodes and changes no number.
    nodes, cuts = strong_components(down.starts, down.ends, roots)
    skipped = holdings.left_out | (np.diff(up.starts) == 0)
    float_low = np.zeros(holdings.nodes, np.int32) if holdings.float_low is None else holdings.float_low
    float_high = np.full(holdings.nodes, WHOLE, np.int32) if holdings.float_high is None else holdings.float_high
    low, high = holdings.low[up.edges], holdings.high[up.edges]
    ends = []
    for most in (False, True):
        found = np.zeros(holdings.nodes)
        _sweep(up.starts, up.ends, low, high, float_low, float_high, skipped, nodes, cuts, int(roots[0]), most, found)
        ends.append(found)
    return ends[0], ends[1]


@compiled
def _sweep(
    starts: Longs,
    holders: Ints,
    low: Ints,
    high: Ints,
    float_low: Ints,
    float_high: Ints,
    skipped: Flags,
    nodes: Ints,
    cuts: Longs,
    source: int,
    most: bool,
    found: Floats,
) -> None:
    """Go from the source downwards; repeat inside a component until its numbers stay."""
    for number in range(cuts.size - 2, -1, -1):
        for sweep in range(_SWEEPS):
            change = 0.0
            for index in range(cuts[number + 1] - 1, cuts[number] - 1, -1):
                node = nodes[index]
                if skipped[node]:
                    continue
                value = _filled(
                    starts[node],
                    starts[node + 1],
                    holders,
                    low,
                    high,
                    float_low[node],
                    float_high[node],
                    source,
                    most,
                    found,
                )
                change = max(change, abs(value - found[node]))
                found[node] = value
            if change <= _STEADY:
                break
            if sweep == _SWEEPS - 1 and most:
                for index in range(cuts[number], cuts[number + 1]):
                    found[nodes[index]] = 0.0 if skipped[nodes[index]] else 1.0


@compiled
def _filled(
    start: int,
    stop: int,
    holders: Ints,
    low: Ints,
    high: Ints,
    float_low: int,
    float_high: int,
    source: int,
    most: bool,
    found: Floats,
) -> float:
    """Return what one target gives at least or at most: every interval at its low, then the rest where it counts least or most."""
    size = stop - start
    worth = np.empty(size + 1)
    room = np.empty(size + 1, np.int64)
    rest = np.int64(WHOLE - float_low)
    total = 0.0
    for place in range(size):
        holder = holders[start + place]
        worth[place] = 1.0 if holder == source else found[holder]
        room[place] = high[start + place] - low[start + place]
        rest -= low[start + place]
        total += worth[place] * low[start + place]
    worth[size] = 0.0
    room[size] = float_high - float_low
    order = np.argsort(-worth) if most else np.argsort(worth)
    for place in order:
        taken = min(rest, room[place])
        total += worth[place] * taken
        rest -= taken
    return total / WHOLE
