"""One call of a verb: its picture, its values, whom it tells how far it is; and what a verb's module gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from isthmus.cli.screen import Screen


def no_step(what: str) -> None:
    """Take note of a step; this one forgets it."""


def no_progress(done: int, total: int) -> None:
    """Take note of how much is done; this one forgets it."""


@dataclass(frozen=True, slots=True)
class Call:
    """A verb with its values.

    Attributes
    ----------
    path : str
        The command as it is typed: ``isthmus ask tally``.
    verb, lens : str
        The verb; and what stands below it, empty where nothing does.
    picture : Path
        The picture's file.
    chosen : bool
        Whether the picture's file was named on the command line.
    values : mapping
        The values by the keys of the verb's arguments and options.
    """

    path: str
    verb: str
    lens: str
    picture: Path
    chosen: bool
    values: Mapping[str, Any]
    step: Callable[[str], None] = no_step
    progress: Callable[[int, int], None] = no_progress


class Verb(Protocol):
    """What each module of `isthmus.cli.verbs` has."""

    WORKS_LONG: bool
    """Whether a person at a terminal is told how far it is."""

    def answer(self, call: Call) -> Any:
        """Do what is asked; return what ``--json`` prints."""

    def show(self, screen: Screen, found: Any, call: Call) -> None:
        """Print the answer for people."""

    def exit_code(self, found: Any) -> int:
        """Return how the process ends where nothing was raised."""
