"""What fails a target: alone, or with one other.

A set of nodes that meets all of its own needs and holds the target (a witness) keeps it going, so whatever fails the target has a member
in it. Single failures are therefore looked for in one witness; of a pair, one is in that witness, and the other in a witness that lacks
the first and what it fails. What a fatal node needs without an alternative is fatal, and what fails with a harmless node is harmless, so
few nodes are tried. Smallest sets of failures under AND and OR are NP-hard in general; these two sizes are exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isthmus.errors import ArgumentError
from isthmus.kernels.compiled import Ints
from isthmus.kernels.dependence.failures import Semantics
from isthmus.kernels.dependence.graph import Needs
from isthmus.kernels.dependence.pairs_operating import failures_operating
from isthmus.kernels.dependence.pairs_starting import failures_starting
from isthmus.kernels.dependence.starting import components


@dataclass(frozen=True, eq=False, slots=True)
class FailurePairs:
    """Pairs of nodes that fail a target together, and neither alone.

    Attributes
    ----------
    first, second : int32 (p,)
        ``first < second``; by first, then by second.
    complete : bool
        Whether these are all; if not, the search stopped at its limit, and those listed are pairs all the same.
    """

    first: Ints
    second: Ints
    complete: bool

    def as_set(self) -> set[tuple[int, int]]:
        """Return the pairs as a set."""
        return set(zip(self.first.tolist(), self.second.tolist(), strict=True))


def single_failures(needs: Needs, target: int, semantics: Semantics = "operating") -> Ints:
    """Return all nodes whose failure alone fails the target, itself among them, rising; none where it fails anyway.

    Raises
    ------
    ArgumentError
        The target is not a node.
    """
    return _failures(needs, target, semantics, -1)[1]


def pairs_of(needs: Needs, target: int, limit: int = 100_000, semantics: Semantics = "operating") -> FailurePairs:
    """Return the minimal pairs of failures of a target: together they fail it, and neither alone does.

    Parameters
    ----------
    limit : int
        At most so many pairs; what stands behind two alternatives multiplies.

    Raises
    ------
    ArgumentError
        The target is not a node, or the limit is under 0.
    """
    if limit < 0:
        raise ArgumentError(
            f"at most {limit} pairs is no limit; nothing can be listed.", where="limit", hint="Give 0 or more."
        )
    nodes, _, pairs, complete = _failures(needs, target, semantics, limit)
    ends = np.sort(nodes[pairs], axis=1)
    ends = ends[np.lexsort((ends[:, 1], ends[:, 0]))]
    return FailurePairs(ends[:, 0].copy(), ends[:, 1].copy(), complete)


def _failures(needs: Needs, target: int, semantics: Semantics, limit: int) -> tuple[Ints, Ints, Ints, bool]:
    """Return the nodes that can matter, the single failures, the pairs by place among the nodes, and whether these are all."""
    part, nodes = needs.below(int(needs.checked(target, "target")[0]))
    place = int(np.searchsorted(nodes, target))
    if semantics == "operating":
        gates = part.gates
        alone, pairs, complete = failures_operating(
            part.starts,
            part.at_least,
            part.cuts,
            part.alternatives,
            gates.edge_starts,
            gates.edges,
            gates.gate_starts,
            gates.gates,
            gates.subjects,
            gates.slack,
            gates.seeds,
            place,
            limit,
        )
    else:
        user_starts, users = part.users
        alone, pairs, complete = failures_starting(
            part.starts,
            part.subjects,
            part.at_least,
            part.cuts,
            part.alternatives,
            user_starts,
            users,
            components(part),
            place,
            limit,
        )
    return nodes, nodes[alone], pairs, complete
