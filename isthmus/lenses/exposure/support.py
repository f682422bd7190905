"""What carries an exposure: the claims of each way and chain, those without which it is not there, and the works that it hangs on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from isthmus.control.profiles import Profile
from isthmus.lenses.exposure.measure import Measured, measure
from isthmus.lenses.exposure.rows import Row, part
from isthmus.picture import Entity, Picture

EXPLAINED = 12
"""So many answers are tried without each of their claims, as each trial works out control anew."""
WORKS = 12
"""So many works are left out in turn, those with most of the claims first; each trial reads the picture anew."""


def supports_of(found: Measured, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return what carries each answer.

    A claim is pivotal where without it the thing is not reached by any way, or the actor is no longer to it what it is.
    """
    told = []
    ends = found.held.claim_rows() if rows else {}
    for number, row in enumerate(rows):
        body: dict[str, Any] = {
            "minimal": [sorted({link[0].id for link in row.links})] if row.links else [],
            "pivotal": sorted(_pivotal(found, row, ends)) if number < EXPLAINED else [],
            "works": sorted({work for claim in row.claims for work in found.web.picture.support(claim)}),
        }
        if number >= EXPLAINED:
            body["tested"] = False
        told.append(body)
    return told


def _pivotal(found: Measured, row: Row, ends: dict[str, int]) -> set[str]:
    assert found.below is not None
    name = row.body["entity"]
    pivotal = set()
    for place, link in ((place, link) for (_, place), link in zip(_way(found, row), row.links, strict=False)):
        if len(link) == 1 and not found.below.reaches_without(found.node(name), [place]):
            pivotal.add(link[0].id)
    for link in row.links[row.steps :]:
        pivotal |= {
            claim.id for claim in link if claim.id in ends and not found.held.holds_without(name, ends[claim.id])
        }
    return pivotal


def _way(found: Measured, row: Row) -> list[tuple[int, int]]:
    assert found.below is not None
    return found.below.way(found.node(row.body["entity"]))


def hanging(
    found: Measured, rows: Sequence[Row], thing: Entity, actor: Entity, rule: Profile, strength: str
) -> tuple[dict[str, Any], int]:
    """Return what is another answer without one work, and how many works were not tried.

    Each is left out of the picture, and the question is asked again: `without` has the verdict and the share then.
    """
    picture = found.web.picture
    counts = Counter(work for row in rows for claim in row.claims for work in picture.support(claim))
    works = [work for work, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    flips: dict[str, list[str]] = {}
    without: dict[str, dict[str, Any]] = {}
    for work in works[:WORKS]:
        request = replace(picture.request, without=(*picture.request.without, work))
        fewer = Picture(picture.store, request, picture.vocabulary)
        other = measure(fewer, thing, actor, rule, strength)
        gone = _gone(rows, other)
        if gone or other.share != found.share:
            flips[work] = gone
            without[work] = {"verdict": other.verdict, "share": part(*other.share) if other.share else None}
    body = {
        "single_source": works if len(works) == 1 else [],
        "flips_without": sorted(flips),
        "flips": dict(sorted(flips.items())),
        "without": dict(sorted(without.items())),
    }
    return body, max(len(works) - WORKS, 0)


def _gone(rows: Sequence[Row], other: Measured) -> list[str]:
    """Return the captions of the answers that are not there any more, or whose control is another."""
    left = {name: other.held.words.get(name) for name in other.reached}
    return sorted(row.body["caption"] for row in rows if left.get(row.body["entity"]) != row.body["control"])
