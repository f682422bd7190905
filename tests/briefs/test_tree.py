"""The drawing of a dependence: needs, alternatives and doubt are told apart, each thing is drawn once, and nothing covers anything."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.briefs.tree import dependence_svg
from isthmus.briefs.tree.branches import MOST, Item, tree_of
from tests.briefs import supply_findings as samples
from tests.briefs.drawn_chain import SVG, texts, words
from tests.briefs.drawn_svg import is_closed, paths, rects, untidy_boxes
from tests.briefs.supply_findings import Body, depends, need

GOLDEN = Path(__file__).parent / "golden" / "tree.svg"
MADE: dict[str, Callable[[], Body]] = {
    "works": samples.works,
    "wide": samples.wide,
    "deep": samples.deep,
    "bushy": samples.bushy,
    "hostile": samples.hostile_needs,
    "nothing": samples.nothing_needed,
}


def drawn(found: Body) -> ET.Element:
    return is_closed(dependence_svg(found))


def whole(svg: ET.Element) -> str:
    return " ".join(words(svg).split())


def items(found: Body) -> list[Item]:
    open_, seen = [tree_of(found).root], []
    while open_:
        item = open_.pop()
        seen.append(item)
        open_ += [end for joint in item.joints for end in joint.ends]
    return seen


def box_of(svg: ET.Element, name: str) -> ET.Element:
    """Return the group of the box whose title begins with a name."""
    return next(node for node in svg.iter(f"{SVG}g") if (node.findtext(f"{SVG}title") or "").split(";")[0] == name
                and node.find(f"{SVG}rect") is not None)  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_nothing_covers_anything_and_nothing_is_asked_from_outside(name: str) -> None:
    assert untidy_boxes(drawn(MADE[name]()), "box", "line", "spine", "brace") == []


@pytest.mark.parametrize("name", MADE)
def test_the_drawing_is_always_the_same_and_leaves_the_finding_alone(name: str) -> None:
    found = MADE[name]()
    before = copy.deepcopy(found)
    assert dependence_svg(found) == dependence_svg(copy.deepcopy(found))
    assert found == before


def test_the_drawing_is_the_one_that_was_looked_at() -> None:
    assert dependence_svg(samples.works()) == GOLDEN.read_text("utf-8")


def test_tiers_stand_from_left_to_right() -> None:
    svg = drawn(samples.works())
    left: dict[str, float] = {}
    for text, box in texts(svg):
        left.setdefault(text, box[0])
    assert left["works"] < left["line"] == pytest.approx(left["crane 2"], abs=30)
    assert left["line"] < left["pump"]
    assert left["asked about"] < left["tier 1"] < left["tier 2"]


def test_alternatives_stand_behind_a_brace_that_says_how_many_of_them_it_takes() -> None:
    svg = drawn(samples.works())
    shown = whole(svg)
    assert len(paths(svg, "brace")) == 2 + 1, "two needs with a choice, and the key"
    assert "one of 2 power" in shown
    assert "2 of 3 lifting" in shown
    assert "all 4" in shown, "and all of its needs must hold"


def test_what_fails_it_alone_has_a_thick_edge_and_says_so() -> None:
    svg = drawn(samples.works())
    for name, fatal in (("line", True), ("turbine 1", False), ("works", False)):
        marks = [node for node in box_of(svg, name).iter(f"{SVG}rect") if node.get("class") == "alone"]
        assert bool(marks) is fatal
        assert ("fails it alone" in "".join(box_of(svg, name).itertext())) is fatal
    assert "2 of them fail it alone" in whole(svg)
    assert len(rects(svg, "alone")) == 2 + 2 + 1, "line and valve, a box that refers to each, and the key"


def test_where_nobody_worked_out_what_fails_it_nothing_is_said_of_that() -> None:
    found = samples.works()
    del found["question"]["alone"]
    for row in found["answers"]:
        del row["alone"]
    svg = drawn(found)
    assert "alone" not in whole(svg)
    assert rects(svg, "alone") == []


def test_only_what_may_be_needed_is_dashed() -> None:
    svg = drawn(samples.works())
    dashed = [node for node in paths(svg, "line") if node.get("stroke-dasharray")]
    assert len(dashed) == 1
    (told,) = [node.findtext(f"{SVG}title") for node in svg.iter(f"{SVG}g") if dashed[0] in list(node)]
    assert told == "works needs permit"
    assert "may be needed" in whole(svg)
    assert "recommended" in whole(svg)


def test_a_list_that_is_complete_fills_its_box_and_all_others_are_hollow() -> None:
    svg = drawn(samples.works())
    fills = {name: box_of(svg, name).find(f"{SVG}rect") for name in ("line", "pump", "works")}
    assert {name: node is not None and node.get("fill") != "none" for name, node in fills.items()} == {
        "line": True, "pump": False, "works": False
    }  # fmt: skip
    assert "its list of needs is complete" in whole(svg)


@pytest.mark.parametrize("name", MADE)
def test_each_thing_is_drawn_once_at_its_tier(name: str) -> None:
    found = MADE[name]()
    boxes = [item for item in items(found) if item.kind == "thing"]
    tiers = {row["caption"]: row["tier"] for row in found["answers"]}
    if name != "hostile":
        assert len({item.caption for item in boxes}) == len(boxes)
        assert all(item.column == tiers.get(item.caption, 0) for item in boxes)
    assert len(items(found)) <= MOST + 10


def test_a_shared_thing_is_referred_to_and_a_circle_is_named() -> None:
    again = {item.caption: item.notes[0].text for item in items(samples.works()) if item.kind == "again"}
    assert again == {"valve": "drawn once, in tier 2", "line": "needs what needs it"}


def test_several_shared_things_are_named_in_one_box() -> None:
    needs = [need("works", name) for name in "abc"] + [need("c", "a", tier=2), need("c", "b", tier=2)]
    (box,) = [item for item in items(depends("works", needs)) if item.kind == "again"]
    assert (box.caption, box.notes[0].text) == ("a, b", "each drawn once, elsewhere")


def test_what_is_not_drawn_is_counted_and_named_and_what_is_fatal_comes_first() -> None:
    svg = drawn(samples.wide(300))
    shown = whole(svg)
    assert "part 250" in shown
    assert "part 7" in shown
    assert "and 289 more needs" in shown
    assert any("part 299" in (node.text or "") for node in svg.iter(f"{SVG}title"))
    few = depends("works", [need("works", f"part {at}") for at in range(13)])
    assert "more need" not in whole(drawn(few)), "one more is drawn rather than counted alone"


def test_fatal_things_among_those_not_drawn_are_counted() -> None:
    needs = [need("works", f"part {at}") for at in range(40)]
    shown = whole(drawn(depends("works", needs, [f"part {at}" for at in range(40)])))
    assert "28 of them fail it alone" in shown


def test_many_alternatives_are_counted_behind_their_brace() -> None:
    shown = whole(drawn(depends("works", [need("works", *(f"other {at}" for at in range(40)), called="choice")])))
    assert "one of 40" in shown
    assert "and 34 more" in shown


def test_a_long_chain_is_cut_and_says_so() -> None:
    found = samples.deep(2000)
    assert max(item.column for item in items(found)) == 6
    assert "1 need, not drawn" in whole(drawn(found))


def test_what_lies_deeper_than_was_asked_is_said() -> None:
    assert "3 needs, deeper" in whole(drawn(samples.works()))


def test_a_hedge_is_said_and_has_a_dotted_line() -> None:
    svg = drawn(samples.works())
    assert "“reportedly”" in whole(svg)
    assert len(paths(svg, "hedge")) == 2


def test_a_supplied_thing_says_by_whom_and_a_supplier_that_it_is_one() -> None:
    first = need("works", "gas", "oil", called="fuel")
    first["alternatives"][0] |= {"supplied_by": ["a", "b"], "supplied_by_captions": ["Firm A", "Firm B"]}
    second = need("works", "Firm C", supply_of="gas", supply_caption="gas")
    shown = whole(drawn(depends("works", [first, second])))
    assert "from Firm A, Firm B" in shown
    assert "its supplier" in shown


def test_a_need_that_is_called_like_its_only_thing_is_not_named_twice() -> None:
    svg = drawn(depends("works", [need("works", "libc6", called="libc6")]))
    assert [text for text, _ in texts(svg)].count("libc6") == 1


def test_the_next_need_keeps_clear_of_long_words() -> None:
    long = "a name of a need that is as long as it may be and a little longer than that"
    needs = [
        need("works", "a", "b", called=long, strength="recommended"),
        need("works", "c"),
        need("works", "d", called=long),
    ]
    assert untidy_boxes(drawn(depends("works", needs)), "box", "line", "spine", "brace") == []


def test_nothing_known_is_not_nothing_needed() -> None:
    assert "that is not to say that it needs nothing" in whole(drawn(samples.nothing_needed()))


def test_no_name_is_taken_for_markup_and_what_is_cut_stands_in_a_title() -> None:
    svg = drawn(samples.hostile_needs())
    titles = " ".join(node.text or "" for node in svg.iter(f"{SVG}title"))
    assert "<script>alert('x')</script>" in titles
    assert "Donaudampfschifffahrtsgesellschaft" * 4 in titles
    assert "\u202e" not in "".join(svg.itertext())


@st.composite
def webs(draw: st.DrawFn) -> Body:
    """Return what a thing depends on: any needs among a few things, with circles, alternatives and doubt."""
    names = [f"Thing {letter}" for letter in "ABCDEFGHIJKLMN"[: draw(st.integers(2, 14))]]
    needs = []
    for _ in range(draw(st.integers(1, 24))):
        others = draw(st.lists(st.sampled_from(names), min_size=1, max_size=9, unique=True))
        doubt = draw(st.lists(st.booleans(), min_size=len(others), max_size=len(others)))
        called = draw(
            st.sampled_from([None, "power", "a long name of a need that goes on and on for several lines", "能源"])
        )
        ends = [f"?{name}" if unsure else name for name, unsure in zip(others, doubt, strict=True)]
        needs.append(need(draw(st.sampled_from(names)), *ends, takes=draw(st.integers(1, len(others))), called=called))
    rows = {name: {"list": draw(st.sampled_from(["complete", "incomplete", "unknown", "unsaid"])), "needs": draw(st.integers(0, 3)),
                   "hedges": draw(st.sampled_from([[], ["reportedly"], ["x" * 80]]))} for name in names}  # fmt: skip
    return depends(
        names[0], needs, draw(st.lists(st.sampled_from(names), unique=True)), depth=draw(st.integers(1, 6)), rows=rows
    )


@settings(max_examples=30, deadline=None)
@given(webs())
def test_no_tree_is_untidy(found: Body) -> None:
    svg = drawn(found)
    assert untidy_boxes(svg, "box", "line", "spine", "brace") == []
    told = " ".join("".join(svg.itertext()).split())
    silent = [row for row in found["answers"] if row["caption"] not in told]
    assert all(row["tier"] > 1 for row in silent), "what is needed directly is always named"
    assert not silent or "things drawn" in told, "what lies behind things that are counted is counted too"
