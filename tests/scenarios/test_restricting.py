"""Restrictions of export: who sees the whole of a good and who does not, with the numbers worked out by hand."""

from __future__ import annotations

import pytest

from tests.dependence.worlds import Row, supplies, uses

from .asking import Build, ask, fates, kind, located, produces, row_of

EARTHS: list[Row] = [
    *(kind(name, "state") for name in ("cn", "jp", "us")),
    produces("cn", "earths", 0.9),
    produces("us", "earths", 0.1),
    *(located(name, place) for name, place in (("maker-jp", "jp"), ("maker-us", "us"), ("maker-cn", "cn"))),
    *(uses(name, "earths") for name in ("maker-jp", "maker-us", "maker-cn", "maker-somewhere")),
    uses("car", "maker-jp"),
]


def test_a_restricted_export_strikes_those_outside_and_not_those_inside(build: Build) -> None:
    found = fates(ask(build(EARTHS), "  - restrict_export: {of: earths, from: cn, left: 40%}"))
    less = pytest.approx(0.46)
    assert found == {
        "earths outside cn": ("degrades", less, less),
        "earths where nobody says whether it is outside cn": ("may degrade", less, 1),
        "maker-jp": ("degrades", less, less),
        "maker-us": ("degrades", less, less),
        "maker-somewhere": ("may degrade", less, 1),
        "car": ("degrades", less, less),
    }


def test_a_restricted_export_to_one_country(build: Build) -> None:
    rows = [
        *EARTHS,
        {"subject": "cn", "predicate": "restricts", "object": "jp", "qualifiers": "measure=ban; item=@earths"},
    ]
    finding = ask(build(rows), "  - restrict_export: {of: earths, from: cn, to: jp, left: [0, 0.5]}")
    less = pytest.approx(0.1), pytest.approx(0.55)
    assert fates(finding) == {
        "earths in jp": ("degrades", *less),
        "earths where nobody says whether it is in jp": ("may degrade", less[0], 1),
        "maker-jp": ("degrades", *less),
        "maker-somewhere": ("may degrade", less[0], 1),
        "car": ("degrades", *less),
    }
    (change,) = finding.extra["changes"]
    assert change["restricted"]["entity"] == "jp"
    assert change["restricted"]["claims"] == change["claims"]
    assert finding.claims[change["claims"][0]]["predicate"] == "restricts"


def test_where_no_share_of_the_country_is_known_everything_only_may_be(build: Build) -> None:
    rows = [row for row in EARTHS if row["predicate"] != "produces"]
    finding = ask(build(rows), "  - restrict_export: {of: earths, from: cn}")
    assert fates(finding)["maker-jp"] == ("may fail", 0, 1)
    assert any("no share of cn" in gap.what for gap in finding.gaps)
    others = [*rows, produces("us", "earths", 0.8)]
    assert fates(ask(build(others), "  - restrict_export: {of: earths, from: cn}"))["maker-jp"] == (
        "may degrade",
        pytest.approx(0.8),
        1,
    )


def test_two_restrictions_of_one_good_add_up(build: Build) -> None:
    changes = (
        "  - restrict_export: {of: earths, from: cn, to: jp}\n  - restrict_export: {of: earths, from: us}\n    at: 3"
    )
    finding = ask(build(EARTHS), changes)
    assert [(one["month"], one["left"]["high"]) for one in row_of(finding, "maker-jp")["course"]] == [
        (0, pytest.approx(0.1)),
        (3, 0),
    ]
    assert fates(finding)["maker-cn"] == ("degrades", pytest.approx(0.9), pytest.approx(0.9))
    assert "maker-us" not in fates(finding)


def test_who_says_from_whom_the_good_comes_sees_only_what_these_lose(build: Build) -> None:
    rows = [
        *EARTHS,
        located("lynas", "us"),
        located("smelter", "cn"),
        supplies("lynas", "maker-jp", "earths"),
        supplies("smelter", "maker-us", "earths"),
    ]
    found = fates(ask(build(rows), "  - restrict_export: {of: earths, from: cn, left: 25%}"))
    assert {"maker-jp", "car", "smelter"}.isdisjoint(found)
    assert found["maker-us"] == ("degrades", 0.25, 0.25)


def test_a_thing_that_is_lost_is_lost_for_those_who_are_struck_too(build: Build) -> None:
    found = fates(ask(build(EARTHS), "  - restrict_export: {of: earths, from: cn}\n  - fail: earths"))
    assert found["earths outside cn"] == found["maker-cn"] == found["maker-jp"] == ("fails", 0, 0)


def test_capacity_added_outside_helps_those_outside(build: Build) -> None:
    changes = "  - restrict_export: {of: earths, from: cn}\n  - add_capacity: {of: earths, by: us, share: 50%}"
    assert fates(ask(build(EARTHS), changes))["maker-jp"] == ("degrades", pytest.approx(0.6), pytest.approx(0.6))
    inside = "  - restrict_export: {of: earths, from: cn}\n  - add_capacity: {of: earths, by: cn, share: 50%}"
    assert fates(ask(build(EARTHS), inside))["maker-jp"] == ("degrades", pytest.approx(0.1), pytest.approx(0.1))


def test_what_a_country_makes_is_not_counted_again_with_its_firms(build: Build) -> None:
    rows = [*EARTHS, located("smelter", "cn"), produces("smelter", "earths", 0.5), produces("lynas", "earths", 0.1)]
    found = fates(ask(build(rows), "  - restrict_export: {of: earths, from: cn}"))
    assert found["maker-jp"] == ("degrades", pytest.approx(0.1), pytest.approx(0.1))
    # Without figures of countries, what a firm there makes is lost, and what nobody is named for may be.
    firms = [row for row in rows if row["subject"] not in ("cn", "us") or row["predicate"] != "produces"]
    found = fates(ask(build(firms), "  - restrict_export: {of: earths, from: cn}"))
    assert found["maker-jp"] == ("may fail", 0, pytest.approx(0.5))


@pytest.mark.parametrize(
    ("inside", "words"), [("cn", "from the 50 % of those who lie there up to 70 %"), ("us", "up to 20 %")]
)
def test_what_is_not_known_of_a_country_is_told_beside_those_who_lie_in_it(
    build: Build, inside: str, words: str
) -> None:
    rows = [
        *EARTHS[:3],
        *(produces(maker, "tin", part) for maker, part in (("one", 0.5), ("two", 0.3), ("three", 0.2))),
        *(located(maker, place) for maker, place in (("one", inside), ("two", "us"))),
        uses("can", "tin"),
        located("can", "jp"),
    ]
    finding = ask(build(rows), "  - restrict_export: {of: tin, from: cn}")
    (note,) = (gap.what for gap in finding.gaps if "share of cn" in gap.what)
    assert note == f"no share of cn in the making of tin is known: it may be anything {words}"
    best = 0.5 if inside == "cn" else 1
    assert fates(finding)["can"][1:] == (pytest.approx(0.3 if inside == "cn" else 0.8), pytest.approx(best))
