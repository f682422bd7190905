"""Who stands on a list on the day of a picture."""

from __future__ import annotations

from collections.abc import Iterable

from isthmus.dates import Truth
from isthmus.model import Claim
from isthmus.picture import Picture
from isthmus.picture.extent import holds

DESIGNATES = "designates"


def designations(picture: Picture, names: Iterable[str]) -> dict[str, list[Claim]]:
    """Return, for each of some entities (canonical ids) that is on a list, the claims that put it there and hold on the day."""
    if DESIGNATES not in picture.reader.used:
        return {}
    heads = sorted(set(names))
    keys = picture.reader.keys([member for head in heads for member in picture.resolution.group(head)])
    found: dict[str, list[Claim]] = {}
    for claim in picture.reader.towards(keys, predicates=(DESIGNATES,)):
        if (
            claim.object
            and claim.mode == "actual"
            and claim.stance == "asserts"
            and holds(claim, picture.as_of) is not Truth.NO
        ):
            found.setdefault(picture.resolution.of(claim.object), []).append(claim)
    picture.load_entities(claim.subject for claims in found.values() for claim in claims)
    return found
