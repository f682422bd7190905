"""Each kind of change on small pictures, with the numbers worked out by hand."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from isthmus.claims.store import Store
from isthmus.dependence.supply import supply_web_of
from isthmus.errors import AmbiguousEntityError, ArgumentError, UnknownEntityError
from isthmus.picture import Picture, Request
from isthmus.scenarios.compare import compare
from isthmus.scenarios.reading import parse_scenarios
from isthmus.scenarios.run import suppose
from isthmus.service.adding import add_files
from tests.dependence.worlds import Row, uses, write_claims

from .asking import Build, ask, fates, kind, located, produces, row_of

CHIPS: list[Row] = [
    kind("nl", "state"),
    kind("jp", "state"),
    kind("us", "state"),
    located("asml", "nl"),
    located("nikon", "jp"),
    produces("asml", "tools", 0.7),
    produces("nikon", "tools", 0.2),
    produces("asml", "euv", 1.0),
    uses("chips", "tools"),
    uses("chips", "gas", need="gas"),
    uses("chips", "other-gas", need="gas"),
    uses("best-chips", "euv"),
    uses("phone", "chips"),
    located("fab", "us"),
    uses("fab", "tools"),
]
"""Tools are made by asml (70 %) and nikon (20 %), euv tools by asml alone."""


def test_loss_of_a_supplier_with_shares_order_and_claims(build: Build) -> None:
    finding = ask(build(CHIPS), "  - fail: asml")
    assert fates(finding) == {
        "asml": ("fails", 0, 0),
        "euv": ("fails", 0, 0),
        "tools": ("degrades", pytest.approx(0.3), pytest.approx(0.3)),
        "best-chips": ("fails", 0, 0),
        "chips": ("degrades", pytest.approx(0.3), pytest.approx(0.3)),
        "fab": ("degrades", pytest.approx(0.3), pytest.approx(0.3)),
        "phone": ("degrades", pytest.approx(0.3), pytest.approx(0.3)),
    }
    assert [row["step"] for row in finding.answers] == [0, 1, 1, 2, 2, 2, 3]
    (why,) = row_of(finding, "tools")["because"]
    assert (why["made_by"], why["had"], why["left"]) == ("makers", 2, 1)
    assert [(one["entity"], one["share"]["low"]) for one in why["lost"]] == [("asml", 0.7)]
    (claim,) = why["claims"]
    assert finding.claims[claim]["sentence"].startswith("asml produces 70 %")
    assert set(finding.sources) == {"s"}
    assert finding.extra["totals"] == {
        "fails": 3, "may fail": 0, "degrades": 4, "may degrade": 0, "changed": 7, "beside": 0, "things": 10
    }  # fmt: skip


def test_no_change_is_the_baseline(build: Build) -> None:
    finding = ask(build(CHIPS), "")
    assert (finding.answers, finding.extra["survivors"], finding.extra["changes"]) == ((), [], [])
    assert finding.extra["totals"]["changed"] == 0


def test_the_picture_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "picture.duckdb"
    add_files(path, [write_claims(tmp_path / "rows.csv", CHIPS)])
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    with Store(path, read_only=True) as store:
        picture = Picture(store)
        head, web = picture.hash, supply_web_of(picture)
        shares = [array.tobytes() for array in (web.least, web.most, web.needs.alternatives)]
        ask(
            picture,
            "  - fail_country: nl\n  - restrict_export: {of: tools, from: jp}\n  - substitute: {for: tools, with: gas}",
        )
        ask(picture, "  - add_capacity: {of: tools, by: jp, share: 10%}")
        assert picture.hash == head
        assert shares == [array.tobytes() for array in (web.least, web.most, web.needs.alternatives)]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert [item.name for item in tmp_path.iterdir() if item.suffix not in (".csv", ".duckdb")] == []


def test_what_survives_and_by_which_alternative(build: Build) -> None:
    finding = ask(build(CHIPS), "  - fail: gas")
    assert fates(finding) == {"gas": ("fails", 0, 0)}
    (row,) = finding.extra["survivors"]
    assert (row["entity"], row["verdict"]) == ("chips", "survives")
    (need,) = row["carried"]
    assert need["need"] == "gas"
    assert [one["entity"] for one in need["lost"]] == ["gas"]
    assert [(one["entity"], one["how"]) for one in need["carried_by"]] == [("other-gas", "alternative")]
    assert len(need["claims"]) == 2


def test_a_second_supplier_restores_what_the_working_says(build: Build) -> None:
    picture = build(CHIPS)
    finding = ask(
        picture,
        "  - fail: asml\n  - add_capacity: {of: euv, by: Newcomer, share: 60%, after: 12}\n"
        "  - add_capacity: {of: tools, by: nikon, share: '[0.6, 0.8]'}".replace("'", ""),
    )
    assert fates(finding)["tools"] == ("may degrade", pytest.approx(0.9), 1)
    row = row_of(finding, "best-chips")
    assert [(one["month"], one["left"]["low"]) for one in row["course"]] == [(0, 0), (12, pytest.approx(0.6))]
    (need,) = row_of(finding, "euv")["carried"]
    assert [(one["caption"], one["how"], one["change"]) for one in need["carried_by"]] == [
        ("Newcomer", "added capacity", 1)
    ]
    assert any("the scenario assumes it" in note for note in finding.extra["changes"][1]["notes"])
    full = ask(picture, "  - fail: asml\n  - add_capacity: {of: euv, by: nikon, share: 1}\n")
    assert {"euv", "best-chips"}.isdisjoint(fates(full))
    (kept,) = [row for row in full.extra["survivors"] if row["entity"] == "euv"]
    assert kept["carried"][0]["carried_by"][0]["caption"] == "nikon"


def test_capacity_for_what_nobody_makes_changes_nothing(build: Build) -> None:
    finding = ask(build(CHIPS), "  - fail: gas\n  - add_capacity: {of: gas, by: nikon, share: 1}")
    assert fates(finding) == {"gas": ("fails", 0, 0)}
    assert any("nobody is known here to make gas" in gap.what for gap in finding.gaps)


def test_a_complete_list_of_makers_fails_for_sure_and_another_only_may(build: Build) -> None:
    open_list = [produces("a", "x"), uses("y", "x")]
    assert fates(ask(build(open_list), "  - fail: a"))["x"] == ("may fail", 0, 1)
    said = {"subject": "x", "predicate": "completeness", "value": "complete", "qualifiers": "scope=suppliers"}
    whole = [kind("x", "product"), *open_list, said]
    assert fates(ask(build(whole), "  - fail: a"))["x"] == ("fails", 0, 0)
    helped = ask(build(whole), "  - fail: a\n  - add_capacity: {of: x, by: b, share: 100%, after: 6}")
    assert [(one["month"], one["left"]["high"]) for one in row_of(helped, "y")["course"]][-1] == (6, 1)


def test_loss_of_a_country_takes_it_as_a_maker_and_what_lies_in_it(build: Build) -> None:
    rows = [
        *CHIPS,
        {"subject": "veldhoven", "predicate": "located_in", "object": "nl"},
        kind("veldhoven", "place"),
        located("plant", "veldhoven"),
        uses("optics", "plant"),
        located("both", "nl"),
        located("both", "us"),
        uses("service", "both"),
        produces("nl", "tools", 0.75),
        produces("jp", "tools", 0.25),
    ]
    finding = ask(build(rows), "  - fail_country: nl")
    found = fates(finding)
    # What asml makes lies in what the Netherlands make: the loss is 75 %, and not 145 %.
    assert found["tools"] == ("degrades", pytest.approx(0.25), pytest.approx(0.25))
    assert (found["plant"], found["optics"], found["euv"]) == (("fails", 0, 0),) * 3
    assert found["both"] == found["service"] == ("may fail", 0, 1)
    assert {"jp", "nikon", "us"}.isdisjoint(found)
    (change,) = finding.extra["changes"]
    assert change["strikes"] == {"sure": 3, "may": 1}
    assert len(change["claims"]) == 4
    assert any("in nl and elsewhere" in note for note in change["notes"])


def test_only_a_place_can_be_lost_as_a_country(build: Build) -> None:
    rows = [*CHIPS, kind("asml", "company")]
    with pytest.raises(ArgumentError, match="takes a place") as caught:
        ask(build(rows), "  - fail_country: asml")
    assert caught.value.where == "scenario, line 3"


def test_loss_of_all_that_a_party_controls_for_sure_and_perhaps(build: Build) -> None:
    rows = [
        *(kind(name, "company") for name in ("top", "sub", "half", "far")),
        {"subject": "top", "predicate": "owns", "object": "sub", "low": "0.6", "high": "0.6", "unit": "share"},
        {"subject": "top", "predicate": "owns", "object": "half", "low": "0.4", "high": "0.7", "unit": "share"},
        {"subject": "top", "predicate": "owns", "object": "far", "low": "0.1", "high": "0.1", "unit": "share"},
        uses("a", "sub"),
        uses("b", "half"),
        uses("c", "far"),
        uses("d", "top"),
    ]
    finding = ask(build(rows), "  - fail_controlled_by: top")
    assert fates(finding) == {
        **dict.fromkeys(("top", "sub", "a", "d"), ("fails", 0.0, 0.0)),
        **dict.fromkeys(("half", "b"), ("may fail", 0.0, 1.0)),
    }
    (change,) = finding.extra["changes"]
    assert (change["rule"], change["controls"]) == ("majority/1", {"sure": 1, "may": 1})
    assert len(change["claims"]) == 2
    with pytest.raises(ArgumentError, match="no profile") as caught:
        ask(build(rows), "  - fail_controlled_by: top\n    rule: nobody")
    assert caught.value.where == "scenario, line 3"


def test_a_substitute_for_one_user_and_one_need_only(build: Build) -> None:
    rows = [uses("a", "x"), uses("b", "x"), uses("c", "x", need="power"), uses("c", "x", need="light"), uses("z", "y")]
    picture = build(rows)
    finding = ask(picture, "  - remove: x\n  - substitute: {for: x, with: y, in: a, after: 6 months}")
    assert set(fates(finding)) == {"x", "a", "b", "c"}
    row = row_of(finding, "a")
    assert (row["from_month"], row["until_month"]) == (0, 6)
    assert row["carried"][0]["carried_by"][0]["how"] == "substitute"
    finding = ask(picture, "  - remove: x\n  - substitute: {for: x, with: y}")
    assert set(fates(finding)) == {"x"}
    assert {row["entity"] for row in finding.extra["survivors"]} == {"a", "b", "c"}
    finding = ask(picture, "  - remove: x\n  - substitute: {for: x, with: y, in: c, need: power}")
    assert set(fates(finding)) == {"x", "a", "b", "c"}
    with pytest.raises(ArgumentError, match="its own place"):
        ask(picture, "  - substitute: {for: x, with: x}")


def test_delay_stock_and_switching_time_of_claims(build: Build) -> None:
    rows = [
        uses("works", "part", need="part", qualifiers="need=part; stock=3"),
        uses("shop", "part", need="part", qualifiers="need=part; switching_time=2"),
        uses("shop", "other", need="part"),
        uses("line", "part"),
    ]
    finding = ask(build(rows), "  - delay: {what: part, months: 5}\n    at: 1")
    months = {row["entity"]: (row["from_month"], row["until_month"]) for row in finding.answers}
    assert months == {"part": (1, 6), "line": (1, 6), "shop": (1, 3), "works": (4, 6)}
    shop = row_of(finding, "shop")
    assert (shop["verdict"], shop["because"][0]["switching_months"]) == ("may fail", 2)
    assert shop["because"][0]["claims"]
    short = ask(build(rows), "  - delay: {what: part, months: 3}")
    (works,) = [row for row in short.extra["survivors"] if row["entity"] == "works"]
    assert works["carried"][0]["carried_by"] == [{"entity": "part", "caption": "part", "how": "stock"}]


def test_a_horizon_looks_no_further(build: Build) -> None:
    (scenario,) = parse_scenarios("scenario: s\nhorizon: 4\nchanges:\n  - fail: asml\n    at: 5\n")
    finding = suppose(build(CHIPS), scenario)
    assert finding.answers == ()
    assert any("after month 4" in limit for limit in finding.limits)


def test_what_is_asked_is_told_whatever_becomes_of_it(build: Build) -> None:
    (scenario,) = parse_scenarios("scenario: s\nask: [phone, gas]\nchanges:\n  - fail: asml\n")
    finding = suppose(build(CHIPS), scenario)
    assert {name: fate[0] for name, fate in fates(finding).items()} == {"phone": "degrades", "gas": "survives"}
    assert finding.extra["totals"]["changed"] == 7


def test_names_that_are_not_there_are_refused_with_their_line(build: Build) -> None:
    picture = build(
        [
            *CHIPS,
            {"subject": "one", "predicate": "name", "value": "Twin"},
            {"subject": "two", "predicate": "name", "value": "Twin"},
        ]
    )
    with pytest.raises(UnknownEntityError) as caught:
        ask(picture, "  - fail: asml\n  - fail: nobody")
    assert caught.value.where == "scenario, line 4"
    with pytest.raises(AmbiguousEntityError) as doubtful:
        ask(picture, "  - fail: Twin")
    assert (doubtful.value.where, len(doubtful.value.candidates)) == ("scenario, line 3", 2)


def test_a_thing_without_needs_fails_and_nothing_is_invented(build: Build) -> None:
    finding = ask(build([*CHIPS, kind("lonely", "company")]), "  - fail: lonely")
    assert fates(finding) == {"lonely": ("fails", 0, 0)}
    assert [gap.what for gap in finding.gaps] == [
        "nothing is held here about what it needs, who needs it or who makes it"
    ]


def test_why_asks_again_without_each_work(build: Build) -> None:
    rows = [
        uses("a", "x", source="one"),
        uses("b", "a", source="two"),
        uses("c", "x", source="one"),
        uses("c", "x", source="two"),
    ]
    finding = ask(build(rows), "  - fail: x", why=True)
    assert finding.sensitivity["flips"] == {"one": ["a", "b"], "two": ["b"]}
    assert row_of(finding, "c")["support"]["works"] == ["one", "two"]


def test_the_answer_is_cut_and_says_so(build: Build) -> None:
    finding = ask(build(CHIPS), "  - fail: asml", limit=2)
    assert [row["entity"] for row in finding.answers] == ["asml", "euv"]
    assert any("first 2 of 7" in limit for limit in finding.limits)


def test_two_scenarios_side_by_side(build: Build) -> None:
    picture = build(CHIPS)
    one, other = ask(picture, "  - fail: asml"), ask(picture, "  - fail: nikon")
    both = compare([one, other])
    rows = {row["entity"]: [by["verdict"] for by in row["by"]] for row in both.answers}
    assert rows["euv"] == ["fails", "survives"]
    assert rows["tools"] == ["degrades", "degrades"]
    assert rows["nikon"] == ["survives", "fails"]
    assert both.picture == picture.hash
    assert [body["id"] for body in both.extra["scenarios"]] == [one.id, other.id]
    assert set(both.claims) == {*one.claims, *other.claims}


def test_the_baseline_is_that_of_its_day(build: Build) -> None:
    rows = [uses("a", "x", valid_from="2020", valid_to="2021"), uses("b", "x", valid_from="2022")]
    assert set(fates(ask(build(rows, Request(as_of="2020-06")), "  - fail: x"))) == {"x", "a"}
    assert set(fates(ask(build(rows, Request(as_of="2023")), "  - fail: x"))) == {"x", "b"}


def test_a_picture_without_needs(build: Build) -> None:
    rows = [kind("lonely", "company"), kind("land", "state")]
    finding = ask(
        build(rows), "  - fail: lonely\n  - fail_country: land\n  - restrict_export: {of: lonely, from: land}"
    )
    found = fates(finding)
    assert found == {
        "lonely": ("fails", 0, 0),
        "land": ("fails", 0, 0),
        "lonely outside land": ("fails", 0, 0),
    }
    assert ask(build(rows), "").answers == ()


def test_the_same_question_has_the_same_id_and_another_has_another(build: Build) -> None:
    picture = build(CHIPS)
    one, same, other = (ask(picture, f"  - fail: {name}") for name in ("asml", "asml", "nikon"))
    assert one.id == same.id != other.id
    assert one.to_json() == same.to_json()
