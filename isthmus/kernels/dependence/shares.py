"""How much is left: capacities where the alternatives of a need carry shares.

A need without shares is met by whichever alternatives work, fully: it runs at the level of its best alternative or, if it takes k, of
its k-th best. A need with shares is met by all of its suppliers as they supply it today, and nobody steps in: it loses what each share
loses. A node runs at the least of its needs (Leontief), and never above what it can do itself. Capacities are the greatest fixpoint of
that: the most that is consistent with what failed, so loops keep themselves going, as in operation.

The rest of a need, which no share names, is supplied by somebody unnamed and is not lost: without failures everything runs at 1. Only
where too few named alternatives work for the need to hold does it become doubtful, because the list may be complete after all; the low
end is then 0 and the high end that rest.

Two needs of one node may share out the same whole twice, by makers and by their countries, say: they are twins. What the one loses and
what the other loses may be the same part of the whole or different parts; at worst the losses add up, at best the larger one is all.

An alternative may be in doubt, and so may a need. Each such alternative is there or not, apart from the others, and a need without any is
none. What is left lies between the worst and the best of that: at worst doubtful alternatives help nobody, and a need that rests on them
alone counts with the worst of them; at best they all help, and such a need binds nobody. A doubtful share is at worst anything up to it,
and at best nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from isthmus.errors import ArgumentError
from isthmus.kernels.compiled import Flags, Floats, Ints, Longs, Marks, compiled
from isthmus.kernels.dependence.graph import Needs

SMALLEST = 1e-12
"""A capacity that falls by less does not pass on."""
_NOTHING = 1e-9  # a loop that falls to 0 stops a little above it
_STEPS = 10_000  # how often each need may fall before a loop that loses a little in each round is given up


_SURE, _UNSURE, _BESIDE = 0, 1, 2


@dataclass(frozen=True, eq=False, slots=True)
class Doubt:
    """What of some needs is not sure.

    Attributes
    ----------
    unsure : bool (alternatives,)
        Whether it is not sure that an alternative is one.
    beside : bool (alternatives,)
        Alternatives that somebody adds to a need: they are there where the need is, and say nothing about whether it is.
    fewest : int (m,)
        How many alternatives each need takes at the least, at most `Needs.at_least`; 0 where it is not sure that there is the need.
    """

    unsure: Flags
    beside: Flags
    fewest: Longs


@dataclass(frozen=True, eq=False, slots=True)
class Degraded:
    """What is left, as fractions of 1.

    Attributes
    ----------
    low, high : float64 (n,)
        The capacity of each node at least and at most.
    need_low, need_high : float64 (m,)
        How much of each need is still met; a node that failed has needs too.
    over : bool (m,)
        Needs whose shares are over 1 even at their low ends; they are used as given, and lose no more than 1.
    settled : bool
        False where a loop was still falling when the steps ran out: then the ends are too high.
    """

    low: Floats
    high: Floats
    need_low: Floats
    need_high: Floats
    over: Flags
    settled: bool


def degrade(
    needs: Needs,
    low: ArrayLike,
    high: ArrayLike,
    failed: ArrayLike = (),
    own: ArrayLike | None = None,
    *,
    twin: ArrayLike | None = None,
    extra: ArrayLike | None = None,
    doubt: Doubt | None = None,
) -> Degraded:
    """Return what is left of each need and node when some nodes have failed.

    Parameters
    ----------
    low, high : float (alternatives,)
        The share of each alternative in its need, in the order of `Needs.alternatives`: at least and at most, within 0 and 1. Both nan
        where no share is known; beside known shares that is anything that they leave.
    failed : int
        Nodes.
    own : float (n,), optional
        What each node can do itself, between 0 and 1; 0 has failed. Absent: 1.
    twin : int (m,), optional
        The other need of the same node that shares out the same whole; -1 where there is none. Absent: none has one.
    extra : float (alternatives,), optional
        What an alternative can add to the whole beyond its share, as a part of the whole, while it works; a need is never met by more
        than 1. Where a need has a twin, the same addition belongs in both. An alternative that has nothing of the whole and only adds
        says nothing about whether the list of the others is complete. Absent: nothing is added.
    doubt : Doubt, optional
        Which alternatives and needs are not sure. Absent: all are.

    Returns
    -------
    Degraded
        The ends are reached by shares within their bounds that add up to at most 1, chosen for each need alone. With doubt they contain
        what is left whichever doubtful alternatives and needs are there.

    Raises
    ------
    ArgumentError
        A node is out of range, a number is not between 0 and 1, the ends of a share are in the wrong order, a need is not the twin
        of its twin, or the doubt is not of these needs.
    """
    least, most = _fractions("low", low, needs.alternatives.size), _fractions("high", high, needs.alternatives.size)
    if (np.isnan(least) != np.isnan(most)).any() or (least > most).any():
        raise ArgumentError(
            "the ends of a share are in the wrong order, or one of them is missing; nothing can be computed from that.",
            where="low, high",
            hint="Give low <= high, or nan for both.",
        )
    able = np.ones(needs.nodes) if own is None else _fractions("own", own, needs.nodes)
    if np.isnan(able).any():
        raise ArgumentError(
            "what a node can do itself is not a number.", where="own", hint="Give 1 if nothing is known."
        )
    able = able.copy()
    able[needs.checked(failed, "failed")] = 0.0
    worst = able.copy()
    named = np.logical_or.reduceat(~np.isnan(least), needs.cuts[:-1]) if needs.size else np.zeros(0, np.bool_)
    more = np.zeros(needs.alternatives.size) if extra is None else _fractions("extra", extra, needs.alternatives.size)
    if np.isnan(more).any():
        raise ArgumentError(
            "what an alternative adds is not a number.", where="extra", hint="Give 0 if it adds nothing."
        )
    twins = np.full(needs.size, -1, np.int64) if twin is None else _twins(needs, twin)
    adds = (more > 0) & (most == 0)
    least, most = np.where(np.isnan(least), 0.0, least), np.where(np.isnan(most), 1.0, most)
    sums = np.add.reduceat(least, needs.cuts[:-1]) if needs.size else np.zeros(0)
    over = sums > 1 + 1e-9
    kinds, fewest, shaky = _doubts(needs, doubt)
    least = np.where(kinds == _UNSURE, 0.0, least) if doubt is not None else least
    user_starts, users = needs.users
    graph = (needs.subjects, needs.at_least, needs.cuts, needs.alternatives, user_starts, users)
    rows = (*graph, named, least, most, twins, more, adds, kinds, fewest, shaky, over)
    need_low, settled_low = _fall(*rows, worst, True)
    need_high, settled_high = _fall(*rows, able, False)
    return Degraded(worst, able, need_low, need_high, over, bool(settled_low and settled_high))


def _fractions(name: str, values: ArrayLike, size: int) -> Floats:
    array = np.asarray(values, np.float64)
    if array.shape != (size,):
        raise ArgumentError(f"shape {array.shape} is not ({size},).", where=name, hint="Give one number for each.")
    if ((array < 0) | (array > 1)).any():
        raise ArgumentError("a number is not between 0 and 1.", where=name, hint="Shares are fractions of 1.")
    return array


def _doubts(needs: Needs, doubt: Doubt | None) -> tuple[Marks, Longs, Flags]:
    """Return the kind of each alternative, how many each need takes at the least, and in which needs anything is not sure."""
    kinds, fewest = np.zeros(needs.alternatives.size, np.int8), needs.at_least.astype(np.int64)
    shaky = np.zeros(needs.size, np.bool_)
    if doubt is None or not needs.size:
        return kinds, fewest, shaky
    if {doubt.unsure.shape, doubt.beside.shape} != {kinds.shape} or doubt.fewest.shape != fewest.shape:
        raise ArgumentError(
            "the doubt is not of these needs.",
            where="doubt",
            hint="Give a flag for each alternative, a number for each need.",
        )
    kinds[doubt.beside], kinds[doubt.unsure] = _BESIDE, _UNSURE
    fewest = np.minimum(doubt.fewest, fewest)
    shaky = np.logical_or.reduceat(doubt.unsure, needs.cuts[:-1]) | (fewest < needs.at_least)
    return kinds, fewest, shaky


def _twins(needs: Needs, twin: ArrayLike) -> Longs:
    array = np.asarray(twin)
    if array.shape != (needs.size,) or not (array.size == 0 or np.issubdtype(array.dtype, np.integer)):
        raise ArgumentError(
            f"{array.dtype} of shape {array.shape} are not {needs.size} needs.", where="twin", hint="Give one for each."
        )
    array = array.astype(np.int64)
    here = np.flatnonzero(array != -1)
    other = array[here]
    if ((other < 0) | (other >= needs.size)).any():
        raise ArgumentError("a twin is no need.", where="twin", hint="Give the place of a need, or -1.")
    if (other == here).any() or (array[other] != here).any() or (needs.subjects[other] != needs.subjects[here]).any():
        raise ArgumentError(
            "twins are two needs of one node, each the twin of the other.", where="twin", hint="Give each the other."
        )
    return array


@compiled
def _fall(
    subjects: Ints,
    at_least: Ints,
    cuts: Longs,
    alternatives: Ints,
    user_starts: Longs,
    users: Ints,
    named: Flags,
    least: Floats,
    most: Floats,
    twins: Longs,
    extra: Floats,
    adds: Flags,
    kinds: Marks,
    fewest: Longs,
    shaky: Flags,
    over: Flags,
    capacity: Floats,
    worst: bool,
) -> tuple[Floats, bool]:
    """Lower the capacities in place until no need gives less; return the levels of the needs and whether they settled.

    Each need that may have changed waits once in a ring, so one with many alternatives is not computed for each of them.
    """
    size = subjects.size
    levels = np.ones(size)
    own = np.ones(size)  # the levels without what is added, and what is added
    added = np.zeros(size)
    for need in range(size):
        for index in range(cuts[need], cuts[need + 1]):
            added[need] += extra[index]
    queue = np.empty(size, np.int32)
    waiting = np.zeros(size, np.bool_)
    head = 0
    count = 0
    for need in range(size):
        short = cuts[need + 1] - cuts[need] < at_least[need]
        for index in range(cuts[need], cuts[need + 1]):
            short = short or capacity[alternatives[index]] < 1
        if short:
            queue[count] = need
            waiting[need] = True
            count += 1
    steps = 0
    while count > 0:
        if steps > _STEPS * size:
            return levels, False
        steps += 1
        need = queue[head]
        head = head + 1 if head + 1 < size else 0
        count -= 1
        waiting[need] = False
        first, last = cuts[need], cuts[need + 1]
        others = capacity[alternatives[first:last]]
        more = 0.0
        for index in range(first, last):
            more += extra[index] * others[index - first]
            if adds[index]:
                others[index - first] = 0.0
        if shaky[need]:
            kind = kinds[first:last]
            if not worst:
                takes = min(fewest[need], (kind == _SURE).sum())
                level = 1.0 if takes == 0 else _best(others, takes)
                if takes > 0 and named[need]:
                    level = _shared(others, least[first:last], most[first:last], False)
            elif named[need]:
                level = _worst_shared(others, kind, at_least[need], least[first:last], most[first:last], over[need])
            else:
                level = _worst_plain(others, kind, at_least[need])
        else:
            level = _best(others, at_least[need])  # 0 where fewer than that work
            # With too few alternatives left, shares say what somebody unnamed may still give; that is no promise.
            if named[need] and not (worst and (others > _NOTHING).sum() < at_least[need]):
                level = _shared(others, least[first:last], most[first:last], worst)
        own[need], added[need] = level, more
        level = min(1.0, level + more)
        levels[need] = level
        if worst and twins[need] >= 0:
            other = twins[need]
            both = max(0.0, own[need] + own[other] - 1.0)
            level = min(level, both + max(more, added[other]))
        subject = subjects[need]
        if level >= capacity[subject] - SMALLEST and not (level == 0 and capacity[subject] > 0):
            continue
        capacity[subject] = level
        for index in range(user_starts[subject], user_starts[subject + 1]):
            other = users[index]
            if not waiting[other]:
                queue[(head + count) % size] = other
                waiting[other] = True
                count += 1
    return levels, True


@compiled
def _best(capacities: Floats, number: int) -> float:
    """Return the capacity of the best alternative or, for larger numbers, of the best but so many."""
    if capacities.size < number:
        return 0.0
    if number == 1:
        return float(capacities.max())
    if number == capacities.size:
        return float(capacities.min())
    return float(np.sort(capacities)[capacities.size - number])


@compiled
def _worst_plain(capacities: Floats, kinds: Marks, number: int) -> float:
    """Return the level of a need at worst: what is not sure does not help, and where too little is sure any that fails is missed."""
    if capacities.size < number:
        return 0.0
    level = _best(capacities[kinds != _UNSURE], number)
    if (kinds == _SURE).sum() < number:
        level = max(level, float(capacities[kinds != _BESIDE].min()))
    return level


@compiled
def _worst_shared(capacities: Floats, kinds: Marks, number: int, least: Floats, most: Floats, over: bool) -> float:
    """Return the level at worst of a need that is shared out; the `least` of what is not sure is 0."""
    sure = capacities[kinds == _SURE]
    stated = capacities[kinds != _BESIDE]
    if sure.size >= number:
        if (sure > _NOTHING).sum() < number:
            return 0.0
    elif stated.size < number or stated.min() <= _NOTHING:
        return 0.0
    if over:
        # Shares over the whole count as given, whatever the others are: no bound of the losses is tighter for all that may be there.
        return max(0.0, 1.0 - float((1.0 - stated).sum()))
    return _shared(capacities, least, most, True)


@compiled
def _shared(capacities: Floats, least: Floats, most: Floats, worst: bool) -> float:
    """Return what is left of a need; at worst, what shares leave open goes to those who lost most."""
    room = 1.0
    left = 1.0
    for index in range(capacities.size):
        room -= least[index]
        left -= least[index] * (1.0 - capacities[index])
    if worst and room > 0:
        for index in np.argsort(capacities):
            part = min(room, most[index] - least[index])
            left -= part * (1.0 - capacities[index])
            room -= part
    return min(1.0, max(0.0, left))
