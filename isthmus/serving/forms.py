"""Forms of pages: each brings a word that only a page of the same session can know.

Pages are kept rendered and shared by those who see the same; the word is put in as the page goes out.
"""

from __future__ import annotations

import hmac
import secrets

from starlette.datastructures import FormData
from starlette.requests import Request as HttpRequest

from isthmus.errors import AccessError

FIELD = "token"
PLACE = f"form-{secrets.token_hex(16)}"
"""Stands in a kept page where the word of the session goes. No text of a source can hold it: it is new with every process."""
MOST_FILES = 50


def own_tag(tag: str, token: str) -> str:
    """Return the tag of a page that holds the word of a session: another session does not share it."""
    return f'{tag[:-1]}.{token[:8]}"' if tag else tag


async def fields(http: HttpRequest) -> FormData:
    """Return what a form brings.

    Raises
    ------
    AccessError
        It does not come from a page of this session.
    """
    form = await http.form(max_files=MOST_FILES)
    given = form.get(FIELD)
    held: str = http.state.token
    if not held or not isinstance(given, str) or not hmac.compare_digest(given.encode(), held.encode()):
        await form.close()
        raise AccessError(
            "this form does not come from a page of your session; nothing was changed.",
            where=FIELD,
            hint="Open the page again and send it once more.",
        )
    return form
