"""What a ceiling keeps from who asks beside the claims themselves: sources, judgements, names of files, words of people.

Claims carry their marking; nothing else does. So what else the store holds takes the marking of the claims that it goes with: a source that
only marked claims name is not shown, nor is the file that brought them. What a person wrote freely (why they judged, why they took
a claim back) may quote anything that they saw: where the picture holds anything above the ceiling, such words are not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from isthmus.claims.judging import PERSON
from isthmus.claims.reader import Batch, ReadStore, StoredJudgement
from isthmus.picture.request import Visibility

NOT_SHOWN = ""


class Withheld:
    """What one ceiling hides of one store. Where it is the highest, or nothing is marked above it, that is nothing."""

    def __init__(self, store: ReadStore, visibility: Visibility) -> None:
        self.store = store
        self.visibility = visibility

    @cached_property
    def anything(self) -> bool:
        """Whether the store holds a claim above the ceiling."""
        if not self.visibility.is_lowered:
            return False
        found = self.store.value(f"SELECT count(*) FROM (SELECT 1 FROM {self._closed()} c LIMIT 1)")
        return bool(found) or bool(self.visibility.closed)

    @cached_property
    def sources(self) -> frozenset[str]:
        """The ids of the sources that are not shown: those marked above the ceiling, and those that only hidden claims name."""
        if not self.anything:
            return frozenset()
        named = (
            'SELECT "source" AS key FROM {0} c UNION '
            "SELECT unnest(members) FROM origin_sets WHERE key IN (SELECT origin FROM {0} c WHERE origin IS NOT NULL)"
        )
        open_, closed = named.format(self._open()), named.format(self._closed())
        listed = ", ".join(map(str, self.visibility.closed)) or "NULL"
        rows = self.store.rows(
            f"SELECT id FROM sources WHERE key IN ({listed}) OR (key IN ({closed}) AND key NOT IN ({open_}))"
        )
        return frozenset(row[0] for row in rows)

    def words(self, text: str) -> str:
        """Return what a person wrote freely, where it can be shown."""
        return NOT_SHOWN if self.anything else text

    def hides(self, key: int, name: str) -> bool:
        """Tell whether only hidden claims speak of an entity."""
        return self.anything and key not in self._spoken_of({key: name})

    def shown(self, judgements: Sequence[StoredJudgement]) -> tuple[StoredJudgement, ...]:
        """Return the judgements that can be shown, and of those what can.

        One about an entity that is hidden is not. One that a rule or an identifier made is not either where hidden claims give an end of
        it a name, a kind or an identifier: it may rest on these alone.
        """
        if not self.anything or not judgements:
            return tuple(judgements)
        names = {name for item in judgements for name in item.pair}
        listed = self._keys(names)
        seen = {listed[key] for key in self._spoken_of(listed)}
        named = self._hidden_labels(listed)
        found = []
        for item in judgements:
            if not seen.issuperset(item.pair):
                continue
            if item.by.kind == PERSON:
                found.append(item._replace(why=NOT_SHOWN, written_reasons=None))
            elif not named.intersection(item.pair):
                found.append(item)
        return tuple(found)

    def batches(self) -> tuple[Batch, ...]:
        """Return the batches up to the record time."""
        held = tuple(batch for batch in self.store.batches() if batch.key <= self.visibility.batch)
        if not self.anything:
            return held
        marked = {row[0] for row in self.store.rows(f"SELECT DISTINCT batch FROM {self._closed()} c")}
        hidden = [batch.key in marked for batch in held]
        return tuple(
            replace(batch, file=None, rows_read=None, claims_new=None, claims_held=None, rejected=None)
            if gone
            else batch
            for batch, gone in zip(held, hidden, strict=True)
        )

    # -- reading ------------------------------------------------------------------------------------------------

    def _open(self) -> str:
        return (
            f"(SELECT * FROM claims c WHERE c.batch <= {self.visibility.batch} AND {self.visibility.open_condition()})"
        )

    def _closed(self) -> str:
        return f"(SELECT * FROM claims c WHERE NOT ({self.visibility.open_condition()}))"

    def _keys(self, names: Iterable[str]) -> dict[int, str]:
        rows = self.store.rows(
            "SELECT key, id FROM entities WHERE id IN (SELECT unnest(?::VARCHAR[]))", [sorted(names)]
        )
        return dict(rows)

    def _spoken_of(self, listed: dict[int, str]) -> set[int]:
        """Return which of some entities an open claim has as subject, object or in a qualifier."""
        keys = ", ".join(map(str, listed)) or "NULL"
        found = {
            row[0]
            for row in self.store.rows(f"SELECT DISTINCT subject FROM {self._open()} c WHERE subject IN ({keys})")
        }
        if rest := [key for key in listed if key not in found]:
            keys = ", ".join(map(str, rest))
            objects = f'SELECT DISTINCT "object" FROM {self._open()} c WHERE "object" IN ({keys})'
            found |= {row[0] for row in self.store.rows(objects)}
        for key in [key for key in listed if key not in found]:
            inside = "SELECT key FROM qualifier_sets WHERE list_contains(map_values(pairs), ?)"
            sql = f"SELECT 1 FROM {self._open()} c WHERE qualifiers IN ({inside}) LIMIT 1"
            if self.store.row(sql, [f"@{listed[key]}"]):
                found.add(key)
        return found

    def _hidden_labels(self, listed: dict[int, str]) -> set[str]:
        keys = ", ".join(map(str, listed)) or "NULL"
        rows = self.store.rows(
            f"SELECT DISTINCT subject FROM {self._closed()} c WHERE subject IN ({keys}) AND predicate IN "
            "(SELECT key FROM predicates WHERE id IN ('name', 'kind', 'identifier'))"
        )
        return {listed[row[0]] for row in rows}
