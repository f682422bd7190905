"""Open the database file, and turn its errors into ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from isthmus.claims.schema import check_version, migrate
from isthmus.errors import (
    FormatError,
    InterruptedRunError,
    IsthmusError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreReadOnlyError,
)

MEMORY = "2500MB"


def connect(path: Path, *, read_only: bool, through: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open the store at `path`; a missing file is made unless `read_only`.

    Parameters
    ----------
    through : Path or None
        Another name of the same file, by which the engine opens it: one process shares what it has open under one name, so a file that
        took another's place needs a name of its own.

    Raises
    ------
    StoreLockedError, StoreReadOnlyError, StoreCorruptError
        As their names say; each names the file and what to do.
    """
    if path.is_dir():
        raise StoreCorruptError(
            "a folder stands where the picture should be.", where=str(path), hint="Give the path of a file with -p."
        )
    if not path.exists():
        if read_only:
            raise StoreCorruptError(
                "there is no picture here yet.",
                where=str(path),
                hint="Make one with `isthmus add FILE` or `isthmus demo`.",
            )
        if not path.parent.is_dir():
            raise StoreReadOnlyError(
                f"the folder {path.parent} does not exist.",
                where=str(path),
                hint="Make the folder, or give another path with -p.",
            )
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "preserve_insertion_order": False,
    }
    with translated(path):
        connection = duckdb.connect(str(through or path), read_only=read_only, config=config)
    try:
        with translated(path):
            connection.execute("SET TimeZone = 'UTC'; SET python_enable_replacements = false")
            # The bar would be drawn on standard output, where an answer in JSON stands.
            connection.execute("SET enable_progress_bar = false")
            if read_only:
                check_version(connection, str(path))
            else:
                migrate(connection, str(path))
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def translated(path: Path, *, reading: str | None = None) -> Iterator[None]:
    """Raise our errors for DuckDB's; `reading` names the evidence file that the statements read beside the store."""
    try:
        yield
    except IsthmusError:
        raise
    except KeyboardInterrupt as error:
        raise _interrupted(path) from error
    except RuntimeError as error:
        if "interrupted" in str(error).lower():
            raise _interrupted(path) from error
        raise
    except duckdb.InterruptException as error:
        raise _interrupted(path) from error
    except duckdb.Error as error:
        if reading and _damaged_evidence(error):
            raise FormatError(
                f"the file is damaged and cannot be read whole: {str(error).splitlines()[0]}; nothing was written.",
                where=reading,
                hint="Get it again from where it came from.",
            ) from error
        raise _translate(error, path) from error


def _damaged_evidence(error: duckdb.Error) -> bool:
    """Tell whether a Parquet file broke while it was read; its reader throws bare errors for much of that."""
    text = str(error)
    return type(error) is duckdb.Error or "Parquet" in text or "Failed to read file" in text


def _interrupted(path: Path) -> InterruptedRunError:
    return InterruptedRunError(
        "stopped by you; the batch in work was rolled back and nothing of it was written.",
        where=str(path),
        hint="Run the same command again to finish it.",
    )


def _translate(error: duckdb.Error, path: Path) -> StoreError:
    text = str(error)
    if "Conflicting lock" in text or "Could not set lock" in text:
        found = re.search(r"PID (\d+)", text)
        pid = int(found.group(1)) if found else None
        holder = f"process {pid}" if pid else "another process"
        return StoreLockedError(
            f"{holder} holds this picture, and one process at a time may write it.",
            pid=pid,
            where=str(path),
            hint="Wait until it ends, or work on a copy of the file.",
        )
    if "No space left" in text:
        return StoreFullError(
            "there is no space left on the disk; the batch was rolled back.",
            where=str(path),
            hint="Free some space, or set TMPDIR to a larger disk, and run the command again.",
        )
    if "Permission denied" in text or "read-only" in text.lower():
        return StoreReadOnlyError(
            "the picture may not be written: the file or its folder is read-only.",
            where=str(path),
            hint="Change its permissions, or copy it and give the copy with -p.",
        )
    if "not a valid DuckDB database" in text:
        return StoreCorruptError(
            f"this file is not a picture: {_looks_like(path)}.",
            where=str(path),
            hint="To read it as evidence: `isthmus add FILE`. Pictures are given with -p.",
        )
    if "orrupt" in text or "Could not read" in text or "checksum" in text:
        return StoreCorruptError(
            "the picture is damaged and cannot be read whole.", where=str(path), hint="Restore it from a copy."
        )
    return StoreError(f"the store could not do this: {text.splitlines()[0]}", where=str(path))


def _looks_like(path: Path) -> str:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(512)
    except OSError:
        return "it cannot be read"
    if size == 0:
        return "it is empty"
    if start.lstrip().startswith((b"{", b"[")):
        return "it looks like JSON"
    if b"," in start and b"\0" not in start:
        return "it looks like CSV"
    return "it is some other binary file"
