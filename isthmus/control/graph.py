"""The graph of who holds what under one rule: intervals of shares, facts of control, blocks and influences, with the rows behind each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from isthmus.control.combine import Stakes, combine
from isthmus.control.evidence import COMPLETE, CONCERT, EQUITY, MEMBER, VOTES
from isthmus.control.profiles import EFFECTS, Profile
from isthmus.control.rows import WHOLE, Ints, Rows

CONTROLS, MAY, BLOCKS, INFLUENCES = range(4)
_STAKES = (EQUITY, VOTES, "economic")
_OWNERS = ("", "shareholders", "owners", "holders", "shareholding", "votingRights")
_NOTHING = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Ties:
    """Pairs of nodes with the row behind each: `source` has what `row` says over `target`; *certain* where nothing makes it doubtful."""

    source: Ints
    target: Ints
    certain: NDArray[np.bool_]
    row: Ints

    def __len__(self) -> int:
        return len(self.source)


@dataclass(frozen=True)
class Graph:
    """What the rows come to under a profile; nodes are numbered in order of their keys.

    Attributes
    ----------
    rows, profile : Rows, Profile
        What it was made of.
    keys : int64, shape (nodes,)
        The key of each node in the store.
    holder, target, low, high : int64, shape (holdings,)
        Shares of `target` that `holder` has, in units of 1e-8.
    stated, disputed : bool, shape (holdings,)
        Whether a share is said; whether sources disagree on it.
    starts, holding_rows : int64
        The rows behind holding `i` are ``holding_rows[starts[i]:starts[i + 1]]``.
    closed : bool, shape (nodes,)
        Whether a source says that the holders known are all there are.
    closing : dict of node to rows
        The rows that say so.
    infeasible : bool, shape (nodes,)
        Things whose shares cannot be completed: more than 100 % at the least, or less than 100 % though all holders are known.
    facts, blocks, influences : Ties
        Control that is no share; rights to block; other influence.
    members : Ties
        Members (source) of groups (target).
    concert : Ties
        Parties that act together, both ways.
    set_aside : int64
        Rows about indirect stakes: they are what chains of direct ones come to, and never added to them.
    """

    rows: Rows
    profile: Profile
    keys: Ints
    holder: Ints
    target: Ints
    low: Ints
    high: Ints
    stated: NDArray[np.bool_]
    disputed: NDArray[np.bool_]
    starts: Ints
    holding_rows: Ints
    closed: NDArray[np.bool_]
    closing: dict[int, list[int]]
    infeasible: NDArray[np.bool_]
    facts: Ties
    blocks: Ties
    influences: Ties
    members: Ties
    concert: Ties
    set_aside: Ints

    @cached_property
    def place(self) -> dict[int, int]:
        """The node of each key."""
        return {int(key): node for node, key in enumerate(self.keys)}

    def rows_of(self, holding: int) -> list[int]:
        """Return the rows behind a holding."""
        return [int(row) for row in self.holding_rows[self.starts[holding] : self.starts[holding + 1]]]


def build_graph(rows: Rows, profile: Profile) -> Graph:
    """Return the graph that rows make under a profile."""
    keys = np.unique(np.concatenate((rows.holder, rows.target)))
    member = rows.of_predicate(MEMBER) & ~rows.denied
    members = _ties(keys, rows, np.flatnonzero(member))
    stakes, aside = _stakes(rows, profile, members, keys)
    holder, target = np.searchsorted(keys, stakes.holder), np.searchsorted(keys, stakes.target)
    closed, closing = _closed(rows, keys, target, members)
    return Graph(
        rows=rows,
        profile=profile,
        keys=keys,
        holder=holder,
        target=target,
        low=stakes.low,
        high=stakes.high,
        stated=stakes.stated,
        disputed=stakes.disputed,
        starts=stakes.starts,
        holding_rows=stakes.rows,
        closed=closed,
        closing=closing,
        # Of votes or equity, whichever is more, the sum has no meaning.
        infeasible=np.zeros(len(keys), dtype=np.bool_)
        if profile.either
        else _infeasible(len(keys), target, stakes, closed),
        members=members,
        concert=_both_ways(_ties(keys, rows, np.flatnonzero(rows.of_predicate(CONCERT) & ~rows.denied))),
        set_aside=aside,
        **_effects(rows, profile, keys, aside),
    )


def _ties(keys: Ints, rows: Rows, chosen: Ints, certain: NDArray[np.bool_] | None = None) -> Ties:
    return Ties(
        np.searchsorted(keys, rows.holder[chosen]),
        np.searchsorted(keys, rows.target[chosen]),
        rows.sure[chosen] if certain is None else certain,
        chosen.astype(np.int64),
    )


def _both_ways(ties: Ties) -> Ties:
    pairs = ((ties.source, ties.target), (ties.target, ties.source))
    source, target = (np.concatenate(column) for column in zip(*pairs, strict=True))
    return Ties(source, target, np.tile(ties.certain, 2), np.tile(ties.row, 2))


def _stakes(rows: Rows, profile: Profile, members: Ties, keys: Ints) -> tuple[Stakes, Ints]:
    """Return the stakes that count under a profile, and the rows that are set aside because others say the same."""
    codes = np.array([_STAKES.index(item.stake) if item.stake else -1 for item in rows.evidence] or [-1])
    stake = codes[rows.kind] if len(rows) else _NOTHING
    indirect = np.array([item.direct == "indirect" for item in rows.evidence] or [False])
    counted = [_STAKES.index(name) for name in profile.basis]
    bought = rows.of_predicate("acquired") & ~rows.stated
    chosen = np.flatnonzero(np.isin(stake, counted) & ~bought) if len(rows) else _NOTHING
    beside = chosen[indirect[rows.kind[chosen]]] if len(chosen) else _NOTHING
    chosen = chosen[~indirect[rows.kind[chosen]]] if len(chosen) else _NOTHING
    combined = _one_basis(combine(rows, chosen, stake[chosen], profile.nearness), profile)
    return _without_members(combined, members, keys), np.sort(beside)


def _without_members(stakes: Stakes, members: Ties, keys: Ints) -> Stakes:
    """Return the stakes with what the members of a group hold taken out of the group's own: it is part of it, and would count twice."""
    belonging: dict[int, set[int]] = {}
    for member, group in zip(keys[members.source].tolist(), keys[members.target].tolist(), strict=True):
        belonging.setdefault(group, set()).add(member)
    places = np.flatnonzero(np.isin(stakes.holder, list(belonging)))
    if not len(places):
        return stakes
    near = np.flatnonzero(np.isin(stakes.target, stakes.target[places]))
    held = {(int(stakes.holder[place]), int(stakes.target[place])): place for place in near.tolist()}
    low, high = stakes.low.copy(), stakes.high.copy()
    for place in places.tolist():
        target = int(stakes.target[place])
        inside = [held[member, target] for member in belonging[int(stakes.holder[place])] if (member, target) in held]
        low[place] = max(0, stakes.low[place] - int(stakes.high[inside].sum()))
        high[place] = max(0, stakes.high[place] - int(stakes.low[inside].sum()))
    return replace(stakes, low=low, high=high)


