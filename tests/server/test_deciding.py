"""Judgements and retractions through the API."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from isthmus.access.users import Users

PAIR = {"a": "acme", "b": "acme-ltd"}


def by(users: Users, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {users.make_key(name)}"}


def test_who_judges_is_who_asked(team: TestClient, users: Users) -> None:
    headers = by(users, "cem")
    done = team.post("/api/v1/judgements", json={**PAIR, "verdict": "same", "why": "one number"}, headers=headers)
    assert done.json()["data"]["who"] == "cem"
    assert done.json()["data"]["others"] == []
    assert team.get("/api/v1/entities/acme-ltd", headers=headers).json()["data"]["entity"]["members"] == [
        "acme",
        "acme-ltd",
    ]
    undone = team.post("/api/v1/judgements/undo", json={**PAIR, "why": "two"}, headers=headers).json()["data"]
    assert (undone["undone"], undone["stands"]) == (1, None)
    assert team.get("/api/v1/entities/acme-ltd", headers=headers).json()["data"]["entity"]["members"] == ["acme-ltd"]


def test_all_who_judge_one_pair_at_once_stand(team: TestClient, users: Users) -> None:
    headers = [by(users, name) for name in ("ana", "cem")]
    verdicts = ("same", "different")

    def judge(place: int) -> dict[str, object]:
        body = {**PAIR, "verdict": verdicts[place], "why": f"reason {place}"}
        answer = team.post("/api/v1/judgements", json=body, headers=headers[place])
        assert answer.status_code == 201
        return dict(answer.json()["data"])

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(judge, (0, 1)))
    held = team.get("/api/v1/entities/acme", headers=headers[0]).json()["data"]["judgements"]
    assert {(item["who"], item["verdict"]) for item in held} == {("ana", "same"), ("cem", "different")}
    assert len({item["judgement"] for item in done}) == 2
    # Who came second is told of the first.
    told = [item["others"] for item in sorted(done, key=lambda item: str(item["judgement"]))]
    assert len(told[-1]) == 1  # type: ignore[arg-type]


def test_a_retracted_claim_says_so(team: TestClient, users: Users) -> None:
    headers = by(users, "ana")
    body = team.get("/api/v1/entities/acme", headers=headers).json()["data"]
    (owns,) = [item for item in body["relations"] if item["predicate"] == "owns"]
    done = team.post("/api/v1/retractions", json={"claims": [owns["id"]], "why": "misread"}, headers=headers)
    assert done.json()["data"] == {"retracted": 1, "why": "misread", "who": "ana"}
    claim = team.get(f"/api/v1/claims/{owns['id']}", headers=headers).json()["data"]["claim"]
    assert claim["retracted_why"] == "misread"
    assert team.get("/api/v1/entities/acme", headers=headers).json()["data"]["relations"] == []


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({**PAIR, "verdict": "maybe", "why": "x"}, 422, "argument"),
        ({**PAIR, "verdict": "same", "why": ""}, 422, "argument"),
        ({**PAIR, "verdict": "same", "why": "  "}, 400, "argument"),
        ({"a": "acme", "b": "acme", "verdict": "same", "why": "x"}, 400, "argument"),
        ({"a": "acme", "b": "nobody", "verdict": "same", "why": "x"}, 404, "unknown_entity"),
        ({"a": "acme", "b": "Acme Cab", "verdict": "same", "why": "x"}, 409, "ambiguous_entity"),
        ({**PAIR, "verdict": "same", "why": "x", "valid_from": "soon"}, 400, "value"),
        ({**PAIR, "verdict": "same", "why": "x", "who": "ana"}, 422, "argument"),
        ({"a": ["x"], "b": {}, "verdict": 3, "why": None}, 422, "argument"),
    ],
)
def test_a_judgement_that_cannot_be_is_refused(
    team: TestClient, users: Users, body: dict[str, object], status: int, kind: str
) -> None:
    answer = team.post("/api/v1/judgements", json=body, headers=by(users, "cem"))
    assert (answer.status_code, answer.json()["error"]["kind"]) == (status, kind)
