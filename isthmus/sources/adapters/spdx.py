"""Software Package Data Exchange: SPDX 2.2 and 2.3 as JSON or tags and values, SPDX 3.0 as JSON-LD.

- A package is ``purl:`` and its package URL where the document gives one, else ``spdx:``, the document's name space and the
  package's id in it. No identifier is made up.
- Relationships become claims by the table in `isthmus.sources.spdx.relations`; each that does not is counted with its reason.
- Files are counted. With ``--as spdx-files`` each is a thing of its own.
- Suppliers and originators that are natural persons are counted and left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isthmus.errors import FormatError
from isthmus.model import Source
from isthmus.sources.adapter import Head, Job, Reading
from isthmus.sources.bods.values import slug
from isthmus.sources.claim_rows import uncollected, write_said
from isthmus.sources.json_rows import MAX_DOCUMENT
from isthmus.sources.log import Log
from isthmus.sources.scan import scan_text
from isthmus.sources.spdx.claims import Count, DocumentClaims
from isthmus.sources.spdx.document import Document
from isthmus.sources.spdx.names import namespace_slug
from isthmus.sources.spdx.tag_value import is_tag_value, read_tags
from isthmus.sources.spdx.version2 import read_version2
from isthmus.sources.spdx.version3 import CONTEXT, read_version3
from isthmus.sources.staging import plain_text

_START = 64 * 1024
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class SpdxAdapter:
    """Reads SPDX documents.

    Attributes
    ----------
    files : bool
        Make each file a thing of its own.
    """

    name: str = "spdx"
    title: str = "SPDX 2.2 and 2.3 (JSON, tag-value) and 3.0 (JSON-LD): packages and their relationships"
    files: bool = False

    def recognises(self, head: Head) -> bool:
        """Tell by the version of the standard that the document names; files are read as things only if asked."""
        start = head.plain.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
        if self.files:
            return False
        if start.startswith(("{", "[")):
            return '"bomFormat"' not in start and any(
                mark in start for mark in ('"spdxVersion"', '"SPDXID"', CONTEXT, '"spdxId"')
            )
        return is_tag_value(start)

    def read(self, job: Job) -> Reading:
        """Read one document.

        Raises
        ------
        FormatError
            It is no SPDX document, is cut off, or is of a version that is not read.
        """
        text = plain_text(job.path, job.workdir)
        with uncollected():
            return self._read(job, text)

    def _read(self, job: Job, text: Path) -> Reading:
        document = _document(job, text, Log())
        said = DocumentClaims(document, self.files)
        source = job.source or _source(document)
        select = write_said(said.claims(), job.workdir / "spdx.parquet", source.id)
        log = document.log
        return Reading(
            self.name,
            said.count.packages + said.count.files + said.count.relations,
            select,
            sources=() if job.source else (source,),
            rejected=tuple(sorted(log.rejected, key=lambda item: item.line)),
            left_out=dict(sorted(log.left_out.items())),
            notes=(*_counted(document, said.count), *log.remarks()),
        )


ADAPTER = SpdxAdapter()
FILES = SpdxAdapter("spdx-files", "SPDX, with each file as a thing of its own (never recognised: name it)", files=True)


def _document(job: Job, text: Path, log: Log) -> Document:
    path = job.path
    fallback = slug(path.name.removesuffix(".gz").removesuffix(".json").removesuffix(".spdx"))
    with text.open("rb") as file:
        start = file.read(_START).decode("utf-8-sig", "replace").lstrip()
    if not start.startswith(("{", "[")):
        # A document of JSON may be one line of any length; tags and values are lines.
        scan_text(text, quoting=False, progress=job.progress)
        if not is_tag_value(start):
            raise FormatError(
                "the file is no SPDX document: neither JSON nor tags and values.",
                where=str(path),
                hint="A tag-value document begins with “SPDXVersion: SPDX-2.3”.",
            )
        return read_version2(read_tags(text, log), str(path), fallback, log)
    body = _json(path, text)
    job.progress(text.stat().st_size, text.stat().st_size)
    graph = "@graph" in body or "@context" in body or "spdxId" in body
    return read_version3(body, str(path), fallback, log) if graph else read_version2(body, str(path), fallback, log)


def _json(path: Path, text: Path) -> Mapping[str, Any]:
    if text.stat().st_size > MAX_DOCUMENT:
        raise FormatError(f"a document of more than {MAX_DOCUMENT >> 20} MiB is not read as a whole.", where=str(path))
    try:
        written = text.read_text("utf-8-sig")
        body = json.loads(written, object_pairs_hook=_single)
        halved = "\\u" in written and _SURROGATE.search(json.dumps(body, ensure_ascii=False))
    except UnicodeDecodeError as error:
        raise FormatError(
            f"the file is not UTF-8 (byte 0x{error.object[error.start]:02x}).",
            where=str(path),
            hint="Save the file as UTF-8.",
        ) from error
    except json.JSONDecodeError as error:
        raise FormatError(
            f"the file is not JSON, or is cut off: {error.msg}.", where=f"{path}, line {error.lineno}"
        ) from error
    except _DoubledKeyError as error:
        raise FormatError(
            f"the key “{error}” stands twice in one object: one of its values would be lost.", where=str(path)
        ) from error
    except RecursionError as error:
        raise FormatError("the document nests too deeply.", where=str(path)) from error
    except ValueError as error:
        raise FormatError("the document holds a number beyond measure.", where=str(path)) from error
    if halved:
        raise FormatError("a text holds half a character (a lone surrogate \\uD800-\\uDFFF).", where=str(path))
    if isinstance(body, list):
        body = {"@graph": body}
    if not isinstance(body, dict):
        raise FormatError("the document is not a JSON object.", where=str(path))
    return body


class _DoubledKeyError(ValueError):
    """An object names a key twice."""


def _single(found: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(found)
    if len(body) < len(found):
        names = [name for name, _ in found]
        raise _DoubledKeyError(next(name for name in names if names.count(name) > 1))
    return body


def _source(document: Document) -> Source:
    return Source(
        id=f"spdx:{namespace_slug(document.namespace)}",
        title=document.name,
        publisher=", ".join(document.publishers) or None,
        kind="dataset",
        date=document.created,
        note=f"SPDX {document.version}",
    )


def _counted(document: Document, count: Count) -> Iterator[str]:
    other = count.relations - count.mapped - count.left
    yield (
        f"SPDX {document.version}: {count.packages:,} packages, {count.files:,} files; {count.relations:,} relationships, "
        f"of which {count.mapped:,} are read, {count.left:,} left out"
        + (f" and {other:,} make no claim" if other else "")
    )
    if count.of_files:
        yield f"{count.of_files:,} needs of files are left out with the files; --as spdx-files reads them"
