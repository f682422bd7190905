"""A drawing read back: what any drawing must be, whatever it shows."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from tests.briefs.drawn_chain import SVG, Box, meet, points, texts

FORBIDDEN = {"script", "style", "image", "use", "foreignObject", "a", "animate", "set"}


def rects(svg: ET.Element, name: str) -> list[Box]:
    """Return left, top, right and bottom of each rectangle of a class."""
    found = []
    for node in svg.iter(f"{SVG}rect"):
        if node.get("class") == name:
            x, y, width, height = (float(node.attrib[key]) for key in ("x", "y", "width", "height"))
            found.append((x, y, x + width, y + height))
    return found


def paths(svg: ET.Element, *names: str) -> list[ET.Element]:
    """Return the paths of some classes."""
    return [node for node in svg.iter(f"{SVG}path") if node.get("class") in names]


def is_closed(text: str) -> ET.Element:
    """Read a drawing, and check that it needs nothing from outside and can be told to whoever cannot see it."""
    svg = ET.fromstring(text)
    assert not {node.tag.removeprefix(SVG) for node in svg.iter()} & FORBIDDEN
    assert not [key for node in svg.iter() for key in node.attrib if key.startswith("on") or key in ("style", "href")]
    assert re.findall(r"https?:[^\"]*", text.replace("&lt;", "")) == ["http://www.w3.org/2000/svg"]
    told = {node.get("id"): node.text for node in svg if node.tag in (f"{SVG}title", f"{SVG}desc")}
    assert svg.get("role") == "img"
    assert svg.attrib["aria-labelledby"].split() == list(told)
    assert all(told.values())
    return svg


def untidy_boxes(svg: ET.Element, name: str, *strokes: str) -> list[str]:
    """Return which boxes of a class, texts and strokes cover one another, or leave the sheet."""
    wrong = []
    _, _, width, height = (float(text) for text in svg.attrib["viewBox"].split())
    held, said = rects(svg, name), texts(svg)
    for i, a in enumerate(held):
        wrong += [f"box {a} on box {b}" for b in held[i + 1 :] if meet(a, b)]
    for i, (text, a) in enumerate(said):
        wrong += [f"{text!r} on {other!r}" for other, b in said[i + 1 :] if meet(a, b, 0.6)]
        inside = [b for b in held if b[0] <= a[0] and a[2] <= b[2] and b[1] <= a[1] and a[3] <= b[3]]
        wrong += [f"{text!r} cut by a box" for b in held if meet(a, b, 0.1) and b not in inside]
    for what, a in [*((text, a) for text, a in said), *(("box", b) for b in held)]:
        if a[0] < 0 or a[1] < 0 or a[2] > width or a[3] > height:
            wrong.append(f"{what!r} leaves the sheet")
    for node in paths(svg, *strokes):
        for x, y in points(node.attrib["d"]):
            crossed = [b for b in held if b[0] + 1 < x < b[2] - 1 and b[1] + 1 < y < b[3] - 1]
            struck = [text for text, b in said if b[0] < x < b[2] and b[1] < y < b[3]]
            if crossed or struck or not (0 <= x <= width and 0 <= y <= height):
                wrong.append(f"a {node.get('class')} at {x:.0f} {y:.0f} meets {struck or crossed or 'the edge'}")
                break
    return wrong
