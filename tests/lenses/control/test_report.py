"""Who controls the bodies of the report, as it traces them: its hedges and what it does not know are kept."""

from __future__ import annotations

from typing import Any

import pytest

from isthmus.lenses import control, points
from isthmus.model import Finding
from isthmus.picture import Picture, Request

STATES = {"china-eastcom": "chinese-state", "geidco": "chinese-state", "silk-road-information-port": "prc-party-state"}


def ask(report: Picture, of: str, **more: Any) -> Finding:
    return control.ask(report, of=of, **more)


def words(finding: Finding) -> dict[str, str]:
    return {row["entity"]: row["verdict"] for row in finding.answers}


def answer(finding: Finding, entity: str) -> dict[str, Any]:
    (row,) = [row for row in finding.answers if row["entity"] == entity]
    return dict(row)


def sentences(row: dict[str, Any]) -> list[str]:
    return [text for step in row["steps"] for text in step["sentences"]]


CASES = {
    "China Eastcom": {"chinese-state": "controls"},
    "Silk Road Information Port Co.": {
        "prc-party-state": "may control",
        "china-telecom": "may control",
        "china-unicom": "may control",
        "srip-owners": "may control",
    },
    "GEIDCO": {"state-grid": "controls", "chinese-state": "may control", "former-state-grid-chair": "influences"},
    "BSN": {
        "bsn-association": "controls",
        "state-information-center": "influences",
        "ndrc": "influences",
        "chinese-government": "influences",
    },
    "eWTP": {"alibaba": "influences", "ccp": "influences"},
    "ByteDance": {
        "prc-state-entity": "may control",
        "chinese-government": "may control",
        "chinese-state": "may control",
    },
    "China UnionPay": {"pboc": "influences"},
}


@pytest.mark.parametrize("body", CASES)
def test_a_body_is_traced_as_the_report_traces_it(report: Picture, body: str) -> None:
    finding = ask(report, body)
    assert words(finding) == CASES[body]
    for row in finding.answers:
        assert row["claims"]
        assert all(finding.claims[name]["locator"].startswith("ch") for name in row["claims"])
        assert row["path"][-1][2] == row["of"]
        assert row["path"][0][0] == row["entity"] or "group" in row["kinds"], "a group acts by its members"
        if len(row["jointly"]) < 2:
            assert [link[2] for link in row["path"][:-1]] == [link[0] for link in row["path"][1:]], "link after link"


def test_no_share_is_made_up_where_the_report_gives_none(report: Picture) -> None:
    for body in CASES:
        for row in ask(report, body).answers:
            share = row["share"]
            assert share is None or (share["low"] == 0 and share["high"] in (1, None))


def test_two_of_eight_owners_are_named(report: Picture) -> None:
    finding = ask(report, "Silk Road Information Port Co.")
    assert {row["entity"] for row in finding.extra["holders"]} == {"china-telecom", "china-unicom", "srip-owners"}
    (gap,) = [gap for gap in finding.gaps if gap.n is not None]
    assert (gap.n, gap.of) == (6, 8)
    assert "6 of 8 parties are not named" in gap.what
    assert any("unaccounted for" in gap.what for gap in finding.gaps)
    assert finding.extra["unaccounted"]["low"] == 0
    notes = {row["entity"]: row["note"] for row in finding.answers}
    assert "the share of China Unicom" in notes["china-unicom"]
    assert notes["srip-owners"] == "its members together, if they act as one"


def test_a_hedge_of_the_report_is_kept_along_the_chain(report: Picture) -> None:
    row = answer(ask(report, "Silk Road Information Port Co."), "prc-party-state")
    assert row["hedges"] == ["state-owned or CCP-controlled (which of the two is not said)"]
    assert answer(ask(report, "eWTP"), "ccp")["hedges"] == ["consolidated control"]
    row = answer(ask(report, "bytedance-china-entity"), "chinese-government")
    assert (row["verdict"], row["hedges"]) == ("may control", ["per The Information"])


def test_a_nonprofit_institute_that_a_state_company_controls(report: Picture) -> None:
    finding = ask(report, "GEIDCO")
    nominal = finding.extra["nominal"]
    assert "nonprofit research institute" in [item["text"] for item in nominal["declared"]]
    assert nominal["differs"] is True
    traced = {row["entity"]: row for row in nominal["traced"]}
    assert traced["state-grid"]["verdict"] == "controls"
    assert traced["chinese-state"]["verdict"] == "may control"
    held = answer(finding, "state-grid")
    assert (held["state"], held["ultimate"]) == (None, True), "the state may control it: its share is not said"
    assert [item["entity"] for item in held["state_by"]] == ["chinese-state"]
    assert "the share of Chinese state in State Grid is not said" in answer(finding, "chinese-state")["note"]
    assert words(ask(report, "GEIDCO", state=True)) == {"state-grid": "controls", "chinese-state": "may control"}
    assert words(ask(report, "GEIDCO", ultimate=True)) == {"state-grid": "controls", "chinese-state": "may control"}


