"""Why a verdict stands: the links that carry it, the smallest set of claims, and those without which it falls."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from isthmus.control.evaluate import Evaluation, Reach
from isthmus.control.rows import Rows
from isthmus.control.verdicts import CONTROLS, MAY_CONTROL, Verdict

TESTED = 400
"""Up to so many claims bear on a verdict, each is left out in turn; of more only those of the support found."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a chain of control: a holding (with the share that counts) or a tie, and the rows that say it."""

    source: int
    target: int
    rows: tuple[int, ...]
    low: int | None
    high: int | None
    certain: bool
    bounding: bool = False


def chain(evaluation: Evaluation, verdict: Verdict) -> list[Link]:
    """Return links that carry a verdict, from the party towards the thing; joint holdings give several links into one node.

    Of the holders that count together only as many are taken as are needed: first those that the party commands first, then the largest.
    """
    sure = verdict.word == CONTROLS
    parties = {verdict.node, *verdict.together}
    start = frozenset(node for party in parties for node in evaluation.start(party, possible=not sure))
    if verdict.word in (CONTROLS, MAY_CONTROL):
        reach = evaluation.reach(start, possible=not sure)
        return _trace(evaluation, reach, verdict.target, not sure)
    return _other_links(evaluation, start, verdict.target)


def _trace(evaluation: Evaluation, reach: Reach, target: int, possible: bool) -> list[Link]:
    if target not in reach.steps:
        return []
    order = {node: place for place, node in enumerate(reach.steps)}
    links: list[Link] = []
    wanted, seen = deque([target]), {target}
    while wanted:
        node = wanted.popleft()
        for link in _into(evaluation, reach, node, order, possible) if node in order else ():
            links.append(link)
            if link.source not in seen and not link.bounding:
                seen.add(link.source)
                wanted.append(link.source)
    return sorted(links, key=lambda link: (order.get(link.target, -1), link.bounding, link.source))


def _into(evaluation: Evaluation, reach: Reach, node: int, order: dict[int, int], possible: bool) -> list[Link]:
    """Return the links by which a node came to be commanded."""
    graph, step = evaluation.graph, reach.steps[node]
    if step.fact is None:
        return _needed(evaluation, reach, node, order, possible)
    rows = (int(graph.facts.row[step.fact]),)
    return [Link(int(graph.facts.source[step.fact]), node, rows, None, None, bool(graph.facts.certain[step.fact]))]


def _needed(evaluation: Evaluation, reach: Reach, node: int, order: dict[int, int], possible: bool) -> list[Link]:
    graph, passes = evaluation.graph, evaluation.graph.profile.passes
    able = [
        edge
        for edge in evaluation.holders[node]
        if edge[0] in reach.start or order.get(edge[0], len(order)) < order[node]
    ]
    able.sort(key=lambda edge: (order.get(edge[0], -1), -(edge[2] if possible else edge[1]), edge[0]))
    taken: list[tuple[int, int, int, int]] = []
    for edge in able:
        taken.append(edge)
        if passes(evaluation.bounds([holder for holder, *_ in taken], node)[possible]):
            break
    for edge in sorted(taken[:-1], key=lambda edge: (edge[1], edge[0])):
        fewer = [other for other in taken if other is not edge]
        if passes(evaluation.bounds([holder for holder, *_ in fewer], node)[possible]):
            taken = fewer
    links = [
        Link(holder, node, tuple(graph.rows_of(number)), low, high, passes(sum(edge[1] for edge in taken)))
        for holder, low, high, number in taken
    ]
    if not possible and not passes(sum(low for _, low, _, _ in taken)):
        # It is certain only because the others cannot have more than they have: what says so carries the verdict as well.
        counted = {number for *_, number in taken}
        links = [Link(link.source, node, link.rows, link.low, link.high, True) for link in links]
        links += [
            Link(holder, node, (*graph.rows_of(number), *graph.closing.get(node, ())), low, high, True, bounding=True)
            for holder, low, high, number in evaluation.holders[node]
            if number not in counted
        ]
    return links


def _other_links(evaluation: Evaluation, start: frozenset[int], target: int) -> list[Link]:
    """Return what a party has of a thing that it does not control: its stakes, its rights and its influence, with how it came by them."""
    graph = evaluation.graph
    reach = evaluation.reach(start, possible=False)
    members = reach.members
    ends: list[Link] = []
    targets = {target} | evaluation.commanders(target, possible=False)
    for holder, low, high, number in evaluation.holders.get(target, ()):
        if holder in members:
            ends.append(Link(holder, target, tuple(graph.rows_of(number)), low, high, True))
    for ties in (graph.blocks, graph.influences):
        for source, held, certain, row in zip(
            ties.source.tolist(), ties.target.tolist(), ties.certain.tolist(), ties.row.tolist(), strict=True
        ):
            near = held == target or (ties is graph.influences and held in targets)
            if source in members and near:
                ends.append(Link(source, held, (row,), None, None, certain))
    before = [link for end in ends for link in _trace(evaluation, reach, end.source, False)]
    after = [
        link
        for end in ends
        if end.target != target
        for link in _trace(evaluation, evaluation.reach(end.target, possible=False), target, False)
    ]
    return list(dict.fromkeys((*before, *ends, *after)))


@dataclass(frozen=True, slots=True)
class Support:
    """What carries a verdict.

    Attributes
    ----------
    minimal : tuple of int
        Claims (rows of the store) that carry it by themselves; without any one of them the rest does not.
    pivotal : tuple of int
        Claims without which it falls, whatever else is held.
    exact : bool
        Whether every claim that bears on it was tried.
    """

    minimal: tuple[int, ...]
    pivotal: tuple[int, ...]
    exact: bool


def find_support(rows: Rows, links: Sequence[Link], holds: Callable[[Rows], bool]) -> Support:
    """Return what carries a verdict.

    Parameters
    ----------
    rows : Rows
        All that bears on it.
    links : sequence of Link
        Links that carry it, as `chain` gives them.
    holds : callable
        Whether some rows give the verdict.
    """
    claims = rows.claims()
    mine = sorted({claim for link in links for row in link.rows for claim in _claims_of(rows, row)})
    if not mine or not holds(_only(rows, mine)):
        mine = claims
    minimal = minimise(mine, lambda kept: holds(_only(rows, kept)))
    tried = claims if len(claims) <= TESTED else minimal
    pivotal = [claim for claim in tried if not holds(rows.without([claim]))]
    return Support(tuple(minimal), tuple(pivotal), len(claims) <= TESTED)


def _claims_of(rows: Rows, row: int) -> list[int]:
    return [int(claim) for claim in (rows.claim[row], rows.also[row]) if claim >= 0]


def _only(rows: Rows, kept: Iterable[int]) -> Rows:
    chosen = set(kept)
    return rows.without([claim for claim in rows.claims() if claim not in chosen])


def minimise(claims: Sequence[int], holds: Callable[[Sequence[int]], bool]) -> list[int]:
    """Return claims none of which can be left out; halves, quarters and so on are tried first (Zeller and Hildebrandt, TSE 2002)."""
    kept, size = list(claims), max(1, len(claims) // 2)
    while True:
        place, before = 0, len(kept)
        while place < len(kept):
            fewer = kept[:place] + kept[place + size :]
            if fewer and holds(fewer):
                kept = fewer
            else:
                place += size
        if size == 1 and len(kept) == before:
            return kept
        size = max(1, size // 2)
