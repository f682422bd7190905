"""The command line, run as a person runs it, on a small picture of an invented strait."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from isthmus.cli import main

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data" / "cli"
ISTHMUS = [sys.executable, "-m", "isthmus"]


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        return json.loads(self.out)


Run = Callable[..., Result]


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which a process finds this package, and no picture of somebody else."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ISTHMUS_") and name != "NO_COLOR"}
    return {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **more}


@pytest.fixture(scope="session")
def evidence() -> Path:
    """Return the claims of the invented strait."""
    return DATA / "claims.csv"


@pytest.fixture(scope="session")
def picture(evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a picture of the invented strait; no test writes to it."""
    path = tmp_path_factory.mktemp("strait") / "strait.duckdb"
    assert main(["-p", str(path), "--json", "add", str(evidence)]) == 0
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that runs a command line in an empty folder, on a terminal of 80 columns where nobody says otherwise."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ISTHMUS_PICTURE", raising=False)
    monkeypatch.delenv("ISTHMUS_TRACEBACK", raising=False)

    def call(*words: object, columns: int = 80) -> Result:
        monkeypatch.setenv("COLUMNS", str(columns))
        capsys.readouterr()
        code = main([str(word) for word in words])
        printed = capsys.readouterr()
        return Result(code, printed.out, printed.err)

    return call


@pytest.fixture
def ask(run: Run, picture: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command line on the picture of the invented strait, named by the environment."""

    def call(*words: object, columns: int = 80) -> Result:
        with monkeypatch.context() as patch:
            patch.setenv("ISTHMUS_PICTURE", str(picture))
            return run(*words, columns=columns)

    return call
