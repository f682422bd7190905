"""What one thing loses when others fail, and the shortest ways from it to all that it needs: the part of the supply web below it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from isthmus.dependence.rows import Ints
from isthmus.dependence.supply import Floats, SupplyWeb
from isthmus.kernels.dependence.graph import Needs
from isthmus.kernels.dependence.reach import dependencies
from isthmus.kernels.dependence.shares import Doubt, degrade

NOTHING = 1e-9
"""What is less than this is left by sums in binary fractions, and by loops that fall to 0."""


@dataclass(frozen=True, eq=False)
class Below:
    """A thing with all that it needs, directly or not.

    Attributes
    ----------
    web : SupplyWeb
    node : int
        The thing, in the web.
    nodes : int64
        The thing and all that it reaches, rising, as nodes of the web; node i of `needs` is the i-th.
    needs : Needs
        Their needs.
    least, most : float64 (alternatives,)
    twin : int64 (needs,)
        As in the web, for these needs.
    doubt : Doubt or None
        What of these needs is not sure; None where all is.
    places : int64 (alternatives,)
        Where each alternative stands in the web.
    """

    web: SupplyWeb
    node: int
    nodes: Ints
    needs: Needs
    least: Floats
    most: Floats
    twin: Ints
    doubt: Doubt | None
    places: Ints

    @cached_property
    def tiers(self) -> Ints:
        """Return how many steps down from the thing each node lies, -1 for none."""
        return dependencies(self.needs, [self.local(self.node)]).astype(np.int64)

    def local(self, node: int) -> int:
        """Return a node of the web as one of these."""
        return int(np.searchsorted(self.nodes, node))

    def reaches(self, node: int) -> bool:
        """Tell whether the thing needs a node of the web, directly or not, by any of its alternatives."""
        at = self.local(node)
        return at < self.nodes.size and int(self.nodes[at]) == node

    def loses(self, causes: Iterable[int]) -> tuple[float, float]:
        """Return what part the thing loses when nodes of the web fail together: at least and at most, between 0 and 1."""
        failed = [self.local(node) for node in causes if self.reaches(node)]
        if not failed:
            return 0.0, 0.0
        found = degrade(self.needs, self.least, self.most, failed, twin=self.twin, doubt=self.doubt)
        at = self.local(self.node)
        least, most = 1.0 - float(found.high[at]), 1.0 - float(found.low[at])
        return _rounded(least), max(_rounded(least), _rounded(most))

    @cached_property
    def _step(self) -> Ints:
        """The place (among those of `needs`) by which each node is first reached; -1 for the thing itself."""
        subjects = np.repeat(self.needs.subjects, np.diff(self.needs.cuts))
        ends = self.needs.alternatives
        near = np.flatnonzero((self.tiers[subjects] >= 0) & (self.tiers[ends] == self.tiers[subjects] + 1))
        step = np.full(self.nodes.size, -1, dtype=np.int64)
        step[ends[near][::-1]] = near[::-1]
        return step

    def way(self, node: int) -> list[tuple[int, int]]:
        """Return a shortest way down to a node of the web: the needs and places of the web by which it goes, from the thing on."""
        starts, found = self.needs.cuts, []
        at = self.local(node)
        while self._step[at] >= 0:
            place = int(self._step[at])
            need = int(np.searchsorted(starts, place, side="right")) - 1
            web_place = int(self.places[place])
            found.append((int(np.searchsorted(self.web.needs.cuts, web_place, side="right")) - 1, web_place))
            at = int(self.needs.subjects[need])
        return found[::-1]

    def reaches_without(self, node: int, gone: Iterable[int]) -> bool:
        """Tell whether the thing still reaches a node when some places (of the web) are not there."""
        kept = ~np.isin(self.places, list(gone))
        needs = self.needs.kept(np.ones(self.needs.size, np.bool_), kept)
        return bool(dependencies(needs, [self.local(self.node)])[self.local(node)] >= 0)


def _rounded(part: float) -> float:
    return 0.0 if part < NOTHING else 1.0 if part > 1 - NOTHING else round(part, 10)


def below(web: SupplyWeb, node: int) -> Below:
    """Return a thing with all that it needs, directly or not."""
    needs, nodes = web.needs.below(node)
    inside = np.zeros(web.needs.nodes, np.bool_)
    inside[nodes] = True
    chosen = inside[web.needs.subjects]
    places = np.flatnonzero(np.repeat(chosen, np.diff(web.needs.cuts)))
    number = np.cumsum(chosen) - 1
    twin = web.twin[chosen]
    unsure, fewest = web.doubtful[places], web.fewest[chosen]
    shaky = bool(unsure.any() or (fewest < needs.at_least).any())
    return Below(
        web,
        node,
        nodes.astype(np.int64),
        needs,
        web.least[places],
        web.most[places],
        np.where(twin >= 0, number[twin], -1),
        Doubt(unsure, np.zeros(unsure.size, np.bool_), fewest) if shaky else None,
        places,
    )
