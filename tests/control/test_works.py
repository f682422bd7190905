"""Which claims rest on which works: what is derived from one work alone falls with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from isthmus.claims.store import Store
from isthmus.control.reading import read_rows
from isthmus.control.works import Family, claim_works, families
from isthmus.picture import Picture
from isthmus.service.adding import add_files

from .conftest import Row, share, write_claims

Told = dict[tuple[str, ...], set[str]]


def picture_of(folder: Path, claims: Sequence[Row], sources: dict[str, str]) -> Store:
    file = write_claims(folder / "claims.csv", claims)
    listed = [f"  - {{id: {name}, title: {name}, derived_from: [{parents}]}}" for name, parents in sources.items()]
    (folder / "claims.source.yaml").write_text("\n".join(["sources:", *listed, ""]), "utf-8")
    path = folder / "picture.duckdb"
    assert add_files(path, [file])["files"][0]["rejected"] == []
    return Store(path, read_only=True)


def told(store: Store, *, largest: bool = False) -> Told:
    """Return the holders whose claims rest on each family."""
    picture = Picture(store)
    rows = read_rows(picture)
    ids = picture.reader.ids(rows.holder.tolist())
    named = dict(zip(rows.claim.tolist(), (ids[key] for key in rows.holder.tolist()), strict=True))
    found: list[Family] = families(picture, rows, largest=largest)
    return {family.works: {named[claim] for claim in family.claims} for family in found}


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ({"one": "", "two": ""}, {("one",): {"a"}, ("two",): {"b"}}),
        ({"one": "", "two": "one"}, {("one", "two"): {"a", "b"}, ("two",): {"b"}}),
        (
            {"one": "wire", "two": "wire", "wire": ""},
            {("one",): {"a"}, ("one", "two", "wire"): {"a", "b"}, ("two",): {"b"}},
        ),
        (
            {"one": "paper", "paper": "wire", "two": "wire", "wire": ""},
            {("one", "paper"): {"a"}, ("one", "two", "wire"): {"a", "b"}, ("two",): {"b"}},
        ),
        ({"one": "two", "two": "one"}, {("one", "two"): {"a", "b"}}),
        ({"one": "one", "two": ""}, {("one",): {"a"}, ("two",): {"b"}}),
        ({"one": "elsewhere", "two": "elsewhere, other"}, {("elsewhere", "one"): {"a"}, ("two",): {"b"}}),
    ],
)
def test_what_falls_with_what(tmp_path: Path, sources: dict[str, str], expected: Told) -> None:
    claims = [share("a", "x", "0.3", source="one"), share("b", "x", "0.2", source="two")]
    with picture_of(tmp_path, claims, sources) as store:
        assert told(store) == expected


def test_a_claim_rests_on_its_origins_and_not_on_who_collected_it(tmp_path: Path) -> None:
    claims = [
        share("a", "x", "0.3", source="list", origin="one"),
        share("b", "x", "0.2", source="list", origin="one two"),
        share("c", "x", "0.1", source="list"),
    ]
    with picture_of(tmp_path, claims, {"list": "", "one": "", "two": ""}) as store:
        assert told(store) == {("list",): {"c"}, ("one",): {"a"}}
        picture = Picture(store)
        works = claim_works(picture, read_rows(picture))
        assert sorted(works.values()) == [("list",), ("one",), ("one", "two")]


def test_the_largest_families_share_no_claim(tmp_path: Path) -> None:
    claims = [share(name, "x", "0.1", source=name) for name in ("one", "two", "three")]
    with picture_of(tmp_path, claims, {"one": "", "two": "one", "three": ""}) as store:
        assert told(store, largest=True) == {("one", "two"): {"one", "two"}, ("three",): {"three"}}


def test_nothing_held_rests_on_nothing(tmp_path: Path) -> None:
    with picture_of(tmp_path, [share("a", "x", "0.3", source="one")], {"one": ""}) as store:
        picture = Picture(store)
        none = read_rows(picture).without([int(read_rows(picture).claim[0])])
        assert families(picture, none) == []
        assert claim_works(picture, none) == {}
