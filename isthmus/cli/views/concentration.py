"""Concentration: the four ways side by side with their index and holders, the alarms, and the needs with their alternatives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from isthmus.cli.call import Call
from isthmus.cli.doubt import bar, conflicts, gaps, hedged, places
from isthmus.cli.frame import again, counted, cut, footer, limits, rest
from isthmus.cli.screen import Column, Content, Screen, joined, said
from isthmus.cli.views.flow import flow
from isthmus.cli.views.support import support

HOLDERS = 5
ALARMS = 12
BAR = 6
_BY = {
    "supplier": "supplier",
    "controller": "ultimate controller",
    "site_country": "country of site",
    "controller_country": "country of controller",
}
_SHORT = {"supplier": "supplier", "controller": "controller", "site_country": "site", "controller_country": "its seat"}
_AGGREGATES = {"remainder": "not named", "region": "region"}
Body = Mapping[str, Any]


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print who supplies a thing, or where supply is most concentrated."""
    if "need" in found["question"]:
        _market(screen, found, call)
    else:
        _overview(screen, found, call)


def _market(screen: Screen, found: Body, call: Call) -> None:
    screen.title("who supplies", str(found["question"]["caption"]))
    every = bool(call.values.get("all"))
    _alternatives(screen, found)
    if not found.get("flow"):
        _series(screen, found["series"])
        screen.blank()
    _shares(screen, found, found, found["answers"], every)
    for other in found["other_series"]:
        if not other.get("flow"):
            told = (
                f"Need: {other['need']}" if other.get("need") else f"Beside it, not added: {_measured(other['series'])}"
            )
            screen.heading(told)
            _alternatives(screen, other)
            screen.blank()
        _shares(screen, found, other, other["rows"], every)
    _alarms(screen, found["alarms"], every)
    gaps(screen, found["gaps"])
    conflicts(screen, found["conflicts"])
    limits(screen, found["limits"])
    asked_why = call.verb == "why" or bool(call.values["why"])
    if asked_why:
        held = [row for row in found["answers"] if row["support"]["minimal"]]
        support(screen, found, held, lambda row: joined([f"by {_BY[row['by']]}", row["top"][0]["caption"]], ": "))
    footer(screen, found, found["claims"], "" if asked_why else f"what carries it: {again(call, 'why')}")


def _shares(screen: Screen, found: Body, market: Body, rows: Sequence[Body], every: bool) -> None:
    if market.get("flow"):
        flow(screen, found, market["flow"], rows, every)
    else:
        _table(screen, found, rows, every)


def _series(screen: Screen, series: Body) -> None:
    told = _measured(series)
    if told:
        screen.line(said(told, "dim"))


def _measured(series: Body) -> str:
    parts = [f"{key}: {str(value).replace('_', ' ')}" for key, value in series.items() if value and key != "need"]
    return " · ".join(parts)


def _alternatives(screen: Screen, body: Body) -> None:
    if not body.get("alternatives"):
        return
    least = f", of which {body['at_least']} must hold" if body["at_least"] > 1 else ""
    number = counted(len(body["alternatives"]), "alternative")
    screen.note(f"{body['need']}: {number}{least}")
    for item in body["alternatives"]:
        names = [one["caption"] for one in item["suppliers"] if one["entity"] != item["entity"]]
        whose = f"by {', '.join(names)}" if names else "" if item["suppliers"] else "nobody is known to supply it"
        screen.note(joined([item["caption"], said(whose, "dim")]), "·")


def _table(screen: Screen, found: Body, rows: Sequence[Body], every: bool) -> None:
    lines: list[list[Content]] = []
    for row in rows:
        lines += _way(found, row, every)
    columns = [Column("by"), Column("HHI", figures=True), Column("holder"), Column("share", figures=True)]
    screen.table([*columns, Column("", keep=True), Column("by whose word")], lines)
    reasons: dict[str, list[str]] = {}
    for row in rows:
        if row.get("hhi_refused"):
            reasons.setdefault(row["hhi_refused"], []).append(_BY[row["by"]])
    for reason, ways in reasons.items():
        screen.note(f"No index by {', '.join(ways)}: {reason}.")


