"""Read the claims about control out of a picture: all of them, or what stands above one thing.

A first question to a large picture follows the holders level by level through the table of incoming relations, which takes
milliseconds; from the second question on all rows are in memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pyarrow as arrow
from numpy.typing import NDArray

from isthmus.claims.columns import read_columns
from isthmus.control.evidence import COMPLETE, CONCERT, MEASURED, MEMBER, PARTS, READ, REVERSED, Evidence
from isthmus.control.rows import COLUMNS, NOBODY, WHOLE, Ints, Rows
from isthmus.control.times import ranks, truths
from isthmus.picture import Picture
from isthmus.picture.reading import POINTS

SMALL = 300_000
"""Of a store with so many claims all rows are read at the first question."""
FEW = 2000
"""Up to so many sets of qualifiers are read one by one."""
GROUP = "group"
_SEPARATOR = chr(31)
_MEMO, _ASKED = "control rows", "control rows asked"


def read_rows(picture: Picture) -> Rows:
    """Return every visible claim about control of a picture; they are read once.

    Only what is actual counts: plans, proposals and attempts give no control. Relations that surely do not hold on the day are left out.
    """
    if _MEMO not in picture.memo:
        picture.memo[_MEMO] = _read(picture, "true")
    found = picture.memo[_MEMO]
    assert isinstance(found, Rows)
    return found


def rows_around(picture: Picture, key: int) -> Rows:
    """Return rows that hold, among others, all that bears on who controls an entity (the key of its canonical id)."""
    if _MEMO not in picture.memo and _ASKED not in picture.memo:
        picture.memo[_ASKED] = True
        if int(picture.store.value("SELECT count(*) FROM claims")) > SMALL:
            return _climb(picture, key)
    return read_rows(picture)


def _codes(picture: Picture) -> dict[str, int]:
    return {name: int(key) for key, name in picture.store.rows("SELECT key, id FROM predicates") if name in READ}


def _climb(picture: Picture, key: int) -> Rows:
    """Read the rows above an entity level by level, those of the groups that somebody on the way belongs to among them."""
    codes = _codes(picture)
    downwards = _listed(code for name, code in codes.items() if name not in REVERSED)
    own = _listed(codes[name] for name in (*REVERSED, MEMBER, COMPLETE, CONCERT) if name in codes)
    turned = {codes[name] for name in (*REVERSED, MEMBER) if name in codes}
    heads = heads_of(picture)
    members: dict[int, list[int]] = {}
    for one, head in heads.items():
        if one != head:
            members.setdefault(head, []).append(one)
    seen, frontier, found = {key}, [key, *members.get(key, ())], set[int]()
    indexed = picture.store.indexed
    while frontier:
        near = _listed(frontier)
        about = f'SELECT DISTINCT subject FROM incoming WHERE "object" IN ({near})'
        subjects = [row[0] for row in picture.store.rows(about)]
        parts = [
            f'c.subject = {subject} AND c."object" IN ({near}) AND c.predicate IN ({downwards})' for subject in subjects
        ]
        if len(parts) > POINTS:
            parts = [f'c.subject IN ({_listed(subjects)}) AND c."object" IN ({near}) AND c.predicate IN ({downwards})']
        if picture.visibility.batch > indexed:
            parts.append(f'c.batch > {indexed} AND c."object" IN ({near}) AND c.predicate IN ({downwards})')
        parts.append(f"c.subject IN ({near}) AND c.predicate IN ({own})")
        rows = picture.store.rows(
            " UNION ALL ".join(
                f'SELECT c.rowid, c.subject, c."object", c.predicate FROM claims c WHERE {part}' for part in parts
            )
        )
        found.update(row[0] for row in rows)
        ends = {row[2] if row[3] in turned and row[2] is not None else row[1] for row in rows}
        ends |= {end for row in rows if row[3] == codes.get(CONCERT) for end in row[1:3]}
        following = {heads.get(end, end) for end in ends} - seen
        seen |= following
        frontier = [one for head in sorted(following) for one in (head, *members.get(head, ()))]
    return _read(picture, f"c.rowid IN ({_listed(sorted(found))})" if found else "false")


def _listed(keys: Iterable[int]) -> str:
    return ", ".join(map(str, keys)) or "-1"


def _read(picture: Picture, where: str) -> Rows:
    store, codes = picture.store, _codes(picture)
    only = (
        f"({where}) AND c.predicate IN ({_listed(codes.values())}) AND c.mode = 0 AND c.stance < 2 "
        "AND (c.\"object\" IS NOT NULL OR c.value = 'complete')"
    )
    columns = (
        'c.rowid AS claim, c.subject, coalesce(c."object", c.subject) AS "object", c.predicate, c.low, c.high, c.bits, '
        "coalesce(c.qualifiers, -1) AS qualifiers, coalesce(c.valid_from, -1) AS valid_from, "
        "coalesce(c.valid_to, -1) AS valid_to, coalesce(c.observed, -1) AS observed, "
        'c."source", coalesce(c.origin, -1) AS origin, c.stance'
    )
    table = read_columns(store, picture.visibility.sql(columns, only))
    named = {key: name for name, key in codes.items()}
    return _with_groups(picture, _rows_of(table, picture, named))


def _sorts(picture: Picture, table: arrow.Table) -> tuple[Ints, tuple[str, ...]]:
    """Return the sort of qualifiers of each row as a number, and what the numbers stand for."""
    rows = _ints(table, "qualifiers")
    used = np.unique(rows[rows >= 0])
    if not len(used):
        return np.zeros(len(table), dtype=np.int64), ("",)
    said = ", ".join(f"coalesce(pairs['{name}'], '')" for name in PARTS)
    within = f"WHERE key IN ({_listed(used.tolist())})" if len(used) < FEW else ""
    text = f"concat_ws(chr(31), {said}, CASE WHEN map_contains(pairs, 'condition') THEN 'yes' ELSE '' END)"
    found = picture.store.rows(
        f"SELECT said, list(key) FROM (SELECT key, {text} AS said FROM qualifier_sets {within}) GROUP BY said ORDER BY said"
    )
    # One place more than there are keys: rows without qualifiers have the number -1.
    place = np.zeros(int(used[-1]) + 2, dtype=np.int64)
    for number, (_, keys) in enumerate(found, start=1):
        place[[key for key in keys if key < len(place) - 1]] = number
    return place[rows], ("", *(said for said, _ in found))


def _ints(table: arrow.Table, name: str) -> Ints:
    return np.asarray(table.column(name).to_numpy(), dtype=np.int64)


def _groups(picture: Picture, keys: Ints) -> Ints:
    """Return those of some entities that are groups: parties under one description."""
    kind = "c.predicate IN (SELECT key FROM predicates WHERE id = 'kind') AND c.value = 'group'"
    if len(keys) <= POINTS:
        parts = [picture.visibility.sql("c.subject", f"c.subject = {key} AND {kind}") for key in keys]
    else:
        parts = [picture.visibility.sql("c.subject", kind)]
    found = {row[0] for row in picture.store.rows(" UNION ALL ".join(parts))} if parts else set()
    heads = heads_of(picture)
    return np.array(sorted(found | {heads.get(key, key) for key in found}), dtype=np.int64)


def _rows_of(table: arrow.Table, picture: Picture, named: dict[int, str]) -> Rows:
    def ints(name: str) -> Ints:
        return _ints(table, name)

    predicates, (sort, sorts) = ints("predicate"), _sorts(picture, table)
    packed, kind = np.unique(predicates * len(sorts) + sort, return_inverse=True)
    evidence = tuple(_evidence(named[int(code) // len(sorts)], sorts[int(code) % len(sorts)]) for code in packed)
    heads = heads_of(picture)
    subject, target = (_merged(ints(name), heads) for name in ("subject", "object"))
    turned = np.array([item.predicate in REVERSED for item in evidence] or [False])[kind]
    measured = np.array([item.predicate in MEASURED and item.stake is not None for item in evidence] or [False])[kind]
    low, high, stated, near = _shares(table, measured)
    times = [ints(name) for name in ("valid_from", "valid_to", "observed")]
    truth = truths(picture, *times)
    rank, since = ranks(picture, ints("source"), *times)
    rows = Rows(
        claim=ints("claim"),
        also=np.full(len(table), NOBODY, dtype=np.int64),
        subject=ints("subject"),
        member=np.full(len(table), NOBODY, dtype=np.int64),
        holder=np.where(turned, target, subject),
        target=np.where(turned, subject, target),
        kind=kind.astype(np.int64),
        low=low,
        high=high,
        stated=stated,
        near=near,
        sure=truth == 2,
        denied=ints("stance") == 1,
        rank=rank,
        since=since,
        source=ints("source"),
        origin=ints("origin"),
        evidence=evidence,
    )
    itself = (rows.holder == rows.target) & ~rows.of_predicate(COMPLETE, "owns", "acquired")
    return rows.take((truth > 0) & ~itself)


def _evidence(predicate: str, text: str) -> Evidence:
    parts = text.split(_SEPARATOR) if text else [""] * (len(PARTS) + 1)
    said = dict(zip(PARTS, parts, strict=False))
    if predicate != COMPLETE:
        said["scope"] = ""
    return Evidence(predicate, **said, conditional=bool(parts[len(PARTS)]))


def _shares(table: arrow.Table, stakes: NDArray[np.bool_]) -> tuple[Ints, Ints, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the ends of each share in whole units, whether any is said, and whether it is only near."""
    low, high = (np.asarray(table.column(name).to_numpy(), dtype=np.float64) for name in ("low", "high"))
    bits = _ints(table, "bits")
    stated = stakes & ~(np.isnan(low) & np.isnan(high))
    down, up = _units(low, np.floor), _units(high, np.ceil)
    down[~stated] = up[~stated] = np.nan
    lower = np.where(np.isnan(down), 0, down) + ((bits & 1) > 0) * (stated & ~np.isnan(down))
    upper = np.where(np.isnan(up), WHOLE, up) - ((bits & 2) > 0) * (stated & ~np.isnan(up))
    near = stated & ((bits & 12) > 0)
    return (
        np.clip(lower, 0, WHOLE).astype(np.int64),
        np.clip(upper, 0, WHOLE).astype(np.int64),
        stated,
        near,
    )


