"""SVG of bounded bars, of counts by date, and of the sites on the map.

One grammar for all bounds: solid to what is certain, hatched to what may be, hollow for what is not known. A stated
end has a tick (straight: the end is included; bent: it is not; dotted: it is only near); an end that nobody stated has
none.
The lengths of a plot are percentages of its drawing, so that it fits any width without a script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from isthmus.briefs.plots import DatedCount, DatedPlot, Scale
from isthmus.briefs.sites import Badge, MapPoint, Placed, Status, Symbol
from isthmus.quantities import Quantity

# Shapes in a box from -7 to 7, in the order in which kinds are given one; colours go with them in the style sheet.
SHAPES: tuple[str, ...] = (
    "M6 0A6 6 0 1 1-6 0A6 6 0 1 1 6 0Z",
    "M-5.4-5.4H5.4V5.4H-5.4Z",
    "M0-7.4 7.4 0 0 7.4-7.4 0Z",
    "M0-6.6 6.9 5.6H-6.9Z",
    "M0-6.8 6.4-1V6H-6.4V-1Z",
    "M-3.5-6H3.5L7 0 3.5 6H-3.5L-7 0Z",
    "M0 6.6 6.9-5.6H-6.9Z",
)
_SHAPE_RADIUS = 6.0


def draw_bar(quantity: Quantity, scale: Scale, words: str, *, hollow: bool = False) -> Markup:
    """Return the SVG of one bar.

    Parameters
    ----------
    quantity : Quantity
        What to draw.
    scale : Scale
        Its scale.
    words : str
        What a reader who does not see the drawing is told.
    hollow : bool
        Draw an outline: nobody has attributed this part.
    """
    low = scale.part(quantity.low or 0.0)
    high = 100.0 if quantity.high is None else scale.part(quantity.high)
    parts = [Markup('<line class="bb-track" x1="0" x2="100%" y1="50%" y2="50%"/>')]
    if not quantity.known:
        parts.append(_span("bb-gap", 0, 100))
    elif hollow:
        parts += [_span("bb-gap", 0, low), _span("bb-gap bb-may", low, high - low)]
    else:
        parts += [_span("bb-lo", 0, low), _span("bb-band", low, high - low)]
        parts += _brackets(quantity, low, high)
    return Markup('<svg class="bb" role="img" aria-label="{}">{}</svg>').format(words, Markup("").join(parts))


def _span(name: str, start: float, length: float) -> Markup:
    if length <= 0:
        return Markup("")
    return Markup('<rect class="{}" x="{:.4g}%" y="18%" width="{:.4g}%" height="64%"/>').format(name, start, length)


def _brackets(quantity: Quantity, low: float, high: float) -> list[Markup]:
    if quantity.exact:
        return []
    brackets = []
    if quantity.low is not None:
        brackets.append(_bracket(low, quantity.open_low, quantity.near_low, 1))
    if quantity.high is not None and (high > low or quantity.high != quantity.low):
        brackets.append(_bracket(high, quantity.open_high, quantity.near_high, -1))
    return brackets


def _bracket(place: float, is_open: bool, near: bool, side: int) -> Markup:
    # Nested so that the bracket keeps its shape while its place is a percentage.
    if near:
        shape = Markup('<path class="bb-end bb-near" d="M0-1V15"/>')
    elif is_open:
        shape = Markup('<path class="bb-end" d="M{0}-1Q{1} 7 {0} 15"/>').format(1.5 * side, -1.5 * side)
    else:
        shape = Markup('<path class="bb-end" d="M0-1V15"/>')
    return Markup('<svg x="{:.4g}%" width="1" height="14" overflow="visible">{}</svg>').format(place, shape)


def draw_axis(scale: Scale) -> Markup:
    """Return the SVG of a scale's ticks, to stand over the bars."""
    parts = []
    for tick in scale.ticks:
        place = scale.part(tick)
        anchor = "start" if place < 2 else "end" if place > 98 else "middle"
        # The ticks between the middle and the ends go first where there is little room.
        name = "ax-minor" if scale.percent and round(place) in (25, 75) else "ax"
        parts.append(
            Markup(
                '<g class="{}"><line x1="{:.4g}%" x2="{:.4g}%" y1="11" y2="14"/>'
                '<text x="{:.4g}%" y="8" text-anchor="{}">{}</text></g>'
            ).format(name, place, place, place, anchor, scale.say(tick))
        )
    return Markup('<svg class="axis" aria-hidden="true">{}</svg>').format(Markup("").join(parts))


def draw_columns(plot: DatedPlot) -> Markup:
    """Return the SVG of a dated plot's columns and periods; the ticks of its scale are `draw_ticks`."""
    scale, columns = plot.scale, plot.columns
    # The undated stand apart from the time line by one column's room.
    slots = len(plot.counts) + (2 if plot.undated is not None and plot.counts else 1 if plot.undated else 0)
    parts = [
        Markup('<line class="grid" x1="0" x2="100%" y1="{0:.4g}%" y2="{0:.4g}%"/>').format(100 - scale.part(tick))
        for tick in scale.ticks
    ]
    labels = []
    for place, count in enumerate(columns):
        dated = place < len(plot.counts)
        slot = place if dated else slots - 1
        parts.append(_column(count, scale, 100 * slot / slots, 100 / slots, hollow=not dated))
        if not dated or place % plot.step == 0:
            anchor = "middle" if dated else "end"
            at = 100 * (slot + 0.5) / slots if dated else 100.0
            labels.append(
                Markup('<text{} x="{:.4g}%" y="12" text-anchor="{}">{}</text>').format(
                    "" if dated else Markup(' class="no-date"'), at, anchor, count.period
                )
            )
    said = f"{plot.title}: {len(plot.counts)} periods; the table below holds the same"
    return Markup(
        '<svg class="cols" role="img" aria-label="{}">{}</svg><svg class="periods" aria-hidden="true">{}</svg>'
    ).format(said, Markup("").join(parts), Markup("").join(labels))


