"""What the map's page and its list show: the choice, how many sites meet it, the drawing, and a page of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from isthmus.picture import Picture
from isthmus.service.desk import Desk, PictureRequest
from isthmus.service.pages.map.controllers import RULE, learn, resolved, sites_for
from isthmus.service.pages.map.drawing import drawing, land
from isthmus.service.pages.map.reading import ROLES, Sites
from isthmus.service.pages.map.rows import rows_of
from isthmus.service.pages.map.site import LAYERS, STATUSES, Site
from isthmus.service.pages.map.wanted import NOT_KNOWN, PLACES, Wanted, meeting

ROWS = 25
_OPTIONS = 250
"""A list to choose from holds at most so many parties, those with the most sites."""


def map_page(desk: Desk, request: PictureRequest | None, wanted: Wanted, number: int = 1) -> dict[str, Any]:
    """Return the page: choices with their counts, the drawing, and the list.

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError
        The thing that the map is asked of is not known.
    """
    wanted, of = resolved(desk, request, wanted)
    sites = sites_for(desk, request, wanted)
    learn(desk, request, sites, sites.parties)
    chosen = list(meeting(sites, wanted.anywhere()))
    return {
        **_list(desk, request, sites, wanted, number),
        "of": of,
        "land": land(),
        "drawing": drawing(chosen, wanted.view, sites.captions),
        "choices": _choices(sites),
        "known": {"places": PLACES, "roles": ROLES, "layers": LAYERS, "statuses": STATUSES, "rule": RULE},
    }


def map_list(desk: Desk, request: PictureRequest | None, wanted: Wanted, number: int = 1) -> dict[str, Any]:
    """Return a page of the list alone, for a map that was moved."""
    wanted, _ = resolved(desk, request, wanted)
    return _list(desk, request, sites_for(desk, request, wanted), wanted, number)


def _list(desk: Desk, request: PictureRequest | None, sites: Sites, wanted: Wanted, number: int) -> dict[str, Any]:
    chosen = _sorted(sites, list(meeting(sites, wanted)), wanted.sort)
    pages = max(1, -(-len(chosen) // ROWS))
    page = chosen[(number - 1) * ROWS : number * ROWS]
    learn(desk, request, sites, {tie.party for site in page for tie in site.ties})
    return {
        **desk.read(request, _rows, sites, page),
        "counts": _counts(sites, wanted),
        "wanted": wanted,
        "chosen": wanted.query(),
        "paging_of": {"number": number, "size": ROWS, "pages": pages, "total": len(chosen)},
        "inexact": sum(not site.shown for site in chosen),
    }


def _counts(sites: Sites, wanted: Wanted) -> dict[str, int]:
    """Return how well the places of all sites of a choice are known, wherever they lie."""
    found = Counter(
        "nowhere" if not site.shown else "at_point" if site.shown[0].exact else "by_country"
        for site in meeting(sites, wanted.anywhere())
    )
    return {
        **{name: found[name] for name in ("at_point", "by_country", "nowhere")},
        "held": len(sites.sites),
        "other_days": sites.other_days,
    }


def _rows(picture: Picture, sites: Sites, page: Sequence[Site]) -> dict[str, Any]:
    return rows_of(picture, sites, page)


def _sorted(sites: Sites, chosen: list[Site], sort: str) -> list[Site]:
    """Return sites in order; those that are not drawn, and what is not stated, come last."""

    def country(site: Site) -> str:
        names = sorted(sites.captions.get(spot.through[-1], "") for spot in site.spots if spot.through)
        return names[0].casefold() if names else "\U0010ffff"

    keys: dict[str, Callable[[Site], Any]] = {
        "name": lambda site: site.caption.casefold(),
        "kind": lambda site: LAYERS.index(site.kind) if site.kind in LAYERS else len(LAYERS),
        "status": lambda site: STATUSES.index(site.status),
        "country": country,
        "since": lambda site: -(site.since or 0),
    }
    key = keys[sort]
    return sorted(chosen, key=lambda site: (not site.shown, key(site), site.caption.casefold(), site.id))


def _choices(sites: Sites) -> dict[str, Any]:
    """Return what can be chosen, each with the number of sites that it leaves."""
    if "choices" not in sites.made:
        sites.made["choices"] = _counted(sites)
    made: dict[str, Any] = sites.made["choices"]
    return made


def _counted(sites: Sites) -> dict[str, Any]:
    layers = Counter(site.kind for site in sites.sites)
    stages = Counter(site.status for site in sites.sites)
    vendors = Counter(name for site in sites.sites for name in {tie.party for tie in site.ties})
    roles = Counter(name for site in sites.sites for name in {tie.role for tie in site.ties})
    sure: Counter[str] = Counter()
    may: Counter[str] = Counter()
    for site in sites.sites:
        above = [sites.above[tie.party] for tie in site.ties]
        certain = {top for one in above for top in one.sure}
        sure.update(certain)
        may.update({top for one in above for top in one.may} - certain)
    countries = Counter(code for site in sites.sites for code in {spot.country for spot in site.spots} if code)
    tops = sorted(sure.keys() | may.keys(), key=lambda name: (-sure[name], -may[name], sites.captions[name]))
    return {
        "layers": [(name, layers[name]) for name in (*LAYERS, *sorted(layers.keys() - set(LAYERS))) if layers[name]],
        "statuses": [(name, stages[name]) for name in STATUSES if stages[name]],
        "vendors": _named(sites, vendors),
        "more_vendors": max(0, len(vendors) - _OPTIONS),
        "roles": [(name, roles[name]) for name in ROLES if roles[name]],
        "controllers": [
            {"id": name, "caption": sites.captions[name][:80], "sure": sure[name], "may": may[name]}
            for name in tops[:_OPTIONS]
        ],
        "countries": sorted(
            (
                {"code": code, "caption": sites.captions.get(sites.countries.get(code, ""), code), "n": n}
                for code, n in countries.items()
            ),
            key=lambda row: str(row["caption"]).casefold(),
        ),
        "not_known": NOT_KNOWN,
    }


def _named(sites: Sites, counts: Counter[str]) -> list[dict[str, Any]]:
    order = sorted(counts, key=lambda name: (-counts[name], sites.captions[name]))
    return [{"id": name, "caption": sites.captions[name][:80], "n": counts[name]} for name in order[:_OPTIONS]]
