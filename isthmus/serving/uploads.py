"""An upload, from the form that brings it to the job that reads it."""

from __future__ import annotations

import io
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request as HttpRequest

from isthmus.access.reader import Reader
from isthmus.errors import ArgumentError, UnknownEntityError
from isthmus.jobs.records import JobRecord
from isthmus.jobs.running import Jobs
from isthmus.model import MARKINGS
from isthmus.service.uploading import Sent, take_in
from isthmus.serving.asking import asked, require
from isthmus.serving.gate import note

TRUE = ("1", "true", "on", "yes")


async def begin_add(http: HttpRequest, form: FormData) -> JobRecord:
    """Set the reading of what a form brings to work.

    The form has `files`, and may have `source` and `mapping` (files, or texts in YAML), `format`, `dry_run` and `strict`.

    Raises
    ------
    AccessError, ArgumentError
        Who asks may not add, or no file was sent.
    """
    who = asked(http)
    require(who.reader, "add")
    jobs: Jobs = http.app.state.jobs
    files = [
        Sent(item.filename, item.file)
        for item in form.getlist("files")
        if isinstance(item, UploadFile) and item.filename
    ]
    told = await _told(form, "source"), await _told(form, "mapping")
    folder, paths, source, mapping = await run_in_threadpool(take_in, jobs.folder, files, *told)
    spec: dict[str, Any] = {
        "files": [str(path) for path in paths],
        "source": str(source) if source else None,
        "mapping": str(mapping) if mapping else None,
        "format": _text(form, "format") or None,
        "dry_run": _text(form, "dry_run").lower() in TRUE,
        "strict": _text(form, "strict").lower() in TRUE,
        # Rejected rows go beside this and with it: they are in the job's result, which has an owner.
        "called": str(folder / jobs.desk.path.name),
        "hidden": [str(folder / "files"), str(folder / "told"), str(folder)],
    }
    names = ", ".join(path.name for path in paths)
    title = f"{'try' if spec['dry_run'] else 'add'} {names}"[:200]
    record = await run_in_threadpool(
        lambda: jobs.submit("add", title, spec, owner=who.reader.name, ceiling=who.reader.ceiling, folder=folder)
    )
    await run_in_threadpool(
        note, http, "add", {"job": record.id, "files": [path.name for path in paths], "dry_run": spec["dry_run"]}
    )
    return record


async def _told(form: FormData, name: str) -> Sent | None:
    """Return a description that was sent as a file or as text; an empty one is none."""
    item = form.get(name)
    if isinstance(item, UploadFile):
        return Sent(item.filename, item.file) if item.filename else None
    if item is None or not item.strip():
        return None
    return Sent(f"{name}.yaml", io.BytesIO(item.encode()))


def _text(form: FormData, name: str) -> str:
    item = form.get(name) or ""
    if not isinstance(item, str):
        raise ArgumentError(f"{name} is a text and no file.", where=name)
    return item.strip()


def seen_job(http: HttpRequest, name: str) -> JobRecord:
    """Return a job that who asks may see: their own, and a steward those of who sees no more.

    Raises
    ------
    UnknownJobError
        There is no such job for them.
    """
    jobs: Jobs = http.app.state.jobs
    record = jobs.book.get(name)
    if record is None or not may_see(asked(http).reader, record):
        raise UnknownJobError(f"there is no job “{name[:40]}”.", hint="The list of jobs is at /jobs.")
    return record


def may_see(reader: Reader, record: JobRecord) -> bool:
    """Tell whether somebody may see a job."""
    if record.owner == reader.name:
        return True
    known = MARKINGS.index(record.ceiling) if record.ceiling in MARKINGS else len(MARKINGS)
    return reader.role == "steward" and known <= MARKINGS.index(reader.ceiling)


class UnknownJobError(UnknownEntityError):
    """There is no such job, or it is not for who asks."""

    kind = "unknown_job"
