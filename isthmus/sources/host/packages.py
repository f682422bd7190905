"""Packages of a Debian system, from the status that dpkg keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from isthmus.sources.claim_rows import Said, pairs
from isthmus.sources.debian.claims import IndexClaims, count_notes, one_a_name
from isthmus.sources.debian.needs import Index
from isthmus.sources.debian.package import Archive, Package
from isthmus.sources.debian.stanzas import read_stanzas
from isthmus.sources.host.machine import Machine

_STATUS, _PARTS = "var/lib/dpkg/status", "var/lib/dpkg/status.d"
_KNOWN = ("debian", "ubuntu")


def read_packages(machine: Machine, release: dict[str, str]) -> Iterator[Said]:
    """Yield the installed packages with what each needs; essential ones the machine cannot do without."""
    found = [package for path in _files(machine) for package in read_stanzas(path, machine.log)]
    if not found:
        machine.absent.append("dpkg: no package is installed by it")
        return
    named = (release.get("ID", "").lower(), *release.get("ID_LIKE", "").lower().split())
    archive = Archive(named[0] if named[0] in _KNOWN else None)
    packages, others = one_a_name(found, machine.log)
    said = IndexClaims(archive, Index.of(packages, machine.log), machine.log)
    place = f"/{_STATUS}"
    for claim in said.claims(packages, others):
        yield claim._replace(locator=f"{place} {claim.locator}")
    for package in packages:
        yield _part(machine, archive, package, place)
    machine.counted["packages of dpkg"] = said.count.packages
    machine.notes += count_notes(said.count)


def _part(machine: Machine, archive: Archive, package: Package, place: str) -> Said:
    strength = None if package.essential else "optional"
    return Said(
        package.line, machine.id, "contains", f"{place} {package.name}#Status", object=archive.entity(package.name),
        qualifiers=pairs(strength=strength, reading=None if package.essential else "installed, not essential"),
    )  # fmt: skip


def _files(machine: Machine) -> list[Path]:
    """Return the status, or the pieces of it that images without a package manager keep."""
    status = machine.root / _STATUS
    parts = machine.root / _PARTS
    pieces = sorted(path for path in parts.iterdir() if path.suffix != ".md5sums") if parts.is_dir() else []
    return [path for path in (status, *pieces) if path.is_file()]
