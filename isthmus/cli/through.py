"""Write through the server that owns a picture: one process at a time has the right to write, and while it is served that is the server."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from isthmus import errors
from isthmus.cli.call import Call, no_progress, no_step
from isthmus.errors import AmbiguousEntityError, IsthmusError, StoreError
from isthmus.service.served import Served, find_server

__all__ = ["Served", "find_server", "through", "written"]

PATIENCE = 60.0
"""Seconds without a word after which the server is taken for dead; it speaks every few seconds while it works."""
R = TypeVar("R")


def written(work: Callable[..., R], picture: Path, *args: Any, **values: Any) -> R:
    """Do a quick piece of writing: through the server where one owns the picture, else on the file."""
    server = find_server(picture)
    if server is None:
        return work(picture, *args, **values)
    body = {"verb": work.__name__, "args": list(args), "values": values}
    return cast(R, _asked(server, body, no_step, no_progress, {}))


def through(
    server: Served, call: Call, verb: str, values: Mapping[str, Any], names: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Let the server do what a verb asks, and return what it found; the call is told how far it is.

    Parameters
    ----------
    names : mapping
        What is told of paths here, by what the server calls them.

    Raises
    ------
    IsthmusError
        As the verb raises when it works on the file.
    """
    body = {"verb": verb, "values": dict(values)}
    return cast(dict[str, Any], _asked(server, body, call.step, call.progress, names or {}))


def _asked(
    server: Served,
    body: dict[str, Any],
    step: Callable[[str], None],
    progress: Callable[[int, int], None],
    names: Mapping[str, str],
) -> Any:
    for line in _lines(server, body):
        if "step" in line:
            step(line["step"])
        elif "progress" in line:
            progress(*line["progress"])
        elif "error" in line:
            raise _error(line["error"], line.get("candidates") or line["error"].get("candidates", []), names)
        elif "result" in line:
            return line["result"]
    raise _lost(server, "it ended before the work was done")


def _lines(server: Served, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    place = urlsplit(server.address)
    connection = http.client.HTTPConnection(place.hostname or "127.0.0.1", place.port, timeout=PATIENCE)
    headers = {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"}
    try:
        connection.request("POST", "/api/v1/local", json.dumps(body, ensure_ascii=False).encode(), headers)
        answer = connection.getresponse()
        for raw in answer:
            if raw.strip():
                yield json.loads(raw)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _lost(server, str(error) or type(error).__name__) from error
    finally:
        connection.close()


def _lost(server: Served, why: str) -> StoreError:
    return StoreError(
        f"the server of this picture (process {server.pid}) gave no answer: {why}.",
        where=server.address,
        hint="Run the command again; if the server is gone, it will work on the file itself.",
    )


def _error(body: Mapping[str, Any], candidates: list[dict[str, str]], names: Mapping[str, str]) -> IsthmusError:
    """Return the error that the server tells, as the same kind of error that the work raises here."""
    where = body.get("where")
    for placed, given in names.items():
        where = where.replace(placed, given) if where else where
    kind = str(body.get("kind"))
    if kind == AmbiguousEntityError.kind:
        pairs = [(item["id"], item["caption"]) for item in candidates]
        return AmbiguousEntityError(body["message"], candidates=pairs, where=where, hint=body.get("hint"))
    found = next((known for known in _below(IsthmusError) if known.kind == kind), StoreError)
    return found(str(body.get("message")), where=where, hint=body.get("hint"))


def _below(kind: type[IsthmusError]) -> Iterator[type[IsthmusError]]:
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield child
            yield from _below(child)
