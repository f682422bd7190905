"""Check that a store is whole: every block can be read, every key resolves, every id is the hash of its columns, nothing stands twice."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from isthmus.claims.judging import POLICIES, VERDICTS
from isthmus.claims.load import canonical_sql
from isthmus.claims.reader import ReadStore
from isthmus.claims.schema import RECIPE, VERSION
from isthmus.model import MARKINGS
from isthmus.vocabulary import Vocabulary, load_vocabulary

ERROR, WARNING = "error", "warning"
_DATE = r"(<=|>=|<|>|~)?\d{4}(-Q[1-4]|-\d{2}(-\d{2})?)?"
_REBUILD = "The derived tables can be rebuilt from the claims: search and `show` may miss something until then."


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with the file: how bad, where, what, and in how many rows."""

    severity: str
    where: str
    what: str
    n: int

    def to_json(self) -> dict[str, Any]:
        """Return ``{"severity", "where", "what", "n"}``."""
        return {"severity": self.severity, "where": self.where, "what": self.what, "n": self.n}


def integrity(
    store: ReadStore, *, vocabulary: Vocabulary | None = None, step: Callable[[str], None] = lambda what: None
) -> list[dict[str, Any]]:
    """Check a store from end to end; nothing is changed.

    Parameters
    ----------
    vocabulary : Vocabulary or None
        The names of modes and stances; default: the one of the package.
    step : callable
        Called with a few words as each check begins. All claims are hashed anew: about two seconds a million.

    Returns
    -------
    list of dict
        ``{"severity": "error"|"warning", "where", "what", "n"}``, errors first; empty where the file is whole.

    Raises
    ------
    StoreCorruptError
        A block of the file cannot be read.
    """
    vocabulary = vocabulary or load_vocabulary()
    step("reading every block")
    _read_all(store)
    problems: list[Problem] = []
    checks: list[tuple[str, Callable[[ReadStore, Vocabulary], Iterator[Problem]]]] = [
        ("checking the facts about the file", _meta),
        ("resolving keys", _keys),
        ("looking for doubles", _doubles),
        ("checking values", _values),
        ("checking the order of time", _times),
        ("hashing claims anew", _ids),
        ("checking derived tables", _derived),
    ]
    for what, check in checks:
        step(what)
        problems += check(store, vocabulary)
    problems.sort(key=lambda problem: (problem.severity != ERROR, problem.where, problem.what))
    return [problem.to_json() for problem in problems]


def _read_all(store: ReadStore) -> None:
    """Read every value of every column: DuckDB checks a block's checksum when it is read, not when the file is opened."""
    columns = store.rows(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND database_name = current_database()"
    )
    for table, column in columns:
        store.value(f'SELECT bit_xor(hash("{column}")) FROM "{table}"')


def _count(store: ReadStore, severity: str, where: str, what: str, sql: str) -> Iterator[Problem]:
    """Yield a problem where a query counts more than nothing."""
    n = int(store.value(sql) or 0)
    if n:
        yield Problem(severity, where, what, n)


def _meta(store: ReadStore, vocabulary: Vocabulary) -> Iterator[Problem]:
    held = dict(store.rows("SELECT name, value FROM meta"))
    last = store.last_batch
    expected = {
        "version": (str(VERSION).__eq__, f"the schema version is not {VERSION}"),
        "recipe": (RECIPE.__eq__, f"ids are not of the recipe “{RECIPE}”"),
        "store": (_is_uuid, "the store has no id of its own"),
        "indexed": (
            lambda text: text.isdigit() and int(text) <= last,
            "the derived tables claim batches that do not exist",
        ),
    }
    for name, (good, what) in expected.items():
        if name not in held or not good(held[name]):
            yield Problem(ERROR, f"meta.{name}", what, 1)
    written = held.get("vocabulary")
    if written is not None and written != vocabulary.version:
        what = f"the newest claims were written under vocabulary {written}; this Isthmus has {vocabulary.version}"
        yield Problem(WARNING, "meta.vocabulary", what, 1)
    unknown = [
        row[0] for row in store.rows("SELECT id FROM predicates ORDER BY id") if row[0] not in vocabulary.predicates
    ]
    if unknown:
        listed = ", ".join(unknown[:5])
        yield Problem(WARNING, "predicates", f"the vocabulary does not have these predicates: {listed}", len(unknown))


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


_REFERENCES = (
    ("claims", "subject", "entities"),
    ("claims", "object", "entities"),
    ("claims", "predicate", "predicates"),
    ("claims", "qualifiers", "qualifier_sets"),
    ("claims", "valid_from", "dates"),
    ("claims", "valid_to", "dates"),
    ("claims", "observed", "dates"),
    ("claims", "source", "sources"),
    ("claims", "origin", "origin_sets"),
    ("claims", "batch", "batches"),
    ("source_documents", "source", "sources"),
    ("source_documents", "batch", "batches"),
    ("retractions", "batch", "batches"),
    ("judgements", "a", "entities"),
    ("judgements", "b", "entities"),
    ("judgements", "batch", "batches"),
    ("undone_judgements", "judgement", "judgements"),
    ("undone_judgements", "batch", "batches"),
    ("policies", "batch", "batches"),
)


