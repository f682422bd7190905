"""What every page that is made from the code does at the end: write itself, or say that it is out of date."""

from __future__ import annotations

import sys
from pathlib import Path


def cell(text: str) -> str:
    """Return a text as it may stand in a cell of a table."""
    return text.replace("|", "\\|")


def write_page(page: Path, text: str, arguments: list[str]) -> int:
    """Write the page, or with ``--check`` only say whether it is up to date."""
    if "--check" in arguments:
        current = page.read_text(encoding="utf-8") if page.exists() else ""
        if current != text:
            sys.stderr.write(f"docs: docs/reference/{page.name} is out of date; run scripts/docs.\n")
            return 1
        return 0
    page.write_text(text, encoding="utf-8")
    return 0
