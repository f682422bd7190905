"""Whether a picture is whole, and what in it cannot all hold."""

from __future__ import annotations

from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.doubt import conflicts
from isthmus.cli.frame import counted, cut, rest
from isthmus.cli.screen import Screen
from isthmus.cli.views.contradiction import contradictions
from isthmus.cli.views.weak import weak


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print ok or the problems; then the conflicts of the evidence and the contradictions of the judgements."""
    covered = found["coverage"]
    if found["ok"]:
        screen.title(f"ok: {call.picture} is whole")
    else:
        screen.title(f"not ok: {call.picture} has {counted(len(found['problems']), 'problem')}")
    screen.note(
        f"{counted(covered['claims'], 'claim')} about {counted(covered['entities'], 'entity')} from {counted(covered['sources'], 'source')}"
    )
    for problem in found["problems"]:
        screen.note(problem["what"], f"{problem['severity']}:")
    if found["record"] and not found["record"]["broken"]:
        lines, last = found["record"]["lines"], found["record"]["last"]
        screen.note(
            f"{counted(lines, 'line')} of what was done while it was served, in an unbroken chain; the last digest is {last}"
        )
    weak(screen, covered)
    shown = cut(found["conflicts"], call)
    conflicts(screen, shown)
    rest(screen, found["conflicts"], shown)
    if found["contradictions"]:
        screen.heading("Judgements that contradict one another", len(found["contradictions"]))
        contradictions(screen, found["contradictions"], "·")
    if found["awaiting"]:
        screen.heading("Awaiting second reviewer", len(found["awaiting"]))
        for item in found["awaiting"]:
            screen.note(f"{item['a']} is the same as {item['b']}: {item['why']} ({item['who']})", "·")
