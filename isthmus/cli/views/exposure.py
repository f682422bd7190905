"""By how much, and by which ways, a thing depends on what one actor controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from isthmus.cli.call import Call
from isthmus.cli.doubt import bar, conflicts, gaps, hedged
from isthmus.cli.frame import again, counted, cut, footer, limits, rest
from isthmus.cli.screen import Column, Content, Screen, joined, said
from isthmus.cli.views.support import support

BAR = 24
LINKS = 8
Body = Mapping[str, Any]


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the answer of how exposed a thing is."""
    question = found["question"]
    screen.title("how exposed", str(question["caption"]), "is to", str(question["to_caption"]))
    if found["share"] is not None:
        low, high = found["share"]["low"], found["share"]["high"]
        drawn = joined([bar(low, high, BAR), said(percent(found["share"]), "bold"), _tail(found)])
        screen.line(drawn, hang=2)
    else:
        screen.line(f"{found['verdict']}.", hang=2)
    every = bool(call.values.get("all"))
    rows = cut(found["answers"], call)
    for words, heading in ((("itself", "controls"), "What it controls"), (("may control",), "What it may control")):
        mine = [row for row in rows if row["control"] in words]
        if mine:
            whole = sum(row["control"] in words for row in found["answers"])
            screen.heading(f"{heading}, and the thing reaches", whole)
            _table(screen, found, mine, every)
    rest(screen, found["answers"], rows)
    if found["apart"]:
        screen.heading("Apart, and not counted", len(found["apart"]))
        for row in cut(found["apart"], call):
            screen.note(joined([said(row["caption"], "bold"), said(f"({row['control']})", "dim")]), "·")
    gaps(screen, found["gaps"])
    conflicts(screen, found["conflicts"])
    limits(screen, found["limits"])
    asked_why = call.verb == "why" or bool(call.values.get("why"))
    if asked_why and rows:
        support(screen, found, rows, lambda row: said(row["caption"], "bold"))
        _without(screen, found["sensitivity"]["without"])
    footer(screen, found, found["claims"], "" if asked_why else f"what carries it: {again(call, 'why')}")


def _without(screen: Screen, works: Mapping[str, Body]) -> None:
    """Say what the answer is without each work on which it hangs."""
    if works:
        screen.heading("The answer without one work")
    for work, body in works.items():
        share = f" ({percent(body['share'])})" if body["share"] else ""
        screen.note(f"{work}: {body['verdict']}{share}", "·")


def _tail(found: Body) -> str:
    totals = found["totals"]
    may = f" and {totals['may_be_reached']:,} that may be" if totals["may_be_reached"] else ""
    if found["verdict"] == "no dependence found":
        return f"no dependence found, of {totals['needed']:,} that it needs."
    of = f"reaches {counted(totals['reached'], 'thing')} in these hands{may}, of {totals['needed']:,} that it needs"
    return f"lost if all of that failed: it {found['verdict']}, and {of}."


def percent(body: Body) -> str:
    """Return a part of a whole in words: “40 %”, “20 to 60 %”."""
    low, high = (_shown(body[end]) for end in ("low", "high"))
    return f"{low} %" if low == high else f"{low} to {high} %"


def _shown(end: float) -> str:
    text = f"{100 * end:.1f}".removesuffix(".0")
    # What is nearly nothing or nearly all is neither.
    return "under 0.1" if text == "0" and end > 0 else "over 99.9" if text == "100" and end < 1 else text


def _table(screen: Screen, found: Body, rows: Sequence[Body], every: bool) -> None:
    paths = {path["to"]: path for path in found["paths"]}
    columns = [Column("alone", figures=True), Column("what"), Column("the way down to it, and by whom it is held")]
    lines: list[list[Content]] = []
    for row in rows:
        name = said(row["caption"], "bold")
        if row["hedges"]:
            name = joined([name, said(f"({hedged(row['hedges'][:2])})", "italic")])
        lines.append([percent(row["alone"]), name, _path(paths[row["entity"]], every)])
    screen.table(columns, lines)


def _path(path: Body, every: bool) -> Text:
    """Say each step down, and below them each link of the chain of control, on lines of their own."""
    steps = [said(f"{'' if step['certain'] else 'perhaps: '}{_step(step)}", "dim") for step in path["steps"]]
    links = [said(f"{'' if link['certain'] else 'perhaps: '}{link['sentence']}", "italic") for link in path["chain"]]
    lines = [*steps, *links]
    shown = lines if every else lines[:LINKS]
    more = len(lines) - len(shown)
    if more:
        shown = [*shown, said(f"… and {counted(more, 'more link')}; --all prints them", "dim")]
    return Text("\n").join(shown)


def _step(step: Body) -> str:
    said_share = f", {percent(step['share'])}" if step["share"] else ""
    if step["side"]:
        verb = "is made in" if step["side"] == "countries" else "is made by"
        many = f" (one of {step['alternatives']:,}{said_share})" if step["alternatives"] > 1 else said_share
        return f"{step['from_caption']} {verb} {step['to_caption']}{many}"
    takes = "one" if step["takes"] == 1 else f"{step['takes']:,}"
    need = f" for {step['need']}" if step["need"] else ""
    many = f" ({takes} of {step['alternatives']:,}{said_share})" if step["alternatives"] > step["takes"] else said_share
    verb = "is supplied by" if step.get("supply_of") else "needs"
    return f"{step['from_caption']} {verb} {step['to_caption']}{need}{many}"
