"""A machine: what is installed on it, what that needs, and of whom its devices are (``isthmus add --as host /``).

The file to read is the root folder of a machine, or of a container's image; a bare word that names no folder stands for the
machine on which this runs. All is best effort: what was looked for and is not there is said.

- Packages of dpkg are things as in a Debian index; Python distributions and npm modules are ``purl:`` and their package URL.
- The machine contains what is installed; only essential packages and devices are parts that it cannot do without.
- Of a network address only the maker's part is kept.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from isthmus.errors import FormatError
from isthmus.model import Source
from isthmus.sources.adapter import Head, Job, Reading
from isthmus.sources.claim_rows import Said, write_said
from isthmus.sources.host.devices import read_interfaces, read_pci
from isthmus.sources.host.machine import Machine
from isthmus.sources.host.node import read_node
from isthmus.sources.host.packages import read_packages
from isthmus.sources.host.python import read_python
from isthmus.sources.host.things import Things
from isthmus.sources.log import Log


@dataclass(frozen=True, slots=True)
class HostAdapter:
    """Reads a machine."""

    name: str = "host"
    title: str = "a machine: dpkg, Python, npm, PCI and network devices (name it; the file is / or a root folder)"

    def recognises(self, head: Head) -> bool:
        """Return False: a machine is read only if asked."""
        return False

    def read(self, job: Job) -> Reading:
        """Read a root folder, or this machine.

        Raises
        ------
        FormatError
            The path is a file, or nothing that is read is in the folder.
        """
        if job.path.is_file():
            raise FormatError(
                "a machine is read from its root folder, and this is a file.",
                where=str(job.path),
                hint="Write `isthmus add --as host /` for this machine.",
            )
        if len(job.path.parts) > 1 and not job.path.is_dir():
            raise FormatError(
                "there is no such folder.", where=str(job.path), hint="A bare word stands for this machine."
            )
        machine = Machine(job.path.resolve() if job.path.is_dir() else Path("/"), Log())
        source = job.source or Source(
            id=machine.id,
            title=f"What is installed on {machine.name}",
            kind="measurement",
            date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        )
        select = write_said(_claims(machine), job.workdir / "host.parquet", source.id)
        if not machine.counted:
            raise FormatError(
                "nothing that is read is in the folder: no dpkg, Python, npm or device.",
                where=str(job.path),
                hint="Give the root folder of a system, one that has usr/ or var/.",
            )
        log = machine.log
        counts = ", ".join(f"{number:,} {what}" for what, number in machine.counted.items())
        return Reading(
            "host",
            sum(machine.counted.values()),
            select,
            sources=() if job.source else (source,),
            rejected=tuple(sorted(log.rejected, key=lambda item: item.line)),
            left_out=dict(sorted(log.left_out.items())),
            notes=(
                counts,
                *machine.notes,
                *(f"not there: {what}" for what in machine.absent),
                *log.remarks(),
            ),
        )


ADAPTER = HostAdapter()


def _claims(machine: Machine) -> Iterator[Said]:
    """Yield what is read, the machine itself first."""
    things, release = Things(), machine.release()
    yield from things.meet(machine.id, "system", machine.name, "/etc/hostname")
    if release.get("PRETTY_NAME"):
        told = "aspect=technical; scope=operating system"
        yield Said(1, machine.id, "described_as", "/etc/os-release", value=release["PRETTY_NAME"], qualifiers=told)
    yield from read_packages(machine, release)
    python, node = machine.installed()
    for environment in python:
        yield from read_python(machine, environment, things)
    for tree in node:
        yield from read_node(machine, tree, things)
    if not node:
        machine.absent.append("node_modules: no npm module is installed where they are kept for all")
    yield from read_pci(machine, things)
    yield from read_interfaces(machine, things)
