"""Where sites stand on the map, and what is drawn there."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.briefs.drawing import draw_sites
from isthmus.briefs.maps import load_countries
from isthmus.briefs.projection import EqualEarth
from isthmus.briefs.sites import MapPoint, place_sites, rank_kinds
from isthmus.errors import ArgumentError

SHEET = EqualEarth()
COUNTRIES = load_countries()

places = st.builds(
    MapPoint,
    label=st.just("site"),
    kind=st.sampled_from(["data centre", "network", "mine"]),
    status=st.sampled_from(["actual", "planned", "past"]),
    lat=st.floats(-90, 90),
    lon=st.floats(-180, 180),
    n=st.integers(1, 400),
)
badges = st.builds(
    MapPoint, label=st.just("site"), kind=st.just("mine"), country=st.sampled_from(["KE", "tza", "SG", "ZZ", "AQ"])
)


@settings(max_examples=30)
@given(st.lists(st.one_of(places, badges), max_size=40))
def test_every_site_is_in_one_place(sites: list[MapPoint]) -> None:
    placed = place_sites(sites, SHEET, COUNTRIES)
    shown = sum(symbol.n for symbol in placed.symbols) + sum(badge.n for badge in placed.badges)
    shown += sum(site.n for site in placed.unplaced)
    assert shown == sum(site.n for site in sites)
    for symbol in placed.symbols:
        assert 0 <= symbol.x <= SHEET.width
        assert {(site.kind, site.status) for site in symbol.sites} == {(symbol.kind, symbol.status)}


def test_no_symbol_hides_the_middle_of_another() -> None:
    here = MapPoint("a", "mine", lat=35.0, lon=101.0, n=223)
    sites = [here, replace(here, status="planned", n=30), replace(here, status="past", n=1)]
    symbols = place_sites(sites, SHEET, COUNTRIES).symbols
    assert len(symbols) == 3
    for i, symbol in enumerate(symbols):
        for other in symbols[:i]:
            assert math.hypot(symbol.x - other.x, symbol.y - other.y) > other.radius


def test_sites_of_a_kind_that_crowd_are_joined() -> None:
    sites = [MapPoint(f"site {i}", "mine", lat=10 + i / 50, lon=20) for i in range(9)]
    (symbol,) = place_sites(sites, SHEET, COUNTRIES).symbols
    assert symbol.n == 9
    drawn = draw_sites(place_sites(sites, SHEET, COUNTRIES), {"mine": 0})
    assert drawn.count(" (mine)") == 5
    assert "; and 4 more</title>" in drawn


def test_both_sides_of_the_antimeridian_are_neighbours() -> None:
    suva, apia = (MapPoint("x", kind, lat=-15, lon=lon) for kind, lon in (("a", 178.4), ("b", -171.8)))
    a, b = sorted(place_sites([suva, apia], SHEET, COUNTRIES).symbols, key=lambda symbol: symbol.kind)
    assert 0 < b.x - a.x < 40


def test_badges_do_not_cover_one_another() -> None:
    codes = ["GH", "TG", "BJ", "NG", "CI", "BF", "LR", "SL", "GN", "GW", "SN", "GM", "ML", "NE"]
    placed = place_sites([MapPoint("x", "mine", country=code) for code in codes], SHEET, COUNTRIES).badges
    assert sorted(badge.code for badge in placed) == sorted(codes)
    for i, badge in enumerate(placed):
        for other in placed[:i]:
            assert abs(badge.x - other.x) >= (badge.width + other.width) / 2 or abs(badge.y - other.y) >= 14


def test_what_the_sheet_does_not_show_is_handed_back() -> None:
    off = [
        MapPoint("pole", "mine", lat=-89, lon=0),
        MapPoint("x", "mine", country="ZZ"),
        MapPoint("y", "m", country="AQ"),
    ]
    assert place_sites(off, SHEET, COUNTRIES).unplaced == tuple(off)


def test_kinds_rank_by_their_sites() -> None:
    sites = [MapPoint("x", "b", country="KE", n=2), MapPoint("x", "a", country="KE"), MapPoint("x", "a", country="KE")]
    assert rank_kinds(sites) == (("a", 2), ("b", 2))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"lat": 3.0}, "not both"),
        ({}, "neither"),
        ({"lat": 91.0, "lon": 0.0}, "not on earth"),
        ({"lat": math.nan, "lon": 0.0}, "not on earth"),
        ({"country": "KE", "n": 0}, "0 sites"),
        ({"country": "KE", "status": "broken"}, "status 'broken'"),
    ],
)
def test_a_site_without_a_place_is_refused(fields: dict[str, float | str], said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        MapPoint("x", "mine", **fields)  # type: ignore[arg-type]


def test_labels_are_escaped() -> None:
    placed = place_sites([MapPoint("<b>", "a&b", country="KE", country_name='"K"')], SHEET, COUNTRIES)
    drawn = draw_sites(placed, {"a&b": 0})
    assert "&lt;b&gt; (a&amp;b)" in drawn
    assert "<b>" not in drawn
