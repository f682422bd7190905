"""What a picture holds, and how much of it is doubtful."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from isthmus.cli.call import Call
from isthmus.cli.doubt import bar
from isthmus.cli.frame import footer
from isthmus.cli.screen import Column, Content, Screen, said
from isthmus.cli.views.weak import weak

BAR = 10
_DOUBTS = (
    ("dated", "have a date of validity"),
    ("observed", "were seen to hold on a date"),
    ("undated", "hold as of their source's date"),
    ("hedged", "are hedged by their source"),
    ("bounded", "have a bounded or rough number"),
    ("not_actual", "are planned, agreed, possible … and not actual"),
    ("denied", "deny something"),
    ("not_found", "say that something was looked for and not found"),
)


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the counts."""
    claims = found["claims"]
    head = [
        ("claims", claims),
        ("sources", found["sources"]),
        ("entities", found["entities"]),
        ("conflicts", found["conflicts"]),
    ]
    screen.table([Column("", figures=True), Column("")], [[said(f"{number:,}", "bold"), name] for name, number in head])
    screen.heading("Of the claims")
    rows: list[list[Content]] = [
        [f"{found[key]:,}", bar(found[key] / claims, found[key] / claims, BAR) if claims else Text(), what]
        for key, what in _DOUBTS
        if key in found
    ]
    screen.table([Column("", figures=True), Column("", keep=True), Column("")], rows, indent=2)
    weak(screen, found)
    _counts(screen, "Kinds of entities", found["kinds"])
    _counts(screen, "Predicates", found["predicates"])
    footer(screen, found, None)


def _counts(screen: Screen, head: str, counts: dict[str, int]) -> None:
    """Print names with their counts, in as many columns as there is room for."""
    if not counts:
        return
    screen.heading(head, len(counts))
    widest = max(len(name) for name in counts) + 11
    across = max(1, (screen.width - 2) // widest)
    items = list(counts.items())
    down = -(-len(items) // across)
    columns = [column for _ in range(across) for column in (Column("", figures=True), Column("", keep=True))]
    rows: list[list[Content]] = []
    for line in range(down):
        picked = items[line::down][:across]
        cells: list[Content] = [cell for name, number in picked for cell in (f"{number:,}", name.replace("_", " "))]
        rows.append([*cells, *[""] * (len(columns) - len(cells))])
    screen.table(columns, rows, indent=2)
