"""Bills of materials, package indexes and registers that are not what they should be, added from the command line.

What cannot be read is refused with one message, exit 2 and no picture left behind; what can be read in part says which part is not.
"""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from .conftest import Run

DORA = Path(__file__).resolve().parents[1] / "data" / "dora" / "register" / "b_01.01.csv"


def bill(**more: Any) -> str:
    body = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": "urn:uuid:6a1b8c1e-0000-4000-8000-00000000000f",
        "metadata": {"component": {"type": "application", "bom-ref": "app", "name": "app"}},
        "components": [{"type": "library", "bom-ref": name, "name": name} for name in "ab"],
    }
    return json.dumps({**body, **more})


XML = '<bom xmlns="http://cyclonedx.org/schema/bom/1.6">{}</bom>'
PART = '<components><component type="library" bom-ref="a"><name>{}</name></component></components>'
SPDX: dict[str, Any] = {
    "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "d", "documentNamespace": "https://x.example/d",
    "creationInfo": {"created": "2024-01-01T00:00:00Z", "creators": ["Tool: x"]},
    "packages": [{"SPDXID": f"SPDXRef-{name}", "name": name, "downloadLocation": "NONE"} for name in "ab"],
}  # fmt: skip
TAGS = (
    "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: d\nDocumentNamespace: https://x.example/d\n"
    "PackageName: a\nSPDXID: SPDXRef-a\n"
)
GRAPH = '{{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":{}}}'
INDEX = "Package: a\nVersion: 1\nDepends: b | ghost (>= 2)\n\nPackage: b\nVersion: 1\nDepends: a\n"
BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 40))

