"""The shorthands: what an entity is called, of which kind it is and how it is numbered, in one entry."""

from __future__ import annotations

from collections.abc import Iterator

from isthmus.sources.documents import Node
from isthmus.sources.mapping.describe import COUNTRY_SOURCE
from isthmus.sources.mapping.parts import EACH_FOUND, Condition, Field, Rule, Step, Template
from isthmus.sources.mapping.rules import ENTITY_DEFAULTS, once_rule, read_condition
from isthmus.sources.mapping.templates import constant, hole, read_template

ENTITY_KEYS = ("id", "kind", "name", "lang", "names", "identifiers", "described_as", "when", "each", "note")


def read_entity(node: Node, defaults: dict[str, Template]) -> Iterator[Rule]:
    """Yield the rules that one entry of `entities` stands for."""
    keys = node.keys(ENTITY_KEYS, "an entity")
    if "id" not in keys:
        node.fail("the entity has no id.", 'Write `id: "my:{Column}"`.')
    if not {"kind", "name", "names", "identifiers", "described_as"} & set(keys):
        node.fail("the entity has an id only: nothing is said of it.", "Add name, kind, names or identifiers.")
    base = {name: defaults[name] for name in ENTITY_DEFAULTS if name in defaults}
    base["subject"] = read_template(keys["id"], "the id")
    when = read_condition(keys["when"]) if "when" in keys else Condition()
    each = keys["each"].words("`each`") if "each" in keys else None
    lang = read_template(keys["lang"], "the language") if "lang" in keys else None

    for item in keys["kind"].listed("`kind`") if "kind" in keys else ():
        columns = {**base, "value": read_template(item, "the kind")}
        yield once_rule("kind", item.where, columns, when=when, each=each)
    if "name" in keys:
        yield _name(base, keys["name"], lang, {}, when, each)
    for item in keys["names"].listed("`names`") if "names" in keys else ():
        yield _other_name(base, item, lang, when, each)
    for scheme, value in keys["identifiers"].named("`identifiers`") if "identifiers" in keys else ():
        columns = {**base, "value": read_template(value, "the identifier")}
        yield once_rule("identifier", value.where, columns, qualifiers={"scheme": scheme}, when=when, each=each)
    for item in keys["described_as"].listed("`described_as`") if "described_as" in keys else ():
        columns = {**base, "value": read_template(item, "the description")}
        if lang:
            columns["lang"] = lang
        yield once_rule("described_as", item.where, columns, when=when, each=each)


def _name(
    base: dict[str, Template],
    value: Node,
    lang: Template | None,
    qualifiers: dict[str, str],
    when: Condition,
    each: str | None,
) -> Rule:
    columns = {**base, "value": read_template(value, "the name")}
    if lang:
        columns["lang"] = lang
    return once_rule("name", value.where, columns, qualifiers=qualifiers, when=when, each=each)


def _other_name(
    base: dict[str, Template], node: Node, lang: Template | None, when: Condition, each: str | None
) -> Rule:
    if node.text is not None:
        return _name(base, node, lang, {"type": "alias"}, when, each)
    keys = node.keys(("value", "type", "lang", "each", "when"), "an entry of `names`")
    if "value" not in keys:
        node.fail("the entry of `names` has no value.", 'Write {value: "{Column}", type: alias}.')
    if "each" in keys and each:
        keys["each"].fail("the entity has an `each` already.", "Make it an entity entry of its own.")
    own = read_template(keys["lang"], "the language") if "lang" in keys else lang
    qualifiers = {"type": keys["type"].words("the type of name")} if "type" in keys else {}
    condition = Condition((when, read_condition(keys["when"]))) if "when" in keys else when
    return _name(
        base, keys["value"], own, qualifiers, condition, keys["each"].words("`each`") if "each" in keys else each
    )


def read_countries(node: Node | None, defaults: dict[str, Template]) -> tuple[tuple[Field, ...], tuple[Rule, ...]]:
    """Read `countries`: templates that print countries; each country found becomes an entity ``iso:XX``.

    Code and usual name are said by ISO 3166-1; the name as printed is said by the file.
    """
    fields: list[Field] = []
    rules: list[Rule] = []
    base = {name: defaults[name] for name in ENTITY_DEFAULTS if name in defaults}
    for number, item in enumerate(node.listed("`countries`") if node else ()):
        printed = read_template(item, "a country")
        names = {form: f"countries {number + 1}: {form}" for form in ("id", "name", "alpha-2")}
        code = hole(names["alpha-2"], item.where)
        fields += [
            _hidden(names["id"], printed, Step("country", item.where, ("id",), otherwise="empty")),
            _hidden(names["alpha-2"], hole(names["id"], item.where), Step("replace", item.where, ("^iso:", ""))),
            _hidden(names["name"], code, Step("country", item.where, ("name",), otherwise="empty")),
        ]
        rules += _country_rules(
            item.where, printed, {form: hole(name, item.where) for form, name in names.items()}, base
        )
    return tuple(fields), tuple(rules)


def _hidden(name: str, source: Template, step: Step) -> Field:
    return Field(name, (source,), (step,), source.where, hidden=True)


def _country_rules(
    where: str, printed: Template, forms: dict[str, Template], base: dict[str, Template]
) -> Iterator[Rule]:
    entry = Template(("entry ", *forms["alpha-2"].parts), where)
    iso = {"subject": forms["id"], "source": constant(COUNTRY_SOURCE.id, where), "locator": entry}
    english = constant("en", where)
    yield once_rule("kind", where, {**iso, "value": constant("state", where)}, each=EACH_FOUND)
    yield once_rule("name", where, {**iso, "value": forms["name"], "lang": english}, each=EACH_FOUND)
    yield once_rule(
        "identifier", where, {**iso, "value": forms["alpha-2"]}, qualifiers={"scheme": "iso3166"}, each=EACH_FOUND
    )
    yield once_rule(
        "name",
        where,
        {**base, "subject": forms["id"], "value": printed},
        qualifiers={"type": "as_printed"},
        each=EACH_FOUND,
    )
