"""The API answers what the command line answers, in one shape, and says what went wrong in one shape."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from isthmus import service
from isthmus.api.lenses import ARGUMENTS
from isthmus.service.answers import LENSES, find_lens


def test_a_lens_answers_as_on_the_command_line(api: TestClient, demo: Path) -> None:
    told = api.get("/api/v1/ask/control", params={"of": "ByteDance", "why": "true"}).json()
    assert told["data"] == service.ask(demo, "control", {"of": "ByteDance", "why": True})
    assert told["meta"]["picture"] == told["data"]["picture"]


@pytest.mark.parametrize("lens", LENSES)
def test_every_lens_can_be_asked_with_its_own_arguments(lens: str) -> None:
    own = inspect.signature(find_lens(lens)).parameters
    assert [*ARGUMENTS[lens], "why"] == sorted(
        (name for name in own if name != "picture"), key=[*ARGUMENTS[lens], "why"].index
    )
    for name, argument in ARGUMENTS[lens].items():
        default = own[name].default
        if argument.default is ...:
            assert default is inspect.Parameter.empty
        elif argument.kind is not list or default is not None:
            assert argument.default == default


def test_the_state_of_a_day_is_asked_for_by_its_date(api: TestClient) -> None:
    plain = api.get("/api/v1/entities/huawei").json()
    early = api.get("/api/v1/entities/huawei", params={"as_of": "2005"}).json()
    assert early["meta"]["as_of"] == "2005"
    assert early["meta"]["picture"] != plain["meta"]["picture"]
    assert len(early["data"]["relations"]) < len(plain["data"]["relations"])


def test_ids_with_slashes_and_pictures_in_them_are_asked_for(api: TestClient) -> None:
    answer = api.get("/api/v1/entities/zqx%2Fzqy%F0%9F%9A%80")
    assert answer.status_code == 404
    assert answer.json()["error"]["kind"] == "unknown_entity"
    assert "zqx/zqy🚀" in answer.json()["error"]["message"]


def test_an_ambiguous_name_is_refused_with_its_candidates(api: TestClient) -> None:
    answer = api.get("/api/v1/ask/relations", params={"of": "nix"})
    assert answer.status_code == 409
    assert answer.json()["candidates"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/ask/control?quota=7", 422),
        ("/api/v1/ask/nothing", 404),
        ("/api/v1/ask/tally", 422),
        ("/api/v1/find?q=", 422),
        ("/api/v1/find?q=huawei&as_of=31.12.2020", 400),
        ("/api/v1/find?q=huawei&known_at=never", 400),
        ("/api/v1/find?q=huawei&without=no-such-source", 400),
        ("/api/v1/find?q=huawei&ceiling=TLP:PINK", 400),
        ("/api/v1/claims/'; DROP TABLE claims; --", 404),
        ("/api/v1/diff?from=2020", 400),
        ("/api/v1/diff?from=2021&to=2020", 400),
        ("/api/v1/nowhere", 404),
        ("/api/v1/find?q=" + "word+" * 10_000, 413),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_shape(api: TestClient, address: str, status: int) -> None:
    answer = api.get(address)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert set(error) == {"kind", "message", "where", "hint"}
    assert error["message"]


def test_a_query_of_many_words_is_answered(api: TestClient) -> None:
    answer = api.get("/api/v1/find", params={"q": "huawei " * 250})
    assert answer.status_code == 200


def test_words_of_sql_are_words(api: TestClient) -> None:
    told = api.get("/api/v1/find", params={"q": "'; DROP TABLE claims; --"}).json()
    assert told["data"]["entities"] == []
    assert api.get("/api/v1/stats").json()["data"]["claims"] > 20_000


def test_lists_are_paged(api: TestClient) -> None:
    first = api.get("/api/v1/sources", params={"size": 5}).json()
    second = api.get("/api/v1/sources", params={"size": 5, "page": 2}).json()
    assert first["meta"]["page"] == {
        "number": 1,
        "size": 5,
        "pages": -(-first["meta"]["page"]["total"] // 5),
        "total": first["meta"]["page"]["total"],
    }
    ids = [entry["id"] for entry in first["data"] + second["data"]]
    assert len(set(ids)) == 10


def test_a_claim_is_told_with_its_source_and_what_else_is_said(api: TestClient) -> None:
    card = api.get("/api/v1/entities/quectel").json()["data"]
    held = next(entry for entry in card["relations"] if entry["predicate"] == "produces")
    told = api.get(f"/api/v1/claims/{held['claims'][0]}").json()["data"]
    assert told["claim"]["sentence"]
    assert told["claim"]["locator"] == held["locator"]
    assert told["claim"]["source"] in told["sources"]


def test_an_answer_that_the_client_has_is_not_sent_again(api: TestClient) -> None:
    first = api.get("/api/v1/stats")
    again = api.get("/api/v1/stats", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_of_another_site_changes_nothing(api: TestClient) -> None:
    answer = api.post("/match", json={"queries": {}}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert answer.json()["error"]["kind"] == "access"


def test_two_names_are_matched_with_reasons(api: TestClient) -> None:
    told = api.get("/api/v1/names/match", params={"name1": "中国移动", "name2": "China Mobile"}).json()["data"]
    assert told["verdict"] in ("same", "possible") and told["reasons"]
    assert api.get("/api/v1/names/match", params={"name1": "x", "name2": "…"}).status_code == 400


def test_the_picture_is_checked(api: TestClient) -> None:
    told = api.get("/api/v1/check").json()["data"]
    assert told["ok"] is True and told["coverage"]["claims"] > 20_000


def test_a_fault_of_ours_has_a_number_and_no_traceback(api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret of the code")

    monkeypatch.setattr("isthmus.api.things.count_all", broken)
    answer = api.get("/api/v1/stats", params={"as_of": "2019-02"})
    assert answer.status_code == 500
    assert answer.json()["error"]["id"].startswith("e-")
    assert "secret" not in answer.text and "Traceback" not in answer.text
    monkeypatch.setattr("isthmus.web.sources.source_list", broken)
    page = api.get("/sources", params={"as_of": "2019-02"})
    assert page.status_code == 500
    assert "e-" in page.text and "secret" not in page.text and "Traceback" not in page.text
