"""How a claim stands on the day that is asked about: held, may be held, past, denied, looked for in vain, or only meant."""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.dates import Truth
from isthmus.model import Claim
from isthmus.picture import Picture
from isthmus.picture.extent import holds, meet

HELD, MAY, DISPUTED, DENIED, SEARCHED, PAST, UNKNOWN = (
    "held",
    "may be held",
    "disputed",
    "denied",
    "searched",
    "past",
    "unknown",
)
REMARKS = ("reading", "reason", "date_words")
_CAN = ("possible", "agreed")
_ORDER = (HELD, DISPUTED, MAY, DENIED, SEARCHED)


def standing(picture: Picture, claim: Claim, *, may: bool = False) -> str:
    """Return how one claim stands; `may` where the claim shows no more than that something may be held.

    A counted relation of none (no seats) denies. What is only planned, proposed, forecast or attempted stands as that.
    """
    truth = holds(claim, picture.as_of)
    if truth is Truth.NO:
        return PAST
    if claim.stance == "not_found":
        return SEARCHED
    if claim.stance == "denies" or (claim.quantity is not None and claim.quantity.high == 0):
        return DENIED
    if claim.mode != "actual" and claim.mode not in _CAN:
        return claim.mode
    return MAY if may or claim.mode in _CAN or truth is Truth.MAYBE else HELD


def together(told: Sequence[tuple[Claim, str]]) -> str:
    """Return how several claims about one holder stand together, given how each stands by itself.

    One that is denied by another of the same time and words is disputed; one that nobody denies outweighs it.
    """
    found = []
    denying = [claim for claim, how in told if how == DENIED]
    for claim, how in told:
        rivals = how in (HELD, MAY) and any(_same(claim, other) and meet(claim, other) for other in denying)
        found.append(DISPUTED if rivals else how)
    return next((how for how in _ORDER if how in found), PAST if PAST in found else min(found, default=UNKNOWN))


def of_channel(standings: Sequence[str]) -> str:
    """Return the verdict on a channel from how its holders stand: past and merely meant holdings leave it unknown."""
    best = next((how for how in _ORDER if how in standings), UNKNOWN)
    return MAY if best == DISPUTED else best


def resting_on(one: str, other: str) -> str:
    """Return how something stands by itself (`one`) that counts only with something else, which may be past (`other`)."""
    return one if other == HELD or one not in (HELD, MAY, DISPUTED) else MAY


def _same(one: Claim, other: Claim) -> bool:
    return one.predicate == other.predicate and _words(one) == _words(other)


def _words(claim: Claim) -> list[tuple[str, str]]:
    return [pair for pair in claim.qualifiers if pair[0] not in REMARKS]
