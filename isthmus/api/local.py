"""The door for the command line of who owns the picture's file: while a server has the file, the command line writes through it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import StreamingResponse

from isthmus.access.reader import LOCAL
from isthmus.errors import AccessError, IsthmusError
from isthmus.jobs.running import Jobs, Task, WorkEndedError, new_task
from isthmus.jobs.work import error_json
from isthmus.service import keeping, resolving
from isthmus.service.desk import Desk
from isthmus.serving.faults import unforeseen
from isthmus.serving.gate import note

ROUTER = APIRouter(include_in_schema=False)
LONG = ("add", "resolve")
_QUICK: dict[str, Callable[..., Any]] = {
    "judge": keeping.judge,
    "unjudge": keeping.unjudge,
    "retract": keeping.retract,
    "decide": resolving.decide,
    "take_back": resolving.take_back,
}
_BEAT = 5.0
_LOOK = 0.02
_SHOWN = ("who", "a", "b", "verdict", "why", "claims", "files", "dry_run", "apply", "every")


class Wish(BaseModel):
    """A verb of the command line with its values."""

    model_config = ConfigDict(extra="forbid")
    verb: str
    args: list[Any] = []
    values: dict[str, Any] = {}


@ROUTER.post("/local")
def local(http: Request, body: Wish) -> StreamingResponse:
    """Do what the command line asks, and tell in lines of JSON how far it is and how it ended."""
    if not http.state.local:
        raise AccessError("this door is for the command line of who owns the picture's file.")
    if body.verb not in (*LONG, *_QUICK):
        raise AccessError(f"“{body.verb[:40]}” is not done through the server.")
    told = {key: body.values[key] for key in _SHOWN if key in body.values}
    note(http, f"command line: {body.verb}", {**told, "args": body.args}, who=LOCAL)
    return StreamingResponse(_lines(http, body), media_type="application/x-ndjson")


async def _lines(http: Request, body: Wish) -> AsyncIterator[str]:
    heard: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    task = new_task({**body.values, "kind": body.verb})
    jobs: Jobs = http.app.state.jobs
    threading.Thread(target=_do, args=(http, body, task, heard.put), daemon=True).start()
    spoken = time.monotonic()
    try:
        while True:
            line: dict[str, Any] = {}
            with contextlib.suppress(queue.Empty):
                line = heard.get_nowait()
            if line or time.monotonic() - spoken > _BEAT:
                spoken = time.monotonic()
                yield json.dumps(line, ensure_ascii=False, default=str) + "\n"
            if "result" in line or "error" in line:
                return
            if not line:
                await asyncio.sleep(_LOOK)
    finally:
        # Who asked may have gone (Ctrl-C): long work is broken off then, as it is where the command line works on the file.
        jobs.break_off(task)


def _do(http: Request, body: Wish, task: Task, tell: Callable[[dict[str, Any]], None]) -> None:
    desk: Desk = http.app.state.desk
    jobs: Jobs = http.app.state.jobs
    try:
        if body.verb in LONG:
            tell({"result": jobs.perform(task.spec, tell, task)})
            return
        with desk.writing() as draft:
            result = _QUICK[body.verb](draft, *body.args, **body.values)
        tell({"result": result})
    except WorkEndedError as ended:
        tell({"error": ended.error})
    except IsthmusError as error:
        tell({"error": error_json(error)})
    except Exception as error:
        tell(unforeseen(error)[1])
