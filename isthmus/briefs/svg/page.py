"""What stands around a drawing: its title, of which picture it is, the key below it, and the document."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from isthmus.briefs.svg.ink import FACES, GROUND, PALE, lettering, number
from isthmus.briefs.svg.labels import Lettered
from isthmus.briefs.svg.lettering import fit_for_xml, text_width, wrap_text

MARGIN = 24.0
LEAST_WIDTH = 560.0
NOTE = 11.0
KEY_SIZE, SAMPLE = 10.5, 34.0
_HEAD_SIZE = 17.0
_APART, _LEADING = 22.0, 20.0

Sample = Callable[[float, float], Markup]


def head(title: str, stand: Sequence[str], width: float) -> tuple[Markup, float]:
    """Return the title above a drawing with a line of where it stands, and where the drawing begins."""
    room = max(width, LEAST_WIDTH) - 2 * MARGIN
    texts, y = [], MARGIN + 14.0
    for text in wrap_text(title, _HEAD_SIZE, room, bold=True):
        texts.append(Lettered(text, 0.0, y, _HEAD_SIZE, True))
        y += 22.0
    for text in wrap_text(" · ".join(stand), NOTE, room):
        texts.append(Lettered(text, 0.0, y - 2.0, NOTE, quiet=True))
        y += 15.0
    return lettering(texts, MARGIN, 0.0), y + 14.0


def stand_of(finding: Mapping[str, Any], beside: Sequence[str] = ()) -> list[str]:
    """Return of which day and picture a finding is, with what stands between the two."""
    told = [f"as of {finding['as_of']}" if finding.get("as_of") else "all times", *beside]
    told += [f"known at {str(finding['known_at'])[:10]}"] if finding.get("known_at") else []
    if finding.get("picture"):
        told.append(f"picture {str(finding['picture']).removeprefix('sha256:')[:12]}")
    return [fit_for_xml(text) for text in told]


def key_of(entries: Sequence[tuple[str, Sample]], y: float, width: float) -> tuple[Markup, float]:
    """Return the key of a drawing, laid out in lines within its width, and the height of the whole drawing.

    Parameters
    ----------
    entries : sequence of tuple
        The words of each entry, and what draws its sample at a point: `SAMPLE` wide.
    y : float
        Where the key begins.
    width : float
        The width of the drawing.
    """
    if not entries:
        return Markup(""), y + MARGIN - 20.0
    parts = [
        Markup('<path d="M{} {}H{}" stroke="{}" stroke-width="1"/>').format(
            number(MARGIN), number(y), number(width - MARGIN), PALE
        )
    ]
    x, base = MARGIN, y + 22.0
    for words, sample in entries:
        needed = SAMPLE + 8.0 + text_width(words, KEY_SIZE)
        if x > MARGIN and x + needed > width - MARGIN:
            x, base = MARGIN, base + _LEADING
        parts.append(sample(x, base - 4.0))
        parts.append(lettering((Lettered(words, SAMPLE + 8.0, 0.0, KEY_SIZE, quiet=True),), x, base))
        x += needed + _APART
    return Markup("").join(parts), base + MARGIN - 6.0


def document(
    finding: Mapping[str, Any],
    told: tuple[str, str],
    body: Markup,
    size: tuple[float, float],
    kind: str,
    *,
    role: str = "img",
) -> str:
    """Return the SVG document of a drawing.

    Parameters
    ----------
    finding : mapping
        Its id becomes a part of the ids in the document.
    told : tuple of str
        The title and the description, for whoever cannot see the drawing.
    body : Markup
        What is drawn.
    size : tuple of float
        Width and height.
    kind : str
        The name of a drawing whose finding has no id.
    role : str
        ``img`` for a drawing that is one picture, ``group`` for one whose parts can be followed as links.
    """
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", str(finding.get("id") or kind))
    return str(
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="{8}" '
            'aria-labelledby="{2}-title {2}-desc" font-family="{3}">'
            '<title id="{2}-title">{4}</title><desc id="{2}-desc">{5}</desc>'
            '<rect width="{0}" height="{1}" fill="{6}"/>{7}</svg>\n'
        ).format(number(size[0]), number(size[1]), name, FACES, *told, GROUND, body, role)
    )
