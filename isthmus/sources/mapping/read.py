"""Read a mapping file into its parts; every mistake is named with its line and a way out."""

from __future__ import annotations

import re
from pathlib import Path

from isthmus.sources.documents import Node
from isthmus.sources.mapping.describe import read_input, read_recognise, read_sources
from isthmus.sources.mapping.document import read_document
from isthmus.sources.mapping.entities import read_countries, read_entity
from isthmus.sources.mapping.parts import Exit, Field, Mapping, Rule, Template
from isthmus.sources.mapping.rules import DEFAULTS, read_condition, read_rule
from isthmus.sources.mapping.steps import read_step
from isthmus.sources.mapping.templates import read_template

KEYS = (
    "mapping",
    "title",
    "note",
    "recognise",
    "input",
    "source",
    "origins",
    "defaults",
    "fields",
    "skip",
    "reject",
    "countries",
    "entities",
    "claims",
)


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises
    ------
    MappingError
        The file is not a mapping; the message gives file, line and hint.
    """
    return build_mapping(read_document(path), str(path))


def build_mapping(root: Node, path: str) -> Mapping:
    """Turn the nodes of a mapping file into its parts (the vocabulary is checked by `check_mapping`)."""
    keys = root.keys(KEYS, "a mapping")
    for needed, example in (("mapping", "mapping: my-data/1"), ("title", "title: What the file holds")):
        if needed not in keys:
            root.fail(f"the mapping has no `{needed}`.", f"Write `{example}` at the top.")
    if "claims" not in keys and "entities" not in keys:
        root.fail("the mapping has neither `claims` nor `entities`: no row would become anything.")
    name = keys["mapping"].words("the name of the mapping")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*/[0-9]+", name):
        keys["mapping"].fail(
            f"“{name}” is no name and version.", "Write lower-case letters, digits, hyphens and a version: my-data/1."
        )
    defaults = _defaults(keys.get("defaults"))
    country_fields, country_rules = read_countries(keys.get("countries"), defaults)
    rules: list[Rule] = list(country_rules)
    for node in keys["entities"].listed("`entities`") if "entities" in keys else ():
        rules += read_entity(node, defaults)
    for node in keys["claims"].listed("`claims`") if "claims" in keys else ():
        rules.append(read_rule(node, defaults))
    source, origins = read_sources(keys.get("source"), keys.get("origins"), with_countries=bool(country_rules))
    return Mapping(
        name=name,
        title=keys["title"].words("the title"),
        path=path,
        recognise=read_recognise(keys.get("recognise")),
        input=read_input(keys.get("input")),
        source=source,
        origins=origins,
        fields=(*_fields(keys.get("fields")), *country_fields),
        skip=_exits(keys.get("skip"), "skip"),
        reject=_exits(keys.get("reject"), "reject"),
        rules=tuple(rules),
    )


def _defaults(node: Node | None) -> dict[str, Template]:
    if node is None:
        return {}
    found = node.keys(DEFAULTS, "`defaults`")
    return {name: read_template(value, f"the default {name}") for name, value in found.items()}


def _fields(node: Node | None) -> tuple[Field, ...]:
    if node is None:
        return ()
    return tuple(_field(name, value) for name, value in node.named("`fields`"))


def _field(name: str, node: Node) -> Field:
    if "{" in name or "}" in name or not name.strip():
        node.fail(f"a field cannot be called “{name}”.", "Use a plain name without braces.")
    first, *rest = node.listed(f"the field “{name}”")
    if first.pairs is not None:
        sources, joined = _beginning(name, first)
    else:
        if first.text is not None and "{" not in first.text and rest:
            first.fail(
                f"the field “{name}” begins with “{first.text}”, which has no {{Column}} in it.",
                "The first entry says where the text comes from; the steps follow.",
            )
        sources, joined = (read_template(first, f"the field “{name}”"),), None
    return Field(name, sources, tuple(read_step(item) for item in rest), node.where, joined)


def _beginning(name: str, node: Node) -> tuple[tuple[Template, ...], str | None]:
    """Read ``{first: [...]}`` or ``{join: [...], with: ...}``, which several columns may begin a field with."""
    keys = node.keys(("first", "join", "with"), f"the beginning of the field “{name}”")
    if ("first" in keys) == ("join" in keys) or ("first" in keys and "with" in keys):
        node.fail(
            f"the field “{name}” begins with neither a text, nor `first`, nor `join`.",
            'Write {first: ["{A}", "{B}"]} for the first that is not empty, or {join: ["{A}", "{B}"], with: "; "}.',
        )
    word = "first" if "first" in keys else "join"
    sources = tuple(read_template(item, "the template") for item in keys[word].listed(f"`{word}`"))
    return sources, None if word == "first" else (keys["with"].text or "" if "with" in keys else " ")


def _exits(node: Node | None, what: str) -> tuple[Exit, ...]:
    if node is None:
        return ()
    found = []
    for item in node.listed(f"`{what}`"):
        keys = item.keys(("when", "reason"), f"an entry of `{what}`")
        for needed in ("when", "reason"):
            if needed not in keys:
                item.fail(f"an entry of `{what}` has no `{needed}`.", "Say when a row leaves, and why, in words.")
        reason = read_template(keys["reason"], "the reason")
        if what == "skip" and reason.names:
            keys["reason"].fail(
                "the reason of `skip` is counted, so it must be the same for every row.", "Leave out the braces."
            )
        found.append(Exit(read_condition(keys["when"]), reason, item.where))
    return tuple(found)
