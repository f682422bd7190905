"""The sources of a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.doubt import short_links
from isthmus.cli.frame import cut, rest
from isthmus.cli.screen import Column, Content, Screen, said

Body = Mapping[str, Any]


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the sources that were read, and the works that they rest on."""
    listed = found["sources"]
    read = sorted((item for item in listed if item["claims"]), key=lambda item: (-item["claims"], item["id"]))
    cited = sorted((item for item in listed if not item["claims"]), key=lambda item: (-item["origin_of"], item["id"]))
    _section(screen, "Read", read, "claims", call)
    _section(screen, "Cited by them", cited, "origin_of", call)
    if not listed:
        screen.line("This picture has no source yet; `isthmus add FILE` brings one.")


def _section(screen: Screen, head: str, rows: list[Body], count: str, call: Call) -> None:
    if not rows:
        return
    screen.heading(head, len(rows))
    shown = cut(rows, call)
    columns = [
        Column("id"),
        Column("what it is"),
        Column("kind"),
        Column("rel.", keep=True),
        Column("date", keep=True),
        Column("claims", figures=True),
    ]
    screen.table(columns, [_row(item, count) for item in shown])
    rest(screen, rows, shown)


def _row(item: Body, count: str) -> list[Content]:
    title = ", ".join(str(item[key]) for key in ("title", "publisher") if item.get(key))
    return [
        said(short_links(item["id"]), "dim"),
        title or "not described",
        item.get("kind", "unknown").replace("_", " "),
        item.get("reliability", ""),
        item.get("date", ""),
        f"{item[count]:,}",
    ]
