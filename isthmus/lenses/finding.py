"""Put a finding together: its id, the claims and sources that it cites, and what hangs on one source."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from isthmus.model import Claim, Conflict, Finding, Gap
from isthmus.picture import Picture
from isthmus.picture.words import say

CITED = 2000


def build_finding(
    picture: Picture,
    lens: str,
    question: Mapping[str, Any],
    *,
    answers: Sequence[Mapping[str, Any]] = (),
    claims: Iterable[Claim] = (),
    gaps: Sequence[Gap] = (),
    conflicts: Sequence[Conflict] = (),
    sensitivity: Mapping[str, Any] | None = None,
    limits: Sequence[str] = (),
    extra: Mapping[str, Any] | None = None,
    cited: int = CITED,
) -> Finding:
    """Return a finding; its id is a hash of lens, question and picture, so the same question to the same picture has the same id.

    Parameters
    ----------
    cited : int
        So many of the claims are given in full; answers name all of theirs by id.
    """
    asked = {key: value for key, value in question.items() if value not in (None, (), [], "")}
    text = json.dumps([lens, asked, picture.hash], sort_keys=True, default=str)
    held = {claim.id: claim for claim in claims}
    missing = {name for gap in gaps for name in gap.claims} | {name for item in conflicts for name in item.claims}
    for claim in picture.reader.by_id(missing - held.keys()):
        held[claim.id] = claim
    listed = sorted(held.values(), key=lambda claim: claim.id)
    notes = list(limits)
    if len(listed) > cited:
        notes.append(f"{len(listed):,} claims carry this finding; the first {cited:,} are given in full")
    return Finding(
        id="f-" + hashlib.sha256(text.encode()).hexdigest()[:16],
        lens=lens,
        question=asked,
        as_of=picture.as_of,
        known_at=picture.known_at,
        picture=picture.hash,
        answers=tuple(answers),
        gaps=tuple(gaps),
        conflicts=tuple(conflicts),
        sensitivity=dict(sensitivity or {}),
        limits=tuple(notes),
        claims={claim.id: claim_json(picture, claim) for claim in listed[:cited]},
        sources=cited_sources(picture, listed),
        extra=dict(extra or {}),
    )


def claim_json(picture: Picture, claim: Claim) -> dict[str, Any]:
    """Return a claim with its sentence and the captions of its ends."""
    body = claim.to_json()
    body["subject_caption"] = picture.caption(claim.subject)
    if claim.object:
        body["object_caption"] = picture.caption(claim.object)
    body["sentence"] = say(picture, claim)
    return body


def cited_sources(picture: Picture, claims: Iterable[Claim]) -> dict[str, Any]:
    """Return the sources and origins that claims name, by id, without the long list of what each rests on."""
    names = {name for claim in claims for name in (claim.source, *claim.origin)}
    cited = {}
    for name in sorted(names):
        source = picture.sources.get(name)
        body = source.to_json() if source else {"id": name}
        body.pop("derived_from", None)
        cited[name] = body
    return cited


def hanging_on(picture: Picture, answers: Mapping[str, Sequence[Claim]]) -> dict[str, Any]:
    """Return which answers rest on one work alone, and the works without which some answer is gone.

    Parameters
    ----------
    answers : mapping of answer name to the claims any one of which carries it
    """
    single: set[str] = set()
    flips: dict[str, list[str]] = {}
    for name, claims in answers.items():
        supports = [picture.support(claim) for claim in claims]
        works = {work for support in supports for work in support}
        vital = [work for work in works if all(support == {work} for support in supports)]
        for work in vital:
            flips.setdefault(work, []).append(name)
        if len(works) == 1:
            single |= works
    return {
        "single_source": sorted(single),
        "flips_without": sorted(flips),
        "flips": {work: sorted(names) for work, names in sorted(flips.items())},
    }
