"""The picture leaves in public formats, and only what may leave."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from isthmus.service.lending import list_export_formats


@pytest.mark.parametrize("form", [entry["name"] for entry in list_export_formats()])
def test_every_format_can_be_fetched(api: TestClient, form: str) -> None:
    answer = api.get(f"/api/v1/export/{form}")
    assert answer.status_code == 200
    assert answer.content
    assert "attachment" in answer.headers["content-disposition"]


def test_follow_the_money_is_one_object_a_line(api: TestClient) -> None:
    lines = api.get("/api/v1/export/ftm").text.splitlines()
    things = [json.loads(line) for line in lines]
    assert len(things) > 1000
    assert all({"id", "schema", "properties"} <= set(thing) for thing in things)


def test_an_unknown_format_or_marking_is_refused(api: TestClient) -> None:
    assert api.get("/api/v1/export/exe").status_code == 400
    assert api.get("/api/v1/export/csv", params={"marking": "secret"}).status_code == 400
    assert api.get("/api/v1/export/csv", params={"source": "no-such"}).status_code == 400
