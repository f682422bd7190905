"""Modules of npm: the tree of node_modules folders, each need resolved as Node resolves it (nearest folder first)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packageurl import PackageURL

from isthmus.sources.claim_rows import Said, pairs
from isthmus.sources.host.machine import NODE, Machine
from isthmus.sources.host.things import Things

LARGEST = 4 * 1024 * 1024
_NEEDS = {"dependencies": None, "peerDependencies": None, "optionalDependencies": "optional"}


@dataclass(frozen=True, slots=True)
class Module:
    """A module as its package.json says."""

    folder: Path
    purl: str
    name: str
    body: dict[str, Any]


def read_node(machine: Machine, tree: Path, things: Things) -> Iterator[Said]:
    """Yield the modules of a tree and what each needs."""
    modules = {module.folder: module for module in _modules(machine, tree)}
    machine.counted["npm modules"] = machine.counted.get("npm modules", 0) + len(modules)
    for module in modules.values():
        place = machine.place(module.folder / "package.json")
        own = f"purl:{module.purl}"
        yield from things.meet(own, "software", module.name, place, module.purl)
        yield Said(1, machine.id, "contains", place, object=own, qualifiers=pairs(strength="optional"))
        yield from _needs(machine, module, modules, tree, place)


def _needs(machine: Machine, module: Module, modules: dict[Path, Module], tree: Path, place: str) -> Iterator[Said]:
    meta, log = module.body.get("peerDependenciesMeta"), machine.log
    optional = module.body.get("optionalDependencies")
    for field, strength in _NEEDS.items():
        needs = module.body.get(field)
        for name, wanted in needs.items() if isinstance(needs, dict) else ():
            if field == "dependencies" and isinstance(optional, dict) and name in optional:
                continue
            peer = meta.get(name) if field == "peerDependencies" and isinstance(meta, dict) else None
            weak = "optional" if isinstance(peer, dict) and peer.get("optional") is True else strength
            met = _resolve(module.folder, name, modules, tree)
            if met is None and weak:
                log.leave("optional needs of npm modules, not installed here")
                continue
            if met is None:
                log.note("needs of npm modules that nothing there meets: kept, unresolved", f"{place} {name}")
            target = f"purl:{met.purl}" if met else f"purl:{_purl(name, None)}"
            if target == f"purl:{module.purl}":
                log.note("npm modules that need themselves: no claim", place)
                continue
            told = pairs(need=f"npm:{name}@{wanted}", strength=weak)
            yield Said(1, f"purl:{module.purl}", "uses", f"{place}#{field}", object=target, qualifiers=told)
    if module.body.get("devDependencies"):
        log.leave("needs of npm modules for their own development", len(module.body["devDependencies"]))


def _resolve(folder: Path, name: str, modules: dict[Path, Module], tree: Path) -> Module | None:
    """Return the module of that name in the nearest folder, going up to the tree's own."""
    here = folder
    while True:
        found = modules.get(here / NODE / name)
        if found is not None:
            return found
        if here == tree or here == here.parent:
            return modules.get(tree / name)
        here = here.parent


def _modules(machine: Machine, tree: Path) -> Iterator[Module]:
    waiting = [tree]
    seen: set[Path] = set()
    while waiting:
        folder = waiting.pop()
        if folder.resolve() in seen:
            continue
        seen.add(folder.resolve())
        for entry in _entries(folder):
            inner = _entries(entry) if entry.name.startswith("@") else [entry]
            for one in inner:
                if module := _module(machine, one):
                    yield module
                if (one / NODE).is_dir():
                    waiting.append(one / NODE)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    except OSError:
        return []


def _module(machine: Machine, folder: Path) -> Module | None:
    path = folder / "package.json"
    if not path.is_file():
        return None
    place = machine.place(path)
    try:
        body = json.loads(path.read_text("utf-8-sig")) if path.stat().st_size <= LARGEST else None
    except (OSError, ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        machine.log.refuse(1, place, "it is no JSON object that can be read")
        return None
    name, version = body.get("name"), body.get("version")
    if not isinstance(name, str) or not name or not isinstance(version, str):
        machine.log.leave("package.json files without a name or a version: no module")
        return None
    return Module(folder, _purl(name, version), name, body)


def _purl(name: str, version: str | None) -> str:
    scope, _, plain = name.rpartition("/")
    return PackageURL("npm", scope or None, plain, version).to_string()
