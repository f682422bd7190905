"""What happened to a thing, in order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.doubt import conflicts, gaps, places
from isthmus.cli.frame import again, cut, footer, limits, rest
from isthmus.cli.screen import Column, Screen, joined
from isthmus.cli.views.support import support

Body = Mapping[str, Any]


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the answer of the timeline."""
    screen.title("what is dated about", str(found["question"]["caption"]))
    screen.blank()
    entries = merged(found["answers"])
    rows = cut(entries, call)
    columns = [Column("date", keep=True), Column("", keep=True), Column("what"), Column("by whose word")]
    lines = [[dated(row["date"]), row["edge"], row["sentence"], places(_claims(found, row))] for row in rows]
    if lines:
        screen.table(columns, lines)
    else:
        screen.note("no claim about it has a date")
    rest(screen, entries, rows)
    gaps(screen, found["gaps"])
    conflicts(screen, found["conflicts"])
    limits(screen, found["limits"])
    asked_why = call.verb == "why" or bool(call.values["why"])
    if asked_why:
        support(screen, found, rows, lambda row: joined([dated(row["date"]), row["sentence"]]))
    footer(screen, found, found["claims"], "" if asked_why else f"what carries it: {again(call, 'why')}")


def merged(answers: Sequence[Body]) -> list[Body]:
    """Return the entries, where what begins and ends on one date is one entry."""
    ends = {(row["date"], *row["claims"]) for row in answers if row["edge"] == "ends"}
    begins = {(row["date"], *row["claims"]) for row in answers if row["edge"] == "begins"}
    out: list[Body] = []
    for row in answers:
        key = (row["date"], *row["claims"])
        if row["edge"] == "begins" and key in ends:
            out.append({**row, "edge": "in"})
        elif not (row["edge"] == "ends" and key in begins):
            out.append(row)
    return out


def dated(text: str) -> str:
    """Return a partial date with its mark in words."""
    words = {"<=": "by ", ">=": "from ", "<": "before ", ">": "after ", "~": "about "}
    for mark, word in words.items():
        if text.startswith(mark):
            return word + text[len(mark) :]
    return text


def _claims(found: Body, row: Body) -> list[Body]:
    return [found["claims"][name] for name in row["claims"] if name in found["claims"]]
