"""Solve x = M (v + x) along an order of components: back-substitution, and equations inside components only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import splu

from isthmus.kernels.compiled import Flags, Floats, Ints, Longs, compiled
from isthmus.kernels.ownership.holdings import WHOLE, Holdings, grouped

_SMALL = 48  # members of a component that the kernel solves itself; larger ones go to a sparse factorisation


@dataclass(frozen=True, eq=False, slots=True)
class Shares:
    """Holdings grouped by one end: node i and each of ``ends[starts[i]:starts[i + 1]]``, with the shares beside."""

    starts: Longs
    ends: Ints
    shares: Ints


@dataclass(frozen=True, eq=False, slots=True)
class Network:
    """Shares above 0 in targets that can be completed: by holder (`down`) and by target (`up`), and what each node holds of itself."""

    down: Shares
    up: Shares
    loops: Longs


def network(holdings: Holdings, shares: Ints) -> Network:
    """Return the network of some shares of the holdings, int32 (m,)."""
    counted = holdings.counted(shares)
    holders, targets = holdings.holders, holdings.targets
    own = holders == targets
    loops = np.zeros(holdings.nodes, np.int64)
    np.add.at(loops, holders[own], counted[own])
    if shares is holdings.low and counted.all() and not holdings.certain[0].size + holdings.possible[0].size:
        # All that is held counts, so the rows are there already.
        down, up = holdings.by_holder, holdings.by_target
        return Network(
            Shares(down.starts, down.ends, holdings.low_by_holder),
            Shares(up.starts, up.ends, holdings.low_by_target),
            loops,
        )
    kept = counted > 0
    holders, targets, counted = holders[kept], targets[kept], counted[kept]
    number = np.arange(counted.size, dtype=np.int32)
    starts, ends, edges = grouped(holders, targets, number, holdings.nodes)
    down_shares = Shares(starts, ends, counted[edges])
    starts, ends, edges = grouped(targets, holders, number, holdings.nodes)
    return Network(down_shares, Shares(starts, ends, counted[edges]), loops)


def peel(net: Network, own: Floats) -> tuple[Floats, Ints]:
    """Return x = W (own + x) for all nodes that are not above a ring, and the others in rising order; their x is 0.

    Each node is done when all that it holds is done, and then gives its share to each of its holders (Kahn 1962). Last numbers first:
    where nodes are numbered by group, that is nearly the order in which they are done.
    """
    found, left = _peel(net.down.starts, net.up.starts, net.up.ends, net.up.shares, own)
    return found, np.flatnonzero(left).astype(np.int32)


def substitute(
    matrix: Shares, nodes: Ints, cuts: Longs, own: Floats, found: Floats, *, cut: int, by_target: bool
) -> list[int]:
    """Set x[i] to the sum over row i of share / WHOLE times (own + x), for the nodes listed, in `found`.

    Parameters
    ----------
    matrix : Shares
        Row i is what i holds or, with `by_target`, those who hold i.
    nodes, cuts : int32 (k,), int64 (components + 1,)
        Components, the last one first to be known: what `strong_components` gives for the edges the other way round.
    own : float64 (n,)
    found : float64 (n,)
        x, known already for nodes that are not listed. It becomes nan in a component all of whose shares lie inside it.
    cut : int
        A node whose own number counts and whose x does not; -1 for none.
    by_target : bool
        Which way the rows go; it says along which of them shares add up to `WHOLE`.

    Returns
    -------
    list of int
        Those components, by number.
    """
    closed = np.zeros(cuts.size - 1, np.bool_)
    place = np.full(own.size, -1, np.int32)
    number = cuts.size - 2
    while number >= 0:
        number = _substitute(
            matrix.starts,
            matrix.ends,
            matrix.shares,
            nodes,
            cuts,
            own,
            cut,
            by_target,
            found,
            closed,
            place,
            number,
        )
        if number >= 0:
            _solve_large(matrix, nodes[cuts[number] : cuts[number + 1]], own, cut, by_target, found, place)
            closed[number] = np.isnan(found[nodes[cuts[number]]])
            number -= 1
    numbers: list[int] = np.flatnonzero(closed).tolist()
    return numbers


def _solve_large(
    matrix: Shares, members: Ints, own: Floats, cut: int, by_target: bool, found: Floats, place: Ints
) -> None:
    size = members.size
    place[members] = np.arange(size)
    counts = matrix.starts[members + 1] - matrix.starts[members]
    rows = np.repeat(np.arange(size), counts)
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    edges = np.repeat(matrix.starts[members], counts) + offsets
    ends, shares = matrix.ends[edges], matrix.shares[edges]
    inside = place[ends] >= 0
    sums = np.bincount((rows if by_target else place[ends])[inside], weights=shares[inside], minlength=size)
    if (sums == WHOLE).all() and not (members == cut).any():
        found[members] = np.nan
    else:
        parts = shares / WHOLE
        known = np.where(inside, own[ends], own[ends] + np.where(ends == cut, 0.0, found[ends]))
        right = np.bincount(rows, weights=parts * known, minlength=size)
        back = inside & (ends != cut)
        diagonal = np.arange(size)
        data = np.concatenate((np.ones(size), -parts[back]))
        where = (np.concatenate((diagonal, rows[back])), np.concatenate((diagonal, place[ends[back]])))
        found[members] = splu(csc_matrix((data, where), shape=(size, size))).solve(right)
    place[members] = -1


@compiled
def _peel(down_starts: Longs, starts: Longs, holders: Ints, shares: Ints, own: Floats) -> tuple[Floats, Ints]:
    nodes = own.size
    found = np.zeros(nodes)
    left = np.empty(nodes, np.int32)  # how many holdings of the node are not done; -1 once it is done itself
    for node in range(nodes):
        left[node] = down_starts[node + 1] - down_starts[node]
    ready = np.empty(nodes, np.int32)
    for first in range(nodes - 1, -1, -1):
        if left[first] != 0:
            continue
        ready[0] = first
        count = 1
        while count > 0:
            count -= 1
            node = ready[count]
            left[node] = -1
            value = (own[node] + found[node]) / WHOLE
            for edge in range(starts[node], starts[node + 1]):
                holder = holders[edge]
                found[holder] += shares[edge] * value
                left[holder] -= 1
                # The loop comes to smaller numbers by itself.
                if left[holder] == 0 and holder > first:
                    ready[count] = holder
                    count += 1
    for node in range(nodes):
        if left[node] > 0:
            found[node] = 0.0
        else:
            left[node] = 0
    return found, left


@compiled
def _substitute(
    starts: Longs,
    ends: Ints,
    shares: Ints,
    nodes: Ints,
    cuts: Longs,
    own: Floats,
    cut: int,
    by_target: bool,
    found: Floats,
    closed: Flags,
    place: Ints,
    number: int,
) -> int:
    """Go down from a component to the first that is too large, and return its number; -1 when all are done."""
    equations = np.empty((_SMALL, _SMALL), np.float64)
    right = np.empty(_SMALL, np.float64)
    inside = np.empty(_SMALL, np.int64)
    while number >= 0:
        first = cuts[number]
        size = cuts[number + 1] - first
        if size == 1:
            node = nodes[first]
            total = 0.0
            loop = 0
            for edge in range(starts[node], starts[node + 1]):
                end = ends[edge]
                total += shares[edge] * (own[end] if end == cut else own[end] + found[end])
                if end == node and end != cut:
                    loop += shares[edge]
            if loop == WHOLE:
                found[node] = np.nan
                closed[number] = True
            else:
                found[node] = total / (WHOLE - loop)
        elif size > _SMALL:
            return number
        else:
            for row in range(size):
                place[nodes[first + row]] = row
                right[row] = 0.0
                inside[row] = 0
                for column in range(size):
                    equations[row, column] = 0.0
                equations[row, row] = 1.0
            whole = True
            for row in range(size):
                node = nodes[first + row]
                if node == cut:
                    whole = False
                for edge in range(starts[node], starts[node + 1]):
                    end = ends[edge]
                    column = place[end]
                    part = shares[edge] / WHOLE
                    if column < 0:
                        right[row] += part * (own[end] if end == cut else own[end] + found[end])
                        continue
                    right[row] += part * own[end]
                    if end != cut:
                        equations[row, column] -= part
                    inside[row if by_target else column] += shares[edge]
            for row in range(size):
                whole = whole and inside[row] == WHOLE
                place[nodes[first + row]] = -1
            if whole:
                closed[number] = True
            else:
                _eliminate(equations, right, size)
            for row in range(size):
                found[nodes[first + row]] = np.nan if whole else right[row]
        number -= 1
    return -1


@compiled
def _eliminate(equations: Floats, right: Floats, size: int) -> None:
    """Solve in place. The shares of a target add up to at most 1, so the diagonal dominates and no pivot is needed (Wilkinson 1961)."""
    for pivot in range(size):
        for row in range(pivot + 1, size):
            factor = equations[row, pivot] / equations[pivot, pivot]
            if factor != 0.0:
                for column in range(pivot + 1, size):
                    equations[row, column] -= factor * equations[pivot, column]
                right[row] -= factor * right[pivot]
    for row in range(size - 1, -1, -1):
        total = right[row]
        for column in range(row + 1, size):
            total -= equations[row, column] * right[column]
        right[row] = total / equations[row, row]
