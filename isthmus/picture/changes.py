"""Work out, inside the store, which claims and relations differ between two pictures.

Only claims that one picture shows and the other does not, or whose stated start or end lies between the two days, can matter: they
are found in one scan, and the relations that they belong to are then read whole.

Between two days a relation *began* where a claim gives it a start within them and no dated claim shows it before; it *ended* where a
claim gives it an end within them and no claim shows a later sign of it. A claim without dates is evidence of neither. What merely came
into view (first seen, recorded, no longer left out) is told apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from isthmus.claims.working import drop_kept, keep_query
from isthmus.picture.heads import moved_keys, resolved
from isthmus.picture.picture import Picture

APART = ("name", "kind")
"""Claims of these are counted, not listed: every new entity brings some."""

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_TABLES = ("changed_claims", "affected", "compared")
_KEY = ("subject", "predicate", '"object"', "qualifiers", "mode")
_DIFFER = "n_was > 0 AND n_now > 0 AND says_was IS DISTINCT FROM says_now"
_CLASSES = {
    ADDED: "(begins OR (n_was = 0 AND n_now > 0))",
    REMOVED: "(ends OR (n_was > 0 AND n_now = 0))",
    CHANGED: f"(NOT begins AND NOT ends AND {_DIFFER})",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One relation or attribute that differs.

    Attributes
    ----------
    how : str
        *began*, *happened* (start and end are one date) or *ended*; without such a date what made it come or go: *seen* (first
        observed), *recorded*, *retracted*, *shown* or *hidden* (the pictures take other claims), *changed*.
    certain : bool
        Whether the date lies wholly between the two days; true where no date of the claim is at issue.
    before, after, events : tuple of str
        Ids of its claims that the earlier picture shows, that the later one shows (of what changed, the newest of each), and that give it
        a start or end in between.
    """

    how: str
    certain: bool
    before: tuple[str, ...]
    after: tuple[str, ...]
    events: tuple[str, ...]


