"""From an HTTP request to what it asks: which picture, of whom, at which desk."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request as HttpRequest

from isthmus.access.reader import Reader
from isthmus.errors import AccessError
from isthmus.model import MARKINGS
from isthmus.service.desk import Desk, PictureRequest

KEYS = ("as_of", "known_at", "without", "ceiling")
"""The parts of an address that say which picture is meant; they are the same on every page and in the API."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks which picture.

    Attributes
    ----------
    desk : Desk
    reader : Reader
    request : Request
        Never above the reader's ceiling.
    """

    desk: Desk
    reader: Reader
    request: PictureRequest

    @property
    def frame(self) -> dict[str, str | list[str]]:
        """The parts of the address that name this picture, to be put into every link."""
        found: dict[str, str | list[str]] = {}
        if self.request.as_of:
            found["as_of"] = self.request.as_of
        if self.request.known_at:
            found["known_at"] = self.request.known_at
        if self.request.without:
            found["without"] = list(self.request.without)
        return found


def asked(http: HttpRequest) -> Asked:
    """Return who asks which picture; a ceiling in the address can only lower the reader's own.

    Raises
    ------
    AccessError
        A marking is asked for that the reader may not see.
    """
    reader: Reader = http.state.reader
    query = http.query_params
    ceiling = query.get("ceiling") or reader.ceiling
    if ceiling in MARKINGS and MARKINGS.index(ceiling) > MARKINGS.index(reader.ceiling):
        raise AccessError(
            f"you see claims up to {reader.ceiling}; {ceiling} is above that.",
            where="ceiling",
            hint="Ask a steward for the marking, or leave ceiling out.",
        )
    request = PictureRequest(
        query.get("as_of") or None,
        query.get("known_at") or None,
        tuple(name for name in query.getlist("without") if name),
        ceiling,
    )
    return Asked(http.app.state.desk, reader, request)


def require(reader: Reader, power: str) -> None:
    """Raise AccessError where a reader may not do something."""
    if not reader.may(power):
        raise AccessError(
            f"{reader.name} is a {reader.role} and may not do this ({power}).", hint="Ask a steward for the right."
        )
