"""Load a reading into the store: one transaction, four passes over its columns.

1. Judge the distinct shapes, dates, qualifiers and closed values once each, and every row's numbers and texts in one scan.
2. Append new dates, qualifier sets, sources and origins to their dictionaries.
3. Append new entities.
4. One streaming INSERT that looks keys up, hashes, drops what is held, and sorts by subject.

The id of a claim is the first 128 bits of the SHA-256 of its canonical text: the recipe's name and the fields in fixed order, joined with
U+001F. A test recomputes it with hashlib.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from isthmus.claims.dictionaries import Dictionaries
from isthmus.claims.rules import Shape, shape_fault, value_fault
from isthmus.claims.schema import RECIPE
from isthmus.model import Rejection
from isthmus.vocabulary import Vocabulary

Step = Callable[[str], None]
SEPARATOR = "chr(31)"
LISTED_REJECTIONS = 10_000

_BLANK = r"[\s\x00-\x1f\x7f]"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_NUMBER = "try_cast(CASE WHEN left({0}, 1) IN ('<', '>', '~') THEN substr({0}, 2) ELSE {0} END AS DOUBLE)"
_SHAPE = """nullif(predicate, '') AS predicate, nullif(unit, '') AS unit, nullif(mode, '') AS mode, nullif(stance, '') AS stance,
 nullif(marking, '') AS marking, coalesce("object", '') <> '' AS has_object, coalesce(value, '') <> '' AS has_value,
 coalesce(low, '') <> '' OR coalesce(high, '') <> '' AS has_number, coalesce(qualifiers, '') <> '' AS has_qualifiers"""
_SHAPE_COLUMNS = "predicate, unit, mode, stance, marking, has_object, has_value, has_number, has_qualifiers"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one load did: claims new and already held, and the rows that could not become claims."""

    rows: int
    new: int
    held: int
    rejected: int
    rejections: tuple[Rejection, ...]


def load(
    connection: duckdb.DuckDBPyConnection,
    select: str,
    vocabulary: Vocabulary,
    batch: int,
    step: Step,
    *,
    default_source: str | None,
) -> Loaded:
    """Load the rows of `select` (columns `READING_COLUMNS`) as batch number `batch`.

    The caller has begun a transaction and ends it.

    Parameters
    ----------
    select : str
        SQL of a reading.
    default_source : str or None
        Source of rows whose own is empty.
    """
    source = (
        f"coalesce(nullif(\"source\", ''), '{_escape(default_source)}')" if default_source else "nullif(\"source\", '')"
    )
    rows = f'(SELECT * REPLACE ({source} AS "source") FROM ({select}))'
    step("checking what the rows say")
    dictionaries = Dictionaries(connection, vocabulary, batch)
    bad_shapes = _bad_shapes(connection, rows, vocabulary)
    dictionaries.fill(
        rows, {shape.predicate for shape, _ in bad_shapes if shape.predicate not in vocabulary.predicates}
    )
    bad_values = _bad_values(connection, rows, vocabulary)
    _meet_entities(connection, rows)
    bad_ids = _bad_ids(connection)
    faults = _fault_sql(bool(bad_shapes), bool(bad_values), bad_ids, dictionaries)
    _store_faults(connection, bad_shapes, bad_values)
    total, rejected = _count(connection, rows, faults)
    rejections = _list_rejections(connection, rows, faults) if rejected else ()
    good = f"(SELECT r.* FROM {rows} r {faults.joins} WHERE ({faults.case}) IS NULL)" if rejected else rows
    step("finding new entities")
    if rejected:
        _meet_entities(connection, good)
    _append_entities(connection)
    step("writing claims")
    new = _insert(connection, good, batch, dictionaries)
    return Loaded(total, new, total - rejected - new, rejected, rejections)


def _escape(text: str) -> str:
    return text.replace("'", "''")


def _bad_shapes(connection: duckdb.DuckDBPyConnection, rows: str, vocabulary: Vocabulary) -> list[tuple[Shape, str]]:
    found = connection.execute(f"SELECT DISTINCT {_SHAPE} FROM {rows}").fetchall()
    judged = [(Shape(*row), shape_fault(vocabulary, Shape(*row))) for row in found]
    return [(shape, fault) for shape, fault in judged if fault]


