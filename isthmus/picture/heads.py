"""The judgements of identity inside SQL: visible claims whose ends and qualifiers name the canonical entities.

Keys that a judgement moves stand in working tables of the connection, one for each request, so that a query joins them instead of
spelling them out.
"""

from __future__ import annotations

import hashlib

from isthmus.claims.working import drop_kept, has_kept, keep_query, keep_texts
from isthmus.picture.picture import Picture


def resolved(picture: Picture, where: str = "", *, visible: str | None = None) -> str:
    """Return SQL in brackets: the visible claims that meet `where` (on `c`), with canonical subject, object and qualifiers.

    Parameters
    ----------
    visible : str or None
        SQL of claims to take instead of the picture's visible ones (`where` is then not used).
    """
    claims = visible if visible is not None else picture.visibility.sql("*", where)
    moved = moved_keys(picture)
    if moved is None:
        return f"({claims})"
    columns = ['coalesce(a.head, v.subject) AS subject, coalesce(b.head, v."object") AS "object"']
    joins = [f'LEFT JOIN {moved} a ON a.key = v.subject LEFT JOIN {moved} b ON b.key = v."object"']
    sets = _moved_sets(picture, moved)
    if sets is not None:
        columns.append("coalesce(d.head, v.qualifiers) AS qualifiers")
        joins.append(f"LEFT JOIN {sets} d ON d.key = v.qualifiers")
    return f"(SELECT v.* REPLACE ({', '.join(columns)}) FROM ({claims}) v {' '.join(joins)})"


def moved_keys(picture: Picture) -> str | None:
    """Return the name of the working table (key, head) of the entities that judgements move; None where none is moved."""
    pairs = [(name, head) for name, head in picture.resolution.canonical.items() if name != head]
    if not pairs:
        return None
    name = f"moved_keys_{_mark(picture)}"
    if not has_kept(picture.store, name):
        names, heads = zip(*pairs, strict=True)
        keep_texts(picture.store, "moved_ids", {"id": names, "head": heads})
        keep_query(
            picture.store,
            name,
            "SELECT x.key, y.key AS head FROM temp.moved_ids m JOIN entities x ON x.id = m.id JOIN entities y ON y.id = m.head",
        )
        drop_kept(picture.store, "moved_ids")
    return f"temp.{name}"


def qualifier_rows(picture: Picture) -> str:
    """Return SQL in brackets: (key, canonical, pairs) of every qualifier set, with canonical entities behind ``@``."""
    moved = moved_keys(picture)
    sets = _moved_sets(picture, moved) if moved else None
    if sets is None:
        return "(SELECT key, canonical, pairs FROM qualifier_sets)"
    return (
        "(SELECT q.key, coalesce(m.canonical, q.canonical) AS canonical, coalesce(m.pairs, q.pairs) AS pairs "
        f"FROM qualifier_sets q LEFT JOIN {sets} m ON m.key = q.key)"
    )


def _moved_sets(picture: Picture, moved: str) -> str | None:
    """Return the working table (key, canonical, pairs, head) of the sets that name a moved entity; None where none does.

    `head` is the set by which all sets of the same new text are known: one that always said so, or else the smallest key.
    """
    name = f"moved_sets_{_mark(picture)}"
    if not has_kept(picture.store, name):
        keep_query(
            picture.store,
            name,
            f"""
            WITH parts AS (
              SELECT key, unnest(map_keys(pairs)) AS name, unnest(map_values(pairs)) AS value FROM qualifier_sets
              WHERE contains(canonical, '@')),
            heads AS (
              SELECT '@' || x.id AS old, '@' || y.id AS new
              FROM {moved} m JOIN entities x ON x.key = m.key JOIN entities y ON y.key = m.head),
            written AS (
              SELECT p.key, string_agg(p.name || '=' || coalesce(h.new, p.value), '; ' ORDER BY p.name) AS canonical,
                map(list(p.name ORDER BY p.name), list(coalesce(h.new, p.value) ORDER BY p.name)) AS pairs
              FROM parts p LEFT JOIN heads h ON h.old = p.value
              WHERE p.key IN (SELECT key FROM parts WHERE value IN (SELECT old FROM heads)) GROUP BY p.key)
            SELECT w.*, coalesce(q.key, min(w.key) OVER (PARTITION BY w.canonical)) AS head
            FROM written w LEFT JOIN qualifier_sets q ON q.canonical = w.canonical""",
        )
    return f"temp.{name}" if picture.store.value(f"SELECT count(*) FROM temp.{name}") else None


def _mark(picture: Picture) -> str:
    """Return a word for the request: judgements have dates, and identifiers may be left out, so that merges differ with it."""
    key = picture.visibility.key(picture.store.identity)
    return f"{picture.visibility.batch}_{hashlib.sha256(key.encode()).hexdigest()[:12]}"
