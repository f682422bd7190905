"""The outline of the world as SVG paths: TopoJSON decoded, projected with Equal Earth, cut at the map's edge.

Everything here works on degrees (longitude first) and on the drawing's own units (x to the right, y down).
"""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any, NamedTuple

from isthmus.briefs.projection import EqualEarth, Point
from isthmus.errors import FormatError

# Straight in degrees is not straight on the map: edges that climb more than this are given points in between.
_STEP_DEGREES = 3.0


@dataclass(frozen=True, slots=True)
class Topology:
    """A decoded TopoJSON file: arcs in degrees, and the objects that are made of them."""

    arcs: tuple[tuple[Point, ...], ...]
    objects: Mapping[str, Any]

    def line(self, arcs: Sequence[int]) -> list[Point]:
        """Return the points of arcs joined end to end; ``~i`` is arc i read backwards (TopoJSON 1.0, section 2.1.4)."""
        points: list[Point] = []
        for index in arcs:
            arc = self.arcs[index] if index >= 0 else self.arcs[~index][::-1]
            points.extend(arc[1:] if points else arc)
        return points

    def polygons(self, name: str) -> Iterator[list[list[int]]]:
        """Yield the polygons of an object, each a list of rings of arc numbers.

        Raises
        ------
        FormatError
            If there is no such object.
        """
        if name not in self.objects:
            raise FormatError(
                f"The map has no object '{name}', so it cannot be drawn.", hint=f"It has: {', '.join(self.objects)}."
            )
        yield from _polygons(self.objects[name])

    def shared_arcs(self, name: str) -> list[int]:
        """Return the arcs that bound two polygons of an object: the lines between neighbours."""
        uses = Counter(arc if arc >= 0 else ~arc for polygon in self.polygons(name) for ring in polygon for arc in ring)
        return sorted(arc for arc, times in uses.items() if times > 1)


def _polygons(geometry: Mapping[str, Any]) -> Iterator[list[list[int]]]:
    match geometry["type"]:
        case "GeometryCollection":
            for part in geometry["geometries"]:
                yield from _polygons(part)
        case "MultiPolygon":
            yield from geometry["arcs"]
        case "Polygon":
            yield geometry["arcs"]


def decode(text: str, *, where: str | None = None) -> Topology:
    """Read a quantized TopoJSON document.

    Raises
    ------
    FormatError
        If the text is no TopoJSON topology.
    """
    try:
        document = json.loads(text)
        if document["type"] != "Topology":
            raise FormatError("The file is JSON but no TopoJSON topology, so no map can be drawn.", where=where)
        scale, shift = document["transform"]["scale"], document["transform"]["translate"]
        arcs = tuple(tuple(_undelta(arc, scale, shift)) for arc in document["arcs"])
        return Topology(arcs, document["objects"])
    except (ValueError, KeyError, TypeError) as problem:
        raise FormatError(
            f"The map cannot be read as quantized TopoJSON ({type(problem).__name__}: {problem}).",
            where=where,
            hint="It is part of the package; install the package again.",
        ) from problem


def _undelta(arc: Iterable[Sequence[int]], scale: Sequence[float], shift: Sequence[float]) -> Iterator[Point]:
    x = y = 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        yield x * scale[0] + shift[0], y * scale[1] + shift[1]


def unwrapped(line: Sequence[Point]) -> list[Point]:
    """Return a line with longitudes turned by whole circles so that no step is longer than half a circle."""
    result = [line[0]]
    for longitude, latitude in line[1:]:
        before = result[-1][0]
        result.append((longitude - 360 * round((longitude - before) / 360), latitude))
    return result


def cut_ring(ring: Sequence[Point], west: float) -> list[list[Point]]:
    """Return the parts of a closed ring that lie on the sheet from `west` to `west` + 360 degrees.

    A ring that goes round a pole is closed along that pole first. Each part is cut by the two edges in turn
    (I. Sutherland, G. Hodgman, "Reentrant polygon clipping", Communications of the ACM 17(1), 1974), so that no line
    crosses the sheet.
    """
    flat = unwrapped(ring)
    if abs(flat[-1][0] - flat[0][0]) > 180:
        pole = math.copysign(90.0, sum(latitude for _, latitude in flat))
        flat = [*flat, (flat[-1][0], pole), (flat[0][0], pole), flat[0]]
    first = math.floor((west - max(x for x, _ in flat)) / 360)
    last = math.ceil((west + 360 - min(x for x, _ in flat)) / 360)
    parts = []
    for turn in range(first, last + 1):
        moved = [(x + 360 * turn, y) for x, y in flat]
        part = _keep(_keep(moved, west, 1), west + 360, -1)
        if len({x for x, _ in part}) > 1:
            parts.append(part)
    return parts


