"""A file that is published inside a zip archive of its own."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from isthmus.errors import FormatError
from isthmus.sources.scan import CHUNK
from isthmus.sources.staging import MAX_RATIO, MAX_UNPACKED, plain_text

MAGIC = b"PK\x03\x04"
START = 256 * 1024
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


def zipped_start(path: Path) -> bytes | None:
    """Return the first bytes of the only file in a zip archive; None where it is none, or holds several files."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive)
            if len(members) != 1:
                return None
            with archive.open(members[0]) as file:
                return file.read(START)
    except _FAULTS:
        return None


def plain_file(path: Path, workdir: Path) -> Path:
    """Return a file without compression: `path` itself, or a copy in `workdir` of what a gzip file or zip archive holds.

    Raises
    ------
    FormatError
        The archive is damaged, holds several files, or unpacks beyond all measure.
    """
    if not path.is_file() or not zipfile.is_zipfile(path):
        return plain_text(path, workdir)
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive)
            if len(members) != 1:
                raise FormatError(
                    f"the zip archive holds {len(members)} files, and one is needed.",
                    where=str(path),
                    hint="Unpack it and add the files.",
                )
            # The name within the archive is another's choice: it does not become a path here.
            return _unpack(archive, members[0], workdir / f"{path.stem}.unzipped", path)
    except _FAULTS as error:
        raise FormatError(f"the zip archive is damaged or cut off: {error}.", where=str(path)) from error


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [member for member in archive.infolist() if not member.is_dir()]


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, path: Path) -> Path:
    bound = min(MAX_UNPACKED, max(path.stat().st_size, 64 * 1024) * MAX_RATIO)
    done = 0
    with archive.open(member) as packed, target.open("wb") as plain:
        while piece := packed.read(CHUNK):
            done += len(piece)
            if done > bound:
                raise FormatError(
                    f"the archive unpacks to more than {bound // 1024**2} MiB: it looks like an archive bomb.",
                    where=str(path),
                    hint="Unpack it by hand if you trust it.",
                )
            plain.write(piece)
    return target