def _column(count: DatedCount, scale: Scale, start: float, width: float, *, hollow: bool) -> Markup:
    quantity = count.quantity
    low = scale.part(quantity.low or 0.0)
    high = 100.0 if quantity.high is None else scale.part(quantity.high)
    left, wide = start + 0.12 * width, 0.76 * width
    rect = Markup('<rect class="{}" x="{:.4g}%" y="{:.4g}%" width="{:.4g}%" height="{:.4g}%"/>')
    parts = []
    if low > 0:
        parts.append(rect.format("bb-gap" if hollow or not quantity.known else "bb-lo", left, 100 - low, wide, low))
    if high > low:
        name = "bb-gap bb-may" if hollow or not quantity.known else "bb-band"
        parts.append(rect.format(name, left, 100 - high, wide, high - low))
        if quantity.high is not None:
            end = Markup('<line class="bb-end" x1="{0:.4g}%" x2="{1:.4g}%" y1="{2:.4g}%" y2="{2:.4g}%"/>')
            parts.append(end.format(left, left + wide, 100 - high))
    figure = (
        "" if quantity.high == 0 else f"{quantity.low:,.15g}" if quantity.exact and quantity.low is not None else ""
    )
    number = Markup('<text class="col-n" x="{:.4g}%" y="{:.4g}%" dy="-4">{}</text>').format(
        start + width / 2, 100 - high, figure
    )
    return Markup("<g><title>{}: {}</title>{}{}</g>").format(
        count.period, quantity.words(), Markup("").join(parts), number
    )


def draw_ticks(scale: Scale) -> Markup:
    """Return the SVG of a dated plot's scale, to stand left of its columns."""
    texts = [
        Markup('<text x="100%" y="{:.4g}%" dy="4" text-anchor="end">{}</text>').format(
            100 - scale.part(tick), scale.say(tick)
        )
        for tick in scale.ticks
    ]
    return Markup('<svg class="ticks" aria-hidden="true">{}</svg>').format(Markup("").join(texts))


def draw_glyph(kind: int, status: Status = "actual") -> Markup:
    """Return the SVG group of a shape around the origin; kinds past the seventh share a hollow square."""
    known = kind < len(SHAPES)
    shape = SHAPES[kind] if known else SHAPES[1]
    name = f"k{kind}" if known else "kx"
    return Markup('<g class="k {} is-{}"><path d="{}"/></g>').format(name, status, shape)


def draw_sites(placed: Placed, kinds: Mapping[str, int]) -> Markup:
    """Return the SVG of all symbols and badges, each with a title that names its sites."""
    parts = [_draw_symbol(symbol, kinds[symbol.kind]) for symbol in placed.symbols]
    leader = Markup(
        '<path class="leader" d="M{0:.1f} {1:.1f}L{2:.1f} {3:.1f}"/>'
        '<circle class="anchor" cx="{0:.1f}" cy="{1:.1f}" r="1.7"/>'
    )
    leaders = [
        leader.format(*badge.anchor, badge.x, badge.y) for badge in placed.badges if (badge.x, badge.y) != badge.anchor
    ]
    return Markup("").join([*leaders, *parts, *(_draw_badge(badge) for badge in placed.badges)])


def _draw_symbol(symbol: Symbol, kind: int) -> Markup:
    number = Markup('<text class="pt-n" y="{:.1f}">{}</text>').format(3.2, symbol.n) if symbol.n > 1 else Markup("")
    glyph = Markup('<g transform="scale({:.2f})">{}</g>').format(
        symbol.radius / _SHAPE_RADIUS, draw_glyph(kind, symbol.status)
    )
    name = f"k{kind}" if kind < len(SHAPES) else "kx"
    return Markup('<g class="pt {} is-{}" transform="translate({:.1f} {:.1f})"><title>{}</title>{}{}</g>').format(
        name, symbol.status, symbol.x, symbol.y, _title(symbol.sites, symbol.n), glyph, number
    )


def _draw_badge(badge: Badge) -> Markup:
    title = f"{badge.sites[0].country_caption}, place not known: {_title(badge.sites, badge.n)}"
    return Markup(
        '<g class="badge" transform="translate({:.1f} {:.1f})"><title>{}</title>'
        '<rect x="{:.1f}" y="-7" width="{:.1f}" height="14" rx="2.5"/><text y="3.6">{}</text></g>'
    ).format(badge.x, badge.y, title, -badge.width / 2, badge.width, badge.text)


def _title(sites: Sequence[MapPoint], n: int) -> str:
    shown = [f"{site.label} ({site.kind})" for site in sites[:5]]
    rest = n - sum(site.n for site in sites[:5])
    return "; ".join(shown) + (f"; and {rest:,} more" if rest > 0 else "")
