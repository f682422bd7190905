"""Every public example of SPDX is read with its own counts of packages, relationships and statements of completeness."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from isthmus.sources.adapters.spdx import ADAPTER, FILES
from tests.sources.readings import Row, assert_in_vocabulary, read

# Which types say a need or a part, written down here a second time: (the subject is the first end, the predicate).
USES = {
    "DEPENDS_ON": True, "DEPENDENCY_OF": False, "RUNTIME_DEPENDENCY_OF": False, "BUILD_DEPENDENCY_OF": False,
    "TEST_DEPENDENCY_OF": False, "DYNAMIC_LINK": True, "STATIC_LINK": True, "BUILD_TOOL_OF": False,
    "GENERATED_FROM": True, "GENERATES": False,
    "dependsOn": True, "hasDynamicLink": True, "hasStaticLink": True, "usesTool": True, "generates": False,
    "hasDataFile": True, "trainedOn": True, "testedOn": True,
}  # fmt: skip
CONTAINS = {"CONTAINS": True, "CONTAINED_BY": False, "contains": True}
Counts = Counter[str]


def own_counts(path: Path, *, files: bool) -> Counts:
    """Count what a document holds, by its text or its JSON alone."""
    text = path.read_text("utf-8")
    if not text.lstrip().startswith("{"):
        return _tag_counts(text, files=files)
    body = json.loads(text)
    return _graph_counts(body["@graph"], files=files) if "@graph" in body else _object_counts(body, files=files)


def _claims(found: Counts, relations: list[tuple[str, str, str]], barred: set[str]) -> None:
    uses, contains = set(), set()
    for one, type_, other in relations:
        if {one, other} & barred or one == other or other in ("NONE", "NOASSERTION"):
            continue
        if type_ in USES:
            uses.add((one, type_, other))
        elif type_ in CONTAINS:
            contains.add((one, other) if CONTAINS[type_] else (other, one))
    found["uses"], found["contains"] = len(uses), len(contains)


def _tag_counts(text: str, *, files: bool) -> Counts:
    relations = re.findall(r"^Relationship:\s*(\S+)\s+(\S+)\s+(\S+)\s*$", text, re.MULTILINE)
    paths = set(re.findall(r"^FileName:.*\nSPDXID:\s*(\S+)", text, re.MULTILINE))
    found = Counter(
        packages=len(re.findall(r"^PackageName:", text, re.MULTILINE)),
        files=len(re.findall(r"^FileName:", text, re.MULTILINE)),
        relations=len(relations),
        completeness=len({(one, type_) for one, type_, other in relations if other in ("NONE", "NOASSERTION")}),
    )
    _claims(found, relations, set() if files else paths)
    return found


def _object_counts(body: dict[str, Any], *, files: bool) -> Counts:
    relations = [
        (item["spdxElementId"], item["relationshipType"], item["relatedSpdxElement"])
        for item in body.get("relationships", [])
    ]
    found = Counter(
        packages=len(body.get("packages", [])), files=len(body.get("files", [])), relations=len(relations),
        completeness=len({(one, type_) for one, type_, other in relations if other in ("NONE", "NOASSERTION")}),
    )  # fmt: skip
    parts = [
        (item["SPDXID"], "CONTAINS", file) for item in body.get("packages", []) for file in item.get("hasFiles", [])
    ]
    _claims(found, relations + parts, set() if files else {item["SPDXID"] for item in body.get("files", [])})
    return found


def _graph_counts(graph: list[dict[str, Any]], *, files: bool) -> Counts:
    types = {item["spdxId"]: item["type"] for item in graph if "spdxId" in item}
    related = [item for item in graph if item["type"].endswith("Relationship")]
    barred = {own for own, type_ in types.items() if not type_.endswith(("Package", "Tool"))}
    if files:
        barred -= {own for own, type_ in types.items() if type_ == "software_File"}
    ends = [(item["from"], item["relationshipType"], to) for item in related for to in item["to"]]
    lists = {
        (item["from"], "uses" if item["relationshipType"] in USES else "contains")
        for item in related
        if "completeness" in item and item["from"] not in barred and {**USES, **CONTAINS}.get(item["relationshipType"])
    }
    found = Counter(
        packages=sum(type_.endswith("Package") for type_ in types.values()),
        files=sum(type_ == "software_File" for type_ in types.values()),
        relations=len(related),
        completeness=len(lists),
    )
    _claims(found, ends, barred)
    return found


def read_counts(reading: Any, rows: list[Row]) -> Counts:
    """Return the counts of a reading, from its note and its claims."""
    note = re.match(r"SPDX \S+: (\d+) packages, (\d+) files; (\d+) relationships", reading.notes[0])
    assert note is not None
    told = Counter(row["predicate"] for row in rows)
    return Counter(
        packages=int(note[1]), files=int(note[2]), relations=int(note[3]), completeness=told["completeness"],
        uses=told["uses"], contains=told["contains"],
    )  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("adapter", [ADAPTER, FILES], ids=["packages", "with files"])
def test_every_public_example_is_read_with_its_own_counts(adapter: Any, shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "open" / "sbom-spdx-examples"
    names = ("packages", "files", "relations", "uses", "contains", "completeness")
    lines = [f"{'file':72} {' '.join(f'{name:>12}' for name in names)} left-out"]
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in (".json", ".spdx")]
    for number, path in enumerate(paths):
        reading, rows = read(adapter, path, tmp_path / str(number))
        found, expected = read_counts(reading, rows), own_counts(path, files=adapter is FILES)
        left = sum(count for reason, count in reading.left_out.items() if reason.startswith("relationships"))
        name = str(path.relative_to(folder))
        lines.append(f"{name:72} {' '.join(f'{found[key]:12}' for key in names)} {left:8}")
        assert {key: found[key] for key in names} == {key: expected[key] for key in names}, name
        assert not reading.rejected, name
        assert_in_vocabulary(rows)
    sys.stdout.write("\n".join([*lines, ""]))  # shown with -rP
    assert len(paths) == 47
