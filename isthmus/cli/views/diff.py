"""What changed between two dates: conclusions first, then relations, then claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.text import Text

from isthmus.cli.call import Call
from isthmus.cli.doubt import UNLIKE, gap_text, place
from isthmus.cli.screen import Column, Content, Screen, joined, said
from isthmus.cli.views.timeline import dated

SHOWN = 20
_HEADS = {
    ("relations", "added"): "Relations that began or came into view",
    ("relations", "removed"): "Relations that ended or went",
    ("relations", "changed"): "Relations that changed",
    ("claims", "added"): "Claims that came",
    ("claims", "removed"): "Claims that went",
    ("claims", "changed"): "Values that changed",
}
_HOW = {"seen": "first seen", "recorded": "recorded", "shown": "now shown", "hidden": "no longer shown"}
_CAME = {"added": "new", "removed": "gone", "changed": "changed"}
Body = Mapping[str, Any]


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the changes."""
    what = "held in the world" if found["by"] == "valid" else "was known here"
    screen.title(f"What changed in what {what} between {found['from']} and {found['to']}")
    _conclusions(screen, found["conclusions"], call)
    for part in ("relations", "claims"):
        for way in ("added", "removed", "changed"):
            _section(screen, found[part], part, way, call)
    if not any(_total(found[part], way) for part in ("conclusions", "relations", "claims") for way in _CAME):
        screen.blank()
        screen.note("Nothing that this picture holds changed.")


def _total(part: Body, way: str) -> int:
    return int(part.get("totals", {}).get(way, len(part[way])))


def _shown(rows: Sequence[Body], call: Call) -> Sequence[Body]:
    return rows[: call.values["limit"] or SHOWN]


def _more(screen: Screen, total: int, shown: int) -> None:
    if total > shown:
        screen.note(said(f"… and {total - shown:,} more; --limit N lists more", "dim"))


def _conclusions(screen: Screen, part: Body, call: Call) -> None:
    total = sum(_total(part, way) for way in _CAME)
    if not total:
        return
    screen.heading("Conclusions", total)
    rows: list[list[Content]] = []
    for way, word in _CAME.items():
        rows += [[word, _conclusion(item)] for item in _shown(part[way], call)]
    screen.table([Column("", keep=True), Column("")], rows, indent=2)
    _more(screen, total, len(rows))
    for note in part.get("limits", ()):
        screen.note(note)


def _conclusion(item: Body) -> Text:
    if item.get("conclusion") == "gap":
        text = gap_text(item)
    elif item.get("conclusion") == "conflict":
        text = joined([UNLIKE, item["about"]])
    elif item.get("conclusion") == "control":
        text = said(str(item["about"]))
    else:
        text = said(f"= {item['about']}")
    before = item.get("before")
    if isinstance(before, Mapping) and (before.get("what") or before.get("about")):
        text = joined([text, said(f"before: {before.get('what') or before['about']}", "dim")], "\n")
    for reason in item.get("because", ()):
        text = joined([text, said(f"because of: {reason}", "dim")], "\n")
    return text


def _section(screen: Screen, part: Body, name: str, way: str, call: Call) -> None:
    total = _total(part, way)
    apart = part.get("apart", {}).get(way, {})
    if not total and not apart:
        return
    screen.heading(_HEADS[name, way], total)
    counts = part.get("by", {}).get(way, {})
    if len(counts) > 1:
        screen.note(said(", ".join(f"{number:,} {_HOW.get(how, how)}" for how, number in counts.items()), "dim"))
    rows = _shown(part[way], call)
    columns = [Column("", keep=True), Column("", keep=True), Column(""), Column("")]
    screen.table(columns, [_row(row, way) for row in rows], indent=2)
    _more(screen, total, len(rows))
    if apart:
        told = ", ".join(f"{number:,} of {predicate}" for predicate, number in apart.items())
        screen.note(said(f"not listed: {told}", "dim"))


def _row(row: Body, way: str) -> list[Content]:
    date = str(row.get("ended" if way == "removed" else "began") or row.get("observed") or row.get("date") or "")
    how = str(row.get("how", ""))
    how = _HOW.get(how, how)
    how = how if row.get("certain", True) else f"{how}?"
    return [dated(date) if way != "changed" else "", "" if how == "changed" else how, _told(row, way), _by(row)]


def _told(row: Body, way: str) -> Text:
    if way == "changed" and row.get("before") and row.get("after"):
        return joined([said(_sentences(row["before"]), "dim"), joined(["→", _sentences(row["after"])])], "\n")
    text = said(row["sentence"])
    for gone in row.get("retractions") or ([row] if row.get("retracted_why") else []):
        text = joined(
            [text, said(f"retracted by {gone.get('retracted_by', 'somebody')}: {gone['retracted_why']}", "dim")], "\n"
        )
    return text


def _sentences(side: Iterable[Body]) -> str:
    return "; ".join(dict.fromkeys(str(item["sentence"]) for item in side))


def _by(row: Body) -> Text:
    sources = row.get("sources") or [row["source"]]
    locators = row.get("locators") or [row[key] for key in ("locator",) if row.get(key)]
    if not locators:
        locators = [item["locator"] for key in ("before", "after") for item in row.get(key, ()) if item.get("locator")]
    origins = row.get("origins") or row.get("origin") or []
    more = f" and {len(sources) - 1} more" if len(sources) > 1 else ""
    return said(place(sources[0], locators, origins) + more, "dim")
