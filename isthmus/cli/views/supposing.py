"""A scenario: its changes, what falls in which order and because of what, and what survives; several side by side."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from rich.text import Text

from isthmus.cli.call import Call
from isthmus.cli.doubt import bar, conflicts, gaps, hedged
from isthmus.cli.frame import counted, cut, footer, limits, rest
from isthmus.cli.screen import Column, Content, Screen, joined, said
from isthmus.cli.views.support import support
from isthmus.service.scenario_words import because, carried, later, left_words, month, verdict_line

BAR = 8
NAMED = 6
TURNS = 4
"""So many later months in which what is left changes are told of a thing."""
Body = Mapping[str, Any]
_STYLES = {"fails": "bold", "may fail": "bold", "survives": "dim"}


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the answer of scenarios, the list of examples, or an example as it is."""
    if "examples" in found:
        _examples(screen, found["examples"])
    elif "text" in found:
        _example(screen, found)
    elif "scenarios" in found:
        _compared(screen, found, call)
    else:
        _one(screen, found, call)


def _examples(screen: Screen, rows: Sequence[Body]) -> None:
    screen.title("Scenarios that come with Isthmus")
    for row in rows:
        screen.line(joined([said(row["name"], "bold"), row["title"]], "  "), indent=2, hang=2)
    screen.note(said("isthmus suppose --example NAME prints one; --out DIR copies it with its evidence", "dim"))


def _example(screen: Screen, found: Body) -> None:
    if found.get("files"):
        for name in found["files"]:
            screen.line(f"copied: {name}")
        return
    # A file to be copied is given out as it is, and not wrapped.
    screen.console.file.write(found["text"])


def _one(screen: Screen, found: Body, call: Call) -> None:
    question = found["question"]
    screen.title("what if:", question["title"])
    for name in ("whose", "note"):
        if question.get(name):
            screen.line(said(question[name], "dim"))
    _changes(screen, found["changes"], {gap["what"] for gap in found["gaps"]})
    screen.heading("What becomes of things")
    screen.line(verdict_line(found["totals"]), indent=2, hang=2)
    rows = cut(found["answers"], call)
    if rows:
        screen.blank()
        _table(screen, rows)
        rest(screen, found["answers"], rows)
    _survivors(screen, found["survivors"], found["totals"]["beside"], call)
    gaps(screen, found["gaps"])
    conflicts(screen, found["conflicts"])
    limits(screen, found["limits"])
    if call.values["why"]:
        support(screen, found, rows, lambda row: said(_called(row), "bold"))
    hint = "" if call.values["why"] else "what carries it: --why"
    footer(screen, found, found["claims"], hint)


def _changes(screen: Screen, changes: Sequence[Body], known: Container[str]) -> None:
    """Print the changes; what is told as a gap is not told twice."""
    screen.heading("Changes", len(changes))
    if not changes:
        screen.note("none: everything is as in the baseline")
    for change in changes:
        name = f"{change['name']}: " if change.get("name") else ""
        screen.line(joined([f"{change['change'] + 1}.", name + change["words"]]), indent=2, hang=3)
        for told in [change.get("why"), f"source: {change['source']}" if change.get("source") else None]:
            if told:
                screen.line(said(told, "dim"), indent=5)
        struck = change["strikes"]
        if change["kind"].startswith("fail_") or change["kind"] in ("restrict_export", "substitute"):
            screen.line(said(_struck(change, struck), "dim"), indent=5)
        if change.get("restricted"):
            many = counted(len(change["restricted"]["claims"]), "claim")
            screen.line(
                said(f"{many} of the picture say that {change['restricted']['caption']} was restricted", "dim"),
                indent=5,
            )
        for note in change["notes"]:
            if note not in known:
                screen.line(note, indent=5, hang=2)


