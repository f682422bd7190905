"""What claims say about dependence, as columns."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

USES, CONTAINS, SUPPLIES = "uses", "contains", "supplies"
READ = (USES, CONTAINS, SUPPLIES)
"""The predicates that are read; a row knows its own by place here."""

STRENGTHS = ("required", "recommended", "optional", "build", "development", "test", "provided")
"""The strengths of the vocabulary, from the strongest; a need is as strong as the strongest claim about it."""

LEVELS: dict[str, tuple[str, ...]] = {
    "required": ("required",),
    "recommended": ("required", "recommended"),
    "optional": ("required", "recommended", "optional"),
    "build": ("required", "build"),
    "all": STRENGTHS,
}
"""Which needs count at each level that may be asked for."""

NOTHING = -1


@dataclass(frozen=True, eq=False)
class Rows:
    """Claims about dependence that may hold on the day of the picture, one a row.

    Attributes
    ----------
    claim, place : int64, shape (rows,)
        The row of the claim in the store, and the key of its subject there.
    subject, object : int64
        Keys of canonical entities: who needs it and what; of `supplies` who is supplied and by whom.
    predicate : int64
        Which of `READ`.
    item : int64
        Of `supplies` the key of what is supplied; else -1.
    need : int64
        Which of `texts` the need is called by; -1 where the claim names none.
    at_least : int64
        How many alternatives the need takes; 0 where the claim does not say.
    strength : int64
        Which of `STRENGTHS`.
    sure : bool
        Whether it surely holds on the day.
    conditional : bool
        Whether it holds under a condition.
    texts : tuple of str
    """

    claim: Ints
    place: Ints
    subject: Ints
    object: Ints
    predicate: Ints
    item: Ints
    need: Ints
    at_least: Ints
    strength: Ints
    sure: Flags
    conditional: Flags
    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.claim)

    def take(self, rows: Ints | Flags) -> Rows:
        """Return some of the rows."""
        return Rows(
            **{field.name: getattr(self, field.name)[rows] for field in fields(self) if field.name != "texts"},
            texts=self.texts,
        )


@dataclass(frozen=True, slots=True)
class Told:
    """The rows of a picture, and how many claims were set aside for which reason."""

    rows: Rows
    aside: dict[str, int]
