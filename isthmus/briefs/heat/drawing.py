"""The heat map of concentration as one SVG document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from isthmus.briefs.heat.cells import FIGURE, GAP, PAD, SMALL, bar, cell_ink, height_of, texts_of
from isthmus.briefs.heat.panels import WAYS, Column, Panel, Row, panels_of
from isthmus.briefs.svg.ink import EDGE, PALE, hatch, lettering, mixed, number
from isthmus.briefs.svg.labels import Lettered
from isthmus.briefs.svg.lettering import cut_text, fit_for_xml, wrap_text
from isthmus.briefs.svg.page import (
    KEY_SIZE,
    LEAST_WIDTH,
    MARGIN,
    NOTE,
    SAMPLE,
    Sample,
    document,
    head,
    key_of,
    stand_of,
)

LABEL, HOLDER, OTHERS, REST, INDEX = 196.0, 90.0, 136.0, 96.0, 168.0
_CAPTION, _SUB = 12.0, 10.5
_NOTHING = "Nothing is known of who supplies what; that is not to say that nothing is supplied."
_LONGEST_TITLE = 20_000
"""More letters than this say nothing to anybody who points at a line."""


def heat_map_svg(finding: Mapping[str, Any], by: str | None = None) -> str:
    """Draw how concentrated supply is: rows are markets, columns holders, and a cell is a share as a bar with its bracket.

    A bar is full up to what is sure and hatched up to what may be; both ends are printed. What is withheld or not stated is hatched,
    what nobody named has is hollow, and a share that may be somebody else's is dashed. A row ends in its index, or in the reason why
    there is none. The most concentrated rows are drawn, forty at most; the others are counted, and named in a title.

    Parameters
    ----------
    finding : mapping
        A finding of the lens of concentration, as its ``to_json`` gives it.
    by : str or None
        The way to look at each market: ``supplier``, ``controller``, ``site_country`` or ``controller_country``. None: the country of the
        site for the whole picture; for one need every way that has something to show, one below the other.

    Returns
    -------
    str
        An SVG document, the same for the same finding: without script, style sheet or outside reference.
    """
    panels = panels_of(finding, by)
    width = max([LEAST_WIDTH, *(_width(panel) for panel in panels)])
    title = _title(finding, [panel for panel in panels if panel.rows] or panels[:1])
    header, y = head(title, _stand(finding), width)
    parts = [header]
    shown = [panel for panel in panels if panel.rows] or panels[:1]
    for panel in shown:
        drawn, y = _panel(panel, y, width, named=len(shown) > 1)
        parts.append(drawn)
    bare = [f"by {WAYS[panel.by]}: {text}" for panel in panels if panel not in shown for text, _ in panel.after]
    notes, y = _notes([*bare, *_limits(finding)], y, width)
    key, height = key_of(_key(shown), y + 12.0, width)
    told = " ".join(_told(panel, row) for panel in panels for row in panel.rows) or _NOTHING
    return document(finding, (title, told), Markup("").join([*parts, notes, key]), (width, height), "heat-map")


def _width(panel: Panel) -> float:
    return 2 * MARGIN + LABEL + sum(_wide(column) + GAP for column in panel.columns) + 10.0 + INDEX


def _wide(column: Column) -> float:
    return {"holder": HOLDER, "others": OTHERS, "rest": REST}[column.role]


def _title(finding: Mapping[str, Any], panels: Sequence[Panel]) -> str:
    question = finding["question"]
    tail = f", by {WAYS[panels[0].by]}" if len(panels) == 1 else ""
    if "need" in question:
        return f"Who supplies {fit_for_xml(question.get('caption') or question['need'])}{tail}"
    return f"Where supply is most concentrated{tail}"


def _stand(finding: Mapping[str, Any]) -> list[str]:
    marks = finding.get("marks") or {}
    told = [f"controllers by {marks['rule']}"] if marks.get("rule") else []
    markets = (finding, *finding.get("answers", ()), *(finding.get("other_series") or ()))
    told += ["what flows into a place by its origin"] if any(market.get("flow") for market in markets) else []
    return stand_of(finding, told)


def _limits(finding: Mapping[str, Any]) -> list[str]:
    gaps = [f"not known: {gap['what']}" for gap in finding.get("gaps") or ()]
    told = [fit_for_xml(text) for text in (*gaps, *(finding.get("limits") or ()))]
    return told if len(told) <= 12 else [*told[:11], f"and {len(told) - 11:,} more remarks in the finding"]


def _told(panel: Panel, row: Row) -> str:
    """Return a row as a sentence, for whoever cannot see it."""
    pairs = zip(panel.columns, row.cells, strict=True)
    cells = [f"{column.caption} {cell.words}" for column, cell in pairs if cell.state != "absent"]
    index = row.index if row.index_ends is None else f"index {row.index}"
    return f"{row.caption}{f' ({row.notes})' if row.notes else ''}: {', '.join(cells)}; {index}."


def _notes(told: Sequence[str], y: float, width: float) -> tuple[Markup, float]:
    texts = []
    for note in told:
        for text in wrap_text(note, SMALL + 1, width - 2 * MARGIN):
            texts.append(Lettered(text, MARGIN, y + 12.0, SMALL + 1, quiet=True))
            y += 14.0
    return lettering(texts, 0.0, 0.0), y


def _panel(panel: Panel, y: float, width: float, *, named: bool) -> tuple[Markup, float]:
    """Return a panel below `y`, and where it ends."""
    parts = []
    if named:
        words = f"By {WAYS[panel.by]}"
        parts.append(lettering([Lettered(words, MARGIN, y + 12.0, _CAPTION + 1, True)], 0.0, 0.0))
        y += 24.0
    if panel.rows:
        drawn, y = _heads(panel, y)
        parts.append(drawn)
    for row in panel.rows:
        drawn, y = _row(panel, row, y)
        parts.append(drawn)
    y += 6.0
    empty = (("Nothing is known of who supplies what.", ""),) if not panel.rows and not panel.after else ()
    for text, names in (*panel.after, *empty):
        lines = wrap_text(text, NOTE, width - 2 * MARGIN)
        texts = [Lettered(line, MARGIN, y + 12.0 + 15.0 * at, NOTE, quiet=True) for at, line in enumerate(lines)]
        cut = names if len(names) <= _LONGEST_TITLE else f"{names[:_LONGEST_TITLE]}…"
        title = Markup("<title>{}</title>").format(cut) if cut else Markup("")
        parts.append(Markup("<g>{}{}</g>").format(title, lettering(texts, 0.0, 0.0)))
        y += 15.0 * len(lines)
    return Markup("").join(parts), y + 10.0


def _heads(panel: Panel, y: float) -> tuple[Markup, float]:
    """Return the captions of the columns, standing on one line."""
    x = MARGIN + LABEL
    made = []
    for column in panel.columns:
        wide = _wide(column)
        # What is no holder is told apart by its lighter ink.
        bold = column.role == "holder"
        made.append((x, column, cut_text(column.caption, NOTE, wide - PAD - 2, 3, bold=bold), bold))
        x += wide + GAP
    most = max((len(lines) for *_, lines, _ in made), default=1)
    parts = []
    for left, column, lines, bold in made:
        top = y + 11.0 + 13.0 * (most - len(lines))
        texts = [Lettered(text, left + PAD, top + 13.0 * at, NOTE, bold, not bold) for at, text in enumerate(lines)]
        parts.append(Markup("<g><title>{}</title>{}</g>").format(column.caption, lettering(texts, 0.0, 0.0)))
    bottom = y + 11.0 + 13.0 * (most - 1)
    parts.append(lettering([Lettered("HHI, 0 to 10,000", x + 10.0 + PAD, bottom, NOTE, True)], 0.0, 0.0))
    return Markup("").join(parts), bottom + 8.0


def _row(panel: Panel, row: Row, y: float) -> tuple[Markup, float]:
    label = [
        Lettered(text, MARGIN, 15.0 + 14.5 * at, _CAPTION, True)
        for at, text in enumerate(cut_text(row.caption, _CAPTION, LABEL - 14.0, 2, bold=True))
    ]
    below = label[-1].y
    notes = cut_text(row.notes, _SUB, LABEL - 14.0, 2) if row.notes else []
    label += [Lettered(text, MARGIN, below + 13.0 * (at + 1), _SUB, quiet=True) for at, text in enumerate(notes)]
    words = [texts_of(cell, _wide(column)) for column, cell in zip(panel.columns, row.cells, strict=True)]
    index = _index(row)
    high = max(
        [34.0, label[-1].y + 7.0, *(height_of(texts) for texts in words), height_of(index) if row.index_ends else 0.0]
    )
    high = max(high, max(text.y for text in index) + 7.0)
    told = f"{row.caption}; {row.notes}" if row.notes else row.caption
    parts = [Markup("<g><title>{}</title>{}</g>").format(told, lettering(label, 0.0, y))]
    x = MARGIN + LABEL
    for column, cell, texts in zip(panel.columns, row.cells, words, strict=True):
        parts.append(cell_ink(cell, texts, x, y, _wide(column), high))
        x += _wide(column) + GAP
    end = [lettering(index, x + 10.0, y)]
    if row.index_ends:
        end.append(bar(row.index_ends, x + 10.0 + PAD, y + high - PAD - 6.0, INDEX - 2 * PAD - 10.0))
    parts.append(Markup("<g><title>{}</title>{}</g>").format(f"{row.caption}: {row.index}", Markup("").join(end)))
    return Markup("").join(parts), y + high + GAP


def _index(row: Row) -> list[Lettered]:
    """Return the words at the end of a row."""
    size = FIGURE if row.index_ends else SMALL + 0.5
    lines = cut_text(row.index, size, INDEX - PAD, 5)
    texts = [
        Lettered(text, PAD, PAD + 9.0 + 12.5 * at, size, False, row.index_ends is None) for at, text in enumerate(lines)
    ]
    if row.beside:
        y = texts[-1].y + 12.0
        texts += [
            Lettered(text, PAD, y + 11.5 * at, SMALL, quiet=True)
            for at, text in enumerate(cut_text(row.beside, SMALL, INDEX - PAD, 2))
        ]
    return texts


def _key(panels: Sequence[Panel]) -> list[tuple[str, Sample]]:
    """Return the key: only what is drawn."""
    cells = [cell for panel in panels for row in panel.rows for cell in row.cells]
    states = {cell.state for cell in cells}
    spans = [cell.ends for cell in cells if cell.ends] + [
        row.index_ends for panel in panels for row in panel.rows if row.index_ends
    ]
    drawn: list[tuple[str, Sample]] = []
    if any(low > 0 for low, _ in spans):
        drawn.append(("at least", lambda x, y: bar((0.7, 0.7), x, y - 3.0, SAMPLE)))
    if any(high - low > 0.005 for low, high in spans):
        drawn.append(("may reach", lambda x, y: bar((0.3, 0.8), x, y - 3.0, SAMPLE)))
    if "share" in states:
        drawn.append(("the darker, the larger the share at least", _tinted))
    if any(not cell.sure for cell in cells):
        drawn.append(("may be another's", lambda x, y: _frame(x, y, dash="7 5")))
    if states & {"withheld", "unsaid"}:
        drawn.append(("withheld or not stated", lambda x, y: hatch(x, y - 6.0, SAMPLE, 12.0, EDGE, 6.0)))
    if "rest" in states:
        drawn.append(("nobody named", lambda x, y: bar((0.6, 0.6), x, y - 3.0, SAMPLE, hollow=True)))
    if "absent" in states:
        drawn.append(("· not named here", lambda x, y: _frame(x, y)))
    if any(cell.hedged for cell in cells):
        drawn.append(("hedged by its source", _hedged))
    return drawn


def _tinted(x: float, y: float) -> Markup:
    shades = [(at, mixed("#0072b2", part)) for at, part in enumerate((0.06, 0.16, 0.26, 0.36))]
    return Markup("").join(
        Markup('<rect x="{}" y="{}" width="{}" height="12" fill="{}"/>').format(
            number(x + at * SAMPLE / 4), number(y - 6.0), number(SAMPLE / 4), shade
        )
        for at, shade in shades
    )


def _frame(x: float, y: float, dash: str = "") -> Markup:
    mark = Markup(' stroke-dasharray="{}"').format(dash) if dash else Markup("")
    return Markup('<rect x="{}" y="{}" width="{}" height="12" fill="none" stroke="{}" stroke-width="1"{}/>').format(
        number(x), number(y - 6.0), number(SAMPLE), EDGE if dash else PALE, mark
    )


def _hedged(x: float, y: float) -> Markup:
    return lettering((Lettered("words", 0.0, 0.0, KEY_SIZE, hedged=True),), x, y + 4.0)