def _struck(change: Body, struck: Body) -> str:
    words = {"substitute": "helps", "restrict_export": "strikes who needs it:"}.get(change["kind"], "strikes")
    parts = []
    for name, tail in (("sure", ""), ("may", " perhaps")):
        if struck[name]:
            listed = [one["caption"] for one in change[name]][:NAMED]
            more = struck[name] - len(listed)
            names = ", ".join(listed) + (f" and {more:,} more" if more else "")
            parts.append(f"{struck[name]:,}{tail} ({names})")
    return f"{words} {'; '.join(parts) if parts else 'nobody who is known'}"


def _called(row: Body) -> str:
    return f"{row['caption']}, {row['seen']}" if row.get("seen") else str(row["caption"])


def _table(screen: Screen, rows: Sequence[Body]) -> None:
    months = any(row["from_month"] or len(row.get("course", ())) > 1 for row in rows)
    columns = [
        Column("month" if months else "", figures=True),
        Column("step", figures=True),
        Column("what becomes", keep=True),
        Column("of what"),
        Column("left", figures=True),
        Column("", keep=True),
        Column("because"),
    ]
    lines: list[list[Content]] = []
    for row in rows:
        name = said(_called(row), "bold")
        if row["hedges"]:
            name = joined([name, said(f"({hedged(row['hedges'][:2])})", "italic")])
        left = row["left"]
        when = "" if row["from_month"] is None or not months else month(row["from_month"])
        turns = later(row)
        shown = turns if len(turns) <= TURNS else [*turns[: TURNS - 1], "…", turns[-1]]
        told = [said(text) for text in (*because(row), *shown, *carried(row))]
        lines.append(
            [
                when,
                "" if row["step"] is None else f"{row['step']:,}",
                said(row["verdict"], _STYLES.get(row["verdict"], "")),
                name,
                left_words(left),
                bar(left["low"], left["high"], BAR),
                Text("\n").join(told),
            ]
        )
    screen.table(columns, lines)


def _survivors(screen: Screen, rows: Sequence[Body], number: int, call: Call) -> None:
    if not rows:
        return
    screen.heading("What survives beside these", number)
    shown = cut(rows, call)
    columns = [Column("what"), Column("because")]
    lines: list[list[Content]] = [
        [said(_called(row), "bold"), Text("\n").join(map(said, carried(row)))] for row in shown
    ]
    screen.table(columns, lines)
    rest(screen, rows, shown)


def _compared(screen: Screen, found: Body, call: Call) -> None:
    scenarios = found["scenarios"]
    screen.title("what if:", f"{len(scenarios):,} scenarios side by side")
    for at, one in enumerate(scenarios, 1):
        question = one["question"]
        day = f" (as of {one['as_of']})" if one.get("as_of") else ""
        screen.line(joined([f"{at}.", said(question["title"], "bold"), day]), indent=2, hang=3)
        for words in question.get("changes", ()):
            screen.line(said(words, "dim"), indent=5, hang=2)
        screen.line(verdict_line(one["totals"]), indent=5, hang=2)
    screen.blank()
    columns = [Column("thing"), *(Column(str(at)) for at in range(1, len(scenarios) + 1))]
    rows = cut(found["answers"], call)
    lines: list[list[Content]] = [[said(_called(row), "bold"), *map(_cell, row["by"])] for row in rows]
    screen.table(columns, lines)
    rest(screen, found["answers"], rows)
    gaps(screen, found["gaps"])
    conflicts(screen, found["conflicts"])
    limits(screen, found["limits"])
    footer(screen, found, found["claims"])


def _cell(one: Body) -> Text:
    if one.get("not_told"):
        return said("not told: not asked, or cut", "dim")
    verdict = said(one["verdict"], _STYLES.get(one["verdict"], ""))
    if one["verdict"] == "survives":
        return verdict
    told: list[Content] = [verdict]
    if one["verdict"] != "fails":
        told.append(f"{left_words(one['left'])} left")
    if one.get("from_month"):
        told.append(f"from month {month(one['from_month'])}")
    return joined([joined(told, ", "), *later(one)[:TURNS]], "; ")
