"""Stanzas of a package index (deb-control): fields that are read, fields that are read past and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from isthmus.sources.debian.package import NEEDS, Package
from isthmus.sources.log import Log

_RELATIONS = {*NEEDS, "Provides", "Enhances"}
_BY_LOWER = {name.lower(): name for name in (*_RELATIONS, "Package", "Version", "Architecture", "Essential", "Status")}
_WHY = {
    "maintainer": "names of teams and of natural persons",
    "original-maintainer": "names of teams and of natural persons",
    "conflicts": "what may not be installed beside it",
    "breaks": "what may not be installed beside it",
    "replaces": "whose files it may overwrite",
}
_BLANK = (" ", "\t")


def read_stanzas(text: Path, log: Log) -> Iterator[Package]:
    """Yield the packages of an index, or of the status of an installation (then those that are installed)."""
    skipped: Counter[str] = Counter()
    begun = 1
    fields: dict[str, str] = {}
    current: str | None = None
    with text.open(encoding="utf-8-sig", newline="\n") as file:
        for number, raw in enumerate(file, start=1):
            line = raw.rstrip("\r\n")
            if not line.strip():
                yield from _package(begun, fields, log)
                fields, current, begun = {}, None, number + 1
            elif line.startswith(_BLANK):
                if current in fields:
                    fields[current] += " " + line.strip()
            else:
                key, colon, value = line.partition(":")
                current = key.lower()
                if not colon:
                    log.refuse(number, "stanza", "the line is no field (“Name: value”)")
                elif current not in _BY_LOWER:
                    skipped[key] += 1
                elif current in fields:
                    log.refuse(number, key, "the field stands twice in the stanza; the first is read")
                    current = None
                else:
                    fields[current] = value.strip()
        yield from _package(begun, fields, log)
    for key, count in skipped.items():
        why = _WHY.get(key.lower())
        log.leave(f"field {key}: {why}" if why else f"field {key}", count)


def _package(line: int, fields: dict[str, str], log: Log) -> Iterator[Package]:
    if not fields:
        return
    name = fields.get("package", "")
    if not name or any(char.isspace() for char in name):
        log.refuse(line, "stanza", "it names no package (“Package: name”)")
        return
    status = fields.get("status")
    if status is not None and status.split()[-1:] != ["installed"]:
        log.leave("packages that are not installed")
        return
    yield Package(
        line,
        name,
        fields.get("version", ""),
        fields.get("architecture", ""),
        fields.get("essential", "").lower() == "yes",
        {field: fields[key] for key, field in _BY_LOWER.items() if field in _RELATIONS and fields.get(key)},
    )
