"""A scenario as it is written: a baseline and named changes, not yet held against a picture."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[float, float]
"""The low and the high end of a number."""

WORDS = (
    "fail",
    "fail_country",
    "fail_controlled_by",
    "restrict_export",
    "remove",
    "substitute",
    "add_capacity",
    "delay",
)
"""What a change may be."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes
    ----------
    kind : str
        One of `WORDS`.
    where : str
        File and line, for messages.
    names : dict
        The things and parties that it names, by their role in the change: ``what``, ``of``, ``from``, ``to``, ``for``, ``with``, ``in``,
        ``by``.
    at : float
        The month in which it begins.
    left, share : (float, float)
        What is left of a restricted good, and what is added of the whole: fractions of 1.
    after : float
        So many months later it takes effect.
    months : float or None
        How long a delay lasts.
    need : str or None
        The text of the need that a substitution is about.
    rule : str
        By which rule of control.
    """

    kind: str
    where: str
    names: dict[str, str]
    at: float = 0.0
    left: Span = (0.0, 0.0)
    share: Span = (0.0, 0.0)
    after: float = 0.0
    months: float | None = None
    need: str | None = None
    rule: str = "majority"
    name: str | None = None
    why: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """Of which picture a scenario is asked; what is None or empty is left to whoever asks."""

    as_of: str | None = None
    known_at: str | None = None
    without: tuple[str, ...] = ()
    strength: str | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A baseline and changes.

    Attributes
    ----------
    id, title, where : str
    ask : tuple of (str, str)
        Things whose fate is asked about, and where in the file they stand; empty: whatever changes.
    horizon : float or None
        Months from the beginning after which nothing is looked at.
    """

    id: str
    title: str
    where: str
    changes: tuple[Change, ...] = ()
    baseline: Baseline = Baseline()
    ask: tuple[tuple[str, str], ...] = ()
    horizon: float | None = None
    whose: str | None = None
    note: str | None = None
