"""The drawing of a chain of control: all of it is there, told apart by its doubt, and nothing covers anything."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.briefs.chain import chain_svg
from tests import control_findings as samples
from tests.briefs.drawn_chain import SVG, boxes, drawn, lines, untidy, words
from tests.control_findings import Body, answer, finding, holder, share, step

MADE: dict[str, Callable[[], Body]] = {
    "port": samples.port,
    "ring": samples.ring,
    "ring of two": lambda: samples.ring(2),
    "ring of a hundred": lambda: samples.ring(100),
    "thirty levels": samples.long_chain,
    "forty holders": samples.wide,
    "nothing": samples.nothing,
    "downward": samples.downward,
    "downward as asked": lambda: samples.as_asked_by(samples.downward()),
    "overview": samples.overview,
    "downward to forty": lambda: samples.downward(40),
    "two rules": samples.beside,
}


@pytest.mark.parametrize("name", MADE)
def test_nothing_covers_anything(name: str) -> None:
    assert untidy(drawn(MADE[name]())) == []


@pytest.mark.parametrize("name", MADE)
def test_every_party_of_an_answer_is_named(name: str) -> None:
    found = MADE[name]()
    whole = " ".join("".join(drawn(found).itertext()).split())
    for row in found["answers"]:
        assert row["caption"] in whole
        assert row.get("of_caption", "") in whole


@pytest.mark.parametrize("name", MADE)
def test_the_drawing_is_always_the_same_and_leaves_the_finding_alone(name: str) -> None:
    found = MADE[name]()
    before = copy.deepcopy(found)
    assert chain_svg(found) == chain_svg(copy.deepcopy(found))
    assert found == before


@pytest.mark.parametrize("name", MADE)
def test_it_needs_no_script_sheet_or_network_and_is_told_to_who_cannot_see(name: str) -> None:
    text = chain_svg(MADE[name]())
    svg = ET.fromstring(text)
    assert not {node.tag.removeprefix(SVG) for node in svg.iter()} & {
        "script",
        "style",
        "image",
        "use",
        "foreignObject",
    }
    assert "style=" not in text
    assert re.findall(r"https?:[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    titles = {node.get("id"): node.text for node in svg if node.tag in (f"{SVG}title", f"{SVG}desc")}
    assert svg.get("role") == "img"
    assert svg.attrib["aria-labelledby"].split() == list(titles)
    assert all(titles.values())


def test_a_line_is_dashed_where_it_is_not_certain_and_only_there() -> None:
    found = samples.port()
    steps = {(item["from"], item["to"]): item["certain"] for row in found["answers"] for item in row["steps"]}
    inked = lines(drawn(found))
    assert {ends: "stroke-dasharray" not in inked[ends].attrib for ends in steps} == steps
    assert "may: 4-49 %" in words(drawn(found)), "a dash never stands without its word"


def test_widths_follow_the_shares_and_a_pale_band_is_as_wide_as_may_be() -> None:
    steps = [step(name, "Firm", part) for name, part in
             (("A", share(0.1)), ("B", share(0.4)), ("C", share(0.4, 0.9)), ("D", None))]  # fmt: skip
    svg = drawn(finding("Firm", [answer("A", "Firm", "cannot", steps)]))
    wide = {ends[0]: float(node.attrib["stroke-width"]) for ends, node in lines(svg).items()}
    assert wide["d"] < wide["a"] < wide["b"] == wide["c"]
    (pale,) = (node for node in svg.iter(f"{SVG}path") if node.get("class") == "band")
    assert float(pale.attrib["stroke-width"]) > wide["c"]
    assert "share not stated" in words(svg)


def test_joint_holdings_meet_in_a_brace_with_their_sum() -> None:
    svg = drawn(samples.port())
    braces = [node for node in svg.iter(f"{SVG}path") if node.get("class") == "brace"]
    assert len(braces) == 1
    assert "together 51-56 %" in words(svg)
    (joint,) = (node for node in svg.iter(f"{SVG}path") if node.get("data-joint"))
    assert "stroke-dasharray" not in joint.attrib
    start = float(re.findall(r"[\d.]+", braces[0].attrib["d"])[0])
    ends = {name: float(lines(svg)[name, "silk road information port company of northern arden"].attrib["d"].split("H")[-1])
            for name in ("northgate networks", "kelda telecom", "hillbank")}  # fmt: skip
    assert ends["northgate networks"] == ends["kelda telecom"] == pytest.approx(start, abs=0.1)
    assert ends["hillbank"] > start


def test_a_sum_that_no_answer_gives_is_added_up() -> None:
    steps = [step("Top", "A", share(1.0)), step("Top", "B", share(1.0)), step("A", "Mid", share(0.3)),
             step("B", "Mid", share(0.25, 0.3)), step("Mid", "Firm", share(0.9))]  # fmt: skip
    svg = drawn(finding("Firm", [answer("Top", "Firm", "controls", steps, share=share(0.9))]))
    assert "together 55-60 %" in words(svg)


def test_blocking_ends_in_a_bar_and_influence_is_thin() -> None:
    found = samples.port()
    svg = drawn(found)
    assert len([node for node in svg.iter(f"{SVG}path") if node.get("class") == "bar"]) == 2, (
        "the chain's and the key's"
    )
    inked = lines(svg)
    goal = found["question"]["of"]
    assert float(inked["hillbank", goal].attrib["stroke-width"]) < float(
        inked["ministry of links", goal].attrib["stroke-width"]
    )
    both = [answer("A", "Firm", "can block", [step("A", "Firm", share(0.3))]),
            answer("B", "Firm", "controls", [step("B", "A", share(0.6)), step("A", "Firm", share(0.3)),
                                             step("B", "Firm", share(0.3))])]  # fmt: skip
    bars = [node for node in drawn(finding("Firm", both)).iter(f"{SVG}path") if node.get("class") == "bar"]
    assert bars == [], "what is a part of control too is no mere bar"


def test_the_past_is_lighter_and_says_its_end() -> None:
    svg = drawn(samples.port())
    inked = lines(svg)
    colours = {ends[0]: node.attrib["stroke"] for ends, node in inked.items()}
    assert colours["hillbank"] != colours["brightwell holding"] == colours["kelda telecom"]
    assert "until 2023" in words(svg)


def test_a_hedge_is_said_and_has_a_dotted_line() -> None:
    found = samples.port()
    svg = drawn(found)
    assert "“reportedly”" in words(svg)
    marks = [node for node in svg.iter(f"{SVG}path") if node.get("class") == "hedge"]
    # The share, the hedge itself, the hedged verdict, and the key.
    assert len(marks) == 4
    long = "as far as the two sources that speak of it at all can be relied on, which is not sure"
    odd = finding("Firm", [answer("A", "Firm", "controls", [step("A", "Firm", share(0.6), hedges=[long])])])
    assert "hedged by its source" in words(drawn(odd))
    assert long in "".join(drawn(odd).itertext())


def test_what_nobody_accounts_for_is_hollow_with_its_range() -> None:
    svg = drawn(samples.port())
    assert "at most 45 % of shares unaccounted" in " ".join(words(svg).split())
    hollow = [node for node in svg.iter(f"{SVG}rect") if node.get("class") == "box" and node.get("fill") == "none"]
    assert len(hollow) == 1
    full = drawn(finding("Firm", [], holders=[holder("A", share(1.0), "Firm")], unaccounted=share(0)))
    assert [node for node in full.iter(f"{SVG}rect") if node.get("fill") == "none"] == []


def test_nothing_known_is_not_nothing_there() -> None:
    empty = {**samples.overview(), "answers": []}
    assert "Nobody is known to control anything in this picture" in " ".join(words(drawn(empty)).split())
    assert "No holder or controller is named in this picture; there may be some" in " ".join(
        words(drawn(samples.nothing())).split()
    )


def test_a_ring_stands_in_a_frame_and_names_itself() -> None:
    svg = drawn(samples.ring())
    (frame,) = (node for node in svg.iter(f"{SVG}rect") if node.get("class") == "ring")
    x, y, width, height = (float(frame.attrib[key]) for key in ("x", "y", "width", "height"))
    inside = [box for box in boxes(svg) if x < box[0] and box[2] < x + width and y < box[1] and box[3] < y + height]
    assert len(inside) == 3
    assert "self-controlled ring" in words(svg)
    assert "Ring Firm 1: 70 %" in words(svg), "a line from the frame says whose it is"
    loop = samples.ring()
    loop["rings"] = []
    assert "self-controlled ring" not in words(drawn(loop))


def test_a_long_ring_is_folded_and_its_middle_is_named() -> None:
    found = samples.ring(10_000)
    svg = drawn(found)
    assert "and 9,995 more" in words(svg)
    assert "Ring Firm 5000" in "".join(svg.itertext())
    assert len(boxes(svg)) == 8


def test_many_holders_are_folded_counted_and_named() -> None:
    svg = drawn(samples.wide())
    assert len(boxes(svg)) == 12 + 1 + 1 + 1
    assert "and 28 more" in words(svg)
    assert "in all 60.3 %" in words(svg)
    assert "Holder Number 7" in words(svg), "who is in an answer is drawn first"
    (fold,) = (node for node in svg.iter(f"{SVG}title") if (node.text or "").startswith("and 28 more;"))
    assert len(re.findall(r"Holder Number \d+", fold.text or "")) == 28
    thirteen = drawn(samples.wide(13))
    assert "more" not in words(thirteen), "one is not folded alone"
    assert len(boxes(thirteen)) == 13 + 1 + 1


def test_what_stands_behind_the_folded_is_counted() -> None:
    held = [step(f"Holder {at}", "Firm", share(0.01)) for at in range(20)]
    deep = [step(f"Parent {at}", f"Holder {at}", share(0.9)) for at in range(20)]
    rows = [answer(f"Parent {at}", "Firm", "cannot", [deep[at], held[at]]) for at in range(20)]
    svg = drawn(finding("Firm", rows))
    assert "with 8 behind them" in words(svg)
    assert untidy(svg) == []


def test_long_chains_run_on_in_rows() -> None:
    svg = drawn(samples.long_chain())
    assert len({box[1] for box in boxes(svg)}) > 5
    assert float(svg.attrib["width"]) < 2200
    assert len(lines(svg)) == 30


def test_a_verdict_without_a_chain_is_drawn() -> None:
    svg = drawn(finding("Firm", [answer("A", "Firm", "may control"), answer("B", "Firm", "can block")]))
    assert "stroke-dasharray" in lines(svg)["a", "firm"].attrib
    assert "stroke-dasharray" not in lines(svg)["b", "firm"].attrib


def test_what_a_party_holds_of_itself_is_said_in_its_box() -> None:
    svg = drawn(
        finding(
            "Firm", [answer("A", "Firm", "controls", [step("A", "Firm", share(0.6)), step("Firm", "Firm", share(0.1))])]
        )
    )
    assert "of itself: 10 %" in words(svg)
    assert len(lines(svg)) == 1


def test_what_a_party_controls_runs_from_it_to_the_things() -> None:
    svg = drawn(samples.as_asked_by(samples.downward()))
    assert "What Top Group controls" in words(svg)
    assert boxes(svg)[0][0] == min(box[0] for box in boxes(svg))
    assert "controlled: 60 %" in words(svg)
    assert ("top group", "daughter 5") in lines(svg)


def test_the_overview_says_how_much_each_controls() -> None:
    assert "controls 1,200, may control 2,400 more, ultimate" in " ".join(words(drawn(samples.overview())).split())


def test_who_is_directed_by_a_state_is_marked_by_name() -> None:
    found = samples.port()
    found["answers"][1] |= {"state": None, "state_by": [{"entity": "arden", "caption": "Arden"}]}
    assert "company, may be directed by Arden" in " ".join(words(drawn(found)).split())


def test_a_share_of_which_nothing_is_said_has_no_band_and_bounds_are_no_sum() -> None:
    steps = [step("A", "Firm", share(0, 1), certain=False), step("B", "Firm", share(0, 0.4), bounding=True),
             step("C", "Firm", share(0, 1, over=True))]  # fmt: skip
    svg = drawn(
        finding("Firm", [answer("A", "Firm", "may control", steps[:2]), answer("C", "Firm", "cannot", steps[2:])])
    )
    bands = [node for node in svg.iter(f"{SVG}path") if node.get("class") == "band"]
    assert len(bands) == 1
    assert "together" not in words(svg)
    assert "a part" in words(svg)


def test_denied_holders_are_not_drawn() -> None:
    svg = drawn(finding("Firm", [], holders=[holder("A", share(0.6), "Firm", denied=True), holder("B", None, "Firm")]))
    assert set(lines(svg)) == {("b", "firm")}


def test_a_group_says_how_many_are_not_named() -> None:
    gap = {"kind": "unnamed", "what": "members of Owners: 6 of 8 parties are not named", "n": 6, "of": 8, "claims": []}
    svg = drawn(finding("Firm", [], holders=[holder("Owners", None, "Firm", kinds=["group"])], gaps=[gap]))
    assert "6 of 8 parties are not named" in " ".join(words(svg).split())


def test_no_text_is_lost_or_steers() -> None:
    name = "A<b>&amp;\"' \u202eevil\x1b[31m 华为技术有限公司 " + "Donaudampfschifffahrtsgesellschaft" * 3
    svg = drawn(finding(name, [answer("Ω" * 40, name, "controls", [step("Ω" * 40, name, share(0.6))])]))
    shown = words(svg).replace(" ", "")
    assert "\u202e" not in shown
    assert "\x1b" not in shown
    assert "华为技术有限公司" in shown
    assert "Donaudampfschifffahrtsgesellschaft" * 3 in shown
    assert untidy(svg) == []


@st.composite
def graphs(draw: st.DrawFn) -> Body:
    """Return a finding over a few firms: any holdings, cycles, joint holdings, doubt and unsaid shares."""
    names = [f"Firm {letter}" for letter in "ABCDEFGHIJ"[: draw(st.integers(2, 10))]]
    pair = st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda ends: ends[0] != ends[1])
    pairs = draw(st.lists(pair, min_size=1, max_size=22, unique=True))
    steps = [
        step(one, other, draw(st.sampled_from([None, share(0.3), share(0.1, 0.7), share(0.6)])),
             certain=draw(st.booleans()), when=draw(st.sampled_from([[], ["from 2019"], ["from 2012 until 2019", "seen 2020"]])),
             hedges=draw(st.sampled_from([[], ["reportedly"]])))
        for one, other in pairs
    ]  # fmt: skip
    verdicts = st.sampled_from(["controls", "may control", "can block", "influences", "cannot"])
    rows = []
    for at in range(draw(st.integers(1, 4))):
        chosen = [item for item in steps if draw(st.booleans())] or steps
        rows.append(answer(names[-1 - at % len(names)], names[0], draw(verdicts), chosen, share=share(0.51, 0.6)))
    held = [holder(name, share(0.05), names[0]) for name in names[1:3]]
    more: dict[str, Any] = {"holders": held, "unaccounted": draw(st.sampled_from([None, share(0.1, 0.4)]))}
    return finding(names[0], rows, **more) if draw(st.booleans()) else finding(None, rows, by=names[-1])


@given(graphs())
def test_no_chain_is_untidy(found: Body) -> None:
    svg = drawn(found)
    assert untidy(svg) == []
    assert {row["caption"] for row in found["answers"]} <= set(re.findall(r"Firm [A-J]", "".join(svg.itertext())))
