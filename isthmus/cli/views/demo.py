"""The tour of the reference picture: a question, its answer, how sure, by whose word, and the command that gives it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from isthmus.cli.call import DEFAULT, Call
from isthmus.cli.doubt import HOLLOW
from isthmus.cli.screen import Screen, said

Body = Mapping[str, Any]


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the tour, and where the picture and its summary are."""
    screen.title("The reference picture")
    counts = [f"{found[key]:,} {key}" for key in ("claims", "sources", "entities", "conflicts", "gaps") if key in found]
    screen.line(said(" · ".join(counts), "dim"))
    for number, stop in enumerate(found["tour"], 1):
        _stop(screen, number, stop)
    screen.blank()
    screen.line(f"picture  {found['picture']}")
    screen.line(f"summary  {found['summary']}  (opens in a browser)")
    screen.line(said(f"hash     {found['hash']}", "dim"))
    if found["picture"] != DEFAULT:
        screen.blank()
        screen.line("So that the commands above ask this picture:", 0)
        screen.line(f"export ISTHMUS_PICTURE={shlex.quote(found['picture'])}", indent=2)


def _stop(screen: Screen, number: int, stop: Body) -> None:
    screen.blank()
    screen.line(said(f"{number}. {stop['question']}", "bold"), hang=3)
    screen.line(stop["answer"], indent=3)
    for line in stop.get("lines", ()):
        screen.line(line, indent=3, hang=2)
    if stop.get("hedge"):
        screen.line(f"in the source's words: “{stop['hedge']}”", indent=3, hang=2)
    for gap in stop.get("gaps", ()):
        screen.line(f"{HOLLOW} {gap}", indent=3, hang=2)
    screen.line(said(f"source: {stop['source']}", "dim"), indent=3, hang=2)
    screen.line(said(f"$ {stop['command']}", "cyan"), indent=3, hang=4)
