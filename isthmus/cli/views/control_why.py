"""What carries a verdict of control: sets of claims, those that it hangs on, and the smallest fact that would change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.text import Text

from isthmus.cli.doubt import places
from isthmus.cli.frame import counted
from isthmus.cli.screen import Screen, joined, said
from isthmus.cli.views.control_words import names

CLAIMS = 8
SETS = 3
Body = Mapping[str, Any]


def carried(screen: Screen, found: Body, rows: Sequence[Body], name: Callable[[Body], Text]) -> None:
    """Print what carries each row, and below it what the whole answer hangs on."""
    screen.heading("What carries each verdict")
    for row in rows:
        screen.line(name(row), indent=2, hang=2)
        body = row.get("support")
        if body and body["minimal"]:
            _support(screen, found, body)
        elif body:
            screen.line(said("no claim carries it: nothing is held that would give another verdict", "dim"), 4, 2)
        else:
            screen.line(said("its support is not worked out", "dim"), indent=4)
        if body and body.get("smallest_change"):
            screen.line(f"the smallest new fact that would change it: {body['smallest_change']['words']}", 4, 2)
    _hangs(screen, found)


def _hangs(screen: Screen, found: Body) -> None:
    """Print the works on which everything rests, and those without which a verdict is another."""
    hangs = found["sensitivity"]
    if hangs.get("single_source"):
        screen.heading("Rest on one work alone")
        one = hangs["single_source"]
        tail = ", which count as one: they are derived from one another" if len(one) > 1 else ""
        screen.note(f"all that is held here rests on nothing but {names(one)}{tail}", "·")
    works = hangs.get("flips_without", ())
    if works:
        screen.heading("Works without which a verdict changes", len(works))
    families = hangs.get("together", ())
    for work in works[:CLAIMS]:
        gone = names(hangs.get("flips", {}).get(work, ()))
        title = found["sources"].get(work, {}).get("title")
        told = f"{work} ({title})" if title else str(work)
        hint = [] if any(work in family for family in families) else [said(f"try --without {work}", "dim")]
        screen.note(joined([f"{told}: {gone}" if gone else told, *hint], "; "), "·")
    if len(works) > CLAIMS:
        screen.note(said(f"… and {len(works) - CLAIMS:,} more", "dim"))
    for family in families[:CLAIMS]:
        told = f"{names(family)} count as one: leave them out together"
        screen.note(joined([told, said(" ".join(f"--without {work}" for work in family), "dim")], "; "), "·")


def _support(screen: Screen, found: Body, body: Body) -> None:
    sets, pivotal = body["minimal"], set(body["pivotal"])
    for number, group in enumerate(sets[:SETS]):
        if len(sets) > 1:
            screen.line(said(f"{'or' if number else 'either'} {_together(len(group))}:", "dim"), indent=4)
        elif len(group) > 1:
            screen.line(said(f"{_together(len(group))}:", "dim"), indent=4)
        for claim in group[:CLAIMS]:
            _claim(screen, found, claim, claim in pivotal)
        if len(group) > CLAIMS:
            screen.line(said(f"… and {counted(len(group) - CLAIMS, 'more claim')}", "dim"), indent=4)
    if len(sets) > SETS:
        screen.line(said(f"… or {len(sets) - SETS:,} more such sets", "dim"), indent=4)
    stray = [claim for claim in body["pivotal"] if not any(claim in group for group in sets[:SETS])]
    for claim in stray:
        _claim(screen, found, claim, True)
    works = body.get("flips_without", ())
    if works:
        screen.line(f"without {' or without '.join(works[:CLAIMS])} the verdict changes", 4, 2)


def _together(number: int) -> str:
    return "this claim alone" if number == 1 else f"these {number:,} claims together"


def _claim(screen: Screen, found: Body, claim: str, pivotal: bool) -> None:
    held = found["claims"].get(claim)
    told = [held["sentence"], places([held])] if held else ["(not given in full)"]
    name = joined([said(claim, "dim"), said("pivotal", "bold")]) if pivotal else said(claim, "dim")
    screen.line(joined([name, *told], " · "), indent=4, hang=2)
