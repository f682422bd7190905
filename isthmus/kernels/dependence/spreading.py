"""How failure spreads: the kernels of operating semantics."""

from __future__ import annotations

import numpy as np

from isthmus.kernels.compiled import Ints, Marks, compiled
from isthmus.kernels.dependence.witness import FATAL

_FAILED, _LEAF = 2, 1  # what a group's state may hold; a leaf takes nothing with it, so it is only counted


@compiled
def spread(
    edge_starts: Ints,
    edges: Ints,
    gate_starts: Ints,
    gates: Ints,
    subjects: Ints,
    slack: Ints,
    when: Ints,
    lost: Ints,
    queue: Ints,
    head: int,
    count: int,
) -> int:
    """Complete the failed nodes of the queue to all that fail with them; return how many there are.

    Parameters
    ----------
    when : int32 (n,)
        The round in which a node failed, -1 while it works; set for the first `count` of the queue.
    lost : int32 (g,)
        How many alternatives each gate has lost to the first `head` of the queue.

    Notes
    -----
    First in, first out, so nodes enter the queue by rising round.
    """
    while head < count:
        node = queue[head]
        head += 1
        for index in range(edge_starts[node], edge_starts[node + 1]):
            end = edges[index]
            if when[end] < 0:
                when[end] = when[node] + 1
                queue[count] = end
                count += 1
        for index in range(gate_starts[node], gate_starts[node + 1]):
            gate = gates[index]
            lost[gate] += 1
            if lost[gate] > slack[gate] and when[subjects[gate]] < 0:
                when[subjects[gate]] = when[node] + 1
                queue[count] = subjects[gate]
                count += 1
    return count


@compiled
def spread_until(
    edge_starts: Ints,
    edges: Ints,
    gate_starts: Ints,
    gates: Ints,
    subjects: Ints,
    slack: Ints,
    when: Ints,
    lost: Ints,
    queue: Ints,
    head: int,
    marks: Marks,
) -> tuple[bool, int]:
    """Spread from the one node at the head of the queue until a node fails that is known to be fatal.

    Returns
    -------
    fatal : bool
    count : int
        The end of the queue; all of it has taken its alternatives from the gates, so `restore` mends this too.
    """
    fatal = False
    count = head + 1
    while head < count:
        node = queue[head]
        head += 1
        if not fatal:
            for index in range(edge_starts[node], edge_starts[node + 1]):
                end = edges[index]
                if when[end] < 0:
                    when[end] = 0
                    queue[count] = end
                    count += 1
                    fatal = fatal or marks[end] == FATAL
        for index in range(gate_starts[node], gate_starts[node + 1]):
            gate = gates[index]
            lost[gate] += 1
            if not fatal and lost[gate] > slack[gate] and when[subjects[gate]] < 0:
                end = subjects[gate]
                when[end] = 0
                queue[count] = end
                count += 1
                fatal = marks[end] == FATAL
    return fatal, count


@compiled
def restore(gate_starts: Ints, gates: Ints, when: Ints, lost: Ints, queue: Ints, head: int, count: int) -> None:
    """Let the nodes from `head` to `count` of the queue work again, as before they were spread."""
    for place in range(head, count):
        node = queue[place]
        when[node] = -1
        for index in range(gate_starts[node], gate_starts[node + 1]):
            lost[gates[index]] -= 1


@compiled
def impacts(
    edge_starts: Ints,
    edges: Ints,
    gate_starts: Ints,
    gates: Ints,
    subjects: Ints,
    slack: Ints,
    seeds: Ints,
    sizes: Ints,
    budget: int,
) -> tuple[Ints, bool]:
    """Return how much fails with each group, over condensed gates, 0 for groups that fail anyway; and whether that was worked out.

    It is given up once more groups failed, over all sources, than `budget`.

    A group whose failure takes one group and no alternative fails what that one fails, and itself: so chains take one step for each
    group. Edges run to lower numbers, so what that one fails is known. Where such a chain ends in a group that fails a group of the
    chain in turn, through gates, both fail the same.
    """
    groups = sizes.size
    # All that is read of a group that fails lies in one line of the cache, and its state in one byte.
    lines = np.zeros((groups, 8), np.int32)
    state = np.zeros(groups, np.int8)
    chain_end = np.full(groups, -1, np.int32)
    for group in range(groups):
        first, last = edge_starts[group], edge_starts[group + 1]
        lines[group, 0] = first
        lines[group, 1] = last
        lines[group, 2] = gate_starts[group]
        lines[group, 3] = gate_starts[group + 1]
        lines[group, 4] = sizes[group]
        if gate_starts[group] == gate_starts[group + 1]:
            if last == first and sizes[group] == 1:
                state[group] = _LEAF
            elif last - first == 1:
                end = edges[first]
                chain_end[group] = chain_end[end] if chain_end[end] >= 0 else end
    lost = np.zeros(subjects.size, np.int32)
    queue = np.empty(groups + 1, np.int32)
    leaves = np.empty(groups + 1, np.int32)
    found = np.zeros(groups, np.int32)
    same = np.zeros(groups, np.bool_)
    leaf_count = 0
    count = 0
    fallen = 0
    for seed in seeds:
        if state[seed] == _LEAF:
            leaves[leaf_count] = seed
            leaf_count += 1
        else:
            queue[count] = seed
            count += 1
        state[seed] |= _FAILED
    _fall(lines, edges, gates, subjects, slack, state, lost, queue, count, leaves, leaf_count)
    for group in range(groups):
        if state[group] & _FAILED:
            continue
        if state[group] == _LEAF:
            found[group] = 1
            continue
        if chain_end[group] >= 0:
            found[group] = found[edges[lines[group, 0]]]
            if not same[group]:
                found[group] += sizes[group]
            continue
        state[group] |= _FAILED
        queue[0] = group
        count, leaf_count, found[group] = _fall(lines, edges, gates, subjects, slack, state, lost, queue, 1, leaves, 0)
        fallen += count + leaf_count
        if fallen > budget:
            return found, False
        for place in range(leaf_count):
            state[leaves[place]] = _LEAF
        for place in range(count):
            node = queue[place]
            state[node] = 0
            if node > group and chain_end[node] == group:
                same[node] = True
            for index in range(lines[node, 2], lines[node, 3]):
                lost[gates[index]] -= 1
    return found, True


@compiled
def _fall(
    lines: Ints,
    edges: Ints,
    gates: Ints,
    subjects: Ints,
    slack: Ints,
    state: Marks,
    lost: Ints,
    queue: Ints,
    count: int,
    leaves: Ints,
    leaf_count: int,
) -> tuple[int, int, int]:
    """Spread without rounds; return how many groups that take others failed, how many leaves, and the size of all together."""
    head = 0
    total = 0
    while head < count:
        node = queue[head]
        head += 1
        total += lines[node, 4]
        for index in range(lines[node, 0], lines[node, 1]):
            # Written before it is known whether it counts: nobody can foretell that, and a wrong guess costs more than two stores.
            end = edges[index]
            was = state[end]
            queue[count] = end
            leaves[leaf_count] = end
            count += was == 0
            leaf_count += was == _LEAF
            state[end] = was | _FAILED
        for index in range(lines[node, 2], lines[node, 3]):
            gate = gates[index]
            lost[gate] += 1
            if lost[gate] <= slack[gate]:
                continue
            end = subjects[gate]
            if state[end] == 0:
                state[end] = _FAILED
                queue[count] = end
                count += 1
            elif state[end] == _LEAF:
                state[end] |= _FAILED
                leaves[leaf_count] = end
                leaf_count += 1
    return count, leaf_count, total + leaf_count
