"""Sessions end when they should, and nobody makes one up."""

from __future__ import annotations

import time

import pytest

from isthmus.access.sessions import Sessions
from isthmus.access.users import Users


def test_a_cookie_is_a_session_until_it_is_ended(users: Users) -> None:
    sessions = Sessions(users)
    cookie, other = sessions.begin(users.get("ana")), sessions.begin(users.get("ana"))
    found, again = sessions.find(cookie), sessions.find(other)
    assert found is not None and again is not None
    assert found.reader.name == "ana" and found.token != again.token
    sessions.end(cookie)
    assert sessions.find(cookie) is None
    assert sessions.find(other) is not None


def test_a_cookie_that_was_changed_is_none(users: Users) -> None:
    sessions = Sessions(users)
    cookie = sessions.begin(users.get("ana"))
    for forged in (
        cookie[:-1] + ("A" if cookie[-1] != "A" else "B"),
        "x" + cookie,
        cookie.split(".")[0],
        "",
        "a.b.c",
        "é",
    ):
        assert sessions.find(forged) is None


def test_a_session_ends_with_time(users: Users) -> None:
    sessions = Sessions(users, lasts=100)
    cookie = sessions.begin(users.get("ana"))
    with users.records.open() as rows:
        rows.execute("UPDATE sessions SET ends = ends - 101")
    assert sessions.find(cookie) is None


def test_a_clock_that_is_set_back_ends_no_session(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions(users)
    cookie = sessions.begin(users.get("ana"))
    earlier = time.time() - 3600
    monkeypatch.setattr(time, "time", lambda: earlier)
    assert sessions.find(cookie) is not None


def test_a_right_that_is_taken_is_gone_at_once(users: Users) -> None:
    sessions = Sessions(users)
    cookie = sessions.begin(users.get("ben"))
    users.change("ben", ceiling="TLP:GREEN")
    assert sessions.find(cookie) is None
    cookie = sessions.begin(users.get("ben"))
    users.remove("ben")
    assert sessions.find(cookie) is None


def test_the_secret_stays_with_the_picture(users: Users) -> None:
    cookie = Sessions(users).begin(users.get("ana"))
    assert Sessions(users).find(cookie) is not None
