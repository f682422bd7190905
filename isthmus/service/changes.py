"""What changed between two dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from isthmus.claims.reader import ReadStore
from isthmus.dates import as_of_day
from isthmus.errors import ArgumentError
from isthmus.lenses.control.changed import control_changes
from isthmus.picture import Picture, Request
from isthmus.picture.compare import compare
from isthmus.service.desk import Desk


def difference(
    path: Path,
    *,
    valid: tuple[str, str] | None = None,
    known: tuple[str, str] | None = None,
    without: Sequence[str] = (),
    limit: int = 200,
) -> dict[str, Any]:
    """Return what changed between two valid dates or two record times: claims, relations and conclusions.

    Raises
    ------
    ArgumentError
        Both or neither pair is given, or it runs backwards.
    """
    with ReadStore(path) as store:
        return _between(store, Request(without=tuple(without)), valid, known, limit)


def differ(
    desk: Desk,
    request: Request,
    valid: tuple[str | None, str | None] | None,
    known: tuple[str | None, str | None] | None,
    *,
    limit: int = 200,
) -> dict[str, Any]:
    """Return what changed, of the picture at a desk; sources and markings that a request leaves out stay out on both sides."""
    with desk.picture(request) as picture:
        return _between(picture.store, request, _whole(valid), _whole(known), limit)


def _whole(pair: tuple[str | None, str | None] | None) -> tuple[str, str] | None:
    if pair is None:
        return None
    first, last = pair
    if not first or not last:
        raise ArgumentError(
            "one end of the time is given without the other.", hint="Give both the earlier and the later."
        )
    return first, last


def _between(
    store: ReadStore,
    request: Request,
    valid: tuple[str, str] | None,
    known: tuple[str, str] | None,
    limit: int,
) -> dict[str, Any]:
    if (valid is None) == (known is None):
        raise ArgumentError(
            "a difference is between two valid dates or between two record times.",
            hint="Give --from and --to, or --known-from and --known-to.",
        )
    first, last = valid or known or ("", "")
    for day in valid or ():
        as_of_day(day)
    if first > last:
        raise ArgumentError(f"{first} is later than {last}.", hint="Put the earlier one first.")
    sides = (
        (first, request.known_at) if valid else (request.as_of, first),
        (last, request.known_at) if valid else (request.as_of, last),
    )
    before, after = (Picture(store, replace(request, as_of=day, known_at=moment)) for day, moment in sides)
    found = compare(before, after, limit=limit).to_json()
    turned, totals, limits = control_changes(before, after, limit=limit)
    found["conclusions"]["limits"] = limits
    for sort, entries in turned.items():
        # Verdicts on control first: they are what a reader acts on.
        found["conclusions"][sort] = [*entries, *found["conclusions"][sort]][: max(limit, 0)]
        found["conclusions"]["totals"][sort] += totals[sort]
    return {"from": first, "to": last, "by": "valid" if valid else "known", **found}
