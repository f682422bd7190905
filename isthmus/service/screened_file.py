"""Write what a screening found as CSV that a spreadsheet may open, or as JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from isthmus.errors import ArgumentError

COLUMNS = (
    "line", "name", "candidate", "candidate_id", "lists", "state", "score", "verdict", "matched", "programme", "from", "to", "reasons",
    "remark",
)  # fmt: skip
_LEADING = ("=", "+", "-", "@", "\t", "\r", "'")


def check_target(out: Path, read: Sequence[Path]) -> None:
    """Refuse, before anything is read, a file that cannot be written or that is read itself.

    Raises
    ------
    ArgumentError
    """
    if out.suffix.lower() not in (".csv", ".json"):
        raise ArgumentError(
            "the results are written as CSV or JSON.", where=str(out), hint="End --out in .csv or .json."
        )
    if not out.parent.is_dir():
        raise ArgumentError(f"the folder {out.parent} does not exist.", where=str(out), hint="Make the folder first.")
    if any(out.absolute() == path.absolute() for path in read):
        raise ArgumentError("this file is read itself.", where=str(out), hint="Name another file with --out.")


def write_screened(result: Mapping[str, Any], out: Path) -> None:
    """Write the result of a screening: the whole of it as JSON, or a row for each candidate as CSV."""
    if out.suffix.lower() == ".json":
        out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([guarded(cell) for cell in row] for row in _rows(result))


def guarded(cell: object) -> str:
    """Return a cell with an apostrophe in front where a spreadsheet would take it for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_LEADING) else text


def _rows(result: Mapping[str, Any]) -> Iterator[list[object]]:
    empty = [""] * (len(COLUMNS) - 3)
    lines: list[tuple[int, list[str], Mapping[str, Any] | None]] = [
        (item["line"], ["", item["reason"]], None) for item in result["rejected"]
    ]
    lines += [(row["line"], [row["name"], _left(row)], row) for row in result["rows"]]
    for line, (name, remark), row in sorted(lines, key=lambda item: item[0]):
        if row is None or not row["candidates"]:
            yield [line, name, *empty, remark if row is not None else f"not compared: {remark}"]
        for found in row["candidates"] if row else ():
            yield [
                line,
                name,
                found["caption"],
                found["id"],
                " ".join(found["lists"]),
                found["state"],
                found["score"],
                found["verdict"],
                " / ".join(found["names"]),
                "; ".join(dict.fromkeys(item["programme"] for item in found["listings"])),
                "; ".join(str(item["from"] or "") for item in found["listings"]),
                "; ".join(str(item["to"] or "") for item in found["listings"]),
                "; ".join(
                    f"{reason['feature']} {reason['weight']:+.2f} {reason['note']}".strip()
                    for reason in found["reasons"]
                ),
                remark,
            ]


def _left(row: Mapping[str, Any]) -> str:
    told = {"delisted": "delisted", "not_yet_listed": "not yet listed", "judged_different": "judged different"}
    return "; ".join(f"{words}: {', '.join(row[key])}" for key, words in told.items() if row[key])
