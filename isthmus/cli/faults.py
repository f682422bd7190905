"""Errors as people and programs read them."""

from __future__ import annotations

import shlex
import shutil
import textwrap
from collections.abc import Sequence
from typing import Any

from isthmus.cli.plain import harmless
from isthmus.errors import AmbiguousEntityError, InputError, InterruptedRunError, IsthmusError

LISTED = 20


class SystemRefusedError(IsthmusError):
    """The system refused something that is not of the picture: a file, a folder, a device."""

    kind = "system"


class InternalError(IsthmusError):
    """A fault of Isthmus itself."""

    kind = "internal"


def system(error: OSError) -> IsthmusError:
    """Return the fault for what the system refused."""
    reason = (error.strerror or str(error) or type(error).__name__).lower()
    if isinstance(error, FileNotFoundError | IsADirectoryError | NotADirectoryError):
        return InputError(f"{reason}.", where=_name(error), hint="Give another path.")
    return SystemRefusedError(f"the system refused: {reason}.", where=_name(error))


def _name(error: OSError) -> str | None:
    return str(error.filename) if error.filename is not None else None


def internal(error: Exception, words: Sequence[str], version: str) -> IsthmusError:
    """Return the fault for an error that nobody foresaw: what to report."""
    said = " ".join(str(error).split())
    return InternalError(
        f"a fault of Isthmus itself: {type(error).__name__}{': ' + said if said else ''}.",
        hint=f"Please report it with the version ({version}) and what `ISTHMUS_TRACEBACK=1 isthmus {shlex.join(words)}` prints.",
    )


def fault_json(error: IsthmusError) -> dict[str, Any]:
    """Return the error of the design, section 5; an ambiguous name has its candidates beside."""
    body: dict[str, Any] = error.to_json()
    if isinstance(error, AmbiguousEntityError):
        body["candidates"] = [{"id": name, "caption": caption} for name, caption in error.candidates]
    return {"error": body}


def fault_text(error: IsthmusError) -> str:
    """Return an error in lines as wide as the terminal: what, where, what to do."""
    if isinstance(error, InternalError | InterruptedRunError):
        return harmless(f"error: {error.message} {error.hint or ''}".rstrip())
    width = max(40, min(shutil.get_terminal_size().columns, 100))
    lines = _wrapped("error: ", error.message, width)
    if error.where:
        lines += _wrapped("  where: ", error.where, width)
    if isinstance(error, AmbiguousEntityError):
        lines += _candidates(error, width)
    if error.hint:
        lines += _wrapped("  hint: ", error.hint, width)
    return "\n".join(lines)


def _wrapped(label: str, text: str, width: int) -> list[str]:
    indent = " " * len(label)
    return textwrap.wrap(
        label + harmless(text), width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _candidates(error: AmbiguousEntityError, width: int) -> list[str]:
    shown = error.candidates[:LISTED]
    lines = [
        line for name, caption in shown for line in _wrapped("    ", f"{harmless(name)}  {harmless(caption)}", width)
    ]
    more = len(error.candidates) - len(shown)
    return [*lines, f"    … and {more} more"] if more else lines
