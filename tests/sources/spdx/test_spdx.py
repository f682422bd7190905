"""The reader of SPDX documents: one document in three shapes, and what it refuses."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from isthmus.errors import FormatError
from isthmus.model import Source
from isthmus.sources.adapter import Head, Job
from isthmus.sources.adapters.spdx import ADAPTER, FILES
from isthmus.sources.spdx.names import entity_id, namespace_slug, split_iri
from tests.sources.readings import Row, assert_in_vocabulary, read

DATA = Path(__file__).resolve().parents[2] / "data" / "spdx"
SHAPES = ("harbour.spdx.json", "harbour.spdx", "harbour.spdx3.json")
OWN = "spdx:example.org-spdx-harbour#"


def told(row: Row) -> str:
    """Return what a claim says, without its place and without how the standard's versions word it."""
    kept = [
        text
        for text in (row.get("qualifiers") or "").split("; ")
        if not text.startswith(("reading=SPDX", "reading=NO", "reading=complete"))
    ]
    parts = (row["subject"], row["predicate"], row.get("object") or row.get("value", ""))
    return " ".join([*(part.removeprefix(OWN) for part in parts), *filter(None, kept)])


def document(**more: Any) -> dict[str, Any]:
    body = json.loads((DATA / "harbour.spdx.json").read_text("utf-8"))
    return {**body, **more}


def read_body(folder: Path, body: object) -> tuple[Any, list[Row]]:
    path = folder / "given.spdx.json"
    path.write_text(json.dumps(body), "utf-8")
    return read(ADAPTER, path, folder / "work")


def related(*relations: tuple[str, str, str]) -> dict[str, Any]:
    names = ("spdxElementId", "relationshipType", "relatedSpdxElement")
    return document(relationships=[dict(zip(names, item, strict=True)) for item in relations])


@pytest.mark.parametrize("name", SHAPES)
def test_every_row_keeps_to_the_vocabulary(name: str, tmp_path: Path) -> None:
    assert_in_vocabulary(read(ADAPTER, DATA / name, tmp_path / "w")[1])


@pytest.mark.parametrize("name", SHAPES[1:])
def test_the_shapes_say_the_same(name: str, tmp_path: Path) -> None:
    expected = {told(row) for row in read(ADAPTER, DATA / SHAPES[0], tmp_path / "a")[1]}
    found = {told(row) for row in read(ADAPTER, DATA / name, tmp_path / "b")[1]}
    # Version 3 does not say whether files were analysed.
    only_2 = {"purl:pkg:pypi/lib-winch@1.4.0 described_as files not analysed aspect=technical scope=files"}
    assert found ^ expected <= only_2
    assert len(found) > 30


def test_relationships_become_claims(tmp_path: Path) -> None:
    rows = read(ADAPTER, DATA / SHAPES[0], tmp_path / "w")[1]
    said = sorted(told(row) for row in rows if "object" in row)
    assert said == [
        "SPDXRef-DOCUMENT concerns SPDXRef-app",
        "SPDXRef-app uses SPDXRef-cc strength=build",
        "SPDXRef-app uses purl:pkg:pypi/lib-winch@1.4.0",
        "SPDXRef-app uses spdx:example.org-spdx-quay#SPDXRef-pump",
        "SPDXRef-fork variant_of purl:pkg:pypi/lib-winch@1.4.0 relation=version",
        "SPDXRef-plc contains SPDXRef-app",
        "SPDXRef-plc uses purl:pkg:pypi/lib-winch@1.4.0 strength=optional",
        "org-harbour-works operates SPDXRef-app role=distributor",
        "org-winch-oy develops purl:pkg:pypi/lib-winch@1.4.0",
        "org-winch-oy supplies SPDXRef-app item=@purl:pkg:pypi/lib-winch@1.4.0",
    ]


def test_none_and_noassertion_are_told_apart(tmp_path: Path) -> None:
    rows = read(ADAPTER, DATA / SHAPES[0], tmp_path / "w")[1]
    assert sorted(told(row) for row in rows if row["predicate"] == "completeness") == [
        "SPDXRef-cc completeness unknown scope=components",
        "purl:pkg:pypi/lib-winch@1.4.0 completeness complete scope=dependencies",
    ]


def test_the_weakest_statement_of_a_list_is_kept(tmp_path: Path) -> None:
    graph = json.loads((DATA / SHAPES[2]).read_text("utf-8"))
    for item in graph["@graph"]:
        if item.get("relationshipType") == "dependsOn":
            item["completeness"] = "incomplete" if item["from"].endswith("app") else "complete"
            item["from"] = "https://example.org/spdx/harbour#SPDXRef-app"
    (row,) = [
        row
        for row in read_body(tmp_path, graph)[1]
        if row["predicate"] == "completeness" and row["subject"] == f"{OWN}SPDXRef-app"
    ]
    assert row["value"] == "incomplete"
    assert row["qualifiers"] == "scope=dependencies; reading=dependsOn complete, dependsOn incomplete"


