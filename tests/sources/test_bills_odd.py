"""Bills of materials, package indexes and registers with anything in them changed are read or refused: never a fault of ours.

``ISTHMUS_MUTATIONS`` says how many of each are tried (2,000 of each take a quarter of an hour).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from isthmus.claims.store import Store
from isthmus.errors import IsthmusError
from isthmus.service.adding import ADAPTERS, AddOptions, add_files
from isthmus.sources.adapter import Adapter, Head
from isthmus.sources.adapters import cyclonedx, debian, dora, spdx
from tests.sources.mutations import change_bytes, change_json, change_xml
from tests.sources.readings import assert_in_vocabulary, read

DATA = Path(__file__).resolve().parents[1] / "data"
TRIES = int(os.environ.get("ISTHMUS_MUTATIONS", "12"))
Change = Callable[[bytes, random.Random], bytes]

FORMATS: dict[str, tuple[Adapter, Change]] = {
    "cyclonedx/harbour.json": (cyclonedx.ADAPTER, change_json),
    "cyclonedx/flaws.json": (cyclonedx.ADAPTER, change_json),
    "cyclonedx/harbour.xml": (cyclonedx.ADAPTER, change_xml),
    "cyclonedx-draft/magnet.json": (cyclonedx.DRAFT, change_json),
    "cyclonedx-draft/inventories.json": (cyclonedx.DRAFT, change_json),
    "spdx/harbour.spdx.json": (spdx.FILES, change_json),
    "spdx/harbour.spdx3.json": (spdx.FILES, change_json),
    "spdx/harbour.spdx": (spdx.FILES, change_bytes),
    "debian/Packages": (debian.ADAPTER, change_bytes),
    "dora/register/b_05.01.csv": (dora.ADAPTER, change_bytes),
    "dora/register/b_02.02.csv": (dora.ADAPTER, change_bytes),
}


@pytest.mark.parametrize("name", FORMATS)
def test_document_with_anything_changed_is_read_or_refused(name: str, tmp_path: Path) -> None:
    adapter, change = FORMATS[name]
    text = (DATA / name).read_bytes()
    path = tmp_path / Path(name).name
    outcomes = {True: 0, False: 0}
    for seed in range(TRIES):
        path.write_bytes(change(text, random.Random(f"{name} {seed}")))
        for other in ADAPTERS:
            other.recognises(Head(path, path.stat().st_size, path.read_bytes()))
        try:
            reading, rows = read(adapter, path, tmp_path / "work")
        except IsthmusError as error:
            assert error.message and error.where, (seed, error)
            outcomes[False] += 1
            continue
        outcomes[True] += 1
        assert all(fault.reason for fault in reading.rejected), seed
        assert all(count >= 0 for count in reading.left_out.values()), seed
        if rows:
            assert_in_vocabulary(rows)
    assert outcomes[True], "each change was refused: nothing was tried"


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_read_goes_into_a_picture_or_nothing_does(name: str, tmp_path: Path) -> None:
    adapter, change = FORMATS[name]
    text, path = (DATA / name).read_bytes(), tmp_path / Path(name).name
    for seed in range(max(1, TRIES // 25)):
        picture = tmp_path / f"{seed}.duckdb"
        path.write_bytes(change(text, random.Random(f"picture {name} {seed}")))
        try:
            report = add_files(picture, [path], AddOptions(format=adapter.name))["files"][0]
        except IsthmusError as error:
            assert error.where, (seed, error)
            assert not picture.exists(), "something was written"
            continue
        if not picture.exists():
            assert report["claims_new"] == 0, seed
            continue
        with Store(picture) as store:
            counted = store.connection.execute("SELECT count(*) FROM claims").fetchone()
        assert counted == (report["claims_new"],), seed
