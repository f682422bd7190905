"""Which nodes can fail a target: those of a set that keeps it going, and at once those that it cannot do without."""

from __future__ import annotations

from isthmus.kernels.compiled import Flags, Ints, Longs, Marks, compiled

OPEN, FATAL, HARMLESS = 0, 1, 2
"""What is known of a node: nothing; its failure fails the target; it does not."""


@compiled
def witness(
    starts: Longs,
    at_least: Ints,
    cuts: Longs,
    alternatives: Ints,
    keys: Longs,
    ordered: bool,
    target: int,
    inside: Flags,
    found: Ints,
) -> int:
    """Fill `found` with a set that holds the target and meets every need of its members; return its size.

    Parameters
    ----------
    keys : int64 (n,)
        At least 0 where a node works.
    ordered : bool
        A need is met by alternatives with smaller keys than its subject only, so that the set can be started too.
    inside : bool (n,)
        All false, and left so.

    Notes
    -----
    Alternatives that are in the set already come first, then those with small numbers. It is a small set, not a smallest one.
    """
    found[0] = target
    inside[target] = True
    count = 1
    head = 0
    while head < count:
        node = found[head]
        head += 1
        limit = keys[node] if ordered else 1 << 62
        for need in range(starts[node], starts[node + 1]):
            left = at_least[need]
            for index in range(cuts[need], cuts[need + 1]):
                if inside[alternatives[index]] and keys[alternatives[index]] < limit:
                    left -= 1
            for index in range(cuts[need], cuts[need + 1]):
                other = alternatives[index]
                if left > 0 and not inside[other] and 0 <= keys[other] < limit:
                    inside[other] = True
                    found[count] = other
                    count += 1
                    left -= 1
    for place in range(count):
        inside[found[place]] = False
    return count


@compiled
def close(
    starts: Longs,
    at_least: Ints,
    cuts: Longs,
    alternatives: Ints,
    keys: Longs,
    ordered: bool,
    node: int,
    marks: Marks,
    stack: Ints,
) -> None:
    """Mark a node and all that it needs without an alternative as fatal, directly or not.

    The keys are those of `witness`. A node helps to meet its own need, unless the set must be started.
    """
    marks[node] = FATAL
    stack[0] = node
    depth = 1
    while depth > 0:
        depth -= 1
        node = stack[depth]
        for need in range(starts[node], starts[node + 1]):
            working = 0
            for index in range(cuts[need], cuts[need + 1]):
                if keys[alternatives[index]] >= 0 and not (ordered and alternatives[index] == node):
                    working += 1
            if working > at_least[need]:
                continue
            for index in range(cuts[need], cuts[need + 1]):
                other = alternatives[index]
                if keys[other] >= 0 and marks[other] != FATAL:
                    marks[other] = FATAL
                    stack[depth] = other
                    depth += 1
