"""Integrated ownership: what belongs to whom in the end, through all that lies between.

With W[i, j] the share of j that i holds, Y = W + W Y = inv(I - W) W (Brioschi, Buzzacchi and Colombo 1989; Baldone, Brioschi and Paleari).
No inverse is made: nodes are taken in an order in which all that a value rests on is known, and equations are solved only inside
strongly connected components.

In a ring, Y counts what comes round again, so that a row may hold more than 100 %. The *corrected* row i is divided by inv(I - W)[i, i]
(Vitali, Glattfelder and Battiston 2011, supporting information): the part of j that reaches i before it could come round.

A ring may own itself wholly: every share of its members is held inside it. It has no economic owner, and inv(I - W) does not exist there.
Such rings are returned, their members' uncorrected values are nan, and nobody outside has a part of them. Corrected values are finite
everywhere. Integrated ownership is not control: 60 % of 60 % is 36 %, and controlled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_matrix, identity
from scipy.sparse.linalg import splu

from isthmus.errors import ArgumentError
from isthmus.kernels.compiled import Floats, Ints
from isthmus.kernels.ownership.holdings import WHOLE, Holdings
from isthmus.kernels.ownership.reach import refuse_intervals, source_nodes
from isthmus.kernels.ownership.solving import Network, network, peel, substitute
from isthmus.kernels.strong import strong_components

_DENSE = 256


@dataclass(frozen=True, eq=False, slots=True)
class Integrated:
    """A number for each node.

    Attributes
    ----------
    values : float64 (n,)
        Fractions of 1, or in the unit of the values given; nan where a ring that wholly owns itself leaves none.
    closed : tuple of int32 arrays
        The members of each such ring that was met, rising.
    """

    values: Floats
    closed: tuple[Ints, ...]


def portfolio(holdings: Holdings, values: Floats, *, corrected: bool = False) -> Integrated:
    """Return what each node holds through all others: x = W (v + x), for the whole network at once.

    Parameters
    ----------
    values : float64 (n,)
        The value v of each node by itself, such as its operating revenue.
    corrected : bool
        Count nothing that comes round to its owner again.

    Raises
    ------
    ArgumentError
        A share is an interval, or the values are not n numbers.
    """
    own = np.asarray(values, np.float64)
    if own.shape != (holdings.nodes,) or not np.isfinite(own).all():
        raise ArgumentError(
            f"values of shape {own.shape} are not {holdings.nodes} finite numbers.",
            where="values",
            hint="Give one number for each node; 0 where none is known.",
        )
    net = _exact(holdings)
    found, left = peel(net, own)
    return _upwards(net, own, found, left, corrected)


def owners_of(holdings: Holdings, target: int, *, corrected: bool = False) -> Integrated:
    """Return the part of the target that is each node's: a column of Y. Only what is above the target is visited.

    Raises
    ------
    ArgumentError
        A share is an interval, or the target is not a node.
    """
    roots = source_nodes(holdings, target)
    own = np.zeros(holdings.nodes)
    own[roots] = 1.0
    return _upwards(_exact(holdings), own, np.zeros(holdings.nodes), roots, corrected)


def owned_by(holdings: Holdings, source: int, *, corrected: bool = False) -> Integrated:
    """Return the part of each node that is the source's: a row of Y. Only what is below the source is visited.

    Raises
    ------
    ArgumentError
        A share is an interval, or the source is not a node.
    """
    roots = source_nodes(holdings, source)
    net = _exact(holdings)
    nodes, cuts = strong_components(net.down.starts, net.down.ends, roots)
    own = np.zeros(holdings.nodes)
    own[roots] = 1.0
    # The source takes its part and passes nothing on to itself: that is the corrected row, and it always exists.
    found = np.zeros(holdings.nodes)
    substitute(net.up, nodes, cuts, own, found, cut=int(roots[0]), by_target=True)
    ring = nodes[cuts[-2] : cuts[-1]]
    closed = (np.sort(ring),) if is_closed(net, ring) else ()
    if not corrected:
        if closed:
            found[found > 0] = np.nan
        else:
            found /= 1.0 - found[roots[0]]
    return Integrated(found, closed)


def closed_rings(holdings: Holdings) -> list[Ints]:
    """Return the sets of nodes that wholly own themselves: no share of any member is held outside. Members rise.

    Raises
    ------
    ArgumentError
        A share is an interval.
    """
    return list(portfolio(holdings, np.zeros(holdings.nodes)).closed)


def is_closed(net: Network, members: Ints) -> bool:
    """Tell whether every share of each member is held by a member."""
    inside = np.zeros(net.up.starts.size - 1, np.bool_)
    inside[members] = True
    for node in members:
        row = slice(net.up.starts[node], net.up.starts[node + 1])
        if net.up.shares[row][inside[net.up.ends[row]]].sum(dtype=np.int64) != WHOLE:
            return False
    return True


def _exact(holdings: Holdings) -> Network:
    refuse_intervals(holdings)
    return network(holdings, holdings.low)


def _upwards(net: Network, own: Floats, found: Floats, roots: Ints, corrected: bool) -> Integrated:
    """Complete what is known of x by the roots and all above them."""
    nodes, cuts = strong_components(net.up.starts, net.up.ends, roots)
    closed = substitute(net.down, nodes, cuts, own, found, cut=-1, by_target=False)
    rings = tuple(np.sort(nodes[cuts[number] : cuts[number + 1]]) for number in closed)
    if not corrected:
        return Integrated(found, rings)
    once = found.copy()
    size = np.diff(cuts)
    for number in np.flatnonzero(size > 1):
        if number not in closed:
            members = nodes[cuts[number] : cuts[number + 1]]
            once[members] /= _rounds(net, members)
    single = nodes[cuts[:-1][size == 1]]
    once[single] *= 1.0 - net.loops[single] / WHOLE
    for ring in rings:
        once[ring] = _all_of(net, ring, own, found)
    return Integrated(once, rings)


def _rounds(net: Network, members: Ints) -> Floats:
    """Return the diagonal of inv(I - W) over the members of one component: how often what leaves each comes round, in sum."""
    size = members.size
    place = {int(node): index for index, node in enumerate(members)}
    rows, columns, parts = [], [], []
    for node, index in place.items():
        for edge in range(net.down.starts[node], net.down.starts[node + 1]):
            if (at := place.get(int(net.down.ends[edge]))) is not None:
                rows.append(index)
                columns.append(at)
                parts.append(net.down.shares[edge] / WHOLE)
    matrix = identity(size, format="csc") - csc_matrix((parts, (rows, columns)), shape=(size, size))
    if size <= _DENSE:
        dense: Floats = np.diag(np.linalg.inv(matrix.toarray()))
        return dense
    factors = splu(matrix)
    found = np.empty(size)
    for start in range(0, size, _DENSE):
        stop = min(start + _DENSE, size)
        unit = np.zeros((size, stop - start))
        unit[np.arange(start, stop), np.arange(stop - start)] = 1.0
        found[start:stop] = factors.solve(unit)[np.arange(start, stop), np.arange(stop - start)]
    return found


def _all_of(net: Network, ring: Ints, own: Floats, found: Floats) -> float:
    """Return what a closed ring holds: the limit of each member's corrected value, for all of it comes round to every member."""
    inside = set(ring.tolist())
    total = float(own[ring].sum())
    for node in ring:
        for edge in range(net.down.starts[node], net.down.starts[node + 1]):
            end = int(net.down.ends[edge])
            if end not in inside:
                total += net.down.shares[edge] / WHOLE * (own[end] + found[end])
    return total
