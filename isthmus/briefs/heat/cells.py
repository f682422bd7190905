"""How a cell of a heat map looks: its figure, and below it a bar with a bracket from the least to the most."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from isthmus.briefs.heat.panels import Cell
from isthmus.briefs.svg.ink import DASH, EDGE, GROUND, INK, PALE, QUIET, hatch, lettering, mixed, number
from isthmus.briefs.svg.labels import Lettered
from isthmus.briefs.svg.lettering import cut_text, text_width

FIGURE, SMALL = 11.0, 9.5
LEADING, SMALL_LEADING = 14.0, 11.5
PAD, BAR, GAP = 6.0, 6.0, 2.0
_HUE, _DEEPEST = "#0072b2", 0.36


def texts_of(cell: Cell, width: float) -> list[Lettered]:
    """Return the words of a cell at their places in it."""
    found: list[Lettered] = []
    y = PAD + 9.0
    room = width - 2 * PAD
    strong = cell.state == "share" and cell.sure and (cell.ends or (0, 0))[0] >= 0.5
    quiet = cell.state != "share"
    for text in cut_text(cell.words, FIGURE, room, 2, bold=strong):
        found.append(Lettered(text, PAD, y, FIGURE, strong, quiet, cell.hedged))
        y += LEADING
    y += 1.0 if cell.hedged else -2.0
    for text in cut_text(cell.beside, SMALL, room, 3) if cell.beside else ():
        found.append(Lettered(text, PAD, y, SMALL, False, True))
        y += SMALL_LEADING
    return found


def height_of(texts: Sequence[Lettered]) -> float:
    """Return how high a cell must be for its words and the bar below them."""
    last = max((text.y for text in texts), default=PAD + 9.0)
    return last + 7.0 + BAR + PAD


def cell_ink(cell: Cell, texts: Sequence[Lettered], x: float, y: float, width: float, height: float) -> Markup:
    """Return a cell at its place."""
    parts = [Markup("<title>{}</title>").format(cell.told)] if cell.told else []
    low = cell.ends[0] if cell.ends and cell.state == "share" else 0.0
    fill = mixed(_HUE, _DEEPEST * low) if low else "none"
    edge = EDGE if cell.state == "rest" or not cell.sure else PALE
    dash = Markup(' stroke-dasharray="{}"').format(DASH) if not cell.sure else Markup("")
    parts.append(
        Markup(
            '<rect class="cell" x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="1"{}/>'
        ).format(number(x), number(y), number(width), number(height), fill, edge, dash)
    )
    if cell.state in ("withheld", "unsaid") or (cell.state == "rest" and cell.ends is None):
        parts.append(hatch(x + 1, y + 1, width - 2, height - 2, PALE, 6.0))
        parts += [_patch(text, x, y) for text in texts]
    if cell.ends is not None:
        parts.append(bar(cell.ends, x + PAD, y + height - PAD - BAR, width - 2 * PAD, hollow=cell.state == "rest"))
    parts.append(lettering(texts, x, y))
    return Markup("<g>{}</g>").format(Markup("").join(parts))


def _patch(text: Lettered, x: float, y: float) -> Markup:
    """Return clear ground below a word that stands on hatching."""
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
        number(x + text.x - 2), number(y + text.y - 10), number(text_width(text.text, text.size, bold=text.strong) + 4),
        "13", GROUND,
    )  # fmt: skip


def bar(span: tuple[float, float], x: float, y: float, width: float, *, hollow: bool = False) -> Markup:
    """Return a bar on its track: full up to what is sure, hatched up to what may be, a tick at each end that differs."""
    low, high = (x + width * part for part in span)
    parts = [
        Markup('<path d="M{} {}H{}" stroke="{}" stroke-width="1"/>').format(
            number(x), number(y + BAR / 2), number(x + width), PALE
        )
    ]
    if high - low > 0.6:
        parts.append(hatch(low, y + 0.5, high - low, BAR - 1, QUIET, 3.5))
        parts.append(_tick(high, y))
    if low > x:
        fill, edge = (GROUND, EDGE) if hollow else (INK, INK)
        parts.append(
            Markup(
                '<rect class="bar" x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="1"/>'
            ).format(number(x), number(y + 0.5), number(max(low - x, 0.8)), number(BAR - 1), fill, edge)
        )
    if low == x or high - low > 0.6:
        parts.append(_tick(low, y))
    return Markup("").join(parts)


def _tick(x: float, y: float) -> Markup:
    return Markup('<path d="M{} {}V{}" stroke="{}" stroke-width="1.4"/>').format(
        number(x), number(y - 1.5), number(y + BAR + 1.5), INK
    )
