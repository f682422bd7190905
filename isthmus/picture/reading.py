"""Read visible claims out of the store as values, and the captions of entities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from isthmus.claims import Store
from isthmus.model import MARKINGS, Claim
from isthmus.picture.request import Visibility
from isthmus.quantities import Quantity
from isthmus.vocabulary import Vocabulary

_COLUMNS = (
    'id, subject, predicate, "object", value, value_lang, low, high, bits, unit, qualifiers, valid_from, valid_to, observed, mode, '
    '"source", origin, locator, hedge, stance, marking, licence, batch'
)
_JOINED = """
SELECT c.id::VARCHAR, c.subject, p.id, c."object", c.value, c.value_lang, c.low, c.high, c.bits, c.unit, q.canonical, f.written, t.written,
  o.written, c.mode, s.id, g.canonical, c.locator, c.hedge, c.stance, c.marking, c.licence, c.batch, b.recorded_at, x.why, y.recorded_at
FROM ({claims}) c JOIN predicates p ON p.key = c.predicate JOIN sources s ON s.key = c."source" JOIN batches b ON b.key = c.batch
  LEFT JOIN qualifier_sets q ON q.key = c.qualifiers LEFT JOIN dates f ON f.key = c.valid_from LEFT JOIN dates t ON t.key = c.valid_to
  LEFT JOIN dates o ON o.key = c.observed LEFT JOIN origin_sets g ON g.key = c.origin
  LEFT JOIN retractions x ON x.claim = c.id LEFT JOIN batches y ON y.key = x.batch
"""
_CHUNK = 5000


class ClaimReader:
    """Reads visible claims; keeps the ids of the entities it has met."""

    def __init__(self, store: Store, visibility: Visibility, vocabulary: Vocabulary) -> None:
        self.store = store
        self.visibility = visibility
        self.vocabulary = vocabulary
        self._ids: dict[int, str] = {}
        self._keys: dict[str, int] = {}

    def ids(self, keys: Iterable[int]) -> dict[int, str]:
        """Return the ids of entity keys."""
        wanted = {key for key in keys if key not in self._ids}
        for chunk in _chunks(sorted(wanted)):
            listed = ", ".join(map(str, chunk))
            for key, name in self.store.rows(f"SELECT key, id FROM entities WHERE key IN ({listed})"):
                self._ids[key] = name
                self._keys[name] = key
        return self._ids

    def keys(self, names: Iterable[str]) -> list[int]:
        """Return the keys of entity ids that are held, in no order."""
        wanted = sorted({name for name in names if name not in self._keys})
        for chunk in _chunks(wanted):
            marks = ", ".join("?" for _ in chunk)
            for key, name in self.store.rows(f"SELECT key, id FROM entities WHERE id IN ({marks})", chunk):
                self._ids[key] = name
                self._keys[name] = key
        return [self._keys[name] for name in names if name in self._keys]

    def where(self, condition: str, parameters: Sequence[object] = ()) -> list[Claim]:
        """Return the visible claims that meet an SQL condition on `c`, by id."""
        return self._read(self.visibility.sql(_COLUMNS, condition), parameters)

    def by_id(self, ids: Iterable[str]) -> list[Claim]:
        """Return claims by id, visible or not (a retracted one says so)."""
        found: list[Claim] = []
        for chunk in _chunks(sorted(set(ids))):
            marks = ", ".join("?" for _ in chunk)
            found += self._read(f"SELECT {_COLUMNS} FROM claims c WHERE id IN ({marks})", chunk)
        return found

    def about(self, keys: Sequence[int], *, predicates: Sequence[str] = ()) -> list[Claim]:
        """Return the visible claims whose subject is one of `keys`."""
        if not keys:
            return []
        return self.where(f"c.subject IN ({_listed(keys)}){self._only(predicates)}")

    def towards(self, keys: Sequence[int], *, predicates: Sequence[str] = ()) -> list[Claim]:
        """Return the visible claims whose object is one of `keys`, through the table of incoming relations."""
        if not keys:
            return []
        objects = _listed(keys)
        indexed = int(self.store.value("SELECT value::INTEGER FROM meta WHERE name = 'indexed'"))
        subjects = {
            row[0] for row in self.store.rows(f'SELECT DISTINCT subject FROM incoming WHERE "object" IN ({objects})')
        }
        only = self._only(predicates)
        found: list[Claim] = []
        for chunk in _chunks(sorted(subjects)):
            inside = f'c.subject IN ({_listed(chunk)}) AND c."object" IN ({objects}) AND c.batch <= {indexed}{only}'
            found += self.where(inside)
        if self.visibility.batch > indexed:
            found += self.where(f'c."object" IN ({objects}) AND c.batch > {indexed}{only}')
        return sorted(found, key=lambda claim: claim.id)

    def mentioning(self, names: Sequence[str]) -> list[Claim]:
        """Return the visible claims that name one of the entities in a qualifier (``key=@entity``)."""
        keys: list[int] = []
        for name in names:
            rows = self.store.rows(
                "SELECT key FROM qualifier_sets WHERE list_contains(map_values(pairs), ?)", [f"@{name}"]
            )
            keys += [row[0] for row in rows]
        return self.where(f"c.qualifiers IN ({_listed(keys)})") if keys else []

    def _only(self, predicates: Sequence[str]) -> str:
        if not predicates:
            return ""
        names = ", ".join(f"'{name}'" for name in predicates if name in self.vocabulary.predicates)
        return f" AND c.predicate IN (SELECT key FROM predicates WHERE id IN ({names}))" if names else " AND false"

    def _read(self, claims: str, parameters: Sequence[object]) -> list[Claim]:
        rows = self.store.rows(_JOINED.format(claims=claims), parameters)
        self.ids({key for row in rows for key in (row[1], row[3]) if key is not None})
        return sorted((self._claim(row) for row in rows), key=lambda claim: claim.id)

    def _claim(self, row: tuple[Any, ...]) -> Claim:
        low, high, bits, unit, hedge = row[6], row[7], row[8], row[9], row[18]
        numbered = low is not None or high is not None
        return Claim(
            id=row[0],
            subject=self._ids[row[1]],
            predicate=row[2],
            object=self._ids[row[3]] if row[3] is not None else None,
            value=row[4],
            value_lang=row[5],
            quantity=Quantity.from_parts(low, high, bits, unit or "", hedge) if numbered else None,
            qualifiers=split_qualifiers(row[10]),
            valid_from=row[11],
            valid_to=row[12],
            observed=row[13],
            mode=self.vocabulary.modes[row[14]],
            source=row[15],
            origin=tuple(row[16].split(" ")) if row[16] else (),
            locator=row[17],
            hedge=hedge,
            stance=self.vocabulary.stances[row[19]],
            marking=MARKINGS[row[20]],
            licence=row[21],
            batch=row[22],
            recorded_at=row[23].isoformat() + "Z",
            retracted_at=row[25].isoformat() + "Z" if row[25] is not None else None,
            retracted_why=row[24],
        )


def split_qualifiers(canonical: str | None) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a canonical qualifier text."""
    if not canonical:
        return ()
    parts = (part.split("=", 1) for part in canonical.split("; "))
    return tuple((key, value) for key, value in parts)


def _listed(keys: Sequence[int]) -> str:
    return ", ".join(map(str, keys))


def _chunks(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
