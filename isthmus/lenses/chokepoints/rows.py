"""The rows of an answer: who fails, what that takes along, and how the failure gets there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from isthmus.dependence.failing import STEPS, Failure, Step, impacts
from isthmus.dependence.web import Web
from isthmus.kernels.dependence.failures import Semantics
from isthmus.model import Claim
from isthmus.picture import Entity

EXAMPLES = 5
"""So many of the needs that have nothing in a thing's place are shown; the rest are counted."""


@dataclass(frozen=True)
class Row:
    """An answer with the nodes that it is about and the claims that carry it.

    Attributes
    ----------
    causes : tuple of int
    steps : tuple of tuple of Claim
        Of each step, the claims any one of which carries an alternative that is lost; each alternative apart.
    """

    body: dict[str, Any]
    causes: tuple[int, ...]
    claims: tuple[Claim, ...]
    links: tuple[tuple[Claim, ...], ...]


@dataclass(frozen=True, eq=False)
class Rows:
    """Makes the rows of one answer."""

    web: Web
    entity: Entity | None
    target: int | None
    semantics: Semantics

    def make(self, causes: tuple[int, ...]) -> Row:
        """Return the row of some things whose failure fails the thing asked about."""
        assert self.target is not None
        failure = Failure(self.web, causes, self.semantics)
        steps = failure.steps_to(self.target)
        told = [self._step(step) for step in steps[:STEPS]]
        row = self._row(causes, failure.size, told)
        body = {**row.body, "path": [body for body, _ in told]}
        if len(steps) > STEPS:
            body["path_more"] = len(steps) - STEPS
        return replace(row, body=body)

    def make_alone(self, node: int, needs: Sequence[int]) -> Row:
        """Return the row of a thing, with needs that have nothing in its place."""
        web = self.web
        told = [self._step(self._sole(node, need)) for need in needs[:EXAMPLES]]
        size = int(impacts(web, self.semantics)[node])
        row = self._row((node,), size, told)
        direct = len({web.thing(int(web.needs.subjects[need])) for need in needs})
        return replace(row, body={**row.body, "direct": direct, "examples": [body for body, _ in told]})

    def _sole(self, node: int, need: int) -> Step:
        needs = self.web.needs
        first, last = int(needs.cuts[need]), int(needs.cuts[need + 1])
        lost = tuple(place for place in range(first, last) if needs.alternatives[place] == node)
        takes = int(needs.at_least[need])
        return Step(int(needs.subjects[need]), need, takes, last - first, last - first - 1, lost)

    def _row(
        self,
        causes: tuple[int, ...],
        size: int,
        told: Sequence[tuple[dict[str, Any], tuple[tuple[Claim, ...], ...]]],
    ) -> Row:
        picture = self.web.picture
        names = self.web.ids(causes)
        links = tuple(link for _, found in told for link in found)
        claims = {claim.id: claim for link in links for claim in link}
        first = picture.entity(names[0])
        body: dict[str, Any] = {
            "entity": first.id,
            "caption": first.caption,
            "kinds": list(first.kinds),
            "impact": size,
            "alone": len(causes) == 1,
            "with": names[1:],
            "with_captions": [picture.caption(name) for name in names[1:]],
            "itself": self.target is not None and causes == (self.target,),
            "claims": sorted(claims),
            "sources": sorted({claim.source for claim in claims.values()}),
            "hedges": sorted({claim.hedge for claim in claims.values() if claim.hedge}),
        }
        return Row(body, causes, tuple(claims.values()), links)

    def _step(self, step: Step) -> tuple[dict[str, Any], tuple[tuple[Claim, ...], ...]]:
        web = self.web
        links = tuple(tuple(web.claims_at([place])) for place in step.lost)
        lost = web.ids(int(web.needs.alternatives[place]) for place in step.lost)
        name = web.id(step.node)
        body: dict[str, Any] = {
            "entity": name,
            "caption": web.picture.caption(name),
            "need": web.need_name(step.need),
            "takes": step.takes,
            "had": step.had,
            "left": step.left,
            "lost": lost,
            "lost_captions": [web.picture.caption(one) for one in lost],
            "claims": sorted({claim.id for link in links for claim in link}),
        }
        if web.is_supply(step.need):
            item = web.supplied(step.need)
            body["supply_of"] = item
            body["supply_caption"] = web.picture.caption(item)
        return body, links
