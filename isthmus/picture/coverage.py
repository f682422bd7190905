"""How well a picture is covered: what it holds, and how much of it is doubtful, undated or unnamed."""

from __future__ import annotations

from typing import Any

from isthmus.picture.picture import Picture


def coverage(picture: Picture) -> dict[str, Any]:
    """Return counts of what the visible claims say, JSON-ready."""
    store, shown = picture.store, picture.visibility.sql("*")
    row = store.row(
        f'SELECT count(*), count(DISTINCT c."source"), count(*) FILTER (c.valid_from IS NOT NULL OR c.valid_to IS NOT NULL), '
        "count(*) FILTER (c.valid_from IS NULL AND c.valid_to IS NULL AND c.observed IS NOT NULL), "
        "count(*) FILTER (c.hedge IS NOT NULL), count(*) FILTER (c.bits > 0), count(*) FILTER (c.mode > 0), "
        f"count(*) FILTER (c.stance = 1), count(*) FILTER (c.stance = 2) FROM ({shown}) c"
    )
    assert row is not None
    names = ("claims", "sources", "dated", "observed", "hedged", "bounded", "not_actual", "denied", "not_found")
    found: dict[str, Any] = dict(zip(names, (int(value) for value in row), strict=True))
    found["undated"] = found["claims"] - found["dated"] - found["observed"]
    found["entities"] = store.value(
        f'SELECT count(*) FROM (SELECT subject FROM ({shown}) UNION SELECT "object" FROM ({shown}) WHERE "object" IS NOT NULL)'
    )
    kinds = store.rows(
        f"SELECT c.value, count(DISTINCT c.subject) FROM ({shown}) c JOIN predicates p ON p.key = c.predicate WHERE p.id = 'kind' "
        "GROUP BY c.value ORDER BY 2 DESC, 1"
    )
    predicates = store.rows(
        f"SELECT p.id, count(*) FROM ({shown}) c JOIN predicates p ON p.key = c.predicate GROUP BY p.id ORDER BY 2 DESC, 1"
    )
    found["kinds"] = dict(kinds)
    found["predicates"] = dict(predicates)
    return found
