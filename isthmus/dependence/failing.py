"""What fails with what, and how the failure gets there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from isthmus.dependence.web import Web
from isthmus.kernels.compiled import Flags, Ints
from isthmus.kernels.dependence.failures import Semantics, failing_order, impact, starting_order
from isthmus.kernels.dependence.pairs import FailurePairs, pairs_of, single_failures

STEPS = 60
"""At most so many steps of a failure are told."""


@dataclass(frozen=True, slots=True)
class Step:
    """A node that fails because one of its needs has too few alternatives left.

    Attributes
    ----------
    node, need : int
    takes, had, left : int
        How many alternatives the need takes, how many there were, and how many still work.
    lost : tuple of int
        The places of the alternatives that are lost, among those of all needs.
    """

    node: int
    need: int
    takes: int
    had: int
    left: int
    lost: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Failure:
    """What happens when some nodes fail together.

    Attributes
    ----------
    web : Web
    causes : tuple of int
    semantics : str
    """

    web: Web
    causes: tuple[int, ...]
    semantics: Semantics = "operating"

    @cached_property
    def _rounds(self) -> Ints:
        return failing_order(self.web.needs, self.causes)

    @cached_property
    def _before(self) -> Ints:
        return _starts(self.web)

    @cached_property
    def _after(self) -> Ints:
        return starting_order(self.web.needs, self.causes)

    @cached_property
    def failed(self) -> Flags:
        """Return which nodes fail that work without the failure of the causes."""
        if self.semantics == "operating":
            return np.asarray(self._rounds >= 0)
        return np.asarray((self._after < 0) & (self._before >= 0))

    @property
    def size(self) -> int:
        """Return how many things fail, the causes included."""
        return int(self.failed[: self.web.things].sum())

    def steps_to(self, target: int) -> list[Step]:
        """Return how the failure reaches a node: each node on the way after what it needs; empty where the target is a cause.

        What fails in operation is told with all that it takes. What merely cannot start again is told as one chain: in a loop each
        waits for the other.
        """
        if self._rounds[target] >= 0:
            found = self._fall(target)
            return sorted(found, key=lambda step: (int(self._rounds[step.node]), step.node))
        return self._waiting(target)

    def _fall(self, target: int) -> list[Step]:
        rounds, found, seen, open_ = self._rounds, [], {target}, [target]
        while open_:
            node = open_.pop()
            if rounds[node] == 0:
                continue
            step = self._broken(node)
            found.append(step)
            following = set(self._ends(step)) - seen
            seen |= following
            open_ += sorted(following)
        return found

    def _broken(self, node: int) -> Step:
        """Return the need of a node that broke first, with as many lost alternatives as it takes; the node fails in a later round than 0.

        Of several, the one that takes fewest lost alternatives, and then the first.
        """
        needs, rounds = self.web.needs, self._rounds
        mine = np.arange(needs.starts[node], needs.starts[node + 1])
        places = np.arange(needs.cuts[mine[0]], needs.cuts[mine[-1] + 1])
        size = np.diff(needs.cuts[mine[0] : mine[-1] + 2])
        need = np.repeat(np.arange(len(mine)), size)
        when = rounds[needs.alternatives[places]]
        lost = np.flatnonzero((when >= 0) & (when < rounds[node]))
        enough = size - needs.at_least[mine] + 1
        counts = np.bincount(need[lost], minlength=len(mine))
        # The lost alternatives of each need, the earliest first: the last one that it takes says when it broke.
        order = lost[np.lexsort((when[lost], need[lost]))]
        first = np.cumsum(counts) - counts
        broken = np.flatnonzero(counts >= enough)
        since = when[order[first[broken] + enough[broken] - 1]]
        chosen = int(broken[np.lexsort((broken, enough[broken], since))[0]])
        taken = order[first[chosen] : first[chosen] + enough[chosen]]
        own = slice(int(np.searchsorted(need, chosen)), int(np.searchsorted(need, chosen + 1)))
        # What falls later, as in a loop through the node itself, was still there when the need broke.
        left = int(((when[own] < 0) | (when[own] >= rounds[node])).sum())
        number = int(mine[chosen])
        return Step(
            node, number, int(needs.at_least[number]), int(size[chosen]), left, tuple(sorted(places[taken].tolist()))
        )

    def _ends(self, step: Step) -> list[int]:
        return [int(self.web.needs.alternatives[place]) for place in step.lost]

    def _waiting(self, target: int) -> list[Step]:
        """Follow what cannot start to what it waits for that once started before it; that ends at a cause."""
        needs, before, after = self.web.needs, self._before, self._after
        found: list[Step] = []
        node = target
        while node not in self.causes:
            for need in range(int(needs.starts[node]), int(needs.starts[node + 1])):
                places = np.arange(needs.cuts[need], needs.cuts[need + 1])
                ends = needs.alternatives[places]
                left = int((after[ends] >= 0).sum())
                lost = (after[ends] < 0) & (before[ends] >= 0)
                earlier = lost & (before[ends] < before[node])
                if left < needs.at_least[need] and earlier.any():
                    had = int((before[ends] >= 0).sum())
                    step = Step(node, need, int(needs.at_least[need]), had, left, tuple(places[lost].tolist()))
                    found.append(step)
                    node = int(ends[earlier][np.argmin(before[ends[earlier]])])
                    break
        return found[::-1]


def impacts(web: Web, semantics: Semantics) -> Ints:
    """Return how many things fail when each thing alone does, itself included; 0 for those that never start."""
    memo = f"dependence impacts {web.level} {semantics}"
    if memo not in web.picture.memo:
        found = impact(web.needs, semantics)[: web.things].copy()
        for node in range(web.things, web.needs.nodes):
            # What stands for a thing is no thing: who takes it along counts one too many.
            sources = single_failures(web.needs, node, semantics)
            found[sources[sources < web.things]] -= 1
        web.picture.memo[memo] = found
    held = web.picture.memo[memo]
    assert isinstance(held, np.ndarray)
    return held


def alone(web: Web, target: int, semantics: Semantics) -> list[int]:
    """Return all things whose failure alone fails a node, itself among them; none where it never starts."""
    found = single_failures(web.needs, target, semantics)
    return [int(node) for node in found if node < web.things]


def together(web: Web, target: int, semantics: Semantics, limit: int) -> tuple[list[tuple[int, int]], bool]:
    """Return pairs of things whose failure fails a node only together, and whether these are all."""
    found: FailurePairs = pairs_of(web.needs, target, limit, semantics)
    pairs = zip(found.first.tolist(), found.second.tolist(), strict=True)
    return [(one, other) for one, other in pairs if other < web.things], found.complete


def sole_needs(web: Web, nodes: Sequence[int], semantics: Semantics) -> dict[int, list[int]]:
    """Return, for each of some nodes, the needs that have no alternative to spare for it, rising."""
    needs = web.needs
    starts, users = needs.users
    works = np.ones(needs.nodes, np.bool_) if semantics == "operating" else _starts(web) >= 0
    found = {}
    for node in nodes:
        mine = users[starts[node] : starts[node + 1]]
        found[node] = [
            int(need)
            for need in mine
            if works[needs.subjects[need]]
            and needs.subjects[need] != node
            and int(works[needs.alternatives[needs.cuts[need] : needs.cuts[need + 1]]].sum()) <= needs.at_least[need]
        ]
    return found


def _starts(web: Web) -> Ints:
    memo = f"dependence starts {web.level}"
    if memo not in web.picture.memo:
        web.picture.memo[memo] = starting_order(web.needs)
    held = web.picture.memo[memo]
    assert isinstance(held, np.ndarray)
    return held
