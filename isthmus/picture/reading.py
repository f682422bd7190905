"""Read visible claims out of the store as values, and the captions of entities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from isthmus.claims.reader import ReadStore
from isthmus.model import MARKINGS, Claim
from isthmus.picture.request import Visibility
from isthmus.picture.withheld import Withheld
from isthmus.quantities import Quantity
from isthmus.vocabulary import Vocabulary

_COLUMNS = (
    'id, subject, predicate, "object", value, value_lang, low, high, bits, unit, qualifiers, valid_from, valid_to, observed, mode, '
    '"source", origin, locator, hedge, stance, marking, licence, batch'
)
_TABLES = {
    "sources": "SELECT key, id FROM sources",
    "qualifiers": "SELECT key, canonical FROM qualifier_sets",
    "dates": "SELECT key, written FROM dates",
    "origins": "SELECT key, canonical FROM origin_sets",
    "predicates": "SELECT key, id FROM predicates",
    "batches": "SELECT key, recorded_at FROM batches",
}
_PLACES = (("sources", (15,)), ("qualifiers", (10,)), ("dates", (11, 12, 13)), ("origins", (16,)))
"""Which columns of `_COLUMNS` hold keys of which dictionary."""

_CHUNK = 20_000
_BLOCK = 122_880
"""So many rows the engine keeps together."""
POINTS = 24
# One text for a whole list: the database driver spends a tenth of a millisecond on each parameter of its own.
_SEPARATOR = chr(31)
_UNPACKED = "unnest(string_split(?, chr(31)))"


@dataclass(frozen=True, slots=True)
class Label:
    """A name, kind or identifier of an entity: what it takes to caption it."""

    entity: str
    predicate: str
    value: str
    lang: str | None
    type: str | None


class ClaimReader:
    """Reads visible claims; keeps the ids of the entities it has met."""

    def __init__(self, store: ReadStore, visibility: Visibility, vocabulary: Vocabulary) -> None:
        self.store = store
        self.visibility = visibility
        self.vocabulary = vocabulary
        self._ids: dict[int, str] = {}
        self._keys: dict[str, int] = {}
        self._texts: dict[str, dict[int, Any]] = {name: {} for name in _TABLES}

    def ids(self, keys: Iterable[int]) -> dict[int, str]:
        """Return the ids of entity keys."""
        wanted = {key for key in keys if key not in self._ids}
        if not wanted:
            return self._ids
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
            few = len(chunk) <= POINTS  # constants meet the zone maps, a list in one text does not
            found = f"SELECT key, id FROM entities WHERE id IN ({', '.join('?' * len(chunk)) if few else f'SELECT {_UNPACKED}'})"
            for key, name in self.store.rows(found, chunk if few else [_SEPARATOR.join(chunk)]):
                self._ids[key] = name
                self._keys[name] = key
        return [self._keys[name] for name in names if name in self._keys]

    def where(self, condition: str, parameters: Sequence[object] = ()) -> list[Claim]:
        """Return the visible claims that meet an SQL condition on `c`, by id."""
        return self._read(self.visibility.sql(_COLUMNS, condition), parameters)

    def at(self, places: Mapping[int, int]) -> dict[int, Claim]:
        """Return claims by their row numbers in the store (``rowid``), which stay the same while it is open for reading.

        Parameters
        ----------
        places : mapping of row number to the key of the claim's subject
            Rows lie sorted by subject: with it, few of them are read.
        """
        found: dict[int, Claim] = {}
        for chunk in _chunks(sorted(places)):
            subjects = sorted({places[place] for place in chunk})
            few = len(subjects) <= POINTS
            parts = (
                [f"c.subject = {key} AND c.rowid IN ({_listed(chunk)})" for key in subjects]
                if few
                else _stretches(chunk)
            )
            rows = self.store.rows(
                " UNION ALL ".join(f"SELECT {_COLUMNS}, c.rowid FROM claims c WHERE {part}" for part in parts)
            )
            named = {str(row[0]): row[-1] for row in rows}
            found.update({named[claim.id]: claim for claim in self._claims(rows)})
        return found

    def names_at(self, places: Iterable[int]) -> dict[int, str]:
        """Return the ids of claims by their row numbers in the store; the claims themselves are not read."""
        found: dict[int, str] = {}
        for chunk in _chunks(sorted(set(places))):
            parts = _stretches(chunk)
            sql = " UNION ALL ".join(f"SELECT c.rowid, c.id::VARCHAR FROM claims c WHERE {part}" for part in parts)
            found.update(self.store.rows(sql))
        return found

    def by_id(self, ids: Iterable[str]) -> list[Claim]:
        """Return claims by id, visible or not (a retracted one says so), but none that is marked above the ceiling."""
        found: list[Claim] = []
        for chunk in _chunks(sorted(set(ids))):
            listed = f"SELECT try_cast({_UNPACKED} AS UUID)"
            where = f"id IN ({listed}) AND {self.visibility.open_condition()}"
            found += self._read(f"SELECT {_COLUMNS} FROM claims c WHERE {where}", [_SEPARATOR.join(chunk)])
        return found

    def about(self, keys: Sequence[int], *, predicates: Sequence[str] = ()) -> list[Claim]:
        """Return the visible claims whose subject is one of `keys`."""
        if not keys:
            return []
        return self._read(self._of_subjects(_COLUMNS, keys, self._only(predicates)), ())

    def labels(self, keys: Sequence[int]) -> list[Label]:
        """Return the names, kinds and identifiers of entities, without the rest of their claims."""
        if not keys:
            return []
        only = self._only(("name", "kind", "identifier"))
        columns = "subject, predicate, value, value_lang, qualifiers"
        told = self._of_subjects(columns, keys, f"{only} AND c.stance = 0 AND c.value IS NOT NULL")
        # What a thousand documents say of one part is read once.
        rows = self.store.rows(f"SELECT DISTINCT {columns} FROM ({told}) ORDER BY ALL")
        self.ids(keys)
        self._look_up("qualifiers", {row[4] for row in rows if row[4] is not None})
        predicates = self._all("predicates")
        return [Label(self._ids[row[0]], predicates[row[1]], row[2], row[3], self._type(row[4])) for row in rows]

    def _type(self, qualifiers: int | None) -> str | None:
        return dict(split_qualifiers(self._text("qualifiers", qualifiers))).get("type")

    def _of_subjects(self, columns: str, keys: Sequence[int], more: str) -> str:
        """Return SQL of the visible claims of some subjects: point reads for a few, which zone maps make fast, else one scan."""
        if len(keys) > POINTS:
            return self.visibility.sql(columns, f"c.subject IN ({_listed(keys)}){more}")
        return " UNION ALL ".join(
            self.visibility.sql(columns, f"c.subject = {key}{more}") for key in dict.fromkeys(keys)
        )

    def towards(self, keys: Sequence[int], *, predicates: Sequence[str] = ()) -> list[Claim]:
        """Return the visible claims whose object is one of `keys`, through the table of incoming relations."""
        if not keys:
            return []
        objects = _listed(keys)
        indexed = self._indexed
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
        keys = [str(key) for key, name in self._all("predicates").items() if name in predicates]
        return f" AND c.predicate IN ({', '.join(keys)})" if keys else " AND false"

    def _all(self, table: str) -> dict[int, Any]:
        """Return a small dictionary whole; it is read once."""
        if not self._texts[table]:
            self._texts[table] = dict(self.store.rows(_TABLES[table]))
        return self._texts[table]

    def _look_up(self, table: str, keys: set[int]) -> None:
        """Read the texts of keys that are not known yet: point reads beat joins where the rows are few."""
        missing = sorted(keys - self._texts[table].keys())
        for chunk in _chunks(missing):
            self._texts[table].update(self.store.rows(f"{_TABLES[table]} WHERE key IN ({_listed(chunk)})"))

    def _read(self, claims: str, parameters: Sequence[object]) -> list[Claim]:
        return self._claims(self.store.rows(claims, parameters))

    def _claims(self, rows: Sequence[tuple[Any, ...]]) -> list[Claim]:
        if not rows:
            return []
        columns = list(zip(*rows, strict=True))
        self.ids({key for column in (columns[1], columns[3]) for key in column if key is not None})
        for table, places in _PLACES:
            self._look_up(table, {key for place in places for key in columns[place] if key is not None})
        retracted = self._retracted([str(name) for name in columns[0]]) if self.has_retractions else {}
        return sorted((self._claim(row, retracted) for row in rows), key=lambda claim: claim.id)

    @cached_property
    def withheld(self) -> Withheld:
        """What the ceiling keeps from who asks."""
        return Withheld(self.store, self.visibility)

    @cached_property
    def used(self) -> frozenset[str]:
        """The predicates of which the store holds any claim, visible or not: what is not there need not be looked for."""
        keys = {row[0] for row in self.store.rows("SELECT DISTINCT predicate FROM claims")}
        return frozenset(name for key, name in self._all("predicates").items() if key in keys)

    @cached_property
    def has_searches(self) -> bool:
        """Whether the store holds a claim that something was looked for and not found."""
        return bool(self.store.value("SELECT count(*) FROM (SELECT 1 FROM claims WHERE stance = 2 LIMIT 1)"))

    @cached_property
    def _indexed(self) -> int:
        return self.store.indexed

    @cached_property
    def has_retractions(self) -> bool:
        """Whether any claim of the store is retracted."""
        return bool(self.store.value("SELECT count(*) FROM retractions"))

    def _retracted(self, ids: Sequence[str]) -> dict[str, tuple[str, Any]]:
        found: dict[str, tuple[str, Any]] = {}
        for chunk in _chunks(ids):
            rows = self.store.rows(
                "SELECT r.claim::VARCHAR, r.why, b.recorded_at FROM retractions r JOIN batches b ON b.key = r.batch "
                f"WHERE r.batch <= {self.visibility.batch} AND r.claim IN (SELECT try_cast({_UNPACKED} AS UUID))",
                [_SEPARATOR.join(chunk)],
            )
            found.update({name: (self.withheld.words(why), when) for name, why, when in rows})
        return found

    def _text(self, table: str, key: int | None) -> Any:
        return None if key is None else self._texts[table][key]

    def _claim(self, row: tuple[Any, ...], retracted: dict[str, tuple[str, Any]]) -> Claim:
        name = str(row[0])
        low, high, bits, unit, hedge = row[6], row[7], row[8], row[9], row[18]
        numbered = low is not None or high is not None
        origin = self._text("origins", row[16])
        why, when = retracted.get(name, (None, None))
        return Claim(
            id=name,
            subject=self._ids[row[1]],
            predicate=self._all("predicates")[row[2]],
            object=self._ids[row[3]] if row[3] is not None else None,
            value=row[4],
            value_lang=row[5],
            quantity=Quantity.from_parts(low, high, bits, unit or "", hedge) if numbered else None,
            qualifiers=split_qualifiers(self._text("qualifiers", row[10])),
            valid_from=self._text("dates", row[11]),
            valid_to=self._text("dates", row[12]),
            observed=self._text("dates", row[13]),
            mode=self.vocabulary.modes[row[14]],
            source=self._text("sources", row[15]),
            origin=tuple(origin.split(" ")) if origin else (),
            locator=row[17],
            hedge=hedge,
            stance=self.vocabulary.stances[row[19]],
            marking=MARKINGS[row[20]],
            licence=row[21],
            batch=row[22],
            recorded_at=self._all("batches")[row[22]].isoformat() + "Z",
            retracted_at=when.isoformat() + "Z" if when is not None else None,
            retracted_why=why,
        )


def split_qualifiers(canonical: str | None) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a canonical qualifier text."""
    if not canonical:
        return ()
    parts = (part.split("=", 1) for part in canonical.split("; "))
    return tuple((key, value) for key, value in parts)


def _listed(keys: Sequence[int]) -> str:
    return ", ".join(map(str, keys))


def _stretches(places: Sequence[int]) -> list[str]:
    """Return conditions that choose rows of the store, given rising: one for each part of the table in which there are any.

    A list alone would have the whole table read; of a stretch only its blocks are.
    """
    stretches: list[list[int]] = []
    for place in places:
        if not stretches or place // _BLOCK > stretches[-1][-1] // _BLOCK + 1:
            stretches.append([])
        stretches[-1].append(place)
    return [f"c.rowid BETWEEN {part[0]} AND {part[-1]} AND c.rowid IN ({_listed(part)})" for part in stretches]


def _chunks(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
