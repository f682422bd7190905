"""The outline of the world: projection, decoding, and the cut at the edge of the sheet."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.briefs.maps import cut_line, cut_ring, decode, load_countries, load_world, outline, unwrapped
from isthmus.briefs.projection import EqualEarth, Point
from isthmus.errors import FormatError

# The sphere of the ellipsoid's area (WGS 84), metres: with it the polynomial gives the figures that PROJ prints.
AUTHALIC = 6_371_007.1809
WHOLE = EqualEarth(width=2 * 17_243_959.06, central=0, north=90, south=-90)

SQUARE = {
    "type": "Topology",
    "transform": {"scale": [1, 1], "translate": [0, 0]},
    "arcs": [[[0, 0], [10, 0]], [[10, 0], [0, 10], [-10, 0], [0, -10]], [[10, 0], [10, 0], [0, 10], [-10, 0]]],
    "objects": {
        "two": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "arcs": [[[~0, 2]]]},
            ],
        }
    },
}


def area(ring: Sequence[Point]) -> float:
    """Return twice the signed area of a ring."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))


def rings(path: str) -> list[list[Point]]:
    """Return the points of an SVG path of absolute starts and relative steps."""
    found = []
    for part in re.findall(r"M([^M]*)", path):
        start, steps = part.removesuffix("z").split("l")
        x, y = map(float, start.split())
        line = [(x, y)]
        numbers = [float(number) for number in steps.split()]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            line.append((x, y))
        found.append(line)
    return found


@pytest.mark.parametrize(
    ("longitude", "latitude", "x", "y"),
    [(180, 0, 17_243_959.06, 0.0), (-180, 90, -10_216_474.79, 8_392_927.60), (0, -90, 0.0, -8_392_927.60)],
)
def test_projects_as_proj_does(longitude: float, latitude: float, x: float, y: float) -> None:
    px, py = WHOLE.project((longitude, latitude))
    assert px - WHOLE.width / 2 == pytest.approx(x, abs=1)
    assert WHOLE.height / 2 - py == pytest.approx(y, abs=1)


@given(st.floats(-179, 179), st.floats(-88, 88))
def test_areas_are_true(longitude: float, latitude: float) -> None:
    h = 1e-4
    (x0, y0), (x1, _), (_, y1) = (
        WHOLE.project(place) for place in ((longitude, latitude), (longitude + h, latitude), (longitude, latitude + h))
    )
    drawn = abs(x1 - x0) * abs(y1 - y0)
    true = AUTHALIC**2 * math.radians(h) ** 2 * math.cos(math.radians(latitude + h / 2))
    assert drawn == pytest.approx(true, rel=1e-3)


@given(st.floats(-1000, 1000), st.floats(-180, 180))
def test_wrapped_longitudes_lie_on_the_sheet(longitude: float, central: float) -> None:
    sheet = EqualEarth(central=central)
    turned = sheet.wrapped(longitude)
    assert sheet.west <= turned <= sheet.west + 360
    assert (turned - longitude) / 360 == pytest.approx(round((turned - longitude) / 360), abs=1e-9)


def test_decodes_arcs_and_reads_them_backwards() -> None:
    world = decode(json.dumps(SQUARE))
    assert world.arcs[0] == ((0, 0), (10, 0))
    assert world.line([~0]) == [(10, 0), (0, 0)]
    assert world.line([0, 1]) == [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]
    assert list(world.polygons("two")) == [[[0, 1]], [[~0, 2]]]
    assert world.shared_arcs("two") == [0]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"type": "FeatureCollection"}', '{"type": "Topology", "arcs": 3}'])
def test_refuses_what_is_no_topology(text: str) -> None:
    with pytest.raises(FormatError, match=r"map\.json"):
        decode(text, where="map.json")


def test_refuses_an_object_that_is_not_there() -> None:
    with pytest.raises(FormatError, match="'lakes'"):
        list(decode(json.dumps(SQUARE)).polygons("lakes"))


@given(
    st.floats(-180, 180),
    st.floats(-60, 60),
    st.lists(st.floats(1, 25), min_size=3, max_size=12),
    st.floats(-180, 180),
)
def test_a_cut_ring_keeps_its_area_and_stays_on_the_sheet(
    longitude: float, latitude: float, radii: list[float], west: float
) -> None:
    star = [
        (
            longitude + radius * math.cos(2 * math.pi * i / len(radii)),
            latitude + radius * math.sin(2 * math.pi * i / len(radii)),
        )
        for i, radius in enumerate(radii)
    ]
    # As files have it: every longitude between -180 and 180.
    stored = [((x + 180) % 360 - 180, y) for x, y in [*star, star[0]]]
    parts = cut_ring(stored, west)
    assert all(west - 1e-6 <= x <= west + 360 + 1e-6 for part in parts for x, _ in part)
    assert sum(area(part) for part in parts) == pytest.approx(area(star), rel=1e-6, abs=1e-6)


def test_a_ring_round_the_pole_is_closed_along_it() -> None:
    cap = [(x, -70.0) for x in range(-180, 180, 30)]
    parts = cut_ring([*cap, cap[0]], -169.0)
    assert sum(abs(area(part)) for part in parts) == pytest.approx(2 * 360 * 20)


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-80, 80)), min_size=2, max_size=20), st.floats(-180, 180))
def test_a_cut_line_keeps_its_length_and_stays_on_the_sheet(line: list[Point], west: float) -> None:
    pieces = cut_line(line, west)
    assert all(west - 1e-6 <= x <= west + 360 + 1e-6 for piece in pieces for x, _ in piece)

    def length(points: Sequence[Point]) -> float:
        return sum(math.dist(a, b) for a, b in pairwise(points))

    assert sum(map(length, pieces)) == pytest.approx(length(unwrapped(line)), abs=1e-6)


@pytest.mark.parametrize("central", [0, 11, 150, -100])
def test_no_line_crosses_the_map(central: float) -> None:
    sheet = EqualEarth(central=central)
    drawn = outline(load_world(), sheet)
    for line in (*rings(drawn.land), *rings(drawn.borders)):
        for a, b in pairwise(line):
            assert abs(a[0] - b[0]) < sheet.width / 12, (central, a, b)


def test_the_world_has_as_much_land_as_it_has() -> None:
    sheet = EqualEarth(north=90, south=-90)
    land = abs(sum(area(ring) for ring in rings(outline(load_world(), sheet).land))) / 2
    whole = land / (AUTHALIC / 17_243_959.06 * sheet.width / 2) ** 2 / (4 * math.pi)
    # 149 of 510 million km2; at 1:110 million small islands and the ice shelves' edges are off by a little.
    assert whole == pytest.approx(0.292, abs=0.006)


def test_badges_stand_on_land() -> None:
    countries = load_countries()
    assert countries["KE"] is countries["KEN"]
    land = [unwrapped(load_world().line(ring)) for polygon in load_world().polygons("land") for ring in polygon]

    def on_land(x: float, y: float) -> bool:
        inside = False
        for ring in land:
            for turn in (-360, 0, 360):
                for (ax, ay), (bx, by) in pairwise(ring):
                    if (ay > y) != (by > y) and x + turn < ax + (y - ay) * (bx - ax) / (by - ay):
                        inside = not inside
        return inside

    places = set(countries.values())
    ashore = sum(on_land(place.longitude, place.latitude) for place in places)
    assert len(places) == 249
    # The others are islands too small for this map.
    assert ashore > 165
