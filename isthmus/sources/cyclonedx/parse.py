"""Open a bill of materials: JSON or XML, its version, and what is wrong with it as a whole."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from isthmus.errors import FormatError
from isthmus.sources.adapter import Head
from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.draft import settle
from isthmus.sources.cyclonedx.record import Document
from isthmus.sources.cyclonedx.xml import read_xml
from isthmus.sources.log import Log

DRAFT_NAME = "cyclonedx-2.0-draft"
FORMAT = "CycloneDX"
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHAPE = "A CycloneDX bill of materials is a JSON object with bomFormat and specVersion, or XML with the element `bom`."


class _DoubledKeyError(ValueError):
    """A key stands twice in one object: a parser would keep one value and drop the other in silence."""


class _NoNumberError(ValueError):
    """NaN or an infinity, which JSON does not have."""


def read_document(path: Path, log: Log, progress: Callable[[int, int], None], *, draft: bool = False) -> Document:
    """Read the file as a whole.

    Parameters
    ----------
    draft : bool
        Read the draft of version 2.0, and nothing else.

    Raises
    ------
    FormatError
        It is neither JSON nor XML, is cut off, is no bill of materials, or is of a version that is not read.
    """
    size = path.stat().st_size
    if size == 0:
        raise FormatError("the file is empty.", where=str(path), hint=_SHAPE)
    with path.open("rb") as file:
        start = Head(path, size, file.read(4096)).plain.lstrip()
    document = read_xml(path, log) if start.startswith(b"<") else _read_json(path)
    progress(size, size)
    codes = load_codes()
    if document.version not in (codes.draft.versions if draft else codes.versions):
        raise _other_version(path, document, draft=draft)
    if draft:
        settle(document.body)
        log.note("document of a draft of CycloneDX 2.0, which may still change", document.version)
    if document.version in codes.older:
        log.note("document of a version before 1.4, read as 1.4", document.version)
    return document


def _other_version(path: Path, document: Document, *, draft: bool) -> FormatError:
    codes, shown = load_codes(), document.version[:20]
    known = f"Versions {codes.versions[0]} to {codes.versions[-1]} are read"
    if document.draft:
        hint = f"CycloneDX 2.0 is a draft: read it as such with --as {DRAFT_NAME}, or ask the maker for 1.7."
    elif draft:
        hint = f"{known} with --as cyclonedx."
    else:
        hint = f"{known}."
    why = "this is no draft of 2.0" if draft else "parts of it may mean something else"
    return FormatError(f"the specVersion “{shown}” is not read: {why}.", where=str(path), hint=hint)


def _read_json(path: Path) -> Document:
    try:
        text = path.read_text("utf-8-sig")
        body = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except UnicodeDecodeError as error:
        raise FormatError(
            f"the file is not UTF-8 (byte 0x{error.object[error.start]:02x}).",
            where=str(path),
            hint="Save the file as UTF-8.",
        ) from error
    except json.JSONDecodeError as error:
        raise FormatError(
            f"the file is not JSON: {error.msg}.",
            where=f"{path}, line {error.lineno}, column {error.colno}",
            hint="It may have been cut off: write or fetch it again.",
        ) from error
    except (ValueError, RecursionError) as error:
        raise FormatError(f"the file cannot be read: {_reason(error)}.", where=str(path), hint=_SHAPE) from error
    if not isinstance(body, dict) or body.get("bomFormat", body.get("specFormat", FORMAT)) != FORMAT:
        raise FormatError("this is no CycloneDX bill of materials.", where=str(path), hint=_SHAPE)
    if "\\u" in text and _SURROGATE.search(json.dumps(body, ensure_ascii=False)):
        raise FormatError("a text holds half a character (a lone surrogate \\uD800-\\uDFFF).", where=str(path))
    version = body.get("specVersion")
    if not isinstance(version, str):
        raise FormatError("the specVersion is missing or no text.", where=str(path), hint=_SHAPE)
    return Document(body, version.strip(), str)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) < len(pairs):
        names = [name for name, _ in pairs]
        raise _DoubledKeyError(next(name for name in names if names.count(name) > 1))
    return body


def _constant(text: str) -> None:
    raise _NoNumberError(text)


def _reason(error: Exception) -> str:
    if isinstance(error, _DoubledKeyError):
        return f"the key “{error}” stands twice in one object"
    if isinstance(error, _NoNumberError):
        return f"{error} is no number of JSON"
    return "it nests too deeply or holds a number beyond measure"
