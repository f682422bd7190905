"""Exports: what leaves, what stays, and that it reads back."""

from __future__ import annotations

from pathlib import Path

import pytest

from isthmus.claims.store import Store
from isthmus.errors import ArgumentError
from isthmus.picture import Picture
from isthmus.service.adding import add_files
from isthmus.service.lending import export

HEAD = "subject,predicate,object,value,low,high,unit,qualifiers,valid_from,source,locator,hedge,marking,licence\n"
ROWS = (
    HEAD
    + "a,name,,=Firm A,,,,,,s,p. 1,,,CC-BY-4.0\n"
    + "a,owns,b,,>0.5,,share,interest=shareholding,2019-Q3,s,p. 2,reportedly,,CC-BY-4.0\n"
    + "a,supplies,b,,,,,item=@c,~2020,s,-p. 3,,,CC-BY-4.0\n"
    + "a,name,,Secret name,,,,,,s,p. 4,,TLP:AMBER,CC-BY-4.0\n"
    + "a,name,,Licensed name,,,,,,t,p. 5,,,CC-BY-NC-4.0\n"
)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.duckdb"
    file = tmp_path / "claims.csv"
    file.write_text(ROWS, encoding="utf-8")
    add_files(path, [file])
    return path


@pytest.mark.parametrize("form", ["claims", "jsonl", "parquet"])
def test_what_was_exported_reads_back_as_the_same_claims(tmp_path: Path, picture: Path, form: str) -> None:
    out = tmp_path / f"out.{'csv' if form == 'claims' else form}"
    done = export(picture, form, out, ceiling="TLP:RED", include_restricted=True)
    assert done["claims"] == 5
    assert add_files(picture, [out])["files"][0]["claims_new"] == 0
    fresh = tmp_path / "fresh.duckdb"
    add_files(fresh, [out])
    with Store(picture, read_only=True) as old, Store(fresh, read_only=True) as new:
        assert Picture(old).hash == Picture(new).hash


def test_formula_cells_are_made_harmless(tmp_path: Path, picture: Path) -> None:
    out = tmp_path / "out.csv"
    export(picture, "claims", out)
    text = out.read_text("utf-8")
    assert ",'=Firm A," in text
    assert ",'-p. 3," in text


def test_markings_and_licences_keep_claims_back(tmp_path: Path, picture: Path) -> None:
    done = export(picture, "claims", tmp_path / "out.csv")
    assert done["claims"] == 3
    assert sum(done["withheld"].values()) == 2
    text = (tmp_path / "out.csv").read_text("utf-8")
    assert "Secret" not in text
    assert "Licensed" not in text


def test_only_the_named_sources_leave(tmp_path: Path, picture: Path) -> None:
    done = export(picture, "jsonl", tmp_path / "out.jsonl", sources=["t"], include_restricted=True)
    assert done["claims"] == 1
    with pytest.raises(ArgumentError, match="no source “u”"):
        export(picture, "jsonl", tmp_path / "out.jsonl", sources=["u"])


@pytest.mark.parametrize("form", ["ftm", "graphml"])
def test_other_formats_are_written_whole(tmp_path: Path, picture: Path, form: str) -> None:
    done = export(picture, form, tmp_path / f"out.{form}")
    assert done["claims"] > 0
    assert "Firm A" in (tmp_path / f"out.{form}").read_text("utf-8")


def test_bad_targets_are_refused(tmp_path: Path, picture: Path) -> None:
    with pytest.raises(ArgumentError, match="no export format"):
        export(picture, "stone", tmp_path / "x")
    with pytest.raises(ArgumentError, match="folder stands"):
        export(picture, "claims", tmp_path)
    with pytest.raises(ArgumentError, match="does not exist"):
        export(picture, "claims", tmp_path / "absent" / "x.csv")


def test_the_terms_of_a_source_hold_for_its_claims(tmp_path: Path) -> None:
    picture, file = tmp_path / "p.duckdb", tmp_path / "c.csv"
    file.write_text("subject,predicate,value,locator\na,name,Firm A,p. 1\n", encoding="utf-8")
    (tmp_path / "c.source.yaml").write_text(
        "id: s\ntitle: S\nmarking: TLP:AMBER\nlicence: confidential\n", encoding="utf-8"
    )
    add_files(picture, [file])
    done = export(picture, "claims", tmp_path / "out.csv")
    assert done["claims"] == 0
    assert sum(done["withheld"].values()) == 1


def test_a_description_that_people_wrote_is_not_overwritten(tmp_path: Path, picture: Path) -> None:
    mine = tmp_path / "out.source.yaml"
    mine.write_text("id: s\n", encoding="utf-8")
    with pytest.raises(ArgumentError, match="no export made"):
        export(picture, "claims", tmp_path / "out.csv")
    assert mine.read_text("utf-8") == "id: s\n"
