"""The kernels of single failures and pairs for one target, at the start."""

from __future__ import annotations

import numpy as np

from isthmus.kernels.compiled import Flags, Ints, Longs, Marks, compiled
from isthmus.kernels.dependence.pairs_operating import with_room
from isthmus.kernels.dependence.starting import delete, keyed, put_back, start, supported
from isthmus.kernels.dependence.witness import FATAL, HARMLESS, OPEN, close, witness


@compiled
def failures_starting(
    starts: Longs,
    subjects: Ints,
    at_least: Ints,
    cuts: Longs,
    alternatives: Ints,
    user_starts: Longs,
    users: Ints,
    component: Ints,
    target: int,
    limit: int,
) -> tuple[Ints, Ints, bool]:
    """Return the nodes that alone fail the target, the pairs that do, (p, 2), and whether these are all; no pairs with limit -1."""
    nodes = starts.size - 1
    failed = np.zeros(nodes, np.bool_)
    held = np.empty(nodes, np.int32)
    others = np.empty(nodes, np.int32)
    alone = np.zeros(nodes, np.int8)
    size = _judge(
        starts,
        subjects,
        at_least,
        cuts,
        alternatives,
        user_starts,
        users,
        component,
        failed,
        target,
        held,
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
        failed[node] = True
        marks[:] = OPEN
        count = _judge(
            starts,
            subjects,
            at_least,
            cuts,
            alternatives,
            user_starts,
            users,
            component,
            failed,
            target,
            others,
            marks,
        )
        failed[node] = False
        for index in range(count):
            other = others[index]
            if marks[other] != FATAL or alone[other] == FATAL or (in_held[other] and other < node):
                continue
            if found == limit:
                return single, pairs[:found].copy(), False
            pairs = with_room(pairs, found)
            pairs[found, 0] = node
            pairs[found, 1] = other
            found += 1
    return single, pairs[:found].copy(), True


@compiled
def _judge(
    starts: Longs,
    subjects: Ints,
    at_least: Ints,
    cuts: Longs,
    alternatives: Ints,
    user_starts: Longs,
    users: Ints,
    component: Ints,
    failed: Flags,
    target: int,
    held: Ints,
    marks: Marks,
) -> int:
    """Mark which nodes keep the target from starting, all open before; fill `held` with a witness and return its size.

    What deletion does not take the target with is harmless, and so is all that it takes. Only where it may take the target with it is
    everything started anew. The order is that of the kernel for operation.
    """
    nodes = starts.size - 1
    keys = keyed(component, start(starts, subjects, at_least, user_starts, users, failed)[1])
    if keys[target] < 0:
        return 0
    gone = np.zeros(nodes, np.bool_)
    queue = np.empty(nodes, np.int32)
    size = witness(starts, at_least, cuts, alternatives, keys, True, target, gone, held)
    close(starts, at_least, cuts, alternatives, keys, True, target, marks, queue)
    support, _ = supported(subjects, cuts, alternatives, keys)
    near = 0
    far = size - 1
    while near <= far:
        for end in range(2):
            node = held[near] if end == 0 else held[far]
            if marks[node] != OPEN:
                continue
            gone[node] = True
            queue[0] = node
            count = delete(user_starts, users, subjects, at_least, keys, support, gone, queue, 1)
            perhaps = gone[target]
            if not perhaps:
                for place in range(count):
                    marks[queue[place]] = HARMLESS
            put_back(user_starts, users, subjects, keys, support, gone, queue, count)
            if not perhaps:
                continue
            failed[node] = True
            turns = start(starts, subjects, at_least, user_starts, users, failed)[1]
            failed[node] = False
            if turns[target] < 0:
                close(starts, at_least, cuts, alternatives, keys, True, node, marks, queue)
                continue
            for other in range(nodes):
                if turns[other] < 0:
                    marks[other] = HARMLESS
        near += 1
        far -= 1
    return size
