"""Claims about things: what they are, what they are called, where they are, and which class they belong to."""

from __future__ import annotations

from isthmus.sources.ftm.rows import locator, row
from isthmus.sources.ftm.tables import Tables
from isthmus.sources.staging import quote


def node_claims(tables: Tables) -> str:
    """Return SQL over `facts`, `persons`, `holders` and `parts` that yields rows about things.

    What was said of an entity under a broader schema counts as said of a person where any line calls it one.
    """
    known = """SELECT f.*, CASE WHEN p.id IS NULL THEN f.schema ELSE 'Person' END AS read_as
      FROM facts f LEFT JOIN persons p ON p.id = f.id LEFT JOIN holders h ON h.id = f.id
      WHERE f.class IN ('node', 'person') AND (p.id IS NULL OR h.id IS NOT NULL)"""
    ruled = f"""SELECT k.*, r.predicate, r.how, r.qualifier FROM ({known}) k
      LEFT JOIN ({tables.property_rows()}) r ON r.schema = k.read_as AND r.key = k.key WHERE k.key IS NOT NULL"""
    valued = f"SELECT * EXCLUDE v, trim(v) AS v FROM (SELECT *, unnest(vals) AS v FROM ({ruled}) WHERE how IS NOT NULL)"
    read = f"""SELECT *, v[1] IN ('{{', '[') AND json_valid(v) AS nested,
        CASE how WHEN 'country' THEN ftm_country(v) WHEN 'since' THEN ftm_day(v) WHEN 'status' THEN ftm_state(v)
          WHEN 'concept' THEN 'ftm-' || qualifier || ':' || ftm_slug(v) ELSE v END AS term
      FROM ({valued}) WHERE v <> '' AND how <> 'address'"""
    kinds = row(
        "line", subject="id", predicate="'kind'", value="kind", observed="observed", source="source", origin="origin",
        locator=locator("id", "'schema'"),
    )  # fmt: skip
    return f"""
      SELECT {kinds} FROM ({known}) WHERE key IS NULL AND kind IS NOT NULL
      UNION ALL SELECT {_property_row()} FROM ({read})
      UNION ALL {_addresses(valued)}"""


def _property_row() -> str:
    fault = """CASE WHEN nested THEN key || ' holds a nested value, and a text is needed'
        WHEN term IS NOT NULL OR how = 'country' AND lower(v) = 'zz' THEN NULL
        WHEN how = 'country' THEN key || ' “' || left(v, 80) || '” is no country code'
        WHEN how = 'since' THEN key || ' “' || left(v, 80) || '” is no date' END"""
    left = """CASE WHEN nested OR term IS NOT NULL THEN NULL
        WHEN how = 'country' AND lower(v) = 'zz' THEN 'country zz: the world, no country'
        WHEN how = 'status' THEN 'status: words that the vocabulary has no term for'
        WHEN how = 'concept' THEN key || ': a class without letters' END"""
    return row(
        "line",
        subject="id",
        # A row that only reports says nothing: without a predicate it is no claim.
        predicate="CASE WHEN term IS NOT NULL AND NOT nested THEN predicate END",
        object_="CASE WHEN how IN ('country', 'concept', 'entity') THEN term END",
        value="CASE how WHEN 'since' THEN qualifier WHEN 'text' THEN v WHEN 'identifier' THEN v WHEN 'status' THEN term END",
        value_lang="CASE WHEN how = 'text' THEN lang END",
        qualifiers="CASE WHEN how IN ('text', 'identifier', 'country') THEN qualifier END",
        valid_from="CASE WHEN how = 'since' THEN term END",
        observed="observed",
        source="source",
        origin="origin",
        locator=locator("id", "key"),
        fault=fault,
        left_why=left,
        named="CASE WHEN how = 'concept' THEN term END",
        word="CASE WHEN how = 'concept' THEN v END",
        named_kind="CASE WHEN how = 'concept' THEN CASE WHEN qualifier = 'sector' THEN 'sector' ELSE 'concept' END END",
    )


def _addresses(valued: str) -> str:
    """Return rows for the Address entities that things refer to: the text, and the point where there is one."""
    names = ("street", "street2", "postOfficeBox", "postalCode", "city", "region", "state")
    pieces = ", ".join(f"m['{name}'][1]" for name in names)
    found = f"""SELECT a.*, p.id IS NOT NULL AS found, CASE WHEN len(p.m['full']) > 0 THEN p.m['full']
          ELSE [nullif(concat_ws(', ', {pieces}), '')] END AS texts,
        TRY_CAST(p.m['latitude'][1] AS DOUBLE) AS lat, TRY_CAST(p.m['longitude'][1] AS DOUBLE) AS lon
      FROM (SELECT * FROM ({valued}) WHERE how = 'address') a
        LEFT JOIN parts p ON p.id = a.v AND p.schema = 'Address'"""
    left = """CASE WHEN NOT found THEN 'addressEntity: the address is not in the file'
      WHEN t IS NULL THEN 'Address: an empty address' END"""
    text = row(
        "line",
        subject="id",
        predicate="CASE WHEN t IS NOT NULL THEN 'address' END",
        value="t",
        observed="observed",
        source="source",
        origin="origin",
        locator=locator("id", "key"),
        left_why=left,
    )
    point = row(
        "line",
        subject="id",
        predicate="'coordinates'",
        value="lat || ', ' || lon",
        observed="observed",
        source="source",
        origin="origin",
        locator=locator("id", "key"),
    )
    return f"""SELECT {text} FROM (SELECT *, unnest(texts) AS t FROM ({found}))
      UNION ALL SELECT {point} FROM ({found}) WHERE abs(lat) <= 90 AND abs(lon) <= 180"""


def same_claims(statements: bool) -> str:
    """Return rows that say which ids the file takes for one thing: evidence for a judgement, never a merge.

    JSON entities list the ids that were merged into theirs (`referents`); statements name the merged id beside
    their own.
    """
    subject, object_, key = ("id", "v", "canonical_id") if statements else ("v", "id", "referents")
    claim = row(
        "line", subject=subject, predicate="'same_as'", object_=object_, observed="observed", source="source",
        origin="origin", locator=locator("id", quote(key)),
    )  # fmt: skip
    return f"""SELECT {claim} FROM (SELECT f.*, unnest(f.vals) AS v FROM facts f
        LEFT JOIN persons p ON p.id = f.id LEFT JOIN holders h ON h.id = f.id
        WHERE f.key IS NULL AND f.class IN ('node', 'person') AND (p.id IS NULL OR h.id IS NOT NULL))
      WHERE v <> '' AND v <> id"""


def naming_claims(tables: str) -> str:
    """Return rows that name the authorities and classes which `tables` (SQL over written rows) mention."""
    first = f"""SELECT named, source, min(line) AS line, arg_min(word, (line, word)) AS word,
        arg_min(locator, (line, word)) AS place, any_value(named_kind) AS named_kind
      FROM ({tables}) WHERE named IS NOT NULL AND predicate IS NOT NULL GROUP BY named, source"""
    name = row("line", subject="named", predicate="'name'", value="word", source="source", locator="place")
    kind = row("line", subject="named", predicate="'kind'", value="named_kind", source="source", locator="place")
    return f"SELECT {name} FROM ({first}) UNION ALL SELECT {kind} FROM ({first})"
