"""Nodes that fail together, taken as one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isthmus.kernels.compiled import Ints, Longs, compiled
from isthmus.kernels.dependence.graph import Gates
from isthmus.kernels.strong import strong_components


@dataclass(frozen=True, eq=False, slots=True)
class Condensed:
    """The gates of groups: the strong components of the edges, numbered so that edges run from higher to lower numbers.

    Attributes
    ----------
    gates : Gates
        A group is an alternative of a gate as often as it has members that are.
    group : int32 (n,)
        The group of each node.
    sizes : int32 (groups,)
    """

    gates: Gates
    group: Ints
    sizes: Ints


def condense(gates: Gates) -> Condensed:
    """Return the gates of groups of nodes that need one another, so that all of a group fail when one does."""
    nodes = gates.edge_starts.size - 1
    order, cuts = strong_components(gates.edge_starts.astype(np.int64), gates.edges, np.arange(nodes, dtype=np.int32))
    group = np.empty(nodes, np.int32)
    sizes = np.diff(cuts).astype(np.int32)
    group[order] = np.repeat(np.arange(sizes.size, dtype=np.int32), sizes)
    turned = _condensed(
        gates.edge_starts, gates.edges, gates.gate_starts, gates.gates, gates.subjects, order, cuts, group
    )
    seeds = np.unique(group[gates.seeds])
    return Condensed(Gates(*turned, group[gates.subjects], gates.slack, seeds), group, sizes)


@compiled
def _condensed(
    edge_starts: Ints,
    edges: Ints,
    gate_starts: Ints,
    gates: Ints,
    subjects: Ints,
    order: Ints,
    cuts: Longs,
    group: Ints,
) -> tuple[Ints, Ints, Ints, Ints]:
    groups = cuts.size - 1
    new_edge_starts = np.zeros(groups + 1, np.int32)
    new_gate_starts = np.zeros(groups + 1, np.int32)
    new_edges = np.empty(edges.size, np.int32)
    new_gates = np.empty(gates.size, np.int32)
    last = np.full(groups, -1, np.int32)
    edge_count = 0
    gate_count = 0
    for number in range(groups):
        for index in range(cuts[number], cuts[number + 1]):
            node = order[index]
            for place in range(edge_starts[node], edge_starts[node + 1]):
                end = group[edges[place]]
                if end != number and last[end] != number:
                    last[end] = number
                    new_edges[edge_count] = end
                    edge_count += 1
            for place in range(gate_starts[node], gate_starts[node + 1]):
                # Whose subject is in the group is failed already when the gate loses this alternative.
                if group[subjects[gates[place]]] != number:
                    new_gates[gate_count] = gates[place]
                    gate_count += 1
        new_edge_starts[number + 1] = edge_count
        new_gate_starts[number + 1] = gate_count
    return new_edge_starts, new_edges[:edge_count].copy(), new_gate_starts, new_gates[:gate_count].copy()
