"""What a screening found: each name with its candidates, and all that was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.frame import counted, cut, rest
from isthmus.cli.screen import Column, Content, Screen, joined, said
from isthmus.cli.views.match import STYLES, in_short
from isthmus.cli.views.timeline import dated

FIRST = 10
Body = Mapping[str, Any]


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the lists, the names that match, what was left out and the rows that could not be compared."""
    screen.title(f"{counted(found['names'], 'name')} of {found['file']}, as listed on {found['as_of']}")
    for item in found["lists"]:
        screen.note(_list(item), "·")
    matched = [row for row in found["rows"] if row["candidates"]]
    shown = cut(matched, call)
    for row in shown:
        screen.heading(f"{row['name']} (line {row['line']})", len(row["candidates"]))
        for candidate in row["candidates"]:
            _candidate(screen, candidate)
        _left(screen, row)
    rest(screen, matched, shown)
    screen.blank()
    none = found["names"] - found["matched"]
    screen.line(
        f"{counted(found['matched'], 'name')} with candidates, {none:,} without (score from {found['bar']:.2f})."
    )
    for row in [row for row in found["rows"] if not row["candidates"] and _words(row)][:FIRST]:
        screen.note(f"{row['name']} (line {row['line']}): {_words(row)}", "·")
    _totals(screen, found)
    _lines(screen, "Not compared", found["rejected"], "reason", call)
    _lines(screen, "Compared, but mind that", found["remarks"], "what", call)
    if found["out"]:
        screen.blank()
        screen.line(f"All of it is written to {found['out']}.")


def _list(item: Body) -> str:
    parts = [f"{item['listed']:,} of {counted(item['entries'], 'entry')} listed"]
    parts += [f"{item['delisted']:,} delisted"] if item["delisted"] else []
    parts += [f"{item['not_yet_listed']:,} not yet listed"] if item["not_yet_listed"] else []
    parts += [f"{counted(item['rejected'], 'row')} not compared"] if item["rejected"] else []
    name = f"{item['title']} ({item['list']})" if item["title"] != item["list"] else item["list"]
    return f"{name}: {', '.join(parts)}"


def _candidate(screen: Screen, found: Body) -> None:
    state = [] if found["state"] == "listed" else [said(f"[{found['state']}]", "red")]
    head: list[Content] = [
        said(f"{found['score']:.2f}", "bold"),
        said(found["verdict"], STYLES[found["verdict"]]),
        said(found["caption"], "bold"),
        *state,
        said(found["id"] or "", "dim"),
    ]
    screen.line(joined(head), indent=2, hang=2)
    if found["names"][1] and found["names"][1] != found["caption"]:
        screen.line(f"matched “{found['names'][1]}”", indent=6, hang=2)
    screen.line(in_short(found["reasons"]), indent=6, hang=2)
    for item in found["listings"][:FIRST]:
        screen.line(_listing(item), indent=6, hang=2)
    if len(found["listings"]) > FIRST:
        screen.line(said(f"… and {len(found['listings']) - FIRST:,} more entries", "dim"), indent=6)


def _listing(item: Body) -> str:
    since = f"from {dated(item['from'])}" if item["from"] else "no date"
    until = f", not from {item['to'].lstrip('<')} on" if item["to"] and item["to"].startswith("<") else ""
    until = until or (f" until {dated(item['to'])}" if item["to"] else "")
    later = " (by a later entry)" if item["closed_by_later"] else ""
    return f"{item['programme'] or 'listed'}: {since}{until}{later} · {item['source']}, {item['locator']}"


def _left(screen: Screen, row: Body) -> None:
    if words := _words(row):
        screen.line(said(f"left out: {words}", "dim"), indent=2, hang=2)


def _words(row: Body) -> str:
    told = {"delisted": "delisted", "not_yet_listed": "not yet listed", "judged_different": "judged different"}
    return "; ".join(f"{words}: {', '.join(row[key])}" for key, words in told.items() if row[key])


def _totals(screen: Screen, found: Body) -> None:
    told = {
        "delisted": "of things that are no longer listed; --include-delisted shows them",
        "not_yet_listed": "of things that are not listed yet on that day",
        "judged_different": "that were judged different",
    }
    for key, words in told.items():
        if number := found["left_out"][key]:
            screen.note(f"{number:,} {'candidate' if number == 1 else 'candidates'} left out {words}", "·")


def _lines(screen: Screen, head: str, found: Sequence[Body], key: str, call: Call) -> None:
    if not found:
        return
    screen.heading(head, len(found))
    rows = found if call.values["all"] else found[:FIRST]
    screen.table([Column("line", figures=True), Column("")], [[f"{row['line']:,}", row[key]] for row in rows], indent=2)
    rest(screen, found, rows)
