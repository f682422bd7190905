"""Read a bill of materials of 20,000 components, as CycloneDX in JSON and XML and as SPDX in JSON and as tags and values.

Each file is read in a process of its own: to the rows that the store takes (`read`), and by `isthmus add` as a whole, with the picture
made anew (`add`). Both must give the same number of claims in each run. Times are of the processor. cyclonedx-python-lib is measured
where it is installed: it builds objects from the same files and makes no claims.

    python -m benchmarks.bills
    python -m benchmarks.bills --components 100000
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from benchmarks.measure import Clock, alone, machine, report, scratch, table
from isthmus.service.adding import AddOptions, add_files
from isthmus.sources.adapter import Adapter, Job
from isthmus.sources.adapters import cyclonedx, spdx

TARGET = 3.0
SERIAL = "urn:uuid:6a1b8c1e-0000-4000-8000-0000000000b1"
LICENCES = ("MIT", "Apache-2.0", "BSD-3-Clause", "ISC")
NAMESPACE = "http://cyclonedx.org/schema/bom/1.6"
FILES = ("bom.json", "bom.xml", "bom.spdx.json", "bom.spdx")

Part = dict[str, Any]


def parts(size: int, seed: int = 3) -> Iterator[Part]:
    """Yield invented components as scanners describe them, each with two that it needs."""
    chance = random.Random(seed)
    for number in range(size):
        yield {
            "purl": f"pkg:npm/lib-{number}@1.{number}",
            "supplier": f"Vendor {number % 300} Inc",
            "url": f"https://vendor-{number % 300}.example",
            "group": f"org.group{number % 500}",
            "name": f"lib-{number}",
            "version": f"1.{number}",
            "description": f"A library for purpose {number}",
            "sha256": f"{number:064x}",
            "licence": LICENCES[number % len(LICENCES)],
            "vcs": f"https://git.example/{number}",
            "needs": sorted({chance.randrange(size), chance.randrange(size)} - {number}),
        }


def write_json(listed: list[Part], target: Path) -> None:
    body = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": SERIAL,
        "metadata": {
            "timestamp": "2026-01-02T03:04:05Z",
            "component": {"type": "application", "bom-ref": "app", "name": "app"},
        },
        "components": [
            {
                "type": "library",
                "bom-ref": part["purl"],
                "supplier": {"name": part["supplier"], "url": [part["url"]]},
                **{name: part[name] for name in ("group", "name", "version", "description", "purl")},
                "scope": "required",
                "hashes": [{"alg": "SHA-256", "content": part["sha256"]}],
                "licenses": [{"license": {"id": part["licence"]}}],
                "externalReferences": [{"type": "vcs", "url": part["vcs"]}],
                "properties": [{"name": "scanner:layer", "value": "1"}],
            }
            for part in listed
        ],
        "dependencies": [
            {"ref": part["purl"], "dependsOn": [listed[need]["purl"] for need in part["needs"]]} for part in listed
        ],
    }
    target.write_text(json.dumps(body, indent=2), "utf-8")


def write_xml(listed: list[Part], target: Path) -> None:
    with target.open("w", encoding="utf-8") as file:
        file.write(
            f'<?xml version="1.0" encoding="UTF-8"?>\n<bom xmlns="{NAMESPACE}" serialNumber="{SERIAL}" version="1">\n'
            "<metadata><timestamp>2026-01-02T03:04:05Z</timestamp>"
            '<component type="application" bom-ref="app"><name>app</name></component></metadata>\n<components>\n'
        )
        for part in listed:
            words = "".join(
                f"    <{name}>{part[name]}</{name}>\n" for name in ("group", "name", "version", "description")
            )
            file.write(
                f'  <component type="library" bom-ref={quoteattr(part["purl"])}>\n    <supplier>\n'
                f"      <name>{part['supplier']}</name>\n      <url>{part['url']}</url>\n    </supplier>\n{words}"
                "    <scope>required</scope>\n"
                f'    <hashes>\n      <hash alg="SHA-256">{part["sha256"]}</hash>\n    </hashes>\n'
                f"    <licenses>\n      <license>\n        <id>{part['licence']}</id>\n      </license>\n    </licenses>\n"
                f"    <purl>{part['purl']}</purl>\n    <externalReferences>\n"
                f'      <reference type="vcs">\n        <url>{part["vcs"]}</url>\n      </reference>\n'
                "    </externalReferences>\n    <properties>\n"
                '      <property name="scanner:layer">1</property>\n    </properties>\n  </component>\n'
            )
        file.write("</components>\n<dependencies>\n")
        for part in listed:
            needs = "".join(f'    <dependency ref="{listed[need]["purl"]}"/>\n' for need in part["needs"])
            file.write(f'  <dependency ref="{part["purl"]}">\n{needs}  </dependency>\n')
        file.write("</dependencies>\n</bom>\n")


def write_spdx(listed: list[Part], target: Path) -> None:
    packages = [
        {
            "SPDXID": f"SPDXRef-{part['name']}",
            "name": part["name"],
            "versionInfo": part["version"],
            "supplier": f"Organization: {part['supplier']}",
            "downloadLocation": part["vcs"],
            "description": part["description"],
            "licenseDeclared": part["licence"],
            "checksums": [{"algorithm": "SHA256", "checksumValue": part["sha256"]}],
            "externalRefs": [
                {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": part["purl"]}
            ],
        }
        for part in listed
    ]
    relations = [
        {"spdxElementId": one, "relationshipType": "DEPENDS_ON", "relatedSpdxElement": other}
        for one, other in _relations(listed)
    ]
    body = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": "app",
        "documentNamespace": "https://bills.example/app",
        "creationInfo": {"created": "2026-01-02T03:04:05Z", "creators": ["Tool: benchmark"]},
        "packages": packages,
        "relationships": relations,
    }
    target.write_text(json.dumps(body, indent=2), "utf-8")


def write_tags(listed: list[Part], target: Path) -> None:
    with target.open("w", encoding="utf-8") as file:
        file.write(
            "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: app\n"
            "DocumentNamespace: https://bills.example/app\nCreator: Tool: benchmark\nCreated: 2026-01-02T03:04:05Z\n"
        )
        for part in listed:
            file.write(
                f"\nPackageName: {part['name']}\nSPDXID: SPDXRef-{part['name']}\nPackageVersion: {part['version']}\n"
                f"PackageSupplier: Organization: {part['supplier']}\nPackageDownloadLocation: {part['vcs']}\n"
                f"PackageDescription: <text>{part['description']}</text>\nPackageLicenseDeclared: {part['licence']}\n"
                f"PackageChecksum: SHA256: {part['sha256']}\nExternalRef: PACKAGE-MANAGER purl {part['purl']}\n"
            )
        file.write("\n")
        file.writelines(f"Relationship: {one} DEPENDS_ON {other}\n" for one, other in _relations(listed))


def _relations(listed: list[Part]) -> Iterator[tuple[str, str]]:
    for part in listed:
        for need in part["needs"]:
            yield f"SPDXRef-{part['name']}", f"SPDXRef-{listed[need]['name']}"


WRITERS = dict(zip(FILES, (write_json, write_xml, write_spdx, write_tags), strict=True))


def read_alone(path: Path) -> None:
    """Read one file to rows, and report; the second run of two, as one of many files is read."""
    adapter: Adapter = spdx.ADAPTER if ".spdx" in path.name else cyclonedx.ADAPTER
    for _ in range(2):
        with tempfile.TemporaryDirectory() as folder:
            clock = Clock()
            reading = adapter.read(Job(path, Path(folder)))
            spent = clock.processor
    report(read_s=spent, rows=reading.rows, rejected=len(reading.rejected))


def add_alone(path: Path) -> None:
    """Add one file to a new picture, and report."""
    with scratch(path.parent) as folder:
        clock = Clock()
        done = add_files(folder / "p.duckdb", [path], AddOptions())["files"][0]
        report(add_s=clock.processor, claims=done["claims_new"])


def peer_alone(path: Path) -> None:
    """Build the objects of cyclonedx-python-lib from one file, and report."""
    bom = importlib.import_module("cyclonedx.model.bom").Bom
    clock = Clock()
    if path.suffix == ".json":
        made = bom.from_json(json.loads(path.read_text("utf-8")))
    else:
        with path.open("rb") as file:
            made = bom.from_xml(file)
    report(peer_s=clock.processor, components=len(made.components))


def measure(path: Path) -> dict[str, Any]:
    """Return the figures of one file."""
    read = alone("benchmarks.bills", "--read", str(path))
    added = alone("benchmarks.bills", "--add", str(path))
    again = alone("benchmarks.bills", "--add", str(path))
    assert added["claims"] == again["claims"], "two runs gave different claims"
    row = {
        "file": path.name,
        "MB": round(path.stat().st_size / 1e6, 1),
        "rows": read["rows"],
        "claims": added["claims"],
        "read s": read["read_s"],
        "add s": min(added["add_s"], again["add_s"]),
        "peak MB": max(read["peak_mb"], added["peak_mb"]),
    }
    if ".spdx" not in path.name and importlib.util.find_spec("cyclonedx") is not None:
        row["cyclonedx-python-lib s"] = alone("benchmarks.bills", "--peer", str(path))["peer_s"]
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--components", type=int, default=20_000)
    for name in ("read", "add", "peer"):
        parser.add_argument(f"--{name}", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    for path, work in ((given.read, read_alone), (given.add, add_alone), (given.peer, peer_alone)):
        if path is not None:
            work(path)
            return
    listed = list(parts(given.components))
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for file, write in WRITERS.items():
            write(listed, Path(name) / file)
            rows.append(measure(Path(name) / file))
    cyclonedx_claims = {row["claims"] for row in rows if ".spdx" not in row["file"]}
    assert len(cyclonedx_claims) == 1, "JSON and XML of one bill gave different claims"
    print(json.dumps({"benchmark": "bills", **machine(), "target_s": TARGET, "results": rows}))
    table(rows)


if __name__ == "__main__":
    main()
