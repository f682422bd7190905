"""JSON as rows: the SQL that turns JSON Lines, or an array within one document, into columns of text.

Values that are objects or arrays stay JSON text; a mapping takes them apart with `items` and `get`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as arrow
from pyarrow import parquet

from isthmus.sources.scan import CHUNK
from isthmus.sources.staging import quote

UNREADABLE = "a text of the object holds half a character (a lone surrogate)"

MAX_DOCUMENT = 512 * 1024 * 1024
"""Bytes of a JSON document that is read as a whole; JSON Lines has no such bound."""


def write_lines(text: Path, target: Path) -> None:
    """Write the lines of a text file to a Parquet file with `body` and `line`; line feeds alone end a line."""
    schema = arrow.schema([("body", arrow.string()), ("line", arrow.int64())])
    first, rest = 1, b""
    with text.open("rb") as file, parquet.ParquetWriter(target, schema, compression="snappy") as writer:
        while piece := file.read(CHUNK):
            *whole, rest = (rest + piece).split(b"\n")
            writer.write_table(_lines(whole, first, schema))
            first += len(whole)
        writer.write_table(_lines([rest] if rest else [], first, schema))


def _lines(bodies: list[bytes], first: int, schema: arrow.Schema) -> arrow.Table:
    if bodies and first == 1:
        bodies[0] = bodies[0].removeprefix(b"\xef\xbb\xbf")
    numbers = arrow.array(range(first, first + len(bodies)), arrow.int64())
    return arrow.table([arrow.array(bodies, arrow.binary()).cast(arrow.string()), numbers], schema=schema)


def items_sql(text: Path, rows: str) -> str:
    """Return SQL that yields `body` and `line` (1 = first), one item of the array under the key `rows` of a document."""
    pointer = quote("$" + "".join(f".{json.dumps(part)}" for part in rows.split(".")))
    items = f"TRY(from_json(json_extract(content, {pointer}), '[\"JSON\"]'))"
    listed = f"(SELECT {items} AS items FROM read_text({quote(text)}))"
    return f"SELECT unnest(items)::VARCHAR AS body, unnest(range(1, len(items) + 1)) AS line FROM {listed}"


def numbered_sql(bodies: Path) -> str:
    """Return SQL, to stand in a FROM, that yields `body` and `line` of what is not blank."""
    return f"(SELECT body, line FROM read_parquet({quote(bodies)}) WHERE trim(body, ' ' || chr(9) || chr(13)) <> '')"


def faults_sql(numbered: str) -> str:
    """Return SQL that yields line and body of what is no JSON object, or repeats a key."""
    keys = "json_keys(body)"
    return (
        f"SELECT line, body FROM {numbered} WHERE CASE WHEN NOT json_valid(body) THEN true "
        f"WHEN json_type(body) <> 'OBJECT' THEN true ELSE len({keys}) <> len(list_distinct({keys})) END ORDER BY line"
    )


def sound_sql(numbered: str) -> str:
    """Return SQL, to stand in a FROM, that yields the objects without those of `faults_sql`."""
    keys = "json_keys(body)"
    whole = f"json_type(body) = 'OBJECT' AND len({keys}) = len(list_distinct({keys}))"
    return f"(SELECT * FROM {numbered} WHERE CASE WHEN json_valid(body) THEN {whole} ELSE false END)"


def keys_sql(sound: str) -> str:
    """Return SQL that yields every key of the objects once."""
    return f"SELECT DISTINCT unnest(json_keys(body)) AS key FROM {sound} ORDER BY key"


def columns_sql(sound: str, keys: tuple[str, ...]) -> str:
    """Return SQL that yields ``c0, c1 …`` (one for each key), `line`, and `readable`: whether the texts could be decoded."""
    pointers = ", ".join(quote("$." + json.dumps(key, ensure_ascii=False)) for key in keys)
    fields = "".join(f"f[{index + 1}] AS c{index}, " for index in range(len(keys)))
    found = f"SELECT line, TRY(json_extract_string(body, [{pointers}])) AS f FROM {sound}"
    return f"SELECT {fields}line, f IS NOT NULL AS readable FROM ({found})"


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
