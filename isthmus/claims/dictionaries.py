"""The dictionaries of the store: predicates, sources, origins, qualifier sets and dates, each parsed once a distinct text."""

from __future__ import annotations

import json
from collections.abc import Sequence

import duckdb
import pyarrow as arrow

from isthmus.claims.rules import parse_qualifiers
from isthmus.dates import PartialDate
from isthmus.errors import ValueFormatError
from isthmus.model import MARKINGS
from isthmus.vocabulary import Vocabulary

DATE_COLUMNS = ("valid_from", "valid_to", "observed")


class Dictionaries:
    """Fills the dictionaries for one batch and keeps, in temporary tables, what each written text means."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, vocabulary: Vocabulary, batch: int) -> None:
        self.connection = connection
        self.vocabulary = vocabulary
        self.batch = batch
        self.modes = vocabulary.modes
        self.stances = vocabulary.stances
        self.markings = MARKINGS
        self._bad_dates = False
        self._bad_periods = False
        self._bad_qualifiers = False
        self._bad_origins = False
        self._bad_sources = False
        self._held = False

    def fill(self, rows: str, unknown_predicates: set[str | None]) -> None:
        """Read the distinct texts of `rows` and append what is new."""
        add_predicates(self.connection, self.vocabulary)
        self._dates(rows)
        self._periods(rows)
        self._qualifiers(rows, unknown_predicates)
        self._sources(rows)

    def fault_joins(self) -> list[tuple[str, str, str, str]]:
        """Return (alias, table, condition, message) of the look-ups that can rule a row out; none where all is well."""
        joins = []
        if self._bad_dates:
            for number, column in enumerate(DATE_COLUMNS):
                alias = f"d{number}"
                message = f"'{column}: ' || {alias}.fault"
                joins.append((alias, "temp.met_dates", f"{alias}.given = r.{column}", message))
        if self._bad_periods:
            on = "y.valid_from = r.valid_from AND y.valid_to = r.valid_to"
            joins.append(("y", "temp.bad_periods", on, "y.fault"))
        if self._bad_qualifiers:
            joins.append(
                ("k", "temp.met_qualifiers", "k.predicate = r.predicate AND k.written = r.qualifiers", "k.fault")
            )
        if self._bad_origins:
            joins.append(("g", "temp.met_origins", "g.written = r.origin", "g.fault"))
        if self._bad_sources:
            joins.append(("z", "temp.met_sources", 'z.id = r."source"', "z.fault"))
        return joins

    def held_filter(self) -> str:
        """Return the anti join with the ids held of the same sources; nothing where these sources are new."""
        if not self._held:
            return ""
        return (
            'ANTI JOIN (SELECT id FROM claims WHERE "source" IN (SELECT s.key FROM sources s JOIN temp.met_sources m '
            "ON m.id = s.id)) a ON a.id = h.id"
        )

    def _dates(self, rows: str) -> None:
        parts = " UNION ".join(f"SELECT {name} AS given FROM {rows} WHERE {name} <> ''" for name in DATE_COLUMNS)
        found = [row[0] for row in self.connection.execute(parts).fetchall()]
        records: list[tuple[str, str | None, object, object, str | None]] = []
        for given in found:
            try:
                date = PartialDate.parse(given)
                records.append((given, str(date), date.earliest, date.latest, None))
            except ValueFormatError as error:
                self._bad_dates = True
                records.append((given, None, None, None, error.message))
        self._temporary(
            "parsed_dates",
            records,
            ("given", "written", "earliest", "latest", "fault"),
            {2: arrow.date32(), 3: arrow.date32()},
        )
        self.connection.execute(
            "INSERT INTO dates SELECT (SELECT coalesce(max(key), 0) FROM dates) + row_number() OVER (ORDER BY written), * FROM ("
            "SELECT DISTINCT written, earliest, latest FROM temp.parsed_dates p WHERE written IS NOT NULL "
            "AND NOT EXISTS (SELECT 1 FROM dates d WHERE d.written = p.written))"
        )
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE met_dates AS SELECT p.given, d.key, d.written, p.fault "
            "FROM temp.parsed_dates p LEFT JOIN dates d ON d.written = p.written"
        )

    def _periods(self, rows: str) -> None:
        """Find pairs of dates of which the end surely comes before the beginning."""
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE bad_periods AS SELECT DISTINCT r.valid_from, r.valid_to, "
            "'valid_from ' || r.valid_from || ' is later than valid_to ' || r.valid_to AS fault "
            f"FROM (SELECT DISTINCT valid_from, valid_to FROM {rows} WHERE valid_to <> '' AND valid_from <> '') r "
            "LEFT JOIN temp.parsed_dates f ON f.given = r.valid_from "  # inner ones would first pair every two dates
            "LEFT JOIN temp.parsed_dates t ON t.given = r.valid_to WHERE f.earliest > t.latest"
        )
        found = self.connection.execute("SELECT count(*) FROM temp.bad_periods").fetchone()
        self._bad_periods = bool(found and found[0])

    def _qualifiers(self, rows: str, unknown: set[str | None]) -> None:
        found = self.connection.execute(
            f"SELECT DISTINCT predicate, qualifiers FROM {rows} WHERE qualifiers <> '' AND predicate <> ''"
        ).fetchall()
        records: list[tuple[str, str, str | None, str | None]] = []
        sets: dict[str, tuple[tuple[str, str], ...]] = {}
        entities: set[str] = set()
        for predicate, written in found:
            if predicate in unknown or predicate not in self.vocabulary.predicates:
                continue
            parsed = parse_qualifiers(self.vocabulary, predicate, written)
            if isinstance(parsed, str):
                self._bad_qualifiers = True
                records.append((predicate, written, None, parsed))
                continue
            records.append((predicate, written, parsed.canonical or None, None))
            entities.update(parsed.entities)
            if parsed.canonical:
                sets[parsed.canonical] = parsed.pairs
        self._temporary("parsed_qualifiers", records, ("predicate", "written", "canonical", "fault"))
        pairs = [(canonical, json.dumps(dict(items), ensure_ascii=False)) for canonical, items in sorted(sets.items())]
        self._temporary("met_sets", pairs, ("canonical", "pairs"))
        self._temporary("new_qualifier_entities", [(name,) for name in sorted(entities)], ("entity",))
        self.connection.execute(
            "INSERT INTO qualifier_sets SELECT "
            "(SELECT coalesce(max(key), 0) FROM qualifier_sets) + row_number() OVER (ORDER BY canonical), "
            "canonical, CAST(pairs::JSON AS MAP(VARCHAR, VARCHAR)) FROM temp.met_sets m "
            "WHERE NOT EXISTS (SELECT 1 FROM qualifier_sets q WHERE q.canonical = m.canonical)"
        )
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE met_qualifiers AS SELECT p.predicate, p.written, q.key, q.canonical, p.fault "
            "FROM temp.parsed_qualifiers p LEFT JOIN qualifier_sets q ON q.canonical = p.canonical"
        )

    def _sources(self, rows: str) -> None:
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE met_sources AS SELECT id, CASE WHEN regexp_matches(id, '[\\s\\x00-\\x1f\\x7f]') "
            "THEN 'the source id holds a blank: ids of sources are one word' END AS fault "
            f'FROM (SELECT DISTINCT "source" AS id FROM {rows} WHERE "source" IS NOT NULL)'
        )
        faults = self.connection.execute("SELECT count(*) FROM temp.met_sources WHERE fault IS NOT NULL").fetchone()
        self._bad_sources = bool(faults and faults[0])
        written = self.connection.execute(f"SELECT DISTINCT origin FROM {rows} WHERE origin <> ''").fetchall()
        records: list[tuple[str, str | None, str | None]] = []
        for (text,) in written:
            names = sorted(set(text.replace(";", " ").split()))
            self._bad_origins = self._bad_origins or not names
            records.append((text, " ".join(names) or None, None if names else "the origin is blank"))
        self._temporary("parsed_origins", records, ("written", "canonical", "fault"))
        held = self.connection.execute(
            "SELECT count(*) FROM temp.met_sources m JOIN sources s ON s.id = m.id "
            'JOIN (SELECT DISTINCT "source" AS key FROM claims) c ON c.key = s.key'
        ).fetchone()
        self._held = bool(held and held[0])
        self.connection.execute(
            "INSERT INTO sources SELECT (SELECT coalesce(max(key), 0) FROM sources) + row_number() OVER (ORDER BY id), id FROM ("
            "SELECT id FROM temp.met_sources WHERE fault IS NULL "
            "UNION SELECT unnest(string_split(canonical, ' ')) FROM temp.parsed_origins "
            "WHERE canonical IS NOT NULL) n WHERE NOT EXISTS (SELECT 1 FROM sources s WHERE s.id = n.id)"
        )
        self._origin_sets()
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE met_origins AS SELECT p.written, o.key, o.canonical, p.fault "
            "FROM temp.parsed_origins p LEFT JOIN origin_sets o ON o.canonical = p.canonical"
        )

    def _origin_sets(self) -> None:
        self.connection.execute(
            "INSERT INTO origin_sets SELECT (SELECT coalesce(max(key), 0) FROM origin_sets) + row_number() OVER (ORDER BY canonical), "
            "canonical, members FROM (SELECT canonical, list(s.key ORDER BY s.id) AS members FROM ("
            "SELECT DISTINCT canonical, unnest(string_split(canonical, ' ')) AS id FROM temp.parsed_origins "
            "WHERE canonical IS NOT NULL) n JOIN sources s ON s.id = n.id "
            "WHERE NOT EXISTS (SELECT 1 FROM origin_sets o WHERE o.canonical = n.canonical) GROUP BY canonical)"
        )

    def _temporary(
        self,
        name: str,
        records: Sequence[tuple[object, ...]],
        columns: tuple[str, ...],
        types: dict[int, arrow.DataType] | None = None,
    ) -> None:
        types = types or {}
        arrays = [
            arrow.array([record[index] for record in records], type=types.get(index, arrow.string()))
            for index in range(len(columns))
        ]
        table = arrow.table(dict(zip(columns, arrays, strict=True)))
        self.connection.register("staged_records", table)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM staged_records")
        self.connection.unregister("staged_records")


def add_predicates(connection: duckdb.DuckDBPyConnection, vocabulary: Vocabulary) -> None:
    """Copy the names of the vocabulary's predicates that the file does not hold yet."""
    held = {row[0] for row in connection.execute("SELECT id FROM predicates").fetchall()}
    new = [name for name in vocabulary.predicates if name not in held]
    if new:
        rows = [[len(held) + number, name] for number, name in enumerate(new, 1)]
        connection.executemany("INSERT INTO predicates VALUES (?, ?)", rows)
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('vocabulary', ?)", [vocabulary.version])
