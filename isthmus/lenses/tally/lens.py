"""The tally: from the question to the finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.errors import ArgumentError
from isthmus.lenses.tally.answer import Answer
from isthmus.lenses.tally.measure import Evidence, find_measure, gather
from isthmus.lenses.tally.things import count_things
from isthmus.model import Claim, Finding
from isthmus.picture import Entity, Picture
from isthmus.picture.shares.figures import in_series, series_of
from isthmus.picture.shares.grouping import PLACES, Grouper


def ask(
    picture: Picture,
    measure: str,
    *,
    within: str | None = None,
    of: str | None = None,
    by: str = "subject",
    where: Sequence[str] = (),
    modes: Sequence[str] = ("actual",),
    why: bool = False,
) -> Finding:
    """Count or sum a measure.

    Parameters
    ----------
    measure : str
        A unit (posts, share, USD), a family of units (mass), a kind (data_center: how many) or a predicate (member_of: how many).
    within : str or None
        The body, market or good that is shared out: holders are the subjects of claims about it.
    of : str or None
        The holder whose total is broken down: groups are of the other side.
    by : str
        ``country``, ``subject`` (supplier, owner ...), ``partner``, ``kind``, ``source``, ``year``, a qualifier, or a predicate.
    where : sequence of ``key=value``
        Only claims with these qualifiers (or ``predicate=…``, ``unit=…``).
    modes : sequence of str
        Modes that are counted.

    Returns
    -------
    Finding
        Answers are rows ``{group, value, share, claims}``; `extra` has total, unattributed, raw_sum, hhi or hhi_refused.

    Raises
    ------
    ArgumentError, UnknownEntityError, AmbiguousEntityError
    """
    if within and of:
        raise ArgumentError(
            "--in and --of cannot stand together.", hint="--in shares a body out; --of breaks a holder's total down."
        )
    found = find_measure(picture, measure)
    body = picture.resolve(within) if within else None
    holder = picture.resolve(of) if of else None
    question = _question(measure, body, holder, by, where, modes)
    if found.form != "unit":
        return count_things(picture, found, body, holder, by, question, modes)
    grouper = Grouper(picture, by, far=holder is not None and body is None)
    evidence = gather(picture, found, body, holder, modes)
    evidence = _filtered(picture, evidence, _conditions(where))
    counted, set_aside = _one_breakdown(picture, evidence, by, body)
    series = in_series(picture, counted)
    if not series and not evidence.totals:
        raise ArgumentError(
            f"no claim of this picture gives {measure}"
            + (f" for {(body or holder).caption}." if body or holder else "."),  # type: ignore[union-attr]
            hint="`isthmus show ENTITY` shows what is held about it; --mode names other modes than actual.",
        )
    return Answer(picture, found, body, holder, by, grouper, evidence, set_aside, why).finding(series, question)


def _question(
    measure: str, body: Entity | None, holder: Entity | None, by: str, where: Sequence[str], modes: Sequence[str]
) -> dict[str, Any]:
    return {
        "measure": measure,
        "in": body.id if body else None,
        "in_caption": body.caption if body else None,
        "of": holder.id if holder else None,
        "of_caption": holder.caption if holder else None,
        "by": by,
        "where": list(where),
        "modes": list(modes),
    }


def _conditions(where: Sequence[str]) -> list[tuple[str, str]]:
    pairs = []
    for text in where:
        key, sign, value = text.partition("=")
        if not sign or not key or not value:
            raise ArgumentError(f"“{text}” is no condition.", where="--where", hint="Write --where role=secretariat.")
        pairs.append((key.strip(), value.strip()))
    return pairs


def _filtered(picture: Picture, evidence: Evidence, conditions: Sequence[tuple[str, str]]) -> Evidence:
    if not conditions:
        return evidence
    counted = [claim for claim in evidence.counted if _meets(picture, claim, conditions)]
    missing = [claim for claim in evidence.missing if _meets(picture, claim, conditions)]
    return Evidence(tuple(counted), tuple(missing), evidence.totals, evidence.ended)


def _meets(picture: Picture, claim: Claim, conditions: Sequence[tuple[str, str]]) -> bool:
    told = {**dict(claim.qualifiers), **dict(series_of(picture, claim))}
    return all(told.get(key) == value for key, value in conditions)


def _one_breakdown(picture: Picture, evidence: Evidence, by: str, body: Entity | None) -> tuple[tuple[Claim, ...], int]:
    """Keep one breakdown of the whole: countries where countries are asked and stated, holders otherwise; never both added."""
    claims = (*evidence.counted, *evidence.missing)
    if body is None or not claims:
        return claims, 0
    picture.load_entities(claim.subject for claim in claims)
    firms = [claim for claim in claims if not picture.is_kind(claim.subject, "place", "state", "group")]
    lands = [claim for claim in claims if picture.is_kind(claim.subject, "place", "state")]
    if not firms or not lands:
        return claims, 0
    aside = {claim.id for claim in (firms if by in PLACES else lands)}
    if by not in PLACES:
        days = {series_of(picture, claim) for claim in firms}
        aside |= {
            claim.id
            for claim in claims
            if picture.is_kind(claim.subject, "group") and series_of(picture, claim) not in days
        }
    return tuple(claim for claim in claims if claim.id not in aside), len(aside)
