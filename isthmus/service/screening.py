"""Screen a file of names against lists: best candidates with score and reasons, the programme and its dates.

What is delisted is not listed, and what a person judged to be different stays out; both are counted and said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from isthmus.claims.reader import ReadStore
from isthmus.claims.store import no_step
from isthmus.claims.words import fold
from isthmus.dates import as_of_day
from isthmus.entities.matching import Match, Subject, load_model
from isthmus.entities.matching.search import find_matches
from isthmus.errors import ArgumentError
from isthmus.picture import Picture
from isthmus.picture.listings import Listing, find_list, named_in, read_listings
from isthmus.picture.subjects import read_subjects
from isthmus.service.name_rows import NamedRow, read_rows
from isthmus.service.screened_file import check_target, write_screened
from isthmus.sources.adapter import no_progress

SPARE = 24
"""Candidates beyond the limit, as some turn out to be delisted or judged different."""


@dataclass(slots=True)
class _Entry:
    """One thing on the lists that are screened against."""

    id: str
    caption: str
    subject: Subject
    listings: list[Listing] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)

    def state(self, day: date) -> str:
        states = {item.state(day) for item in self.listings} or {"listed"}
        return next(state for state in ("listed", "not yet", "delisted") if state in states)


def screen(
    picture: Path | None,
    file: Path,
    against: Sequence[str],
    *,
    column: str | None = None,
    limit: int = 5,
    bar: float | None = None,
    as_of: str | None = None,
    include_delisted: bool = False,
    out: Path | None = None,
    step: Callable[[str], None] = no_step,
    progress: Callable[[int, int], None] = no_progress,
) -> dict[str, Any]:
    """Screen the names of a file.

    Parameters
    ----------
    picture : Path or None
        The picture that holds the lists; None where every list is a file.
    against : sequence of str
        Sources of the picture, or files of names.
    column : str or None
        The column of names in `file`; None: the one called ``name``.
    bar : float or None
        The lowest score; None: the model's bar of *possible*.
    as_of : str or None
        The day on which a thing must be listed; None: today.
    include_delisted : bool
        Return candidates that are not listed on the day too, marked as such.
    out : Path or None
        A ``.csv`` or ``.json`` file to be written.

    Returns
    -------
    dict
        ``{"file", "as_of", "bar", "limit", "lists", "names", "matched", "rows", "left_out", "rejected", "remarks", "out"}``.

    Raises
    ------
    ArgumentError, FormatError
        A list or file is not there or cannot be read.
    """
    if out is not None:
        check_target(out, [file, *([picture] if picture else []), *map(Path, against)])
    day = as_of_day(as_of) if as_of else date.today()
    lowest = load_model().possible if bar is None else bar
    step(f"reading {file.name}")
    rows = read_rows(file, column=column, progress=progress)
    with ExitStack() as stack:
        view = Picture(stack.enter_context(ReadStore(picture))) if picture else None
        step("reading the lists")
        entries, lists = _entries(view, against, day)
        judged = _Judged(view, rows.sound)
    found = find_matches(
        [row.subject for row in rows.sound],
        [entry.subject for entry in entries],
        limit=limit + SPARE,
        bar=lowest,
        step=step,
        progress=progress,
    )
    totals = {"delisted": 0, "not_yet_listed": 0, "judged_different": 0}
    told = []
    for row, matches in zip(rows.sound, found, strict=True):
        told.append(
            _row(row, [(entries[number], match) for number, match in matches], judged, day, limit, include_delisted)
        )
        for key in totals:
            totals[key] += len(told[-1][key])
    result = {
        "file": str(file),
        "as_of": day.isoformat(),
        "bar": lowest,
        "limit": limit,
        "lists": lists,
        "names": len(rows.sound),
        "matched": sum(bool(row["candidates"]) for row in told),
        "rows": told,
        "left_out": totals,
        "rejected": [{"line": line, "reason": reason} for line, reason in rows.rejected],
        "remarks": [{"line": line, "what": what} for line, what in rows.remarks],
        "out": str(out) if out else None,
    }
    if out is not None:
        step(f"writing {out.name}")
        write_screened(result, out)
    return result


def _row(
    row: NamedRow,
    matches: Sequence[tuple[_Entry, Match]],
    judged: _Judged,
    day: date,
    limit: int,
    include_delisted: bool,
) -> dict[str, Any]:
    left: dict[str, list[str]] = {"delisted": [], "not yet": [], "different": []}
    kept: list[dict[str, Any]] = []
    for entry, match in matches:
        state = entry.state(day)
        if judged.different(row, entry):
            left["different"].append(entry.caption)
        elif state != "listed" and not include_delisted:
            left[state].append(entry.caption)
        elif len(kept) < limit:
            kept.append(_candidate(entry, match, state, day))
    return {
        "line": row.line,
        "name": row.name,
        "id": row.id or None,
        "candidates": kept,
        "delisted": left["delisted"],
        "not_yet_listed": left["not yet"],
        "judged_different": left["different"],
    }


def _candidate(entry: _Entry, match: Match, state: str, day: date) -> dict[str, Any]:
    listings = [
        {
            "programme": item.programme,
            "by": item.by,
            "from": item.since,
            "to": item.until,
            "state": item.state(day),
            "closed_by_later": item.closed_by_later,
            "source": item.source,
            "locator": item.locator,
        }
        for item in entry.listings
    ]
    return {
        "id": entry.id or None,
        "caption": entry.caption,
        "lists": entry.lists,
        "state": state,
        **match.to_json(),
        "listings": listings,
    }


def _entries(view: Picture | None, against: Sequence[str], day: date) -> tuple[list[_Entry], list[dict[str, Any]]]:
    held: dict[str, _Entry] = {}
    loose: list[_Entry] = []
    lists: list[dict[str, Any]] = []
    for name in dict.fromkeys(against):
        source = find_list(view, name) if view else None
        if view is not None and source is not None:
            added = list(_of_source(view, source, held))
            lists.append(_list(source, view.sources[source].title or source, added, day, 0))
        elif Path(name).is_file():
            rows = read_rows(Path(name))
            added = [_Entry(row.id, row.name, row.subject, lists=[name]) for row in rows.sound]
            loose += added
            lists.append(_list(name, name, added, day, len(rows.rejected)))
        else:
            raise _no_list(name, view)
    return [*held.values(), *loose], lists


def _of_source(view: Picture, source: str, held: dict[str, _Entry]) -> Iterator[_Entry]:
    """Yield the entries of a source; what stands on several lists is one entry."""
    listings = read_listings(view, source)
    heads = dict.fromkeys(item.entity for item in listings) if listings else dict.fromkeys(named_in(view, source))
    subjects = read_subjects(view, heads)
    view.load_entities(heads)
    for head, subject in subjects.items():
        entry = held.setdefault(head, _Entry(head, view.caption(head), subject))
        if source not in entry.lists:
            entry.lists.append(source)
        yield entry
    for item in listings:
        if item.entity in subjects:
            held[item.entity].listings.append(item)


def _list(name: str, title: str, entries: Sequence[_Entry], day: date, rejected: int) -> dict[str, Any]:
    states = [entry.state(day) for entry in entries]
    return {
        "list": name,
        "title": title,
        "entries": len(entries),
        "listed": states.count("listed"),
        "delisted": states.count("delisted"),
        "not_yet_listed": states.count("not yet"),
        "rejected": rejected,
    }


def _no_list(name: str, view: Picture | None) -> ArgumentError:
    if view is None:
        what = "is no file, and there is no picture here that could hold it as a source"
        return ArgumentError(f"“{name}” {what}.", where="--against", hint="Name a file of names, or a picture with -p.")
    return ArgumentError(
        f"“{name}” is neither a source of this picture nor a file.",
        where="--against",
        hint="`isthmus sources` lists the sources; a file of names is CSV, XLSX, Parquet or plain text.",
    )


class _Judged:
    """Which pairs of a row and an entity were judged different.

    A row stands for the entity that its id names, else for those that are called exactly so.
    """

    def __init__(self, view: Picture | None, rows: Sequence[NamedRow]) -> None:
        self.pairs: set[tuple[str, str]] = set()
        self.by_name: dict[str, set[str]] = {}
        self.ids: dict[str, str] = {}
        if view is None:
            return
        of = view.resolution.of
        for (a, b), judgement in view.standing.decided.items():
            if judgement.verdict == "different":
                self.pairs |= {(of(a), of(b)), (of(b), of(a))}
        if not self.pairs:
            return
        for head, subject in read_subjects(view, {a for a, _ in self.pairs}).items():
            for name in subject.names:
                self.by_name.setdefault(fold(name), set()).add(head)
        held = view.reader.ids(view.reader.keys({row.id for row in rows if row.id})).values()
        self.ids = {name: of(name) for name in {row.id for row in rows if row.id} & set(held)}

    def different(self, row: NamedRow, entry: _Entry) -> bool:
        """Tell whether whatever the row can stand for was judged different from the entry."""
        if not self.pairs or not entry.id:
            return False
        if row.id in self.ids:
            return (self.ids[row.id], entry.id) in self.pairs
        called = self.by_name.get(fold(row.name), set())
        return entry.id not in called and any((head, entry.id) in self.pairs for head in called)
