"""Who may use a picture: passwords, keys, roles and ceilings."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from isthmus.access.reader import POWERS, Reader
from isthmus.access.users import Users
from isthmus.errors import ArgumentError


def test_only_the_right_password_lets_in(users: Users) -> None:
    assert users.check("ana", "a long password") == Reader("ana", "steward", "TLP:RED", told=True)
    assert users.check("ana", "another password") is None
    assert users.check("nobody", "a long password") is None
    assert users.check("ana", "x" * 5000) is None


def test_no_secret_lies_in_the_file(users: Users, store_path: Path) -> None:
    key = users.make_key("ben", "nightly")
    for path in store_path.parent.iterdir():
        assert b"a long password" not in path.read_bytes()
        assert key.rpartition("_")[2].encode() not in path.read_bytes()
    assert stat.S_IMODE(users.records.path.stat().st_mode) == 0o600


def test_a_file_that_others_may_read_is_closed_to_them(users: Users, store_path: Path) -> None:
    users.records.path.chmod(0o644)
    Users(store_path)
    assert stat.S_IMODE(users.records.path.stat().st_mode) == 0o600


def test_a_key_is_its_users_until_it_is_revoked(users: Users) -> None:
    key = users.make_key("ben")
    assert users.by_key(key) == Reader("ben", "reader", "TLP:CLEAR")
    assert users.by_key(key + "x") is None
    assert users.by_key("isthmus_00000000_" + key.rpartition("_")[2]) is None
    (listed,) = users.keys("ben")
    assert key.startswith(f"isthmus_{listed.prefix}_")
    users.revoke_key(listed.prefix)
    assert users.by_key(key) is None


def test_with_a_user_their_keys_go(users: Users) -> None:
    key = users.make_key("ben")
    users.remove("ben")
    assert users.by_key(key) is None
    assert [user.name for user in users.listed()] == ["ana"]


@pytest.mark.parametrize(
    "change", [lambda users: users.remove("ana"), lambda users: users.change("ana", role="analyst")]
)
def test_the_last_steward_stays(users: Users, change: object) -> None:
    with pytest.raises(ArgumentError, match="only steward"):
        change(users)  # type: ignore[operator]
    assert users.get("ana").role == "steward"


@pytest.mark.parametrize(
    ("name", "password", "role", "ceiling", "where"),
    [
        ("", "long enough it is", "reader", "TLP:RED", "name"),
        ("a b", "long enough it is", "reader", "TLP:RED", "name"),
        ("local", "long enough it is", "reader", "TLP:RED", "name"),
        ("x\n", "long enough it is", "reader", "TLP:RED", "name"),
        ("eve", "short", "reader", "TLP:RED", "password"),
        ("eve", "long enough it is", "king", "TLP:RED", "role"),
        ("eve", "long enough it is", "reader", "RED", "ceiling"),
        ("ana", "long enough it is", "reader", "TLP:RED", "name"),
    ],
)
def test_what_cannot_be_a_user_is_refused(
    users: Users, name: str, password: str, role: str, ceiling: str, where: str
) -> None:
    with pytest.raises(ArgumentError) as caught:
        users.add(name, password, role, ceiling)
    assert caught.value.where == where
    assert len(users.listed()) == 2


def test_each_role_may_do_what_those_below_it_may() -> None:
    roles = {
        role: {power for power in POWERS if Reader("x", role).may(power)} for role in ("reader", "analyst", "steward")
    }
    assert roles["reader"] == {"read"}
    assert roles["analyst"] == {"read", "judge", "add", "cancel"}
    assert roles["steward"] == set(POWERS)
