"""The front door for Python: open a picture and ask it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from isthmus.claims.store import Store
from isthmus.model import Finding
from isthmus.picture import Picture, Request
from isthmus.service.answers import find_lens, show_entity


class OpenPicture(Picture):
    """A picture with its store, to be closed after use: ``with isthmus.open(path) as picture: …``."""

    def ask(self, lens: str, *args: Any, **question: Any) -> Finding:
        """Ask a lens: ``picture.ask("tally", "posts", within="ITU-T", by="country")``.

        Raises
        ------
        ArgumentError
            There is no such lens; further errors are the lens's own.
        """
        return find_lens(lens)(self, *args, **question)

    def show(self, name: str) -> dict[str, Any]:
        """Return everything that is held of an entity, named by id, identifier or name."""
        return show_entity(self, self.resolve(name))

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_picture(
    path: str | Path,
    *,
    as_of: str | None = None,
    known_at: str | None = None,
    without: Sequence[str] = (),
    ceiling: str = "TLP:RED",
) -> OpenPicture:
    """Open a picture for reading.

    Parameters
    ----------
    path : path-like
        The file that `isthmus add` or `isthmus demo` made.
    as_of, known_at, without, ceiling
        As in `isthmus.Request`.

    Raises
    ------
    StoreError, InputError
        The file is no picture, is held by another process, or a date or source cannot be read.
    """
    store = Store(path, read_only=True)
    try:
        return OpenPicture(store, Request(as_of, known_at, tuple(without), ceiling))
    except BaseException:
        store.close()
        raise
