"""Views that do not go on to makers say that there are some, and views of one picture do not contradict each other."""

from __future__ import annotations

from isthmus.lenses import chokepoints, dependence, exposure, where_used
from tests.dependence.worlds import Row, contains, supplies, uses

from .conftest import Build


def made(maker: str, thing: str) -> Row:
    return {"subject": maker, "predicate": "produces", "object": thing, "low": "1", "high": "1", "unit": "share"}


ALL_KNOWN = {"subject": "chip", "predicate": "completeness", "value": "complete", "qualifiers": "scope=suppliers"}
WORLD = [uses("dev", "chip"), contains("dev", "lid"), made("fab", "chip"), ALL_KNOWN]


def test_chokepoints_and_dependence_say_where_makers_are_counted(build: Build) -> None:
    picture = build(WORLD)
    assert exposure.ask(picture, "dev", "fab").extra["verdict"] == "depends wholly"
    told = [note for note in chokepoints.ask(picture, "dev").limits if "makers who are known" in note]
    assert told == [
        "who makes a thing is no need here, and 1 of these things has makers who are known: "
        "exposure and suppose count them, concentration names them"
    ]
    assert [note for note in dependence.ask(picture, "dev").limits if "makers who are known" in note] == told
    (overview,) = (note for note in chokepoints.ask(picture).limits if "makers who are known" in note)
    assert "1 thing in all the picture has makers" in overview


def test_nothing_is_said_of_makers_where_there_are_none_or_where_suppliers_count(build: Build) -> None:
    picture = build([uses("dev", "chip"), supplies("fab", "dev", "chip")])
    for finding in (chokepoints.ask(picture, "dev"), chokepoints.ask(picture), dependence.ask(picture, "dev")):
        assert not any("makers" in note for note in finding.limits)


def test_makers_of_other_things_are_not_counted(build: Build) -> None:
    picture = build([*WORLD, made("mill", "paper"), uses("desk", "paper")])
    (told,) = (note for note in chokepoints.ask(picture, "dev").limits if "makers" in note)
    assert "and 1 of these things has" in told
    (told,) = (note for note in chokepoints.ask(picture).limits if "makers" in note)
    assert "and 2 things in all the picture have" in told


def test_where_used_of_a_maker_says_that_it_makes_something(build: Build) -> None:
    picture = build([*WORLD, made("fab", "paper")])
    finding = where_used.ask(picture, "fab")
    assert not finding.answers
    assert any("make or supply 2 things, which are not followed here" in note for note in finding.limits)
    assert not where_used.ask(picture, "dev").limits
