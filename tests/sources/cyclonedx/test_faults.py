"""The reader of CycloneDX bills of materials: files that are not what they should be, and very large ones."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packageurl import PackageURL

from benchmarks.bills import WRITERS, parts
from isthmus.errors import FormatError, IsthmusError
from isthmus.service.adding import ADAPTERS
from isthmus.sources.adapter import Head, Job
from isthmus.sources.adapters.cyclonedx import ADAPTER
from isthmus.sources.catalogue import recognise
from isthmus.sources.cyclonedx.values import read_purl
from tests.sources.cyclonedx.readings import DATA, bill, counts, library, lines, read_bill
from tests.sources.readings import assert_in_vocabulary

XML = '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"{}>{}</bom>'
BOMB = (
    '<!DOCTYPE bom [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    + XML.format("", "<components><component type='library'><name>&c;</name></component></components>")
)
OUTSIDE = '<!DOCTYPE bom [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + XML.format("", "&x;")


@pytest.mark.parametrize(
    ("text", "message", "where"),
    [
        ("", "the file is empty", None),
        ('{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [', "not JSON", "line 1, column 65"),
        ('{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "version": 2}', "“version” stands twice", None),
        ('{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": NaN}', "NaN is no number", None),
        ('{"bomFormat": "CycloneDX", "specVersion": "1.6", "x": "\\ud800"}', "half a character", None),
        ('{"bomFormat": "CycloneDX", "specVersion": "9.1"}', "specVersion “9.1” is not read", None),
        ('{"bomFormat": "CycloneDX", "specVersion": "2.0"}', "specVersion “2.0” is not read", None),
        ('{"bomFormat": "CycloneDX", "specVersion": 1.6}', "specVersion is missing or no text", None),
        ('{"bomFormat": "SPDX", "specVersion": "1.6"}', "no CycloneDX bill of materials", None),
        ("[]", "no CycloneDX bill of materials", None),
        ('{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": ' + "[" * 5000 + "]" * 5000 + "}", "too deeply", None),
        ("<bom/>", "its first element is “bom” of “”", None),
        ("<html xmlns='http://www.w3.org/1999/xhtml'/>", "no CycloneDX bill of materials", None),
        (XML.format("", "<components>"), "not well formed: mismatched tag", "line 1"),
        (XML.replace("1.6", "8.8").format("", ""), "specVersion “8.8” is not read", None),
        ('<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>\n<component', "not well formed", "line 2"),
        (BOMB, "document type declaration", "line 1"),
        (OUTSIDE, "document type declaration", "line 1"),
        (XML.format("", "<components><component>" * 150 + "</component></components>" * 150), "nest more than 200 deep", None),
    ],
)  # fmt: skip
def test_file_that_is_no_bill_is_refused(tmp_path: Path, text: str, message: str, where: str | None) -> None:
    with pytest.raises(FormatError) as caught:
        read_bill(tmp_path, text, "given.xml" if text.startswith("<") else "given.json")
    assert message in caught.value.message
    assert where is None or where in str(caught.value.where)
    assert "given" in str(caught.value.where)


def test_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_bytes(b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "x": "\xff"}')
    with pytest.raises(FormatError, match=r"not UTF-8 \(byte 0xff\)"):
        ADAPTER.read(Job(path, tmp_path))


def test_xml_in_another_encoding_is_read(tmp_path: Path) -> None:
    body = XML.format("", "<components><component type='library'><name>Köln &amp; Bø</name></component></components>")
    path = tmp_path / "bom.xml"
    path.write_bytes(f'<?xml version="1.0" encoding="ISO-8859-1"?>{body}'.encode("iso-8859-1"))
    reading = ADAPTER.read(Job(path, tmp_path))
    assert (reading.rows, reading.rejected) == (1, ())


def test_elements_of_other_namespaces_are_counted(tmp_path: Path) -> None:
    inner = "<components><component type='library'><name>a</name><x:y xmlns:x='urn:x'><x:z/>text</x:y></component></components>"
    reading, rows = read_bill(tmp_path, XML.format(' serialNumber="urn:uuid:no"', inner), "bom.xml")
    assert reading.left_out == {"elements of other XML namespaces": 2}
    assert [row["value"] for row in rows if row["predicate"] == "name"] == ["a"]


@pytest.mark.parametrize("version", ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"])
def test_every_version_is_read_and_an_old_one_is_said(tmp_path: Path, version: str) -> None:
    reading, rows = read_bill(tmp_path, bill(library("a"), specVersion=version))
    assert "#app contains #a (ref=a)" in lines(rows)
    assert bool(reading.notes) == (version < "1.4")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b'{"bomFormat": "CycloneDX", "specVersion": "1.4"}', True),
        (b'\xef\xbb\xbf{\n "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json", "specVersion": "1.5"', True),
        (b'<?xml version="1.0"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/1.4">', True),
        (b'{"spdxVersion": "SPDX-2.3", "comment": "made from CycloneDX"}', False),
        (b"<html>CycloneDX</html>", False),
        (b"bomFormat,CycloneDX\n", False),
        ('{"bomFormat": "CycloneDX", "specVersion": "1.6"}'.encode("utf-16"), True),
        (b'{"specFormat": "CycloneDX", "specVersion": "2.0"}', True),
        (b"", False),
    ],
)
def test_format_is_recognised(start: bytes, expected: bool) -> None:
    assert ADAPTER.recognises(Head(Path("x"), len(start), start)) is expected


@pytest.mark.parametrize("name", ["harbour.json", "harbour.xml", "flaws.json"])
def test_no_other_format_takes_a_bill(name: str) -> None:
    assert recognise(DATA / name, ADAPTERS).name == "cyclonedx"


def test_bom_refs_and_texts_of_any_shape_make_ids_that_hold(tmp_path: Path) -> None:
    refs = ["a b", "x;y", "@at", "50%", "line\nbreak", "ü=ß", "a%20b"]
    reading, rows = read_bill(
        tmp_path,
        bill(*(library(ref) for ref in refs), dependencies=[{"ref": "app", "dependsOn": refs}]),
    )
    assert_in_vocabulary(rows)
    needed = [row["object"] for row in rows if row["predicate"] == "uses"]
    assert len(set(needed)) == len(refs)
    assert not any(char.isspace() or char == ";" for one in needed for char in one)
    assert set(needed) == {row["subject"] for row in rows if row["predicate"] == "name"} - {row["subject"] for row in rows
                                                                                        if row.get("value") == "app"}  # fmt: skip
    assert reading.notes == ()


@pytest.mark.parametrize("kind", ["entity", "supplier"])
def test_property_that_is_no_id_is_not_taken_for_one(tmp_path: Path, kind: str) -> None:
    part = library("a", supplier={"name": "Tide Inc"}, properties=[{"name": f"isthmus:{kind}", "value": "two words"}])
    reading, rows = read_bill(tmp_path, bill(part))
    assert_in_vocabulary(rows)
    assert "two words" not in json.dumps(rows)
    assert len(reading.rejected) == (kind == "entity")


def test_id_that_the_document_itself_gives_is_taken_and_said(tmp_path: Path) -> None:
    parts = (library("isthmus:firm-1"), library("a", properties=[{"name": "isthmus:entity", "value": "firm-2"}]))
    reading, rows = read_bill(tmp_path, bill(*parts))
    assert [row["object"] for row in rows if row["predicate"] == "contains"] == ["firm-1", "firm-2"]
    assert reading.notes == (
        "2 things whose id the document itself gives (“isthmus:”): /components/0 (firm-1), /components/1 (firm-2)",
    )


def test_components_that_nest_deeply_are_read(tmp_path: Path) -> None:
    part = library("0")
    for number in range(1, 150):
        part = library(str(number), components=[part])
    reading, rows = read_bill(tmp_path, bill(part))
    assert (counts(rows)["contains"], reading.rejected) == (150, ())


@pytest.mark.parametrize("name", ["bom.json", "bom.xml"])
def test_large_bill_is_read_whole(name: str, tmp_path: Path) -> None:
    # How long twenty thousand take is measured by benchmarks.bills.
    size = 5_000
    WRITERS[name](list(parts(size)), tmp_path / name)
    reading = ADAPTER.read(Job(tmp_path / name, tmp_path))
    assert (reading.rows, reading.rejected) == (2 * size + 1, ())


@given(
    st.sampled_from(["cargo", "deb", "gem", "maven", "npm", "nuget", "rpm", "pypi"]),
    st.lists(st.text("az09.-_~+%@A", min_size=1, max_size=5), min_size=1, max_size=2),
    st.text("az09.-_~+%A", min_size=1, max_size=6),
)
def test_package_url_that_is_canonical_already_is_what_the_library_makes_of_it(
    kind: str, names: list[str], version: str
) -> None:
    text = f"pkg:{kind}/{'/'.join(names)}@{version}"
    try:
        parsed = PackageURL.from_string(text)
        whole = parsed.to_string()
        expected = (whole, parsed.version or None) if PackageURL.from_string(whole).to_string() == whole else None
    except ValueError:
        expected = None
    assert read_purl(text) == expected


_WORDS = st.sampled_from(
    ["a", "b c", "@x", ";", "", "library", "device", "cryptographic-asset", "required", "excluded", "complete", "SHA-256",
     "pkg:npm/a@1", "cpe:2.3:a:b:c:1:*:*:*:*:*:*:*", "urn:cdx:6a1b8c1e-0000-4000-8000-000000000001/1#x", "2024-01-01",
     "inbound", "é\u0000", "isthmus:entity", "algorithm", "1"]
)  # fmt: skip
_KEYS = st.sampled_from(
    ["type", "name", "bom-ref", "purl", "cpe", "hashes", "alg", "content", "licenses", "license", "id", "supplier", "url", "scope",
     "components", "services", "properties", "value", "evidence", "identity", "field", "confidence", "cryptoProperties",
     "assetType", "pedigree", "ancestors", "data", "flow", "classification", "provider", "address", "country", "publisher"]
)  # fmt: skip
_LEAVES = st.none() | st.booleans() | st.integers(-3, 9) | st.floats(allow_nan=False, allow_infinity=False) | _WORDS
_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5), max_leaves=12
)
_PART = st.dictionaries(_KEYS, _JSON, max_size=8)
_LINK = st.dictionaries(st.sampled_from(["ref", "dependsOn", "provides", "aggregate", "assemblies"]), _JSON, max_size=4)


@settings(max_examples=50)
@given(
    st.lists(_PART | _JSON, max_size=4),
    st.lists(_PART | _JSON, max_size=3),
    st.lists(_LINK | _JSON, max_size=3),
    _PART | _JSON,
)
def test_any_document_is_accounted_for_or_refused(
    parts: list[Any], services: list[Any], links: list[Any], more: Any
) -> None:
    body = bill(
        library("kept"), *parts, services=services, dependencies=links, compositions=links, vulnerabilities=more
    )
    with tempfile.TemporaryDirectory() as name:
        try:
            reading, rows = read_bill(Path(name), body)
        except IsthmusError:
            return
        assert_in_vocabulary(rows)
        assert "#kept name kept" in lines(rows)
        assert all(1 <= fault.line <= max(reading.rows, 1) for fault in reading.rejected)
        assert reading.rows >= 2 + len(parts) + len(services)
        seen = {row["line"] for row in rows} | {fault.line for fault in reading.rejected}
        unseen = set(range(1, 3 + len(parts))) - seen
        assert not unseen, (unseen, reading.left_out)


def _places(body: Any) -> list[tuple[Any, Any]]:
    """Return each list and object of a document with each of its keys."""
    found, stack = [], [body]
    while stack:
        held = stack.pop()
        keys = list(held) if isinstance(held, dict) else range(len(held))
        found += [(held, key) for key in keys]
        stack += [held[key] for key in keys if isinstance(held[key], (dict, list))]
    return found


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 10_000), _JSON), min_size=1, max_size=3))
def test_document_with_any_part_replaced_is_accounted_for_or_refused(changes: list[tuple[int, Any]]) -> None:
    body = json.loads((DATA / "harbour.json").read_text("utf-8"))
    for number, value in changes:
        places = _places(body)
        held, key = places[number % len(places)]
        held[key] = value
    with tempfile.TemporaryDirectory() as name:
        try:
            reading, rows = read_bill(Path(name), body)
        except IsthmusError:
            return
        assert all(1 <= fault.line <= max(reading.rows, 1) for fault in reading.rejected)
        if rows:
            assert_in_vocabulary(rows)
