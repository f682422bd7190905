"""Who may not see marked claims sees nothing of them: a word is planted wherever the store keeps words, and every route is asked."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from isthmus.access.audit import Audit
from isthmus.access.reader import LOCAL
from isthmus.access.throttle import Rate
from isthmus.access.users import Users
from isthmus.claims.store import Store
from isthmus.jobs.records import JobBook
from isthmus.picture import Picture, Request
from isthmus.server.app import build_app
from isthmus.service import AddOptions, add_files
from isthmus.service.desk import Desk
from isthmus.serving.gate import Access, Rates
from tests.server.conftest import BASE, QUICK

WORD = "quagga"
"""No word of ours, and no part of one. What is asked for holds only its beginning, so that an echo is no find."""
PART = WORD[:4]
HIDDEN = ("hid-firm", "hid-source", "closed-source")
OPEN = """subject,predicate,object,value,low,high,unit,qualifiers,valid_from,source,locator,marking
acme,name,,Acme Cables,,,,,,register,row 1,
acme,kind,,company,,,,,,register,row 1,
acme,identifier,,506700GE1G29325QX363,,,,scheme=lei,,register,row 1,
acme-ltd,name,,Acme Cables Ltd,,,,,,register,row 2,
acme-ltd,kind,,company,,,,,,register,row 2,
bolt,name,,Bolt Networks,,,,,,register,row 3,
bolt,kind,,company,,,,,,register,row 3,
bolt,located_in,iso:DE,,,,,,,register,row 3,
iso:DE,name,,Germany,,,,,,register,row 5,
iso:DE,kind,,country,,,,,,register,row 5,
acme,owns,bolt,,0.6,0.6,share,,2020,register,row 4,
"""
MARKED = f"""subject,predicate,object,value,low,high,unit,qualifiers,valid_from,source,locator,hedge,marking
hid-firm,name,,The {WORD} Fund,,,,,,hid-source,page 1,,TLP:AMBER
hid-firm,kind,,company,,,,,,hid-source,page 1,,TLP:AMBER
hid-firm,owns,acme,,0.9,0.9,share,,2021,hid-source,page {WORD} 7,as {WORD} told us,TLP:AMBER
acme,name,,Acme {WORD} Holding,,,,type=alias,,hid-source,page 2,,TLP:RED
acme,note,,Acme is said to be a {WORD},,,,,,hid-source,page 2,,TLP:AMBER
bolt,owns,hid-firm,,0.3,0.3,share,,2021,hid-source,page 3,,TLP:GREEN
bolt,located_in,iso:XX-{WORD},,,,,,,hid-source,page 3,,TLP:GREEN
"""
CLOSED = f"""subject,predicate,value,source,locator
bolt,name,Bolt {WORD} Quiet,closed-source,page 1
"""


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return a picture with the word planted, what it was before, and the ids of what is hidden."""
    folder = tmp_path_factory.mktemp("planted")
    picture = folder / "picture.duckdb"

    def add(name: str, text: str, source: str = "") -> None:
        (folder / name).write_text(text, "utf-8")
        told = folder / f"{name}.source.yaml"
        if source:
            told.write_text(source, "utf-8")
        add_files(picture, [folder / name], AddOptions())

    add("open.csv", OPEN, "id: register\ntitle: The register\nreliability: A\n")
    with Store(picture) as store:
        before = Picture(store, Request(ceiling="TLP:CLEAR")).hash
    add(f"{WORD}.csv", MARKED, f"id: hid-source\ntitle: What the {WORD} said\npublisher: {WORD} press\n")
    add(f"more-{WORD}.csv", CLOSED, f"id: closed-source\ntitle: The {WORD} file\nmarking: TLP:AMBER\n")
    with Store(picture) as store:
        hidden = [str(row[0]) for row in store.rows("SELECT id FROM claims WHERE marking > 0")]
        shown = [str(row[0]) for row in store.rows("SELECT id FROM claims WHERE marking = 0 AND batch = 1 ORDER BY id")]
        after = Picture(store, Request(ceiling="TLP:CLEAR")).hash
        store.judge("acme", "acme-ltd", "same", f"the {WORD} said so", who="ana")
        store.judge("hid-firm", "bolt", "unsure", f"like {WORD}", who="ana")
        store.judge(
            "hid-firm", "acme-ltd", "different", "names", who="rule names/1", reasons=[{"feature": WORD, "weight": 1.0}]
        )
        store.retract([shown[-1]], f"as the {WORD} says", who="ana")
        store.reindex()
    Audit(picture).write(LOCAL, "judge", {"why": WORD})
    book = JobBook(picture)
    job = book.begin("add", f"add {WORD}.csv", "ana", "TLP:RED")
    book.end(job.id, "failed", error={"kind": "format", "message": f"{WORD} is bad", "where": None, "hint": None})
    return {"picture": picture, "before": before, "after": after, "hidden": hidden, "shown": shown, "job": job.id}


