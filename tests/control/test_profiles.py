"""Rules as data: what ships, what each piece of evidence comes to, and what is wrong with a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from isthmus.control.evidence import READ, Evidence
from isthmus.control.profiles import EFFECTS, Profile, find_profile, read_profile, shipped
from isthmus.control.rows import WHOLE
from isthmus.errors import ArgumentError, ProfileError
from isthmus.vocabulary import load_vocabulary

NAMES = [
    "aggregate_50",
    "any_10",
    "control_is_100",
    "decisive_influence",
    "gleif_consolidation",
    "majority",
    "multiply",
]
RULES = [name for name in NAMES if name not in ("aggregate_50", "gleif_consolidation")]
GOOD = {"profile": "mine/1", "title": "t", "whose": "w", "arithmetic": "control", "basis": "votingRights"}


def written(**fields: str) -> str:
    body = {**GOOD, **fields}
    return "".join(f"{name}: {value}\n" for name, value in body.items() if value != "-")


def read(**fields: str) -> Profile:
    return read_profile(written(**fields), "mine.yaml")


def test_every_shipped_profile_is_read_and_says_whose_rule_it_is() -> None:
    assert sorted(shipped()) == NAMES
    for name, profile in shipped().items():
        assert profile.id == f"{name}/1"
        assert profile.whose and profile.title and profile.note and profile.test
        assert 0 < profile.quota <= WHOLE
        assert profile.to_json()["id"] == profile.id


@pytest.mark.parametrize("name", RULES)
def test_every_interest_of_the_vocabulary_comes_to_something(name: str) -> None:
    profile = find_profile(name)
    interests = load_vocabulary().qualifiers["interest"].values
    assert len(interests) == 23
    table = profile.effects["has_interest_in"]
    assert not isinstance(table, str)
    assert set(table) - {"other"} <= set(interests), "the table names an interest that there is not"
    for interest in interests:
        assert profile.effect(Evidence("has_interest_in", interest=interest)) in EFFECTS
        assert interest in table or "other" in table


@pytest.mark.parametrize("name", NAMES)
def test_what_a_profile_names_is_in_the_vocabulary(name: str) -> None:
    vocabulary, profile = load_vocabulary(), find_profile(name)
    assert set(profile.effects) <= set(READ)
    assert set(profile.rights) <= set(vocabulary.qualifiers["right"].values)
    for predicate, qualifier in (("subordinate_to", "basis"), ("has_role_in", "role")):
        table = profile.effects.get(predicate, {})
        if not isinstance(table, str):
            assert set(table) - {"other", ""} <= set(vocabulary.qualifiers[qualifier].values)


@pytest.mark.parametrize(
    ("evidence", "effect"),
    [
        (Evidence("controls"), "controls"),
        (Evidence("controls", conditional=True), "may control"),
        (Evidence("has_interest_in", interest="trustee"), "controls"),
        (Evidence("has_interest_in", interest="nominee"), "none"),
        (Evidence("has_interest_in", interest="settlor"), "influences"),
        (Evidence("has_interest_in", interest="boardMember", right="veto"), "can block"),
        (Evidence("has_interest_in", interest="appointmentOfBoard", right="information"), "none"),
        (Evidence("subordinate_to"), "controls"),
        (Evidence("subordinate_to", basis="organ_of"), "controls"),
        (Evidence("has_role_in", role="director"), "influences"),
        (Evidence("has_role_in", role="employee"), "none"),
        (Evidence("owns", right="golden_share"), "can block"),
        (Evidence("owns"), "none"),
        (Evidence("consolidates"), "none"),
        (Evidence("operates", role="anything"), "influences"),
    ],
)
def test_what_evidence_comes_to_under_majority(evidence: Evidence, effect: str) -> None:
    assert find_profile("majority").effect(evidence) == effect


def test_the_same_evidence_comes_to_other_things_under_other_rules() -> None:
    director = Evidence("has_role_in", role="director")
    assert find_profile("decisive_influence").effect(director) == "controls"
    assert find_profile("aggregate_50").effect(Evidence("controls")) == "none"
    assert find_profile("gleif_consolidation").effect(Evidence("consolidates")) == "controls"


def test_strict_and_inclusive_quotas() -> None:
    strict, inclusive = find_profile("majority"), find_profile("aggregate_50")
    assert [strict.passes(WHOLE // 2), strict.passes(WHOLE // 2 + 1)] == [False, True]
    assert [inclusive.passes(WHOLE // 2), inclusive.passes(WHOLE // 2 - 1)] == [True, False]


def test_another_quota_is_named_in_the_id() -> None:
    found = find_profile("majority/1", quota=0.75)
    assert (found.id, found.quota, found.block) == ("majority/1 quota=0.75", 75 * WHOLE // 100, 25 * WHOLE // 100)
    assert find_profile("majority").quota == WHOLE // 2


@pytest.mark.parametrize("quota", [0.0, -0.5, 1.5, float("nan"), float("inf")])
def test_a_quota_that_makes_no_sense_is_refused(quota: float) -> None:
    with pytest.raises(ArgumentError) as caught:
        find_profile("majority", quota=quota)
    assert "--quota" in str(caught.value)


@pytest.mark.parametrize("name", ["nonsense", "majority/2", "", "majority/"])
def test_an_unknown_profile_is_refused_with_the_list(name: str) -> None:
    if name == "majority/":
        assert find_profile(name).id == "majority/1"
        return
    with pytest.raises(ArgumentError) as caught:
        find_profile(name)
    assert "majority/1" in str(caught.value)


def test_a_profile_of_ones_own_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(written(quota="0.6", effects="{controls: controls}"), "utf-8")
    found = find_profile(str(path))
    assert (found.id, found.quota, found.block) == ("mine/1", 60 * WHOLE // 100, 40 * WHOLE // 100)
    assert found.basis == ("votingRights",)
    with pytest.raises(ArgumentError) as caught:
        find_profile(str(tmp_path / "absent.yaml"))
    assert "absent.yaml" in str(caught.value)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ArgumentError):
        find_profile(str(path))


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"profile": "-"}, "profile"),
        ({"title": "-"}, "title"),
        ({"whose": "-"}, "whose"),
        ({"arithmetic": "-"}, "arithmetic"),
        ({"basis": "-"}, "basis"),
        ({"profile": "mine"}, "version"),
        ({"profile": "7"}, "profile"),
        ({"arithmetic": "guess"}, "arithmetic"),
        ({"basis": "income"}, "basis"),
        ({"basis": "[votingRights, income]"}, "basis"),
        ({"basis": "7"}, "basis"),
        ({"qouta": "0.5"}, "qouta"),
        ({"quota": "60"}, "quota"),
        ({"quota": "-0.1"}, "quota"),
        ({"quota": "half"}, "quota"),
        ({"quota": "yes"}, "quota"),
        ({"quota": ".nan"}, "quota"),
        ({"threshold": "1.1"}, "threshold"),
        ({"disclose": "x"}, "disclose"),
        ({"block": "2"}, "block"),
        ({"nearness": "-1"}, "nearness"),
        ({"note": "7"}, "note"),
        ({"inclusive": "perhaps"}, "inclusive"),
        ({"effects": "[controls]"}, "effects"),
        ({"effects": "{contrlos: controls}"}, "contrlos"),
        ({"effects": "{controls: rules}"}, "rules"),
        ({"effects": "{has_interest_in: {trustee: rules}}"}, "rules"),
        ({"rights": "controls"}, "rights"),
        ({"rights": "{veto: rules}"}, "rules"),
    ],
)
def test_what_is_wrong_is_named_with_the_file_and_the_field(fields: dict[str, str], named: str) -> None:
    with pytest.raises(ProfileError) as caught:
        read(**fields)
    assert "mine.yaml" in str(caught.value)
    assert named in str(caught.value)


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words", "", "a: [", "a: b: c"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(ProfileError) as caught:
        read_profile(text, "mine.yaml")
    assert "mine.yaml" in str(caught.value)
