"""Which claims rest on which works, where a work counts as one with what is derived from it alone."""

from __future__ import annotations

from dataclasses import dataclass

from isthmus.control.rows import NOBODY, Rows
from isthmus.picture import Picture


@dataclass(frozen=True, slots=True)
class Family:
    """A work with all that is derived from it alone, and the claims (rows of the store) that rest on nothing else.

    Ten copies of one story fall with the story; what is derived from two independent works falls with neither.
    """

    works: tuple[str, ...]
    claims: frozenset[int]


def families(picture: Picture, rows: Rows, *, largest: bool = False) -> list[Family]:
    """Return the families of works behind some rows, by their works.

    Parameters
    ----------
    largest : bool
        Leave out families that lie within another; those that are left share no claim.
    """
    works = claim_works(picture, rows)
    named = {work for each in works.values() for work in each}
    parents = _parents(picture, named)
    found: dict[frozenset[int], set[str]] = {}
    for work in sorted(parents):
        family = _derived(work, parents)
        resting = frozenset(claim for claim, each in works.items() if family.issuperset(each))
        if resting:
            found.setdefault(resting, set()).update(family & (named | {work}))
    if largest:
        found = {claims: members for claims, members in found.items() if not any(claims < other for other in found)}
    return sorted(
        (Family(tuple(sorted(members)), claims) for claims, members in found.items()), key=lambda one: one.works
    )


def _parents(picture: Picture, named: set[str]) -> dict[str, tuple[str, ...]]:
    """Return what each of some works, and each work behind these, is derived from."""
    found: dict[str, tuple[str, ...]] = {}
    waiting = list(named)
    while waiting:
        work = waiting.pop()
        source = picture.sources.get(work)
        found[work] = source.derived_from if source else ()
        waiting += [other for other in found[work] if other not in found]
    return found


def _derived(work: str, parents: dict[str, tuple[str, ...]]) -> set[str]:
    family = {work}
    while True:
        more = {one for one, behind in parents.items() if behind and one not in family and family.issuperset(behind)}
        if not more:
            return family
        family |= more


def claim_works(picture: Picture, rows: Rows) -> dict[int, tuple[str, ...]]:
    """Return the works that each claim rests on: its origins where it names any, else its source."""
    sources = picture.memo.setdefault("sources by key", {})
    assert isinstance(sources, dict)
    if not sources:
        sources.update(picture.store.rows("SELECT key, id FROM sources"))
    keys = sorted({int(key) for key in rows.origin if key != NOBODY})
    origins: dict[int, tuple[str, ...]] = {}
    if keys:
        listed = ", ".join(map(str, keys))
        found = picture.store.rows(f"SELECT key, canonical FROM origin_sets WHERE key IN ({listed})")
        origins = {key: tuple(text.split(" ")) for key, text in found}
    named = {}
    for claim, source, origin in zip(rows.claim.tolist(), rows.source.tolist(), rows.origin.tolist(), strict=True):
        named[claim] = origins.get(origin) or (sources[source],)
    return named
