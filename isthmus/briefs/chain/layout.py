"""Where everything of a drawing stands: columns from owners to what is owned, and ways between them that pass no box.

The method is that of Sugiyama, Tagawa and Toda (1981): columns, places in a column by the mean of the neighbours, and
heights by the nearest to the neighbours that keep apart (isotonic regression). Lines run level where they have a label, so
that a label can only meet its own line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from isthmus.briefs.chain.boxes import Measured, measure
from isthmus.briefs.chain.fold import Block, levels
from isthmus.briefs.chain.graph import Graph, Tie
from isthmus.briefs.svg.labels import Label, Line, label_of

MOST_COLUMNS = 6
APART, LANE = 18.0, 11.0
SWEEPS = 6


@dataclass(slots=True)
class Slot:
    """A place on a box's side at which lines begin or end: `ways` are the numbers of the lines' parts in one gap."""

    label: Label
    ways: list[int]
    above: float
    below: float
    y: float = 0.0
    group: int | None = None


@dataclass(slots=True)
class Unit:
    """What stands in a column: a block of boxes, or the room for a line that passes."""

    at: int
    column: int
    width: float
    height: float
    measured: Measured | None = None
    rank: tuple[int, ...] = ()
    x: float = 0.0
    y: float = 0.0
    ins: list[Slot] = field(default_factory=list)
    outs: list[Slot] = field(default_factory=list)


@dataclass(slots=True)
class Way:
    """A part of a line, from a unit to one in the next column."""

    tie: int
    left: int
    right: int
    first: bool
    last: bool


@dataclass(slots=True)
class Plan:
    """Units and ways; `columns` lists the units of each from above."""

    graph: Graph
    units: list[Unit]
    ways: list[Way]
    columns: list[list[int]]
    ties: list[Tie]


def plan(graph: Graph, found: Sequence[Block]) -> Plan:
    """Return the units in their columns, with the slots at which lines begin and end, all measured; y is not set."""
    column = levels(found, graph.ties, upward=graph.upward)
    home = {name: at for at, block in enumerate(found) for name in block.members}
    units = []
    for at, block in enumerate(found):
        made = measure(graph, block)
        rank = min(graph.parties[name].rank for name in block.members)
        units.append(Unit(at, column[at], made.width, made.height, made, (rank, at)))
    outer = [tie for tie in graph.ties if home[tie.source] != home[tie.target]]
    ties = [_told(graph, tie, found[home[tie.source]], found[home[tie.target]]) for tie in outer]
    ways: list[Way] = []
    for number, tie in enumerate(ties):
        left, goal = home[tie.source], home[tie.target]
        for level in range(units[left].column + 1, units[goal].column):
            lane = Unit(len(units), level, 0.0, LANE, None, (*units[left].rank, number))
            units.append(lane)
            ways.append(Way(number, left, lane.at, left == home[tie.source], False))
            left = lane.at
        ways.append(Way(number, left, goal, left == home[tie.source], True))
    columns: list[list[int]] = [[] for _ in range(max(unit.column for unit in units) + 1)]
    for unit in units:
        columns[unit.column].append(unit.at)
    drawn = Plan(graph, units, ways, columns, ties)
    _order(drawn)
    _slots(drawn)
    return drawn


def _told(graph: Graph, tie: Tie, source: Block, target: Block) -> Tie:
    """Name the member of a block that a line is of: it begins and ends at the block."""
    if not tie.lines or (len(source.members) == 1 and len(target.members) == 1):
        return tie
    words = tie.lines[0].text
    if len(source.members) > 1:
        words = f"{graph.parties[tie.source].caption}: {words}"
    if len(target.members) > 1:
        words = f"{words} in {graph.parties[tie.target].caption}"
    return replace(tie, lines=(Line(words, tie.lines[0].strong, tie.lines[0].hedged), *tie.lines[1:]))


def _order(drawn: Plan) -> None:
    """Order the units of each column so that few lines cross."""
    rights: dict[int, list[Way]] = defaultdict(list)
    lefts: dict[int, list[Way]] = defaultdict(list)
    for way in drawn.ways:
        rights[way.left].append(way)
        lefts[way.right].append(way)
    for column in drawn.columns:
        column.sort(key=lambda at: drawn.units[at].rank)
    numbers = range(len(drawn.columns))
    best, fewest = [list(column) for column in drawn.columns], -1
    for sweep in range(SWEEPS):
        # The first sweep starts where the subject is.
        from_right = drawn.graph.upward == (sweep % 2 == 0)
        for number in reversed(numbers) if from_right else numbers:
            place = {at: i for column in drawn.columns for i, at in enumerate(column)}
            around = rights if from_right else lefts
            drawn.columns[number].sort(key=lambda at: _wish(drawn, at, around[at], place, from_right))
        crossings = _crossings(drawn)
        if fewest < 0 or crossings < fewest:
            best, fewest = [list(column) for column in drawn.columns], crossings
    drawn.columns = best


def _wish(
    drawn: Plan, at: int, ways: Sequence[Way], place: Mapping[int, int], from_right: bool
) -> tuple[float, int, tuple[int, ...]]:
    unit = drawn.units[at]
    if not ways:
        return float(place[at]), 0, unit.rank
    mean = sum(place[way.right if from_right else way.left] for way in ways) / len(ways)
    groups = [drawn.ties[way.tie].group for way in ways]
    together = min((group for group in groups if group is not None), default=len(drawn.ties))
    return mean, together, unit.rank


def _crossings(drawn: Plan) -> int:
    place = {at: i for column in drawn.columns for i, at in enumerate(column)}
    gaps: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for way in drawn.ways:
        gaps[drawn.units[way.left].column].append((place[way.left], place[way.right]))
    return sum(
        (a[0] - b[0]) * (a[1] - b[1]) < 0 for ends in gaps.values() for i, a in enumerate(ends) for b in ends[i + 1 :]
    )


def _slots(drawn: Plan) -> None:
    """Give each line its place on the boxes' sides, with room for its label where fewer lines meet."""
    place = {at: i for column in drawn.columns for i, at in enumerate(column)}
    outs: dict[int, list[int]] = defaultdict(list)
    ins: dict[int, list[int]] = defaultdict(list)
    for number, way in enumerate(drawn.ways):
        outs[way.left].append(number)
        ins[way.right].append(number)
    degree = {at: (len(ins[at]), len(outs[at])) for at in range(len(drawn.units))}
    ends = {(drawn.ways[n].tie, side): drawn.ways[n] for n in range(len(drawn.ways)) for side in (0, 1)
            if (drawn.ways[n].first, drawn.ways[n].last)[side]}  # fmt: skip
    at_source = {
        number: tie.group is not None or degree[ends[number, 0].left][1] <= degree[ends[number, 1].right][0]
        for number, tie in enumerate(drawn.ties)
    }
    for unit in drawn.units:
        for number in sorted(outs[unit.at], key=lambda n: (place[drawn.ways[n].right], drawn.ways[n].tie)):
            way = drawn.ways[number]
            unit.outs.append(_slot(drawn, number, way.first and at_source[way.tie]))
        groups: dict[int, list[int]] = defaultdict(list)
        singles = []
        for number in sorted(ins[unit.at], key=lambda n: (place[drawn.ways[n].left], drawn.ways[n].tie)):
            way = drawn.ways[number]
            group = drawn.ties[way.tie].group
            if group is not None and way.last:
                groups[group].append(number)
            else:
                singles.append(_slot(drawn, number, way.last and not at_source[way.tie]))
        joint = [_joint(drawn, group, numbers) for group, numbers in groups.items()]
        unit.ins = sorted([*singles, *joint], key=lambda slot: _mean(drawn, slot, place))
        needed = max(_needed(unit.ins), _needed(unit.outs)) + (6.0 if unit.measured else 0.0)
        unit.height = max(unit.height, needed)


