"""Needs small enough to be solved by trying everything, and that trying."""

from __future__ import annotations

import os
from collections.abc import Iterable, Set
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from isthmus.kernels.dependence.failures import Semantics
from isthmus.kernels.dependence.graph import Needs

# The full number of cases (3,000) takes minutes: ISTHMUS_CASES=3000 asks for them.
CASES = int(os.environ.get("ISTHMUS_CASES", "150"))
BOTH: tuple[Semantics, ...] = ("operating", "bootstrap")


@dataclass(frozen=True)
class Small:
    """Needs as text would have them: each a subject, how many it takes, and of what."""

    nodes: int
    needs: tuple[tuple[int, int, frozenset[int]], ...]

    def build(self) -> Needs:
        rows = [
            (subject, number, other, least)
            for number, (subject, least, others) in enumerate(self.needs)
            for other in sorted(others)
        ]
        columns = np.array(rows, np.int64).reshape(-1, 4).T
        return Needs.build(self.nodes, *columns)

    def failed(self, nodes: Set[int], semantics: Semantics) -> set[int]:
        """Return what fails, by going over all needs until nothing changes."""
        return self._fallen(nodes) if semantics == "operating" else self._never_up(nodes)

    def _fallen(self, nodes: Set[int]) -> set[int]:
        failed = set(nodes)
        while True:
            more = {s for s, least, others in self.needs if s not in failed and len(others - failed) < least}
            if not more:
                return failed
            failed |= more

    def _never_up(self, nodes: Set[int]) -> set[int]:
        up: set[int] = set()
        while True:
            ready = {
                node
                for node in range(self.nodes)
                if node not in nodes and all(len(o & up) >= least for s, least, o in self.needs if s == node)
            }
            if ready <= up:
                return set(range(self.nodes)) - up
            up |= ready

    def impact(self, semantics: Semantics) -> list[int]:
        anyway = self.failed(frozenset(), semantics)
        return [0 if node in anyway else len(self.failed({node}, semantics) - anyway) for node in range(self.nodes)]

    def singles(self, target: int, semantics: Semantics) -> list[int]:
        if target in self.failed(frozenset(), semantics):
            return []
        return [node for node in range(self.nodes) if target in self.failed({node}, semantics)]

    def pairs(self, target: int, semantics: Semantics) -> list[tuple[int, int]]:
        if target in self.failed(frozenset(), semantics):
            return []
        singles = set(self.singles(target, semantics))
        others = [node for node in range(self.nodes) if node not in singles]
        return [pair for pair in combinations(others, 2) if target in self.failed(set(pair), semantics)]


def needs_of(nodes: int, needs: Iterable[tuple[int, int, Iterable[int]]]) -> Small:
    return Small(nodes, tuple((subject, least, frozenset(others)) for subject, least, others in needs))


@st.composite
def smalls(draw: st.DrawFn, most: int = 8) -> Small:
    """Draw needs with loops, with alternatives, with thresholds, now and then one that can never hold."""
    nodes = draw(st.integers(1, most))
    node = st.integers(0, nodes - 1)
    drawn = []
    for _ in range(draw(st.integers(0, 12))):
        others = draw(st.frozensets(node, min_size=1, max_size=4))
        least = draw(st.integers(1, len(others) + draw(st.sampled_from([0] * 9 + [1]))))
        drawn.append((draw(node), least, others))
    return Small(nodes, tuple(drawn))


# V6 of the notes on algorithms: T needs A and (B or C); A needs D; B needs D; C needs E.
T, A, B, C, D, E = range(6)
V6 = needs_of(6, [(T, 1, [A]), (T, 1, [B, C]), (A, 1, [D]), (B, 1, [D]), (C, 1, [E])])
