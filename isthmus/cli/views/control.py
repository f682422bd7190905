"""Who controls a thing, or what it controls: the chain, the verdicts, the holders, and what nobody accounts for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from isthmus.cli.call import Call
from isthmus.cli.doubt import HOLLOW, UNLIKE, bar, conflicts, gaps, hedged, places
from isthmus.cli.frame import again, cut, footer, limits, rest
from isthmus.cli.screen import Column, Content, Screen, joined, said
from isthmus.cli.views.control_tree import chain
from isthmus.cli.views.control_why import carried
from isthmus.cli.views.control_words import (
    asked_about,
    captions,
    marks,
    names,
    party,
    root_of,
    sentence,
    share_words,
    spaced,
    state_words,
    verdict_words,
)
from isthmus.cli.views.timeline import dated

BAR = 10
TIES = 6
WIDE = 100
"""From how many columns on a table has room for a bar and for whose word it is."""
_MET = {True: "met", False: "not met", None: "may be met"}
Body = Mapping[str, Any]


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the answer of the lens of control."""
    screen.title(_title(found))
    screen.line(sentence(found), hang=2)
    rows = cut(found["answers"], call)
    if root_of(found) is None:
        _overview(screen, rows)
    else:
        chain(screen, found, bool(call.values.get("all")))
        _answers(screen, found, rows)
    rest(screen, found["answers"], rows)
    _holders(screen, found, call)
    nominal(screen, found)
    _beside(screen, found, call)
    asked_why = call.verb == "why" or bool(call.values.get("why"))
    _rules(screen, found, noted=asked_why)
    _rings(screen, found)
    _left_out(screen, found)
    gaps(screen, found["gaps"])
    conflicts(screen, found["conflicts"])
    limits(screen, found["limits"])
    if asked_why:
        carried(
            screen,
            found,
            rows,
            lambda row: joined([said(party(row)[1], "bold"), row["verdict"], row.get("of_caption", "")]),
        )
    footer(screen, found, found["claims"], "" if asked_why else f"what carries it: {again(call, 'why')}")


def _title(found: Body) -> Text:
    question, what = found["question"], asked_about(found)
    if not what:
        return said("who controls most in this picture")
    asked = "who ultimately controls" if question.get("ultimate") else "who controls"
    if question.get("state"):
        asked = "which state or state body controls"
    if not question.get("of"):
        return said(f"what {what} controls")
    by = question.get("by_caption") or (question["by"] if isinstance(question.get("by"), str) else "")
    return said(f"what {by} can do with {what}" if by else f"{asked} {what}")


def _overview(screen: Screen, rows: Sequence[Body]) -> None:
    """Print who stands at the top, with how much each controls."""
    if not rows:
        return
    screen.heading("At the top")
    columns = [Column("who"), Column("kind"), Column("controls", figures=True), Column("may control", figures=True)]
    lines: list[list[Content]] = []
    for row in rows:
        name = (
            joined([row["caption"], said(f"[{state_words(row)}]", "dim")]) if state_words(row) else said(row["caption"])
        )
        kinds = ", ".join(kind.replace("_", " ") for kind in row.get("kinds", ()))
        lines.append([name, kinds, f"{row.get('controls', 0):,}", f"{row.get('may_control', 0):,}"])
    screen.table(columns, lines, indent=2)


def _answers(screen: Screen, found: Body, rows: Sequence[Body]) -> None:
    """Print a row for each verdict; what is not certain about it stands below the name."""
    if not rows:
        return
    screen.heading("Verdicts", len(found["answers"]))
    upward = bool(found["question"].get("of"))
    several = len({row.get("rule") for row in rows}) > 1
    columns = [Column("who" if upward else "what"), Column("verdict"), Column("rule", keep=True)]
    columns += [Column("share", figures=True), Column("", keep=True), Column("economic", figures=True)]
    columns += [Column("by whose word")]
    screen.table(columns, [_answer(screen, found, row, upward, several) for row in rows], indent=2)


