"""A whole register at once, by the kernels: who controls what, who stands at the top, and what hangs on one work."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from isthmus.control.graph import Graph, build_graph
from isthmus.control.profiles import Profile
from isthmus.control.reading import read_rows
from isthmus.control.rows import NOBODY, WHOLE, Ints
from isthmus.control.works import Family, families
from isthmus.kernels.ownership.bounds import Bounds, bounded_control
from isthmus.kernels.ownership.holdings import Holdings
from isthmus.kernels.ownership.sensitivity import Evidence, Flip, without_each_source
from isthmus.kernels.ownership.ultimate import Ultimate, ultimate_of
from isthmus.picture import Picture


@dataclass(frozen=True)
class Whole:
    """Control over a whole picture under one rule.

    Attributes
    ----------
    picture : Picture
    graph : Graph
        Every holding and fact; nodes are numbered in order of their keys in the store.
    """

    picture: Picture
    graph: Graph

    @cached_property
    def holdings(self) -> Holdings:
        """The graph as the kernels take it; shares of what cannot be completed are left out there."""
        graph = self.graph
        certain = graph.facts.certain
        return Holdings(
            nodes=len(graph.keys),
            holders=graph.holder.astype(np.int32),
            targets=graph.target.astype(np.int32),
            low=graph.low.astype(np.int32),
            high=graph.high.astype(np.int32),
            float_high=np.where(graph.closed, 0, WHOLE).astype(np.int32),
            quota=graph.profile.quota,
            inclusive=graph.profile.inclusive,
            certain=_facts(graph.facts.source[certain], graph.facts.target[certain]),
            possible=_facts(graph.facts.source[~certain], graph.facts.target[~certain]),
        )

    @cached_property
    def bounds(self) -> Bounds:
        """All pairs of control that are certain, and all that are possible (those that are certain among them)."""
        return bounded_control(self.holdings)

    @cached_property
    def ultimate(self) -> Ultimate:
        """Who stands at the top of each node for certain, and the circles there."""
        return ultimate_of(self.bounds.certain)

    def hanging(self) -> list[tuple[Family, Flip]]:
        """Return what changes in certain control without each work and all that is derived from it alone.

        Where every share is exact and told alike by all its sources, the kernel asks again only those whom a lost link can touch. Else the
        picture is read anew without each family.
        """
        kin = families(self.picture, self.graph.rows, largest=True)
        if self._is_plain:
            flips = without_each_source(self.holdings, self._evidence(kin), self.bounds.certain)
            return [(kin[flip.source], flip) for flip in flips if flip.source < len(kin)]
        return [(family, self._without(number, family)) for number, family in enumerate(kin)]

    @property
    def _is_plain(self) -> bool:
        graph, rows = self.graph, self.graph.rows
        counts = np.diff(graph.starts)
        behind, alike = graph.holding_rows, np.repeat(np.arange(len(counts)), counts)
        same = (rows.low[behind] == graph.low[alike]) & (rows.high[behind] == graph.high[alike])
        stakes = np.array([item.stake is not None for item in rows.evidence] or [False])[rows.kind]
        if int(stakes.sum()) != len(behind):
            # An older statement that a newer one has overtaken comes back when the newer falls.
            return False
        odd = (
            rows.denied.any()
            or (rows.also != NOBODY).any()
            or rows.of_predicate("acquired").any()
            or graph.closed.any()
        )
        return bool((graph.low == graph.high).all()) and bool(same.all()) and not odd

    def _without(self, number: int, family: Family) -> Flip:
        graph = build_graph(self.graph.rows.without(family.claims), self.graph.profile)
        before, after = (_pairs(whole) for whole in (self, Whole(self.picture, graph)))
        lost, gained = before - after, after - before
        # Nodes are those of the whole picture: fewer rows have no others.
        return Flip(number, self._columns(lost), self._columns(gained), np.zeros(0, dtype=np.int32))

    def _columns(self, pairs: set[tuple[int, int]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        table = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
        masters, servants = (np.searchsorted(self.graph.keys, table[:, column]) for column in (0, 1))
        return masters.astype(np.int32), servants.astype(np.int32)

    def _evidence(self, kin: list[Family]) -> Evidence:
        rows, graph = self.graph.rows, self.graph
        place = {claim: number for number, family in enumerate(kin) for claim in family.claims}
        # A claim on works of several families falls with none of them alone: it counts as resting on one more, which nobody drops.
        family = np.array([place.get(claim, len(kin)) for claim in rows.claim.tolist()], dtype=np.int32)
        sizes = np.concatenate((np.diff(graph.starts), np.ones(int(graph.facts.certain.sum()), dtype=np.int64)))
        behind = np.concatenate((graph.holding_rows, graph.facts.row[graph.facts.certain]))
        return Evidence(np.concatenate(([0], np.cumsum(sizes))), family[behind])


def _facts(masters: Ints, servants: Ints) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    return masters.astype(np.int32), servants.astype(np.int32)


def _pairs(whole: Whole) -> set[tuple[int, int]]:
    certain, keys = whole.bounds.certain, whole.graph.keys
    masters = np.repeat(np.arange(len(keys)), np.diff(certain.starts[: len(keys) + 1]))
    return set(zip(keys[masters].tolist(), keys[certain.ends].tolist(), strict=True))


def whole_of(picture: Picture, profile: Profile) -> Whole:
    """Return control over a whole picture under a rule."""
    return Whole(picture, build_graph(read_rows(picture), profile))
