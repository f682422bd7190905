"""What stands around every answer: how many rows, and below it of which picture and by how many voices."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from isthmus.cli.call import Call
from isthmus.cli.doubt import voices
from isthmus.cli.screen import Screen, joined, said

ROWS = 50
Row = TypeVar("Row")


def cut(rows: Sequence[Row], call: Call) -> Sequence[Row]:
    """Return the rows that are printed: the first 50, or all where ``--all`` is given."""
    return rows if call.values.get("all") else rows[:ROWS]


def rest(screen: Screen, rows: Sequence[Any], shown: Sequence[Any]) -> None:
    """Say how many rows are not printed."""
    more = len(rows) - len(shown)
    if more > 0:
        screen.note(said(f"… and {more:,} more; --all prints them, --json has them in full", "dim"))


def limits(screen: Screen, found: Iterable[str]) -> None:
    """Print what bounds an answer."""
    told = list(found)
    if told:
        screen.heading("Mind that")
        for text in told:
            screen.note(text, "·")


def moment(text: str) -> str:
    """Return a record time to the second."""
    return text[:19].replace("T", " ") + " UTC" if text.endswith("Z") else text


def footer(screen: Screen, found: Mapping[str, Any], claims: Mapping[str, Any] | None, hint: str = "") -> None:
    """Print of which picture an answer is, and how many claims and voices carry it."""
    as_of = f"as of {found['as_of']}" if found.get("as_of") else "all times"
    parts = [as_of, f"known at {moment(str(found['known_at']))}"]
    if found.get("picture"):
        parts.append(f"picture {str(found['picture']).removeprefix('sha256:')[:12]}")
    screen.blank()
    screen.line(said(" · ".join(parts), "dim"))
    carried = (
        [] if claims is None else [counted(len(claims), "claim"), counted(voices(claims.values()), "independent voice")]
    )
    last = " · ".join([*carried, hint] if hint else carried)
    if last:
        screen.line(said(last, "dim"), hang=2)


def counted(number: int, thing: str) -> str:
    """Return a number with its noun."""
    plural = f"{thing[:-1]}ies" if thing.endswith("y") else f"{thing}s"
    return f"{number:,} {thing if number == 1 else plural}"


def again(call: Call, verb: str) -> str:
    """Return the command line of a call with another verb."""
    path = call.path.replace(f"isthmus {call.verb}", f"isthmus {verb}", 1)
    # Who copies the line does not mean to write the drawing anew.
    drawing = ("--svg", "--by") if call.lens == "concentration" else ("--svg",)
    words = [word for word in call.words if not word.startswith(tuple(f"{name}=" for name in drawing))]
    for name in drawing:
        place = words.index(name) if name in words else len(words)
        words = [*words[:place], *words[place + 2 :]]
    return f"{path} {shlex.join(words)}".rstrip()


def title(screen: Screen, caption: str, kinds: Sequence[str], name: str) -> None:
    """Print what an entity is called, its kinds and its id."""
    words = ", ".join(kind.replace("_", " ") for kind in kinds)
    text = joined([said(caption, "bold")])
    if words:
        text.append(f"  {words}")
    if name != caption:
        text.append_text(said(f"  {name}", "dim"))
    screen.line(text)
