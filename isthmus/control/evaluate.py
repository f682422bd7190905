"""Who commands what in a graph of control: what is certain, what is possible and what cannot be, exact over every completion of the shares.

Company control is a least fixpoint over joint holdings (Gulino et al., ICDE 2021): whoever commands holders of more than the quota of a
thing commands the thing. With intervals, the least and the most that a set S of holders can have of a thing whose shares come to 100 % are

    least(S) = max(sum of lows in S, 100 % - sum of highs outside S - most that nobody named can hold)
    most(S)  = min(sum of highs in S, 100 % - sum of lows outside S)

and the fixpoints of *least > quota* and of *most > quota* are what is certain and what is possible: things are independent of one
another, so both are exact, and polynomial.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from isthmus.control.graph import Graph, Ties
from isthmus.control.rows import WHOLE
from isthmus.kernels.components import circles

KEPT = 8
"""So many answers of `Evaluation.reach` are kept: a question asks the same of one party several times."""
ASKED = 150
"""Among so many nodes, circles that need joint holdings are looked for."""


@dataclass(frozen=True, slots=True)
class Step:
    """How a node came to be commanded: by a fact (the number of a tie), or by holdings that add up."""

    fact: int | None = None
    holdings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """What a set of nodes commands.

    Attributes
    ----------
    start : frozenset of int
        The nodes themselves.
    steps : dict of node to Step
        How each further node came to be commanded, in the order in which they were found.
    """

    start: frozenset[int]
    steps: dict[int, Step] = field(default_factory=dict)

    @property
    def members(self) -> frozenset[int]:
        """The nodes themselves and all that they command."""
        return self.start | self.steps.keys()


class Evaluation:
    """The command relation of a graph, worked out as it is asked for. Plain Python: a question touches few nodes."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.holders: dict[int, list[tuple[int, int, int, int]]] = {}
        self.held: dict[int, list[tuple[int, int, int]]] = {}
        self.least_total: dict[int, int] = {}
        self.most_total: dict[int, int] = {}
        columns = (graph.holder, graph.target, graph.low, graph.high)
        for number, (holder, target, low, high) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
            if graph.infeasible[target]:
                continue
            self.holders.setdefault(target, []).append((holder, low, high, number))
            self.held.setdefault(holder, []).append((target, low, high))
            self.least_total[target] = self.least_total.get(target, 0) + low
            self.most_total[target] = self.most_total.get(target, 0) + high
        self.facts = _by_source(graph.facts)
        self.groups = _by_target(graph.members)
        self.sure_groups = _by_target(graph.members, certain=True)
        self.partners = _by_target(graph.concert)
        self._kept: dict[tuple[frozenset[int], bool], Reach] = {}
        self._members: dict[tuple[int, bool], frozenset[int]] = {}

    # -- what somebody commands -----------------------------------------------------------------------------------

    def start(self, node: int, *, possible: bool) -> frozenset[int]:
        """Return the nodes that act as one with a node: itself, and the members of a group, or those that may be."""
        return frozenset((node, *(self.groups if possible else self.sure_groups).get(node, ())))

    def bounds(self, holders: Iterable[int], target: int) -> tuple[int, int]:
        """Return the least and the most that some holders can have of a thing together, in units of 1e-8.

        What a thing holds of itself counts for nobody.
        """
        held = frozenset(holders)
        low = high = 0
        for holder, least, most, _ in self.holders.get(target, ()):
            if holder in held and holder != target:
                low, high = low + least, high + most
        return self._bounds(target, low, high)

    def _bounds(self, target: int, low: int, high: int) -> tuple[int, int]:
        if self.graph.profile.either or target not in self.holders:
            return low, high
        rest = 0 if self.graph.closed[target] else WHOLE
        least = max(low, WHOLE - (self.most_total.get(target, 0) - high) - rest)
        most = min(high, WHOLE - (self.least_total.get(target, 0) - low))
        return least, most

    def reach(
        self, start: int | frozenset[int], *, possible: bool, until: frozenset[int] | set[int] = frozenset()
    ) -> Reach:
        """Return what a node, or a set acting as one, commands for sure or possibly.

        Parameters
        ----------
        possible : bool
            Count what may be, and not only what must be.
        until : set of int
            Stop as soon as one of these is commanded.
        """
        nodes = self.start(start, possible=possible) if isinstance(start, int) else start
        if not until and (nodes, possible) in self._kept:
            return self._kept[nodes, possible]
        found = self._reach(nodes, possible, until)
        if not until:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[nodes, possible] = found
        return found

    def members(self, node: int, *, possible: bool) -> frozenset[int]:
        """Return a node and all that it commands; those of one circle command the same, and are asked once."""
        head = node if node in self.groups else self._heads[possible].get(node, node)
        if (head, possible) not in self._members:
            self._members[head, possible] = self.reach(head, possible=possible).members
        return self._members[head, possible]

    @cached_property
    def _heads(self) -> dict[bool, dict[int, int]]:
        """For what is certain and what is possible: the first node of the circle of single links that a node belongs to."""
        found: dict[bool, dict[int, int]] = {}
        for possible in (False, True):
            links = ((source, target) for target, above in self.linked[possible][0].items() for source in above)
            found[possible] = {node: circle[0] for circle in circles(links) for node in circle}
        return found

    def _reach(self, nodes: frozenset[int], possible: bool, until: frozenset[int] | set[int]) -> Reach:
        found = Reach(nodes)
        waiting = deque(sorted(nodes))
        lows: dict[int, int] = {}
        highs: dict[int, int] = {}
        inside = set(nodes)
        passes = self.graph.profile.passes
        certain = self.graph.facts.certain
        while waiting:
            node = waiting.popleft()
            reached: list[tuple[int, Step]] = []
            for target, tie in self.facts.get(node, ()):
                if target not in inside and (possible or certain[tie]):
                    reached.append((target, Step(fact=tie)))
            for target, low, high in self.held.get(node, ()):
                if target in inside:
                    continue
                lows[target] = lows.get(target, 0) + low
                highs[target] = highs.get(target, 0) + high
                least, most = self._bounds(target, lows[target], highs[target])
                if passes(most if possible else least):
                    held = tuple(edge for holder, _, _, edge in self.holders[target] if holder in inside)
                    reached.append((target, Step(holdings=held)))
            for target, step in reached:
                if target in inside:
                    continue
                inside.add(target)
                found.steps[target] = step
                waiting.append(target)
                if target in until:
                    return found
        return found

    # -- who commands something ------------------------------------------------------------------------------------

    def commanders(self, target: int, *, possible: bool) -> set[int]:
        """Return the nodes that command a thing for sure, or that may, itself left out.

        Whoever commands a commander commands the thing: single links are followed backwards first, and only what is left is asked one by
        one. A group is named only where its members need one another.
        """
        known = self._backwards({target}, possible)
        alone = sorted((self.linked[possible][1] & self._above(target)) - known - self.groups.keys())
        together = sorted(group for group, members in self.groups.items() if len(members) > 1)
        for node in (*alone, *together):
            if node in known or not known.isdisjoint(self.groups.get(node, ())):
                continue
            found = self.reach(node, possible=possible, until=known)
            if not known.isdisjoint(found.steps.keys()):
                known |= self._backwards({node}, possible)
        return known - {target}

    def _above(self, target: int) -> set[int]:
        """Return the nodes from which links of any strength lead to a thing."""
        found, frontier = {target}, [target]
        while frontier:
            sources = [node for one in frontier for node in self.sources.get(one, ())]
            frontier = [node for node in dict.fromkeys(sources) if node not in found]
            found.update(frontier)
        return found - {target}

    @cached_property
    def sources(self) -> dict[int, set[int]]:
        """By node, those who hold of it or have a fact over it."""
        found: dict[int, set[int]] = {}
        for target, holders in self.holders.items():
            found.setdefault(target, set()).update(holder for holder, *_ in holders)
        for source, target in zip(self.graph.facts.source.tolist(), self.graph.facts.target.tolist(), strict=True):
            found.setdefault(target, set()).add(source)
        return found

    def _backwards(self, targets: set[int], possible: bool) -> set[int]:
        links = self.linked[possible][0]
        found, frontier = set(targets), list(targets)
        while frontier:
            frontier = [node for one in frontier for node in links.get(one, ()) if node not in found]
            found.update(frontier)
        return found

    @cached_property
    def circular(self) -> frozenset[int]:
        """The nodes that have a part in themselves by way of others."""
        edges = ((holder, target) for target, holders in self.holders.items() for holder, *_ in holders)
        return frozenset(node for circle in circles(edges) for node in circle)

    @cached_property
    def linked(self) -> dict[bool, tuple[dict[int, list[int]], set[int]]]:
        """For what is certain and what is possible: by node, those who command it by one link alone; and all who have such a link."""
        found: dict[bool, tuple[dict[int, list[int]], set[int]]] = {False: ({}, set()), True: ({}, set())}
        for target, holders in self.holders.items():
            for holder, low, high, _ in holders:
                for possible, amount in enumerate(self._bounds(target, low, high)):
                    if self.graph.profile.passes(amount) and holder != target:
                        found[bool(possible)][0].setdefault(target, []).append(holder)
                        found[bool(possible)][1].add(holder)
        for source, target, certain in zip(
            self.graph.facts.source.tolist(), self.graph.facts.target.tolist(), self.graph.facts.certain, strict=True
        ):
            for possible in (False, True) if certain else (True,):
                found[possible][0].setdefault(target, []).append(source)
                found[possible][1].add(source)
        return found

    def circles(self, nodes: set[int], *, possible: bool) -> list[list[int]]:
        """Return the circles among some nodes: each node of a circle commands, or may command, every other.

        Circles of single links are found at once; others by asking, among at most `ASKED` nodes.
        """
        links = self.linked[possible][0]
        single = circles((source, node) for node in nodes for source in links.get(node, ()) if source in nodes)
        found = [circle for circle in single if len(circle) > 1]
        rest = sorted(nodes - {node for circle in found for node in circle}) + [circle[0] for circle in found]
        if not 1 < len(rest) <= ASKED:
            return found
        reached = {node: self.members(node, possible=possible) for node in rest}
        mutual = circles((a, b) for a in rest for b in rest if a != b and b in reached[a] and a in reached[b])
        whole = {circle[0]: circle for circle in found}
        merged = [sorted({node for head in heads for node in whole.get(head, [head])}) for heads in mutual]
        taken = {node for circle in merged for node in circle}
        return [*merged, *(circle for circle in found if circle[0] not in taken)]

    def highest(self, nodes: set[int], *, possible: bool) -> tuple[set[int], list[list[int]]]:
        """Return those of some nodes that no other of them commands but in a circle, and the circles among these.

        The nodes must hold everybody who commands one of them, as those who command one thing do.
        """
        round_about = self.circles(nodes, possible=possible)
        circle_of = {node: number for number, circle in enumerate(round_about) for node in circle}
        top, tops = set(), []
        links = self.linked[possible][0]
        heads = {min(round_about[circle_of[node]]) if node in circle_of else node for node in nodes}
        for head in sorted(heads):
            own = set(round_about[circle_of[head]]) if head in circle_of else {head}
            if any(source in nodes and source not in own for node in own for source in links.get(node, ())):
                continue
            if not own.issuperset(self.commanders(head, possible=possible) & nodes):
                continue
            top |= own
            if len(own) > 1:
                tops.append(sorted(own))
        return top, tops


def _by_source(ties: Ties) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for number, (source, target) in enumerate(zip(ties.source.tolist(), ties.target.tolist(), strict=True)):
        found.setdefault(source, []).append((target, number))
    return found


def _by_target(ties: Ties, *, certain: bool = False) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for source, target, sure in zip(ties.source.tolist(), ties.target.tolist(), ties.certain.tolist(), strict=True):
        if sure or not certain:
            found.setdefault(target, []).append(source)
    return {node: sorted(set(sources)) for node, sources in found.items()}
