"""The map as it is drawn without a script: the land, a mark for each site or crowd of sites, and the badges of countries.

No names of places are drawn, so that no side is taken. A crowd stands where its first site stands, with its number.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from isthmus.briefs.maps import load_countries, load_world, outline
from isthmus.service.pages.map.reading import SHEET
from isthmus.service.pages.map.site import Site
from isthmus.service.pages.map.wanted import View, in_view

SCALE = 1.5
"""Marks are so much larger than their shapes are drawn: the sheet is seldom shown as wide as it is."""
CELL = 34.0
"""Sites nearer to one another than about this, in units of the sheet, are one crowd where the whole sheet is shown."""
_MARGIN, _LEAST = 24.0, 60.0
_RATIO = 2.0
_NEAR = ((0, 0), (0, -19), (0, 19), (26, -10), (-26, -10), (26, 10), (-26, 10))
"""Where a badge may stand beside the middle of its country."""
WHOLE: View = (0.0, 0.0, SHEET.width, round(SHEET.height, 1))


class Mark(NamedTuple):
    """A site, or a crowd of them, on the sheet."""

    x: float
    y: float
    n: int
    layer: str
    status: str
    title: str
    id: str | None
    view: str


@cache
def land() -> dict[str, Any]:
    """Return the outline of the world on the sheet: two SVG path texts, width and height."""
    drawn = outline(load_world(), SHEET)
    return {"land": drawn.land, "borders": drawn.borders, "width": SHEET.width, "height": WHOLE[3]}


def drawing(sites: Iterable[Site], view: View | None, captions: Mapping[str, str]) -> dict[str, Any]:
    """Return the marks and badges of sites, and the part of the sheet that they are drawn on.

    Returns
    -------
    dict
        ``box`` (left, top, width, height), ``scale`` (of marks and badges on it), ``marks``, ``badges`` (``text``, ``x``, ``y``,
        ``width``, ``anchor``, ``title``, ``code``, ``others``: how many more countries, ``view``).
    """
    held = [site for site in sites if site.shown]
    box = view or framed(held)
    unit = (box[2] - box[0]) / SHEET.width
    inside = [site for site in held if in_view(site, box)]
    return {
        "box": (round(box[0], 2), round(box[1], 2), round(box[2] - box[0], 2), round(box[3] - box[1], 2)),
        "scale": round(SCALE * unit, 5),
        "marks": _marks(inside, box, CELL * unit),
        "badges": _badges(inside, captions, box, SCALE * unit),
    }


def framed(sites: Iterable[Site]) -> View:
    """Return the part of the sheet that holds the sites, not too near; the whole of it where they lie far apart, or there are none."""
    places = [(spot.x, spot.y) for site in sites for spot in site.shown if spot.x is not None and spot.y is not None]
    if not places:
        return WHOLE
    left, right = min(x for x, _ in places) - _MARGIN, max(x for x, _ in places) + _MARGIN
    top, bottom = min(y for _, y in places) - _MARGIN, max(y for _, y in places) + _MARGIN
    height = max(bottom - top, (right - left) / _RATIO, _LEAST)
    width = height * SHEET.width / WHOLE[3]
    if width > 0.7 * SHEET.width:
        return WHOLE
    x = min(max((left + right - width) / 2, 0.0), SHEET.width - width)
    y = min(max((top + bottom - height) / 2, 0.0), WHOLE[3] - height)
    return round(x, 2), round(y, 2), round(x + width, 2), round(y + height, 2)


def _marks(sites: Iterable[Site], box: View, cell: float) -> list[Mark]:
    crowds: dict[tuple[int, int], list[tuple[Site, float, float]]] = {}
    for site in sites:
        for spot in site.shown:
            if not spot.exact or spot.x is None or spot.y is None:
                continue
            if box[0] <= spot.x <= box[2] and box[1] <= spot.y <= box[3]:
                key = (int(spot.x // cell), int(spot.y // cell))
                crowds.setdefault(key, []).append((site, spot.x, spot.y))
    marks = []
    for crowd in crowds.values():
        site, x, y = crowd[0]
        members = {one.id: one for one, _, _ in crowd}
        layers, stages = {one.kind for one in members.values()}, {one.status for one in members.values()}
        named = [one.caption[:80] for one in list(members.values())[:4]]
        more = f" and {len(members) - 4:,} more" if len(members) > 4 else ""
        marks.append(
            Mark(
                x,
                y,
                len(members),
                layers.pop() if len(layers) == 1 else "mixed",
                stages.pop() if len(stages) == 1 else "mixed",
                "; ".join(named) + more,
                site.id if len(members) == 1 else None,
                _around(x, y, box),
            )
        )
    return sorted(marks, key=lambda mark: (mark.n, mark.y, mark.x))


def _badges(sites: Sequence[Site], captions: Mapping[str, str], box: View, scale: float) -> list[dict[str, Any]]:
    """Return the badges of countries, the largest first; one that finds no room near its country joins the nearest that did."""
    held: dict[str, list[str]] = {}
    for site in sites:
        for spot in site.shown:
            if not spot.exact and spot.country and site.id not in held.setdefault(spot.country, []):
                held[spot.country].append(site.id)
    named = {spot.country: captions.get(spot.through[-1]) for s in sites for spot in s.shown if spot.through}
    placed: list[_Badge] = []
    countries = load_countries()
    for code, ids in sorted(held.items(), key=lambda item: (-len(item[1]), item[0])):
        place = countries[code]
        x, y = (round(part, 1) for part in SHEET.project((SHEET.wrapped(place.longitude), place.latitude)))
        if not (box[0] <= x <= box[2] and box[1] <= y <= box[3]):
            continue
        badge = _Badge(x, y, x, y, [code], len(ids))
        for dx, dy in _NEAR:
            near = badge._replace(x=round(x + dx * scale, 1), y=round(y + dy * scale, 1))
            if all(near.is_clear(other, scale) for other in placed):
                placed.append(near)
                break
        else:
            best = min(range(len(placed)), key=lambda at: math.hypot(placed[at].ax - x, placed[at].ay - y))
            joined = placed[best]
            placed[best] = joined._replace(codes=[*joined.codes, code], n=joined.n + len(ids))
    return [badge.told(named) | {"view": _around(badge.ax, badge.ay, box)} for badge in placed]


class _Badge(NamedTuple):
    """The badge of one country, or of several that lie too near to one another."""

    x: float
    y: float
    ax: float
    ay: float
    codes: list[str]
    n: int

    @property
    def text(self) -> str:
        """What stands on it."""
        return f"{self.codes[0]}{f'+{len(self.codes) - 1}' if len(self.codes) > 1 else ''} · {self.n:,}"

    def is_clear(self, other: _Badge, scale: float) -> bool:
        """Tell whether there is room between two badges, with what may still join them."""
        wide = scale * (_width(self.text) + _width(other.text) + 32) / 2
        return abs(self.x - other.x) > wide or abs(self.y - other.y) > 19 * scale

    def told(self, named: Mapping[str | None, str | None]) -> dict[str, Any]:
        names = [named.get(code) or code for code in self.codes]
        listed = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
        return {
            "code": self.codes[0],
            "others": len(self.codes) - 1,
            "text": self.text,
            "x": self.x,
            "y": self.y,
            "width": _width(self.text),
            "anchor": (self.ax, self.ay),
            "title": f"{listed}: {self.n:,} known by country only",
        }


def _width(text: str) -> float:
    return round(6.2 * len(text) + 6, 1)


def _around(x: float, y: float, box: View) -> str:
    """Return a third of a part of the sheet around a place, as an address has it."""
    w, h = (box[2] - box[0]) / 6, (box[3] - box[1]) / 6
    return ",".join(f"{part:.2f}" for part in (x - w, y - h, x + w, y + h))
