"""What of a supply web is in doubt, and how its notes say so."""

from __future__ import annotations

from isthmus.dependence.supply import SupplyWeb, supply_web_of
from isthmus.picture import Request

from .worlds import Build, Row, supplies, uses


def perhaps(row: Row, when: str = "the treaty is signed") -> Row:
    """Return a claim under a condition."""
    return {**row, "qualifiers": "; ".join(filter(None, [row.get("qualifiers", ""), f"condition={when}"]))}


def makes(maker: str, thing: str) -> Row:
    return {"subject": maker, "predicate": "produces", "object": thing}


def doubts(web: SupplyWeb, subject: str) -> list[tuple[dict[str, bool], int]]:
    """Return for each need of a thing which alternatives are in doubt, and how many it takes by certain claims."""
    node = web.node(subject)
    assert node is not None
    return [
        (
            {web.id(int(web.needs.alternatives[place])): bool(web.doubtful[place]) for place in web.places(need)},
            int(web.fewest[need]),
        )
        for need in web.needs_of(node)
    ]


def test_nothing_is_in_doubt_where_everything_holds(build: Build) -> None:
    web = supply_web_of(
        build([uses("works", "a", need="n"), uses("works", "b", need="n", at_least=2), makes("m", "a")])
    )
    assert not web.is_doubtful
    assert web.fewest.tolist() == web.needs.at_least.tolist()


def test_claims_under_a_condition_or_with_an_end_in_doubt_are_in_doubt(build: Build) -> None:
    rows = [
        uses("works", "a", need="n"),
        perhaps(uses("works", "b", need="n")),
        uses("works", "c", valid_to=">=2015"),
        perhaps(makes("m", "a")),
        makes("o", "a"),
    ]
    web = supply_web_of(build(rows, Request(as_of="2020-06-01")))
    assert doubts(web, "works") == [({"a": False, "b": True}, 1), ({"c": True}, 0)]
    assert doubts(web, "a") == [({"m": True, "o": False}, 1)]
    assert web.is_doubtful
    notes = "\n".join(web.notes())
    assert "of 1 claim in all the picture it is not sure that it holds on the day" in notes
    assert "2 claims in all the picture hold under a condition" in notes


def test_one_claim_that_is_certain_is_enough(build: Build) -> None:
    web = supply_web_of(build([perhaps(uses("works", "a")), uses("works", "a")]))
    assert not web.is_doubtful


def test_a_threshold_or_a_strength_in_doubt_is_one_of_the_need(build: Build) -> None:
    rows = [
        uses("works", "a", need="n"),
        uses("works", "b", need="n"),
        perhaps(uses("works", "a", need="n", at_least=2)),
    ]
    assert doubts(supply_web_of(build(rows)), "works") == [({"a": False, "b": False}, 1)]
    rows = [uses("works", "a", strength="optional"), perhaps(uses("works", "a"))]
    assert doubts(supply_web_of(build(rows)), "works") == [({"a": False}, 0)]


def test_suppliers_of_what_may_not_be_needed_may_not_be_needed(build: Build) -> None:
    rows = [perhaps(uses("works", "a")), supplies("dealer", "works", "a")]
    assert doubts(supply_web_of(build(rows)), "works") == [({"a": True}, 0), ({"dealer": False}, 0)]
    rows = [uses("works", "a"), perhaps(supplies("dealer", "works", "a"))]
    assert doubts(supply_web_of(build(rows)), "works") == [({"a": False}, 1), ({"dealer": True}, 0)]


def test_the_doubt_about_an_alternative_with_suppliers_lies_with_the_alternative(build: Build) -> None:
    rows = [perhaps(uses("works", "a", need="n")), uses("works", "b", need="n"), supplies("dealer", "works", "a")]
    web = supply_web_of(build(rows))
    assert doubts(web, "works") == [({"a": True, "b": False}, 1)]
    assert not web.doubtful.sum() - 1


def test_what_is_no_number_of_months_is_counted(build: Build) -> None:
    rows = [
        {**uses("works", "a"), "qualifiers": "stock=-3"},
        {**uses("works", "b"), "qualifiers": "stock=-1; switching_time=-2"},
        {**uses("works", "c"), "qualifiers": "stock=3"},
    ]
    web = supply_web_of(build(rows))
    assert web.unread == {"stock": 2, "switching_time": 1}
    notes = "\n".join(web.notes())
    assert "2 claims in all the picture say of a stock what is no number of months; it counts as not said" in notes
    assert "1 claim in all the picture says of a switching time what is no number of months" in notes


def test_a_stock_in_doubt_of_what_is_surely_needed_may_be_none(build: Build) -> None:
    told = {"qualifiers": "stock=3"}
    for rows, wanted in (
        ([uses("works", "a"), perhaps({**uses("works", "a"), **told})], (0, 3)),
        ([{**uses("works", "a"), **told}, perhaps({**uses("works", "a"), "qualifiers": "stock=5"})], (3, 5)),
        ([perhaps({**uses("works", "a"), **told})], (3, 3)),
    ):
        web = supply_web_of(build(rows))
        assert tuple(float(end[0]) for end in web.stock) == wanted