def _keys(store: ReadStore, vocabulary: Vocabulary) -> Iterator[Problem]:
    for table, column, other in _REFERENCES:
        sql = f'SELECT count(*) FROM "{table}" t ANTI JOIN "{other}" o ON o.key = t."{column}" WHERE t."{column}" IS NOT NULL'
        yield from _count(store, ERROR, f"{table}.{column}", f"points to nothing in {other}", sql)
    lost = "SELECT count(*) FROM retractions r ANTI JOIN claims c ON c.id = r.{0} WHERE r.{0} IS NOT NULL"
    for column in ("claim", "superseded_by"):
        yield from _count(store, ERROR, f"retractions.{column}", "names a claim that is not held", lost.format(column))
    members = (
        "SELECT count(*) FROM (SELECT unnest(members) AS key FROM origin_sets) m ANTI JOIN sources s ON s.key = m.key"
    )
    yield from _count(store, ERROR, "origin_sets.members", "points to nothing in sources", members)
    named = (
        "SELECT count(*) FROM (SELECT unnest(map_values(pairs)) AS value FROM qualifier_sets) v "
        "ANTI JOIN entities e ON v.value = '@' || e.id WHERE v.value LIKE '@%'"
    )
    yield from _count(store, ERROR, "qualifier_sets.pairs", "names an entity that is not held", named)


def _doubles(store: ReadStore, vocabulary: Vocabulary) -> Iterator[Problem]:
    unique = {
        "entities": ("key", "id"),
        "predicates": ("key", "id"),
        "sources": ("key", "id"),
        "origin_sets": ("key", "canonical"),
        "qualifier_sets": ("key", "canonical"),
        "dates": ("key", "written"),
        "judgements": ("key",),
        "claims": ("id",),
        "retractions": ("claim",),
        "undone_judgements": ("judgement",),
    }
    for table, columns in unique.items():
        for column in columns:
            sql = f'SELECT count(*) - count(DISTINCT "{column}") FROM "{table}"'
            yield from _count(store, ERROR, f"{table}.{column}", "stands more than once", sql)


def _values(store: ReadStore, vocabulary: Vocabulary) -> Iterator[Problem]:
    names = ", ".join(f"'{name}'" for name in VERDICTS)
    policies = ", ".join(f"('{name}', '{value}')" for name, values in POLICIES.items() for value in values)
    part = "unit IN ('share', 'proportion')"
    rules = (
        (ERROR, "claims.mode", "is no mode of the vocabulary", f"claims WHERE mode >= {len(vocabulary.modes)}"),
        (ERROR, "claims.stance", "is no stance of the vocabulary", f"claims WHERE stance >= {len(vocabulary.stances)}"),
        (ERROR, "claims.marking", "is no marking", f"claims WHERE marking >= {len(MARKINGS)}"),
        (ERROR, "claims.bits", "says more than four ends can be", "claims WHERE bits > 15"),
        (ERROR, "claims.low", "is above high", "claims WHERE low > high"),
        (ERROR, "claims.low", "a part is not between 0 and 1", f"claims WHERE {part} AND (low < 0 OR high > 1)"),
        (ERROR, "claims.locator", "is empty", "claims WHERE locator = ''"),
        (
            ERROR,
            "claims",
            "say nothing",
            'claims WHERE "object" IS NULL AND value IS NULL AND low IS NULL AND high IS NULL',
        ),
        (ERROR, "judgements", "are of one entity with itself or out of order", "judgements WHERE a >= b"),
        (ERROR, "judgements.verdict", "is no verdict", f"judgements WHERE verdict NOT IN ({names})"),
        (ERROR, "judgements.why", "is empty", "judgements WHERE trim(why) = ''"),
        (ERROR, "judgements.who", "is empty", "judgements WHERE trim(who) = ''"),
        (ERROR, "judgements.score", "is not between 0 and 1", "judgements WHERE NOT score BETWEEN 0 AND 1"),
        (
            ERROR,
            "judgements.reasons",
            "are no list",
            "judgements WHERE NOT json_valid(reasons) OR json_type(reasons) <> 'ARRAY'",
        ),
        (
            ERROR,
            "judgements.valid_from",
            "is no date",
            f"judgements WHERE NOT regexp_full_match(valid_from, '{_DATE}')",
        ),
        (ERROR, "judgements.valid_to", "is no date", f"judgements WHERE NOT regexp_full_match(valid_to, '{_DATE}')"),
        (ERROR, "policies.value", "is no value of a policy", f"policies WHERE (name, value) NOT IN ({policies})"),
        (ERROR, "retractions.why", "is empty", "retractions WHERE trim(why) = ''"),
    )
    for severity, where, what, rest in rules:
        yield from _count(store, severity, where, what, f"SELECT count(*) FROM {rest}")


