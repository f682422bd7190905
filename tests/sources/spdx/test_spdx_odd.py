"""Whatever stands in a document, it is read or refused with our own error, and nothing breaks a rule of the vocabulary."""

from __future__ import annotations

import copy
import json
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.errors import IsthmusError
from isthmus.sources.adapters.spdx import FILES
from isthmus.sources.log import Log
from isthmus.sources.spdx.claims import DocumentClaims
from isthmus.sources.spdx.document import Document
from isthmus.sources.spdx.version2 import read_version2
from isthmus.sources.spdx.version3 import read_version3
from tests.sources.readings import assert_in_vocabulary, read

DATA = Path(__file__).resolve().parents[2] / "data" / "spdx"
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.sampled_from(["", "NONE", "NOASSERTION", "SPDXRef-app", "a;b=@c"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["SPDXID", "type", "to"]), inner, max_size=2)
    ),
    max_leaves=3,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of all nodes below the top."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, inner in items for found in ((*path, key), *places(inner, (*path, key)))]


def changed(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    body = copy.deepcopy(body)
    here = body
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = value
    return body


def read_text(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "odd.spdx"
        path.write_text(text, "utf-8")
        try:
            rows = read(FILES, path, Path(folder) / "w")[1]
        except IsthmusError as error:
            assert error.where
            return
        if rows:
            assert_in_vocabulary(rows)


FIXED: tuple[Any, ...] = (None, True, 1, "", "x", [], [1], ["x"], {}, {"a": 1}, {"spdxId": 3}, [{"a": 1}])


@pytest.mark.parametrize(
    ("name", "reader"), [("harbour.spdx.json", read_version2), ("harbour.spdx3.json", read_version3)]
)
def test_each_node_may_be_of_any_type(name: str, reader: Callable[..., Document]) -> None:
    body = json.loads((DATA / name).read_text("utf-8"))
    refused = read_whole = 0
    for path in places(body):
        for value in FIXED:
            try:
                document = reader(changed(body, path, value), "x", "x", Log())
            except IsthmusError:
                refused += 1
                continue
            read_whole += any(True for _ in DocumentClaims(document, files=True).claims())
    assert refused > 10
    assert read_whole > 1000


@pytest.mark.parametrize("name", ["harbour.spdx.json", "harbour.spdx3.json"])
@settings(max_examples=60)
@given(data=st.data())
def test_any_node_may_be_anything(name: str, data: st.DataObject) -> None:
    body = json.loads((DATA / name).read_text("utf-8"))
    path = data.draw(st.sampled_from(places(body)))
    read_text(json.dumps(changed(body, path, data.draw(ODD))))


@settings(max_examples=60)
@given(
    st.integers(0, 2**32), st.sampled_from(["", "<text>", "</text>", ":", "Relationship: a", "\t", "é", "SPDXID: x\n"])
)
def test_lines_may_be_cut_and_mixed(seed: int, piece: str) -> None:
    lines = (DATA / "harbour.spdx").read_text("utf-8").splitlines()
    draw = random.Random(seed)
    for _ in range(3):
        place = draw.randrange(1, len(lines))
        cut = draw.randrange(len(lines[place]) + 1)
        lines[place] = lines[place][:cut] + piece + lines[place][cut + draw.randrange(3) :]
        other = draw.randrange(1, len(lines))
        lines[place], lines[other] = lines[other], lines[place]
    read_text("\n".join(lines))
