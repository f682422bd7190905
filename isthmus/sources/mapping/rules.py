"""Read claim rules and conditions."""

from __future__ import annotations

from isthmus.sources.documents import Node
from isthmus.sources.mapping.parts import Condition, Rule, Template, Test
from isthmus.sources.mapping.steps import check_pattern
from isthmus.sources.mapping.templates import constant, read_template

TEXT_COLUMNS = (
    "subject",
    "object",
    "value",
    "lang",
    "number",
    "low",
    "high",
    "unit",
    "valid_from",
    "valid_to",
    "observed",
    "mode",
    "source",
    "origin",
    "locator",
    "hedge",
    "stance",
    "marking",
    "licence",
)
DEFAULTS = ("valid_from", "valid_to", "observed", "mode", "origin", "locator", "hedge", "stance", "marking", "licence")
ENTITY_DEFAULTS = ("locator", "marking", "licence")
"""What claims about names and kinds take from the defaults: a plan's name is not planned, and is said once."""

PARTS = ("object", "value", "number", "low", "high")
RULE_KEYS = ("subject", "predicate", *TEXT_COLUMNS[1:], "qualifiers", "when", "each", "optional", "once", "note")


def read_rule(node: Node, defaults: dict[str, Template]) -> Rule:
    """Read one entry of `claims`."""
    keys = node.keys(RULE_KEYS, "a claim")
    for needed in ("subject", "predicate"):
        if needed not in keys:
            node.fail(
                f"the claim has no {needed}.", "A claim needs a subject, a predicate and one of object, value, number."
            )
    columns = dict(defaults)
    for name in TEXT_COLUMNS:
        if name in keys and name in defaults and keys[name].text == "":
            del columns[name]
        elif name in keys:
            columns[name] = read_template(keys[name], f"the {name}")
    if not any(part in columns for part in PARTS):
        node.fail(
            "the claim says nothing: it has no object, value or number.", "Add one of object, value, number, low, high."
        )
    if "number" in columns and ("low" in columns or "high" in columns):
        node.fail(
            "the claim has a number and a bound.",
            "`number` is exact and sets both bounds; write `low` and `high` without it.",
        )
    qualifiers = keys["qualifiers"].named("`qualifiers`") if "qualifiers" in keys else ()
    optional = keys["optional"].listed("`optional`") if "optional" in keys else ()
    return Rule(
        predicate=keys["predicate"].words("the predicate"),
        columns=tuple(columns.items()),
        where=node.where,
        qualifiers=tuple((name, read_template(value, f"the qualifier {name}")) for name, value in qualifiers),
        when=read_condition(keys["when"]) if "when" in keys else Condition(),
        each=keys["each"].words("`each`") if "each" in keys else None,
        optional=tuple(item.one_of(("object", "value", "number"), "the part") for item in optional),
        once=keys["once"].flag("`once`") if "once" in keys else False,
        predicate_where=keys["predicate"].where,
    )


def once_rule(
    predicate: str,
    where: str,
    columns: dict[str, Template],
    *,
    qualifiers: dict[str, str] | None = None,
    when: Condition | None = None,
    each: str | None = None,
) -> Rule:
    """Return a rule that a shorthand stands for; its claims are made once."""
    pairs = tuple((name, constant(text, where)) for name, text in (qualifiers or {}).items())
    return Rule(predicate, tuple(columns.items()), where, pairs, when or Condition(), each, once=True)


def read_condition(node: Node) -> Condition:
    """Read `when`: names with what must hold of them; a list of such sets holds where all do."""
    if node.items is not None:
        return Condition(tuple(read_condition(item) for item in node.items))
    tests: list[Test | Condition] = []
    for name, value in node.named("`when`"):
        if name == "any" and value.items is not None and all(item.pairs is not None for item in value.items):
            tests.append(Condition(tuple(read_condition(item) for item in value.items), any=True))
        else:
            tests.append(_test(name, value))
    if not tests:
        node.fail("`when` says nothing.", "Write `when: {Column: value}`, or leave it out.")
    return Condition(tuple(tests))


def _test(name: str, node: Node) -> Test:
    if node.pairs is None:
        return Test(name, "is", _values(name, node), False, node.where)
    keys = node.keys(("not", "matches", "not_matches", "present"), f"the condition on “{name}”")
    if len(keys) != 1:
        node.fail(
            f"the condition on “{name}” says {len(keys)} things.", "Write them as separate entries: - {…} below `when`."
        )
    word, value = next(iter(keys.items()))
    if word == "present":
        return Test(name, "present", (), not value.flag("`present`"), node.where)
    if word == "not":
        return Test(name, "is", _values(name, value), True, node.where)
    pattern = value.words("the pattern")
    check_pattern(value, pattern)
    return Test(name, "matches", (pattern,), word == "not_matches", node.where)


def _values(name: str, node: Node) -> tuple[str, ...]:
    if node.text == "":
        node.fail(f"the condition on “{name}” names no value.", f"For an empty text write {name}: {{present: no}}.")
    return tuple(item.words(f"the value of “{name}”") for item in node.listed(f"the condition on “{name}”"))
