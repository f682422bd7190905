"""What a ceiling keeps beside the claims: sources, judgements, files, words of people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from isthmus.claims.judging import By
from isthmus.claims.store import Store
from isthmus.errors import ArgumentError, UnknownEntityError
from isthmus.picture import Picture, Request
from isthmus.service import add_files

OPEN = """subject,predicate,object,value,source,origin,locator,marking
a,name,,Alpha,open,,1,
b,name,,Beta,open,cited,2,
c,name,,Gamma,open,,3,
"""
MARKED = """subject,predicate,object,value,source,origin,locator,marking
zq,name,,Hidden,dark,darker,1,TLP:AMBER
zq,owns,a,,dark,,2,TLP:AMBER
b,name,,Beta Secret,dark,,3,TLP:GREEN
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return a store in which one of two files is marked; three judgements stand."""
    for name, text in (("open.csv", OPEN), ("marked.csv", MARKED)):
        (tmp_path / name).write_text(text, "utf-8")
        add_files(tmp_path / "picture.duckdb", [tmp_path / name])
    with Store(tmp_path / "picture.duckdb") as store:
        store.judge("a", "c", "same", "seen", who="ana")
        store.judge("a", "c", "same", "Alpha / Gamma", who=By.rule("names", 1))
        store.judge("b", "c", "different", "Beta Secret / Gamma", who=By.rule("names", 1))
        store.judge("a", "zq", "unsure", "seen", who="ana")
        yield store


def at(store: Store, ceiling: str) -> Picture:
    return Picture(store, Request(ceiling=ceiling))


def test_a_source_that_only_hidden_claims_name_is_not_shown(store: Store) -> None:
    assert set(at(store, "TLP:RED").sources) == {"open", "cited", "dark", "darker"}
    assert set(at(store, "TLP:GREEN").sources) == {"open", "cited", "dark"}
    assert set(at(store, "TLP:CLEAR").sources) == {"open", "cited"}


def test_a_judgement_shows_no_more_than_its_claims(store: Store) -> None:
    seen = {(item.a, item.b, item.who): item.why for item in at(store, "TLP:CLEAR").judgements}
    # What a rule made of b may rest on its hidden name; of h nothing is known; what ana wrote may quote anything.
    assert seen == {("a", "c", "ana"): "", ("a", "c", "rule names/1"): "Alpha / Gamma"}
    assert len(at(store, "TLP:RED").judgements) == 4
    assert at(store, "TLP:CLEAR").entity("c").members == ("a", "c")


def test_where_nothing_is_hidden_every_word_is_shown(tmp_path: Path) -> None:
    (tmp_path / "open.csv").write_text(OPEN, "utf-8")
    add_files(tmp_path / "picture.duckdb", [tmp_path / "open.csv"])
    with Store(tmp_path / "picture.duckdb") as store:
        store.judge("a", "c", "same", "seen", who="ana")
        (item,) = at(store, "TLP:CLEAR").judgements
        assert item.why == "seen"
        assert [batch.file for batch in at(store, "TLP:CLEAR").batches] == ["open.csv", None]


def test_a_file_that_brought_hidden_claims_is_not_named(store: Store) -> None:
    assert [batch.file for batch in at(store, "TLP:CLEAR").batches][:2] == ["open.csv", None]
    assert [batch.file for batch in at(store, "TLP:AMBER").batches][:2] == ["open.csv", "marked.csv"]


def test_a_hidden_claim_is_not_read_by_its_id(store: Store) -> None:
    ids = [str(row[0]) for row in store.rows("SELECT id FROM claims")]
    assert len(at(store, "TLP:CLEAR").reader.by_id(ids)) == 3
    assert len(at(store, "TLP:GREEN").reader.by_id(ids)) == 4
    assert len(at(store, "TLP:RED").reader.by_id(ids)) == 6


def test_a_hidden_thing_has_no_name(store: Store) -> None:
    assert at(store, "TLP:AMBER").resolve("zq").caption == "Hidden"
    with pytest.raises(UnknownEntityError):
        at(store, "TLP:CLEAR").resolve("zq")
    with pytest.raises(ArgumentError, match="no source “dark”"):
        Picture(store, Request(without=("dark",), ceiling="TLP:CLEAR"))
    Picture(store, Request(without=("dark",), ceiling="TLP:GREEN"))


def test_the_marking_of_a_source_is_that_of_its_claims(tmp_path: Path) -> None:
    (tmp_path / "open.csv").write_text(OPEN, "utf-8")
    (tmp_path / "open.csv.source.yaml").write_text("id: open\ntitle: A report\nmarking: TLP:GREEN\n", "utf-8")
    add_files(tmp_path / "picture.duckdb", [tmp_path / "open.csv"])
    with Store(tmp_path / "picture.duckdb") as store:
        assert at(store, "TLP:CLEAR").find("Alpha") == []
        assert set(at(store, "TLP:CLEAR").sources) == set()
        assert [hit.entity.id for hit in at(store, "TLP:GREEN").find("Alpha")] == ["a"]
