"""The map: a list and a drawing for who has no script, and for who has one a canvas that is always in step with the list."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient

from isthmus.server.app import build_app
from isthmus.service.desk import Desk
from tests.served import copied
from tests.small_picture import make_picture, row

SCRIPT = "</title><script>alert(1)</script>"
HOSTILE = [
    row("a/b?c#d🚢", "kind", "site"),
    row("a/b?c#d🚢", "name", SCRIPT),
    row("a/b?c#d🚢", "coordinates", "10, 10", hedge=SCRIPT),
    row("maker", "kind", "company"),
    row("maker", "name", SCRIPT),
    row("maker", "builds", "a/b?c#d🚢"),
]
IN_VIEW = "document.querySelector('canvas').inView()"
VIEW = re.compile(r"[?&]view=")


@pytest.fixture(scope="module")
def client(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Return one client for all tests here: none of them writes."""
    path = copied(demo, tmp_path_factory.mktemp("map"))
    with TestClient(build_app(Desk(path)), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(build_app(Desk(make_picture(tmp_path, HOSTILE))), base_url="http://127.0.0.1") as client:
        yield client


def total(text: str) -> int:
    found = re.search(r'data-total="(\d+)"', text)
    assert found
    return int(found[1])


def test_every_row_leads_to_its_thing_and_every_mark_to_its_claim(client: TestClient) -> None:
    text = client.get("/map").text
    rows = re.findall(r'<li data-site="[^"]+">.*?</li>', text, re.S)
    assert len(rows) == 25
    assert all('class="name" href="/entity/' in each and 'class="mark" href="#s-' in each for each in rows)
    assert set(re.findall(r'class="mark" href="#(s-[^"]+)"', text)) <= set(
        re.findall(r'class="slip" id="([^"]+)"', text)
    )
    assert "Territory labels: none" in text
    assert len(re.findall(r"<path class=\"land\"", text)) == 1


def test_the_list_is_paged_and_keeps_its_choice(client: TestClient) -> None:
    first = client.get("/map", params={"layer": ["project"], "status": ["agreed"]}).text
    assert "page=2" in first and "layer=project" in first
    second = client.get("/map", params={"layer": ["project"], "status": ["agreed"], "page": 2}).text
    named = [set(re.findall(r'data-site="([^"]+)"', text)) for text in (first, second)]
    assert len(named[0]) == 25 and named[1] and not named[0] & named[1]


def test_list_and_data_count_the_same(client: TestClient) -> None:
    for query in (
        "?vendor=huawei&as_of=2014",
        "",
        "?layer=project",
        "?vendor=huawei",
        "?as_of=2015",
        "?controller=china&how=sure",
        "?country=CN",
    ):
        data = client.get(f"/api/v1/sites{query}").json()["data"]
        assert data["total"] == len(data["sites"]["id"]) == total(client.get(f"/map{query}").text), query
        assert len({len(column) for column in data["spots"].values()}) == 1
        assert data["spots"]["site"] == sorted(data["spots"]["site"])


def test_the_table_holds_every_site_with_its_claims(client: TestClient) -> None:
    answer = client.get("/map.csv?layer=site")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len({each["id"] for each in rows}) == total(client.get("/map?layer=site").text)
    assert all(each["claims"] for each in rows if each["country"])
    assert client.get("/map.csv?layer=x").status_code == 400


def test_the_map_of_one_thing_shows_only_what_is_tied_to_it(client: TestClient) -> None:
    text = client.get("/map?of=huawei").text
    named = set(re.findall(r'data-site="([^"]+)"', text))
    # The seven that it supplies or builds, and its own seat.
    assert {"zamengoe", "huawei"} <= named and len(named) == 8
    assert "Sites of <bdi>Huawei</bdi>" in text
    for path in ("/map", "/map/list", "/map.csv", "/api/v1/sites"):
        assert client.get(f"{path}?of=nobody-at-all").status_code == 404, path
        assert client.get(f"{path}?of=%00").status_code == 404, path
    assert client.get("/api/v1/sites?of=huawei").json()["data"]["total"] == 8
    bare = client.get("/map?of=cips").text
    assert "No claim says that this thing" in bare or "data-site" in bare


def test_who_controls_and_who_may_are_told_in_different_words(client: TestClient) -> None:
    text = client.get("/map?vendor=alibaba-cloud").text
    assert '<span class="v v-may">may control</span>' in text and '<span class="v">controlled</span>' not in text
    assert total(client.get("/map?vendor=alibaba-cloud&how=sure").text) == 0


def test_empty_answers_say_what_would_help(client: TestClient, empty_client: TestClient) -> None:
    assert "coordinates" in empty_client.get("/map").text
    assert empty_client.get("/api/v1/sites").json()["data"]["total"] == 0
    assert "No site meets all of this choice" in client.get("/map?vendor=huawei&country=JP").text
    assert "No site stands in this part" in client.get("/map?view=0,500,10,510").text


@pytest.mark.parametrize("query", ["layer=x", "view=1,2", "sort=x", "place=x", "as_of=yesterday"])
def test_an_address_that_cannot_be_read_is_told(client: TestClient, query: str) -> None:
    for path in ("/map", "/map/list", "/api/v1/sites"):
        assert client.get(f"{path}?{query}").status_code == 400, path


def test_text_of_sources_is_only_text(hostile: TestClient) -> None:
    text = hostile.get("/map").text
    assert "<script>alert" not in text
    assert "/entity/a%2Fb%3Fc%23d%F0%9F%9A%A2" in text
    assert hostile.get("/api/v1/sites").json()["data"]["sites"]["name"] == [SCRIPT]


def test_data_is_packed_once_and_not_sent_twice(client: TestClient) -> None:
    first = client.get("/api/v1/sites")
    assert first.headers["content-encoding"] == "gzip"
    plain = client.get("/api/v1/sites", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.json() == first.json()
    assert len(gzip.compress(json.dumps(first.json()).encode())) < 100_000
    again = client.get("/api/v1/sites", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content


def ready(page: Page, address: str) -> None:
    """Open the map and wait until it can be moved."""
    page.goto(address)
    page.wait_for_selector("html[data-map-ready]", state="attached", timeout=60_000)


def settled(page: Page) -> None:
    """Wait until the list has followed the map."""
    page.wait_for_timeout(300)
    expect(page.locator("[data-rows]:not([aria-busy])")).to_have_count(1, timeout=60_000)


def shown(page: Page) -> int:
    return int(page.locator("[data-shown]").inner_text().replace(",", ""))


@pytest.mark.browser
def test_the_list_follows_the_map_by_keys_mouse_and_date(page: Page, site: str) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url) if not request.url.startswith(site) else None)
    ready(page, site + "/map")
    canvas = page.locator("canvas")
    canvas.focus()
    for key in ("+", "+", "ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
    settled(page)
    assert VIEW.search(page.url)
    near = shown(page)
    assert 0 < near == page.evaluate(IN_VIEW)
    address = page.url
    ready(page, address)
    settled(page)
    assert shown(page) == page.evaluate(IN_VIEW) == near
    page.locator("#until").fill("2015")
    settled(page)
    assert "as_of=2015" in page.url
    assert shown(page) == page.evaluate(IN_VIEW) < near
    canvas.hover()
    page.mouse.wheel(0, -400)
    settled(page)
    assert shown(page) == page.evaluate(IN_VIEW)
    page.get_by_role("button", name="Any date").click()
    page.get_by_role("button", name="World").click()
    settled(page)
    assert "view=" not in page.url and "as_of=" not in page.url
    assert not told


@pytest.mark.browser
def test_a_key_opens_what_is_in_the_middle_and_leads_to_its_page(page: Page, site: str) -> None:
    ready(page, site + "/map?of=zamengoe")
    page.locator("canvas").focus()
    page.keyboard.press("Enter")
    card = page.locator(".card")
    expect(card).to_be_visible()
    expect(page.locator("li.on")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.keyboard.press("Enter")
    card.get_by_role("link", name="Zamengoe").first.click()
    expect(page.locator("h1")).to_contain_text("Zamengoe")


@pytest.mark.browser
def test_a_choice_is_asked_again_for_each_day(page: Page, site: str) -> None:
    ready(page, site + "/map?vendor=huawei")
    everything = page.evaluate(IN_VIEW)
    first = page.locator("#until").get_attribute("min") or ""
    page.locator("#until").fill(first)
    settled(page)
    assert "vendor=huawei" in page.url and f"as_of={first}" in page.url
    assert page.evaluate(IN_VIEW) < everything


@pytest.mark.browser
def test_a_finger_opens_the_card_and_nothing_behind_it(browser: Browser, site: str) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    ready(page, site + "/map?of=zamengoe")
    page.locator("canvas").scroll_into_view_if_needed()
    edge = page.locator("canvas").bounding_box()
    assert edge
    page.touchscreen.tap(edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2)
    expect(page.locator(".card")).to_be_visible()
    page.wait_for_timeout(400)
    assert "/map" in page.url
    context.close()


@pytest.mark.browser
def test_years_play_and_stop(page: Page, site: str) -> None:
    ready(page, site + "/map?as_of=2012")
    before = page.evaluate(IN_VIEW)
    play = page.locator("[data-play]")
    play.click()
    expect(page.locator("#until-out")).to_have_text("2014", timeout=20_000)
    play.click()
    settled(page)
    year = page.locator("#until-out").inner_text()
    assert f"as_of={year}" in page.url
    expect(page.locator("[data-counts]")).to_have_count(1)
    at_point = int(page.locator("[data-counts]").inner_text().split()[0])
    assert before < page.evaluate(IN_VIEW)
    data = page.request.get(f"{site}/api/v1/sites?as_of={year}").json()["data"]
    assert shown(page) == data["total"]
    spots = data["spots"]
    assert page.evaluate(IN_VIEW) == len(set(spots["site"]))
    assert at_point == len({site for site, lon in zip(spots["site"], spots["lon"], strict=True) if lon is not None})


@pytest.mark.browser
def test_without_script_and_on_a_narrow_screen(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(site + "/map")
    expect(page.locator("svg.draw")).to_be_visible()
    expect(page.locator("canvas")).to_be_hidden()
    page.get_by_text("Choose by kind").click()
    page.get_by_label("Country", exact=True).select_option("CM")
    page.get_by_role("button", name="Show these").click()
    expect(page.locator('li[data-site="zamengoe"]')).to_be_visible()
    context.close()
    narrow = browser.new_page(viewport={"width": 320, "height": 640})
    ready(narrow, site + "/map")
    assert narrow.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    narrow.close()
