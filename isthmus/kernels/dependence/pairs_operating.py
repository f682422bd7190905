"""The kernels of single failures and pairs for one target, in operation."""

from __future__ import annotations

import numpy as np

from isthmus.kernels.compiled import Flags, Ints, Longs, Marks, compiled
from isthmus.kernels.dependence.spreading import restore, spread, spread_until
from isthmus.kernels.dependence.witness import FATAL, HARMLESS, OPEN, close, witness


@compiled
def failures_operating(
    starts: Longs,
    at_least: Ints,
    cuts: Longs,
    alternatives: Ints,
    edge_starts: Ints,
    edges: Ints,
    gate_starts: Ints,
    gates: Ints,
    subjects: Ints,
    slack: Ints,
    seeds: Ints,
    target: int,
    limit: int,
) -> tuple[Ints, Ints, bool]:
    """Return the nodes that alone fail the target, the pairs that do, (p, 2), and whether these are all; no pairs with limit -1."""
    nodes = starts.size - 1
    when = np.full(nodes, -1, np.int32)
    lost = np.zeros(subjects.size, np.int32)
    queue = np.empty(nodes, np.int32)
    held = np.empty(nodes, np.int32)
    others = np.empty(nodes, np.int32)
    stack = np.empty(nodes, np.int32)
    inside = np.zeros(nodes, np.bool_)
    alone = np.zeros(nodes, np.int8)
    base = 0
    for seed in seeds:
        when[seed] = 0
        queue[base] = seed
        base += 1
    base = spread(edge_starts, edges, gate_starts, gates, subjects, slack, when, lost, queue, 0, base)
    if when[target] >= 0:
        return np.empty(0, np.int32), np.empty((0, 2), np.int32), True
    size = _judge(
        starts,
        at_least,
        cuts,
        alternatives,
        edge_starts,
        edges,
        gate_starts,
        gates,
        subjects,
        slack,
        when,
        lost,
        queue,
        base,
        target,
        inside,
        held,
        stack,
        alone,
    )
    single = np.flatnonzero(alone == FATAL).astype(np.int32)
    pairs = np.empty((max(0, min(limit, 1024)), 2), np.int32)
    found = 0
    if limit < 0:
        return single, pairs, True
    in_held = np.zeros(nodes, np.bool_)
    in_held[held[:size]] = True
    marks = np.empty(nodes, np.int8)
    for place in range(size):
        node = held[place]
        if alone[node] == FATAL:
            continue
        when[node] = 0
        queue[base] = node
        first = spread(edge_starts, edges, gate_starts, gates, subjects, slack, when, lost, queue, base, base + 1)
        marks[:] = OPEN
        count = _judge(
            starts,
            at_least,
            cuts,
            alternatives,
            edge_starts,
            edges,
            gate_starts,
            gates,
            subjects,
            slack,
            when,
            lost,
            queue,
            first,
            target,
            inside,
            others,
            stack,
            marks,
        )
        for index in range(count):
            other = others[index]
            # A pair with both in the first witness is found from both, and kept from its smaller end.
            if marks[other] != FATAL or alone[other] == FATAL or (in_held[other] and other < node):
                continue
            if found == limit:
                return single, pairs[:found].copy(), False
            pairs = with_room(pairs, found)
            pairs[found, 0] = node
            pairs[found, 1] = other
            found += 1
        restore(gate_starts, gates, when, lost, queue, base, first)
    return single, pairs[:found].copy(), True


@compiled
def with_room(pairs: Ints, found: int) -> Ints:
    """Return the pairs, with room for one more."""
    if found < len(pairs):
        return pairs
    more = np.empty((2 * found + 1, 2), np.int32)
    more[:found] = pairs
    return more


@compiled
def _judge(
    starts: Longs,
    at_least: Ints,
    cuts: Longs,
    alternatives: Ints,
    edge_starts: Ints,
    edges: Ints,
    gate_starts: Ints,
    gates: Ints,
    subjects: Ints,
    slack: Ints,
    when: Ints,
    lost: Ints,
    queue: Ints,
    base: int,
    target: int,
    inside: Flags,
    held: Ints,
    stack: Ints,
    marks: Marks,
) -> int:
    """Mark which nodes fail the target in this state, all open before; fill `held` with a witness and return its size.

    Nodes are tried from both ends of the witness in turn: near the target, a fatal one makes those below it fatal; far from it, a
    harmless one makes those above it harmless.
    """
    keys = (-1 - when).astype(np.int64)
    size = witness(starts, at_least, cuts, alternatives, keys, False, target, inside, held)
    close(starts, at_least, cuts, alternatives, keys, False, target, marks, stack)
    near = 0
    far = size - 1
    while near <= far:
        for end in range(2):
            node = held[near] if end == 0 else held[far]
            if marks[node] != OPEN:
                continue
            when[node] = 0
            queue[base] = node
            fatal, count = spread_until(
                edge_starts, edges, gate_starts, gates, subjects, slack, when, lost, queue, base, marks
            )
            if not fatal:
                for place in range(base, count):
                    marks[queue[place]] = HARMLESS
            restore(gate_starts, gates, when, lost, queue, base, count)
            if fatal:
                close(starts, at_least, cuts, alternatives, keys, False, node, marks, stack)
        near += 1
        far -= 1
    return size