def _units(share: NDArray[np.float64], outwards: np.ufunc) -> NDArray[np.float64]:
    """Return shares in units: a share that is a whole number of them but for the noise of doubles is that number."""
    scaled = share * WHOLE
    nearest = np.rint(scaled)
    return np.where(np.abs(scaled - nearest) < 1e-3, nearest, outwards(scaled))


def heads_of(picture: Picture) -> dict[int, int]:
    """Return the key of the canonical entity for each that is merged into another."""
    merged = picture.resolution.canonical
    if not merged:
        return {}
    names = sorted({*merged, *merged.values()})
    keys = dict(zip((name for name in names if picture.reader.keys([name])), picture.reader.keys(names), strict=True))
    return {keys[name]: keys[head] for name, head in merged.items() if name in keys and head in keys}


def _merged(keys: Ints, heads: dict[int, int]) -> Ints:
    if not heads or not len(keys):
        return keys
    table = np.arange(int(max(keys.max(), *heads)) + 1, dtype=np.int64)
    table[list(heads)] = list(heads.values())
    return table[keys]


def _with_groups(picture: Picture, rows: Rows) -> Rows:
    """Keep members of groups alone, and add rows about them: what is said of “the operators” is said of each."""
    belongs = rows.of_predicate(MEMBER)
    if not belongs.any():
        return rows
    groups = _groups(picture, np.unique(rows.target[belongs]))
    rows = rows.take(~belongs | np.isin(rows.target, groups))
    members = rows.take(rows.of_predicate(MEMBER) & ~rows.denied)
    reach = np.isin(rows.target, groups) & ~rows.of_predicate(MEMBER, COMPLETE)
    order, values = members.by_target
    added: list[Rows] = []
    for number in np.flatnonzero(reach):
        first, last = (
            np.searchsorted(values, rows.target[number], "left"),
            np.searchsorted(values, rows.target[number], "right"),
        )
        for place in order[first:last]:
            one = rows.take(np.array([number]))
            added.append(
                replace(
                    one,
                    target=members.holder[[place]],
                    also=members.claim[[place]],
                    member=members.subject[[place]],
                    sure=one.sure & members.sure[[place]],
                )
            )
    columns = {name: np.concatenate([getattr(part, name) for part in (rows, *added)]) for name in COLUMNS}
    return Rows(**columns, evidence=rows.evidence)
