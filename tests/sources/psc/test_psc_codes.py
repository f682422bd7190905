"""Natures of control: each part of a code, and the terms that the tables name."""

from __future__ import annotations

import pytest

from isthmus.claims.rules import parse_qualifiers
from isthmus.quantities import Quantity
from isthmus.sources.psc.codes import Nature, load_codes
from isthmus.vocabulary import load_vocabulary

SHARES, VOTES = "interest=shareholding", "interest=votingRights"
BOARD = "interest=appointmentOfBoard; direct={}; right=board_appointment"
INFLUENCE = "interest=otherInfluenceOrControl"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ownership-of-shares-25-to-50-percent", Nature("owns", f"{SHARES}; direct=unknown", ">0.25", "0.5")),
        ("voting-rights-50-to-75-percent", Nature("owns", f"{VOTES}; direct=unknown", ">0.5", "<0.75")),
        ("ownership-of-shares-75-to-100-percent", Nature("owns", f"{SHARES}; direct=unknown", "0.75", "1")),
        ("right-to-appoint-and-remove-directors", Nature("has_interest_in", BOARD.format("unknown"), None, None)),
        ("right-to-appoint-and-remove-person", Nature("has_interest_in", BOARD.format("unknown"), None, None)),
        ("significant-influence-or-control", Nature("has_interest_in", f"{INFLUENCE}; direct=unknown", None, None)),
    ],
)
def test_plain_nature(code: str, expected: Nature) -> None:
    assert load_codes().nature(code) == expected


@pytest.mark.parametrize(
    ("code", "start"),
    [
        # Of a company, trustees or a firm hold and the person has influence over them.
        ("voting-rights-25-to-50-percent-as-trust", f"{VOTES}; direct=indirect"),
        ("voting-rights-25-to-50-percent-as-firm-limited-liability-partnership", f"{VOTES}; direct=indirect"),
        ("right-to-appoint-and-remove-directors-as-firm", BOARD.format("indirect")),
        # Of an overseas entity, the person is the trustee or the member; or has control over them.
        ("significant-influence-or-control-as-trust-registered-overseas-entity", f"{INFLUENCE}; direct=unknown"),
        ("significant-influence-or-control-as-control-over-trust-registered-overseas-entity", f"{INFLUENCE}; direct=indirect"),
        (
            "part-right-to-share-surplus-assets-25-to-50-percent",
            "interest=rightsToSurplusAssetsOnDissolution; direct=unknown",
        ),
        # A nominee of land gives no say in the entity.
        (
            "registered-owner-as-nominee-person-scotland-registered-overseas-entity",
            "interest=enjoymentAndUseOfAssets; direct=unknown",
        ),
    ],
)  # fmt: skip
def test_further_parts_are_kept_in_the_registers_words(code: str, start: str) -> None:
    nature = load_codes().nature(code)
    assert nature is not None
    assert nature.qualifiers == f"{start}; title={code}"


def test_more_than_a_quarter_has_no_upper_bound_but_the_whole() -> None:
    nature = load_codes().nature("voting-rights-more-than-25-percent-registered-overseas-entity")
    assert nature is not None
    assert (nature.low, nature.high) == (">0.25", "1")


@pytest.mark.parametrize(
    "code",
    [
        "",
        "ownership-of-shares",
        "ownership-of-shares-10-to-20-percent",
        "significant-influence-or-control-25-to-50-percent",
        "ownership-of-shares-25-to-50-percent-as-hobby",
        "ownership-of-the-moon",
    ],
)
def test_unknown_nature_is_none(code: str) -> None:
    assert load_codes().nature(code) is None


def test_tables_name_only_terms_of_the_vocabulary() -> None:
    vocabulary, codes = load_vocabulary(), load_codes()
    unstated = vocabulary.predicate("owners_unstated").value
    assert unstated is not None and set(codes.statements.values()) <= set(unstated)
    assert not set(codes.statements) & set(codes.complete)
    assert {body["kind"] for body in codes.kinds.values() if "kind" in body} <= set(vocabulary.kinds)
    for base, body in codes.bases.items():
        for band in codes.bands if body.get("banded") else ("",):
            nature = codes.nature(f"{base}-{band}".rstrip("-"))
            assert nature is not None, base
            parsed = parse_qualifiers(vocabulary, nature.predicate, nature.qualifiers)
            assert not isinstance(parsed, str), parsed
            if nature.low:
                assert 0 < (Quantity.parse(nature.low, nature.high, "share").low or 0) < 1
