"""The part of a register that a question is about: all that stands above a thing, or all that somebody may command."""

from __future__ import annotations

import numpy as np

from isthmus.control.evaluate import Evaluation
from isthmus.control.evidence import CONCERT, MEMBER
from isthmus.control.graph import build_graph
from isthmus.control.profiles import Profile
from isthmus.control.rows import Ints, Rows


def above(rows: Rows, key: int) -> Rows:
    """Return the rows that can bear on who controls the entity `key`: everybody above it, to the top.

    Whoever commands it does so through what stands above it, and every holder of that is among the rows: an answer from these rows is the
    answer from all.
    """
    seen, frontier = {key}, [key]
    parts: list[Ints] = []
    while frontier:
        found = rows.towards(frontier)
        parts.append(found)
        frontier = sorted(set(rows.holder[found].tolist()) - seen)
        seen.update(frontier)
    parts += [_memberships(rows, seen), _concerts(rows, seen)]
    return rows.take(np.unique(np.concatenate(parts)))


def _memberships(rows: Rows, seen: set[int]) -> Ints:
    """Return the memberships of some parties in groups that are among them, or that two of them belong to."""
    near = rows.held_by(sorted(seen))
    near = near[rows.of_predicate(MEMBER, among=near)]
    targets, counts = np.unique(rows.target[near], return_counts=True)
    kept = seen | set(targets[counts > 1].tolist())
    return near[np.isin(rows.target[near], list(kept))]


def _concerts(rows: Rows, seen: set[int]) -> Ints:
    """Return all that ties some parties to others who act with them, and these to one another; who is outside holds nothing here."""
    found, frontier, known = [], sorted(seen), set(seen)
    while frontier:
        near = np.concatenate((rows.held_by(frontier), rows.towards(frontier)))
        near = near[rows.of_predicate(CONCERT, among=near)]
        found.append(near)
        frontier = sorted({*rows.holder[near].tolist(), *rows.target[near].tolist()} - known)
        known.update(frontier)
    return np.concatenate(found)


def below(rows: Rows, key: int, profile: Profile) -> Rows:
    """Return the rows that can bear on what the entity `key` controls: all that it may command, with every holder of each."""
    start = {key, *_members(rows, key)}
    levels = 1
    while True:
        # More levels than the last time, so that a long chain takes few rounds; too many rows do no harm.
        reached = _downwards(rows, start, levels)
        held = rows.held_by(sorted(reached))
        around = rows.towards(np.unique(rows.target[held]))
        belonging = rows.held_by(np.unique(rows.holder[around]))
        belonging = belonging[rows.of_predicate(MEMBER, among=belonging)]
        chosen = rows.take(np.unique(np.concatenate((held, around, belonging, rows.towards([key])))))
        graph = build_graph(chosen, profile)
        if key not in graph.place:
            return chosen
        found = _commanded(Evaluation(graph), graph.place[key])
        if {int(graph.keys[node]) for node in found} <= reached:
            return chosen
        levels *= 2


def _commanded(evaluation: Evaluation, node: int) -> set[int]:
    """Return all that a party may command, and all that those surely command whom it influences."""
    found = set(evaluation.reach(node, possible=True).members)
    ties = evaluation.graph.influences
    for source, target in zip(ties.source.tolist(), ties.target.tolist(), strict=True):
        if source in found and target not in found:
            found |= evaluation.reach(target, possible=False).members
    return found


def _downwards(rows: Rows, start: set[int], levels: int) -> set[int]:
    found, frontier = set(start), sorted(start)
    for _ in range(levels):
        frontier = sorted(set(rows.target[rows.held_by(frontier)].tolist()) - found)
        if not frontier:
            break
        found.update(frontier)
    return found


def _members(rows: Rows, key: int) -> list[int]:
    found = rows.towards([key])
    members: list[int] = rows.holder[found[rows.of_predicate(MEMBER, among=found)]].tolist()
    return members