def _way(found: Body, row: Body, every: bool) -> list[list[Content]]:
    """Return the lines of one way: the index beside the largest holder, and the others below."""
    index = _span(row["hhi"]) if row["hhi"] else "none"
    label = said(_BY[row["by"]], "bold")
    holders = row["top"] if every else row["top"][:HOLDERS]
    lines: list[list[Content]] = []
    for number, holder in enumerate(holders):
        head: list[Content] = ["", ""] if number else [label, index]
        lines.append([*head, *_holder(found, holder)])
    if not lines:
        lines.append([label, index, "", "", "", ""])
    more = len(row["top"]) - len(holders)
    if more:
        lines.append(["", "", said(f"… and {more:,} more; --all prints them", "dim"), "", "", ""])
    return lines


def _holder(found: Body, holder: Body) -> list[Content]:
    name = said(holder["caption"])
    if holder.get("aggregate"):
        members = ", ".join(one["caption"] for one in holder.get("members", ()))
        told = f"{members}: who has what is not said" if members else _AGGREGATES[holder["aggregate"]]
        name = joined([name, said(f"[{told}]", "dim")])
    if not holder["sure"]:
        name = joined([name, said("(perhaps)", "italic")])
    behind = [one["caption"] for one in holder["suppliers"]]
    if behind:
        more = f" and {len(behind) - 3} more" if len(behind) > 3 else ""
        name = joined([name, said(f"with {', '.join(behind[:3])}{more}", "dim")])
    share = holder["share"]
    drawn: Content = bar(share["low"], share["high"], BAR) if share else ""
    claims = [found["claims"][claim] for claim in holder["claims"] if claim in found["claims"]]
    word: list[Content] = [hedged(holder["hedges"][:1])] if holder["hedges"] else []
    return [name, holder["share_words"] or "not known", drawn, joined([*word, places(claims, 1)])]


def _span(body: Body) -> str:
    low, high = body["low"], body["high"]
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _alarms(screen: Screen, alarms: Sequence[Body], every: bool) -> None:
    if not alarms:
        return
    screen.heading("Alarms", len(alarms))
    shown = alarms if every else alarms[:ALARMS]
    for alarm in shown:
        screen.note(_alarm(alarm), "!" if alarm["sure"] else "?")
    rest(screen, alarms, shown)


def _alarm(alarm: Body) -> Text:
    told = said(alarm["words"], "bold" if alarm["sure"] else "italic")
    beside = [hedged(alarm["hedges"][:2])] if alarm["hedges"] else []
    beside += alarm["readings"][:2]
    return joined([told, said(f"({'; '.join(beside)})", "dim")]) if beside else told


def _overview(screen: Screen, found: Body, call: Call) -> None:
    screen.title("where supply is concentrated")
    totals = found["totals"]
    screen.line(f"{counted(totals['markets'], 'market')}, {counted(totals['alarms'], 'alarm')}.")
    screen.blank()
    rows = cut(found["answers"], call)
    heads = [Column(_SHORT[way], figures=True) for way in _SHORT]
    columns = [Column("what"), *heads, Column("largest holder"), Column("alarms", figures=True)]
    screen.table(columns, [_line(row) for row in rows])
    rest(screen, found["answers"], rows)
    screen.note("HHI of 10,000 by supplier, by who controls it, by the country of each; – where shares are missing.")
    gaps(screen, found["gaps"])
    limits(screen, found["limits"])
    footer(screen, found, found["claims"])


def _line(row: Body) -> list[Content]:
    name = row["caption"] + (f": {row['need']}" if row["need"] else "") + (_into(row["flow"]) if "flow" in row else "")
    cells: list[Content] = [said(name)]
    cells += [_span(way["hhi"]) if way["hhi"] else "–" for way in row["ways"]]
    sure = sum(alarm["sure"] for alarm in row["alarms"])
    return [
        *cells,
        _largest(row),
        f"{sure}" + (f" + {len(row['alarms']) - sure}?" if sure < len(row["alarms"]) else ""),
    ]


def _into(body: Body) -> str:
    return f": {body['words']}" + (f" into {body['into']['caption']}" if body["into"] else "")


def _largest(row: Body) -> str:
    """Return the largest named holder, in the first way that has one with a share."""
    for way in row["ways"]:
        for holder in way["top"][:1]:
            if holder["share"] and not holder.get("aggregate"):
                return f"{holder['caption']}, {holder['share_words']}"
    return ""
