"""What can be started from nothing: the kernels of bootstrap semantics.

A node starts once each of its needs has enough alternatives that have started. Each node that starts gets a key: first by strong
component of the graph of alternatives, dependencies first, then by its turn. Then each of its needs has enough alternatives with smaller
keys, which is why it starts; and outside loops all of its alternatives have smaller keys, so whatever loses too many of these is lost.
Only inside a loop may a node be held by an alternative with a larger key; it is then deleted and derived again (Gupta, Mumick and
Subrahmanian, SIGMOD 1993).
"""

from __future__ import annotations

import numpy as np

from isthmus.kernels.compiled import Flags, Ints, Longs, compiled
from isthmus.kernels.dependence.graph import Needs
from isthmus.kernels.strong import strong_components


def components(needs: Needs) -> Ints:
    """Return the strong component of each node, numbered so that what a node needs has a smaller number or its own: int32 (n,)."""
    roots = np.arange(needs.nodes, dtype=np.int32)
    order, cuts = strong_components(needs.reach_starts, needs.alternatives, roots)
    component = np.empty(needs.nodes, np.int32)
    component[order] = np.repeat(np.arange(cuts.size - 1, dtype=np.int32), np.diff(cuts))
    return component


def started(needs: Needs, failed: Flags) -> tuple[Ints, Ints]:
    """Return when each node starts without the failed ones: its round and its turn, int32 (n,) each, -1 for those that do not."""
    user_starts, users = needs.users
    return start(needs.starts, needs.subjects, needs.at_least, user_starts, users, failed)


@compiled
def start(
    starts: Longs, subjects: Ints, at_least: Ints, user_starts: Longs, users: Ints, failed: Flags
) -> tuple[Ints, Ints]:
    """Start all that can be; first in, first out, so turns go by rising round."""
    nodes = starts.size - 1
    rounds = np.full(nodes, -1, np.int32)
    turns = np.full(nodes, -1, np.int32)
    unmet = np.empty(nodes, np.int32)
    left = at_least.copy()
    queue = np.empty(nodes, np.int32)
    count = 0
    for node in range(nodes):
        unmet[node] = starts[node + 1] - starts[node]
        if unmet[node] == 0 and not failed[node]:
            rounds[node] = 0
            queue[count] = node
            count += 1
    head = 0
    while head < count:
        node = queue[head]
        turns[node] = head
        head += 1
        for index in range(user_starts[node], user_starts[node + 1]):
            need = users[index]
            left[need] -= 1
            if left[need] != 0:
                continue
            subject = subjects[need]
            unmet[subject] -= 1
            if unmet[subject] == 0 and not failed[subject]:
                rounds[subject] = rounds[node] + 1
                queue[count] = subject
                count += 1
    return rounds, turns


@compiled
def keyed(component: Ints, turns: Ints) -> Longs:
    """Return the keys, int64 (n,); -1 for nodes that do not start."""
    keys = np.full(turns.size, -1, np.int64)
    for node in range(turns.size):
        if turns[node] >= 0:
            keys[node] = (np.int64(component[node]) << 32) | turns[node]
    return keys


@compiled
def supported(subjects: Ints, cuts: Longs, alternatives: Ints, keys: Longs) -> tuple[Ints, Flags]:
    """Return how many alternatives of each need have a smaller key than its subject, and which nodes have others that start."""
    support = np.zeros(subjects.size, np.int32)
    spare = np.zeros(keys.size, np.bool_)
    for need in range(subjects.size):
        subject = subjects[need]
        if keys[subject] < 0:
            continue
        for index in range(cuts[need], cuts[need + 1]):
            key = keys[alternatives[index]]
            if 0 <= key < keys[subject]:
                support[need] += 1
            elif key > keys[subject]:
                spare[subject] = True
    return support, spare


@compiled
def delete(
    user_starts: Longs,
    users: Ints,
    subjects: Ints,
    at_least: Ints,
    keys: Longs,
    support: Ints,
    gone: Flags,
    queue: Ints,
    count: int,
) -> int:
    """Complete the queue to all that may be lost with it; nodes beyond it are not lost. Return how many there are."""
    head = 0
    while head < count:
        node = queue[head]
        head += 1
        for index in range(user_starts[node], user_starts[node + 1]):
            need = users[index]
            subject = subjects[need]
            if keys[subject] <= keys[node]:
                continue
            support[need] -= 1
            if support[need] < at_least[need] and not gone[subject]:
                gone[subject] = True
                queue[count] = subject
                count += 1
    return count


@compiled
def put_back(
    user_starts: Longs, users: Ints, subjects: Ints, keys: Longs, support: Ints, gone: Flags, queue: Ints, count: int
) -> None:
    """Undo `delete`."""
    for place in range(count):
        node = queue[place]
        gone[node] = False
        for index in range(user_starts[node], user_starts[node + 1]):
            if keys[subjects[users[index]]] > keys[node]:
                support[users[index]] += 1


@compiled
def losses(
    starts: Longs,
    subjects: Ints,
    at_least: Ints,
    cuts: Longs,
    alternatives: Ints,
    user_starts: Longs,
    users: Ints,
    keys: Longs,
) -> Ints:
    """Return how many nodes no longer start without each node, itself included: int32 (n,); 0 for nodes that never start."""
    nodes = keys.size
    support, spare = supported(subjects, cuts, alternatives, keys)
    found = np.zeros(nodes, np.int32)
    gone = np.zeros(nodes, np.bool_)
    queue = np.empty(nodes, np.int32)
    again = np.empty(nodes, np.int32)
    unmet = np.empty(nodes, np.int32)
    left = np.empty(subjects.size, np.int32)
    for source in range(nodes):
        if keys[source] < 0:
            continue
        gone[source] = True
        queue[0] = source
        count = delete(user_starts, users, subjects, at_least, keys, support, gone, queue, 1)
        derivable = False
        for place in range(1, count):
            derivable = derivable or spare[queue[place]]
        back = 0
        if derivable:
            back = _derived(
                starts,
                subjects,
                at_least,
                cuts,
                alternatives,
                user_starts,
                users,
                keys,
                gone,
                queue,
                count,
                again,
                unmet,
                left,
            )
        found[source] = count - back
        put_back(user_starts, users, subjects, keys, support, gone, queue, count)
    return found


@compiled
def _derived(
    starts: Longs,
    subjects: Ints,
    at_least: Ints,
    cuts: Longs,
    alternatives: Ints,
    user_starts: Longs,
    users: Ints,
    keys: Longs,
    gone: Flags,
    queue: Ints,
    count: int,
    again: Ints,
    unmet: Ints,
    left: Ints,
) -> int:
    """Return how many of the deleted nodes, but for the first, start all the same."""
    back = 0
    for place in range(1, count):
        node = queue[place]
        unmet[node] = 0
        for need in range(starts[node], starts[node + 1]):
            left[need] = at_least[need]
            for index in range(cuts[need], cuts[need + 1]):
                if keys[alternatives[index]] >= 0 and not gone[alternatives[index]]:
                    left[need] -= 1
            if left[need] > 0:
                unmet[node] += 1
        if unmet[node] == 0:
            again[back] = node
            back += 1
    head = 0
    while head < back:
        node = again[head]
        head += 1
        for index in range(user_starts[node], user_starts[node + 1]):
            need = users[index]
            subject = subjects[need]
            if not gone[subject] or subject == queue[0]:
                continue
            left[need] -= 1
            if left[need] == 0:
                unmet[subject] -= 1
                if unmet[subject] == 0:
                    again[back] = subject
                    back += 1
    return back