def test_natural_persons_are_counted_and_left_out(tmp_path: Path) -> None:
    for number, name in enumerate(SHAPES):
        reading, rows = read(ADAPTER, DATA / name, tmp_path / str(number))
        assert "Ada" not in repr((reading, rows)).replace("ADAPTER", "")
        assert sum(n for reason, n in reading.left_out.items() if reason.startswith("natural persons")) == 2
        assert "@example.org" not in repr(rows)


def test_files_are_things_only_if_asked(tmp_path: Path) -> None:
    plain, rows = read(ADAPTER, DATA / SHAPES[0], tmp_path / "a")
    asked, more = read(FILES, DATA / SHAPES[0], tmp_path / "b")
    new = {told(row) for row in more} - {told(row) for row in rows}
    assert new == {
        "SPDXRef-main kind software",
        "SPDXRef-main name ./main.c",
        "SPDXRef-app uses SPDXRef-main strength=build",
    }
    assert plain.left_out["relationships GENERATED_FROM with a file"] == 1
    assert "1 needs of files are left out with the files; --as spdx-files reads them" in plain.notes
    assert not any("file" in reason for reason in asked.left_out if reason.startswith("relationships"))


def test_a_thing_that_is_not_described_is_kept_without_a_name(tmp_path: Path) -> None:
    reading, rows = read_body(tmp_path, related(("SPDXRef-app", "DEPENDS_ON", "SPDXRef-gone")))
    assert f"{OWN}SPDXRef-gone" in {row.get("object") for row in rows}
    assert not [row for row in rows if row["subject"] == f"{OWN}SPDXRef-gone"]
    assert any("does not describe" in note and "SPDXRef-gone" in note for note in reading.notes)


def test_circles_are_kept_and_loops_of_one_are_not(tmp_path: Path) -> None:
    body = related(
        ("SPDXRef-app", "DEPENDS_ON", "SPDXRef-cc"),
        ("SPDXRef-cc", "DEPENDS_ON", "SPDXRef-app"),
        ("SPDXRef-app", "DEPENDS_ON", "SPDXRef-app"),
        ("SPDXRef-app", "DEPENDS_ON", "SPDXRef-cc"),
    )
    reading, rows = read_body(tmp_path, body)
    uses = [(row["subject"], row["object"]) for row in rows if row["predicate"] == "uses"]
    assert sorted(uses) == [(f"{OWN}SPDXRef-app", f"{OWN}SPDXRef-cc"), (f"{OWN}SPDXRef-cc", f"{OWN}SPDXRef-app")]
    assert any("with itself" in note for note in reading.notes)
    assert reading.left_out["relationships said twice"] == 1


def test_a_doubled_id_is_refused(tmp_path: Path) -> None:
    body = document()
    body["packages"].append({"SPDXID": "SPDXRef-app", "name": "another"})
    reading, rows = read_body(tmp_path, body)
    assert [(fault.line, fault.reason) for fault in reading.rejected] == [
        (6, "/packages/5 SPDXRef-app: the id “SPDXRef-app” stands twice; the first is read")
    ]
    assert "another" not in {row.get("value") for row in rows}


def test_packages_with_one_package_url_are_one_thing(tmp_path: Path) -> None:
    body = related(("SPDXRef-lib", "DEPENDS_ON", "SPDXRef-twin"))
    body["packages"].append({**body["packages"][1], "SPDXID": "SPDXRef-twin"})
    reading, rows = read_body(tmp_path, body)
    assert not [row for row in rows if row["predicate"] == "uses"]
    assert reading.left_out["relationships of things with one and the same identifier"] == 1
    assert any(note.startswith("1 packages with the package URL of another") for note in reading.notes)


def test_types_that_make_no_claim_are_counted_with_the_reason(tmp_path: Path) -> None:
    body = related(("SPDXRef-app", "PATCH_FOR", "SPDXRef-lib"), ("SPDXRef-app", "LOVES", "SPDXRef-lib"))
    left = read_body(tmp_path, body)[0].left_out
    assert left["relationships PATCH_FOR: it tells how one came of another"] == 1
    assert left["relationships LOVES: the type is not one of SPDX 2"] == 1


