"""Count what the visible claims are like, and how they fit the vocabulary: names, kinds, and ends of a kind that is not allowed.

One pass over all claims, in arrays indexed by the entity's key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as arrow
from numpy.typing import NDArray

from isthmus.claims.columns import keep_columns, read_columns
from isthmus.claims.working import drop_kept
from isthmus.picture.heads import qualifier_rows, resolved
from isthmus.picture.picture import Picture

_WORD = 62
"""Kinds in one 64-bit number; a longer vocabulary takes several."""

NUMBERED = "(c.low IS NOT NULL OR c.high IS NOT NULL)"
_COUNTED = {
    "dated": "c.valid_from IS NOT NULL OR c.valid_to IS NOT NULL",
    "observed": "c.valid_from IS NULL AND c.valid_to IS NULL AND c.observed IS NOT NULL",
    "undated": "c.valid_from IS NULL AND c.valid_to IS NULL AND c.observed IS NULL",
    "numbered": NUMBERED,
    "bounded": f"{NUMBERED} AND (c.bits > 0 OR c.low IS DISTINCT FROM c.high)",
    "hedged": "c.hedge IS NOT NULL",
    "not_actual": "c.mode > 0",
    "denied": "c.stance = 1",
    "not_found": "c.stance = 2",
}
"""What is counted of claims; each is one bit of a number that the pass reads."""

Flags = NDArray[np.bool_]
Masks = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fit:
    """What one pass over the claims found.

    Attributes
    ----------
    claims : int
        The visible claims.
    counts, predicates : dict of str to int
        How many of them are as `_COUNTED` says, and how many each predicate has, most first.
    sources : tuple of int
        Keys of the sources in which they were read.
    entities, without_name, without_kind, groups : int
        Distinct canonical entities that a claim speaks of, and how many of them lack a name or a kind, or are groups.
    kinds : dict of str to int
        Entities by kind as their sources say; an entity of two kinds is in both.
    misfits : dict
        ``n`` ends of claims whose entity is of no allowed kind though its kind is known; ``by`` predicate and end with an example.
    """

    claims: int
    counts: dict[str, int]
    predicates: dict[str, int]
    sources: tuple[int, ...]
    entities: int
    without_name: int
    without_kind: int
    groups: int
    kinds: dict[str, int]
    misfits: dict[str, Any]
    _is_group: Flags

    def is_group(self, key: int) -> bool:
        """Tell whether the entity with a key of the store is a group."""
        return bool(self._is_group[key])


def fit_to_vocabulary(picture: Picture) -> Fit:
    """Pass over the visible claims and see how they fit the vocabulary."""
    size = int(picture.store.value("SELECT coalesce(max(key), 0) + 1 FROM entities"))
    masks, kinds = _kinds_of(picture, size)
    kinds_known = bool(masks.any())
    seen, named = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
    for key in _qualified(picture):
        seen[key] = True
    names = {row[1]: int(row[0]) for row in picture.store.rows("SELECT key, id FROM predicates")}
    allowed = _allowed(picture, kinds, names)
    counted: dict[tuple[str, str], int] = {}
    ends: dict[tuple[str, str], NDArray[np.int32]] = {}
    labels = {number: name for name, number in names.items()}
    of_predicate: Counter[str] = Counter()
    of_flags: Counter[int] = Counter()
    sources: set[int] = set()
    for batch in read_columns(picture.store, _pass(picture)).to_batches():
        subjects, objects, predicates, stances, read_in, flags = (column.to_numpy() for column in batch.columns)
        seen[subjects] = True
        seen[objects[objects >= 0]] = True
        named[subjects[(predicates == names.get("name", -1)) & (stances == 0)]] = True
        of_predicate.update(
            {labels[number]: int(count) for number, count in enumerate(np.bincount(predicates)) if count}
        )
        of_flags.update({number: int(count) for number, count in enumerate(np.bincount(flags)) if count})
        sources.update(np.unique(read_in).tolist())
        for end, keys in (("subject", subjects), ("object", objects)) if kinds_known else ():
            bad = _misfits(masks, allowed[end], keys, predicates) & (stances == 0)
            for number in np.unique(predicates[bad]):
                mark = (labels[int(number)], end)
                wrong = keys[bad & (predicates == number)]
                counted[mark] = counted.get(mark, 0) + len(wrong)
                ends[mark] = np.unique(np.concatenate((ends[mark], wrong))) if mark in ends else np.unique(wrong)
    has_kind = (masks != 0).any(axis=0)
    groups = _of_kinds(masks, kinds, [name for name in kinds if picture.vocabulary.is_a(name, "group")])
    return Fit(
        claims=sum(of_predicate.values()),
        counts={
            name: sum(count for flags, count in of_flags.items() if flags >> place & 1)
            for place, name in enumerate(_COUNTED)
        },
        predicates=dict(sorted(of_predicate.items(), key=lambda pair: (-pair[1], pair[0]))),
        sources=tuple(sorted(sources)),
        entities=int(seen.sum()),
        without_name=int((seen & ~named).sum()),
        without_kind=int((seen & ~has_kind).sum()),
        groups=int(groups.sum()),
        kinds=_count_kinds(masks, kinds),
        misfits=_described(picture, counted, ends),
        _is_group=groups,
    )


def _pass(picture: Picture) -> str:
    """Return the query of the pass: ends, predicate, stance, source, and the bits of `_COUNTED`."""
    bits = " + ".join(
        f"CASE WHEN {condition} THEN {1 << place} ELSE 0 END" for place, condition in enumerate(_COUNTED.values())
    )
    return (
        'SELECT c.subject, coalesce(c."object", -1) AS "object", c.predicate, c.stance, c."source", '
        f"({bits})::USMALLINT AS bits FROM {resolved(picture)} c"
    )


def _kinds_of(picture: Picture, size: int) -> tuple[Masks, tuple[str, ...]]:
    """Return one bit for each kind that an entity is said to be, shape (words, entities), and the kinds in order."""
    kinds = tuple(picture.vocabulary.kinds)
    masks = np.zeros((len(kinds) // _WORD + 1, size), dtype=np.int64)
    where = "c.predicate = (SELECT key FROM predicates WHERE id = 'kind') AND c.stance = 0"
    keep_columns(
        picture.store,
        "kind_numbers",
        arrow.table({"value": kinds, "number": arrow.array(range(len(kinds)), arrow.int32())}),
    )
    rows = f"SELECT c.subject, k.number FROM {resolved(picture, where)} c JOIN temp.kind_numbers k ON k.value = c.value"
    for batch in read_columns(picture.store, rows).to_batches():
        subjects, numbers = (column.to_numpy() for column in batch.columns)
        np.bitwise_or.at(masks, (numbers // _WORD, subjects), np.int64(1) << (numbers % _WORD).astype(np.int64))
    drop_kept(picture.store, "kind_numbers")
    return masks, kinds


def _qualified(picture: Picture) -> Iterable[int]:
    """Return the keys of entities that visible claims name in a qualifier."""
    if not picture.store.value("SELECT count(*) FROM qualifier_sets WHERE contains(canonical, '@')"):
        return ()
    rows = picture.store.rows(
        f"""SELECT DISTINCT e.key FROM (
          SELECT unnest(map_values(q.pairs)) AS value FROM {qualifier_rows(picture)} q
          WHERE contains(q.canonical, '@') AND q.key IN (SELECT DISTINCT c.qualifiers FROM {resolved(picture)} c)) v
        JOIN entities e ON v.value = '@' || e.id"""
    )
    return (int(row[0]) for row in rows)


def _allowed(picture: Picture, kinds: tuple[str, ...], names: Mapping[str, int]) -> dict[str, Masks]:
    """Return, for subject and object, the bits of the kinds that each predicate allows: shape (words, predicates)."""
    words, size = len(kinds) // _WORD + 1, max(names.values(), default=0) + 1
    allowed = {end: np.full((words, size), -1, dtype=np.int64) for end in ("subject", "object")}
    for name, number in names.items():
        predicate = picture.vocabulary.predicates.get(name)
        if predicate is None:
            continue
        for end, listed in (("subject", predicate.subject), ("object", predicate.object)):
            fitting = [kind for kind in kinds if any(picture.vocabulary.is_a(kind, broader) for broader in listed)]
            allowed[end][:, number] = _bits(kinds, fitting)
    return allowed


def _bits(kinds: tuple[str, ...], chosen: Iterable[str]) -> Masks:
    words = np.zeros(len(kinds) // _WORD + 1, dtype=np.int64)
    for kind in chosen:
        place = kinds.index(kind)
        words[place // _WORD] |= np.int64(1) << np.int64(place % _WORD)
    return words


def _misfits(masks: Masks, allowed: Masks, keys: NDArray[np.int32], predicates: NDArray[np.int16]) -> Flags:
    known = np.zeros(len(keys), dtype=np.bool_)
    fits = np.zeros(len(keys), dtype=np.bool_)
    for mask, permitted in zip(masks, allowed, strict=True):
        held = mask[keys]
        known |= held != 0
        fits |= (held & permitted[predicates]) != 0
    bad: Flags = known & ~fits & (keys >= 0)
    return bad


def _of_kinds(masks: Masks, kinds: tuple[str, ...], chosen: Iterable[str]) -> Flags:
    found: Flags = (masks & _bits(kinds, chosen)[:, None] != 0).any(axis=0)
    return found


def _count_kinds(masks: Masks, kinds: tuple[str, ...]) -> dict[str, int]:
    counts = {
        name: int(((masks[place // _WORD] >> np.int64(place % _WORD)) & 1).sum()) for place, name in enumerate(kinds)
    }
    return {name: count for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])) if count}


def _described(
    picture: Picture, counted: Mapping[tuple[str, str], int], ends: Mapping[tuple[str, str], NDArray[np.int32]]
) -> dict[str, Any]:
    """List the misfits by predicate and end, each with the smallest id of its claims as an example."""
    by = []
    for (predicate, end), count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
        keep_columns(picture.store, "misfit_keys", arrow.table({"key": ends[predicate, end]}))
        where = f"c.predicate = (SELECT key FROM predicates WHERE id = '{predicate}') AND c.stance = 0"
        example = picture.store.value(
            f'SELECT min(c.id)::VARCHAR FROM {resolved(picture, where)} c WHERE c."{end}" IN (SELECT key FROM temp.misfit_keys)'
        )
        by.append({"predicate": predicate, "end": end, "n": count, "claims": [example]})
        drop_kept(picture.store, "misfit_keys")
    return {"n": sum(counted.values()), "by": by}
