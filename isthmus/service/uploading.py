"""Files that somebody sent: their names made harmless, their bytes in a folder that nobody else reads, what they are told from."""

from __future__ import annotations

import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from isthmus.errors import ArgumentError
from isthmus.sources.catalogue import ENDING

LONGEST = 120
"""Bytes of a file's name."""
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_DROPPED = re.compile(r"[\x00-\x1f\x7f<>:\"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Sent:
    """One file as it was sent."""

    name: str
    stream: BinaryIO


def harmless_name(name: str) -> str:
    """Return the last part of a name without what a path, a terminal or another system could take for more.

    Raises
    ------
    ArgumentError
        Nothing is left of it.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = _DROPPED.sub("", last).strip(" .")
    if _RESERVED.fullmatch(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    while len(plain.encode()) > LONGEST and stem:
        stem = stem[:-1]
        plain = f"{stem}{dot}{ending}"
    if not plain or len(plain.encode()) > LONGEST:
        raise ArgumentError(f"“{name[:80]}” is no name of a file.", where="files", hint="Give the file a plain name.")
    return plain


def take_in(
    root: Path, files: Iterable[Sent], source: Sent | None, mapping: Sent | None
) -> tuple[Path, list[Path], Path | None, Path | None]:
    """Write what was sent into a new folder, and return it with the paths of the files, the description and the mapping.

    Raises
    ------
    ArgumentError
        There is no file, or two have one name.
    """
    root.mkdir(mode=0o700, exist_ok=True)
    folder = root / secrets.token_hex(8)
    folder.mkdir(mode=0o700)
    kept, beside = folder / "files", folder / "told"
    try:
        kept.mkdir(mode=0o700)
        beside.mkdir(mode=0o700)
        listed = [_write(kept, file) for file in files]
        if not listed:
            raise ArgumentError("no file was sent.", where="files", hint="Choose one or more files.")
        evidence = [path for path in listed if not path.name.endswith(ENDING)]
        if not evidence:
            raise ArgumentError(
                "only descriptions of sources were sent.", where="files", hint="Send the evidence with them."
            )
        told = [_write(beside, part) if part else None for part in (source, mapping)]
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder, evidence, told[0], told[1]


def _write(folder: Path, file: Sent) -> Path:
    path = folder / harmless_name(file.name)
    try:
        with path.open("xb") as target:
            shutil.copyfileobj(file.stream, target, 1 << 20)
    except FileExistsError as error:
        raise ArgumentError(
            f"two files are called “{path.name}”.", where="files", hint="Send one of them later."
        ) from error
    return path