def _answer(screen: Screen, found: Body, row: Body, upward: bool, several: bool) -> list[Content]:
    who = said(party(row)[1] if upward else row["of_caption"])
    for text in _remarks(row):
        who = joined([who, said(text, "dim")], "\n")
    share = row.get("share")
    words = share_words(share)
    wide = screen.width >= WIDE
    return [
        who,
        verdict_words(row),
        str(row.get("rule") or "") if several else "",
        words or "not known",
        bar(share["low"], share["high"], BAR) if share and words and wide else "",
        share_words(row.get("economic")),
        places(_claims(found, row), 1) if wide else "",
    ]


def _remarks(row: Body) -> list[str]:
    """Return what is not certain about a verdict, what its source doubts, and on which lists the party stands."""
    told = [str(row["note"])] if row.get("note") else []
    told += [hedged(row["hedges"][:2])] if row.get("hedges") else []
    told += [f"also {names(map(str, row['also']))}"] if row.get("also") else []
    for item in row.get("designated", ()):
        since = f" from {dated(item['from'])}" if item.get("from") else ""
        form = f" as {item['as']}" if item.get("as") else ""
        told.append(f"listed by {item['by_caption']}{form}{since}")
    if "disclose" in row:
        told.append(
            {True: "to be disclosed", None: "may have to be disclosed", False: "need not be disclosed"}[row["disclose"]]
        )
    return told


def _claims(found: Body, row: Body) -> list[Body]:
    return [found["claims"][name] for name in row.get("claims", ()) if name in found["claims"]]


def _holders(screen: Screen, found: Body, call: Call) -> None:
    """Print who holds the thing directly, and which part of it nobody named holds."""
    holders = found.get("holders") or []
    unknown = share_words(found.get("unaccounted"))
    if not holders and not unknown:
        return
    screen.heading("Direct holders", len(holders))
    shown = cut(holders, call)
    columns = [Column("holder"), Column("interest"), Column("share", figures=True), Column("", keep=True)]
    columns += [Column("when"), Column("by whose word")]
    lines = [_holder(screen, found, row) for row in shown]
    screen.table(columns, lines, indent=2)
    rest(screen, holders, shown)
    if unknown and unknown != "0 %":
        body = found["unaccounted"]
        drawn = bar(body["low"], body["high"], BAR).plain.replace("█", HOLLOW).replace("▏", HOLLOW).rstrip()
        screen.line(joined([drawn, f"{unknown} of shares unaccounted"]), indent=2, hang=2)
    elif unknown:
        screen.note("every share is accounted for")


def _holder(screen: Screen, found: Body, row: Body) -> list[Content]:
    name = said(row["caption"])
    if row.get("denied"):
        name = joined([said(row["caption"], "strike"), "[denied]"])
    elif marks(row):
        name = joined([name, said(f"[{', '.join(marks(row))}]", "dim")])
    interest = [spaced(str(row.get("interest") or "shareholding"))]
    direct = row.get("direct", True)
    interest += (
        ["indirect"] if direct in (False, "indirect") else ["directness not said"] if direct == "unknown" else []
    )
    interest += [hedged(row["hedges"][:2])] if row.get("hedges") else []
    share = row.get("share")
    return [
        name,
        ", ".join(interest),
        share_words(share, "not stated"),
        bar(share["low"], share["high"], BAR) if share else "",
        "; ".join(row.get("when", ())[:2]),
        places(_claims(found, row), 1) if screen.width >= WIDE else "",
    ]


