"""Every channel by which somebody can direct a thing: who holds it, who may, and where nothing is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from isthmus.cli.call import Call
from isthmus.cli.doubt import HOLLOW, STRUCK, conflicts, gaps, hedged, places
from isthmus.cli.frame import again, counted, footer, limits
from isthmus.cli.screen import Column, Content, Screen, joined, said
from isthmus.cli.views.control import nominal
from isthmus.cli.views.control_why import carried
from isthmus.cli.views.control_words import names, state_words

HOLDERS = 8
_STYLES = {"held": "bold", "may be held": "italic", "unknown": "dim", "denied": "strike"}
_MARKS = {"unknown": HOLLOW, "searched": STRUCK}
_EMPTY = {
    "unknown": "no evidence here; that is not to say none",
    "searched": "looked for and not found",
    "denied": "denied",
}
Body = Mapping[str, Any]


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the answer of the points of control."""
    question = found["question"]
    screen.title("by which channels somebody can direct", str(question["caption"]))
    screen.line(_sentence(found["answers"]), hang=2)
    screen.blank()
    every = bool(call.values.get("all"))
    lines = [line for row in found["answers"] for line in _lines(found, row, every)]
    screen.table([Column("channel"), Column("", keep=True), Column("who"), Column("by whose word")], lines)
    nominal(screen, found)
    _aside(screen, found)
    # A channel that nothing is held about is a row above already.
    gaps(screen, [gap for gap in found["gaps"] if gap["kind"] != "unknown"])
    conflicts(screen, found["conflicts"])
    limits(screen, found["limits"])
    asked_why = call.verb == "why" or bool(call.values.get("why"))
    if asked_why:
        held = [row for row in found["answers"] if (row.get("support") or {}).get("minimal")]
        carried(screen, found, held, lambda row: joined([said(row["label"], "bold"), row["verdict"]], ": "))
    footer(screen, found, found["claims"], "" if asked_why else f"what carries it: {again(call, 'why')}")


def _sentence(rows: Sequence[Body]) -> str:
    parts = []
    for verdict in ("held", "may be held"):
        labels = [str(row["label"]) for row in rows if row["verdict"] == verdict]
        if labels:
            parts.append(f"{verdict}: {', '.join(labels)}")
    unknown = sum(row["verdict"] == "unknown" for row in rows)
    if unknown:
        parts.append(f"{counted(unknown, 'channel')} of {len(rows):,} unknown")
    text = "; ".join(parts) or "No channel is known to be held"
    return f"{text[0].upper()}{text[1:]}."


def _lines(found: Body, row: Body, every: bool) -> list[list[Content]]:
    verdict = row["verdict"]
    mark = _MARKS.get(verdict, "")
    state = joined([*([mark] if mark else []), said(verdict, _STYLES.get(verdict, ""))])
    label = said(row["label"])
    holders = row["holders"] if every else row["holders"][:HOLDERS]
    if not holders:
        return [[label, state, said(_EMPTY.get(verdict, ""), "dim"), places(_claims(found, row), 1)]]
    lines: list[list[Content]] = []
    for number, holder in enumerate(holders):
        word = places(_claims(found, holder), 1)
        lines.append(["" if number else label, "" if number else state, _holder(found, holder, verdict), word])
    more = len(row["holders"]) - len(holders)
    if more:
        lines.append(["", "", said(f"… and {more:,} more; --all prints them", "dim"), ""])
    return lines


def _holder(found: Body, holder: Body, verdict: str) -> Text:
    name = said(holder["caption"], "bold")
    if state_words(holder):
        name = joined([name, f"[{state_words(holder)}]"])
    told = ", ".join([str(holder["words"]), *holder.get("when", ())[:2]])
    text = joined([name, told], ": ")
    if holder.get("hedges"):
        text = joined([text, said(f"({hedged(holder['hedges'][:2])})", "italic")])
    if holder.get("standing", verdict) != verdict:
        text = joined([text, said(f"[{holder['standing']}]", "italic")])
    if holder.get("via"):
        text = joined([text, said(f"behind it: {names(_captions(found, holder))}", "dim")], "\n")
    return text


def _captions(found: Body, holder: Body) -> list[str]:
    """Return who stands behind a holder, by name, and where that is not sure."""
    sure = {row["entity"]: row.get("sure", True) for row in holder.get("behind", ())}
    told = {row["entity"]: row["caption"] for row in holder.get("behind", ())}
    called = {row["entity"]: row["caption"] for answer in found["answers"] for row in answer["holders"]}
    called |= {**found.get("captions", {}), **told}
    return [called.get(name, name) + ("" if sure.get(name, True) else " (not sure)") for name in holder["via"]]


def _aside(screen: Screen, found: Body) -> None:
    """Print what is said of the thing and counts in no channel."""
    rows = found.get("aside") or []
    if not rows:
        return
    screen.heading("Said of it, and no channel", sum(row["n"] for row in rows))
    for row in rows:
        who = names(holder["caption"] for holder in row["holders"])
        screen.note(joined([f"{row['label']} ({row['n']:,}): {who}", said(f"({row['why']})", "dim")]), "·")


def _claims(found: Body, row: Body) -> list[Body]:
    return [found["claims"][name] for name in row.get("claims", ()) if name in found["claims"]]
