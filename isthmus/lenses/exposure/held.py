"""What an actor controls, for sure or perhaps, and by which chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from isthmus.control.inquiry import Inquiry, ask_below
from isthmus.control.profiles import Profile, find_profile
from isthmus.control.support import Link, chain
from isthmus.control.verdicts import CAN_BLOCK, CONTROLS, INFLUENCES, MAY_CONTROL, Verdict
from isthmus.errors import ArgumentError
from isthmus.model import Claim
from isthmus.picture import Entity, Picture

ITSELF = "itself"
COUNTED = (ITSELF, CONTROLS, MAY_CONTROL)
APART = (CAN_BLOCK, INFLUENCES)


@dataclass(frozen=True, slots=True)
class Tie:
    """One link of a chain of control: who is over whom, the claims that say so, and whether it is certain."""

    source: str
    target: str
    certain: bool
    claims: tuple[Claim, ...]


@dataclass(frozen=True, eq=False)
class Holdings:
    """What an actor controls under a rule.

    Attributes
    ----------
    picture : Picture
    inquiry : Inquiry
    words : mapping
        By id, one of `COUNTED` or `APART`; the actor itself among them.
    """

    picture: Picture
    inquiry: Inquiry
    words: Mapping[str, str]
    verdicts: Mapping[str, Verdict]

    def chain(self, name: str) -> list[Tie]:
        """Return the chain of control down to a thing, from the actor on; empty for the actor itself."""
        verdict = self.verdicts.get(name)
        return [] if verdict is None else [self._tie(link) for link in chain(self.inquiry.evaluation, verdict)]

    def _tie(self, link: Link) -> Tie:
        claims = self.inquiry.claims(link.rows)
        return Tie(self.inquiry.id(link.source), self.inquiry.id(link.target), link.certain, tuple(claims))

    def holds_without(self, name: str, row: int) -> bool:
        """Tell whether the verdict on a thing is the same without a claim (a row of the store)."""
        inquiry = self.inquiry
        fewer = Inquiry(self.picture, inquiry.profile, inquiry.entity, inquiry.rows.without([row]))
        return words_of(fewer)[0].get(name) == self.words[name]

    def claim_rows(self) -> dict[str, int]:
        """Return the rows of the store of the claims that bear on what the actor controls, by claim id."""
        inquiry = self.inquiry
        rows = sorted(inquiry.rows.places(range(len(inquiry.rows.claim))).items())
        found = self.picture.reader.at(dict(rows))
        return {claim.id: row for row, claim in found.items()}


def rule_of(name: str) -> Profile:
    """Return the rule of control by its name or file.

    Raises
    ------
    ArgumentError
        It asks what part of a thing somebody has, and not who commands it.
    ProfileError
    """
    rule = find_profile(name)
    if rule.arithmetic != "control":
        raise ArgumentError(
            f"{rule.id} says what part of a thing somebody has, not who commands it; exposure goes by command.",
            where="--profile",
            hint="Use majority, decisive_influence, gleif_consolidation or a file with `arithmetic: control`.",
        )
    return rule


def holdings_of(picture: Picture, actor: Entity, rule: Profile) -> Holdings:
    """Return what an actor controls under a rule, itself included."""
    inquiry = ask_below(picture, rule, actor)
    words, verdicts = words_of(inquiry)
    return Holdings(picture, inquiry, {**words, actor.id: ITSELF}, verdicts)


def words_of(inquiry: Inquiry) -> tuple[dict[str, str], dict[str, Verdict]]:
    """Return what an actor is to each thing that it controls, may control, can block or influences, by id."""
    verdicts = {inquiry.id(item.target): item for item in inquiry.below if item.word in (*COUNTED, *APART)}
    return {name: item.word for name, item in verdicts.items()}, verdicts
