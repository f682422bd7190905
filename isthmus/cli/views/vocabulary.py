"""The vocabulary: every term in short, or one in full with an example."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.screen import Column, Screen, said

Body = Mapping[str, Any]
_EXAMPLE = {"subject": "Northgate", "object": "Kelda Station", "number": "more than a third", "value": "…"}
_SLOT = re.compile(r"\{(\w+)\}")
_DATES = {"start": "its start", "at": "a day on which it was seen to hold", "span": "the span that it is about"}


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the whole vocabulary, or one term."""
    if "meanings" not in found:
        _whole(screen, found)
        return
    for meaning in found["meanings"]:
        _ONE[meaning["is"]](screen, meaning)


def _whole(screen: Screen, found: Body) -> None:
    columns = [Column("", keep=True), Column("")]
    screen.title(f"The vocabulary, version {found['version']}")
    screen.heading("Kinds of things", len(found["kinds"]))
    screen.table(columns, list(found["kinds"].items()), indent=2)
    ordered = sorted(found["predicates"].items(), key=lambda item: _places(found)[item[1]["group"]])
    for group, items in groupby(ordered, key=lambda item: item[1]["group"]):
        rows = [[name, body["means"]] for name, body in items]
        screen.heading(f"Predicates: {group}", len(rows))
        screen.table(columns, rows, indent=2)
    screen.heading("Qualifiers", len(found["qualifiers"]))
    screen.table(columns, list(found["qualifiers"].items()), indent=2)
    screen.heading("Units")
    screen.table(columns, [[name, ", ".join(units)] for name, units in found["units"].items()], indent=2)
    screen.heading("Modes and stances")
    screen.note(", ".join(found["modes"]))
    screen.note(", ".join(found["stances"]))
    screen.blank()
    screen.line(said("`isthmus vocabulary TERM` explains one", "dim"))


def _places(found: Body) -> dict[str, int]:
    """Return where each group of predicates first stands."""
    groups = dict.fromkeys(body["group"] for body in found["predicates"].values())
    return {group: at for at, group in enumerate(groups)}


def _predicate(screen: Screen, body: Body) -> None:
    screen.title(body["name"])
    screen.line(f"Predicate ({body['group']}): {body['means']}.")
    screen.note(f"“{example(body['sentence'])}”", "For example:")
    subject = _words(body["subject"])
    rows: list[list[str]] = [["subject", subject], ["object", _words(body["object"])]]
    rows.append(["value", _words(body["value"]) if isinstance(body["value"], list) else str(body["value"] or "")])
    rows += [[f"number ({family})", _words(units)] for family, units in body["units"].items()]
    rows.append(["needs", _words(body["needs"])])
    rows.append(["read backwards", body["inverse"] or ""])
    rows.append(["a lone date is", _DATES.get(str(body["lone_date_means"]), str(body["lone_date_means"]))])
    rows.append(["cannot all hold", _rule(body["conflict"])])
    rows.append(["also", _words(body["flags"])])
    rows.append(["in standards", "; ".join(f"{name}: {term}" for name, term in body["maps"].items())])
    screen.blank()
    screen.table([Column("", keep=True), Column("")], [row for row in rows if row[1]], indent=2)
    screen.heading("Qualifiers", len(body["qualifiers"]))
    screen.table([Column("", keep=True), Column("")], list(body["qualifiers"].items()), indent=2)


def example(sentence: str) -> str:
    """Return the sentence of a predicate with its slots filled: the parties by invented names, the others by their own."""
    text = _SLOT.sub(lambda slot: _EXAMPLE.get(slot[1], f"[{slot[1].replace('_', ' ')}]"), sentence)
    return " ".join(text.split())


def _rule(body: Body) -> str:
    told = {
        "one": "two values at one time",
        "one_start": "two beginnings",
        "one_subject": "two holders, or two beginnings",
        "sum<=1": "shares that add up to more than 100 %",
        "cycle": "a circle of these relations",
        "stance": "that it is asserted and denied",
    }
    words = told.get(body["rule"], body["rule"].replace("_", " "))
    return f"{words} (for the same {', '.join(body['key'])})" if body["key"] else words


def _kind(screen: Screen, body: Body) -> None:
    screen.title(body["name"])
    screen.line(f"Kind of thing: {body['means']}.")
    rows = [
        ["broader", body["broader"] or ""],
        ["narrower", _words(body["narrower"])],
        ["subject of", _words(body["subject_of"])],
        ["in standards", "; ".join(f"{name}: {term}" for name, term in body["maps"].items())],
    ]
    screen.note(f"“Northgate is a {body['name'].replace('_', ' ')}”", "For example:")
    screen.blank()
    screen.table([Column("", keep=True), Column("")], [row for row in rows if row[1]], indent=2)


def _qualifier(screen: Screen, body: Body) -> None:
    screen.title(body["name"])
    screen.line(f"Qualifier: {body['means']}.")
    value = body["values"][0] if body["values"] else "@northgate" if body["type"] == "entity" else "…"
    screen.note(f"{body['name']}={value}", "For example:")
    values = _words(body["values"]) + (" and others" if body["open"] and body["values"] else "")
    rows = [["type", body["type"]], ["values", values], ["used by", _words(body["used_by"])]]
    screen.blank()
    screen.table([Column("", keep=True), Column("")], [row for row in rows if row[1]], indent=2)


def _unit(screen: Screen, body: Body) -> None:
    screen.title(body["name"])
    screen.line("Family of units." if body["name"] == body["family"] else f"Unit of the family {body['family']}.")
    rows = [["the family", _words(body["units"])], ["used by", _words(body["used_by"])]]
    screen.blank()
    screen.table([Column("", keep=True), Column("")], rows, indent=2)


def _words(names: Any) -> str:
    return ", ".join(names)


_ONE = {"predicate": _predicate, "kind": _kind, "qualifier": _qualifier, "unit": _unit}