def nominal(screen: Screen, found: Body) -> None:
    """Print what a thing is declared to be beside who is traced to control it."""
    body = found.get("nominal")
    if not body:
        return
    screen.heading("Nominal form against traced control")
    lines: list[list[Content]] = []
    for number, item in enumerate(body["declared"]):
        lines.append(["declared" if not number else "", item["text"], places(_claims(found, item), 1)])
    if not body["declared"]:
        lines.append(["declared", said("no form is declared", "dim"), ""])
    mark = UNLIKE if body["differs"] else ""
    for number, row in enumerate(body["traced"]):
        kinds = ", ".join(kind.replace("_", " ") for kind in row.get("kinds", ()))
        told = joined(
            [
                f"{row['caption']} {row['verdict']}{'s' if row['verdict'] == 'influence' else ''} it",
                *([f"({kinds})"] if kinds else []),
            ]
        )
        lines.append([f"{mark} traced".strip() if not number else "", told, places(_claims(found, row), 1)])
    if not body["traced"]:
        lines.append(["traced", said("no controller is traced", "dim"), ""])
    for number, item in enumerate(body.get("ties", ())[:TIES]):
        lines.append(["tied to" if not number else "", item["sentence"], places(_claims(found, item), 1)])
    screen.table([Column("", keep=True), Column(""), Column("")], lines, indent=2)
    more = len(body.get("ties", ())) - TIES
    if more > 0:
        screen.note(said(f"… and {more:,} more ties; --json has them in full", "dim"))
    if body["differs"]:
        screen.note("the form that is declared is not what the trace finds")


def _beside(screen: Screen, found: Body, call: Call) -> None:
    """Print the verdicts of several rules, a column a rule."""
    rows = found.get("beside") or []
    if not rows:
        return
    rules = list(dict.fromkeys(rule for row in rows for rule in row["by_rule"]))
    screen.heading("Rules side by side", len(rules))
    shown = cut(rows, call)
    # A rule that does not fit beside the others gets a line of its own.
    if len(rules) * 18 + 20 > screen.width:
        lines: list[list[Content]] = []
        for row in shown:
            for at, rule in enumerate(rules):
                lines.append([row["caption"] if not at else "", rule, _by_rule(row["by_rule"].get(rule))])
        screen.table([Column("who"), Column("rule", keep=True), Column("")], lines, indent=2)
    else:
        columns = [Column("who"), *(Column(rule) for rule in rules)]
        screen.table(
            columns,
            [[row["caption"], *(_by_rule(row["by_rule"].get(rule)) for rule in rules)] for row in shown],
            indent=2,
        )
    rest(screen, rows, shown)


def _by_rule(body: Body | None) -> Text:
    if body is None:
        return said("no verdict", "dim")
    told = [share_words(body.get("share"), "share not known")]
    told += [_MET[body["met"]]] if "met" in body else []
    lines = [" · ".join(told), *([str(body["verdict"])] if body.get("verdict") else [])]
    return Text("\n").join(said(line) for line in lines)


def _rules(screen: Screen, found: Body, *, noted: bool) -> None:
    rules = found.get("rules") or []
    if not rules:
        return
    screen.heading("By which rule" if len(rules) == 1 else "By which rules")
    for rule in rules:
        told = ", ".join(str(rule[key]) for key in ("title", "whose") if rule.get(key))
        text = joined([said(rule["id"], "bold"), told])
        if rule.get("note") and noted:
            text = joined([text, said(f"({rule['note']})", "dim")])
        screen.note(text, "·")


def _rings(screen: Screen, found: Body) -> None:
    rings = found.get("rings") or []
    if not rings:
        return
    called = captions(found)
    screen.heading("Self-controlled rings", len(rings))
    for ring in rings:
        shown = [called.get(name, name) for name in ring[:6]]
        more = f" → … and {len(ring) - 6:,} more" if len(ring) > 6 else f" → {shown[0]}" if shown else ""
        screen.note(f"{' → '.join(shown)}{more}: nobody outside controls it", "·")


def _left_out(screen: Screen, found: Body) -> None:
    """Print the things whose shares cannot be completed: they take no part, and are not repaired."""
    rows = found.get("left_out") or []
    if not rows:
        return
    screen.heading("Left out: their shares cannot be completed", len(rows))
    for row in rows[:BAR]:
        text = joined([f"{row['caption']}: {row['reason']}", places(_claims(found, row))])
        screen.note(text, "·")
    if len(rows) > BAR:
        screen.note(said(f"… and {len(rows) - BAR:,} more; --json has them in full", "dim"))
