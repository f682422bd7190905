"""Company control: what each node controls, alone and through all that it controls.

C(x) is the least set that holds x and every y whose holders in C(x) together have what control of y needs (Gulino, Ceri, Gottlob,
Sallinger and Bellomarini, ICDE 2021: the company control problem), or that a control fact gives to a member. Control is therefore joint,
passes on in full however small the integrated share, and may run in rings. Shares are exact here; `bounds` takes intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from isthmus.errors import ArgumentError
from isthmus.kernels.compiled import Ints, Longs, compiled
from isthmus.kernels.ownership.holdings import Holdings


@dataclass(frozen=True, eq=False, slots=True)
class Pairs:
    """A relation between nodes: node i to each of ``ends[starts[i]:starts[i + 1]]``, never to itself.

    Attributes
    ----------
    starts : int64 (n + 1,)
    ends : int32 (pairs,)
    """

    starts: Longs
    ends: Ints

    def __len__(self) -> int:
        return self.ends.size

    def of(self, node: int) -> Ints:
        """Return the ends of one node."""
        return self.ends[self.starts[node] : self.starts[node + 1]]

    def heads(self) -> Ints:
        """Return the first node of each pair: int32 (pairs,)."""
        return np.repeat(np.arange(self.starts.size - 1, dtype=np.int32), np.diff(self.starts))

    def turned(self) -> Pairs:
        """Return the pairs with their ends exchanged, within a row by rising node."""
        return Pairs(*_turned(self.starts, self.ends))

    def as_set(self) -> set[tuple[int, int]]:
        """Return the pairs as a set, for small relations."""
        return set(zip(self.heads().tolist(), self.ends.tolist(), strict=True))


def controlled(holdings: Holdings) -> Pairs:
    """Return all pairs (x, y) where x controls y, over exact shares and certain facts.

    Only nodes with a parcel or a sum of parcels in one target that is enough alone, or with a fact, start a search: others control
    nothing. Time grows with the pairs found and the edges scanned from them.

    Raises
    ------
    ArgumentError
        A share is an interval.
    """
    return Pairs(*all_reached(*exact_rows(holdings), holdings.needs, holdings.nodes))


def controlled_by(holdings: Holdings, source: int | Sequence[int]) -> Ints:
    """Return what a node controls or, given several, what they control if they act as one; in order of discovery, without themselves.

    Raises
    ------
    ArgumentError
        A share is an interval, or a source is not a node.
    """
    sources = source_nodes(holdings, source)
    starts, ends, weights = exact_rows(holdings)
    left = left_of(holdings)
    queue = np.empty(holdings.nodes, np.int32)
    queue[: sources.size] = sources
    count = complete(starts, ends, weights, holdings.needs, left, queue, sources.size)
    return queue[sources.size : count].copy()


def exact_rows(holdings: Holdings) -> tuple[Longs, Ints, Ints]:
    """Return starts, ends and weights of the rows by holder that decide control.

    Raises
    ------
    ArgumentError
        A share is an interval.
    """
    refuse_intervals(holdings)
    return holdings.telling


def refuse_intervals(holdings: Holdings) -> None:
    """Raise an error where a share is an interval.

    Raises
    ------
    ArgumentError
        It names the first.
    """
    if not holdings.is_exact:
        edge = int(np.argmax(holdings.low != holdings.high))
        raise ArgumentError(
            f"holding {edge} is between {holdings.low[edge]} and {holdings.high[edge]}; this needs one number.",
            where="low, high",
            hint="Use isthmus.kernels.ownership.bounds, or integrated_bounds.",
        )


def source_nodes(holdings: Holdings, source: int | Sequence[int]) -> Ints:
    """Return the distinct sources as an array; refuse what is not a node."""
    sources = np.unique(np.atleast_1d(np.asarray(source, np.int64)))
    if sources.size and (sources[0] < 0 or sources[-1] >= holdings.nodes):
        raise ArgumentError(
            f"{source} is not among the {holdings.nodes} nodes.", where="source", hint="Nodes count from 0."
        )
    return sources.astype(np.int32)


def left_of(holdings: Holdings) -> Ints:
    """Return a work array: what is left of each node's need before anything is held."""
    needs = holdings.needs
    return needs.copy() if needs.size == holdings.nodes else np.full(holdings.nodes, needs[0], np.int32)


@compiled
def complete(starts: Longs, ends: Ints, weights: Ints, needs: Ints, left: Ints, queue: Ints, count: int) -> int:
    """Complete the first `count` nodes of the queue to all that they control together; leave `left` as it was found.

    `left` is at or below 0 exactly for members: it is not lowered further, so facts of any number cannot run it over.
    """
    step = 1 if needs.size == left.size else 0
    for index in range(count):
        left[queue[index]] = 0
    head = 0
    while head < count:
        member = queue[head]
        head += 1
        for edge in range(starts[member], starts[member + 1]):
            end = ends[edge]
            before = left[end]
            if before > 0:
                after = before - weights[edge]
                left[end] = after
                if after <= 0:
                    queue[count] = end
                    count += 1
    for index in range(count):
        member = queue[index]
        left[member] = needs[member * step]
        for edge in range(starts[member], starts[member + 1]):
            left[ends[edge]] = needs[ends[edge] * step]
    return count


@compiled
def is_enough(start: int, stop: int, ends: Ints, weights: Ints, needs: Ints, step: int) -> bool:
    """Tell whether the parcels of one row are enough alone in any target."""
    held = np.int64(0)
    last = -1
    for edge in range(start, stop):
        end = ends[edge]
        held = held + weights[edge] if end == last else np.int64(weights[edge])
        last = end
        if held >= needs[end * step]:
            return True
    return False


@compiled
def all_reached(starts: Longs, ends: Ints, weights: Ints, needs: Ints, nodes: int) -> tuple[Longs, Ints]:
    """Return the rows of all pairs; see `controlled`."""
    step = 1 if needs.size == nodes else 0
    left = np.empty(nodes, np.int32)
    for node in range(nodes):
        left[node] = needs[node * step]
    queue = np.empty(nodes + 1, np.int32)
    found_starts = np.zeros(nodes + 1, np.int64)
    found = np.empty(max(nodes, 16), np.int32)
    used = 0
    for source in range(nodes):
        if is_enough(starts[source], starts[source + 1], ends, weights, needs, step):
            queue[0] = source
            count = complete(starts, ends, weights, needs, left, queue, 1)
            if used + count > found.size:
                more = np.empty(2 * (used + count), np.int32)
                more[:used] = found[:used]
                found = more
            found[used : used + count - 1] = queue[1:count]
            used += count - 1
        found_starts[source + 1] = used
    return found_starts, found[:used].copy()


@compiled
def _turned(starts: Longs, ends: Ints) -> tuple[Longs, Ints]:
    nodes = starts.size - 1
    turned = np.zeros(nodes + 1, np.int64)
    for end in ends:
        turned[end + 1] += 1
    for node in range(nodes):
        turned[node + 1] += turned[node]
    place = turned[:-1].copy()
    heads = np.empty(ends.size, np.int32)
    for node in range(nodes):
        for index in range(starts[node], starts[node + 1]):
            heads[place[ends[index]]] = node
            place[ends[index]] += 1
    return turned, heads