def _mean(drawn: Plan, slot: Slot, place: Mapping[int, int]) -> tuple[float, int]:
    return sum(place[drawn.ways[n].left] for n in slot.ways) / len(slot.ways), slot.ways[0]


def _slot(drawn: Plan, number: int, labelled: bool) -> Slot:
    tie = drawn.ties[drawn.ways[number].tie]
    label = label_of(tie.lines if labelled else (), tie.high)
    return Slot(label, [number], label.above, label.below)


def _joint(drawn: Plan, group: int, numbers: Sequence[int]) -> Slot:
    whole = min(sum(drawn.ties[drawn.ways[n].tie].low or 0.0 for n in numbers), 1.0)
    label = label_of((Line(f"together{drawn.graph.sums[group]}", strong=True),), whole)
    half = LANE * len(numbers) / 2 + 3.0
    return Slot(label, list(numbers), max(label.above + 4.0, half), max(label.below, half), group=group)


def _needed(slots: Sequence[Slot]) -> float:
    """Return how high a side is whose lines are to begin around its middle."""
    return _span(slots) + 2 * max(slots[0].above, slots[-1].below) if slots else 0.0


def _span(slots: Sequence[Slot]) -> float:
    """Return how far the last line of a side begins below the first."""
    return sum(slot.above + slot.below for slot in slots) - slots[0].above - slots[-1].below


