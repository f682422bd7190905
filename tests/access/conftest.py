"""Users whose passwords are hashed quickly."""

from __future__ import annotations

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from isthmus.access.users import Users

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def users(store_path: Path) -> Users:
    """Return the users of a picture: ana, a steward, and ben, a reader."""
    users = Users(store_path, hasher=QUICK)
    users.add("ana", "a long password", "steward", "TLP:RED", told=True)
    users.add("ben", "another password", "reader", "TLP:CLEAR")
    return users
