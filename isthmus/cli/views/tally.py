"""A tally: a row a group with its bar, the remainder that nobody named has, the total and the concentration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from isthmus import Quantity
from isthmus.cli.call import Call
from isthmus.cli.doubt import HOLLOW, bar, conflicts, gaps, hedged, places
from isthmus.cli.frame import again, cut, footer, limits, rest
from isthmus.cli.screen import Column, Content, Screen, joined, said
from isthmus.cli.views.support import support

BAR = 10
Body = Mapping[str, Any]


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the answer of the tally."""
    question = found["question"]
    screen.title(_title(question))
    _series(screen, found.get("series") or {}, _unit(found))
    screen.blank()
    rows = cut(found["answers"], call)
    _table(screen, found, rows)
    rest(screen, found["answers"], rows)
    _index(screen, found)
    for other in found.get("other_series", ()):
        _other(screen, other, found)
    gaps(screen, found["gaps"])
    conflicts(screen, found["conflicts"])
    limits(screen, found["limits"])
    asked_why = call.verb == "why" or bool(call.values["why"])
    if asked_why:
        support(screen, found, rows, lambda row: joined([_label(row, question["by"]), row["words"]], ": "))
    footer(screen, found, found["claims"], "" if asked_why else f"what carries it: {again(call, 'why')}")


def _title(question: Body) -> Text:
    words = str(question["measure"]).replace("_", " ")
    if question.get("in"):
        words += f" in {question['in_caption']}"
    if question.get("of"):
        words += f" of {question['of_caption']}"
    return said(f"{words}, by {str(question['by']).replace('_', ' ')}")


def _series(screen: Screen, series: Body, unit: str) -> None:
    told = [f"{key}: {str(value).replace('_', ' ')}" for key, value in series.items() if key != "unit"]
    if told:
        screen.line(said(" · ".join([*told, f"in {unit}"] if unit else told), "dim"))


def _unit(found: Body) -> str:
    return str((found.get("series") or {}).get("unit") or found["raw_sum"]["unit"])


def _table(screen: Screen, found: Body, rows: Sequence[Body]) -> None:
    unit, by = _unit(found), str(found["question"]["by"])
    most = max((_most(row["value"]) for row in rows), default=0.0)
    shares = any(row["share"] for row in rows) and unit not in ("share", "proportion")
    lines = [_row(found, row, unit, by, most, shares) for row in rows]
    lines += _foot(found, unit, shares)
    columns = [Column(by.replace("_", " ")), Column(unit, figures=True)]
    columns += [Column("share", figures=True)] if shares else []
    columns += [Column("", keep=True), Column("by whose word")]
    screen.table(columns, lines)


def _row(found: Body, row: Body, unit: str, by: str, most: float, shares: bool) -> list[Content]:
    label = said(_label(row, by))
    if row.get("aggregate"):
        label = joined(
            [label, said(f"[{'not named' if row['aggregate'] == 'remainder' else row['aggregate']}]", "dim")]
        )
    if row.get("disputed"):
        label = joined([label, "[disputed ≠]"])
    cells: list[Content] = [label, figure(row["words"], unit)]
    if shares:
        cells.append(str(row["share_words"] or "not known"))
    share = row["share"]
    if share:
        drawn = bar(share["low"], share["high"], BAR)
    else:
        drawn = bar(_scaled(row["value"]["low"], most), _scaled(row["value"]["high"], most), BAR)
    return [*cells, drawn, _word(found, row)]


def _word(found: Body, row: Body) -> Text:
    claims = [found["claims"][name] for name in row["claims"] if name in found["claims"]]
    parts: list[Content] = [places(claims)]
    if row["hedges"]:
        parts.insert(
            0, hedged(row["hedges"][:2]) + (f" and {len(row['hedges']) - 2} more" if len(row["hedges"]) > 2 else "")
        )
    return joined(parts)


def _foot(found: Body, unit: str, shares: bool) -> list[list[Content]]:
    lines: list[list[Content]] = []
    rest_of, whole = found.get("unattributed"), found.get("total")
    if rest_of and rest_of["high"] != 0:
        lines.append(_footed(said("nobody named here"), rest_of, whole, unit, shares, HOLLOW))
    if whole:
        lines.append(_footed(said("in all", "bold"), whole, None, unit, shares, ""))
    return lines


def _footed(label: Text, body: Body, whole: Body | None, unit: str, shares: bool, mark: str) -> list[Content]:
    value = Quantity.from_json(body)
    part = value.div(Quantity.from_json(whole), "share") if whole and whole["low"] else None
    if unit in ("share", "proportion"):
        part = value
    drawn = Text("")
    if part is not None and mark:
        share = part.to_json()
        drawn = Text(bar(share["low"], share["high"], BAR).plain.replace("█", HOLLOW).replace("▏", HOLLOW).rstrip())
    cells: list[Content] = [label, figure(value.words(), unit)]
    if shares:
        cells.append(part.words() if part is not None else "" if mark else "100 %")
    return [*cells, drawn, said(hedged([body["hedge"]]) if body.get("hedge") else "", "dim")]


def _label(row: Body, by: str) -> str:
    return str(row["group"][by]).replace("_", " ") if not row.get("entity") else str(row["group"][by])


def figure(words: str, unit: str) -> str:
    """Return a bounded number without the unit that stands in the head of its column."""
    if unit in ("share", "proportion"):
        return words
    for ending in (unit, unit[:-1] if unit.endswith("s") else "", unit[:-3] + "y" if unit.endswith("ies") else ""):
        if ending and words.endswith(f" {ending}"):
            return words.removesuffix(f" {ending}")
    return words


def _most(value: Body) -> float:
    return float(value["high"] if value["high"] is not None else value["low"] or 0)


def _scaled(end: float | None, most: float) -> float | None:
    return None if end is None else end / most if most else 0.0


def _index(screen: Screen, found: Body) -> None:
    screen.blank()
    if found.get("hhi"):
        screen.note(f"Concentration (HHI): {_span(found['hhi'])} of 10,000.")
        if found.get("hhi_regions_spread"):
            screen.note(f"With each region spread over many holders: {_span(found['hhi_regions_spread'])}.")
    elif found.get("hhi_refused"):
        screen.note(f"No concentration index (HHI): {found['hhi_refused']}.")
    if found.get("shares_of") == "recorded":
        screen.note("Shares are of what is recorded; no source gives the whole.")


def _span(body: Body) -> str:
    low, high = body["low"], body["high"]
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _other(screen: Screen, other: Body, found: Body) -> None:
    told = ", ".join(str(value).replace("_", " ") for key, value in other["series"].items() if key != "unit")
    screen.heading(f"Beside it, not added: {told}")
    unit = str(other["series"].get("unit") or "")
    rows = other["rows"][:10]
    by = str(found["question"]["by"])
    columns = [Column(by), Column(unit, figures=True), Column("by whose word")]
    screen.table(columns, [[_label(row, by), figure(row["words"], unit), _word(found, row)] for row in rows], indent=2)
    if len(other["rows"]) > len(rows):
        screen.note(said(f"… and {len(other['rows']) - len(rows):,} more", "dim"))
