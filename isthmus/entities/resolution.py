"""What the standing judgements make of the entities: groups that are one thing, and contradictions.

The result is a pure function of the judgements: nothing is rewritten, and undoing a judgement gives back exactly what was.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from isthmus.claims.reader import StoredJudgement
from isthmus.kernels.components import components


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two entities judged different, though a path of other judgements makes them the same: the merge is not made."""

    a: str
    b: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Canonical ids: the first id, by `rank`, of each group of entities judged the same."""

    canonical: dict[str, str] = field(default_factory=dict)
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    contradictions: tuple[Contradiction, ...] = ()

    def of(self, entity: str) -> str:
        """Return the canonical id of an entity."""
        return self.canonical.get(entity, entity)

    def group(self, entity: str) -> tuple[str, ...]:
        """Return every id that is the same thing as `entity`, itself among them."""
        head = self.of(entity)
        return self.members.get(head, (head,))


def standing_verdicts(judgements: Sequence[StoredJudgement]) -> dict[tuple[str, str], str]:
    """Return the verdict that stands for each pair of ids (the smaller first), in order of the pairs.

    A later judgement about the same pair wins over an earlier one; undone ones count for nothing.
    """
    latest: dict[tuple[str, str], str] = {}
    for judgement in judgements:
        if not judgement.undone:
            latest[min(judgement.a, judgement.b), max(judgement.a, judgement.b)] = judgement.verdict
    return dict(sorted(latest.items()))


def rank(name: str) -> tuple[bool, str]:
    """Return what canonical ids are chosen by: ids that people gave before those of a data set (``set:id``), then code point order."""
    return (":" in name, name)


def resolve_judgements(judgements: Sequence[StoredJudgement]) -> Resolution:
    """Return the groups that the standing judgements make.

    A group that holds a pair judged *different* is not merged at all, and the contradiction is reported with the path that leads from
    one to the other.
    """
    latest = standing_verdicts(judgements)
    same = sorted(pair for pair, verdict in latest.items() if verdict == "same")
    different = sorted(pair for pair, verdict in latest.items() if verdict == "different")
    if not same:
        return Resolution()
    groups = {members[0]: members for members in components(same)}
    group_of = {name: label for label, members in groups.items() for name in members}
    contradictions = tuple(
        Contradiction(a, b, _path(a, b, same)) for a, b in different if a in group_of and group_of[a] == group_of.get(b)
    )
    blocked = {group_of[item.a] for item in contradictions}
    kept = [members for label, members in groups.items() if label not in blocked]
    return Resolution(
        canonical={name: min(members, key=rank) for members in kept for name in members},
        members={min(members, key=rank): tuple(sorted(members)) for members in kept},
        contradictions=contradictions,
    )


def _path(start: str, goal: str, same: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    neighbours: dict[str, list[str]] = {}
    for a, b in same:
        neighbours.setdefault(a, []).append(b)
        neighbours.setdefault(b, []).append(a)
    came: dict[str, str | None] = {start: None}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        if here == goal:
            break
        for step in neighbours.get(here, ()):
            if step not in came:
                came[step] = here
                queue.append(step)
    path: list[str] = []
    step_back: str | None = goal
    while step_back is not None:
        path.append(step_back)
        step_back = came[step_back]
    return tuple(reversed(path))
