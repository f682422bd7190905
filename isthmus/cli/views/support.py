"""What carries an answer: its claims, those that it hangs on, and the works without which it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.text import Text

from isthmus.cli.doubt import places
from isthmus.cli.frame import counted
from isthmus.cli.plain import harmless
from isthmus.cli.screen import Screen, joined, said

CLAIMS = 5
NAMED = 4
Body = Mapping[str, Any]


def support(screen: Screen, found: Body, rows: Sequence[Body], name: Callable[[Body], Text]) -> None:
    """Print what carries each row, and below it what the whole answer hangs on."""
    screen.heading("What carries each answer")
    for row in rows:
        told = name(row)
        screen.line(told, indent=2, hang=2)
        _carried(screen, found, row["support"], told.plain)
    _hangs(screen, found)


def _carried(screen: Screen, found: Body, body: Body, told_already: str) -> None:
    sets, pivotal = body["minimal"], set(body["pivotal"])
    if len(sets) > 1:
        screen.line(said(f"any one of {counted(len(sets), 'claim')} carries it:", "dim"), indent=4)
    elif sets and len(sets[0]) > 1:
        screen.line(said(f"these {len(sets[0]):,} claims carry it together:", "dim"), indent=4)
    names = [claim for group in sets for claim in group]
    for claim in names[:CLAIMS]:
        held = found["claims"].get(claim)
        sentence = [held["sentence"]] if held and harmless(held["sentence"]) not in told_already else []
        told = [*sentence, places([held])] if held else ["(not given in full)"]
        name_of = joined([said(claim, "dim"), said("pivotal", "bold")]) if claim in pivotal else said(claim, "dim")
        screen.line(joined([name_of, *told], " · "), indent=4, hang=2)
    if len(names) > CLAIMS:
        screen.line(said(f"… and {counted(len(names) - CLAIMS, 'more claim')}", "dim"), indent=4)


def _hangs(screen: Screen, found: Body) -> None:
    hangs = found["sensitivity"]
    if hangs.get("single_source"):
        screen.heading("Rest on one work alone")
        screen.note(f"answers rest on nothing but {_works(found, hangs['single_source'])}", "·")
    if hangs.get("flips_without"):
        screen.heading("Works without which the answer changes", len(hangs["flips_without"]))
        for work in hangs["flips_without"][:10]:
            gone = hangs.get("flips", {}).get(work, [])
            tail = f": {counted(len(gone), 'answer')} would be gone" if gone else ""
            screen.note(joined([_work(found, work) + tail, said(f"try --without {work}", "dim")], "; "), "·")
        more = len(hangs["flips_without"]) - 10
        if more > 0:
            screen.note(said(f"… and {more:,} more", "dim"))


def _works(found: Body, names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _work(found: Body, name: str) -> str:
    told = found["sources"].get(name, {}).get("title")
    return f"{name} ({told})" if told else name
