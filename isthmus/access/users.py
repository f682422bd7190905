"""Who may use a picture that several share: names with passwords, keys for programs, and what each may do and see."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import sqlite3
import time
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from isthmus.access.reader import LOCAL, ROLES, Reader, Role
from isthmus.errors import ArgumentError
from isthmus.model import MARKINGS
from isthmus.service.beside import USERS, Records, beside

SHORTEST = 12
"""Characters of a password, at least."""
LONGEST = 1000
KEY_START = "isthmus_"
_NAME = re.compile(r"[\w][\w.@+-]{0,63}")
_TABLES = """
CREATE TABLE IF NOT EXISTS users(
  name TEXT PRIMARY KEY, password TEXT, role TEXT NOT NULL, ceiling TEXT NOT NULL, told INTEGER NOT NULL, made REAL NOT NULL);
CREATE TABLE IF NOT EXISTS keys(
  prefix TEXT PRIMARY KEY, digest TEXT NOT NULL, user TEXT NOT NULL, note TEXT NOT NULL, made REAL NOT NULL, used REAL,
  revoked INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS sessions(
  digest TEXT PRIMARY KEY, user TEXT NOT NULL, token TEXT NOT NULL, made REAL NOT NULL, ends REAL NOT NULL);
CREATE TABLE IF NOT EXISTS secrets(name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is listed: never the key itself, only how it begins."""

    prefix: str
    user: str
    note: str
    made: float
    used: float | None
    revoked: bool


class Users:
    """The users of one picture, in a file beside it that only its owner may read.

    Parameters
    ----------
    picture : Path
        The picture's file.
    hasher : PasswordHasher or None
        How passwords are hashed; None: argon2id as the library advises.
    """

    def __init__(self, picture: Path, *, hasher: PasswordHasher | None = None) -> None:
        self.records = Records(beside(picture, USERS), _TABLES)
        self._hasher = hasher or PasswordHasher()
        # Checked where no such user is, so that the time of an answer does not tell which names there are.
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    @staticmethod
    def exist(picture: Path) -> bool:
        """Tell whether a picture has any user, and make nothing."""
        if not beside(picture, USERS).exists():
            return False
        return bool(Users(picture).listed())

    @property
    def secret(self) -> str:
        """What signs cookies; made once for each picture."""
        with self.records.open() as connection:
            connection.execute("INSERT OR IGNORE INTO secrets VALUES ('cookies', ?)", [secrets.token_hex(32)])
            return str(connection.execute("SELECT value FROM secrets WHERE name = 'cookies'").fetchone()[0])

    def add(self, name: str, password: str | None, role: str, ceiling: str, *, told: bool = False) -> Reader:
        """Add a user.

        Parameters
        ----------
        password : str or None
            None: the user has keys only.
        role, ceiling : str
            One of `isthmus.access.reader.ROLES` and of `isthmus.model.MARKINGS`.
        told : bool
            Whether they are told that something is withheld from them.

        Raises
        ------
        ArgumentError
            A part cannot be, or there is such a user.
        """
        name = unicodedata.normalize("NFC", name)
        reader = _reader(name, role, ceiling, told)
        hashed = None if password is None else self._hashed(password)
        try:
            with self.records.open() as connection:
                row = (name, hashed, role, ceiling, int(told), time.time())
                connection.execute("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?)", row)
        except sqlite3.IntegrityError as error:
            raise ArgumentError(f"there is a user “{name}” already.", where="name") from error
        return reader

    def change(
        self,
        name: str,
        *,
        role: str | None = None,
        ceiling: str | None = None,
        told: bool | None = None,
        password: str | None = None,
    ) -> Reader:
        """Change what a user may do or see, or the password; with any of it their sessions end.

        Raises
        ------
        ArgumentError
            There is no such user, a part cannot be, or no steward would be left.
        """
        before = self.get(name)
        reader = _reader(name, role or before.role, ceiling or before.ceiling, before.told if told is None else told)
        self._keep_steward(before, reader)
        with self.records.open() as connection:
            changed = (reader.role, reader.ceiling, int(reader.told), name)
            connection.execute("UPDATE users SET role = ?, ceiling = ?, told = ? WHERE name = ?", changed)
            if password is not None:
                connection.execute("UPDATE users SET password = ? WHERE name = ?", [self._hashed(password), name])
            connection.execute("DELETE FROM sessions WHERE user = ?", [name])
        return reader

    def remove(self, name: str) -> None:
        """Remove a user with their keys and sessions; what they did stays in the record.

        Raises
        ------
        ArgumentError
            There is no such user, or no steward would be left.
        """
        self._keep_steward(self.get(name), None)
        with self.records.open() as connection:
            for table, column in (("sessions", "user"), ("keys", "user"), ("users", "name")):
                connection.execute(f"DELETE FROM {table} WHERE {column} = ?", [name])

    def get(self, name: str) -> Reader:
        """Return a user.

        Raises
        ------
        ArgumentError
            There is none of that name.
        """
        found = self._found(name)
        if found is None:
            raise ArgumentError(f"there is no user “{name}”.", hint="`isthmus user list` lists them.")
        return found

    def listed(self) -> list[Reader]:
        """Return every user by name."""
        with self.records.open() as connection:
            rows = connection.execute("SELECT name, role, ceiling, told FROM users ORDER BY name").fetchall()
        return [Reader(row["name"], row["role"], row["ceiling"], told=bool(row["told"])) for row in rows]

    def check(self, name: str, password: str) -> Reader | None:
        """Return the user whose password this is, else None; it takes as long where there is no such user."""
        name = unicodedata.normalize("NFC", name)
        with self.records.open() as connection:
            row = connection.execute("SELECT password FROM users WHERE name = ?", [name]).fetchone()
        held = row["password"] if row and row["password"] else None
        try:
            fits = len(password) <= LONGEST and self._hasher.verify(held or self._nobody, _plain(password))
        except (VerificationError, InvalidHashError):
            return None
        if not fits or held is None:
            return None
        if self._hasher.check_needs_rehash(held):
            with self.records.open() as connection:
                connection.execute("UPDATE users SET password = ? WHERE name = ?", [self._hashed(password), name])
        return self._found(name)

    # -- keys ---------------------------------------------------------------------------------------------------

    def make_key(self, user: str, note: str = "") -> str:
        """Make a key for a program of a user and return it; it is shown this once and kept as a digest only.

        Raises
        ------
        ArgumentError
            There is no such user.
        """
        self.get(user)
        prefix, rest = secrets.token_hex(4), secrets.token_urlsafe(32)
        with self.records.open() as connection:
            row = (prefix, _digest(rest), user, note[:200], time.time())
            connection.execute("INSERT INTO keys(prefix, digest, user, note, made) VALUES (?, ?, ?, ?, ?)", row)
        return f"{KEY_START}{prefix}_{rest}"

    def revoke_key(self, prefix: str) -> None:
        """Let a key open nothing from now on.

        Raises
        ------
        ArgumentError
            No key begins so.
        """
        with self.records.open() as connection:
            done = connection.execute("UPDATE keys SET revoked = 1 WHERE prefix = ?", [prefix.removeprefix(KEY_START)])
            if not done.rowcount:
                raise ArgumentError(f"no key begins with “{prefix}”.", hint="`isthmus user list` lists them.")

    def keys(self, user: str | None = None) -> list[ApiKey]:
        """Return the keys of a user, or of all."""
        with self.records.open() as connection:
            rows = connection.execute(
                "SELECT prefix, user, note, made, used, revoked FROM keys WHERE ? IS NULL OR user = ? ORDER BY user, made",
                [user, user],
            ).fetchall()
        return [ApiKey(**{**dict(row), "revoked": bool(row["revoked"])}) for row in rows]

    def by_key(self, text: str) -> Reader | None:
        """Return whose key this is, else None."""
        prefix, _, rest = text.removeprefix(KEY_START).partition("_")
        with self.records.open() as connection:
            row = connection.execute(
                "SELECT digest, user FROM keys WHERE prefix = ? AND NOT revoked", [prefix]
            ).fetchone()
            if row is None or not hmac.compare_digest(row["digest"], _digest(rest)):
                return None
            connection.execute(
                "UPDATE keys SET used = ? WHERE prefix = ? AND coalesce(used, 0) < ?",
                [time.time(), prefix, time.time() - 60],
            )
        return self._found(row["user"])

    def _found(self, name: str) -> Reader | None:
        with self.records.open() as connection:
            row = connection.execute("SELECT name, role, ceiling, told FROM users WHERE name = ?", [name]).fetchone()
        return Reader(row["name"], row["role"], row["ceiling"], told=bool(row["told"])) if row else None

    def _keep_steward(self, before: Reader, after: Reader | None) -> None:
        others = [user for user in self.listed() if user.role == "steward" and user.name != before.name]
        if before.role == "steward" and not others and (after is None or after.role != "steward"):
            raise ArgumentError(
                f"{before.name} is the only steward; nobody could make users after this.",
                hint="Make another steward first.",
            )

    def _hashed(self, password: str) -> str:
        plain = _plain(password)
        if not SHORTEST <= len(plain) <= LONGEST:
            raise ArgumentError(
                f"the password has {len(plain):,} characters; it takes {SHORTEST} to {LONGEST:,}.",
                where="password",
                hint="Several plain words make a good one.",
            )
        return self._hasher.hash(plain)


def user_json(users: Users, reader: Reader) -> dict[str, Any]:
    """Return a user with their keys, JSON-ready and without any secret."""
    return {**asdict(reader), "keys": [asdict(key) for key in users.keys(reader.name)]}


def _reader(name: str, role: str, ceiling: str, told: bool) -> Reader:
    if not _NAME.fullmatch(name):
        raise ArgumentError(
            f"“{name[:80]}” is no name of a user.",
            where="name",
            hint="Use letters and digits, and . _ @ + - between them; at most 64 characters.",
        )
    if name.lower() == LOCAL.name:
        raise ArgumentError(f"“{name}” is who sits at a laptop; give another name.", where="name")
    known: tuple[Role, ...] = get_args(Role)
    for found in known:
        if found == role:
            break
    else:
        raise ArgumentError(f"“{role}” is no role.", where="role", hint=f"Roles: {', '.join(ROLES)}.")
    if ceiling not in MARKINGS:
        raise ArgumentError(f"“{ceiling}” is no marking.", where="ceiling", hint=f"Use one of {', '.join(MARKINGS)}.")
    return Reader(name, found, ceiling, told=told)


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _digest(text: str) -> str:
    # A key has 256 random bits: one round is enough, where a password needs a slow one.
    return hashlib.sha256(text.encode()).hexdigest()