class Changes:
    """The differences between two pictures of one store, in working tables. Use as a context manager.

    Judgements of identity are those of the later picture for both sides, so that a merge does not appear as a change of every relation.
    """

    def __init__(self, before: Picture, after: Picture) -> None:
        self.before, self.after = before, after
        self.store = after.store
        self.window = _window(before, after)
        self.recorded = before.visibility.batch != after.visibility.batch

    def __enter__(self) -> Self:
        keep_query(self.store, "changed_claims", self._changed_claims())
        keep_query(self.store, "affected", self._affected())
        keep_query(self.store, "compared", self._compared())
        return self

    def __exit__(self, *_: object) -> None:
        drop_kept(self.store, *_TABLES)

    # -- reading ------------------------------------------------------------------------------------------------

    def claim_counts(self, sort: str) -> dict[str, int]:
        """Return how many claims were added or removed, by predicate."""
        rows = self.store.rows(
            "SELECT p.id, count(*) FROM temp.changed_claims c JOIN predicates p ON p.key = c.predicate "
            f"WHERE {_visible(sort)} GROUP BY p.id ORDER BY p.id"
        )
        return {row[0]: int(row[1]) for row in rows}

    def claim_ids(self, sort: str, limit: int, *, where: str = "true") -> list[str]:
        """Return ids of claims added or removed, those of `APART` left out, by date and id."""
        apart = ", ".join(f"'{name}'" for name in APART)
        rows = self.store.rows(
            "SELECT c.id::VARCHAR FROM temp.changed_claims c JOIN predicates p ON p.key = c.predicate "
            f"WHERE {_visible(sort)} AND ({where}) AND p.id NOT IN ({apart}) "
            f"ORDER BY coalesce(c.from_lo, c.seen_lo, c.to_hi) NULLS LAST, c.id LIMIT {limit}"
        )
        return [row[0] for row in rows]

    def relation_counts(self, sort: str) -> dict[str, int]:
        """Return how many relations were added, removed or changed, by how."""
        rows = self.store.rows(
            f'SELECT {self._how(sort)} AS how, count(*) FROM temp.compared WHERE "object" >= 0 AND {_CLASSES[sort]} '
            "GROUP BY how ORDER BY how"
        )
        return {row[0]: int(row[1]) for row in rows}

    def relations(self, sort: str, limit: int) -> list[Change]:
        """Return relations added, removed or changed: those with a stated date first, by date."""
        return self._read(sort, f'"object" >= 0 AND {_CLASSES[sort]}', limit)

    def attributes(self, limit: int) -> tuple[int, list[Change]]:
        """Return how many attributes have another newest value, and the first of them."""
        functional = ", ".join(f"'{name}'" for name in sorted(self._functional()))
        where = f'"object" < 0 AND {_DIFFER} AND predicate IN (SELECT key FROM predicates WHERE id IN ({functional}))'
        total = int(self.store.value(f"SELECT count(*) FROM temp.compared WHERE {where}"))
        return total, self._read(CHANGED, where, limit)

    def claims_touched(self) -> str:
        """Return SQL of the predicates and ends of the claims that differ, canonical or not."""
        return (
            'SELECT predicate, subject, "object" FROM temp.changed_claims '
            "UNION SELECT predicate, raw_subject, raw_object FROM temp.changed_claims"
        )

    def groups_touched(self, limit: int) -> list[str]:
        """Return ids of entities whose count or list of members differs."""
        rows = self.store.rows(
            f"""SELECT e.id FROM (
              SELECT c.subject AS key FROM temp.changed_claims c JOIN predicates p ON p.key = c.predicate
              WHERE p.id IN ('count', 'completeness')
              UNION SELECT c."object" FROM temp.changed_claims c JOIN predicates p ON p.key = c.predicate WHERE p.id = 'member_of') x
            JOIN entities e ON e.key = x.key ORDER BY e.id LIMIT {limit}"""
        )
        return [row[0] for row in rows]

    def _read(self, sort: str, where: str, limit: int) -> list[Change]:
        sides = ("was_newest", "now_newest") if sort == CHANGED else ("was_ids", "now_ids")
        ids = ", ".join(f"list_sort({name})::VARCHAR[]" for name in (*sides, "event_ids"))
        stated = "how NOT IN ('began', 'happened', 'ended')"
        dates = ("stops", "starts") if sort == REMOVED else ("starts", "stops")
        rows = self.store.rows(
            f"SELECT {self._how(sort)} AS how, {self._certain(sort)} AS certain, {ids} FROM temp.compared WHERE {where} "
            f"ORDER BY {stated}, coalesce({dates[0]}, {dates[1]}, seen) NULLS LAST, any_id LIMIT {limit}"
        )
        return [Change(row[0], bool(row[1]), *(tuple(part or ()) for part in row[2:])) for row in rows]

    def _how(self, sort: str) -> str:
        if sort == ADDED:
            other = "seen" if self.window else "recorded" if self.recorded else "shown"
            return f"CASE WHEN begins AND happened THEN 'happened' WHEN begins THEN 'began' ELSE '{other}' END"
        if sort == REMOVED:
            other = "ended" if self.window else "retracted" if self.recorded else "hidden"
            return f"CASE WHEN ends THEN 'ended' ELSE '{other}' END"
        return "'changed'"

    def _certain(self, sort: str) -> str:
        if self.window is None or sort == CHANGED:
            return "true"
        return "NOT begins OR begins_surely" if sort == ADDED else "ends_surely"

    def _functional(self) -> list[str]:
        """Return the predicates whose newest value replaces the one before."""
        return [
            name
            for name, predicate in self.after.vocabulary.predicates.items()
            if predicate.conflict.rule in ("one", "one_start") or predicate.families
        ]

    # -- working out --------------------------------------------------------------------------------------------

    def _claims(self, where: str) -> str:
        """Return SQL in brackets: claims with whether each picture shows them and whether their dates make an event."""
        newest = max(self.before.visibility.batch, self.after.visibility.batch)
        flagged = (
            f'SELECT c.*, c.subject AS raw_subject, c."object" AS raw_object, '
            f"coalesce({self.before.visibility.condition()}, false) AS was, coalesce({self.after.visibility.condition()}, false) AS now, "
            f"{self._shown()} AS shown FROM claims c WHERE c.batch <= {newest} AND ({where})"
        )
        begins = ends = begins_surely = ends_surely = "false"
        if self.window:
            first, last = (f"DATE '{day}'" for day in self.window)
            begins, ends = f"f.earliest BETWEEN {first} AND {last}", f"t.latest BETWEEN {first} AND {last}"
            begins_surely, ends_surely = f"f.latest <= {last}", f"t.earliest >= {first}"
        return f"""(
          SELECT c.*, f.earliest AS from_lo, t.latest AS to_hi, o.earliest AS seen_lo,
            coalesce(greatest(f.latest, o.latest), greatest(f.earliest, o.earliest)) AS sign,
            c.shown AND coalesce({begins}, false) AS begins, c.shown AND coalesce({ends}, false) AS ends,
            coalesce({begins_surely}, false) AS begins_surely, coalesce({ends_surely}, false) AS ends_surely
          FROM {resolved(self.after, visible=flagged)} c LEFT JOIN dates f ON f.key = c.valid_from
            LEFT JOIN dates t ON t.key = c.valid_to LEFT JOIN dates o ON o.key = c.observed)"""

    def _shown(self) -> str:
        """Return the condition of the later picture without its day."""
        if self.window is None:
            return "false"
        return f"coalesce({replace(self.after.visibility, as_of=None).condition()}, false)"

    def _changed_claims(self) -> str:
        return f"""
        SELECT id, subject, predicate, "object", qualifiers, mode, stance, raw_subject, raw_object, was, now, begins, ends, from_lo,
          to_hi, seen_lo
        FROM {self._claims(self._suspects())} WHERE was <> now OR begins OR ends"""

    def _suspects(self) -> str:
        """Return a condition that every claim meets which the pictures treat differently, as narrow as is cheap to say."""
        one, two = self.before.visibility, self.after.visibility
        if self.window and replace(one, as_of=None, known_at="") == replace(two, as_of=None, known_at=""):
            between = "BETWEEN DATE '{}' AND DATE '{}'".format(*self.window)
            return " OR ".join(
                f"c.{column} IN (SELECT key FROM dates WHERE {end} {between})"
                for column, end in (("valid_from", "earliest"), ("valid_to", "latest"), ("observed", "earliest"))
            )
        same = replace(one, batch=0, known_at="", retractions=False) == replace(
            two, batch=0, known_at="", retractions=False
        )
        if same:
            first, last = sorted((one.batch, two.batch))
            retracted = f"SELECT claim FROM retractions WHERE batch > {first} AND batch <= {last}"
            return f"c.batch > {first} OR c.id IN ({retracted})"
        return "true"

    def _affected(self) -> str:
        apart = ", ".join(f"'{name}'" for name in APART)
        return f"""
        SELECT DISTINCT subject, predicate, coalesce("object", -1) AS "object", coalesce(qualifiers, 0) AS qualifiers, mode
        FROM temp.changed_claims WHERE predicate NOT IN (SELECT key FROM predicates WHERE id IN ({apart}))"""

    def _present(self) -> str:
        """Return a condition on unresolved claims that those of the affected relations meet, so that few are looked at twice."""
        subjects = "SELECT subject FROM temp.affected"
        moved = moved_keys(self.after)
        if moved:
            subjects += f" UNION SELECT key FROM {moved} WHERE head IN (SELECT subject FROM temp.affected)"
        return f"c.predicate IN (SELECT predicate FROM temp.affected) AND c.subject IN ({subjects})"

    def _compared(self) -> str:
        """Return the query that sets both sides of every affected relation and attribute against one another.

        What it says is taken from its newest dated claims (from all of them where none is dated).
        """
        key = ", ".join(f"k.{name}" for name in _KEY)
        present = self._present()
        numbers = "c.stance, coalesce(c.low::VARCHAR, ''), coalesce(c.high::VARCHAR, ''), c.bits, coalesce(c.unit, '')"
        dates = "CASE WHEN c.\"object\" IS NOT NULL THEN concat_ws(' ', c.valid_from, '-', c.valid_to) END"
        said = f"concat_ws('|', {numbers}, coalesce(c.value, ''), {dates})"
        return f"""
        WITH held AS (
          SELECT {key}, c.id, c.was, c.now, c.begins, c.ends, c.begins_surely, c.ends_surely, c.from_lo, c.to_hi, c.seen_lo, c.sign,
            c.valid_from IS NOT NULL AND c.valid_from IS NOT DISTINCT FROM c.valid_to AS point,
            coalesce(c.valid_from, c.valid_to, c.observed) IS NOT NULL AS dated, {said} AS said,
            max(c.sign) FILTER (WHERE c.was) OVER w AS sign_was, max(c.sign) FILTER (WHERE c.now) OVER w AS sign_now
          FROM {self._claims(present)} c JOIN temp.affected k ON k.subject = c.subject AND k.predicate = c.predicate
            AND k."object" = coalesce(c."object", -1) AND k.qualifiers = coalesce(c.qualifiers, 0) AND k.mode = c.mode
          WHERE c.was OR c.now OR c.begins OR c.ends
          WINDOW w AS (PARTITION BY {key}))
        SELECT {", ".join(_KEY)}, count(*) FILTER (was) AS n_was, count(*) FILTER (now) AS n_now,
          bool_or(begins) AND NOT bool_or(was AND dated AND NOT begins) AS begins,
          bool_or(ends AND NOT (point AND begins))
            AND coalesce(max(sign) FILTER (now AND NOT ends) <= max(to_hi) FILTER (ends), true) AS ends,
          coalesce(bool_and(point) FILTER (begins), false) AS happened,
          coalesce(bool_or(begins AND begins_surely), false) AS begins_surely,
          coalesce(bool_or(ends AND ends_surely), false) AS ends_surely,
          min(from_lo) FILTER (begins) AS starts, max(to_hi) FILTER (ends) AS stops, min(seen_lo) AS seen, min(id) AS any_id,
          list(id) FILTER (was) AS was_ids, list(id) FILTER (now) AS now_ids, list(id) FILTER (begins OR ends) AS event_ids,
          list(id) FILTER (was AND sign IS NOT DISTINCT FROM sign_was) AS was_newest,
          list(id) FILTER (now AND sign IS NOT DISTINCT FROM sign_now) AS now_newest,
          list_sort(list(DISTINCT said) FILTER (was AND sign IS NOT DISTINCT FROM sign_was)) AS says_was,
          list_sort(list(DISTINCT said) FILTER (now AND sign IS NOT DISTINCT FROM sign_now)) AS says_now
        FROM held GROUP BY {", ".join(_KEY)}"""


def _visible(sort: str) -> str:
    return "c.now AND NOT c.was" if sort == ADDED else "c.was AND NOT c.now"


def _window(before: Picture, after: Picture) -> tuple[str, str] | None:
    """Return the two days, where the pictures are of two days and in their order."""
    first, last = before.visibility.as_of, after.visibility.as_of
    if first is None or last is None or date.fromisoformat(first) >= date.fromisoformat(last):
        return None
    return first, last
