"""CycloneDX out of the store: valid, complete in what it leaves out, and read back as the same claims."""

from __future__ import annotations

import csv
import json
import re
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as arrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.claims.exports.cyclonedx import write_cyclonedx
from isthmus.claims.exports.writing import Written
from isthmus.model import CLAIM_COLUMNS
from isthmus.service.adding import add_files
from isthmus.service.lending import export
from isthmus.sources.cyclonedx.codes import load_codes
from tests.sources.bods.readings import columns
from tests.sources.cyclonedx.readings import DATA, bill, library, lines, read_bill, read_file
from tests.sources.readings import Row

CODES = load_codes()
NAMES = (*CLAIM_COLUMNS, "id", "recorded_at")


def write(rows: Iterable[Row], target: Path) -> Written:
    """Write rows as the store would give them out."""
    rows = list(rows)
    cells: dict[str, list[str | None]] = {name: [row.get(name) or None for row in rows] for name in CLAIM_COLUMNS}
    cells["id"] = [str(uuid.UUID(int=number + 1)) for number in range(len(rows))]
    cells["recorded_at"] = ["2026-01-01 00:00:00"] * len(rows)
    table = arrow.table({name: arrow.array(cells[name], arrow.string()) for name in NAMES})
    with duckdb.connect() as engine:
        engine.register("kept", table)
        return write_cyclonedx(engine, "SELECT * FROM kept", target)


def said(rows: Iterable[Row]) -> set[tuple[str, ...]]:
    return {columns(row) for row in rows}


def there_and_back(path: Path, folder: Path) -> tuple[list[Row], list[Row], Written]:
    _, rows = read_file(path, folder / "first")
    written = write(rows, folder / "out.json")
    reading, back = read_file(folder / "out.json", folder / "second")
    assert reading.rejected == ()
    return rows, back, written


def faults(body: dict[str, Any]) -> list[str]:
    """Return what in a document breaks CycloneDX 1.6, as far as we write it."""
    found, refs = [], []
    if (body["bomFormat"], body["specVersion"]) != ("CycloneDX", "1.6") or not re.fullmatch(
        r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", body["serialNumber"]
    ):
        found.append("the head")
    for sort, part in _parts(body):
        if "bom-ref" in part:
            refs.append(part["bom-ref"])
        if not part.get("name") or (sort == "components" and part.get("type") not in CODES.types):
            found.append(f"name or type of {part}")
        if part.get("scope", "required") not in ("required", "optional", "excluded"):
            found.append(f"scope of {part}")
        for one in part.get("hashes", []):
            if CODES.hashes[one["alg"]][1] != len(one["content"]):
                found.append(f"hash of {part}")
        for one in part.get("properties", []):
            if set(one) != {"name", "value"} or not all(isinstance(text, str) for text in one.values()):
                found.append(f"properties of {part}")
        for one in part.get("data", []):
            if set(one) != {"flow", "classification"} or one["flow"] not in CODES.flows:
                found.append(f"data of {part}")
        for one in part.get("evidence", {}).get("identity", []):
            if not 0 <= one["confidence"] <= 1:
                found.append(f"evidence of {part}")
        allowed = CODES.fields["component" if sort == "components" else "service"]
        found += [f"field {key}" for key in part if key not in allowed]
    found += [f"bom-ref {ref} stands twice" for ref, often in Counter(refs).items() if often > 1]
    heads = [one["ref"] for one in body.get("dependencies", [])]
    found += [f"dependency {ref} stands twice" for ref, often in Counter(heads).items() if often > 1]
    for one in body.get("dependencies", []):
        for key in ("dependsOn", "provides"):
            found += (
                [f"{key} of {one['ref']} has doubles"] if len(set(one.get(key, []))) < len(one.get(key, [])) else []
            )
    found += [f"aggregate {one}" for one in body.get("compositions", []) if one["aggregate"] not in CODES.aggregates]
    return found


