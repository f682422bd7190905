"""Sites on the map: points where coordinates are known, clusters where they crowd, country badges where they are not."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from markupsafe import Markup

from isthmus.briefs.maps import Country, EqualEarth
from isthmus.errors import ArgumentError

Status = Literal["actual", "planned", "past"]

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
_RADIUS = 6.0
_BADGE_HEIGHT = 14.0
_NEAREST, _FARTHEST, _RINGS, _DIRECTIONS = 13.0, 92.0, 9, 20


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A site: at coordinates, or known by its country only.

    Parameters
    ----------
    label : str
        What stands there.
    kind : str
        Its kind, as the key shows it. The first seven kinds (by number of sites) have a shape and colour each.
    status : {"actual", "planned", "past"}
        Standing; agreed, planned or being built; no longer.
    lat, lon : float or None
        Degrees; both or neither.
    country : str or None
        ISO 3166-1 code of two or three letters. Needed where there are no coordinates.
    country_name : str or None
        The country as the page names it; its code if absent.
    n : int
        How many sites this entry stands for.
    when : str or None
        Date or period, as the source has it.
    source : str
        Source and place in it.
    claims : tuple of str
        Ids of the claims that say so.

    Raises
    ------
    ArgumentError
        If the place is neither on earth nor in a country, or another field is out of range.
    """

    label: str
    kind: str
    status: Status = "actual"
    lat: float | None = None
    lon: float | None = None
    country: str | None = None
    country_name: str | None = None
    n: int = 1
    when: str | None = None
    source: str = ""
    claims: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.lat is None) != (self.lon is None):
            raise ArgumentError(f"The site '{self.label}' has a latitude or a longitude, not both.")
        if self.lat is None and not self.country:
            raise ArgumentError(
                f"The site '{self.label}' has neither coordinates nor a country, so it has no place on the map.",
                hint="Leave it out of the map and name it as a gap.",
            )
        if self.lat is not None and self.lon is not None and not (abs(self.lat) <= 90 and abs(self.lon) <= 360):
            raise ArgumentError(f"The site '{self.label}' lies at {self.lat}, {self.lon}, which is not on earth.")
        if self.status not in get_args(Status):
            raise ArgumentError(f"The site '{self.label}' has the status '{self.status}'.", hint=str(get_args(Status)))
        if self.n < 1:
            raise ArgumentError(f"The site '{self.label}' stands for {self.n} sites.", hint="Leave it out.")

    @property
    def place(self) -> tuple[float, float] | None:
        """Longitude and latitude, degrees; None where only the country is known."""
        return None if self.lat is None or self.lon is None else (self.lon, self.lat)

    @property
    def country_caption(self) -> str:
        """The country's name, or its code, or what the map says where neither is given."""
        return self.country_name or self.country or "country not given"


@dataclass(frozen=True, slots=True)
class Symbol:
    """One or more sites of one kind and status near one another, on the sheet."""

    x: float
    y: float
    kind: str
    status: Status
    sites: tuple[MapPoint, ...]

    @property
    def n(self) -> int:
        """How many sites it stands for."""
        return sum(site.n for site in self.sites)

    @property
    def scale(self) -> float:
        """Size as a multiple of a single site's; the area grows much more slowly than the number."""
        return min(2.2, 1 + 0.2 * math.log2(self.n)) if self.n > 1 else 0.9


@dataclass(frozen=True, slots=True)
class Badge:
    """The sites of a country whose place in it is not known: a label at (x, y), drawn out from the country's anchor."""

    code: str
    x: float
    y: float
    anchor: tuple[float, float]
    sites: tuple[MapPoint, ...]

    @property
    def n(self) -> int:
        """How many sites it stands for."""
        return sum(site.n for site in self.sites)

    @property
    def text(self) -> str:
        """What stands on it."""
        return f"{self.code} {self.n:,}"

    @property
    def width(self) -> float:
        """Width, in drawing units."""
        return 5.9 * len(self.text) + 6


@dataclass(frozen=True, slots=True)
class Placed:
    """All sites, each in exactly one of three places."""

    symbols: tuple[Symbol, ...]
    badges: tuple[Badge, ...]
    unplaced: tuple[MapPoint, ...]


