"""Bars and columns of bounded quantities: what is solid, hatched, hollow and ticked."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.briefs.drawing import draw_axis, draw_bar, draw_columns, draw_ticks
from isthmus.briefs.plots import BarPlot, BarRow, DatedCount, DatedPlot, Scale, scale_for
from isthmus.errors import ArgumentError
from isthmus.quantities import Quantity

SHARES = Scale(1.0, (0.0, 0.25, 0.5, 0.75, 1.0), percent=True)


def spans(drawing: str) -> dict[str, tuple[float, float]]:
    """Return the start and length of each part of a bar by its class."""
    found = re.findall(r'<rect class="([\w -]+)" x="([\d.e-]+)%" y="18%" width="([\d.e-]+)%"', drawing)
    return {name: (float(start), float(length)) for name, start, length in found}


def ticks(drawing: str) -> list[tuple[float, str]]:
    """Return the place and the shape of each tick: straight, bent or near."""
    found = re.findall(r'<svg x="([\d.]+)%".*?<path class="(.*?)" d="(.*?)"', drawing)
    return [(float(x), "near" if "near" in name else "bent" if "Q" in path else "straight") for x, name, path in found]


@pytest.mark.parametrize(
    ("quantity", "parts", "ends"),
    [
        (Quantity.exactly(0.4, "share"), {"bb-lo": (0, 40)}, []),
        (
            Quantity.between(0.5, 0.6, "share"),
            {"bb-lo": (0, 50), "bb-band": (50, 10)},
            [(50, "straight"), (60, "straight")],
        ),
        (Quantity.less_than(0.2, "share"), {"bb-band": (0, 20)}, [(20, "bent")]),
        (Quantity.at_most(0.2, "share"), {"bb-band": (0, 20)}, [(20, "straight")]),
        (Quantity.more_than(0.25, "share"), {"bb-lo": (0, 25), "bb-band": (25, 75)}, [(25, "bent")]),
        (Quantity.at_least(0.25, "share"), {"bb-lo": (0, 25), "bb-band": (25, 75)}, [(25, "straight")]),
        (Quantity.about(0.7, "share"), {"bb-lo": (0, 70)}, [(70, "near")]),
        (Quantity.exactly(0, "share"), {}, []),
        (Quantity.unknown("share"), {"bb-gap": (0, 100)}, []),
    ],
)
def test_bars_say_no_more_than_is_known(
    quantity: Quantity, parts: dict[str, tuple[float, float]], ends: list[tuple[float, str]]
) -> None:
    drawing = draw_bar(quantity, SHARES, "words")
    assert spans(drawing) == parts
    assert ticks(drawing) == ends


def test_a_remainder_is_hollow() -> None:
    assert spans(draw_bar(Quantity.between(0.2, 0.3, "share"), SHARES, "rest", hollow=True)) == {
        "bb-gap": (0, 20),
        "bb-gap bb-may": (20, 10),
    }


@given(
    st.floats(0, 2).flatmap(lambda low: st.tuples(st.just(low), st.one_of(st.none(), st.floats(low, 3)))),
    st.booleans(),
)
def test_no_part_of_a_bar_leaves_its_scale(ends: tuple[float, float | None], hollow: bool) -> None:
    drawing = draw_bar(Quantity(ends[0], ends[1], unit="share"), SHARES, 'a "quoted" <word>', hollow=hollow)
    assert all(start >= 0 and length > 0 and start + length <= 100.1 for start, length in spans(drawing).values())
    assert ET.fromstring(drawing).get("aria-label") == 'a "quoted" <word>'


@pytest.mark.parametrize(
    ("values", "total", "end", "steps"),
    [
        ([34, 19], 225, 225, (0, 100, 225)),
        ([73, 2], None, 80, (0, 20, 40, 60, 80)),
        ([9], None, 10, (0, 5, 10)),
        ([1], None, 1, (0, 1)),
        ([0], None, 1, (0, 1)),
        ([900_000.0], None, 1_000_000, (0, 250_000, 500_000, 750_000, 1_000_000)),
        ([0.3], None, 0.3, (0, 0.1, 0.2, 0.3)),
    ],
)
def test_scales_are_round(values: list[float], total: float | None, end: float, steps: tuple[float, ...]) -> None:
    scale = scale_for(
        [Quantity.exactly(value, "t") for value in values], None if total is None else Quantity.exactly(total, "t")
    )
    assert scale.end == pytest.approx(end)
    assert scale.ticks == pytest.approx(steps)


def test_shares_have_the_whole_for_their_scale() -> None:
    scale = scale_for([Quantity.exactly(0.1, "share")], None)
    assert (scale.end, scale.say(0.25)) == (1.0, "25 %")
    assert ">100 %<" in draw_axis(scale)
    # Shares of a rounded total may pass it, and are shown as they are.
    assert scale_for([Quantity.exactly(1.02, "share")], None).end == pytest.approx(1.02)


def test_an_end_that_nobody_stated_has_room_to_run_out() -> None:
    scale = scale_for([Quantity.at_least(100, "t")], None)
    assert scale.end > 100
    assert spans(draw_bar(Quantity.at_least(100, "t"), scale, "x"))["bb-band"][1] > 10


def test_row_says_its_source_first() -> None:
    assert BarRow("x", Quantity.more_than(1 / 3, "share"), words="more than a third").says == "more than a third"
    assert BarRow("x", Quantity.exactly(0.4, "share")).says == "40\N{NO-BREAK SPACE}%"
    assert BarRow("x", Quantity.unknown("share")).says == "not stated"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((), "nothing to show"),
        ((BarRow("x", Quantity.exactly(-1, "t")),), "starts at zero"),
        ((BarRow("x", Quantity.exactly(1, "t")), BarRow("y", Quantity.exactly(1, "kg"))), "several units"),
    ],
)
def test_a_plot_that_would_mislead_is_refused(rows: tuple[BarRow, ...], said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        BarPlot("p", rows)


def test_columns_are_solid_hatched_and_hollow() -> None:
    plot = DatedPlot(
        "p",
        (
            DatedCount("2019", Quantity.exactly(10, "projects")),
            DatedCount("2020", Quantity.exactly(0, "projects")),
            DatedCount("2021", Quantity.between(5, 15, "projects")),
        ),
        undated=DatedCount("no date", Quantity.exactly(4, "projects")),
    )
    drawing = draw_columns(plot)
    heights = re.findall(r'class="(bb-[\w -]+)" x="[\d.]+%" y="[\d.]+%" width="[\d.]+%" height="([\d.]+)%"', drawing)
    assert [(name, float(height)) for name, height in heights] == [
        ("bb-lo", 66.67),
        ("bb-lo", 33.33),
        ("bb-band", 66.67),
        ("bb-gap", 26.67),
    ]
    assert re.findall(r"<title>(.*?)</title>", drawing)[2] == "2021: between 5 and 15 projects"
    assert ">15<" in draw_ticks(plot.scale)
    for period in ("2019", "2020", "2021", "no date"):
        assert f">{period}</text>" in drawing


@given(st.integers(1, 60), st.booleans())
def test_columns_fit_their_drawing(periods: int, undated: bool) -> None:
    counts = tuple(DatedCount(str(1990 + i), Quantity.exactly(i, "x")) for i in range(periods))
    plot = DatedPlot("p", counts, undated=DatedCount("no date", Quantity.exactly(3, "x")) if undated else None)
    drawing = draw_columns(plot)
    for start, width in re.findall(r'class="bb-(?:lo|gap)" x="([\d.]+)%" y="[\d.]+%" width="([\d.]+)%"', drawing):
        assert float(start) >= 0
        assert float(start) + float(width) <= 100.01
    assert len(re.findall(r'text-anchor="middle">\d{4}</text>', drawing)) <= 7
