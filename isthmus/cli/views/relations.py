"""What is tied to a thing, step by step, in groups by predicate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.text import Text

from isthmus.cli.call import Call
from isthmus.cli.doubt import conflicts, gaps, places
from isthmus.cli.frame import again, cut, footer, limits, rest
from isthmus.cli.screen import Column, Content, Screen, joined, said
from isthmus.cli.views.support import support

STYLES = {"ended": "dim", "denied": "strike", "looked for, not found": "strike"}
Body = Mapping[str, Any]


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the answer of the relations."""
    question = found["question"]
    screen.title("what is tied to", str(question["caption"]))
    rows = cut(found["answers"], call)
    for step, group in groupby(rows, key=lambda row: row["depth"]):
        if question["depth"] > 1:
            screen.heading(f"{step} step{'s' if step > 1 else ''} away")
        else:
            screen.blank()
        _table(screen, found, list(group))
    if not rows:
        screen.blank()
        screen.note("nothing is held; that is not to say that there is nothing")
    rest(screen, found["answers"], rows)
    gaps(screen, found["gaps"])
    conflicts(screen, found["conflicts"])
    limits(screen, found["limits"])
    asked_why = call.verb == "why" or bool(call.values["why"])
    if asked_why:
        support(screen, found, rows, lambda row: joined([row["from_caption"], row["label"], row["to_caption"]]))
    footer(screen, found, found["claims"], "" if asked_why else f"what carries it: {again(call, 'why')}")


def _table(screen: Screen, found: Body, rows: Sequence[Body]) -> None:
    columns = [Column("", keep=True), Column("relation"), Column("by whose word")]
    lines: list[list[Content]] = []
    for row in rows:
        claims = [found["claims"][name] for name in row["claims"] if name in found["claims"]]
        style = STYLES.get(row["verdict"], "")
        word = places(claims)
        if row["independent"] > 1:
            word = joined([word, said(f"({row['independent']} independent voices)", "dim")])
        lines.append([_state(row["verdict"]), _lines(row["sentences"], style), word])
    screen.table(columns, lines)


def _state(verdict: str) -> Text:
    return said("" if verdict == "holds" else verdict, "italic")


def _lines(sentences: Iterable[str], style: str) -> Text:
    return Text("\n").join(said(sentence, style) for sentence in dict.fromkeys(sentences))
