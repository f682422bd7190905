"""Read files into a picture."""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from isthmus.claims.store import FileFacts, Store, no_step
from isthmus.errors import ArgumentError, FormatError, InterruptedRunError
from isthmus.model import Rejection, Source
from isthmus.sources.adapter import Adapter, Job, Reading, no_progress
from isthmus.sources.adapters import bods, claims, cyclonedx, debian, dora, ftm, gleif, host, psc, spdx, table
from isthmus.sources.catalogue import beside, read_sources, recognise, sha256_of
from isthmus.vocabulary import load_vocabulary

ADAPTERS: tuple[Adapter, ...] = (
    claims.ADAPTER,
    ftm.ADAPTER,
    bods.ADAPTER,
    gleif.ADAPTER,
    psc.ADAPTER,
    cyclonedx.ADAPTER,
    cyclonedx.DRAFT,
    spdx.ADAPTER,
    spdx.FILES,
    debian.ADAPTER,
    host.ADAPTER,
    dora.ADAPTER,
    table.ADAPTER,
)
SHOWN_REJECTIONS = 1000


@dataclass(frozen=True, slots=True)
class AddOptions:
    """How files are read.

    Attributes
    ----------
    format : str or None
        An adapter's name; None: recognised.
    source, mapping : Path or None
        A description of the source, and a mapping file.
    dry_run : bool
        Check and count, and write nothing.
    strict : bool
        Refuse a file whole where any of its rows is rejected.
    """

    format: str | None = None
    source: Path | None = None
    mapping: Path | None = None
    dry_run: bool = False
    strict: bool = False


def list_formats() -> list[dict[str, Any]]:
    """Return what can be read: the formats, and under `table` the shipped mappings."""
    listed: list[dict[str, Any]] = [{"name": adapter.name, "title": adapter.title} for adapter in ADAPTERS]
    for entry in listed:
        if entry["name"] == "table":
            entry["mappings"] = table.shipped_mappings()
    return listed


def add_files(
    picture: Path | str,
    files: Sequence[Path | str],
    options: AddOptions | None = None,
    *,
    called: Path | None = None,
    step: Callable[[str], None] = no_step,
    progress: Callable[[int, int], None] = no_progress,
) -> dict[str, Any]:
    """Add files to the picture at `picture`, each as one batch: all of a file or nothing of it.

    Parameters
    ----------
    called : Path or None
        Where `picture` is a copy that will take another's place: the path of that one, beside which rejected rows are written.

    Returns
    -------
    dict
        ``{"picture", "files": [{"file", "format", "mapping", "rows", "claims_new", "claims_held", "rejected", ...}]}``.

    Raises
    ------
    InputError
        A file cannot be read as evidence, or every row of it is rejected: nothing of that file was written.
    StoreError
        The picture cannot be written.
    """
    options = options or AddOptions()
    place, paths = Path(picture), [Path(file) for file in files]
    adapters = [(path, _adapter(path, options)) for path in paths]
    sources = {path: _sources(path, options) for path in paths}
    reports = []
    with _store(place, options.dry_run) as store:
        for path, adapter in adapters:
            reports.append(_add_file(store, path, adapter, sources[path], options, called or place, step, progress))
        if not options.dry_run and any(report["claims_new"] for report in reports):
            store.reindex(step)
    return {"picture": str(called or place), "files": reports}


@contextmanager
def _store(picture: Path, dry_run: bool) -> Iterator[Store]:
    """Open the picture; a new one that nothing was added to is not left behind."""
    new = not picture.exists()
    with tempfile.TemporaryDirectory(prefix="isthmus-") as folder:
        place = Path(folder) / picture.name if new and dry_run else picture
        store = Store(place)
        try:
            yield store
        finally:
            empty = new and not dry_run and store.is_empty
            store.close()
            if empty:
                picture.unlink(missing_ok=True)


def _adapter(path: Path, options: AddOptions) -> Adapter:
    if options.mapping is not None and options.format is None:
        return table.ADAPTER
    if options.format is None:
        return recognise(path, ADAPTERS)
    for adapter in ADAPTERS:
        if adapter.name == options.format:
            return adapter
    raise ArgumentError(
        f"there is no format “{options.format}”.",
        where="--as",
        hint=f"Formats: {', '.join(adapter.name for adapter in ADAPTERS)}.",
    )


def _sources(path: Path, options: AddOptions) -> tuple[Source, ...]:
    described = options.source or (beside(path) if path.name else None)
    return read_sources(described) if described else ()


