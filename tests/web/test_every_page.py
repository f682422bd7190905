"""Every page as a reader meets it: no serious fault for assistive technology, nothing cut at 320 pixels, no other host asked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PAGES = {
    "home": "/",
    "find": "/find?q=华为",
    "entity": "/entity/silk-road-infoport",
    "map": "/map",
    "network": "/network?of=geidco",
    "strips": "/strips",
    "sources": "/sources",
    "source": "/source/nbr97",
    "changes": "/changes?from=2020&to=2021",
    "conflicts": "/work",
    "gaps": "/work?show=gaps",
    "identity": "/identity",
    "add": "/add",
    "missing": "/entity/nobody-is-called-this",
}
SERIOUS = ("serious", "critical")
SHOTS = os.environ.get("ISTHMUS_SCREENS")
"""A folder in which a screenshot of each page is kept; none where it is not set."""


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_a_page_stands_up_to_axe_and_asks_no_other_host(page: Page, site: str, name: str) -> None:
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.set_viewport_size({"width": 1280, "height": 900})
    opened(page, site + PAGES[name])
    assert all(url.startswith((site, "blob:", "data:")) for url in asked)
    # A page that is missing says so in its status, of which the browser tells the console.
    assert not [fault for fault in faults if "404" not in fault]
    found = [each for each in Axe().run(page).response["violations"] if each["impact"] in SERIOUS]
    assert not [(each["id"], each["nodes"][0]["html"][:200]) for each in found]
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_cut_on_a_phone_or_at_four_times_the_size(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for name, path in PAGES.items():
        opened(page, site + path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} pixels too wide at {width}"
    if SHOTS:
        opened(page, site + PAGES["entity"])
        page.screenshot(path=str(Path(SHOTS) / f"entity-{width}.png"))


@pytest.mark.browser
def test_dark_pages_stand_up_to_axe(page: Page, site: str) -> None:
    page.emulate_media(color_scheme="dark")
    for name in ("home", "entity", "strips", "map"):
        opened(page, site + PAGES[name])
        found = [each for each in Axe().run(page).response["violations"] if each["impact"] in SERIOUS]
        assert not [(name, each["id"], each["nodes"][0]["html"][:200]) for each in found]
    if SHOTS:
        opened(page, site + PAGES["entity"])
        page.screenshot(path=str(Path(SHOTS) / "entity-dark.png"))


@pytest.mark.browser
def test_the_slip_opens_and_closes_by_keyboard(page: Page, site: str) -> None:
    opened(page, site + PAGES["entity"])
    mark = page.locator("a.mark").first
    mark.focus()
    page.keyboard.press("Enter")
    slip = page.locator(".slip.is-open")
    assert slip.count() == 1
    assert slip.locator("dt", has_text="Place").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".slip.is-open").count() == 0
    assert mark.evaluate("mark => mark === document.activeElement")


@pytest.mark.browser
def test_a_first_load_is_small(page: Page, site: str) -> None:
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())) if answer.ok else None)
    for path in ("/", "/map", "/network?of=geidco", "/strips"):
        sizes.clear()
        opened(page, site + path)
        # Uncompressed: what goes over the line is less.
        assert sum(sizes) <= 1_500_000, path
