"""Link many names through Splink (the extra ``link``), on DuckDB or on Spark: the same keys, the same model, the same scores.

The linker holds the model as levels (`isthmus.entities.matching.levels`), so that its charts, clusters and other tools can be used on it.
`find_matches` needs no extra and shares its work among processes of one machine; this is the way to a cluster.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import uuid4

import pyarrow as arrow
import pyarrow.compute as compute

from isthmus.claims.pairing import STRONG_COMMON
from isthmus.entities.matching.keys import keys_of
from isthmus.entities.matching.levels import FUNCTION, Judge, comparisons, prior, write_subject
from isthmus.entities.matching.match import Subject
from isthmus.entities.matching.model import load_model
from isthmus.entities.matching.search import STRONG, limits
from isthmus.entities.names import read_name
from isthmus.entities.names.tables import NAME
from isthmus.errors import ArgumentError

ENGINES = ("duckdb", "spark")
_EXPLODE = {"duckdb": "unnest", "spark": "explode"}
_TEXTS = arrow.list_(arrow.string())
_COLUMNS = arrow.schema(
    {
        "unique_id": arrow.int64(),
        "subject": arrow.string(),
        "keys": _TEXTS,
        "folded": arrow.string(),
        "brand": arrow.string(),
        "form": arrow.string(),
        "countries": _TEXTS,
        "identifiers": _TEXTS,
    }
)
_SPARK_TYPES = {arrow.int64(): "long", arrow.string(): "string", _TEXTS: "array<string>"}


def link(
    subjects: Sequence[Subject],
    against: Sequence[Subject] | None = None,
    *,
    engine: str = "duckdb",
    bar: float | None = None,
    every: bool = False,
) -> Any:
    """Return the pairs that are likely one thing, found and scored by a Splink linker that holds our model.

    Parameters
    ----------
    subjects : sequence of Subject
        What to look for.
    against : sequence of Subject, or None
        Where to look; None: among the subjects themselves, each pair once, the lower number first.
    engine : str
        ``duckdb``, in this process, or ``spark``: the active session, or else one that is begun here as Spark is configured.
        Isthmus must be installed on every machine of the cluster.
    bar : float or None
        The lowest score; None: the model's bar of *possible*.
    every : bool
        Score every pair that shares a key, by Splink's own blocking, and not only the likeliest few of each name: some more pairs, much
        slower. Keys that very many names share are left out either way.

    Returns
    -------
    pyarrow.Table
        ``a, b, score``: numbers in `subjects` and in `against` (or `subjects`), scores within 0.01 of those of `match`; by rising `a`,
        then falling score.

    Raises
    ------
    ArgumentError
        Splink or Spark is not installed, the engine is not known, or the bar is not from 0 to below 1.
    """
    model = load_model()
    lowest = model.possible if bar is None else bar
    if engine not in ENGINES:
        raise ArgumentError(
            f"the engine “{engine}” is not known.", where="engine", hint=f"Use one of: {', '.join(ENGINES)}."
        )
    if not 0 <= lowest < 1:
        raise ArgumentError(
            f"the bar {lowest:g} is no probability below 1.", where="bar", hint="Give a number from 0 to below 1."
        )
    # The engine is asked for even where there is nothing to do, so that what is missing shows at once.
    database, drop = _ENGINES[engine](Judge(lowest, model))
    if not subjects or (against is not None and not against):
        drop(())
        return _sorted([], [], [])
    name = f"isthmus_{uuid4().hex[:12]}"
    names = [f"{name}_a"] if against is None else [f"{name}_a", f"{name}_b"]
    tables = [records(given) for given in (subjects, against) if given is not None]
    if every:
        tables = [_telling(table, tables[-1]) for table in tables]
    try:
        rows = [_given(database, table) for table in tables]
        held = [database.register(row, dataset_display_name=at) for row, at in zip(rows, names, strict=True)]
        linker = _get("splink", "Linker")(
            held if len(held) > 1 else held[0], settings(lowest, len(held)), log_level=None
        )
        if not every:
            likeliest = database.query_sql(_likeliest(names, tables[-1].num_rows, engine))
            linker.table_management.register_blocked_pairs_for_predict(likeliest)
        scored = linker.inference.predict(warning_mode="never")
        # The bar is applied to finished scores: an engine would otherwise ask our function again for the condition.
        sides = ", source_dataset_l" if len(names) > 1 else ""
        kept = scored.query_sql(
            f"SELECT unique_id_l, unique_id_r, match_probability{sides} FROM {{this}} WHERE match_probability >= {lowest - 1e-9}"
        ).as_dict()
    finally:
        drop(names)
    ones, twos = list(kept["unique_id_l"]), list(kept["unique_id_r"])
    for row, side in enumerate(kept.get("source_dataset_l", ())):
        if side != names[0]:
            ones[row], twos[row] = twos[row], ones[row]
    return _sorted(ones, twos, list(kept["match_probability"]))


def settings(bar: float, tables: int = 1) -> dict[str, Any]:
    """Return the settings of a Splink linker that holds our model, for one or two tables of `records`; nothing in it is to be trained.

    The engine must know `Judge.level` as the function `isthmus_level`.
    """
    model = load_model()
    return {
        "link_type": "dedupe_only" if tables == 1 else "link_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": prior(model),
        "blocking_rules_to_generate_predictions": [{"blocking_rule": "l.keys = r.keys", "arrays_to_explode": ["keys"]}],
        "comparisons": comparisons(bar, model),
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }


def records(subjects: Sequence[Subject]) -> Any:
    """Return subjects as a table for a linker: their keys, what our function reads, and parts for comparisons of one's own."""
    rows = [_record(number, subject) for number, subject in enumerate(subjects)]
    return arrow.Table.from_pylist(rows, schema=_COLUMNS)