def test_an_association_headed_by_a_body_of_the_commission(report: Picture) -> None:
    finding = ask(report, "BSN")
    assert sentences(answer(finding, "ndrc"))[0].startswith("State Information Center is subordinate to National Dev")
    assert answer(finding, "state-information-center")["steps"][0]["words"] == "is head of"
    assert words(ask(report, "BSN", state=True)) == {
        "state-information-center": "influences",
        "ndrc": "influences",
        "chinese-government": "influences",
    }
    decisive = ask(report, "BSN", profiles=["decisive_influence"])
    assert words(decisive)["ndrc"] == "controls", "whoever heads it has decisive influence, and so has who is above"


def test_a_platform_that_calls_itself_non_governmental(report: Picture) -> None:
    finding = ask(report, "eWTP")
    nominal = finding.extra["nominal"]
    assert "non-governmental organisation" in [item["text"] for item in nominal["declared"]]
    assert nominal["differs"] is True
    row = answer(finding, "alibaba")
    assert sentences(row) == ["Alibaba runs eWTP"]
    assert [item["entity"] for item in row["state_by"]] == ["ccp"]
    ties = {(tie["entity"], tie["sentence"]) for tie in nominal["ties"]}
    assert ("chinese-government", "eWTP is linked to Chinese government (“strong ties”)") in ties


def test_a_stake_of_a_state_entity_that_is_not_sized(report: Picture) -> None:
    finding = ask(report, "ByteDance")
    row = answer(finding, "prc-state-entity")
    assert (row["share"]["low"], row["share"]["open_low"]) == (0, True), "the report says that there is one"
    assert row["also"] == ["influences"], "by a seat on the board"
    assert row["steps"][0]["when"] == ["from 2021-08"]
    assert row["state"] is True
    assert [item["entity"] for item in row["state_by"]] == ["chinese-government"]
    assert words(ask(report, "ByteDance", ultimate=True)) == {
        "chinese-government": "may control",
        "chinese-state": "may control",
    }
    assert finding.sensitivity["flips_without"] == ["reuters-2021-08-bytedance"]


def test_a_stake_that_was_not_yet_there(report: Picture) -> None:
    before = Picture(report.store, Request(as_of="2021-07"))
    assert words(ask(before, "ByteDance")) == {}
    after = Picture(report.store, Request(as_of="2021-09"))
    assert set(words(ask(after, "ByteDance"))) == set(CASES["ByteDance"])


def test_a_monopoly_that_the_central_bank_founded(report: Picture) -> None:
    finding = ask(report, "CUP")
    assert finding.question["of"] == "china-unionpay"
    assert sentences(answer(finding, "pboc")) == ["People's Bank of China established China UnionPay, from 2002"]
    assert [item["text"] for item in finding.extra["nominal"]["declared"]] == [
        "state monopoly in credit card settlement"
    ]
    assert words(ask(report, "CUP", state=True)) == {"pboc": "influences"}


@pytest.mark.parametrize(("body", "state"), STATES.items())
def test_the_state_among_the_controllers_is_found(report: Picture, body: str, state: str) -> None:
    row = answer(ask(report, body, state=True), state)
    assert (row["state"], row["verdict"]) == (True, CASES_BY_ID[body][state])


CASES_BY_ID = {
    "china-eastcom": CASES["China Eastcom"],
    "geidco": CASES["GEIDCO"],
    "silk-road-information-port": CASES["Silk Road Information Port Co."],
}


def test_points_of_control_of_bytedance_are_a_seat_and_a_stake(report: Picture) -> None:
    finding = points.ask(report, "ByteDance")
    held = {row["channel"]: row for row in finding.answers if row["verdict"] != "unknown"}
    assert set(held) == {"equity", "board"}
    for row in held.values():
        assert [holder["entity"] for holder in row["holders"]] == ["prc-state-entity"]
        assert row["claims"]
    assert len(finding.answers) == 10
    assert all(row["holders"] == [] for row in finding.answers if row["verdict"] == "unknown")
    assert any(gap.kind == "unknown" for gap in finding.gaps), "and unknown is said"
