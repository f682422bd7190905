"""What a scenario comes to, as a page shows it: steps in the order in which things fall, why, what carries what survives, and a drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from isthmus.service.pages.course_drawing import drawing
from isthmus.service.scenario_words import carrier, later, left_words, verdict_line, why

SHOWN = 80
"""So many things that change are told on the page; the rest are counted."""
SURVIVORS = 24
Body = Mapping[str, Any]


def answer(finding: Body) -> dict[str, Any]:
    """Return what a page tells of the finding of a scenario, or of several side by side.

    Returns
    -------
    dict
        Of one: ``{"question", "changes", "verdicts", "months": [{"month", "steps": [{"step", "rows"}]}], "more", "asked", "survivors",
        "drawing", "gaps", "conflicts", "limits", "claims", "sources", "id"}``; each row has `left_words`, `because` and `carried` as
        ``{"text", "claims"}``. Of several: `scenarios` and `rows`, each with a cell for each scenario.
    """
    shared = {key: finding[key] for key in ("id", "gaps", "conflicts", "limits", "claims", "sources")}
    if "scenarios" in finding:
        return {**shared, **_compared(finding)}
    rows = [_row(row) for row in finding["answers"][:SHOWN]]
    return {
        **shared,
        "question": finding["question"],
        "changes": finding["changes"],
        "totals": finding["totals"],
        "verdicts": verdict_line(finding["totals"]),
        "months": _months(rows),
        "still": [row for row in rows if row["from_month"] is None],
        "more": max(0, _told_number(finding) - len(rows)),
        "survivors": [_row(row) for row in finding["survivors"][:SURVIVORS]],
        "beside": finding["totals"]["beside"],
        "drawing": drawing(finding["answers"]),
    }


def _told_number(finding: Body) -> int:
    if finding["question"].get("ask"):
        return len(finding["answers"])
    return int(finding["totals"]["changed"])


def _row(row: Body) -> dict[str, Any]:
    return {
        **{
            key: row.get(key)
            for key in ("entity", "caption", "seen", "kinds", "verdict", "left", "from_month", "until_month")
        },
        **{key: row.get(key) for key in ("sure_from_month", "step", "claims", "hedges")},
        "left_words": left_words(row["left"]),
        "because": [{"text": why(body), "claims": body.get("claims", [])} for body in row["because"]],
        "carried": [{"text": carrier(body), "claims": body.get("claims", [])} for body in row["carried"]],
        "later": later(row),
    }


def _months(rows: Sequence[Body]) -> list[dict[str, Any]]:
    """Return the rows by month and step, in the order in which things fall."""
    found: list[dict[str, Any]] = []
    for row in rows:
        if row["from_month"] is None:
            continue
        if not found or found[-1]["month"] != row["from_month"]:
            found.append({"month": row["from_month"], "steps": []})
        steps = found[-1]["steps"]
        if not steps or steps[-1]["step"] != row["step"]:
            steps.append({"step": row["step"], "rows": []})
        steps[-1]["rows"].append(row)
    return found


def _compared(finding: Body) -> dict[str, Any]:
    scenarios = [
        {
            "question": one["question"],
            "id": one["id"],
            "as_of": one["as_of"],
            "picture": one["picture"],
            "verdicts": verdict_line(one["totals"]),
        }
        for one in finding["scenarios"]
    ]
    rows = []
    for row in finding["answers"][:SHOWN]:
        cells = [{**one, "left_words": left_words(one["left"]), "later": later(one)} for one in row["by"]]
        rows.append(
            {
                **{key: row.get(key) for key in ("entity", "caption", "seen", "kinds", "claims", "hedges")},
                "cells": cells,
            }
        )
    return {"scenarios": scenarios, "rows": rows, "more": max(0, len(finding["answers"]) - len(rows))}
