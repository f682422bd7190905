"""Where many depend on few: the heat map of markets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, cast

from isthmus.errors import ArgumentError
from isthmus.lenses import concentration
from isthmus.picture import Picture
from isthmus.service.pages.heat_cells import cell as cell_of
from isthmus.service.pages.heat_cells import index_words, measured, others_cell, rest_cell

WAYS = {
    "site_country": "where the site stands",
    "supplier": "who supplies",
    "controller": "who controls the supplier in the end",
    "controller_country": "the country of who controls it",
}
"""The ways to count a share, as the lens names them, in words."""
ROWS = 12
"""So many markets stand on one page of the heat map."""
COLUMNS = 6
"""So many countries have a column of their own; in the other ways so many of the largest holders of each row are shown."""
LARGEST = 5
_COUNTRIES = ("site_country", "controller_country")
_OVERVIEW = "strips: overview"
_OF_WITHHELD = 0.05
"""What is withheld is seldom nothing: whoever withholds gets a column before those with less than this."""
Body = Mapping[str, Any]


def overview(picture: Picture) -> dict[str, Any]:
    """Return the finding of the lens of concentration over the whole picture, worked out once for each lent picture."""
    if _OVERVIEW not in picture.memo:
        picture.memo[_OVERVIEW] = concentration.ask(picture).to_json()
    return cast(dict[str, Any], picture.memo[_OVERVIEW])


def heat(picture: Picture, by: str | None = None, page: int = 1) -> dict[str, Any]:
    """Return a page of the heat map: markets by holders, the most concentrated first.

    Parameters
    ----------
    by : str or None
        One of `WAYS`; None: the way in which most markets have an index.
    page : int
        From 1.

    Returns
    -------
    dict
        ``{"by", "ways", "columns", "rows", "bare", "pages", "totals", "limits", "claims", "sources"}``. A row has a cell for each column,
        its `index` in words or why it is `refused`, and its `alarms`; `bare` are the markets without any holder in this way, by reason.

    Raises
    ------
    ArgumentError
        There is no such way or page.
    """
    found = overview(picture)
    answers = found["answers"]
    by = by or _usual(answers)
    if by not in WAYS:
        raise ArgumentError(f"“{by[:40]}” is no way to count a share.", where="by", hint=f"One of {', '.join(WAYS)}.")
    markets = [(answer, way) for answer in answers for way in answer["ways"] if way["by"] == by]
    shown = sorted((one for one in markets if one[1]["top"]), key=_rank)
    pages = max(1, -(-len(shown) // ROWS))
    if not 1 <= page <= pages:
        raise ArgumentError(f"there is no page {page}.", where="page", hint=f"Give 1 to {pages}.")
    drawn = shown[(page - 1) * ROWS : page * ROWS]
    columns = _columns(shown) if by in _COUNTRIES else []
    book = _Book(picture, by)
    rows = [book.row(answer, way, columns) for answer, way in drawn]
    ranks = max((len(row["cells"]) for row in rows), default=0) if by not in _COUNTRIES else 0
    for row in rows:
        row["cells"] += [{"state": "absent"}] * (ranks - len(row["cells"]) if ranks else 0)
    others = any(row["others"]["state"] != "absent" for row in rows)
    book.take(found)
    return {
        "by": by,
        "words": WAYS[by],
        "ways": WAYS,
        "countries": by in _COUNTRIES,
        "columns": columns or [{"entity": None, "caption": f"{number}."} for number in range(1, ranks + 1)],
        "others": others,
        "rows": rows,
        "bare": _bare(markets),
        "pages": {"number": page, "pages": pages, "total": len(shown)},
        "totals": found["totals"],
        "limits": found["limits"],
        "claims": book.claims,
        "sources": book.sources,
    }


def _usual(answers: Sequence[Body]) -> str:
    sizes = dict.fromkeys(WAYS, 0)
    for answer in answers:
        for way in answer["ways"]:
            sizes[way["by"]] += way["hhi"] is not None
    return max(WAYS, key=lambda by: sizes[by])


def _rank(one: tuple[Body, Body]) -> tuple[bool, float, float, str, str]:
    """Put first what is surely most concentrated; what has no index last."""
    answer, way = one
    index = way["hhi"]
    low, high = (index["low"] or 0.0, index["high"] or 0.0) if index else (0.0, 0.0)
    return index is None, -low, -high, answer["caption"], measured(answer)


def _columns(markets: Sequence[tuple[Body, Body]]) -> list[dict[str, Any]]:
    """Return the holders that get a column, those with most first: by the middle of what they have in all markets."""
    sizes: dict[str, float] = defaultdict(float)
    heads: dict[str, dict[str, Any]] = {}
    for _, way in markets:
        for holder in _named(way):
            key = _key(holder)
            region = " (region)" if holder.get("aggregate") == "region" else ""
            heads.setdefault(key, {"key": key, "entity": holder["entity"], "caption": holder["caption"] + region})
            sizes[key] += _weight(holder)
    order = sorted(sizes, key=lambda key: (-sizes[key], heads[key]["caption"], key))
    # One more column is drawn rather than a column of one holder.
    return [heads[key] for key in order[: COLUMNS if len(order) > COLUMNS + 1 else len(order)]]


def _named(way: Body) -> list[Body]:
    return [one for one in way["top"] if one.get("aggregate") != "remainder"]


def _key(holder: Body) -> str:
    return str(holder.get("entity") or f"\x00{holder['caption']}")


def _weight(holder: Body) -> float:
    share = holder["share"]
    if share is None:
        return _OF_WITHHELD if holder.get("withheld") else 0.0
    low = share["low"] or 0.0
    high = 1.0 if share["high"] is None else share["high"]
    return float(low + (high if holder["sure"] and share["high"] is not None else low)) / 2


def _bare(markets: Sequence[tuple[Body, Body]]) -> list[dict[str, Any]]:
    """Return the markets that have no holder in this way, by the reason."""
    reasons: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for answer, way in markets:
        if not way["top"]:
            why = way.get("hhi_refused") or "no holder is named"
            reasons[why].append({"entity": answer["entity"], "caption": answer["caption"]})
    return [{"why": why, "things": things} for why, things in reasons.items()]


class _Book:
    """Makes the rows of a page, and gathers the claims that their cells rest on."""

    def __init__(self, picture: Picture, by: str) -> None:
        self.picture = picture
        self.by = by
        self.claims: dict[str, Any] = {}
        self.sources: dict[str, Any] = {}
        self._markets: dict[str, dict[str, Any]] = {}

    def take(self, finding: Body) -> None:
        """Take over the claims of a finding and their sources."""
        self.claims |= finding["claims"]
        self.sources |= finding["sources"]

    def row(self, answer: Body, way: Body, columns: Sequence[Body]) -> dict[str, Any]:
        """Return the row of one market."""
        carried = self._carried(answer)
        held = {_key(one): one for one in _named(way)}

        def cell(holder: Body) -> dict[str, Any]:
            one = carried.get((holder.get("entity"), holder["caption"]), {})
            return cell_of(holder, one.get("claims", ()), one.get("hedges", ()))

        if columns:
            keys = [column["key"] for column in columns]
            cells = [cell(held[key]) if key in held else {"state": "absent"} for key in keys]
        else:
            keys = list(held)[: LARGEST if len(held) > LARGEST + 1 else len(held)]
            cells = [cell(held[key]) for key in keys]
        others = [one for key, one in held.items() if key not in keys]
        return {
            "entity": answer["entity"],
            "caption": answer["caption"],
            "measure": measured(answer),
            "cells": cells,
            "others": others_cell(others, way.get("more") or {}, [cell(one)["claims"] for one in others]),
            "rest": rest_cell(way),
            "index": index_words(way["hhi"]) if way["hhi"] else None,
            "hhi": way["hhi"],
            "refused": way.get("hhi_refused"),
            "alarms": [alarm for alarm in answer["alarms"] if alarm["by"] == self.by],
            "largest": next(
                (
                    {"entity": one["entity"], "caption": one["caption"]}
                    for one in held.values()
                    if one.get("entity") and one["share"]
                ),
                None,
            ),
        }

    def _carried(self, answer: Body) -> dict[tuple[str | None, str], Body]:
        """Return the holders of a market with their claims, which the overview leaves out."""
        name = answer["entity"]
        if name not in self._markets:
            self._markets[name] = concentration.ask(self.picture, name).to_json()
            self.take(self._markets[name])
        finding = self._markets[name]
        parts = [{**finding, "rows": finding["answers"]}, *finding["other_series"]]
        wanted = measured({**answer, "caption": None})
        same = [
            part
            for part in parts
            if measured({**part, "caption": None}) == wanted and part["series"] == answer["series"]
        ]
        rows = same[0]["rows"] if same else ()
        return {(one["entity"], one["caption"]): one for row in rows if row["by"] == self.by for one in row["top"]}
