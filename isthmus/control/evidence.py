"""What sort of evidence a claim is: the predicate and the qualifiers that decide what it comes to under a rule."""

from __future__ import annotations

from dataclasses import dataclass

EQUITY = "shareholding"
VOTES = "votingRights"
MEMBER = "member_of"
COMPLETE = "completeness"
CONCERT = "acts_with"
REVERSED = frozenset({"subordinate_to"})
"""Predicates whose object stands above their subject."""

MEASURED = frozenset({"owns", "acquired"})
"""Predicates whose number is a share of the object."""

READ = (
    "owns",
    "controls",
    "has_interest_in",
    "subordinate_to",
    "consolidates",
    "has_role_in",
    "acquired",
    "established",
    "operates",
    "finances",
    CONCERT,
    MEMBER,
    COMPLETE,
)
"""The predicates that say something of who directs what."""

PARTS = ("interest", "role", "right", "basis", "direct", "instrument", "deal", "scope")
"""The qualifiers that tell evidence of one predicate apart; `condition` is read as well, as a flag."""

_OWNERSHIP = {
    "": EQUITY,
    "rightsToSurplusAssetsOnDissolution": "economic",
    "rightsToProfitOrIncome": "economic",
    "enjoymentAndUseOfAssets": "economic",
    "rightToProfitOrIncomeFromAssets": "economic",
    "beneficiaryOfLegalArrangement": "economic",
    EQUITY: EQUITY,
    VOTES: VOTES,
}
_NOT_BOUGHT = ("announced", "agreed", "blocked", "withdrawn")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sort of evidence.

    Attributes
    ----------
    predicate : str
        As in the vocabulary.
    interest, role, right, basis, direct, instrument, deal, scope : str
        Its qualifiers; empty where the claim has none. The scope is kept of `completeness` alone.
    conditional : bool
        Whether the claim holds on a condition only.
    """

    predicate: str
    interest: str = ""
    role: str = ""
    right: str = ""
    basis: str = ""
    direct: str = ""
    instrument: str = ""
    deal: str = ""
    scope: str = ""
    conditional: bool = False

    @property
    def stake(self) -> str | None:
        """*shareholding*, *votingRights* or *economic* where the evidence is a part of the whole, else None."""
        if self.predicate == "acquired":
            return None if self.deal in _NOT_BOUGHT else EQUITY
        if self.predicate == "finances":
            return EQUITY if self.instrument == "equity" else None
        return _OWNERSHIP.get(self.interest) if self.predicate == "owns" else None

    @property
    def detail(self) -> str:
        """The qualifier by which the effects of a profile tell evidence of this predicate apart."""
        if self.predicate == "subordinate_to":
            return self.basis
        return self.role if self.predicate in ("has_role_in", "operates", "established") else self.interest
