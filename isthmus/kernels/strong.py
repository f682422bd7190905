"""Strongly connected components in an order that back-substitution can use."""

from __future__ import annotations

import numpy as np

from isthmus.kernels.compiled import Ints, Longs, compiled


def strong_components(starts: Longs, ends: Ints, roots: Ints) -> tuple[Ints, Longs]:
    """Return the components of what the roots reach, each before those that lead to it (Tarjan 1972, without recursion).

    SciPy has components too, without an order and without roots; it is the oracle of the tests.

    Parameters
    ----------
    starts : int64 (n + 1,)
    ends : int32 (k,)
        A directed graph: node i leads to each of ``ends[starts[i]:starts[i + 1]]``.
    roots : int32

    Returns
    -------
    nodes : int32 (reached,)
        By component.
    cuts : int64 (components + 1,)
        Component c is ``nodes[cuts[c]:cuts[c + 1]]``.
    """
    nodes, cuts = _tarjan(starts, ends, roots)
    return nodes, cuts


@compiled
def _tarjan(starts: Longs, ends: Ints, roots: Ints) -> tuple[Ints, Longs]:
    size = starts.size - 1
    # 0: not seen; a position from 1 on while open; more than any position once its component is closed.
    closed = size + 1
    low = np.zeros(size, np.int32)
    edge_at = np.empty(size, np.int64)
    path = np.empty(size, np.int32)
    waiting = np.empty(size, np.int32)
    place = np.empty(size, np.int32)
    nodes = np.empty(size, np.int32)
    cuts = np.empty(size + 1, np.int64)
    cuts[0] = 0
    components = 0
    used = 0
    seen = 0
    depth = 0
    open_nodes = 0
    for root in roots:
        if low[root] != 0:
            continue
        path[0] = root
        depth = 1
        seen += 1
        low[root] = seen
        place[root] = seen
        edge_at[root] = starts[root]
        waiting[0] = root
        open_nodes = 1
        while depth > 0:
            node = path[depth - 1]
            if edge_at[node] < starts[node + 1]:
                end = ends[edge_at[node]]
                edge_at[node] += 1
                if low[end] == 0:
                    seen += 1
                    low[end] = seen
                    place[end] = seen
                    edge_at[end] = starts[end]
                    path[depth] = end
                    depth += 1
                    waiting[open_nodes] = end
                    open_nodes += 1
                elif low[end] < low[node]:
                    low[node] = low[end]
                continue
            depth -= 1
            if depth > 0 and low[node] < low[path[depth - 1]]:
                low[path[depth - 1]] = low[node]
            if low[node] == place[node]:
                while True:
                    open_nodes -= 1
                    member = waiting[open_nodes]
                    low[member] = closed
                    nodes[used] = member
                    used += 1
                    if member == node:
                        break
                components += 1
                cuts[components] = used
    return nodes[:used].copy(), cuts[: components + 1].copy()
