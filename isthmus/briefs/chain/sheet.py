"""The sheet of a drawing: its rows of columns, the places of all lines on it, and its size."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from isthmus.briefs.chain.graph import Tie
from isthmus.briefs.chain.layout import LANE, MOST_COLUMNS, Plan, Slot, set_heights
from isthmus.briefs.svg.labels import Label
from isthmus.briefs.svg.page import MARGIN

Point = tuple[float, float]
_BEND, _BRACE, _HEAD = 52.0, 22.0, 14.0
_BETWEEN_ROWS, _TRACK = 30.0, 9.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line of a tie from its source to its target: points, through which it runs in level pieces and smooth bends.

    `turns` says that it goes around by the row's end: then its corners are square.
    """

    tie: Tie
    points: tuple[tuple[Point, ...], ...]
    turns: bool
    joint: bool


@dataclass(frozen=True, slots=True)
class Brace:
    """A brace that gathers joint holdings, and the one line from it to what is held."""

    x: float
    top: float
    bottom: float
    y: float
    end: float
    ties: tuple[Tie, ...]
    group: int


@dataclass(slots=True)
class Sheet:
    """What is drawn where. Labels are at the start of the level piece of line above which they stand."""

    plan: Plan
    strokes: list[Stroke] = field(default_factory=list)
    braces: list[Brace] = field(default_factory=list)
    labels: list[tuple[float, float, Label, Tie | None]] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


@dataclass(slots=True)
class _Gap:
    """The room right of a column: labels at its left, the bends, braces, labels at its right."""

    out: float = 0.0
    bend: float = 0.0
    brace: float = 0.0
    into: float = 0.0


def lay_out(drawn: Plan, top: float) -> Sheet:
    """Set the place of everything on the sheet, below `top`."""
    rows = _rows(len(drawn.columns))
    gaps = _gaps(drawn, rows)
    sheet = Sheet(drawn)
    y = top
    turning = [_turning(drawn, row) for row in rows]
    left = MARGIN + max((_entry(gaps, row, turning[n]) for n, row in enumerate(rows[1:])), default=0.0)
    for number, row in enumerate(rows):
        height = set_heights(drawn, row)
        x = left
        for column in row:
            wide = max(drawn.units[at].width for at in drawn.columns[column])
            for at in drawn.columns[column]:
                unit = drawn.units[at]
                # Boxes stand at the side of the thing that is asked about.
                unit.x = x + (wide - unit.width if drawn.graph.upward else 0.0)
                unit.y += y
                unit.width = unit.width or wide
                unit.x = x if unit.measured is None else unit.x
                for slot in (*unit.ins, *unit.outs):
                    slot.y += y
            x += wide
            gap = gaps.get(column)
            if gap is not None and column != row[-1]:
                x += gap.out + gap.bend + gap.brace + gap.into
            elif gap is not None:
                x += gap.out + 10.0 + _TRACK * len(turning[number])
        sheet.width = max(sheet.width, x + MARGIN)
        y += height + (
            _BETWEEN_ROWS + _TRACK * len(turning[number]) if turning[number] or number + 1 < len(rows) else 0.0
        )
    sheet.height = y
    _lines(sheet, rows, gaps, turning)
    return sheet


def _entry(gaps: dict[int, _Gap], row: Sequence[int], turning: Sequence[int]) -> float:
    """Return the room left of a row for the lines that come around from the row above."""
    gap = gaps[row[0] - 1]
    return _TRACK * len(turning) + gap.brace + gap.into


def _rows(columns: int) -> list[list[int]]:
    """Part the columns into rows of about equal length; a few stand in one."""
    rows = 1 if columns <= MOST_COLUMNS + 1 else math.ceil(columns / MOST_COLUMNS)
    length, longer = divmod(columns, rows)
    starts = [number * length + min(number, longer) for number in range(rows + 1)]
    return [list(range(start, stop)) for start, stop in pairwise(starts)]


def _turning(drawn: Plan, row: Sequence[int]) -> list[int]:
    """Return the ways that leave a row at its end, from above."""
    last = row[-1]
    found = [n for n, way in enumerate(drawn.ways) if drawn.units[way.left].column == last]
    place = {at: i for i, at in enumerate(drawn.columns[last])}
    order = {n: i for unit in drawn.units for i, slot in enumerate(unit.outs) for n in slot.ways}
    return sorted(found, key=lambda n: (place[drawn.ways[n].left], order[n]))


