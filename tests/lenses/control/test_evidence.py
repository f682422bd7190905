"""What evidence other than shares comes to: rights, offices, law, nominees, concert, groups, circles."""

from __future__ import annotations

import pytest

from .conftest import Add, Told, answer, kinds, number, owns, said, verdicts


def interest(holder: str, held: str, name: str, **more: str) -> dict[str, str]:
    return said(holder, "has_interest_in", held, **{"qualifiers": f"interest={name}", **more})


@pytest.mark.parametrize(
    ("claim", "word"),
    [
        (said("a", "controls", "x"), "controls"),
        (interest("a", "x", "appointmentOfBoard"), "controls"),
        (interest("a", "x", "controlByLegalFramework"), "controls"),
        (interest("a", "x", "trustee"), "controls"),
        (interest("a", "x", "appointmentOfBoard", qualifiers="interest=appointmentOfBoard; condition=if it defaults"), "may control"),
        (interest("a", "x", "rightsGrantedByContract"), "may control"),
        (interest("a", "x", "unknownInterest"), "may control"),
        (interest("a", "x", "controlViaCompanyRulesOrArticles"), "can block"),
        (interest("a", "x", "otherInfluenceOrControl"), "influences"),
        (interest("a", "x", "seniorManagingOfficial"), "influences"),
        (interest("a", "x", "settlor"), "influences"),
        (interest("a", "x", "protector"), "influences"),
        (owns("a", "x", 0.01, qualifiers="right=golden_share"), "can block"),
        (owns("a", "x", 0.01, qualifiers="right=veto"), "can block"),
        (owns("a", "x", 0.01, qualifiers="right=casting_vote"), "controls"),
        (owns("a", "x", 0.01, qualifiers="right=board_appointment"), "controls"),
        (owns("a", "x", 0.9, qualifiers="interest=rightsToProfitOrIncome"), "cannot"),
        (said("a", "has_role_in", "x", qualifiers="role=board_member"), "influences"),
        (said("a", "has_role_in", "x", qualifiers="role=head"), "influences"),
        (said("x", "subordinate_to", "a"), "controls"),
        (said("a", "established", "x"), "influences"),
        (said("a", "operates", "x"), "influences"),
        (said("a", "acquired", "x"), "controls"),
        (said("a", "consolidates", "x"), "cannot"),
    ],
)  # fmt: skip
def test_what_a_claim_comes_to(add: Add, control: Told, claim: dict[str, str], word: str) -> None:
    found = verdicts(control(add([claim, owns("b", "x", 0.2)]), "x"))
    assert found.pop("b") == "cannot"
    assert found in ([{}, {"a": "cannot"}] if word == "cannot" else [{"a": word}])


def test_decisive_influence_counts_management(add: Add, control: Told) -> None:
    picture = add([said("a", "has_role_in", "x", qualifiers="role=head"), said("b", "operates", "x")])
    assert verdicts(control(picture, "x")) == {"a": "influences", "b": "influences"}
    assert verdicts(control(picture, "x", "--profile", "decisive_influence")) == {"a": "controls", "b": "may control"}


def test_consolidation_is_a_rule_of_its_own(add: Add, control: Told) -> None:
    picture = add([said("a", "consolidates", "b"), said("b", "consolidates", "x"), owns("c", "x", 0.6)])
    assert verdicts(control(picture, "x")) == {"c": "controls"}
    found = verdicts(control(picture, "x", "--profile", "gleif_consolidation"))
    assert {name for name, word in found.items() if word == "controls"} == {"a", "b"}


def test_a_golden_share_can_block_and_is_not_passed_on(add: Add, control: Told) -> None:
    rows = [owns("a", "x", 0.01, qualifiers="right=golden_share"), owns("x", "y", 0.8), owns("b", "x", 0.6)]
    picture = add(rows)
    assert verdicts(control(picture, "x")) == {"b": "controls", "a": "can block"}
    assert verdicts(control(picture, "y")) == {"b": "controls", "x": "controls"}
    below = verdicts(control(picture, None, "--by", "a"))
    assert below == {"x": "can block"}


