"""How well a picture is covered: what it holds, and how much of it is doubtful, undated, unnamed or against the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from isthmus.claims.working import drop_kept
from isthmus.errors import ValueFormatError
from isthmus.identifiers import check
from isthmus.picture.fit import NUMBERED, Fit, fit_to_vocabulary
from isthmus.picture.gaps import MEMBERS
from isthmus.picture.grouping import group_relations, voice_join
from isthmus.picture.heads import qualifier_rows, resolved
from isthmus.picture.picture import Picture

SHOWN = 20
"""How many examples of each fault are listed; the counts are of all."""


def coverage(picture: Picture) -> dict[str, Any]:
    """Return counts of what the visible claims say and of what is weak in them, JSON-ready.

    Returns
    -------
    dict
        ``claims``, ``sources``, ``entities``, ``kinds`` and ``predicates`` (name to count); counts of claims that are ``dated``,
        only ``observed``, ``undated``, ``numbered``, ``bounded`` (of the numbered: not one exact number), ``hedged``, ``not_actual``,
        ``denied``, ``not_found``, and ``shares``, the same as fractions of the claims; ``relations`` and ``single_source_relations``
        (said by one independent voice); entities ``without_name`` and ``without_kind``; ``undescribed_sources``,
        ``failing_identifiers``, ``misfits`` (ends of a kind that the predicate does not allow) and ``groups``, each with its count
        and examples.
    """
    grouped = group_relations(picture)
    try:
        return coverage_of(picture, grouped)
    finally:
        drop_kept(picture.store, grouped.removeprefix("temp."))


def coverage_of(picture: Picture, grouped: str, *, identifiers: bool = True) -> dict[str, Any]:
    """Return the coverage of a picture whose relations are grouped already (see `isthmus.picture.grouping`).

    Parameters
    ----------
    grouped : str
        The working table of relations.
    identifiers : bool
        Check the digits of every distinct identifier, which takes a while where there are millions.
    """
    fit = fit_to_vocabulary(picture)
    claims, found = fit.claims, fit.counts
    return {
        "claims": claims,
        "sources": len(fit.sources),
        "entities": fit.entities,
        "kinds": fit.kinds,
        "predicates": fit.predicates,
        **found,
        "shares": {name: round(count / claims, 6) for name, count in found.items() if claims},
        **_relations(picture, grouped),
        "without_name": fit.without_name,
        "without_kind": fit.without_kind,
        "undescribed_sources": _undescribed(picture, fit.sources),
        **({"failing_identifiers": _failing(picture)} if identifiers else {}),
        "misfits": fit.misfits,
        "groups": _groups(picture, fit),
    }


def _relations(picture: Picture, grouped: str) -> dict[str, int]:
    """Count relations and those of one independent voice: works that share an origin, or derive from one another, are one."""
    rows = picture.store.rows(
        f"SELECT voice = other_voice, claims = 2, [voice, other_voice], count(*) FROM {grouped} "
        "WHERE voice = other_voice OR claims = 2 GROUP BY ALL"
    )
    total = int(picture.store.value(f"SELECT count(*) FROM {grouped}"))
    works = _works(picture)
    sides = [(row[2], int(row[3])) for row in rows if not row[0]]
    if sum(int(row[3]) for row in rows) < total:
        sides += _many_voices(picture, grouped)
    single = sum(int(row[3]) for row in rows if row[0])
    single += sum(count for voices, count in sides if _independent(works[voice] for voice in voices) == 1)
    return {"relations": total, "single_source_relations": single}


def _many_voices(picture: Picture, grouped: str) -> list[tuple[list[int], int]]:
    """Return the sets of voices of the relations with three claims or more, and how many relations have each."""
    voice, join = voice_join()
    some = f'SELECT subject, predicate, "object", qualifiers, mode FROM {grouped} WHERE voice <> other_voice AND claims > 2'
    same = " AND ".join(f'c."{name}" = r."{name}"' for name in ("subject", "predicate", "object", "mode"))
    rows = picture.store.rows(
        f"""SELECT voices, count(*) FROM (
          SELECT list_sort(list(DISTINCT {voice})) AS voices FROM ({some}) r
          JOIN {resolved(picture, 'c."object" IS NOT NULL')} c ON {same} AND coalesce(c.qualifiers, 0) = r.qualifiers {join}
          GROUP BY r.subject, r.predicate, r."object", r.qualifiers, r.mode) GROUP BY voices"""
    )
    return [(list(row[0]), int(row[1])) for row in rows]


def _works(picture: Picture) -> dict[int, frozenset[str]]:
    """Return the works that stand behind each voice: a source with those that it derives from, or a set of origins."""
    names = dict(picture.store.rows("SELECT key, id FROM sources"))
    held = picture.sources
    works = {-key: frozenset((name, *(held[name].derived_from if name in held else ()))) for key, name in names.items()}
    for key, members in picture.store.rows("SELECT key, members FROM origin_sets"):
        works[key] = frozenset(names[member] for member in members)
    return works


def _independent(works: Iterable[frozenset[str]]) -> int:
    groups: list[frozenset[str]] = []
    for one in works:
        touching = [group for group in groups if group & one]
        groups = [group for group in groups if not group & one]
        groups.append(one.union(*touching))
    return len(groups)


def _undescribed(picture: Picture, sources: Iterable[int]) -> dict[str, Any]:
    listed = ", ".join(map(str, sorted(sources))) or "NULL"
    rows = picture.store.rows(
        f"SELECT id FROM sources s WHERE key IN ({listed}) AND NOT EXISTS "
        f"(SELECT 1 FROM source_documents d WHERE d.source = s.key AND d.batch <= {picture.visibility.batch}) ORDER BY id"
    )
    return {"n": len(rows), "examples": [row[0] for row in rows[:SHOWN]]}


def _failing(picture: Picture) -> dict[str, Any]:
    """Check each distinct identifier once; schemes that we have no rule for are counted, not judged."""
    where = "c.predicate IN (SELECT key FROM predicates WHERE id = 'identifier') AND c.stance = 0"
    rows = picture.store.rows(
        f"SELECT q.pairs['scheme'], c.value, min(c.id)::VARCHAR, min(e.id) FROM ({picture.visibility.sql('*', where)}) c "
        "JOIN entities e ON e.key = c.subject LEFT JOIN qualifier_sets q ON q.key = c.qualifiers GROUP BY 1, 2 ORDER BY 1, 2"
    )
    examples: list[dict[str, Any]] = []
    failing = unknown = 0
    for scheme, value, claim, entity in rows:
        try:
            reason = check(scheme or "", value or "")
        except ValueFormatError:
            unknown += 1
            continue
        if reason:
            failing += 1
            if len(examples) < SHOWN:
                examples.append(
                    {"scheme": scheme, "value": value, "reason": reason, "entity": entity, "claims": [claim]}
                )
    return {"n": failing, "of": len(rows), "of_unknown_scheme": unknown, "examples": examples}


def _groups(picture: Picture, fit: Fit) -> dict[str, Any]:
    """Count the groups whose members are not all named, by the newest count of their members."""
    plain = "c.stance = 0 AND c.mode = 0"
    is_count = "c.predicate = (SELECT key FROM predicates WHERE id = 'count')"
    is_member = "c.predicate = (SELECT key FROM predicates WHERE id = 'member_of')"
    measures = ", ".join(f"'{name}'" for name in MEMBERS)
    counts = picture.store.rows(
        f"SELECT c.subject, arg_max(coalesce(c.high, c.low), (coalesce(o.latest, DATE '0001-01-01'), c.id)) "
        f"FROM {resolved(picture, f'{is_count} AND {plain}')} c "
        f"JOIN {qualifier_rows(picture)} q ON q.key = c.qualifiers LEFT JOIN dates o ON o.key = c.observed "
        f"WHERE c.\"object\" IS NULL AND q.pairs['of'] IN ({measures}) AND q.pairs['segment'] IS NULL AND {NUMBERED} GROUP BY c.subject"
    )
    members = picture.store.rows(
        f'SELECT DISTINCT c."object", c.subject FROM {resolved(picture, f"{is_member} AND {plain}")} c '
        f'WHERE c."object" IS NOT NULL AND NOT {NUMBERED}'
    )
    named: dict[int, int] = {}
    for group, member in members:
        if not fit.is_group(member):
            named[group] = named.get(group, 0) + 1
    short = [key for key, number in counts if fit.is_group(key) and named.get(key, 0) < number]
    ids = picture.reader.ids(short)
    return {
        "n": fit.groups,
        "without_named_members": fit.groups - sum(1 for key in named if fit.is_group(key)),
        "not_all_named": len(short),
        "examples": sorted(ids[key] for key in short)[:SHOWN],
    }