@pytest.fixture(scope="module")
def clients(planted: dict[str, Any]) -> Iterator[dict[str, TestClient]]:
    """Return clients of ana, who sees all, and of ben, eve (a steward) and dan (who is told), who see the least."""
    picture: Path = planted["picture"]
    users = Users(picture, hasher=QUICK)
    users.add("ana", None, "steward", "TLP:RED", told=True)
    users.add("ben", None, "reader", "TLP:CLEAR")
    users.add("eve", None, "steward", "TLP:CLEAR")
    users.add("dan", None, "reader", "TLP:CLEAR", told=True)
    rate = Rate(1e6, 1e6)
    app = build_app(Desk(picture), None, Access.of(picture, users, Rates(rate, rate, rate, rate, rate)))
    with TestClient(app, base_url=BASE, follow_redirects=False, raise_server_exceptions=False) as whole:
        found = {}
        for name in ("ana", "ben", "eve", "dan"):
            client = TestClient(app, base_url=BASE, follow_redirects=False, raise_server_exceptions=False)
            client.headers["Authorization"] = f"Bearer {users.make_key(name)}"
            found[name] = client
        assert whole.get("/api/v1/me").status_code == 401
        yield found


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Return method and path of every route, also of those of routers."""
    found: list[tuple[str, str]] = []

    def walk(listed: Any, prefix: str) -> None:
        for route in listed:
            inner = getattr(route, "original_router", None)
            if inner is not None:
                walk(inner.routes, prefix + route.include_context.prefix)
            elif getattr(route, "methods", None):
                found.extend((method, prefix + route.path) for method in sorted(route.methods - {"HEAD"}))

    walk(app.routes, "")
    return found


QUERIES = (
    "",
    f"?q={PART}",
    "?subject=acme&entity=acme&of=acme&a=acme&b=bolt&to=bolt&thing=bolt&from=2019&to=2022",
    f"?prefix={PART}&name={PART}&text={PART}&ids=acme&id=acme&ids=hid-firm",
    "?from=2019&to=2022&as_of=2022&by=source",
    "?known_at=2999-01-01&without=hid-source",
)


def needed(app: FastAPI, path: str) -> list[str]:
    """Return queries that give a route every part that it must have."""
    told = app.openapi()["paths"].get(re.sub(r":\w+}", "}", path), {}).get("get", {}).get("parameters", [])
    names = [item["name"] for item in told if item["in"] == "query" and item["required"]]
    if not names:
        return []
    return ["?" + "&".join(f"{name}={value}" for name in names) for value in ("acme", "hid-firm", "owns", "name", PART)]


def addresses(planted: dict[str, Any], path: str, queries: Sequence[str] = ()) -> list[str]:
    """Return addresses of a route, its parts filled with what is open, what is hidden and what there is not."""
    values = [
        "acme",
        "hid-firm",
        planted["shown"][0],
        planted["shown"][-1],
        planted["hidden"][0],
        "hid-source",
        "closed-source",
    ]
    values += ["register", "control", "relations", "csv", "jsonl", "ftm", "graphml", "bods", planted["job"], PART]
    parts = re.findall(r"\{(\w+)(?::\w+)?\}", path)
    if not parts:
        return [path + query for query in (*QUERIES, *queries)]
    found = []
    few = values if len(parts) == 1 else ["acme", "hid-firm", "control", "csv"]
    for filled in itertools.product(few, repeat=len(parts)):
        address = path
        for part, value in zip(parts, filled, strict=True):
            address = re.sub(r"\{" + part + r"(:\w+)?\}", value, address)
        found.append(address)
    return [*found, *(found[0] + query for query in QUERIES[2:3])]


BODIES: tuple[Any, ...] = (
    {},
    {"a": "acme", "b": "bolt", "verdict": "same", "why": "x", "q": PART, "name": PART, "query": PART},
    {"queries": {"q": {"schema": "Company", "properties": {"name": [f"The {PART} Fund"]}}}},
    {"queries": {"q": {"query": f"The {PART} Fund"}}, "ids": ["acme", "hid-firm"], "properties": [{"id": "name"}]},
)


def test_no_route_tells_a_reader_anything_of_marked_claims(
    planted: dict[str, Any], clients: dict[str, TestClient]
) -> None:
    app = clients["ben"].app
    asked = leaked = 0
    told: list[str] = []
    seen_above: set[str] = set()
    for method, path in routes(app):  # type: ignore[arg-type]
        if path.endswith(("/local", "/login", "/logout")):
            continue
        for address in addresses(planted, path, needed(app, path)):  # type: ignore[arg-type]
            for body in BODIES if method not in ("GET", "DELETE") else (None,):
                for name in ("ben", "eve") if address == path and method == "GET" else ("ben",):
                    answer = clients[name].request(method, address, json=body)
                    asked += 1
                    heads = " ".join(f"{key}: {value}" for key, value in answer.headers.items())
                    # Ids of what is hidden come back only to who brings them.
                    echoed = any(name in f"{address} {body}" for name in (*HIDDEN, planted["hidden"][0]))
                    ids = () if echoed else (*HIDDEN, *planted["hidden"])
                    told_ids = any(name in answer.text for name in ids)
                    if WORD in answer.text.lower() or WORD in heads.lower() or told_ids or answer.status_code == 500:
                        leaked += 1
                        at = answer.text.lower().find(WORD)
                        told.append(
                            f"{name} {method} {address} {answer.status_code}: …{answer.text[max(0, at - 150) : at + 60]!r}"
                        )
            if method == "GET" and path not in seen_above and WORD in clients["ana"].get(address).text.lower():
                seen_above.add(path)
    assert not told, f"{leaked} of {asked} answers:\n" + "\n".join(told[:15])
    # The walk can fail: who sees all meets the word in many places.
    assert asked > 200 and len(seen_above) >= 8, (asked, sorted(seen_above))
    assert {
        "/api/v1/find",
        "/api/v1/sources",
        "/api/v1/audit",
        "/api/v1/jobs",
        "/api/v1/entities/{name:path}",
    } <= seen_above


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/entities/{}",
        "/entity/{}",
        "/api/v1/claims/{}",
        "/claim/{}",
        "/api/v1/sources/{}",
        "/source/{}",
        "/api/v1/stats?without={}",
    ],
)
def test_what_is_hidden_is_as_unknown_as_what_is_not_there(
    planted: dict[str, Any], clients: dict[str, TestClient], path: str
) -> None:
    hidden = (
        planted["hidden"][0]
        if "claim" in path
        else "hid-source"
        if "source" in path or "without" in path
        else "hid-firm"
    )
    absent = (
        "00000000-0000-0000-0000-000000000000"
        if "claim" in path
        else "no-source"
        if "source" in path or "without" in path
        else "no-thing"
    )
    client = clients["ben"]
    one, other = client.get(path.format(hidden)), client.get(path.format(absent))
    assert one.status_code == other.status_code >= 400
    assert one.text.replace(hidden, "X") == other.text.replace(absent, "X")


def test_what_is_hidden_changes_nothing_of_what_is_shown(
    planted: dict[str, Any], clients: dict[str, TestClient]
) -> None:
    assert planted["before"] == planted["after"]
    body = clients["ben"].get("/api/v1/entities/acme").json()["data"]
    assert body["entity"]["caption"] == "Acme Cables"
    # The judgement that two open things are one stands; why it was made is free text and may quote what was hidden.
    (item,) = body["judgements"]
    assert (item["verdict"], item["why"]) == ("same", "")
    control = clients["ben"].get("/api/v1/entities/bolt").json()["data"]
    assert {row["subject"] for row in control["relations"] if row["predicate"] == "owns"} <= {"acme"}


@pytest.mark.parametrize("form", ["csv", "jsonl", "ftm", "graphml", "bods"])
def test_an_export_holds_what_its_reader_sees(clients: dict[str, TestClient], form: str) -> None:
    address = f"/api/v1/export/{form}?marking=TLP:RED"
    for name in ("ben", "eve", "dan"):
        answer = clients[name].get(address)
        assert answer.status_code == 200 and "acme" in answer.text.lower()
        assert WORD not in answer.text.lower() + str(answer.headers).lower()
        assert WORD not in clients[name].get(address + "&source=hid-source").text.lower()
    assert WORD in clients["ana"].get(address).text.lower()


def test_only_who_may_be_told_is_told(planted: dict[str, Any], clients: dict[str, TestClient]) -> None:
    for name, told in (("ben", False), ("dan", True), ("ana", False)):
        assert clients[name].get("/api/v1/stats").json()["meta"].get("withheld", False) is told
        assert ("withheld" in clients[name].get("/").text) is told


def test_who_sees_less_cannot_name_what_is_hidden(planted: dict[str, Any], clients: dict[str, TestClient]) -> None:
    body = {"a": "acme", "b": "hid-firm", "verdict": "same", "why": "guess"}
    answer = clients["eve"].post("/api/v1/judgements", json=body)
    assert (answer.status_code, answer.json()["error"]["kind"]) == (404, "unknown_entity")
    for name in (planted["hidden"][0], "00000000-0000-0000-0000-000000000000"):
        answer = clients["eve"].post("/api/v1/retractions", json={"claims": [name], "why": "guess"})
        assert answer.status_code == 400 and WORD not in answer.text