def set_heights(drawn: Plan, columns: Sequence[int]) -> float:
    """Set the y of the units in neighbouring columns, the highest at 0, and of their slots; return the height of all."""
    inside = {at for number in columns for at in drawn.columns[number]}
    offset: dict[tuple[int, bool], float] = {}
    rights: dict[int, list[int]] = defaultdict(list)
    lefts: dict[int, list[int]] = defaultdict(list)
    for at in inside:
        unit = drawn.units[at]
        for slots, side in ((unit.ins, False), (unit.outs, True)):
            y = (unit.height - _span(slots)) / 2 - slots[0].above if slots else 0.0
            for slot in slots:
                slot.y = y + slot.above
                y += slot.above + slot.below
                for rank, number in enumerate(slot.ways):
                    offset[number, side] = slot.y + LANE * (rank - (len(slot.ways) - 1) / 2)
    for number, way in enumerate(drawn.ways):
        if way.left in inside and way.right in inside:
            rights[way.left].append(number)
            lefts[way.right].append(number)
    for column in columns:
        _settle(drawn, column, {})
    for sweep in range(2 * SWEEPS + 1):
        from_right = drawn.graph.upward == (sweep % 2 == 0)
        for column in reversed(columns) if from_right else columns:
            wishes = {}
            for at in drawn.columns[column]:
                numbers = rights[at] if from_right else lefts[at]
                if numbers:
                    wishes[at] = sum(_pull(drawn, n, offset, from_right) for n in numbers) / len(numbers)
            _settle(drawn, column, wishes)
    units = [drawn.units[at] for at in sorted(inside)]
    top = min(unit.y for unit in units)
    for unit in units:
        unit.y -= top
        for slot in (*unit.ins, *unit.outs):
            slot.y += unit.y
    return max(unit.y + unit.height for unit in units)


def _pull(drawn: Plan, number: int, offset: Mapping[tuple[int, bool], float], from_right: bool) -> float:
    """Return where a unit would stand for one line to be level."""
    way = drawn.ways[number]
    if from_right:
        return drawn.units[way.right].y + offset[number, False] - offset[number, True]
    return drawn.units[way.left].y + offset[number, True] - offset[number, False]


def _settle(drawn: Plan, column: int, wishes: Mapping[int, float]) -> None:
    """Move the units of a column to the places nearest to their wishes that keep them in order and apart."""
    units = [drawn.units[at] for at in drawn.columns[column]]
    sums: list[tuple[float, int]] = []
    starts, room = [], 0.0
    for unit in units:
        starts.append(room)
        sums.append((wishes.get(unit.at, unit.y) - room, 1))
        room += unit.height + APART
        while len(sums) > 1 and sums[-2][0] / sums[-2][1] > sums[-1][0] / sums[-1][1]:
            wish, n = sums.pop()
            sums[-1] = (sums[-1][0] + wish, sums[-1][1] + n)
    places = [wish / n for wish, n in sums for _ in range(n)]
    for unit, place, start in zip(units, places, starts, strict=True):
        unit.y = place + start
