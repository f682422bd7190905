"""Jobs one after the other, each in a process of its own on a copy of the picture that takes its place when the work is done."""

from __future__ import annotations

import contextlib
import json
import logging
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from isthmus.jobs.records import CANCELLED, DONE, FAILED, JobBook, JobRecord
from isthmus.service.beside import UPLOADS, beside
from isthmus.service.desk import Desk
from isthmus.service.leftovers import clear_leftovers

LOG = logging.getLogger("isthmus.jobs")
WAITING = 100
"""So many jobs may wait."""
Told = Callable[[JobRecord], None]
Ahead = Callable[[Path], Callable[[], None]]
_PATIENCE = 5.0


class WorkEndedError(Exception):
    """Work gave no result; `error` says why in the one shape of errors."""

    def __init__(self, error: dict[str, Any], state: str = FAILED) -> None:
        super().__init__(error.get("message", ""))
        self.error = error
        self.state = state


def _nothing() -> None:
    return None


class _NothingNewError(Exception):
    """Raised to end writing without putting the copy in the picture's place."""


@dataclass(slots=True)
class Task:
    """Work that is to be done: what, where its files are, and what somebody wished to become of it."""

    spec: dict[str, Any]
    folder: Path | None
    wish: str | None = None
    """What somebody wished to become of it: cancelled, or failed where the server stops."""
    process: subprocess.Popen[str] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Jobs:
    """The jobs of one picture. Call `start` where an earlier server may have left something, and `stop` at the end.

    Parameters
    ----------
    told : callable
        Is told of every job that ended.
    ahead : callable
        Is given the changed copy before it takes the picture's place, to make ready what will be asked of it; what it returns is called
        after that.
    """

    def __init__(self, desk: Desk, told: Told = lambda _: None, ahead: Ahead = lambda _: _nothing) -> None:
        self.desk = desk
        self.book = JobBook(desk.path)
        self.told = told
        self.ahead = ahead
        self._waiting: queue.Queue[str | None] = queue.Queue()
        self._tasks: dict[str, Task] = {}
        self._stopping = False
        self._worker = threading.Thread(target=self._work, name="isthmus-jobs", daemon=True)

    def start(self) -> None:
        """Report what an earlier server left unfinished, and clear what it left lying about."""
        clear_leftovers(self.desk.path)
        why = _why("the server ended while this waited or ran; nothing of it was written.", "Start it again.")
        for record in self.book.bury(why):
            self._tell(record)

    def stop(self) -> None:
        """Break off what runs and what waits, and say so on record; the picture stays as it was before them."""
        self._stopping = True
        for name in list(self._tasks):
            self._break(name, FAILED)
        self._waiting.put(None)
        if self._worker.is_alive():
            self._worker.join(timeout=2 * _PATIENCE)

    @property
    def folder(self) -> Path:
        """Where uploads lie while a job reads them; for nobody but the owner of the process."""
        return beside(self.desk.path, UPLOADS)

    def submit(
        self, kind: str, title: str, spec: Mapping[str, Any], *, owner: str, ceiling: str, folder: Path | None = None
    ) -> JobRecord:
        """Set something to work.

        Parameters
        ----------
        kind : str
            One of `isthmus.jobs.work.WORKS`.
        folder : Path or None
            What it reads; removed when it has ended.
        """
        record = self.book.begin(kind, title, owner, ceiling)
        self._tasks[record.id] = Task({**spec, "kind": kind}, folder)
        if self._stopping or self._waiting.qsize() >= WAITING:
            why = _why("too much waits already, or the server is about to stop.", "Try again later.")
            self._end(record.id, FAILED, error=why)
            return self.book.get(record.id) or record
        self._waiting.put(record.id)
        if not self._worker.is_alive():
            self._worker.start()
        return record

    def cancel(self, name: str) -> bool:
        """Cancel a job; tell whether it was waiting or running. Nothing of it is written then."""
        record = self.book.get(name)
        if record is None or not record.is_open:
            return False
        self._break(name, CANCELLED)
        return True

    def wait(self, name: str, seconds: float) -> JobRecord | None:
        """Return a job when it has ended, or as it stands after so many seconds."""
        pause = threading.Event()
        for _ in range(max(1, int(seconds / 0.05))):
            record = self.book.get(name)
            if record is None or not record.is_open:
                return record
            pause.wait(0.05)
        return self.book.get(name)

    def perform(self, spec: Mapping[str, Any], hear: Callable[[dict[str, Any]], None], task: Task) -> dict[str, Any]:
        """Do work on a copy of the picture, and put it in its place where the work changed anything.

        Raises
        ------
        WorkEndedError
            It failed or was broken off; the picture is as it was.
        """
        result: dict[str, Any] = {}
        use = _nothing
        with contextlib.suppress(_NothingNewError), self.desk.writing() as draft:
            whole = {"called": str(self.desk.path), **spec, "picture": str(draft)}
            result, changed = self._process(whole, hear, task)
            if spec.get("dry_run") or not changed:
                raise _NothingNewError
            ready = self._ready(draft)
            with task.lock:
                if task.wish:
                    raise WorkEndedError(_why(_WISHES[task.wish]), task.wish)
            use = ready
        use()
        if "picture" in result:
            result["picture"] = str(self.desk.path)
        return result

    def _ready(self, draft: Path) -> Callable[[], None]:
        """Make ready what will be asked of the copy; that this fails is no reason to lose the work."""
        try:
            return self.ahead(draft)
        except Exception as error:
            LOG.error("making pages of %s ahead", draft, exc_info=error)
            return _nothing

    def break_off(self, task: Task, wish: str = CANCELLED) -> None:
        """Break off work that waits or runs; nothing of it is written."""
        with task.lock:
            task.wish = task.wish or wish
            process = task.process
        if process is not None:
            process.terminate()

    def _process(
        self, spec: Mapping[str, Any], hear: Callable[[dict[str, Any]], None], task: Task
    ) -> tuple[dict[str, Any], bool]:
        """Return what the process gave, and whether it changed the copy."""
        with task.lock:
            if task.wish:
                raise WorkEndedError(_why(_WISHES[task.wish]), task.wish)
            process = task.process = subprocess.Popen(
                # -P: what lies in the folder that the server was started in is no code of ours.
                [sys.executable, "-P", "-m", "isthmus.jobs.work"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                # Ctrl-C at the terminal is for the server, which says here what shall become of the work.
                start_new_session=True,
            )
        ending: dict[str, Any] = {}
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(json.dumps(spec, default=str) + "\n")
                process.stdin.flush()
            for line in process.stdout:
                body = json.loads(line)
                if "result" in body or "error" in body:
                    ending = body
                else:
                    hear(body)
            code = process.wait()
        finally:
            _kill(process)
        if task.wish:
            raise WorkEndedError(_why(_WISHES[task.wish]), task.wish)
        if "result" in ending:
            return dict(ending["result"]), bool(ending.get("changed"))
        if "error" in ending:
            raise WorkEndedError(ending["error"])
        raise WorkEndedError(
            _why(
                f"the work ended without a word (code {code}); nothing of it was written.",
                "The server's log may say why.",
            )
        )

    def _work(self) -> None:
        while (name := self._waiting.get()) is not None:
            task = self._tasks.get(name)
            if task is None or not self.book.run(name):
                continue
            try:
                result = self.perform(task.spec, self._hearing(name), task)
                self._end(name, DONE, result=result)
            except WorkEndedError as ended:
                self._end(name, ended.state, error=ended.error)
            except Exception as error:
                LOG.error("job %s", name, exc_info=error)
                self._end(name, FAILED, error=_why(f"the work could not be done: {type(error).__name__}."))

    def _hearing(self, name: str) -> Callable[[dict[str, Any]], None]:
        step = "starting"

        def hear(body: dict[str, Any]) -> None:
            nonlocal step
            step = body.get("step", step)
            self.book.step(name, step, *body.get("progress", (0, 0)))

        return hear

    def _break(self, name: str, wish: str) -> None:
        task = self._tasks.get(name)
        if task is None:
            return
        self.break_off(task, wish)
        if task.process is None and (record := self.book.get(name)) is not None and record.state == "queued":
            self._end(name, wish, error=_why(_WISHES[wish]))

    def _end(self, name: str, state: str, **more: Any) -> None:
        task = self._tasks.pop(name, None)
        if task is not None and task.folder is not None:
            shutil.rmtree(task.folder, ignore_errors=True)
        ended = self.book.end(name, state, **more)
        if ended is not None:
            self._tell(ended)

    def _tell(self, record: JobRecord) -> None:
        try:
            self.told(record)
        except Exception as error:
            LOG.error("telling of job %s", record.id, exc_info=error)


_WISHES = {
    CANCELLED: "cancelled; nothing of it was written.",
    FAILED: "the server was stopped while this waited or ran; nothing of it was written.",
}


def new_task(spec: Mapping[str, Any]) -> Task:
    """Return work that is not on record, for who waits for its end."""
    return Task(dict(spec), None)


def _why(message: str, hint: str | None = None) -> dict[str, Any]:
    return {"kind": "job", "message": message, "where": None, "hint": hint}


def _kill(process: subprocess.Popen[str]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    try:
        process.wait(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
