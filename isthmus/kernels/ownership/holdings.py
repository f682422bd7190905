"""Who holds how much of what, as arrays.

Shares are whole numbers, `WHOLE` of them to 100 %, so that 50 % is exactly 50 % and no sum is rounded. Each holding is an interval; what
the named holders of a target do not hold is its float, an interval too, held by people of whom nothing is known (each is nobody's).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from isthmus.errors import ArgumentError
from isthmus.kernels.compiled import Flags, Ints, Longs, compiled

WHOLE = 100_000_000
FACT = WHOLE + 1
"""What a control fact weighs among shares: as much as the largest need, and more than all shares together."""

Facts = tuple[Ints, Ints]


@dataclass(frozen=True, slots=True)
class Rows:
    """Edges grouped by one of their ends.

    Attributes
    ----------
    starts : int64 (n + 1,)
        Row i is ``starts[i]`` to ``starts[i + 1]``.
    ends : int32 (k,)
        The other end of each edge.
    edges : int32 (k,)
        The number of each edge: 0 to m - 1 are the holdings as given; certain facts follow, then possible ones.
    """

    starts: Longs
    ends: Ints
    edges: Ints


def no_facts() -> Facts:
    """Return the facts of a network without any."""
    return np.empty(0, np.int32), np.empty(0, np.int32)


@dataclass(frozen=True, eq=False)
class Holdings:
    """A network of holdings and control facts. Nodes are 0 to n - 1.

    Two edges between the same two nodes are two parcels, and add. Whoever has one holding told by two sources makes one edge of it.
    A node's shares in itself never count towards control of it, and do count as shares that others do not hold.

    Parameters
    ----------
    nodes : int
        n.
    holders, targets : int (m,)
        The ends of each holding.
    low, high : int (m,)
        At least and at most so many units of `WHOLE`; equal where the share is known.
    float_low, float_high : int (n,), optional
        At least and at most so much of each node is held by nobody named; absent: 0 and `WHOLE`.
    quota : int or int (n,)
        Whoever holds more than this controls; one for all or one for each node. `WHOLE`: shares alone never control it.
    inclusive : bool
        The quota itself is enough.
    certain, possible : (int (f,), int (f,))
        Masters and servants: control that rests on a fact and not on shares, for certain or perhaps.

    Raises
    ------
    ArgumentError
        Arrays of unequal length, a node or a number out of range, an interval whose ends are in the wrong order.

    Notes
    -----
    Targets whose shares cannot be completed (`infeasible`) keep their facts, and what they hold in others counts; the holdings in
    them count nowhere. They are never repaired.
    """

    nodes: int
    holders: Ints
    targets: Ints
    low: Ints
    high: Ints
    float_low: Ints | None = None
    float_high: Ints | None = None
    quota: Ints | int = WHOLE // 2
    inclusive: bool = False
    certain: Facts = field(default_factory=no_facts)
    possible: Facts = field(default_factory=no_facts)

    def __post_init__(self) -> None:
        if not 0 <= self.nodes < 2**31:
            raise _refusal("nodes", f"{self.nodes} is no number of nodes")
        put = object.__setattr__
        for name in ("holders", "targets"):
            put(self, name, _within(name, getattr(self, name), self.nodes - 1))
        for name in ("low", "high", "float_low", "float_high"):
            if getattr(self, name) is not None:
                put(self, name, _within(name, getattr(self, name), WHOLE))
        for name in ("certain", "possible"):
            masters, servants = getattr(self, name)
            put(self, name, (_within(name, masters, self.nodes - 1), _within(name, servants, self.nodes - 1)))
            _same_length(name, *getattr(self, name))
        quota = _within("quota", self.quota, WHOLE)
        if self.inclusive and quota.size and quota.min() == 0:
            raise _refusal("quota", "with an inclusive quota of 0 everybody controls it")
        if quota.ndim:
            _same_length("quota", quota, np.empty(self.nodes))
            put(self, "quota", quota)
        _same_length("holders, targets, low, high", self.holders, self.targets, self.low, self.high)
        for name, bound in (("float_low", self.float_low), ("float_high", self.float_high)):
            if bound is not None:
                _same_length(name, bound, np.empty(self.nodes))
        if (self.low > self.high).any():
            edge = int(np.argmax(self.low > self.high))
            raise _refusal("low, high", f"holding {edge} is at least {self.low[edge]} and at most {self.high[edge]}")

    @classmethod
    def exact(cls, nodes: int, holders: ArrayLike, targets: ArrayLike, shares: ArrayLike) -> Holdings:
        """Return holdings whose shares are all known, with strict majority and no facts."""
        share = _within("shares", shares, WHOLE)
        return cls(nodes, np.asarray(holders, np.int32), np.asarray(targets, np.int32), share, share)

    @cached_property
    def needs(self) -> Ints:
        """Return the fewest units that control, as an array of n, or of 1 that is good for all."""
        quota = np.atleast_1d(np.asarray(self.quota, np.int32))
        return quota if self.inclusive else quota + np.int32(1)

    @cached_property
    def by_target(self) -> Rows:
        """Return the holders of each node; holdings only, no facts."""
        return Rows(*grouped(self.targets, self.holders, np.arange(self.low.size, dtype=np.int32), self.nodes))

    @cached_property
    def by_holder(self) -> Rows:
        """Return what each node holds or commands: holdings and facts, within a row by rising target."""
        holders = np.concatenate((self.holders, self.certain[0], self.possible[0]))
        targets = np.concatenate((self.targets, self.certain[1], self.possible[1]))
        # By target first: the second sort keeps that order within each row, so parcels of one holder lie side by side.
        if targets.size == self.targets.size:
            by_target = self.by_target
        else:
            by_target = Rows(*grouped(targets, holders, np.arange(targets.size, dtype=np.int32), self.nodes))
        edges = by_target.edges
        return Rows(*grouped(by_target.ends, targets[edges], edges, self.nodes))

    @cached_property
    def sums(self) -> tuple[Longs, Longs]:
        """Return what the named holders of each node hold at least and at most, int64 (n,) each."""
        return summed(self.targets, self.low, self.nodes), summed(self.targets, self.high, self.nodes)

    @cached_property
    def left_out(self) -> Flags:
        """Return a mask of the nodes whose holdings cannot be completed to 100 %: see `infeasible`."""
        least, most = self.sums
        held = np.diff(self.by_target.starts) > 0  # a node that nobody is said to hold says nothing that could be wrong
        float_low = 0 if self.float_low is None else self.float_low
        float_high = WHOLE if self.float_high is None else self.float_high
        bad: Flags = held & ((least + float_low > WHOLE) | (most + float_high < WHOLE))
        return bad

    @cached_property
    def is_exact(self) -> bool:
        """Tell whether every share is one number."""
        return self.low is self.high or bool((self.low == self.high).all())

    @cached_property
    def low_by_holder(self) -> Ints:
        """Return the lows in the order of `by_holder`, certain facts as `FACT`, possible ones as 0."""
        return self.weights(self.low, FACT, 0)

    @cached_property
    def low_by_target(self) -> Ints:
        """Return the lows in the order of `by_target`, 0 in targets left out."""
        return self.counted(self.low)[self.by_target.edges]

    @cached_property
    def telling(self) -> tuple[Longs, Ints, Ints]:
        """Return starts, ends and weights of the rows by holder that decide control by the lows; within a row by rising target, facts last.

        Where one parcel is enough and all others together are not, nobody controls the target without it, so the others are left away;
        and all are where all together are not enough. That leaves about half of a register.
        """
        held = self.by_target
        holders, targets, weights = _telling(held.starts, held.ends, self.low_by_target, self.needs)
        masters, servants = self.certain
        holders, targets = np.concatenate((holders, masters)), np.concatenate((targets, servants))
        weights = np.concatenate((weights, np.full(masters.size, FACT, np.int32)))
        return grouped(holders, targets, weights, self.nodes)

    def counted(self, shares: Ints) -> Ints:
        """Return the shares of the holdings, 0 in targets left out."""
        return np.where(self.left_out[self.targets], np.int32(0), shares) if self.left_out.any() else shares

    def weights(self, shares: Ints, certain: int, possible: int) -> Ints:
        """Return a weight for each edge in the order of `by_holder`: its share, or what a fact weighs; 0 into a target left out."""
        facts = [np.full(self.certain[0].size, certain, np.int32), np.full(self.possible[0].size, possible, np.int32)]
        found: Ints = np.concatenate((self.counted(shares), *facts))[self.by_holder.edges]
        return found


def infeasible(holdings: Holdings) -> Flags:
    """Return which targets have shares that no completion adds to 100 %: bool (n,).

    The least that all hold is over `WHOLE`, or the most that all hold is below it.
    """
    return holdings.left_out


def _refusal(where: str, message: str) -> ArgumentError:
    return ArgumentError(
        f"{message}; no control can be computed from that.", where=where, hint="Mend the arrays of the holdings."
    )


def _within(name: str, values: ArrayLike, most: int) -> Ints:
    array: NDArray[np.int64 | np.int32] = np.asarray(values)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise _refusal(name, f"numbers of type {array.dtype} are not whole numbers")
    if array.size and (array.min() < 0 or array.max() > most):
        worst = array.min() if array.min() < 0 else array.max()
        raise _refusal(name, f"{worst} is not between 0 and {most}")
    return np.ascontiguousarray(array, np.int32) if array.ndim else array.astype(np.int32)


def _same_length(name: str, *arrays: NDArray[np.generic]) -> None:
    if len({array.shape for array in arrays}) > 1 or arrays[0].ndim != 1:
        raise _refusal(name, f"shapes {[array.shape for array in arrays]} do not go together")


@compiled
def grouped(keys: Ints, ends: Ints, edges: Ints, nodes: int) -> tuple[Longs, Ints, Ints]:
    """Return starts, and ends and numbers of edges grouped by key: one counting sort that keeps their order."""
    starts = np.zeros(nodes + 1, np.int64)
    for key in keys:
        starts[key + 1] += 1
    for node in range(nodes):
        starts[node + 1] += starts[node]
    place = starts[:-1].copy()
    sorted_ends = np.empty(keys.size, np.int32)
    sorted_edges = np.empty(keys.size, np.int32)
    for index in range(keys.size):
        at = place[keys[index]]
        place[keys[index]] = at + 1
        sorted_ends[at] = ends[index]
        sorted_edges[at] = edges[index]
    return starts, sorted_ends, sorted_edges


@compiled
def _telling(starts: Longs, holders: Ints, shares: Ints, needs: Ints) -> tuple[Ints, Ints, Ints]:
    nodes = starts.size - 1
    step = 1 if needs.size == nodes else 0
    kept_holders = np.empty(holders.size, np.int32)
    kept_targets = np.empty(holders.size, np.int32)
    kept_shares = np.empty(holders.size, np.int32)
    kept = 0
    for target in range(nodes):
        need = np.int64(needs[target * step])
        total = np.int64(0)
        largest = np.int64(0)
        for edge in range(starts[target], starts[target + 1]):
            total += shares[edge]
            largest = max(largest, np.int64(shares[edge]))
        if total < need:
            continue
        alone = largest >= need and total - largest < need
        for edge in range(starts[target], starts[target + 1]):
            if holders[edge] != target and shares[edge] > 0 and (shares[edge] == largest or not alone):
                kept_holders[kept] = holders[edge]
                kept_targets[kept] = target
                kept_shares[kept] = shares[edge]
                kept += 1
    return kept_holders[:kept].copy(), kept_targets[:kept].copy(), kept_shares[:kept].copy()


@compiled
def summed(targets: Ints, shares: Ints, nodes: int) -> Longs:
    """Return the sum of the shares in each node: int64 (n,)."""
    total = np.zeros(nodes, np.int64)
    for edge in range(targets.size):
        total[targets[edge]] += shares[edge]
    return total
