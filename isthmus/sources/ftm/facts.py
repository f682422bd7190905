"""Entities and statements in one long form: a row for each property of each entity.

Columns: `doc` (the line of a JSON entity, 0 for statements), `line`, `id`, `schema`, `class`, `kind`, `source`,
`origin`, `key`, `vals`, `n`, `lang`, `observed`, `seen`. A row with `key` NULL stands for the entity itself; its `vals`
are the ids that it is said to be the same as. Where `vals` is NULL, the property is of no use to us: its values never
leave the parser, and `n` counts them. A row of class `fault` is a line that cannot be read; its key says why.
"""

from __future__ import annotations

from dataclasses import dataclass

from isthmus.sources.ftm.tables import Tables
from isthmus.sources.staging import quote

SHOWN = 4096
"""Characters of a faulty line that are kept to say what is wrong with it."""

STATEMENT_COLUMNS = (
    "canonical_id",
    "entity_id",
    "prop",
    "prop_type",
    "schema",
    "value",
    "dataset",
    "origin",
    "lang",
    "original_value",
    "external",
    "first_seen",
    "last_seen",
    "id",
)
"""The columns of the statements CSV, in the order in which FollowTheMoney writes them."""

_SHAPE = (
    '{"id":"VARCHAR","schema":"VARCHAR","datasets":["VARCHAR"],"referents":["VARCHAR"],"last_seen":"VARCHAR",'
    '"properties":"MAP(VARCHAR,VARCHAR[])"}'
)
ENTITY_ID = r"^[^\s;@=\x00-\x1f{\[][^\s]*$"
"""What can be an id: the rule of the store, and no JSON value in its place."""
_UNREADABLE = """CASE
  WHEN keys IS NULL THEN
    CASE WHEN trim(body, chr(32) || chr(9) || chr(10) || chr(13)) = '' THEN 'blank' ELSE 'json' END
  WHEN json_type(body) <> 'OBJECT' THEN 'object'
  WHEN len(keys) <> list_unique(keys) THEN 'doubled'
  WHEN inner_keys IS NOT NULL AND json_type(body, '$.properties') NOT IN ('OBJECT', 'NULL') THEN 'properties'
  WHEN len(inner_keys) <> list_unique(inner_keys) THEN 'doubled'
END"""


@dataclass(frozen=True, slots=True)
class Naming:
    """How rows name their source: the source given by hand, else the data set, else the file."""

    given: str | None
    file: str

    def source_sql(self, datasets: str) -> str:
        """Return SQL for the source of a row whose list of data sets is `datasets`."""
        if self.given:
            return quote(self.given)
        return f"CASE WHEN len({datasets}) = 1 THEN 'ftm:' || {datasets}[1] ELSE {quote('ftm:' + self.file)} END"

    def origin_sql(self, datasets: str) -> str:
        """Return SQL for the origins: the data sets, where they are not the source itself."""
        prefixed = f"list_transform(list_sort(list_distinct({datasets})), lambda d: 'ftm:' || d)"
        joined = f"list_aggregate({prefixed}, 'string_agg', ' ')"
        return joined if self.given else f"CASE WHEN len({datasets}) > 1 THEN {joined} END"


def entity_facts(tables: Tables, naming: Naming) -> str:
    """Return SQL that yields facts from a table `lines` (line, body) of JSON entities.

    A line with a doubled key is refused: a parser keeps one of the two values and drops the other in silence.
    """
    keys = """SELECT line, body, CASE WHEN good THEN json_keys(body) END AS keys,
        CASE WHEN good THEN json_keys(body, '$.properties') END AS inner_keys
      FROM (SELECT line, body, json_valid(body) AS good FROM lines)"""
    read = f"""SELECT line, body, unreadable,
        CASE WHEN unreadable IS NULL THEN json_transform(body, {quote(_SHAPE)}) END AS e
      FROM (SELECT line, body, {_UNREADABLE} AS unreadable FROM ({keys}))"""
    judged = f"""SELECT r.line, r.body, r.e, s.class, s.kind, {_datasets("r.e.datasets")} AS datasets, CASE
          WHEN r.unreadable IS NOT NULL THEN r.unreadable
          WHEN coalesce(r.e.id, '') = '' THEN 'id'
          WHEN NOT regexp_matches(r.e.id, {quote(ENTITY_ID)}) THEN 'bad id'
          WHEN coalesce(r.e.schema, '') = '' THEN 'schema'
          WHEN s.class IS NULL THEN 'unknown schema' END AS fault
      FROM ({read}) r LEFT JOIN ({tables.schema_rows()}) s ON s.schema = r.e.schema"""
    shown = f"CASE WHEN fault = 'unknown schema' THEN e.schema ELSE left(body, {SHOWN}) END"
    entries = f"""CASE WHEN fault IS NOT NULL THEN [{{'key': fault, 'value': [{shown}]}}]
        ELSE list_prepend({{'key': NULL, 'value': e.referents}}, map_entries(e.properties)) END"""
    long = f"""SELECT line, e.id AS id, e.schema AS schema, kind,
        CASE WHEN fault IS NULL THEN class ELSE 'fault' END AS class, e.last_seen AS seen,
        {naming.source_sql("datasets")} AS source, {naming.origin_sql("datasets")} AS origin, unnest({entries}) AS entry
      FROM ({judged})"""
    return f"""SELECT f.line AS doc, f.line, f.id, f.schema, f.class, f.kind, f.source, f.origin, f.entry.key AS key,
        CASE WHEN k.key IS NOT NULL OR f.entry.key IS NULL OR f.class = 'fault' THEN f.entry.value END AS vals,
        len(f.entry.value) AS n, NULL::VARCHAR AS lang, NULL::VARCHAR AS observed, left(f.seen, 10) AS seen
      FROM ({long}) f LEFT JOIN ({tables.kept_rows()}) k ON k.schema = f.schema AND k.key = f.entry.key"""


