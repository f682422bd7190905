"""The strips as a person uses them: fail a thing by click, see what falls, save it, and run the file on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from isthmus import service

WHOLE = "html[data-whole=yes]"


@pytest.mark.browser
def test_fail_by_click_see_what_falls_and_save_it(page: Page, site: str, demo: Path, tmp_path: Path) -> None:
    page.goto(f"{site}/strips")
    page.wait_for_selector(WHOLE, timeout=90_000)
    page.locator(".rank").get_by_role("link", name="fail this").first.click()
    page.wait_for_selector(WHOLE, timeout=90_000)
    bench = page.locator("section.bench")
    assert bench.locator("ol").first.get_by_text("Loss of").count() == 1
    assert "things fail" in bench.inner_text()
    mark = bench.locator("a.mark").first
    mark.click()
    assert page.locator(".slip.is-open").is_visible()
    page.keyboard.press("Escape")
    with page.expect_download() as sent:
        bench.get_by_role("link", name="Save as a scenario file").click()
    file = tmp_path / "scenario.yaml"
    sent.value.save_as(file)
    found = service.suppose(demo, [file])
    assert found["id"] in bench.inner_text()
    found_faults = [
        one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")
    ]
    assert not found_faults
    bench.get_by_role("link", name="Remove change 1").click()
    assert page.get_by_text("No change yet").is_visible()


@pytest.mark.browser
def test_a_form_adds_a_change_and_a_file_is_loaded_without_script(page: Page, site: str) -> None:
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    plain = context.new_page()
    plain.goto(f"{site}/strips")
    plain.locator("summary", has_text="An export is restricted").click()
    plain.fill("#restrict_export-of", "Rare earths")
    plain.fill("#restrict_export-from", "China")
    plain.fill("#restrict_export-left", "40 %")
    plain.get_by_role("button", name="Add this change").locator("visible=true").click()
    assert plain.get_by_text("China lets out 40 % of its Rare earths").is_visible()
    plain.get_by_role("link", name="Run", exact=True).click()
    assert plain.get_by_text("outside China").first.is_visible()
    plain.goto(f"{site}/strips")
    plain.locator("summary", has_text="Load a scenario file").click()
    plain.fill("#text", "scenario: mine\nchanges:\n  - delay: {what: China, months: 6}\n")
    plain.get_by_role("button", name="Load it").click()
    assert plain.get_by_text("China gives nothing for 6 months").is_visible()
    context.close()
