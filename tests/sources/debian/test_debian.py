"""The reader of Debian package indexes: needs with alternatives, virtual packages, versions, and what is refused."""

from __future__ import annotations

import gzip
import os
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.errors import FormatError, IsthmusError
from isthmus.model import Source
from isthmus.sources.adapter import Head
from isthmus.sources.adapters.debian import ADAPTER
from isthmus.sources.debian.needs import names_of
from isthmus.sources.debian.versions import newest, version_key
from tests.sources.readings import Row, assert_in_vocabulary, read

DATA = Path(__file__).resolve().parents[2] / "data" / "debian"
DEBIAN = Source(id="bookworm", publisher="Debian Project")


def told(row: Row) -> str:
    parts = (row["subject"], row.get("object") or row.get("value", ""), row.get("qualifiers", ""))
    return " ".join(filter(None, (part.replace("deb:", "") for part in parts)))


def needs(rows: list[Row]) -> list[str]:
    return sorted(told(row) for row in rows if row["predicate"] == "uses")


def read_text(folder: Path, text: str, name: str = "Packages") -> tuple[object, list[Row]]:
    path = folder / name
    path.write_text(text, "utf-8")
    return read(ADAPTER, path, folder / "w")


def test_needs_and_their_alternatives(tmp_path: Path) -> None:
    reading, rows = read(ADAPTER, DATA / "Packages", tmp_path / "w")
    assert_in_vocabulary(rows)
    assert needs(rows) == [
        "libwinch++1 base need=base",
        "mailer base need=base (>= 2)",
        "mailer gone need=gone",
        "mailer libwinch++1 need=libwinch++1 (>= 1.2~rc1)",
        "mailer libwinch++1 need=lost | libwinch++1",
        "mailer postbox need=mta | mail-agent; reading=provides mta",
        "mailer reader need=reader (>= 9); strength=optional",
        "mailer reader need=reader; strength=recommended",
        "mailer sendbox need=mta | mail-agent; reading=provides mail-agent",
        "mailer sendbox strength=optional; reading=said by what enhances it",
        "reader libwinch++1 need=libwinch++1:any (>= 1) [amd64] <!nocheck>",
        "sendbox postbox need=mail-agent (>= 2); reading=provides mail-agent",
    ]
    assert reading.left_out == {
        "Enhances: of what the file does not hold": 1,
        "alternatives that no package of the file has or provides": 1,
        "field Maintainer: names of teams and of natural persons": 1,
        "field Section": 1,
        "needs that the package has said already": 2,
    }
    assert [(fault.line, fault.reason) for fault in reading.rejected] == [
        (38, "reader#Depends: the need “(broken” cannot be read")
    ]
    assert reading.notes[0].startswith(
        "6 packages; 8 needs, of which 7 are met (1 by several packages; 8 alternatives in all) and 1 by nothing"
    )
    assert any(note.startswith("1 packages are essential") for note in reading.notes)
    assert any("sendbox#Depends" in note and "no alternative to itself" in note for note in reading.notes)
    assert any("kept, unresolved: mailer#Depends gone" in note for note in reading.notes)


def test_the_newest_version_of_a_name_says_what_it_needs(tmp_path: Path) -> None:
    rows = read(ADAPTER, DATA / "Packages", tmp_path / "w", DEBIAN)[1]
    assert sorted(
        (row["subject"], row["value"]) for row in rows if row["predicate"] == "identifier" and "winch" in row["subject"]
    ) == [
        ("purl:pkg:deb/debian/libwinch%2B%2B1", "pkg:deb/debian/libwinch%2B%2B1@1.10~rc2?arch=amd64"),
        ("purl:pkg:deb/debian/libwinch%2B%2B1", "pkg:deb/debian/libwinch%2B%2B1@1.3?arch=amd64"),
    ]
    assert not any("Ada" in str(row) for row in rows)


