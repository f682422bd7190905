"""What changed between two dates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from isthmus.claims.reader import ReadStore
from isthmus.errors import ArgumentError
from isthmus.lenses.control.changed import control_changes
from isthmus.picture import Picture, Request
from isthmus.picture.compare import compare


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
    if (valid is None) == (known is None):
        raise ArgumentError(
            "a difference is between two valid dates or between two record times.",
            hint="Give --from and --to, or --known-from and --known-to.",
        )
    first, last = valid or known or ("", "")
    if first > last:
        raise ArgumentError(f"{first} is later than {last}.", hint="Put the earlier one first.")
    with ReadStore(path) as store:
        dropped = tuple(without)
        if valid:
            before, after = (
                Picture(store, Request(as_of=first, without=dropped)),
                Picture(store, Request(as_of=last, without=dropped)),
            )
        else:
            before, after = (
                Picture(store, Request(known_at=first, without=dropped)),
                Picture(store, Request(known_at=last, without=dropped)),
            )
        found = compare(before, after, limit=limit).to_json()
        turned, totals, limits = control_changes(before, after, limit=limit)
        found["conclusions"]["limits"] = limits
        for sort, entries in turned.items():
            # Verdicts on control first: they are what a reader acts on.
            found["conclusions"][sort] = [*entries, *found["conclusions"][sort]][: max(limit, 0)]
            found["conclusions"]["totals"][sort] += totals[sort]
    return {"from": first, "to": last, "by": "valid" if valid else "known", **found}
