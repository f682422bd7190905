"""The sites of the map: where they stand, at which stage, who is behind them, and that every day shows the same to screen and server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.briefs.projection import EqualEarth
from isthmus.errors import ArgumentError
from isthmus.service.desk import Desk, PictureRequest
from isthmus.service.pages.map import Wanted, map_list, map_page, site_columns
from isthmus.service.pages.map.controllers import learn, sites_for
from isthmus.service.pages.map.reading import sites_of
from isthmus.service.pages.map.site import STATUSES, Span, Spot, Stage, shown, status_on
from isthmus.service.pages.map.wanted import meeting
from tests.small_picture import make_picture, row

LOCALITY = "precision=locality"
ROWS = [
    row("iso:KE", "kind", "state"),
    row("iso:KE", "kind", "place"),
    row("iso:KE", "name", "Kenya"),
    row("iso:CN", "kind", "state"),
    row("iso:CN", "name", "China"),
    row("gansu", "kind", "place"),
    row("gansu", "name", "Gansu"),
    row("gansu", "part_of", "iso:CN"),
    # at a point, with a stage, a vendor whose owner holds 60 %, and an operator of which somebody holds 40 to 60 %
    row("konza", "kind", "data_center"),
    row("konza", "name", "Konza"),
    row("konza", "coordinates", "-1.68, 37.18", qualifiers=LOCALITY),
    row("konza", "located_in", "iso:KE"),
    row("konza", "status", "signed", valid_from="2019"),
    row("konza", "status", "active", valid_from="2021"),
    row("maker", "kind", "company"),
    row("maker", "name", "Maker"),
    row("maker", "supplies", "konza", valid_from="2019"),
    row("top", "kind", "company"),
    row("top", "owns", "maker", low="0.6", high="0.6", unit="share"),
    row("runner", "kind", "company"),
    row("runner", "operates", "konza", valid_from="2021"),
    row("perhaps", "kind", "company"),
    row("perhaps", "owns", "runner", low="0.4", high="0.6", unit="share"),
    # known by province, then by country only, by a point that is no more than a country, and not at all
    row("port", "kind", "site"),
    row("port", "located_in", "gansu"),
    row("plan", "kind", "project"),
    row("plan", "located_in", "iso:KE", mode="planned"),
    row("iso:KE", "finances", "plan"),
    row("wide", "kind", "data_center"),
    row("wide", "coordinates", "35, 103", qualifiers="precision=country"),
    row("wide", "located_in", "iso:CN"),
    row("lost", "kind", "network"),
    row("broken", "kind", "site"),
    row("broken", "coordinates", "north of here"),
    row("broken", "coordinates", "95, 10"),
    # a cable at its two landing points
    row("landing-1", "kind", "site"),
    row("landing-1", "coordinates", "-4.05, 39.67", qualifiers=LOCALITY),
    row("landing-2", "kind", "site"),
    row("landing-2", "coordinates", "22.5, 114.1", qualifiers=LOCALITY),
    row("cable", "kind", "network"),
    row("cable", "located_in", "landing-1", qualifiers="basis=node"),
    row("cable", "located_in", "landing-2", qualifiers="basis=node"),
    # gone, and denied
    row("gone", "kind", "site"),
    row("gone", "coordinates", "10, 10", valid_from="2001", valid_to="2009"),
    row("denied", "kind", "site"),
    row("denied", "located_in", "iso:KE", stance="denies"),
    row("secret", "kind", "site", marking="TLP:AMBER"),
    row("secret", "name", "Xyzzy", marking="TLP:AMBER"),
    row("secret", "coordinates", "1, 1", marking="TLP:AMBER"),
    row("maker", "supplies", "secret", marking="TLP:AMBER"),
]
ALL = {"konza", "port", "plan", "wide", "lost", "broken", "landing-1", "landing-2", "cable", "gone", "denied", "secret"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with Desk(make_picture(tmp_path_factory.mktemp("map"), ROWS)) as desk:
        yield desk


def names(desk: Desk, request: PictureRequest | None = None, **wanted: Any) -> set[str]:
    found = Wanted(**wanted)
    return {site.id for site in meeting(sites_for(desk, request, found), found)}


def test_every_site_is_read_and_none_stands_at_a_point_that_nobody_states(desk: Desk) -> None:
    sites = sites_of(desk, None).by_id
    assert set(sites) == ALL
    points = {name: sorted((s.lat, s.lon) for s in site.shown if s.exact) for name, site in sites.items()}
    assert {name: found for name, found in points.items() if found} == {
        "konza": [(-1.68, 37.18)],
        "landing-1": [(-4.05, 39.67)],
        "landing-2": [(22.5, 114.1)],
        "cable": [(-4.05, 39.67), (22.5, 114.1)],
        "gone": [(10.0, 10.0)],
        "secret": [(1.0, 1.0)],
    }
    badges = {name: {s.country for s in site.shown if not s.exact} for name, site in sites.items()}
    assert {name: found for name, found in badges.items() if found} == {"port": {"CN"}, "plan": {"KE"}, "wide": {"CN"}}
    assert names(desk, place="none") == {"lost", "broken", "denied"}
    assert sites["port"].spots[0].through == ("gansu", "iso:CN")


def test_a_site_at_a_point_of_the_sheet_is_where_the_projection_puts_it(desk: Desk) -> None:
    spot = next(spot for spot in sites_of(desk, None).by_id["konza"].spots if spot.exact)
    assert (spot.x, spot.y) == pytest.approx(EqualEarth().project((37.18, -1.68)), abs=1e-3)


def test_stages_come_from_the_newest_claim_and_a_plan_stays_a_plan(desk: Desk) -> None:
    found = {name: site.status for name, site in sites_of(desk, None).by_id.items()}
    assert found == dict.fromkeys(ALL, "not stated") | {"konza": "built", "plan": "planned", "gone": "past"}
    then = sites_of(desk, PictureRequest(as_of="2020")).by_id
    assert then["konza"].status == "agreed"
    assert [tie.party for tie in then["konza"].ties] == ["maker"]
    # Nothing else is said of these: they are counted, not listed as if their place were not known.
    assert set(then) == ALL - {"gone", "lost", "denied"}
    assert map_page(desk, PictureRequest(as_of="2020"), Wanted())["counts"]["other_days"] == 3


def test_who_controls_and_who_may_control_are_kept_apart(desk: Desk) -> None:
    sites = sites_of(desk, None)
    learn(desk, None, sites, sites.parties)
    above = sites.above
    assert (above["maker"].sure, above["maker"].may) == (("top",), ())
    assert (above["runner"].sure, above["runner"].may) == ((), ("perhaps",))
    assert names(desk, controller="top") == {"konza", "secret"}
    assert names(desk, controller="perhaps", how="may") == {"konza"}
    assert names(desk, controller="perhaps", how="sure") == set()
    # A vendor and its controller must meet in one tie: the maker's top is not the runner's.
    assert names(desk, vendor="runner", controller="top") == set()
    assert names(desk, controller="iso:KE") == {"plan"}


def test_choices(desk: Desk) -> None:
    assert names(desk, layer=("network",)) == {"lost", "cable"}
    assert names(desk, vendor="maker", role="supplies") == {"konza", "secret"}
    assert names(desk, vendor="maker", role="builds") == set()
    assert names(desk, vendor="?") == ALL - {"konza", "plan", "secret"}
    assert names(desk, country="CN") == {"port", "wide"}
    assert names(desk, of="maker") == {"konza", "secret"}
    assert names(desk, of="gansu") == {"port"}
    assert names(desk, place="country") == {"port", "plan", "wide"}
    whole = EqualEarth()
    x, y = whole.project((37.18, -1.68))
    assert names(desk, view=(x - 1, y - 1, x + 1, y + 1)) == {"konza"}


def test_what_is_marked_is_not_there_for_who_may_not_see_it(desk: Desk) -> None:
    clear = PictureRequest(ceiling="TLP:CLEAR")
    assert names(desk, clear) == ALL - {"secret"}
    assert "Xyzzy" not in str(site_columns(desk, clear, Wanted())) + str(map_page(desk, clear, Wanted()))
    assert names(desk, clear, vendor="maker") == {"konza"}


def test_a_thing_of_no_layer_is_on_its_own_map(tmp_path: Path) -> None:
    rows = [row("office", "kind", "company"), row("office", "coordinates", "5, 5"), row("iso:KE", "kind", "state")]
    with Desk(make_picture(tmp_path, rows)) as desk:
        assert not sites_of(desk, None).sites
        assert [site["id"] for site in map_page(desk, None, Wanted(of="office"))["rows"]] == ["office"]


def test_every_mark_of_a_row_is_a_claim_that_the_page_holds(desk: Desk) -> None:
    page = map_page(desk, None, Wanted())
    assert {row_["id"] for row_ in page["rows"]} == ALL
    for row_ in page["rows"]:
        marks = [name for part in ("places", "stages", "ties") for item in row_[part] for name in item["claims"]]
        marks += [name for tie in row_["ties"] for name in (*tie["sure_claims"], *tie["may_claims"])]
        assert set(marks) <= set(page["claims"])
        assert all(item["claims"] for part in ("places", "stages", "ties") for item in row_[part])
    told = {"at_point": 6, "by_country": 3, "nowhere": 3, "held": 12, "other_days": 0}
    assert page["counts"] == map_list(desk, None, Wanted(view=(0, 0, 1, 1)))["counts"] == told
    drawn = page["drawing"]
    assert sum(mark.n for mark in drawn["marks"]) >= 6
    assert {badge["text"] for badge in drawn["badges"]} == {"CN · 2", "KE · 1"}


def test_the_list_is_cut_into_pages_and_sorted(desk: Desk) -> None:
    listed = map_list(desk, None, Wanted(sort="since"), 1)
    assert listed["rows"][0]["id"] == "konza"
    assert listed["paging_of"] == {"number": 1, "size": 25, "pages": 1, "total": len(ALL)}
    assert map_list(desk, None, Wanted(), 9)["rows"] == []


@pytest.mark.parametrize("year", [2000, 2001, 2009, 2010, 2018, 2020, 2021])
def test_the_screen_finds_for_a_day_what_the_server_finds(desk: Desk, year: int) -> None:
    """The drawing gets every day at once: filtered by day, it must show what the picture of that day shows."""
    columns = site_columns(desk, None, Wanted())
    day = year * 10000 + 1231
    then = sites_of(desk, PictureRequest(as_of=str(year))).by_id
    spots, sites = columns["spots"], columns["sites"]
    for number, name in enumerate(sites["id"]):
        mine = [i for i, site in enumerate(spots["site"]) if site == number]
        held = [i for i in mine if Span(spots["begin"][i], spots["end"][i]).holds(day)]
        points = [i for i in held if spots["lon"][i] is not None]
        standing = {(spots["lon"][i], spots["lat"][i], spots["country"][i]) for i in points or held}
        server = then[name].shown if name in then else ()
        assert {(lon, lat) for lon, lat, _ in standing} == {(spot.lon, spot.lat) for spot in server}, name
        if not server:
            continue
        own = columns["stages"][sites["stages"][number]] if sites["stages"][number] >= 0 else []
        stages = [stage for stage in own if Span(stage[0], stage[1]).holds(day)]
        status = max(stages, key=lambda stage: (stage[0] or 0, stage[2]))[2] if stages else sites["unstaged"][number]
        assert STATUSES[status] == then[name].status, name


@pytest.mark.parametrize(
    "query",
    [{"layer": ["company"]}, {"sort": ["size"]}, {"view": ["1,2,3"]}, {"view": ["nan,0,1,1"]}, {"how": ["maybe"]}],
)
def test_a_part_of_the_address_that_cannot_be_read_is_named(query: dict[str, list[str]]) -> None:
    class Query(dict[str, list[str]]):
        def get(self, name: str, default: Any = None) -> Any:
            return self[name][-1] if name in self else default

        def getlist(self, name: str) -> list[str]:
            return super().get(name, [])

    with pytest.raises(ArgumentError) as told:
        Wanted.read(Query(query))
    assert told.value.where == next(iter(query))


days = st.one_of(st.none(), st.integers(1, 9))
spans = st.builds(Span, days, days)


@given(spans, spans, st.integers(0, 10))
def test_spans_meet_and_join(one: Span, other: Span, day: int) -> None:
    assert one.within(other).holds(day) == (one.holds(day) and other.holds(day))
    if one.holds(day) or other.holds(day):
        assert one.joined(other).holds(day)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=6))
def test_a_site_with_a_point_stands_in_no_badge(parts: list[tuple[bool, bool]]) -> None:
    spots = []
    for exact, drawn in parts:
        at, on = (1.0 if exact else None), (1.0 if drawn else None)
        spots.append(Spot(at, at, on, on, "KE", (), Span(None, None), "c", "actual", None))
    found = shown(spots)
    assert all(spot.x is not None for spot in found)
    assert len({spot.exact for spot in found}) <= 1
    assert bool(found) == any(drawn for _, drawn in parts)


@given(st.permutations(range(3)))
def test_the_stage_does_not_depend_on_the_order_of_claims(order: list[int]) -> None:
    said = [
        Stage("agreed", "signed", Span(20190101, None), "a", "actual", None),
        Stage("built", "active", Span(20210101, None), "b", "actual", None),
        Stage("past", "ended", Span(20230101, None), "c", "actual", None),
    ]
    stages = [said[at] for at in order]
    assert [status_on(stages, (), day, dated=True) for day in (20200101, 20220101, 20240101)] == [
        "agreed",
        "built",
        "past",
    ]