def _record(number: int, subject: Subject) -> dict[str, Any]:
    name = read_name(subject.names[0]) if subject.names else None
    reading = name.readings[0] if name and name.readings else None
    return {
        "unique_id": number,
        "subject": write_subject(subject),
        "keys": sorted(keys_of(subject.names, subject.identifiers)),
        "folded": name.folded if name else None,
        "brand": " ".join(word.text for word in reading.words if word.role == NAME) if reading else None,
        "form": reading.forms[0].kind if reading and reading.forms else None,
        "countries": sorted(subject.countries),
        "identifiers": sorted(f"{scheme}:{value}" for scheme, value in subject.identifiers),
    }


def _telling(table: Any, pool: Any) -> Any:
    """Return a table without the keys that too many names of the pool share, or none."""
    count = Counter(compute.list_flatten(pool["keys"]).to_pylist())
    common = limits(pool.num_rows).common
    telling = {key for key, n in count.items() if n <= (STRONG_COMMON if key[0] in STRONG else common)}
    keys = [[key for key in row if key in telling] for row in table["keys"].to_pylist()]
    return table.set_column(table.schema.get_field_index("keys"), _COLUMNS.field("keys"), arrow.array(keys, _TEXTS))


def _likeliest(names: Sequence[str], rows: int, engine: str) -> str:
    """Return the query for the likeliest pairs, by the same rule as `isthmus.claims.pairing.pair_up`, and all that share an identifier."""
    alone = len(names) == 1
    key = f"SELECT unique_id AS id, {_EXPLODE[engine]}(keys) AS key FROM"
    bounds = limits(rows)
    letters = ", ".join(f"'{letter}'" for letter in STRONG)
    strong = f"max(CASE WHEN substr(key, 1, 1) IN ({letters}) THEN 1 ELSE 0 END)"
    left, right = ("one", "two") if alone else (f"concat('{names[0]}-__-', one)", f"concat('{names[1]}-__-', two)")
    return f"""
        WITH mine AS ({key} {names[0]}),
        pool AS ({key} {names[-1]}),
        worth AS (
            SELECT key, round(1000 * ln({max(rows, 2)} / count(*)) * (1 + {strong})) AS worth FROM pool GROUP BY key
            HAVING count(*) <= CASE {strong} WHEN 1 THEN {STRONG_COMMON} ELSE {bounds.common} END {"AND count(*) > 1" if alone else ""}
        ),
        valued AS (SELECT pool.id, pool.key, worth.worth FROM pool JOIN worth ON pool.key = worth.key),
        shared AS (
            SELECT mine.id AS one, valued.id AS two, sum(valued.worth) AS worth,
            max(CASE WHEN substr(valued.key, 1, 1) = '=' THEN 1 ELSE 0 END) AS identified FROM mine JOIN valued ON mine.key = valued.key
            {"WHERE valued.id > mine.id" if alone else ""} GROUP BY mine.id, valued.id
        ),
        ranked AS (
            SELECT one, two, worth, identified, row_number() OVER (PARTITION BY one ORDER BY worth DESC, two) AS place,
            max(worth) OVER (PARTITION BY one) AS best FROM shared
        )
        SELECT '0' AS match_key, {left} AS join_key_l, {right} AS join_key_r FROM ranked
        WHERE identified = 1 OR (place <= {bounds.kept} AND worth >= {bounds.share} * best)
    """


