"""How exposed a thing is to an actor: shares and ways by hand, what may be, what stands apart, and an oracle in plain Python."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import pytest

from isthmus.claims.store import Store
from isthmus.errors import ArgumentError, UnknownEntityError
from isthmus.lenses import exposure
from isthmus.model import Finding
from isthmus.picture import Picture
from isthmus.service.adding import add_files
from tests.dependence.worlds import V6, supplies, uses

from .conftest import Build, Row


def owns(holder: str, target: str, low: str, high: str = "", **more: str) -> Row:
    ends = {"low": low, "high": high or low, "unit": "share"}
    return {"subject": holder, "predicate": "owns", "object": target, **ends, **more}


def makes(maker: str, thing: str, share: str = "", **more: str) -> Row:
    row = {"subject": maker, "predicate": "produces", "object": thing, **more}
    return {**row, "low": share, "high": share, "unit": "share"} if share else row


def kind(name: str, value: str) -> Row:
    return {"subject": name, "predicate": "kind", "value": value}


def share(finding: Finding) -> tuple[float, float]:
    body = finding.extra["share"]
    return body["low"], body["high"]


def told(finding: Finding) -> dict[str, tuple[str, float, float, str]]:
    """Return each answer: what the actor is to it, what is lost without it alone, in words too."""
    return {
        row["entity"]: (row["control"], row["alone"]["low"], row["alone"]["high"], row["effect"])
        for row in finding.answers
    }


TOOL = [
    uses("fab", "tool"),
    makes("ada", "tool", "0.5"),
    makes("bee", "tool", "0.3"),
    makes("cid", "tool", "0.2"),
    owns("top", "ada", "0.6"),
]


def test_the_share_is_that_of_all_makers_in_the_hands_of_the_actor(build: Build) -> None:
    finding = exposure.ask(build(TOOL), "fab", "top")
    assert (share(finding), finding.extra["verdict"]) == ((0.5, 0.5), "depends in part")
    assert told(finding) == {"ada": ("controls", 0.5, 0.5, "takes a part")}
    (path,) = finding.extra["paths"]
    assert [(step["from"], step["to"], step["side"]) for step in path["steps"]] == [
        ("fab", "tool", None),
        ("tool", "ada", "makers"),
    ]
    assert [(step["takes"], step["alternatives"]) for step in path["steps"]] == [(1, 1), (1, 3)]
    assert path["steps"][1]["share"]["low"] == 0.5
    assert path["steps"][0]["share"] is None
    assert [(link["from"], link["to"], link["certain"]) for link in path["chain"]] == [("top", "ada", True)]
    cited = {finding.claims[name]["predicate"] for name in finding.answers[0]["claims"]}
    assert cited == {"uses", "produces", "owns"}
    both = exposure.ask(build([*TOOL, owns("top", "bee", "1")]), "fab", "top")
    assert share(both) == (0.8, 0.8)


def test_the_actor_itself_counts(build: Build) -> None:
    finding = exposure.ask(build(TOOL), "fab", "ada")
    assert told(finding) == {"ada": ("itself", 0.5, 0.5, "takes a part")}
    assert finding.extra["paths"][0]["chain"] == []
    everything = exposure.ask(build([uses("fab", "grid")]), "fab", "grid")
    assert (share(everything), everything.extra["verdict"]) == ((1, 1), "depends wholly")
    assert told(everything)["grid"][3] == "fails it"


def test_who_only_may_control_counts_at_the_worst_end(build: Build) -> None:
    finding = exposure.ask(build([*TOOL, owns("top", "bee", "0.4", "0.6")]), "fab", "top")
    assert share(finding) == (0.5, 0.8)
    assert told(finding)["bee"] == ("may control", 0.3, 0.3, "takes a part")
    assert not finding.extra["paths"][1]["chain"][0]["certain"]
    alone = exposure.ask(build([*TOOL[:4], owns("top", "bee", "0.4", "0.6")]), "fab", "top")
    assert (share(alone), alone.extra["verdict"]) == ((0, 0.3), "may depend")
    totals = alone.extra["totals"]
    assert (totals["reached"], totals["may_be_reached"]) == (0, 1)


def test_who_can_block_or_has_influence_stands_apart(build: Build) -> None:
    finding = exposure.ask(build([*TOOL[:4], owns("top", "ada", "0.5")]), "fab", "top")
    assert (share(finding), finding.extra["verdict"]) == ((0, 0), "no dependence found")
    assert finding.answers == ()
    assert [(row["entity"], row["control"]) for row in finding.extra["apart"]] == [("ada", "can block")]
    assert any("is not counted" in limit for limit in finding.limits)


def test_alternatives_are_understood_and_no_loss_is_still_a_way(build: Build) -> None:
    rows = [*V6, owns("top", "B", "1"), owns("top", "E", "1")]
    finding = exposure.ask(build(rows), "T", "top")
    # B is one of two, and E stands behind the other: neither alone, and both together.
    assert (share(finding), finding.extra["verdict"]) == ((1, 1), "depends wholly")
    assert told(finding) == {"B": ("controls", 0, 0, "does not"), "E": ("controls", 0, 0, "does not")}
    one = exposure.ask(build([*V6, owns("top", "B", "1")]), "T", "top")
    assert (share(one), one.extra["verdict"]) == ((0, 0), "no dependence found")
    assert [row["way"] for row in one.answers] == [["T", "B"]]
    behind = exposure.ask(build([*V6, owns("top", "D", "1")]), "T", "top")
    assert told(behind)["D"] == ("controls", 1, 1, "fails it")
    assert behind.answers[0]["way"] == ["T", "A", "D"]


def test_makers_without_shares_leave_all_of_it_open(build: Build) -> None:
    rows = [uses("fab", "tool"), makes("ada", "tool"), makes("bee", "tool"), owns("top", "ada", "1")]
    finding = exposure.ask(build(rows), "fab", "top")
    assert (share(finding), finding.extra["verdict"]) == ((0, 1), "may depend")
    assert told(finding)["ada"][3] == "may take a part"
    assert any(
        gap.what.startswith("the share of a maker of tool is not said") and (gap.n, gap.of) == (2, 2)
        for gap in finding.gaps
    )
    assert any("who else makes tool" in gap.what for gap in finding.gaps)
    whole = {"subject": "tool", "predicate": "completeness", "value": "complete", "qualifiers": "scope=suppliers"}
    closed = exposure.ask(build([*rows, whole, owns("top", "bee", "1")]), "fab", "top")
    assert (share(closed), closed.extra["verdict"]) == ((1, 1), "depends wholly")
    assert not any("who else makes" in gap.what for gap in closed.gaps)


def test_chains_of_control_and_of_needs(build: Build) -> None:
    rows = [uses("shop", "app"), uses("app", "cloud"), owns("mid", "cloud", "0.7"), owns("top", "mid", "0.9")]
    finding = exposure.ask(build(rows), "shop", "top")
    assert finding.answers[0]["way"] == ["shop", "app", "cloud"]
    assert [(link["from"], link["to"]) for link in finding.extra["paths"][0]["chain"]] == [
        ("top", "mid"),
        ("mid", "cloud"),
    ]
    assert finding.extra["totals"] == {
        "controlled": 2,
        "may_be_controlled": 0,
        "reached": 1,
        "may_be_reached": 0,
        "apart": 0,
        "needed": 2,
    }


def test_a_supplier_to_the_thing_is_a_way(build: Build) -> None:
    rows = [
        uses("fab", "gas"),
        supplies("one", "fab", "gas", low="0.7", high="0.7", unit="share"),
        supplies("two", "fab", "gas", low="0.3", high="0.3", unit="share"),
        owns("top", "one", "1"),
    ]
    finding = exposure.ask(build(rows), "fab", "top")
    assert share(finding) == (0.7, 0.7)
    (step,) = finding.extra["paths"][0]["steps"]
    assert (step["supply_of"], step["share"]["low"]) == ("gas", 0.7)


def test_a_country_counts_as_a_maker_and_by_what_it_controls_and_not_by_what_lies_there(build: Build) -> None:
    rows = [
        *TOOL,
        kind("arden", "state"),
        kind("brask", "state"),
        makes("arden", "tool", "0.6"),
        makes("brask", "tool", "0.4"),
        {"subject": "cid", "predicate": "located_in", "object": "arden"},
    ]
    finding = exposure.ask(build(rows), "fab", "arden")
    assert share(finding) == (0.6, 0.6)
    assert finding.extra["paths"][0]["steps"][1]["side"] == "countries"
    assert "cid" not in told(finding)
    assert any("located in arden is not controlled" in limit for limit in finding.limits)
    # A works of the state may be all of its part or none of it.
    held = exposure.ask(build([*rows, owns("arden", "bee", "1")]), "fab", "arden")
    assert share(held) == (0.6, 0.9)


def test_a_thing_in_the_hands_of_the_actor_is_no_need_of_itself(build: Build) -> None:
    finding = exposure.ask(build([*TOOL, owns("top", "fab", "1"), owns("ada", "tool", "1")]), "fab", "top")
    assert "fab" not in told(finding)
    assert set(told(finding)) == {"tool", "ada"}
    assert any("top controls fab itself" in limit for limit in finding.limits)


def test_the_gap_of_suppliers_whom_nobody_is_known_to_control(build: Build) -> None:
    finding = exposure.ask(build([*TOOL, kind("cid", "company")]), "fab", "top")
    (gap,) = [gap for gap in finding.gaps if gap.what.startswith("who controls")]
    assert gap.what.startswith("who controls bee, cid")
    assert (gap.n, gap.of) == (2, 3)
    lists = [gap for gap in finding.gaps if "what else is needed" in gap.what]
    assert [(gap.n, gap.of) for gap in lists] == [(1, 1), (1, 1), (3, 3)]


def test_the_gaps_of_shares(build: Build) -> None:
    rows = [
        uses("fab", "tool"),
        uses("fab", "ore"),
        makes("ada", "tool", "0.5"),
        {**makes("bee", "tool"), "qualifiers": "reason=withheld"},
        makes("cid", "ore", "0.7"),
    ]
    finding = exposure.ask(build(rows), "fab", "ada")
    (withheld,) = [gap for gap in finding.gaps if gap.kind == "withheld"]
    assert (withheld.n, withheld.of) == (1, 3)
    assert finding.claims[withheld.claims[0]]["subject"] == "bee"
    (rest,) = [gap for gap in finding.gaps if gap.kind == "unnamed"]
    assert rest.what == "ore, by makers: 30 % belong to nobody named"


def test_the_supplier_of_one_alternative_is_a_way(build: Build) -> None:
    rows = [
        uses("fab", "gas", need="fuel"),
        uses("fab", "oil", need="fuel"),
        supplies("one", "fab", "gas"),
        supplies("two", "shop", "gas"),
        uses("shop", "gas"),
    ]
    picture = build([*rows, owns("top", "one", "1")])
    finding = exposure.ask(picture, "fab", "top")
    assert (share(finding), told(finding)["one"][3]) == ((0, 0), "does not")
    assert finding.answers[0]["way"] == ["fab", "gas", "one"]
    assert exposure.ask(picture, "fab", "two").answers == ()
    assert share(exposure.ask(picture, "shop", "two")) == (1, 1)
    both = exposure.ask(build([*rows, owns("top", "one", "1"), owns("top", "oil", "1")]), "fab", "top")
    assert share(both) == (1, 1)


def test_levels_and_rules_change_the_answer(build: Build) -> None:
    rows = [uses("fab", "tool", strength="optional"), uses("fab", "air"), owns("top", "tool", "0.5")]
    picture = build(rows)
    assert exposure.ask(picture, "fab", "top").answers == ()
    optional = exposure.ask(picture, "fab", "top", strength="optional")
    assert optional.answers == ()
    assert [row["control"] for row in optional.extra["apart"]] == ["can block"]
    other = exposure.ask(picture, "fab", "top", strength="optional", profile="gleif_consolidation")
    assert other.question["profile"].startswith("gleif_consolidation/")


def test_nothing_held_is_not_nothing(build: Build) -> None:
    picture = build(TOOL)
    for name in ("ada", "top"):
        finding = exposure.ask(picture, name, "bee")
        assert (finding.extra["share"], finding.extra["verdict"]) == (None, "no dependence found")
        assert "not to say that it needs nothing" in finding.gaps[0].what
    done = {"subject": "ada", "predicate": "completeness", "value": "complete"}
    assert exposure.ask(build([*TOOL, done]), "ada", "bee").gaps[0].kind == "searched"


@pytest.mark.parametrize(
    ("words", "options", "error", "message"),
    [
        (("fab", "fab"), {}, ArgumentError, "about itself"),
        (("nobody", "top"), {}, UnknownEntityError, "nobody"),
        (("fab", "nobody"), {}, UnknownEntityError, "nobody"),
        (("fab", "top"), {"strength": "weak"}, ArgumentError, "no strength"),
        (("fab", "top"), {"profile": "multiply"}, ArgumentError, "not who commands"),
        (("fab", "top"), {"profile": "aggregate_50"}, ArgumentError, "not who commands"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    build: Build, words: tuple[str, str], options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        exposure.ask(build(TOOL), *words, **options)


def test_why_names_the_claims_and_the_works_it_hangs_on(build: Build) -> None:
    rows = [
        uses("fab", "tool", source="one"),
        uses("fab", "tool", source="two"),
        makes("ada", "tool", "0.5", source="maps"),
        owns("top", "ada", "0.6", source="register"),
        owns("top", "bee", "1", source="register"),
        makes("bee", "tool", "0.3", source="maps"),
        makes("bee", "tool", source="hearsay"),
    ]
    finding = exposure.ask(build(rows), "fab", "top", why=True)
    ada, bee = finding.answers
    assert ada["support"]["works"] == ["maps", "one", "register", "two"]
    pivotal = {finding.claims[name]["predicate"] for name in ada["support"]["pivotal"]}
    # Either of two claims says that the tool is needed.
    assert pivotal == {"produces", "owns"}
    assert len(ada["support"]["minimal"][0]) == 3
    assert finding.sensitivity["flips"] == {"maps": ["ada"], "register": ["ada", "bee"]}
    without = {
        work: (body["verdict"], (body["share"]["low"], body["share"]["high"]))
        for work, body in finding.sensitivity["without"].items()
    }
    assert without == {"register": ("no dependence found", (0, 0)), "maps": ("may depend", (0, 1))}
    assert bee["support"]["works"] == ["hearsay", "maps", "one", "register", "two"]


def _lost(parts: dict[str, dict[str, float]], needs: dict[str, list[list[str]]], failed: set[str], thing: str) -> float:
    """Return what a thing loses by the words of the definition: the most that any of its needs loses, its makers' shares among them."""
    if thing in failed:
        return 1.0
    losses = [min(_lost(parts, needs, failed, end) for end in ends) for ends in needs.get(thing, [])]
    if thing in parts:
        losses.append(sum(part * _lost(parts, needs, failed, maker) for maker, part in parts[thing].items()))
    return max(losses, default=0.0)


