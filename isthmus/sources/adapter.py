"""The contract between a public format and the store: a file goes in, claim columns come out.

An adapter is pure: it reads one file, may write working files into the folder that it is given, and returns a `Reading`. It
knows no store. The rows of a reading are a SELECT over the file or over Parquet working files, so that bulk evidence
flows in columns and never through a Python loop per claim.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from isthmus.model import CLAIM_COLUMNS, Rejection, Source

READING_COLUMNS = ("line", *CLAIM_COLUMNS)
"""What the SELECT of a reading yields: `line` as BIGINT, then the claim columns as VARCHAR (NULL or '' where empty)."""


def no_progress(done: int, total: int) -> None:
    """Take note of progress in bytes or rows; this one forgets it."""


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a file, enough to recognise its format."""

    path: Path
    size: int
    start: bytes

    @property
    def plain(self) -> bytes:
        """The beginning in UTF-8 without a byte order mark, where such a mark says what it is in."""
        if self.start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return self.start.decode("utf-16", "replace").encode("utf-8", "replace")
        return self.start.removeprefix(codecs.BOM_UTF8)

    @property
    def suffix(self) -> str:
        """The ending of the name in lower case, without a final ``.gz``."""
        name = self.path.name.lower().removesuffix(".gz")
        return name[name.rfind(".") :] if "." in name else ""


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read.

    Attributes
    ----------
    path : Path
        The file.
    workdir : Path
        A folder that the adapter may fill; it is removed after the load.
    source : Source or None
        The description given beside the file or with ``--source``; it wins over what a mapping says.
    mapping : Path or None
        A mapping file given by hand; otherwise the shipped mappings are tried.
    progress : callable
        Called with (done, total).
    """

    path: Path
    workdir: Path
    source: Source | None = None
    mapping: Path | None = None
    progress: Callable[[int, int], None] = no_progress


@dataclass(frozen=True, slots=True)
class Reading:
    """What an adapter makes of one file.

    Attributes
    ----------
    format, mapping : str
        The adapter's name, and the mapping with its version where one was used.
    rows : int
        Rows, lines or records that the file holds.
    select : str
        SQL that yields `READING_COLUMNS`; it may be run several times and has no parameters.
    rejected : tuple of Rejection
        Rows that the format itself rules out; the store adds those that the vocabulary rules out.
    left_out : dict of reason to count
        Rows or fields that were read and on purpose made no claim of their own.
    notes : tuple of str
        Remarks for the person who added the file.
    """

    format: str
    rows: int
    select: str
    mapping: str | None = None
    sources: tuple[Source, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Adapter(Protocol):
    """A public format that Isthmus reads."""

    @property
    def name(self) -> str:
        """The name for ``--as``."""

    @property
    def title(self) -> str:
        """One line for people: what the format is."""

    def recognises(self, head: Head) -> bool:
        """Tell whether the file is of this format, from its name and first bytes."""

    def read(self, job: Job) -> Reading:
        """Read the file; raise FormatError where it is not what its format says."""
