"""The supply web: who makes a thing with which share, beside what needs what."""

from __future__ import annotations

import math
from pathlib import Path
from random import Random

import pytest

from isthmus.claims.store import Store
from isthmus.dependence.supply import SupplyWeb, supply_web_of
from isthmus.dependence.web import web_of
from isthmus.errors import ArgumentError
from isthmus.kernels.dependence.shares import degrade
from isthmus.picture import Picture, Request
from isthmus.service.adding import add_files
from isthmus.service.keeping import judge
from tests.dependence.worlds import V6, Build, Row, supplies, uses, write_claims


def makes(maker: str, thing: str, part: str = "", predicate: str = "produces", unit: str = "share", **more: str) -> Row:
    row = {"subject": maker, "predicate": predicate, "object": thing, **more}
    if not part:
        return row
    low, _, high = part.partition("-")
    return {**row, "low": low, "high": high or low, "unit": unit}


def kind(name: str, value: str) -> Row:
    return {"subject": name, "predicate": "kind", "value": value}


def all_listed(thing: str, value: str = "complete", scope: str = "suppliers") -> Row:
    return {"subject": thing, "predicate": "completeness", "value": value, "qualifiers": f"scope={scope}"}


Made = dict[str, tuple[float, float] | None]


def made(web: SupplyWeb, thing: str, side: str = "makers") -> Made:
    """Return the makers of a thing on one side with the ends of their shares, None where none is said."""
    node = web.node(thing)
    assert node is not None
    found: Made = {}
    for need in web.needs_of(node):
        if web.side(need) == side:
            for place in web.places(need):
                ends = (round(float(web.least[place]), 9), round(float(web.most[place]), 9))
                found[web.id(int(web.needs.alternatives[place]))] = ends if web.said[place] else None
    return found


def left(web: SupplyWeb, thing: str, *failed: str) -> tuple[float, float]:
    """Return what is left of a thing when others fail."""
    nodes = [web.node(name) for name in failed]
    node = web.node(thing)
    assert node is not None
    assert None not in nodes
    found = degrade(web.needs, web.least, web.most, [node for node in nodes if node is not None], twin=web.twin)
    return round(float(found.low[node]), 9), round(float(found.high[node]), 9)


TOOL = [makes("ada", "tool", "0.5"), makes("bee", "tool", "0.3"), makes("cid", "tool", "0.2"), uses("fab", "tool")]


def test_a_failed_maker_takes_its_share_away(build: Build) -> None:
    web = supply_web_of(build(TOOL))
    assert made(web, "tool") == {"ada": (0.5, 0.5), "bee": (0.3, 0.3), "cid": (0.2, 0.2)}
    assert left(web, "tool", "ada") == left(web, "fab", "ada") == (0.5, 0.5)
    assert left(web, "fab", "ada", "bee", "cid") == (0, 0)
    assert left(web, "fab") == (1, 1)


def test_the_plain_needs_are_there_as_they_were(build: Build) -> None:
    picture = build([*V6, supplies("s", "T", "A"), makes("m", "E"), uses("T", "F", strength="optional")])
    for level in ("required", "optional"):
        plain, web = web_of(picture, level), supply_web_of(picture, level)
        theirs = {
            (
                plain.id(int(plain.needs.subjects[need])),
                plain.need_name(need),
                plain.is_supply(need),
                plain.strength(need),
            )
            for need in range(plain.needs.size)
        }
        ours = {
            (web.id(int(web.needs.subjects[need])), web.need_name(need), web.is_supply(need), web.strength(need))
            for need in range(web.needs.size)
            if not web.is_making(need)
        }
        assert ours == theirs
        assert [web.supplied(need) for need in range(web.needs.size) if web.is_supply(need)] == ["A"]
        assert made(web, "E") == {"m": None}
        assert web_of(picture, level) is plain


def test_makers_without_shares_leave_an_interval(build: Build) -> None:
    web = supply_web_of(build([makes("ada", "tool"), makes("bee", "tool"), uses("fab", "tool")]))
    assert made(web, "tool") == {"ada": None, "bee": None}
    assert left(web, "fab", "ada") == (0, 1)
    # The list may not be whole: with all known makers gone somebody unnamed may still give.
    assert left(web, "fab", "ada", "bee") == (0, 1)


