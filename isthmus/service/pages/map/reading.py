"""Read every site of a picture in a few queries, and keep what was read as long as the picture's file is the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from isthmus.briefs.maps import Country, load_countries
from isthmus.briefs.projection import EqualEarth
from isthmus.lenses.concentration.owners import Above
from isthmus.picture import Picture
from isthmus.service.desk import Desk, PictureRequest
from isthmus.service.pages.map.lands import Land, lands
from isthmus.service.pages.map.site import LAYERS, Site, Span, Spot, Stage, Tie, shown, status_of_value, status_on

ROLES = ("builds", "supplies", "develops", "operates", "owns", "finances")
"""What ties a party to a site, as the vocabulary has it."""
KEPT = 12
"""So many pictures' sites are kept."""
SHEET = EqualEarth()
_COARSE = ("country", "region")
_NEVER = ("place", "state", "person")
"""What is no site even where somebody asks for its map: its own map is of what lies in it, or is tied to it."""
_EVER = Span(None, None)
_NAME = "sites of the map"
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Sites:
    """All sites of a picture.

    Attributes
    ----------
    sites : tuple of Site
        By id.
    captions : dict
        What parties, places and controllers are called, by id.
    countries : dict of code to the entity that stands for it
    other_days : int
        Of how many more nothing is said to hold on the picture's day.
    above : dict
        Who stands at the top above a party, of those who were asked for (see `isthmus.service.pages.map.controllers`).
    """

    sites: tuple[Site, ...]
    captions: dict[str, str]
    countries: dict[str, str]
    other_days: int
    above: dict[str, Above] = field(default_factory=dict)
    made: dict[Any, Any] = field(default_factory=dict)
    """What was made of them before, by a name of its maker."""

    @cached_property
    def by_id(self) -> dict[str, Site]:
        """The sites by id."""
        return {site.id: site for site in self.sites}

    @cached_property
    def parties(self) -> frozenset[str]:
        """Everybody who is tied to a site."""
        return frozenset(tie.party for site in self.sites for tie in site.ties)


def sites_of(desk: Desk, request: PictureRequest | None, also: str | None = None) -> Sites:
    """Return the sites of a picture; they are read once.

    Parameters
    ----------
    also : str or None
        The id of a thing that is to be among them whatever its kind.
    """
    key = (desk.generation, request or PictureRequest(), also)
    with _LOCK:
        kept = desk.memo.setdefault(_NAME, OrderedDict())
        assert isinstance(kept, OrderedDict)
        if key in kept:
            kept.move_to_end(key)
            found = kept[key]
            assert isinstance(found, Sites)
            return found
    read: Sites = desk.read(request, read_sites, also)
    with _LOCK:
        kept[key] = read
        while len(kept) > KEPT:
            kept.popitem(last=False)
    return read


def read_sites(picture: Picture, also: str | None = None) -> Sites:
    """Read the sites of a picture."""
    rows = _Rows(picture)
    kinds = _kinds(rows)
    if also is not None and also not in kinds and not picture.is_kind(also, *_NEVER):
        named = picture.entity(also).kinds
        kinds[also] = (named[0] if named else "thing", _EVER)
    members = [member for head in kinds for member in picture.resolution.group(head)]
    listed = ", ".join(map(str, picture.reader.keys(members))) or "NULL"
    places = rows.of(("coordinates", "located_in"), f"c.subject IN ({listed})")
    stages = _grouped(rows.of(("status",), f"c.subject IN ({listed})"), 0)
    ties = _grouped(rows.of(ROLES, f'c."object" IN ({listed})'), 1)
    spots = _spots(picture, rows, kinds, places)
    if also in kinds and kinds[also][0] not in LAYERS and also not in spots:
        del kinds[also]
    picture.load_entities(kinds)
    day = int((picture.visibility.as_of or picture.known_at)[:10].replace("-", ""))
    dated = picture.visibility.as_of is not None
    sites = [
        _site(picture, head, kind, span, spots.get(head, ()), stages.get(head, ()), ties.get(head, ()), day, dated)
        for head, (kind, span) in sorted(kinds.items())
    ]
    # Of a day: what began later, or is over, is no site then, though its name and kind have no date.
    held = [site for site in sites if not dated or site.spots or site.stages or site.ties]
    return _with_names(picture, held, len(sites) - len(held))


