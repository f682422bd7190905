"""Run a piece of a benchmark in a process of its own, and read its time, processor time and memory."""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parents[1]


def alone(module: str, *arguments: str) -> dict[str, Any]:
    """Run ``python -m module arguments`` and return the JSON object on the last line that it prints.

    Peak memory is the kernel's figure for that process, so nothing that ran before it counts.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{module} {' '.join(arguments)} ended with {done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(**figures: Any) -> None:
    """Print the figures of this process as JSON, with its peak memory."""
    print(json.dumps({**figures, "peak_mb": peak_memory()}))


def peak_memory() -> int:
    """Return the most memory that this process held, in MB; `ru_maxrss` would count what its parent held before it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    raise SystemExit("the kernel does not tell the peak of memory (VmHWM)")


class Clock:
    """Seconds on the wall and on the processors since it was made; processor time counts less of other programs' load."""

    def __init__(self) -> None:
        self._wall = time.perf_counter()
        self._processor = processor_time()

    @property
    def wall(self) -> float:
        return round(time.perf_counter() - self._wall, 3)

    @property
    def processor(self) -> float:
        return round(processor_time() - self._processor, 3)


def processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """Give a folder for the stores of a run, and empty it afterwards."""
    place = folder / f"run-{os.getpid()}"
    place.mkdir(parents=True)
    try:
        yield place
    finally:
        for path in sorted(place.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        place.rmdir()


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
    }


def table(rows: list[dict[str, Any]]) -> None:
    """Print rows as a table, for people."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [names, *([_text(row.get(name)) for name in names] for row in rows)]
    widths = [max(len(line[index]) for line in cells) for index in range(len(names))]
    for number, line in enumerate(cells):
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))
        if number == 0:
            print("  ".join("-" * width for width in widths))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