def statement_facts(tables: Tables, naming: Naming, rows: str, columns: tuple[str, ...]) -> str:
    """Return SQL that yields facts from `rows`, a SELECT of statements with `line`."""
    has = {name: f"nullif(\"{name}\", '')" if name in columns else "NULL::VARCHAR" for name in STATEMENT_COLUMNS}
    # Where an export has written the merged id over the id that its source gave, the source's own is the one we want.
    first = f"CASE WHEN {has['prop_type']} = 'entity' THEN {has['original_value']} END"
    datasets = f"list_filter([replace({has['dataset']}, ' ', '_')], lambda d: d IS NOT NULL)"
    plain = f"""SELECT line, {has["entity_id"]} AS id, {has["canonical_id"]} AS canonical, {has["schema"]} AS schema,
          {has["prop"]} AS key, coalesce({first}, {has["value"]}) AS value, {datasets} AS datasets,
          {has["lang"]} AS lang, ftm_day({has["first_seen"]}) AS observed, left({has["last_seen"]}, 10) AS seen,
          lower(coalesce({has["external"]}, '')) IN ('t', 'true', '1', 'yes') AS external FROM ({rows})"""
    judged = f"""SELECT r.*, s.class, s.kind, {naming.source_sql("datasets")} AS source,
        {naming.origin_sql("datasets")} AS origin, CASE
          WHEN r.id IS NULL THEN 'id'
          WHEN NOT regexp_matches(r.id, {quote(ENTITY_ID)}) THEN 'bad id'
          WHEN r.schema IS NULL THEN 'schema'
          WHEN r.key IS NULL THEN 'property'
          WHEN s.class IS NULL THEN 'unknown schema' END AS fault
      FROM ({plain}) r LEFT JOIN ({tables.schema_rows()}) s ON s.schema = r.schema"""
    whole = """SELECT 0::BIGINT AS doc, min(line) AS line, id, schema, any_value(class) AS class,
        any_value(kind) AS kind, source, any_value(origin) AS origin, NULL::VARCHAR AS key,
        list_distinct(list(canonical)) AS vals,
        0::BIGINT AS n, NULL::VARCHAR AS lang, min(observed) AS observed, max(seen) AS seen
      FROM judged WHERE fault IS NULL AND NOT external GROUP BY id, schema, source"""
    single = f"""SELECT 0::BIGINT, j.line, j.id, j.schema,
        CASE WHEN j.fault IS NOT NULL THEN 'fault' WHEN j.external THEN 'external' ELSE j.class END,
        j.kind, j.source, j.origin, coalesce(j.fault, j.key), CASE
          WHEN j.fault = 'unknown schema' THEN [j.schema]
          WHEN j.fault IS NOT NULL THEN [coalesce(j.id, '')]
          WHEN k.key IS NOT NULL AND NOT j.external AND j.value IS NOT NULL THEN [j.value] END,
        1::BIGINT, j.lang, j.observed, j.seen
      FROM judged j LEFT JOIN ({tables.kept_rows()}) k ON k.schema = j.schema AND k.key = j.key
      WHERE j.fault IS NOT NULL OR j.key <> 'id'"""
    return f"WITH judged AS ({judged}) {whole} UNION ALL {single}"


def _datasets(column: str) -> str:
    names = f"list_transform({column}, lambda d: nullif(replace(trim(d), ' ', '_'), ''))"
    return f"list_filter({names}, lambda d: d IS NOT NULL)"
