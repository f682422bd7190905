"""Where a picture is weak: said by one voice alone, not named, not described, against the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isthmus.cli.screen import Column, Content, Screen, said

EXAMPLES = 4
Body = Mapping[str, Any]


def weak(screen: Screen, found: Body) -> None:
    """Print what is weak in the coverage of a picture, with some of its examples."""
    rows = [row for row in _rows(found) if row[0] != "0"]
    if rows:
        screen.heading("Where it is weak")
        screen.table([Column("", figures=True), Column("")], rows, indent=2)


def _rows(found: Body) -> list[list[Content]]:
    groups = found["groups"]
    failing = found["failing_identifiers"]
    return [
        _row(found["single_source_relations"], f"of {found['relations']:,} relations are said by one voice alone"),
        _row(groups["not_all_named"], f"of {groups['n']:,} groups have members that are not named", groups),
        _row(found["without_name"], "entities have no name"),
        _row(found["without_kind"], "entities have no kind"),
        _row(found["undescribed_sources"]["n"], "sources are not described", found["undescribed_sources"]),
        _row(failing["n"], f"of {failing['of']:,} identifiers have check digits that do not fit", failing),
        _row(found["misfits"]["n"], "claims have an end of a kind that their predicate does not allow"),
    ]


def _row(number: int, what: str, body: Body | None = None) -> list[Content]:
    text = said(what)
    examples = [
        str(item) if not isinstance(item, Mapping) else str(next(iter(item.values())))
        for item in (body or {}).get("examples", ())
    ]
    if examples and number:
        more = ", …" if number > EXAMPLES else ""
        text.append_text(said(f"  {', '.join(examples[:EXAMPLES])}{more}", "dim"))
    return [f"{number:,}", text]