def test_of_a_list_that_is_said_to_be_complete_nobody_else_gives(build: Build) -> None:
    rows = [makes("ada", "tool"), makes("bee", "tool"), all_listed("tool")]
    web = supply_web_of(build(rows))
    assert made(web, "tool", "all makers") == {"ada": None, "bee": None}
    assert left(web, "tool", "ada") == (0, 1)
    assert left(web, "tool", "ada", "bee") == (0, 0)
    # A claim that the list of parts is complete says nothing of its makers, and one doubt is enough.
    for other in ([all_listed("tool", scope="components")], [all_listed("tool"), all_listed("tool", "incomplete")]):
        assert left(supply_web_of(build([*rows[:2], *other])), "tool", "ada", "bee") == (0, 1)


def test_a_maker_beside_shares_has_what_they_leave(build: Build) -> None:
    web = supply_web_of(build([makes("ada", "tool", "0.7"), makes("bee", "tool")]))
    assert made(web, "tool") == {"ada": (0.7, 0.7), "bee": None}
    assert left(web, "tool", "bee") == (0.7, 1)
    withheld = {**makes("bee", "tool"), "qualifiers": "reason=withheld"}
    assert made(supply_web_of(build([makes("ada", "tool", "0.7"), withheld])), "tool")["bee"] is None


def test_makers_and_countries_share_out_one_whole_side_by_side(build: Build) -> None:
    rows = [
        *TOOL,
        kind("arden", "state"),
        kind("brask", "state"),
        makes("arden", "tool", "0.6"),
        makes("brask", "tool", "0.4"),
    ]
    web = supply_web_of(build(rows))
    assert made(web, "tool", "countries") == {"arden": (0.6, 0.6), "brask": (0.4, 0.4)}
    node = web.node("tool")
    assert node is not None
    one, other = web.needs_of(node)
    assert (int(web.twin[one]), int(web.twin[other])) == (other, one)
    # The maker may be the whole of the country, or have nothing to do with it.
    assert left(web, "fab", "bee", "brask") == (0.3, 0.6)


def test_a_group_of_others_goes_where_it_completes_the_whole_and_keeps_giving(build: Build) -> None:
    rows = [kind("arden", "state"), kind("rest", "group"), makes("arden", "ore", "0.7"), makes("rest", "ore", "0.3")]
    web = supply_web_of(build(rows))
    assert made(web, "ore", "countries") == {"arden": (0.7, 0.7), "rest": (0.3, 0.3)}
    assert left(web, "ore", "arden") == (0.3, 0.3)
    # Without the group the rest is nobody's, and may not be there.
    assert left(supply_web_of(build(rows[:3:2])), "ore", "arden") == (0, 0.3)


def test_amounts_become_shares_of_the_whole_and_nobody_makes_nothing(build: Build) -> None:
    ton = {"unit": "t/year"}
    rows = [kind(name, "state") for name in ("arden", "brask", "corvo")]
    rows += [makes("arden", "ore", "60", **ton), makes("brask", "ore", "20", **ton), makes("corvo", "ore", "0", **ton)]
    whole = {**makes("all", "ore", "100", **ton), "qualifiers": "scope=world total"}
    assert made(supply_web_of(build([*rows, whole])), "ore", "countries") == {"arden": (0.6, 0.6), "brask": (0.2, 0.2)}
    # No source gives the whole: it is no less than what is recorded.
    assert made(supply_web_of(build(rows)), "ore", "countries") == {"arden": (0, 0.75), "brask": (0, 0.25)}


def test_the_newest_figure_counts_and_the_day_is_kept(build: Build) -> None:
    rows = [makes("ada", "tool", "0.9", observed="2010"), makes("ada", "tool", "0.2", observed="2020")]
    assert made(supply_web_of(build(rows)), "tool") == {"ada": (0.2, 0.2)}
    assert made(supply_web_of(build(rows, Request(as_of="2015"))), "tool") == {"ada": (0.9, 0.9)}


