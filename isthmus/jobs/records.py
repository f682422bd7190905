"""What was set to work, how far it is and how it ended: rows in a small database beside the picture."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from isthmus.service.beside import JOBS, Records, beside

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
OPEN = (QUEUED, RUNNING)
KEPT = 1000
"""So many jobs that ended stay on record."""
_TABLES = """
CREATE TABLE IF NOT EXISTS jobs(
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, owner TEXT NOT NULL, ceiling TEXT NOT NULL,
  title TEXT NOT NULL, state TEXT NOT NULL, step TEXT NOT NULL DEFAULT '', done INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0, result TEXT, error TEXT, made REAL NOT NULL, started REAL, ended REAL);
"""


@dataclass(frozen=True, slots=True)
class JobRecord:
    """One piece of work.

    Attributes
    ----------
    owner, ceiling : str
        Who asked for it, and up to which marking they saw: who sees less is shown nothing of it.
    state : str
        queued, running, done, failed or cancelled.
    step : str
        What is done just now.
    done, total : int
        How much of the step is done; a total of 0 is not known.
    result : mapping or None
        What the work gave.
    error : mapping or None
        Why it failed, in the one shape of errors.
    """

    number: int
    id: str
    kind: str
    owner: str
    ceiling: str
    title: str
    state: str
    step: str
    done: int
    total: int
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    made: float
    started: float | None
    ended: float | None

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN

    def to_json(self) -> dict[str, Any]:
        """Return the job as JSON values."""
        return asdict(self)


class JobBook:
    """The record of the jobs of one picture."""

    def __init__(self, picture: Path) -> None:
        self._records = Records(beside(picture, JOBS), _TABLES)

    def begin(self, kind: str, title: str, owner: str, ceiling: str) -> JobRecord:
        """Put a job on record, and let the oldest that ended go where there are too many."""
        name = secrets.token_hex(8)
        with self._records.open() as rows:
            rows.execute(
                "INSERT INTO jobs(id, kind, title, owner, ceiling, state, made) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [name, kind, title, owner, ceiling, QUEUED, time.time()],
            )
            rows.execute(
                "DELETE FROM jobs WHERE state NOT IN ('queued', 'running') AND number <= (SELECT max(number) FROM jobs) - ?",
                [KEPT],
            )
        found = self.get(name)
        assert found is not None
        return found

    def get(self, name: str) -> JobRecord | None:
        """Return a job, or None."""
        with self._records.open() as rows:
            row = rows.execute("SELECT * FROM jobs WHERE id = ?", [name]).fetchone()
        return _record(row) if row else None

    def newest(self, limit: int = 100) -> list[JobRecord]:
        """Return the newest jobs, newest first."""
        with self._records.open() as rows:
            return [_record(row) for row in rows.execute("SELECT * FROM jobs ORDER BY number DESC LIMIT ?", [limit])]

    def run(self, name: str) -> bool:
        """Note that a job runs; tell whether it was still waiting."""
        with self._records.open() as rows:
            done = rows.execute(
                "UPDATE jobs SET state = 'running', started = ? WHERE id = ? AND state = 'queued'", [time.time(), name]
            )
            return done.rowcount == 1

    def step(self, name: str, what: str, done: int = 0, total: int = 0) -> None:
        """Note how far a job is."""
        with self._records.open() as rows:
            rows.execute("UPDATE jobs SET step = ?, done = ?, total = ? WHERE id = ?", [what, done, total, name])

    def end(self, name: str, state: str, *, result: Any = None, error: Any = None) -> JobRecord | None:
        """Note how a job ended; return it, or None where it had ended before."""
        with self._records.open() as rows:
            held = (json.dumps(value, ensure_ascii=False, default=str) if value else None for value in (result, error))
            done = rows.execute(
                "UPDATE jobs SET state = ?, step = '', result = ?, error = ?, ended = ? WHERE id = ? AND state IN ('queued', 'running')",
                [state, *held, time.time(), name],
            )
        return self.get(name) if done.rowcount else None

    def bury(self, why: dict[str, Any]) -> list[JobRecord]:
        """Note of every open job that it failed, and return these: their server is gone."""
        left = [record for record in self.newest(KEPT) if record.is_open]
        ended = (self.end(record.id, FAILED, error=why) for record in left)
        return [record for record in ended if record is not None]


def _record(row: Any) -> JobRecord:
    body = dict(row)
    for key in ("result", "error"):
        body[key] = json.loads(body[key]) if body[key] else None
    return JobRecord(**body)
