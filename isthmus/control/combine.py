"""From claims about shares to one interval for each holder, thing and kind of stake.

Claims with a number go before claims without one; of those the ones that speak of the latest day; of one source the later start. What is
left is one moment said by several: where the numbers agree their common part counts, where they do not the span from the least to the
greatest, so that no side is taken. A claim that holds only perhaps, or is denied by another, takes the certainty away and leaves the
possibility.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from isthmus.control.rows import WHOLE, Ints, Rows


@dataclass(frozen=True)
class Stakes:
    """One interval for each holder, thing and kind of stake.

    Attributes
    ----------
    holder, target, stake : int64, shape (stakes,)
        Keys, and the kind of stake as the caller numbers them.
    low, high : int64
        Units of 1e-8.
    stated : bool
        Whether a share is said at all.
    disputed : bool
        Whether sources give shares of one moment that cannot both be.
    starts, rows : int64
        The rows that count for stake `i` are ``rows[starts[i]:starts[i + 1]]``.
    """

    holder: Ints
    target: Ints
    stake: Ints
    low: Ints
    high: Ints
    stated: NDArray[np.bool_]
    disputed: NDArray[np.bool_]
    starts: Ints
    rows: Ints


def combine(rows: Rows, chosen: Ints, stake: Ints, nearness: int) -> Stakes:
    """Combine the claims about each stake.

    Parameters
    ----------
    chosen : int64, shape (n,)
        The numbers of the rows that are about a stake, in any order.
    stake : int64, shape (n,)
        The kind of stake of each.
    nearness : int
        How far an approximate share may lie from its number, in units.
    """
    # Ordered so that within a stake, what counts stands last: asserted, with a number, sure, of the latest day, with the latest start.
    informative = rows.stated[chosen] & ~((rows.low[chosen] <= 1) & (rows.high[chosen] == WHOLE))
    order = np.lexsort(
        (
            chosen,
            rows.since[chosen],
            rows.rank[chosen],
            rows.sure[chosen],
            informative,
            rows.stated[chosen],
            ~rows.denied[chosen],
            stake,
            rows.target[chosen],
            rows.holder[chosen],
        )
    )
    chosen, stake, informative = chosen[order], stake[order], informative[order]
    holder, target = rows.holder[chosen], rows.target[chosen]
    if not len(chosen):
        none, flags = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
        return Stakes(none, none, none, none, none, flags, flags, np.zeros(1, dtype=np.int64), none)
    first = np.ones(len(chosen), dtype=np.bool_)
    first[1:] = (holder[1:] != holder[:-1]) | (target[1:] != target[:-1]) | (stake[1:] != stake[:-1])
    heads = np.flatnonzero(first)
    ends = np.append(heads[1:], len(chosen))
    group = np.cumsum(first) - 1
    last = ends - 1
    best = last[group]
    denied = rows.denied[chosen]
    rank, since, sure = rows.rank[chosen], rows.since[chosen], rows.sure[chosen]
    told = ~denied & (informative == informative[best]) & (rows.stated[chosen] == rows.stated[chosen[best]])
    # What holds only perhaps overtakes nothing that surely holds: it may widen it, where it is no older.
    main = told & (sure == sure[best]) & (rank == rank[best])
    newest = _newest_start(rows, chosen, group, main)
    main &= since == newest
    apart = told & ~sure & sure[best] & ((rank > rank[best]) | ((rank == rank[best]) & (since >= newest)))
    spread = np.where(rows.near[chosen], nearness, 0)
    lower = np.clip(rows.low[chosen] - spread, 0, WHOLE)
    upper = np.clip(rows.high[chosen] + spread, 0, WHOLE)
    inner_low, inner_high = _common(lower, upper, main, heads)
    outer_low, outer_high = _span(lower, upper, main, heads)
    disputed = inner_low > inner_high
    low, high = np.where(disputed, outer_low, inner_low), np.where(disputed, outer_high, inner_high)
    apart_low, apart_high = _span(lower, upper, apart & ((lower > high[group]) | (upper < low[group])), heads)
    low, high = np.minimum(low, apart_low), np.maximum(high, apart_high)
    low, high, disputed = _parcels(rows, chosen, group, main, (lower, upper), (low, high, disputed))
    # A claim that holds for sure, and no denial of its day: without either the share may as well be nothing.
    low = np.where(~sure[last] | (_latest(rank, denied, heads) >= rank[last]), 0, low)
    alive = ~denied[last] & (_latest(rank, denied & sure, heads) <= _latest(rank, main | apart, heads))
    keep = np.flatnonzero(alive)
    behind = (main | apart) & alive[group]
    sizes = np.add.reduceat(behind.astype(np.int64), heads)[keep]
    return Stakes(
        holder=holder[heads[keep]],
        target=target[heads[keep]],
        stake=stake[heads[keep]],
        low=low[keep],
        high=high[keep],
        stated=rows.stated[chosen[last[keep]]],
        disputed=disputed[keep],
        starts=np.concatenate(([0], np.cumsum(sizes))),
        rows=chosen[behind],
    )


def _parcels(
    rows: Rows,
    chosen: Ints,
    group: Ints,
    main: NDArray[np.bool_],
    ends: tuple[Ints, Ints],
    found: tuple[Ints, Ints, NDArray[np.bool_]],
) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Widen the stakes of merged parties: what one source lists under two of their ids may be one holding, or two that add up."""
    subjects = rows.subject[chosen]
    names = (
        np.unique(np.stack((group[main], rows.source[chosen][main], subjects[main])), axis=1) if main.any() else None
    )
    if names is None or names.shape[1] == len(
        np.unique(group[main] * (int(rows.source.max()) + 1) + rows.source[chosen][main])
    ):
        return found
    low, high, disputed = found[0].copy(), found[1].copy(), found[2].copy()
    pairs, counts = np.unique(names[:2], axis=1, return_counts=True)
    for number, source in pairs[:, counts > 1].T.tolist():
        inside = np.flatnonzero(main & (group == number) & (rows.source[chosen] == source))
        held: dict[int, tuple[int, int]] = {}
        for row in inside.tolist():
            least, most = held.get(int(subjects[row]), (0, WHOLE))
            held[int(subjects[row])] = max(least, int(ends[0][row])), min(most, int(ends[1][row]))
        low[number] = max(least for least, _ in held.values())
        high[number] = min(WHOLE, sum(most for _, most in held.values()))
        disputed[number] = False
    return low, high, disputed


