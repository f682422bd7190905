"""One entity: names, identifiers, facts, relations, timeline, gaps, conflicts, judgements, sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.text import Text

from isthmus.cli.call import Call
from isthmus.cli.doubt import UNLIKE, conflicts, gaps, place, places, short_links
from isthmus.cli.frame import ROWS, cut, footer, rest, title
from isthmus.cli.screen import Column, Content, Screen, joined, said
from isthmus.cli.views.timeline import dated

LEAST_DATED, MOST_DATED = 3, 12
OF_A_GROUP = 10
Body = Mapping[str, Any]
_CHECKED = {True: "✓", False: "✗ check digits do not fit", None: ""}


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print all that is held of an entity."""
    entity = found["entity"]
    title(screen, entity["caption"], found["kinds"], entity["id"])
    others = [name for name in entity["members"] if name != entity["id"]]
    if others:
        screen.note(said(f"judged the same: {', '.join(others)}", "dim"))
    _judgements(screen, found["judgements"])
    _names(screen, found["names"])
    _identifiers(screen, found["identifiers"], call)
    marked = {claim for item in found["conflicts"] for claim in item["claims"]}
    if found["facts"]:
        screen.heading("Facts", len(found["facts"]))
        facts = cut(found["facts"], call)
        screen.table([Column(""), Column("")], _lines(facts, call, marked), indent=2)
        rest(screen, found["facts"], facts)
    _relations(screen, found["relations"], call, marked)
    _timeline(screen, [*found["facts"], *found["relations"]], str(entity["caption"]))
    gaps(screen, found["gaps"])
    conflicts(screen, found["conflicts"])
    _sources(screen, found["sources"], call)
    named = {claim: row for row in (*found["names"], *found["identifiers"]) for claim in row["claims"]}
    held = {**named, **{row["id"]: row for row in (*found["facts"], *found["relations"])}}
    hint = "--claims prints the ids of claims" if not call.values["claims"] else ""
    footer(screen, found, held, hint)


def _judgements(screen: Screen, found: Sequence[Body]) -> None:
    told = {"same": "is the same as", "different": "is not", "unsure": "may be the same as"}
    for item in found:
        doubtful = item["verdict"] != "same" or item["state"] != "in force"
        if doubtful and item["state"] != "not in force":
            state = f", {item['state']}" if item["state"] != "in force" else ""
            screen.note(f"{item['a']} {told[item['verdict']]} {item['b']}{state}: {item['why']} ({item['who']})", "?")


def _names(screen: Screen, found: Sequence[Body]) -> None:
    if len(found) < 2:
        return
    screen.heading("Names")
    rows: list[list[Content]] = []
    for name, group in groupby(sorted(found, key=_named), key=_named):
        items = list(group)
        read = {item["source"]: item["locator"] for item in reversed(items)}
        first = next(iter(read))
        more = f" and {len(read) - 1} more" if len(read) > 1 else ""
        rows.append([name[0], name[1], name[2].replace("_", " "), said(place(first, [read[first]]) + more, "dim")])
    screen.table([Column("name"), Column("lang", keep=True), Column("type"), Column("by whose word")], rows, indent=2)


def _named(item: Body) -> tuple[str, str, str]:
    return (item["name"] or "", item["lang"] or "", item["type"] or "")


def _identifiers(screen: Screen, found: Sequence[Body], call: Call) -> None:
    if not found:
        return
    screen.heading("Identifiers", len(found) if len(found) > OF_A_GROUP else None)
    shown = found if call.values["all"] else found[:OF_A_GROUP]
    rows = [
        [
            item["scheme"] or "",
            item["value"] or "",
            _CHECKED[item.get("valid")],
            said(place(item["source"], [item["locator"]]), "dim"),
        ]
        for item in shown
    ]
    screen.table([Column("scheme", keep=True), Column("value"), Column(""), Column("by whose word")], rows, indent=2)
    rest(screen, found, shown)


def _relations(screen: Screen, found: Sequence[Body], call: Call, marked: set[str]) -> None:
    """Print the relations in groups by predicate, in one table so that the columns stand below one another."""
    if not found:
        return
    screen.heading("Relations", len(found))
    lines: list[list[Content]] = []
    for name, group in groupby(found, key=lambda row: row["predicate"]):
        rows = list(group)
        shown = rows if call.values["all"] or len(found) <= ROWS else rows[:OF_A_GROUP]
        head = said(name.replace("_", " "), "underline")
        lines.append([joined([Text("\n" if lines else ""), head, said(f" ({len(rows):,})", "dim")], ""), ""])
        lines += _lines(shown, call, marked)
        if len(rows) > len(shown):
            lines.append([said(f"… and {len(rows) - len(shown):,} more", "dim"), ""])
    screen.table([Column(""), Column("")], lines, indent=2)
    if len(found) > ROWS and not call.values["all"]:
        screen.note(said("--all prints every relation; `isthmus ask relations` chooses by predicate", "dim"))


def _lines(rows: Sequence[Body], call: Call, marked: set[str]) -> list[list[Content]]:
    return [[_sentence(row, call, marked), places([row])] for row in rows]


def _sentence(row: Body, call: Call, marked: set[str]) -> Text:
    style = "strike" if row["stance"] != "asserts" else "dim" if row.get("valid_to") else ""
    text = said(row["sentence"], style)
    if row["id"] in marked:
        text = joined([text, UNLIKE])
    return joined([text, said(row["id"], "dim")], "\n") if call.values["claims"] else text


def _timeline(screen: Screen, rows: Sequence[Body], caption: str) -> None:
    dates = [(row.get("valid_from") or row.get("observed") or row.get("valid_to"), row) for row in rows]
    known = sorted(
        ((date, row) for date, row in dates if date), key=lambda pair: (pair[0].lstrip("<>=~"), pair[1]["id"])
    )
    if len(known) < LEAST_DATED:
        return
    screen.heading("Timeline", len(known))
    shown = known[:MOST_DATED]
    screen.table([Column("", keep=True), Column("")], [[dated(date), row["sentence"]] for date, row in shown], indent=2)
    if len(known) > len(shown):
        screen.note(said(f"… and {len(known) - len(shown):,} more: isthmus ask timeline “{caption}”", "dim"))


def _sources(screen: Screen, found: Mapping[str, Body], call: Call) -> None:
    listed = [source for source in found.values() if source.get("title")]
    screen.heading("Sources", len(found))
    shown = cut(listed, call)
    rows: list[list[Content]] = [
        [
            said(short_links(source["id"]), "dim"),
            ", ".join(str(source[key]) for key in ("title", "publisher", "date") if source.get(key)),
            source.get("kind", "").replace("_", " "),
            source.get("reliability", ""),
        ]
        for source in shown
    ]
    if rows:
        screen.table([Column("id"), Column("what it is"), Column("kind"), Column("rel.")], rows, indent=2)
    rest(screen, listed, shown)
    bare = len(found) - len(listed)
    if bare:
        screen.note(said(f"{bare:,} of them are named and not described", "dim"))
