"""All sites that are wanted, column by column: what the drawing on a screen is made of, small enough to be sent at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from isthmus.briefs.maps import load_countries
from isthmus.service.desk import Desk, PictureRequest
from isthmus.service.pages.map.controllers import learn, resolved, sites_for
from isthmus.service.pages.map.reading import SHEET, Sites
from isthmus.service.pages.map.site import LAYERS, STATUSES, Site, status_on
from isthmus.service.pages.map.wanted import Wanted, meeting


def site_columns(desk: Desk, request: PictureRequest | None, wanted: Wanted) -> dict[str, Any]:
    """Return sites in columns of equal length, JSON-ready.

    Returns
    -------
    dict
        ``kinds``, ``statuses``, ``countries`` (code, name, id, longitude, latitude), ``parties`` (id, name, controllers, possible
        controllers), ``roles``: tables that numbers below point into.
        ``sites``: ``id``, ``name``, ``kind``, ``status``, ``stages`` (place in ``stages``, -1 for none),
        ``unstaged`` (the status on a day on which no dated stage holds).
        ``stages``: lists of ``[begin, end, status]``. ``spots``: ``site``, ``lon``, ``lat`` (degrees, null in a badge), ``country`` (-1:
        not known), ``begin``, ``end``. ``ties``: ``site``, ``party``, ``role``, ``begin``, ``end``.
        Days are numbers such as 20220331, null where nobody states one. A site stands at those of its points that hold on a day; where
        none does, in the badges of its countries.

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError
        The thing that the sites are asked of is not known.
    """
    wanted, _ = resolved(desk, request, wanted)
    sites = sites_for(desk, request, wanted)
    chosen = list(meeting(sites, wanted))
    learn(desk, request, sites, {tie.party for site in chosen for tie in site.ties})
    return {
        "sheet": {
            "projection": "Equal Earth",
            "width": SHEET.width,
            "height": round(SHEET.height, 3),
            "central": SHEET.central,
            "north": SHEET.north,
            "south": SHEET.south,
        },
        "labels": "none",
        "statuses": STATUSES,
        **_columns(sites, chosen),
    }


class _Table:
    """Numbers things in the order in which they are met."""

    def __init__(self, first: Iterable[Any] = ()) -> None:
        self.numbers: dict[Any, int] = {}
        for value in first:
            self.number(value)

    def number(self, value: Any) -> int:
        return self.numbers.setdefault(value, len(self.numbers))


def _columns(sites: Sites, chosen: list[Site]) -> dict[str, Any]:
    kinds, countries, parties, roles, stages, tops = (
        _Table(LAYERS), _Table(), _Table(), _Table(), _Table(), _Table(),
    )  # fmt: skip
    head: dict[str, list[Any]] = {name: [] for name in ("id", "name", "kind", "status", "stages", "unstaged")}
    spots: dict[str, list[Any]] = {name: [] for name in ("site", "lon", "lat", "country", "begin", "end")}
    ties: dict[str, list[Any]] = {name: [] for name in ("site", "party", "role", "begin", "end")}
    for number, site in enumerate(chosen):
        told = tuple((stage.span.begin, stage.span.end, STATUSES.index(stage.status)) for stage in site.stages)
        dated = any(begin or end for begin, end, _ in told)
        line = (
            site.id,
            site.caption,
            kinds.number(site.kind),
            STATUSES.index(site.status),
            stages.number(told) if dated else -1,
            STATUSES.index(status_on(() if dated else site.stages, site.shown or site.spots, 0, dated=True)),
        )
        for column, value in zip(head.values(), line, strict=True):
            column.append(value)
        for spot in site.spots:
            if spot.x is None:
                continue
            country = countries.number(spot.country) if spot.country else -1
            cells = (number, _short(spot.lon), _short(spot.lat), country, *spot.span)
            for column, cell in zip(spots.values(), cells, strict=True):
                column.append(cell)
        for tie in site.ties:
            row = (number, parties.number(tie.party), roles.number(tie.role), *tie.span)
            for column, part in zip(ties.values(), row, strict=True):
                column.append(part)
    places = load_countries()
    named = [
        [name, sites.captions[name], [tops.number(top) for top in sites.above[name].sure],
         [tops.number(top) for top in sites.above[name].may]]
        for name in parties.numbers
    ]  # fmt: skip
    return {
        "kinds": list(kinds.numbers),
        "countries": [
            [code, sites.captions.get(sites.countries.get(code, ""), code), sites.countries.get(code),
             places[code].longitude, places[code].latitude]
            for code in countries.numbers
        ],
        "controllers": [[name, sites.captions[name]] for name in tops.numbers],
        "parties": named,
        "roles": list(roles.numbers),
        "stages": list(stages.numbers),
        "sites": head,
        "spots": spots,
        "ties": ties,
        "total": len(chosen),
    }  # fmt: skip


def _short(degrees: float | None) -> float | None:
    """Return degrees to a metre or so: what is beyond is noise that would have to be sent."""
    return None if degrees is None else round(degrees, 5)
