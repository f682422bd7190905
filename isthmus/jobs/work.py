"""The process that does one piece of work: told what by a line on its input, it tells how far it is in lines on its output.

It ends when its input is closed: a server that was killed leaves nobody at work behind.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from isthmus import service
from isthmus.claims.reader import ReadStore
from isthmus.errors import AmbiguousEntityError, IsthmusError, StoreError

LEFT_ALONE = 75
"""How the process ends where the server is gone."""
_POLITE = 10


class Teller:
    """Writes what is told as lines of JSON; a step that says the same again is not written twice."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._percent = -1
        self.hidden: tuple[str, ...] = ()
        """Folders of ours, which say nothing to who sent the files in them."""

    def tell(self, **body: Any) -> None:
        """Write a line."""
        text = json.dumps(body, ensure_ascii=False, default=str)
        for folder in self.hidden:
            text = text.replace(json.dumps(f"{folder}/", ensure_ascii=False)[1:-1], "")
        self._stream.write(text + "\n")
        self._stream.flush()

    def step(self, what: str) -> None:
        """Tell that a step begins."""
        self._percent = -1
        self.tell(step=what)

    def progress(self, done: int, total: int) -> None:
        """Tell how much of it is done, a hundred times at most."""
        percent = int(100 * done / total) if total else -1
        if percent != self._percent:
            self._percent = percent
            self.tell(progress=[done, total])


def add(spec: dict[str, Any], teller: Teller) -> dict[str, Any]:
    """Read files into a picture."""
    options = service.AddOptions(
        format=spec.get("format"),
        source=Path(spec["source"]) if spec.get("source") else None,
        mapping=Path(spec["mapping"]) if spec.get("mapping") else None,
        dry_run=bool(spec.get("dry_run")),
        strict=bool(spec.get("strict")),
    )
    files = [Path(name) for name in spec["files"]]
    found = service.add_files(
        Path(spec["picture"]),
        files,
        options,
        called=Path(spec["called"]),
        step=teller.step,
        progress=teller.progress,
    )
    if teller.hidden:
        for item in found["files"]:
            item.pop("rejects_file", None)
    return found


def resolve(spec: dict[str, Any], teller: Teller) -> dict[str, Any]:
    """Propose pairs, and store the sure ones."""
    keys = ("apply", "limit", "bar", "who", "require_second")
    given = {key: spec[key] for key in keys if key in spec}
    return service.resolve(Path(spec["picture"]), **given, step=teller.step, progress=teller.progress)


WORKS: dict[str, Callable[[dict[str, Any], Teller], dict[str, Any]]] = {"add": add, "resolve": resolve}
"""What may be set to work, by name."""


def main() -> int:
    """Do the work that the input tells."""
    # What some library might print must not stand among the lines.
    teller = Teller(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)
    spec = json.loads(sys.stdin.readline())
    teller.hidden = tuple(spec.get("hidden", ()))
    threading.Thread(target=_end_with_input, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(_POLITE)  # who reads goes first
    try:
        before = _newest(spec)
        result = WORKS[spec["kind"]](spec, teller)
        teller.tell(result=result, changed=_newest(spec) != before)
    except IsthmusError as error:
        teller.tell(error=error_json(error))
        return error.exit_code
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        told = StoreError(f"the system refused: {reason}.", where=str(error.filename or "") or None)
        teller.tell(error=told.to_json())
        return 1
    return 0


def _newest(spec: dict[str, Any]) -> int:
    """Return the newest batch of the picture: where it is another after the work, something was written."""
    with ReadStore(spec["picture"]) as store:
        return store.last_batch


def error_json(error: IsthmusError) -> dict[str, Any]:
    """Return an error as JSON values, with the candidates of an ambiguous name."""
    body: dict[str, Any] = error.to_json()
    if isinstance(error, AmbiguousEntityError):
        body["candidates"] = [{"id": name, "caption": caption} for name, caption in error.candidates]
    return body


def _end_with_input() -> None:
    while sys.stdin.readline():
        pass
    os._exit(LEFT_ALONE)


if __name__ == "__main__":
    sys.exit(main())
