"""Build the reference picture from the data in the package, and show what it answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from isthmus.claims.judging import By, NewJudgement
from isthmus.claims.store import Store, no_step
from isthmus.claims.words import fold
from isthmus.errors import ArgumentError
from isthmus.picture import Picture
from isthmus.service.adding import AddOptions, add_files
from isthmus.service.resolving import resolve
from isthmus.service.summary_page import write_summary
from isthmus.service.tour import take_tour
from isthmus.sources.adapter import no_progress
from isthmus.sources.mapping.countries import country_names

DATA = (
    "nbr97/claims.csv",
    "demo/aiddata_gcdf_v3_communications.csv",
    "demo/usgs_mcs_2026_world_production.csv",
    "demo/epoch_gpu_clusters.parquet",
    "demo/ieee_oui_firms.csv",
    "demo/bigbang_organizations_firms.csv",
)
JUDGEMENTS = ("nbr97/judgements.csv", "demo/judgements.csv")
COUNTRY_RULE = By.rule("country-name", 1)
_PARTS = 5
PICTURE, SUMMARY = "picture.duckdb", "summary.html"


def build_demo(
    out: Path,
    *,
    step: Callable[[str], None] = no_step,
    progress: Callable[[int, int], None] = no_progress,
) -> dict[str, Any]:
    """Build the reference picture in the folder `out`, from nothing, and take the tour.

    A reference picture that an earlier run left there is replaced; any other file is left alone.

    Returns
    -------
    dict
        ``{"picture", "summary", "hash", "tour", "files", "claims", "sources", "entities", "conflicts", "gaps"}``

    Raises
    ------
    ArgumentError
        `out` is a file, or holds a picture that is not a reference picture.
    """
    picture = _prepare(out)
    progress(0, _PARTS)
    with as_file(files("isthmus").joinpath("data")) as data:
        reports = add_files(picture, [data / name for name in DATA], AddOptions(), step=step)["files"]
    progress(1, _PARTS)
    step("judging which names are one thing")
    with Store(picture) as store:
        store.judge_many([*_judged(), *_countries(store)])
    progress(2, _PARTS)
    resolve(picture, apply=True, limit=0, step=step)
    progress(3, _PARTS)
    step("taking the tour")
    with Store(picture, read_only=True) as store:
        view = Picture(store)
        tour = take_tour(view)
        progress(4, _PARTS)
        step("drawing the summary")
        counts = write_summary(view, tour, out / SUMMARY)
    progress(_PARTS, _PARTS)
    return {
        "picture": str(picture),
        "summary": str(out / SUMMARY),
        "hash": view.hash,
        **counts,
        "files": reports,
        "tour": [answer.to_json() for answer in tour],
    }


def _prepare(out: Path) -> Path:
    if out.exists() and not out.is_dir():
        raise ArgumentError(
            "a file stands where the demo's folder should be.", where=str(out), hint="Give another --out."
        )
    out.mkdir(parents=True, exist_ok=True)
    picture = out / PICTURE
    if picture.exists():
        with Store(picture, read_only=True) as store:
            added = {batch.file for batch in store.batches() if batch.file}
        foreign = sorted(added - {name.split("/")[-1] for name in DATA})
        if foreign:
            raise ArgumentError(
                f"the picture there holds other evidence too ({foreign[0]}); the demo would replace it.",
                where=str(picture),
                hint="Give another --out.",
            )
        picture.unlink()
    return picture


def _judged() -> Iterator[NewJudgement]:
    """Yield the judgements that come with the data: what is one thing across the sources, and what the report leaves open."""
    for name in JUDGEMENTS:
        text = files("isthmus").joinpath("data", *name.split("/")).read_text("utf-8")
        for row in csv.DictReader(io.StringIO(text)):
            yield NewJudgement(row["a"], row["b"], row["verdict"], row["why"], By.read(row["who"]))


def _countries(store: Store) -> Iterator[NewJudgement]:
    """Yield that a state of the report and an ISO 3166-1 entity are the same where their names say so."""
    codes: dict[str, set[str]] = {}
    for printed, code, _, _ in country_names():
        if len(printed) > 3:
            codes.setdefault(fold(printed), set()).add(code)
    rows = store.rows(
        "SELECT DISTINCT e.id, c.value FROM claims c JOIN entities e ON e.key = c.subject JOIN predicates p ON p.key = c.predicate "
        "WHERE p.id = 'name' AND NOT starts_with(e.id, 'iso:') AND c.subject IN (SELECT k.subject FROM claims k "
        "JOIN predicates q ON q.key = k.predicate WHERE q.id = 'kind' AND k.value = 'state') ORDER BY e.id, c.value"
    )
    held = {row[0] for row in store.rows("SELECT id FROM entities WHERE starts_with(id, 'iso:')")}
    done: set[str] = set()
    for entity, name in rows:
        found = codes.get(fold(name), set())
        if entity in done or len(found) != 1 or f"iso:{next(iter(found))}" not in held:
            continue
        code = next(iter(found))
        done.add(entity)
        why = f"both are states called “{name}”, which ISO 3166-1 codes {code}"
        yield NewJudgement(entity, f"iso:{code}", "same", why, COUNTRY_RULE)
