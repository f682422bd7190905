"""What was read of each file, what was rejected and why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.frame import counted
from isthmus.cli.screen import Column, Content, Screen, said

FIRST = 10
Body = Mapping[str, Any]


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print a row a file, and below them the rejections."""
    columns = [
        Column("file"),
        Column("format"),
        *(Column(head, figures=True) for head in ("rows", "new", "held", "rejected", "left out")),
    ]
    screen.table(columns, [_row(report) for report in found["files"]])
    for report in found["files"]:
        _remarks(screen, report)
    screen.blank()
    new = sum(report["claims_new"] for report in found["files"])
    if call.values["dry_run"]:
        screen.line(f"Nothing was written: {counted(new, 'claim')} would be new.")
    else:
        screen.line(f"{counted(new, 'claim')} added to {found['picture']}.")


def _row(report: Body) -> list[Content]:
    counts = (
        report["rows"],
        report["claims_new"],
        report["claims_held"],
        report["rejected_count"],
        sum(report["left_out"].values()),
    )
    return [PurePath(report["file"]).name, report["mapping"] or report["format"], *(f"{number:,}" for number in counts)]


def _remarks(screen: Screen, report: Body) -> None:
    told = [*report["notes"], *(f"left out, {number:,}: {why}" for why, number in report["left_out"].items())]
    if told or report["rejected"]:
        screen.heading(report["file"])
    for text in told:
        screen.note(said(text), "·")
    if report["rejected"]:
        screen.note(f"{counted(report['rejected_count'], 'rejected row')}:")
        rows = [[f"{item['line']:,}", item["reason"]] for item in report["rejected"][:FIRST]]
        screen.table([Column("line", figures=True), Column("reason")], rows, indent=4)
        more = report["rejected_count"] - len(rows)
        if more > 0:
            screen.line(said(f"… and {more:,} more", "dim"), indent=4)
        if report.get("rejects_file"):
            screen.note(f"all of them: {report['rejects_file']}")
