"""Derived tables: search words and incoming relations.

They cover the batches up to ``meta.indexed`` and are brought up to date after each load, in a transaction of their own: losing them to a
crash costs speed, never evidence, and readers look at younger batches directly.

Words are folded: lower case, no accents, full-width letters made plain. Scripts without word breaks (Han, kana, Hangul) add each pair of
neighbouring characters, so that a part of a name is found.
"""

from __future__ import annotations

import duckdb
import pyarrow as arrow

from isthmus.claims.words import fold, search_words

NAMES = ("name", "identifier")
# Characters that DuckDB folds and splits exactly as `search_words` does; texts with any other go through Python.
PLAIN = (
    r"\x{20}-\x{7e}\x{a1}-\x{a7}\x{a9}\x{ab}-\x{ae}\x{b0}\x{b1}\x{b6}\x{b7}\x{bb}\x{bf}-\x{de}\x{e0}-\x{131}\x{134}-\x{13e}"
    r"\x{141}-\x{148}\x{14a}-\x{17e}\x{2013}\x{2014}\x{2018}-\x{201e}\x{401}-\x{45f}\x{621}-\x{64a}\x{660}-\x{669}"
)
_FOLD = "lower(strip_accents(nfc_normalize({0})))"
_SPLIT = r"[^\p{L}\p{N}]+"
PIECE = 50_000
FEW = 10
"""Where the words of a load are less than this part of all words, they alone are written."""


def build_index(connection: duckdb.DuckDBPyConnection) -> None:
    """Append what the batches since the last run add; do nothing where none were added."""
    row = connection.execute(
        "SELECT (SELECT value::INTEGER FROM meta WHERE name = 'indexed'), (SELECT coalesce(max(key), 0) FROM batches)"
    ).fetchone()
    assert row is not None
    done, last = int(row[0]), int(row[1])
    if done >= last:
        return
    connection.execute("BEGIN")
    try:
        _append_incoming(connection, done, last)
        _append_words(connection, done, last)
        connection.execute("UPDATE meta SET value = ? WHERE name = 'indexed'", [str(last)])
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _append_incoming(connection: duckdb.DuckDBPyConnection, done: int, last: int) -> None:
    connection.execute(
        'INSERT INTO incoming SELECT DISTINCT "object", subject, predicate FROM claims WHERE batch > ? AND batch <= ? '
        'AND "object" IS NOT NULL ORDER BY "object"',
        [done, last],
    )


def _append_words(connection: duckdb.DuckDBPyConnection, done: int, last: int) -> None:
    names = (
        "SELECT subject, value FROM claims WHERE batch > $done AND batch <= $last AND value IS NOT NULL "
        f"AND predicate IN (SELECT key FROM predicates WHERE id IN {NAMES})"
    )
    bounds = {"done": done, "last": last}
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE found_names AS SELECT trim({_FOLD.format('value')}) AS folded, subject "
        f"FROM ({names}) WHERE NOT regexp_matches(value, '[^{PLAIN}]')",
        bounds,
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE found_words AS SELECT unnest(string_split_regex(folded, '{_SPLIT}')) AS word, subject "
        "FROM temp.found_names"
    )
    other = connection.cursor()
    other.execute(f"SELECT subject, value FROM ({names}) WHERE regexp_matches(value, '[^{PLAIN}]')", bounds)
    while rows := other.fetchmany(PIECE):
        _append_found(connection, rows)
    other.close()
    connection.execute("INSERT INTO folded_names SELECT DISTINCT folded, subject FROM temp.found_names ORDER BY folded")
    connection.execute(
        "INSERT INTO name_words SELECT DISTINCT word, subject FROM temp.found_words WHERE word <> '' ORDER BY word"
    )
    _count_words(connection)
    connection.execute("DROP TABLE temp.found_words; DROP TABLE temp.found_names; DROP TABLE temp.all_words")


def _count_words(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the words found to the counts of all words.

    Few words are put at the end, sorted among themselves; of many the whole table is written anew, sorted as a whole.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE all_words AS SELECT word, count(*) AS n FROM temp.found_words WHERE word <> '' GROUP BY word"
    )
    row = connection.execute("SELECT (SELECT count(*) FROM temp.all_words), (SELECT count(*) FROM words)").fetchone()
    assert row is not None
    if FEW * int(row[0]) < int(row[1]):
        connection.execute("UPDATE temp.all_words SET n = all_words.n + w.n FROM words w WHERE w.word = all_words.word")
        connection.execute("DELETE FROM words WHERE word IN (SELECT word FROM temp.all_words)")
        connection.execute("INSERT INTO words SELECT word, n FROM temp.all_words ORDER BY word")
        return
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE all_words AS SELECT word, sum(n)::BIGINT AS n FROM (SELECT word, n FROM words UNION ALL "
        "SELECT word, n FROM temp.all_words) GROUP BY word"
    )
    connection.execute("DELETE FROM words")
    connection.execute("INSERT INTO words SELECT word, n FROM temp.all_words ORDER BY word")


def _append_found(connection: duckdb.DuckDBPyConnection, rows: list[tuple[int, str]]) -> None:
    words = {(word, subject) for subject, value in rows for word in search_words(value)}
    _append_pairs(connection, "found_words", words)
    _append_pairs(connection, "found_names", {(fold(value).strip(), subject) for subject, value in rows})


def _append_pairs(connection: duckdb.DuckDBPyConnection, table: str, pairs: set[tuple[str, int]]) -> None:
    texts = arrow.array([text for text, _ in pairs], arrow.string())
    subjects = arrow.array([subject for _, subject in pairs], arrow.int32())
    connection.register("found_pairs", arrow.table({"text": texts, "subject": subjects}))
    connection.execute(f"INSERT INTO temp.{table} SELECT text, subject FROM found_pairs")
    connection.unregister("found_pairs")
