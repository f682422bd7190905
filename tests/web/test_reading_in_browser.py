"""Reading with a browser: parts that arrive late, numbers of claims, the search while one types; and all of it without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
THING = "/entity/silk-road-information-port"
WRONG_NUMBERS = """() => [...document.querySelectorAll('a.mark[href^="#s-"]')].filter((mark) => {
  const slip = document.getElementById(mark.getAttribute('href').slice(1));
  return slip?.querySelector('header b').textContent !== 'Claim ' + mark.textContent;
}).length"""
DEAD_LINKS = """() => [...document.querySelectorAll('main a[href^="#s-"]')]
  .filter((link) => !document.getElementById(link.getAttribute('href').slice(1))).length"""


def whole(page: Page, address: str) -> None:
    """Open a page and wait for its slower parts."""
    page.goto(address)
    page.wait_for_selector("html[data-whole=yes]", state="attached", timeout=60_000)


def test_slow_parts_arrive_and_each_claim_keeps_one_number(page: Page, site: str) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    whole(page, site + THING)
    expect(page.locator(".chain svg")).to_have_count(1)
    assert page.locator("section[aria-labelledby=points] table tbody tr").count() > 5
    assert page.evaluate(WRONG_NUMBERS) == 0 and page.evaluate(DEAD_LINKS) == 0
    assert not told


def test_a_line_of_the_drawing_opens_its_claim_and_escape_gives_the_focus_back(page: Page, site: str) -> None:
    whole(page, site + THING)
    line = page.locator(".chain a.smark").first
    line.click()
    expect(page.locator(".slip.is-open")).to_have_count(1)
    page.keyboard.press("Escape")
    line.focus()
    page.keyboard.press("Enter")
    slip = page.locator(".slip.is-open")
    expect(slip).to_have_count(1)
    expect(slip.locator("dt", has_text="Place")).to_be_visible()
    page.keyboard.press("Escape")
    expect(slip).to_have_count(0)
    assert page.evaluate("document.activeElement.classList.contains('smark')")


def test_a_narrow_page_does_not_scroll_sideways(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for address in ("/", THING, "/entity/china", "/find?q=huawei"):
        page.goto(site + address)
        if page.locator("[data-later]").count():
            page.wait_for_selector("html[data-whole=yes]", state="attached", timeout=60_000)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, (
            address
        )


def test_without_script_every_part_is_a_link_to_a_page_that_holds_it(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + THING)
    expect(page.locator(".notes .slip").first).to_be_visible()
    page.get_by_role("link", name="Show who controls it").click()
    expect(page.locator(".chain svg")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Silk Road Information Port Co.")
    page.get_by_role("link", name="Back to the whole page").click()
    assert page.url.endswith(THING)
    context.close()


def test_the_search_answers_while_one_types(page: Page, site: str) -> None:
    page.goto(site)
    page.locator("#q").press_sequentially("华为", delay=30)
    first = page.locator("[data-results] a").first
    expect(first).to_have_text("Huawei", timeout=15_000)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/entity/huawei")


def test_from_a_number_to_its_source_and_line(page: Page, site: str) -> None:
    page.goto(site + THING)
    page.locator("section[aria-labelledby=two] .mark").first.click()
    page.locator(".slip.is-open").get_by_role("link", name="Who else says it").click()
    page.wait_for_url("**/claim/**")
    place = page.locator("dt", has_text="Place").locator("xpath=following-sibling::dd[1]")
    expect(place).to_contain_text("l.")
    page.wait_for_selector("html[data-whole=yes]", state="attached", timeout=60_000)
    expect(page.locator("section[aria-labelledby=rests]")).to_contain_text("Looked at")
