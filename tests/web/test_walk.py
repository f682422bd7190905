"""The walk of a reader: from a name to the projects on the map, to who controls the supplier, to the claim with its source and line."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.browser
def test_a_reader_gets_from_a_name_to_a_line_of_a_source(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site)
    page.get_by_label("Search, any script").fill("Huawei")
    page.locator("[data-results] a", has_text="Huawei").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Huawei")

    page.locator("main a[href*='/map?of=']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Huawei")
    # The list beside the map says the same as the map: a project of which Huawei is the supplier.
    page.locator("main a[href*='/entity/zamengoe']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zamengoe")

    page.locator("main").get_by_role("link", name="Huawei").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Huawei")
    control = page.locator("section", has=page.get_by_role("heading", name="Who controls it"))
    expect(control).to_contain_text(re.compile(r"control|not known"))
    expect(page.locator("html")).to_have_attribute("data-whole", "yes", timeout=30_000)

    page.locator("main section a.mark").first.click()
    slip = page.locator(".slip.is-open")
    expect(slip).to_be_visible()
    expect(slip.locator("dt", has_text="Place")).to_be_visible()
    expect(slip).to_contain_text(re.compile(r"l\.\d+|row \d+|line \d+"))

    slip.get_by_role("link", name="Who else says it").click()
    expect(page).to_have_url(re.compile(r"/claim/[0-9a-f-]{36}"))
    expect(page.locator("main")).to_contain_text(re.compile(r"l\.\d+|row \d+|line \d+"))
