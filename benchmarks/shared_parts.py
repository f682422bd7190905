"""Invented bills of materials as CycloneDX: one large, whose suppliers are companies of a register, and many small ones that share parts.

Nothing in them is true. A part needs others that come after it, near ones mostly, and now and then one of the few that everybody uses.
Of the suppliers, few supply much. Half of them carry the id that a register knows them by, as our own export writes it; the other half
are named, and nothing else is said of them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

SEED = 20261125
NEEDS = 4
"""So many others a part needs on average."""
OWN = "isthmus:supplier"


@dataclass(frozen=True)
class Supplier:
    """A supplier as a bill names it.

    Attributes
    ----------
    name : str
    entity : str
        Who it is in the register.
    given : bool
        Whether the bill carries that id.
    """

    name: str
    entity: str
    given: bool


@dataclass(frozen=True)
class Bill:
    """A bill as numbers: what each part needs, and who supplies it.

    Attributes
    ----------
    needs : list of list of int
        The parts that each part needs.
    supplier : list of int
        Which of `suppliers` supplies each part.
    """

    needs: list[list[int]]
    supplier: list[int]
    suppliers: Sequence[Supplier]


def purl(part: int) -> str:
    """Return the package URL of a part."""
    return f"pkg:npm/part-{part}@{1 + part % 9}.{part % 7}.0"


def needs_of(parts: int, seed: int = SEED) -> list[list[int]]:
    """Return what each part needs: later parts, near ones mostly, and now and then one of the few that everybody uses."""
    chance = np.random.default_rng(seed)
    count = np.minimum(chance.poisson(NEEDS, parts), np.arange(parts - 1, -1, -1))
    near = chance.geometric(0.02, int(count.sum()))
    usual = parts - chance.zipf(1.6, int(count.sum()))
    often = chance.random(int(count.sum())) < 0.3
    found, at = [], 0
    for part, many in enumerate(count.tolist()):
        span = slice(at, at + many)
        ends = np.where(often[span], usual[span], part + near[span])
        found.append(sorted({int(end) for end in ends if part < end < parts}))
        at += many
    return found


def bill_of(parts: int, suppliers: Sequence[Supplier], seed: int = SEED) -> Bill:
    """Return a bill of so many parts; every supplier supplies at least one of them where there are enough."""
    chance = np.random.default_rng(seed + 1)
    chosen = np.minimum(chance.zipf(1.3, parts) - 1, len(suppliers) - 1)
    chosen[: min(parts, len(suppliers))] = np.arange(min(parts, len(suppliers)))
    return Bill(needs_of(parts, seed), chance.permutation(chosen).tolist(), suppliers)


def write_bill(made: Bill, target: Path) -> None:
    """Write a bill with versions, licences, hashes and suppliers, as a build tool with a list of suppliers does."""
    components = []
    for part, number in enumerate(made.supplier):
        supplier = made.suppliers[number]
        body = {
            **_component(part),
            "supplier": {"name": supplier.name},
            "hashes": [{"alg": "SHA-256", "content": f"{part:064x}"}],
            "licenses": [{"license": {"id": "Apache-2.0" if part % 3 else "MIT"}}],
        }
        if supplier.given:
            body["properties"] = [{"name": OWN, "value": supplier.entity}]
        components.append(body)
    _write(target, 1, components, dict(enumerate(made.needs)))


def write_many(folder: Path, count: int, each: int, parts: int, seed: int = SEED) -> list[set[int]]:
    """Write so many bills of `each` out of `parts` parts, the last of which are in most bills; return the parts of each."""
    folder.mkdir(parents=True, exist_ok=True)
    chance, needs = np.random.default_rng(seed + 2), needs_of(parts, seed)
    weights = -np.log(np.arange(parts, 0, -1))  # Zipf's law, drawn without putting back
    found = []
    for number in range(count):
        mine = set(np.argsort(weights + chance.gumbel(size=parts))[-each:].tolist())
        found.append(mine)
        target = folder / f"bill-{number:04d}.cdx.json"
        if not target.exists():
            _write(target, number, list(map(_component, sorted(mine))), {part: needs[part] for part in sorted(mine)})
    return found


def _component(part: int) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": purl(part),
        "name": f"part-{part}",
        "version": purl(part).rsplit("@", 1)[1],
        "purl": purl(part),
    }


def _write(target: Path, number: int, components: Sequence[dict[str, Any]], needs: dict[int, list[int]]) -> None:
    """Write a document about a product with some parts and all needs among these; its lists are said to be complete."""
    inside = {body["bom-ref"] for body in components}
    used = {purl(end) for ends in needs.values() for end in ends}
    product = f"pkg:generic/product-{number}@1.0.0"
    # What no other part needs, the product needs itself.
    edges = [{"ref": product, "dependsOn": sorted(inside - used)}]
    edges += [
        {"ref": purl(part), "dependsOn": [purl(end) for end in ends if purl(end) in inside]}
        for part, ends in needs.items()
    ]
    about = {
        "type": "application",
        "bom-ref": product,
        "name": f"product {number}",
        "version": "1.0.0",
        "purl": product,
    }
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{UUID(int=(SEED << 64) + number)}",
        "version": 1,
        "metadata": {"timestamp": "2026-05-01T00:00:00Z", "component": about},
        "components": list(components),
        "dependencies": edges,
        "compositions": [{"aggregate": "complete", "dependencies": [product, *sorted(inside)]}],
    }
    target.write_text(json.dumps(document), encoding="utf-8")
