"""Find the thing that an address means, or say what else it could mean."""

from __future__ import annotations

from isthmus.claims.words import fold, search_words
from isthmus.errors import UnknownEntityError
from isthmus.picture import Entity, Picture

NEAR = 8
_SHORTEST = 3
_TRIES = 8
_WORDS = 4


def found(picture: Picture, name: str) -> Entity:
    """Return the entity that an address names: an id, an identifier or an unambiguous name.

    What no visible claim speaks of is as unknown as what is not held: an id alone tells nothing.

    Raises
    ------
    UnknownEntityError
        Nothing is called so; its `candidates` are the nearest names.
    AmbiguousEntityError
        More than one thing is called so.
    """
    try:
        entity = picture.resolve(name)
        if _is_spoken_of(picture, entity):
            return entity
    except UnknownEntityError:
        pass
    when = f" as of {picture.as_of}" if picture.as_of else ""
    near = near_names(picture, name)
    hint = "Names near to it are below." if near else "Search with a part of the name, in any script."
    raise UnknownEntityError(
        f"nothing in this picture{when} is called “{name[:200]}”.",
        hint=hint,
        candidates=[(entity.id, entity.caption) for entity in near],
    )


def _is_spoken_of(picture: Picture, entity: Entity) -> bool:
    if entity.kinds:
        return True
    keys = ", ".join(map(str, picture.reader.keys(entity.members)))
    if not keys:
        return False
    ends = (f"c.subject IN ({keys})", f'c."object" IN ({keys})')
    return any(picture.store.value(picture.visibility.sql("1", end) + " LIMIT 1") for end in ends)


def near_names(picture: Picture, text: str) -> list[Entity]:
    """Return entities whose names begin as words of a text do, the longest common beginnings first."""
    words = sorted(set(search_words(text[:200])), key=lambda word: (-len(word), word))[:_WORDS]
    found: dict[str, Entity] = {}
    for word in words:
        for cut in range(min(_TRIES, max(1, len(word) - _SHORTEST + 1))):
            part = word[: len(word) - cut]
            hits = [hit for hit in picture.find(part, NEAR) if hit.how != "inside"]
            for hit in hits:
                found.setdefault(hit.entity.id, hit.entity)
            if hits:
                break
    wanted = fold(text)
    return sorted(found.values(), key=lambda one: (_apart(fold(one.caption), wanted), one.caption, one.id))[:NEAR]


def _apart(name: str, wanted: str) -> int:
    """Return how many pairs of neighbouring characters only one of two names has."""
    one, other = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (name, wanted))
    return len(one ^ other)
