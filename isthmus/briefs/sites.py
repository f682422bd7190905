"""Sites on the map: points at known coordinates, joined where they crowd; country badges where there are none."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from isthmus.briefs.maps import Country
from isthmus.briefs.projection import EqualEarth
from isthmus.errors import ArgumentError

Status = Literal["actual", "planned", "past"]

_SMALLEST, _LARGEST = 4.2, 11.5
_BADGE_HEIGHT = 14.0
_DIRECTIONS = 20
_BADGE_RINGS = tuple(13.0 + 10 * ring for ring in range(9))


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
    def radius(self) -> float:
        """Size, in drawing units; it grows much more slowly than the number, which is printed."""
        return _SMALLEST if self.n == 1 else min(_LARGEST, 4.6 + 1.15 * math.log2(self.n))


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
    groups: dict[tuple[str, Status], list[Symbol]] = defaultdict(list)
    by_country: dict[Country, list[MapPoint]] = defaultdict(list)
    unplaced = []
    for site in sites:
        country = countries.get((site.country or "").upper())
        if site.place is not None and projection.shows(site.place[1]):
            longitude = projection.wrapped(site.place[0])
            x, y = projection.project((longitude, site.place[1]))
            groups[site.kind, site.status].append(Symbol(x, y, site.kind, site.status, (site,)))
        elif site.place is None and country is not None and projection.shows(country.latitude):
            by_country[country].append(site)
        else:
            unplaced.append(site)
    symbols = _uncovered([symbol for group in groups.values() for symbol in _joined(group)])
    return Placed(symbols, _place_badges(by_country, symbols, projection), tuple(unplaced))


def _joined(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Return symbols of one kind and status, joined until none overlaps another, each where its largest stood."""
    before = sorted(symbols, key=_rank)
    while True:
        after: list[Symbol] = []
        for symbol in before:
            for i, other in enumerate(after):
                if math.hypot(other.x - symbol.x, other.y - symbol.y) < other.radius + symbol.radius:
                    after[i] = replace(other, sites=other.sites + symbol.sites)
                    break
            else:
                after.append(symbol)
        if len(after) == len(before):
            return after
        before = sorted(after, key=_rank)


def _uncovered(symbols: Sequence[Symbol]) -> tuple[Symbol, ...]:
    """Return symbols of all kinds, the largest first, moved aside just so far that none hides the middle of another."""
    placed: list[Symbol] = []
    for symbol in sorted(symbols, key=_rank):
        rings = tuple(step * (symbol.radius + _SMALLEST) / 2 for step in range(1, 7))
        for x, y in _around((symbol.x, symbol.y), rings):
            if all(math.hypot(other.x - x, other.y - y) > other.radius + 0.5 * symbol.radius for other in placed):
                symbol = replace(symbol, x=x, y=y)
                break
        placed.append(symbol)
    return tuple(placed)


def _rank(symbol: Symbol) -> tuple[float, float, float, str, str]:
    return -symbol.n, symbol.x, symbol.y, symbol.kind, symbol.status


def _place_badges(
    by_country: Mapping[Country, list[MapPoint]], symbols: Sequence[Symbol], projection: EqualEarth
) -> tuple[Badge, ...]:
    taken = [
        (symbol.x - symbol.radius, symbol.y - symbol.radius, symbol.x + symbol.radius, symbol.y + symbol.radius)
        for symbol in symbols
    ]
    badges = []
    # The largest first: they keep their country's middle, the others make room.
    for country, sites in sorted(by_country.items(), key=lambda item: (-sum(s.n for s in item[1]), item[0])):
        anchor = projection.project((projection.wrapped(country.longitude), country.latitude))
        badge = Badge(country.alpha2, *anchor, anchor, tuple(sites))
        for x, y in _around(anchor, _BADGE_RINGS, widen=1.35):
            box = _box(x, y, badge.width)
            on_sheet = box[0] >= 0 and box[1] >= 0 and box[2] <= projection.width and box[3] <= projection.height
            if on_sheet and not any(_overlap(box, other) for other in taken):
                badge = Badge(badge.code, x, y, anchor, badge.sites)
                break
        taken.append(_box(badge.x, badge.y, badge.width))
        badges.append(badge)
    return tuple(badges)


def _around(
    anchor: tuple[float, float], radii: Sequence[float], *, widen: float = 1.0
) -> Iterator[tuple[float, float]]:
    # Labels are wider than high: `widen` makes ellipses of their circles.
    yield anchor
    for radius in radii:
        for step in range(_DIRECTIONS):
            angle = 2 * math.pi * step / _DIRECTIONS
            yield anchor[0] + widen * radius * math.cos(angle), anchor[1] + radius * math.sin(angle)


Box = tuple[float, float, float, float]


def _box(x: float, y: float, width: float) -> Box:
    return x - width / 2 - 1, y - _BADGE_HEIGHT / 2 - 1, x + width / 2 + 1, y + _BADGE_HEIGHT / 2 + 1


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
