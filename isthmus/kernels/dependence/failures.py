"""What fails when something fails.

Two semantics. *Operating*: all works until something fails, and a node fails when one of its needs has too few alternatives that work;
failure is the least fixpoint, so a loop of nodes that need one another keeps itself going. *Bootstrap*: nothing works until it is
started, and a node starts when each of its needs has enough alternatives that have started; what works is the least fixpoint, so a loop
that nobody outside starts never works. Whatever fails in operation fails at the start.

Nodes may fail with nothing failed: in operation those with a need that can never hold and all that they take with them, at the start
loops too. They are in every answer about a set, and in no answer about what one failure brings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from isthmus.kernels.compiled import Flags, Ints
from isthmus.kernels.dependence.blocks import impacts_in_blocks, steps_in_blocks
from isthmus.kernels.dependence.condensed import condense
from isthmus.kernels.dependence.graph import Needs
from isthmus.kernels.dependence.spreading import impacts, spread
from isthmus.kernels.dependence.starting import components, keyed, losses, started, supported

Semantics = Literal["operating", "bootstrap"]
WORTH = 8
"""So many looks at a word of a block take the time in which one source fails one node more."""


@dataclass(frozen=True, eq=False, slots=True)
class Weakened:
    """Needs that hold, with fewer alternatives than they had.

    Attributes
    ----------
    needs : int32 (w,)
        Numbers of needs, rising.
    had, left : int32 (w,)
        How many alternatives work without and with the failures.
    spare : int32 (w,)
        How many more may fail before the need does.
    """

    needs: Ints
    had: Ints
    left: Ints
    spare: Ints


def failed_by(needs: Needs, nodes: ArrayLike, semantics: Semantics = "operating") -> Flags:
    """Return which nodes fail when the given ones do together: bool (n,).

    Raises
    ------
    ArgumentError
        A node is out of range.
    """
    if semantics == "operating":
        failed: Flags = failing_order(needs, nodes) >= 0
        return failed
    return starting_order(needs, nodes) < 0


def failing_order(needs: Needs, nodes: ArrayLike) -> Ints:
    """Return in which round each node fails in operation: int32 (n,).

    Round 0 are the given nodes and those with a need that can never hold; a node fails in the round after the one in which one of its
    needs lost too many alternatives; -1 works on.

    Raises
    ------
    ArgumentError
        A node is out of range.
    """
    gates = needs.gates
    first = np.union1d(needs.checked(nodes), gates.seeds).astype(np.int32)
    when = np.full(needs.nodes, -1, np.int32)
    when[first] = 0
    queue = np.empty(needs.nodes, np.int32)
    queue[: first.size] = first
    lost = np.zeros(gates.subjects.size, np.int32)
    spread(
        gates.edge_starts,
        gates.edges,
        gates.gate_starts,
        gates.gates,
        gates.subjects,
        gates.slack,
        when,
        lost,
        queue,
        0,
        first.size,
    )
    return when


def starting_order(needs: Needs, nodes: ArrayLike = ()) -> Ints:
    """Return in which round each node can start while the given ones have failed: int32 (n,), -1 for those that cannot.

    Round 0 needs nothing.

    Raises
    ------
    ArgumentError
        A node is out of range.
    """
    failed = np.zeros(needs.nodes, np.bool_)
    failed[needs.checked(nodes)] = True
    return started(needs, failed)[0]


def impact(needs: Needs, semantics: Semantics = "operating") -> Ints:
    """Return how many nodes fail when each node alone does, itself included: int32 (n,); 0 for nodes that fail anyway.

    One pass over all sources. In operation each source spreads through edges and counters that are put back after it; nodes that need
    one another are taken as one; where very much fails, 64 sources are taken at a time instead. At the start each source deletes what it
    may support, and what has other support is derived again.
    """
    if semantics == "operating":
        return _impacts(needs)
    nobody = np.zeros(needs.nodes, np.bool_)
    keys = keyed(components(needs), started(needs, nobody)[1])
    _, spare = supported(needs.subjects, needs.cuts, needs.alternatives, keys)
    if not spare.any():
        # Nobody is held by a loop, so what starts also runs: the quicker kernel knows the answer.
        starts = keys >= 0
        subject_keys = np.repeat(keys[needs.subjects], np.diff(needs.cuts))
        other_keys = keys[needs.alternatives]
        return np.where(
            starts, _impacts(needs.kept(starts[needs.subjects], (other_keys >= 0) & (other_keys < subject_keys))), 0
        )
    user_starts, users = needs.users
    return losses(
        needs.starts,
        needs.subjects,
        needs.at_least,
        needs.cuts,
        needs.alternatives,
        user_starts,
        users,
        keys,
    )


def weakened(needs: Needs, failed: Flags, before: Flags | None = None) -> Weakened:
    """Return the needs of working nodes that lost alternatives and hold: which alternatives the rest survives by.

    Parameters
    ----------
    failed : bool (n,)
        What `failed_by` gives, under either semantics.
    before : bool (n,), optional
        What fails anyway; its alternatives were not there to be lost. Absent: nothing.
    """
    was = np.ones(needs.nodes, np.bool_) if before is None else ~before
    had, left = _working(needs, was), _working(needs, ~failed)
    found = np.flatnonzero(~failed[needs.subjects] & (left < had)).astype(np.int32)
    return Weakened(found, had[found], left[found], left[found] - needs.at_least[found])


def distinct(needs: Needs, holders: ArrayLike) -> Ints:
    """Return how many different holders the alternatives of each need have: int32 (m,).

    Parameters
    ----------
    holders : int (n,)
        Who stands behind each node: its supplier, ultimate controller or country. A need with fewer holders than it takes
        alternatives rests on fewer hands than it seems.
    """
    need = np.repeat(np.arange(needs.size), np.diff(needs.cuts))
    pairs = np.unique(np.stack((need, np.asarray(holders)[needs.alternatives])), axis=1)
    return np.bincount(pairs[0], minlength=needs.size).astype(np.int32)


def _working(needs: Needs, works: Flags) -> Ints:
    sums = np.append(0, np.cumsum(works[needs.alternatives]))
    return np.diff(sums[needs.cuts]).astype(np.int32)


def _impacts(needs: Needs) -> Ints:
    whole = condense(needs.gates)
    gates = whole.gates
    found, done = impacts(
        gates.edge_starts,
        gates.edges,
        gates.gate_starts,
        gates.gates,
        gates.subjects,
        gates.slack,
        gates.seeds,
        whole.sizes,
        steps_in_blocks(needs) // WORTH,
    )
    if not done:
        return impacts_in_blocks(needs, failed_by(needs, ()))
    each: Ints = found[whole.group]
    return each
