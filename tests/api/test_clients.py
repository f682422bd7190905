"""Clients written from the public specifications of yente's API and of the Reconciliation Service API 0.2."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient


def matched(api: TestClient, properties: dict[str, Any], schema: str = "Company", **asked: Any) -> list[dict[str, Any]]:
    body = {"queries": {"q": {"schema": schema, "properties": properties}}}
    answer = api.post("/match/default", json=body, params=asked)
    assert answer.status_code == 200
    told = answer.json()["responses"]["q"]
    assert told["status"] == 200
    assert told["query"]["schema"] == schema
    assert told["total"] == {"value": len(told["results"]), "relation": "eq"}
    return list(told["results"])


@pytest.mark.parametrize("name", ["Huawei Technologies Co., Ltd.", "华为技术有限公司", "Huawei"])
def test_an_example_is_matched_in_any_script(api: TestClient, name: str) -> None:
    best = matched(api, {"name": [name], "country": ["cn"]})[0]
    assert best["id"] == "huawei"
    assert best["match"] is True
    assert 0.7 <= best["score"] <= 1
    assert best["schema"] == "Company"
    assert "Huawei" in best["properties"]["name"] or "Huawei" in best["properties"].get("alias", ())
    assert set(best) >= {
        "id",
        "caption",
        "schema",
        "properties",
        "datasets",
        "referents",
        "target",
        "first_seen",
        "last_seen",
        "features",
    }


def test_what_nobody_is_called_matches_nothing(api: TestClient) -> None:
    assert matched(api, {"name": ["Quaxolotl Widgets GmbH"]}) == []


def test_thresholds_are_those_of_the_client(api: TestClient) -> None:
    strict = matched(api, {"name": ["Huawei"]}, threshold=1.0)
    assert strict and not any(row["match"] for row in strict if row["score"] < 1)
    assert len(matched(api, {"name": ["China"]}, schema="LegalEntity", limit=2, cutoff=0.0)) == 2


def test_an_unknown_schema_fails_its_query_and_no_other(api: TestClient) -> None:
    body = {
        "queries": {
            "bad": {"schema": "Spaceship", "properties": {"name": ["x"]}},
            "good": {"schema": "Company", "properties": {"name": "Huawei"}},
        }
    }
    told = api.post("/match", json=body).json()["responses"]
    assert told["bad"]["status"] == 400 and told["bad"]["results"] == []
    assert told["good"]["results"][0]["id"] == "huawei"


def test_results_keep_to_a_source(api: TestClient) -> None:
    body = {"queries": {"q": {"schema": "Company", "properties": {"name": ["Huawei"]}}}}
    listed = api.get("/api/v1/sources", params={"size": 500}).json()["data"]
    for source in [entry["id"] for entry in listed if entry["claims"]][:5]:
        for row in api.post(f"/match/{source}", json=body).json()["responses"]["q"]["results"]:
            assert source in row["datasets"]
    assert api.post("/match/no-such-source", json=body).status_code == 404


def test_a_thing_is_known_by_every_id_that_it_had(api: TestClient) -> None:
    thing = api.get("/entities/huawei").json()
    assert thing["schema"] == "Company"
    assert thing["referents"]
    assert api.get(f"/entities/{thing['referents'][0]}").json()["id"] == thing["id"]


class Reconciler:
    """A client that does what OpenRefine does: reads the manifest, sends batches as a form, follows the addresses it was given."""

    def __init__(self, api: TestClient) -> None:
        self.api = api
        self.manifest = api.get("/reconcile").json()

    def path(self, address: str) -> str:
        parts = urlsplit(address)
        return parts.path + ("?" + parts.query if parts.query else "")

    def queries(self, queries: dict[str, Any]) -> dict[str, Any]:
        answer = self.api.post("/reconcile", data={"queries": json.dumps(queries)})
        assert answer.status_code == 200
        return dict(answer.json())

    def suggest(self, what: str, prefix: str) -> list[dict[str, Any]]:
        service = self.manifest["suggest"][what]
        return list(
            self.api.get(self.path(service["service_url"] + service["service_path"]), params={"prefix": prefix}).json()[
                "result"
            ]
        )

    def extend(self, ids: list[str], properties: list[str]) -> dict[str, Any]:
        sent = json.dumps({"ids": ids, "properties": [{"id": name} for name in properties]})
        return dict(self.api.post("/reconcile", data={"extend": sent}).json())


@pytest.fixture
def refine(api: TestClient) -> Reconciler:
    return Reconciler(api)


def test_the_manifest_says_what_can_be_done(refine: Reconciler) -> None:
    assert refine.manifest["versions"] == ["0.2"]
    assert set(refine.manifest) >= {"name", "identifierSpace", "schemaSpace", "view", "suggest", "extend", "preview"}
    assert "{{id}}" in refine.manifest["view"]["url"]


def test_a_column_of_names_is_reconciled(refine: Reconciler) -> None:
    told = refine.queries(
        {"q0": {"query": "华为技术有限公司", "type": "company", "limit": 3}, "q1": {"query": "Quaxolotl Widgets"}}
    )
    best = told["q0"]["result"][0]
    assert (best["id"], best["match"]) == ("huawei", True)
    assert {"id", "name", "type", "score", "match", "features"} <= set(best)
    assert told["q1"]["result"] == []


def test_a_type_leaves_others_out(refine: Reconciler) -> None:
    told = refine.queries({"q": {"query": "Huawei", "type": "law"}})
    assert told["q"]["result"] == []


def test_an_identifier_finds_its_thing(refine: Reconciler) -> None:
    told = refine.queries({"q": {"query": "iso:CN"}})
    assert told["q"]["result"][0]["score"] == 100.0


def test_suggestions_follow_what_is_typed(refine: Reconciler) -> None:
    assert any(row["id"] == "huawei" for row in refine.suggest("entity", "huaw"))
    assert refine.suggest("type", "compan")[0]["id"] == "company"
    assert refine.suggest("property", "produc")[0]["id"] == "produces"


def test_a_table_is_extended(refine: Reconciler) -> None:
    told = refine.extend(["quectel", "no-such-thing"], ["located_in", "name"])
    assert [column["id"] for column in told["meta"]] == ["located_in", "name"]
    assert told["rows"]["quectel"]["located_in"][0]["name"] == "China"
    assert {"str": "移远通信"} in told["rows"]["quectel"]["name"]
    assert told["rows"]["no-such-thing"] == {"located_in": [], "name": []}


def test_properties_of_a_type_are_proposed(api: TestClient, refine: Reconciler) -> None:
    service = refine.manifest["extend"]["propose_properties"]
    told = api.get(refine.path(service["service_url"] + service["service_path"]), params={"type": "company"}).json()
    assert "produces" in [each["id"] for each in told["properties"]]


def test_the_preview_is_a_page_of_its_own(api: TestClient, refine: Reconciler) -> None:
    answer = api.get(
        refine.path(refine.manifest["preview"]["url"]).replace("{{id}}", "huawei").replace("%7B%7Bid%7D%7D", "huawei")
    )
    assert answer.status_code == 200 and "Huawei" in answer.text


@pytest.mark.parametrize("sent", ["{", "[]", '{"q": 3}', '{"q": {"query": "x", "limit": 0}}', "[" * 100_000])
def test_a_batch_that_cannot_be_read_is_refused(api: TestClient, sent: str) -> None:
    answer = api.post("/reconcile", data={"queries": sent})
    assert answer.status_code == 400
    assert answer.json()["error"]["where"].startswith("queries")
