"""A picture on one page of HTML that opens from disk: what it is given, and how it is rendered.

The page makes no request and runs no script. Its policy allows exactly one style sheet, by hash
(W3C Content Security Policy Level 3, section 2.3.1).
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from jinja2 import BaseLoader, Environment, StrictUndefined
from markupsafe import Markup

from isthmus.briefs.drawing import SHAPES, draw_axis, draw_bar, draw_columns, draw_glyph, draw_sites, draw_ticks
from isthmus.briefs.footnotes import Footnotes, Note, count_words, quote_hedges, split_command, underline_hedges
from isthmus.briefs.maps import load_countries, load_world, outline
from isthmus.briefs.plots import Plot
from isthmus.briefs.projection import EqualEarth
from isthmus.briefs.sites import MapPoint, Status, place_sites, rank_kinds
from isthmus.errors import ArgumentError
from isthmus.model import Gap

Doubt = Literal["certain", "bounded", "may", "hedged", "conflict", "gap", "searched", "past"]

_DOUBT_WORDS: dict[str, str] = {
    "certain": "certain",
    "bounded": "within bounds",
    "may": "may be",
    "hedged": "hedged by its source",
    "conflict": "sources differ",
    "gap": "not known",
    "searched": "searched, nothing found",
    "past": "past",
}
_NUMBERS = (
    "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve", "Thirteen",
    "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen", "Twenty",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """How much the picture holds."""

    claims: int
    sources: int
    entities: int
    conflicts: int
    gaps: int


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One line of an answer that is a list: a label, its value in words, its hedge and its claims."""

    label: str
    value: str = ""
    hedge: str | None = None
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TourItem:
    """A question of the tour and its answer.

    Parameters
    ----------
    question : str
        As a reader would ask it.
    answer : str
        In a sentence or two.
    source, locator : str
        Title of the source, and the place in it.
    command : str
        The command that gives the answer.
    claims : tuple of str
        Ids of the claims that the answer rests on; those with a note are marked.
    hedges : tuple of str
        The sources' own words of doubt. One that stands in the answer is underlined there; others follow it.
    lines : tuple of AnswerLine
        The rows of an answer that is a list.
    gaps : str or None
        What the answer does not know.
    doubt : str or None
        How the answer is drawn; found from hedges and gaps where absent.
    """

    question: str
    answer: str
    source: str
    locator: str
    command: str
    claims: tuple[str, ...] = ()
    hedges: tuple[str, ...] = ()
    lines: tuple[AnswerLine, ...] = ()
    gaps: str | None = None
    doubt: Doubt | None = None

    @property
    def drawn(self) -> str:
        """The kind of doubt to draw."""
        return self.doubt or ("hedged" if self.hedges else "certain")


@dataclass(frozen=True, slots=True)
class ConflictValue:
    """What one side of a conflict says, and where."""

    value: str
    where: str = ""
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConflictPair:
    """Two or more values that cannot all hold.

    Parameters
    ----------
    about : str
        What they are values of.
    values : tuple of ConflictValue
        At least two.
    """

    about: str
    values: tuple[ConflictValue, ...]

    def __post_init__(self) -> None:
        if len(self.values) < 2:
            raise ArgumentError(f"The conflict about {self.about} has fewer than two values, so nothing differs.")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source of the picture with what its licence asks for.

    Parameters
    ----------
    title, publisher, kind, date, reliability, licence : str
        As the source has them; reliability is the Admiralty letter.
    attribution : str or None
        The words that the licence asks for.
    url : str or None
        Shown as a link where it is http or https.
    claims : int or None
        How many claims of the picture come from it.
    """

    title: str
    publisher: str = ""
    kind: str = ""
    date: str = ""
    reliability: str = ""
    licence: str = ""
    attribution: str | None = None
    url: str | None = None
    claims: int | None = None

    @property
    def link(self) -> str | None:
        """The address, if following it can only open a web page."""
        return self.url if self.url and urlsplit(self.url).scheme in ("http", "https") else None


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything on the page.

    Parameters
    ----------
    title : str
        The page's title.
    picture : str
        The picture's content hash.
    held : Held
        The five numbers.
    as_of, known_at : str or None
        Valid date and record time of the picture; None is not shown.
    lede : str
        One or two sentences under the title.
    tour, points, plots, conflicts, gaps, notes, sources
        The parts of the page; an empty one says so or is left out.
    notes : tuple of Note
        A footnote a claim. Claims without one are counted behind the marks, not listed.
    territory : str
        Name of the profile that labels territories on the map.
    """

    title: str
    picture: str
    held: Held
    as_of: str | None = None
    known_at: str | None = None
    lede: str = ""
    tour: tuple[TourItem, ...] = ()
    points: tuple[MapPoint, ...] = ()
    plots: tuple[Plot, ...] = ()
    conflicts: tuple[ConflictPair, ...] = ()
    gaps: tuple[Gap, ...] = ()
    notes: tuple[Note, ...] = ()
    sources: tuple[SourceLine, ...] = ()
    map_note: str = ""
    territory: str = "none"