@pytest.mark.parametrize(
    ("name", "source", "prefix"),
    [
        ("Packages", None, "deb:"),
        ("Packages", DEBIAN, "purl:pkg:deb/debian/"),
        ("Packages", Source(id="x", publisher="Debian", title="for Ubuntu"), "deb:"),
        ("mirror_ubuntu_dists_noble_main_binary-amd64_Packages", None, "purl:pkg:deb/ubuntu/"),
    ],
)
def test_the_distribution_is_told_and_never_guessed(
    name: str, source: Source | None, prefix: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes((DATA / "Packages").read_bytes())
    rows = read(ADAPTER, path, tmp_path / "w", source)[1]
    assert {row["subject"] for row in rows if row["predicate"] == "name" and row["value"] == "base"} == {
        prefix + "base"
    }
    assert any(row["predicate"] == "identifier" for row in rows) == prefix.startswith("purl")


def test_a_provider_without_a_version_is_said(tmp_path: Path) -> None:
    text = "Package: a\nVersion: 1\nDepends: v (>= 2)\n\nPackage: b\nVersion: 1\nProvides: v\n"
    reading, rows = read_text(tmp_path, text)
    assert needs(rows) == ["a b need=v (>= 2); reading=provides v, without a version"]
    assert any(note.startswith("1 needs name a version") for note in reading.notes)  # type: ignore[attr-defined]


def test_only_what_is_installed_counts(tmp_path: Path) -> None:
    text = (
        "Package: a\nStatus: install ok installed\nVersion: 1\nDepends: b | c\n\n"
        "Package: b\nStatus: deinstall ok config-files\nVersion: 1\n\n"
        "Package: c\nStatus: install ok installed\nVersion: 1\n"
    )
    reading, rows = read_text(tmp_path, text)
    assert needs(rows) == ["a c need=b | c"]
    assert reading.left_out["packages that are not installed"] == 1  # type: ignore[attr-defined]


def test_the_table_says_the_same_needs(tmp_path: Path) -> None:
    text = (
        "package,version,source,essential,depends,pre_depends\n"
        "a,1,src,,b|c d,e\nb,1,,,,\nc,1,,yes,,\nd,2,,,,\n,3,,,,\ntoo,few\n"
    )
    reading, rows = read_text(tmp_path, text, "packages.csv")
    assert needs(rows) == ["a b need=b|c", "a c need=b|c", "a d need=d", "a e need=e"]
    assert [fault.line for fault in reading.rejected] == [6, 7]  # type: ignore[attr-defined]
    assert reading.left_out == {"column source": 1}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Package:\nVersion: 1\n", "names no package"),
        ("no field\n", "nothing in the file is a package"),
        ("\n\n", "it holds none"),
        ('package,version,depends,pre_depends\na,"1,b,c\n', "cannot be read"),
        ("Package: a\0b\n", "NUL byte"),
        ("", "the file is empty"),
    ],
)
def test_files_without_packages_are_refused(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=words):
        read_text(tmp_path, text)


def test_faults_of_single_lines_are_listed(tmp_path: Path) -> None:
    text = "Package: a\nVersion: 1\nVersion: 2\nodd line\nProvides: x | y\n\nVersion: 3\n"
    reading, rows = read_text(tmp_path, text)
    assert [(fault.line, fault.reason.split(":")[0]) for fault in reading.rejected] == [  # type: ignore[attr-defined]
        (1, "a, Provides"),
        (3, "Version"),
        (4, "stanza"),
        (7, "stanza"),
    ]
    assert {row["value"] for row in rows if row["predicate"] == "described_as"} == {"1"}


def test_recognition() -> None:
    assert ADAPTER.recognises(Head(DATA / "Packages", 1, (DATA / "Packages").read_bytes()))
    assert ADAPTER.recognises(Head(Path("x.csv"), 1, b"package,version,depends,pre_depends\n"))
    for start in (b"PackageName: x\n", b"Package: a\nSize: 1\n\nVersion: 1\n", b"package,version\n", b""):
        assert not ADAPTER.recognises(Head(Path("x"), 1, start))


