"""In which things another is, or by which it is needed, and the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.doubt import conflicts, gaps, hedged
from isthmus.cli.frame import again, counted, cut, footer, limits, rest
from isthmus.cli.screen import Column, Content, Screen, joined, said
from isthmus.cli.views.support import support

Body = Mapping[str, Any]


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the answer of where a thing is used."""
    screen.title("what holds or needs", str(found["question"]["caption"]))
    totals = found["totals"]
    if totals["things"]:
        fail = f"{totals['fail']:,} of them" if totals["fail"] else "none of them"
        verb = "fails" if totals["fail"] == 1 else "fail"
        screen.line(f"{counted(totals['things'], 'thing')}; {fail} {verb} with it.", hang=2)
        screen.blank()
    rows = cut(found["answers"], call)
    lines: list[list[Content]] = []
    for row in rows:
        name = said(row["caption"], "bold")
        if row["hedges"]:
            name = joined([name, said(f"({hedged(row['hedges'][:2])})", "italic")])
        way = " < ".join(row["way_captions"][:-1])
        lines.append(
            [
                f"{row['tier']:,}",
                name,
                "fails with it" if row["fails"] else "",
                said(f"{way} ({', '.join(row['by'])})", "dim"),
            ]
        )
    if lines:
        columns = [Column("steps", figures=True), Column("what"), Column(""), Column("the way up to it")]
        screen.table(columns, lines)
    rest(screen, found["answers"], rows)
    gaps(screen, found["gaps"])
    conflicts(screen, found["conflicts"])
    limits(screen, found["limits"])
    asked_why = call.verb == "why" or bool(call.values.get("why"))
    if asked_why:
        support(screen, found, rows, lambda row: said(row["caption"], "bold"))
    footer(screen, found, found["claims"], "" if asked_why else f"what carries it: {again(call, 'why')}")
