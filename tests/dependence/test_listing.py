"""Measured completeness, tiers and ways."""

from __future__ import annotations

from isthmus.dependence.listing import counted, list_states
from isthmus.dependence.tiers import tiers_below, ways_from
from isthmus.dependence.web import Web, web_of
from isthmus.picture import Picture, Request
from tests.dependence.worlds import Build, Row, contains, supplies, uses


def says(subject: str, value: str, scope: str = "", **more: str) -> Row:
    qualifiers = f"scope={scope}" if scope else ""
    return {"subject": subject, "predicate": "completeness", "value": value, "qualifiers": qualifiers, **more}


def states(picture: Picture) -> dict[str, str]:
    ids = picture.reader.ids(list_states(picture))
    return {ids[key]: state for key, state in list_states(picture).items()}


def node(web: Web, name: str) -> int:
    found = web.node(name)
    assert found is not None
    return found


def test_one_open_list_is_enough_to_doubt(build: Build) -> None:
    rows = [
        says("a", "complete", "dependencies"),
        says("b", "complete", "dependencies"),
        says("b", "incomplete", "components"),
        says("c", "unknown"),
        says("d", "incomplete", "members"),
        says("e", "complete", mode="planned"),
        says("f", "complete", valid_to="2010"),
    ]
    picture = build([*rows, uses("a", "g")])
    assert states(picture) == {"a": "complete", "b": "incomplete", "c": "unknown"}
    keys = picture.reader.keys([*"abcdg"])
    assert counted(picture, keys) == {"complete": 1, "incomplete": 1, "unknown": 1, "unsaid": 2}
    assert states(build(rows, Request(as_of="2009")))["f"] == "complete"


def test_tiers_end_where_circles_close(build: Build) -> None:
    web = web_of(build([contains("a", "b"), contains("b", "c"), contains("c", "a"), contains("c", "d")]))
    tiers, deeper = tiers_below(web, node(web, "a"), 2)
    assert ([[web.id(one) for one in tier] for tier in tiers], deeper) == ([["a"], ["b"], ["c"]], 1)
    tiers, deeper = tiers_below(web, node(web, "a"), 9)
    assert (len(tiers), deeper) == (4, 0)


def test_what_stands_for_a_supplied_thing_is_no_tier(build: Build) -> None:
    rows = [uses("a", "x", need="n"), uses("a", "y", need="n"), supplies("s", "a", "x")]
    web = web_of(build(rows))
    tiers, _ = tiers_below(web, node(web, "a"), 5)
    assert [sorted(web.id(one) for one in tier) for tier in tiers] == [["a"], ["s", "x", "y"]]
    ways = ways_from(web, node(web, "s"))
    assert [[web.id(one) for one in ways.nodes(user)] for user in ways.users()] == [["s", "a"]]


def test_a_shortest_way_is_told(build: Build) -> None:
    web = web_of(build([uses("a", "b"), uses("b", "c"), uses("c", "d"), contains("a", "c"), uses("d", "a")]))
    ways = ways_from(web, node(web, "d"))
    told = {web.id(user): "".join(web.id(one) for one in ways.nodes(user)) for user in ways.users()}
    assert told == {"c": "dc", "b": "dcb", "a": "dca"}