def rank_kinds(sites: Iterable[MapPoint]) -> tuple[tuple[str, int], ...]:
    """Return the kinds and their numbers of sites, most frequent first."""
    counts: Counter[str] = Counter()
    for site in sites:
        counts[site.kind] += site.n
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def place_sites(sites: Sequence[MapPoint], projection: EqualEarth, countries: Mapping[str, Country]) -> Placed:
    """Give every site its symbol or badge; those that the sheet does not show come back as `unplaced`."""
    apart: dict[tuple[str, Status], list[tuple[float, float, list[MapPoint]]]] = defaultdict(list)
    by_country: dict[Country, list[MapPoint]] = defaultdict(list)
    unplaced = []
    for site in sites:
        country = countries.get((site.country or "").upper())
        if site.place is not None and projection.shows(site.place[1]):
            longitude = projection.wrapped(site.place[0])
            x, y = projection.project((longitude, site.place[1]))
            _join(apart[site.kind, site.status], x, y, site)
        elif site.place is None and country is not None and projection.shows(country.latitude):
            by_country[country].append(site)
        else:
            unplaced.append(site)
    symbols = tuple(
        sorted(
            (Symbol(x, y, *key, tuple(near)) for key, clusters in apart.items() for x, y, near in clusters),
            key=lambda symbol: (-symbol.n, symbol.x, symbol.y),
        )
    )
    return Placed(symbols, _place_badges(by_country, symbols, projection), tuple(unplaced))


def _join(clusters: list[tuple[float, float, list[MapPoint]]], x: float, y: float, site: MapPoint) -> None:
    for cx, cy, near in clusters:
        if math.hypot(cx - x, cy - y) <= 2 * _RADIUS:
            near.append(site)
            return
    clusters.append((x, y, [site]))


def _place_badges(
    by_country: Mapping[Country, list[MapPoint]], symbols: Sequence[Symbol], projection: EqualEarth
) -> tuple[Badge, ...]:
    taken = [
        (s.x - _RADIUS * s.scale, s.y - _RADIUS * s.scale, s.x + _RADIUS * s.scale, s.y + _RADIUS * s.scale)
        for s in symbols
    ]
    badges = []
    # The largest first: they keep their country's middle, the others make room.
    for country, sites in sorted(by_country.items(), key=lambda item: (-sum(s.n for s in item[1]), item[0])):
        anchor = projection.project((projection.wrapped(country.longitude), country.latitude))
        badge = Badge(country.alpha2, *anchor, anchor, tuple(sites))
        for x, y in _around(anchor):
            box = _box(x, y, badge.width)
            on_sheet = box[0] >= 0 and box[1] >= 0 and box[2] <= projection.width and box[3] <= projection.height
            if on_sheet and not any(_overlap(box, other) for other in taken):
                badge = Badge(badge.code, x, y, anchor, badge.sites)
                break
        taken.append(_box(badge.x, badge.y, badge.width))
        badges.append(badge)
    return tuple(badges)


def _around(anchor: tuple[float, float]) -> Iterable[tuple[float, float]]:
    yield anchor
    for ring in range(_RINGS):
        radius = _NEAREST + (_FARTHEST - _NEAREST) * ring / (_RINGS - 1)
        for step in range(_DIRECTIONS):
            angle = 2 * math.pi * step / _DIRECTIONS
            # Labels are wider than high, so that the ring is an ellipse.
            yield anchor[0] + 1.35 * radius * math.cos(angle), anchor[1] + radius * math.sin(angle)


Box = tuple[float, float, float, float]


def _box(x: float, y: float, width: float) -> Box:
    return x - width / 2 - 1, y - _BADGE_HEIGHT / 2 - 1, x + width / 2 + 1, y + _BADGE_HEIGHT / 2 + 1


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def draw_glyph(kind: int, status: Status = "actual", *, text: str = "") -> Markup:
    """Return the SVG group of a shape around the origin; kinds past the seventh share a hollow square."""
    known = kind < len(SHAPES)
    shape = SHAPES[kind] if known else SHAPES[1]
    name = f"k{kind}" if known else "kx"
    return Markup('<g class="k {} is-{}"><path d="{}"/>{}</g>').format(name, status, shape, text)


def draw_sites(placed: Placed, kinds: Mapping[str, int]) -> Markup:
    """Return the SVG of all symbols and badges, each with a title that names its sites."""
    parts = [_draw_symbol(symbol, kinds[symbol.kind]) for symbol in placed.symbols]
    leaders = [
        Markup('<path class="leader" d="M{:.1f} {:.1f}L{:.1f} {:.1f}"/><circle class="anchor" cx="{:.1f}" cy="{:.1f}" r="1.7"/>').format(
            *badge.anchor, badge.x, badge.y, *badge.anchor
        )
        for badge in placed.badges
        if (badge.x, badge.y) != badge.anchor
    ]
    return Markup("").join([*leaders, *parts, *(_draw_badge(badge) for badge in placed.badges)])


def _draw_symbol(symbol: Symbol, kind: int) -> Markup:
    number = Markup('<text class="pt-n" y="{:.1f}">{}</text>').format(3.6, symbol.n) if symbol.n > 1 else Markup("")
    glyph = Markup('<g transform="scale({:.2f})">{}</g>').format(symbol.scale, draw_glyph(kind, symbol.status))
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
