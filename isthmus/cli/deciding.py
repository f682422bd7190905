"""Ask a person about pairs, one key each; what is decided is stored at once."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

try:
    import termios
    import tty
except ImportError:  # a system without such terminals: a key is read with the line that it stands on
    termios = None  # type: ignore[assignment]

from isthmus import service
from isthmus.cli.call import Call
from isthmus.cli.frame import counted
from isthmus.cli.screen import Column, Content, Screen, joined, said
from isthmus.cli.through import written
from isthmus.cli.verbs.judgement import who
from isthmus.cli.views.match import reasons, verdict

Body = Mapping[str, Any]
VERDICTS = {"s": "same", "d": "different", "u": "unsure"}
KEYS = "s same · d different · u unsure · k skip · b back · q quit"
_ENDS = ("\x03", "\x04", "")
_MOST = 6
_LABEL = 16
"""The room that the labels of the facts and the gaps between the columns take."""


class Session:
    """A walk through proposals.

    Parameters
    ----------
    found : dict
        What `service.resolve` gave.
    """

    def __init__(self, screen: Screen, found: dict[str, Any], call: Call) -> None:
        self.screen = screen
        self.proposals: Sequence[dict[str, Any]] = found["proposals"]
        self.left = int(found["left"])
        self.picture = call.picture
        self.who = who(call)
        self.verdicts: dict[int, str] = {}

    def run(self) -> None:
        """Ask until all is decided or the person ends it; then say what was stored."""
        with keys_at_once():
            self._walk()
        self._sum_up()

    def _walk(self) -> None:
        at = 0
        while at < len(self.proposals):
            self._show(at)
            key = self._ask()
            if key == "q":
                break
            if key == "b":
                at = max(0, at - 1)
                self._take_back(at)
                continue
            if key in VERDICTS:
                written(service.decide, self.picture, self.proposals[at], VERDICTS[key], who=self.who)
                self.verdicts[at] = VERDICTS[key]
            at += 1

    def _take_back(self, at: int) -> None:
        if self.verdicts.pop(at, None):
            written(service.take_back, self.picture, self.proposals[at], who=self.who)
            self.screen.line(said("the decision about this pair is taken back", "dim"))

    def _ask(self) -> str:
        """Return the key that was pressed; the end of the input counts as ``q``."""
        while True:
            sys.stdout.write(f"{KEYS}  > ")
            sys.stdout.flush()
            key = read_key().lower()
            key = "q" if key in _ENDS else key
            known = key in (*VERDICTS, "k", "b", "q")
            sys.stdout.write(f"{key}\n" if known else "\n")
            if known:
                return key

    def _show(self, at: int) -> None:
        item = self.proposals[at]
        both = service.sides(self.picture, item["a"], item["b"])
        self.screen.heading(f"Pair {at + 1:,} of {len(self.proposals):,}")
        self.screen.line(joined([verdict(item), said(f"score {item['score']:.2f}", "bold")], "  "))
        self.screen.blank()
        half = (self.screen.width - _LABEL) // 2
        rows: list[list[Content]] = [
            [said(label, "dim"), *(self._listed(read(side), half) for side in both)] for label, read in _FACTS
        ]
        rows = [row for row in rows if any(str(cell) for cell in row[1:])]
        self.screen.table([Column("", keep=True), Column("one"), Column("other")], rows)
        self.screen.blank()
        reasons(self.screen, item["reasons"])
        self.screen.blank()

    def _listed(self, lines: Sequence[str], width: int) -> Content:
        """Return facts one below the other, no wider than half of the screen, so that the sides stand even."""
        shown = [*lines[:_MOST], f"… and {len(lines) - _MOST:,} more"] if len(lines) > _MOST else lines
        return joined([part for line in shown for part in said(line).wrap(self.screen.console, width)], "\n")

    def _sum_up(self) -> None:
        given = list(self.verdicts.values())
        told = ", ".join(f"{given.count(word):,} {word}" for word in VERDICTS.values() if word in given)
        left = counted(self.left - len(given), "pair")
        self.screen.blank()
        self.screen.line(
            f"{counted(len(given), 'judgement')} stored by {self.who}{': ' if told else ''}{told}; {left} left."
        )


@contextmanager
def keys_at_once() -> Iterator[None]:
    """Let the terminal give each key as it is pressed, and not show it, while the body runs."""
    if termios is None:
        yield
        return
    place = sys.stdin.fileno()
    before = termios.tcgetattr(place)
    tty.setcbreak(place, termios.TCSADRAIN)
    try:
        yield
    finally:
        termios.tcsetattr(place, termios.TCSADRAIN, before)


def read_key() -> str:
    """Return the next key of the terminal; the several characters of an arrow or function key give ``?``."""
    if termios is None:
        return sys.stdin.readline()[:1]
    place = sys.stdin.fileno()
    try:
        key = os.read(place, 1).decode("latin-1")
        if key == "\x1b" or key > "\x7f":
            while select.select([place], [], [], 0)[0] and os.read(place, 1):
                pass
            return "?"
    except KeyboardInterrupt:
        return "\x03"
    return key


def _names(side: Body) -> list[str]:
    return list(dict.fromkeys(row["name"] for row in side["names"] if row["name"] != side["entity"]["caption"]))


def _identifiers(side: Body) -> list[str]:
    return [
        f"{row['scheme']} {row['value']}{' (fails its check)' if row['valid'] is False else ''}"
        for row in side["identifiers"]
    ]


def _sentences(key: str) -> Callable[[Body], list[str]]:
    return lambda side: list(dict.fromkeys(str(row["sentence"]) for row in side[key]))


_FACTS: tuple[tuple[str, Callable[[Body], list[str]]], ...] = (
    ("name", lambda side: [str(side["entity"]["caption"])]),
    ("also", _names),
    ("kind", lambda side: [", ".join(side["kinds"]).replace("_", " ")]),
    ("id", lambda side: [str(side["entity"]["id"])]),
    ("identifiers", _identifiers),
    ("facts", _sentences("facts")),
    ("relations", _sentences("relations")),
    ("sources", lambda side: sorted(name for name in side["sources"] if "://" not in name)),
)
