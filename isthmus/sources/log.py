"""What a reader does not turn into claims: the log that every reader of documents keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from isthmus.model import Rejection

LISTED_FAULTS = 100_000
KINDS_OF_FIELD = 200
SHOWN_PLACES = 10


@dataclass(slots=True)
class Log:
    """What is read past, what is refused, and what is worth a remark; `kinds` bounds how many reasons are told apart."""

    left_out: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejection] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    kinds: int = KINDS_OF_FIELD

    def refuse(self, line: int, place: str, reason: str) -> None:
        """List a fault with its line and place."""
        if len(self.rejected) < LISTED_FAULTS:
            self.rejected.append(Rejection(line, f"{place}: {reason}"))
        else:
            self.left_out["further faults, not listed"] += 1

    def leave(self, reason: str, count: int = 1) -> None:
        """Count what makes no claim on purpose."""
        known = reason in self.left_out or len(self.left_out) < self.kinds
        self.left_out[reason if known else "further fields, not named"] += count

    def leave_others(self, what: str, body: Mapping[str, Any], read: Collection[str]) -> None:
        """Count the fields of an object that are not among those that are read, and how many things are in each."""
        for key in body.keys() - read:
            value = body[key]
            if value not in (None, "", [], {}):
                self.leave(f"{what} {key[:60]}: no predicate", len(value) if isinstance(value, list) else 1)

    def note(self, remark: str, place: str) -> None:
        """Remember a remark and the place that it is about."""
        self.notes.setdefault(remark, []).append(place)

    def remarks(self) -> tuple[str, ...]:
        """Return the remarks, each with how often it holds and the first places."""
        return tuple(
            f"{len(places)} {remark}: {', '.join(places[:SHOWN_PLACES])}{' …' if len(places) > SHOWN_PLACES else ''}"
            for remark, places in self.notes.items()
        )
