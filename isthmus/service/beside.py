"""The files that lie beside a picture that is served: who may use it, what was done, what runs, and where the server is."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from isthmus.errors import StoreError

USERS, AUDIT, JOBS, SERVING, UPLOADS = "users.sqlite", "audit.jsonl", "jobs.sqlite", "serving.json", "uploads"
PRIVATE = 0o600
_WAIT = 30.0


def beside(picture: Path, ending: str) -> Path:
    """Return the path of a file that belongs to a picture, as ``picture.duckdb.users.sqlite``."""
    return picture.with_name(f"{picture.name}.{ending}")


def make_private(path: Path) -> None:
    """Make an empty file that only its owner may read, or take that right from others where it stands.

    Raises
    ------
    StoreError
        The system refuses it.
    """
    try:
        handle = os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE)
        try:
            if os.fstat(handle).st_mode & 0o077:
                os.fchmod(handle, PRIVATE)
        finally:
            os.close(handle)
    except OSError as error:
        raise StoreError(
            f"the file cannot be kept: {(error.strerror or str(error)).lower()}.",
            where=str(path),
            hint="It lies beside the picture: let its folder be written.",
        ) from error


class Records:
    """Rows in a small database beside the picture. Each statement opens it anew, so that threads and processes share it.

    Parameters
    ----------
    path : Path
        The file; made where it is missing, for its owner alone.
    tables : str
        The SQL that makes its tables.
    """

    def __init__(self, path: Path, tables: str) -> None:
        self.path = path
        make_private(path)
        with self.open() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(tables)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection whose changes stand together when the block ends well.

        Raises
        ------
        StoreError
            The file is no such database, or the disk is full.
        """
        try:
            connection = sqlite3.connect(self.path, timeout=_WAIT)
            connection.row_factory = sqlite3.Row
            try:
                with connection:
                    yield connection
            finally:
                connection.close()
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            raise StoreError(f"the file cannot be used: {error}.", where=str(self.path)) from error
