"""What a name in braces means: a column of the table, a field, or an item of a list."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from isthmus.errors import MappingError
from isthmus.sources.documents import suggest
from isthmus.sources.mapping.layers import Cells, Layers
from isthmus.sources.mapping.order import find_lists, order_fields
from isthmus.sources.mapping.parts import EACH_FOUND, ORIGINAL, Field, Mapping, Rule
from isthmus.sources.mapping.steps import LISTS
from isthmus.sources.staging import quote


class Scope:
    """The names of one mapping over one table, with the SQL column of each.

    Parameters
    ----------
    columns : iterable of str
        The columns of the table as its header prints them.
    file : str
        Name of the file, for ``{file}``.
    countries : Path
        Parquet file of the names of countries.
    """

    def __init__(self, mapping: Mapping, columns: Iterable[str], file: str, countries: Path) -> None:
        self.mapping = mapping
        self.columns = tuple(columns)
        self.countries = countries
        self.fields = order_fields(mapping.fields)
        self.lists = find_lists(self.fields)
        self.originals = {"line": "line::VARCHAR", "row": '"row"::VARCHAR', "file": quote(file)}
        self.used = self._used()
        self.cells: dict[str, str] = {}
        self.splits: dict[str, str] = {}
        self.work = Cells(Layers("x"), countries)
        for field in self.fields:
            self._work_out(field)

    def _used(self) -> dict[str, str]:
        """Return a short name for each column that the mapping names."""
        names = [name for field in self.fields for name in field.names]
        for gate in (*self.mapping.skip, *self.mapping.reject):
            names += [*gate.when.names(), *gate.reason.names]
        for rule in self.mapping.rules:
            names += rule.names()
        found: dict[str, str] = {}
        for name in names:
            if name in self.columns and name not in found:
                found[name] = f"c{len(found)}"
        return found

    def _work_out(self, field: Field) -> None:
        """Work a field out for the row; where it is a list, only up to its splitting."""
        root = self.lists.get(field.name)
        if root is not None and root != field.name:
            return
        names = self.names(field.names, field.where, own=field.name)
        start = self.work.begin(field, names)
        if root is None:
            self.cells[field.name] = self.work.run(field, field.steps, start, names)
        else:
            self.splits[field.name] = self.work.run(field, field.steps[: _split(field) + 1], start, names)

    def names(self, names: Iterable[str], where: str, *, own: str | None = None) -> dict[str, str]:
        """Return the column of each name, for one row; `own` is the field that is being defined.

        Raises
        ------
        MappingError
            A name is neither column nor field, or stands for the items of a list.
        """
        found = {}
        for name in names:
            if name != own and name in self.cells:
                found[name] = self.cells[name]
            elif name != own and name in self.lists:
                raise MappingError(
                    f"“{name}” stands for the items of a list, and this place has one row at a time.",
                    where=where,
                    hint=f"Say `each: {self.lists[name]}` in the claim; in a condition, test the column that is split.",
                )
            elif name in self.used:
                found[name] = self.used[name]
            elif name in ORIGINAL:
                found[name] = self.originals[name]
            else:
                shown = [field.name for field in self.mapping.fields if not field.hidden]
                hint = suggest(name, [*self.columns, *shown, *ORIGINAL])
                raise MappingError(f"there is no column or field “{name}”.", where=where, hint=hint)
        return found

    def each(self, rule: Rule) -> str | None:
        """Return the list that a rule goes through, if it does.

        Raises
        ------
        MappingError
            `each` names no list, or the rule names items of another one.
        """
        listed = sorted({self.lists[name] for name in rule.names() if name in self.lists})
        if rule.each == EACH_FOUND:
            return listed[0] if listed else None
        if rule.each is None:
            return None
        if rule.each not in self.splits:
            hint = suggest(rule.each, self.splits) if self.splits else "Split a column into a list in `fields` first."
            raise MappingError(f"`each` names “{rule.each}”, which is no list.", where=rule.where, hint=hint)
        if listed and listed != [rule.each]:
            other = next(name for name in listed if name != rule.each)
            raise MappingError(
                f"the claim goes through “{rule.each}” and names items of “{other}” too.",
                where=rule.where,
                hint="Make two claims of it.",
            )
        return rule.each

    def items(self, each: str) -> tuple[dict[str, str], Layers]:
        """Return the column of each name that stands for an item of the list `each`, over a selection that has `item`."""
        work = Cells(Layers("i"), self.countries)
        found: dict[str, str] = {}
        for field in self.fields:
            if self.lists.get(field.name) != each:
                continue
            known = {name: found[name] for name in field.names if name in found and name != field.name}
            rest = [name for name in field.names if name not in known]
            names = known | self.names(rest, field.where, own=field.name)
            if field.name == each:
                found[each] = work.run(field, field.steps[_split(field) + 1 :], "item", names)
            else:
                found[field.name] = work.run(field, field.steps, work.begin(field, names), names)
        return found, work.layers


def _split(field: Field) -> int:
    return next(index for index, step in enumerate(field.steps) if step.name in LISTS)
