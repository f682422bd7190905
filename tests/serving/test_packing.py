"""Answers packed once, with the word of a session put in."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from isthmus.serving.packing import pack, packed, takes_packed

PLACE = b"form-0123456789abcdef"
PIECES = st.lists(st.binary(max_size=300).filter(lambda piece: PLACE not in piece), min_size=1, max_size=5)


@given(PIECES, st.binary(max_size=60))
def test_what_is_packed_unpacks_to_the_page_with_its_word(pieces: list[bytes], word: bytes) -> None:
    page = PLACE.join(pieces)
    body = page.replace(PLACE, word)
    assert gzip.decompress(packed(pack(page, PLACE), word, body)) == body


def test_the_length_tells_nothing_of_the_word() -> None:
    """Who can put text into a page must not learn from its length whether it is the word of the session."""
    right, wrong = b"k3yW0rdOfTheSession", b"0therWordOfNobodyXY"
    page = b"<p>you searched: k3yW0rdOfTheSession</p>" * 3 + PLACE + b"<p>k3yW0rdOfTheSession</p>" + PLACE
    pieces = pack(page, PLACE)
    lengths = {len(packed(pieces, word, page.replace(PLACE, word))) for word in (right, wrong)}
    assert len(lengths) == 1
    assert right in packed(pieces, right, page.replace(PLACE, right))


def test_a_page_of_one_text_is_made_small() -> None:
    page = b"<li>a line like every other</li>" * 1_000
    assert len(packed(pack(page, PLACE), b"", page)) < len(page) / 50


@pytest.mark.parametrize(
    ("told", "takes"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5, br", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("identity", False),
        ("br, zstd", False),
        ("", False),
    ],
)
def test_who_can_unpack_says_so(told: str, takes: bool) -> None:
    scope = {"type": "http", "headers": [(b"accept-encoding", told.encode())]}
    assert takes_packed(Request(scope)) is takes