def test_no_identifier_is_made_up(tmp_path: Path) -> None:
    body = document()
    body["packages"][1]["externalRefs"][0]["referenceLocator"] = "libwinch 1.4.0"
    body["packages"][1]["externalRefs"][1]["referenceLocator"] = "cpe:2.3:winch"
    reading, rows = read_body(tmp_path, body)
    assert {row["qualifiers"] for row in rows if row["predicate"] == "identifier"} == {"scheme=sha256", "scheme=url"}
    assert not any(row["subject"].startswith("purl:") for row in rows)
    assert sum("that are none: not used" in note for note in reading.notes) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"spdxVersion": "SPDX-1.2", "SPDXID": "x"}', "SPDX-2.2 and SPDX-2.3 are read"),
        ('{"SPDXID": "x"}', "spdxVersion None"),
        ('{"@context": "https://spdx.org/rdf/4.0/x", "@graph": [{"specVersion": "4.0"}]}', "3.0 and 3.0.1 are read"),
        ('{"@context": "https://spdx.org/rdf/3.0.1/x", "@graph": []}', "no specVersion"),
        ('{"@context": "https://spdx.org/rdf/3.0.1/x", "@graph": {}}', "not a list"),
        ('{"spdxVersion": "SPDX-2.3", "packages": [{"SPDXID"', "cut off"),
        ('{"spdxVersion": "SPDX-2.3", "name": "a", "name": "b"}', "“name” stands twice"),
        ("[" * 100_000, "nests too deeply"),
        ("SPDXVersion: SPDX-2.3\nPackageComment: <text>begun", "cut off"),
        ("SPDXVersion: SPDX-9\n", "SPDX-2.2 and SPDX-2.3 are read"),
        ("harbour,works\n", "neither JSON nor tags"),
        ("3", "neither JSON nor tags"),
    ],
)
def test_bad_documents_are_refused_with_the_reason(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.spdx"
    path.write_text(text, "utf-8")
    with pytest.raises(FormatError, match=words):
        read(ADAPTER, path, tmp_path / "w")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.spdx.json"
    path.write_bytes(b'{"spdxVersion": "SPDX-2.3", "name": "\xff"}')
    with pytest.raises(FormatError, match="not UTF-8"):
        read(ADAPTER, path, tmp_path / "w")


def test_odd_values_are_refused_one_by_one(tmp_path: Path) -> None:
    body = document(relationships=[3, {"spdxElementId": "a"}, {"spdxElementId": "NONE", "relationshipType": "CONTAINS",
                    "relatedSpdxElement": "b"}], files={"a": 1})  # fmt: skip
    body["packages"] += [{"name": "without an id"}, "text"]
    reading, rows = read_body(tmp_path, body)
    assert len(reading.rejected) == 6
    assert rows


def test_lines_of_tags_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.spdx"
    path.write_text(
        "SPDXVersion: SPDX-2.3\nno tag at all\nRelationship: a b\nDataLicense: x\nDataLicense: y\n"
        "ExternalRef: purl\nExternalDocumentRef: x\nRelationshipComment: z\n",
        "utf-8",
    )
    reading, _ = read(ADAPTER, path, tmp_path / "w")
    assert [fault.line for fault in reading.rejected] == [2, 3, 5, 6, 7, 8]


def test_recognition(tmp_path: Path) -> None:
    for name in SHAPES:
        head = Head(DATA / name, 1, (DATA / name).read_bytes())
        assert ADAPTER.recognises(head)
        assert not FILES.recognises(head)
    for text in (b'{"bomFormat": "CycloneDX", "specVersion": "1.5"}', b"a,b\n1,2\n", b"Package: a\nVersion: 1\n"):
        assert not ADAPTER.recognises(Head(Path("x"), 1, text))


def test_a_packed_file_and_a_given_source(tmp_path: Path) -> None:
    path = tmp_path / "harbour.spdx.json.gz"
    path.write_bytes(gzip.compress((DATA / SHAPES[0]).read_bytes()))
    reading, rows = read(ADAPTER, path, tmp_path / "w", Source(id="given"))
    assert {row["source"] for row in rows} == {"given"}
    assert reading.sources == ()


def test_name_spaces_as_ids() -> None:
    long = "https://example.org/" + "a" * 100
    assert namespace_slug("http://example.org/x") == "example.org-x"
    assert namespace_slug(long + "1") != namespace_slug(long + "2")
    assert entity_id("https://example.org/x", "a b;c") == "spdx:example.org-x#a%20b%3Bc"
    assert split_iri("https://example.org/x#y") == ("https://example.org/x", "y")
    assert split_iri("https://example.org/x/y") == ("https://example.org/x", "y")
    assert split_iri("urn:example:y") == ("urn:example", "y")


def test_a_large_document(tmp_path: Path) -> None:
    number = 100_000  # some 13 MB on one line
    packages = [{"SPDXID": f"SPDXRef-{n}", "name": f"p{n}"} for n in range(number)]
    names = ("spdxElementId", "relationshipType", "relatedSpdxElement")
    relations = [
        dict(zip(names, (f"SPDXRef-{n}", "DEPENDS_ON", f"SPDXRef-{n // 2}"), strict=True)) for n in range(1, number)
    ]
    path = tmp_path / "large.spdx.json"
    path.write_text(json.dumps(document(packages=packages, relationships=relations, documentDescribes=[], files=[])))
    reading = ADAPTER.read(Job(path, tmp_path))
    with duckdb.connect() as engine:
        found = engine.execute(f"SELECT count(*) FROM ({reading.select}) WHERE predicate = 'uses'").fetchone()
    assert found == (number - 1,)
    assert reading.rows == number + number - 1
