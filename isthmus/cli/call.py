"""One call of a verb: its picture, its values, and whom it tells how far it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEFAULT = "picture.duckdb"
"""The picture's file where none is named."""


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
        The command as it is typed, without its words: ``isthmus ask tally``.
    words : tuple of str
        The words that were given, for saying what to type next.
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
    words: tuple[str, ...]
    verb: str
    lens: str
    picture: Path
    chosen: bool
    values: Mapping[str, Any]
    step: Callable[[str], None] = no_step
    progress: Callable[[int, int], None] = no_progress
