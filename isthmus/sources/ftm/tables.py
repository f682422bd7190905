"""The tables of `schemata.yaml`, checked, and as SQL rows for joins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from isthmus.sources.staging import quote
from isthmus.vocabulary import Vocabulary, load_vocabulary

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NODE, PERSON, PART, RELATION, OUT = "node", "person", "part", "relation", "out"


@dataclass(frozen=True, slots=True)
class Property:
    """How one property of a thing is read."""

    name: str
    predicate: str
    how: str
    qualifier: str | None = None
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """How one schema of relations is read; see `schemata.yaml` for the fields."""

    schema: str
    predicate: str
    start: str
    end: str
    how: str
    detail: str | None
    detail_else: str | None
    default: str | None
    qualifier: str | None
    holder: bool
    via: bool
    dated_at_start: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """Every table of the reader.

    Attributes
    ----------
    schemata : mapping of schema to (class, kind or None, reason or None)
        The class is one of node, person, part, relation, out; the reason says why one is left out.
    properties, relations : tuple
        The rules for things and for relations.
    """

    schemata: Mapping[str, tuple[str, str | None, str | None]]
    properties: tuple[Property, ...]
    relations: tuple[Relation, ...]
    person: tuple[str, ...]
    part_properties: Mapping[str, tuple[str, ...]]
    dates: tuple[str, ...]
    used: Mapping[str, tuple[str, ...]]
    roles: tuple[tuple[str, str], ...]
    states: Mapping[str, str]
    documents: Mapping[str, str]

    def schema_rows(self) -> str:
        """Return SQL that yields (schema, class, kind, reason)."""
        return values(("schema", "class", "kind", "reason"), ((name, *body) for name, body in self.schemata.items()))

    def kept_rows(self) -> str:
        """Return SQL that yields (schema, key): the properties whose values are read at all."""
        return values(("schema", "key"), sorted(self._kept()))

    def property_rows(self) -> str:
        """Return SQL that yields (schema, key, predicate, how, qualifier) for things."""
        rows = []
        for schema, (kind, _, _) in self.schemata.items():
            if kind not in (NODE, PERSON):
                continue
            for rule in self.properties:
                wanted = rule.name in self.person if kind == PERSON else not rule.only or schema in rule.only
                if wanted:
                    rows.append((schema, rule.name, rule.predicate, rule.how, rule.qualifier))
        return values(("schema", "key", "predicate", "how", "qualifier"), rows)

    def relation_rows(self) -> str:
        """Return SQL that yields one row a schema of relations."""
        names = (
            "schema",
            "predicate",
            "start_key",
            "end_key",
            "how",
            "detail_key",
            "else_key",
            "fallback",
            "fixed",
            "holder",
            "via",
            "at_start",
        )
        rows = (
            (
                rule.schema, rule.predicate, rule.start, rule.end, rule.how, rule.detail, rule.detail_else,
                rule.default, rule.qualifier, rule.holder, rule.via, rule.dated_at_start,
            )
            for rule in self.relations
        )  # fmt: skip
        return values(names, rows)

    def _kept(self) -> set[tuple[str, str]]:
        kept = {(schema, name) for schema, names in self.part_properties.items() for name in names}
        for schema, (kind, _, _) in self.schemata.items():
            if kind == NODE:
                kept |= {(schema, rule.name) for rule in self.properties if not rule.only or schema in rule.only}
            elif kind == PERSON:
                kept |= {(schema, name) for name in self.person}
        for rule in self.relations:
            names = [rule.start, rule.end, rule.detail, rule.detail_else, *self.dates, *self.used.get(rule.how, ())]
            kept |= {(rule.schema, name) for name in names if name}
        return kept


def values(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a SELECT over literal rows (text, booleans, NULL)."""
    body = ", ".join("(" + ", ".join(_literal(cell) for cell in row) + ")" for row in rows)
    columns = ", ".join(names)
    return f"SELECT * FROM (VALUES {body}) AS t({columns})"


def _literal(cell: object) -> str:
    if cell is None:
        return "NULL"
    return str(cell).lower() if isinstance(cell, bool) else quote(str(cell))


@cache
def load_tables() -> Tables:
    """Return the tables that ship with the package, checked against the vocabulary."""
    text = files("isthmus.sources.ftm").joinpath("schemata.yaml").read_text("utf-8")
    return _build(yaml.load(text, Loader=_Loader), load_vocabulary())


def _build(raw: Mapping[str, Any], vocabulary: Vocabulary) -> Tables:
    schemata: dict[str, tuple[str, str | None, str | None]] = {}
    for name, kind in raw["nodes"].items():
        schemata[name] = (PERSON if kind == "person" else NODE, kind, None)
    for name in raw["parts"]:
        schemata[name] = (PART, None, None)
    for name in raw["relations"]:
        schemata[name] = (RELATION, None, None)
    for reason, names in raw["left_out"].items():
        words = "personal data: organisations, not people" if reason == "personal" else reason
        schemata.update({name: (OUT, None, f"schema {name}: {words}") for name in names})
    properties = tuple(
        Property(name, body["predicate"], body["how"], body.get("qualifier"), tuple(body.get("only", ())))
        for name, body in raw["properties"].items()
    )
    relations = tuple(_relation(name, body, vocabulary) for name, body in raw["relations"].items())
    return Tables(
        schemata=schemata,
        properties=properties,
        relations=relations,
        person=tuple(raw["person"]),
        part_properties={name: tuple(body) for name, body in raw["part_properties"].items()},
        dates=tuple(raw["dates"]),
        used={name: tuple(body) for name, body in raw["used"].items()},
        roles=tuple((pattern, role) for pattern, role in raw["roles"]),
        states={word: state for state, words in raw["states"].items() for word in words},
        documents=dict(raw["documents"]),
    )


def _relation(name: str, body: Mapping[str, Any], vocabulary: Vocabulary) -> Relation:
    return Relation(
        schema=name,
        predicate=body["predicate"],
        start=body["from"],
        end=body["to"],
        how=body.get("how", "plain"),
        detail=body.get("detail"),
        detail_else=body.get("detail_else"),
        default=body.get("default"),
        qualifier=body.get("qualifier"),
        holder=bool(body.get("holder", False)),
        via=bool(body.get("via", False)),
        dated_at_start=vocabulary.predicate(body["predicate"]).date == "start",
    )
