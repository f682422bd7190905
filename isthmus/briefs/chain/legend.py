"""The key below a drawing: only what is drawn in it."""

from __future__ import annotations

from markupsafe import Markup

from isthmus.briefs.chain.graph import Graph
from isthmus.briefs.svg.ink import QUIET, band, ending, lettering, line, number
from isthmus.briefs.svg.labels import Lettered
from isthmus.briefs.svg.page import KEY_SIZE, SAMPLE, Sample, key_of


def legend(graph: Graph, y: float, width: float) -> tuple[Markup, float]:
    """Return the key, laid out in lines within the drawing's width, and the height of the whole drawing."""
    return key_of(_entries(graph), y, width)


def _entries(graph: Graph) -> list[tuple[str, Sample]]:
    ties = [tie for tie in graph.ties if not tie.hollow]
    drawn: list[tuple[str, Sample]] = []
    if any(tie.certain and not tie.past for tie in ties):
        drawn.append(("certain; as wide as its share", lambda x, y: _sample(x, y, width=4.0)))
    if any(not tie.certain for tie in ties):
        drawn.append(("may be", lambda x, y: _sample(x, y, certain=False)))
    if any(tie.high is not None and tie.high > (tie.low or 0.0) and tie.end != "thin" for tie in ties):
        drawn.append(("share at least, at most (pale)", _banded))
    if any(tie.group is not None for tie in ties):
        drawn.append(("held together", _braced))
    if any(tie.end == "bar" for tie in ties):
        drawn.append(("can only block", lambda x, y: _sample(x, y, end="bar")))
    if any(tie.end == "thin" for tie in ties):
        drawn.append(("influences", lambda x, y: _sample(x, y, end="thin", thin=True)))
    if any(tie.past for tie in ties):
        drawn.append(("past", lambda x, y: _sample(x, y, past=True)))
    if any(tie.hedged for tie in ties) or any(note.hedged for party in graph.parties.values() for note in party.notes):
        drawn.append(("hedged by its source", _hedged))
    if any(tie.hollow for tie in graph.ties):
        drawn.append(("nobody named", lambda x, y: _sample(x, y, width=5.0, hollow=True)))
    return drawn


def _sample(
    x: float,
    y: float,
    *,
    width: float = 2.0,
    certain: bool = True,
    past: bool = False,
    hollow: bool = False,
    thin: bool = False,
    end: str = "arrow",
) -> Markup:
    stop = x + SAMPLE
    path = f"M{number(x)} {number(y)}H{number(stop - (5 if end == 'bar' else 8))}"
    # The key's own lines bear another name than those of the chain.
    ink = line(path, width=width, certain=certain, past=past, hollow=hollow, name=Markup(""), thin=thin, role="key")
    return ink + ending(end, stop, y, width=width, past=past, hollow=hollow)


def _banded(x: float, y: float) -> Markup:
    return band(f"M{number(x)} {number(y)}H{number(x + SAMPLE)}", 7.0, "key") + _sample(x, y)


def _braced(x: float, y: float) -> Markup:
    return Markup(
        '<path transform="translate({} {})" d="M0-7H10C18-7 10 0 20 0C10 0 18 7 10 7H0M20 0H{}" fill="none" stroke="{}" '
        'stroke-width="1.4"/>'
    ).format(number(x), number(y), number(SAMPLE), QUIET)


def _hedged(x: float, y: float) -> Markup:
    return lettering((Lettered("words", 0.0, 0.0, KEY_SIZE, hedged=True),), x, y + 4.0)
