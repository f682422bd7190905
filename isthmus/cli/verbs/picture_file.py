"""The picture's file, looked at before a verb opens it: a wrong path is a bad argument and not a fault of a store."""

from __future__ import annotations

from pathlib import Path

from isthmus.cli.call import Call
from isthmus.errors import ArgumentError

_MARK = slice(8, 12), b"DUCK"


def existing(call: Call) -> Path:
    """Return the path of a picture to be read.

    Raises
    ------
    ArgumentError
        Nothing stands there, or no database does.
    """
    if not call.picture.exists():
        raise ArgumentError(
            "there is no picture here.",
            where=str(call.picture),
            hint="Make one with `isthmus add FILE` or `isthmus demo`, or name another with -p or $ISTHMUS_PICTURE.",
        )
    return _checked(call.picture)


def writable(call: Call) -> Path:
    """Return the path of a picture to be written, which may not exist yet.

    Raises
    ------
    ArgumentError
        Something else stands there, or its folder does not exist.
    """
    if call.picture.exists():
        return _checked(call.picture)
    if not call.picture.parent.is_dir():
        raise ArgumentError(
            f"the folder {call.picture.parent} does not exist.",
            where=str(call.picture),
            hint="Make the folder, or give another path with -p.",
        )
    return call.picture


def _checked(path: Path) -> Path:
    if path.is_dir():
        raise ArgumentError(
            "a folder stands where the picture should be.", where=str(path), hint="Give the path of a file with -p."
        )
    if not path.is_file():
        raise ArgumentError("this is no file.", where=str(path), hint="Give the path of a file with -p.")
    with path.open("rb") as file:
        start = file.read(64)
    place, mark = _MARK
    if start[place] != mark:
        what = "it is empty" if not start else "it holds text" if b"\0" not in start else "it is some other file"
        raise ArgumentError(
            f"this file is not a picture: {what}.",
            where=str(path),
            hint="Evidence is read with `isthmus add FILE`; -p names the picture.",
        )
    return path