def test_a_right_to_appoint_the_board_is_passed_on(add: Add, control: Told) -> None:
    picture = add([interest("a", "x", "appointmentOfBoard"), owns("x", "y", 0.8)])
    row = answer(control(picture, "y", "--ultimate"), "a")
    assert (row["verdict"], row["path"][0][1]) == ("controls", "has_interest_in")


def test_the_right_of_a_controlled_company_is_its_controllers(add: Add, control: Told) -> None:
    picture = add([owns("a", "m", 0.6), owns("m", "x", 0.01, qualifiers="right=veto")])
    assert verdicts(control(picture, "x")) == {"a": "can block", "m": "can block"}


def test_a_blocking_minority_of_what_one_commands(add: Add, control: Told) -> None:
    picture = add([owns("a", "m", 0.7), owns("m", "x", 0.2), owns("a", "x", 0.2), owns("b", "x", 0.6)])
    found = control(picture, "x", "--quota", 0.6667)
    assert verdicts(found) == {"a": "can block", "m": "cannot", "b": "can block"}


def test_a_nominee_holds_for_its_nominator(add: Add, control: Told) -> None:
    rows = [interest("boss", "front", "nominator"), owns("front", "x", 0.6)]
    found = control(add([*kinds(boss="company", front="company"), *rows]), "x")
    assert verdicts(found)["boss"] == "controls"
    assert verdicts(control(add([*kinds(boss="company", front="company"), *rows]), "x", "--ultimate")) == {
        "boss": "controls"
    }


def test_acting_in_concert(add: Add, control: Told) -> None:
    rows = [owns("a", "x", 0.3), owns("b", "x", 0.25), owns("c", "x", 0.3), said("a", "acts_with", "b")]
    found = control(add(rows), "x")
    assert verdicts(found) == {"a": "controls", "b": "controls", "c": "cannot"}
    for name, other in (("a", "b"), ("b", "a")):
        row = answer(found, name)
        assert sorted(row["jointly"]) == ["a", "b"]
        assert number(row["share"]) == pytest.approx(0.55)
        assert row["note"] == f"only together with {other}, with whom it acts in concert"
    assert verdicts(control(add(rows[:3]), "x")) == {"a": "cannot", "b": "cannot", "c": "cannot"}


def test_what_is_said_of_a_group_is_said_of_its_members(add: Add, control: Told) -> None:
    rows = [said("land", "controls", "firms"), said("m", "member_of", "firms"), owns("m", "x", 0.6)]
    found = control(add([*kinds(firms="group", land="state", m="company"), *rows]), "x")
    row = answer(found, "land")
    assert row["verdict"] == "controls"
    said_by = [found["claims"][name]["predicate"] for name in row["claims"]]
    assert sorted(said_by) == ["controls", "member_of", "owns"], "the membership is cited too"


def test_a_circle_is_named_and_somebody_above_it_is_found(add: Add, control: Told) -> None:
    ring = [owns("a", "b", 0.6), owns("b", "c", 0.6), owns("c", "a", 0.55)]
    found = control(add([*ring, owns("c", "x", 0.6)]), "x", "--ultimate")
    assert verdicts(found) == {"a": "controls", "b": "controls", "c": "controls"}
    assert [sorted(names) for names in found["rings"]] == [["a", "b", "c"]]
    assert all(sorted(row["ring"]) == ["a", "b", "c"] for row in found["answers"])
    above = control(add([*ring, interest("top", "a", "appointmentOfBoard"), owns("c", "x", 0.6)]), "x", "--ultimate")
    assert verdicts(above) == {"top": "controls"}
    assert above["rings"] == [], "a circle with somebody above it does not control itself"


