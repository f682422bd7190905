"""JSON as rows: the SQL that turns JSON Lines, or an array within one document, into columns of text.

Values that are objects or arrays stay JSON text; a mapping takes them apart with `items` and `get`.
"""

from __future__ import annotations

import json
from pathlib import Path

from isthmus.sources.staging import MAX_LINE, quote

MAX_DOCUMENT = 512 * 1024 * 1024
"""Bytes of a JSON document that is read as a whole; JSON Lines has no such bound."""


def lines_sql(text: Path) -> str:
    """Return SQL that yields `body`, one line of a text file a row, in order."""
    return (
        f"SELECT body FROM read_csv({quote(text)}, delim='\\x01', quote='', escape='', header=false, auto_detect=false, "
        f"columns={{'body': 'VARCHAR'}}, max_line_size={MAX_LINE}, strict_mode=false)"
    )


def items_sql(text: Path, rows: str) -> str:
    """Return SQL that yields `body`, one item of the array under the key `rows` of a document, in order."""
    pointer = quote("$" + "".join(f".{json.dumps(part)}" for part in rows.split(".")))
    document = f"(SELECT content AS d FROM read_text({quote(text)}))"
    return f"SELECT unnest(from_json(json_extract(d, {pointer}), '[\"JSON\"]'))::VARCHAR AS body FROM {document}"


def numbered_sql(bodies: Path) -> str:
    """Return SQL, to stand in a FROM, that yields `body` and `line` from the working file of bodies."""
    return (
        f"(SELECT body, file_row_number + 1 AS line FROM read_parquet({quote(bodies)}, file_row_number=true) "
        "WHERE trim(body) <> '')"
    )


def faults_sql(numbered: str) -> str:
    """Return SQL that yields line and body of what is no JSON object, or repeats a key."""
    keys = "json_keys(body)"
    return (
        f"SELECT line, body FROM {numbered} WHERE CASE WHEN NOT json_valid(body) THEN true "
        f"WHEN json_type(body) <> 'OBJECT' THEN true ELSE len({keys}) <> len(list_distinct({keys})) END ORDER BY line"
    )


def sound_sql(numbered: str) -> str:
    """Return SQL, to stand in a FROM, that yields the objects without those of `faults_sql`."""
    return f"(SELECT * FROM {numbered} WHERE CASE WHEN json_valid(body) THEN json_type(body) = 'OBJECT' AND len(json_keys(body)) = len(list_distinct(json_keys(body))) ELSE false END)"


def keys_sql(sound: str) -> str:
    """Return SQL that yields every key of the objects once."""
    return f"SELECT DISTINCT unnest(json_keys(body)) AS key FROM {sound} ORDER BY key"


def columns_sql(sound: str, keys: tuple[str, ...]) -> str:
    """Return SQL that yields ``c0, c1 …`` (one for each key) and `line`."""
    pointers = ", ".join(quote("$." + json.dumps(key, ensure_ascii=False)) for key in keys)
    fields = "".join(f"f[{index + 1}] AS c{index}, " for index in range(len(keys)))
    return f"SELECT {fields}line FROM (SELECT line, json_extract_string(body, [{pointers}]) AS f FROM {sound})"


def fault_reason(body: str) -> str:
    """Return why a line is no row, in words."""
    doubled: list[str] = []

    def note(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        doubled.extend(sorted({name for name in names if names.count(name) > 1}))
        return dict(pairs)

    try:
        value = json.loads(body, object_pairs_hook=note)
    except json.JSONDecodeError as error:
        return f"the line is not JSON: {error.msg} at character {error.pos + 1}"
    except RecursionError:
        return "the line nests too deeply"
    if not isinstance(value, dict):
        return "the line is not a JSON object"
    return f"the key “{doubled[0]}” stands twice in the object" if doubled else "the line is not a plain JSON object"
