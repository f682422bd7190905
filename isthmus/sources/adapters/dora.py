"""The register of information of DORA (Implementing Regulation (EU) 2024/2956): its templates as CSV, each a file.

- A template is known by the codes of its columns, or by its code in the file's name where they are written short (c0010).
- Parties are ``lei:``, ``euid:`` or ``vat:`` and their code, else ``dora:``. Contracts, functions and services are ``dora:``, the LEI of
  the entity that keeps the register, and their number in it; so give the files from the folder in which they lie together.
- An entity uses its functions, a function uses ICT services, and a service uses those that are subcontracted for it.
- Natural persons are counted and left out.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from isthmus.errors import FormatError
from isthmus.model import Source
from isthmus.sources.adapter import Head, Job, Reading
from isthmus.sources.claim_rows import write_said
from isthmus.sources.dora.claims import TemplateClaims
from isthmus.sources.dora.register import find_register
from isthmus.sources.dora.templates import Template, find_template
from isthmus.sources.log import Log
from isthmus.sources.scan import scan_text
from isthmus.sources.staging import plain_text

_START = 64 * 1024


@dataclass(frozen=True, slots=True)
class DoraAdapter:
    """Reads templates of the register of information."""

    name: str = "dora"
    title: str = "DORA register of information: templates B_01.01 to B_07.01 as CSV, each a file"

    def recognises(self, head: Head) -> bool:
        """Tell by the codes in the first line, where they are short by the file's name too."""
        return find_template(_cells(head.plain.decode("utf-8", "replace")), head.path, asked=False) is not None

    def read(self, job: Job) -> Reading:
        """Read one template.

        Raises
        ------
        FormatError
            The columns are those of no template.
        """
        text = plain_text(job.path, job.workdir)
        scan_text(text, quoting=True, progress=job.progress)
        with text.open(encoding="utf-8-sig", newline="") as file:
            start = file.read(_START)
        template = find_template(_cells(start), job.path)
        if template is None:
            raise FormatError(
                "the columns are those of no template of the register, or of several.",
                where=f"{job.path}, line 1",
                hint="Name the file after its template (b_05.01.csv), or write the codes in full (B_05.01.0010).",
            )
        doubled = next((name for name, times in Counter(template.names).items() if times > 1), None)
        if doubled is not None:
            raise FormatError(
                f"the column of “{doubled}” stands twice in the header: one of them would be lost.",
                where=f"{job.path}, line 1",
            )
        log, counted = Log(), [0]
        rows = _rows(text, start, template, log, counted)
        register = find_register(job.path, job.source.id if job.source else None)
        said = TemplateClaims(template, register, log)
        claims = said.claims(rows) if template.read else iter(())
        if not template.read:
            log.leave(f"rows of {template.code}: the template is not read", sum(1 for _ in rows))
        title = f"Register of information of {register.key}"
        source = job.source or Source(id=f"dora:{register.key}", title=title, kind="filing", date=register.date)
        select = write_said(claims, job.workdir / "dora.parquet", source.id)
        notes = [f"template {template.code}, {counted[0]:,} rows"]
        if register.owner is None:
            notes.append("no B_01.01 lies beside the file: the register is called “" + register.key + "”")
        return Reading(
            "dora",
            counted[0],
            select,
            mapping=template.code,
            sources=() if job.source else (source,),
            rejected=tuple(sorted(log.rejected, key=lambda item: item.line)),
            left_out=dict(sorted(log.left_out.items())),
            notes=(*notes, *log.remarks()),
        )


ADAPTER = DoraAdapter()


def _delimiter(start: str) -> str:
    first = start.split("\n", 1)[0]
    return ";" if first.count(";") > first.count(",") else ","


def _cells(start: str) -> list[str]:
    first = start.removeprefix("\ufeff").split("\n", 1)[0].strip()
    try:
        return next(csv.reader([first], delimiter=_delimiter(first)), [])
    except csv.Error:  # one field of more than 128 KiB: no header of codes
        return []


def _rows(
    text: Path, start: str, template: Template, log: Log, counted: list[int]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line and the cells of each row, by our names of the columns."""
    with text.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=_delimiter(start), strict=True)
        try:
            next(reader, None)
            begins = reader.line_num + 1
            for cells in reader:
                line, begins = begins, reader.line_num + 1
                if not any(cell.strip() for cell in cells):
                    continue
                counted[0] += 1
                if len(cells) != len(template.names):
                    log.refuse(line, "row", f"it has {len(cells)} fields, and the header has {len(template.names)}")
                    continue
                yield line, dict(zip(template.names, cells, strict=True))
        except csv.Error as error:
            raise FormatError(f"the table cannot be read: {error}.", where=f"{text}, line {reader.line_num}") from error
