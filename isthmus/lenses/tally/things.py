"""Count things instead of numbers: how many entities of a kind, or how many stand in a relation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.errors import ArgumentError
from isthmus.lenses.finding import build_finding
from isthmus.lenses.tally.measure import Measure
from isthmus.model import Claim, Finding, Gap
from isthmus.picture import Entity, Picture
from isthmus.picture.shares.figures import Held, has_ended
from isthmus.picture.shares.grouping import Group, Grouper
from isthmus.quantities import Quantity

_VAGUE = ("unknown", "remainder")


def count_things(
    picture: Picture,
    measure: Measure,
    body: Entity | None,
    holder: Entity | None,
    by: str,
    question: dict[str, Any],
    modes: Sequence[str],
) -> Finding:
    """Count distinct entities of a kind, or distinct holders of a relation, in groups.

    A thing in two groups is counted in both, and the total counts it once.
    """
    held = (
        _of_kind(picture, measure, body, holder)
        if measure.form == "kind"
        else _in_relation(picture, measure, body, holder, modes)
    )
    if not held:
        raise ArgumentError(
            f"this picture holds nothing to count for “{measure.name}” here.",
            hint="`isthmus stats` lists kinds and predicates.",
        )
    groups = Grouper(picture, by, far=holder is not None and body is None).groups(held)
    rows: dict[Group, list[Held]] = {}
    for item, group in zip(held, groups, strict=True):
        rows.setdefault(group, []).append(item)
    things = {item.subject if holder is None else item.object or item.subject for item in held}
    whole = len(things)
    unit = "items"
    order = sorted(rows.items(), key=lambda pair: (pair[0].aggregate == "unknown", -len(pair[1]), pair[0].label))
    answers = [_answer(by, group, items, whole, unit) for group, items in order if group.aggregate not in _VAGUE]
    claims = [claim for item in held for claim in item.claims]
    unknown = [item for group, items in rows.items() if group.aggregate in _VAGUE for item in items]
    gaps = (
        [Gap("unknown", f"the {by} of {len(unknown)} of {whole} is not known", n=len(unknown), of=whole)]
        if unknown
        else []
    )
    return build_finding(
        picture,
        "tally",
        question,
        answers=answers,
        claims=claims,
        gaps=gaps,
        limits=["counts are of what this picture holds, not of the world"],
        extra={
            "total": Quantity.exactly(whole, unit).to_json(),
            "unattributed": Quantity.exactly(len(unknown), unit).to_json(),
            "raw_sum": Quantity.exactly(len(held), unit).to_json(),
            "hhi": None,
            "hhi_refused": "things are counted, not shares of a market",
            "shares_of": "recorded",
        },
    )


def _answer(by: str, group: Group, items: Sequence[Held], whole: int, unit: str) -> dict[str, Any]:
    number = len({(item.subject, item.object) for item in items})
    claims = sorted({claim.id for item in items for claim in item.claims})
    return {
        "group": {by: group.label},
        "entity": group.entity,
        "value": Quantity.exactly(number, unit).to_json(),
        "words": f"{number:,}",
        "share": Quantity.exactly(number / whole, "share").to_json(),
        "share_words": Quantity.exactly(number / whole, "share").words(),
        "claims": claims[:200],
        "sources": sorted({claim.source for item in items for claim in item.claims}),
        "hedges": sorted({claim.hedge for item in items for claim in item.claims if claim.hedge}),
    }


def _of_kind(picture: Picture, measure: Measure, body: Entity | None, holder: Entity | None) -> list[Held]:
    kinds = [name for name in picture.vocabulary.kinds if picture.vocabulary.is_a(name, measure.name)]
    marks = ", ".join("?" for _ in kinds)
    claims = picture.reader.where(
        f"c.predicate IN (SELECT key FROM predicates WHERE id = 'kind') AND c.value IN ({marks}) AND c.stance = 0",
        kinds,
    )
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        found.setdefault(picture.resolution.of(claim.subject), []).append(claim)
    near = body or holder
    if near is not None:
        tied = {
            picture.resolution.of(end)
            for claim in (*picture.claims_towards(near), *picture.claims_about(near))
            for end in (claim.subject, claim.object)
            if end
        }
        found = {name: group for name, group in found.items() if name in tied}
    return [Held(name, None, None, tuple(group), ()) for name, group in sorted(found.items())]


def _in_relation(
    picture: Picture, measure: Measure, body: Entity | None, holder: Entity | None, modes: Sequence[str]
) -> list[Held]:
    if body is not None:
        claims = picture.claims_towards(body, predicates=(measure.name,))
    elif holder is not None:
        claims = picture.claims_about(holder, predicates=(measure.name,))
    else:
        claims = picture.reader.where("c.predicate IN (SELECT key FROM predicates WHERE id = ?)", [measure.name])
    found: dict[tuple[str, str | None], list[Claim]] = {}
    for claim in claims:
        if claim.mode in modes and claim.stance == "asserts" and claim.object and not has_ended(picture, claim):
            key = (picture.resolution.of(claim.subject), picture.resolution.of(claim.object))
            found.setdefault(key, []).append(claim)
    return [Held(subject, thing, None, tuple(group), ()) for (subject, thing), group in sorted(found.items(), key=str)]