def _times(store: ReadStore, vocabulary: Vocabulary) -> Iterator[Problem]:
    rising = "SELECT count(*) FROM (SELECT recorded_at <= lag(recorded_at) OVER (ORDER BY key) AS bad FROM batches) WHERE bad"
    yield from _count(store, ERROR, "batches.recorded_at", "does not rise with the number of the batch", rising)
    gaps = "SELECT coalesce(max(key), 0) - count(*) FROM batches"
    yield from _count(store, ERROR, "batches.key", "is missing from the row of batches", gaps)
    counted = (
        "SELECT count(*) FROM batches b LEFT JOIN (SELECT batch, count(*) AS n FROM claims GROUP BY batch) c ON c.batch = b.key "
        "WHERE coalesce(b.claims_new, 0) <> coalesce(c.n, 0)"
    )
    yield from _count(store, ERROR, "batches.claims_new", "is not the number of claims held of the batch", counted)
    early = "SELECT count(*) FROM retractions r JOIN claims c ON c.id = r.claim WHERE r.batch <= c.batch"
    yield from _count(store, ERROR, "retractions.batch", "is not after the batch of its claim", early)
    undone = (
        "SELECT count(*) FROM undone_judgements u JOIN judgements j ON j.key = u.judgement WHERE u.batch <= j.batch"
    )
    yield from _count(store, ERROR, "undone_judgements.batch", "is not after the batch of its judgement", undone)


def _ids(store: ReadStore, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Hash the canonical text of every claim anew, from its columns and the dictionaries."""
    modes, stances = (_ranked(names) for names in (vocabulary.modes, vocabulary.stances))
    texts = f"""
      SELECT c.id, e.id AS subject, p.id AS predicate, o.id AS "object", c.value, c.value_lang, c.low, c.high, c.bits, c.unit,
        q.canonical AS qualifier_text, f.written AS from_text, t.written AS to_text, w.written AS seen_text,
        {modes.format("c.mode")} AS mode_text, s.id AS "source", g.canonical AS origin_text, c.locator, c.hedge,
        {stances.format("c.stance")} AS stance_text
      FROM claims c JOIN entities e ON e.key = c.subject JOIN predicates p ON p.key = c.predicate JOIN sources s ON s.key = c."source"
        LEFT JOIN entities o ON o.key = c."object" LEFT JOIN qualifier_sets q ON q.key = c.qualifiers
        LEFT JOIN dates f ON f.key = c.valid_from LEFT JOIN dates t ON t.key = c.valid_to LEFT JOIN dates w ON w.key = c.observed
        LEFT JOIN origin_sets g ON g.key = c.origin"""
    sql = f"SELECT count(*) FROM ({texts}) WHERE id IS DISTINCT FROM left(sha256({canonical_sql()}), 32)::UUID"
    yield from _count(store, ERROR, "claims.id", "is not the hash of what the claim says: the row was altered", sql)


def _ranked(names: tuple[str, ...]) -> str:
    whens = " ".join(f"WHEN {rank} THEN '{name}'" for rank, name in enumerate(names))
    return f"(CASE {{0}} {whens} END)"


def _derived(store: ReadStore, vocabulary: Vocabulary) -> Iterator[Problem]:
    indexed = str(store.value("SELECT value FROM meta WHERE name = 'indexed'"))
    if not re.fullmatch(r"\d+", indexed):
        return
    held = f"batch <= {indexed}"
    if int(indexed) < store.last_batch:
        what = f"the derived tables cover {indexed} of {store.last_batch} batches; the rest is searched directly, more slowly"
        yield Problem(WARNING, "meta.indexed", what, store.last_batch - int(indexed))
    one = 'SELECT DISTINCT "object", subject, predicate FROM claims WHERE "object" IS NOT NULL AND ' + held
    same = 'a."object" = b."object" AND a.subject = b.subject AND a.predicate = b.predicate'
    pairs = (
        (f"({one}) a ANTI JOIN incoming b ON {same}", "lacks relations that claims state"),
        (f"incoming a ANTI JOIN ({one}) b ON {same}", "has relations that no claim states"),
    )
    for rest, what in pairs:
        yield from _count(store, ERROR, "incoming", f"{what}. {_REBUILD}", f"SELECT count(*) FROM {rest}")
    names = "predicate IN (SELECT key FROM predicates WHERE id IN ('name', 'identifier'))"
    spelled = (
        f"SELECT DISTINCT subject FROM claims WHERE {held} AND {names} AND regexp_matches(value, '[\\p{{L}}\\p{{N}}]')"
    )
    lacking = f"SELECT count(*) FROM ({spelled}) a ANTI JOIN name_words b ON b.subject = a.subject"
    yield from _count(store, ERROR, "name_words", f"lacks things that have a name. {_REBUILD}", lacking)
    folded = f"SELECT count(*) FROM ({spelled}) a ANTI JOIN folded_names b ON b.subject = a.subject"
    yield from _count(store, ERROR, "folded_names", f"lacks things that have a name. {_REBUILD}", folded)
    words = "SELECT count(*) FROM (SELECT DISTINCT word FROM name_words) a ANTI JOIN words b ON b.word = a.word"
    yield from _count(store, ERROR, "words", f"lacks words of names. {_REBUILD}", words)
