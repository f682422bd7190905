"""The record of what was done: lines that are only ever added, each with the digest of the one before.

Who changes, removes or puts in a line breaks the chain behind it. The end of the file can be cut off without a trace in the file itself:
who must know that keeps the last digest elsewhere, as `check` gives it.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from isthmus.access.reader import LOCAL, Reader
from isthmus.errors import StoreError
from isthmus.model import MARKINGS
from isthmus.service.beside import AUDIT, beside, make_private

try:
    import fcntl
except ImportError:  # a system without such locks: one process at a time serves a picture, and its threads share a lock
    fcntl = None  # type: ignore[assignment]

BEGINNING = "0" * 64
_TAIL = 1 << 16
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of the record found.

    Attributes
    ----------
    lines : int
        Whole lines that were read.
    broken : int or None
        The first line, from 1, that is not what was written there.
    why : str or None
        What is wrong with it.
    last : str
        The digest of the last good line, to be kept elsewhere.
    torn : int
        Lines that were never finished because a process died in the midst of writing; they are no fault.
    """

    lines: int
    broken: int | None
    why: str | None
    last: str
    torn: int = 0


class Audit:
    """The record of one picture, in a file beside it."""

    def __init__(self, picture: Path) -> None:
        self.path = beside(picture, AUDIT)

    def write(self, who: Reader, action: str, what: Mapping[str, Any] | None = None, *, address: str = "") -> str:
        """Add a line and return its digest; it is on the disk when this returns.

        Parameters
        ----------
        what : mapping
            What was acted on. It is shown to stewards who see as much as who did it.
        address : str
            From where it was asked.

        Raises
        ------
        StoreError
            The line cannot be written; what it was to record must not be done then.
        """
        body = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "who": who.name,
            "role": who.role,
            "ceiling": who.ceiling,
            "action": action,
            "what": dict(what or {}),
            "address": address,
        }
        if not self.path.exists():
            make_private(self.path)
        try:
            with _alone(self.path) as handle:
                before, torn = _last(handle)
                line = json.dumps({"before": before, **body}, ensure_ascii=False, separators=(",", ":"), default=str)
                # A line that a dying process left unfinished gets an end of its own; the chain goes on behind it.
                data = (b"\n" if torn else b"") + line.encode() + b"\n"
                os.lseek(handle, 0, os.SEEK_END)
                while data:
                    data = data[os.write(handle, data) :]
                os.fsync(handle)
        except OSError as error:
            raise StoreError(
                f"what is done cannot be recorded: {(error.strerror or str(error)).lower()}.", where=str(self.path)
            ) from error
        return _digest(line.encode())

    def lines(self, reader: Reader = LOCAL, *, limit: int = 200) -> list[dict[str, Any]]:
        """Return the newest lines, newest first, without those of somebody who sees more than the reader."""
        found = []
        for _, body in self._read():
            if body is not None and _rank(body.get("ceiling")) <= MARKINGS.index(reader.ceiling):
                found.append({key: value for key, value in body.items() if key != "before"})
        return found[: -limit - 1 : -1]

    def check(self) -> Checked:
        """Follow the chain from the first line, and name the first that breaks it."""
        before, number, torn, pending = BEGINNING, 0, 0, 0
        for number, (raw, body) in enumerate(self._read(), 1):
            if body is None:
                # Only a line that another follows with the right digest is taken as unfinished.
                pending = pending or number
                torn += 1
                continue
            if body.get("before") != before:
                return Checked(number, pending or number, _why(pending), before, 0)
            if pending and not _unfinished(self._line(pending)):
                return Checked(number, pending, _why(pending), before, 0)
            pending = 0
            before = _digest(raw)
        if pending and not _unfinished(self._line(pending)):
            return Checked(number, pending, _why(pending), before, 0)
        return Checked(number, None, None, before, torn)

    def _line(self, number: int) -> bytes:
        with self.path.open("rb") as file:
            for count, raw in enumerate(file, 1):
                if count == number:
                    return raw.rstrip(b"\n")
        return b""

    def _read(self) -> Iterator[tuple[bytes, dict[str, Any] | None]]:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for raw in file:
                yield raw.rstrip(b"\n"), _body(raw)


@contextmanager
def _alone(path: Path) -> Iterator[int]:
    """Open the file for one writer at a time, of threads and of processes."""
    with _LOCK:
        handle = os.open(path, os.O_RDWR)
        try:
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)


def _last(handle: int) -> tuple[str, bool]:
    """Return the digest of the last whole line, and whether an unfinished one follows it."""
    end = os.lseek(handle, 0, os.SEEK_END)
    if end == 0:
        return BEGINNING, False
    size = _TAIL
    while True:
        start = max(0, end - size)
        os.lseek(handle, start, os.SEEK_SET)
        data = os.read(handle, end - start)
        lines = data.split(b"\n")
        torn = bool(lines[-1])
        if torn and _body(lines[-1]) is not None:
            return _digest(lines[-1]), True
        for raw in reversed(lines[1 if start else 0 : -1]):
            if _body(raw) is not None:
                return _digest(raw), torn
        if start == 0:
            return BEGINNING, torn
        size *= 8


def _body(raw: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) and isinstance(body.get("before"), str) else None


def _unfinished(raw: bytes) -> bool:
    """Tell whether a line is the beginning of one, as a process that died leaves it."""
    start = b'{"before":"'
    begins = raw.startswith(start) or start.startswith(raw)
    return begins and (not raw.endswith(b'"}') or _body(raw + b',"address":""}') is not None)


def _why(pending: int) -> str:
    if pending:
        return "this line is no longer what was written"
    return "it does not follow from the line before: one was changed, taken out or put in"


def _rank(marking: object) -> int:
    return MARKINGS.index(str(marking)) if marking in MARKINGS else len(MARKINGS)


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
