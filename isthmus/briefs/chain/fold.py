"""What of a graph is drawn: the parties that matter most, the others as one box; and parties that hold one another as one block."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from isthmus.briefs.chain.graph import Graph, Party, Tie, percent_of
from isthmus.briefs.svg.labels import Line

MOST = 12
"""How many boxes are drawn beside one another at one party; one more is drawn rather than folded alone."""
MOST_IN_RING = 6
_FOLD = "\x00fold"


@dataclass(frozen=True, slots=True)
class Block:
    """Parties that hold one another, in the order of their holdings; most blocks are one party.

    Attributes
    ----------
    members : tuple of str
        Ids, each holding a part of the next where there is such an order.
    label : str
        What they are together; empty for one party.
    """

    members: tuple[str, ...]
    label: str = ""


def fold(graph: Graph) -> None:
    """Draw only the first parties at each party, nearest the subject first; the rest becomes one box that counts and names them."""
    near = {tie.target for tie in graph.ties} if graph.upward else {tie.source for tie in graph.ties}
    starts = [graph.subject] if graph.subject is not None else sorted(near, key=lambda name: _order(graph, name))
    kept = _kept(graph, [name for name in starts if name is not None])
    near_by = _within(graph, kept)
    # What no line leads to from the subject is drawn beside it.
    kept |= _kept(graph, [name for name in graph.parties if name not in near_by])
    dropped = [name for name in graph.parties if name not in kept]
    if dropped:
        _replace(graph, kept, dropped)


def _order(graph: Graph, name: str) -> tuple[int, str, str]:
    return graph.parties[name].rank, graph.parties[name].caption, name


def _far(graph: Graph, tie: Tie) -> str:
    return tie.source if graph.upward else tie.target


def _near(graph: Graph, tie: Tie) -> str:
    return tie.target if graph.upward else tie.source


def _kept(graph: Graph, starts: Sequence[str]) -> set[str]:
    around: dict[str, list[Tie]] = defaultdict(list)
    for tie in graph.ties:
        around[_near(graph, tie)].append(tie)
    kept = set(starts)
    queue = list(starts)
    for name in queue:
        ties = sorted(around[name], key=lambda tie: _importance(graph, tie))
        far = list(dict.fromkeys(_far(graph, tie) for tie in ties))
        hollow = [other for other in far if graph.parties[other].hollow]
        named = [other for other in far if not graph.parties[other].hollow]
        shown = named if len(named) <= MOST + 1 else named[:MOST]
        new = [other for other in (*shown, *hollow) if other not in kept]
        kept.update(new)
        queue += new
    return kept


def _within(graph: Graph, starts: Iterable[str]) -> set[str]:
    """Return what lines lead to from some parties, folded or not."""
    around: dict[str, list[str]] = defaultdict(list)
    for tie in graph.ties:
        around[_near(graph, tie)].append(_far(graph, tie))
    seen = set(starts)
    queue = list(seen)
    for name in queue:
        new = [other for other in dict.fromkeys(around[name]) if other not in seen]
        seen.update(new)
        queue += new
    return seen


def _importance(graph: Graph, tie: Tie) -> tuple[int, float, float, str, str]:
    rank, caption, name = _order(graph, _far(graph, tie))
    return rank, -(tie.low or 0.0), -(tie.high or 0.0), caption, name


def _replace(graph: Graph, kept: set[str], dropped: Sequence[str]) -> None:
    """Put one box in the place of the dropped parties at each party and each joint holding."""
    gone: dict[tuple[str, int | None], list[Tie]] = defaultdict(list)
    for tie in graph.ties:
        if _near(graph, tie) in kept and _far(graph, tie) not in kept:
            gone[_near(graph, tie), tie.group].append(tie)
    ties = [tie for tie in graph.ties if tie.source in kept and tie.target in kept]
    for number, ((near, group), lost) in enumerate(gone.items()):
        name = f"{_FOLD}{number}"
        first = list(dict.fromkeys(_far(graph, tie) for tie in lost))
        behind = _behind(graph, first, set(dropped))
        captions = tuple(graph.parties[other].caption for other in (*first, *behind))
        notes = (Line(f"with {len(behind):,} behind them"),) if behind else ()
        graph.parties[name] = Party(name, f"and {len(first):,} more", notes=notes, folded=captions)
        ties.append(_folded(graph, name, near, lost, group))
    graph.ties = ties
    for name in dropped:
        del graph.parties[name]


def _folded(graph: Graph, name: str, near: str, lost: Sequence[Tie], group: int | None) -> Tie:
    words = percent_of(lost)
    lines: tuple[Line, ...] = (Line(f"in all {words}" if words else "shares not all stated"),)
    ends = (name, near) if graph.upward else (near, name)
    if not graph.upward:
        # Shares of different things are not added.
        lines = ()
    told = f"{graph.parties[name].caption}: {', '.join(graph.parties[name].folded)}"
    certain = all(tie.certain for tie in lost)
    return Tie(*ends, lines, certain, past=all(tie.past for tie in lost), end=lost[0].end, group=group, words=told)


def _behind(graph: Graph, first: Sequence[str], dropped: set[str]) -> list[str]:
    behind = _within(graph, first) & dropped - set(first)
    return sorted(behind, key=lambda name: _order(graph, name))


def blocks(graph: Graph) -> list[Block]:
    """Return the parties in blocks, those that hold one another together; long rings are folded on the way."""
    out = []
    for group in _components(graph):
        if len(group) == 1:
            out.append(Block(tuple(group)))
            continue
        members = _walk(graph, set(group))
        ring = any(len(set(group) & ring) > 1 for ring in graph.rings)
        label = "self-controlled ring" if ring else "these hold one another"
        if len(members) > MOST_IN_RING:
            members = _fold_ring(graph, members)
        out.append(Block(tuple(members), label))
    return out


def _components(graph: Graph) -> list[list[str]]:
    """Return the strongly connected components (Tarjan 1972, without recursion), each sorted as the parties are."""
    after: dict[str, list[str]] = {name: [] for name in graph.parties}
    for tie in graph.ties:
        after[tie.source].append(tie.target)
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    place = {name: at for at, name in enumerate(graph.parties)}
    for root in graph.parties:
        work = [(root, iter(after[root]))] if root not in number else []
        while work:
            name, rest = work[-1]
            if name not in number:
                number[name] = low[name] = len(number)
                stack.append(name)
                on_stack.add(name)
            for other in rest:
                if other not in number:
                    work.append((other, iter(after[other])))
                    break
                if other in on_stack:
                    low[name] = min(low[name], number[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == number[name]:
                    cut = stack.index(name)
                    found.append(sorted(stack[cut:], key=place.__getitem__))
                    on_stack.difference_update(stack[cut:])
                    del stack[cut:]
    return sorted(found, key=lambda group: place[group[0]])


def _walk(graph: Graph, group: set[str]) -> list[str]:
    """Return the members along their holdings, from the one that holds something outside, or is asked about."""
    after: dict[str, list[str]] = defaultdict(list)
    for tie in graph.ties:
        if tie.source in group and tie.target in group:
            after[tie.source].append(tie.target)
    leaving = {tie.source for tie in graph.ties if tie.source in group and tie.target not in group}
    start = min(group, key=lambda name: (name != graph.subject, name not in leaving, _order(graph, name)))
    seen: dict[str, None] = {}
    stack = [start]
    while stack:
        name = stack.pop()
        if name not in seen:
            seen[name] = None
            stack += sorted(set(after[name]) - set(seen), key=lambda other: _order(graph, other), reverse=True)
    return list(seen)


def _fold_ring(graph: Graph, members: Sequence[str]) -> list[str]:
    """Put one box in the place of the middle of a long ring; who matters most for the answer is drawn by name."""
    ends = {*members[: MOST_IN_RING - 2], members[-1]}
    place = {name: at for at, name in enumerate(members)}
    first = sorted(
        members, key=lambda name: (name != members[0], graph.parties[name].rank, name not in ends, place[name])
    )
    kept = sorted(first[: MOST_IN_RING - 1], key=place.__getitem__)
    lost = dict.fromkeys(name for name in members if name not in kept)
    name = f"{_FOLD}ring{members[0]}"
    captions = tuple(graph.parties[other].caption for other in lost)
    graph.parties[name] = Party(name, f"and {len(lost):,} more", folded=captions)
    ties: dict[tuple[str, str], Tie] = {}
    out = []
    for tie in graph.ties:
        source, target = (name if end in lost else end for end in (tie.source, tie.target))
        if name not in (source, target):
            out.append(tie)
        elif source != target:
            old = ties.get((source, target))
            moved = replace(tie, source=source, target=target)
            ties[source, target] = replace(moved, lines=(Line("several holdings"),)) if old else moved
    graph.ties = [*out, *ties.values()]
    for other in lost:
        del graph.parties[other]
    return [
        *(other for other in kept if place[other] < place[next(iter(lost))]),
        name,
        *(other for other in kept if place[other] > place[next(iter(lost))]),
    ]


def levels(found: Sequence[Block], ties: Iterable[Tie], *, upward: bool) -> Mapping[int, int]:
    """Return the column of each block, from the left: as near as may be to what is held, or to who holds."""
    home = {name: at for at, block in enumerate(found) for name in block.members}
    edges = {(home[tie.source], home[tie.target]) for tie in ties} - {(at, at) for at in range(len(found))}
    if upward:
        edges = {(other, one) for one, other in edges}
    after: dict[int, list[int]] = defaultdict(list)
    waiting = [0] * len(found)
    for one, other in sorted(edges):
        after[one].append(other)
        waiting[other] += 1
    depth = {at: 0 for at in range(len(found)) if not waiting[at]}
    queue = list(depth)
    for one in queue:
        for other in after[one]:
            depth[other] = max(depth.get(other, 0), depth[one] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                queue.append(other)
    most = max(depth.values(), default=0)
    return {at: most - depth[at] if upward else depth[at] for at in range(len(found))}
