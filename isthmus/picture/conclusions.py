"""Which conclusions differ between two pictures: conflicts, gaps, and what is held to be one thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from isthmus.claims.working import drop_kept, keep_query
from isthmus.model import Conflict, Gap
from isthmus.picture.changes import ADDED, CHANGED, REMOVED, Changes
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.gaps import member_gap, members_of, searched_gaps
from isthmus.picture.picture import Picture

GROUPS = 500
"""How many groups whose members changed are counted anew; more are not."""

Entries = dict[str, list[dict[str, Any]]]


def compare_conclusions(changes: Changes, limit: int) -> dict[str, Any]:
    """Return conclusions added, removed and changed, each under its ``conclusion``: *conflict*, *gap* or *identity*."""
    found: Entries = {ADDED: [], REMOVED: [], CHANGED: []}
    _identities(changes, found)
    _conflicts(changes, found)
    _gaps(changes, found, limit)
    totals = {sort: len(entries) for sort, entries in found.items()}
    return {**{sort: entries[:limit] for sort, entries in found.items()}, "totals": totals}


def _conflicts(changes: Changes, found: Entries) -> None:
    """Compare the conflicts among claims that could be compared with a changed claim; no other can differ."""
    keep_query(changes.store, "touched", f"{changes.claims_touched()} UNION {_regrouped(changes)}")
    before = find_conflicts(changes.before, beside="temp.touched")
    after = find_conflicts(changes.after, beside="temp.touched")
    drop_kept(changes.store, "touched")
    came, went = _apart(after, before), _apart(before, after)
    for conflict in came:
        earlier = next((other for other in went if _same_matter(conflict, other)), None)
        if earlier is None:
            found[ADDED].append(_conflict(conflict))
        else:
            went.remove(earlier)
            found[CHANGED].append(
                {**_conflict(conflict), "before": earlier.to_json(), "after": conflict.to_json()},
            )
    found[REMOVED] += [_conflict(conflict) for conflict in went]


def _apart(some: Sequence[Conflict], others: Iterable[Conflict]) -> list[Conflict]:
    known = {(other.predicate, other.rule, other.claims) for other in others}
    return [one for one in some if (one.predicate, one.rule, one.claims) not in known]


def _same_matter(one: Conflict, other: Conflict) -> bool:
    same = (one.predicate, one.rule) == (other.predicate, other.rule)
    return same and not set(one.claims).isdisjoint(other.claims)


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {"conclusion": "conflict", **conflict.to_json()}


def _regrouped(changes: Changes) -> str:
    """Return SQL like that of `Changes.claims_touched`, for entities that judgements put together differently in the two pictures."""
    names = sorted(_moved(changes.before, changes.after))
    listed = ", ".join("'" + name.replace("'", "''") + "'" for name in names) or "NULL"
    keys = f"SELECT key FROM entities WHERE id IN ({listed})"
    return (
        f"SELECT c.predicate, k.key, NULL FROM claims c JOIN ({keys}) k ON c.subject IN ({keys}) "
        f'UNION SELECT c.predicate, NULL, k.key FROM claims c JOIN ({keys}) k ON c."object" IN ({keys})'
    )


def _moved(before: Picture, after: Picture) -> set[str]:
    one, two = before.resolution, after.resolution
    return {name for name in {*one.canonical, *two.canonical} if one.group(name) != two.group(name)}


def _identities(changes: Changes, found: Entries) -> None:
    before, after = changes.before, changes.after
    moved = _moved(before, after)
    groups_before = {before.resolution.group(name) for name in moved}
    groups_after = {after.resolution.group(name) for name in moved}
    after.load_entities(moved)
    for sort, groups, picture in ((ADDED, groups_after, after), (REMOVED, groups_before, before)):
        for group in sorted(group for group in groups if len(group) > 1):
            about = f"{picture.caption(group[0])}: {', '.join(group)} are one thing"
            found[sort].append({"conclusion": "identity", "about": about, "members": list(group)})


def _gaps(changes: Changes, found: Entries, limit: int) -> None:
    """Compare what is missing of groups whose members changed, and what was looked for or withheld in changed claims."""
    names = changes.groups_touched(GROUPS)
    heads = sorted({changes.after.resolution.of(name) for name in names})
    for head in heads:
        before, after = _member_gap(changes.before, head), _member_gap(changes.after, head)
        if before and after:
            if (before.n, before.of) != (after.n, after.of):
                entry = {"conclusion": "gap", **after.to_json(), "before": before.to_json(), "after": after.to_json()}
                found[CHANGED].append(entry)
        elif after:
            found[ADDED].append({"conclusion": "gap", **after.to_json()})
        elif before:
            found[REMOVED].append({"conclusion": "gap", **before.to_json()})
    for sort, picture in ((ADDED, changes.after), (REMOVED, changes.before)):
        sought = picture.reader.by_id(changes.claim_ids(sort, limit, where="c.stance = 2"))
        found[sort] += [{"conclusion": "gap", **gap.to_json()} for gap in searched_gaps(picture, sought)]


def _member_gap(picture: Picture, head: str) -> Gap | None:
    entity = picture.entity(head)
    return member_gap(members_of(picture, entity), f"members of {entity.caption}")
