"""Which verdicts on control differ between two pictures, and the fewest claims that make each difference."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from isthmus.control.closure import above
from isthmus.control.evaluate import Evaluation
from isthmus.control.graph import Graph, Ties, build_graph
from isthmus.control.profiles import Profile
from isthmus.control.reading import read_rows
from isthmus.control.rows import COLUMNS, NOBODY, Rows
from isthmus.control.support import minimise
from isthmus.control.verdicts import CANNOT, INFLUENCES, rule_on
from isthmus.picture import Picture

TARGETS = 3000
"""So many things that a change may touch are asked about again; of more, the first by key."""
Words = dict[int, str]


@dataclass(frozen=True, slots=True)
class Turn:
    """A verdict that differs: of `holder` over `target` (keys of the store), None where there was or is none but influence.

    `claims` are the rows of the store that make the difference; none where only the day does.
    """

    holder: int
    target: int
    before: str | None
    after: str | None
    claims: tuple[int, ...] = ()


class ControlChanges:
    """The differences between two pictures of one store under a rule."""

    def __init__(self, before: Picture, after: Picture, profile: Profile) -> None:
        self.profile = profile
        self.before, self.after = read_rows(before), read_rows(after)

    @cached_property
    def _graphs(self) -> tuple[Graph, Graph]:
        return build_graph(self.before, self.profile), build_graph(self.after, self.profile)

    @cached_property
    def _known(self) -> tuple[set[int], set[int]]:
        return set(self.before.claims()), set(self.after.claims())

    @cached_property
    def touched(self) -> list[int]:
        """The keys of the things on which a verdict may differ: those that a changed link bears on, and all below them."""
        one, two = (_links(graph) for graph in self._graphs)
        changed = {target for _, target, *_ in one ^ two}
        down: dict[int, set[int]] = {}
        for holder, target, *_ in one | two:
            down.setdefault(holder, set()).add(target)
        found, frontier = set(changed), sorted(changed)
        while frontier:
            frontier = sorted({target for key in frontier for target in down.get(key, ())} - found)
            found.update(frontier)
        return sorted(found)

    def turns(self, limit: int) -> list[Turn]:
        """Return the verdicts that differ, the first `limit` with the claims behind them."""
        found = [turn for target in self.touched[:TARGETS] for turn in self._of(target)]
        return [self._explained(turn) for turn in found[:limit]] + found[limit:]

    def places(self) -> dict[int, int]:
        """Return where the claims of both pictures stand in the store: the key of its subject by the row of each."""
        return {**self.before.places(range(len(self.before))), **self.after.places(range(len(self.after)))}

    def _of(self, target: int) -> list[Turn]:
        before, after = (_words(above(rows, target), self.profile, target) for rows in (self.before, self.after))
        return [
            Turn(holder, target, before.get(holder), after.get(holder))
            for holder in sorted(before.keys() | after.keys())
            if before.get(holder) != after.get(holder)
        ]

    def _explained(self, turn: Turn) -> Turn:
        """Add the fewest changed claims that, put to or taken from the earlier rows, give the later verdict."""
        near = {*above(self.before, turn.target).claims(), *above(self.after, turn.target).claims()}
        one, two = (_of_claims(rows, near) for rows in (self.before, self.after))
        came = sorted(set(two.claims()) - self._known[0])
        went = sorted(set(one.claims()) - self._known[1])
        kept = two.without(came)

        def gives(chosen: Iterable[int]) -> bool:
            taken = set(chosen)
            rows = _joined(kept, _of_claims(two, taken.intersection(came)))
            rows = _joined(rows, _of_claims(one, set(went) - taken))
            return _words(rows, self.profile, turn.target).get(turn.holder) == turn.after

        if gives(()):
            return turn
        claims = minimise([*came, *went], gives)
        return Turn(turn.holder, turn.target, turn.before, turn.after, tuple(claims))


def _of_claims(rows: Rows, claims: set[int]) -> Rows:
    """Return the rows that rest on some claims and on no others."""
    known = np.array(sorted({*claims, NOBODY}), dtype=np.int64)
    return rows.take(np.isin(rows.claim, known) & np.isin(rows.also, known))


def _words(rows: Rows, profile: Profile, target: int) -> Words:
    graph = build_graph(rows, profile)
    if target not in graph.place:
        return {}
    ruling = rule_on(Evaluation(graph), graph.place[target])
    return {int(graph.keys[item.node]): item.word for item in ruling.verdicts if item.word not in (INFLUENCES, CANNOT)}


def _links(graph: Graph) -> set[tuple[int, int, int, int, str]]:
    """Return every link of a graph in a form that can be compared with that of another."""
    keys = graph.keys
    found = {
        (int(keys[holder]), int(keys[target]), low, high, "share")
        for holder, target, low, high in zip(
            graph.holder.tolist(), graph.target.tolist(), graph.low.tolist(), graph.high.tolist(), strict=True
        )
    }
    for name in ("facts", "blocks", "influences", "members", "concert"):
        ties: Ties = getattr(graph, name)
        found |= {
            (int(keys[source]), int(keys[target]), int(certain), 0, name)
            for source, target, certain in zip(
                ties.source.tolist(), ties.target.tolist(), ties.certain.tolist(), strict=True
            )
        }
    return found | {
        (int(keys[node]), int(keys[node]), 0, 0, "closed") for node in np.flatnonzero(graph.closed).tolist()
    }


def _joined(one: Rows, other: Rows) -> Rows:
    """Return the rows of both, numbered by one list of evidence."""
    evidence = (*one.evidence, *other.evidence)
    columns = {name: np.concatenate((getattr(one, name), getattr(other, name))) for name in COLUMNS}
    columns["kind"] = np.concatenate((one.kind, other.kind + len(one.evidence)))
    return Rows(**columns, evidence=evidence)
