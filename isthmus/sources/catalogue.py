"""Descriptions of sources in small YAML files, and which adapter reads a file."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from isthmus.dates import PartialDate
from isthmus.errors import FormatError, ValueFormatError
from isthmus.model import MARKINGS, SOURCE_KINDS, Source
from isthmus.sources.adapter import Adapter, Head
from isthmus.sources.staging import readable_file

ENDING = ".source.yaml"
START = 256 * 1024
MAX_DESCRIPTION = 4 * 1024 * 1024
_FIELDS = {item.name for item in fields(Source)}
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def head_of(path: Path) -> Head:
    """Return the beginning of a file, unpacked where it is gzip."""
    readable_file(path)
    with path.open("rb") as file:
        start = file.read(START)
    if start.startswith(b"\x1f\x8b"):
        try:
            start = zlib.decompressobj(wbits=31).decompress(start, START)
        except zlib.error as error:
            raise FormatError(f"the gzip file is damaged: {error}.", where=str(path)) from error
    return Head(path, path.stat().st_size, start)


def recognise(path: Path, adapters: Sequence[Adapter]) -> Adapter:
    """Return the adapter that knows the file; raise FormatError, with what was seen, where none does."""
    head = head_of(path)
    if not head.start:
        raise FormatError("the file is empty.", where=str(path), hint="A header line is the least it needs.")
    for adapter in adapters:
        if adapter.recognises(head):
            return adapter
    first = head.start.split(b"\n", 1)[0][:120].decode("utf-8", "replace").strip()
    shown = "".join(char if char.isprintable() else "·" for char in first)
    raise FormatError(
        f"no format or mapping knows this file (it begins “{shown}”).",
        where=str(path),
        hint="Name one with --as (`isthmus formats` lists them), or describe the table in a mapping and give it with --mapping.",
    )


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def beside(path: Path) -> Path | None:
    """Return the description that lies beside a file, ``X.source.yaml`` for ``X.csv`` or ``X.csv.source.yaml``, if any."""
    for candidate in (path.with_name(path.name + ENDING), path.with_name(path.stem + ENDING)):
        if candidate.is_file():
            return candidate
    return None


def read_sources(path: Path) -> tuple[Source, ...]:
    """Read one source, or a list under ``sources:``, from a YAML file.

    Raises
    ------
    FormatError
        The file is not such a description; the message names the source and the field.
    """
    readable_file(path)
    if path.stat().st_size > MAX_DESCRIPTION:
        raise FormatError("the description is larger than 4 MiB: no list of sources is.", where=str(path))
    text = path.read_text("utf-8")
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_Loader)):
            raise FormatError("aliases (*name) are not read in descriptions of sources.", where=str(path))
        document = yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FormatError(f"the description is not YAML: {str(error).splitlines()[0]}", where=str(path)) from error
    listed = document.get("sources") if isinstance(document, dict) and "sources" in document else [document]
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise FormatError("a description is a mapping with an id, or a list of such under `sources:`.", where=str(path))
    found = tuple(source_from(item, str(path)) for item in listed)
    doubled = sorted({source.id for source in found if sum(other.id == source.id for other in found) > 1})
    if doubled:
        raise FormatError(f"the source “{doubled[0]}” is described twice.", where=str(path))
    return found


def source_from(body: Mapping[str, Any], where: str) -> Source:
    """Return a source from the fields of a description, checked."""
    name = body.get("id")
    if not isinstance(name, str) or not name or any(char.isspace() for char in name):
        raise FormatError("a source needs an id without blanks.", where=where, hint="Write `id: my-source`.")
    unknown = sorted(set(body) - _FIELDS)
    if unknown:
        raise FormatError(
            f"source “{name}”: there is no field “{unknown[0]}”.",
            where=where,
            hint=f"Fields: {', '.join(sorted(_FIELDS))}.",
        )
    values: dict[str, Any] = {key: str(value) for key, value in body.items() if value and key != "derived_from"}
    derived = body.get("derived_from") or ()
    values["derived_from"] = tuple(derived.split() if isinstance(derived, str) else map(str, derived))
    source = Source(**values)
    if source.kind not in SOURCE_KINDS:
        raise FormatError(
            f"source “{name}”: “{source.kind}” is no kind of source ({', '.join(SOURCE_KINDS)}).", where=where
        )
    if source.reliability not in tuple("ABCDEF"):
        raise FormatError(f"source “{name}”: reliability is a letter from A to F.", where=where)
    if source.marking not in MARKINGS:
        raise FormatError(f"source “{name}”: “{source.marking}” is no marking ({', '.join(MARKINGS)}).", where=where)
    try:
        for text in filter(None, (source.date, source.retrieved)):
            PartialDate.parse(text)
    except ValueFormatError as error:
        raise FormatError(f"source “{name}”: {error.message}", where=where) from error
    return source