def _one_basis(stakes: Stakes, profile: Profile) -> Stakes:
    """Return one stake for each holder and thing: the first basis of the profile that is said of the holder, or the larger of both.

    Where votes are said of some holders of a thing and only shares of another, his votes are not said.
    """
    ranks = np.array([profile.basis.index(name) if name in profile.basis else 9 for name in _STAKES])[stakes.stake]
    ranks = ranks + 10 * ~stakes.stated
    votes = (stakes.stake == _STAKES.index(VOTES)) & stakes.stated
    order = np.lexsort((ranks, stakes.target, stakes.holder))
    holder, target = stakes.holder[order], stakes.target[order]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (holder[1:] != holder[:-1]) | (target[1:] != target[:-1])
    heads = np.flatnonzero(first)
    chosen = order[heads]
    low, high, stated = stakes.low[chosen], stakes.high[chosen], stakes.stated[chosen]
    if profile.either and len(heads):
        low = np.maximum.reduceat(stakes.low[order], heads)
        high = np.maximum.reduceat(stakes.high[order], heads)
    elif profile.basis[:1] == (VOTES,) and votes.any():
        silent = ~votes[chosen] & np.isin(stakes.target[chosen], stakes.target[votes])
        low, high, stated = np.where(silent, 0, low), np.where(silent, WHOLE, high), stated & ~silent
    each = np.diff(stakes.starts)[order]
    sizes = np.add.reduceat(each, heads) if len(heads) else _NOTHING
    return Stakes(
        holder=stakes.holder[chosen],
        target=stakes.target[chosen],
        stake=stakes.stake[chosen],
        low=low,
        high=high,
        stated=stated,
        disputed=stakes.disputed[chosen],
        starts=np.concatenate(([0], np.cumsum(sizes))),
        rows=stakes.rows[np.repeat(stakes.starts[order], each) + _ramp(each)],
    )


def _ramp(sizes: Ints) -> Ints:
    ends = np.cumsum(sizes)
    return np.arange(int(ends[-1]) if len(ends) else 0, dtype=np.int64) - np.repeat(ends - sizes, sizes)