def _newest_start(rows: Rows, chosen: Ints, group: Ints, counts: NDArray[np.bool_]) -> Ints:
    """Return, for each row, the latest start that its source gives for the stake: an earlier one is history that the source has closed."""
    source = rows.source[chosen]
    _, told = np.unique(group * (int(source.max()) + 1) + source, return_inverse=True)
    newest = np.full(len(chosen), -(2**41), dtype=np.int64)
    np.maximum.at(newest, told[counts], rows.since[chosen][counts])
    return newest[told]


def _latest(rank: Ints, chosen: NDArray[np.bool_], heads: Ints) -> Ints:
    return np.maximum.reduceat(np.where(chosen, rank, -(2**41)), heads)


def _common(lower: Ints, upper: Ints, counts: NDArray[np.bool_], heads: Ints) -> tuple[Ints, Ints]:
    low = np.maximum.reduceat(np.where(counts, lower, -1), heads)
    return low, np.minimum.reduceat(np.where(counts, upper, 2 * WHOLE), heads)


def _span(lower: Ints, upper: Ints, counts: NDArray[np.bool_], heads: Ints) -> tuple[Ints, Ints]:
    low = np.minimum.reduceat(np.where(counts, lower, 2 * WHOLE), heads)
    return low, np.maximum.reduceat(np.where(counts, upper, -1), heads)
