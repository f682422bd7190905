"""The question: by how much, and by which ways, a thing depends on anything that one actor controls."""

from __future__ import annotations

from typing import Any

from isthmus.control.profiles import DEFAULT
from isthmus.dependence.rows import LEVELS
from isthmus.errors import ArgumentError
from isthmus.lenses.exposure.doubts import gaps_of, nothing_held
from isthmus.lenses.exposure.held import ITSELF, rule_of
from isthmus.lenses.exposure.measure import NONE, Measured, measure
from isthmus.lenses.exposure.rows import part, rows_of
from isthmus.lenses.exposure.support import WORKS, hanging, supports_of
from isthmus.lenses.finding import build_finding
from isthmus.model import Finding
from isthmus.picture import Entity, Picture
from isthmus.picture.conflicts import find_conflicts

LENS = "exposure"
NAMED = 500
"""So many things are named with their ways, certain and near ones first; the rest are counted."""
COMPARED = 400
"""Up to so many claims are looked at for conflicts among them."""


def ask(
    picture: Picture,
    of: str,
    to: str,
    *,
    profile: str = DEFAULT,
    strength: str = "required",
    why: bool = False,
) -> Finding:
    """Answer by how much a thing depends on what an actor controls, the actor itself included.

    The share is what the thing loses if all of that failed together: at least with what the actor surely controls, at most with what it
    may control as well. Shares of makers and suppliers count as their sources give them; a need without shares fails or holds.

    Parameters
    ----------
    of, to : str
        The thing and the actor, by id, identifier or name.
    profile : str
        The rule of control, by name or path; one that says who commands whom.
    strength : str
        Which needs count: ``required``, with ``recommended`` or ``optional`` (and all stronger) ones, ``build``, or ``all``.
    why : bool
        Add the claims that carry each answer, and the works without which one is another.

    Returns
    -------
    Finding
        One answer for each thing that is reached and that the actor controls or may control, ``{"entity", "caption", "control",
        "tier", "alone", "effect", "way", "claims"}``: what the thing loses if that one alone failed, and a shortest way to it.
        `share` is the whole, as a bounded number (None where nothing is held of what the thing needs), `verdict` says it in words,
        `paths` has each way with its chain of control, `apart` what the actor can only block or influence; that is not counted.

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError, ArgumentError, ProfileError
    """
    if strength not in LEVELS:
        raise ArgumentError(
            f"“{strength}” is no strength of a need.", where="strength", hint=f"Use one of {', '.join(LEVELS)}."
        )
    rule = rule_of(profile)
    thing, actor = picture.resolve(of), picture.resolve(to)
    if thing.id == actor.id:
        raise ArgumentError(
            f"{thing.caption} is asked about itself.",
            where="--to",
            hint="Name the thing with --of and another with --to.",
        )
    question = {
        "of": thing.id,
        "caption": thing.caption,
        "kinds": list(thing.kinds),
        "to": actor.id,
        "to_caption": actor.caption,
        "to_kinds": list(actor.kinds),
        "profile": rule.id,
        "strength": strength,
    }
    found = measure(picture, thing, actor, rule, strength)
    if found.below is None:
        nothing: dict[str, Any] = {"share": None, "verdict": NONE, "paths": [], "apart": [], "totals": _totals(found)}
        limits = _limits(found, thing, actor, rule.id)
        gaps = [nothing_held(picture, thing, strength)]
        return build_finding(picture, LENS, question, gaps=gaps, limits=limits, extra=nothing)
    rows = rows_of(found, found.reached[:NAMED])
    apart = rows_of(found, found.apart[:NAMED])
    claims = {claim.id: claim for row in (*rows, *apart) for claim in row.claims}
    limits = _limits(found, thing, actor, rule.id)
    answers = [row.body for row in rows]
    sensitivity: dict[str, Any] | None = None
    if why:
        answers = [{**row, "support": body} for row, body in zip(answers, supports_of(found, rows), strict=True)]
        sensitivity, untried = hanging(found, rows, thing, actor, rule, strength)
        if untried:
            limits.append(f"the {WORKS} works with most of the claims were left out in turn; {untried:,} more were not")
    assert found.share is not None
    near = list(claims.values())
    return build_finding(
        picture,
        LENS,
        question,
        answers=answers,
        claims=near,
        gaps=gaps_of(found, thing),
        conflicts=find_conflicts(picture, near) if len(near) <= COMPARED else (),
        sensitivity=sensitivity,
        limits=limits,
        extra={
            "share": part(*found.share),
            "verdict": found.verdict,
            "paths": [row.path for row in rows],
            "apart": [row.body for row in apart],
            "totals": _totals(found),
        },
    )


def _totals(found: Measured) -> dict[str, int]:
    """Return how many things are controlled, reached and needed in all."""
    counted = [word for name, word in found.held.words.items() if word != ITSELF]
    return {
        "controlled": sum(word == "controls" for word in counted),
        "may_be_controlled": sum(word == "may control" for word in counted),
        "reached": len(found.sure),
        "may_be_reached": len(found.may),
        "apart": len(found.apart),
        "needed": int((found.below.nodes < found.web.things).sum()) - 1 if found.below else 0,
    }


def _limits(found: Measured, thing: Entity, actor: Entity, rule: str) -> list[str]:
    picture = found.web.picture
    limits = [f"who controls what is worked out under {rule}; what an actor can only block or influence is not counted"]
    own = found.held.words.get(thing.id)
    if own:
        limits.append(f"{actor.caption} {own} {thing.caption} itself; that is no need, and is not counted here")
    if picture.is_kind(actor.id, "place", "state"):
        limits.append(
            f"what is located in {actor.caption} is not controlled by it for that; only what it controls counts, "
            "and what is said to be made there as by a country"
        )
    if found.share is not None and found.share[1] > 0:
        limits.append("shares are those of today: nobody steps in for what is lost, and stocks are not counted")
    more = len(found.reached) - NAMED
    if more > 0:
        limits.append(f"{more:,} more things are reached and counted, and not named")
    return [*limits, *found.web.notes()]
