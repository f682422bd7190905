"""What if, over HTTP: a scenario as JSON or YAML is answered as the command line answers its file, and nothing is stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from isthmus import service
from isthmus.picture import Request

YAML = {"content-type": "application/yaml"}
LOSS = """scenario: loss
title: Loss of China
changes:
  - fail_country: China
  - add_capacity: {of: Rare earths, by: New mine, share: [10%, 20%], after: 2 years}
"""


def told(path: Path, text: str, tmp_path: Path, **more: Any) -> Any:
    file = tmp_path / "scenario.yaml"
    file.write_text(text, "utf-8")
    return json.loads(json.dumps(service.suppose(path, [file], **more)))


def test_a_scenario_is_answered_as_its_file_is_on_the_command_line(api: TestClient, demo: Path, tmp_path: Path) -> None:
    answer = api.post("/api/v1/suppose", content=LOSS, headers=YAML)
    assert answer.status_code == 200
    body = answer.json()
    assert body["data"] == told(demo, LOSS, tmp_path)
    assert body["data"]["totals"]["degrades"] > 0
    assert body["meta"]["picture"] == body["data"]["picture"]


def test_json_and_yaml_of_one_scenario_are_answered_alike(api: TestClient) -> None:
    scenario = {
        "scenario": "loss",
        "title": "Loss of China",
        "changes": [
            {"fail_country": "China"},
            {"add_capacity": {"of": "Rare earths", "by": "New mine", "share": [0.1, 0.2], "after": 24}},
        ],
    }
    from_json = api.post("/api/v1/suppose", json=scenario).json()["data"]
    from_yaml = api.post("/api/v1/suppose", content=LOSS, headers=YAML).json()["data"]
    assert from_json == from_yaml


def test_any_script_and_letter_is_a_name_and_no_fault(api: TestClient) -> None:
    for name in ("不存在 🚢", "a: b # c", "\\n\u2028", '"quoted"', "- item", "null", "0x10"):
        answer = api.post("/api/v1/suppose", json={"scenario": "x", "changes": [{"fail": name}]})
        assert answer.status_code in (404, 409), (name, answer.text)
        assert answer.json()["error"]["kind"] in ("unknown_entity", "ambiguous_entity")


def test_why_limit_and_strength_go_along(api: TestClient, demo: Path, tmp_path: Path) -> None:
    asked = {"why": "true", "limit": "3", "strength": "all"}
    found = api.post("/api/v1/suppose", params=asked, content=LOSS, headers=YAML).json()["data"]
    assert found == told(demo, LOSS, tmp_path, why=True, limit=3, strength="all")
    assert len(found["answers"]) == 3 and "support" in found["answers"][0]


def test_the_day_of_the_address_goes_before_that_of_the_scenario(api: TestClient, demo: Path, tmp_path: Path) -> None:
    text = LOSS + "baseline: {as_of: 2019-01}\n"
    own = api.post("/api/v1/suppose", content=text, headers=YAML).json()["data"]
    asked = api.post("/api/v1/suppose?as_of=2026-06", content=text, headers=YAML).json()["data"]
    assert (own["as_of"], asked["as_of"]) == ("2019-01", "2026-06")
    assert asked == told(demo, text, tmp_path, request=Request(as_of="2026-06"))


def test_several_scenarios_stand_side_by_side(api: TestClient, demo: Path, tmp_path: Path) -> None:
    text = LOSS + "---\nscenario: nothing\nchanges: []\n"
    found = api.post("/api/v1/suppose", content=text, headers=YAML).json()["data"]
    assert found == told(demo, text, tmp_path)
    assert all(row["by"][1]["verdict"] == "survives" for row in found["answers"])
    five = "---\n".join(f"scenario: s{number}\nchanges: []\n" for number in range(5))
    assert api.post("/api/v1/suppose", content=five, headers=YAML).status_code == 400


def test_the_examples_come_with_their_text_and_can_be_asked(api: TestClient) -> None:
    found = api.get("/api/v1/scenarios").json()["data"]
    assert [one["name"] for one in found] == [one["name"] for one in service.list_examples()]
    rare = next(one for one in found if one["name"] == "rare-earths-2010")
    answer = api.post("/api/v1/suppose", content=rare["text"].encode(), headers=YAML).json()["data"]
    (row,) = answer["answers"]
    assert (row["entity"], row["seen"], row["verdict"]) == ("rare-earths", "in Japan", "degrades")


@pytest.mark.parametrize(
    ("body", "kind", "status", "told_so"),
    [
        (b"", "application/yaml", 400, "empty"),
        (b"", "application/json", 400, "not JSON"),
        (b"[1, 2", "application/json", 400, "not JSON"),
        (b"\xff\xfe", "application/yaml", 400, "UTF-8"),
        (b'"\\ud800"', "application/json", 400, "not JSON"),
        (b"[" * 100_000, "application/json", 400, ""),
        (b"[" * 5_000, "application/yaml", 400, "nests deeper"),
        (b"{scenario: x}", "application/yaml", 400, "no changes"),
        (b"scenario: x\nchanges:\n  - fail: China\n    fail: Japan\n", "application/yaml", 400, "twice"),
        (b"scenario: x\nchanges:\n  - explode: China\n", "application/yaml", 400, "no change"),
        (
            b"{scenario: x, changes: [{restrict_export: {of: Rare earths, from: China, left: 120%}}]}",
            "text/yaml",
            400,
            "whole",
        ),
        (
            b'{"scenario": "x", "changes": [{"delay": {"what": "China", "months": NaN}}]}',
            "application/json",
            400,
            "months",
        ),
        (b"{scenario: x, changes: [{fail: Nonesuch Works}]}", "application/yaml", 404, "Nonesuch Works"),
        (b"!!python/object/apply:os.system [ls]", "application/yaml", 400, ""),
        (b"x" * 1_100_000, "application/yaml", 413, ""),
    ],
)
def test_what_is_no_scenario_is_refused_in_one_shape(
    api: TestClient, body: bytes, kind: str, status: int, told_so: str
) -> None:
    answer = api.post("/api/v1/suppose", content=body, headers={"content-type": kind})
    assert answer.status_code == status
    error = answer.json()["error"]
    assert set(error) == {"kind", "message", "where", "hint"} and told_so in error["message"]


def test_no_question_changes_the_picture(api: TestClient) -> None:
    before = api.get("/api/v1/stats").json()["meta"]["picture"]
    api.post("/api/v1/suppose", content=LOSS, headers=YAML)
    assert api.get("/api/v1/stats").json()["meta"]["picture"] == before
