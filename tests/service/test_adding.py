"""Adding files: what is counted, what is refused, and that nothing is half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from isthmus.claims.store import Store
from isthmus.errors import ArgumentError, FormatError, InputError
from isthmus.service.adding import AddOptions, add_files, list_formats

HEAD = "subject,predicate,object,value,low,high,unit,source,locator\n"
GOOD = "a,name,,Firm A,,,,s,p. 1\n"


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def claims_in(path: Path) -> int:
    with Store(path, read_only=True) as store:
        return int(store.value("SELECT count(*) FROM claims"))


def test_good_rows_are_kept_and_bad_ones_listed(tmp_path: Path, store_path: Path) -> None:
    file = write(tmp_path / "c.csv", HEAD + GOOD + "a,kind,,dragon,,,,s,p. 2\na,owns,b,,1.2,1.2,share,s,p. 3\n")
    done = add_files(store_path, [file])["files"][0]
    assert (done["rows"], done["claims_new"], done["rejected_count"]) == (3, 1, 2)
    assert [item["line"] for item in done["rejected"]] == [3, 4]
    assert "no kind “dragon”" in done["rejected"][0]["reason"]
    assert "more than 1 (100 %)" in done["rejected"][1]["reason"]
    rejects = Path(done["rejects_file"])
    assert rejects.read_text("utf-8").splitlines()[0] == "line,reason"
    assert claims_in(store_path) == 1


def test_strict_refuses_the_whole_file(tmp_path: Path, store_path: Path) -> None:
    file = write(tmp_path / "c.csv", HEAD + GOOD + "a,kind,,dragon,,,,s,p. 2\n")
    with pytest.raises(FormatError, match="refuses the file"):
        add_files(store_path, [file], AddOptions(strict=True))
    assert not store_path.exists()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a,kind,,dragon,,,,s,p. 1", "no kind “dragon”"),
        ("a,loves,b,,,,,s,p. 1", "no predicate “loves”"),
        ("a,owns,b,,101,101,share,s,p. 1", "more than 1"),
        ("a,owns,b,,0.6,0.4,share,s,p. 1", "above high"),
        ("a,count,,,1,234,posts,s,", "locator is empty"),
        ("a,owns,b,,,,,,p. 1", "source is empty"),
    ],
)
def test_a_file_of_bad_rows_alone_is_refused_and_leaves_nothing(
    tmp_path: Path, store_path: Path, row: str, words: str
) -> None:
    with pytest.raises(InputError, match=words) as refused:
        add_files(store_path, [write(tmp_path / "c.csv", HEAD + row + "\n")])
    assert "line 2" in str(refused.value.where)
    assert refused.value.exit_code == 2
    assert not store_path.exists()


def test_impossible_dates_are_named(tmp_path: Path, store_path: Path) -> None:
    file = write(tmp_path / "c.csv", "subject,predicate,object,source,locator,valid_from\na,owns,b,s,p,2021-02-30\n")
    with pytest.raises(InputError, match="2021-02-30"):
        add_files(store_path, [file])


def test_the_same_file_again_adds_nothing(tmp_path: Path, store_path: Path) -> None:
    file = write(tmp_path / "c.csv", HEAD + GOOD)
    add_files(store_path, [file])
    again = add_files(store_path, [file])["files"][0]
    assert (again["claims_new"], again["claims_held"]) == (0, 1)
    other = write(tmp_path / "d.csv", HEAD + GOOD + "b,name,,Firm B,,,,s,p. 2\n")
    assert add_files(store_path, [other])["files"][0]["claims_new"] == 1


def test_a_dry_run_writes_nothing(tmp_path: Path, store_path: Path) -> None:
    file = write(tmp_path / "c.csv", HEAD + GOOD)
    assert add_files(store_path, [file], AddOptions(dry_run=True))["files"][0]["claims_new"] == 1
    assert not store_path.exists()
    add_files(store_path, [file])
    more = write(tmp_path / "d.csv", HEAD + "b,name,,Firm B,,,,s,p. 2\n")
    add_files(store_path, [more], AddOptions(dry_run=True))
    assert claims_in(store_path) == 1


def test_every_format_of_claims_gives_the_same_claims(tmp_path: Path, store_path: Path) -> None:
    add_files(store_path, [write(tmp_path / "c.csv", HEAD + "a,owns,b,,>0.5,,share,s,p. 1\n")])
    row = {
        "subject": "a",
        "predicate": "owns",
        "object": "b",
        "low": ">0.5",
        "unit": "share",
        "source": "s",
        "locator": "p. 1",
    }
    lines = write(tmp_path / "c.jsonl", json.dumps(row) + "\n")
    again = add_files(store_path, [lines])["files"][0]
    assert (again["format"], again["claims_new"], again["claims_held"]) == ("claims", 0, 1)


def test_a_source_beside_the_file_is_read(tmp_path: Path, store_path: Path) -> None:
    file = write(tmp_path / "c.csv", "subject,predicate,value,locator\na,name,Firm A,p. 1\n")
    write(tmp_path / "c.source.yaml", "id: my-source\ntitle: My source\nkind: register\nreliability: A\n")
    add_files(store_path, [file])
    with Store(store_path, read_only=True) as store:
        (source,) = store.sources()
    assert (source.id, source.title, source.kind) == ("my-source", "My source", "register")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id: x\nkind: gossip\n", "no kind of source"),
        ("id: x\nreliability: Z\n", "letter from A to F"),
        ("id: x\ncolour: red\n", "no field “colour”"),
        ("title: x\n", "needs an id"),
        ("id: [", "not YAML"),
        ("a: &a [x]\nb: [*a, *a]\n", "aliases"),
        ("id: x\ndate: 2021-02-30\n", "2021-02-30"),
    ],
)
def test_bad_descriptions_of_sources_are_refused(tmp_path: Path, store_path: Path, text: str, words: str) -> None:
    file = write(tmp_path / "c.csv", HEAD + GOOD)
    with pytest.raises(FormatError, match=words):
        add_files(store_path, [file], AddOptions(source=write(tmp_path / "s.yaml", text)))
    assert not store_path.exists()


def test_files_that_nobody_knows_are_refused_with_what_was_seen(tmp_path: Path, store_path: Path) -> None:
    with pytest.raises(FormatError, match="begins “hello”"):
        add_files(store_path, [write(tmp_path / "x.txt", "hello\n")])
    with pytest.raises(FormatError, match="empty"):
        add_files(store_path, [write(tmp_path / "y.csv", "")])
    with pytest.raises(FormatError, match="folder"):
        add_files(store_path, [tmp_path])
    with pytest.raises(FormatError, match="no such file"):
        add_files(store_path, [tmp_path / "absent.csv"])
    with pytest.raises(ArgumentError, match="no format “morse”"):
        add_files(store_path, [write(tmp_path / "z.csv", HEAD + GOOD)], AddOptions(format="morse"))


def test_formats_are_listed_with_the_shipped_mappings() -> None:
    formats = {entry["name"]: entry for entry in list_formats()}
    assert set(formats) == {
        *("claims", "table", "ftm", "bods", "gleif", "psc"),
        *("cyclonedx", "cyclonedx-2.0-draft", "spdx", "spdx-files", "debian", "host", "dora"),
    }
    assert formats["table"]["mappings"]


def test_a_period_that_ends_before_it_begins_is_refused(tmp_path: Path, store_path: Path) -> None:
    head = "subject,predicate,object,source,locator,valid_from,valid_to\n"
    file = write(tmp_path / "c.csv", head + "a,owns,b,s,p. 1,2019,2016-05\na,owns,c,s,p. 2,2019,2019\n")
    done = add_files(store_path, [file])["files"][0]
    assert done["claims_new"] == 1
    assert [item["reason"] for item in done["rejected"]] == ["valid_from 2019 is later than valid_to 2016-05"]


def test_the_same_bytes_under_another_source_are_other_claims(tmp_path: Path, store_path: Path) -> None:
    file = write(tmp_path / "c.csv", "subject,predicate,value,locator\na,name,Firm A,p. 1\n")
    for name in ("one", "two"):
        source = write(tmp_path / f"{name}.yaml", f"id: {name}\n")
        assert add_files(store_path, [file], AddOptions(source=source))["files"][0]["claims_new"] == 1
    assert claims_in(store_path) == 2
