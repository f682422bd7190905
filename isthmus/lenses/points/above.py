"""Who stands behind a holder: what it is an organ of, is controlled by, belongs to in whole or for the most part; a few steps up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from isthmus.lenses.points.standing import DISPUTED, HELD, MAY, standing, together
from isthmus.lenses.points.table import Step, Table
from isthmus.model import Claim
from isthmus.picture import Picture

HALF = 0.5


@dataclass(frozen=True, slots=True)
class Edge:
    """From a holder to one who stands above it; `sure` where nothing about it is in doubt.

    A step to a group is never sure: what is said of a group may not be true of each of its members.
    """

    lower: str
    upper: str
    claims: tuple[Claim, ...]
    sure: bool
    through: bool

    @property
    def hedges(self) -> list[str]:
        """The doubts of its sources, in their words."""
        return sorted({claim.hedge for claim in self.claims if claim.hedge})


Path = tuple[Edge, ...]
Edges = Mapping[str, tuple[Edge, ...]]


def climb(picture: Picture, table: Table, starts: Iterable[str]) -> Edges:
    """Return the edges that lead upwards from some entities, as many steps as the table says; one reading a step."""
    edges: dict[str, tuple[Edge, ...]] = {}
    frontier = sorted(set(starts))
    for _ in range(table.steps):
        found = _edges(picture, table, frontier)
        edges |= {head: tuple(found.get(head, ())) for head in frontier}
        reached = {edge.upper for head in frontier for edge in edges[head]}
        frontier = sorted(reached - edges.keys())
        if not frontier:
            break
    return edges


def behind(edges: Edges, start: str, steps: int) -> list[Path]:
    """Return a shortest path to each entity that stands above `start`, the nearest first; groups are only passed through."""
    paths: dict[str, Path] = {start: ()}
    frontier = [start]
    for _ in range(steps):
        following = []
        for name in frontier:
            for edge in edges.get(name, ()):
                if edge.upper not in paths:
                    paths[edge.upper] = (*paths[name], edge)
                    following.append(edge.upper)
        frontier = following
    return [path for path in paths.values() if path and not path[-1].through]


def _edges(picture: Picture, table: Table, heads: Iterable[str]) -> dict[str, list[Edge]]:
    picture.load_entities(heads)
    members = {name for head in heads for name in picture.entity(head).members}
    keys = picture.reader.keys(sorted(members))
    up = {
        end: sorted({name for step in table.above if step.test.end == end for name in step.test.says}) for end in _LOWER
    }
    read = [(claim, "subject") for claim in picture.reader.towards(keys, predicates=up["subject"])]
    read += [(claim, "object") for claim in picture.reader.about(keys, predicates=up["object"]) if claim.object]
    picture.load_entities(name for claim, _ in read for name in (claim.subject, claim.object) if name)
    told: defaultdict[tuple[str, str, bool], list[Claim]] = defaultdict(list)
    for claim, end in read:
        lower, upper = (picture.resolution.of(getattr(claim, side) or "") for side in (_LOWER[end], end))
        step = next((step for step in table.above if _leads(picture, step, claim, lower, upper, end)), None)
        if step is not None and lower != upper:
            told[lower, upper, step.through].append(claim)
    found: dict[str, list[Edge]] = {}
    for (lower, upper, through), claims in sorted(told.items()):
        how = [(claim, standing(picture, claim)) for claim in claims]
        whole = together(how)
        if whole in (HELD, MAY, DISPUTED):
            kept = tuple(sorted((claim for claim, one in how if one in (HELD, MAY)), key=lambda claim: claim.id))
            found.setdefault(lower, []).append(Edge(lower, upper, kept, whole == HELD and not through, through))
    return found


_LOWER = {"subject": "object", "object": "subject"}


def _leads(picture: Picture, step: Step, claim: Claim, lower: str, upper: str, end: str) -> bool:
    if not step.test.takes(picture, claim, upper, lower, end):
        return False
    return not step.majority or claim.stance != "asserts" or _most(claim)


def _most(claim: Claim) -> bool:
    """Tell whether a share is more than half, or not said."""
    share = claim.quantity
    if share is None:
        return True
    return share.low is not None and (share.low > HALF or (share.low == HALF and share.open_low))
