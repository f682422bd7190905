"""Assemble a whole picture: every relation, as arrays that algorithms on graphs can walk, with counts and the content hash.

One narrow query a product: no wide slice of the claims is ever made. Names are looked up only for what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pyarrow as arrow

from isthmus.claims.columns import keep_columns, read_columns
from isthmus.claims.working import drop_kept, keep_query
from isthmus.model import Claim
from isthmus.picture.cache import open_cache
from isthmus.picture.conflicts import count_conflicts
from isthmus.picture.coverage import coverage_of
from isthmus.picture.grouping import UNITS, group_relations
from isthmus.picture.heads import qualifier_rows
from isthmus.picture.picture import Picture
from isthmus.picture.products import Assembled, keep_record, keep_tables, link, recall

Progress = Callable[[str], None]
_NUMBERINGS = ("entity_numbers", "qualifier_numbers", "predicate_numbers", UNITS.removeprefix("temp."))


def _silent(what: str) -> None:
    """Take note of the step that begins; this one forgets it."""


def assemble(picture: Picture, *, cache: bool = True, progress: Progress = _silent) -> Assembled:
    """Build the products of the whole picture, or take them from the cache beside the store.

    Parameters
    ----------
    cache : bool
        Look into the cache, and keep there what was built. A damaged cache is built anew; one that cannot be written is done without.
    progress : callable
        Called with a few words as each step begins.

    Returns
    -------
    Assembled
        The same claims, judgements and request give the same arrays, tables and hash, in whatever order they were loaded.
    """
    kept = open_cache(picture.store, picture.visibility, picture.vocabulary.version) if cache else None
    found = recall(kept) if kept else None
    if found is not None:
        return found
    progress("grouping claims into relations")
    grouped = group_relations(picture)
    progress("numbering entities")
    entities, qualifiers = _number(picture, grouped)
    units = tuple(row[0] for row in picture.store.rows(f"SELECT unit FROM {UNITS} ORDER BY number"))
    relations = read_columns(picture.store, _relations(grouped))
    progress("counting what is covered")
    covered = coverage_of(picture, grouped, identifiers=False)
    drop_kept(picture.store, grouped.removeprefix("temp."), *_NUMBERINGS)
    outgoing, incoming = link(relations, len(entities))
    progress("hashing the content")
    assembled = Assembled(
        hash=picture.hash,
        entities=entities,
        qualifiers=qualifiers,
        predicates=_predicates(picture),
        modes=picture.vocabulary.modes,
        units=units,
        relations=relations,
        outgoing=outgoing,
        incoming=incoming,
        conflicts={},
        coverage=covered,
    )
    with ThreadPoolExecutor(1) as beside:
        # Writing takes another core than the search for conflicts, which waits for the store.
        writing = beside.submit(keep_tables, kept, assembled) if kept else None
        progress("looking for conflicts")
        assembled = replace(assembled, conflicts=count_conflicts(picture))
        if kept and writing:
            progress("keeping the picture for the next time")
            keep_record(kept, assembled, writing.result())
    return assembled


def entity_ids(picture: Picture, assembled: Assembled, numbers: Iterable[int]) -> list[str]:
    """Return the canonical ids of entities given by their numbers."""
    keys = [int(assembled.entities[number]) for number in numbers]
    ids = picture.reader.ids(keys)
    return [ids[key] for key in keys]


def relation_claims(picture: Picture, assembled: Assembled, rows: Sequence[int]) -> list[list[Claim]]:
    """Return, for rows of the table of relations, the visible claims that each stands for, by id."""
    listed = assembled.relations.take(rows).to_pylist()
    numbers = sorted({row[end] for row in listed for end in ("subject", "object")})
    names = dict(zip(numbers, entity_ids(picture, assembled, numbers), strict=True))
    found = []
    for row in listed:
        mark = (names[row["object"]], assembled.qualifiers[row["qualifiers"]], assembled.modes[row["mode"]])
        entity = picture.entity(names[row["subject"]])
        claims = picture.claims_about(entity, predicates=(assembled.predicates[row["predicate"]],))
        found.append([claim for claim in claims if claim.object and _mark(picture, claim) == mark])
    return found


def _mark(picture: Picture, claim: Claim) -> tuple[str, str, str]:
    """Return the canonical object, qualifiers and mode of a claim, by which it belongs to a relation."""
    of = picture.resolution.of
    meant = ((name, f"@{of(value[1:])}" if value.startswith("@") else value) for name, value in claim.qualifiers)
    return of(claim.object or ""), "; ".join(f"{name}={value}" for name, value in meant), claim.mode


def _number(picture: Picture, grouped: str) -> tuple[np.ndarray[tuple[int], np.dtype[np.int32]], tuple[str, ...]]:
    """Give numbers to entities, sets of qualifiers and predicates, in an order that does not depend on their keys."""
    store = picture.store
    ordered = read_columns(
        store,
        f'SELECT e.key FROM entities e WHERE e.key IN (SELECT subject FROM {grouped} UNION SELECT "object" FROM {grouped}) ORDER BY e.id',
    )
    entities: np.ndarray[tuple[int], np.dtype[np.int32]] = ordered.column("key").to_numpy()
    numbers = np.arange(len(entities), dtype=np.int32)
    keep_columns(store, "entity_numbers", arrow.table({"key": entities, "number": numbers}))
    keep_query(
        store,
        "qualifier_numbers",
        f"SELECT key, canonical, row_number() OVER (ORDER BY canonical)::INTEGER AS number FROM {qualifier_rows(picture)} "
        f"WHERE key IN (SELECT DISTINCT qualifiers FROM {grouped})",
    )
    texts = store.rows("SELECT canonical FROM temp.qualifier_numbers ORDER BY number")
    names = _predicates(picture)
    given = arrow.table({"id": names, "number": arrow.array(range(len(names)), arrow.int16())})
    keep_columns(store, "predicate_numbers", given)
    return entities, ("", *(row[0] for row in texts))


def _predicates(picture: Picture) -> tuple[str, ...]:
    """Return the predicates of the vocabulary, then those that only the store still knows."""
    known = picture.vocabulary.predicates
    rows = picture.store.rows("SELECT id FROM predicates ORDER BY id")
    return (*known, *(row[0] for row in rows if row[0] not in known))


def _relations(grouped: str) -> str:
    return f"""
    SELECT s.number AS subject, n.number AS predicate, o.number AS "object", coalesce(q.number, 0)::INTEGER AS qualifiers, r.mode,
      r.claims, r.asserts, r.denies, r.low, r.high, r.bits, r.unit, (r.voice = r.other_voice)::UTINYINT AS one_voice
    FROM {grouped} r JOIN temp.entity_numbers s ON s.key = r.subject JOIN temp.entity_numbers o ON o.key = r."object"
      JOIN predicates p ON p.key = r.predicate JOIN temp.predicate_numbers n ON n.id = p.id
      LEFT JOIN temp.qualifier_numbers q ON q.key = r.qualifiers
    ORDER BY 1, 2, 3, 4, 5"""
