"""The sites of a choice as a CSV table, with the claims behind each row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from isthmus.service.desk import Desk, PictureRequest
from isthmus.service.pages.map.controllers import learn, resolved, sites_for
from isthmus.service.pages.map.reading import Sites
from isthmus.service.pages.map.site import Site, Spot
from isthmus.service.pages.map.wanted import Wanted, meeting
from isthmus.sources.spreadsheet import guard

COLUMNS = ("id", "name", "kind", "status", "place", "country", "lat", "lon", "since", "parties", "controlled_by",
           "may_be_controlled_by", "claims")  # fmt: skip
_CHUNK = 500


def site_csv(desk: Desk, request: PictureRequest | None, wanted: Wanted) -> Iterator[str]:
    """Return the lines of a CSV of sites, one for each place at which one stands (RFC 4180, safe to open in a spreadsheet).

    Parties are given with what ties them (``supplies:id``), several parted by spaces.

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError
        At once, before the first line.
    """
    wanted, _ = resolved(desk, request, wanted)
    sites = sites_for(desk, request, wanted)
    chosen = list(meeting(sites, wanted))
    learn(desk, request, sites, {tie.party for site in chosen for tie in site.ties})
    return _lines(sites, chosen)


def _lines(sites: Sites, chosen: Sequence[Site]) -> Iterator[str]:
    yield _text([COLUMNS])
    for start in range(0, len(chosen), _CHUNK):
        yield _text([_cells(sites, site, spot) for site in chosen[start : start + _CHUNK] for spot in _places(site)])


def _places(site: Site) -> Sequence[Spot | None]:
    return site.shown or site.spots[:1] or (None,)


def _cells(sites: Sites, site: Site, spot: Spot | None) -> Sequence[str]:
    above = [sites.above[tie.party] for tie in site.ties]
    claims = [
        *([spot.claim] if spot else []),
        *(stage.claim for stage in site.stages),
        *(tie.claim for tie in site.ties),
    ]
    place = sites.captions.get(spot.through[0], "") if spot and spot.through else ""
    return [
        guard(site.id),
        guard(site.caption),
        site.kind,
        site.status,
        guard(place),
        (spot.country or "") if spot else "",
        str(spot.lat) if spot and spot.lat is not None else "",
        str(spot.lon) if spot and spot.lon is not None else "",
        str(site.since or ""),
        guard(" ".join(dict.fromkeys(f"{tie.role}:{tie.party}" for tie in site.ties))),
        guard(" ".join(dict.fromkeys(name for one in above for name in one.sure))),
        guard(" ".join(dict.fromkeys(name for one in above for name in one.may))),
        " ".join(dict.fromkeys(claims)),
    ]


def _text(rows: Sequence[Sequence[str]]) -> str:
    out = StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
