"""The links of a chain in words and claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from isthmus.control.inquiry import Inquiry
from isthmus.control.rows import WHOLE
from isthmus.control.support import Link
from isthmus.model import Claim
from isthmus.picture.words import say, when_said
from isthmus.quantities import Quantity

OPEN = 1_000
"""A bound that its source excludes is stored one unit inwards; sums of fewer than so many such bounds are read back."""
TRACE = 1e-6
_NOT_SAID = "a share that is not said"


def bounded(low: int | None, high: int | None, claims: Sequence[Claim] = ()) -> dict[str, Any] | None:
    """Return a share as the design has bounded numbers; of one claim alone just as its source gives it.

    Parameters
    ----------
    low, high : int or None
        Units of 1e-8; None: there is no share to speak of.
    """
    if low is None or high is None:
        return None
    said = [claim.quantity for claim in claims if claim.quantity and claim.quantity.unit == "share"]
    if len(said) == 1 and len(claims) == 1:
        return said[0].to_json()
    open_low, open_high = 0 < low % OPEN < OPEN // 10, high % OPEN > OPEN - OPEN // 10
    least = (low - low % OPEN) / WHOLE if open_low else low / WHOLE
    most = (high - high % OPEN + OPEN) / WHOLE if open_high else high / WHOLE
    if least == most:
        open_low = open_high = False
    return Quantity(least, most, open_low, open_high, unit="share").to_json()


def part(low: float, high: float) -> dict[str, Any]:
    """Return a share of 1 as the design has bounded numbers, without the noise of doubles; a trace of a share is more than nothing."""
    open_low, open_high = 0 < low < TRACE < high, low < 1 - TRACE < high < 1
    least, most = 0.0 if open_low else round(low, 10), 1.0 if open_high else round(max(low, high), 10)
    return Quantity(least, most, open_low, open_high, unit="share").to_json()


def step(inquiry: Inquiry, link: Link) -> dict[str, Any]:
    """Return one link as the finding shows it."""
    picture = inquiry.picture
    claims = inquiry.claims(link.rows)
    main = [claim for claim in claims if claim.predicate != "member_of"] or claims
    share = bounded(link.low, link.high, main)
    source, target = inquiry.id(link.source), inquiry.id(link.target)
    body: dict[str, Any] = {
        "from": source,
        "from_caption": picture.caption(source),
        "from_kinds": list(picture.entity(source).kinds),
        "to": target,
        "to_caption": picture.caption(target),
        "to_kinds": list(picture.entity(target).kinds),
        "predicate": main[0].predicate,
        "words": words(inquiry, link, main),
        "share": share,
        "certain": link.certain,
        "claims": [claim.id for claim in claims],
        "when": sorted({when_said(claim) for claim in main} - {""}),
        "hedges": sorted({claim.hedge for claim in claims if claim.hedge}),
        "sentences": [say(picture, claim) for claim in claims],
    }
    if link.bounding:
        body["bounding"] = True
    return body


def words(inquiry: Inquiry, link: Link, claims: Sequence[Claim]) -> str:
    """Return what a link says between its two ends: ``owns 60 %``, ``is head of``."""
    if link.low is not None:
        votes = any(claim.qualifier("interest") == "votingRights" for claim in claims)
        return f"{'has' if votes else 'owns'} {share_words(link, claims)}{' of the votes' if votes else ''}"
    claim = claims[0]
    predicate = inquiry.picture.vocabulary.predicates[claim.predicate]
    right, interest = claim.qualifier("right"), claim.qualifier("interest")
    if right:
        return f"holds a right ({right.replace('_', ' ')}) over"
    if claim.predicate == "has_interest_in" and interest:
        return f"has an interest in ({_spaced(interest)})"
    if claim.predicate == "subordinate_to":
        return f"directs ({(claim.qualifier('basis') or 'not said how').replace('_', ' ')})"
    if claim.predicate == "has_role_in":
        return f"is {(claim.qualifier('role') or 'in office').replace('_', ' ')} of"
    text = predicate.sentence.replace("{number} of ", "").split("{object}")[0]
    return text.replace("{subject}", "").strip() + (" indirectly" if claim.qualifier("direct") == "indirect" else "")


def share_words(link: Link, claims: Sequence[Claim]) -> str:
    """Return the share of a link in words."""
    if link.low == 0 and link.high == WHOLE:
        return _NOT_SAID
    body = bounded(link.low, link.high, claims)
    assert body is not None
    return percent(body)


def percent(body: dict[str, Any]) -> str:
    """Return a share in words: ``60 %``, ``25-50 %``, ``more than 0 %``."""
    if body["open_low"] and body["low"] == 0 and body["high"] in (None, 1):
        return "a part"
    return Quantity.from_json(body).words()


def _spaced(text: str) -> str:
    return "".join(f" {char.lower()}" if char.isupper() else char for char in text).strip()


def path(inquiry: Inquiry, steps: Iterable[dict[str, Any]]) -> list[list[Any]]:
    """Return the links as the design's ``[a, predicate, b, claims]``."""
    return [[item["from"], item["predicate"], item["to"], item["claims"]] for item in steps]
