"""How things of a drawing look: kinds by shape and colour, lines by their doubt.

Everything is said by attributes and nothing by a style sheet, so that a drawing looks the same in a page, in a browser of
its own and in a program that knows no style sheets. The hues are those of Okabe and Ito (2008), each outlined deeper.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from isthmus.briefs.svg.labels import Lettered
from isthmus.briefs.svg.lettering import text_width

GROUND, INK, QUIET, PALE, EDGE, FILL = "#fcfcfb", "#1a1c1f", "#4d5359", "#c9ced3", "#858b92", "#ffffff"
PAST = "#8f959b"
DASH = "7 5"
FACES = (
    "'Noto Sans','DejaVu Sans','Liberation Sans',Arial,'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif"
)

_STATE = ("M0-6.8 6.4-1V6H-6.4V-1Z", "#d55e00", "#833a00")
_BODY = ("M-3.5-6H3.5L7 0 3.5 6H-3.5L-7 0Z", "#009e73", "#00573f")
_FIRM = ("M-5.4-5.4H5.4V5.4H-5.4Z", "#0072b2", "#004a75")
_PERSON = ("M6 0A6 6 0 1 1-6 0A6 6 0 1 1 6 0Z", "#e69f00", "#815300")
_FUND = ("M0-7.4 7.4 0 0 7.4-7.4 0Z", "#56b4e9", "#1c5f8a")
_UNION = ("M0-6.6 6.9 5.6H-6.9Z", "#cc79a7", "#83345e")
_GROUP = ("M0 6.6 6.9-5.6H-6.9Z", "#f0e442", "#665d00")
_OTHER = ("M-5.4-5.4H5.4V5.4H-5.4Z", FILL, QUIET)
KINDS: tuple[tuple[tuple[str, ...], tuple[str, str, str]], ...] = (
    (("state",), _STATE),
    (("public_body", "political_organ"), _BODY),
    (("person",), _PERSON),
    (("fund",), _FUND),
    (("company",), _FIRM),
    (
        ("consortium", "research_body", "international_organization", "standards_body", "committee", "organization"),
        _UNION,
    ),
    (("group",), _GROUP),
)
"""The shape, its fill and its outline for each kind; the first that fits is drawn."""


def glyph(kinds: Iterable[str], x: float, y: float) -> Markup:
    """Return the shape of a party's kind around a point; an open square for kinds without one."""
    held = set(kinds)
    path, fill, edge = next((ink for names, ink in KINDS if held & set(names)), _OTHER)
    return Markup(
        '<path d="{}" transform="translate({} {})" fill="{}" stroke="{}" stroke-width="1.2" stroke-linejoin="round"/>'
    ).format(path, number(x), number(y), fill, edge)


def number(value: float) -> str:
    """Return a length with one digit after the point at most."""
    text = f"{value:.1f}"
    return "0" if text == "-0.0" else text.removesuffix(".0")


def lettering(texts: Sequence[Lettered], x: float, y: float, *, past: bool = False) -> Markup:
    """Return lines of text at a place; what its source hedges has a dotted line below it."""
    parts = []
    for text in texts:
        colour = PAST_INK if past else QUIET if text.quiet else INK
        weight = Markup(' font-weight="600"') if text.strong else Markup("")
        left, base = x + text.x, y + text.y
        parts.append(
            Markup('<text x="{}" y="{}" font-size="{}" fill="{}"{}>{}</text>').format(
                number(left), number(base), number(text.size), colour, weight, text.text
            )
        )
        if text.hedged:
            end = left + text_width(text.text, text.size, bold=text.strong)
            parts.append(
                Markup(
                    '<path class="hedge" d="M{0} {2}H{1}" stroke="{3}" stroke-width="1.6" stroke-dasharray="0.1 3.4" '
                    'stroke-linecap="round" fill="none"/>'
                ).format(number(left), number(end), number(base + 3.2), colour)
            )
    return Markup("").join(parts)


PAST_INK = "#686e75"


def line(
    path: str,
    *,
    width: float,
    certain: bool,
    past: bool,
    hollow: bool,
    name: Markup,
    thin: bool = False,
    role: str = "line",
) -> Markup:
    """Return the ink of one line: dashed where it only may be, light where it is past, an outline where nobody is named."""
    colour = PAST if past else EDGE if hollow else INK
    dash = Markup("") if certain else Markup(' stroke-dasharray="{}"').format(DASH)
    wide = 1.1 if thin else width
    ink = Markup('<path class="{}"{} d="{}" fill="none" stroke="{}" stroke-width="{}"{}/>')
    if hollow:
        wide = max(wide, 4.5)
        core = Markup('<path d="{}" fill="none" stroke="{}" stroke-width="{}"/>').format(
            path, GROUND, number(wide - 2.2)
        )
        return ink.format(role, name, path, colour, number(wide), dash) + core
    return ink.format(role, name, path, colour, number(wide), dash)


def band(path: str, width: float, role: str = "band") -> Markup:
    """Return the pale band below a line: as wide as the share is at most."""
    return Markup('<path class="{}" d="{}" fill="none" stroke="{}" stroke-width="{}"/>').format(
        role, path, PALE, number(width)
    )


def ending(kind: str, x: float, y: float, *, width: float, past: bool, hollow: bool) -> Markup:
    """Return how a line ends at a box's left side: an arrow, a bar for what only blocks, an open arrow for influence."""
    colour = PAST if past else EDGE if hollow else INK
    if kind == "bar":
        return Markup('<path class="bar" d="M{0} {1}V{2}" stroke="{3}" stroke-width="3.4"/>').format(
            number(x - 5), number(y - 9), number(y + 9), colour
        )
    half = 4.2 + width / 2
    if kind == "thin" or hollow:
        return Markup('<path d="M{0} {1}L{2} {3}L{0} {4}" fill="none" stroke="{5}" stroke-width="1.2"/>').format(
            number(x - 7), number(y - 3.6), number(x - 1), number(y), number(y + 3.6), colour
        )
    return Markup('<path d="M{0} {1}L{2} {3}V{4}Z" fill="{5}"/>').format(
        number(x - 0.8), number(y), number(x - 4 - 2 * half), number(y - half), number(y + half), colour
    )


def hatch(x: float, y: float, width: float, height: float, colour: str = QUIET, apart: float = 4.5) -> Markup:
    """Return a hatched rectangle: slanting lines cut off at its edges, so that no pattern has to be referred to."""
    parts = []
    start = apart / 2
    while start < width + height:
        # The line x + y = start, within the rectangle.
        left, right = max(start - height, 0.0), min(start, width)
        parts.append(f"M{number(x + left)} {number(y + start - left)}L{number(x + right)} {number(y + start - right)}")
        start += apart
    return Markup('<path class="hatch" d="{}" fill="none" stroke="{}" stroke-width="1"/>').format(
        "".join(parts), colour
    )


def mixed(colour: str, part: float) -> str:
    """Return a colour laid thinly over the ground: none of it for 0, all of it for 1."""
    pairs = zip(_parts(GROUND), _parts(colour), strict=True)
    return "#" + "".join(f"{round(one + part * (other - one)):02x}" for one, other in pairs)


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
