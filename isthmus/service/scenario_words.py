"""Scenarios in words: what is left, what broke, what carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

NAMED = 4
Body = Mapping[str, Any]


def percent(value: float) -> str:
    """Return a share in percent, to a tenth; what is not quite nothing or all is not rounded to it."""
    if 0 < value < 0.001:
        return "under 0.1 %"
    if 0.999 < value < 1:
        return "over 99.9 %"
    return f"{round(100 * value, 1):g} %"


def left_words(left: Body) -> str:
    """Return what is left of a thing: “18.5 %”, “30 to 72 %”, “nothing”."""
    low, high = float(left["low"] or 0), float(1 if left["high"] is None else left["high"])
    if high == 0:
        return "nothing"
    if (low, high) == (0, 1):
        return "0 to 100 %"
    ends = percent(low), percent(high)
    return ends[0] if ends[0] == ends[1] else f"{ends[0].removesuffix(' %')} to {ends[1]}"


def month(value: float) -> str:
    """Return a month."""
    return f"{value:g}"


def verdict_line(totals: Body) -> str:
    """Count what becomes of things in a sentence."""
    told: list[str] = []
    for verdict, one, many in (
        ("fails", "fails", "fail"),
        ("may fail", "may fail", "may fail"),
        ("degrades", "degrades", "degrade"),
        ("may degrade", "may degrade", "may degrade"),
    ):
        number = totals[verdict]
        if number:
            who = f"{number:,}" if told else f"{number:,} thing{'' if number == 1 else 's'}"
            told.append(f"{who} {one if number == 1 else many}")
    of = f"of {totals['things']:,} that need something, are needed or make something"
    return f"{', '.join(told)}; {of}." if told else f"Nothing changes {of}."


def _names(rows: Sequence[Body], more: int = 0) -> str:
    listed = [_one(row) for row in rows[:NAMED]]
    rest = len(rows) - len(listed) + more
    return ", ".join(listed) + (f" and {rest:,} more" if rest else "")


def _one(row: Body) -> str:
    name = f"{row['caption']} {row['seen']}" if row.get("seen") else str(row["caption"])
    share = row.get("share")
    told = []
    if share:
        told.append(left_words(share))
    if row.get("left"):
        told.append(f"{percent(row['left'])} left")
    return f"{name} ({', '.join(told)})" if told else name


def because(row: Body) -> list[str]:
    """Return why a thing falls, a line for each change that strikes it and each need that gives it too little."""
    return [why(body) for body in row["because"]]


def why(body: Body) -> str:
    """Return why a thing falls: a change that strikes it, or a need that gives it too little; and what is in doubt there."""
    return "; ".join([_reason(body), *body.get("doubt", ())])


def _reason(body: Body) -> str:
    if "change" in body and "lost" not in body:
        return f"change {body['change'] + 1}"
    lost = _names(body["lost"], body.get("lost_more", 0))
    if "switching_months" in body:
        months = body["switching_months"]
        long = f"{months:g} month{'' if months == 1 else 's'}" if months is not None else "an unknown time"
        return f"it takes {long} to change over from {lost}"
    if body.get("made_by"):
        return f"made in: lost {lost}" if body["made_by"] == "countries" else f"made by: lost {lost}"
    if body.get("supply_of"):
        return f"supplied with {body['supply_caption']} by: lost {lost}"
    if body["had"] == 1:
        return f"needs {lost}"
    takes = f"{body['takes']:,} of {body['had']:,}" if body["takes"] > 1 else f"one of {body['had']:,}"
    name = f" ({body['need']})" if body["need"] else ""
    return f"needs {takes}{name}: lost {lost}"


def later(row: Body) -> list[str]:
    """Return what is left from month to month, a line a month: “from month 36: 30 to 60 % left”; without what the row tells itself."""
    course = row.get("course", ())
    told = course[1:] if course and course[0]["left"] == row["left"] else course
    return [
        f"from month {month(one['month'])}: "
        + ("all is back" if one["left"]["low"] == 1 else f"{left_words(one['left'])} left")
        for one in told
    ]


def carried(row: Body) -> list[str]:
    """Return what carries a thing over what its needs lost, a line a need."""
    return [carrier(body) for body in row["carried"]]


def carrier(body: Body) -> str:
    """Return what carries a thing over what a need has lost."""
    lost = f"without {_names(body['lost'], body.get('lost_more', 0))}: " if body["lost"] else ""
    if not body["carried_by"]:
        return f"{lost}what is lost has no part in it" if lost else "what was lost is back"
    by_how: dict[str, list[str]] = {}
    for one in body["carried_by"]:
        tail = f" (change {one['change'] + 1})" if one.get("change") is not None else ""
        by_how.setdefault(one["how"], []).append(f"{one['caption']}{tail}")
    words = {
        "alternative": "there is",
        "added capacity": "more from",
        "substitute": "in its place",
        "stock": "a stock of",
    }
    parts = [
        f"{words[how]} {', '.join(names[:NAMED])}" + (f" and {len(names) - NAMED:,} more" if len(names) > NAMED else "")
        for how, names in by_how.items()
    ]
    return lost + "; ".join(parts)
