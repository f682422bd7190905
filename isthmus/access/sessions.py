"""Sessions: who is signed in, on which cookie, and until when."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass

from itsdangerous import BadSignature, TimestampSigner

from isthmus.access.reader import Reader
from isthmus.access.users import Users

LASTS = 12 * 3600
"""Seconds after which who is signed in must sign in again."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in.

    Attributes
    ----------
    reader : Reader
    token : str
        What a form of this session must bring, which a page of another site cannot know.
    """

    reader: Reader
    token: str


class Sessions:
    """Sessions of the users of a picture. They are kept on the server's side, so that they can be ended there.

    Parameters
    ----------
    lasts : int
        Seconds that a session lasts.
    """

    def __init__(self, users: Users, *, lasts: int = LASTS) -> None:
        self.users = users
        self.lasts = lasts
        self._signer = TimestampSigner(users.secret, salt="isthmus.session", digest_method=hashlib.sha256)

    def begin(self, reader: Reader) -> str:
        """Begin a session and return its cookie."""
        name = secrets.token_urlsafe(32)
        now = time.time()
        with self.users.records.open() as connection:
            connection.execute("DELETE FROM sessions WHERE ends < ?", [now])
            row = (_digest(name), reader.name, secrets.token_urlsafe(24), now, now + self.lasts)
            connection.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?)", row)
        return self._signer.sign(name).decode()

    def find(self, cookie: str) -> Session | None:
        """Return the session of a cookie; None where it ended, or nobody here signed it.

        What the user may do is read anew each time: a right that was taken is gone at once.
        """
        try:
            # When it ends stands on record: the age in the cookie would end it where the clock is set back a little.
            name = self._signer.unsign(cookie).decode()
        except (BadSignature, UnicodeError):
            return None
        with self.users.records.open() as connection:
            row = connection.execute(
                "SELECT s.token, s.ends, u.name, u.role, u.ceiling, u.told FROM sessions s JOIN users u ON u.name = s.user "
                "WHERE s.digest = ?",
                [_digest(name)],
            ).fetchone()
        if row is None or row["ends"] < time.time():
            return None
        return Session(Reader(row["name"], row["role"], row["ceiling"], told=bool(row["told"])), row["token"])

    def end(self, cookie: str) -> None:
        """End a session; its cookie opens nothing any more."""
        try:
            name = self._signer.unsign(cookie).decode()
        except (BadSignature, UnicodeError):
            return
        with self.users.records.open() as connection:
            connection.execute("DELETE FROM sessions WHERE digest = ?", [_digest(name)])


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