# Each is older than the next (Debian policy, 5.6.12).
ORDER = [
    "0~~", "0~~a", "0~", "0", "0a", "0+", "1.0~beta1~svn1245", "1.0~beta1", "1.0", "1.0-0", "1.0-1~bpo1", "1.0-1",
    "1.0-1+b2", "1.0-10", "1.0a", "1.0+x", "1.2", "1.10", "1:0.1", "2:0",
]  # fmt: skip


def test_versions_sort_as_dpkg_sorts_them() -> None:
    keys = [version_key(version) for version in ORDER]
    assert keys == sorted(keys)
    assert [pair for pair in pairwise(ORDER) if len(set(map(version_key, pair))) == 1] == [("1.0", "1.0-0")]
    assert newest(["1.2", "1.10", "1.10"]) == 1


@given(st.lists(st.text("01a.+~-:", min_size=1, max_size=8), min_size=3, max_size=3))
def test_the_order_of_versions_is_total(versions: list[str]) -> None:
    keys = [version_key(version) for version in versions]
    assert newest(versions) == keys.index(max(keys))


PIECES = ["Package: a", "Version: 1", "Depends: b", ", ", "|", " (>= 1)", "\n", "\n\n", ":", "Provides: b (= 2)", " ", "é", "b",
          "Status: x", "Essential: yes", "Enhances: a", "[x]", "<y>", "@;="]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_whatever_stands_in_a_stanza(pieces: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            rows = read_text(Path(folder), "Package: base\nVersion: 1\n\n" + "".join(pieces))[1]
        except IsthmusError as error:
            assert error.where
            return
        assert_in_vocabulary(rows)


def test_names_of_a_need() -> None:
    assert names_of("a (>= 1) | b:any [!hurd-any] <!x> <y> | c++") == [("a", True), ("b", False), ("c++", False)]
    assert names_of("a b") is None
    assert names_of("a |") is None


@pytest.mark.shared
def test_the_shipped_graph(shared: Path, tmp_path: Path) -> None:
    path = shared / "data" / "open" / "debian-dependency-graph" / "packages.csv.gz"
    begun = time.process_time()
    reading, rows = read(ADAPTER, path, tmp_path / "w")
    spent = time.process_time() - begun
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = sum(1 for _ in file) - 1
    assert reading.rows == lines == 63_440
    # The README counts 275,110 clauses: 15 of them stand twice in their package, 4 are of older versions of a package.
    assert reading.notes[0] == (
        "63,436 packages; 275,091 needs, of which 244,743 are met (3,204 by several packages; 248,238 alternatives in "
        "all) and 30,348 by nothing in the file"
    )
    assert len({row["subject"] for row in rows if row["predicate"] == "kind"}) == 63_436
    assert len({(row["subject"], row["qualifiers"]) for row in rows if row["predicate"] == "uses"}) == 275_091
    sys.stdout.write(f"{reading.notes[0]}\n{spent:.1f} s of CPU, with the rows taken apart\n")


@pytest.mark.skipif("ISTHMUS_DEBIAN_INDEX" not in os.environ, reason="ISTHMUS_DEBIAN_INDEX names no full index")
def test_a_full_index_of_bookworm(tmp_path: Path) -> None:
    path = Path(os.environ["ISTHMUS_DEBIAN_INDEX"])
    begun = time.process_time()
    reading, rows = read(ADAPTER, path, tmp_path / "w")
    assert reading.notes[0].startswith(
        "63,666 packages; 279,872 needs, of which 279,868 are met (8,958 by several packages; 296,473 alternatives in all) "
        "and 4 by nothing in the file"
    )
    required = [row for row in rows if row["predicate"] == "uses" and "strength=" not in row["qualifiers"]]
    found = {(row["subject"], row["qualifiers"].partition("; reading=")[0]) for row in required}
    assert len(found) == 279_872
    assert not reading.rejected
    sys.stdout.write(f"{time.process_time() - begun:.1f} s of CPU, with the rows taken apart\n")
