"""What a scenario's answers hang on: the works without which a thing comes off otherwise, found by asking again without each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from isthmus.errors import InputError
from isthmus.model import Claim
from isthmus.picture import Picture

ASKED = 10
"""So many works are left out in turn, those first on which most answers rest."""
Fates = dict[tuple[str, str], str]
"""What becomes of each thing, by its id and by whom it is seen."""


def fates_of(answers: Sequence[Mapping[str, Any]]) -> Fates:
    """Return what becomes of each thing that is told: the verdict, and what is left."""
    return {
        (row["entity"], row.get("seen", "")): f"{row['verdict']} {row['left']['low']} {row['left']['high']}"
        for row in answers
    }


def hang(
    picture: Picture,
    answers: Sequence[dict[str, Any]],
    claims: Mapping[str, Claim],
    again: Callable[[Picture], Sequence[Mapping[str, Any]]],
) -> tuple[dict[str, Any], list[str]]:
    """Add the works on which each answer rests, and return which answers hang on one, with what bounds that.

    Parameters
    ----------
    again : callable
        Answers the same question of another picture.
    """
    weight: dict[str, int] = {}
    single: set[str] = set()
    for row in answers:
        works = {work for name in row["claims"] if name in claims for work in picture.support(claims[name])}
        row["support"] = {"minimal": [row["claims"]] if row["claims"] else [], "pivotal": [], "works": sorted(works)}
        single |= works if len(works) == 1 else set()
        for work in works:
            weight[work] = weight.get(work, 0) + 1
    order = sorted(weight, key=lambda work: (-weight[work], work))
    fates = fates_of(answers)
    flips: dict[str, list[str]] = {}
    for work in order[:ASKED]:
        other = Picture(
            picture.store, replace(picture.request, without=(*picture.request.without, work)), picture.vocabulary
        )
        try:
            found = fates_of(again(other))
        except InputError:
            # Without the work nobody is called so any more.
            found = {}
        turned = [
            row["caption"] for row in answers if found.get((row["entity"], row.get("seen", ""))) != fates[_key(row)]
        ]
        if turned:
            flips[work] = sorted(turned)
    notes = [f"the first {ASKED} of {len(order):,} works were left out in turn"] if len(order) > ASKED else []
    return {
        "single_source": sorted(single),
        "flips_without": sorted(flips),
        "flips": dict(sorted(flips.items())),
    }, notes


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["entity"], row.get("seen", "")