def _bad_values(connection: duckdb.DuckDBPyConnection, rows: str, vocabulary: Vocabulary) -> list[tuple[str, str, str]]:
    closed = [name for name, body in vocabulary.predicates.items() if body.value not in (None, "text")]
    names = ", ".join(f"'{name}'" for name in closed)
    found = connection.execute(
        f"SELECT DISTINCT predicate, value FROM {rows} WHERE predicate IN ({names}) AND coalesce(value, '') <> ''"
    ).fetchall()
    judged = [(predicate, value, value_fault(vocabulary, predicate, value)) for predicate, value in found]
    return [(predicate, value, fault) for predicate, value, fault in judged if fault]


@dataclass(frozen=True, slots=True)
class _Faults:
    joins: str
    case: str


def _fault_sql(shapes: bool, values: bool, ids: bool, dictionaries: Dictionaries) -> _Faults:
    """Return the joins and the CASE that give the first fault of a row, as cheap as the faults that exist allow."""
    joins: list[str] = []
    whens = [
        "WHEN coalesce(r.subject, '') = '' THEN 'the subject is empty'",
        "WHEN r.\"source\" IS NULL THEN 'the source is empty: no claim without a source'",
        "WHEN r.locator IS NULL OR (r.locator < '!' AND trim(r.locator) = '') "
        "THEN 'the locator is empty: no claim without a place in its source'",
    ]
    if ids:
        joins.append('LEFT JOIN temp.bad_ids i ON i.id = r.subject LEFT JOIN temp.bad_ids j ON j.id = r."object"')
        whens.append(
            "WHEN i.id IS NOT NULL OR j.id IS NOT NULL THEN 'an entity id holds a blank or begins with @, ; or ='"
        )
    if shapes:
        same = " AND ".join(f"s.{name} IS NOT DISTINCT FROM r2.{name}" for name in _SHAPE_COLUMNS.split(", "))
        conditions = same
        for column, text in _shape_pairs():
            conditions = conditions.replace(f"r2.{column}", text)
        joins.append(f"LEFT JOIN temp.bad_shapes s ON {conditions}")
        whens.append("WHEN s.fault IS NOT NULL THEN s.fault")
    if values:
        joins.append("LEFT JOIN temp.bad_values v ON v.predicate = r.predicate AND v.value = r.value")
        whens.append("WHEN v.fault IS NOT NULL THEN v.fault")
    for alias, table, on, message in dictionaries.fault_joins():
        joins.append(f"LEFT JOIN {table} {alias} ON {on}")
        whens.append(f"WHEN {alias}.fault IS NOT NULL THEN {message}")
    whens += _number_whens()
    whens.append(
        "WHEN regexp_matches(concat_ws('', r.value, r.value_lang, r.qualifiers, r.origin, r.locator, r.hedge, r.licence), "
        f"'{_CONTROL}') THEN 'a text holds a control character'"
    )
    return _Faults(" ".join(joins), f"CASE {' '.join(whens)} END")


def _shape_pairs() -> list[tuple[str, str]]:
    return [
        ("has_object", "(coalesce(r.\"object\", '') <> '')"),
        ("has_value", "(coalesce(r.value, '') <> '')"),
        ("has_number", "(coalesce(r.low, '') <> '' OR coalesce(r.high, '') <> '')"),
        ("has_qualifiers", "(coalesce(r.qualifiers, '') <> '')"),
        *((name, f"nullif(r.{name}, '')") for name in ("predicate", "unit", "mode", "stance", "marking")),
    ]


def _number_whens() -> list[str]:
    low, high = _NUMBER.format("r.low"), _NUMBER.format("r.high")
    given = "coalesce(r.low, '') <> '' OR coalesce(r.high, '') <> ''"
    part = "r.unit IN ('share', 'proportion')"
    return [
        f"WHEN coalesce(r.low, '') <> '' AND ({low} IS NULL OR NOT isfinite({low}) OR r.low[1] = '<') "
        "THEN 'low “' || r.low || '” is not a number (one mark > or ~ may stand before it; no thousands separators)'",
        f"WHEN coalesce(r.high, '') <> '' AND ({high} IS NULL OR NOT isfinite({high}) OR r.high[1] = '>') "
        "THEN 'high “' || r.high || '” is not a number (one mark < or ~ may stand before it; no thousands separators)'",
        f"WHEN ({given}) AND {low} > {high} THEN 'low ' || r.low || ' is above high ' || r.high",
        f"WHEN ({given}) AND {low} = {high} AND (r.low[1] = '>' OR r.high[1] = '<') AND r.low[1] <> '~' AND r.high[1] <> '~' "
        "THEN 'no number lies between low ' || r.low || ' and high ' || r.high",
        f"WHEN ({given}) AND {part} AND ({low} > 1 OR {high} > 1) THEN "
        "'a ' || r.unit || ' of more than 1 (100 %) cannot be: ' || coalesce(nullif(r.high, ''), r.low) "
        "|| ' (write 34 % as 0.34)'",
        f"WHEN ({given}) AND {part} AND ({low} < 0 OR {high} < 0) THEN 'a ' || r.unit || ' below 0 cannot be'",
    ]


