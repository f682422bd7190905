"""Points of control: every channel, who holds it, and *unknown* where there is no evidence."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

from isthmus.errors import UnknownEntityError, VocabularyError
from isthmus.lenses import points
from isthmus.lenses.points.table import FILE, load_table, read_table
from isthmus.model import Finding
from isthmus.picture import Picture, Request
from isthmus.vocabulary import load_vocabulary

from .conftest import Build, Row

CHANNELS = [
    *("equity", "votes", "board", "golden_share", "party_body", "law", "finance", "technology", "staff", "operation"),
]
KINDS = {
    "x": "company",
    "firm": "company",
    "parent": "company",
    "fund": "fund",
    "ministry": "public_body",
    "party": "political_organ",
    "land": "state",
    "ann": "person",
    "act": "law",
    "class": "group",
    "cloud": "platform",
}


def world(*rows: Row) -> list[Row]:
    named = [
        {"subject": name, "predicate": field, "value": value}
        for name, kind in KINDS.items()
        for field, value in (("kind", kind), ("name", f"The {name.title()}"))
    ]
    return [*named, *rows]


def said(subject: str, predicate: str, thing: str = "x", qualifiers: str = "", **more: str) -> Row:
    return {"subject": subject, "predicate": predicate, "object": thing, "qualifiers": qualifiers, **more}


def share(low: str, high: str = "") -> dict[str, str]:
    return {"low": low, "high": high, "unit": "share"}


def verdicts(finding: Finding) -> dict[str, str]:
    return {row["channel"]: row["verdict"] for row in finding.answers}


def known(finding: Finding) -> dict[str, str]:
    return {name: verdict for name, verdict in verdicts(finding).items() if verdict != "unknown"}


def holder(finding: Finding, channel: str, name: str | None = None) -> dict[str, Any]:
    (row,) = [row for row in finding.answers if row["channel"] == channel]
    (found,) = [held for held in row["holders"] if name in (None, held["entity"])]
    return dict(found)


def test_a_platform_without_evidence_is_unknown_in_every_channel(build: Build) -> None:
    finding = points.ask(build(world()), "cloud")
    assert verdicts(finding) == dict.fromkeys(CHANNELS, "unknown")
    assert [gap.kind for gap in finding.gaps] == ["unknown"] * len(CHANNELS)
    assert all(row["holders"] == [] and row["claims"] == [] for row in finding.answers)
    assert any("points/1" in limit for limit in finding.limits)
    assert finding.question["caption"] == "The Cloud"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (said("firm", "owns"), {"equity": "held"}),
        (said("firm", "owns", qualifiers="interest=votingRights"), {"votes": "held"}),
        (said("firm", "owns", qualifiers="right=golden_share"), {"equity": "held", "golden_share": "held"}),
        (said("firm", "owns", qualifiers="interest=rightsToProfitOrIncome"), {}),
        (said("firm", "controls", qualifiers="interest=shareholding"), {"equity": "held"}),
        (said("firm", "controls"), {"other": "held"}),
        (said("party", "controls"), {"party_body": "held"}),
        (said("firm", "has_interest_in", qualifiers="interest=appointmentOfBoard"), {"board": "held"}),
        (
            said("firm", "has_interest_in", qualifiers="interest=controlViaCompanyRulesOrArticles; right=veto"),
            {"golden_share": "held"},
        ),
        (said("land", "has_interest_in", qualifiers="interest=controlByLegalFramework"), {"law": "held"}),
        (
            said("firm", "has_interest_in", qualifiers="interest=otherInfluenceOrControl; right=party_body"),
            {"party_body": "held"},
        ),
        (said("firm", "has_interest_in", qualifiers="interest=unknownInterest"), {"other": "may be held"}),
        (said("firm", "has_role_in", qualifiers="role=board_member"), {"board": "held"}),
        (said("ann", "has_role_in", qualifiers="role=director"), {"board": "held"}),
        (said("ann", "has_role_in", qualifiers="role=head"), {}),
        (said("ministry", "has_role_in", qualifiers="role=head"), {"staff": "held"}),
        (said("party", "has_role_in", qualifiers="role=member"), {"party_body": "held"}),
        (said("party", "part_of"), {"party_body": "held"}),
        (said("x", "subordinate_to", "ministry"), {"law": "held"}),
        (said("x", "subordinate_to", "party"), {"party_body": "held"}),
        (said("x", "subordinate_to", "firm", "basis=reports_to"), {"law": "held"}),
        (said("firm", "subordinate_to"), {}),
        (said("ministry", "oversees"), {"law": "held"}),
        (said("ministry", "authorizes"), {"law": "may be held"}),
        (said("act", "authorizes"), {}),
        (said("act", "binds", qualifiers="modality=obliged"), {"law": "held"}),
        (said("act", "binds", qualifiers="modality=permitted"), {}),
        (said("fund", "finances", qualifiers="instrument=loan"), {"finance": "held"}),
        (said("fund", "finances"), {"finance": "held"}),
        (said("fund", "finances", qualifiers="instrument=equity"), {"equity": "held"}),
        (said("firm", "acquired"), {"equity": "held"}),
        (said("firm", "acquired", qualifiers="deal=agreed"), {"equity": "may be held"}),
        (said("firm", "acquired", qualifiers="deal=blocked", mode="attempted"), {}),
        (said("firm", "supplies", qualifiers="item=chips"), {"technology": "held"}),
        (said("firm", "supplies", qualifiers="substitutability=easily_substitutable"), {}),
        (said("firm", "supplies", qualifiers="role=custodian"), {"technology": "held", "operation": "held"}),
        (said("firm", "licenses"), {"technology": "held"}),
        (said("x", "uses", "cloud"), {"technology": "held"}),
        (said("firm", "designates", qualifiers="as=military company"), {}),
        (said("ministry", "restricts", qualifiers="measure=sanction"), {}),
        (said("firm", "established"), {}),
        (said("firm", "member_of", "class"), {}),
    ],
)
def test_claims_are_evidence_of_the_channels_of_the_table(build: Build, row: Row, expected: dict[str, str]) -> None:
    finding = points.ask(build(world(row)), "x")
    assert known(finding) == expected
    assert set(CHANNELS) <= verdicts(finding).keys()


def test_operation_and_development_of_a_platform(build: Build) -> None:
    rows = [said("firm", "operates", "cloud", "role=administrator"), said("parent", "develops", "cloud")]
    assert known(points.ask(build(world(*rows)), "cloud")) == {"technology": "held", "operation": "held"}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"hedge": "reportedly"}, "held"),
        ({"mode": "possible"}, "may be held"),
        ({"mode": "agreed"}, "may be held"),
        ({"mode": "planned"}, "unknown"),
        ({"stance": "denies"}, "denied"),
        ({"stance": "not_found"}, "searched"),
        ({"low": "0", "high": "0", "unit": "share"}, "denied"),
        ({"valid_to": "2019"}, "unknown"),
    ],
)
def test_doubt_is_kept(build: Build, more: dict[str, str], expected: str) -> None:
    finding = points.ask(build(world(said("firm", "owns", **more))), "x")
    assert verdicts(finding)["equity"] == expected
    row = holder(finding, "equity")
    assert row["standing"] == {"planned": "planned"}.get(
        more.get("mode", ""), "past" if "valid_to" in more else expected
    )
    assert row["hedges"] == ([more["hedge"]] if "hedge" in more else [])
    kinds = [gap.kind for gap in finding.gaps]
    assert kinds.count("unknown") == len(CHANNELS) - (expected != "unknown")
    assert ("searched" in kinds) == (expected == "searched")


def test_a_denial_of_the_same_time_makes_a_holding_disputed(build: Build) -> None:
    rows = [said("firm", "owns", observed="2020"), said("firm", "owns", observed="2020", stance="denies", source="t")]
    finding = points.ask(build(world(*rows)), "x")
    assert verdicts(finding)["equity"] == "may be held"
    assert holder(finding, "equity")["standing"] == "disputed"
    assert finding.conflicts
    rows[1]["observed"] = "2015"
    assert verdicts(points.ask(build(world(*rows)), "x"))["equity"] == "held"


def test_a_denial_about_one_holder_leaves_another(build: Build) -> None:
    rows = [said("firm", "owns"), said("land", "owns", stance="denies")]
    finding = points.ask(build(world(*rows)), "x")
    assert verdicts(finding)["equity"] == "held"
    assert holder(finding, "equity", "land")["standing"] == "denied"


def test_the_day_that_is_asked_about_decides(build: Build) -> None:
    seat = said("firm", "has_role_in", qualifiers="role=board_member", valid_from="2021-08", valid_to="2023-03-31")
    picture = build(world(seat))
    found = {
        day: verdicts(points.ask(Picture(picture.store, Request(as_of=day)), "x"))["board"]
        for day in ("2021-07", "2021-08-15", "2021-09", "2023-03-31", "2023-04-01")
    }
    assert list(found.values()) == ["unknown", "may be held", "held", "held", "unknown"]


def test_past_holders_are_shown_and_not_counted(build: Build) -> None:
    finding = points.ask(build(world(said("firm", "owns", valid_to="2019"))), "x")
    assert holder(finding, "equity")["when"] == ["until 2019"]
    (gap,) = [gap for gap in finding.gaps if "equity" in gap.what]
    assert gap.kind == "unknown" and "past" in gap.what and gap.claims


def test_who_stands_behind_a_holder_is_shown(build: Build) -> None:
    rows = [
        said("firm", "owns", **share("0.1", "0.1")),
        said("parent", "owns", "firm", **share(">0.5")),
        said("parent", "subordinate_to", "ministry"),
        said("fund", "owns", "firm", **share("0.4", "0.4")),
        said("land", "controls", "ministry"),
        said("party", "controls", "land"),
    ]
    row = holder(points.ask(build(world(*rows)), "x"), "equity")
    assert row["via"] == ["parent", "ministry", "land"]
    assert row["state"] == "directed by a public body"
    assert row["shares"][0]["low"] == 0.1
    (ministry,) = [above for above in row["behind"] if above["entity"] == "ministry"]
    assert [edge[:3] for edge in ministry["path"]] == [
        ["parent", "owns", "firm"],
        ["parent", "subordinate_to", "ministry"],
    ]
    assert ministry["sure"]


def test_half_is_no_majority_and_what_is_over_is_not_followed(build: Build) -> None:
    rows = [
        said("firm", "owns"),
        said("land", "owns", "firm", **share("0.5", "0.5")),
        said("ministry", "controls", "firm", valid_to="2015"),
        said("party", "controls", "firm", mode="planned"),
    ]
    row = holder(points.ask(build(world(*rows)), "x"), "equity")
    assert (row["via"], row["state"]) == ([], None)


def test_what_is_said_of_a_holders_group_is_not_sure(build: Build) -> None:
    rows = [said("firm", "owns"), said("firm", "member_of", "class"), said("land", "owns", "class")]
    row = holder(points.ask(build(world(*rows)), "x"), "equity")
    assert row["via"] == ["land"]
    assert row["state"] == "perhaps directed by a state"
    assert not row["behind"][0]["sure"]


def test_a_state_holder_is_told_by_its_kind(build: Build) -> None:
    rows = [said(name, "owns") for name in ("ministry", "party", "land", "firm")]
    finding = points.ask(build(world(*rows)), "x")
    states = {row["entity"]: row["state"] for row in finding.answers[0]["holders"]}
    assert states == {"ministry": "public body", "party": "political organ", "land": "state", "firm": None}


def test_a_duty_of_a_class_reaches_its_named_members_only(build: Build) -> None:
    rows = [
        said("act", "binds", "class", "modality=obliged"),
        said("land", "issues", "act"),
        said("ministry", "owns", "class"),
    ]
    assert known(points.ask(build(world(*rows)), "x")) == {}
    finding = points.ask(build(world(*rows, said("x", "member_of", "class"))), "x")
    assert known(finding) == {"equity": "may be held", "law": "held"}
    row = holder(finding, "law")
    assert row["through"]["entity"] == "class" and row["via"] == ["land"]
    assert "it is a member of The Class" in row["words"]


def test_people_count_through_their_other_posts(build: Build) -> None:
    head = said("ann", "has_role_in", qualifiers="role=head")
    post = said("ann", "has_role_in", "ministry", "role=official")
    alone = points.ask(build(world(head)), "x")
    assert known(alone) == {}
    (aside,) = alone.extra["aside"]
    assert aside["n"] == 1 and "no public or party post" in aside["why"]
    finding = points.ask(build(world(head, post)), "x")
    assert known(finding) == {"staff": "held"}
    row = holder(finding, "staff")
    assert (row["state"], row["via"]) == ("holds a post in a public body", ["ministry"])
    seat = said("ann", "has_role_in", qualifiers="role=board_member")
    assert holder(points.ask(build(world(seat, post)), "x"), "board")["state"] == "holds a post in a public body"
    past = points.ask(build(world(head, {**post, "valid_to": "2018"})), "x")
    assert known(past) == {"staff": "may be held"}
    assert holder(past, "staff")["state"] == "held a post in a public body"


def test_a_post_at_another_holder_counts_and_one_elsewhere_does_not(build: Build) -> None:
    head = said("ann", "has_role_in", qualifiers="role=head")
    post = said("ann", "has_role_in", "parent", "role=board_chair")
    assert "staff" not in known(points.ask(build(world(head, post)), "x"))
    assert known(points.ask(build(world(head, post, said("parent", "owns"))), "x")) == {
        "equity": "held",
        "staff": "held",
    }


def test_parts_are_not_merged_and_own_shares_are_set_aside(build: Build) -> None:
    rows = [
        said("x", "owns", "firm"),
        said("land", "owns", "firm"),
        said("cloud", "part_of"),
        said("land", "owns", "cloud"),
    ]
    assert known(points.ask(build(world(*rows)), "x")) == {}
    finding = points.ask(build(world(said("x", "owns"))), "x")
    assert known(finding) == {}
    assert [group["n"] for group in finding.extra["aside"]] == [1]


def test_why_no_owner_is_stated_is_a_gap_of_its_kind(build: Build) -> None:
    told: Row = {"subject": "x", "predicate": "owners_unstated", "value": "not_public"}
    finding = points.ask(build(world(told)), "x")
    assert known(finding) == {}
    assert [gap.kind for gap in finding.gaps].count("withheld") == 1


def test_what_carries_a_channel_and_what_it_falls_with(build: Build) -> None:
    rows = [
        said("firm", "owns"),
        said("fund", "owns", source="t"),
        said("ann", "has_role_in", qualifiers="role=head", source="t"),
        said("ann", "has_role_in", "ministry", "role=official"),
    ]
    finding = points.ask(build(world(*rows)), "x", why=True)
    support = {row["channel"]: row["support"] for row in finding.answers}
    assert [len(each) for each in support["equity"]["minimal"]] == [1, 1] and support["equity"]["pivotal"] == []
    assert [len(each) for each in support["staff"]["minimal"]] == [2] and len(support["staff"]["pivotal"]) == 2
    assert finding.sensitivity["flips"] == {"s": ["leadership and staff"], "t": ["leadership and staff"]}
    assert "support" not in points.ask(build(world(*rows)), "x").answers[0]


def test_every_claim_that_is_named_is_given_in_full(build: Build) -> None:
    rows = [said("firm", "owns"), said("land", "owns", "firm"), said("firm", "linked_to", hedge="strong ties")]
    finding = points.ask(build(world(*rows)), "x")
    aside = finding.extra["aside"][0]["holders"][0]
    assert aside["hedges"] == ["strong ties"]
    named = {name for row in finding.answers for name in row["claims"]} | set(aside["claims"])
    assert len(named) == 3 and named <= finding.claims.keys()
    assert finding.extra["captions"] == {"land": "The Land"}


def test_bytedance_shows_a_stake_and_a_seat_and_unknown_elsewhere(report: Picture) -> None:
    finding = points.ask(report, "ByteDance")
    assert known(finding) == {"board": "held", "equity": "held"}
    assert set(verdicts(finding)) == set(CHANNELS)
    for channel in ("board", "equity"):
        row = holder(finding, channel, "prc-state-entity")
        assert row["when"] == ["from 2021-08"]
        assert row["state"] == "directed by a public body"
        assert row["via"] == ["chinese-government", "chinese-state"]
    assert known(points.ask(Picture(report.store, Request(as_of="2020")), "ByteDance")) == {}


def test_the_report_on_others(report: Picture) -> None:
    assert known(points.ask(report, "BSN")) == {"technology": "held", "other": "held"}
    assert holder(points.ask(report, "eWTP"), "operation")["entity"] == "alibaba"
    assert known(points.ask(report, "Tencent")) == {"equity": "denied"}
    geidco = points.ask(report, "GEIDCO")
    assert known(geidco) == {"staff": "may be held", "other": "held"}
    assert holder(geidco, "other")["via"] == ["chinese-state"]
    port = points.ask(report, "silk-road-information-port")
    assert holder(port, "staff")["state"] == "holds a post in a public body"
    assert [gap.n for gap in port.gaps if gap.kind == "unnamed"] == [6]


def test_unknown_names_are_refused(build: Build) -> None:
    with pytest.raises(UnknownEntityError):
        points.ask(build(world()), "Nobody")


def test_the_table_is_whole() -> None:
    table = load_table()
    assert table.version == "points/1"
    assert [channel.name for channel in table.channels if not channel.when_held] == CHANNELS
    assert {rule.channel for rule in table.rules} == {channel.name for channel in table.channels}
    reasons = load_vocabulary().predicates["owners_unstated"].value or ()
    assert set(reasons) == set(table.unstated)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{channel: votes, says", "{channel: moods, says"),
        ("says: [owns], holder: subject, with", "says: [loves], holder: subject, with"),
        ("is: [political_organ]", "is: [cabal]"),
        ("with: {interest: [votingRights]}", "with: {interest: [votes]}"),
        ("with: {interest: [votingRights]}", "with: {mood: [good]}"),
        ("standing: may", "standing: perhaps"),
        ("test: public_post", "test: nothing"),
        ("members: each", "members: most"),
        ("share: majority", "share: all"),
        ("holder: object, is", "holder: middle, is"),
        ("  searched: [", "  lost: ["),
        ("{state: state,", "{realm: state,"),
        ("version: points/1", "edition: points/1"),
        ("channels:", "channels: ["),
    ],
)
def test_a_wrong_table_is_refused(old: str, new: str) -> None:
    text = files("isthmus").joinpath(FILE).read_text("utf-8")
    assert old in text
    with pytest.raises(VocabularyError) as refused:
        read_table(text.replace(old, new), load_vocabulary())
    assert refused.value.where == FILE
