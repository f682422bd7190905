"""What stands below a thing, tier by tier, and the shortest ways from a thing to all that use it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isthmus.dependence.rows import Ints
from isthmus.dependence.web import Web
from isthmus.kernels.dependence.reach import dependants


def tiers_below(web: Web, node: int, depth: int) -> tuple[list[list[int]], int]:
    """Return the things of each tier, the thing itself as tier 0, and how many more lie deeper.

    What stands for a thing that somebody is supplied with is no tier of its own.
    """
    seen = {node}
    tiers = [[node]]
    while tiers[-1]:
        found: set[int] = set()
        open_ = list(tiers[-1])
        while open_:
            for end in _alternatives(web, open_.pop()):
                if end not in seen:
                    seen.add(end)
                    (open_.append if end >= web.things else found.add)(end)
        tiers.append(sorted(found))
    named = tiers[: depth + 1]
    deeper = sum(len(tier) for tier in tiers[depth + 1 :])
    return [tier for tier in named if tier], deeper


def _alternatives(web: Web, node: int) -> list[int]:
    starts = web.needs.reach_starts
    found: list[int] = web.needs.alternatives[starts[node] : starts[node + 1]].tolist()
    return found


@dataclass(frozen=True, eq=False)
class Ways:
    """The shortest ways from a thing to all that use it.

    Attributes
    ----------
    web : Web
    node : int
    step : int64 (nodes,)
        The place of the alternative by which each node uses the one before it on its way; -1 for the thing and for what does not use it.
    """

    web: Web
    node: int
    step: Ints

    def users(self) -> list[int]:
        """Return all things that use the thing, directly or not."""
        found = np.flatnonzero(self.step >= 0)
        return [int(user) for user in found if user < self.web.things and user != self.node]

    def places(self, user: int) -> list[int]:
        """Return the way to a user as places of alternatives, from the thing on."""
        found = []
        while user != self.node:
            place = int(self.step[user])
            found.append(place)
            user = int(self.web.needs.alternatives[place])
        return found[::-1]

    def nodes(self, user: int) -> list[int]:
        """Return the things on the way, from the thing to the user."""
        way = [user]
        while way[-1] != self.node:
            way.append(int(self.web.needs.alternatives[self.step[way[-1]]]))
        return [node for node in way[::-1] if node < self.web.things]


def ways_from(web: Web, node: int) -> Ways:
    """Return the shortest ways from a thing to all that use it; of equals the first by need and alternative."""
    needs = web.needs
    tiers = dependants(needs, [node])
    subjects = np.repeat(needs.subjects, np.diff(needs.cuts))
    before = tiers[needs.alternatives]
    places = np.flatnonzero((before >= 0) & (tiers[subjects] == before + 1))
    step = np.full(needs.nodes, -1, dtype=np.int64)
    step[subjects[places][::-1]] = places[::-1]
    return Ways(web, node, step)
