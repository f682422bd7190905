"""Dominators: what every path from a root passes.

Where each node needs only one of its alternatives, the nodes that alone fail another are its dominators, seen from what needs nothing.
Under AND and OR together they are not, so `single_failures` answers; dominators are for graphs of plain edges.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from isthmus.errors import ArgumentError
from isthmus.kernels.compiled import Ints, Longs, compiled


def dominators(starts: ArrayLike, ends: ArrayLike, root: int) -> Ints:
    """Return the immediate dominator of each node (Cooper, Harvey and Kennedy 2001).

    Parameters
    ----------
    starts : int (n + 1,)
    ends : int (k,)
        A directed graph: node i leads to each of ``ends[starts[i]:starts[i + 1]]``.
    root : int

    Returns
    -------
    int32 (n,)
        -1 for nodes that the root does not reach; the root is its own.

    Raises
    ------
    ArgumentError
        The root or an end is not a node, or the starts do not rise from 0 to the number of ends.
    """
    rows, heads = np.asarray(starts, np.int64), np.asarray(ends, np.int32)
    nodes = rows.size - 1
    if nodes < 1 or not 0 <= root < nodes:
        raise ArgumentError(f"{root} is not among the {max(nodes, 0)} nodes.", where="root", hint="Nodes count from 0.")
    if rows[0] != 0 or rows[-1] != heads.size or (np.diff(rows) < 0).any():
        raise ArgumentError(
            f"the starts do not rise from 0 to {heads.size}; they are no rows.",
            where="starts",
            hint="Give n + 1 starts.",
        )
    if heads.size and (heads.min() < 0 or heads.max() >= nodes):
        raise ArgumentError(f"an end is not among the {nodes} nodes.", where="ends", hint="Nodes count from 0.")
    return _dominators(rows, heads, root)


@compiled
def _dominators(starts: Longs, ends: Ints, root: int) -> Ints:
    """Go over the nodes in reverse postorder, and let each meet what its successors have met so far.

    Every edge but those that run back comes to its end before the end is gone over. So the answer stands as soon as no edge that runs
    back moves anything, and what comes before the first node that one moved need not be gone over again.
    """
    nodes = starts.size - 1
    number, order, count = _postorder(starts, ends, root)
    above = np.full(count, -1, np.int32)  # by postorder, in which numbers rise towards the root
    above[count - 1] = count - 1
    back_tails = np.empty(ends.size, np.int32)
    back_heads = np.empty(ends.size, np.int32)
    backs = 0
    first = True
    begin = count - 1
    while begin >= 0:
        for place in range(begin, -1, -1):
            node = order[place]
            for index in range(starts[node], starts[node + 1]):
                end = number[ends[index]]
                if end < place:
                    above[end] = place if above[end] < 0 else _meet(above, above[end], place)
                elif first and end > place:
                    back_tails[backs] = place
                    back_heads[backs] = end
                    backs += 1
        first = False
        begin = -1
        for index in range(backs):
            end = back_heads[index]
            meet = _meet(above, above[end], back_tails[index])
            if meet != above[end]:
                above[end] = meet
                begin = max(begin, end)
    found = np.full(nodes, -1, np.int32)
    for place in range(count):
        found[order[place]] = order[above[place]]
    return found


@compiled
def _meet(above: Ints, one: int, other: int) -> int:
    """Return where the chains of two nodes first meet."""
    while one != other:
        if one < other:
            one = above[one]
        else:
            other = above[other]
    return one


@compiled
def _postorder(starts: Longs, ends: Ints, root: int) -> tuple[Ints, Ints, int]:
    """Return the place of each node in postorder, the nodes by place, and how many the root reaches."""
    nodes = starts.size - 1
    number = np.full(nodes, -1, np.int32)  # -1 not seen, -2 on the path
    edge_at = np.empty(nodes, np.int64)
    path = np.empty(nodes, np.int32)
    order = np.empty(nodes, np.int32)
    path[0] = root
    edge_at[root] = starts[root]
    number[root] = -2
    depth = 1
    count = 0
    while depth > 0:
        node = path[depth - 1]
        at = edge_at[node]
        while at < starts[node + 1] and number[ends[at]] != -1:
            at += 1
        edge_at[node] = at + 1
        if at == starts[node + 1]:
            depth -= 1
            number[node] = count
            order[count] = node
            count += 1
            continue
        end = ends[at]
        number[end] = -2
        path[depth] = end
        edge_at[end] = starts[end]
        depth += 1
    return number, order, count
