"""Pictures of invented holdings, asked through the command line and through the lens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from isthmus.cli import main

from ..conftest import Row, write_claims

DATA = Path(__file__).resolve().parents[3] / "tests" / "data" / "control"
Body = dict[str, Any]
Told = Callable[..., Body]
Add = Callable[[Sequence[Row] | Path], Path]


def said(subject: str, predicate: str, thing: str = "", **more: str) -> Row:
    """Return a claim; its qualifiers are given as the column holds them."""
    return {"subject": subject, "predicate": predicate, "object": thing, **more}


def owns(holder: str, held: str, low: float | str | None = None, high: float | str | None = None, **more: str) -> Row:
    """Return a claim on a holding; one number is exact, a band is low and high as the columns hold them, none is not said."""
    if low is None:
        return said(holder, "owns", held, **more)
    top = low if high is None else high
    return said(holder, "owns", held, **{"low": str(low), "high": str(top), "unit": "share", **more})


def kinds(**named: str) -> list[Row]:
    """Return claims on the kinds of things."""
    return [{"subject": name, "predicate": "kind", "value": kind} for name, kind in named.items()]


def verdicts(found: Body) -> dict[str, str]:
    """Return the verdict on each party (from above: who; from below: of what), under the first rule alone."""
    return {row["entity"]: row["verdict"] for row in reversed(found["answers"])}


def answer(found: Body, entity: str, rule: str | None = None) -> Body:
    """Return the one answer about an entity."""
    rows = [row for row in found["answers"] if row["entity"] == entity and rule in (None, row["rule"])]
    assert len(rows) == 1, [row["entity"] for row in found["answers"]]
    return dict(rows[0])


def ends(share: Body | None) -> tuple[float | None, float | None] | None:
    """Return the ends of a share."""
    return None if share is None else (share["low"], share["high"])


def number(share: Body | None) -> float:
    """Return a share that must be exact."""
    assert share is not None
    assert share["low"] == share["high"]
    assert not (share["open_low"] or share["open_high"] or share["approx"])
    return float(share["low"])


def cited(found: Body, names: Iterable[str]) -> set[tuple[str, str, str]]:
    """Return what cited claims say, in three words each; a finding must hold every claim that it cites."""
    held = [found["claims"][name] for name in names]
    return {(claim["subject"], claim["predicate"], claim.get("object") or "") for claim in held}


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """Return a function that runs a command line on a picture and returns the document that it prints."""

    def call(picture: Path, *words: object, code: int = 0) -> Body:
        capsys.readouterr()
        ended = main(["-p", str(picture), "--json", *map(str, words)])
        printed = capsys.readouterr()
        assert (ended, printed.err) == (code, ""), printed.out
        found = json.loads(printed.out)
        assert isinstance(found, dict)
        return found

    return call


@pytest.fixture
def control(told: Told) -> Told:
    """Return a function that asks who controls a thing."""

    def call(picture: Path, of: str | None, *words: object, verb: str = "ask") -> Body:
        return told(picture, verb, "control", *([] if of is None else ["--of", of]), *words)

    return call


@pytest.fixture
def add(tmp_path: Path, told: Told) -> Add:
    """Return a function that puts rows, or a file, into a new picture."""

    def call(rows: Sequence[Row] | Path) -> Path:
        number = len(list(tmp_path.glob("*.duckdb")))
        file = rows if isinstance(rows, Path) else write_claims(tmp_path / f"rows-{number}.csv", rows)
        picture = tmp_path / f"{number}.duckdb"
        report = told(picture, "add", file)
        assert report["files"][0]["rejected"] == []
        return picture

    return call
