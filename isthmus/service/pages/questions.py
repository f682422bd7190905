"""Six questions to begin with, made of what the picture holds: each leads to a page that answers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.picture import Picture

_KEPT = "questions to begin with"


def questions(picture: Picture) -> list[dict[str, Any]]:
    """Return up to six questions ``{"words", "path", "names", "query"}`` that this picture can answer; worked out once for a picture."""
    held = picture.memo.get(_KEPT)
    if held is None:
        made = (_owned(picture), _narrow(picture), _source(picture), _seats(picture), _around(picture), _sites(picture))
        held = picture.memo[_KEPT] = [question for question in made if question]
    assert isinstance(held, list)
    return held


def _question(words: str, path: str, *names: str, **query: str) -> dict[str, Any]:
    return {"words": words, "path": path, "names": list(names), "query": query}


def _top(
    picture: Picture, end: str, predicates: Sequence[str], *, distinct: str = "*", where: str = "c.stance = 0"
) -> list[tuple[str, int]]:
    """Return the things that stand most often at one end of claims with some predicates, with how often."""
    listed = ", ".join(f"'{name}'" for name in predicates)
    chosen = f'{where} AND c."{end}" IS NOT NULL'
    if predicates:
        chosen += f" AND c.predicate IN (SELECT key FROM predicates WHERE id IN ({listed}))"
    columns = f'c."{end}" AS thing, c.id, c.predicate, c.subject'
    rows = picture.store.rows(
        f"SELECT e.id, n FROM (SELECT thing, count({distinct}) AS n FROM ({picture.visibility.sql(columns, chosen)}) GROUP BY 1 "
        "ORDER BY n DESC, thing LIMIT 20) t JOIN entities e ON e.key = t.thing ORDER BY n DESC, e.id"
    )
    return [(picture.resolution.of(str(name)), int(number)) for name, number in rows]


def _owned(picture: Picture) -> dict[str, Any] | None:
    """Ask who controls the organisation over which most parties stand, a group not all of whose members are named among them."""
    owned = _top(picture, "object", ("owns", "controls"), distinct="DISTINCT subject")
    in_group = (
        "c.stance = 0 AND c.subject IN (SELECT k.subject FROM claims k WHERE k.value = 'group' AND k.predicate = "
        "(SELECT key FROM predicates WHERE id = 'kind'))"
    )
    unnamed = [name for name, _ in _top(picture, "object", ("owns", "controls"), where=in_group)]
    number = dict(owned)
    both = [name for name in unnamed if number.get(name, 0) > 1]
    for name in [*both, *(name for name, _ in owned)]:
        if picture.is_kind(name, "organization"):
            more = ", when not all of its owners are named" if name in unnamed else ""
            return _question(f"Who controls {picture.caption(name)[:80]}{more}?", "/entity", name)
    return None


def _narrow(picture: Picture) -> dict[str, Any] | None:
    for name, _ in _top(picture, "object", ("produces",)):
        return _question(
            f"Where does the supply of {picture.caption(name)[:80]} narrow, and to whom?", "/strips", of=name
        )
    return None


def _source(picture: Picture) -> dict[str, Any] | None:
    said = picture.visibility.sql('c."source" AS key', 'c."object" IS NOT NULL')
    rows = picture.store.rows(
        f"SELECT s.id FROM (SELECT key, count(*) AS n FROM ({said}) GROUP BY 1 ORDER BY n DESC, key LIMIT 1) c "
        "JOIN sources s ON s.key = c.key"
    )
    if not rows:
        return None
    name = str(rows[0][0])
    held = picture.sources.get(name)
    title = (held.title if held and held.title else name)[:90]
    return _question(f"Which conclusions fall without “{title}”?", "/source", name)


def _seats(picture: Picture) -> dict[str, Any] | None:
    for name, _ in _top(picture, "object", ("has_role_in", "member_of")):
        if picture.is_kind(name, "organization"):
            return _question(f"Who sits in {picture.caption(name)[:80]}, and in which seats?", "/entity", name)
    return None


def _around(picture: Picture) -> dict[str, Any] | None:
    spread = _top(picture, "subject", (), distinct="DISTINCT predicate", where="c.stance = 0 AND c.object IS NOT NULL")
    for name, _ in spread:
        if picture.is_kind(name, "company", "organization"):
            return _question(
                f"What stands around {picture.caption(name)[:80]}, and why is each thing there?", "/network", of=name
            )
    return None


def _sites(picture: Picture) -> dict[str, Any] | None:
    held = picture.store.row(
        picture.visibility.sql("c.id", "c.predicate = (SELECT key FROM predicates WHERE id = 'located_in')")
        + " LIMIT 1"
    )
    return _question("Which sites are known by their country only?", "/map") if held else None