REFUSED: list[tuple[str, str | bytes, str]] = [
    ("version.json", bill(specVersion="3.1"), "specVersion “3.1” is not read"),
    ("draft.json", bill(specVersion="2.0"), "specVersion “2.0” is not read"),
    ("cut.json", bill()[:150], "not JSON"),
    ("list.json", '["bomFormat", "CycloneDX"]', "no format or mapping knows this file"),
    ("utf16.json", bill().encode("utf-16"), "not UTF-8"),
    ("nul.json", bill().replace('"name": "a"', '"name": "a\x00"'), "Invalid control character"),
    ("after.json", bill() + "\x00", "Extra data"),
    ("key.json", bill().replace('"name": "a"', '"name": "a", "name": "c"'), "“name” stands twice"),
    ("half.json", bill().replace('"name": "a"', '"name": "\\ud800"'), "half a character"),
    ("deep.json", bill(components="X").replace('"X"', '[{"components":' * 10_000 + "[]" + "}]" * 10_000), "nests too deeply"),
    ("number.json", bill(version="X").replace('"X"', "1" * 6000), "number beyond measure"),
    ("cut.xml", XML.format(PART.format("a"))[:100], "not well formed"),
    ("after.xml", XML.format(PART.format("a")) + "junk", "junk after document element"),
    ("version.xml", XML.replace("1.6", "3.1").format(""), "specVersion “3.1” is not read"),
    ("outside.xml", '<!DOCTYPE bom [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + XML.format(PART.format("&x;")), "document type"),
    ("bomb.xml", f'<!DOCTYPE bom [<!ENTITY a0 "ha">{BOMB}]>' + XML.format(PART.format("&a39;")), "document type"),
    ("dtd.xml", '<!DOCTYPE bom SYSTEM "http://127.0.0.1:9/x.dtd">' + XML.format(""), "document type"),
    ("undefined.xml", XML.format(PART.format("&nope;")), "undefined entity"),
    ("nul.xml", XML.format(PART.format("a\x00")), "not well formed"),
    ("character.xml", XML.format(PART.format("&#0;")), "invalid character number"),
    ("encoding.xml", '<?xml version="1.0" encoding="nonsense-7"?>' + XML.format(""), "unknown encoding"),
    ("deep.xml", XML.format("<components><component>" * 10_000 + "</component></components>" * 10_000), "nest more than 200 deep"),
    ("version.spdx.json", json.dumps({**SPDX, "spdxVersion": "SPDX-9.9"}), "SPDX-9.9"),
    ("cut.spdx.json", json.dumps(SPDX)[:120], "is cut off"),
    ("utf16.spdx.json", json.dumps(SPDX).encode("utf-16"), "UTF-16"),
    ("half.spdx.json", json.dumps({**SPDX, "comment": "X"}).replace('"X"', '"\\ud800"'), "half a character"),
    ("key.spdx.json", json.dumps(SPDX).replace('"name": "a"', '"name": "a", "name": "c"'), "“name” stands twice"),
    ("deep.spdx.json", json.dumps({**SPDX, "x": "X"}).replace('"X"', "[" * 10_000 + "]" * 10_000), "nests too deeply"),
    ("number.spdx.json", json.dumps({**SPDX, "x": "X"}).replace('"X"', "1" * 6000), "number beyond measure"),
    ("nul.spdx", TAGS + "PackageComment: a\x00b\n", "NUL byte"),
    ("open.spdx", TAGS + "PackageComment: <text>never closed\n", "does not end"),
    ("utf16.spdx", TAGS.encode("utf-16"), "UTF-16"),
    ("object.spdx3.json", GRAPH.format('{"a": 1}'), "@graph is not a list"),
    ("deep.spdx3.json", GRAPH.format("[" * 10_000 + "]" * 10_000), "nests too deeply"),
    ("Packages.nul", INDEX.replace("Package: b", "Package: b\x00"), "NUL byte"),
    ("Packages.latin", INDEX.encode() + b"Description: \xff\n", "not UTF-8"),
    ("Packages.utf16", INDEX.encode("utf-16"), "UTF-16"),
    ("b_01.01.csv", DORA.read_bytes()[:60], "nothing could be added"),
    ("b_01.01.csv", "c0010,c0020,c0030,c0040,c0050,c0010\na,b,c,d,e,f\n", "“lei” stands twice"),
    ("b_01.01.csv", DORA.read_text("utf-8").encode("utf-16"), "UTF-16"),
    ("line.csv", "c0010," + "a" * 300_000, "no format or mapping knows this file"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "message"), REFUSED, ids=[f"{name}-{m[:12]}" for name, _, m in REFUSED])
def test_what_cannot_be_read_is_refused_at_once_and_leaves_nothing(
    run: Run, name: str, text: str | bytes, message: str
) -> None:
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    begun = process_time()
    result = run("-p", "p.duckdb", "--json", "add", name)
    assert process_time() - begun < 5
    assert result.code == 2, result.out
    error = result.json["error"]
    assert message in error["message"]
    assert name in error["where"]
    assert not Path("p.duckdb").exists()


LINKS = [{"ref": "a", "dependsOn": ["b", "a", "ghost"]}, {"ref": "b", "dependsOn": ["a"]}]
TWICE = [{"type": "library", "bom-ref": "a", "name": name} for name in "ab"]
RELATIONS = [
    {"spdxElementId": f"SPDXRef-{one}", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": f"SPDXRef-{other}"}
    for one, other in ("ab", "ba", "aa", ("a", "ghost"))
]

READ: list[tuple[str, str | bytes, int, list[str], list[str]]] = [
    ("circle.json", bill(dependencies=LINKS), 11, [],
     ["1 things that depend on themselves; no claim", "1 references to what the document does not describe"]),
    ("twice.json", bill(components=TWICE), 5, ["the bom-ref “a” stands at /components/0 already"], []),
    ("mark.json", codecs.BOM_UTF8 + bill().encode(), 8, [], []),
    ("control.json", bill().replace('"name": "a"', '"name": "a\\u0000"'), 7, ["a text holds a control character"], []),
    ("utf16.xml", XML.format(PART.format("ü")).encode("utf-16"), 2, [], []),
    ("comment.xml", "<!-- <!DOCTYPE x> -->" + XML.format(PART.format("a<!-- c -->b")), 2, [], []),
    ("circle.spdx.json", json.dumps({**SPDX, "relationships": RELATIONS}), 7, [],
     ["1 relationships of a thing with itself", "1 things that the document names and does not describe"]),
    ("twice.spdx", TAGS + "PackageName: b\nSPDXID: SPDXRef-a\n", 2, ["“SPDXRef-a” stands twice"], []),
    ("Packages", INDEX, 8, [], []),
    ("Packages.cut", INDEX[:-5], 7, ["the line is no field"], []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "claims", "faults", "notes"), READ, ids=[case[0] for case in READ])
def test_what_is_read_in_part_says_which_part_is_not(
    run: Run, name: str, text: str | bytes, claims: int, faults: list[str], notes: list[str]
) -> None:
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    result = run("-p", "p.duckdb", "--json", "add", name)
    assert result.code == 0, result.out
    report = result.json["files"][0]
    assert report["claims_new"] == claims
    for words, found in zip(faults, report["rejected"], strict=True):
        assert words in found["reason"]
    for words in notes:
        assert any(note.startswith(words) for note in report["notes"]), report["notes"]


def test_draft_is_read_if_it_is_named(run: Run) -> None:
    Path("draft.json").write_text(bill(specVersion="2.0").replace("bomFormat", "specFormat"), "utf-8")
    refused = run("-p", "p.duckdb", "--json", "add", "draft.json")
    assert refused.code == 2
    named = refused.json["error"]["hint"].split("--as ")[1].split(",")[0]
    result = run("-p", "p.duckdb", "--json", "add", "--as", named, "draft.json")
    assert result.code == 0
    assert result.json["files"][0]["format"] == named
    assert any("draft of CycloneDX 2.0" in note for note in result.json["files"][0]["notes"])


def test_many_elements_in_the_wrong_place_take_no_longer_than_they_are_long(run: Run) -> None:
    Path("wide.xml").write_text(XML.format("<thing>x</thing>" * 200_000), "utf-8")
    begun = process_time()
    result = run("-p", "p.duckdb", "--json", "add", "wide.xml")
    assert process_time() - begun < 5
    assert result.json["files"][0]["left_out"] == {"field thing: no predicate": 200_000}