def _site(
    picture: Picture,
    head: str,
    kind: str,
    span: Span,
    spots: Sequence[Spot],
    stages: Iterable[_Row],
    ties: Iterable[_Row],
    day: int,
    dated: bool,
) -> Site:
    # Nearly all are said to be of their kind without a date: then every place holds as long as it is said to.
    held = tuple(spots if span == _EVER else (spot._replace(span=spot.span.within(span)) for spot in spots))
    drawn = shown(held)
    said = tuple(
        Stage(status_of_value(row.value or "", row.mode), row.value or "", row.span, row.claim, row.mode, row.hedge)
        for row in stages
    )
    tied = tuple(Tie(row.predicate, row.subject, row.span, row.claim, row.mode, row.hedge) for row in ties)
    status = status_on(said, drawn or held, day, dated=dated)
    return Site(head, picture.caption(head), kind, status, held, drawn, said, tied)


def _with_names(picture: Picture, sites: Sequence[Site], other_days: int) -> Sites:
    parties = {tie.party for site in sites for tie in site.ties}
    places = {name for site in sites for spot in site.spots for name in spot.through}
    picture.load_entities(parties | places)
    countries = {
        spot.country: spot.through[-1] for site in sites for spot in site.spots if spot.country and spot.through
    }
    captions = {name: picture.caption(name) for name in parties | places}
    return Sites(tuple(sites), captions, countries, other_days)


@dataclass(frozen=True, slots=True)
class _Row:
    """A claim as far as the map needs it; both ends are canonical ids."""

    claim: str
    subject: str
    predicate: str
    object: str | None
    value: str | None
    precision: str | None
    mode: str
    hedge: str | None
    span: Span


