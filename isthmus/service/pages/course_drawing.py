"""What is left over the months under a scenario, as paths of a small drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

DRAWN = 4
"""So many things have a line in the drawing."""
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 460.0, 190.0, 46.0, 312.0, 26.0, 146.0
_APART = 13.0
Body = Mapping[str, Any]
Scale = Callable[[float], float]


def drawing(rows: Sequence[Body]) -> dict[str, Any] | None:
    """Return what is left over the months of the things that change first, as paths of a small drawing; None where nothing changes.

    Things of the same course share a line. A band lies between what is left at the worst and at the best.
    """
    courses: dict[str, tuple[list[Body], list[Body]]] = {}
    for row in rows:
        course = row.get("course") or []
        if course:
            key = repr([(one["month"], one["left"]["low"], one["left"]["high"]) for one in course])
            courses.setdefault(key, (list(course), []))[1].append(row)
    if not courses:
        return None
    shown = list(courses.values())[:DRAWN]
    last = max(float(one["month"]) for course, _ in shown for one in course)
    first, end = -max(last, 2.0) * 0.2 or -1.0, max(last * 1.25, last + 2.0)

    def across(month: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * (month - first) / (end - first), 1)

    def down(part: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * min(max(part, 0.0), 1.0), 1)

    lines = []
    taken: list[float] = []
    for course, things in shown:
        points = [(first, 1.0, 1.0)]
        points += [(float(one["month"]), float(one["left"]["low"] or 0), _high(one["left"])) for one in course]
        low, high = points[-1][1:]
        label = _free(down((low + high) / 2), taken)
        name = str(things[0]["caption"]) + (f" {things[0]['seen']}" if things[0].get("seen") else "")
        lines.append(
            {
                "low": _stairs(points, end, across, down, 1),
                "high": _stairs(points, end, across, down, 2),
                "band": _band(points, end, across, down),
                "caption": name,
                "more": len(things) - 1,
                "y": label,
            }
        )
    months = sorted({0.0, *(float(one["month"]) for course, _ in shown for one in course)})
    ticks = [(across(month), f"{month:g}") for month in months]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": RIGHT,
        "bottom": BOTTOM,
        "levels": [(down(part), f"{part * 100:g} %") for part in (0.0, 0.5, 1.0)],
        "ticks": _spaced(ticks),
        "lines": lines,
        "more": len(courses) - len(shown),
    }


def _high(left: Body) -> float:
    return 1.0 if left["high"] is None else float(left["high"])


def _free(y: float, taken: list[float]) -> float:
    """Return a height near one at which no label stands yet."""
    while any(abs(y - other) < _APART for other in taken):
        y -= _APART
    taken.append(y)
    return round(y + 4.0, 1)


def _spaced(ticks: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    found: list[tuple[float, str]] = []
    for x, text in ticks:
        if not found or x - found[-1][0] > 22.0:
            found.append((x, text))
    return found


def _stairs(points: Sequence[tuple[float, float, float]], end: float, across: Scale, down: Scale, at: int) -> str:
    path = f"M{across(points[0][0])} {down(points[0][at])}"
    for point in points[1:]:
        path += f"H{across(point[0])}V{down(point[at])}"
    return path + f"H{across(end)}"


def _band(points: Sequence[tuple[float, float, float]], end: float, across: Scale, down: Scale) -> str | None:
    """Return the ground between the two ends, where they differ."""
    if all(abs(low - high) < 1e-9 for _, low, high in points):
        return None
    path = _stairs(points, end, across, down, 2) + f"V{down(points[-1][1])}"
    for one, before in zip(reversed(points[1:]), reversed(points[:-1]), strict=True):
        path += f"H{across(one[0])}V{down(before[1])}"
    return path + f"H{across(points[0][0])}Z"
