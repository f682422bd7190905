"""Conclusions on control that differ between two pictures, as a difference shows them."""

from __future__ import annotations

from typing import Any

from isthmus.control.changes import TARGETS, ControlChanges, Turn
from isthmus.control.profiles import DEFAULT, find_profile
from isthmus.picture import Picture
from isthmus.picture.words import say

Entries = dict[str, list[dict[str, Any]]]


def control_changes(
    before: Picture, after: Picture, *, limit: int, profile: str = DEFAULT
) -> tuple[Entries, dict[str, int], list[str]]:
    """Return the verdicts that were added, removed or changed, each with the fewest claims that make the difference; totals; limits."""
    rule = find_profile(profile)
    changes = ControlChanges(before, after, rule)
    turns = changes.turns(limit)
    keys = sorted({key for turn in turns for key in (turn.holder, turn.target)})
    ids = after.reader.ids(keys)
    for picture in (before, after):
        picture.load_entities(ids[key] for key in keys)
    wanted = {place for turn in turns for place in turn.claims}
    places = changes.places() if wanted else {}
    claims = after.reader.at({place: places[place] for place in wanted})
    found: Entries = {"added": [], "removed": [], "changed": []}
    totals = dict.fromkeys(found, 0)
    for turn in turns:
        sort = "added" if turn.before is None else "removed" if turn.after is None else "changed"
        totals[sort] += 1
        if len(found[sort]) < limit:
            holder, target = (_caption(before, after, ids[key]) for key in (turn.holder, turn.target))
            found[sort].append(
                {
                    "conclusion": "control",
                    "about": _about(turn, holder, target),
                    "subject": ids[turn.holder],
                    "subject_caption": holder,
                    "object": ids[turn.target],
                    "object_caption": target,
                    "verdict": turn.after,
                    "before": {"verdict": turn.before, "about": f"{holder} {turn.before} {target}"}
                    if turn.before
                    else None,
                    "rule": rule.id,
                    "because": [say(after, claims[place]) for place in turn.claims],
                    "claims": sorted(claims[place].id for place in turn.claims),
                }
            )
    more = len(changes.touched) - TARGETS
    limits = [f"control of {more:,} further things that a change can touch was not compared"] if more > 0 else []
    return found, totals, limits


def _about(turn: Turn, holder: str, target: str) -> str:
    return f"{holder} {turn.after or turn.before} {target}" + ("" if turn.after else " no longer")


def _caption(before: Picture, after: Picture, name: str) -> str:
    caption = after.caption(name)
    return before.caption(name) if caption == name else caption
