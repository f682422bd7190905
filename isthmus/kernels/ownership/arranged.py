"""Number the nodes so that groups of companies lie together: the same answers, from memory that lies together too.

A register numbers its companies by the day of their entry, so following holdings jumps about in memory, and waiting for memory is most of
the time that the kernels take. Here each node follows its largest holder: a depth-first order of the forest that these make. Questions
about all nodes of a large network are then two to three times faster.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from isthmus.kernels.compiled import Ints, Longs, compiled
from isthmus.kernels.ownership.holdings import Facts, Holdings
from isthmus.kernels.ownership.reach import Pairs
from isthmus.kernels.ownership.ultimate import Ultimate


@dataclass(frozen=True, eq=False, slots=True)
class Arranged:
    """Holdings with other numbers for the nodes; the edges keep theirs.

    Attributes
    ----------
    holdings : Holdings
    names : int32 (n,)
        The first number of each node.
    places : int32 (n,)
        The new number of each node.
    """

    holdings: Holdings
    names: Ints
    places: Ints

    def pairs(self, found: Pairs) -> Pairs:
        """Return pairs of new numbers as pairs of the first numbers."""
        return Pairs(*_named_rows(found.starts, found.ends, self.names, self.places))

    def ultimate(self, found: Ultimate) -> Ultimate:
        """Return tops of new numbers as tops of the first numbers; rings are called by the smallest of those."""
        calls = self.names.copy()
        members = np.flatnonzero(found.ring >= 0)
        np.minimum.at(calls, found.ring[members], self.names[members])
        ring = np.full(calls.size, -1, np.int32)
        ring[self.names[members]] = calls[found.ring[members]]
        starts, roots = _named_rows(found.starts, found.roots, calls, self.places)
        if roots.size > calls.size:
            order = np.lexsort((roots, np.repeat(np.arange(calls.size), np.diff(starts))))
            roots = roots[order]
        return Ultimate(starts, roots, ring)


def arranged(holdings: Holdings) -> Arranged:
    """Return the holdings with nodes numbered by group."""
    names = _order(_largest_holder(holdings.nodes, holdings.holders, holdings.targets, holdings.low))
    places = np.empty(holdings.nodes, np.int32)
    places[names] = np.arange(holdings.nodes, dtype=np.int32)

    def placed(facts: Facts) -> Facts:
        return places[facts[0]], places[facts[1]]

    other = replace(
        holdings,
        holders=places[holdings.holders],
        targets=places[holdings.targets],
        float_low=None if holdings.float_low is None else holdings.float_low[names],
        float_high=None if holdings.float_high is None else holdings.float_high[names],
        quota=holdings.quota[names] if isinstance(holdings.quota, np.ndarray) else holdings.quota,
        certain=placed(holdings.certain),
        possible=placed(holdings.possible),
    )
    return Arranged(other, names, places)


@compiled
def _largest_holder(nodes: int, holders: Ints, targets: Ints, shares: Ints) -> Ints:
    """Return the holder of the largest share of each node, the first told of equals; -1 where nobody holds any."""
    largest = np.zeros(nodes, np.int32)
    parent = np.full(nodes, -1, np.int32)
    for edge in range(holders.size):
        target = targets[edge]
        if shares[edge] > largest[target] and holders[edge] != target:
            largest[target] = shares[edge]
            parent[target] = holders[edge]
    return parent


@compiled
def _order(parent: Ints) -> Ints:
    """Return the nodes of a forest in depth-first order; a circle is opened at its first node."""
    nodes = parent.size
    starts = np.zeros(nodes + 1, np.int32)
    for node in range(nodes):
        if parent[node] >= 0:
            starts[parent[node] + 1] += 1
    for node in range(nodes):
        starts[node + 1] += starts[node]
    place = starts[:-1].copy()
    children = np.empty(starts[nodes], np.int32)
    for node in range(nodes):
        if parent[node] >= 0:
            children[place[parent[node]]] = node
            place[parent[node]] += 1
    found = np.empty(nodes, np.int32)
    used = 0
    path = np.empty(nodes, np.int32)
    seen = np.zeros(nodes, np.bool_)
    for circles in (False, True):
        for root in range(nodes):
            if seen[root] or (parent[root] >= 0 and not circles):
                continue
            path[0] = root
            seen[root] = True
            depth = 1
            while depth > 0:
                depth -= 1
                node = path[depth]
                found[used] = node
                used += 1
                for index in range(starts[node], starts[node + 1]):
                    child = children[index]
                    if not seen[child]:
                        seen[child] = True
                        path[depth] = child
                        depth += 1
    return found


@compiled
def _named_rows(starts: Longs, ends: Ints, calls: Ints, places: Ints) -> tuple[Longs, Ints]:
    """Bring rows into the order of the first numbers, and call their ends by other numbers."""
    nodes = places.size
    new_starts = np.zeros(nodes + 1, np.int64)
    new_ends = np.empty(ends.size, np.int32)
    used = 0
    for node in range(nodes):
        place = places[node]
        for index in range(starts[place], starts[place + 1]):
            new_ends[used] = calls[ends[index]]
            used += 1
        new_starts[node + 1] = used
    return new_starts, new_ends