def _add_file(
    store: Store,
    path: Path,
    adapter: Adapter,
    given: tuple[Source, ...],
    options: AddOptions,
    called: Path,
    step: Callable[[str], None],
    progress: Callable[[int, int], None],
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="isthmus-") as folder:
        step(f"reading {path.name}")
        job = Job(path, Path(folder), given[0] if len(given) == 1 else None, options.mapping, progress)
        digest = sha256_of(path) if path.is_file() else None
        # Rows may take their source from the description, so the same bytes under another description are another file.
        told = f"source {job.source.id}" if job.source else None
        plain = adapter.name == "claims" and not options.strict
        known = store.known_file(digest, adapter.name, told) if plain and digest else None
        if known is not None:
            described = store.describe(given) if given and not options.dry_run else 0
            return _known_report(path, adapter.name, known, described)
        reading = _read(adapter, job)
        digest = digest or _sha256_of_all(job.workdir)
        facts = FileFacts(path.name or str(path), digest, reading.format, reading.mapping or told, reading.rejected)
        sources = (*given, *(source for source in reading.sources if source.id not in {item.id for item in given}))
        loaded = store.add(
            reading.select,
            facts,
            sources=sources,
            vocabulary=load_vocabulary(),
            dry_run=options.dry_run,
            strict=options.strict,
            step=step,
        )
        report = _report(path, reading, loaded.new, loaded.held, loaded.rejected, loaded.rejections)
    refused = options.strict and loaded.rejected
    if loaded.rejected and (refused or not (loaded.new or loaded.held)):
        raise _all_rejected(path, loaded.rejections, loaded.rejected, loaded.rows, strict=bool(refused))
    if loaded.rejections and not options.dry_run:
        report["rejects_file"] = str(_write_rejects(called, path, loaded.rejections))
    return report


def _sha256_of_all(folder: Path) -> str:
    """Return a digest of the working files: what was read from a folder, which has no bytes of its own."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256("".join(sha256_of(path) for path in files).encode()).hexdigest()


def _read(adapter: Adapter, job: Job) -> Reading:
    """Let the adapter read; a stop by the user comes as ours, however the engine below names it."""
    try:
        return adapter.read(job)
    except KeyboardInterrupt as error:
        raise _stopped(job.path) from error
    except RuntimeError as error:
        if "interrupted" not in str(error).lower():
            raise
        raise _stopped(job.path) from error


def _stopped(path: Path) -> InterruptedRunError:
    return InterruptedRunError(
        "stopped by you before anything of the file was written.", where=str(path), hint="Run the same command again."
    )


def _report(
    path: Path, reading: Reading, new: int, held: int, rejected: int, rejections: Sequence[Rejection]
) -> dict[str, Any]:
    return {
        "file": str(path),
        "format": reading.format,
        "mapping": reading.mapping,
        "rows": reading.rows,
        "claims_new": new,
        "claims_held": held,
        "rejected": [item.to_json() for item in rejections[:SHOWN_REJECTIONS]],
        "rejected_count": rejected,
        "left_out": dict(reading.left_out),
        "notes": list(reading.notes),
    }


def _known_report(path: Path, name: str, known: tuple[int, int], described: int) -> dict[str, Any]:
    rows, claims_held = known
    reading = Reading(name, rows, "", notes=("this very file was added before",))
    if described:
        reading = replace(reading, notes=(*reading.notes, f"{described} descriptions of sources are new"))
    return _report(path, reading, 0, claims_held, 0, ())


def _all_rejected(
    path: Path, rejections: Sequence[Rejection], rejected: int, rows: int, *, strict: bool
) -> FormatError:
    first = rejections[0]
    more = f" (and {rejected - 1} more rejections)" if rejected > 1 else ""
    what = "and --strict refuses the file" if strict else "so nothing could be added"
    return FormatError(
        f"{first.reason}{more}; {rejected} of {rows} rows are rejected, {what}.",
        where=f"{path}, line {first.line}",
        hint="Mend the rows and add the file again.",
    )


def _write_rejects(picture: Path, path: Path, rejections: Sequence[Rejection]) -> Path:
    """Write the rejected lines with their reasons beside the picture, to be mended and added again."""
    target = picture.with_name(f"{picture.stem}.{path.name}.rejects.csv")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason"])
        writer.writerows((item.line, item.reason) for item in rejections)
    return target
