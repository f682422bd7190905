"""Export a picture in public formats, within licence and marking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from isthmus.claims.export import WRITERS
from isthmus.claims.export import export as write
from isthmus.claims.store import Store
from isthmus.claims.texts import texts_sql
from isthmus.errors import ArgumentError
from isthmus.model import MARKINGS
from isthmus.picture import Picture, Request
from isthmus.sources.catalogue import ENDING

ALIASES = {"claims": "csv", "claims-csv": "csv", "claims-jsonl": "jsonl", "json": "jsonl", "followthemoney": "ftm"}
MADE = "# Written by `isthmus export` with the claims beside it.\n"
DESCRIBED = ("csv", "jsonl", "parquet")


def list_export_formats() -> list[dict[str, str]]:
    """Return the formats that can be written."""
    return [{"name": name, "title": title} for name, (_, title) in WRITERS.items()]


def export(
    path: Path,
    form: str,
    out: Path,
    request: Request | None = None,
    *,
    sources: Sequence[str] = (),
    ceiling: str = "TLP:CLEAR",
    include_restricted: bool = False,
) -> dict[str, Any]:
    """Write the visible claims of a picture to a file, and what describes their sources beside it.

    Parameters
    ----------
    form : str
        csv (also: claims), jsonl, parquet, ftm, bods, graphml.
    sources : sequence of str
        Only claims read in these sources, where given.
    ceiling : str
        The highest marking that may leave.
    include_restricted : bool
        Pass on claims whose licence forbids redistribution, for use in one's own house.

    Returns
    -------
    dict
        ``{"file", "format", "claims", "entities", "withheld", "left_out", "remarks", "sources_file"}``.
    """
    with Store(path, read_only=True) as store:
        return export_picture(
            Picture(store, request), form, out, sources=sources, ceiling=ceiling, include_restricted=include_restricted
        )


def export_picture(
    picture: Picture,
    form: str,
    out: Path,
    *,
    sources: Sequence[str] = (),
    ceiling: str = "TLP:CLEAR",
    include_restricted: bool = False,
) -> dict[str, Any]:
    """Write the visible claims of an open picture to a file; see `export`."""
    form = ALIASES.get(form, form)
    claims = picture.visibility.sql("*", _only(picture, sources))
    terms = [(source.id, source.marking, source.licence) for source in picture.sources.values()]
    terms = [item for item in terms if item[1] != MARKINGS[0] or item[2]]
    if form in DESCRIBED:
        _refuse_foreign(_description(out))
    select = texts_sql(claims, picture.vocabulary.modes, picture.vocabulary.stances, terms)
    done = write(picture.store.connection, select, out, form, ceiling=ceiling, include_restricted=include_restricted)
    described = None
    if form in DESCRIBED:
        leaving = Picture(picture.store, replace(picture.request, ceiling=_lower(picture.request.ceiling, ceiling)))
        described = _describe(leaving, leaving.visibility.sql("*", _only(picture, sources)), out)
    return {
        "file": str(done.path),
        "format": done.format,
        "claims": done.claims,
        "entities": done.entities,
        "withheld": done.withheld,
        "left_out": done.left_out,
        "remarks": done.remarks,
        "sources_file": str(described) if described else None,
    }


def _lower(one: str, other: str) -> str:
    """Return the lower of two markings; one that is not known is for the caller to refuse."""
    known = [name for name in (one, other) if name in MARKINGS]
    return min(known, key=MARKINGS.index) if known else MARKINGS[0]


def _only(picture: Picture, sources: Sequence[str]) -> str:
    unknown = [name for name in sources if name not in picture.sources]
    if unknown:
        raise ArgumentError(
            f"there is no source “{unknown[0]}”.", where="--source", hint="`isthmus sources` lists them."
        )
    if not sources:
        return ""
    names = ", ".join("'" + name.replace("'", "''") + "'" for name in sources)
    return f'c."source" IN (SELECT key FROM sources WHERE id IN ({names}))'


def _description(out: Path) -> Path:
    return out.with_name(out.stem + ENDING)


def _refuse_foreign(target: Path) -> None:
    """Refuse to write over a description that an export did not make."""
    if target.exists() and not target.read_text("utf-8", "replace").startswith(MADE):
        raise ArgumentError(
            "a description of sources that no export made stands beside the target, and would be lost.",
            where=str(target),
            hint="Give another --out, or move the description away.",
        )


def _describe(picture: Picture, claims: str, out: Path) -> Path | None:
    """Write the descriptions of the sources and origins of the claims beside the export, as `add` reads them.

    Only claims that leave count: the title of a source that only marked claims name stays here.
    """
    rows = picture.store.rows(
        f'SELECT s.id FROM ({claims}) c JOIN sources s ON s.key = c."source" '
        "UNION SELECT s.id FROM (SELECT DISTINCT unnest(o.members) AS key "
        f"FROM ({claims}) c JOIN origin_sets o ON o.key = c.origin) m JOIN sources s ON s.key = m.key"
    )
    wanted = {row[0] for row in rows}
    listed = [
        source.to_json() for source in picture.sources.values() if source.id in wanted and len(source.to_json()) > 3
    ]
    if not listed:
        return None
    for entry in listed:
        if "derived_from" in entry:
            entry["derived_from"] = list(entry["derived_from"])
    target = _description(out)
    draft = target.with_name(target.name + ".part")
    draft.write_text(
        MADE + yaml.safe_dump({"sources": listed}, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8"
    )
    draft.replace(target)
    return target
