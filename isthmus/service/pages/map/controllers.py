"""Who stands at the top above the parties of sites; asked only of those of whom it is wanted, and once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from isthmus.lenses.concentration.owners import Above, Owners
from isthmus.picture import Picture
from isthmus.service.desk import Desk, PictureRequest
from isthmus.service.pages.entity.naming import found
from isthmus.service.pages.map.reading import Sites, sites_of
from isthmus.service.pages.map.wanted import Wanted

RULE = "majority"


def sites_for(desk: Desk, request: PictureRequest | None, wanted: Wanted) -> Sites:
    """Return the sites of a picture with all that a choice among them asks for."""
    sites = sites_of(desk, request, wanted.of or None)
    if wanted.controller or wanted.how:
        learn(desk, request, sites, sites.parties)
    return sites


def learn(desk: Desk, request: PictureRequest | None, sites: Sites, parties: Iterable[str]) -> None:
    """Find out who stands above some parties, where that is not known yet."""
    missing = sorted(set(parties) - sites.above.keys())
    if not missing:
        return
    above, captions = desk.read(request, _tops, missing)
    sites.captions.update(captions)
    sites.above.update(above)


def _tops(picture: Picture, parties: Sequence[str]) -> tuple[dict[str, Above], dict[str, str]]:
    owners = Owners(picture, RULE)
    picture.load_entities(parties)
    above = {name: _top(picture, name, owners.above(name)) for name in parties}
    tops = {top for found in above.values() for top in (*found.sure, *found.may)}
    picture.load_entities(tops)
    return above, {name: picture.caption(name) for name in tops}


def _top(picture: Picture, name: str, above: Above) -> Above:
    """Return who stands above a party; a state above which nobody stands is its own top."""
    alone = not above.sure and not above.may and picture.is_kind(name, "state")
    return replace(above, sure=(name,)) if alone else above


def resolved(desk: Desk, request: PictureRequest | None, wanted: Wanted) -> tuple[Wanted, dict[str, Any] | None]:
    """Return the choice with the id of the thing that it is of, and that thing in short; the name in it may be any of its names."""
    if not wanted.of:
        return wanted, None
    entity = desk.read(request, found, wanted.of)
    return replace(wanted, of=entity.id), {
        "id": entity.id,
        "caption": entity.caption[:200],
        "kinds": list(entity.kinds),
    }
