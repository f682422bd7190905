"""What can be read and written."""

from __future__ import annotations

from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.screen import Column, Screen, said


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the formats, and the mappings that come with the package."""
    columns = [Column("format", keep=True), Column("what it is")]
    screen.line(said("Read by `isthmus add`, recognised or named with --as", "bold"))
    screen.table(columns, [[item["name"], item["title"]] for item in found["read"]], indent=2)
    mappings = [item for entry in found["read"] for item in entry.get("mappings", ())]
    if mappings:
        screen.heading("Tables that are recognised by their columns", len(mappings))
        screen.table(
            [Column("mapping"), Column("what it reads")], [[item["name"], item["title"]] for item in mappings], indent=2
        )
        screen.note(said("any other table: write a mapping file and give it with --mapping", "dim"))
    screen.heading("Written by `isthmus export --as`")
    screen.table(columns, [[item["name"], item["title"]] for item in found["write"]], indent=2)
