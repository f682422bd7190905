"""The tables of the store, as numbered migrations.

A migration runs in one transaction with the change of the version, so a store is always at one version or the next, never between.
Keys (dense integers) never leave the file, because they depend on the order of loading; ids do. Rows are kept sorted by subject inside each
batch: DuckDB's zone maps then read one entity in milliseconds without an index.
"""

from __future__ import annotations

import uuid

import duckdb

from isthmus.errors import StoreCorruptError

RECIPE = "claim/1"

_FIRST = """
CREATE TABLE meta(name VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);
CREATE TABLE batches(
  key INTEGER PRIMARY KEY, recorded_at TIMESTAMP NOT NULL, action VARCHAR NOT NULL, file VARCHAR, sha256 VARCHAR, format VARCHAR,
  mapping VARCHAR, rows_read BIGINT, claims_new BIGINT, claims_held BIGINT, rejected BIGINT);
CREATE TABLE entities(key INTEGER NOT NULL, id VARCHAR NOT NULL);
CREATE TABLE predicates(key SMALLINT NOT NULL, id VARCHAR NOT NULL);
CREATE TABLE sources(key INTEGER NOT NULL, id VARCHAR NOT NULL);
CREATE TABLE source_documents(source INTEGER NOT NULL, document VARCHAR NOT NULL, batch INTEGER NOT NULL);
CREATE TABLE origin_sets(key INTEGER NOT NULL, canonical VARCHAR NOT NULL, members INTEGER[] NOT NULL);
CREATE TABLE qualifier_sets(key INTEGER NOT NULL, canonical VARCHAR NOT NULL, pairs MAP(VARCHAR, VARCHAR) NOT NULL);
CREATE TABLE dates(key INTEGER NOT NULL, written VARCHAR NOT NULL, earliest DATE, latest DATE);
CREATE TABLE claims(
  id UUID NOT NULL, subject INTEGER NOT NULL, predicate SMALLINT NOT NULL, "object" INTEGER, value VARCHAR, value_lang VARCHAR,
  low DOUBLE, high DOUBLE, bits UTINYINT NOT NULL, unit VARCHAR, qualifiers INTEGER,
  valid_from INTEGER, valid_to INTEGER, observed INTEGER, mode UTINYINT NOT NULL,
  "source" INTEGER NOT NULL, origin INTEGER, locator VARCHAR NOT NULL, hedge VARCHAR, stance UTINYINT NOT NULL,
  marking UTINYINT NOT NULL, licence VARCHAR, batch INTEGER NOT NULL);
CREATE TABLE retractions(claim UUID NOT NULL, batch INTEGER NOT NULL, why VARCHAR NOT NULL, who VARCHAR, superseded_by UUID);
CREATE TABLE judgements(
  key INTEGER NOT NULL, a INTEGER NOT NULL, b INTEGER NOT NULL, verdict VARCHAR NOT NULL, who VARCHAR NOT NULL, why VARCHAR NOT NULL,
  batch INTEGER NOT NULL);
CREATE TABLE undone_judgements(judgement INTEGER NOT NULL, who VARCHAR NOT NULL, why VARCHAR, batch INTEGER NOT NULL);
CREATE TABLE incoming("object" INTEGER NOT NULL, subject INTEGER NOT NULL, predicate SMALLINT NOT NULL);
CREATE TABLE folded_names(folded VARCHAR NOT NULL, subject INTEGER NOT NULL);
CREATE TABLE name_words(word VARCHAR NOT NULL, subject INTEGER NOT NULL);
CREATE TABLE words(word VARCHAR NOT NULL, n BIGINT NOT NULL);
"""
"""`bits` of a claim: 1 low open, 2 high open, 4 low near, 8 high near. `incoming`, `folded_names`, `name_words`
and `words` are derived: they cover the batches up to ``meta.indexed`` and can be rebuilt at any time."""

_JUDGEMENTS = """
ALTER TABLE judgements ADD COLUMN score DOUBLE;
ALTER TABLE judgements ADD COLUMN reasons VARCHAR;
ALTER TABLE judgements ADD COLUMN valid_from VARCHAR;
ALTER TABLE judgements ADD COLUMN valid_to VARCHAR;
CREATE TABLE policies(name VARCHAR NOT NULL, value VARCHAR NOT NULL, who VARCHAR NOT NULL, batch INTEGER NOT NULL);
"""
"""`reasons` is a JSON list of ``{"feature", "weight", "note"}``; the dates are partial dates as they are written."""

MIGRATIONS: tuple[str, ...] = (_FIRST, _JUDGEMENTS)
VERSION = len(MIGRATIONS)


def version_of(connection: duckdb.DuckDBPyConnection) -> int | None:
    """Return the schema version of the file, 0 for an empty one, None for a database that is no store of ours."""
    tables = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not tables:
        return 0
    if "meta" not in tables:
        return None
    try:
        row = connection.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()
        return int(row[0]) if row else None
    except (duckdb.BinderException, ValueError):
        return None  # another program's table of that name


def migrate(connection: duckdb.DuckDBPyConnection, where: str) -> None:
    """Bring the file to the newest version, one transaction a migration.

    Raises
    ------
    StoreCorruptError
        The file is a DuckDB database but not a store, or of a newer Isthmus.
    """
    version = check_version(connection, where, oldest=0)
    for number in range(version, VERSION):
        connection.execute("BEGIN")
        connection.execute(MIGRATIONS[number])
        if number == 0:
            rows = [["store", str(uuid.uuid4())], ["recipe", RECIPE], ["indexed", "0"], ["version", "0"]]
            connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)
        connection.execute("UPDATE meta SET value = ? WHERE name = 'version'", [str(number + 1)])
        connection.execute("COMMIT")


def check_version(connection: duckdb.DuckDBPyConnection, where: str, *, oldest: int = VERSION) -> int:
    """Return the version of the file if this Isthmus can read it; raise StoreCorruptError if not.

    A version below `oldest` must be brought up first, which takes the right to write.
    """
    version = version_of(connection)
    if version is None:
        raise StoreCorruptError(
            "the file is a DuckDB database, but not a picture of Isthmus.",
            where=where,
            hint="Give another path with -p.",
        )
    if version > VERSION:
        raise StoreCorruptError(
            f"the picture has schema version {version}; this Isthmus knows up to {VERSION}.",
            where=where,
            hint="Use a newer Isthmus.",
        )
    if version < oldest:
        raise StoreCorruptError(
            "the picture is empty." if version == 0 else f"the picture has the older schema version {version}.",
            where=where,
            hint="Open it once for writing, for example with `isthmus add FILE`.",
        )
    return version
