"""Propose which entities may be one thing, best first; store what is decided about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from isthmus.claims.judging import By, NewJudgement
from isthmus.claims.judging import Reason as StoredReason
from isthmus.claims.store import Store, no_step
from isthmus.entities.matching import SAME, Subject
from isthmus.entities.matching.match import vetoed
from isthmus.picture import Picture
from isthmus.picture.identity import SECOND_REVIEWER
from isthmus.picture.subjects import read_subjects
from isthmus.service.answers import show_entity
from isthmus.service.finding import opened
from isthmus.service.proposing import Proposal, propose, ties_between
from isthmus.sources.adapter import no_progress

RULE = By.rule("names", 1)
_WEIGHTY = 4


def resolve(
    path: Path,
    *,
    apply: bool = False,
    limit: int = 50,
    bar: float | None = None,
    who: str = "user",
    require_second: bool | None = None,
    step: Callable[[str], None] = no_step,
    progress: Callable[[int, int], None] = no_progress,
) -> dict[str, Any]:
    """Propose pairs of entities that may be one; pairs with a standing judgement are left out.

    Parameters
    ----------
    apply : bool
        Store *same* for the pairs with that verdict, by the rule ``names/1`` in one batch.
    limit : int
        The most proposals returned.
    bar : float or None
        The lowest score; None: the model's bar of *possible*.
    who : str
        Who asks: what awaits a second reviewer is proposed to everyone but the first.
    require_second : bool or None
        Set the picture's policy: a person's *same* counts only when a second person agrees. None: as it is.

    Returns
    -------
    dict
        ``{"proposals", "applied", "left", "joined", "held_back"}``: `left` are all that nobody has decided.
    """
    with Store(path, read_only=not apply and require_second is None) as store:
        if require_second is not None:
            store.set_policy(SECOND_REVIEWER, "on" if require_second else "off", who=who)
        picture = Picture(store)
        step("reading names")
        subjects = read_subjects(picture)
        found = propose(picture, subjects, bar, who, step, progress)
        joined: list[Proposal] = []
        held_back: list[dict[str, str]] = []
        if apply:
            step("storing judgements")
            joined, held_back = _choose(picture, subjects, found)
            if joined:
                store.judge_many(map(_judgement, joined))
    done = {(item.a, item.b) for item in joined}
    open_ = [item for item in found if (item.a, item.b) not in done]
    return {
        "proposals": [item.to_json() for item in open_[:limit]],
        "applied": len(joined),
        "left": len(open_),
        "joined": [item.to_json() for item in joined],
        "held_back": held_back,
    }


def sides(path: Path, a: str, b: str) -> list[dict[str, Any]]:
    """Return what is held of two entities, as `show` does."""
    with opened(path) as picture:
        return [show_entity(picture, picture.entity(name)) for name in (a, b)]


def decide(path: Path, proposal: dict[str, Any], verdict: str, *, who: str) -> int:
    """Store a person's decision about a proposal at once, with the score and the reasons that were seen; return its number."""
    names = " / ".join(f"“{name}”" for name in proposal["names"])
    why = f"decided by looking at both sides: {names}"
    with Store(path) as store:
        return store.judge(
            proposal["a"], proposal["b"], verdict, why, who=who, score=proposal["score"], reasons=proposal["reasons"]
        )


def take_back(path: Path, proposal: dict[str, Any], *, who: str) -> int:
    """Undo the newest decision about a proposal."""
    with Store(path) as store:
        return store.unjudge(proposal["a"], proposal["b"], who=who, why="taken back at once")


def _choose(
    picture: Picture, subjects: dict[str, Subject], proposals: Sequence[Proposal]
) -> tuple[list[Proposal], list[dict[str, str]]]:
    """Return the pairs that a rule may join, best first, and those held back: joined with others they would join what are two things."""
    apart: dict[str, set[str]] = {}
    for (a, b), judgement in picture.standing.decided.items():
        if judgement.verdict == "different":
            apart.setdefault(picture.resolution.of(a), set()).add(picture.resolution.of(b))
            apart.setdefault(picture.resolution.of(b), set()).add(picture.resolution.of(a))
    members = {head: {head} for item in proposals for head in (item.a, item.b)}
    ties = ties_between(picture, members)
    chosen, held_back = [], []
    for item in proposals:
        if item.doubt:
            held_back.append({"a": item.a, "b": item.b, "why": item.doubt})
        if not item.by_rule or item.match.verdict != SAME:
            continue
        one, two = members[item.a], members[item.b]
        if one is two:
            chosen.append(item)
            continue
        why = _kept_apart(one, two, apart, ties, subjects)
        if why:
            held_back.append({"a": item.a, "b": item.b, "why": why})
            continue
        chosen.append(item)
        one |= two
        members.update(dict.fromkeys(two, one))
    return chosen, held_back


def _kept_apart(
    one: set[str],
    two: set[str],
    apart: dict[str, set[str]],
    ties: dict[tuple[str, str], str],
    subjects: dict[str, Subject],
) -> str | None:
    for a in sorted(one):
        if judged := sorted(apart.get(a, set()) & two):
            return f"{a} and {judged[0]} are judged different"
        for b in sorted(two):
            if veto := vetoed(subjects[a], subjects[b]):
                return f"{a} and {b}: {veto.note}"
            if tie := ties.get((min(a, b), max(a, b))):
                return f"a claim says: {tie}"
    return None


def _judgement(item: Proposal) -> NewJudgement:
    names = " / ".join(f"“{name}”" for name in item.match.names)
    told = "; ".join(reason.note or reason.feature.replace("_", " ") for reason in item.match.reasons[:_WEIGHTY])
    reasons = [StoredReason(reason.feature, reason.weight, reason.note) for reason in item.match.reasons]
    score = round(item.match.score, 6)
    return NewJudgement(item.a, item.b, SAME, f"{names}: {told}", RULE, score, reasons)
