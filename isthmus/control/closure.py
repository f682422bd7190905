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
    # Groups and concerts that tie holders together: those with two of them at least.
    near = rows.held_by(sorted(seen))
    near = near[rows.of_predicate(MEMBER, CONCERT)[near]]
    parts.append(near[_joining(rows, near, seen)])
    return rows.take(np.unique(np.concatenate(parts)))


def _joining(rows: Rows, near: Ints, seen: set[int]) -> Ints:
    targets, counts = np.unique(rows.target[near], return_counts=True)
    several = set(targets[counts > 1].tolist())
    kept = [
        place
        for place, row in enumerate(near.tolist())
        if int(rows.target[row]) in seen or int(rows.target[row]) in several
    ]
    return np.array(kept, dtype=np.int64)


def below(rows: Rows, key: int, profile: Profile) -> Rows:
    """Return the rows that can bear on what the entity `key` controls: all that it may command, with every holder of each."""
    commanded = {key, *_members(rows, key)}
    while True:
        held = rows.held_by(sorted(commanded))
        around = rows.towards(np.unique(rows.target[held]))
        chosen = rows.take(np.unique(np.concatenate((held, around, rows.towards([key])))))
        graph = build_graph(chosen, profile)
        if key not in graph.place:
            return chosen
        reached = Evaluation(graph).reach(graph.place[key], possible=True)
        found = {int(graph.keys[node]) for node in reached.members}
        if found <= commanded:
            return chosen
        commanded |= found


def _members(rows: Rows, key: int) -> list[int]:
    found = rows.towards([key])
    members: list[int] = rows.holder[found[rows.of_predicate(MEMBER)[found]]].tolist()
    return members
