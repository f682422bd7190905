"""Judge, retract and check what a picture holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from isthmus.claims.integrity import integrity
from isthmus.claims.store import Store
from isthmus.picture import Picture
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.coverage import coverage


def judge(path: Path, a: str, b: str, verdict: str, why: str, *, who: str) -> dict[str, Any]:
    """Store a judgement about two entities, named by id, identifier or name."""
    with Store(path) as store:
        picture = Picture(store)
        first, second = _raw(picture, a), _raw(picture, b)
        number = store.judge(first, second, verdict, why, who=who)
        after = Picture(store).resolution
        contradictions = [{"a": item.a, "b": item.b, "path": list(item.path)} for item in after.contradictions]
    return {
        "judgement": number,
        "a": first,
        "b": second,
        "verdict": verdict,
        "who": who,
        "why": why,
        "contradictions": contradictions,
    }


def unjudge(path: Path, a: str, b: str, *, who: str, why: str | None) -> dict[str, Any]:
    """Undo the standing judgements about two entities."""
    with Store(path) as store:
        picture = Picture(store)
        first, second = _raw(picture, a), _raw(picture, b)
        return {"a": first, "b": second, "undone": store.unjudge(first, second, who=who, why=why)}


def _raw(picture: Picture, name: str) -> str:
    """Return the id that a name stands for; an id stands for itself, though it may be merged into another."""
    return name if picture.reader.keys([name]) else picture.resolve(name).id


def retract(path: Path, claims: Sequence[str], why: str, *, who: str) -> dict[str, Any]:
    """Retract claims with a reason."""
    with Store(path) as store:
        return {"retracted": store.retract(claims, why, who=who), "why": why, "who": who}


def check(path: Path) -> dict[str, Any]:
    """Check that a picture is whole and consistent.

    Returns
    -------
    dict
        ``{"ok", "problems", "conflicts", "contradictions", "coverage"}``; problems are of the file, conflicts of the evidence.
    """
    with Store(path, read_only=True) as store:
        problems = integrity(store)
        picture = Picture(store)
        conflicts = [item.to_json() for item in find_conflicts(picture)]
        contradictions = [
            {"a": item.a, "b": item.b, "path": list(item.path)} for item in picture.resolution.contradictions
        ]
        covered = coverage(picture)
    return {
        "ok": not any(problem["severity"] == "error" for problem in problems),
        "problems": problems,
        "conflicts": conflicts,
        "contradictions": contradictions,
        "coverage": covered,
    }
