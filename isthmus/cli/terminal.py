"""The terminal: where answers are printed, and where a person is told how far a long run is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from isthmus.cli.call import Call
from isthmus.cli.plain import harmless
from isthmus.cli.screen import Screen

WIDEST = 140
NARROWEST = 40


def screen() -> Screen:
    """Return standard output as a screen; lines longer than 140 characters are hard to read and not used."""
    console = Console(
        file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=False, legacy_windows=False
    )
    console.width = max(NARROWEST, min(console.width, WIDEST))
    return Screen(console)


@contextmanager
def told(call: Call) -> Iterator[Call]:
    """Show on standard error what is done and how much of it, while the call lasts."""
    console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield replace(
            call,
            step=lambda what: bar.update(task, description=harmless(what)),
            progress=lambda done, total: bar.update(task, completed=done, total=total or None),
        )
