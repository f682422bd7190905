"""Judge, retract and check what a picture holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from isthmus.claims.integrity import integrity
from isthmus.claims.store import Store
from isthmus.entities import state_of
from isthmus.picture import Picture
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.coverage import coverage


def judge(
    path: Path,
    a: str,
    b: str,
    verdict: str,
    why: str,
    *,
    who: str,
    valid_from: str | None = None,
    valid_to: str | None = None,
) -> dict[str, Any]:
    """Store a judgement about two entities, named by id, identifier or name.

    Returns
    -------
    dict
        The judgement; its ``state`` (see `isthmus.entities.state_of`); and the ``contradictions`` in the group that the two are in.
    """
    with Store(path) as store:
        picture = Picture(store)
        first, second = raw_id(picture, a), raw_id(picture, b)
        number = store.judge(first, second, verdict, why, who=who, valid_from=valid_from, valid_to=valid_to)
        after = Picture(store)
        stored = next(item for item in reversed(after.judgements) if item.key == number)
        state = state_of(stored, after.standing, after.resolution)
        contradictions = [item.to_json() for item in after.resolution.contradictions_about(first, second)]
    return {
        "judgement": number,
        "a": first,
        "b": second,
        "verdict": verdict,
        "who": stored.who,
        "why": why,
        "valid_from": stored.valid_from,
        "valid_to": stored.valid_to,
        "state": state,
        "contradictions": contradictions,
    }


def unjudge(path: Path, a: str, b: str, *, who: str, why: str | None, every: bool = False) -> dict[str, Any]:
    """Undo the newest standing judgement about two entities, or every one.

    Returns
    -------
    dict
        ``{"a", "b", "undone", "judgements", "stands"}``: how many were undone and which, and what is in force for the pair now (None:
        nothing).
    """
    with Store(path) as store:
        picture = Picture(store)
        first, second = raw_id(picture, a), raw_id(picture, b)
        undone = store.unjudge(first, second, who=who, why=why, every=every)
        after = Picture(store)
        pair = {first, second}
        stood = {item.key for item in picture.judgements if not item.undone}
        taken = [item for item in after.judgements if item.undone and item.key in stood]
        stands = next((item for item in after.standing.decided.values() if set(item.pair) == pair), None)
    return {
        "a": first,
        "b": second,
        "undone": undone,
        "judgements": [item.to_json() for item in taken],
        "stands": stands.to_json() if stands else None,
    }


def raw_id(picture: Picture, name: str) -> str:
    """Return the id that a name stands for; an id stands for itself, though it may be merged into another."""
    return name if picture.is_held(name) else picture.resolve(name).id


def retract(path: Path, claims: Sequence[str], why: str, *, who: str) -> dict[str, Any]:
    """Retract claims with a reason."""
    with Store(path) as store:
        return {"retracted": store.retract(claims, why, who=who), "why": why, "who": who}


def check(path: Path) -> dict[str, Any]:
    """Check that a picture is whole and consistent.

    Returns
    -------
    dict
        ``{"ok", "problems", "conflicts", "contradictions", "awaiting", "coverage"}``; problems are of the file, conflicts of the
        evidence, contradictions of the judgements; ``awaiting`` lists the judgements that a second reviewer must agree to.
    """
    with Store(path, read_only=True) as store:
        return check_picture(Picture(store))


def check_picture(picture: Picture) -> dict[str, Any]:
    """Check an open picture; see `check`."""
    problems = integrity(picture.store)
    return {
        "ok": not any(problem["severity"] == "error" for problem in problems),
        "problems": problems,
        "conflicts": [item.to_json() for item in find_conflicts(picture)],
        "contradictions": [item.to_json() for item in picture.resolution.contradictions],
        "awaiting": [item.to_json() for item in picture.standing.awaiting.values()],
        "coverage": coverage(picture),
    }
