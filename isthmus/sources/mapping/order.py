"""The order in which fields are worked out, and which of them hang on the items of a list."""

from __future__ import annotations

from collections.abc import Mapping as Table
from collections.abc import Sequence

from isthmus.errors import MappingError
from isthmus.sources.mapping.parts import Field
from isthmus.sources.mapping.steps import LISTS


def order_fields(fields: Sequence[Field]) -> tuple[Field, ...]:
    """Return the fields so that each stands after those it is built from.

    A field may have the name of a column: within its own definition the name means the column.

    Raises
    ------
    MappingError
        Fields are built from one another in a circle; the message names it.
    """
    named = {field.name: field for field in fields}
    done: dict[str, Field] = {}
    for field in fields:
        _visit(field, named, done, ())
    return tuple(done.values())


def _visit(field: Field, named: Table[str, Field], done: dict[str, Field], path: tuple[str, ...]) -> None:
    if field.name in done:
        return
    if field.name in path:
        circle = [*path[path.index(field.name) :], field.name]
        raise MappingError(
            f"the fields are built from one another in a circle: {' → '.join(circle)}.",
            where=field.where,
            hint="Build one of them from columns only.",
        )
    for name in field.names:
        if name in named and name != field.name:
            _visit(named[name], named, done, (*path, field.name))
    done[field.name] = field


def find_lists(ordered: Sequence[Field]) -> dict[str, str]:
    """Return, for each field that stands for the items of a list, the field that splits it (itself or one before it).

    Raises
    ------
    MappingError
        A field mixes two lists, splits an item again, or would reject a row for one of its items.
    """
    found: dict[str, str] = {}
    for field in ordered:
        parents = sorted({found[name] for name in field.names if name in found and name != field.name})
        splits = [index for index, step in enumerate(field.steps) if step.name in LISTS]
        if len(parents) > 1:
            raise MappingError(
                f"the field “{field.name}” mixes items of two lists, “{parents[0]}” and “{parents[1]}”.",
                where=field.where,
                hint="Items of different lists do not belong to one another; make a field for each.",
            )
        if len(splits) > 1 or (splits and parents):
            raise MappingError(f"the field “{field.name}” splits a text that is split already.", where=field.where)
        if splits or parents:
            found[field.name] = parents[0] if parents else field.name
            _check_items(field, splits[0] + 1 if splits else 0)
    return found


def _check_items(field: Field, start: int) -> None:
    for step in field.steps[start:]:
        if step.otherwise == "reject":
            raise MappingError(
                f"the step “{step.name}” works on the items of a list, and an item cannot reject its row.",
                where=step.where,
                hint=f"Say what becomes of an item that it cannot read: {{{step.name}: …, else: empty}} or `else: keep`.",
            )
