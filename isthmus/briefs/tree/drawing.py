"""The dependence tree as one SVG document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from isthmus.briefs.svg.ink import DASH, EDGE, INK, PALE, QUIET, ending, glyph, lettering, number
from isthmus.briefs.svg.labels import Lettered
from isthmus.briefs.svg.lettering import fit_for_xml, wrap_text
from isthmus.briefs.svg.page import (
    KEY_SIZE,
    LEAST_WIDTH,
    MARGIN,
    SAMPLE,
    Sample,
    document,
    head,
    key_of,
    stand_of,
)
from isthmus.briefs.tree.branches import Tree, tree_of
from isthmus.briefs.tree.places import ARROW, BRACE, PAD, SPINE, WIDTH, Gap, Knot, Placed, Sheet, all_words, lay_out

_FULL = "#e9edf0"
_SMALL = 10.5
_MOST_NOTES = 10


def dependence_svg(finding: Mapping[str, Any]) -> str:
    """Draw what a thing depends on, tier by tier from left to right.

    All needs of a thing must hold: they part from one upright line. Alternatives of one need stand behind a brace that says how many of
    them it takes. What fails the thing alone has a thick edge and says so; what only may be needed is dashed. A box is filled where the
    list of its needs is said to be complete, and hollow where it is not. Each thing is drawn once; where it is needed again, a round box
    refers to it. What is not drawn is counted, and named in a title.

    Parameters
    ----------
    finding : mapping
        A finding of the lens of dependence, as its ``to_json`` gives it.

    Returns
    -------
    str
        An SVG document, the same for the same finding: without script, style sheet or outside reference.
    """
    tree = tree_of(finding)
    title = f"What {tree.root.caption} depends on"
    stand = _stand(finding)
    width = max(LEAST_WIDTH, lay_out(tree.root, 0.0).width)
    header, top = head(title, stand, width)
    said, top = _paragraph([_sums(finding, tree)], top - 10.0, width)
    columns = [_column_head(finding, column) for column in range(_columns(tree))]
    top += 8.0
    tall = max((len(lines) for lines in columns), default=0) * 13.0
    sheet = lay_out(tree.root, top + tall + 14.0)
    heads = [
        lettering(
            [Lettered(text, x, top + 13.0 * (at + 1), _SMALL, not at, bool(at)) for at, text in enumerate(lines)], 0, 0
        )
        for x, lines in zip(sheet.columns, columns, strict=True)
    ]
    placed = list(sheet.root.all())
    lines = [_branches(one, sheet) for one in placed if one.joints]
    boxes = [_box(one) for one in placed]
    notes, bottom = _paragraph(_notes(finding), sheet.bottom + 16.0, width)
    key, height = key_of(_key(placed), bottom + 12.0, width)
    told = " ".join(f"{text}." for text in tree.told) or " ".join(gap["what"] for gap in finding.get("gaps") or ())
    body = Markup("").join([header, said, *heads, *lines, *boxes, notes, key])
    return document(finding, (title, fit_for_xml(told) or "Nothing is known."), body, (width, height), "dependence")


def _columns(tree: Tree) -> int:
    deepest, open_ = 0, [tree.root]
    while open_:
        item = open_.pop()
        deepest = max(deepest, item.column)
        open_ += [end for joint in item.joints for end in joint.ends]
    return deepest + 1


def _stand(finding: Mapping[str, Any]) -> list[str]:
    question = finding["question"]
    told = [f"{question['strength']} needs"] if question.get("strength") else []
    return stand_of(finding, told)


def _sums(finding: Mapping[str, Any], tree: Tree) -> str:
    """Return how much there is, and how much of it is drawn."""
    things = sum(row["things"] for row in finding.get("tiers") or () if row["tier"])
    if not things:
        return "No need of it is held."
    tiers = sum(bool(row["tier"]) for row in finding["tiers"])
    failing = sum(bool(row.get("alone")) for row in finding["answers"])
    choice = sum(len(need["alternatives"]) > need["takes"] for need in finding["needs"])
    told = [f"{_count(things, 'thing')} in {_count(tiers, 'tier')}"]
    if finding["question"].get("alone"):
        told.append(f"{failing:,} of them {'fails' if failing == 1 else 'fail'} it alone")
    told.append(f"{choice:,} of {_count(len(finding['needs']), 'need')} with a choice")
    told += [f"{tree.things:,} things drawn"] if tree.things < things else []
    return "; ".join(told) + "."


def _count(number_: int, thing: str) -> str:
    return f"{number_:,} {thing}{'' if number_ == 1 else 's'}"


def _column_head(finding: Mapping[str, Any], column: int) -> list[str]:
    """Return the lines above a column: its tier, how many things it has, and what is said of their lists."""
    row = next((row for row in finding.get("tiers") or () if row["tier"] == column), None)
    if not column or row is None:
        return ["asked about" if not column else f"tier {column}"]
    told = _count(row["things"], "thing")
    if row.get("unsaid") == row["things"]:
        told += f"; nothing is said of {'its list' if row['things'] == 1 else 'their lists'} of needs"
    else:
        words = {"complete": "complete", "incomplete": "incomplete", "unknown": "not known", "unsaid": "not spoken of"}
        told += f"; lists of needs: {', '.join(f'{row[key]:,} {word}' for key, word in words.items() if row.get(key))}"
    return [f"tier {column}", *wrap_text(told, _SMALL, WIDTH)]


def _notes(finding: Mapping[str, Any]) -> list[str]:
    """Return what bounds the drawing: gaps only where there is nothing else, as each column says its own."""
    gaps = [] if finding.get("needs") else [gap["what"] for gap in finding.get("gaps") or ()]
    told = [fit_for_xml(text) for text in (*gaps, *(finding.get("limits") or ()))]
    return (
        told
        if len(told) <= _MOST_NOTES
        else [*told[: _MOST_NOTES - 1], f"and {len(told) - _MOST_NOTES + 1:,} more remarks"]
    )


def _paragraph(told: Sequence[str], y: float, width: float) -> tuple[Markup, float]:
    texts = []
    for note in told:
        for text in wrap_text(note, _SMALL, width - 2 * MARGIN):
            texts.append(Lettered(text, MARGIN, y + 11.0, _SMALL, quiet=True))
            y += 14.0
    return lettering(texts, 0.0, 0.0), y + 6.0


def _branches(placed: Placed, sheet: Sheet) -> Markup:
    """Return the lines from a thing to what it needs."""
    gap = sheet.gaps[placed.item.column]
    right, middle = placed.x + WIDTH, placed.middle
    spine = right + gap.spine
    heights = [knot.middle for knot in placed.joints]
    parts = [_line(f"M{number(right)} {number(middle)}H{number(spine)}", certain=True)]
    if min(heights) < middle or max(heights) > middle:
        low, high = min(*heights, middle), max(*heights, middle)
        parts.append(_line(f"M{number(spine)} {number(low)}V{number(high)}", certain=True, width=2.2, role="spine"))
    told = all_words(placed.item)
    if told:
        text = Lettered(told, right + 5.0, middle - 5.0, _SMALL, True)
        parts.append(lettering([text], 0.0, 0.0))
    parts += [_knot(knot, spine, gap, sheet.columns[placed.item.column + 1]) for knot in placed.joints]
    return Markup("<g>{}</g>").format(Markup("").join(parts))


def _knot(knot: Knot, spine: float, gap: Gap, goal: float) -> Markup:
    y = knot.middle
    parts = [Markup("<title>{}</title>").format(knot.joint.told)] if knot.joint.told else []
    tip = goal - ARROW - BRACE
    if knot.joint.braced:
        parts.append(_line(f"M{number(spine)} {number(y)}H{number(tip)}", certain=any(knot.joint.certain)))
        parts.append(_brace(tip, knot.ends[0].middle, knot.ends[-1].middle, y))
    for end, certain in zip(knot.ends, knot.joint.certain, strict=True):
        outer = end in (knot.ends[0], knot.ends[-1])
        start = tip + (BRACE if outer else BRACE / 2) if knot.joint.braced else spine
        hollow = end.item.kind == "more"
        parts.append(_line(f"M{number(start)} {number(end.middle)}H{number(goal - 7)}", certain=certain))
        parts.append(ending("arrow", goal, end.middle, width=0.2, past=False, hollow=hollow))
    parts.append(lettering(knot.label.texts, spine + 8.0, y))
    return Markup("<g>{}</g>").format(Markup("").join(parts))


def _line(path: str, *, certain: bool, width: float = 1.4, role: str = "line") -> Markup:
    dash = Markup("") if certain else Markup(' stroke-dasharray="{}"').format(DASH)
    return Markup('<path class="{}" d="{}" fill="none" stroke="{}" stroke-width="{}"{}/>').format(
        role, path, INK if certain else QUIET, number(width), dash
    )


def _brace(x: float, top: float, bottom: float, y: float) -> Markup:
    """Return a brace with its tip at the left."""
    turn, back, right = x + BRACE / 2, 6.0, x + BRACE
    path = (
        f"M{number(right)} {number(top)}Q{number(turn)} {number(top)} {number(turn)} {number(top + back)}V{number(y - back)}"
        f"Q{number(turn)} {number(y)} {number(x)} {number(y)}Q{number(turn)} {number(y)} {number(turn)} {number(y + back)}"
        f"V{number(bottom - back)}Q{number(turn)} {number(bottom)} {number(right)} {number(bottom)}"
    )
    return Markup('<path class="brace" d="{}" fill="none" stroke="{}" stroke-width="1.6"/>').format(path, INK)


def _box(placed: Placed) -> Markup:
    item = placed.item
    full = item.kind == "thing" and item.listed == "complete"
    edge, width = (INK, 2.8) if not item.column else (INK, 1.4) if item.alone or full else (EDGE, 1.1)
    edge = PALE if item.kind != "thing" else edge
    parts = [Markup("<title>{}</title>").format(item.told)]
    parts.append(
        Markup(
            '<rect class="box" x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}" stroke-width="{}"/>'
        ).format(
            number(placed.x), number(placed.y), number(WIDTH), number(placed.height),
            3 if item.kind == "thing" else 11, _FULL if full else "none", edge, number(width),
        )
    )  # fmt: skip
    if item.alone:
        parts.append(_mark(placed.x, placed.y, placed.height, inner=item.kind != "thing"))
    if placed.glyph:
        parts.append(glyph(item.kinds, placed.x + PAD + 6.0 + (4.0 if item.alone else 0.0), placed.y + PAD + 5.5))
    parts.append(lettering(placed.texts, placed.x, placed.y))
    return Markup("<g>{}</g>").format(Markup("").join(parts))


def _mark(x: float, y: float, height: float, *, inner: bool) -> Markup:
    """Return the thick edge of what fails the thing alone."""
    inset = 9.0 if inner else 0.0
    return Markup('<rect class="alone" x="{}" y="{}" width="6" height="{}" fill="{}"/>').format(
        number(x), number(y + inset), number(height - 2 * inset), INK
    )


def _key(placed: Sequence[Placed]) -> list[tuple[str, Sample]]:
    """Return the key: only what is drawn."""
    knots = [knot for one in placed for knot in one.joints]
    items = [one.item for one in placed]
    drawn: list[tuple[str, Sample]] = []
    if any(item.joints and item.needs > 1 for item in items):
        drawn.append(("all must hold", _forked))
    if any(knot.joint.braced for knot in knots):
        drawn.append(("so many of them must hold", lambda x, y: _brace(x + 6, y - 8, y + 8, y)))
    if any(item.alone for item in items):
        drawn.append(("fails it alone", lambda x, y: _frame(x, y) + _mark(x, y - 7.0, 14.0, inner=False)))
    if not all(certain for knot in knots for certain in knot.joint.certain):
        drawn.append(
            (
                "may be needed",
                lambda x, y: _line(f"M{number(x)} {number(y)}H{number(x + SAMPLE)}", certain=False, role="key"),
            )
        )
    things = [item for item in items if item.kind == "thing"]
    if any(item.listed == "complete" for item in things):
        drawn.append(("list of its needs said to be complete", lambda x, y: _frame(x, y, fill=_FULL, edge=INK)))
    if any(item.listed != "complete" for item in things):
        drawn.append(("what else it needs is not known", _frame))
    if any(item.kind == "again" for item in items):
        drawn.append(("drawn elsewhere", lambda x, y: _frame(x, y, round_=7.0, edge=PALE)))
    if any(text.hedged for one in placed for text in one.texts):
        drawn.append(("hedged by its source", _hedged))
    return drawn


def _frame(x: float, y: float, *, fill: str = "none", edge: str = EDGE, round_: float = 2.0) -> Markup:
    return Markup(
        '<rect x="{}" y="{}" width="{}" height="14" rx="{}" fill="{}" stroke="{}" stroke-width="1.1"/>'
    ).format(number(x), number(y - 7.0), number(SAMPLE), number(round_), fill, edge)


def _forked(x: float, y: float) -> Markup:
    stem = f"M{number(x)} {number(y)}H{number(x + SPINE)}"
    fork = f"M{number(x + SAMPLE)} {number(y - 7)}H{number(x + SPINE)}V{number(y + 7)}H{number(x + SAMPLE)}"
    return _line(stem + fork, certain=True, role="key")


def _hedged(x: float, y: float) -> Markup:
    return lettering((Lettered("words", 0.0, 0.0, KEY_SIZE, hedged=True),), x, y + 4.0)