def _parts(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    root = body["metadata"].get("component")
    stack = [("components", root)] if root else []
    stack += [(name, part) for name in ("components", "services") for part in body.get(name, [])]
    while stack:
        sort, part = stack.pop()
        yield sort, part
        stack += [(name, inner) for name in ("components", "services") for inner in part.get(name, [])]


def claim(subject: str, predicate: str, object_: str = "", **more: str) -> Row:
    body = {"subject": subject, "predicate": predicate, "object": object_, "source": "s", "locator": "p. 1", **more}
    return {name: value for name, value in body.items() if value}


def named(entity: str, kind: str = "software", reading: str = "library") -> list[Row]:
    return [
        claim(entity, "kind", value=kind, qualifiers=f"reading={reading}" if reading else ""),
        claim(entity, "name", value=entity.upper()),
    ]


def test_what_was_read_goes_out_and_comes_back(tmp_path: Path) -> None:
    rows, back, written = there_and_back(DATA / "harbour.json", tmp_path)
    lost = {row["predicate"] for row in rows if columns(row) not in said(back)}
    new = [row for row in back if columns(row) not in said(rows)]
    # CycloneDX wants a confidence with each technique, and has a country in the address of a maker only.
    assert lost == {"identifier", "located_in", "address"}
    assert [row["hedge"] for row in new] == ["identity confidence 0.8"]
    assert written.left_out == {
        "address: of a maker, CycloneDX has the name and the pages in the web": 1,
        "located_in: CycloneDX has no place for it": 1,
    }
    assert written.remarks == {"the technique behind a confidence is lost": 1}
    assert written.claims + sum(written.left_out.values()) == len(rows)
    body = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert faults(body) == []
    # What is excluded and what is only an ancestor are no parts: the document is of more than one thing.
    assert [part["name"] for part in body["components"]] == ["quay", "shore-lint", "tide-tables-lite", "ebb-tables"]
    assert body["metadata"]["timestamp"] == "2024-05-01T00:00:00Z"
    protocol = next(part for _, part in _parts(body) if part["name"] == "TLSv1.3")
    assert protocol["cryptoProperties"]["protocolProperties"]["cipherSuites"] == [
        {"name": "SUITE_A", "algorithms": ["rsa"]},
        {"name": "SUITE_B", "algorithms": ["isthmus:cdx:6a1b8c1e-0000-4000-8000-000000000001#absent-algorithm", "rsa"]},
    ]


def test_one_thing_with_its_parts_is_what_the_bill_is_of(tmp_path: Path) -> None:
    body = bill(library("a", components=[library("b")]), services=[{"bom-ref": "s", "name": "s"}])
    _, rows = read_bill(tmp_path, body)
    write(rows, tmp_path / "out.json")
    body = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert body["metadata"]["component"]["name"] == "app"
    assert [[part["name"] for part in body[name]] for name in ("components", "services")] == [["a"], ["s"]]
    assert said(read_file(tmp_path / "out.json", tmp_path / "work")[1]) == said(rows)


@pytest.mark.shared
def test_every_public_example_goes_out_and_comes_back(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "open" / "sbom-cyclonedx-examples"
    for number, path in enumerate(sorted(folder.rglob("*.json"))):
        (tmp_path / str(number)).mkdir()
        rows, back, written = there_and_back(path, tmp_path / str(number))
        assert said(back) <= said(rows), path
        assert len(said(rows) - said(back)) <= sum(written.left_out.values()) <= 3, path
        assert written.claims + sum(written.left_out.values()) == len(rows), path
        assert faults(json.loads((tmp_path / str(number) / "out.json").read_text("utf-8"))) == [], path


def test_several_bills_in_one_picture_go_out_and_come_back(tmp_path: Path) -> None:
    """A part of two products is described once and named within the other."""
    shared_part = library("shared", purl="pkg:npm/shared@1", version="1")
    rows: list[Row] = []
    for number, name in enumerate("ab"):
        metadata = {"component": {"type": "application", "bom-ref": name, "name": name}}
        body = bill(shared_part, library(f"own-{name}"), metadata=metadata)
        body["serialNumber"] = f"urn:uuid:6a1b8c1e-0000-4000-8000-00000000010{number}"
        body["dependencies"] = [{"ref": name, "dependsOn": ["shared"]}]
        rows += read_bill(tmp_path, body, f"{name}.json")[1]
    written = write(rows, tmp_path / "out.json")
    reading, back = read_file(tmp_path / "out.json", tmp_path / "work")
    assert (reading.rejected, written.left_out, written.remarks) == ((), {}, {})
    assert said(back) == said(rows)
    body = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert faults(body) == []
    assert "component" not in body["metadata"]
    assert [part["name"] for part in body["components"]] == ["a", "b"]


def test_pictures_made_from_a_file_and_from_its_export_hold_the_same_claims(tmp_path: Path) -> None:
    claims, path = [], tmp_path / "bill.json"
    path.write_text(json.dumps(bill(library("a", version="1", supplier={"name": "Tide Inc"}))), "utf-8")
    for name in ("first", "second"):
        picture = tmp_path / f"{name}.duckdb"
        report = add_files(picture, [path])["files"][0]
        assert (report["format"], report["rejected"]) == ("cyclonedx", [])
        export(picture, "csv", tmp_path / f"{name}.csv")
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            claims.append(said(csv.DictReader(file)))
        path = tmp_path / f"{name}.json"
        done = export(picture, "cyclonedx", path)
        assert (done["claims"], done["left_out"]) == (len(claims[-1]), {})
    assert claims[0] == claims[1]
    assert len(claims[0]) == 9


OTHERS = [
    *named("app", reading="application"),
    *named("part"),
    *named("board", "product", "device"),
    *named("cable", "network", ""),
    *named("5g", "technology", ""),
    claim("nameless", "kind", value="software", qualifiers="reading=library"),
    claim("firm", "kind", value="company"),
    claim("firm", "name", value="Firm A"),
    claim("firm", "name", value="Firma", qualifiers="type=alias"),
    claim("idle", "kind", value="company"),
    claim("idle", "name", value="Idle Inc"),
    claim("part", "kind", value="document"),
    claim("part", "name", value="Partlet", qualifiers="type=alias"),
    claim("part", "name", value="Another"),
    claim("part", "identifier", value="12", qualifiers="scheme=rfc"),
    claim("part", "described_as", value="the best", qualifiers="aspect=market_position"),
    claim("part", "located_in", "iso:NO"),
    claim("app", "contains", "part"),
    claim("app", "contains", "nameless", qualifiers="strength=build"),
    claim("app", "contains", "firm"),
    claim("app", "uses", "part", qualifiers="need=parsing"),
    claim("app", "uses", "cable", qualifiers="strength=recommended"),
    claim("app", "uses", "board", low="0.4", high="0.4", unit="share"),
    claim("app", "uses", "firm"),
    claim("app", "uses", "part", hedge="reportedly", valid_from="2020"),
    claim("app", "uses", "unknown-thing"),
    claim("firm", "supplies", "app", qualifiers="item=@part"),
    claim("firm", "supplies", "app"),
    claim("idle", "operates", "cable", qualifiers="role=operator"),
    claim("firm", "builds", "board"),
    claim("firm", "builds", "part"),
    claim("firm", "owns", "idle"),
    claim("part", "variant_of", "nameless", qualifiers="relation=brand"),
    claim("app", "completeness", value="incomplete", qualifiers="scope=components"),
    claim("app", "completeness", value="complete"),
    claim("app", "contains", "cable", mode="planned"),
    claim("app", "uses", "board", stance="denies"),
]


def test_claims_of_other_sources_are_written_or_counted(tmp_path: Path) -> None:
    written = write(OTHERS, tmp_path / "out.json")
    assert written.left_out == {
        "completeness: CycloneDX says it of components and dependencies only": 1,
        "contains: CycloneDX has no place for its strength, its number or its alternatives": 1,
        "contains: CycloneDX nests components in components and services in services only": 1,
        "described_as: CycloneDX has no field for these words": 1,
        "identifier: CycloneDX has no field for the scheme rfc": 1,
        "builds: CycloneDX has makers of components, and says of its type whether they build or develop it": 1,
        "kind: CycloneDX has one type for a thing, and document is another": 1,
        "kind: technology is neither a component nor a service": 1,
        "kind: of a maker, CycloneDX has the name and the pages in the web": 1,
        "kind: of a maker of nothing that is written": 1,
        "located_in: CycloneDX has no place for it": 1,
        "mode planned: CycloneDX would read it as a fact": 1,
        "name: CycloneDX has one name for a thing": 2,
        "name: of a maker of nothing that is written": 1,
        "name: of a maker, CycloneDX has the name and the pages in the web": 1,
        "name: of a thing that is neither a component nor a service": 1,
        "operates: CycloneDX has no field for the role operator": 1,
        "owns: CycloneDX has no place for it": 1,
        "stance denies: CycloneDX would read it as a fact": 1,
        "supplies: it names no component or service that is supplied": 1,
        "uses: CycloneDX has no place for a share": 1,
        "uses: CycloneDX has no place for alternatives": 1,
        "uses: CycloneDX has no scope for the strength recommended": 1,
        "uses: an end of it is neither a component nor a service": 1,
    }
    assert written.remarks == {
        "completeness: an aggregate stands for it": 1,
        "kind: a type of component stands for it": 1,
        "the doubt of the source is lost": 1,
        "uses: its dates are lost": 1,
        "variant_of: the relation brand is lost": 1,
    }
    assert written.claims + sum(written.left_out.values()) == len(OTHERS)
    assert faults(json.loads((tmp_path / "out.json").read_text("utf-8"))) == []
    _, back = read_file(tmp_path / "out.json", tmp_path / "work")
    told = lines(back)
    assert [line for line in told if "uses" in line] == ["app uses part", "app uses unknown-thing"]
    assert "firm supplies app (item=@part)" in told
    assert "firm builds board" in told
    assert "cable kind network (reading=platform)" in told
    assert not [line for line in told if line.startswith("nameless name")]


def test_what_one_requires_and_another_does_not_is_never_said_of_both(tmp_path: Path) -> None:
    rows = [row for entity in ("app", "other", "part") for row in named(entity)]
    rows += [claim("app", "uses", "part"), claim("other", "uses", "part", qualifiers="strength=optional")]
    written = write(rows, tmp_path / "out.json")
    _, back = read_file(tmp_path / "out.json", tmp_path / "work")
    assert [line for line in lines(back) if "uses" in line] == ["app uses part"]
    assert written.left_out == {"uses: what it needs is required by one thing and optional for another": 1}


def test_circle_of_parts_is_cut_and_counted(tmp_path: Path) -> None:
    rows = [row for entity in "abc" for row in named(entity)]
    rows += [claim(one, "contains", other) for one, other in ("ab", "bc", "ca", "aa")]
    written = write(rows, tmp_path / "out.json")
    _, back = read_file(tmp_path / "out.json", tmp_path / "work")
    assert [line for line in lines(back) if "contains" in line] == ["a contains b", "b contains c"]
    assert written.left_out == {"contains: a circle of parts cannot be nested": 2}


def test_long_chain_of_parts_is_cut_and_counted(tmp_path: Path) -> None:
    rows = [row for number in range(200) for row in named(f"p{number:03}")]
    rows += [claim(f"p{number:03}", "contains", f"p{number + 1:03}") for number in range(199)]
    written = write(rows, tmp_path / "out.json")
    reading, back = read_file(tmp_path / "out.json", tmp_path / "work")
    assert written.left_out == {"contains: parts nested more than 60 deep": 3}
    assert (reading.rejected, sum("contains" in line for line in lines(back))) == ((), 196)


def test_same_claims_in_another_order_are_the_same_file(tmp_path: Path) -> None:
    _, rows = read_file(DATA / "harbour.json", tmp_path / "work")
    write(rows, tmp_path / "one.json")
    write(reversed(rows), tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


_ENTITY = st.sampled_from(["a", "b", "c", "d", "purl:pkg:npm/e@1", "cdx:x#y z".replace(" ", "%20"), "ghost"])
_STRENGTH = st.sampled_from(["", "", "strength=required", "strength=optional", "strength=build", "need=x"])
_RELATION = st.builds(
    lambda predicate, one, other, pairs: claim(one, predicate, other, qualifiers=pairs),
    st.sampled_from(["uses", "contains"]), _ENTITY, _ENTITY, _STRENGTH,
)  # fmt: skip
_VARIANT = st.builds(
    lambda one, other, pairs: claim(one, "variant_of", other, qualifiers=pairs),
    _ENTITY, _ENTITY, st.sampled_from(["", "relation=fork"]),
)  # fmt: skip
_MAKING = st.builds(
    lambda predicate, thing: claim("firm", predicate, thing, qualifiers="role=distributor" if predicate == "operates" else ""),
    st.sampled_from(["develops", "builds", "operates"]), _ENTITY,
)  # fmt: skip
_SUPPLY = st.builds(lambda one, other: claim("firm", "supplies", one, qualifiers=f"item=@{other}"), _ENTITY, _ENTITY)
_LIST = st.builds(
    lambda one, value, scope: claim(one, "completeness", value=value, qualifiers=f"reading={value}; scope={scope}"),
    _ENTITY, st.sampled_from(["complete", "incomplete", "unknown"]), st.sampled_from(["components", "dependencies"]),
)  # fmt: skip
_TYPES = st.lists(
    st.sampled_from([("software", "library"), ("component", "device"), ("platform", "service")]), min_size=6, max_size=6
)


@settings(max_examples=50)
@given(_TYPES, st.lists(_RELATION | _VARIANT | _MAKING | _SUPPLY | _LIST, max_size=14))
def test_nothing_is_written_that_was_not_said(types: list[tuple[str, str]], relations: list[Row]) -> None:
    things = ["a", "b", "c", "d", "purl:pkg:npm/e@1", "cdx:x#y%20z"]
    rows = [row for entity, (kind, type_) in zip(things, types, strict=True) for row in named(entity, kind, type_)]
    rows += [claim("firm", "kind", value="organization"), claim("firm", "name", value="Firm A")]
    rows += list({columns(row): row for row in relations}.values())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written = write(rows, folder / "out.json")
        reading, back = read_file(folder / "out.json", folder / "work")
        body = json.loads((folder / "out.json").read_text("utf-8"))
    assert reading.rejected == ()
    assert faults(body) == []
    assert written.claims + sum(written.left_out.values()) == len(rows)
    exact = not written.remarks
    if exact:
        assert said(back) <= said(rows)
        assert len(said(back)) == written.claims
    loose = {tuple(line.split(" (")[0].split()[:3]) for line in lines(rows)}
    assert {tuple(line.split(" (")[0].split()[:3]) for line in lines(back)} <= loose
