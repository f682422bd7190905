"""What stands above and below a node by any path, alternatives or not.

Reach is no failure: it counts a node as lost when one of several alternatives is. It says what may be concerned, bounds impact from above,
and gives the tiers of a tree of dependence.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from isthmus.kernels.compiled import Ints, Longs, compiled
from isthmus.kernels.dependence.graph import Needs


def dependencies(needs: Needs, nodes: ArrayLike) -> Ints:
    """Return the tier of all that the nodes use, directly or not: int32 (n,); 0 for the nodes, -1 for what they never reach.

    Raises
    ------
    ArgumentError
        A node is out of range.
    """
    return _tiers(needs.reach_starts, needs.alternatives, needs.checked(nodes))


def dependants(needs: Needs, nodes: ArrayLike) -> Ints:
    """Return the tier of all that use the nodes, directly or not: int32 (n,); 0 for the nodes, -1 for what never reaches them.

    Raises
    ------
    ArgumentError
        A node is out of range.
    """
    starts, users = needs.users
    return _tiers(starts, needs.subjects[users], needs.checked(nodes))


@compiled
def _tiers(starts: Longs, ends: Ints, sources: Ints) -> Ints:
    tiers = np.full(starts.size - 1, -1, np.int32)
    queue = np.empty(starts.size - 1, np.int32)
    count = 0
    for source in sources:
        tiers[source] = 0
        queue[count] = source
        count += 1
    head = 0
    while head < count:
        node = queue[head]
        head += 1
        for index in range(starts[node], starts[node + 1]):
            end = ends[index]
            if tiers[end] < 0:
                tiers[end] = tiers[node] + 1
                queue[count] = end
                count += 1
    return tiers