def _gaps(drawn: Plan, rows: Sequence[Sequence[int]]) -> dict[int, _Gap]:
    gaps: dict[int, _Gap] = defaultdict(_Gap)
    for way in drawn.ways:
        gaps[drawn.units[way.left].column].bend += 4.0
    for unit in drawn.units:
        for slot in unit.outs:
            gap = gaps[unit.column]
            gap.out = max(gap.out, slot.label.width + 16.0 if slot.label.texts else 8.0)
        for slot in unit.ins:
            gap = gaps[unit.column - 1]
            gap.brace = max(gap.brace, _BRACE if slot.group is not None else 0.0)
            gap.into = max(gap.into, (slot.label.width + 12.0 if slot.label.texts else 4.0) + _HEAD)
    for gap in gaps.values():
        gap.bend = _BEND + min(gap.bend, 60.0)
    return gaps


def _lines(
    sheet: Sheet, rows: Sequence[Sequence[int]], gaps: dict[int, _Gap], turning: Sequence[Sequence[int]]
) -> None:
    drawn = sheet.plan
    outs = {n: slot for unit in drawn.units for slot in unit.outs for n in slot.ways}
    ins = {n: slot for unit in drawn.units for slot in unit.ins for n in slot.ways}
    row_of = {column: number for number, row in enumerate(rows) for column in row}
    bottoms = [
        max(drawn.units[at].y + drawn.units[at].height for column in row for at in drawn.columns[column])
        for row in rows
    ]
    parts: dict[int, list[tuple[Point, ...]]] = defaultdict(list)
    turned: set[int] = set()
    for number, way in enumerate(drawn.ways):
        left, right = drawn.units[way.left], drawn.units[way.right]
        gap = gaps[left.column]
        start = (left.x + left.width, outs[number].y)
        edge = _column_end(drawn, left.column)
        bend = edge + gap.out
        slot = ins[number]
        goal_x = min(drawn.units[at].x for at in drawn.columns[right.column])
        joint = slot.group is not None
        y = slot.y + (LANE * (slot.ways.index(number) - (len(slot.ways) - 1) / 2) if joint else 0.0)
        stop = goal_x - gap.into - gap.brace if joint else right.x
        row = row_of[left.column]
        if number in turning[row]:
            turned.add(way.tie)
            at, count = list(turning[row]).index(number), len(turning[row])
            far = bend + 6.0 + _TRACK * (count - 1 - at)
            low = bottoms[row] + _BETWEEN_ROWS / 2 + _TRACK * (count - 1 - at)
            near = MARGIN + _TRACK * at
            parts[way.tie].append((start, (far, start[1]), (far, low), (near, low), (near, y), (stop, y)))
        else:
            curve = goal_x - gap.into - gap.brace
            parts[way.tie].append((start, (bend, start[1]), (curve, y), (stop, y)))
        if outs[number].label.texts:
            sheet.labels.append((start[0] + 8.0, start[1], outs[number].label, drawn.ties[way.tie]))
        if slot.label.texts and not joint:
            label = slot.label
            sheet.labels.append((right.x - _HEAD - 4.0 - label.width, y, label, drawn.ties[way.tie]))
    for number, tie in enumerate(drawn.ties):
        joined = any(ins[n].group is not None for n, way in enumerate(drawn.ways) if way.tie == number and way.last)
        sheet.strokes.append(Stroke(tie, tuple(parts[number]), number in turned, joined))
    for unit in drawn.units:
        for slot in unit.ins:
            if slot.group is not None:
                _brace(sheet, unit.x, unit.column, slot, gaps[unit.column - 1])


def _column_end(drawn: Plan, column: int) -> float:
    return max(drawn.units[at].x + drawn.units[at].width for at in drawn.columns[column])


def _brace(sheet: Sheet, x: float, column: int, slot: Slot, gap: _Gap) -> None:
    drawn = sheet.plan
    goal = min(drawn.units[at].x for at in drawn.columns[column])
    half = LANE * (len(slot.ways) - 1) / 2 + 5.0
    ties = tuple(drawn.ties[drawn.ways[n].tie] for n in slot.ways)
    assert slot.group is not None
    at = goal - gap.into - gap.brace
    sheet.braces.append(Brace(at, slot.y - half, slot.y + half, slot.y, x, ties, slot.group))
    sheet.labels.append((at + _BRACE - 4.0, slot.y, slot.label, None))