@dataclass(frozen=True, slots=True)
class _Country:
    """A country's line in the list beside the map."""

    name: str
    placed: tuple[tuple[str, int], ...]
    country_only: tuple[tuple[str, int], ...]
    claims: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many sites there are."""
        return sum(n for _, n in (*self.placed, *self.country_only))


def _countries(points: Sequence[MapPoint]) -> list[_Country]:
    groups: dict[str, list[MapPoint]] = defaultdict(list)
    for point in points:
        groups[point.country_caption].append(point)
    lines = []
    for name, sites in groups.items():
        placed = rank_kinds(site for site in sites if site.place is not None)
        country_only = rank_kinds(site for site in sites if site.place is None)
        lines.append(_Country(name, placed, country_only, tuple(claim for site in sites for claim in site.claims)))
    return sorted(lines, key=lambda line: (-line.total, line.name))


def _map(points: Sequence[MapPoint]) -> dict[str, Any]:
    projection = EqualEarth()
    placed = place_sites(points, projection, load_countries())
    ranked = rank_kinds(points)
    numbers = {kind: place for place, (kind, _) in enumerate(ranked)}
    statuses = Counter(dict.fromkeys(get_args(Status), 0))
    for point in points:
        statuses[point.status] += point.n
    return {
        "width": projection.width,
        "height": round(projection.height),
        "outline": outline(load_world(), projection),
        "drawing": draw_sites(placed, numbers),
        "placed": placed,
        "kinds": ranked[: len(SHAPES)],
        "others": sum(n for _, n in ranked[len(SHAPES) :]),
        "numbers": numbers,
        "statuses": statuses,
        "countries": _countries(points),
        "total": sum(point.n for point in points),
        "at_point": sum(point.n for point in points if point.place is not None),
        "off": placed.unplaced,
    }


def render_summary(summary: Summary) -> str:
    """Return the page as one HTML document.

    Raises
    ------
    ArgumentError
        If two notes are of one claim.
    """
    notes = {note.claim: note for note in summary.notes}
    if len(notes) < len(summary.notes):
        twice = sorted(claim for claim, times in Counter(n.claim for n in summary.notes).items() if times > 1)
        raise ArgumentError(f"Claims have more than one note: {', '.join(twice[:5])}.", hint="Give one note a claim.")
    folder = files("isthmus") / "briefs"
    sheet = (folder / "summary.css").read_text(encoding="utf-8").replace("\r\n", "\n")
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    environment = Environment(
        loader=BaseLoader(), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(hedged=underline_hedges, quoted=quote_hedges, counted=count_words, command=split_command)
    template = environment.from_string((folder / "templates" / "summary.html").read_text(encoding="utf-8"))
    footnotes = Footnotes(notes)
    return template.render(
        s=summary,
        # Not escaped: it is our own file, and the hash must be of the very text.
        sheet=Markup(sheet),
        digest=digest,
        footnotes=footnotes,
        mark=footnotes.mark,
        map=_map(summary.points) if summary.points else None,
        doubts=_DOUBT_WORDS,
        count_in_words=_NUMBERS[len(summary.tour)] if len(summary.tour) < len(_NUMBERS) else len(summary.tour),
        glyph=draw_glyph,
        bar=draw_bar,
        axis=draw_axis,
        columns=draw_columns,
        ticks=draw_ticks,
    )