class _Rows:
    """Reads claims of what is asserted, without the rest of each."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture

    def of(self, predicates: Sequence[str], where: str) -> list[_Row]:
        """Return the claims of some predicates that meet a condition, by id."""
        picture = self.picture
        named = ", ".join(f"'{name}'" for name in predicates)
        sql = picture.visibility.sql(
            'c.id, c.subject, c.predicate, c."object", c.value, c.qualifiers, c.mode, c.hedge, '
            "coalesce(c.valid_from, c.observed) AS begun, c.valid_to",
            f"c.stance = 0 AND c.predicate IN (SELECT key FROM predicates WHERE id IN ({named})) AND {where}",
        )
        rows = picture.store.rows(
            "SELECT c.id::VARCHAR, c.subject, p.id, c.object, c.value, q.pairs['precision'], c.mode, c.hedge, "
            f"{_day('f.earliest')}, {_day('t.latest')} FROM ({sql}) c JOIN predicates p ON p.key = c.predicate "
            "LEFT JOIN qualifier_sets q ON q.key = c.qualifiers LEFT JOIN dates f ON f.key = c.begun "
            "LEFT JOIN dates t ON t.key = c.valid_to ORDER BY c.id"
        )
        ids = picture.reader.ids({key for row in rows for key in (row[1], row[3]) if key is not None})
        head = {key: picture.resolution.of(name) for key, name in ids.items()}
        modes = picture.vocabulary.modes
        return [
            _Row(row[0], head[row[1]], row[2], None if row[3] is None else head[row[3]], row[4], row[5],
                 modes[row[6]], row[7], Span(row[8], row[9]))
            for row in rows
        ]  # fmt: skip


def _day(column: str) -> str:
    return f"(year({column}) * 10000 + month({column}) * 100 + day({column}))::INTEGER"


def _grouped(rows: Iterable[_Row], end: int) -> dict[str, list[_Row]]:
    """Return claims by their subject (0) or object (1)."""
    found: dict[str, list[_Row]] = {}
    for row in rows:
        name = row.object if end else row.subject
        if name is not None:
            found.setdefault(name, []).append(row)
    return found


def _kinds(rows: _Rows) -> dict[str, tuple[str, Span]]:
    """Return the layer of each site, and since when it is said to be of such a kind."""
    vocabulary = rows.picture.vocabulary
    layer = {kind: name for kind in vocabulary.kinds for name in reversed(LAYERS) if vocabulary.is_a(kind, name)}
    listed = ", ".join(f"'{kind}'" for kind in layer)
    found: dict[str, tuple[str, Span]] = {}
    for row in rows.of(("kind",), f"c.value IN ({listed})"):
        name = layer[row.value or ""]
        before = found.get(row.subject)
        if before is None:
            found[row.subject] = (name, row.span)
        else:
            found[row.subject] = (min(before[0], name, key=LAYERS.index), before[1].joined(row.span))
    return found


def _spots(picture: Picture, rows: _Rows, kinds: Iterable[str], places: Sequence[_Row]) -> dict[str, list[Spot]]:
    """Return where each site lies: at its own points, at those of the town or landing point that it lies in, and in its countries."""
    countries = load_countries()
    points = [row for row in places if row.predicate == "coordinates" and row.precision not in _COARSE]
    seats = [row for row in places if row.predicate == "located_in" and row.object]
    around = lands(picture, {row.object for row in seats if row.object})
    towns = sorted({row.object for row in seats if row.object} - set(kinds))
    keys = ", ".join(map(str, picture.reader.keys([m for town in towns for m in picture.resolution.group(town)])))
    further = rows.of(("coordinates",), f"c.subject IN ({keys})") if keys else []
    at = _grouped([*points, *(row for row in further if row.precision not in _COARSE)], 0)
    found: dict[str, list[Spot]] = {}
    home: dict[str, Land] = {}
    for row in seats:
        land = around[row.object or ""]
        home.setdefault(row.subject, land)
        for point in at.get(row.object or "", ()):
            found.setdefault(row.subject, []).append(_at(point, row, land))
        found.setdefault(row.subject, []).append(_in(row, land, countries))
    for row in points:
        found.setdefault(row.subject, []).append(_at(row, row, home.get(row.subject, Land((), None))))
    return {name: list(dict.fromkeys(spots)) for name, spots in found.items()}


def _at(point: _Row, said: _Row, land: Land) -> Spot:
    """Return a place at a point; where its text is no point on earth, a place that cannot be drawn."""
    span = said.span if point is said else said.span.within(point.span)
    hedge = said.hedge or point.hedge
    try:
        lat, lon = (float(part) for part in (point.value or "").split(","))
        on_earth = abs(lat) <= 90 and abs(lon) <= 360
    except ValueError:
        on_earth = False
    if not on_earth:
        return Spot(None, None, None, None, None, (), span, point.claim, said.mode, hedge)
    x, y = _project(lon, lat)
    return Spot(lon, lat, x, y, land.country, land.through, span, said.claim, said.mode, hedge)


def _in(said: _Row, land: Land, countries: dict[str, Country]) -> Spot:
    """Return a place of which no more than the country is known, or not even that."""
    place = countries.get(land.country or "")
    x, y = _badge(place) if place else (None, None)
    return Spot(None, None, x, y, land.country, land.through, said.span, said.claim, said.mode, said.hedge)


@cache
def _badge(place: Country) -> tuple[float | None, float | None]:
    return _project(place.longitude, place.latitude)


def _project(lon: float, lat: float) -> tuple[float | None, float | None]:
    if not SHEET.shows(lat):
        return None, None
    x, y = SHEET.project((SHEET.wrapped(lon), lat))
    return round(x, 3), round(y, 3)
