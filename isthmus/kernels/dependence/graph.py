"""Who needs what, as arrays.

A node has needs, and works while all of them hold. A need has alternatives, and holds while at least so many of them work: one of them
(OR), all of them (AND), or k of n. That is a directed hypergraph whose edges run from alternatives to the subject; a graph of plain
edges can say AND or OR, never both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from isthmus.errors import ArgumentError
from isthmus.kernels.compiled import Flags, Ints, Longs, compiled


@dataclass(frozen=True, eq=False, slots=True)
class Gates:
    """The needs turned round: what the failure of a node takes from others.

    Attributes
    ----------
    edge_starts, edges : int32 (n + 1,), int32
        Node i alone fails each of ``edges[edge_starts[i]:edge_starts[i + 1]]``: they have a need that may lose no alternative.
    gate_starts, gates : int32 (n + 1,), int32
        Node i takes an alternative from each of these gates: needs that may lose some.
    subjects, slack : int32 (g,)
        Whose need a gate is, and how many alternatives it may lose.
    seeds : int32
        Nodes with a need that can never hold, rising.
    """

    edge_starts: Ints
    edges: Ints
    gate_starts: Ints
    gates: Ints
    subjects: Ints
    slack: Ints
    seeds: Ints


@dataclass(frozen=True, eq=False)
class Needs:
    """The needs of nodes 0 to n - 1, sorted by subject; made by `Needs.build`.

    Attributes
    ----------
    nodes : int
        n.
    subjects, numbers, at_least : int32 (m,), int64 (m,), int32 (m,)
        Whose need it is, its number as given, and how many alternatives it takes.
    cuts, alternatives : int64 (m + 1,), int32
        Need j is met by any ``at_least[j]`` of ``alternatives[cuts[j]:cuts[j + 1]]``, rising.
    places : int64 (rows,)
        Where each row as given stands in `alternatives`; rows that say the same stand at one place.

    Notes
    -----
    A node may be among the alternatives of its own need. Once it works it meets that need itself, so in operation the need takes one of
    the others less (none, where it takes one); it helps nobody to start, so at the start the need takes as many of the others as it says.
    """

    nodes: int
    subjects: Ints
    numbers: Longs
    at_least: Ints
    cuts: Longs
    alternatives: Ints
    places: Longs

    @classmethod
    def build(
        cls, nodes: int, subjects: ArrayLike, numbers: ArrayLike, alternatives: ArrayLike, at_least: ArrayLike = 1
    ) -> Needs:
        """Return the needs that rows tell of; each row is one alternative of one need.

        Parameters
        ----------
        nodes : int
            n.
        subjects, alternatives : int (rows,)
            Nodes.
        numbers : int (rows,)
            Rows of one subject with one number are alternatives of one need; the numbers of different subjects are apart.
        at_least : int or int (rows,)
            How many alternatives the need takes, the same in all of its rows.

        Raises
        ------
        ArgumentError
            Arrays of unequal length, a node out of range, a threshold under 1, or two thresholds for one need.
        """
        if not 0 <= nodes < 2**31 - 1:
            raise _refusal("nodes", f"{nodes} is no number of nodes")
        subject = _within("subjects", subjects, 0, nodes - 1)
        alternative = _within("alternatives", alternatives, 0, nodes - 1)
        number = _whole("numbers", numbers)
        least = _within("at_least", at_least, 1, 2**31 - 1)
        least = np.broadcast_to(least, subject.shape) if least.ndim == 0 else least
        if subject.ndim != 1 or len({array.shape for array in (subject, alternative, number, least)}) > 1:
            shapes = [array.shape for array in (subject, number, alternative, least)]
            raise _refusal("subjects, numbers, alternatives, at_least", f"shapes {shapes} do not go together")
        order = np.lexsort((alternative, number, subject))
        subject, number, alternative, least = subject[order], number[order], alternative[order], least[order]
        fresh_need = np.ones(order.size, np.bool_)
        fresh_need[1:] = (subject[1:] != subject[:-1]) | (number[1:] != number[:-1])
        torn = np.flatnonzero(~fresh_need[1:] & (least[1:] != least[:-1]))
        if torn.size:
            row = int(torn[0])
            what = (
                f"need {number[row]} of node {subject[row]} takes at least {least[row]} and at least {least[row + 1]}"
            )
            raise _refusal("at_least", what)
        fresh = fresh_need.copy()
        fresh[1:] |= alternative[1:] != alternative[:-1]
        places = np.empty(order.size, np.int64)
        places[order] = np.cumsum(fresh) - 1
        first = np.flatnonzero(fresh_need)
        cuts = np.append(np.cumsum(fresh)[first] - 1, fresh.sum()).astype(np.int64)
        return cls(nodes, subject[first], number[first], least[first], cuts, alternative[fresh], places)

    @property
    def size(self) -> int:
        """Return the number of needs."""
        return self.subjects.size

    @cached_property
    def starts(self) -> Longs:
        """Return where the needs of each node begin: node i has ``starts[i]`` to ``starts[i + 1]``, int64 (n + 1,)."""
        starts: Longs = np.searchsorted(self.subjects, np.arange(self.nodes + 1)).astype(np.int64)
        return starts

    @cached_property
    def reach_starts(self) -> Longs:
        """Return where the alternatives of each node begin, over all of its needs: int64 (n + 1,)."""
        return self.cuts[self.starts]

    @cached_property
    def users(self) -> tuple[Longs, Ints]:
        """Return the needs that each node is an alternative of: int64 (n + 1,) and the numbers of needs, rising within a node."""
        need = np.repeat(np.arange(self.size, dtype=np.int32), np.diff(self.cuts))
        starts = np.zeros(self.nodes + 1, np.int64)
        np.cumsum(np.bincount(self.alternatives, minlength=self.nodes), out=starts[1:])
        return starts, need[np.argsort(self.alternatives, kind="stable")]

    @cached_property
    def never(self) -> Flags:
        """Return which needs can never hold: they take more alternatives than they have, bool (m,)."""
        never: Flags = np.diff(self.cuts) < self.at_least
        return never

    @cached_property
    def gates(self) -> Gates:
        """Return the needs turned round."""
        return Gates(*_gates(self.nodes, self.subjects, self.at_least, self.cuts, self.alternatives))

    def kept(self, needs: Flags, alternatives: Flags) -> Needs:
        """Return some of the needs with some of their alternatives, for the same nodes.

        Parameters
        ----------
        needs : bool (m,)
        alternatives : bool (alternatives,)
        """
        wanted = np.repeat(needs, np.diff(self.cuts)) & alternatives
        sums = np.append(0, np.cumsum(wanted))
        cuts = np.append(sums[self.cuts[:-1]][needs], sums[-1]).astype(np.int64)
        places = np.where(wanted, sums[:-1], -1)[self.places]
        parts = (self.subjects[needs], self.numbers[needs], self.at_least[needs])
        return Needs(self.nodes, *parts, cuts, self.alternatives[wanted], places)

    def below(self, target: int) -> tuple[Needs, Ints]:
        """Return what can matter to a target: the needs of all that it reaches, among these nodes alone.

        Returns
        -------
        needs : Needs
            Node i is the i-th of the nodes.
        nodes : int32
            The target and all that it reaches, rising.
        """
        nodes = np.sort(_reached(self.reach_starts, self.alternatives, np.array([target], np.int32), self.nodes))
        local = np.full(self.nodes, -1, np.int32)
        local[nodes] = np.arange(nodes.size)
        needs = local[self.subjects] >= 0
        part = self.kept(needs, np.ones(self.alternatives.size, np.bool_))
        parts = (part.numbers, part.at_least, part.cuts, local[part.alternatives], part.places)
        return Needs(nodes.size, local[part.subjects], *parts), nodes

    def checked(self, nodes: ArrayLike, where: str = "nodes") -> Ints:
        """Return distinct nodes, rising.

        Raises
        ------
        ArgumentError
            One is not a node.
        """
        return np.unique(_within(where, np.atleast_1d(np.asarray(nodes)), 0, self.nodes - 1))


def _refusal(where: str, message: str) -> ArgumentError:
    return ArgumentError(
        f"{message}; no dependence can be computed from that.", where=where, hint="Mend the arrays of the needs."
    )


def _whole(name: str, values: ArrayLike) -> NDArray[np.int64]:
    array = np.asarray(values)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise _refusal(name, f"numbers of type {array.dtype} are not whole numbers")
    return array.astype(np.int64)


def _within(name: str, values: ArrayLike, least: int, most: int) -> Ints:
    array = _whole(name, values)
    if array.size and (array.min() < least or array.max() > most):
        worst = array.min() if array.min() < least else array.max()
        raise _refusal(name, f"{worst} is not between {least} and {most}")
    return array.astype(np.int32)


@compiled
def _reached(starts: Longs, ends: Ints, sources: Ints, nodes: int) -> Ints:
    """Return all that the sources lead to, themselves included, in order of discovery."""
    seen = np.zeros(nodes, np.bool_)
    queue = np.empty(nodes, np.int32)
    count = 0
    for source in sources:
        if not seen[source]:
            seen[source] = True
            queue[count] = source
            count += 1
    head = 0
    while head < count:
        node = queue[head]
        head += 1
        for index in range(starts[node], starts[node + 1]):
            end = ends[index]
            if not seen[end]:
                seen[end] = True
                queue[count] = end
                count += 1
    return queue[:count].copy()


@compiled
def _gates(
    nodes: int, subjects: Ints, at_least: Ints, cuts: Longs, alternatives: Ints
) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints]:
    """Turn the needs round; subjects rise, so an edge told by two needs of one subject is found beside itself."""
    edge_starts = np.zeros(nodes + 1, np.int32)
    gate_starts = np.zeros(nodes + 1, np.int32)
    last = np.full(nodes, -1, np.int32)
    kind = np.zeros(subjects.size, np.int8)  # 1: may lose none, 2: may lose some; 0 concerns nobody
    gates = 0
    seeds = np.empty(nodes, np.int32)
    seeded = 0
    for need in range(subjects.size):
        subject = subjects[need]
        slack = cuts[need + 1] - cuts[need] - at_least[need]
        if slack < 0:
            if seeded == 0 or seeds[seeded - 1] != subject:
                seeds[seeded] = subject
                seeded += 1
            continue
        kind[need] = 2 if slack > 0 else 1
        for index in range(cuts[need], cuts[need + 1]):
            if alternatives[index] == subject and at_least[need] == 1:
                kind[need] = 0
        if kind[need] == 0:
            continue
        gates += slack > 0
        for index in range(cuts[need], cuts[need + 1]):
            node = alternatives[index]
            if node == subject:
                continue
            if slack > 0:
                gate_starts[node + 1] += 1
            elif last[node] != subject:
                last[node] = subject
                edge_starts[node + 1] += 1
    for node in range(nodes):
        edge_starts[node + 1] += edge_starts[node]
        gate_starts[node + 1] += gate_starts[node]
    edges = np.empty(edge_starts[nodes], np.int32)
    entries = np.empty(gate_starts[nodes], np.int32)
    gate_subjects = np.empty(gates, np.int32)
    gate_slack = np.empty(gates, np.int32)
    edge_place = edge_starts[:-1].copy()
    gate_place = gate_starts[:-1].copy()
    last[:] = -1
    gate = 0
    for need in range(subjects.size):
        if kind[need] == 0:
            continue
        subject = subjects[need]
        for index in range(cuts[need], cuts[need + 1]):
            node = alternatives[index]
            if node == subject:
                continue
            if kind[need] == 2:
                entries[gate_place[node]] = gate
                gate_place[node] += 1
            elif last[node] != subject:
                last[node] = subject
                edges[edge_place[node]] = subject
                edge_place[node] += 1
        if kind[need] == 2:
            gate_subjects[gate] = subject
            gate_slack[gate] = cuts[need + 1] - cuts[need] - at_least[need]
            gate += 1
    return edge_starts, edges, gate_starts, entries, gate_subjects, gate_slack, seeds[:seeded].copy()