def _keep(ring: Sequence[Point], edge: float, side: int) -> list[Point]:
    kept: list[Point] = []
    for a, b in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        inside = (a[0] - edge) * side >= 0
        if inside:
            kept.append(a)
        if inside != ((b[0] - edge) * side >= 0):
            kept.append(_crossing(a, b, edge))
    return kept


def cut_line(line: Sequence[Point], west: float) -> list[list[Point]]:
    """Return the pieces of a line on the sheet from `west` to `west` + 360 degrees, broken where it leaves it."""
    flat = unwrapped(line)
    turn = -math.floor((flat[0][0] - west) / 360)
    flat = [(x + 360 * turn, y) for x, y in flat]
    pieces, piece = [], [flat[0]]
    for b in flat[1:]:
        a = piece[-1]
        b = (b[0] - 360 * round((b[0] - a[0]) / 360), b[1])
        edge = west if b[0] < west else west + 360
        if west <= b[0] <= west + 360:
            piece.append(b)
            continue
        middle = _crossing(a, b, edge)
        pieces.append([*piece, middle])
        back = 360 if edge == west else -360
        piece = [(middle[0] + back, middle[1]), (b[0] + back, b[1])]
    return [*pieces, piece]


def _crossing(a: Point, b: Point, edge: float) -> Point:
    return edge, a[1] + (b[1] - a[1]) * (edge - a[0]) / (b[0] - a[0])


class Outline(NamedTuple):
    """Two SVG path texts: the land, and the lines between neighbours."""

    land: str
    borders: str


def outline(world: Topology, projection: EqualEarth) -> Outline:
    """Draw the objects ``land`` and ``countries`` of a world-atlas topology.

    Rings wholly outside the sheet's latitudes are left out.
    """
    land = []
    for polygon in world.polygons("land"):
        for ring in polygon:
            for part in cut_ring(world.line(ring), projection.west):
                if any(projection.shows(latitude) for _, latitude in part):
                    land.append(_path(part, projection) + "z")
    borders = [
        _path(piece, projection)
        for arc in world.shared_arcs("countries")
        for piece in cut_line(world.arcs[arc], projection.west)
    ]
    return Outline("".join(land), "".join(borders))


def _path(line: Sequence[Point], projection: EqualEarth) -> str:
    # Whole tenths of a unit, each step counted from the rounded place before it, so that no drift builds up.
    tenths = [tuple(round(10 * value) for value in projection.project(point)) for point in _dense(line)]
    steps = [f"M{_tenth(tenths[0][0])} {_tenth(tenths[0][1])}l"]
    for (ax, ay), (bx, by) in pairwise(tenths):
        if (ax, ay) != (bx, by):
            steps.append(f"{_tenth(bx - ax)} {_tenth(by - ay)} ")
    return "".join(steps).rstrip() if len(steps) > 1 else steps[0] + "0 0"


def _dense(line: Sequence[Point]) -> Iterator[Point]:
    yield line[0]
    for (ax, ay), (bx, by) in pairwise(line):
        pieces = max(1, math.ceil(abs(by - ay) / _STEP_DEGREES))
        for piece in range(1, pieces + 1):
            yield ax + (bx - ax) * piece / pieces, ay + (by - ay) * piece / pieces


def _tenth(tenths: float) -> str:
    return f"{tenths / 10:g}"


def load_world() -> Topology:
    """Return the world at 1:110 million that comes with the package (world-atlas 2.0.2, from Natural Earth)."""
    path = files("isthmus") / "data" / "world" / "countries-110m.json"
    return decode(path.read_text(encoding="utf-8"), where=str(path))


class Country(NamedTuple):
    """Where the badge of a country stands."""

    alpha2: str
    alpha3: str
    longitude: float
    latitude: float


def load_countries() -> dict[str, Country]:
    """Return the badge places by ISO 3166-1 code, both of two and of three letters."""
    path = files("isthmus") / "data" / "world" / "badges.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    places = [Country(row["alpha2"], row["alpha3"], float(row["lon"]), float(row["lat"])) for row in rows]
    return {code: place for place in places for code in (place.alpha2, place.alpha3)}
