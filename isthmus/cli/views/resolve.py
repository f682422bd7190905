"""Pairs that may be one thing: shown one by one with keys to decide where a person is there, else listed."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.deciding import Session
from isthmus.cli.frame import counted, cut, rest
from isthmus.cli.screen import Column, Content, Screen, said
from isthmus.cli.views.match import STYLES, in_short

Body = Mapping[str, Any]


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Ask about each proposal at a terminal; elsewhere, or with ``--apply`` or ``--list``, list them."""
    asking = sys.stdin.isatty() and sys.stdout.isatty() and not call.values["apply"] and not call.values["list"]
    if asking and found["proposals"]:
        Session(screen, found, call).run()
        return
    if call.values["apply"]:
        _applied(screen, found)
    if not found["proposals"]:
        screen.line("Nothing is left to be judged." if call.values["apply"] else "No two entities look like one.")
        return
    screen.heading("For a person to judge" if call.values["apply"] else "Pairs that may be one", found["left"])
    shown = cut(found["proposals"], call)
    columns = [Column("score", figures=True), Column("", keep=True), Column("one"), Column("other"), Column("reasons")]
    screen.table(columns, [_row(item) for item in shown])
    rest(screen, found["proposals"], shown)
    more = found["left"] - len(found["proposals"])
    if more > 0:
        screen.note(said(f"… and {more:,} more; --limit N shows them", "dim"))
    screen.blank()
    screen.line(
        said(
            "`isthmus judge A B same|different|unsure --why TEXT` decides one; at a terminal `isthmus resolve` asks",
            "dim",
        )
    )


def _row(item: Body) -> list[Content]:
    return [
        f"{item['score']:.2f}",
        said(item["verdict"], STYLES[item["verdict"]]),
        _side(item, 0),
        _side(item, 1),
        in_short(item["reasons"]),
    ]


def _side(item: Body, at: int) -> Content:
    name, key = item["names"][at], item["ab"[at]]
    text = said(name)
    if key != name:
        text.append_text(said(f"\n{key}", "dim"))
    return text


def _applied(screen: Screen, found: Body) -> None:
    screen.title(f"{counted(found['applied'], 'pair')} judged the same by rule names/1")
    joined: Sequence[Body] = found["joined"]
    for item in joined[:10]:
        screen.note(f"{item['names'][0]} = {item['names'][1]} ({item['score']:.2f})", "·")
    if len(joined) > 10:
        screen.note(said(f"… and {len(joined) - 10:,} more; --json has them in full", "dim"))
    for item in found["held_back"]:
        screen.note(f"{item['a']} and {item['b']} are not joined: {item['why']}", "!")
    if joined:
        screen.note(said("`isthmus unjudge A B` takes one back", "dim"))
