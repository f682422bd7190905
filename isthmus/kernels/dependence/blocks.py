"""All single failures in operation, 64 sources at a time: for graphs in which most failures take many along.

Each node has a word of 64 bits, one for each source of the block, that says which of them fail it. A need passes on what fails too many
of its alternatives; nodes go dependencies first, so that one sweep settles all that stands in no loop, and a loop is swept until nothing
in it changes. The time grows with the size of the needs, and not with how much fails.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from isthmus.kernels.compiled import Flags, Ints, Longs, Words, compiled
from isthmus.kernels.dependence.graph import Needs
from isthmus.kernels.strong import strong_components

BLOCK = 64
PLANES = 32


def impacts_in_blocks(needs: Needs, anyway: Flags) -> Ints:
    """Return how many nodes fail when each node alone does, itself included: int32 (n,); 0 for nodes that fail anyway.

    Parameters
    ----------
    anyway : bool (n,)
        Which nodes fail with nothing failed.
    """
    order, groups = strong_components(needs.reach_starts, needs.alternatives, np.arange(needs.nodes, dtype=np.int32))
    place = np.empty(needs.nodes, np.int32)
    place[order] = np.arange(needs.nodes, dtype=np.int32)
    group = np.repeat(np.arange(groups.size - 1), np.diff(groups))
    found = np.empty(needs.nodes, np.int32)
    found[order] = _impacts(*_placed(needs, place), groups, group, anyway[order])
    return found


def steps_in_blocks(needs: Needs) -> int:
    """Return about how many looks at a word `impacts_in_blocks` takes where nothing stands in a loop."""
    return (needs.nodes // BLOCK + 1) * (needs.alternatives.size + 3 * needs.nodes) // 2


def _placed(needs: Needs, place: Ints) -> tuple[Longs, Ints, Longs, Longs, Longs, Ints]:
    """Return the needs by place in the order: what fails a node at once, and the needs that may lose some alternatives.

    A node keeps its own needs up, so it is no alternative that they may lose.
    """
    size = np.diff(needs.cuts)
    slack = size - needs.at_least
    subject = np.repeat(place[needs.subjects], size)
    end = place[needs.alternatives]
    other = subject != end
    each = np.repeat(slack, size)
    edges = other & (each == 0)
    # Those that can never hold have failed their subject already.
    gates = np.flatnonzero(slack > 0)
    gates = gates[np.argsort(place[needs.subjects[gates]], kind="stable")]
    entries = np.flatnonzero(other & (each > 0))
    turn = np.zeros(needs.size, np.int64)
    turn[gates] = np.arange(gates.size)
    need = turn[np.repeat(np.arange(needs.size), size)[entries]]
    gate_ends = end[entries[np.argsort(need, kind="stable")]]
    gate_cuts = np.append(0, np.cumsum(np.bincount(need, minlength=gates.size)))
    sides = np.arange(needs.nodes + 1)
    order = np.argsort(subject[edges], kind="stable")
    return (
        np.searchsorted(subject[edges][order], sides).astype(np.int64),
        end[edges][order],
        np.searchsorted(place[needs.subjects[gates]], sides).astype(np.int64),
        slack[gates].astype(np.int64),
        gate_cuts,
        gate_ends,
    )


@compiled
def _impacts(
    edge_starts: Longs,
    edges: Ints,
    gate_starts: Longs,
    slack: Longs,
    gate_cuts: Longs,
    gate_ends: Ints,
    groups: Longs,
    group: Longs,
    anyway: Flags,
) -> Ints:
    nodes = anyway.size
    none, one = np.uint64(0), np.uint64(1)
    words = np.zeros(nodes, np.uint64)
    planes = np.zeros(PLANES, np.uint64)
    found = np.zeros(nodes, np.int32)
    most = 0
    for gate in range(slack.size):
        most = max(most, slack[gate])
    levels = np.zeros(most + 1, np.uint64)
    for first in range(0, nodes, BLOCK):
        last = min(first + BLOCK, nodes)
        start = groups[group[first]]
        for node in range(nodes):
            words[node] = ~none if anyway[node] else none
        for node in range(first, last):
            words[node] |= one << np.uint64(node - first)
        at = group[first]
        while at < groups.size - 1:
            changed = True
            while changed:
                changed = False
                for node in range(groups[at], groups[at + 1]):
                    word = words[node]
                    for index in range(edge_starts[node], edge_starts[node + 1]):
                        word |= words[edges[index]]
                    for gate in range(gate_starts[node], gate_starts[node + 1]):
                        word |= _lost(gate_cuts[gate], gate_cuts[gate + 1], slack[gate], gate_ends, words, levels)
                    changed = changed or word != words[node]
                    words[node] = word
                # Who stands in no loop is settled at once.
                changed = changed and groups[at + 1] - groups[at] > 1
            at += 1
        # How often each bit stands in a word, as 64 numbers whose digits lie in planes.
        planes[:] = none
        for node in range(start, nodes):
            carry = none if anyway[node] else words[node]
            plane = 0
            while carry != none:
                both = planes[plane] & carry
                planes[plane] ^= carry
                carry = both
                plane += 1
        for node in range(first, last):
            if not anyway[node]:
                total = np.int64(0)
                for plane in range(PLANES):
                    total += np.int64((planes[plane] >> np.uint64(node - first)) & one) << plane
                found[node] = total
    return found


@compiled
def _lost(first: int, last: int, slack: int, ends: Ints, words: Words, levels: Words) -> Any:
    """Return the sources that take more than `slack` of some alternatives."""
    none = np.uint64(0)
    if slack == last - first - 1:
        word = ~none
        for index in range(first, last):
            word &= words[ends[index]]
        return word
    # Level k holds the sources that took more than k so far.
    for level in range(slack + 1):
        levels[level] = none
    for index in range(first, last):
        word = words[ends[index]]
        for level in range(slack, 0, -1):
            levels[level] |= levels[level - 1] & word
        levels[0] |= word
    return levels[slack]