def test_one_series_counts_shares_first(build: Build) -> None:
    rows = [
        makes("ada", "ore", "60", unit="t/year"),
        makes("bee", "ore", "10", unit="t/year"),
        makes("bee", "ore", "0.4"),
    ]
    assert made(supply_web_of(build(rows)), "ore") == {"bee": (0.4, 0.4)}
    # Who is named without a figure makes it all the same.
    assert made(supply_web_of(build([*rows, makes("cid", "ore")])), "ore") == {"bee": (0.4, 0.4), "cid": None}


def test_who_designs_counts_only_where_nobody_makes(build: Build) -> None:
    rows = [makes("lab", "tool", predicate="develops"), makes("ops", "tool", predicate="operates")]
    assert made(supply_web_of(build(rows)), "tool") == {"lab": None, "ops": None}
    assert made(supply_web_of(build([*rows, makes("ada", "tool", predicate="builds")])), "tool") == {"ada": None}


def test_supply_to_a_party_is_its_need_and_with_shares_is_shared_out(build: Build) -> None:
    rows = [
        uses("fab", "gas"),
        supplies("one", "fab", "gas", low="0.8", high="0.8", unit="share"),
        supplies("two", "fab", "gas"),
    ]
    web = supply_web_of(build(rows))
    assert made(web, "gas") == {}
    assert left(web, "fab", "one") == (0.2, 0.2)
    assert left(web, "fab", "two") == (0.8, 1)
    plain = supply_web_of(build([uses("fab", "gas"), supplies("one", "fab", "gas"), supplies("two", "fab", "gas")]))
    assert left(plain, "fab", "one") == (1, 1)
    assert left(plain, "fab", "one", "two") == (0, 0)


def test_supply_to_who_is_not_said_to_need_it_tells_a_maker(build: Build) -> None:
    rows = [uses("fab", "gas"), supplies("one", "other", "gas", low="0.8", high="0.8", unit="share")]
    web = supply_web_of(build(rows))
    # A part of what another party gets is no share of the whole.
    assert made(web, "gas") == {"one": None}
    assert left(web, "fab", "one") == (0, 1)


def test_plans_possible_capacity_and_denials_make_nothing(build: Build) -> None:
    rows = [
        makes("ada", "tool", mode="planned"),
        makes("bee", "tool", mode="possible"),
        makes("cid", "tool", stance="denies"),
    ]
    web = supply_web_of(build([*rows, uses("fab", "tool")]))
    assert made(web, "tool") == {}
    old = makes("ada", "tool", valid_from="2001", valid_to="2002")
    web = supply_web_of(build([old, uses("fab", "tool")]))
    assert made(web, "tool") == {}
    assert any("who makes a thing surely does not hold" in note for note in web.notes())


def test_months_of_stock_and_switching_are_the_span_of_what_claims_say(build: Build) -> None:
    rows = [
        {**uses("fab", "gas", need="gas"), "qualifiers": "need=gas; stock=3"},
        {**uses("fab", "gas", need="gas"), "qualifiers": "need=gas; stock=6; switching_time=12", "locator": "p. 9"},
        uses("fab", "air", need="gas"),
        {**uses("fab", "oil"), "qualifiers": "stock=-1"},
    ]
    web = supply_web_of(build(rows))
    found = {}
    for place, node in enumerate(web.needs.alternatives.tolist()):
        found[web.id(node)] = [float(end[place]) for end in (*web.stock, *web.switching)]
    assert found["gas"] == [3, 6, 12, 12]
    assert all(math.isnan(end) for end in (*found["air"], *found["oil"]))


def test_every_alternative_has_its_claims(build: Build) -> None:
    web = supply_web_of(
        build([*TOOL, all_listed("tool"), makes("ada", "tool", "0.5", locator="p. 99"), supplies("x", "fab", "tool")])
    )
    for place in range(web.needs.alternatives.size):
        claims = web.claims_at([place])
        assert claims
        assert len(claims) == len(web.rows_at(place))
        assert {claim.predicate for claim in claims} <= {"produces", "uses", "supplies"}
        end = web.id(int(web.needs.alternatives[place]))
        assert all(end in (claim.subject, claim.object) for claim in claims)
    node = web.node("tool")
    assert node is not None
    assert len(web.claims_at(web.places(web.needs_of(node)[0]))) == 4