def _store_faults(
    connection: duckdb.DuckDBPyConnection,
    shapes: Sequence[tuple[Shape, str]],
    values: Sequence[tuple[str, str, str]],
) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE bad_shapes(predicate VARCHAR, unit VARCHAR, mode VARCHAR, stance VARCHAR, marking VARCHAR, "
        "has_object BOOLEAN, has_value BOOLEAN, has_number BOOLEAN, has_qualifiers BOOLEAN, fault VARCHAR)"
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE bad_values(predicate VARCHAR, value VARCHAR, fault VARCHAR)")
    if shapes:
        fields = _SHAPE_COLUMNS.split(", ")
        listed = [[*(getattr(shape, name) for name in fields), fault] for shape, fault in shapes]
        connection.executemany("INSERT INTO temp.bad_shapes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", listed)
    if values:
        connection.executemany("INSERT INTO temp.bad_values VALUES (?, ?, ?)", [list(row) for row in values])


def _count(connection: duckdb.DuckDBPyConnection, rows: str, faults: _Faults) -> tuple[int, int]:
    row = connection.execute(
        f"SELECT count(*), count(*) FILTER (({faults.case}) IS NOT NULL) FROM {rows} r {faults.joins}"
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def _list_rejections(connection: duckdb.DuckDBPyConnection, rows: str, faults: _Faults) -> tuple[Rejection, ...]:
    found = connection.execute(
        f"SELECT r.line, {faults.case} AS fault FROM {rows} r {faults.joins} WHERE ({faults.case}) IS NOT NULL "
        f"ORDER BY r.line LIMIT {LISTED_REJECTIONS}"
    ).fetchall()
    return tuple(Rejection(int(line), str(fault)) for line, fault in found)


def _meet_entities(connection: duckdb.DuckDBPyConnection, rows: str) -> None:
    """Gather the ids that are not held yet: subjects, objects and those in qualifiers."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE met AS
        SELECT id FROM (
          SELECT subject AS id FROM {rows} WHERE subject <> '' UNION SELECT "object" FROM {rows} WHERE "object" <> ''
          UNION SELECT entity FROM temp.new_qualifier_entities) m
        ANTI JOIN entities e ON e.id = m.id"""
    )


def _bad_ids(connection: duckdb.DuckDBPyConnection) -> bool:
    """Note which of the ids that were met are none; tell whether there are any. Those held already were judged before."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE bad_ids AS SELECT id FROM temp.met WHERE regexp_matches(id, '^[@;=]|{_BLANK}')"
    )
    return _one(connection, "SELECT count(*) FROM temp.bad_ids") > 0


def _append_entities(connection: duckdb.DuckDBPyConnection) -> None:
    """Give keys to the entities that were met, in order of their ids."""
    connection.execute(
        "INSERT INTO entities SELECT (SELECT coalesce(max(key), 0) FROM entities) + row_number() OVER (ORDER BY id), id "
        "FROM temp.met"
    )
    connection.execute("DROP TABLE temp.met")


def canonical_sql() -> str:
    """Return the SQL of a claim's canonical text, over the columns of the `c` row in `_insert`."""
    fields = [
        f"'{RECIPE}'",
        "subject",
        "predicate",
        "coalesce(\"object\", '')",
        "coalesce(value, '')",
        "coalesce(value_lang, '')",
        "coalesce(low::VARCHAR, '')",
        "coalesce(high::VARCHAR, '')",
        "bits::VARCHAR",
        "coalesce(unit, '')",
        "coalesce(qualifier_text, '')",
        "coalesce(from_text, '')",
        "coalesce(to_text, '')",
        "coalesce(seen_text, '')",
        "mode_text",
        '"source"',
        "coalesce(origin_text, '')",
        "locator",
        "coalesce(hedge, '')",
        "stance_text",
    ]
    return f"concat_ws({SEPARATOR}, {', '.join(fields)})"  # it leaves out NULLs: every field is coalesced


def _insert(connection: duckdb.DuckDBPyConnection, rows: str, batch: int, dictionaries: Dictionaries) -> int:
    texts = f"""
      SELECT subject, predicate, nullif("object", '') AS "object", nullif(value, '') AS value,
        nullif(value_lang, '') AS value_lang,
        {_NUMBER.format("nullif(low, '')")} AS low, {_NUMBER.format("nullif(high, '')")} AS high,
        CASE WHEN low IS NULL AND high IS NULL THEN 0 ELSE
          (CASE WHEN low[1] = '>' THEN 1 ELSE 0 END) + (CASE WHEN high[1] = '<' THEN 2 ELSE 0 END)
          + (CASE WHEN low[1] = '~' THEN 4 ELSE 0 END) + (CASE WHEN high[1] = '~' THEN 8 ELSE 0 END) END AS bits,
        nullif(unit, '') AS unit, nullif(qualifiers, '') AS qualifiers,
        nullif(valid_from, '') AS valid_from, nullif(valid_to, '') AS valid_to, nullif(observed, '') AS observed,
        coalesce(nullif(mode, ''), 'actual') AS mode_text, "source", nullif(origin, '') AS origin, locator,
        nullif(hedge, '') AS hedge, coalesce(nullif(stance, ''), 'asserts') AS stance_text,
        coalesce(nullif(marking, ''), 'TLP:CLEAR') AS marking, nullif(licence, '') AS licence
      FROM {rows}"""
    joined = f"""
      SELECT t.*, p.key AS predicate_key, q.key AS qualifier_key, q.canonical AS qualifier_text,
        f.key AS from_key, f.written AS from_text, u.key AS to_key, u.written AS to_text,
        o.key AS seen_key, o.written AS seen_text, s.key AS source_key, g.key AS origin_key, g.canonical AS origin_text
      FROM ({texts}) t JOIN predicates p ON p.id = t.predicate JOIN sources s ON s.id = t."source"
        LEFT JOIN temp.met_qualifiers q ON q.predicate = t.predicate AND q.written = t.qualifiers
        LEFT JOIN temp.met_dates f ON f.given = t.valid_from LEFT JOIN temp.met_dates u ON u.given = t.valid_to
        LEFT JOIN temp.met_dates o ON o.given = t.observed LEFT JOIN temp.met_origins g ON g.written = t.origin"""
    hashed = f"SELECT left(sha256({canonical_sql()}), 32)::UUID AS id, * FROM ({joined})"
    fresh = f"SELECT * FROM ({hashed}) h {dictionaries.held_filter()}"
    before = _one(connection, "SELECT count(*) FROM claims")
    connection.execute(
        f"""INSERT INTO claims
        SELECT n.id, b.key, n.predicate_key, e.key, n.value, n.value_lang, n.low, n.high, n.bits, n.unit, n.qualifier_key,
          n.from_key, n.to_key, n.seen_key, {_rank("mode_text", dictionaries.modes)}, n.source_key, n.origin_key, n.locator, n.hedge,
          {_rank("stance_text", dictionaries.stances)}, {_rank("marking", dictionaries.markings)}, n.licence, {batch}
        FROM ({fresh}) n JOIN entities b ON b.id = n.subject LEFT JOIN entities e ON e.id = n."object"
        ORDER BY b.key"""
    )
    inserted = _one(connection, "SELECT count(*) FROM claims") - before
    distinct = _one(connection, f"SELECT count(DISTINCT id) FROM claims WHERE batch = {batch}")
    if distinct != inserted:
        connection.execute(
            f"""DELETE FROM claims WHERE batch = {batch} AND rowid IN (
            SELECT rowid FROM (SELECT rowid, row_number() OVER (PARTITION BY id ORDER BY marking DESC, licence, rowid) AS n FROM claims
            WHERE batch = {batch}) WHERE n > 1)"""
        )
    return distinct


def _rank(column: str, names: Sequence[str]) -> str:
    whens = " ".join(f"WHEN '{name}' THEN {rank}" for rank, name in enumerate(names))
    return f"(CASE n.{column} {whens} END)::UTINYINT"


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return int(row[0])
