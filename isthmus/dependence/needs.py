"""From claims to needs: which claims speak of one need, which of them count, and what supply adds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from isthmus.dependence.rows import LEVELS, READ, STRENGTHS, SUPPLIES, Ints, Rows, Told

ITSELF, NOT_NEEDED, UNEQUAL = (
    "say that a thing needs itself, which is no need",
    "speak of supply with what the supplied is not said to need",
    "give a need another threshold than others do, and the highest counts",
)


@dataclass(frozen=True, slots=True)
class Short:
    """A need that takes more alternatives than are known: whose (a node), its number, how many it takes, how many are known."""

    subject: int
    number: int
    takes: int
    known: int


@dataclass(frozen=True, eq=False)
class Given:
    """What `Needs.build` takes, and what it stands for.

    Attributes
    ----------
    rows : Rows
    keys : int64 (things,)
        The key of each thing in the store, rising.
    behind : int64 (stand-ins,)
        The thing for which each node from ``len(keys)`` on stands: that thing, as one party is supplied with it.
    subject, number, alternative, at_least, row : int64 (given,)
        One alternative of one need, and the row of the claim that says so.
    short : tuple of Short
    aside : dict
        How many claims were set aside for which reason.
    """

    rows: Rows
    keys: Ints
    behind: Ints
    subject: Ints
    number: Ints
    alternative: Ints
    at_least: Ints
    row: Ints
    short: tuple[Short, ...]
    aside: dict[str, int]

    @property
    def plain_from(self) -> int:
        """Return from which number on needs are for one thing, and not called by a text."""
        return len(self.rows.texts)

    @cached_property
    def supply_from(self) -> int:
        """Return from which number on needs are for one of the suppliers of a thing."""
        return self.plain_from + _span(self.rows)

    @cached_property
    def free_from(self) -> int:
        """Return from which number on no need is called."""
        return self.supply_from + _span(self.rows)


def given_needs(told: Told, level: str) -> Given:
    """Return the needs that some claims come to, at a level of strength.

    A thing's claims with one text are alternatives of one need, whatever their predicate; without a text each object is a need of its
    own. A need is as strong as the strongest claim about it, and then all of its alternatives count. Who is supplied with a thing that it
    needs, needs one of its suppliers as well.
    """
    rows, aside = told.rows, dict(told.aside)
    supplied = rows.predicate == READ.index(SUPPLIES)
    itself = ~supplied & (rows.subject == rows.object) & (rows.need < 0)
    direct = np.flatnonzero(~supplied & ~itself)
    number = np.where(rows.need[direct] >= 0, rows.need[direct], len(rows.texts) + rows.object[direct])
    group = _numbered(rows.subject[direct], number)
    best = np.full(int(group.max(initial=-1)) + 1, len(STRENGTHS), dtype=np.int64)
    np.minimum.at(best, group, rows.strength[direct])
    counts = np.isin(best, [STRENGTHS.index(name) for name in LEVELS[level]])[group]
    direct, number, group = direct[counts], number[counts], group[counts]
    pairs, stand_ins, unneeded = _supplies(rows, direct, group, np.flatnonzero(supplied))
    for why, many in ((ITSELF, int(itself.sum())), (NOT_NEEDED, unneeded)):
        if many:
            aside[why] = many
    return _put_together(rows, direct, number, pairs, stand_ins, aside)


Pairs = dict[tuple[int, int], list[int]]


def _supplies(rows: Rows, direct: Ints, group: Ints, supply: Ints) -> tuple[Pairs, set[tuple[int, int]], int]:
    """Return the rows of supply by whom is supplied with what, which of these things have alternatives, and how many count nowhere."""
    near = np.isin(rows.subject[direct], rows.subject[supply])
    ends = zip(
        rows.subject[direct][near].tolist(), rows.object[direct][near].tolist(), group[near].tolist(), strict=True
    )
    by_group: dict[int, set[int]] = {}
    needs: dict[tuple[int, int], set[int]] = {}
    for subject, thing, number in ends:
        by_group.setdefault(number, set()).add(thing)
        needs.setdefault((subject, thing), set()).add(number)
    found: Pairs = {}
    unneeded = 0
    for row in supply.tolist():
        pair = (int(rows.subject[row]), int(rows.item[row]))
        if pair in needs:
            found.setdefault(pair, []).append(row)
        else:
            unneeded += 1
    several = {pair for pair in found if all(len(by_group[number]) > 1 for number in needs[pair])}
    return found, several, unneeded


def _put_together(
    rows: Rows, direct: Ints, number: Ints, supplies: Pairs, several: set[tuple[int, int]], aside: dict[str, int]
) -> Given:
    plain, span = len(rows.texts), _span(rows)
    suppliers = [int(rows.object[row]) for listed in supplies.values() for row in listed]
    keys = np.unique(np.concatenate((rows.subject[direct], rows.object[direct], np.array(suppliers, dtype=np.int64))))
    place = {int(key): node for node, key in enumerate(keys.tolist())} if supplies else {}
    stand_in = {pair: len(keys) + at for at, pair in enumerate(sorted(several))}
    subject, thing = (np.searchsorted(keys, ends[direct]) for ends in (rows.subject, rows.object))
    extra: list[tuple[int, int, int, int, int]] = []
    if stand_in:
        ends = zip(rows.subject[direct].tolist(), rows.object[direct].tolist(), strict=True)
        for at, pair in enumerate(ends):
            if pair in stand_in:
                node = stand_in[pair]
                extra.append((node, plain + pair[1], int(thing[at]), 0, int(direct[at])))
                thing[at] = node
    for pair, listed in supplies.items():
        # Whoever has no choice but the thing needs a supplier; else only what stands for the thing does.
        node = stand_in.get(pair, place[pair[0]])
        for at in listed:
            supplier = place[int(rows.object[at])]
            extra.append((node, plain + span + pair[1], supplier, int(rows.at_least[at]), at))
    more = np.array(extra, dtype=np.int64).reshape(-1, 5).T
    subject, number, thing, least, row = (
        np.concatenate((one, other))
        for one, other in zip((subject, number, thing, rows.at_least[direct], direct), more, strict=True)
    )
    behind = np.array([place[pair[1]] for pair in sorted(several)], dtype=np.int64)
    takes, short, unequal = _thresholds(subject, number, thing, least)
    if unequal:
        aside[UNEQUAL] = unequal
    return Given(rows, keys, behind, subject, number, thing, takes, row, short, aside)


def _thresholds(subject: Ints, number: Ints, alternative: Ints, least: Ints) -> tuple[Ints, tuple[Short, ...], int]:
    """Return how many alternatives the need of each row takes, the needs with fewer than they take, and how many rows say less."""
    group = _numbered(subject, number)
    size = int(group.max(initial=-1)) + 1
    takes = np.ones(size, dtype=np.int64)
    np.maximum.at(takes, group, least)
    apart = np.unique(np.stack((group, alternative)), axis=1)[0] if (takes > 1).any() else group
    known = np.bincount(apart, minlength=size)
    unequal = int(((least > 0) & (least < takes[group])).sum())
    first = np.full(size, -1, dtype=np.int64)
    first[group[::-1]] = np.arange(len(group))[::-1]
    short = tuple(
        Short(int(subject[first[at]]), int(number[first[at]]), int(takes[at]), int(known[at]))
        for at in np.flatnonzero(takes > known).tolist()
    )
    return np.minimum(takes, known)[group], short, unequal


def _span(rows: Rows) -> int:
    """Return a number above every key of an entity in the rows."""
    return int(max(rows.subject.max(initial=-1), rows.object.max(initial=-1), rows.item.max(initial=-1))) + 1


def _numbered(one: Ints, other: Ints) -> Ints:
    """Return a number for each pair, the same for the same pair."""
    wide = int(other.max(initial=0)) + 1
    nodes = np.unique(one, return_inverse=True)[1]
    found: Ints = np.unique(nodes * wide + other, return_inverse=True)[1]
    return found
