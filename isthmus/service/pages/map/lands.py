"""In which country a place lies, and at which point a town is: step by step from place to place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from isthmus.briefs.maps import Country, load_countries
from isthmus.picture import Picture

STEPS = 4


class Land(NamedTuple):
    """What is known of a place: the places around it, the nearest (itself) first, and the code of its country."""

    through: tuple[str, ...]
    country: str | None


def lands(picture: Picture, names: Iterable[str]) -> dict[str, Land]:
    """Return where places lie.

    A place that is said to lie in two others goes by the first of them in order of the claims; a site's own claims are not read here.
    """
    countries = load_countries()
    heads = {name: picture.resolution.of(name) for name in names}
    above: dict[str, str | None] = {}
    open_ends = set(heads.values())
    for _ in range(STEPS):
        picture.load_entities(open_ends)
        codes = {name: _code(picture, name, countries) for name in open_ends}
        wanted = sorted(name for name, code in codes.items() if code is None)
        above |= dict.fromkeys(open_ends)
        members = [member for name in wanted for member in picture.resolution.group(name)]
        claims = picture.reader.about(picture.reader.keys(members), predicates=("located_in", "part_of"))
        for claim in claims:
            name = picture.resolution.of(claim.subject)
            if claim.object and claim.stance == "asserts" and above.get(name) is None:
                above[name] = picture.resolution.of(claim.object)
        open_ends = {to for name in wanted if (to := above[name]) is not None} - above.keys()
        if not open_ends:
            break
    picture.load_entities(open_ends)
    return {name: _land(picture, head, above, countries) for name, head in heads.items()}


def _land(picture: Picture, head: str, above: dict[str, str | None], countries: dict[str, Country]) -> Land:
    through = [head]
    while (code := _code(picture, through[-1], countries)) is None:
        step = above.get(through[-1])
        if step is None or step in through:
            return Land(tuple(through), None)
        through.append(step)
    return Land(tuple(through), code)


def _code(picture: Picture, name: str, countries: dict[str, Country]) -> str | None:
    for member in picture.entity(name).members:
        scheme, _, code = member.partition(":")
        if scheme == "iso" and code.upper() in countries:
            return countries[code.upper()].alpha2
    return None
