"""The claims about control as columns: one row for each holder and thing that a claim ties.

Shares are whole numbers of 1e-8 (`WHOLE` is 100 %), so that nothing is lost at the line of half: a bound that the source excludes ("more
than 25 %") is moved inwards by one unit, an inexact one outwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from isthmus.control.evidence import Evidence

WHOLE = 100_000_000
NOBODY = -1

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Claims about control, in columns of one length.

    Attributes
    ----------
    claim, also : int64
        The row of the claim in the store, and that of the membership by which it reaches a member of a group (`NOBODY`: none).
    subject, member : int64
        The keys of the subjects of the claim and of the membership, by which they are found again.
    holder, target : int64
        Keys of canonical entities: who holds, and what is held.
    kind : int64
        The place of the evidence in `evidence`.
    low, high : int64
        The share in units of 1e-8; 0 and `WHOLE` where none is said.
    stated, near, sure, denied : bool
        Whether a share is said; whether it is an approximate one; whether the claim surely holds on the day; whether it denies.
    rank, since : int64
        The day (days since 1970) up to which the source speaks, and the day from which the claim holds; small where not said.
    source, origin : int64
        Keys of the source and of the set of works behind it (`NOBODY`: none named).
    evidence : tuple of Evidence
        What the numbers in `kind` stand for.
    """

    claim: Ints
    also: Ints
    subject: Ints
    member: Ints
    holder: Ints
    target: Ints
    kind: Ints
    low: Ints
    high: Ints
    stated: NDArray[np.bool_]
    near: NDArray[np.bool_]
    sure: NDArray[np.bool_]
    denied: NDArray[np.bool_]
    rank: Ints
    since: Ints
    source: Ints
    origin: Ints
    evidence: tuple[Evidence, ...]

    def __len__(self) -> int:
        return len(self.claim)

    def take(self, chosen: NDArray[Any]) -> Rows:
        """Return some of the rows, by number or mask."""
        if chosen.dtype == np.bool_ and bool(chosen.all()):
            return self
        columns = {name: getattr(self, name)[chosen] for name in COLUMNS}
        return Rows(**columns, evidence=self.evidence)

    def without(self, claims: Iterable[int]) -> Rows:
        """Return the rows that do not rest on any of some claims (rows of the store)."""
        gone = np.fromiter(claims, dtype=np.int64)
        return self.take(~(np.isin(self.claim, gone) | np.isin(self.also, gone)))

    def places(self, chosen: Iterable[int]) -> dict[int, int]:
        """Return where the claims behind some rows stand in the store: the key of its subject by the row of each claim."""
        found: dict[int, int] = {}
        for row in chosen:
            found[int(self.claim[row])] = int(self.subject[row])
            if self.also[row] != NOBODY:
                found[int(self.also[row])] = int(self.member[row])
        return found

    def claims(self) -> list[int]:
        """Return the claims that the rows rest on, in rising order."""
        found = np.unique(np.concatenate((self.claim, self.also)))
        return [int(name) for name in found if name != NOBODY]

    def of_predicate(self, *predicates: str, among: Ints | None = None) -> NDArray[np.bool_]:
        """Return which rows, or which among some of them, are of one of some predicates."""
        chosen = np.array([item.predicate in predicates for item in self.evidence] or [False])
        kind = self.kind if among is None else self.kind[among]
        return chosen[kind] if len(kind) else np.zeros(0, dtype=np.bool_)

    @cached_property
    def by_target(self) -> tuple[Ints, Ints]:
        """The rows in order of their targets, and the targets in that order."""
        order = np.argsort(self.target, kind="stable")
        return order, self.target[order]

    @cached_property
    def by_holder(self) -> tuple[Ints, Ints]:
        """The rows in order of their holders, and the holders in that order."""
        order = np.argsort(self.holder, kind="stable")
        return order, self.holder[order]

    def towards(self, targets: Sequence[int] | Ints) -> Ints:
        """Return the numbers of the rows about some things."""
        return _among(*self.by_target, targets)

    def held_by(self, holders: Sequence[int] | Ints) -> Ints:
        """Return the numbers of the rows of some holders."""
        return _among(*self.by_holder, holders)


COLUMNS = tuple(item.name for item in fields(Rows) if item.name != "evidence")


def _among(order: Ints, values: Ints, wanted: Sequence[int] | Ints) -> Ints:
    chosen = np.unique(np.asarray(wanted, dtype=np.int64))
    first, last = np.searchsorted(values, chosen, "left"), np.searchsorted(values, chosen, "right")
    parts = [order[start:end] for start, end in zip(first, last, strict=True) if end > start]
    return np.sort(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)