def test_a_circle_wholly_inside_itself_is_said(add: Add, control: Told) -> None:
    picture = add([owns("a", "b", 1), owns("b", "a", 1)])
    for rule in ("majority", "multiply"):
        found = control(picture, "a", "--profile", rule)
        assert any("nobody has an economic share in them" in limit for limit in found["limits"])
    assert verdicts(control(picture, "a")) == {"b": "controls"}
    assert control(picture, "a")["rings"] == [["a", "b"]]


def test_a_company_that_owns_itself(add: Add, control: Told) -> None:
    found = control(add([owns("x", "x", 0.2), owns("a", "x", 0.5)]), "x")
    assert verdicts(found)["a"] in ("can block", "controls")
    assert verdicts(found).get("x") in (None, "cannot"), "its own shares make nobody its controller"


def test_a_purchase_is_overtaken_by_a_later_one(add: Add, control: Told) -> None:
    picture = add([said("a", "acquired", "x", valid_from="2010"), said("b", "acquired", "x", valid_from="2015")])
    assert verdicts(control(picture, "x"))["b"] == "controls"
    assert verdicts(control(picture, "x")).get("a") != "controls"
    assert verdicts(control(picture, "x", "--as-of", "2012")) == {"a": "controls"}


@pytest.mark.parametrize("why", ["not_provided", "unknown", "subject_exempt", "no_beneficial_owners"])
def test_why_an_owner_is_not_stated(add: Add, control: Told, why: str) -> None:
    found = control(add([owns("a", "x", 0.2), {"subject": "x", "predicate": "owners_unstated", "value": why}]), "x")
    (gap,) = [gap for gap in found["gaps"] if gap["what"].startswith("x: ")]
    assert gap["kind"] in ("unknown", "withheld")
    (claim,) = gap["claims"]
    assert found["claims"][claim]["predicate"] == "owners_unstated"


def test_nothing_known_is_not_nobody(add: Add, control: Told) -> None:
    found = control(add([*kinds(x="company"), owns("x", "y", 0.6)]), "x")
    assert found["answers"] == []
    assert any("that is not to say that nobody does" in gap["what"] for gap in found["gaps"])


def test_what_was_searched_and_not_found_is_a_gap(add: Add, control: Told) -> None:
    found = control(add([owns("a", "x", 0.2), owns("b", "x", stance="not_found")]), "x")
    assert verdicts(found) == {"a": "cannot"}
    assert any(gap["kind"] == "searched" for gap in found["gaps"])


def test_two_names_of_one_party_are_one_link(add: Add, control: Told, told: Told) -> None:
    picture = add([owns("a", "m", 0.6), owns("m2", "x", 0.7), *kinds(m="company", m2="company")])
    assert verdicts(control(picture, "x")) == {"m2": "controls"}
    told(picture, "judge", "m", "m2", "same", "--why", "one number in the register")
    assert verdicts(control(picture, "x")) == {"a": "controls", "m": "controls"}
    assert verdicts(control(picture, "x", "--by", "m2")) == {"m": "controls"}
    told(picture, "unjudge", "m", "m2")
    assert verdicts(control(picture, "x")) == {"m2": "controls"}


@pytest.mark.parametrize(("share", "word"), [("~0.5", "may control"), ("~0.52", "controls"), ("~0.48", "cannot")])
def test_a_share_that_is_only_near(add: Add, control: Told, share: str, word: str) -> None:
    found = control(add([owns("a", "x", share)]), "x")
    assert verdicts(found) == {"a": word}
    assert any("approximate shares" in limit for limit in found["limits"])


def test_a_group_holds_at_least_what_is_said_of_it(add: Add, control: Told) -> None:
    rows = [*kinds(g="group"), owns("g", "x", 0.8), said("m", "member_of", "g"), owns("m", "x", 0.2)]
    found = control(add(rows), "x")
    assert verdicts(found) == {"g": "controls", "m": "cannot"}
    assert number(found["unaccounted"]) == 0.2, "the member's part is not added to the group's"
