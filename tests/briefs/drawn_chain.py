"""A drawing of a chain read back: its texts, boxes and lines, and whether anything covers anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree as ET

from isthmus.briefs.chain import chain_svg
from isthmus.briefs.svg.lettering import text_width
from tests.control_findings import Body

SVG = "{http://www.w3.org/2000/svg}"
Box = tuple[float, float, float, float]


def drawn(found: Body) -> ET.Element:
    """Return the drawing of a finding, read as XML."""
    return ET.fromstring(chain_svg(found))


def words(svg: ET.Element) -> str:
    """Return the texts of a drawing, those that are drawn."""
    return " ".join(node.text or "" for node in svg.iter(f"{SVG}text"))


def lines(svg: ET.Element) -> dict[tuple[str, str], ET.Element]:
    """Return the ink of each tie by its ends."""
    found = {}
    for node in svg.iter(f"{SVG}path"):
        if node.get("class") == "line" and node.get("data-from"):
            found[node.attrib["data-from"], node.attrib["data-to"]] = node
    return found


def boxes(svg: ET.Element) -> list[Box]:
    """Return left, top, right and bottom of each party's box."""
    found = []
    for node in svg.iter(f"{SVG}rect"):
        if node.get("class") == "box":
            x, y, width, height = (float(node.attrib[key]) for key in ("x", "y", "width", "height"))
            found.append((x, y, x + width, y + height))
    return found


def texts(svg: ET.Element) -> list[tuple[str, Box]]:
    """Return each line of text with the room that it takes: by the width of its letters, which is at the safe side."""
    found = []
    for node in svg.iter(f"{SVG}text"):
        x, y, size = (float(node.attrib[key]) for key in ("x", "y", "font-size"))
        wide = text_width(node.text or "", size, bold="font-weight" in node.attrib)
        found.append((node.text or "", (x, y - 0.75 * size, x + wide, y + 0.22 * size)))
    return found


def meet(a: Box, b: Box, by: float = 0.0) -> bool:
    """Return whether two boxes have more than `by` in common."""
    return a[0] + by < b[2] and b[0] + by < a[2] and a[1] + by < b[3] and b[1] + by < a[3]


def points(path: str) -> Iterator[tuple[float, float]]:
    """Return points along a path of absolute M, L, H, V, C and Q, 25 a piece."""
    x = y = 0.0
    for command, rest in re.findall(r"([MLHVCQ])([^MLHVCQ]*)", path):
        numbers = [float(text) for text in re.findall(r"-?[\d.]+", rest)]
        if command == "H":
            ends = [(numbers[0], y)]
        elif command == "V":
            ends = [(x, numbers[0])]
        else:
            ends = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command != "M":
            for part in range(25):
                yield bezier([(x, y), *ends], part / 24)
        x, y = ends[-1]


def bezier(curve: list[tuple[float, float]], part: float) -> tuple[float, float]:
    """Return a point of a Bezier curve of any degree (de Casteljau)."""
    while len(curve) > 1:
        curve = [(a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])) for a, b in pairwise(curve)]
    return curve[0]


def untidy(svg: ET.Element) -> list[str]:
    """Return what covers something or leaves the sheet."""
    wrong = []
    _, _, width, height = (float(text) for text in svg.attrib["viewBox"].split())
    held, said = boxes(svg), texts(svg)
    for i, a in enumerate(held):
        wrong += [f"box {a} on box {b}" for b in held[i + 1 :] if meet(a, b)]
    for i, (text, a) in enumerate(said):
        wrong += [f"{text!r} on {other!r}" for other, b in said[i + 1 :] if meet(a, b, 0.6)]
        inside = [b for b in held if b[0] <= a[0] and a[2] <= b[2] and b[1] <= a[1] and a[3] <= b[3]]
        wrong += [f"{text!r} cut by a box" for b in held if meet(a, b, 0.1) and b not in inside]
    for name, a in [*((text, a) for text, a in said), *(("box", b) for b in held)]:
        if a[0] < 0 or a[1] < 0 or a[2] > width or a[3] > height:
            wrong.append(f"{name!r} leaves the sheet")
    for ends, node in lines(svg).items():
        for x, y in points(node.attrib["d"]):
            if not (0 <= x <= width and 0 <= y <= height):
                wrong.append(f"the line {ends} leaves the sheet")
                break
            if any(b[0] + 1 < x < b[2] - 1 and b[1] + 1 < y < b[3] - 1 for b in held):
                wrong.append(f"the line {ends} crosses a box at {x:.0f} {y:.0f}")
                break
            half = float(node.attrib["stroke-width"]) / 2
            struck = [text for text, b in said if b[0] < x < b[2] and b[1] < y + half and y - half < b[3]]
            if struck:
                wrong.append(f"the line {ends} strikes {struck[0]!r} at {x:.0f} {y:.0f}")
                break
    return wrong
