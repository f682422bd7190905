"""What the standing judgements make of the entities: groups that are one thing, and contradictions.

The result is a pure function of the judgements, and of the identifiers that claims give: nothing is rewritten, and undoing a judgement
gives back exactly what was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

from isthmus.claims.judging import StoredJudgement
from isthmus.entities.judgements import (
    AWAITING,
    Contradiction,
    Pair,
    Standing,
    clashes,
    is_persons,
    rank,
    standing_judgements,
)
from isthmus.kernels.between import edges_between, neighbours_of, shortest_path
from isthmus.kernels.components import components


@dataclass(frozen=True, slots=True)
class Resolution:
    """Canonical ids: the first id, by `rank`, of each group of entities judged the same.

    Attributes
    ----------
    canonical : dict
        The canonical id of each entity that is merged with another.
    members : dict
        The entities of each group, by canonical id.
    contradictions : tuple of Contradiction
        What cannot be, though judgements make it so.
    waiting : frozenset of (str, str)
        The pairs judged *same* that are not merged, as they lie between the ends of a contradiction.
    linked : dict
        For each entity of a group with a contradiction, the first id of all that *same* links it to.
    """

    canonical: dict[str, str] = field(default_factory=dict)
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    contradictions: tuple[Contradiction, ...] = ()
    waiting: frozenset[Pair] = frozenset()
    linked: dict[str, str] = field(default_factory=dict)

    def of(self, entity: str) -> str:
        """Return the canonical id of an entity."""
        return self.canonical.get(entity, entity)

    def group(self, entity: str) -> tuple[str, ...]:
        """Return every id that is the same thing as `entity`, itself among them."""
        head = self.of(entity)
        return self.members.get(head, (head,))

    def contradictions_about(self, *entities: str) -> tuple[Contradiction, ...]:
        """Return the contradictions in the groups that judgements would put these entities into."""
        labels = {self.linked[name] for name in entities if name in self.linked}
        return tuple(item for item in self.contradictions if self.linked[item.a] in labels)


@dataclass(frozen=True, slots=True)
class _Apart:
    """Two sets of entities that must not be joined, and the contradiction where they are."""

    one: Sequence[str]
    other: Sequence[str]
    why: Contradiction


def resolve_judgements(
    judgements: Sequence[StoredJudgement] | Standing, identifiers: Iterable[tuple[str, str, str]] = ()
) -> Resolution:
    """Return the groups that judgements make.

    Where a chain of *same* joins two entities that are judged *different*, or whose identifiers show that they are two, the *same* that lie
    on a path between them are not merged, and the contradiction is reported with a shortest path. Where taking those of rules and
    identifiers away is enough, those of persons stay. What merely hangs on the path stays merged with its neighbour.

    Parameters
    ----------
    judgements : sequence of StoredJudgement, or Standing
        Oldest first, or those that stand.
    identifiers : iterable of (entity, scheme, value)
        What claims say, of those entities at least that are judged the same as another.
    """
    standing = judgements if isinstance(judgements, Standing) else standing_judgements(judgements)
    same = {pair: item for pair, item in standing.decided.items() if item.verdict == "same"}
    if not same:
        return Resolution()
    groups = components(same)
    group_of = {name: members[0] for members in groups for name in members}
    apart = [
        _Apart((a,), (b,), Contradiction(a, b, judged=item))
        for (a, b), item in standing.decided.items()
        if item.verdict == "different" and a in group_of and group_of[a] == group_of.get(b)
    ]
    apart += [
        _Apart(clash.one, clash.other, Contradiction("", "", scheme=clash.scheme, values=clash.values))
        for clash in clashes(groups, identifiers)
    ]
    touched = {group_of[item.one[0]] for item in apart}
    near = {pair: item for pair, item in same.items() if group_of[pair[0]] in touched}
    waiting = _waiting(near, apart)
    kept = components(pair for pair in same if pair not in waiting) if waiting else groups
    members = {min(group, key=rank): tuple(group) for group in kept}
    return Resolution(
        canonical={name: head for head, group in members.items() for name in group},
        members=members,
        contradictions=_explained(near, apart),
        waiting=frozenset(waiting),
        linked={name: group_of[name] for pair in near for name in pair},
    )


IN_FORCE, NOT_IN_FORCE, BLOCKED = "in force", "not in force", "blocked by a contradiction"


def state_of(judgement: StoredJudgement, standing: Standing, resolution: Resolution) -> str:
    """Say in words whether a judgement takes effect, and why not.

    One of *in force*, *awaiting second reviewer*, *blocked by a contradiction* (it is in force, and the merge waits) and *not in force*
    (undone, overruled by another, or of another time).
    """
    pair, decided = judgement.pair, standing.decided.get(judgement.pair)
    if judgement.undone:
        return NOT_IN_FORCE
    if decided is None or decided.verdict != judgement.verdict:
        waiting = standing.awaiting.get(pair)
        return AWAITING if waiting and waiting.key == judgement.key else NOT_IN_FORCE
    return BLOCKED if judgement.verdict == "same" and pair in resolution.waiting else IN_FORCE


def _waiting(same: Mapping[Pair, StoredJudgement], apart: Iterable[_Apart]) -> set[Pair]:
    """Return the pairs that must not be merged, so that nothing is joined that must stay apart.

    First ends that persons alone have joined are parted, by the persons' edges between them. Then groups that persons still make are drawn
    together to one node each, and ends in two of them are parted by the edges between these nodes, which rules and identifiers made.
    """
    ends = sorted({(a, b) for item in apart for a, b in product(item.one, item.other)})
    persons = _of_persons(same)
    joined = {name: members[0] for members in components(persons) for name in members}
    strong = [(a, b) for a, b in ends if joined.get(a, a) == joined.get(b, b)]
    waiting = edges_between(persons, strong) if strong else set()
    sure = {
        name: members[0] for members in components(pair for pair in persons if pair not in waiting) for name in members
    }
    drawn: dict[Pair, list[Pair]] = {}
    for a, b in same:
        one, other = sure.get(a, a), sure.get(b, b)
        if one != other and (a, b) not in waiting:
            drawn.setdefault((min(one, other), max(one, other)), []).append((a, b))
    between = sorted({(sure.get(a, a), sure.get(b, b)) for a, b in ends})
    return waiting.union(*(drawn[edge] for edge in edges_between(drawn, between)))


def _of_persons(same: Mapping[Pair, StoredJudgement]) -> list[Pair]:
    return [pair for pair, item in same.items() if is_persons(item.who)]


def _explained(same: Mapping[Pair, StoredJudgement], apart: Iterable[_Apart]) -> tuple[Contradiction, ...]:
    """Return the contradictions, each with a shortest path and the judgement on each of its steps."""
    neighbours = neighbours_of(same)
    found = []
    for item in apart:
        path = shortest_path(neighbours, item.one, set(item.other))
        steps = tuple(same[min(step), max(step)] for step in pairwise(path))
        why = item.why
        found.append(Contradiction(path[0], path[-1], path, steps, why.judged, why.scheme, why.values))
    return tuple(sorted(found, key=lambda item: (item.a, item.b, item.scheme or "", item.values or ("", ""))))
