"""Who comes in: sessions, keys, roles, forms, rates."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from isthmus.access.throttle import Rate
from isthmus.access.users import Users
from isthmus.serving.gate import Rates
from isthmus.serving.guard import Limits
from tests.server.conftest import BASE, PASSWORD, sign_in, token_of

PAGE = {"Accept": "text/html"}


def test_a_laptop_asks_nobody(laptop: TestClient) -> None:
    assert laptop.get("/", headers=PAGE).status_code == 200
    assert laptop.get("/api/v1/me").json()["data"]["role"] == "steward"
    assert laptop.get("/login").headers["location"] == "/"


@pytest.mark.parametrize("path", ["/", "/find?q=acme", "/users", "/jobs", "/nowhere"])
def test_a_page_leads_who_is_unknown_to_the_door_and_back(team: TestClient, path: str) -> None:
    answer = team.get(path, headers=PAGE)
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/login")
    form = {"name": "ben", "password": PASSWORD, "next": path}
    assert team.post("/login", data=form, headers={"Origin": BASE}).headers["location"] == path


def test_the_api_answers_who_is_unknown_with_401(team: TestClient) -> None:
    for answer in (
        team.get("/api/v1/stats"),
        team.post("/api/v1/judgements", json={}),
        team.get("/api/v1/openapi.json"),
    ):
        assert answer.status_code == 401
        assert answer.json()["error"]["kind"] == "sign_in"
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    "onward", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "/\nx"]
)
def test_the_door_leads_nowhere_else(team: TestClient, onward: str) -> None:
    form = {"name": "ben", "password": PASSWORD, "next": onward}
    assert team.post("/login", data=form, headers={"Origin": BASE}).headers["location"] == "/"


def test_the_cookie_is_for_the_browser_alone(team: TestClient) -> None:
    form = {"name": "ana", "password": PASSWORD}
    plain = team.post("/login", data=form, headers={"Origin": BASE}).headers["set-cookie"].lower()
    assert "httponly" in plain and "samesite=lax" in plain and "secure" not in plain
    safe = TestClient(team.app, base_url="https://127.0.0.1:8765", follow_redirects=False)
    answer = safe.post("/login", data=form, headers={"Origin": "https://127.0.0.1:8765"})
    assert "secure" in answer.headers["set-cookie"].lower()


def test_signing_out_ends_the_session_on_the_server(team: TestClient) -> None:
    assert sign_in(team, "ana") == 303
    kept = dict(team.cookies)
    token = token_of(team, "/logout")
    assert team.post("/logout", data={"token": "x"}, headers={"Origin": BASE}).status_code == 403
    assert team.post("/logout", data={"token": token}, headers={"Origin": BASE}).headers["location"] == "/login"
    team.cookies.update(kept)
    assert team.get("/api/v1/me").status_code == 401


def test_a_wrong_password_and_a_wrong_name_read_the_same(team: TestClient) -> None:
    answers = [
        team.post("/login", data={"name": name, "password": "wrong"}, headers={"Origin": BASE}) for name in ("ana", "x")
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].text == answers[1].text


def test_guessing_is_slowed(opened: Callable[..., TestClient], users: Users) -> None:
    client = opened(users, Rates(guess=Rate(3, 0.001)))
    codes = [sign_in(client, "ana", "wrong") for _ in range(4)]
    assert codes == [403, 403, 403, 429]
    # The right password is not tried either, and another name is.
    assert sign_in(client, "ana") == 429
    assert sign_in(client, "ben") == 303
    answer = client.post("/login", data={"name": "ana", "password": "wrong"}, headers={"Origin": BASE})
    assert int(answer.headers["retry-after"]) > 100


def test_guessing_keys_is_slowed(opened: Callable[..., TestClient], users: Users) -> None:
    client = opened(users, Rates(guess=Rate(2, 0.001)))
    codes = [client.get("/api/v1/me", headers={"Authorization": f"Bearer isthmus_0_{n}"}).status_code for n in range(3)]
    assert codes == [401, 401, 429]


def test_who_asks_too_often_waits(opened: Callable[..., TestClient], users: Users) -> None:
    client = opened(users, Rates(reader=Rate(5, 0.1)))
    one, other = ({"Authorization": f"Bearer {users.make_key(name)}"} for name in ("ana", "ben"))
    answers = [client.get("/api/v1/me", headers=one) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[-1].json()["error"]["kind"] == "too_often"
    assert int(answers[-1].headers["retry-after"]) == 10
    assert client.get("/api/v1/me", headers=other).status_code == 200


def test_an_address_that_asks_too_often_waits(opened: Callable[..., TestClient], users: Users) -> None:
    client = opened(users, Rates(address=Rate(3, 0.1)))
    assert [client.get("/api/v1/me").status_code for _ in range(4)] == [401, 401, 401, 429]


def test_a_key_is_its_user(team: TestClient, users: Users) -> None:
    key = users.make_key("cem")
    answer = team.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"})
    assert answer.json()["data"] == {"name": "cem", "role": "analyst", "ceiling": "TLP:AMBER", "told": False}
    assert team.get("/api/v1/me", headers={b"Authorization": b"Bearer \xe9"}).status_code in (400, 401)
    assert team.get("/api/v1/me", headers={"Authorization": f"Basic {key}"}).status_code == 401


JUDGEMENT = {"a": "acme", "b": "acme-ltd", "verdict": "same", "why": "one firm"}


@pytest.mark.parametrize(
    ("name", "method", "path", "body", "status"),
    [
        ("ben", "POST", "/api/v1/judgements", JUDGEMENT, 403),
        ("cem", "POST", "/api/v1/judgements", JUDGEMENT, 201),
        ("cem", "POST", "/api/v1/retractions", {"claims": ["x"], "why": "y"}, 403),
        ("ana", "POST", "/api/v1/retractions", {"claims": ["x"], "why": "y"}, 400),
        ("cem", "GET", "/api/v1/users", None, 403),
        ("ana", "GET", "/api/v1/users", None, 200),
        ("cem", "GET", "/api/v1/audit", None, 403),
        ("ana", "GET", "/api/v1/audit", None, 200),
        ("cem", "GET", "/users", None, 403),
        ("cem", "GET", "/record", None, 403),
        ("ben", "GET", "/add", None, 403),
        ("ana", "POST", "/api/v1/local", {"verb": "judge"}, 403),
        ("ben", "GET", "/api/v1/stats?ceiling=TLP:RED", None, 403),
    ],
)
def test_each_does_what_their_role_may(
    team: TestClient, users: Users, name: str, method: str, path: str, body: object, status: int
) -> None:
    headers = {"Authorization": f"Bearer {users.make_key(name)}"}
    assert team.request(method, path, json=body, headers=headers).status_code == status


def test_a_page_of_another_site_changes_nothing(team: TestClient) -> None:
    sign_in(team, "cem")
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {},
    ):
        assert team.post("/api/v1/judgements", json=JUDGEMENT, headers=headers).status_code == 403
    assert team.get("/api/v1/entities/acme").json()["data"]["judgements"] == []
    token = token_of(team, "/add")
    assert team.post("/api/v1/judgements", json=JUDGEMENT, headers={"X-Isthmus-Token": token}).status_code == 201
    assert team.post("/api/v1/judgements", json=JUDGEMENT, headers={"Origin": BASE}).status_code == 201


def test_each_session_has_its_own_word_though_the_page_is_kept(team: TestClient) -> None:
    tokens, tags = [], []
    for _ in range(2):
        sign_in(team, "cem")
        answer = team.get("/")
        tags.append(answer.headers["etag"])
        tokens.append(answer.text.partition('name="form-token" content="')[2].partition('"')[0])
        assert team.get("/", headers={"If-None-Match": tags[-1]}).status_code == 304
    assert len(set(tokens)) == len(set(tags)) == 2 and all(len(token) > 20 for token in tokens)
    # The word of a session that ended is none.
    answer = team.post("/add", data={"token": tokens[0]}, files={"files": ("a.csv", b"x")}, headers={"Origin": BASE})
    assert answer.status_code == 403


def test_a_name_that_leads_here_from_elsewhere_is_turned_away(opened: Callable[..., TestClient]) -> None:
    client = opened(None, None, Limits(hosts=frozenset(("127.0.0.1", "localhost"))))
    assert client.get("/", headers={"Host": "rebound.example:8765"}).status_code == 403
    assert client.get("/", headers={"Host": "localhost:8765"}).status_code == 200


def test_what_is_done_stands_in_the_record(team: TestClient, users: Users) -> None:
    sign_in(team, "ana", "wrong")
    sign_in(team, "ana")
    team.post("/api/v1/judgements", json=JUDGEMENT, headers={"Origin": BASE})
    team.post("/api/v1/users", json={"name": "eve", "role": "reader"}, headers={"Origin": BASE})
    body = team.get("/api/v1/audit").json()
    assert [line["action"] for line in body["data"]] == ["user add", "judge", "sign in", "sign in refused"]
    assert body["meta"]["chain"]["broken"] is None
    page = team.get("/record").text
    assert "sign in refused" in page and "The chain breaks" not in page
    access = team.app.state.access  # type: ignore[attr-defined]
    access.audit.path.write_bytes(access.audit.path.read_bytes().replace(b'"sign in"', b'"sign  in"'))
    assert "breaks at line 3" in team.get("/record").text


def test_users_are_made_and_changed_on_their_page(team: TestClient, users: Users) -> None:
    sign_in(team, "ana")
    token = token_of(team, "/users")

    def send(**form: str) -> int:
        return int(team.post("/users", data={"token": token, **form}, headers={"Origin": BASE}).status_code)

    assert send(act="add", name="eve", role="reader", ceiling="TLP:GREEN", password="plain words here") == 303
    assert users.check("eve", "plain words here") is not None
    assert send(act="change", name="eve", role="analyst", ceiling="TLP:AMBER") == 303
    assert users.get("eve").ceiling == "TLP:AMBER"
    assert send(act="key", name="eve", note="<b>x</b>") == 200
    assert "&lt;b&gt;x" in team.get("/users").text
    assert send(act="revoke", prefix=users.keys("eve")[0].prefix) == 303
    assert send(act="remove", name="eve") == 303
    assert send(act="remove", name="ana") == 400
    assert send(act="add", name="eve", role="reader", ceiling="TLP:GREEN", password="short") == 400


def test_a_steward_gives_no_more_than_they_see(team: TestClient, users: Users) -> None:
    users.add("dan", PASSWORD, "steward", "TLP:GREEN")
    headers = {"Authorization": f"Bearer {users.make_key('dan')}"}
    above = {"name": "eve", "role": "reader", "ceiling": "TLP:AMBER"}
    assert team.post("/api/v1/users", json=above, headers=headers).status_code == 403
    assert team.post("/api/v1/users/dan", json={"ceiling": "TLP:RED"}, headers=headers).status_code == 403
    assert team.post("/api/v1/users/ana/keys", json={}, headers=headers).status_code == 403
    assert team.post("/api/v1/users/ben/keys", json={}, headers=headers).status_code == 201
