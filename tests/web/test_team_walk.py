"""A person signs in, tries a file, adds it, looks at it, and signs out: in Chromium, as they do it."""

from __future__ import annotations

from pathlib import Path

import pytest
from argon2 import PasswordHasher
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from isthmus.access.users import Users
from isthmus.server.app import build_app
from isthmus.service import add_files
from isthmus.service.desk import Desk
from isthmus.serving.gate import Access
from tests.served import serving

PASSWORD = "several plain words"
ROWS = "subject,predicate,value,source,locator\n"


@pytest.mark.browser
def test_who_signs_in_adds_evidence_and_sees_how_it_went(page: Page, tmp_path: Path) -> None:
    picture, evidence = tmp_path / "picture.duckdb", tmp_path / "new firms.csv"
    evidence.write_text(ROWS + "acme,name,Acme Cables,register,row 1\n", "utf-8")
    add_files(picture, [evidence])
    evidence.write_text(ROWS + "nova,name,Nova Fibre,note,1\nnova,<b>odd</b>,x,note,2\n", "utf-8")
    users = Users(picture, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    users.add("ana", PASSWORD, "steward", "TLP:RED")
    told: list[str] = []
    page.on("pageerror", lambda error: told.append(str(error)))
    with serving(build_app(Desk(picture), access=Access.of(picture, users))) as site:
        page.goto(f"{site}/add")
        assert "/login" in page.url
        page.get_by_label("Name").fill("ana")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("no user has this name and this password")
        _clean(page)
        page.get_by_label("Name").fill("ana")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Add evidence")
        _clean(page)
        page.get_by_label("Files").set_input_files(evidence)
        page.get_by_role("button", name="Try").click()
        expect(page.get_by_text("nothing was written")).to_be_visible(timeout=60_000)
        expect(page.get_by_role("cell", name="there is no predicate “<b>odd</b>”")).to_be_visible()
        _clean(page)
        page.get_by_role("link", name="Choose them again").click()
        page.get_by_label("Files").set_input_files(evidence)
        page.get_by_role("button", name="Add to the picture").click()
        expect(page.get_by_text("stands in the picture now")).to_be_visible(timeout=60_000)
        page.goto(f"{site}/entity/nova")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Nova Fibre")
        for path in ("/users", "/record", "/jobs"):
            page.goto(site + path)
            _clean(page)
        page.get_by_role("link", name="Sign out").click()
        page.get_by_role("button", name="Sign out").click()
        page.goto(f"{site}/entity/nova")
        assert "/login" in page.url
    assert not told


def _clean(page: Page) -> None:
    """Assert that axe finds nothing, and that nothing stands out of the page's width, also on a phone."""
    found = Axe().run(page).response["violations"]
    assert not found, [(item["id"], item["nodes"][0]["html"][:200]) for item in found]
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    if size:
        page.set_viewport_size(size)
