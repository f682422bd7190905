"""Where the server of a picture is: a small file beside it, by which the command line of its owner finds the server and may speak to it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from isthmus.errors import StoreLockedError
from isthmus.service.beside import PRIVATE, SERVING, beside


@dataclass(frozen=True, slots=True)
class Served:
    """A server that owns a picture.

    Attributes
    ----------
    pid : int
    begun : str
        When the process began, as the system tells it: a number of a process may be given again.
    address : str
        ``http://127.0.0.1:8765``.
    key : str
        Opens the door for the command line of who may read this file.
    """

    pid: int
    begun: str
    address: str
    key: str


def find_server(picture: Path) -> Served | None:
    """Return the server that owns a picture now; a file that a dead one left is passed over."""
    try:
        found = Served(**json.loads(beside(picture, SERVING).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return found if _lives(found) else None


@contextmanager
def announced(picture: Path, address: str, key: str) -> Iterator[Served]:
    """Say where the server is while the block lasts.

    Raises
    ------
    StoreLockedError
        Another server owns the picture.
    """
    path = beside(picture, SERVING)
    served = Served(os.getpid(), _begun(os.getpid()), address, key)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w", encoding="utf-8") as file:
        json.dump(asdict(served), file)
    try:
        _put(draft, path, picture)
    finally:
        draft.unlink(missing_ok=True)
    try:
        yield served
    finally:
        if find_server(picture) == served:
            path.unlink(missing_ok=True)


def _put(draft: Path, path: Path, picture: Path) -> None:
    """Give the file its name in one step that fails where another server was first."""
    for _ in range(3):
        try:
            os.link(draft, path)
            return
        except FileExistsError:
            if other := find_server(picture):
                raise StoreLockedError(
                    f"process {other.pid} serves this picture already, at {other.address}.",
                    pid=other.pid,
                    where=str(picture),
                    hint="Use that server, or stop it first.",
                ) from None
            path.unlink(missing_ok=True)
        except OSError:
            # A file system without second names.
            draft.replace(path)
            return
    raise StoreLockedError("another server of this picture starts at the same time.", where=str(picture))


def _lives(served: Served) -> bool:
    try:
        os.kill(served.pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return _begun(served.pid) == served.begun


def _begun(pid: int) -> str:
    """Return when a process began, in the system's own count; empty where it does not say."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        state, began = (stat.rpartition(")")[2].split()[place] for place in (0, 19))
    except (OSError, IndexError, ValueError):
        return ""
    return "" if state == "Z" else began
