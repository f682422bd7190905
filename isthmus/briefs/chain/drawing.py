"""The drawing of a chain of control as one SVG document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from isthmus.briefs.chain.boxes import PAD, Box, Inner
from isthmus.briefs.chain.fold import blocks, fold
from isthmus.briefs.chain.graph import Graph, Tie, build
from isthmus.briefs.chain.layout import Unit, plan
from isthmus.briefs.chain.legend import legend
from isthmus.briefs.chain.sheet import Brace, Point, Sheet, Stroke, lay_out
from isthmus.briefs.chain.words import asked_about
from isthmus.briefs.svg.ink import EDGE, FILL, INK, PAST, QUIET, band, ending, glyph, lettering, line, number
from isthmus.briefs.svg.labels import Label, ink_width
from isthmus.briefs.svg.lettering import fit_for_xml
from isthmus.briefs.svg.page import LEAST_WIDTH, document, head, stand_of


def chain_svg(finding: Mapping[str, Any], *, marks: bool = False) -> str:
    """Draw who controls a thing, or what it controls, from owners at the left to what is owned at the right.

    A line is as wide as its share is at least, on a pale band as wide as it may be at most. It is dashed where it is not
    certain, light where it is past, an outline where nobody is named; it ends in a bar where it can only block, and is thin
    where it only influences. What a source hedges has a dotted line below its words. Joint holdings meet in a brace, and
    parties that hold one another stand in one frame. At most twelve parties are drawn at a party; the others stand in one box
    whose title names them.

    Parameters
    ----------
    finding : mapping
        A finding of the lens of control, as its ``to_json`` gives it. Beyond the design it may say the kinds of the thing asked
        about (``question.kinds``) and of both ends of a step (``from_kinds``, ``to_kinds``), and that a step or a holder is
        ``past``.
    marks : bool
        Make the words beside each line a link to the slip of the first claim that says it (``#s-`` and the claim's id), for a page
        that has such slips.

    Returns
    -------
    str
        An SVG document, the same for the same finding: without script, style sheet or outside reference.
    """
    graph = build(finding)
    fold(graph)
    found = blocks(graph)
    drawn = plan(graph, found)
    title, stand = _title(finding), _stand(finding)
    header, top = head(title, stand, LEAST_WIDTH)
    sheet = lay_out(drawn, top)
    if sheet.width > LEAST_WIDTH:
        header, lower = head(title, stand, sheet.width)
        sheet = lay_out(plan(graph, found), lower)
    return _document(finding, graph, sheet, header, sheet.height, marks=marks)


def _title(finding: Mapping[str, Any]) -> str:
    question, caption = finding["question"], asked_about(finding)
    if not caption:
        return "Who controls most in this picture"
    asked = "Which state or state body" if question.get("state") else "Who"
    asked += " ultimately" if question.get("ultimate") else ""
    return f"{asked} controls {caption}" if question.get("of") or not question.get("by") else f"What {caption} controls"


def _stand(finding: Mapping[str, Any]) -> list[str]:
    rules = finding["question"].get("profiles") or [rule["id"] for rule in finding.get("rules") or ()]
    return stand_of(finding, [f"rule {', '.join(map(str, rules))}"] if rules else [])


def _document(
    finding: Mapping[str, Any], graph: Graph, sheet: Sheet, header: Markup, bottom: float, *, marks: bool
) -> str:
    width = max(sheet.width, LEAST_WIDTH)
    strokes = [_stroke(stroke) for stroke in sheet.strokes]
    braces = [_brace(brace) for brace in sheet.braces]
    units = [_unit(unit) for unit in sheet.plan.units if unit.measured is not None]
    labels = [
        _marked(lettering(label.texts, x, y, past=tie is not None and tie.past), tie if marks else None, label, x, y)
        for x, y, label, tie in sheet.labels
    ]
    key, height = legend(graph, bottom + 20.0, width)
    body = Markup("").join([header, *strokes, *braces, *units, *labels, key])
    told = _title(finding), " ".join(f"{fit_for_xml(tie.words)}." for tie in graph.ties) or "Nothing is known."
    return document(finding, told, body, (width, height), "chain", role="group" if marks else "img")


def _marked(words: Markup, tie: Tie | None, label: Label, x: float, y: float) -> Markup:
    """Return the words beside a line, as a link to the slip of a claim that says it; all the room of the label takes a click."""
    if tie is None or not tie.claims or not words:
        return words
    room = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="none" pointer-events="all"/>').format(
        number(x), number(y - label.above), number(label.width), number(label.above + label.below)
    )
    return Markup('<a class="smark" href="#s-{}" aria-label="{}">{}{}</a>').format(
        min(tie.claims), fit_for_xml(tie.words), room, words
    )


def _stroke(stroke: Stroke) -> Markup:
    tie = stroke.tie
    path = "".join(
        _path(points, turns=stroke.turns and len(points) == 6, first=not at) for at, points in enumerate(stroke.points)
    )
    parts = [Markup("<title>{}</title>").format(fit_for_xml(tie.words))]
    least = ink_width(tie.low)
    thin = tie.end == "thin"
    if tie.high is not None and tie.high > (tie.low or 0.0) and not tie.hollow and not thin:
        parts.append(band(path, ink_width(tie.high)))
    parts.append(_line(tie, path, least))
    if not stroke.joint:
        x, y = stroke.points[-1][-1]
        parts.append(ending(tie.end, x, y, width=least, past=tie.past, hollow=tie.hollow))
    return Markup("<g>{}</g>").format(Markup("").join(parts))


def _line(tie: Tie, path: str, width: float) -> Markup:
    ends = [fit_for_xml(end.replace("\x00", "")) for end in (tie.source, tie.target)]
    name = Markup(' data-from="{}" data-to="{}"').format(*ends)
    return line(
        path, width=width, certain=tie.certain, past=tie.past, hollow=tie.hollow, name=name, thin=tie.end == "thin"
    )


def _path(points: Sequence[Point], *, turns: bool, first: bool) -> str:
    """Return a path through points: level, a smooth bend, level; or around the end of a row with round corners."""
    start = f"{'M' if first else 'L'}{number(points[0][0])} {number(points[0][1])}"
    if not turns:
        (x1, y1), (x2, y2), (x3, _) = points[1:]
        middle = (x1 + x2) / 2
        bend = f"C{number(middle)} {number(y1)} {number(middle)} {number(y2)} {number(x2)} {number(y2)}"
        return f"{start}H{number(x1)}{bend if y1 != y2 else f'H{number(x2)}'}H{number(x3)}"
    return start + _rounded(points)


def _rounded(points: Sequence[Point], radius: float = 4.0) -> str:
    parts = []
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        enter, leave = _toward(corner, before, radius), _toward(corner, after, radius)
        parts.append(f"L{_at(enter)}Q{_at(corner)} {_at(leave)}")
    return f"{''.join(parts)}L{_at(points[-1])}"


def _at(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _toward(start: Point, goal: Point, by: float) -> Point:
    dx, dy = goal[0] - start[0], goal[1] - start[1]
    length = max(abs(dx), abs(dy)) or 1.0
    part = min(by / length, 0.5)
    return start[0] + part * dx, start[1] + part * dy


def _brace(brace: Brace) -> Markup:
    x, top, bottom, y = brace.x, brace.top, brace.bottom, brace.y
    certain = all(tie.certain for tie in brace.ties)
    past = all(tie.past for tie in brace.ties)
    shape = (
        f"M{number(x)} {number(top)}C{number(x + 8)} {number(top)} {number(x)} {number(y)} {number(x + 10)} {number(y)}"
        f"C{number(x)} {number(y)} {number(x + 8)} {number(bottom)} {number(x)} {number(bottom)}"
    )
    width = ink_width(min(sum(tie.low or 0.0 for tie in brace.ties), 1.0))
    path = f"M{number(x + 10)} {number(y)}H{number(brace.end)}"
    parts = [
        Markup('<path class="brace" d="{}" fill="none" stroke="{}" stroke-width="1.6"/>').format(
            shape, PAST if past else INK
        ),
        line(
            path,
            width=width,
            certain=certain,
            past=past,
            hollow=False,
            name=Markup(' data-joint="{}"').format(brace.group),
        ),
        ending("arrow", brace.end, y, width=width, past=past, hollow=False),
    ]
    return Markup("<g>{}</g>").format(Markup("").join(parts))


def _unit(unit: Unit) -> Markup:
    made = unit.measured
    assert made is not None
    if len(made.boxes) == 1:
        return _box(made.boxes[0][2], unit.x, unit.y, unit.height)
    drop = (unit.height - made.height) / 2
    frame = Markup(
        '<rect class="ring" x="{}" y="{}" width="{}" height="{}" rx="18" fill="{}" stroke="{}" stroke-width="1.4"/>'
    ).format(number(unit.x), number(unit.y), number(unit.width), number(unit.height), "#f4f5f5", EDGE)
    inner = [_inner(entry, unit.x, unit.y + drop) for entry in made.inner]
    boxes = [_box(box, unit.x + x, unit.y + drop + y, box.height) for x, y, box in made.boxes]
    return Markup("<g>{}{}{}{}</g>").format(
        frame, lettering(made.texts, unit.x, unit.y + drop), Markup("").join(inner), Markup("").join(boxes)
    )


def _inner(entry: Inner, x: float, y: float) -> Markup:
    (x1, y1), (x2, y2) = ((x + end[0], y + end[1]) for end in (entry.start, entry.end))
    width = ink_width(entry.tie.low)
    if entry.upright:
        path = f"M{number(x1)} {number(y1)}V{number(y2)}"
        turn = 90 if y2 > y1 else -90
    else:
        # Level where the label stands, which is by the right end.
        level = entry.label.width + 30.0
        far = max(x1, x2) - level
        near = min(x1, x2) + 18.0
        start_y, stop_y = (y1, y2) if x2 > x1 else (y2, y1)
        middle = (near + far) / 2
        bend = f"C{number(middle)} {number(start_y)} {number(middle)} {number(stop_y)} {number(far)} {number(stop_y)}"
        path = f"M{number(min(x1, x2))} {number(start_y)}H{number(near)}{bend}H{number(max(x1, x2))}"
        turn = 0 if x2 > x1 else 180
    head = ending(entry.tie.end, 0.0, 0.0, width=width, past=entry.tie.past, hollow=False)
    return Markup('<g><title>{}</title>{}<g transform="translate({} {}) rotate({})">{}</g>{}</g>').format(
        fit_for_xml(entry.tie.words),
        _line(entry.tie, path, width),
        number(x2),
        number(y2),
        turn,
        head,
        lettering(entry.label.texts, x + entry.at[0], y + entry.at[1], past=entry.tie.past),
    )


def _box(box: Box, x: float, y: float, height: float) -> Markup:
    party = box.party
    drop = (height - box.height) / 2
    edge, width = (EDGE, 1.3) if party.hollow or party.folded else (INK, 2.8) if party.subject else (QUIET, 1.2)
    fill = "none" if party.hollow else FILL
    words = [party.caption, *(note.text for note in party.notes)]
    words += [", ".join(party.folded)] if party.folded else []
    rect = Markup(
        '<rect class="box" x="{}" y="{}" width="{}" height="{}" rx="3" fill="{}" stroke="{}" stroke-width="{}"/>'
    )
    shape = glyph(party.kinds, x + PAD + 6.0, y + drop + PAD + 6.5) if party.kinds and not party.hollow else Markup("")
    return Markup("<g><title>{}</title>{}{}{}</g>").format(
        "; ".join(words),
        rect.format(number(x), number(y), number(box.width), number(height), fill, edge, number(width)),
        shape,
        lettering(box.texts, x, y + drop),
    )
