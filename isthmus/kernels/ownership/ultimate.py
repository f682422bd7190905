"""Who stands at the top: the ultimate controllers of each node, and rings of nodes that control one another with nobody above.

A node is at the top when it controls everybody who controls it. Where no two disjoint groups can control the same target (each target's
listed shares are less than twice its need, and no facts), the controllers of any node form a chain, so each node has one top: a node or
a ring. That top is found without listing pairs, by union-find: a node joins the group that holds its need, and the group is what its
root controls. Elsewhere, the tops are read from the pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isthmus.kernels.compiled import Ints, Longs, Marks, compiled
from isthmus.kernels.ownership.holdings import Holdings
from isthmus.kernels.ownership.reach import Pairs, complete, controlled, exact_rows, left_of


@dataclass(frozen=True, eq=False, slots=True)
class Ultimate:
    """The ultimate controllers of each node.

    Attributes
    ----------
    starts : int64 (n + 1,)
    roots : int32 (at least n,)
        Node i is under each of ``roots[starts[i]:starts[i + 1]]``, rising: itself when nobody is above it; a ring by its smallest member.
        There are several where several control it and none of them the others.
    ring : int32 (n,)
        The smallest member of the ring with nobody above that the node belongs to; -1 for nodes in none.
    """

    starts: Longs
    roots: Ints
    ring: Ints

    def of(self, node: int) -> Ints:
        """Return the roots of one node."""
        return self.roots[self.starts[node] : self.starts[node + 1]]

    def rings(self) -> list[Ints]:
        """Return the members of each ring with nobody above, rising; rings by their smallest member."""
        members = np.flatnonzero(self.ring >= 0).astype(np.int32)
        members = members[np.argsort(self.ring[members], kind="stable")]
        cuts = np.flatnonzero(np.diff(self.ring[members])) + 1
        return np.split(members, cuts) if members.size else []


def ultimate(holdings: Holdings) -> Ultimate:
    """Return the ultimate controllers of every node, over exact shares and certain facts.

    Raises
    ------
    ArgumentError
        A share is an interval: use `ultimate_of` with the pairs of `bounds`.
    """
    if not is_chained(holdings):
        return ultimate_of(controlled(holdings))
    rows = exact_rows(holdings)
    held, shares, needs = holdings.by_target, holdings.low_by_target, holdings.needs
    roots = _roots(held.starts, held.ends, shares, needs)
    left = left_of(holdings)
    ring = _rings(*rows, held.starts, held.ends, shares, needs, roots, left)
    return Ultimate(np.arange(holdings.nodes + 1, dtype=np.int64), np.where(ring[roots] >= 0, ring[roots], roots), ring)


def is_chained(holdings: Holdings) -> bool:
    """Tell whether the controllers of each node form a chain: no two disjoint groups can hold enough of it, and no facts."""
    if holdings.certain[0].size:
        return False
    listed = np.where(holdings.left_out, 0, holdings.sums[0])
    return bool((2 * holdings.needs.astype(np.int64) > listed).all())


def ultimate_of(pairs: Pairs) -> Ultimate:
    """Return the ultimate controllers under any relation of control that is transitive, such as certain or possible control.

    In a transitive relation what a node controls includes what its servants control. So of two nodes where one controls the other, both
    control each other exactly when they control equally many.
    """
    nodes = pairs.starts.size - 1
    heads, ends = pairs.heads(), pairs.ends
    # With itself, so that members of one ring count the same.
    size = np.diff(pairs.starts) + 1
    above = size[heads] > size[ends]
    top = np.ones(nodes, np.bool_)
    top[ends[above]] = False
    ring = np.full(nodes, -1, np.int32)
    equal = (size[heads] == size[ends]) & top[ends]
    smallest = np.arange(nodes, dtype=np.int32)
    np.minimum.at(smallest, ends[equal], heads[equal])
    ring[ends[equal]] = smallest[ends[equal]]
    # A ring is named once: only its smallest member is a root of what it controls.
    names = top & (smallest == np.arange(nodes))
    kept = names[heads]
    own = np.flatnonzero(names).astype(np.int32)
    masters = np.concatenate((heads[kept], own))
    servants = np.concatenate((ends[kept], own))
    order = np.lexsort((masters, servants))
    starts = np.zeros(nodes + 1, np.int64)
    np.cumsum(np.bincount(servants, minlength=nodes), out=starts[1:])
    return Ultimate(starts, masters[order], ring)


@compiled
def _find(root: Ints, node: int) -> int:
    while root[node] != node:
        root[node] = root[root[node]]
        node = root[node]
    return node


@compiled
def _roots(starts: Longs, holders: Ints, shares: Ints, needs: Ints) -> Ints:
    """Let each node join the group that holds its need until none can.

    First the single holders that are enough alone, in one stream; then, for what is left, a weighted majority vote among groups and a
    count (Boyer and Moore 1991).
    """
    nodes = starts.size - 1
    step = 1 if needs.size == nodes else 0
    root = np.arange(nodes).astype(np.int32)
    waiting = np.empty(nodes, np.int32)
    left = 0
    for node in range(nodes):
        need = needs[node * step]
        total = np.int64(0)
        for edge in range(starts[node], starts[node + 1]):
            share = shares[edge]
            total += share
            if share >= need:
                group = _find(root, holders[edge])
                if group != node:
                    root[node] = group
                break
        if total >= need and root[node] == node:
            waiting[left] = node
            left += 1
    grown = np.zeros(nodes, np.int32)  # the last round in which the group of this root grew; all did in the stream
    rounds = np.int32(0)
    joined = True
    while joined:
        joined = False
        rounds += 1
        kept = 0
        for index in range(left):
            node = waiting[index]
            # Nothing changes for a node unless the group of one of its holders grew.
            for edge in range(starts[node], starts[node + 1]):
                if grown[_find(root, holders[edge])] >= rounds - 1:
                    break
            else:
                waiting[kept] = node
                kept += 1
                continue
            candidate = -1
            weight = np.int64(0)
            total = np.int64(0)
            for edge in range(starts[node], starts[node + 1]):
                group = _find(root, holders[edge])
                if group != node:
                    share = shares[edge]
                    total += share
                    if group == candidate:
                        weight += share
                    elif weight >= share:
                        weight -= share
                    else:
                        candidate = group
                        weight = share - weight
            # Who holds too little in all will never join; its own group may only grow, and so hold more of it.
            if total < needs[node * step]:
                continue
            held = np.int64(0)
            for edge in range(starts[node], starts[node + 1]):
                if _find(root, holders[edge]) == candidate:
                    held += shares[edge]
            if held >= needs[node * step]:
                root[node] = candidate
                grown[candidate] = rounds
                joined = True
            else:
                waiting[kept] = node
                kept += 1
        left = kept
    for node in range(nodes):
        root[node] = _find(root, node)
    return root


@compiled
def _rings(
    starts: Longs,
    ends: Ints,
    weights: Ints,
    held_starts: Longs,
    holders: Ints,
    shares: Ints,
    needs: Ints,
    root: Ints,
    left: Ints,
) -> Ints:
    """Name the ring of each root that somebody of its own group controls; -1 elsewhere.

    Nobody is above a root. A ring needs that the others of its group hold its need together; then those among them who control it are
    searched from it upwards. What a node outside the ring controls is outside it too, so it is searched once.
    """
    nodes = root.size
    step = 1 if needs.size == nodes else 0
    ring = np.full(nodes, -1, np.int32)
    state = np.zeros(nodes, np.int8)  # 1: in the ring, 2: not, 4 is added once its holders are listed
    queue = np.empty(nodes + 1, np.int32)
    upwards = np.empty(nodes + 1, np.int32)
    for top in range(nodes):
        if root[top] != top:
            continue
        own = np.int64(0)
        for edge in range(held_starts[top], held_starts[top + 1]):
            if holders[edge] != top and root[holders[edge]] == top:
                own += shares[edge]
        if own < needs[top * step]:
            continue
        state[top] = 5
        upwards[0] = top
        count = 1
        head = 0
        smallest = top
        members = 1
        while head < count:
            node = upwards[head]
            head += 1
            for edge in range(held_starts[node], held_starts[node + 1]):
                holder = holders[edge]
                if root[holder] != top or state[holder] >= 4:
                    continue
                if state[holder] == 0 and _meets(starts, ends, weights, needs, left, queue, state, holder):
                    state[holder] = 1
                    members += 1
                    smallest = min(smallest, holder)
                state[holder] += 4
                upwards[count] = holder
                count += 1
        if members > 1:
            for index in range(count):
                if state[upwards[index]] == 5:
                    ring[upwards[index]] = smallest
    return ring


@compiled
def _meets(
    starts: Longs, ends: Ints, weights: Ints, needs: Ints, left: Ints, queue: Ints, state: Marks, source: int
) -> bool:
    """Tell whether the source controls a node known to be in the ring; if not, mark all that it controls as outside."""
    queue[0] = source
    count = complete(starts, ends, weights, needs, left, queue, 1)
    for index in range(1, count):
        if state[queue[index]] & 3 == 1:
            return True
    for index in range(count):
        if state[queue[index]] == 0:
            state[queue[index]] = 2
    return False
