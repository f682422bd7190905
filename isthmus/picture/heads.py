"""The judgements of identity inside SQL: visible claims whose ends are the canonical entities, and qualifiers that name them.

Keys that a judgement moves stand in a working table of the connection, one for each record time, so that a query joins them instead of
spelling them out.
"""

from __future__ import annotations

import pyarrow as arrow

from isthmus.claims.columns import has_kept, keep_columns, keep_query
from isthmus.picture.picture import Picture


def resolved(picture: Picture, where: str = "", *, visible: str | None = None) -> str:
    """Return SQL in brackets: the visible claims that meet `where` (on `c`), with canonical keys as subject and object.

    Parameters
    ----------
    visible : str or None
        SQL of claims to take instead of the picture's visible ones (`where` is then not used).
    """
    claims = visible if visible is not None else picture.visibility.sql("*", where)
    moved = moved_keys(picture)
    if moved is None:
        return f"({claims})"
    return (
        '(SELECT v.* REPLACE (coalesce(a.head, v.subject) AS subject, coalesce(b.head, v."object") AS "object") '
        f'FROM ({claims}) v LEFT JOIN {moved} a ON a.key = v.subject LEFT JOIN {moved} b ON b.key = v."object")'
    )


def moved_keys(picture: Picture) -> str | None:
    """Return the name of the working table (key, head) of the entities that judgements move; None where none is moved."""
    pairs = [(name, head) for name, head in picture.resolution.canonical.items() if name != head]
    if not pairs:
        return None
    name = f"moved_keys_{picture.visibility.batch}"
    if not has_kept(picture.store, name):
        given = arrow.table({"id": [pair[0] for pair in pairs], "head": [pair[1] for pair in pairs]})
        keep_columns(picture.store, "moved_ids", given)
        keep_query(
            picture.store,
            name,
            "SELECT x.key, y.key AS head FROM temp.moved_ids m JOIN entities x ON x.id = m.id JOIN entities y ON y.id = m.head",
        )
    return f"temp.{name}"


def qualifier_texts(picture: Picture) -> str:
    """Return SQL in brackets: (key, canonical) of every qualifier set, with canonical entities behind ``@``."""
    moved = moved_keys(picture)
    if moved is None:
        return "(SELECT key, canonical FROM qualifier_sets)"
    name = f"moved_qualifiers_{picture.visibility.batch}"
    if not has_kept(picture.store, name):
        keep_query(picture.store, name, _moved_qualifiers(moved))
    return (
        "(SELECT q.key, coalesce(m.canonical, q.canonical) AS canonical FROM qualifier_sets q "
        f"LEFT JOIN temp.{name} m ON m.key = q.key)"
    )


def _moved_qualifiers(moved: str) -> str:
    """Return the query that writes anew each set which names a moved entity (a set's keys are in rising order)."""
    return f"""
    WITH parts AS (
      SELECT key, unnest(map_keys(pairs)) AS name, unnest(map_values(pairs)) AS value FROM qualifier_sets
      WHERE contains(canonical, '@')),
    heads AS (
      SELECT '@' || x.id AS old, '@' || y.id AS new FROM {moved} m JOIN entities x ON x.key = m.key JOIN entities y ON y.key = m.head)
    SELECT p.key, string_agg(p.name || '=' || coalesce(h.new, p.value), '; ' ORDER BY p.name) AS canonical
    FROM parts p LEFT JOIN heads h ON h.old = p.value
    WHERE p.key IN (SELECT key FROM parts WHERE value IN (SELECT old FROM heads)) GROUP BY p.key"""
