"""Which sites a reader wants to see: the parts of the map's address, and what meets them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from isthmus.errors import ArgumentError
from isthmus.service.pages.map.reading import ROLES, Sites
from isthmus.service.pages.map.site import LAYERS, STATUSES, Site, Tie

SORTS = ("name", "kind", "status", "country", "since")
PLACES = ("point", "country", "none")
HOW = ("sure", "may")
NOT_KNOWN = "?"
"""Stands for a controller, vendor or country of which nothing is held."""
View = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A choice of sites; what is empty leaves everything in.

    Attributes
    ----------
    layer : tuple of str
        Kinds, of `LAYERS`.
    status : tuple of str
        Of `STATUSES`.
    vendor, role : str
        The id of a party tied to the site, and the predicate that ties it.
    controller : str
        The id of who stands at the top above a party of the site (or is that party); `NOT_KNOWN`: nobody is known above one of them, or no
        party is known.
    how : str
        Only who controls for sure, or only who may (`HOW`); empty: either.
    country : str
        A code of two letters, or `NOT_KNOWN`.
    place : str
        How well the place is known: at a point, by country, or not at all (`PLACES`).
    of : str
        The id of a thing: only itself and the sites that it is tied to, or that lie in it.
    view : tuple of float, or None
        A part of the sheet: left, top, right, bottom.
    sort : str
        Of `SORTS`.
    """

    layer: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    vendor: str = ""
    role: str = ""
    controller: str = ""
    how: str = ""
    country: str = ""
    place: str = ""
    of: str = ""
    view: View | None = None
    sort: str = "name"

    def __post_init__(self) -> None:
        for name, given, known in (
            ("layer", self.layer, LAYERS),
            ("status", self.status, STATUSES),
            ("role", (self.role,) if self.role else (), ROLES),
            ("how", (self.how,) if self.how else (), HOW),
            ("place", (self.place,) if self.place else (), PLACES),
            ("sort", (self.sort,), SORTS),
        ):
            for value in given:
                if value not in known:
                    raise ArgumentError(
                        f"“{value[:60]}” is no {name} of the map.", where=name, hint=f"Use {', '.join(known)}."
                    )

    @classmethod
    def read(cls, query: Any) -> Wanted:
        """Return what the parts of an address want; `query` gives one with `get` and all with `getlist`.

        Raises
        ------
        ArgumentError
            A part cannot be read; the message names it.
        """

        def word(name: str) -> str:
            return str(query.get(name) or "")[:2000]

        def words(name: str) -> tuple[str, ...]:
            return tuple(part for part in query.getlist(name) if part)

        return cls(
            layer=words("layer"),
            status=words("status"),
            vendor=word("vendor"),
            role=word("role"),
            controller=word("controller"),
            how=word("how"),
            country=word("country"),
            place=word("place"),
            of=word("of"),
            view=_view(query.get("view")),
            sort=word("sort") or "name",
        )

    def query(self) -> dict[str, Any]:
        """Return the parts of an address that want the same."""
        found: dict[str, Any] = {}
        for name in ("of", "layer", "status", "vendor", "role", "controller", "how", "country", "place"):
            value = getattr(self, name)
            if value:
                found[name] = list(value) if isinstance(value, tuple) else value
        if self.view is not None:
            found["view"] = ",".join(f"{part:g}" for part in self.view)
        if self.sort != "name":
            found["sort"] = self.sort
        return found

    def anywhere(self) -> Wanted:
        """Return the same without the part of the sheet."""
        return replace(self, view=None)

    def has_dated_parts(self) -> bool:
        """Tell whether the choice depends on who is tied to a site, or on its stage: on another day it may hold others."""
        return bool(self.status or self.vendor or self.role or self.controller or self.place or self.of or self.country)


def _view(text: str | None) -> View | None:
    if not text:
        return None
    try:
        left, top, right, bottom = (float(part) for part in text.split(","))
        if all(abs(part) < 1e6 for part in (left, top, right, bottom)):
            return left, top, right, bottom
    except ValueError:
        pass
    raise ArgumentError(
        "a part of the map is four numbers: left, top, right, bottom.", where="view", hint="Leave it out for the world."
    )


def meeting(sites: Sites, wanted: Wanted) -> Iterator[Site]:
    """Yield the sites that meet a choice, in order of their ids."""
    for site in sites.sites:
        if (
            (not wanted.layer or site.kind in wanted.layer or site.id == wanted.of)
            and (not wanted.status or site.status in wanted.status)
            and _is_placed(site, wanted.place)
            and (not wanted.country or _in_country(site, wanted.country))
            and (not wanted.of or _belongs(site, wanted.of))
            and _is_tied(sites, site, wanted)
            and (wanted.view is None or in_view(site, wanted.view))
        ):
            yield site


def in_view(site: Site, view: View) -> bool:
    """Tell whether a point or badge of a site stands in a part of the sheet."""
    left, top, right, bottom = view
    return any(
        spot.x is not None and spot.y is not None and left <= spot.x <= right and top <= spot.y <= bottom
        for spot in site.shown
    )


def _is_placed(site: Site, place: str) -> bool:
    if place == "none":
        return not site.shown
    if place:
        return bool(site.shown) and (place == "point") == any(spot.exact for spot in site.shown)
    return True


def _in_country(site: Site, country: str) -> bool:
    if country == NOT_KNOWN:
        return not any(spot.country for spot in site.spots)
    return any(spot.country == country for spot in site.spots)


def _belongs(site: Site, name: str) -> bool:
    return (
        site.id == name
        or any(tie.party == name for tie in site.ties)
        or any(name in spot.through for spot in site.spots)
    )


def _is_tied(sites: Sites, site: Site, wanted: Wanted) -> bool:
    if not (wanted.vendor or wanted.role or wanted.controller or wanted.how):
        return True
    if NOT_KNOWN in (wanted.vendor, wanted.controller) and not site.ties:
        return not wanted.role
    return any(_meets(sites, tie, wanted) for tie in site.ties)


def _meets(sites: Sites, tie: Tie, wanted: Wanted) -> bool:
    """Tell whether one tie meets all of the choice: a vendor's controller must be that of this vendor."""
    if wanted.role and tie.role != wanted.role:
        return False
    if wanted.vendor and tie.party != wanted.vendor:
        return False
    if not wanted.controller and not wanted.how:
        return True
    above = sites.above[tie.party]
    if wanted.controller == NOT_KNOWN:
        return not above.sure and not above.may
    tops: Mapping[str, tuple[str, ...]] = {"sure": above.sure or (tie.party,), "may": above.may}
    held = [top for how in ((wanted.how,) if wanted.how else HOW) for top in tops[how]]
    if wanted.controller:
        return wanted.controller in held
    return not wanted.how or (bool(above.sure) if wanted.how == "sure" else bool(above.may))
