"""One market in all its ways, every share as CSV, and the failures that take most along."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from isthmus.briefs.heat import heat_map_svg
from isthmus.errors import ArgumentError
from isthmus.lenses import chokepoints, concentration
from isthmus.picture import Picture
from isthmus.service.pages.heat_cells import figure, index_words, measured, state
from isthmus.service.pages.strips import WAYS, overview
from isthmus.sources.spreadsheet import guard

FAILURES = 12
Body = Mapping[str, Any]


def market(picture: Picture, need: str) -> dict[str, Any]:
    """Return one market in all four ways, with its flows, alarms, conflicts and gaps.

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError
    ArgumentError
        Nobody says who supplies it.
    """
    finding = concentration.ask(picture, need).to_json()
    first = {key: finding.get(key) for key in ("series", "total", "need", "at_least", "alternatives", "flow")}
    parts = [{**first, "rows": finding["answers"]}, *finding["other_series"]]
    question = finding["question"]
    return {
        "id": question["need"],
        "caption": question["caption"],
        "ways": WAYS,
        "parts": [{**part, "measure": measured(part), "rows": [_told(row) for row in part["rows"]]} for part in parts],
        **{key: finding[key] for key in ("alarms", "gaps", "conflicts", "limits", "claims", "sources", "marks")},
    }


def heat_csv(picture: Picture) -> Iterator[str]:
    """Return the lines of a CSV of every share of every market in every way (RFC 4180, safe to open in a spreadsheet)."""
    heads = (
        "thing",
        "thing_id",
        "measure",
        "by",
        "holder",
        "holder_id",
        "share_low",
        "share_high",
        "share_words",
        "state",
    )
    yield _line([*heads, "hhi_low", "hhi_high", "hhi_refused"])
    for answer in overview(picture)["answers"]:
        for way in answer["ways"]:
            index = way["hhi"] or {}
            tail = [index.get("low"), index.get("high"), way.get("hhi_refused")]
            for holder in way["top"] or [{}]:
                share = holder.get("share") or {}
                named = [answer["caption"], answer["entity"], measured(answer), way["by"]]
                held = [holder.get("caption"), holder.get("entity"), share.get("low"), share.get("high")]
                yield _line([*named, *held, holder.get("share_words"), state(holder), *tail])


def heat_svg(picture: Picture, by: str | None = None) -> str:
    """Return the heat map as an SVG document.

    Raises
    ------
    ArgumentError
        There is no such way.
    """
    if by is not None and by not in WAYS:
        raise ArgumentError(f"“{by[:40]}” is no way to count a share.", where="by", hint=f"One of {', '.join(WAYS)}.")
    return heat_map_svg(overview(picture), by)


def failures(picture: Picture) -> dict[str, Any]:
    """Return whose failure takes most along, each with how many things have nothing in its place."""
    finding = chokepoints.ask(picture, limit=FAILURES).to_json()
    return {key: finding[key] for key in ("answers", "totals", "gaps", "limits", "claims", "sources")}


def _told(row: Body) -> dict[str, Any]:
    """Return a way of one market with its index in words, and each holder's share as a page shows it."""
    holders = [
        {**one, "figure": figure(one["share"]) if one["share"] else None, "state": state(one)} for one in row["top"]
    ]
    return {**row, "top": holders, "index": index_words(row["hhi"]) if row["hhi"] else None}


def _line(cells: Sequence[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(guard(one) if isinstance(one, str) else "" if one is None else one for one in cells)
    return text.getvalue()
