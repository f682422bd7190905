"""What part of a thing belongs to somebody in the end: integrated ownership, with links counted as a profile says.

Integrated ownership adds the shares along every chain, multiplied: Y = W + W Y (Brioschi, Buzzacchi and Colombo 1989; Vitali,
Glattfelder and Battiston 2011). Where a profile counts a controlling link as all of it, what a party commands counts as the party, and
chains go on from there. Both are one system of equations for one thing: y = b + K y, where y holds the part that each party has of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from isthmus.control.evaluate import Evaluation
from isthmus.control.rows import WHOLE
from isthmus.kernels.components import circles

DENSE = 1500
FIRST, SWEEPS = 60, 2000
CLOSE = 1e-12
_Links = dict[int, list[tuple[int, float]]]


@dataclass(frozen=True, slots=True)
class Economic:
    """The least and the most that each node has of a thing, as shares of 1.

    Attributes
    ----------
    low, high : dict of node to float
        Nodes that have nothing of it are left out.
    closed : tuple of tuple of int
        Circles that are owned wholly inside themselves: nobody has an economic share in them.
    """

    low: dict[int, float]
    high: dict[int, float]
    closed: tuple[tuple[int, ...], ...] = ()


def owners_of(evaluation: Evaluation, target: int, *, commanded: bool = False) -> Economic:
    """Return what everybody has of a thing, over all chains.

    Parameters
    ----------
    commanded : bool
        Count what a party commands as the party itself (a controlling link is 100 %).
    """
    closed = closed_circles(evaluation)
    inside = {node for circle in closed for node in circle}
    found = []
    for possible in (False, True):
        links = {
            holder: [(held, share) for held, share in ends if held not in inside]
            for holder, ends in _links(evaluation, possible).items()
            if holder not in inside
        }
        whole: set[int] = set()
        if commanded:
            whole = evaluation.commanders(target, possible=possible)
            links = _through_commanded(evaluation, links, target, possible)
        # The most that each may have need not fit together: there a share ends at all of it.
        found.append({} if target in inside else _solve(links, target, whole, most=possible))
    low, high = found
    return Economic(low, {node: max(share, low.get(node, 0.0)) for node, share in high.items()}, closed)


def rounds_of(evaluation: Evaluation) -> dict[int, float]:
    """Return how much of itself each node of a circle has over all rounds, itself once: N in N = (I - W)^-1.

    A share of Y in something, over N, is the share without what the owner has in itself (Baldone, Brioschi and Paleari 1997; Vitali and
    others 2011). Circles of more than `DENSE` nodes, and those owned wholly inside themselves, are left out.
    """
    links = _links(evaluation, possible=False)
    found: dict[int, float] = {}
    for circle in circles((holder, held) for holder, ends in links.items() for held, _ in ends):
        if len(circle) > DENSE:
            continue
        place = {node: number for number, node in enumerate(circle)}
        matrix = np.eye(len(circle))
        for node in circle:
            for held, share in links[node]:
                if held in place:
                    matrix[place[node], place[held]] -= share
        try:
            inverse = np.linalg.inv(matrix)
        except np.linalg.LinAlgError:
            continue
        found |= {node: float(own) for node, own in zip(circle, np.diag(inverse), strict=True) if own >= 1.0}
    return found


def closed_circles(evaluation: Evaluation) -> tuple[tuple[int, ...], ...]:
    """Return the circles whose members are owned to 100 % by one another."""
    edges = [
        (holder, target)
        for target, holders in evaluation.holders.items()
        for holder, low, high, _ in holders
        if low == high > 0
    ]
    found = []
    for circle in circles(edges):
        members = set(circle)
        if all(
            sum(low for holder, low, _, _ in evaluation.holders.get(node, ()) if holder in members) == WHOLE
            for node in circle
        ):
            found.append(tuple(circle))
    return tuple(found)


def _links(evaluation: Evaluation, possible: bool) -> _Links:
    found: _Links = {}
    for target, holders in evaluation.holders.items():
        for holder, low, high, _ in holders:
            # `bounds` counts what a thing holds of itself for nobody; here it goes round.
            least, most = evaluation.bounds([holder], target) if possible and holder != target else (low, high)
            share = (most if possible else least) / WHOLE
            if share > 0:
                found.setdefault(holder, []).append((target, share))
    return found


def _through_commanded(evaluation: Evaluation, links: _Links, target: int, possible: bool) -> _Links:
    """Return links from each party to what lies just outside all that it commands, with what it all has of that together."""
    found: _Links = {}
    for node in links:
        inside = evaluation.reach(node, possible=possible).members
        outside: dict[int, float] = {}
        for member in inside:
            for held, share in links.get(member, ()):
                if held not in inside:
                    outside[held] = min(1.0, outside.get(held, 0.0) + share)
        found[node] = sorted(outside.items())
    return found


def _solve(links: _Links, target: int, whole: set[int], *, most: bool) -> dict[int, float]:
    """Return y = b + K y over the nodes above the target, those of `whole` fixed at 1; with `most`, no share goes beyond 1."""
    nodes = _above(links, target, whole)
    system = _System(links, target, whole, nodes)
    # Without circles the first sweeps settle it, and small circles take few; what does not settle is eliminated.
    solved, settled = system.swept(FIRST, most=False)
    if not settled:
        exact = system.dense() if len(nodes) <= DENSE else None if most else system.sparse()
        # Where the most that each may have does not fit together, there is no sum: nobody has more than all of it.
        solved = system.swept(SWEEPS, most=most)[0] if exact is None else exact
    return {node: float(share) for node, share in zip(nodes, solved, strict=True) if share > CLOSE}


@dataclass(frozen=True)
class _System:
    """The equations of the shares of one thing."""

    links: _Links
    target: int
    whole: set[int]
    nodes: list[int]

    def rows(self) -> Iterator[tuple[int, int, float]]:
        """Yield what each node has of others: its place, the node held, the share."""
        for place, node in enumerate(self.nodes):
            if node not in self.whole:
                for held, share in self.links.get(node, ()):
                    yield place, held, share

    def _right(self) -> NDArray[np.float64]:
        right = np.array([float(node in self.whole) for node in self.nodes])
        for row, held, share in self.rows():
            right[row] += share * (held == self.target)
        return right

    def dense(self) -> NDArray[np.float64] | None:
        """Return the solution by elimination; None where there is no finite one."""
        place = {node: number for number, node in enumerate(self.nodes)}
        matrix: NDArray[np.float64] = np.eye(len(self.nodes), dtype=np.float64)
        for row, held, share in self.rows():
            if held in place:
                matrix[row, place[held]] -= share
        try:
            solved = np.asarray(np.linalg.solve(matrix, self._right()), dtype=np.float64)
        except np.linalg.LinAlgError:
            return None
        return solved if bool(np.all(solved > -CLOSE)) and bool(np.all(np.isfinite(solved))) else None

    def swept(self, sweeps: int, *, most: bool) -> tuple[NDArray[np.float64], bool]:
        """Return the solution by sweeps from the thing upwards, which without circles takes one; and whether it came to rest."""
        shares = dict.fromkeys(self.nodes, 0.0)
        for _ in range(sweeps):
            moved = 0.0
            for node in self.nodes:
                share = 1.0 if node in self.whole else 0.0
                for held, part in () if node in self.whole else self.links.get(node, ()):
                    share += part * ((held == self.target) + shares.get(held, 0.0))
                share = min(1.0, share) if most else share
                moved = max(moved, abs(share - shares[node]))
                shares[node] = share
            if moved < CLOSE:
                return np.array(list(shares.values())), True
        return np.array(list(shares.values())), False

    def sparse(self) -> NDArray[np.float64]:
        """Return the solution by sparse elimination, for large circles that are owned almost wholly inside."""
        place = {node: number for number, node in enumerate(self.nodes)}
        inner = [(row, place[held], -share) for row, held, share in self.rows() if held in place]
        inner += [(number, number, 1.0) for number in range(len(self.nodes))]
        rows, columns, values = zip(*inner, strict=True)
        # Loading it takes longer than most questions; hardly any needs it.
        scipy_sparse, solver = import_module("scipy.sparse"), import_module("scipy.sparse.linalg")
        size = len(self.nodes)
        matrix = scipy_sparse.csc_matrix((values, (rows, columns)), shape=(size, size))
        return np.asarray(solver.spsolve(matrix, self._right()), dtype=np.float64)


def _above(links: _Links, target: int, whole: set[int]) -> list[int]:
    backwards: dict[int, list[int]] = {}
    for holder, ends in links.items():
        for held, _ in ends:
            backwards.setdefault(held, []).append(holder)
    # Those who command it hold nothing of it from outside: they are among them by themselves.
    frontier = [target, *sorted(whole - {target})]
    found = dict.fromkeys(frontier)
    while frontier:
        frontier = [holder for node in frontier for holder in backwards.get(node, ()) if holder not in found]
        found |= dict.fromkeys(frontier)
    # The thing itself is among them only where it has a part in itself.
    return [node for node in found if node != target or node in links]
