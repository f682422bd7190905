"""Answers packed with gzip: once for all who read them, and with the word of a session put in where it belongs.

The word stands in the packed bytes as it is, and nothing before or after it refers to it: the length of an answer tells nothing of it.
"""

from __future__ import annotations

import struct
import zlib

from starlette.requests import Request as HttpRequest

SMALLEST = 500
"""Bytes below which an answer is sent as it is."""
_LEVEL = 6
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_END = b"\x03\x00"
_LONGEST = 0xFFFF


def takes_packed(http: HttpRequest) -> bool:
    """Tell whether who asks can unpack gzip."""
    for part in http.headers.get("accept-encoding", "").lower().split(","):
        name, _, rest = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return rest.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def pack(body: bytes, place: bytes) -> tuple[bytes, ...]:
    """Return the packed pieces of an answer: those between the places where a word goes.

    Parameters
    ----------
    place : bytes
        What stands where the word goes.
    """
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    # A full flush ends each piece on a whole byte and forgets what was before it.
    return tuple(packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH) for piece in body.split(place))


def unpack(pieces: tuple[bytes, ...], word: bytes) -> bytes:
    """Return an answer as it is, of its packed pieces and the word that goes between them."""
    return word.join(zlib.decompressobj(-zlib.MAX_WBITS).decompress(piece) for piece in pieces)


def packed(pieces: tuple[bytes, ...], word: bytes, body: bytes) -> bytes:
    """Return an answer in gzip.

    Parameters
    ----------
    pieces : tuple of bytes
        As `pack` gave them.
    word : bytes
        What goes between them.
    body : bytes
        The answer as it is, with the word in it.
    """
    assert len(word) <= _LONGEST
    stored = struct.pack("<BHH", 0, len(word), len(word) ^ _LONGEST) + word
    return b"".join((_HEAD, stored.join(pieces), _END, struct.pack("<II", zlib.crc32(body), len(body) & 0xFFFFFFFF)))
