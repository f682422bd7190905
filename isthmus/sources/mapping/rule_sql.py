"""A rule as SQL: which claims it makes of the rows, and of which rows it makes one."""

from __future__ import annotations

from dataclasses import dataclass

from isthmus.model import CLAIM_COLUMNS
from isthmus.sources.mapping.layers import condition_sql, template_sql
from isthmus.sources.mapping.parts import Rule, Template
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
    holds : str
        Condition, on a row or item, under which the rule makes a claim of it.
    """

    claims: str
    holds: str


def compile_rule(rule: Rule, names: dict[str, str], table: str, source: str, needed: tuple[str, ...]) -> RuleSql:
    """Compile one rule.

    Parameters
    ----------
    names : dict of name to column of `table`
        For every name of the rule.
    table : str
        SQL, to stand in a FROM: the rows that the first pass kept, or the items of a list.
    source : str
        Id of the source where the rule names none.
    needed : tuple of str
        What the predicate needs (`Predicate.need`).
    """
    texts = _texts(rule, names, source)
    test = condition_sql(rule.when, names)
    selected = ", ".join(f'{texts[name]} AS "{name}"' for name in CLAIM_COLUMNS)
    there = _there(rule, needed, {name: f'"{name}"' for name in CLAIM_COLUMNS})
    inner = f"(SELECT line, {selected} FROM {table} WHERE {test}) WHERE {there}"
    holds = f"({test} AND {_there(rule, needed, {name: f'({sql})' for name, sql in texts.items()})})"
    return RuleSql(_outer(rule, inner), holds)


def _outer(rule: Rule, inner: str) -> str:
    names = [f'"{name}"' for name in CLAIM_COLUMNS]
    if not rule.once:
        return f"SELECT line, {', '.join(names)} FROM {inner}"
    chosen = ", ".join('arg_min("locator", line) AS "locator"' if name == '"locator"' else name for name in names)
    keys = ", ".join(name for name in names if name != '"locator"')
    return f"SELECT min(line) AS line, {chosen} FROM {inner} GROUP BY {keys}"


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
