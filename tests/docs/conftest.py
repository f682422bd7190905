"""The evidence of the tutorial, as its page gives it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from isthmus.claims.store import Store
from isthmus.service import add_files

ROOT = Path(__file__).resolve().parents[2]
_FILE = re.compile(r"^```(?:csv|yaml) (\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def _write_files(page: Path, folder: Path) -> list[str]:
    """Write the files that a page tells its reader to save; return their names."""
    found = _FILE.findall(page.read_text(encoding="utf-8"))
    for name, body in found:
        (folder / name).write_text(body, encoding="utf-8")
    return [name for name, _ in found]


@pytest.fixture
def write_files() -> Callable[[Path, Path], list[str]]:
    """Return what writes the files that a page tells its reader to save, and returns their names."""
    return _write_files


@pytest.fixture
def tutorial(tmp_path: Path) -> Path:
    """Return a folder that holds the files of the tutorial."""
    names = _write_files(ROOT / "docs" / "tutorial.md", tmp_path)
    assert "kelda.csv" in names
    return tmp_path


@pytest.fixture
def kelda_ids(tutorial: Path) -> dict[str, str]:
    """Return the ids of the tutorial's first claims by subject and predicate."""
    picture = tutorial / "ids.duckdb"
    add_files(picture, [tutorial / "kelda.csv"])
    with Store(picture, read_only=True) as store:
        rows = store.rows(
            "SELECT e.id || ' ' || p.id, c.id::VARCHAR FROM claims c JOIN entities e ON e.key = c.subject "
            "JOIN predicates p ON p.key = c.predicate"
        )
    return dict(rows)
