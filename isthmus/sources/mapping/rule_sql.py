"""A rule as SQL: which claims it makes of the rows, and of which rows it makes one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from isthmus.errors import MappingError
from isthmus.model import CLAIM_COLUMNS
from isthmus.sources.mapping.document import suggest
from isthmus.sources.mapping.layers import condition_sql, template_sql
from isthmus.sources.mapping.parts import EACH_FOUND, Rule, Template
from isthmus.sources.mapping.scope import Scope
from isthmus.sources.staging import quote

_BOUNDS = ("number", "low", "high")
_PARTS = ("object", "value", "number")


@dataclass(frozen=True, slots=True)
class RuleSql:
    """A compiled rule.

    Attributes
    ----------
    claims : str
        SELECT that yields `READING_COLUMNS`.
    holds : str or None
        Condition on one row under which the rule makes a claim of it; None where the rule goes through a list.
    lines : str
        SELECT that yields the line of every row of which the rule makes a claim.
    """

    claims: str
    holds: str | None
    lines: str


def compile_rule(rule: Rule, scope: Scope, table: str, source: str, needed: tuple[str, ...]) -> RuleSql:
    """Compile one rule.

    Parameters
    ----------
    table : str
        SQL, to stand in a FROM, of the rows that the first pass kept.
    source : str
        Id of the source where the rule names none.
    needed : tuple of str
        What the predicate needs (`Predicate.need`).
    """
    each = _each(rule, scope)
    if each:
        items, layers = scope.items(each)
        table = layers.select(f"(SELECT *, unnest({scope.splits[each]}) AS item FROM {table})")
    else:
        items = {}
    wanted = rule.names()
    plain = scope.names([name for name in wanted if name not in items], rule.where)
    names = plain | {name: items[name] for name in wanted if name in items}
    texts = _texts(rule, names, source)
    test = condition_sql(rule.when, names)
    selected = ", ".join(f'{texts[name]} AS "{name}"' for name in CLAIM_COLUMNS)
    there = _there(rule, needed, {name: f'"{name}"' for name in CLAIM_COLUMNS})
    inner = f"(SELECT line, {selected} FROM {table} WHERE {test}) WHERE {there}"
    holds = None if each else f"({test} AND {_there(rule, needed, {name: f'({sql})' for name, sql in texts.items()})})"
    return RuleSql(_outer(rule, inner), holds, f"SELECT line FROM {inner}")


def _outer(rule: Rule, inner: str) -> str:
    names = [f'"{name}"' for name in CLAIM_COLUMNS]
    if not rule.once:
        return f"SELECT line, {', '.join(names)} FROM {inner}"
    chosen = ", ".join('arg_min("locator", line) AS "locator"' if name == '"locator"' else name for name in names)
    keys = ", ".join(name for name in names if name != '"locator"')
    return f"SELECT min(line) AS line, {chosen} FROM {inner} GROUP BY {keys}"


def _each(rule: Rule, scope: Scope) -> str | None:
    """Return the list that the rule goes through, if it does."""
    listed = sorted({scope.lists[name] for name in rule.names() if name in scope.lists})
    if rule.each == EACH_FOUND:
        return listed[0] if listed else None
    if rule.each is None:
        return None
    if rule.each not in scope.splits:
        hint = suggest(rule.each, scope.splits) if scope.splits else "Split a column into a list in `fields` first."
        _fail(rule.where, f"`each` names “{rule.each}”, which is no list.", hint)
    if listed and listed != [rule.each]:
        other = next(name for name in listed if name != rule.each)
        _fail(
            rule.where,
            f"the claim goes through “{rule.each}” and names items of “{other}” too.",
            "Make two claims of it.",
        )
    return rule.each


def _texts(rule: Rule, names: dict[str, str], source: str) -> dict[str, str]:
    """Return SQL for every claim column."""
    texts = dict.fromkeys(CLAIM_COLUMNS, "NULL::VARCHAR")
    texts |= {"predicate": quote(rule.predicate), "source": quote(source), "locator": "'row ' || \"row\""}
    for name, template in rule.columns:
        sql = template_sql(template, names)
        for column in ("low", "high") if name == "number" else ("value_lang" if name == "lang" else name,):
            texts[column] = sql
    if rule.column("unit"):
        number = f"({texts['low']}) IS NOT NULL OR ({texts['high']}) IS NOT NULL"
        texts["unit"] = f"CASE WHEN {number} THEN {texts['unit']} END"
    if rule.column("lang"):
        texts["value_lang"] = f"CASE WHEN ({texts['value']}) IS NOT NULL THEN {texts['value_lang']} END"
    if rule.qualifiers:
        texts["qualifiers"] = _qualifiers(rule.qualifiers, names)
    return texts


def _qualifiers(qualifiers: tuple[tuple[str, Template], ...], names: dict[str, str]) -> str:
    pairs = []
    for name, template in qualifiers:
        # A semicolon within a value would end the qualifier.
        text = f"trim(regexp_replace(replace({template_sql(template, names)}, ';', ','), '\\s+', ' ', 'g'))"
        pairs.append(f"{quote(name + '=')} || {text}")
    return f"nullif(concat_ws('; ', {', '.join(pairs)}), '')"


def _there(rule: Rule, needed: tuple[str, ...], columns: dict[str, str]) -> str:
    """Return SQL that tells whether every part is there without which the claim falls away."""
    given = {"number" if name in _BOUNDS else name for name, _ in rule.columns}
    number = f"({columns['low']} IS NOT NULL OR {columns['high']} IS NOT NULL)"
    present = {
        "object": f"{columns['object']} IS NOT NULL",
        "value": f"{columns['value']} IS NOT NULL",
        "number": number,
    }
    tests = [f"{columns['subject']} IS NOT NULL", f"{columns['locator']} IS NOT NULL"]
    tests += [present[part] for part in _PARTS if part in given and (part not in rule.optional or part in needed)]
    tests.append(f"({' OR '.join(present.values())})")
    tests += [f"contains({columns['qualifiers']}, {quote(part + '=')})" for part in needed if part not in _PARTS]
    return f"coalesce({' AND '.join(tests)}, false)"


def _fail(where: str, message: str, hint: str | None) -> NoReturn:
    raise MappingError(message, where=where, hint=hint)
