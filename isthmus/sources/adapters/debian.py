"""Debian: a package index (Packages, or what ``apt-cache dumpavail`` prints), or the same as a table.

- A package is one thing whatever its version: ``purl:pkg:deb/debian/NAME`` where the source's description or the file's
  name tells the distribution, else ``deb:NAME``. Its version is an identifier.
- Depends and Pre-Depends are needs; ``a | b`` is one need with alternatives, and so is a virtual package: whatever
  provides it. The need is named by its text, versions included.
- Recommends are recommended; Suggests and Enhances optional.
- Maintainers are teams and natural persons: left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from isthmus.errors import FormatError
from isthmus.model import Source
from isthmus.sources.adapter import Head, Job, Reading
from isthmus.sources.bods.values import slug
from isthmus.sources.claim_rows import uncollected, write_said
from isthmus.sources.debian.claims import IndexClaims, count_notes, one_a_name
from isthmus.sources.debian.needs import Index
from isthmus.sources.debian.package import Archive
from isthmus.sources.debian.stanzas import read_stanzas
from isthmus.sources.debian.table import is_table, read_table
from isthmus.sources.log import Log
from isthmus.sources.scan import scan_text
from isthmus.sources.staging import MAX_LINE, plain_text

_FIELD = re.compile(rb"^[A-Za-z][A-Za-z0-9-]*:[ \t]?", re.MULTILINE)
# apt names the lists that it fetches after their addresses.
_FETCHED = re.compile(r"_(debian|ubuntu)(?:-security)?_dists_")
_DISTRIBUTIONS = re.compile(r"\b(debian|ubuntu)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DebianAdapter:
    """Reads package indexes."""

    name: str = "debian"
    title: str = "Debian package index: Packages, apt-cache dumpavail, or the table of it (also gzipped)"

    def recognises(self, head: Head) -> bool:
        """Tell by the first stanza (a package and its version), or by the columns of the table."""
        start = head.plain.lstrip()
        if is_table(start.split(b"\n", 1)[0].decode("utf-8", "replace").strip()):
            return True
        stanza = re.split(rb"\r?\n[ \t]*\r?\n", start, maxsplit=1)[0]
        return stanza.startswith(b"Package:") and b"\nVersion:" in stanza and _FIELD.match(stanza) is not None

    def read(self, job: Job) -> Reading:
        """Read one index.

        Raises
        ------
        FormatError
            None of its stanzas or rows is a package.
        """
        text = plain_text(job.path, job.workdir)
        scan_text(text, quoting=False, progress=job.progress)
        with text.open("rb") as file:
            first = file.readline(MAX_LINE).decode("utf-8-sig", "replace").strip()
        with uncollected():
            return self._read(job, text, table=is_table(first))

    def _read(self, job: Job, text: Path, *, table: bool) -> Reading:
        log = Log()
        found = list((read_table if table else read_stanzas)(text, log))
        if not found:
            reason = log.rejected[0].reason if log.rejected else "it holds none"
            raise FormatError(
                f"nothing in the file is a package: {reason}.",
                where=str(job.path),
                hint="A stanza begins with “Package: name”; a blank line ends it.",
            )
        packages, others = one_a_name(found, log)
        said = IndexClaims(Archive(_distribution(job)), Index.of(packages, log), log)
        source = job.source or _source(job.path, said.archive)
        select = write_said(said.claims(packages, others), job.workdir / "debian.parquet", source.id)
        return Reading(
            "debian",
            len(found) + len(log.rejected),
            select,
            sources=() if job.source else (source,),
            rejected=tuple(sorted(log.rejected, key=lambda item: item.line)),
            left_out=dict(sorted(log.left_out.items())),
            notes=(
                *count_notes(said.count, table=table),
                *log.remarks(),
            ),
        )


ADAPTER = DebianAdapter()


def _distribution(job: Job) -> str | None:
    """Return the distribution that the source's description or apt's name of the file tells."""
    if fetched := _FETCHED.search(job.path.name):
        return fetched[1]
    told = (job.source.publisher, job.source.title, job.source.id) if job.source else ()
    named = {match[1].lower() for text in told if text for match in _DISTRIBUTIONS.finditer(text)}
    return named.pop() if len(named) == 1 else None


def _source(path: Path, archive: Archive) -> Source:
    name = path.name.removesuffix(".gz")
    title = f"Package index {name}" + (f" ({archive.distribution})" if archive.distribution else "")
    return Source(id=f"debian:{slug(name)}", title=title, kind="dataset")
