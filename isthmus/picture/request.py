"""Which claims a picture is made of: as of a day, as known at a time, without some sources, under a marking."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time

from isthmus.claims.reader import ReadStore
from isthmus.dates import as_of_day
from isthmus.errors import ArgumentError
from isthmus.model import MARKINGS

RULES = "picture/1"
READ_AT = "read:"


@dataclass(frozen=True, slots=True)
class Request:
    """What a picture shall show.

    Attributes
    ----------
    as_of : str or None
        A (partial) date: claims that surely do not hold on its last day are left out. None: every valid time.
    known_at : str or None
        A date or an ISO 8601 time: the picture as the store knew it then. None: now.
    without : tuple of str
        Source ids to leave out. A claim goes by its origins where it names any (it goes when all of them are left out), else by its
        source; ``read:ID`` leaves out all that was read in ID, whatever its origin.
    ceiling : str
        The highest marking shown.
    """

    as_of: str | None = None
    known_at: str | None = None
    without: tuple[str, ...] = ()
    ceiling: str = "TLP:RED"

    def bind(self, store: ReadStore) -> Visibility:
        """Return the request bound to what a store holds.

        Raises
        ------
        ArgumentError, ValueFormatError
            A source, date, time or marking is not known or cannot be read.
        """
        if self.ceiling not in MARKINGS:
            raise ArgumentError(f"“{self.ceiling}” is no marking.", hint=f"Use one of {', '.join(MARKINGS)}.")
        day = as_of_day(self.as_of).isoformat() if self.as_of else None
        batch, moment = _batch(store, self.known_at)
        ceiling = MARKINGS.index(self.ceiling)
        closed = _closed_sources(store, ceiling)
        plain = tuple(sorted({name for name in self.without if not name.startswith(READ_AT)}))
        read = tuple(sorted({name[len(READ_AT) :] for name in self.without if name.startswith(READ_AT)}))
        return Visibility(
            as_of=day,
            batch=batch,
            known_at=moment,
            without=_source_keys(store, plain, ceiling, closed),
            without_read=_source_keys(store, read, ceiling, closed),
            without_ids=tuple(sorted(set(self.without))),
            ceiling=ceiling,
            closed=closed,
            retractions=bool(store.value("SELECT count(*) FROM retractions WHERE batch <= ?", [batch])),
        )


@dataclass(frozen=True, slots=True)
class Visibility:
    """A request in the keys of one store; `sql` gives the claims that it shows."""

    as_of: str | None
    batch: int
    known_at: str
    without: tuple[int, ...]
    without_read: tuple[int, ...]
    without_ids: tuple[str, ...]
    ceiling: int
    retractions: bool
    closed: tuple[int, ...] = ()
    """Sources whose own marking is above the ceiling: nothing that was read in them is shown."""

    @property
    def is_lowered(self) -> bool:
        """Whether anything may be above the ceiling at all."""
        return self.ceiling < len(MARKINGS) - 1

    def open_condition(self, alias: str = "c") -> str:
        """Return the SQL condition that the marking of a claim, and of its source, is not above the ceiling."""
        parts = [f"{alias}.marking <= {self.ceiling}"] if self.is_lowered else ["true"]
        if self.closed:
            parts.append(f'{alias}."source" NOT IN ({", ".join(map(str, self.closed))})')
        return " AND ".join(parts)

    def condition(self, alias: str = "c") -> str:
        """Return the SQL condition on a row of `claims` called `alias`."""
        parts = [f"{alias}.batch <= {self.batch}"]
        if self.is_lowered:
            parts.append(self.open_condition(alias))
        if self.retractions:
            parts.append(
                f"NOT EXISTS (SELECT 1 FROM retractions r WHERE r.claim = {alias}.id AND r.batch <= {self.batch})"
            )
        if self.as_of:
            parts += self._dated(alias)
        if self.without:
            keys = ", ".join(map(str, self.without))
            parts.append(
                f'NOT (({alias}.origin IS NULL AND {alias}."source" IN ({keys})) OR ({alias}.origin IS NOT NULL AND {alias}.origin IN '
                f"(SELECT key FROM origin_sets WHERE len(list_filter(members, lambda m: m NOT IN ({keys}))) = 0)))"
            )
        if self.without_read:
            parts.append(f'{alias}."source" NOT IN ({", ".join(map(str, self.without_read))})')
        return " AND ".join(parts)

    def _dated(self, alias: str) -> list[str]:
        day = f"DATE '{self.as_of}'"
        late = f"SELECT key FROM dates WHERE earliest > {day}"
        over = f"SELECT key FROM dates WHERE latest < {day}"
        return [
            f"({alias}.valid_from IS NULL OR {alias}.valid_from NOT IN ({late}))",
            f"({alias}.valid_to IS NULL OR {alias}.valid_to NOT IN ({over}))",
            f"({alias}.observed IS NULL OR {alias}.valid_from IS NOT NULL OR {alias}.observed NOT IN ({late}))",
        ]

    def sql(self, columns: str = "*", where: str = "") -> str:
        """Return SQL of the visible claims."""
        extra = f" AND ({where})" if where else ""
        return f"SELECT {columns} FROM claims c WHERE {self.condition()}{extra}"

    def key(self, store: str) -> str:
        """Return a text that names the request for caching: same text, same picture."""
        parts = [RULES, store, self.batch, self.as_of, self.without_ids, self.ceiling, *self.closed]
        return json.dumps(parts, separators=(",", ":"))


def _batch(store: ReadStore, known_at: str | None) -> tuple[int, str]:
    if known_at is None:
        last = store.row("SELECT key, recorded_at FROM batches ORDER BY key DESC LIMIT 1")
        return (int(last[0]), _moment(last[1])) if last else (0, _moment(datetime(1970, 1, 1)))
    try:
        if len(known_at) == 10:
            wanted = datetime.combine(datetime.fromisoformat(known_at).date(), time.max)
        else:
            given = datetime.fromisoformat(known_at)
            wanted = given.astimezone(UTC).replace(tzinfo=None) if given.tzinfo else given
    except ValueError as error:
        raise ArgumentError(
            f"“{known_at}” is not a time.", where="--known-at", hint="Write 2026-11-23 or 2026-11-23T20:15:00Z."
        ) from error
    batch = store.value("SELECT coalesce(max(key), 0) FROM batches WHERE recorded_at <= ?", [wanted])
    return int(batch), _moment(wanted)


def _moment(value: datetime) -> str:
    return value.isoformat(timespec="microseconds") + "Z"


def _closed_sources(store: ReadStore, ceiling: int) -> tuple[int, ...]:
    """Return the keys of the sources whose newest description has a marking above a ceiling."""
    if ceiling == len(MARKINGS) - 1:
        return ()
    rows = store.rows(
        "SELECT d.source, arg_max(json_extract_string(d.document, '$.marking'), d.batch) AS marking FROM source_documents d "
        "GROUP BY d.source ORDER BY d.source"
    )
    return tuple(int(key) for key, marking in rows if marking in MARKINGS and MARKINGS.index(marking) > ceiling)


def _source_keys(store: ReadStore, names: tuple[str, ...], ceiling: int, closed: tuple[int, ...]) -> tuple[int, ...]:
    """Return the keys of sources by id; one that only marked claims name is as unknown as one that is not held."""
    keys = []
    for name in names:
        key = store.value("SELECT key FROM sources WHERE id = ?", [name])
        if key is None or key in closed or not _is_open(store, int(key), ceiling):
            raise ArgumentError(
                f"there is no source “{name}” in this picture.", where="--without", hint="`isthmus sources` lists them."
            )
        keys.append(int(key))
    return tuple(keys)


def _is_open(store: ReadStore, key: int, ceiling: int) -> bool:
    """Tell whether a claim up to a marking names a source, or none at all does."""
    if ceiling == len(MARKINGS) - 1:
        return True
    named = f'"source" = {key} OR origin IN (SELECT key FROM origin_sets WHERE list_contains(members, {key}))'
    lowest = store.value(f"SELECT min(marking) FROM claims WHERE {named}")
    return lowest is None or int(lowest) <= ceiling
