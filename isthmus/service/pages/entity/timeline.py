"""What is dated about a thing, laid on one scale: where a date is only partly known, the bar says so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from isthmus.dates import PartialDate
from isthmus.model import Claim
from isthmus.picture import Picture
from isthmus.picture.words import when_said
from isthmus.service.pages.entity.evidence import ABOUT, IDENTITY, TOWARDS, Evidence
from isthmus.service.pages.entity.rows import MODES, named, say_short, shorten

SHOWN = 24
"""So many entries are drawn, the newest."""
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000)
_TICKS = 4
_DEEP = 4
Span = tuple[date | None, date | None]


def timeline(picture: Picture, evidence: Evidence, shown: int = SHOWN, *, only: Collection[str] = ()) -> dict[str, Any]:
    """Return the dated claims about a thing, oldest first, each with its place on a scale in percent.

    Parameters
    ----------
    shown : int
        So many, the newest.
    only : collection of str
        Only these predicates, where given.

    Returns
    -------
    dict
        ``{"rows", "ticks", "dated", "undated"}``. A row's ``bar`` is ``{"from", "sure_from", "sure_to", "to", "open", "seen"}``: it may
        begin from `from` on and surely holds from `sure_from` to `sure_to`; `open`: nothing says until when.
    """
    told = [(claim, side) for side, claims in ((ABOUT, evidence.about), (TOWARDS, evidence.towards)) for claim in claims
            if claim.predicate not in IDENTITY and (not only or claim.predicate in only)]  # fmt: skip
    dated = [(claim, side) for claim, side in told if claim.valid_from or claim.valid_to or claim.observed]
    dated.sort(key=lambda pair: (_first(_span(pair[0])), pair[0].id))
    entries: dict[tuple[str, str, str], dict[str, Any]] = {}
    for claim, side in dated[-shown * _DEEP :]:
        text = say_short(picture, evidence.entity, claim, side)
        key = (text, when_said(claim), claim.stance)
        if key in entries:
            entries[key]["claims"].append(claim.id)
            continue
        entries[key] = {
            "text": shorten(text),
            "other": _other(picture, claim, side),
            "when": when_said(claim),
            "verdict": MODES.get(claim.mode) or ("denied" if claim.stance == "denies" else None),
            "hedge": claim.hedge,
            "span": _span(claim),
            "seen": bool(claim.observed and not claim.valid_from and not claim.valid_to),
            "claims": [claim.id],
        }
    rows = sorted(entries.values(), key=lambda row: (_first(row["span"]), row["text"], row["when"]))
    rows = rows[-shown:]
    scale = _scale([row["span"] for row in rows])
    for row in rows:
        row["bar"] = _bar(row.pop("span"), row.pop("seen"), scale)
    return {"rows": rows, "ticks": _ticks(scale), "dated": len(dated), "undated": len(told) - len(dated)}


def _other(picture: Picture, claim: Claim, side: str) -> dict[str, Any] | None:
    name = claim.object if side == ABOUT else claim.subject
    return named(picture.entity(name)) if name else None


def _span(claim: Claim) -> tuple[Span, Span]:
    """Return the days between which it begins, and those between which it ends; None is open."""
    start, end = (PartialDate.parse(text) if text else None for text in (claim.valid_from, claim.valid_to))
    if start is None and end is None and claim.observed:
        start = end = PartialDate.parse(claim.observed)
    begins: Span = (start.earliest, start.latest) if start else (None, None)
    ends: Span = (end.earliest, end.latest) if end else (None, None)
    return begins, ends


def _days(span: tuple[Span, Span]) -> list[date]:
    return [day for pair in span for day in pair if day is not None]


def _first(span: tuple[Span, Span]) -> date:
    return min(_days(span), default=date.min)


def _scale(spans: Sequence[tuple[Span, Span]]) -> tuple[int, int]:
    days = [day for span in spans for day in _days(span)]
    if not days:
        return date.today().year, date.today().year + 1
    return min(days).year, max(days).year + 1


def _place(day: date, scale: tuple[int, int]) -> float:
    first, last = date(scale[0], 1, 1), date(min(scale[1], 9999), 1, 1)
    return round(100 * (day - first).days / max(1, (last - first).days), 2)


def _bar(span: tuple[Span, Span], seen: bool, scale: tuple[int, int]) -> dict[str, Any]:
    (early, late), (soon, far) = span
    start = _place(early, scale) if early else 0.0
    sure_start = _place(late, scale) if late else start
    open_end = soon is None and far is None
    end = 100.0 if open_end or far is None else _place(far, scale)
    sure_end = end if open_end else _place(soon, scale) if soon else sure_start
    if seen:
        sure_start = sure_end = start
    return {
        "from": start,
        "sure_from": min(sure_start, 100.0),
        "sure_to": max(sure_start, sure_end),
        "to": max(end, start),
        "open": open_end,
        "seen": seen,
    }


def _ticks(scale: tuple[int, int]) -> list[dict[str, Any]]:
    years = scale[1] - scale[0]
    step = next((step for step in _STEPS if years / step <= _TICKS), _STEPS[-1])
    first = -(-scale[0] // step) * step
    return [
        {"year": year, "at": _place(date(year, 1, 1), scale)}
        for year in range(first, min(scale[1], 9998) + 1, step)
        if _place(date(year, 1, 1), scale) <= 97
    ]