def _sorted(ones: list[int], twos: list[int], scores: list[float]) -> Any:
    columns = {"a": arrow.int64(), "b": arrow.int64(), "score": arrow.float64()}
    table = arrow.table([ones, twos, scores], schema=arrow.schema(columns))
    return table.sort_by([("a", "ascending"), ("score", "descending"), ("b", "ascending")])


def _get(module: str, name: str) -> Any:
    """Return what a module of the extra ``link`` offers."""
    if find_spec("splink") is None:
        raise ArgumentError(
            "linking needs Splink, which is not installed.", hint="Install the extra: pip install 'isthmus[link]'."
        )
    return getattr(import_module(module), name)


def _given(database: Any, table: Any) -> Any:
    """Return a table as the engine takes it; Spark before 4 takes rows only, and would guess their types."""
    session = getattr(database, "spark", None)
    if session is None:
        return table
    columns = ", ".join(f"{field.name} {_SPARK_TYPES[field.type]}" for field in table.schema)
    return session.createDataFrame(table.to_pylist(), columns)


Drop = Callable[[Sequence[str]], None]


def _duckdb(judge: Judge) -> tuple[Any, Drop]:
    database = _get("splink.backends.duckdb", "DuckDBAPI")()
    connection = database.duckdb_con
    connection.execute("SET memory_limit = '5GB'")
    connection.create_function(FUNCTION, judge.levels, ["VARCHAR", "VARCHAR"], "INTEGER", type="arrow")
    return database, lambda names: connection.close()


def _spark(judge: Judge) -> tuple[Any, Drop]:
    _get("splink", "Linker")
    if find_spec("pyspark") is None:
        hint = "Install it with a Java runtime (17 or later): pip install 'splink[spark]'."
        raise ArgumentError("the engine “spark” needs PySpark, which is not installed.", where="engine", hint=hint)
    try:
        session = import_module("pyspark.sql").SparkSession.builder.appName("isthmus").getOrCreate()
    except RuntimeError as error:
        hint = "Check that Java 17 or later is installed and that Spark's own examples run."
        raise ArgumentError(f"Spark could not be started: {error}", where="engine", hint=hint) from error
    session.udf.register(FUNCTION, judge.level, "int")
    make = _get("splink.backends.spark", "SparkAPI")
    database = make(spark_session=session, break_lineage_method="persist", register_udfs_automatically=False)

    before = {table.name for table in session.catalog.listTables()}

    def drop(names: Sequence[str]) -> None:
        for table in session.catalog.listTables():
            if table.isTemporary and table.name not in before and table.name.startswith(("__splink__", *names)):
                session.catalog.uncacheTable(table.name)
                session.catalog.dropTempView(table.name)

    return database, drop


_ENGINES: dict[str, Callable[[Judge], tuple[Any, Drop]]] = {"duckdb": _duckdb, "spark": _spark}

__all__ = ["ENGINES", "link", "records", "settings"]
