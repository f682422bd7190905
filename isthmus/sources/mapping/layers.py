"""Fields as SQL: nested selections, each of which adds the columns that the next one uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from isthmus.sources.mapping.parts import Condition, Field, Hole, Step, Template, Test
from isthmus.sources.mapping.steps import PARTIAL
from isthmus.sources.mapping.transforms import Work, fault_text, step_sql
from isthmus.sources.staging import quote


class Layers:
    """Adds columns to a selection; a column stands one level above those that it is made of."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self._levels: list[list[tuple[str, str]]] = []
        self._level: dict[str, int] = {}

    def add(self, sql: str, made_of: Iterable[str]) -> str:
        """Add a column and return its name."""
        level = max((self._level.get(name, 0) for name in made_of), default=0) + 1
        name = f"{self.prefix}{len(self._level)}"
        self._level[name] = level
        while len(self._levels) < level:
            self._levels.append([])
        self._levels[level - 1].append((name, sql))
        return name

    def select(self, base: str) -> str:
        """Return a selection from `base` (SQL that stands in a FROM) with every column that was added."""
        table = base
        for columns in self._levels:
            added = ", ".join(f"{sql} AS {name}" for name, sql in columns)
            table = f"(SELECT *, {added} FROM {table})"
        return table


class Cells:
    """Works fields out in one `Layers`, and notes the faults of their steps."""

    def __init__(self, layers: Layers, countries: Path) -> None:
        self.layers = layers
        self.countries = countries
        self.faults: list[str] = []

    def begin(self, field: Field, names: dict[str, str]) -> str:
        """Return the column of a field before its steps; `names` gives the column of each of its names."""
        if len(field.sources) == 1 and field.sources[0].lone:
            return names[field.sources[0].lone]
        texts = ", ".join(template_sql(source, names) for source in field.sources)
        sql = f"coalesce({texts})" if field.joined is None else f"nullif(concat_ws({quote(field.joined)}, {texts}), '')"
        return self.layers.add(sql, names.values())

    def run(self, field: Field, steps: Sequence[Step], start: str, names: dict[str, str]) -> str:
        """Return the column of a field after `steps`; `names` gives the columns of its factors."""
        cell = start
        for step in steps:
            factor = names[step.by] if step.by else None
            sql = step_sql(step, cell, Work(self.countries, factor))
            result = self.layers.add(sql, [cell, factor] if factor else [cell])
            if step.otherwise == "reject":
                message = (
                    f"{quote(f'the field “{field.name}”: “')} || left({cell}, 80) || {quote('” ' + fault_text(step))}"
                )
                self.faults.append(f"WHEN {cell} IS NOT NULL AND {result} IS NULL THEN {message}")
            if step.otherwise == "keep" and step.name in PARTIAL:
                result = self.layers.add(f"coalesce({result}, {cell})", [result, cell])
            if step.name == "map" and "" in dict(step.table).values():
                # Told apart only here: a text that the map makes empty, and one that it does not know.
                result = self.layers.add(f"nullif({result}, '')", [result])
            cell = result
        return cell


def template_sql(template: Template, names: dict[str, str]) -> str:
    """Return SQL for a template: NULL as soon as one of its holes is."""
    parts = [f"{names[part.name]}" if isinstance(part, Hole) else quote(part) for part in template.parts]
    return parts[0] if len(parts) == 1 else f"({' || '.join(parts)})"


def condition_sql(condition: Condition, names: dict[str, str]) -> str:
    """Return SQL that is true or false, never NULL."""
    if not condition.tests:
        return "true"
    parts = [
        condition_sql(test, names) if isinstance(test, Condition) else _test_sql(test, names)
        for test in condition.tests
    ]
    return "(" + (" OR " if condition.any else " AND ").join(parts) + ")"


def _test_sql(test: Test, names: dict[str, str]) -> str:
    text = names[test.name]
    if test.kind == "present":
        sql = f"{text} IS NOT NULL"
    elif test.kind == "matches":
        sql = f"coalesce(regexp_matches({text}, {quote(test.values[0])}), false)"
    else:
        sql = f"coalesce({text} IN ({', '.join(quote(value) for value in test.values)}), false)"
    return f"NOT {sql}" if test.negated and test.kind != "present" else f"({sql}) = {str(not test.negated).lower()}"
