"""Where things lie: in a place, elsewhere, in it and elsewhere, or nobody says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from isthmus.claims.columns import read_columns
from isthmus.control.inquiry import claims_at
from isthmus.control.times import truths
from isthmus.dependence.rows import Flags, Ints
from isthmus.model import Claim
from isthmus.picture import Picture
from isthmus.picture.heads import resolved

INSIDE, PARTLY, OUTSIDE, UNKNOWN = "inside", "partly", "outside", "unknown"
_MEMO = "scenario places"
_GROUND = ("place", "site")
"""Kinds whose whole says where they lie."""
Marks = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Places:
    """All that is said of where things lie.

    Attributes
    ----------
    picture : Picture
    inner, outer, claim, at : int64, shape (claims,)
        Keys of what lies in what, the row of the claim in the store and the key of its subject there.
    states : int64
        Keys of states, rising.
    """

    picture: Picture
    inner: Ints
    outer: Ints
    claim: Ints
    at: Ints
    states: Ints

    @cached_property
    def _size(self) -> int:
        return int(max(self.inner.max(initial=0), self.outer.max(initial=0), self.states.max(initial=0))) + 1

    @cached_property
    def _order(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.inner, kind="stable")
        return self.inner[order], order

    def _rows(self, key: int) -> Ints:
        keys, order = self._order
        first, last = np.searchsorted(keys, [key, key + 1])
        found: Ints = order[first:last]
        return found

    def around(self, key: int) -> Area:
        """Return what lies in a place."""
        size = max(self._size, key + 1)
        inside = np.zeros(size, np.bool_)
        inside[key] = True
        inside = self._spread(inside)
        ends, more = {key}, [key]
        while more:
            outer = {int(end) for end in self.outer[self._rows(more.pop())]} - ends
            ends |= outer
            more += sorted(outer)
        other = np.zeros(size, np.bool_)
        other[self.states[~np.isin(self.states, sorted(ends))]] = True
        return Area(self, key, inside, self._spread(other))

    def _spread(self, marks: Flags) -> Flags:
        """Mark all that lies in what is marked, however deep."""
        while True:
            more = marks.copy()
            more[self.inner[marks[self.outer]]] = True
            if (more == marks).all():
                return marks
            marks = more


@dataclass(frozen=True, eq=False)
class Area:
    """What lies in one place.

    Attributes
    ----------
    inside, other : bool, by key
        Whether a thing lies in it by some claim, and whether it lies in another state by some.
    """

    places: Places
    key: int
    inside: Flags
    other: Flags

    def of(self, key: int) -> str:
        """Return whether a thing lies in the place: `INSIDE`, `PARTLY` (in it and elsewhere), `OUTSIDE` or `UNKNOWN`."""
        if key == self.key:
            return INSIDE
        if key >= self.inside.size:
            return UNKNOWN
        if not self.inside[key]:
            return OUTSIDE if self.other[key] else UNKNOWN
        ends = self.places.outer[self.places._rows(key)]
        return PARTLY if (self.other[ends] & ~self.inside[ends]).any() else INSIDE

    def claims(self, keys: Iterable[int]) -> list[Claim]:
        """Return the claims by which things lie in the place, the steps on the way among them."""
        rows: set[int] = set()
        seen: set[int] = set()
        more = list(keys)
        while more:
            key = more.pop()
            if key in seen or key == self.key:
                continue
            seen.add(key)
            mine = [int(row) for row in self.places._rows(key) if self.inside[self.places.outer[row]]]
            rows |= set(mine)
            more += [int(self.places.outer[row]) for row in mine]
        wanted = {int(self.places.claim[row]): int(self.places.at[row]) for row in rows}
        found = claims_at(self.places.picture, wanted)
        return sorted((found[claim] for claim in wanted), key=lambda claim: claim.id)


def places_of(picture: Picture) -> Places:
    """Return where the things of a picture lie; the claims are read once.

    What is part of a place or a site lies where that does.
    """
    if _MEMO not in picture.memo:
        picture.memo[_MEMO] = _read(picture)
    found = picture.memo[_MEMO]
    assert isinstance(found, Places)
    return found


def _of_kind(picture: Picture, *kinds: str) -> Ints:
    listed = [kind for kind in picture.vocabulary.kinds if any(picture.vocabulary.is_a(kind, one) for one in kinds)]
    told = ", ".join(f"'{kind}'" for kind in listed)
    where = f"c.predicate IN (SELECT key FROM predicates WHERE id = 'kind') AND c.stance = 0 AND c.value IN ({told})"
    table = read_columns(
        picture.store, f"SELECT DISTINCT r.subject FROM {resolved(picture, where)} r ORDER BY r.subject"
    )
    return np.asarray(table.column("subject").to_numpy(), dtype=np.int64)


def _read(picture: Picture) -> Places:
    where = (
        "c.predicate IN (SELECT key FROM predicates WHERE id IN ('located_in', 'part_of')) AND c.mode = 0 AND c.stance = 0 "
        'AND c."object" IS NOT NULL'
    )
    visible = picture.visibility.sql("c.rowid AS claim, c.subject AS place, c.*", where)
    table = read_columns(
        picture.store,
        'SELECT r.claim, r.place, r.subject, r."object" AS "object", p.id = \'part_of\' AS part, '
        "coalesce(r.valid_from, -1) AS valid_from, coalesce(r.valid_to, -1) AS valid_to, coalesce(r.observed, -1) AS observed "
        f"FROM {resolved(picture, visible=visible)} r JOIN predicates p ON p.key = r.predicate ORDER BY r.claim",
    )
    columns = {
        name: np.asarray(table.column(name).to_numpy(zero_copy_only=False), dtype=np.int64)
        for name in table.column_names
    }
    holds = truths(picture, columns["valid_from"], columns["valid_to"], columns["observed"]) > 0
    part = columns["part"] == 1
    ground = np.isin(columns["subject"], _of_kind(picture, *_GROUND)) if part.any() else part
    kept = np.flatnonzero(holds & (~part | ground) & (columns["subject"] != columns["object"]))
    return Places(
        picture,
        columns["subject"][kept],
        columns["object"][kept],
        columns["claim"][kept],
        columns["place"][kept],
        _of_kind(picture, "state"),
    )
