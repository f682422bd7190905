"""Whose failure fails a thing, alone or with one other, and what takes most along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from isthmus.cli.call import Call
from isthmus.cli.doubt import conflicts, gaps, hedged
from isthmus.cli.frame import again, counted, cut, footer, limits, rest
from isthmus.cli.screen import Column, Content, Screen, joined, said
from isthmus.cli.views.control_words import names
from isthmus.cli.views.needs_words import need_words
from isthmus.cli.views.support import support

STEPS = 6
EXAMPLES = 3
Body = Mapping[str, Any]


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the answer of the chokepoints."""
    question = found["question"]
    of = question.get("caption")
    screen.title("whose failure", "fails" if of else "takes most along", *([str(of)] if of else []))
    screen.line(_sentence(found), hang=2)
    rows = [row for row in found["answers"] if not row["itself"]]
    alone, pairs = ([row for row in rows if row["alone"] == flag] for flag in (True, False))
    if alone:
        screen.heading("Alone", found["totals"]["alone"] - bool(of))
        shown = cut(alone, call)
        _table(screen, found, shown, bool(call.values.get("all")))
        rest(screen, alone, shown)
    if pairs:
        screen.heading("Together with one other, and not alone", found["totals"]["pairs"])
        shown = cut(pairs, call)
        _table(screen, found, shown, bool(call.values.get("all")))
        rest(screen, pairs, shown)
    gaps(screen, found["gaps"])
    conflicts(screen, found["conflicts"])
    limits(screen, found["limits"])
    asked_why = call.verb == "why" or bool(call.values.get("why"))
    if asked_why:
        support(screen, found, cut(rows, call), lambda row: said(_who(row), "bold"))
    footer(screen, found, found["claims"], "" if asked_why else f"what carries it: {again(call, 'why')}")


def _sentence(found: Body) -> str:
    totals, question = found["totals"], found["question"]
    if not totals:
        return "Nothing is held about what it needs."
    if question.get("of"):
        others = totals["alone"] - 1
        text = (
            f"{counted(others, 'thing')} {'fails' if others == 1 else 'fail'} it alone"
            if others > 0
            else "Nothing else fails it alone"
        )
        if "pairs" in totals:
            text += f"; {counted(totals['pairs'], 'pair')} together"
        return f"{text}. Its own failure takes {totals['impact'] - 1:,} along."
    return f"{totals['alone']:,} of {counted(totals['things'], 'thing')} take others along; {counted(totals['needs'], 'need')}."


def _who(row: Body) -> str:
    return " with ".join([row["caption"], *row["with_captions"]])


def _table(screen: Screen, found: Body, rows: Sequence[Body], every: bool) -> None:
    one = bool(found["question"].get("of"))
    columns = [
        Column("fail with it", figures=True),
        Column("what fails"),
        Column("how it gets there" if one else "nothing in its place for"),
    ]
    lines: list[list[Content]] = []
    for row in rows:
        name = said(_who(row), "bold")
        if row["hedges"]:
            name = joined([name, said(f"({hedged(row['hedges'][:2])})", "italic")])
        told = _path(row, every) if one else _examples(row)
        lines.append([f"{row['impact']:,}", name, told])
    screen.table(columns, lines)


def _path(row: Body, every: bool) -> Text:
    """Say each step on its own line: what fails, and which need has too little left."""
    path = row["path"]
    shown = path if every else path[:STEPS]
    lines = [joined([said(step["caption"]), said(need_words(step), "dim")], " ") for step in shown]
    more = len(path) - len(shown) + row.get("path_more", 0)
    if more:
        lines.append(said(f"… and {counted(more, 'more step')}; --all prints them", "dim"))
    return Text("\n").join(lines)


def _examples(row: Body) -> Text:
    captions = [step["caption"] for step in row["examples"][:EXAMPLES]]
    more = row["direct"] - len(captions)
    return said(f"{', '.join(captions)} and {more:,} more" if more > 0 else names(captions))
