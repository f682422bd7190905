"""One entity: names, identifiers, facts, relations, timeline, gaps, conflicts, judgements, sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.text import Text

from isthmus.cli.call import Call
from isthmus.cli.doubt import conflicts, gaps, place, places, short_links
from isthmus.cli.frame import cut, footer, rest, title
from isthmus.cli.screen import Column, Content, Screen, joined, said
from isthmus.cli.views.timeline import dated

LEAST_DATED, MOST_DATED = 3, 12
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
    _identifiers(screen, found["identifiers"])
    if found["facts"]:
        screen.heading("Facts", len(found["facts"]))
        _claims(screen, found["facts"], call)
    _relations(screen, found["relations"], call)
    _timeline(screen, [*found["facts"], *found["relations"]], str(entity["caption"]))
    gaps(screen, found["gaps"])
    conflicts(screen, found["conflicts"])
    _sources(screen, found["sources"], call)
    held = {row["id"]: row for row in (*found["facts"], *found["relations"])}
    hint = "--claims prints the ids of claims" if not call.values["claims"] else ""
    footer(screen, found, held, hint)


def _judgements(screen: Screen, found: Sequence[Body]) -> None:
    told = {"same": "is the same as", "different": "is not", "unsure": "may be the same as"}
    for item in found:
        if item["verdict"] != "same":
            screen.note(f"{item['a']} {told[item['verdict']]} {item['b']}: {item['why']} ({item['who']})", "?")


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
    screen.table([Column("name"), Column("lang", keep=True), Column("type"), Column("by whose word")], rows)


def _named(item: Body) -> tuple[str, str, str]:
    return (item["name"] or "", item["lang"] or "", item["type"] or "")


def _identifiers(screen: Screen, found: Sequence[Body]) -> None:
    if not found:
        return
    screen.heading("Identifiers")
    rows = [
        [item["scheme"] or "", item["value"] or "", _CHECKED[item.get("valid")], said(place(item["source"], [item["locator"]]), "dim")]
        for item in found
    ]
    screen.table([Column("scheme", keep=True), Column("value"), Column(""), Column("by whose word")], rows)


def _relations(screen: Screen, found: Sequence[Body], call: Call) -> None:
    groups = [(name, list(group)) for name, group in groupby(found, key=lambda row: row["predicate"])]
    for name, rows in groups:
        screen.heading(name.replace("_", " "), len(rows))
        _claims(screen, rows, call)


def _claims(screen: Screen, rows: Sequence[Body], call: Call) -> None:
    shown = cut(rows, call) if len(rows) <= 60 else cut(rows, call)[: len(rows) if call.values["all"] else 20]
    lines = [[_sentence(row, call), places([row])] for row in shown]
    screen.table([Column(""), Column("")], lines, indent=2)
    rest(screen, rows, shown)


def _sentence(row: Body, call: Call) -> Text:
    style = "strike" if row["stance"] != "asserts" else "dim" if row.get("valid_to") else ""
    text = said(row["sentence"], style)
    return joined([text, said(row["id"], "dim")], "\n") if call.values["claims"] else text


def _timeline(screen: Screen, rows: Sequence[Body], caption: str) -> None:
    dates = [(row.get("valid_from") or row.get("observed") or row.get("valid_to"), row) for row in rows]
    known = sorted(((date, row) for date, row in dates if date), key=lambda pair: (pair[0].lstrip("<>=~"), pair[1]["id"]))
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
            f"{source.get('kind', '').replace('_', ' ')} {source.get('reliability', '')}".strip(),
        ]
        for source in shown
    ]
    if rows:
        screen.table([Column("id"), Column("what it is"), Column("kind, reliability")], rows, indent=2)
    rest(screen, listed, shown)
    bare = len(found) - len(listed)
    if bare:
        screen.note(said(f"{bare:,} of them are named and not described", "dim"))