def test_it_is_what_plain_python_finds(build: Build) -> None:
    """Tiers with alternatives, exact shares and stakes of every kind: the share as two failures, of the sure and of the possible.

    Six worlds stand in one picture.
    """
    random = Random(11)
    worlds = {tag: _world(random, tag) for tag in "abcdef"}
    picture = build([row for rows, *_ in worlds.values() for row in rows])
    for tag, (_, needs, parts, stakes) in worlds.items():
        top = f"{tag}-top"
        finding = exposure.ask(picture, top, f"{tag}-actor")
        sure = {name for name, word in stakes.items() if word == "sure"}
        may = sure | {name for name, word in stakes.items() if word == "may"}
        expected = tuple(_lost(parts, needs, failed, top) for failed in (sure, may))
        assert share(finding) == pytest.approx(expected, abs=1e-9)
        reached = {f"{tag}-g2"} | {maker for listed in parts.values() for maker in listed}
        assert set(told(finding)) == may & reached
        for name, (_, low, high, _) in told(finding).items():
            one = _lost(parts, needs, {name}, top)
            assert (low, high) == pytest.approx((one, one), abs=1e-9)


World = tuple[list[Row], dict[str, list[list[str]]], dict[str, dict[str, float]], dict[str, str]]


def _world(random: Random, tag: str) -> World:
    """Return the claims of a world, its needs by alternatives, the shares of its makers, and what the actor is to each."""
    makers, goods = [f"{tag}-m{number}" for number in range(8)], [f"{tag}-g{number}" for number in range(5)]
    needs = {
        f"{tag}-top": [[goods[0]], [goods[1], goods[2]]],
        goods[0]: [[goods[3], goods[4]]],
        makers[0]: [[goods[4]]],
    }
    rows = [
        uses(subject, end, need=f"n{number}")
        for subject, listed in needs.items()
        for number, ends in enumerate(listed)
        for end in ends
    ]
    parts: dict[str, dict[str, float]] = {}
    for good in goods[1:]:
        chosen = random.sample(makers[1:] if good == goods[4] else makers, 3)
        cuts = sorted(random.sample(range(1, 16), 2))
        sizes = [high - low for low, high in zip([0, *cuts], [*cuts, 16], strict=True)]
        parts[good] = {name: size / 16 for name, size in zip(chosen, sizes, strict=True)}
        rows += [makes(name, good, str(part)) for name, part in parts[good].items()]
    stakes = {name: random.choice(["sure", "may", "small", "none"]) for name in [*makers, goods[2]]}
    held = {"sure": ("0.8", "0.8"), "may": ("0.3", "0.7"), "small": ("0.1", "0.1")}
    rows += [owns(f"{tag}-actor", name, *held[word]) for name, word in stakes.items() if word != "none"]
    return [*rows, owns(f"{tag}-actor", f"{tag}-unused", "1")], needs, parts, stakes


def test_minerals_of_one_country_are_its_part_of_the_world(tmp_path: Path) -> None:
    """The figures of the survey by plain division: what each mineral loses without China."""
    file = Path(str(files("isthmus").joinpath("data/demo/usgs_mcs_2026_world_production.csv")))
    with file.open(encoding="utf-8") as text:
        rows = {(row["commodity"], row["country"]): row["production_2025e"] for row in csv.DictReader(text)}
    path = tmp_path / "minerals.duckdb"
    add_files(path, [file])
    with Store(path, read_only=True) as store:
        picture = Picture(store)
        for mineral, name in (
            ("rare earths", "usgs:rare-earths"),
            ("tungsten", "usgs:tungsten"),
            ("lithium", "usgs:lithium"),
        ):
            finding = exposure.ask(picture, name, "iso:CN")
            part = float(rows[mineral, "China"]) / float(rows[mineral, "World total (rounded)"])
            assert share(finding) == pytest.approx((part, part), abs=0.005)
            assert finding.answers[0]["control"] == "itself"
            assert any("located in" in limit for limit in finding.limits)
