"""What holds for every page: no script of others, no request to another host, an error that says what to do."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from starlette.testclient import TestClient


def test_a_page_allows_no_script_but_its_own(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "script-src 'self';" in policy and "unsafe" not in policy and "default-src 'none'" in policy


def test_an_unknown_address_is_a_page_with_a_way_back(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert 'href="/"' in answer.text


def test_a_page_that_the_reader_has_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/")
    again = client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.browser
def test_the_browser_asks_no_other_host(page: Page, site: str) -> None:
    asked: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.goto(site)
    assert page.title() == "Home · Isthmus"
    assert asked and all(url.startswith(site) for url in asked)
    assert not told