def _closed(rows: Rows, keys: Ints, targets: Ints, members: Ties) -> tuple[NDArray[np.bool_], dict[int, list[int]]]:
    """Return which things have all their holders known: their list is called complete, and it is no list of members."""
    closed = np.zeros(len(keys), dtype=np.bool_)
    closing: dict[int, list[int]] = {}
    said = np.flatnonzero(rows.of_predicate(COMPLETE) & ~rows.denied & rows.sure)
    held, groups = set(targets.tolist()), set(members.target.tolist())
    for row in said.tolist():
        node = int(np.searchsorted(keys, rows.target[row]))
        if rows.evidence[rows.kind[row]].scope in _OWNERS and node in held and node not in groups:
            closed[node] = True
            closing.setdefault(node, []).append(row)
    return closed, closing


def _infeasible(nodes: int, target: Ints, stakes: Stakes, closed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    least = np.bincount(target, weights=stakes.low.astype(np.float64), minlength=nodes)
    most = np.bincount(target, weights=stakes.high.astype(np.float64), minlength=nodes)
    found: NDArray[np.bool_] = (least > WHOLE) | (closed & (most < WHOLE))
    return found


def _effects(rows: Rows, profile: Profile, keys: Ints, aside: Ints) -> dict[str, Ties]:
    """Return what evidence comes to that is no share: facts, blocks and influences."""
    codes = np.array([EFFECTS.index(profile.effect(item)) for item in rows.evidence] or [len(EFFECTS) - 1])
    effect = codes[rows.kind] if len(rows) else _NOTHING
    effect = np.where(_bought_in_part(rows) | _outdated(rows, effect), len(EFFECTS) - 1, effect)
    certain = rows.sure & ~rows.denied & ~_contested(rows, effect) & ~_outdated(rows, effect, perhaps=True)
    chosen = {code: np.flatnonzero((effect == code) & ~rows.denied) for code in range(4)}
    facts = [(chosen[CONTROLS], certain[chosen[CONTROLS]]), (chosen[MAY], np.zeros(len(chosen[MAY]), dtype=np.bool_))]
    # An indirect stake is what chains come to: it is never added to direct ones, but says by itself who may command.
    indirect = np.array([item.direct == "indirect" for item in rows.evidence] or [False])
    beside = aside[indirect[rows.kind[aside]] & ~rows.denied[aside]] if len(aside) else _NOTHING
    high = beside[[profile.passes(int(rows.high[row])) for row in beside]] if len(beside) else _NOTHING
    enough = np.array([profile.passes(int(rows.low[row])) for row in high], dtype=np.bool_)
    facts.append((high, enough & rows.sure[high] if len(high) else np.zeros(0, dtype=np.bool_)))
    joined = np.concatenate([part for part, _ in facts])
    return {
        "facts": _ties(keys, rows, joined, np.concatenate([sure for _, sure in facts])),
        "blocks": _ties(keys, rows, chosen[BLOCKS], certain[chosen[BLOCKS]]),
        "influences": _ties(keys, rows, chosen[INFLUENCES], certain[chosen[INFLUENCES]]),
    }


def _bought_in_part(rows: Rows) -> NDArray[np.bool_]:
    """Return which purchases give no control by themselves: of a stated share, which counts as a share, or not completed."""
    done = np.array([item.stake is not None for item in rows.evidence] or [False])
    return (
        rows.of_predicate("acquired") & (rows.stated | ~done[rows.kind]) if len(rows) else np.zeros(0, dtype=np.bool_)
    )


def _outdated(rows: Rows, effect: Ints, *, perhaps: bool = False) -> NDArray[np.bool_]:
    """Return which purchases a later one of the same thing has overtaken, or perhaps has where that may not have happened."""
    found = np.zeros(len(rows), dtype=np.bool_)
    bought = np.flatnonzero(rows.of_predicate("acquired") & (effect == CONTROLS) & ~rows.denied)
    newest: dict[int, int] = {}
    for row in bought[rows.sure[bought] | perhaps].tolist():
        newest[int(rows.target[row])] = max(newest.get(int(rows.target[row]), -(2**41)), int(rows.since[row]))
    for row in bought.tolist():
        found[row] = rows.since[row] < newest.get(int(rows.target[row]), -(2**41))
    return found


def _contested(rows: Rows, effect: Ints) -> NDArray[np.bool_]:
    """Return which facts another source denies in the same words."""
    denied = np.flatnonzero(rows.denied & (effect < len(EFFECTS) - 1))
    if not len(denied):
        return np.zeros(len(rows), dtype=np.bool_)
    columns = (rows.holder, rows.target, rows.kind)
    marks = set(zip(*(column[denied].tolist() for column in columns), strict=True))
    found = np.isin(rows.holder, rows.holder[denied])
    near = np.flatnonzero(found)
    said = zip(*(column[near].tolist() for column in columns), strict=True)
    found[near] = [each in marks for each in said]
    return found
