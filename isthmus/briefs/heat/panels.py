"""What a heat map shows: panels of rows and columns, and what stands in each cell, from a finding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from isthmus.briefs.heat.figures import Body, ends, figure, index_words
from isthmus.briefs.svg.lettering import fit_for_xml
from isthmus.quantities import Quantity, total

WAYS = {
    "supplier": "supplier",
    "controller": "who controls the supplier in the end",
    "site_country": "country of the site",
    "controller_country": "country of who controls the supplier",
}
"""The ways to look at a market, as a finding names them, in words."""

MOST_ROWS = 40
MOST_COLUMNS = 8
_NOTHING = 1e-9
_OF_WITHHELD = 0.05
"""What is withheld is seldom nothing: whoever withholds gets a column before those with less than this."""

State = Literal["share", "withheld", "unsaid", "absent", "rest"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands where a row and a column meet.

    Attributes
    ----------
    state : str
        A share; withheld; a holder without a share; nobody named; or what belongs to nobody named.
    words : str
        The figure, or what stands there in its place.
    beside : str
        What is said below the figure.
    ends : tuple of float or None
        The ends of the share.
    told : str
        The whole of it, for whoever asks.
    sure : bool
        Whether it is certain whose it is.
    hedged : bool
        Whether a source hedges it.
    """

    state: State
    words: str = "·"
    beside: str = ""
    ends: tuple[float, float] | None = None
    told: str = ""
    sure: bool = True
    hedged: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One market: what it is, a cell for each column, and its index in words, with its ends as parts of 10,000."""

    caption: str
    notes: str
    cells: tuple[Cell, ...]
    index: str
    index_ends: tuple[float, float] | None
    beside: str


@dataclass(frozen=True, slots=True)
class Column:
    """A holder, the other named ones together, or what belongs to nobody named."""

    caption: str
    role: Literal["holder", "others", "rest"] = "holder"


@dataclass(frozen=True, slots=True)
class Panel:
    """Markets looked at in one way; `after` says what is not drawn, each with the names that it stands for."""

    by: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    after: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Market:
    caption: str
    notes: str
    way: Body


def panels_of(finding: Mapping[str, Any], by: str | None = None) -> list[Panel]:
    """Return the panels of a finding of the lens of concentration.

    Parameters
    ----------
    finding : mapping
        With or without a need, as its ``to_json`` gives it.
    by : str or None
        One of `WAYS`. None: the country of the site where the finding is about the whole picture, else every way in which it has
        something to show.
    """
    markets = list(_markets(finding))
    if by is None and "need" not in finding["question"]:
        by = "site_country"
    panels = [_panel(name, markets) for name in ([by] if by else WAYS)]
    return panels if by else sorted(panels, key=lambda panel: not panel.rows)


def _markets(finding: Mapping[str, Any]) -> Iterable[tuple[str, str, Mapping[str, Body]]]:
    question = finding["question"]
    if "need" not in question:
        for answer in finding["answers"]:
            yield *_named_and_noted(answer, answer["caption"]), {way["by"]: way for way in answer["ways"]}
        return
    caption = question.get("caption") or question["need"]
    yield *_named_and_noted(finding, caption), {row["by"]: row for row in finding["answers"]}
    for other in finding.get("other_series") or ():
        yield *_named_and_noted(other, caption), {row["by"]: row for row in other["rows"]}


def _named_and_noted(body: Body, caption: str) -> tuple[str, str]:
    """Return what a market is called, and what its figures measure beyond that."""
    told = [f"need: {body['need']}"] if body.get("need") else []
    flow = body.get("flow")
    if flow:
        # What flows into a place may be one form of the thing that is asked about.
        caption = flow.get("item", {}).get("caption") or caption
        told.append(flow["words"] + (f" into {flow['into']['caption']}" if flow.get("into") else ""))
        return fit_for_xml(caption), fit_for_xml(" · ".join(told))
    series = {key: value for key, value in (body.get("series") or {}).items() if value}
    told += [str(value).replace("_", " ") for key, value in series.items() if key not in ("predicate", "unit", "need")]
    told += [series["unit"]] if series.get("unit") not in (None, "share", "proportion") else []
    return fit_for_xml(caption), fit_for_xml(" · ".join(text for text in map(str, told) if text != caption))


def _panel(by: str, found: Iterable[tuple[str, str, Mapping[str, Body]]]) -> Panel:
    markets = [_Market(caption, notes, ways[by]) for caption, notes, ways in found if by in ways]
    markets.sort(key=_rank)
    shown = [market for market in markets if market.way["top"]]
    bare = [market for market in markets if not market.way["top"]]
    drawn, cut = shown[:MOST_ROWS], shown[MOST_ROWS:]
    after = []
    if cut:
        refused = sum(market.way["hhi"] is None for market in cut)
        tail = f", {refused:,} of them without an index" if refused else ""
        after.append(
            (f"and {_count(len(cut), 'more market')} with less concentration or none known{tail}", _names(cut))
        )
    reasons: dict[str, list[_Market]] = defaultdict(list)
    for market in bare:
        reasons[fit_for_xml(market.way.get("hhi_refused") or "no holder is named")].append(market)
    after += [(f"{_count(len(held), 'market')} not drawn: {why}", _names(held)) for why, held in reasons.items()]
    names = _columns(drawn)
    columns = [Column(caption) for caption in names.values()]
    others = any(_key(one) not in names for market in drawn for one in _named(market.way))
    others = others or any(market.way.get("more") for market in drawn)
    columns += [Column("others, named", "others")] if others else []
    rest = any(_has_rest(market.way) for market in drawn)
    columns += (
        [Column("nobody named" if by in ("supplier", "controller") else "no country named", "rest")] if rest else []
    )
    rows = [_row(market, names, others=others, rest=rest) for market in drawn]
    return Panel(by, tuple(columns), tuple(rows), tuple(after))


def _rank(market: _Market) -> tuple[bool, float, float, str, str]:
    """Put first what is surely most concentrated; what has no index last."""
    index = market.way["hhi"]
    low, high = (index["low"] or 0.0, index["high"] or 0.0) if index else (0.0, 0.0)
    return index is None, -low, -high, market.caption, market.notes


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _names(markets: Sequence[_Market]) -> str:
    return "; ".join(market.caption + (f" ({market.notes})" if market.notes else "") for market in markets)


def _key(holder: Body) -> str:
    return str(holder.get("entity") or f"\x00{holder['caption']}")


def _named(way: Body) -> list[Body]:
    return [one for one in way["top"] if one.get("aggregate") != "remainder"]


def _columns(markets: Sequence[_Market]) -> dict[str, str]:
    """Return the holders that get a column, those with most first: by the middle of what they have in all markets."""
    sizes: dict[str, float] = defaultdict(float)
    captions: dict[str, str] = {}
    for market in markets:
        for holder in _named(market.way):
            key = _key(holder)
            region = " (region)" if holder.get("aggregate") == "region" else ""
            captions.setdefault(key, fit_for_xml(holder["caption"]) + region)
            sizes[key] += _weight(holder)
    order = sorted(sizes, key=lambda key: (-sizes[key], captions[key], key))
    # One more column is drawn rather than a column of one holder.
    most = MOST_COLUMNS if len(order) > MOST_COLUMNS + 1 else len(order)
    return {key: captions[key] for key in order[:most]}


def _weight(holder: Body) -> float:
    share = holder["share"]
    if share is None:
        return _OF_WITHHELD if holder.get("withheld") else _NOTHING
    low, high = ends(share)
    return (low + (high if holder["sure"] and share["high"] is not None else low)) / 2


def _has_rest(way: Body) -> bool:
    rest = way.get("unattributed_share")
    return rest is None or rest["high"] is None or rest["high"] > _NOTHING


def _row(market: _Market, columns: Mapping[str, str], *, others: bool, rest: bool) -> Row:
    way = market.way
    held = {_key(one): one for one in _named(way)}
    cells = [_cell(market, columns[key], held.get(key)) for key in columns]
    cells += [_others(market, [one for key, one in held.items() if key not in columns])] if others else []
    cells += [_rest(market)] if rest else []
    missing = sum(one["share"] is None for one in held.values()) + (way.get("more") or {}).get("without_share", 0)
    if way["hhi"] is None:
        why = fit_for_xml(way.get("hhi_refused") or "shares are missing")
        return Row(market.caption, market.notes, tuple(cells), f"not computable: {why}", None, "")
    span = (min((way["hhi"]["low"] or 0) / 10_000, 1.0), min((way["hhi"]["high"] or 10_000) / 10_000, 1.0))
    beside = f"{missing:,} named without a share" if missing else ""
    return Row(market.caption, market.notes, tuple(cells), index_words(way["hhi"]), span, beside)


def _cell(market: _Market, column: str, holder: Body | None) -> Cell:
    where = f"{column}, {market.caption}"
    if holder is None:
        return Cell("absent", told=f"{where}: not named here")
    if holder["share"] is None:
        state: State = "withheld" if holder.get("withheld") else "unsaid"
        words = "withheld" if holder.get("withheld") else "not stated"
        told = f"{where}: {'the share is ' if holder.get('withheld') else 'share '}{words}"
        sure = holder["sure"]
        return Cell(
            state, words, "" if sure else "may have none", None, told if sure else f"{told}; it may have none", sure
        )
    share = holder["share"]
    hedge = fit_for_xml(share.get("hedge") or "; ".join(holder.get("hedges") or ()))
    told = f"{where}: {fit_for_xml(holder.get('share_words') or figure(share))}"
    told += "" if holder["sure"] else "; it may be somebody else's"
    told += f"; “{hedge}”" if hedge else ""
    words = figure(share) if holder["sure"] else f"may: {figure(share)}"
    return Cell("share", words, "", ends(share), told, holder["sure"], bool(hedge))


def _others(market: _Market, held: Sequence[Body]) -> Cell:
    more = market.way.get("more") or {}
    number = len(held) + more.get("holders", 0)
    if not number:
        return Cell("absent", told=f"others, {market.caption}: nobody else is named")
    known = [one for one in held if one["share"]]
    shares = [one["share"] for one in known] + ([more["share"]] if more.get("share") else [])
    missing = len(held) - len(known) + more.get("without_share", 0)
    named = "; ".join(f"{fit_for_xml(one['caption'])} {_said(one)}" for one in held)
    named += f"; and {more['holders']:,} more" if more else ""
    told = f"others, {market.caption}: {named}"
    first = fit_for_xml((known or held)[0]["caption"]) if held else ""
    if not shares:
        beside = first + (f" and {number - 1:,} more" if number > 1 else "")
        return Cell("unsaid", "not stated", beside, told=told)
    added = total([Quantity.from_json(share) for share in shares], "share").to_json()
    added = {**added, "high": None if missing else added["high"]}
    beside = (
        first if number == 1 else f"{number:,}, most: {first} {figure(known[0]['share'])}" if known else f"{number:,}"
    )
    beside += f"; {missing:,} not stated" if missing else ""
    sure = all(one["sure"] for one in known)
    hedged = any(one["share"].get("hedge") for one in known)
    return Cell("share", figure(added), beside, ends(added), told, sure, hedged)


def _said(holder: Body) -> str:
    if holder["share"] is None:
        return "withheld" if holder.get("withheld") else "not stated"
    return fit_for_xml(holder.get("share_words") or figure(holder["share"]))


def _rest(market: _Market) -> Cell:
    share = market.way.get("unattributed_share")
    groups = [fit_for_xml(one["caption"]) for one in market.way["top"] if one.get("aggregate") == "remainder"]
    unknown = market.way.get("unknown")
    told = f"belongs to nobody named, {market.caption}: {'not known' if share is None else figure(share)}"
    told += f" ({'; '.join(groups)})" if groups else ""
    told += f"; {_count(unknown, 'supplier')} without a known country" if unknown else ""
    if share is None:
        return Cell("rest", "not known", told=told)
    if not _has_rest(market.way):
        return Cell("absent", "0 %", told=told)
    return Cell("rest", figure(share), "", ends(share), told)