def test_names_and_levels(build: Build) -> None:
    picture = build(TOOL)
    web = supply_web_of(picture)
    assert supply_web_of(picture) is web
    assert web.node("nobody") is None
    assert web.ids([node for name in ("ada", "fab") if (node := web.node(name)) is not None]) == ["ada", "fab"]
    with pytest.raises(ArgumentError, match="no strength"):
        supply_web_of(picture, "weak")


def test_an_empty_picture_has_no_needs(build: Build) -> None:
    web = supply_web_of(build([kind("a", "product")]))
    assert (web.things, web.needs.size) == (0, 0)


def test_what_is_left_is_what_the_shares_say(build: Build) -> None:
    """Exact shares that make up the whole: what is left is counted by hand, along chains of two tiers, in five worlds of one picture."""
    random = Random(7)
    worlds: list[tuple[str, list[str], dict[str, dict[str, float]]]] = []
    rows: list[Row] = []
    for tag in "abcde":
        makers = [f"{tag}-m{number}" for number in range(6)]
        shares: dict[str, dict[str, float]] = {}
        for thing in "xyz":
            cuts = sorted(random.sample(range(1, 20), 3))
            parts = [high - low for low, high in zip([0, *cuts], [*cuts, 20], strict=True)]
            shares[thing] = {name: part / 20 for name, part in zip(random.sample(makers, 4), parts, strict=True)}
            rows += [makes(name, f"{tag}-{thing}", str(part)) for name, part in shares[thing].items()]
        rows += [uses(f"{tag}-top", f"{tag}-x")]
        rows += [uses(f"{tag}-top", f"{tag}-{thing}", need="or") for thing in "yz"]
        worlds.append((tag, makers, shares))
    web = supply_web_of(build(rows))
    for tag, makers, shares in worlds:
        for _ in range(12):
            failed = [name for name in random.sample(makers, 3) if web.node(name) is not None]
            rest = {thing: 1 - sum(held.get(name, 0) for name in failed) for thing, held in shares.items()}
            expected = min(rest["x"], max(rest["y"], rest["z"]))
            assert left(web, f"{tag}-top", *failed) == pytest.approx((expected, expected), abs=1e-8)


def test_merged_makers_and_things_are_one(tmp_path: Path) -> None:
    path = tmp_path / "p.duckdb"
    rows = [
        makes("a1", "tool", "0.3"),
        makes("a2", "tool", "0.3", locator="p. 99"),
        makes("bee", "t2", "0.2"),
        makes("tool", "t2"),
        uses("fab", "t2"),
    ]
    add_files(path, [write_claims(tmp_path / "r.csv", rows)])
    judge(path, "a1", "a2", "same", who="tester", why="one firm")
    judge(path, "tool", "t2", "same", who="tester", why="one thing")
    with Store(path, read_only=True) as store:
        picture = Picture(store)
        web = supply_web_of(picture)
        firm, thing = (picture.resolution.of(name) for name in ("a1", "tool"))
        assert made(web, thing) == {firm: (0.3, 0.3), "bee": (0.2, 0.2)}
        assert left(web, "fab", firm) == (0.7, 0.7)


def test_shares_over_the_whole_are_told(build: Build) -> None:
    rows = [makes("a", "tin", "0.7"), makes("b", "tin", "0.6"), makes("a", "zinc", "0.7"), makes("b", "zinc", "0.3")]
    notes = supply_web_of(build(rows)).notes()
    assert notes == ["stated shares add up to more than the whole, and are used as stated: tin 130.0 %"]
    assert not supply_web_of(build(rows[1:])).notes()


def test_of_many_things_with_shares_over_the_whole_the_worst_are_named(build: Build) -> None:
    rows = [makes(maker, f"g{at}", f"0.{at + 3}") for at in range(7) for maker in "abc"]
    (note,) = supply_web_of(build(rows)).notes()
    assert note.endswith(": g6 270.0 %, g5 240.0 %, g4 210.0 %, g3 180.0 %, g2 150.0 % and 1 more")
