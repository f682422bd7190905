"""The heat map of concentration: what is known and what is not are told apart, all is counted, and nothing covers anything."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.briefs.heat import heat_map_svg
from isthmus.briefs.heat.figures import ends, figure, index_words
from tests.briefs import supply_findings as samples
from tests.briefs.drawn_chain import SVG, meet, texts, words
from tests.briefs.drawn_svg import is_closed, paths, rects, untidy_boxes
from tests.briefs.supply_findings import Body, holder, market, one_need, overview, share, way

GOLDEN = Path(__file__).parent / "golden" / "heat.svg"
MADE: dict[str, Callable[[], Body]] = {
    "ores": samples.ores,
    "many": samples.many,
    "hostile": samples.hostile_markets,
    "nothing": lambda: overview([]),
    "one need": lambda: four_ways(),
}


def four_ways() -> Body:
    refused = "no shares are stated: 2 of 2 holders stand without one"
    rows = [way("supplier", [holder("Firm", share(0.6)), holder("Other", share(0.1, 0.4))], (3700, 5200), share(0.0, 0.3)),
            way("controller", [holder("Owner", share(0.0, 1.0), sure=False)], (2500, 10_000), share(0.0)),
            way("site_country", [holder("Arden"), holder("Bel")], refused),
            way("controller_country", [], "the country of no supplier is known")]  # fmt: skip
    third = way("supplier", [holder("Third", share(1.0))], (10_000, 10_000))
    other = {"series": {"predicate": "produces", "segment": "small"}, "rows": [third]}
    return one_need(rows, [other])


def drawn(found: Body, by: str | None = None) -> ET.Element:
    return is_closed(heat_map_svg(found, by))


def row_of(svg: ET.Element, name: str) -> str:
    """Return the titles of the cells of a market."""
    titles = [node.text or "" for node in svg.iter(f"{SVG}title")]
    return " | ".join(text for text in titles if f", {name}:" in text)


def whole(svg: ET.Element) -> str:
    return " ".join(words(svg).split())


@pytest.mark.parametrize("by", [None, "supplier"])
@pytest.mark.parametrize("name", MADE)
def test_nothing_covers_anything_and_nothing_is_asked_from_outside(name: str, by: str | None) -> None:
    svg = drawn(MADE[name](), by)
    assert untidy_boxes(svg, "cell") == []
    said = texts(svg)
    assert [text for text, a in said for b in rects(svg, "bar") if meet(a, b, 0.1)] == []


@pytest.mark.parametrize("name", MADE)
def test_the_drawing_is_always_the_same_and_leaves_the_finding_alone(name: str) -> None:
    found = MADE[name]()
    before = copy.deepcopy(found)
    assert heat_map_svg(found) == heat_map_svg(copy.deepcopy(found))
    assert found == before


def test_the_drawing_is_the_one_that_was_looked_at() -> None:
    assert heat_map_svg(samples.ores()) == GOLDEN.read_text("utf-8")


def test_each_row_says_its_shares_and_its_index_with_both_ends() -> None:
    svg = drawn(samples.ores())
    shown = whole(svg)
    assert "73.1-74.2 %" in shown
    assert "5,554-5,729" in shown
    assert "1 named without a share" in shown
    assert ">50 %" in shown
    assert "not computable: the share of a holder has no upper bound" in shown
    told = next(node.text or "" for node in svg.iter(f"{SVG}desc"))
    assert (
        "Ore (mined · t/year): Bel 10 %, Arden 73.1-74.2 %, Cor withheld, no country named 2 %; index 5,554-5,729."
        in told
    )


def test_withheld_is_hatched_and_nobody_named_is_hollow() -> None:
    svg = drawn(samples.ores())
    assert "Cor, Ore: the share is withheld" in row_of(svg, "Ore")
    assert "Dor, Ingots: share not stated" in row_of(svg, "Ingots")
    assert "Arden, Ingots: not named here" in row_of(svg, "Ingots"), "unknown is not none"
    groups = [
        node
        for node in svg.iter(f"{SVG}g")
        if (node.findtext(f"{SVG}title") or "").endswith(("withheld", "not stated"))
    ]
    assert len(groups) == 2
    assert all(any(path.get("class") == "hatch" for path in node.iter(f"{SVG}path")) for node in groups)
    bars = [node for node in svg.iter(f"{SVG}rect") if node.get("class") == "bar"]
    hollow = [node for node in bars if node.get("fill") != "#1a1c1f"]
    assert len(hollow) == 2, "the rest of the ore, and the key"


def test_a_bar_is_as_long_as_what_is_sure_and_hatched_as_far_as_it_may_reach() -> None:
    svg = drawn(
        overview(
            [
                market(
                    "Good",
                    [way("site_country", [holder("A", share(0.25)), holder("B", share(0.5, 0.75))], (3125, 8125))],
                )
            ]
        )
    )
    cells = rects(svg, "cell")
    wide = [box[2] - box[0] for box in rects(svg, "bar")][:2]
    track = cells[0][2] - cells[0][0] - 12.0
    assert wide == pytest.approx([0.5 * track, 0.25 * track], abs=0.1), "the holder with most has the first column"
    hatched = [re.findall(r"[ML](-?[\d.]+)", node.attrib["d"]) for node in paths(svg, "hatch")]
    reach = max(float(x) for x in hatched[0])
    assert reach == pytest.approx(cells[0][0] + 6.0 + 0.75 * track, abs=0.2)


def test_what_may_be_anothers_is_dashed_and_says_so() -> None:
    svg = drawn(samples.ores())
    dashed = [node for node in svg.iter(f"{SVG}rect") if node.get("class") == "cell" and node.get("stroke-dasharray")]
    assert len(dashed) == 1
    assert "may: up to 40 %" in whole(svg)
    assert "it may be somebody else's" in row_of(svg, "Wire")


def test_who_may_have_none_of_what_is_not_stated_is_dashed_too() -> None:
    found = overview(
        [market("Good", [way("site_country", [holder("A"), holder("B", sure=False)], "no shares are stated")])]
    )
    cells = [node for node in drawn(found).iter(f"{SVG}rect") if node.get("class") == "cell"]
    assert ["stroke-dasharray" in node.attrib for node in cells] == [False, True, False]
    assert whole(drawn(found)).count("may have none") == 1


def test_the_most_concentrated_come_first_and_those_without_an_index_last() -> None:
    svg = drawn(samples.ores())
    order = [text for text, _ in texts(svg) if text in ("Ore", "Ingots", "Wire")]
    assert order == ["Ore", "Wire", "Ingots"]


def test_forty_rows_are_drawn_and_the_rest_is_counted_and_named() -> None:
    svg = drawn(samples.many(70))
    shown = whole(svg)
    assert "Good 39" in shown
    assert "Good 40" not in shown
    assert "and 30 more markets with less concentration or none known" in shown
    assert any("Good 40; Good 41" in (node.text or "") for node in svg.iter(f"{SVG}title"))


def test_holders_without_a_column_are_added_up_and_counted() -> None:
    parts = [holder(f"H{at}", share(0.2 - 0.01 * at)) for at in range(12)]
    more = {"holders": 3, "without_share": 1, "share": share(0.03)}
    svg = drawn(overview([market("Good", [way("site_country", parts, (1000, 1100), share(0.0), more=more)])]))
    shown = whole(svg)
    # H8 to H11 have 12, 11, 10 and 9 %, and the three more 3 % at least, as one has no share.
    assert "≥45 %" in shown
    assert "7, most: H8 12 %; 1 not stated" in shown
    nine = overview([market("Good", [way("site_country", parts[:9], (1000, 1100), share(0.0))])])
    assert "others" not in whole(drawn(nine)), "one more column is drawn rather than a column of one holder"


def test_who_withholds_gets_a_column_before_who_has_little() -> None:
    parts = [holder(f"H{at}", share(0.1)) for at in range(8)] + [holder(f"S{at}", share(0.01)) for at in range(9)]
    found = overview([market("Good", [way("site_country", [*parts, holder("Silent", None, withheld=True)])])])
    crowd = whole(drawn(found))
    assert "Silent" not in crowd, "those with more than it counts for come first"
    found["answers"][0]["ways"][0]["top"][0]["share"] = share(0.02)
    assert "Silent" in whole(drawn(found))


def test_a_way_in_which_there_is_nothing_to_draw_is_said() -> None:
    svg = drawn(samples.ores(), "supplier")
    assert "1 market not drawn: only countries are named, no supplier" in whole(svg)
    assert "Ingots" in whole(svg)


def test_one_need_shows_every_way_that_has_something_and_says_which_has_not() -> None:
    svg = drawn(four_ways())
    shown = whole(svg)
    heads = [text for text, _ in texts(svg) if text.startswith("By ")]
    assert heads == ["By supplier", "By who controls the supplier in the end", "By country of the site"]
    assert "by country of who controls the supplier: 1 market not drawn: the country of no supplier is known" in shown
    assert "not known: Bolts: the share is withheld for 1 of 4 holders" in shown
    assert "small" in shown
    assert "Third" in shown


def test_one_need_by_one_way() -> None:
    shown = whole(drawn(four_ways(), "controller"))
    assert "by who controls the supplier in the end" in shown
    assert "Third" not in shown
    assert "Firm" not in shown


def test_nothing_known_is_not_nothing_there() -> None:
    svg = drawn(overview([]))
    assert "Nothing is known of who supplies what" in whole(svg)
    assert rects(svg, "cell") == []


def test_no_name_is_taken_for_markup_and_what_is_cut_stands_in_a_title() -> None:
    svg = drawn(samples.hostile_markets())
    titles = " ".join(node.text or "" for node in svg.iter(f"{SVG}title"))
    assert "<script>alert('x')</script>" in titles
    assert "Donaudampfschifffahrtsgesellschaft" * 4 in titles
    assert "中国第一稀土集团有限公司中国第一稀土集团有限公司" in titles
    assert "\u202e" not in "".join(svg.itertext())
    assert "…" in whole(svg)


def test_a_thousand_markets_are_drawn_quickly_and_stay_small() -> None:
    assert len(heat_map_svg(samples.many(1000, 30))) < 1_000_000


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (share(0.692), "69.2 %"),
        (share(0.86957), "87 %"),
        (share(0.7314, 0.7419), "73.1-74.2 %"),
        (share(0.00095, 0.00097), "0.09-0.1 %"),
        (share(None, 0.21), "up to 21 %"),
        (share(0.0, 0.2, open_high=True), "<20 %"),
        (share(1 / 3, None, open_low=True), ">33.3 %"),
        (share(0.5, None), "≥50 %"),
        (share(0.0), "0 %"),
        (share(1.0, approx=True), "about 100 %"),
        (share(0.1 + 0.2), "30 %"),
        (share(0.99994), ">99.9 %"),
        (share(1.02), "102 %"),
        (share(None, None), "not known"),
        (share(0.0, None, open_low=True), "a part"),
        (share(0.0, 1e-9), "up to 0.001 %"),
    ],
)
def test_figures(body: Body, said: str) -> None:
    assert figure(body) == said


@given(st.floats(0, 1), st.floats(0, 1))
def test_an_interval_is_rounded_away_from_itself(one: float, other: float) -> None:
    low, high = sorted((one, other))
    numbers = [float(text) for text in re.findall(r"\d+(?:\.\d+)?(?:e-\d+)?", figure(share(low, high)))]
    if low and low != high:
        assert numbers[0] <= 100 * low + 1e-6
        assert numbers[-1] >= 100 * high - 1e-6
    span = ends(share(low, high))
    assert span == (low, high)


def test_an_index_has_both_ends() -> None:
    assert index_words({"low": 9804, "high": 10_000}) == "9,804-10,000"
    assert index_words({"low": 5054, "high": 5054}) == "5,054"
    assert index_words({"low": 5054.2, "high": 5054.4}) == "5,054-5,055"
    assert index_words({"low": 5054, "high": None}) == "at least 5,054"


@st.composite
def findings(draw: st.DrawFn) -> Body:
    """Return an overview with any holders, known or not, in any ways."""
    part = st.one_of(st.none(), st.builds(lambda low, more: share(low, min(low + more, 1.0)), st.floats(0, 1), st.floats(0, 1)),
                     st.builds(lambda low: share(low, None, open_low=True), st.floats(0, 1)))  # fmt: skip
    made = []
    for at in range(draw(st.integers(0, 6))):
        names = draw(st.lists(st.text(max_size=60), max_size=14, unique_by=str.lower))
        top: list[dict[str, Any]] = [
            holder(name, draw(part), sure=draw(st.booleans()), **({"withheld": True} if draw(st.booleans()) else {}))
            for name in names
        ]
        indices: list[tuple[float, float] | str] = [(2500.0, 9000.0), "no holder is named"]
        hhi = draw(st.sampled_from(indices))
        made.append(
            market(
                f"Good {at}",
                [way("site_country", top, hhi, draw(part))],
                draw(st.one_of(st.none(), st.text(max_size=40))),
            )
        )
    return overview(made)


@settings(max_examples=30, deadline=None)
@given(findings())
def test_no_map_is_untidy(found: Body) -> None:
    svg = drawn(found)
    assert untidy_boxes(svg, "cell") == []
    shown = whole(svg)
    assert all(f"Good {at}" in shown or "not drawn" in shown for at in range(len(found["answers"])))
