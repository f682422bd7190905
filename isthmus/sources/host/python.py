"""Python distributions, by the metadata that the installer left (core metadata, PEP 508 for what they require)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import NamedTuple

from packageurl import PackageURL

from isthmus.sources.claim_rows import Said, pairs
from isthmus.sources.host.machine import Machine
from isthmus.sources.host.things import Things

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*")
_EXTRA = re.compile(r"""\bextra\s*==|==\s*extra\b""")
_DASHES = re.compile(r"[-_.]+")


class _Installed(NamedTuple):
    """A distribution as its metadata says."""

    name: str
    purl: str
    requires: tuple[str, ...]
    place: str


def read_python(machine: Machine, environment: list[Path], things: Things) -> Iterator[Said]:
    """Yield the distributions of one environment and what each requires."""
    found: dict[str, _Installed] = {}
    for item in distributions(path=[str(folder) for folder in environment]):
        one = _installed(machine, item)
        if one is not None:
            # The first on the path is the one that is imported.
            found.setdefault(_folded(one.name), one)
    machine.counted["Python distributions"] = machine.counted.get("Python distributions", 0) + len(found)
    for one in found.values():
        own = f"purl:{one.purl}"
        yield from things.meet(own, "software", one.name, one.place, one.purl)
        yield Said(1, machine.id, "contains", one.place, object=own, qualifiers=pairs(strength="optional"))
        for told in one.requires:
            yield from _need(machine, one, told, found)


def _installed(machine: Machine, item: Distribution) -> _Installed | None:
    folder = machine.place(Path(str(item.locate_file(""))))
    try:
        name, version, requires = item.metadata["Name"], item.version, tuple(item.requires or ())
    except (OSError, ValueError):
        machine.log.refuse(1, folder, "the metadata of a distribution cannot be read")
        return None
    if not name or not version:
        machine.log.refuse(1, folder, "a distribution has no name or no version")
        return None
    purl = PackageURL("pypi", None, name, version).to_string()
    return _Installed(name, purl, requires, f"{folder} {name}-{version}")


def _need(machine: Machine, one: _Installed, told: str, found: dict[str, _Installed]) -> Iterator[Said]:
    place = f"{one.place}#Requires-Dist"
    text, _, marker = told.partition(";")
    named = _NAME.match(text)
    if named is None:
        machine.log.refuse(1, place, f"“{told[:80]}” cannot be read")
        return
    met = found.get(_folded(named[1]))
    strength = "optional" if _EXTRA.search(marker) else None
    if met is None and marker.strip():
        machine.log.leave("needs of Python distributions under a condition, not installed here")
        return
    if met is None:
        machine.log.note(
            "needs of Python distributions that nothing there meets: kept, unresolved", f"{one.place} {told}"
        )
    if met == one:
        machine.log.leave("needs of Python distributions for themselves, with more parts")
        return
    target = met.purl if met else PackageURL("pypi", None, named[1]).to_string()
    qualifiers = pairs(need=" ".join(text.split()), strength=strength, condition=marker.strip() or None)
    yield Said(1, f"purl:{one.purl}", "uses", place, object=f"purl:{target}", qualifiers=qualifiers)


def _folded(name: str) -> str:
    return _DASHES.sub("-", name).lower()
