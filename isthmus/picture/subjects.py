"""The entities of a picture as subjects of matching: names, kinds, countries, valid identifiers and dates, read in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from isthmus.claims.words import fold
from isthmus.entities.matching import Subject
from isthmus.entities.matching.match import LONGEST
from isthmus.identifiers import check, find_scheme, scheme_names
from isthmus.picture.heads import resolved
from isthmus.picture.picture import Picture
from isthmus.sources.mapping.countries import country_names

_NOT_THE_SEAT = ("office", "node", "site")
"""What a place may be to an organisation that need not be of it (the qualifier ``basis``)."""
_ENDED = ("ended", "lapsed", "annulled")
_STEPS = 5
_PLACES = ("state", "place")
Held = dict[str, set[str]]


def read_subjects(picture: Picture, heads: Iterable[str] | None = None) -> dict[str, Subject]:
    """Return what is known of entities, by canonical id; entities without a name that can be compared are left out.

    Parameters
    ----------
    heads : iterable of str or None
        The canonical ids to return; None: all.
    """
    names, kinds, identifiers = _labels(picture)
    wanted = names.keys() if heads is None else [head for head in dict.fromkeys(heads) if head in names]
    countries = _countries(picture, names, kinds)
    since, until = _dates(picture)
    return {
        head: Subject(
            tuple(names[head]),
            _kind(kinds.get(head, set())),
            frozenset(countries.get(head, ())),
            frozenset(identifiers.get(head, ())),
            since.get(head),
            until.get(head),
        )
        for head in wanted
    }


def read_kinds(picture: Picture) -> Held:
    """Return the kinds of entities, by canonical id."""
    return _labels(picture)[1]


def _kind(kinds: set[str]) -> str | None:
    return "person" if "person" in kinds else min(kinds, default=None)


def _labels(picture: Picture) -> tuple[dict[str, list[str]], Held, dict[str, set[tuple[str, str]]]]:
    """Return names (the usual ones first), kinds and valid identifiers; identifiers that are no longer used are passed over."""
    names: dict[str, list[str]] = {}
    kinds: Held = {}
    identifiers: dict[str, set[tuple[str, str]]] = {}
    rows = picture.store.rows(
        "SELECT e.id, p.id, c.value, q.pairs['scheme'], bool_and(c.valid_to IS NOT NULL) "
        f"FROM {resolved(picture, _of('name', 'kind', 'identifier'))} c "
        "JOIN entities e ON e.key = c.subject JOIN predicates p ON p.key = c.predicate LEFT JOIN qualifier_sets q ON q.key = c.qualifiers "
        "WHERE c.value IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, bool_and(coalesce(q.pairs['type'], '') <> ''), 3, 4"
    )
    for head, predicate, value, scheme, over in rows:
        if predicate == "kind":
            kinds.setdefault(head, set()).add(value)
        elif predicate == "name":
            if value not in names.get(head, ()) and can_be_compared(value):
                names.setdefault(head, []).append(value)
        elif scheme and (not over or picture.as_of) and (found := valid_identifier(scheme, value)):
            identifiers.setdefault(head, set()).add(found)
    return names, kinds, identifiers


def can_be_compared(name: str) -> bool:
    """Tell whether a text can be compared as a name."""
    return len(name) <= LONGEST and any(map(str.isalnum, name))


def valid_identifier(scheme: str, value: str) -> tuple[str, str] | None:
    """Return scheme and canonical value; None where the value fails the check of its scheme."""
    scheme, value = scheme.strip().lower(), value.strip()
    if scheme not in scheme_names():
        return (scheme, value) if value else None
    return None if check(scheme, value) is not None else (scheme, find_scheme(scheme).normalise(value))


@lru_cache(maxsize=1)
def _codes() -> Mapping[str, str]:
    return {fold(name): code.lower() for name, code, _, _ in country_names()}


def country_code(text: str) -> str | None:
    """Return the alpha-2 code, in lower case, of a country's name or code; None where it is none."""
    return _codes().get(fold(text.strip().removeprefix("iso:")))


def _countries(picture: Picture, names: Mapping[str, list[str]], kinds: Held) -> Held:
    """Return the countries of entities, by way of the places that they lie in."""
    rows = picture.store.rows(
        f"SELECT DISTINCT s.id, o.id FROM {resolved(picture, _of('located_in'))} c "
        'JOIN entities s ON s.key = c.subject JOIN entities o ON o.key = c."object" '
        f"LEFT JOIN qualifier_sets q ON q.key = c.qualifiers WHERE coalesce(q.pairs['basis'], '') NOT IN {_NOT_THE_SEAT}"
    )
    within: Held = {}
    for inner, outer in rows:
        within.setdefault(inner, set()).add(outer)
    known: dict[str, str | None] = {}

    def code(place: str) -> str | None:
        if place not in known:
            ids = [name for name in picture.resolution.group(place) if name.startswith("iso:")]
            told = names.get(place, ()) if kinds.get(place, set()) & set(_PLACES) else ()
            known[place] = next(filter(None, map(country_code, (*ids, *told))), None)
        return known[place]

    found: Held = {}
    for inner, outer in within.items():
        places, seen = set(outer), {inner}
        for _ in range(_STEPS):
            found.setdefault(inner, set()).update(filter(None, map(code, places)))
            seen |= places
            places = {far for near in places if code(near) is None for far in within.get(near, ())} - seen
            if not places:
                break
    return found


def _dates(picture: Picture) -> tuple[dict[str, str], dict[str, str]]:
    """Return the earliest day on which each entity may have begun, and the latest on which it may have ended."""
    since: dict[str, str] = {}
    until: dict[str, str] = {}
    rows = picture.store.rows(
        "SELECT e.id, p.id, c.value, d.earliest::VARCHAR, d.latest::VARCHAR "
        f"FROM {resolved(picture, _of('established', 'status'))} c JOIN predicates p ON p.key = c.predicate "
        "JOIN entities e ON e.key = CASE p.id WHEN 'established' THEN c.\"object\" ELSE c.subject END "
        "JOIN dates d ON d.key = c.valid_from ORDER BY ALL"
    )
    for head, predicate, value, earliest, latest in rows:
        if (predicate == "established" or value == "active") and earliest:
            since[head] = min(since.get(head, earliest), earliest)
        elif predicate == "status" and value in _ENDED and latest:
            until[head] = max(until.get(head, latest), latest)
    return since, until


def _of(*predicates: str) -> str:
    listed = ", ".join(f"'{name}'" for name in predicates)
    return f"c.predicate IN (SELECT key FROM predicates WHERE id IN ({listed})) AND c.stance = 0 AND c.mode = 0"
