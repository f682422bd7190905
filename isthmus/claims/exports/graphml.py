"""GraphML: entities as nodes, relations as edges (http://graphml.graphdrawing.org/, version 1.0).

Ids of nodes are numbers in the order of the entities' ids, because GraphML allows few characters in an id; the entity's own id is
among its data. Attributes other than names and kinds have no place in a graph and are counted.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from isthmus.claims.exports.writing import Written, count_reasons, write_lines
from isthmus.sources.staging import quote
from isthmus.vocabulary import load_vocabulary

NODE_KEYS = ("entity", "name", "kind")
EDGE_KEYS = (
    "predicate",
    "low",
    "high",
    "unit",
    "qualifiers",
    "valid_from",
    "valid_to",
    "observed",
    "mode",
    "stance",
    "hedge",
    "source",
    "origin",
    "locator",
    "marking",
    "licence",
)
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
# Characters that XML 1.0 cannot hold at all, escaped or not (production 2, Char).
_FORBIDDEN = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"


def write_graphml(connection: duckdb.DuckDBPyConnection, select: str, target: Path) -> Written:
    """Write one directed graph; relations that read the same both ways are marked undirected."""
    nodes = f"""SELECT row_number() OVER (ORDER BY id) AS number, id FROM (
      SELECT subject AS id FROM ({select}) UNION SELECT "object" FROM ({select}) WHERE "object" <> '')"""
    with target.open("wb") as file:
        file.write(_HEAD.encode())
        for key in NODE_KEYS:
            file.write(f'<key id="n_{key}" for="node" attr.name="{key}" attr.type="string"/>\n'.encode())
        for key in EDGE_KEYS:
            file.write(f'<key id="e_{key}" for="edge" attr.name="{key}" attr.type="string"/>\n'.encode())
        file.write(b'<graph id="picture" edgedefault="directed">\n')
        entities = write_lines(connection, _node_lines(select, nodes), file)
        edges = write_lines(connection, _edge_lines(select, nodes), file)
        file.write(b"</graph>\n</graphml>\n")
    named = f"SELECT predicate FROM ({select}) WHERE coalesce(\"object\", '') = ''"
    described = count_reasons(connection, f"SELECT * FROM ({named}) WHERE predicate IN ('name', 'kind')")
    others = count_reasons(connection, f"SELECT predicate FROM ({named}) WHERE predicate NOT IN ('name', 'kind')")
    left_out = {f"{predicate}: a graph holds names, kinds and relations": n for predicate, n in others.items()}
    return Written(edges + sum(described.values()), entities, left_out)


def _node_lines(select: str, nodes: str) -> str:
    """Return SQL for the lines of nodes: the plainest name first, all kinds."""
    plain = "regexp_matches(coalesce(qualifiers, ''), '(^|; )type=(alias|former|transliteration)')"
    names = f"""SELECT subject, arg_min(value, ({plain}, value)) AS name FROM ({select})
      WHERE predicate = 'name' AND value <> '' GROUP BY subject"""
    kinds = f"""SELECT subject, string_agg(DISTINCT value, ' ' ORDER BY value) AS kind FROM ({select})
      WHERE predicate = 'kind' AND value <> '' GROUP BY subject"""
    data = " || ".join(
        _data("n", key, sql) for key, sql in (("entity", "n.id"), ("name", "m.name"), ("kind", "k.kind"))
    )
    return f"""SELECT '<node id="n' || n.number || '">' || {data} || '</node>' FROM ({nodes}) n
      LEFT JOIN ({names}) m ON m.subject = n.id LEFT JOIN ({kinds}) k ON k.subject = n.id ORDER BY n.number"""


def _edge_lines(select: str, nodes: str) -> str:
    both_ways = [name for name, body in load_vocabulary().predicates.items() if body.symmetric]
    undirected = f"CASE WHEN c.predicate IN ({', '.join(map(quote, both_ways))}) THEN ' directed=\"false\"' ELSE '' END"
    data = " || ".join(_data("e", key, f'c."{key}"') for key in EDGE_KEYS)
    return f"""SELECT '<edge id="c' || replace(c.id, '-', '') || '" source="n' || a.number || '" target="n' || b.number || '"'
        || {undirected} || '>' || {data} || '</edge>'
      FROM ({select}) c JOIN ({nodes}) a ON a.id = c.subject JOIN ({nodes}) b ON b.id = c."object"
      ORDER BY a.number, b.number, c.id"""


def _data(prefix: str, key: str, sql: str) -> str:
    """Return SQL for one data element; nothing where there is nothing to say."""
    text = f"regexp_replace({sql}, '{_FORBIDDEN}', '', 'g')"
    for char, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = f"replace({text}, '{char}', '{name}')"
    # A bare carriage return would be read back as a line feed (XML 1.0, 2.11).
    text = f"replace({text}, chr(13), '&#13;')"
    return f"CASE WHEN coalesce({sql}, '') = '' THEN '' ELSE '<data key=\"{prefix}_{key}\">' || {text} || '</data>' END"
